using System.Diagnostics;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Protocol <c>classify</c>: the network predicts in the sandbox, and is scored here.</summary>
internal sealed class ClassifyEvaluation(
    DatasetManifests manifests, NetworkRun network, LeaderboardFolders folders, EvaluationProvenance provenance)
{
    public async Task<EvaluationOutcome> RunAsync(ClaimedEvaluation evaluation, EvaluationLease lease)
    {
        var watch = Stopwatch.StartNew();
        var dataset = await manifests.OpenAsync(evaluation.BenchmarkId, evaluation.Benchmark, lease.Lost);
        var count = dataset.Samples.Count;
        lease.Report(done: 0, total: count, imagesPerSecond: null);

        using var scratch = ScratchFolder.Create(folders, evaluation);
        var mask = evaluation.Benchmark.ClassMask;
        var answers = await network.OnAsync(
            evaluation, dataset, new PredictionsWanted(evaluation.ClassCount, mask), scratch.Path,
            told =>
            {
                if (told is Progress step)
                {
                    lease.Report(Math.Min(step.Done, count), count, step.ImagesPerSecond);
                }
            },
            lease.Lost);

        var predictions = PredictionsFile.Read(
            Path.Combine(scratch.Path, PredictionsFile.Name), count, evaluation.ClassCount, mask);
        var targets = dataset.Targets();
        return new EvaluationOutcome(
            ClassificationScores.Of(evaluation.Benchmark.Metrics, targets, predictions, evaluation.ClassCount),
            predictions,
            ClassificationScores.Correct(targets, predictions),
            provenance.Of(evaluation, dataset, answers, watch.Elapsed),
            dataset.ManifestId,
            count,
            IsPartial: evaluation.Benchmark.Partial == true);
    }
}
