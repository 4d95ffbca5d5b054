using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>Features of splits, by recipe: probes, neighbours and SVMs of one checkpoint share them.</summary>
internal sealed class FeatureCache(
    LeaderboardFolders folders, WorkerOptions options, TimeProvider time, ILogger<FeatureCache> logger)
    : FileCache<FeatureRecord>("features", FeatureFile.Name, folders, options, time, logger)
{
    /// <summary>The features of a recipe, where there are any.</summary>
    public SplitFeatures? Find(FeatureRecipe recipe, int count, CancellationToken cancellationToken) =>
        Find(recipe.Key(), record => record.Count == count, cancellationToken) is var (file, record)
            ? new SplitFeatures(file, record)
            : null;

    /// <summary>A folder to extract a recipe's features in; null while another worker has it.</summary>
    public CacheClaim? TryBegin(FeatureRecipe recipe) => TryBegin(recipe.Key());

    /// <summary>Makes features everybody's: those of the claim.</summary>
    public void Publish(CacheClaim claim, FeatureRecipe recipe, FeatureRecord record, CancellationToken cancellationToken) =>
        Publish(claim, recipe.Key(), digest => record with { Xxh128 = digest }, addFiles: null, cancellationToken);
}

/// <summary>What is recorded beside features.</summary>
/// <param name="Count">Number of samples.</param>
/// <param name="Dimension">Numbers a sample.</param>
/// <param name="Inspection">What the checkpoint was found to be; its list of tensors left out.</param>
/// <param name="Finished">What computed them.</param>
/// <param name="Decoders">Libraries that made pixels of the files, where the images were packed before.</param>
/// <param name="Xxh128">As in <see cref="CacheRecord"/>.</param>
internal sealed record FeatureRecord(
    int Count,
    int Dimension,
    CheckpointInspection Inspection,
    Finished Finished,
    IReadOnlyDictionary<string, string> Decoders,
    string Xxh128 = "") : CacheRecord(Xxh128)
{
    public override long Length => FeatureFile.Length(Count, Dimension);
}

/// <summary>Features of a split that were just found to be what their record says.</summary>
/// <param name="File">The file; see <see cref="FeatureFile"/>.</param>
/// <param name="Record">Its record.</param>
internal sealed record SplitFeatures(string File, FeatureRecord Record);
