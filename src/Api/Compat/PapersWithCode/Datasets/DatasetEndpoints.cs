using Leaderboard.Api.Accounts;
using Leaderboard.Api.Compat.PapersWithCode.Evaluations;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Datasets;

internal static class DatasetEndpoints
{
    public static void MapDatasets(this IEndpointRouteBuilder api)
    {
        var datasets = api.MapGroup("/datasets").WithTags("Datasets");
        datasets.MapGetAndHead("/", ListDatasets).WithName("DatasetsList");
        datasets.MapGetAndHead("/{dataset_id}/", GetDataset).WithName("DatasetsRead");
        datasets.MapGetAndHead("/{dataset_id}/evaluations/", ListTablesOfDataset).WithName("DatasetsEvaluationsList");
        datasets.MapPost("/", AddDataset).WithName("DatasetsCreate").RequireAuthorization(Scopes.SubmitOrAdmin)
            .Accepts<DatasetCreate>("application/json");
        datasets.MapPatch("/{dataset_id}/", UpdateDataset).WithName("DatasetsPartialUpdate")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Accepts<DatasetUpdate>("application/json")
            .Refuses(Problems.OwnerRequired);
        datasets.MapDelete("/{dataset_id}/", DeleteDataset).WithName("DatasetsDelete")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Refuses(Problems.OwnerRequired, OwnObjects.InUse);
    }

    /// <summary>Lists datasets.</summary>
    /// <param name="q">Part of the name or the full name.</param>
    /// <param name="name">Part of the name.</param>
    /// <param name="fullName">Part of the full name.</param>
    /// <param name="ordering">A field to order by, with <c>-</c> before it the other way round: id, name, full_name.</param>
    internal static async Task<Ok<NumberedPage<Dataset>>> ListDatasets(
        string? q,
        string? name,
        [FromQuery(Name = "full_name")] string? fullName,
        string? ordering,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListDatasetsAsync(q, name, fullName, ordering, page, cancellationToken));

    /// <summary>Shows a dataset.</summary>
    /// <param name="datasetId">Id of the dataset.</param>
    internal static async Task<Ok<Dataset>> GetDataset(
        [FromRoute(Name = "dataset_id")] string datasetId, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetDatasetAsync(datasetId, cancellationToken));

    /// <summary>Lists the evaluation tables on a dataset.</summary>
    /// <param name="datasetId">Id of the dataset.</param>
    internal static async Task<Ok<NumberedPage<EvaluationTable>>> ListTablesOfDataset(
        [FromRoute(Name = "dataset_id")] string datasetId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.GetDatasetAsync(datasetId, cancellationToken);
        return TypedResults.Ok(await db.ListTablesAsync(taskId: null, datasetId, page, cancellationToken));
    }

    /// <summary>Adds a dataset.</summary>
    internal static async Task<Created<Dataset>> AddDataset(
        HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: false, cancellationToken);
        var dataset = await db.AddDatasetAsync(fields, Caller.UserIdOf(http.User), cancellationToken);
        return TypedResults.Created($"{PapersWithCodeApi.Root}/datasets/{Uri.EscapeDataString(dataset.Id)}/", dataset);
    }

    /// <summary>Changes a dataset that one has added oneself.</summary>
    /// <param name="datasetId">Id of the dataset.</param>
    internal static async Task<Ok<Dataset>> UpdateDataset(
        [FromRoute(Name = "dataset_id")] string datasetId, HttpContext http, NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: true, cancellationToken);
        return TypedResults.Ok(await db.UpdateDatasetAsync(datasetId, fields, Caller.Of(http.User), cancellationToken));
    }

    /// <summary>Deletes a dataset that one has added oneself, as long as nothing refers to it.</summary>
    /// <param name="datasetId">Id of the dataset.</param>
    internal static async Task<NoContent> DeleteDataset(
        [FromRoute(Name = "dataset_id")] string datasetId, HttpContext http, NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.DeleteDatasetAsync(datasetId, Caller.Of(http.User), cancellationToken);
        return TypedResults.NoContent();
    }
}
