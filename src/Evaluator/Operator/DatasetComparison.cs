using Leaderboard.Evaluator.Datasets;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Operator;

/// <summary>A part of a dataset as it was found.</summary>
internal sealed record WalkedPart(
    DatasetPart Part, SplitReport Report, IReadOnlyList<Sample> Samples, IReadOnlyList<FileContent> Contents);

/// <summary>A file and the digest of what is in it.</summary>
internal sealed record FileContent(string Path, string Sha256);

/// <summary>What is told of a dataset by comparing: files with each other, splits, samples with the manifest.</summary>
internal static class DatasetComparison
{
    /// <summary>How often each class is there.</summary>
    public static Dictionary<int, int> CountByClass(IEnumerable<int> targets) => targets.CountBy(target => target).ToDictionary();

    /// <summary>The classes that have another number of samples than in the manifest.</summary>
    public static IEnumerable<ClassDifference> ClassDifferences(
        BenchmarkDefinition benchmark, IReadOnlyList<Sample> samples, IReadOnlyList<ManifestSample> manifest)
    {
        var found = CountByClass(samples.SelectMany(sample => sample.Classes));
        var expected = CountByClass(manifest.SelectMany(sample => sample.Classes));
        var names = new Dictionary<int, string>();
        if (benchmark.Layout == Layouts.ImageFolder)
        {
            foreach (var (path, target) in manifest.Select(sample => (sample.Path, sample.Target))
                .Concat(samples.Select(sample => (sample.Path, sample.Target))))
            {
                names.TryAdd(target, ClassFolders.NameOf(path));
            }
        }
        return
        [
            .. from target in found.Keys.Union(expected.Keys).Order()
               let counts = (Expected: expected.GetValueOrDefault(target), Found: found.GetValueOrDefault(target))
               where counts.Expected != counts.Found
               select new ClassDifference(target, names.GetValueOrDefault(target), counts.Expected, counts.Found),
        ];
    }

    /// <summary>Marks a train split whose class folders are not those that are evaluated: evaluations refuse it.</summary>
    public static void CompareClasses(BenchmarkDefinition benchmark, List<WalkedPart> walked)
    {
        if (walked is [{ Part.Split: Split.Train, Samples.Count: > 0 } train, { Samples.Count: > 0 } evaluated]
            && !walked.Exists(part => part.Report.Unreadable.Any(IsFolder))
            && ClassFolders.Difference(
                benchmark, train.Samples.Select(sample => sample.Path), evaluated.Samples.Select(sample => sample.Path)) is { } difference)
        {
            walked[0] = train with { Report = train.Report with { Difference = train.Report.Difference ?? difference } };
        }
    }

    private static bool IsFolder(FileFinding finding) => !finding.Path.Contains('/', StringComparison.Ordinal);

    /// <summary>The files of a content that an earlier one has.</summary>
    public static IEnumerable<FileFinding> Duplicates(IEnumerable<FileContent> contents)
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

    /// <summary>
    /// The files of other splits whose content is in train too, within a realm: another realm's classes are another task.
    /// </summary>
    public static List<FileFinding> Overlaps(List<WalkedPart> walked)
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
}
