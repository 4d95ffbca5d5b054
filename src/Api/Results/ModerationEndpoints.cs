using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Results;

/// <summary>What moderators do with results; each is an event that stays in the result's history.</summary>
internal static class ModerationEndpoints
{
    public static void MapModeration(this RouteGroupBuilder results)
    {
        var result = results.MapGroup("/{id:guid}").RequireAuthorization(Scopes.Admin);
        result.MapPost("/accept", AcceptResult).WithName("AcceptResult").Refuses(Refusals);
        result.MapPost("/reject", RejectResult).WithName("RejectResult").Refuses(Refusals);
        result.MapPost("/withdraw", WithdrawResult).WithName("WithdrawResult").Refuses(Refusals);
        result.MapPost("/correct", CorrectResult).WithName("CorrectResult")
            .Refuses([.. Refusals, Problems.ResultExists, Problems.ResultMeasured]);
    }

    private static readonly ProblemKind[] Refusals =
    [
        Problems.JsonMalformed, Problems.ValidationFailed, Problems.TextInvalid, Problems.ResultUnknown,
        Problems.ResultSettled, Problems.BodyTooLarge, Problems.MediaTypeUnsupported,
    ];

    /// <summary>Puts a pending result on its board.</summary>
    /// <remarks>It counts from now on: a board of an earlier instant does not show it.</remarks>
    /// <param name="id">Id of the result.</param>
    internal static Task<Ok<Result>> AcceptResult(
        Guid id, AcceptRequest? request, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        if (request?.Reason is { } reason)
        {
            ResultRules.ValidateReason(reason);
        }
        return DecideAsync(id, Moderation.Accept, request?.Reason, "pending", http, db, cancellationToken);
    }

    /// <summary>Refuses a pending result; its submitter sees why, and may report it anew.</summary>
    /// <param name="id">Id of the result.</param>
    internal static Task<Ok<Result>> RejectResult(
        Guid id, ReasonRequest request, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        ResultRules.ValidateReason(request.Reason);
        return DecideAsync(id, Moderation.Reject, request.Reason, "pending", http, db, cancellationToken);
    }

    /// <summary>Takes a result off its board, measured or reported; it and its history stay to be seen.</summary>
    /// <remarks>
    /// A row of the catalogue stays withdrawn until the catalogue says something else of it. Where the submitter has the
    /// model, or its checkpoint, measured on the benchmark again, the new figure of this metric is <c>pending</c> until a
    /// moderator accepts it.
    /// </remarks>
    /// <param name="id">Id of the result.</param>
    internal static Task<Ok<Result>> WithdrawResult(
        Guid id, ReasonRequest request, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        ResultRules.ValidateReason(request.Reason);
        return DecideAsync(id, Moderation.Withdraw, request.Reason, "accepted", http, db, cancellationToken);
    }

    /// <summary>Corrects a reported result: withdraws it, and records another in its place.</summary>
    /// <remarks>
    /// Answers with the new result. A measured value is corrected by measuring again. A corrected row of the catalogue
    /// stays corrected until the catalogue says something else of it.
    /// </remarks>
    /// <param name="id">Id of the result.</param>
    internal static async Task<Created<Result>> CorrectResult(
        Guid id,
        CorrectionRequest request,
        HttpContext http,
        NpgsqlDataSource db,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        ResultRules.Validate(request, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var caller = Caller.Of(http.User);
        var result = await ResultEndpoints.FindAsync(id, db, caller, cancellationToken);
        if (result.Kind == "verified")
        {
            throw Problems.ResultMeasured.Because($"Run evaluation {result.Evaluation} again, or withdraw the result.");
        }
        var added = await db.CorrectResultAsync(id, request, Caller.UserIdOf(http.User), cancellationToken);
        return added is null
            ? throw Settled("accepted", await ResultEndpoints.FindAsync(id, db, caller, cancellationToken))
            : TypedResults.Created(
                $"/api/v1/results/{added}", await ResultEndpoints.FindAsync(added.Value, db, caller, cancellationToken));
    }

    private static async Task<Ok<Result>> DecideAsync(
        Guid id,
        string statement,
        string? reason,
        string from,
        HttpContext http,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var isDone = await db.DecideAsync(statement, id, Caller.UserIdOf(http.User), reason, cancellationToken);
        var result = await ResultEndpoints.FindAsync(id, db, Caller.Of(http.User), cancellationToken);
        return isDone ? TypedResults.Ok(result) : throw Settled(from, result);
    }

    private static RefusedException Settled(string from, Result result) =>
        Problems.ResultSettled.Because($"Its state is '{result.State}'; this is done to what is '{from}'.");
}
