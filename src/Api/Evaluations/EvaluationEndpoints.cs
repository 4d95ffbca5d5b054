using System.Security.Claims;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Evaluations.Events;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Leaderboard.Shared.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Evaluations;

internal static class EvaluationEndpoints
{
    public static void MapEvaluations(this IEndpointRouteBuilder api)
    {
        var evaluations = api.MapGroup("/evaluations/{id:guid}").WithTags("Evaluations");
        evaluations.MapGet("/", GetEvaluation).WithName("GetEvaluation").Refuses(Problems.EvaluationUnknown);
        evaluations.MapGet("/predictions", ListPredictions).WithName("ListPredictions")
            .Produces<SamplePrediction>(StatusCodes.Status200OK, Csv.MediaType, [.. PredictionsWriter.JsonLines])
            .Refuses(Problems.EvaluationUnknown, Problems.EvaluationUnfinished);
        evaluations.MapGet("/classes", ListClasses).WithName("ListClasses")
            .Refuses(Problems.EvaluationUnknown, Problems.EvaluationUnfinished);
        evaluations.MapGet("/events", FollowEvaluation).WithName("FollowEvaluation")
            .Produces<EvaluationEvent>(StatusCodes.Status200OK, EventStream.MediaType)
            .Produces(StatusCodes.Status204NoContent)
            .Refuses(Problems.EvaluationUnknown, Problems.RequestMalformed, Problems.StreamsExhausted);
        evaluations.MapPost("/cancel", CancelEvaluation).WithName("CancelEvaluation")
            .RequireAuthorization(Scopes.SubmitOrAdmin)
            .Refuses(
                Problems.EvaluationUnknown, Problems.OwnerRequired, Problems.EvaluationIsPart, Problems.EvaluationFinished);
        evaluations.MapPost("/rerun", RerunEvaluation).WithName("RerunEvaluation")
            .RequireAuthorization(Scopes.SubmitOrAdmin)
            .Refuses(
                Problems.EvaluationUnknown, Problems.OwnerRequired, Problems.EvaluationIsPart, Problems.RerunUnfinished,
                Problems.QuotaExceeded);
    }

    /// <summary>Shows an evaluation: state, scores, provenance, claimed figures.</summary>
    /// <param name="id">Id of the evaluation.</param>
    internal static async Task<Ok<Evaluation>> GetEvaluation(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        TypedResults.Ok(await FindAsync(id, db, user, cancellationToken));

    /// <summary>Lists what was predicted for every sample, in the dataset's order.</summary>
    /// <remarks>
    /// CSV with a header line, or one JSON object a line for <c>Accept: application/jsonl</c>. In the CSV, a path that
    /// a spreadsheet would take for a formula begins with an apostrophe.
    /// </remarks>
    /// <param name="id">Id of the evaluation.</param>
    internal static async Task ListPredictions(
        Guid id, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        Finished(await FindAsync(id, db, http.User, cancellationToken));
        await PredictionsWriter.WriteAsync(http, db.StreamPredictionsAsync(id, cancellationToken), cancellationToken);
    }

    /// <summary>Lists the accuracy per class.</summary>
    /// <param name="id">Id of the evaluation.</param>
    internal static async Task<Ok<ClassAccuracies>> ListClasses(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        Finished(await FindAsync(id, db, user, cancellationToken));
        return TypedResults.Ok(new ClassAccuracies(id, await db.ListClassesAsync(id, cancellationToken)));
    }

    /// <summary>Follows an evaluation to its end, by server-sent events.</summary>
    /// <remarks>
    /// <c>state</c> for each state that it enters, from the first; <c>progress</c> while it runs; <c>end</c> as the last, and
    /// then the stream ends. Data is JSON of one shape. A comment is sent every 15 seconds of silence. With the id of the last
    /// event received as <c>Last-Event-ID</c>, the stream goes on behind it: every state once, of progress the newest. After
    /// the end there is nothing to follow, and the answer is 204, which ends a browser's reconnecting. A stream ends
    /// within such a silence once its key opens nothing any more.
    /// </remarks>
    /// <param name="id">Id of the evaluation.</param>
    internal static async Task FollowEvaluation(Guid id, HttpContext http, EventStream stream)
    {
        if (!await stream.TryWriteAsync(http, new EvaluationWatch.Subject(id, IsSubmission: false)))
        {
            throw Unknown(id);
        }
    }

    /// <summary>Ends an evaluation that waits or runs; for its submitter and admins.</summary>
    /// <remarks>
    /// One that runs is stopped on its worker within seconds. All realms of an evaluation are cancelled with it. Cancelling
    /// what is cancelled changes nothing and is answered alike.
    /// </remarks>
    /// <param name="id">Id of the evaluation.</param>
    internal static async Task<Ok<Evaluation>> CancelEvaluation(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await db.CancelEvaluationAsync(id, Caller.Of(user), cancellationToken);
        return await GetEvaluation(id, db, user, cancellationToken);
    }

    /// <summary>Measures again what an ended evaluation measured; for its submitter and admins.</summary>
    /// <remarks>
    /// A new evaluation is made. The earlier one's scores stay on the board until the new one has succeeded and takes their
    /// place; they remain readable, and <c>agrees</c> tells whether both came to the same. Where the new one fails, nothing
    /// changes on the board. A result that a moderator has withdrawn is not put back: its new figure waits for a
    /// moderator, as <c>GET /results?state=pending</c> shows. It counts as a submission of
    /// a day of whoever asks for it.
    /// </remarks>
    /// <param name="id">Id of the evaluation.</param>
    internal static async Task<Accepted<Evaluation>> RerunEvaluation(
        Guid id,
        NpgsqlDataSource db,
        UserQuotas quotas,
        WorkQueues queues,
        ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        var rerun = await db.AddRerunAsync(id, Caller.Of(user), quotas, cancellationToken);
        await queues.EnqueueEvaluationsAsync(rerun.ToRun, cancellationToken);
        return TypedResults.Accepted(
            $"/api/v1/evaluations/{rerun.Id}", (await GetEvaluation(rerun.Id, db, user, cancellationToken)).Value);
    }

    private static async Task<Evaluation> FindAsync(
        Guid id, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await db.FindEvaluationAsync(id, Caller.Of(user), cancellationToken)
        ?? throw Unknown(id);

    private static RefusedException Unknown(Guid id) =>
        Problems.EvaluationUnknown.Because($"No evaluation {id} may be seen with this key.");

    private static void Finished(Evaluation evaluation)
    {
        if (evaluation.State != "succeeded")
        {
            throw Problems.EvaluationUnfinished.Because(
                $"Its state is '{evaluation.State}'; there are predictions once it is 'succeeded'.");
        }
    }
}
