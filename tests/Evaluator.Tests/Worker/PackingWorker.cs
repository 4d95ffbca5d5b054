using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared;
using Leaderboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>The parts of a worker that pack images, on a home of their own.</summary>
internal sealed class PackingWorker(
    TemporaryFolder home, long cacheBytes = 1_000_000_000, TimeProvider? time = null, TimeSpan? timeLimit = null)
{
    private readonly WorkerOptions options =
        new() { CacheBytes = cacheBytes, Threads = 2, TimeLimit = timeLimit ?? TimeSpan.FromMinutes(10) };

    public ImageCache Cache => field ??= new ImageCache(
        new LeaderboardFolders(home.Path, home.At("datasets")), options, time ?? TimeProvider.System, NullLogger<ImageCache>.Instance);

    public ImagePacker Packer => field ??= new ImagePacker(
        Cache, new RunnerProcess(Sandbox.Probe(), options), options, time ?? TimeProvider.System, NullLogger<ImagePacker>.Instance);

    /// <summary>The packed files of the home.</summary>
    public static string[] PackedFiles(TemporaryFolder home) =>
        Directory.GetFiles(home.At("cache", "images"), "images.safetensors", SearchOption.AllDirectories);

    /// <summary>What is left of packing that is over.</summary>
    public static string[] Leftovers(TemporaryFolder home) =>
        Directory.GetFileSystemEntries(home.At("cache", "images", "incoming"));

    /// <summary>A dataset of files that are there, whose manifest has the given name for a digest.</summary>
    public static CheckedDataset Dataset(string folder, IEnumerable<string> samples, string manifest = "manifest") =>
        new(DatasetPart.Evaluated, Guid.Empty, manifest, folder, [.. samples.Select((path, i) => new ManifestSample(path, i % 10, 0, []))]);
}
