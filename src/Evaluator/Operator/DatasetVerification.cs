using System.Collections.Concurrent;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared;
using Leaderboard.Shared.Benchmarks;
using Npgsql;

namespace Leaderboard.Evaluator.Operator;

/// <summary>
/// Walks a benchmark's dataset, part after part: lists it, looks for every file, hashes and decodes it, and compares with
/// the manifest. Images are decoded in the sandbox.
/// </summary>
internal sealed class DatasetVerification(
    NpgsqlDataSource db, LeaderboardFolders folders, FileDigests digests, ManifestCheck check, RunnerProcess runner,
    WorkerOptions options, TimeProvider time)
{
    private const int Named = 100;

    public async Task<DatasetReport> RunAsync(Guid benchmarkId, BenchmarkDefinition benchmark)
    {
        var walked = new List<WalkedPart>();
        foreach (var part in SplitsToLearn.AllParts(benchmark, folders.Datasets))
        {
            walked.Add(await WalkAsync(benchmarkId, benchmark, part));
        }
        DatasetComparison.CompareClasses(benchmark, walked);
        var overlaps = DatasetComparison.Overlaps(walked);
        return new DatasetReport(
            time.GetUtcNow().UtcDateTime, [.. walked.Select(part => part.Report)], overlaps.Count, [.. overlaps.Take(Named)]);
    }

    private async Task<WalkedPart> WalkAsync(Guid benchmarkId, BenchmarkDefinition benchmark, DatasetPart part)
    {
        string folder;
        IReadOnlyList<Sample> samples;
        var unreadable = new List<FileFinding>();
        try
        {
            folder = DatasetLayout.FolderOf(benchmark, part, folders.Datasets);
            samples = DatasetLayout.List(benchmark, part, folder, unreadable);
        }
        catch (EvaluationFailedException unlisted)
        {
            return new WalkedPart(part, Empty(part) with { Problem = unlisted.Message }, [], []);
        }
        var known = DatasetPath.NoFolders();
        var present = samples.ToLookup(sample => DatasetPath.IsFile(folder, sample.Path, known));
        var denied = present[false].ToLookup(
            sample => FileStatus.Of(Path.Combine(folder, sample.Path)).Kind == FileKind.Denied, sample => sample.Path);
        List<string> paths = [.. present[true].Select(sample => sample.Path).Distinct()];
        unreadable.AddRange(denied[true].Distinct().Select(path => new FileFinding(path, $"{path}: permission denied")));
        var contents = await ProgressBar.ShowAsync(
            $"{part}: reading {paths.Count} files", paths.Count, bar => Task.Run(() => Hash(folder, paths, unreadable, bar)));
        List<string> read = [.. contents.Select(file => file.Path)];
        unreadable.AddRange(await ProgressBar.ShowAsync(
            $"{part}: decoding {read.Count} images", read.Count, bar => DecodeAsync(folder, read, bar)));
        List<FileFinding> duplicates = [.. DatasetComparison.Duplicates(contents)];
        List<string> missing = [.. denied[false]];
        var classes = DatasetComparison.CountByClass(samples.SelectMany(sample => sample.Classes));
        var manifest = await db.FindManifestAsync(benchmarkId, part, CancellationToken.None);
        List<ClassDifference> differences = manifest is null ? [] : [.. DatasetComparison.ClassDifferences(benchmark, samples, manifest.Samples)];
        var classCount = part.Realm?.ClassCount ?? benchmark.ClassMask?.Count ?? benchmark.ClassCount;
        var report = Empty(part) with
        {
            SampleCount = samples.Count,
            ClassCount = classes.Count,
            EmptyClassCount = classCount - classes.Count,
            SmallestClass = classes.Count == 0 ? 0 : classes.Values.Min(),
            LargestClass = classes.Count == 0 ? 0 : classes.Values.Max(),
            MissingCount = missing.Count,
            Missing = [.. missing.Take(Named)],
            UnreadableCount = unreadable.Count,
            Unreadable = [.. unreadable.Take(Named)],
            DuplicateCount = duplicates.Count,
            Duplicates = [.. duplicates.Take(Named)],
            Difference = manifest is null ? null : Difference(benchmark, part, folder, manifest),
            ManifestCount = manifest?.Samples.Count,
            ClassDifferenceCount = differences.Count,
            ClassDifferences = [.. differences.Take(Named)],
        };
        return new WalkedPart(part, report, samples, contents);
    }

    private List<FileContent> Hash(string folder, List<string> paths, List<FileFinding> unreadable, IProgress<int> progress)
    {
        var hashed = new ConcurrentBag<(int Index, FileContent Content)>();
        var refused = new ConcurrentBag<(int Index, FileFinding Finding)>();
        EachSample.Do(
            paths.Count, options.Threads, progress,
            index =>
            {
                try
                {
                    if (digests.Read(Path.Combine(folder, paths[index])) is var (_, sha256))
                    {
                        hashed.Add((index, new FileContent(paths[index], Convert.ToHexString(sha256))));
                    }
                }
                catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
                {
                    refused.Add((index, new FileFinding(paths[index], $"{paths[index]}: {DatasetFailure.Reason(refusal)}")));
                }
            },
            CancellationToken.None);
        unreadable.AddRange(refused.OrderBy(file => file.Index).Select(file => file.Finding));
        return [.. hashed.OrderBy(file => file.Index).Select(file => file.Content)];
    }

    private async Task<IEnumerable<FileFinding>> DecodeAsync(string folder, List<string> paths, ProgressBar progress)
    {
        if (paths.Count == 0)
        {
            return [];
        }
        using var scratch = ScratchFolder.At(Path.Combine(folders.Scratch, $"verify-{Guid.NewGuid():N}"));
        SampleList.Write(Path.Combine(scratch.Path, "samples"), paths);
        var (images, list) = (new Mount(folder, "/runner/input/dataset"), new Mount(scratch.Path, "/runner/scratch", Writable: true));
        runner.HandOver(scratch.Path);
        var tried = await runner.RunAsync<Checked>(
            "check",
            new CheckRequest(new FilesRequest(runner.Seen(images), $"{runner.Seen(list)}/samples"), options.Threads),
            [images, list],
            new RunnerLimits(options.TimeLimit, options.MemoryBytes, RunnerLimits.SmallFiles),
            message =>
            {
                if (message is Progress step)
                {
                    progress.Report(step.Done);
                }
            },
            CancellationToken.None);
        return tried.Unreadable.Where(image => image.Index < paths.Count)
            .Select(image => new FileFinding(paths[image.Index], image.Reason));
    }

    private string? Difference(BenchmarkDefinition benchmark, DatasetPart part, string folder, StoredManifest manifest)
    {
        try
        {
            check.Verify(benchmark, part, folder, manifest.Samples, options.Threads, progress: null, CancellationToken.None);
            return null;
        }
        catch (EvaluationFailedException difference)
        {
            return difference.Message;
        }
    }

    private static SplitReport Empty(DatasetPart part) => new(
        part.Realm?.Name ?? "", part.Split, null, 0, part.Complete, 0, 0, 0, 0, 0, [], 0, [], 0, [], null);
}
