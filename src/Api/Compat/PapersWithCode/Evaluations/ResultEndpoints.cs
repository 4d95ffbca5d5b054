using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

internal static class ResultEndpoints
{
    public static void MapTableResults(this IEndpointRouteBuilder api)
    {
        var results = api.MapGroup("/evaluations/{evaluation_id}/results").WithTags("Evaluations");
        results.MapGetAndHead("/", ListResults).WithName("EvaluationsResultsList");
        results.MapGetAndHead("/{result_id}/", GetResult).WithName("EvaluationsResultsRead");
        results.MapPost("/", AddResult).WithName("EvaluationsResultsCreate").RequireAuthorization(Scopes.SubmitOrAdmin)
            .Accepts<TableResultCreate>("application/json").Refuses(Problems.OwnerRequired);
        results.MapPatch("/{result_id}/", UpdateResult).WithName("EvaluationsResultsPartialUpdate")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Accepts<TableResultUpdate>("application/json")
            .Refuses(Problems.OwnerRequired);
        results.MapDelete("/{result_id}/", DeleteResult).WithName("EvaluationsResultsDelete")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Refuses(Problems.OwnerRequired);
    }

    /// <summary>Lists the results of an evaluation table, the best by its first metric before the others.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    internal static async Task<Ok<NumberedPage<TableResult>>> ListResults(
        [FromRoute(Name = "evaluation_id")] string evaluationId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListResultsAsync(evaluationId, page, cancellationToken));

    /// <summary>Shows a result of an evaluation table.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    /// <param name="resultId">Id of the result.</param>
    internal static async Task<Ok<TableResult>> GetResult(
        [FromRoute(Name = "evaluation_id")] string evaluationId,
        [FromRoute(Name = "result_id")] string resultId,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetResultAsync(evaluationId, resultId, cancellationToken));

    /// <summary>Adds a result to an evaluation table of one's own.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    internal static async Task<Created<TableResult>> AddResult(
        [FromRoute(Name = "evaluation_id")] string evaluationId, HttpContext http, NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: false, cancellationToken);
        var added = await db.AddResultAsync(evaluationId, fields, Caller.Of(http.User), cancellationToken);
        return TypedResults.Created($"{EvaluationEndpoints.AddressOf(evaluationId)}results/{added.Id}/", added);
    }

    /// <summary>Changes a result of an evaluation table of one's own.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    /// <param name="resultId">Id of the result.</param>
    internal static async Task<Ok<TableResult>> UpdateResult(
        [FromRoute(Name = "evaluation_id")] string evaluationId,
        [FromRoute(Name = "result_id")] string resultId,
        HttpContext http,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: true, cancellationToken);
        return TypedResults.Ok(await db.UpdateResultAsync(
            evaluationId, resultId, fields, Caller.Of(http.User), cancellationToken));
    }

    /// <summary>Deletes a result of an evaluation table of one's own.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    /// <param name="resultId">Id of the result.</param>
    internal static async Task<NoContent> DeleteResult(
        [FromRoute(Name = "evaluation_id")] string evaluationId,
        [FromRoute(Name = "result_id")] string resultId,
        HttpContext http,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.DeleteResultAsync(evaluationId, resultId, Caller.Of(http.User), cancellationToken);
        return TypedResults.NoContent();
    }
}
