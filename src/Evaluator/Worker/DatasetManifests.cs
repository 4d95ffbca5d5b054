using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Evaluator.Worker;

/// <summary>A part of a dataset whose files were just found to be those of its manifest.</summary>
internal sealed record CheckedDataset(
    DatasetPart Part, Guid ManifestId, string Sha256, string Folder, IReadOnlyList<ManifestSample> Samples)
{
    /// <summary>The right classes of each sample.</summary>
    public IReadOnlyList<int[]> Targets() => [.. Samples.Select(sample => sample.Classes)];

    /// <summary>Some of its samples, with a digest of their own.</summary>
    public CheckedDataset Only(IReadOnlyList<int> samples)
    {
        List<ManifestSample> kept = [.. samples.Select(sample => Samples[sample])];
        return this with { Samples = kept, Sha256 = Manifest.Digest(kept) };
    }
}

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
    /// <summary>
    /// Checks the part that a benchmark evaluates, indexing it where it never was; throws where it is not what it must be.
    /// </summary>
    public Task<CheckedDataset> OpenAsync(
        Guid benchmarkId, BenchmarkDefinition benchmark, CancellationToken cancellationToken) =>
        ReportingAsync(
            benchmarkId, () => OpenPartAsync(benchmarkId, benchmark, DatasetPart.Evaluated, cancellationToken), cancellationToken);

    /// <summary>The same for the splits that a protocol on features takes.</summary>
    public Task<LearningSplits> OpenSplitsAsync(
        Guid benchmarkId, BenchmarkDefinition benchmark, Realm? realm, CancellationToken cancellationToken) =>
        ReportingAsync(
            benchmarkId,
            async () =>
            {
                var parts = SplitsToLearn.Of(benchmark, realm, folders.Datasets);
                Task<CheckedDataset> Open(DatasetPart part) => OpenPartAsync(benchmarkId, benchmark, part, cancellationToken);
                var splits = new LearningSplits(
                    await Open(parts.Train),
                    parts.Selection is { } selection ? await Open(selection) : null,
                    await Open(parts.Evaluated));
                ClassFolders.RequireSame(benchmark, splits.Train.Samples, splits.Evaluated.Samples);
                return splits;
            },
            cancellationToken);

    /// <summary>The same for one part, without a word about it beside the benchmark.</summary>
    public async Task<CheckedDataset> OpenPartAsync(
        Guid benchmarkId, BenchmarkDefinition benchmark, DatasetPart part, CancellationToken cancellationToken)
    {
        var folder = DatasetLayout.FolderOf(benchmark, part, folders.Datasets);
        var manifest = await db.FindManifestAsync(benchmarkId, part, cancellationToken)
            ?? await IndexAsync(benchmarkId, benchmark, part, folder, cancellationToken);
        check.Verify(benchmark, part, folder, manifest.Samples, options.Threads, progress: null, cancellationToken);
        return new CheckedDataset(part, manifest.Id, manifest.Sha256, folder, manifest.Samples);
    }

    private async Task<T> ReportingAsync<T>(Guid benchmarkId, Func<Task<T>> open, CancellationToken cancellationToken)
    {
        try
        {
            var opened = await open();
            await states.ReportFoundAsync(benchmarkId, "indexed", message: null, cancellationToken);
            return opened;
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
        Guid benchmarkId, BenchmarkDefinition benchmark, DatasetPart part, string folder, CancellationToken cancellationToken)
    {
        var samples = Manifest.Build(
            digests, DatasetLayout.PathOf(benchmark, part), folder, DatasetLayout.Read(benchmark, part, folder),
            options.Threads, cancellationToken);
        if (part == DatasetPart.Evaluated)
        {
            Manifest.RequireDefinition(benchmark, samples);
        }
        await db.InsertManifestAsync(benchmarkId, part, Manifest.Digest(samples), samples, cancellationToken);
        return (await db.FindManifestAsync(benchmarkId, part, cancellationToken))!;
    }
}

/// <summary>The splits of a dataset, or of one of its realms, that a protocol on features takes.</summary>
/// <param name="Train">What is learnt from.</param>
/// <param name="Selection">What a penalty is selected on; null where that is a part of train, or nothing is selected.</param>
/// <param name="Evaluated">What is scored.</param>
internal sealed record LearningSplits(CheckedDataset Train, CheckedDataset? Selection, CheckedDataset Evaluated)
{
    public IEnumerable<CheckedDataset> All => Selection is null ? [Train, Evaluated] : [Train, Selection, Evaluated];
}
