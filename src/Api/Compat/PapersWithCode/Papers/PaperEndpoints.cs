using Leaderboard.Api.Compat.PapersWithCode.Datasets;
using Leaderboard.Api.Compat.PapersWithCode.Evaluations;
using Leaderboard.Api.Compat.PapersWithCode.Methods;
using Leaderboard.Api.Compat.PapersWithCode.Repositories;
using Leaderboard.Api.Compat.PapersWithCode.Tasks;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Papers;

internal static class PaperEndpoints
{
    public static void MapPapers(this IEndpointRouteBuilder api)
    {
        var papers = api.MapGroup("/papers").WithTags("Papers");
        papers.MapGetAndHead("/", ListPapers).WithName("PapersList");
        papers.MapGetAndHead("/{paper_id}/", GetPaper).WithName("PapersRead");
        papers.MapGetAndHead("/{paper_id}/datasets/", ListDatasetsOfPaper).WithName("PapersDatasetsList");
        papers.MapGetAndHead("/{paper_id}/repositories/", ListRepositoriesOfPaper).WithName("PapersRepositoriesList");
        papers.MapGetAndHead("/{paper_id}/tasks/", ListTasksOfPaper).WithName("PapersTasksList");
        papers.MapGetAndHead("/{paper_id}/methods/", ListMethodsOfPaper).WithName("PapersMethodsList");
        papers.MapGetAndHead("/{paper_id}/results/", ListResultsOfPaper).WithName("PapersResultsList");
    }

    public static void MapSearch(this IEndpointRouteBuilder api) =>
        api.MapGetAndHead("/search/", Search).WithName("SearchList").WithTags("Papers");

    /// <summary>Finds papers, each with one of its repositories.</summary>
    /// <param name="q">Words of the title, the abstract or the authors; the last may be the beginning of one.</param>
    internal static async Task<Ok<NumberedPage<PaperRepository>>> Search(
        string? q,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        ListCounts counts,
        CancellationToken cancellationToken)
    {
        var papers = await db.ListPapersAsync(
            new PaperFilter(q, null, null, null), ordering: null, counts, page, cancellationToken);
        var repositories = await db.FindBestRepositoriesAsync(papers.Results, cancellationToken);
        return TypedResults.Ok(new NumberedPage<PaperRepository>(
            papers.Count, papers.Next, papers.Previous,
            [
                .. papers.Results.Select(paper => repositories.GetValueOrDefault(paper.Id) is { } repository
                    ? new PaperRepository(paper, repository with { IsOfficial = null }, repository.IsOfficial == true)
                    : new PaperRepository(paper, null, false)),
            ]));
    }

    /// <summary>Lists papers, the newest first.</summary>
    /// <param name="q">Words of the title, the abstract or the authors; the last may be the beginning of one.</param>
    /// <param name="arxivId">An arXiv id.</param>
    /// <param name="title">Part of the title, from the beginning of a word.</param>
    /// <param name="abstract">Part of the abstract, from the beginning of a word.</param>
    /// <param name="ordering">A field to order by, with <c>-</c> before it the other way round: published, title, id,
    /// arxiv_id.</param>
    internal static async Task<Ok<NumberedPage<Paper>>> ListPapers(
        string? q,
        [FromQuery(Name = "arxiv_id")] string? arxivId,
        string? title,
        string? @abstract,
        string? ordering,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        ListCounts counts,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListPapersAsync(
            new PaperFilter(q, arxivId, title, @abstract), ordering, counts, page, cancellationToken));

    /// <summary>Shows a paper.</summary>
    /// <param name="paperId">Its slug, its id or its arXiv id.</param>
    internal static async Task<Ok<Paper>> GetPaper(
        [FromRoute(Name = "paper_id")] string paperId, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetPaperAsync(paperId, cancellationToken));

    /// <summary>Lists the datasets that a paper introduced, and those that it has results on.</summary>
    /// <param name="paperId">Its slug, its id or its arXiv id.</param>
    internal static async Task<Ok<NumberedPage<Dataset>>> ListDatasetsOfPaper(
        [FromRoute(Name = "paper_id")] string paperId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var id = await db.ResolvePaperAsync(paperId, cancellationToken);
        return TypedResults.Ok(await db.ListDatasetsOfPaperAsync(id, page, cancellationToken));
    }

    /// <summary>Lists the repositories with a paper's code, the official ones first.</summary>
    /// <param name="paperId">Its slug, its id or its arXiv id.</param>
    internal static async Task<Ok<NumberedPage<Repository>>> ListRepositoriesOfPaper(
        [FromRoute(Name = "paper_id")] string paperId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var id = await db.ResolvePaperAsync(paperId, cancellationToken);
        return TypedResults.Ok(await db.ListRepositoriesOfPaperAsync(id, page, cancellationToken));
    }

    /// <summary>Lists a paper's tasks.</summary>
    /// <param name="paperId">Its slug, its id or its arXiv id.</param>
    internal static async Task<Ok<NumberedPage<ResearchTask>>> ListTasksOfPaper(
        [FromRoute(Name = "paper_id")] string paperId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var id = await db.ResolvePaperAsync(paperId, cancellationToken);
        return TypedResults.Ok(await db.ListTasksOfPaperAsync(id, page, cancellationToken));
    }

    /// <summary>Lists the methods that a paper uses.</summary>
    /// <param name="paperId">Its slug, its id or its arXiv id.</param>
    internal static async Task<Ok<NumberedPage<Method>>> ListMethodsOfPaper(
        [FromRoute(Name = "paper_id")] string paperId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var id = await db.ResolvePaperAsync(paperId, cancellationToken);
        return TypedResults.Ok(await db.ListMethodsOfPaperAsync(id, page, cancellationToken));
    }

    /// <summary>Lists a paper's results in all evaluation tables.</summary>
    /// <param name="paperId">Its slug, its id or its arXiv id.</param>
    internal static async Task<Ok<NumberedPage<TableResult>>> ListResultsOfPaper(
        [FromRoute(Name = "paper_id")] string paperId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var id = await db.ResolvePaperAsync(paperId, cancellationToken);
        return TypedResults.Ok(await db.ListResultsOfPaperAsync(id, page, cancellationToken));
    }
}
