using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker.Caching;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Has a checkpoint's features of a split extracted once, for all protocols that learn on them.</summary>
internal sealed class FeatureStore(FeatureCache cache, NetworkRun network, RunnerProcess runner, WorkerOptions options)
{
    /// <summary>The features, extracted now where there are none; for the caller to dispose of.</summary>
    /// <param name="evaluation">The checkpoint and how it is run.</param>
    /// <param name="dataset">The split.</param>
    /// <param name="scratch">A folder of this evaluation's, for features that cannot be kept.</param>
    /// <param name="onProgress">Told how many samples are done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<SplitFeatures> OpenAsync(
        ClaimedEvaluation evaluation,
        CheckedDataset dataset,
        ScratchFolder scratch,
        Action<Progress> onProgress,
        CancellationToken cancellationToken)
    {
        var recipe = RecipeOf(evaluation, dataset);
        var count = dataset.Samples.Count;
        // A rerun measures again: it neither takes features that are kept nor leaves others.
        var caching = options.CacheBytes > 0 && !evaluation.IsRerun;
        if (caching && cache.Find(recipe, count, cancellationToken) is { } kept)
        {
            return kept;
        }
        using var claim = caching ? cache.TryBegin(recipe) : null;
        if (claim is not null && cache.Find(recipe, count, cancellationToken) is { } extractedMeanwhile)
        {
            return extractedMeanwhile;
        }
        // A checkpoint's code writes here and never into the cache.
        var folder = Directory.CreateDirectory(Path.Combine(scratch.Path, $"features-{dataset.Part.Split}")).FullName;
        int? reserved = null;
        var answers = await network.OnAsync(
            evaluation, dataset, new FeaturesWanted(), folder,
            told =>
            {
                switch (told)
                {
                    // Told before they are written: afterwards the disk would have to hold them twice.
                    case FeaturesMeasured { Dimension: var announced } when claim is not null && reserved is null
                        && cache.TryReserve(claim, recipe, FeatureFile.Length(count, announced), cancellationToken):
                        reserved = announced;
                        break;
                    case Progress step:
                        onProgress(step);
                        break;
                }
            },
            cancellationToken);
        var left = Path.Combine(folder, FeatureFile.Name);
        var record = new FeatureRecord(
            count,
            answers.Finished.Features ?? throw new RunnerCrashedException("The runner told no number of features.", log: ""),
            answers with { Inspection = answers.Inspection with { Tensors = [], Skipped = [] } });
        LeftFile.Require(left, FeatureFile.Header(count, record.Dimension), record.Length);
        runner.TakeBack(left);
        if (claim is not null && reserved == record.Dimension)
        {
            File.Move(left, claim.File, overwrite: true);
            cache.Publish(claim, recipe, record, cancellationToken);
            return cache.Find(recipe, count, cancellationToken)
                ?? throw new IOException("Features that were just kept are gone.");
        }
        var own = Path.Combine(scratch.Path, $"{dataset.Part.Split}-{FeatureFile.Name}");
        File.Move(left, own, overwrite: true);
        return new SplitFeatures(own, record, Hold: null);
    }

    private FeatureRecipe RecipeOf(ClaimedEvaluation evaluation, CheckedDataset dataset) => new(
        evaluation.CheckpointSha256,
        evaluation.Architecture,
        evaluation.Weights,
        evaluation.GivesFeatures,
        dataset.Sha256,
        evaluation.Transform,
        evaluation.Precision,
        options.Device.Split(':')[0],
        FeatureRecipe.CurrentLibraries(runner.LibtorchDescription),
        FeatureRecipe.CurrentSoftware);
}
