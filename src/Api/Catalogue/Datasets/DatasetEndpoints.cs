using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Datasets;

internal static class DatasetEndpoints
{
    public static void MapDatasets(this IEndpointRouteBuilder api)
    {
        var datasets = api.MapGroup("/datasets").WithTags("Datasets");
        datasets.MapGetAndHead("/", ListDatasets).WithName("ListDatasets")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);
        datasets.MapGetAndHead("/{id}", GetDataset).WithName("GetDataset").Refuses(Problems.DatasetUnknown);
    }

    /// <summary>Lists datasets by name.</summary>
    /// <param name="q">Only those with this in their name, full name or variants, in whatever case; 1 to 200 characters.</param>
    /// <param name="task">Only those on which this task is done, by id.</param>
    /// <param name="modality">Only those of this modality, for example <c>Images</c>.</param>
    /// <param name="language">Only those in this language, for example <c>English</c>.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<DatasetSummary>>> ListDatasets(
        HttpContext http,
        NpgsqlDataSource db,
        string? q,
        string? task,
        string? modality,
        string? language,
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.CheckFilters(("q", q), ("task", task), ("modality", modality), ("language", language));
        errors.ThrowIfAny();
        var page = await db.ListDatasetsAsync(
            new DatasetFilter(q, task, modality, language), Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows a dataset with all that belongs to it.</summary>
    /// <param name="id">Id of the dataset.</param>
    internal static async Task<Ok<DatasetPage>> GetDataset(
        string id, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var dataset = await db.FindDatasetAsync(id, cancellationToken)
            ?? throw Problems.DatasetUnknown.Because($"There is no dataset '{id}'.");
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(dataset);
    }
}
