using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Security.Claims;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Checkpoints;
using Leaderboard.Api.Evaluations.Events;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Leaderboard.Shared.Checkpoints;
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
                Problems.ProtocolUnsupported, Problems.LabelOrderMismatch, Problems.IdempotencyKeyReused, Problems.StorageFull,
                Problems.QuotaExceeded, Problems.StorageQuotaExceeded, Problems.SubmissionUnknown);
        submissions.MapGet("/", ListSubmissions).WithName("ListSubmissions")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid, Problems.Unauthenticated);
        submissions.MapGet("/{id:guid}", GetSubmission).WithName("GetSubmission").Refuses(Problems.SubmissionUnknown);
        submissions.MapGet("/{id:guid}/events", FollowSubmission).WithName("FollowSubmission")
            .Produces<EvaluationEvent>(StatusCodes.Status200OK, EventStream.MediaType)
            .Produces(StatusCodes.Status204NoContent)
            .Refuses(Problems.SubmissionUnknown, Problems.RequestMalformed, Problems.StreamsExhausted);
        submissions.MapPatch("/{id:guid}", ChangeSubmission).WithName("ChangeSubmission")
            .RequireAuthorization(Scopes.SubmitOrAdmin)
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.SubmissionUnknown, Problems.OwnerRequired,
                Problems.MediaTypeUnsupported, Problems.BodyTooLarge);
        submissions.MapDelete("/{id:guid}", DeleteSubmission).WithName("DeleteSubmission")
            .RequireAuthorization(Scopes.SubmitOrAdmin)
            .Refuses(Problems.SubmissionUnknown, Problems.OwnerRequired);
    }

    /// <summary>Hands in a checkpoint to be evaluated on benchmarks.</summary>
    /// <remarks>
    /// One request does it all: <c>multipart/form-data</c> with the parts <c>checkpoint</c> (the file) and
    /// <c>submission</c> (JSON) in either order; with <c>submission</c> first, a mistake in it is told before the file
    /// is read. Or <c>application/json</c> alone, naming a checkpoint that was uploaded before. With an
    /// <c>Idempotency-Key</c>, a repeated request gets the first one's answer for two days; of a submission deleted since, it is
    /// 404. Where the same checkpoint was evaluated
    /// before in the same way, its scores are there at once (<c>reused</c> of the evaluation).
    /// </remarks>
    internal static async Task<Results<Accepted<Submission>, ContentHttpResult>> CreateSubmission(
        HttpContext http,
        SubmissionReader reader,
        NpgsqlDataSource db,
        WorkQueues queues,
        UserQuotas quotas,
        CancellationToken cancellationToken)
    {
        var caller = Caller.Of(http.User);
        await using var key = await IdempotencyKey.TakeAsync(
            http.Request, db, Caller.UserIdOf(http.User), cancellationToken);
        if (key?.Earlier is null)
        {
            var (least, most) = SubmissionReader.FileBytes(http.Request);
            await quotas.RefuseSubmissionEarlyAsync(caller, least, most, cancellationToken);
        }
        using var incoming = await reader.ReadAsync(http, cancellationToken);
        if (key?.Earlier is { } earlier)
        {
            return earlier.AnswerAgain(http, incoming.Fingerprint) is { } again
                ? again
                : await AnswerAsync(earlier.SubmissionId!.Value, db, http.User, cancellationToken);
        }

        var accepted = await db.AddSubmissionAsync(incoming, caller, quotas, key, cancellationToken);
        Activity.Current?.SetTag("leaderboard.submission.id", accepted.SubmissionId)
            .SetTag("leaderboard.evaluation.ids", string.Join(' ', accepted.EvaluationIds));
        if (accepted.CheckpointIsNew)
        {
            await queues.EnqueueInspectionsAsync([incoming.CheckpointSha256], cancellationToken);
        }
        await queues.EnqueueEvaluationsAsync(accepted.EvaluationIds, cancellationToken);
        var answer = await AnswerAsync(accepted.SubmissionId, db, http.User, cancellationToken);
        if (key is not null)
        {
            await key.KeepAnswerAsync(answer.StatusCode, answer.Location!, answer.Value);
        }
        return answer;
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

    /// <summary>Follows all evaluations of a submission to their end, by server-sent events.</summary>
    /// <remarks>
    /// The events of each evaluation, reruns included, in one stream; it ends when all have ended. <c>Last-Event-ID</c> goes
    /// on behind an event of this stream.
    /// </remarks>
    /// <param name="id">Id of the submission.</param>
    internal static async Task FollowSubmission(Guid id, HttpContext http, EventStream stream)
    {
        if (!await stream.TryWriteAsync(http, new EvaluationWatch.Subject(id, IsSubmission: true)))
        {
            throw Problems.SubmissionUnknown.Because($"No submission {id} may be seen with this key.");
        }
    }

    /// <summary>Makes a submission public or private; for its submitter and admins.</summary>
    /// <remarks>Its results come on all boards, or leave them, at once; also boards as they stood on an earlier day.</remarks>
    /// <param name="id">Id of the submission.</param>
    internal static async Task<Ok<Submission>> ChangeSubmission(
        Guid id, SubmissionChange change, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.Require(change.Visibility is "public" or "private", "visibility", "must be 'public' or 'private'");
        errors.ThrowIfAny();
        await db.SetVisibilityAsync(id, change.Visibility, Caller.Of(user), cancellationToken);
        return await GetSubmission(id, db, user, cancellationToken);
    }

    /// <summary>Deletes a submission; for its submitter and admins.</summary>
    /// <remarks>
    /// What runs of it is cancelled, its results are withdrawn, and neither it nor its evaluations are shown any more. A board
    /// as it stood on an earlier day keeps its line. The checkpoint's file is removed, also where it was posted by itself,
    /// unless another submission or another user has it too.
    /// </remarks>
    /// <param name="id">Id of the submission.</param>
    internal static async Task<NoContent> DeleteSubmission(
        Guid id, NpgsqlDataSource db, CheckpointStore store, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var sha256 = await db.DeleteSubmissionAsync(id, Caller.Of(user), cancellationToken);
        await db.RemoveUnneededAsync(sha256, store, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Accepted<Submission>> AnswerAsync(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Accepted(
            $"/api/v1/submissions/{id}", (await GetSubmission(id, db, user, cancellationToken)).Value);
}
