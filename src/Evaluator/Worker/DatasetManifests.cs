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
    NpgsqlDataSource db,
    FileDigests digests,
    ManifestCheck check,
    LeaderboardFolders folders,
    WorkerOptions options,
    DatasetStates states)
{
    /// <summary>Checks the dataset, indexing it where it never was; throws where it is not what it must be.</summary>
    public async Task<CheckedDataset> OpenAsync(
        Guid benchmarkId, BenchmarkDefinition benchmark, CancellationToken cancellationToken)
    {
        try
        {
            var folder = DatasetLayout.FolderOf(benchmark, folders.Datasets);
            var manifest = await db.FindManifestAsync(benchmarkId, cancellationToken)
                ?? await IndexAsync(benchmarkId, benchmark, folder, cancellationToken);
            check.Verify(benchmark, folder, manifest.Samples, options.Threads, progress: null, cancellationToken);
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

    // Another worker may be first: its manifest is then the one, and the check decides whether our files agree.
    private async Task<StoredManifest> IndexAsync(
        Guid benchmarkId, BenchmarkDefinition benchmark, string folder, CancellationToken cancellationToken)
    {
        var samples = Manifest.Build(
            digests, benchmark, folder, DatasetLayout.Read(benchmark, folder), options.Threads, progress: null,
            cancellationToken);
        Manifest.RequireDefinition(benchmark, samples);
        await db.InsertManifestAsync(benchmarkId, Manifest.Digest(samples), samples, cancellationToken);
        return (await db.FindManifestAsync(benchmarkId, cancellationToken))!;
    }
}
