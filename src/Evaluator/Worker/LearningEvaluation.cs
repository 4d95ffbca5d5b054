using System.Diagnostics;
using Leaderboard.Evaluator.Metrics;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// Protocols on features: the network gives them in the sandbox, of each split once; a head is learnt on them apart from
/// the network; its predictions are scored here.
/// </summary>
internal sealed class LearningEvaluation(
    DatasetManifests manifests,
    FeatureStore store,
    Learner learner,
    LeaderboardFolders folders,
    EvaluationProvenance provenance)
{
    public async Task<EvaluationOutcome> RunAsync(ClaimedEvaluation evaluation, EvaluationLease lease)
    {
        var watch = Stopwatch.StartNew();
        var splits = await manifests.OpenSplitsAsync(
            evaluation.BenchmarkId, evaluation.Benchmark, evaluation.Realm, lease.Lost);
        var (head, learntFrom) = HeadOf(evaluation.Benchmark, splits.Train);
        splits = splits with { Train = learntFrom };
        using var scratch = ScratchFolder.Create(folders, evaluation);
        using var features = await ExtractAsync(evaluation, splits, scratch, lease);

        var folder = Directory.CreateDirectory(Path.Combine(scratch.Path, "learning")).FullName;
        var learned = await learner.RunAsync(
            head, features, evaluation.ClassCount, folder, lease.Lost);
        var evaluated = splits.Evaluated;
        var predictions = learned.Draws is null
            ? PredictionsFile.Read(
                Path.Combine(folder, PredictionsFile.Name), evaluated.Samples.Count, evaluation.ClassCount)
            : null;

        var details = Details(features, learned);
        var targets = evaluated.Targets();
        return new EvaluationOutcome(
            LearningScores.Of(evaluation.Benchmark, evaluation.ClassCount, targets, predictions, learned),
            predictions,
            predictions is null ? null : ClassificationScores.Correct(targets, predictions),
            provenance.Of(evaluation, evaluated, features.Evaluated.Record.Answers, details, learned, watch.Elapsed),
            evaluated.ManifestId,
            splits.All.Sum(split => split.Samples.Count),
            evaluated.Part.Split,
            IsPartial(evaluation.Benchmark, details));
    }

    // Each is held as soon as it is there: extracting the next may need room.
    private async Task<LearningFeatures> ExtractAsync(
        ClaimedEvaluation evaluation, LearningSplits splits, ScratchFolder scratch, EvaluationLease lease)
    {
        var total = splits.All.Sum(split => split.Samples.Count);
        lease.Report(done: 0, total, imagesPerSecond: null);
        var extracted = new List<SplitFeatures>();
        try
        {
            foreach (var split in splits.All)
            {
                var before = extracted.Sum(features => features.Record.Count);
                extracted.Add(await store.OpenAsync(
                    evaluation, split, scratch,
                    step => lease.Report(before + Math.Min(step.Done, split.Samples.Count), total, step.ImagesPerSecond),
                    lease.Lost));
                lease.Report(before + split.Samples.Count, total, imagesPerSecond: null);
            }
            return extracted.DistinctBy(features => features.Record.Dimension).Count() == 1
                ? new LearningFeatures(
                    splits, extracted[0], splits.Selection is null ? null : extracted[1], extracted[^1])
                : throw new EvaluationFailedException(
                    FailureCodes.FeaturesUnavailable, "The network gives features of another size on another split.");
        }
        catch
        {
            extracted.ForEach(features => features.Dispose());
            throw;
        }
    }

    private static (HeadRequest Head, CheckedDataset Train) HeadOf(BenchmarkDefinition benchmark, CheckedDataset train)
    {
        switch (benchmark.Protocol)
        {
            case Protocol.LinearProbe:
                return (new ProbeRequest(benchmark.Lambdas!), train);
            case Protocol.Knn:
                return (new NeighboursRequest(benchmark.K!.Value, benchmark.Temperature!.Value), train);
            case Protocol.LowShotSvm:
                var drawn = DrawnTrain.Of(benchmark, train);
                return (
                    new SvmRequest(
                        [.. drawn.Draws.Select(draw => draw.Samples)], benchmark.Cost!.Value,
                        benchmark.Layout == Layouts.Voc),
                    drawn.Images);
            default:
                throw new InvalidOperationException($"{benchmark.Protocol} does not learn on features.");
        }
    }

    private static LearningProvenance Details(LearningFeatures features, Learned learned) => new(
        features.Train.Record.Dimension,
        features.Splits.Evaluated.Part.Split,
        learned.Selected is null ? null : features.Splits.Selection?.Part.Split ?? Holdout.Name,
        learned.Selected is { } selected ? learned.Penalties![selected].Lambda : null,
        [.. features.Splits.All.Select(split => new SplitProvenance(
            split.Part.Split, split.Sha256, split.Samples.Count, split.Part.Complete))],
        learned.Penalties,
        learned.Draws,
        learned.UnprovedNeighbours);

    private static bool IsPartial(BenchmarkDefinition benchmark, LearningProvenance details) =>
        benchmark.Partial == true || details.Splits.Any(split => split.Count < split.Complete);
}
