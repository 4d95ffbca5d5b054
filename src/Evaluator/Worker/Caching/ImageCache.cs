using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>Packed datasets, by recipe.</summary>
internal sealed class ImageCache(
    LeaderboardFolders folders, WorkerOptions options, TimeProvider time, ILogger<ImageCache> logger)
    : FileCache<PackRecord>("images", PackedFormat.ImagesFile, folders, options, time, logger)
{
    /// <summary>The packed images of a recipe, where there are any.</summary>
    public PackedDataset? Find(PackRecipe recipe, int count, CancellationToken cancellationToken) =>
        Find(recipe.Key(), record => record.Count == count, cancellationToken) is var (file, record, hold)
            ? new PackedDataset(file, record with { Recipe = recipe }, hold)
            : null;

    /// <summary>A folder to pack a recipe in; null while another worker has it.</summary>
    public CacheClaim? TryBegin(PackRecipe recipe) => TryBegin(recipe.Key());

    /// <summary>Makes packed images everybody's: those of the claim, with their targets.</summary>
    public void Publish(
        CacheClaim claim, PackRecipe recipe, ImageSize size, IReadOnlyList<int> targets, CancellationToken cancellationToken) =>
        Publish(
            claim,
            recipe.Key(),
            digest => new PackRecord(recipe, targets.Count, size.Width, size.Height, digest),
            folder => PackedFormat.WriteTargets(Path.Combine(folder, PackedFormat.TargetsFile), targets),
            cancellationToken);
}
