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
        var overlaps = Overlaps(walked);
        return new DatasetReport(
            time.GetUtcNow().UtcDateTime, [.. walked.Select(part => part.Report)], overlaps.Count, [.. overlaps.Take(Named)]);
    }

    private async Task<WalkedPart> WalkAsync(Guid benchmarkId, BenchmarkDefinition benchmark, DatasetPart part)
    {
        string folder;
        IReadOnlyList<Sample> samples;
        try
        {
            folder = DatasetLayout.FolderOf(benchmark, part, folders.Datasets);
            samples = DatasetLayout.List(benchmark, part, folder);
        }
        catch (EvaluationFailedException unlisted)
        {
            return new WalkedPart(part, Empty(part) with { Problem = unlisted.Message }, []);
        }
        var known = DatasetPath.NoFolders();
        var present = samples.ToLookup(sample => DatasetPath.IsFile(folder, sample.Path, known));
        List<string> paths = [.. present[true].Select(sample => sample.Path).Distinct()];
        var contents = await ProgressBar.ShowAsync(
            $"{part}: reading {paths.Count} files", paths.Count, bar => Task.Run(() => Hash(folder, paths, bar)));
        var unreadable = await ProgressBar.ShowAsync(
            $"{part}: decoding {paths.Count} images", paths.Count, bar => DecodeAsync(folder, paths, bar));
        List<FileFinding> duplicates = [.. Duplicates(contents)];
        List<string> missing = [.. present[false].Select(sample => sample.Path)];
        var classes = samples.SelectMany(sample => sample.Targets ?? [sample.Target]).CountBy(target => target).ToDictionary();
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
            Unreadable = [.. unreadable.Take(Named).Select(image => new FileFinding(paths[image.Index], image.Reason))],
            DuplicateCount = duplicates.Count,
            Duplicates = [.. duplicates.Take(Named)],
            Difference = await DifferenceAsync(benchmarkId, benchmark, part, folder),
        };
        return new WalkedPart(part, report, contents);
    }

    private List<FileContent> Hash(string folder, List<string> paths, IProgress<int> progress)
    {
        var hashed = new ConcurrentBag<(int Index, FileContent Content)>();
        EachSample.Do(
            paths.Count, options.Threads, progress,
            index =>
            {
                if (digests.Read(Path.Combine(folder, paths[index])) is var (_, sha256))
                {
                    hashed.Add((index, new FileContent(paths[index], Convert.ToHexString(sha256))));
                }
            },
            CancellationToken.None);
        return [.. hashed.OrderBy(file => file.Index).Select(file => file.Content)];
    }

    private async Task<IReadOnlyList<UnreadableImage>> DecodeAsync(string folder, List<string> paths, ProgressBar progress)
    {
        if (paths.Count == 0)
        {
            return [];
        }
        using var scratch = ScratchFolder.At(Path.Combine(folders.Scratch, $"verify-{Guid.NewGuid():N}"));
        SampleList.Write(Path.Combine(scratch.Path, "samples"), paths);
        var (images, list) = (new Mount(folder, "/runner/input/dataset"), new Mount(scratch.Path, "/runner/scratch", Writable: true));
        runner.HandOver(scratch.Path);
        Checked? tried = null;
        await runner.RunAsync(
            "check",
            new CheckRequest(new FilesRequest(runner.Seen(images), $"{runner.Seen(list)}/samples"), options.Threads),
            [images, list],
            new RunnerLimits(options.TimeLimit, options.MemoryBytes, RunnerLimits.SmallFiles),
            message =>
            {
                tried = message as Checked ?? tried;
                if (message is Progress step)
                {
                    progress.Report(step.Done);
                }
            },
            CancellationToken.None);
        return tried!.Unreadable;
    }

    private async Task<string?> DifferenceAsync(
        Guid benchmarkId, BenchmarkDefinition benchmark, DatasetPart part, string folder)
    {
        if (await db.FindManifestAsync(benchmarkId, part, CancellationToken.None) is not { } manifest)
        {
            return null;
        }
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

    private static IEnumerable<FileFinding> Duplicates(List<FileContent> contents)
    {
        var first = new Dictionary<string, string>();
        foreach (var (path, sha256) in contents)
        {
            if (!first.TryAdd(sha256, path))
            {
                yield return new FileFinding(path, first[sha256]);
            }
        }
    }

    // Within a realm: another realm's classes are another task.
    private static List<FileFinding> Overlaps(List<WalkedPart> walked)
    {
        var overlaps = new List<FileFinding>();
        foreach (var realm in walked.GroupBy(part => part.Part.Realm?.Name))
        {
            var train = realm.Where(part => part.Part.Split == Split.Train).SelectMany(part => part.Contents)
                .GroupBy(file => file.Sha256).ToDictionary(file => file.Key, file => file.First().Path);
            overlaps.AddRange(realm.Where(part => part.Part.Split != Split.Train).SelectMany(part => part.Contents)
                .Where(file => train.ContainsKey(file.Sha256))
                .Select(file => new FileFinding(file.Path, train[file.Sha256])));
        }
        return overlaps;
    }

    private static SplitReport Empty(DatasetPart part) => new(
        part.Realm?.Name ?? "", part.Split, null, 0, part.Complete, 0, 0, 0, 0, 0, [], 0, [], 0, [], null);

    private sealed record FileContent(string Path, string Sha256);

    private sealed record WalkedPart(DatasetPart Part, SplitReport Report, List<FileContent> Contents);
}
