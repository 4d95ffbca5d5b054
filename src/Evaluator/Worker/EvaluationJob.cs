using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// One evaluation from the queue to its scores: claim, evaluate by its protocol, record; and whatever goes wrong.
/// </summary>
internal sealed partial class EvaluationJob(
    NpgsqlDataSource db,
    ClassifyEvaluation classify,
    LearningEvaluation learning,
    WorkerIdentity identity,
    ILogger<EvaluationJob> logger) : IEvaluationJob
{
    public async Task RunAsync(Guid evaluationId, CancellationToken cancellationToken)
    {
        var evaluation = await db.ClaimAsync(evaluationId, identity.Id, cancellationToken);
        if (evaluation is null)
        {
            return;
        }
        LogStarted(evaluation.Id, evaluation.Benchmark.Name, evaluation.Attempt);
        using var telemetry = EvaluationTelemetry.Begin(evaluation);
        await using var lease = new EvaluationLease(db, evaluation, cancellationToken);
        try
        {
            var outcome = evaluation.Benchmark.Protocol == Protocol.Classify
                ? await classify.RunAsync(evaluation, lease)
                : await learning.RunAsync(evaluation, lease);
            var recorded = await db.RecordAsync(evaluation, outcome);
            if (recorded)
            {
                telemetry.Succeed(outcome.SampleCount);
            }
            LogEnded(evaluation.Id, recorded ? "succeeded" : "no longer ours");
        }
        catch (EvaluationFailedException failure)
        {
            await db.FailAsync(evaluation, failure.Code, failure.Message);
            telemetry.Outcome = failure.Code;
            LogEnded(evaluation.Id, failure.Code);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await db.RequeueAsync(evaluation, counted: false);
            telemetry.Outcome = "requeued";
            LogRequeued(evaluation.Id, "this worker is shutting down", log: "");
        }
        catch (OperationCanceledException)
        {
            telemetry.Outcome = "lost";
            LogEnded(evaluation.Id, "no longer ours");
        }
        catch (Exception fault) // the one boundary: whatever else goes wrong, the evaluation ends or runs again
        {
            await GiveBackAsync(evaluation, fault);
        }
    }

    // None of these is known to be the submitter's fault: it runs again, a few times.
    private async Task GiveBackAsync(ClaimedEvaluation evaluation, Exception fault)
    {
        var log = (fault as RunnerCrashedException)?.Log ?? fault.ToString();
        if (evaluation.Attempt < EvaluationLifecycle.MaxAttempts)
        {
            LogRequeued(evaluation.Id, fault.Message, log);
            await db.RequeueAsync(evaluation, counted: true);
            return;
        }
        LogGivenUp(evaluation.Id, fault.Message, log);
        var (code, message) = fault is RunnerCrashedException
            ? (FailureCodes.RunnerCrashed, fault.Message)
            : (FailureCodes.WorkerFailed, "Something failed on the worker, each time; its log tells the operator what.");
        await db.FailAsync(evaluation, code, message);
    }

    [LoggerMessage(1, LogLevel.Information, "Evaluation {EvaluationId} on {Benchmark} starts, run {Attempt}")]
    private partial void LogStarted(Guid evaluationId, string benchmark, int attempt);

    [LoggerMessage(2, LogLevel.Information, "Evaluation {EvaluationId} ends: {Outcome}")]
    private partial void LogEnded(Guid evaluationId, string outcome);

    [LoggerMessage(3, LogLevel.Warning, "Evaluation {EvaluationId} goes back to the queue: {Reason} {Log}")]
    private partial void LogRequeued(Guid evaluationId, string reason, string log);

    [LoggerMessage(4, LogLevel.Error, "Evaluation {EvaluationId} is given up: {Reason} {Log}")]
    private partial void LogGivenUp(Guid evaluationId, string reason, string log);
}
