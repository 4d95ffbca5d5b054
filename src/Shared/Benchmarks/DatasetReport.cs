using System.Text.Json.Serialization;

namespace Leaderboard.Shared.Benchmarks;

/// <summary>What a walk over a benchmark's dataset found.</summary>
/// <param name="CheckedAt">When it ended, UTC.</param>
/// <param name="Splits">Each part of the dataset.</param>
/// <param name="OverlapCount">Files of a split that is scored or selected on whose content is in its train split too.</param>
/// <param name="Overlaps">The first of them.</param>
public sealed record DatasetReport(
    DateTime CheckedAt, IReadOnlyList<SplitReport> Splits, int OverlapCount, IReadOnlyList<FileFinding> Overlaps)
{
    /// <summary>Whether evaluations can run: duplicates and overlaps are told, and stop nothing.</summary>
    [JsonIgnore]
    public bool IsSound => Splits.All(split => split is { Problem: null, MissingCount: 0, UnreadableCount: 0, Difference: null });
}

/// <summary>What was found in one part of a dataset. Of many findings the first hundred are named; the counts are of all.</summary>
/// <param name="Realm">The realm; empty where there are none.</param>
/// <param name="Split"><c>train</c>, <c>val</c>, <c>test</c>, or <c>evaluated</c> where the layout has one to evaluate.</param>
/// <param name="Problem">Why the part cannot be listed at all; null where it can.</param>
/// <param name="SampleCount">Samples that are listed.</param>
/// <param name="Complete">Samples of a complete copy, where that is known.</param>
/// <param name="ClassCount">Classes that have samples.</param>
/// <param name="EmptyClassCount">Classes without a sample.</param>
/// <param name="SmallestClass">Samples of the smallest class that has any.</param>
/// <param name="LargestClass">Samples of the largest class.</param>
/// <param name="MissingCount">Samples whose files are not there.</param>
/// <param name="Missing">The first of them.</param>
/// <param name="UnreadableCount">Images that cannot be decoded, files and class folders that may not be read.</param>
/// <param name="Unreadable">The first of them.</param>
/// <param name="DuplicateCount">Files of a content that an earlier sample of the part has.</param>
/// <param name="Duplicates">The first of them.</param>
/// <param name="Difference">
/// How the files differ from the manifest, or train's class folders from those that are evaluated; null where they are the
/// same, or there is nothing yet to compare with.
/// </param>
/// <param name="ManifestCount">Samples of the manifest; null where there is none yet.</param>
/// <param name="ClassDifferenceCount">Classes that have another number of samples than in the manifest.</param>
/// <param name="ClassDifferences">The first of them.</param>
public sealed record SplitReport(
    string Realm,
    string Split,
    string? Problem,
    int SampleCount,
    int? Complete,
    int ClassCount,
    int EmptyClassCount,
    int SmallestClass,
    int LargestClass,
    int MissingCount,
    IReadOnlyList<string> Missing,
    int UnreadableCount,
    IReadOnlyList<FileFinding> Unreadable,
    int DuplicateCount,
    IReadOnlyList<FileFinding> Duplicates,
    string? Difference,
    int? ManifestCount = null,
    int ClassDifferenceCount = 0,
    IReadOnlyList<ClassDifference>? ClassDifferences = null);

/// <summary>A class that has another number of samples than in the manifest.</summary>
/// <param name="Class">Its index.</param>
/// <param name="Name">Its folder, where the layout has one a class.</param>
/// <param name="Expected">Samples in the manifest.</param>
/// <param name="Found">Samples that are listed now.</param>
public sealed record ClassDifference(int Class, string? Name, int Expected, int Found);

/// <summary>A file that something was found about.</summary>
/// <param name="Path">Its path, relative to the dataset's folder.</param>
/// <param name="Finding">Why it cannot be read, or the file that has the same content.</param>
public sealed record FileFinding(string Path, string Finding);
