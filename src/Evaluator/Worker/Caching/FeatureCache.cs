using Leaderboard.Evaluator.Features;
using Leaderboard.Shared;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>Features of splits, by recipe: probes, neighbours and SVMs of one checkpoint share them.</summary>
internal sealed class FeatureCache(
    LeaderboardFolders folders, WorkerOptions options, TimeProvider time, ILogger<FeatureCache> logger)
    : FileCache<FeatureRecord>("features", FeatureFile.Name, folders, options, time, logger)
{
    /// <summary>The features of a recipe, where there are any.</summary>
    public SplitFeatures? Find(FeatureRecipe recipe, int count, CancellationToken cancellationToken) =>
        Find(recipe.Key(), record => record.Count == count, cancellationToken) is var (file, record, hold)
            ? new SplitFeatures(file, record, hold)
            : null;

    /// <summary>A place for a recipe's features; null while another worker has it.</summary>
    public CacheClaim? TryBegin(FeatureRecipe recipe) => TryBegin(recipe.Key());

    /// <summary>Takes up the room that a claim's features need; false where they cannot be kept.</summary>
    public bool TryReserve(CacheClaim claim, FeatureRecipe recipe, long bytes, CancellationToken cancellationToken) =>
        TryReserve(claim, recipe.Key(), bytes, cancellationToken);

    /// <summary>Makes the features of the claim everybody's, once they were found to be what their record says.</summary>
    public void Publish(CacheClaim claim, FeatureRecipe recipe, FeatureRecord record, CancellationToken cancellationToken) =>
        Publish(claim, recipe.Key(), digest => record with { Xxh128 = digest }, addFiles: null, cancellationToken);
}

/// <summary>What is recorded beside features.</summary>
/// <param name="Count">Number of samples.</param>
/// <param name="Dimension">Numbers a sample.</param>
/// <param name="Answers">The run that they came of; the checkpoint's list of tensors left out.</param>
/// <param name="Xxh128">As in <see cref="CacheRecord"/>.</param>
internal sealed record FeatureRecord(int Count, int Dimension, NetworkAnswers Answers, string Xxh128 = "") : CacheRecord(Xxh128)
{
    public override long Length => FeatureFile.Length(Count, Dimension);
}

/// <summary>Features of a split that were just found to be what their record says, and stay until this is disposed of.</summary>
/// <param name="File">The file; see <see cref="FeatureFile"/>.</param>
/// <param name="Record">Its record.</param>
/// <param name="Hold">Keeps the file from being removed; null where it is the evaluation's own.</param>
internal sealed record SplitFeatures(string File, FeatureRecord Record, IDisposable? Hold) : IDisposable
{
    public void Dispose() => Hold?.Dispose();
}
