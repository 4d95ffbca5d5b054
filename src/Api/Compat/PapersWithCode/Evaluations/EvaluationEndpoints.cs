using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

internal static class EvaluationEndpoints
{
    public static void MapEvaluationTables(this IEndpointRouteBuilder api)
    {
        var tables = api.MapGroup("/evaluations").WithTags("Evaluations");
        tables.MapGetAndHead("/", ListTables).WithName("EvaluationsList");
        tables.MapGetAndHead("/{evaluation_id}/", GetTable).WithName("EvaluationsRead");
        tables.MapPost("/", AddTable).WithName("EvaluationsCreate").RequireAuthorization(Scopes.SubmitOrAdmin)
            .Accepts<EvaluationTableCreate>("application/json");
        tables.MapPatch("/{evaluation_id}/", UpdateTable).WithName("EvaluationsPartialUpdate")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Accepts<EvaluationTableUpdate>("application/json")
            .Refuses(Problems.OwnerRequired);
        tables.MapDelete("/{evaluation_id}/", DeleteTable).WithName("EvaluationsDelete")
            .RequireAuthorization(Scopes.SubmitOrAdmin).Refuses(Problems.OwnerRequired);
    }

    /// <summary>Lists evaluation tables: the archive's, users', and one of each benchmark.</summary>
    internal static async Task<Ok<NumberedPage<EvaluationTable>>> ListTables(
        [AsParameters] PageQuery page, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListTablesAsync(taskId: null, datasetId: null, page, cancellationToken));

    /// <summary>Shows an evaluation table.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    internal static async Task<Ok<EvaluationTable>> GetTable(
        [FromRoute(Name = "evaluation_id")] string evaluationId, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetTableAsync(evaluationId, cancellationToken));

    /// <summary>Makes an evaluation table of one's own; a user has one of a task on a dataset.</summary>
    internal static async Task<Created<EvaluationTable>> AddTable(
        HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: false, cancellationToken);
        var table = await db.AddTableAsync(fields, Caller.UserIdOf(http.User), cancellationToken);
        return TypedResults.Created(AddressOf(table.Id), table);
    }

    /// <summary>Changes an evaluation table of one's own; its id stays.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    internal static async Task<Ok<EvaluationTable>> UpdateTable(
        [FromRoute(Name = "evaluation_id")] string evaluationId, HttpContext http, NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var fields = await Fields.ReadAsync(http, isUpdate: true, cancellationToken);
        return TypedResults.Ok(await db.UpdateTableAsync(evaluationId, fields, Caller.Of(http.User), cancellationToken));
    }

    /// <summary>Deletes an evaluation table of one's own, its metrics and its results.</summary>
    /// <param name="evaluationId">Id of the table.</param>
    internal static async Task<NoContent> DeleteTable(
        [FromRoute(Name = "evaluation_id")] string evaluationId, HttpContext http, NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        await db.DeleteTableAsync(evaluationId, Caller.Of(http.User), cancellationToken);
        return TypedResults.NoContent();
    }

    public static string AddressOf(string id) => $"{PapersWithCodeApi.Root}/evaluations/{Uri.EscapeDataString(id)}/";
}
