using System.Security.Cryptography;
using System.Text;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>One sample as it was at first indexing.</summary>
/// <param name="Path">Path relative to the dataset's folder, with forward slashes.</param>
/// <param name="Target">Index of the class, in [0, class_count).</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Digest of the file, 32 bytes.</param>
internal sealed record ManifestSample(string Path, int Target, long Bytes, byte[] Sha256);

/// <summary>The record of a dataset's files that every later evaluation must find unchanged.</summary>
internal static class Manifest
{
    /// <summary>
    /// Hashes every sample's file, leaving the digests where a later <see cref="ManifestCheck"/> of this process finds
    /// them; the progress is how many are done.
    /// </summary>
    public static IReadOnlyList<ManifestSample> Build(
        FileDigests digests,
        BenchmarkDefinition definition,
        string folder,
        IReadOnlyList<Sample> samples,
        int maxParallelism,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        var manifest = new ManifestSample[samples.Count];
        EachSample.Do(
            samples.Count,
            maxParallelism,
            progress,
            index =>
            {
                var (path, target) = samples[index];
                var shown = $"{definition.Path}/{path}";
                var (bytes, sha256) =
                    DatasetFailure.Reading(shown, () => digests.Read(Path.Combine(folder, path)))
                    ?? throw DatasetFailure.Missing($"There is no file {DatasetPath.Printable(shown)}.");
                manifest[index] = new ManifestSample(path, target, bytes, sha256);
            },
            cancellationToken);
        return manifest;
    }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of one line a sample in the dataset's order: path, target, bytes and digest,
    /// separated by tabs and ended by a line feed.
    /// </summary>
    public static string Digest(IReadOnlyList<ManifestSample> samples)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sample in samples)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
                $"{sample.Path}\t{sample.Target}\t{sample.Bytes}\t{Convert.ToHexStringLower(sample.Sha256)}\n")));
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
