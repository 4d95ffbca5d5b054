using System.Collections;
using System.Diagnostics;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Packing;
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
    ImagePacker packer,
    RunnerProcess runner,
    WorkerOptions options,
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
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await db.RequeueAsync(evaluation, counted: false);
            LogRequeued(evaluation.Id, "this worker is shutting down", log: "");
        }
        catch (OperationCanceledException)
        {
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

    private async Task<EvaluationOutcome> EvaluateAsync(ClaimedEvaluation evaluation, EvaluationLease lease)
    {
        var watch = Stopwatch.StartNew();
        var dataset = await manifests.OpenAsync(evaluation.BenchmarkId, evaluation.Benchmark, lease.Lost);
        var count = dataset.Samples.Count;
        lease.Report(done: 0, total: count, imagesPerSecond: null);

        var packed = await OpenPackedAsync(evaluation, dataset, lease);

        using var scratch = ScratchFolder.Create(folders, evaluation);
        var mounts = new RunMounts(
            new Mount(checkpoints.PathOf(evaluation.CheckpointSha256), "/runner/input/checkpoint"),
            packed is null
                ? new Mount(dataset.Folder, "/runner/input/dataset")
                : new Mount(packed.ImagesFile, "/runner/input/images"),
            new Mount(scratch.Path, "/runner/scratch", Writable: true));
        if (packed is null)
        {
            SampleList.Write(Path.Combine(scratch.Path, "samples"), dataset.Samples.Select(sample => sample.Path));
        }
        runner.HandOver(scratch.Path);
        var (loaded, finished) = await PredictAsync(Request(evaluation, packed, mounts), mounts, dataset, lease);

        var classCount = evaluation.Benchmark.ClassCount;
        var predictions = PredictionsFile.Read(Path.Combine(scratch.Path, PredictionsFile.Name), count, classCount);
        var targets = dataset.Samples.Select(sample => sample.Target).ToList();
        return new EvaluationOutcome(
            ClassificationScores.Of(evaluation.Benchmark.Metrics, targets, predictions, classCount),
            [.. predictions.Select(prediction => prediction.Top[0])],
            [.. predictions.Select(prediction => prediction.Confidence)],
            new BitArray([.. predictions.Zip(targets, (prediction, target) => prediction.Top[0] == target)]),
            EvaluationProvenance.Of(
                evaluation, dataset, packed, loaded.Inspection, finished, options, identity, watch.Elapsed),
            dataset.ManifestId);
    }

    private async Task<(Loaded Loaded, Finished Finished)> PredictAsync(
        RunRequest request, RunMounts mounts, CheckedDataset dataset, EvaluationLease lease)
    {
        var count = dataset.Samples.Count;
        Loaded? loaded = null;
        Finished? finished = null;
        try
        {
            await runner.RunAsync(
                "run", request, mounts.All,
                new RunnerLimits(options.TimeLimit, options.MemoryBytes, RunnerLimits.SmallFiles),
                message =>
                {
                    loaded = message as Loaded ?? loaded;
                    finished = message as Finished ?? finished;
                    if (message is Progress step)
                    {
                        lease.Report(Math.Min(step.Done, count), count, step.ImagesPerSecond);
                    }
                },
                lease.Lost);
        }
        catch (EvaluationFailedException failure) when (failure.Sample is { } sample && sample >= 0 && sample < count)
        {
            throw new EvaluationFailedException(failure.Code, $"{dataset.Samples[sample].Path}: {failure.Message}");
        }
        return loaded is not null && finished is not null
            ? (loaded, finished)
            : throw new RunnerCrashedException("The runner ended without a result.", log: "");
    }

    // Only the benchmark's own transform: else each submission could have the whole dataset written once more.
    private async Task<PackedDataset?> OpenPackedAsync(
        ClaimedEvaluation evaluation, CheckedDataset dataset, EvaluationLease lease)
    {
        var own = evaluation.Benchmark.EvalTransform;
        return PackRecipe.SamePixels(evaluation.Transform, own)
            ? await packer.OpenAsync(
                dataset, own, step => lease.Report(done: 0, dataset.Samples.Count, step.ImagesPerSecond), lease.Lost)
            : null;
    }

    private sealed record RunMounts(Mount Checkpoint, Mount Images, Mount Scratch)
    {
        public IReadOnlyList<Mount> All => [Checkpoint, Images, Scratch];
    }

    private RunRequest Request(ClaimedEvaluation evaluation, PackedDataset? packed, RunMounts mounts) => new(
        new LoadRequest(
            runner.Seen(mounts.Checkpoint), evaluation.Architecture, evaluation.Weights, runner.AllowPrograms,
            options.Device, options.Threads),
        packed is null
            ? new FilesRequest(runner.Seen(mounts.Images), $"{runner.Seen(mounts.Scratch)}/samples")
            : new PackedRequest(
                runner.Seen(mounts.Images), packed.Record.Count, packed.Record.Width, packed.Record.Height),
        evaluation.Benchmark.ClassCount,
        evaluation.Transform,
        evaluation.Precision,
        runner.Seen(mounts.Scratch));

    [LoggerMessage(1, LogLevel.Information, "Evaluation {EvaluationId} on {Benchmark} starts, run {Attempt}")]
    private partial void LogStarted(Guid evaluationId, string benchmark, int attempt);

    [LoggerMessage(2, LogLevel.Information, "Evaluation {EvaluationId} ends: {Outcome}")]
    private partial void LogEnded(Guid evaluationId, string outcome);

    [LoggerMessage(3, LogLevel.Warning, "Evaluation {EvaluationId} goes back to the queue: {Reason} {Log}")]
    private partial void LogRequeued(Guid evaluationId, string reason, string log);

    [LoggerMessage(4, LogLevel.Error, "Evaluation {EvaluationId} is given up: {Reason} {Log}")]
    private partial void LogGivenUp(Guid evaluationId, string reason, string log);
}
