using System.Collections.Concurrent;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// Has a dataset's images decoded and transformed once, for all evaluations. The child that does it is given the
/// dataset and no checkpoint, so that nothing that a checkpoint may have taken over writes what others are scored on.
/// </summary>
internal sealed partial class ImagePacker(
    ImageCache cache, RunnerProcess runner, WorkerOptions options, TimeProvider time, ILogger<ImagePacker> logger)
{
    // A full disk is emptied, a busy machine gets idle: what failed may succeed later.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> givenUp = new();

    /// <summary>
    /// The dataset's packed images, made now where there are none, for the caller to dispose of; null where images are to be decoded as they are
    /// needed: the cache is off or full, another worker is packing them, or packing has failed here within the last hour.
    /// Throws <see cref="EvaluationFailedException"/> for an image that cannot be read.
    /// </summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="transform">The benchmark's own eval transform.</param>
    /// <param name="onProgress">Told while images are packed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<PackedDataset?> OpenAsync(
        CheckedDataset dataset, EvalTransform transform, Action<Progress> onProgress, CancellationToken cancellationToken)
    {
        if (options.CacheBytes == 0)
        {
            return null;
        }
        var recipe = PackRecipe.Of(dataset.Sha256, transform);
        if (givenUp.TryGetValue(recipe.Key(), out var failedAt) && time.GetUtcNow() - failedAt < RetryAfter)
        {
            return null;
        }
        try
        {
            return cache.Find(recipe, dataset.Samples.Count, cancellationToken)
                ?? await MakeAsync(recipe, dataset, transform, onProgress, cancellationToken);
        }
        catch (Exception fault) when (
            fault is RunnerCrashedException or IOException or UnauthorizedAccessException
            || (fault is EvaluationFailedException failure && !IsOfAnImage(failure)))
        {
            givenUp[recipe.Key()] = time.GetUtcNow();
            LogFailed(dataset.Sha256, fault.Message, (fault as RunnerCrashedException)?.Log ?? "");
            return null;
        }
    }

    // The evaluation would meet the same; the packer's memory and time limits it would not.
    private static bool IsOfAnImage(EvaluationFailedException failure) =>
        failure.Code is FailureCodes.ImageUnreadable or FailureCodes.ImageSizeVaries;

    // Without a crop only the packer learns the images' size, and so the room that they need.
    private async Task<PackedDataset?> MakeAsync(
        PackRecipe recipe, CheckedDataset dataset, EvalTransform transform, Action<Progress> onProgress,
        CancellationToken cancellationToken)
    {
        var count = dataset.Samples.Count;
        using var packing = cache.TryBegin(recipe);
        if (packing is null)
        {
            return null;
        }
        if (cache.Find(recipe, count, cancellationToken) is { } madeMeanwhile)
        {
            return madeMeanwhile;
        }
        var need = transform.Crop is { } crop ? PackedFormat.Length(count, new ImageSize(crop, crop)) : 0;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var room = cache.Room.Make(need);
            if (room < need)
            {
                break;
            }
            var packed = await RunAsync(packing, dataset, transform, room, onProgress, cancellationToken);
            var size = new ImageSize(packed.Width, packed.Height);
            if (packed.Written)
            {
                if (!recipe.IsMadeBy(packed.Decoders))
                {
                    throw new RunnerCrashedException("The packer decodes with other libraries than this worker has loaded.", log: "");
                }
                LeftFile.Require(packing.File, PackedFormat.Header(count, size), PackedFormat.Length(count, size));
                runner.TakeBack(packing.File);
                cache.Publish(
                    packing, recipe, size, [.. dataset.Samples.Select(sample => sample.Target)], cancellationToken);
                return cache.Find(recipe, count, cancellationToken)
                    ?? throw new IOException("Packed images that were just kept cannot be read.");
            }
            need = PackedFormat.Length(count, size);
        }
        LogNoRoom(dataset.Sha256, need);
        return null;
    }

    private async Task<Packed> RunAsync(
        CacheClaim packing, CheckedDataset dataset, EvalTransform transform, long room, Action<Progress> onProgress,
        CancellationToken cancellationToken)
    {
        SampleList.Write(Path.Combine(packing.Scratch, "samples"), dataset.Samples.Select(sample => sample.Path));
        runner.HandOver(packing.Scratch);
        var input = new Mount(dataset.Folder, "/runner/input/dataset");
        var scratch = new Mount(packing.Scratch, "/runner/scratch", Writable: true);
        var request = new PackRequest(
            new FilesRequest(runner.Seen(input), $"{runner.Seen(scratch)}/samples"),
            transform, $"{runner.Seen(scratch)}/{PackedFormat.ImagesFile}", room, options.Threads);
        return await runner.RunAsync<Packed>(
            "pack", request, [input, scratch],
            new RunnerLimits(options.TimeLimit, options.MemoryBytes, Math.Max(room, RunnerLimits.SmallFiles)),
            message =>
            {
                if (message is Progress step)
                {
                    onProgress(step);
                }
            },
            cancellationToken);
    }

    [LoggerMessage(1, LogLevel.Warning, "Images of manifest {Manifest} are not packed: {Reason} {Log}")]
    private partial void LogFailed(string manifest, string reason, string log);

    [LoggerMessage(2, LogLevel.Information, "Images of manifest {Manifest} are not packed: there is no room for {Bytes} bytes")]
    private partial void LogNoRoom(string manifest, long bytes);
}
