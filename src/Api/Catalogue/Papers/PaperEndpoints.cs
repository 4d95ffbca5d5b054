using System.ComponentModel.DataAnnotations;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Papers;

internal static class PaperEndpoints
{
    public static void MapPapers(this IEndpointRouteBuilder api)
    {
        var papers = api.MapGroup("/papers").WithTags("Papers");
        papers.MapGetAndHead("/", ListPapers).WithName("ListPapers")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);
        papers.MapGetAndHead("/{id}", GetPaper).WithName("GetPaper").Refuses(Problems.PaperUnknown);
        papers.MapGetAndHead("/{id}/related", ListRelatedPapers).WithName("ListRelatedPapers")
            .Refuses(Problems.PaperUnknown, Problems.ValidationFailed, Problems.RequestMalformed);

        // Numbers on arXiv until 2007 have a slash: hep-th/9901001.
        papers.MapGetAndHead("/{archive}/{number}", GetPaperWithSlash).ExcludeFromDescription();
        papers.MapGetAndHead("/{archive}/{number}/related", ListRelatedPapersWithSlash).ExcludeFromDescription();
    }

    /// <summary>Lists papers, the newest first, those without a date last.</summary>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<PaperSummary>>> ListPapers(
        HttpContext http,
        NpgsqlDataSource db,
        [AsParameters] PaperQuery query,
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var page = await db.ListPapersAsync(query.ToFilter(), Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows a paper with its tasks, methods, code, results and related papers.</summary>
    /// <param name="id">
    /// Id of the paper, its number on arXiv (<c>2009.07995</c>, <c>hep-th/9901001</c>) or its slug. The answer has the id.
    /// </param>
    internal static async Task<Ok<PaperPage>> GetPaper(
        string id, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var found = await FindIdAsync(id, db, cancellationToken);
        var paper = await db.FindPaperAsync(found, cancellationToken) ?? throw Unknown(id);
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(paper with
        {
            Results = await db.ListPaperResultsAsync(found, cancellationToken),
            Related = await db.ListRelatedPapersAsync(found, RelatedPaperQueries.DefaultLimit, cancellationToken),
        });
    }

    /// <summary>Lists the papers that have most in common with one: tasks, methods, words of the title.</summary>
    /// <remarks>
    /// Each of these weighs the more the fewer papers have it: a task three times, a method twice the logarithm of all papers
    /// over those that have it, a word once. The score is the weight of what both papers have over the weight of all that the
    /// paper has.
    /// </remarks>
    /// <param name="id">Id of the paper, its number on arXiv or its slug.</param>
    /// <param name="limit">How many, 1 to 50; 10 by default.</param>
    internal static async Task<Ok<RelatedPapers>> ListRelatedPapers(
        string id,
        HttpContext http,
        NpgsqlDataSource db,
        [Range(1, RelatedPaperQueries.MaxLimit)] int? limit,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.Require(
            limit is null or (>= 1 and <= RelatedPaperQueries.MaxLimit),
            "limit", $"must be from 1 to {RelatedPaperQueries.MaxLimit}");
        errors.ThrowIfAny();
        var found = await FindIdAsync(id, db, cancellationToken);
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(new RelatedPapers(
            found,
            await db.ListRelatedPapersAsync(found, limit ?? RelatedPaperQueries.DefaultLimit, cancellationToken)));
    }

    private static Task<Ok<PaperPage>> GetPaperWithSlash(
        string archive, string number, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        GetPaper($"{archive}/{number}", http, db, cancellationToken);

    private static Task<Ok<RelatedPapers>> ListRelatedPapersWithSlash(
        string archive, string number, HttpContext http, NpgsqlDataSource db, int? limit, CancellationToken cancellationToken) =>
        ListRelatedPapers($"{archive}/{number}", http, db, limit, cancellationToken);

    // Of a path the server decodes all but the slash.
    private static async Task<string> FindIdAsync(string id, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        await db.FindPaperIdAsync(id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), cancellationToken)
        ?? throw Unknown(id);

    private static RefusedException Unknown(string id) => Problems.PaperUnknown.Because($"There is no paper '{id}'.");
}
