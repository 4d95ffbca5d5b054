using System.Collections.Concurrent;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>Verifies before an evaluation that a dataset is what its manifest says.</summary>
internal sealed class ManifestCheck(FileDigests digests)
{
    /// <summary>
    /// Compares every path, target, size and digest, and throws <see cref="EvaluationFailedException"/> naming what is
    /// missing, extra or changed. The progress is how many samples are done.
    /// </summary>
    public void Verify(
        BenchmarkDefinition definition,
        string folder,
        IReadOnlyList<ManifestSample> manifest,
        int maxParallelism,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var listed = DatasetLayout.List(definition, folder);
        var targets = listed.ToDictionary(sample => sample.Path, sample => sample.Target, StringComparer.Ordinal);
        var known = manifest.Select(sample => sample.Path).ToHashSet(StringComparer.Ordinal);
        var folders = DatasetPath.NoFolders();
        var present = manifest.ToLookup(
            sample => targets.ContainsKey(sample.Path) && DatasetPath.IsFile(folder, sample.Path, folders));

        var moved = present[true].Where(sample => targets[sample.Path] != sample.Target);
        List<(string What, IReadOnlyCollection<string> Paths)> differences =
        [
            ("missing", [.. present[false].Select(sample => sample.Path)]),
            ("extra", [.. targets.Keys.Where(path => !known.Contains(path))]),
            ("of another class", [.. moved.Select(sample => sample.Path)]),
            ("changed", Changed(folder, [.. present[true]], maxParallelism, progress, cancellationToken)),
        ];
        differences.RemoveAll(difference => difference.Paths.Count == 0);
        if (differences.Count > 0)
        {
            throw Differs(folder, string.Join("; ", differences.Select(
                difference => FormattableString.Invariant(
                    $"{difference.Paths.Count} {difference.What} ({Few.Of(difference.Paths)})"))));
        }
        if (!listed.Select(sample => sample.Path).SequenceEqual(manifest.Select(sample => sample.Path)))
        {
            throw Differs(folder, "its samples stand in another order");
        }
    }

    private List<string> Changed(
        string folder,
        IReadOnlyList<ManifestSample> samples,
        int maxParallelism,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var changed = new ConcurrentBag<string>();
        var done = 0;
        Parallel.ForEach(
            samples,
            new ParallelOptions { MaxDegreeOfParallelism = maxParallelism, CancellationToken = cancellationToken },
            sample =>
            {
                if (digests.Read(Path.Combine(folder, sample.Path)) is not var (bytes, sha256)
                    || bytes != sample.Bytes
                    || !sha256.AsSpan().SequenceEqual(sample.Sha256))
                {
                    changed.Add(sample.Path);
                }
                progress?.Report(Interlocked.Increment(ref done));
            });
        return [.. changed.Order(StringComparer.Ordinal)];
    }

    private static EvaluationFailedException Differs(string folder, string how) =>
        new(FailureCodes.DatasetChanged, $"The dataset in {folder} differs from its manifest: {how}.");
}
