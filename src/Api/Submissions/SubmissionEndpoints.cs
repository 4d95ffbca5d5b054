using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Security.Claims;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Submissions;

internal static class SubmissionEndpoints
{
    public static void MapSubmissions(this IEndpointRouteBuilder api)
    {
        var submissions = api.MapGroup("/submissions").WithTags("Submissions");
        submissions.MapPost("/", CreateSubmission).WithName("CreateSubmission")
            .RequireAuthorization(Scopes.Submit)
            .Accepts<SubmissionRequest>("application/json", "multipart/form-data")
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.MultipartMalformed, Problems.TextInvalid,
                Problems.BenchmarkUnknown, Problems.CheckpointUnknown, Problems.IdempotencyKeyInFlight,
                Problems.BodyTooLarge, Problems.CheckpointTooLarge, Problems.MediaTypeUnsupported,
                Problems.CheckpointUnrecognised, Problems.CheckpointEmpty, Problems.DigestMismatch,
                Problems.ProtocolUnsupported, Problems.LabelOrderMismatch, Problems.IdempotencyKeyReused, Problems.StorageFull);
        submissions.MapGet("/", ListSubmissions).WithName("ListSubmissions")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid, Problems.Unauthenticated);
        submissions.MapGet("/{id:guid}", GetSubmission).WithName("GetSubmission").Refuses(Problems.SubmissionUnknown);
    }

    /// <summary>Hands in a checkpoint to be evaluated on benchmarks.</summary>
    /// <remarks>
    /// One request does it all: <c>multipart/form-data</c> with the parts <c>checkpoint</c> (the file) and
    /// <c>submission</c> (JSON) in either order; with <c>submission</c> first, a mistake in it is told before the file
    /// is read. Or <c>application/json</c> alone, naming a checkpoint that was uploaded before. With an
    /// <c>Idempotency-Key</c>, a repeated request answers with the submission that the first one made.
    /// </remarks>
    internal static async Task<Accepted<Submission>> CreateSubmission(
        HttpContext http,
        SubmissionReader reader,
        NpgsqlDataSource db,
        WorkQueues queues,
        CancellationToken cancellationToken)
    {
        var userId = Caller.UserIdOf(http.User);
        await using var key = await IdempotencyKey.TakeAsync(http.Request, db, userId, cancellationToken);
        using var incoming = await reader.ReadAsync(http, cancellationToken);
        if (key?.Earlier is { } earlier)
        {
            return earlier.Fingerprint == incoming.Fingerprint
                ? await AnswerAsync(earlier.SubmissionId, db, http.User, cancellationToken)
                : throw Problems.IdempotencyKeyReused.Because("Send a new key with a new request.");
        }

        var accepted = await db.AddSubmissionAsync(incoming, userId, key, cancellationToken);
        Activity.Current?.SetTag("leaderboard.submission.id", accepted.SubmissionId)
            .SetTag("leaderboard.evaluation.ids", string.Join(' ', accepted.EvaluationIds));
        if (accepted.CheckpointIsNew)
        {
            await queues.EnqueueInspectionsAsync([incoming.CheckpointSha256], cancellationToken);
        }
        await queues.EnqueueEvaluationsAsync(accepted.EvaluationIds, cancellationToken);
        return await AnswerAsync(accepted.SubmissionId, db, http.User, cancellationToken);
    }

    /// <summary>Lists submissions, the newest first.</summary>
    /// <remarks>Private submissions are listed for their submitter and admins alone.</remarks>
    /// <param name="benchmark">Only those evaluated on this benchmark, by its name.</param>
    /// <param name="state">Only those with an evaluation in this state: queued, running, succeeded, failed,
    /// cancelled.</param>
    /// <param name="mine">Only those of the key's user.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<Submission>>> ListSubmissions(
        HttpContext http,
        NpgsqlDataSource db,
        [FromQuery(Name = "model_name")]
        [Description("Only those of this model name.")]
        string? modelName,
        string? benchmark,
        [AllowedValues("queued", "running", "succeeded", "failed", "cancelled")]
        string? state,
        bool? mine,
        [Range(1, Cursor.MaxLimit)]
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var caller = Caller.Of(http.User);
        if (mine == true && caller.UserId is null)
        {
            throw Problems.Unauthenticated.Because("Without an API key, no submission is yours.");
        }
        var errors = new Errors();
        errors.Require(
            state is null or "queued" or "running" or "succeeded" or "failed" or "cancelled",
            "state", "must be queued, running, succeeded, failed or cancelled");
        errors.ThrowIfAny();
        var filter = new SubmissionFilter(modelName, benchmark, state, mine == true);
        var page = await db.ListSubmissionsAsync(filter, caller, Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows a submission, with the state and progress of each of its evaluations.</summary>
    /// <param name="id">Id of the submission.</param>
    internal static async Task<Ok<Submission>> GetSubmission(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.FindSubmissionAsync(id, Caller.Of(user), cancellationToken)
            ?? throw Problems.SubmissionUnknown.Because($"No submission {id} may be seen with this key."));

    private static async Task<Accepted<Submission>> AnswerAsync(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Accepted(
            $"/api/v1/submissions/{id}", (await GetSubmission(id, db, user, cancellationToken)).Value);
}
