using System.Security.Cryptography;
using System.Text;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>One sample as it was at first indexing.</summary>
/// <param name="Path">Path relative to the dataset's folder, with forward slashes.</param>
/// <param name="Target">As in <see cref="Sample"/>.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Digest of the file, 32 bytes.</param>
/// <param name="Targets">As in <see cref="Sample"/>.</param>
internal sealed record ManifestSample(string Path, int Target, long Bytes, byte[] Sha256, int[]? Targets = null)
{
    /// <summary>Its right classes, one or several.</summary>
    public int[] Classes => Targets ?? [Target];

    /// <summary>Its classes with commas between them.</summary>
    public string TargetText => string.Join(',', Classes);
}

/// <summary>The record of a dataset's files that every later evaluation must find unchanged.</summary>
internal static class Manifest
{
    /// <summary>
    /// Hashes every sample's file, leaving the digests where a later <see cref="ManifestCheck"/> of this process finds them.
    /// </summary>
    public static IReadOnlyList<ManifestSample> Build(
        FileDigests digests,
        string dataset,
        string folder,
        IReadOnlyList<Sample> samples,
        int maxParallelism,
        CancellationToken cancellationToken)
    {
        var manifest = new ManifestSample[samples.Count];
        EachSample.Do(
            samples.Count,
            maxParallelism,
            progress: null,
            index =>
            {
                var (path, target, targets) = samples[index];
                var shown = $"{dataset}/{path}";
                var (bytes, sha256) =
                    DatasetFailure.Reading(shown, () => digests.Read(Path.Combine(folder, path)))
                    ?? throw DatasetFailure.Missing($"There is no file {DatasetPath.Printable(shown)}.");
                manifest[index] = new ManifestSample(path, target, bytes, sha256, targets?.ToArray());
            },
            cancellationToken);
        return manifest;
    }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of one line a sample in the dataset's order: path, target (several with commas
    /// between them), bytes and digest, separated by tabs and ended by a line feed.
    /// </summary>
    public static string Digest(IReadOnlyList<ManifestSample> samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sample in samples)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
                $"{sample.Path}\t{sample.TargetText}\t{sample.Bytes}\t{Convert.ToHexStringLower(sample.Sha256)}\n")));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Compares a new manifest with what the definition may say of it beforehand.</summary>
    public static void RequireDefinition(BenchmarkDefinition definition, IReadOnlyList<ManifestSample> samples)
    {
        if (definition.SampleCount is { } count && count != samples.Count)
        {
            throw DatasetFailure.Changed(
                $"The dataset has {samples.Count} samples, but the benchmark's sample_count is {count}.");
        }
        if (definition.ManifestSha256 is { } expected && Digest(samples) is var actual && actual != expected)
        {
            throw DatasetFailure.Changed(
                $"The dataset's manifest has the digest {actual}, but the benchmark's manifest_sha256 is {expected}.");
        }
    }
}
