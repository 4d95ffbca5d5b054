using System.Collections.Concurrent;
using Leaderboard.Shared.Benchmarks;

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
        DatasetPart part,
        string folder,
        IReadOnlyList<ManifestSample> manifest,
        int maxParallelism,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var listed = DatasetLayout.List(definition, part, folder);
        var targets = listed.ToLookup(sample => sample.Path, TargetText, StringComparer.Ordinal);
        var known = manifest.Select(sample => sample.Path).ToHashSet(StringComparer.Ordinal);
        var folders = DatasetPath.NoFolders();
        var present = manifest.ToLookup(
            sample => targets.Contains(sample.Path) && DatasetPath.IsFile(folder, sample.Path, folders));

        var dataset = DatasetLayout.PathOf(definition, part);
        var moved = present[true].Where(sample => !targets[sample.Path].Contains(sample.TargetText));
        List<(string What, IReadOnlyCollection<string> Paths)> differences =
        [
            ("missing", [.. present[false].Select(sample => sample.Path)]),
            ("extra", [.. targets.Select(sample => sample.Key).Where(path => !known.Contains(path))]),
            ("of another class", [.. moved.Select(sample => sample.Path)]),
            ("changed", Changed(dataset, folder, [.. present[true]], maxParallelism, progress, cancellationToken)),
        ];
        differences.RemoveAll(difference => difference.Paths.Count == 0);
        if (differences.Count > 0)
        {
            throw Differs(dataset, string.Join("; ", differences.Select(
                difference => FormattableString.Invariant(
                    $"{difference.Paths.Count} {difference.What} ({Few.Of(difference.Paths)})"))));
        }
        if (!listed.Select(sample => (sample.Path, TargetText(sample)))
            .SequenceEqual(manifest.Select(sample => (sample.Path, sample.TargetText))))
        {
            throw Differs(dataset, "its samples stand in another order");
        }
    }

    private static string TargetText(Sample sample) =>
        new ManifestSample(sample.Path, sample.Target, 0, [], sample.Targets?.ToArray()).TargetText;

    private List<string> Changed(
        string dataset,
        string folder,
        IReadOnlyList<ManifestSample> samples,
        int maxParallelism,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var changed = new ConcurrentBag<string>();
        EachSample.Do(
            samples.Count,
            maxParallelism,
            progress,
            index =>
            {
                var (path, _, expectedBytes, expectedSha256, _) = samples[index];
                var found = DatasetFailure.Reading(
                    $"{dataset}/{path}", () => digests.Read(Path.Combine(folder, path)));
                if (found is not var (bytes, sha256)
                    || bytes != expectedBytes
                    || !sha256.AsSpan().SequenceEqual(expectedSha256))
                {
                    changed.Add(path);
                }
            },
            cancellationToken);
        return [.. changed.Order(StringComparer.Ordinal)];
    }

    private static EvaluationFailedException Differs(string dataset, string how) =>
        DatasetFailure.Changed($"The dataset in {dataset} differs from its manifest: {how}.");
}
