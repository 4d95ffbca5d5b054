using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>A dataset whose files were just found to be those of its manifest.</summary>
internal sealed record CheckedDataset(Guid ManifestId, string Sha256, string Folder, IReadOnlyList<ManifestSample> Samples);

/// <summary>
/// Holds datasets to their manifests: the first evaluation of a benchmark writes down every sample's path, target,
/// size and digest; each later one, on any worker, must find the same.
/// </summary>
internal sealed class DatasetManifests(
    NpgsqlDataSource db, ManifestCheck check, LeaderboardFolders folders, WorkerOptions options, DatasetStates states)
{
    /// <summary>Checks the dataset, indexing it where it never was; throws where it is not what it must be.</summary>
    public async Task<CheckedDataset> OpenAsync(
        Guid benchmarkId, BenchmarkDefinition benchmark, CancellationToken cancellationToken)
    {
        try
        {
            var folder = DatasetLayout.FolderOf(benchmark, folders.Datasets);
            var samples = DatasetLayout.Read(benchmark, folder);
            var manifest = await db.FindManifestAsync(benchmarkId, cancellationToken)
                ?? await IndexAsync(benchmarkId, benchmark, folder, samples, cancellationToken);
            check.Verify(folder, samples, manifest.Samples, options.Threads, cancellationToken);
            await states.ReportFoundAsync(benchmarkId, "indexed", message: null, cancellationToken);
            return new CheckedDataset(manifest.Id, manifest.Sha256, folder, manifest.Samples);
        }
        catch (EvaluationFailedException failure)
        {
            var state = failure.Code == FailureCodes.DatasetMissing ? "missing" : "changed";
            await states.ReportFoundAsync(benchmarkId, state, failure.Message, cancellationToken);
            throw;
        }
    }

    private async Task<StoredManifest> IndexAsync(
        Guid benchmarkId,
        BenchmarkDefinition benchmark,
        string folder,
        IReadOnlyList<Sample> samples,
        CancellationToken cancellationToken)
    {
        var built = Manifest.Build(folder, samples, options.Threads, cancellationToken);
        var sha256 = Manifest.Digest(built);
        if (benchmark.SampleCount is { } count && count != built.Count)
        {
            throw Changed($"it has {built.Count} samples; the benchmark says {count}");
        }
        if (benchmark.ManifestSha256 is { } expected && expected != sha256)
        {
            throw Changed($"its manifest's digest is {sha256}; the benchmark says {expected}");
        }
        await db.InsertManifestAsync(benchmarkId, sha256, built, cancellationToken);
        // Another worker may have been first: its manifest is the one, and the check decides whether ours agrees.
        return (await db.FindManifestAsync(benchmarkId, cancellationToken))!;

        EvaluationFailedException Changed(string difference) => new(
            FailureCodes.DatasetChanged, $"The dataset of {benchmark.Name}@{benchmark.Version} in '{benchmark.Path}' differs: {difference}.");
    }
}
