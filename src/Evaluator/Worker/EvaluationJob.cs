using System.Diagnostics;
using System.Reflection;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>One evaluation from the queue to its scores: claim, check the dataset, run, score, record.</summary>
internal sealed partial class EvaluationJob(
    NpgsqlDataSource db,
    LeaderboardFolders folders,
    CheckpointStore checkpoints,
    DatasetManifests manifests,
    RunnerProcess runner,
    WorkerOptions options,
    WorkerIdentity identity,
    ILogger<EvaluationJob> logger) : IEvaluationJob
{
    private static readonly string Software =
        typeof(EvaluationJob).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public async Task RunAsync(Guid evaluationId, CancellationToken cancellationToken)
    {
        var evaluation = await db.ClaimAsync(evaluationId, identity.Id, cancellationToken);
        if (evaluation is null)
        {
            return;
        }
        LogStarted(evaluation.Id, evaluation.Benchmark.Name, evaluation.Attempt);
        await using var lease = new EvaluationLease(db, evaluation, cancellationToken);
        try
        {
            var outcome = await EvaluateAsync(evaluation, lease);
            var recorded = await db.RecordAsync(evaluation, outcome);
            LogEnded(evaluation.Id, recorded ? "succeeded" : "no longer ours");
        }
        catch (EvaluationFailedException failure)
        {
            await db.FailAsync(evaluation, failure.Code, failure.Message);
            LogEnded(evaluation.Id, failure.Code);
        }
        catch (RunnerCrashedException crash) when (evaluation.Attempt >= EvaluationQueries.MaxAttempts)
        {
            await db.FailAsync(evaluation, FailureCodes.RunnerCrashed, crash.Message);
            LogEnded(evaluation.Id, FailureCodes.RunnerCrashed);
        }
        catch (RunnerCrashedException crash)
        {
            await db.RequeueAsync(evaluation, counted: true);
            LogRequeued(evaluation.Id, crash.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await db.RequeueAsync(evaluation, counted: false);
            LogRequeued(evaluation.Id, "this worker is shutting down");
        }
        catch (OperationCanceledException)
        {
            LogEnded(evaluation.Id, "no longer ours");
        }
    }

    private async Task<EvaluationOutcome> EvaluateAsync(ClaimedEvaluation evaluation, EvaluationLease lease)
    {
        var benchmark = evaluation.Benchmark;
        var watch = Stopwatch.StartNew();
        var dataset = await manifests.OpenAsync(evaluation.BenchmarkId, benchmark, lease.Lost);
        lease.Report(done: 0, total: dataset.Samples.Count, imagesPerSecond: null);

        var scratch = CreateScratch(evaluation);
        try
        {
            runner.HandOver(scratch.FullName);
            var checkpointMount = new Mount(checkpoints.PathOf(evaluation.CheckpointSha256), "/runner/input/checkpoint");
            var datasetMount = new Mount(dataset.Folder, "/runner/input/dataset");
            var scratchMount = new Mount(scratch.FullName, "/runner/scratch", Writable: true);
            var transform = evaluation.EvalTransform ?? benchmark.EvalTransform;
            var request = new RunRequest(
                new LoadRequest(
                    runner.Seen(checkpointMount), evaluation.Architecture, evaluation.Weights, runner.AllowPrograms,
                    options.Device, options.Threads),
                runner.Seen(datasetMount),
                [.. dataset.Samples.Select(sample => sample.Path)],
                benchmark.ClassCount,
                transform,
                $"{runner.Seen(scratchMount)}/predictions");

            Loaded? loaded = null;
            Finished? finished = null;
            await runner.RunAsync(
                "run", request, [checkpointMount, datasetMount, scratchMount], options.TimeLimit,
                message =>
                {
                    switch (message)
                    {
                        case Loaded model: loaded = model; break;
                        case Finished end: finished = end; break;
                        case Progress step:
                            lease.Report(step.Done, dataset.Samples.Count, step.ImagesPerSecond);
                            break;
                    }
                },
                lease.Lost);
            if (loaded is null || finished is null)
            {
                throw new RunnerCrashedException("The runner ended without a result.");
            }

            var predictions = PredictionsFile.Read(
                Path.Combine(scratch.FullName, "predictions"), dataset.Samples.Count, benchmark.ClassCount);
            var targets = dataset.Samples.Select(sample => sample.Target).ToList();
            return new EvaluationOutcome(
                ClassificationScores.Of(benchmark.Metrics, targets, predictions, benchmark.ClassCount),
                [.. predictions.Select(prediction => prediction.Top[0])],
                [.. predictions.Select(prediction => prediction.Confidence)],
                new Provenance(
                    evaluation.CheckpointSha256,
                    loaded.Inspection.Architecture,
                    loaded.Inspection.Recognition,
                    loaded.Inspection.ParameterCount,
                    $"{benchmark.Name}@{benchmark.Version}",
                    dataset.Sha256,
                    transform,
                    EvalTransformDeclared: evaluation.EvalTransform is not null,
                    options.Device,
                    Precision: "float32",
                    finished.Engine,
                    finished.Libraries,
                    options.Threads,
                    watch.Elapsed.TotalSeconds,
                    finished.ImagesPerSecond,
                    finished.PeakMemoryBytes,
                    identity.Id,
                    Software),
                dataset.ManifestId);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    // An earlier run of this evaluation that was killed with its worker has left its folder; nobody else will need it.
    private DirectoryInfo CreateScratch(ClaimedEvaluation evaluation)
    {
        foreach (var earlier in new DirectoryInfo(folders.Scratch).GetDirectories($"{evaluation.Id}-*"))
        {
            earlier.Delete(recursive: true);
        }
        return Directory.CreateDirectory(Path.Combine(folders.Scratch, $"{evaluation.Id}-{evaluation.Attempt}"));
    }

    [LoggerMessage(1, LogLevel.Information, "Evaluation {EvaluationId} on {Benchmark} starts, run {Attempt}")]
    private partial void LogStarted(Guid evaluationId, string benchmark, int attempt);

    [LoggerMessage(2, LogLevel.Information, "Evaluation {EvaluationId} ends: {Outcome}")]
    private partial void LogEnded(Guid evaluationId, string outcome);

    [LoggerMessage(3, LogLevel.Warning, "Evaluation {EvaluationId} goes back to the queue: {Reason}")]
    private partial void LogRequeued(Guid evaluationId, string reason);
}
