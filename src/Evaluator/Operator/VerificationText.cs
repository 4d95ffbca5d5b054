using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Operator;

/// <summary>A report as an operator reads it: a line a part, and what is wrong below.</summary>
internal static class VerificationText
{
    public static void Print(DatasetReport report)
    {
        foreach (var line in Lines(report))
        {
            Console.WriteLine(line);
        }
    }

    public static IEnumerable<string> Lines(DatasetReport report) =>
    [
        .. report.Splits.SelectMany(Lines),
        .. List("in train too", report.OverlapCount, report.Overlaps.Select(Same)),
        report.IsSound ? "Evaluations can run on it." : "Evaluations cannot run on it as it is.",
    ];

    private static IEnumerable<string> Lines(SplitReport split) =>
    [
        Line(split),
        .. Indented(split.Problem),
        .. List("missing", split.MissingCount, split.Missing),
        .. List("unreadable", split.UnreadableCount, split.Unreadable.Select(image => image.Finding)),
        .. List("duplicates", split.DuplicateCount, split.Duplicates.Select(Same)),
        .. List(
            "classes have another number of samples than in the manifest", split.ClassDifferenceCount,
            (split.ClassDifferences ?? []).Select(Counts)),
        .. Indented(split.Difference),
    ];

    private static IEnumerable<string> Indented(string? line) => line is null ? [] : [$"    {line}"];

    private static string Line(SplitReport split)
    {
        var name = split.Realm == "" ? split.Split : $"{split.Realm}/{split.Split}";
        var complete = split.Complete is { } all ? FormattableString.Invariant($" of {all}") : "";
        var manifest = split.ManifestCount is { } known && known != split.SampleCount
            ? FormattableString.Invariant($" ({known} in the manifest)")
            : "";
        return FormattableString.Invariant(
            $"{name}: {split.SampleCount}{complete} samples{manifest} of {split.ClassCount} classes, {split.SmallestClass} to {split.LargestClass} each")
            + (split.EmptyClassCount > 0 ? FormattableString.Invariant($", {split.EmptyClassCount} classes without any") : "");
    }

    private static string Counts(ClassDifference difference) => FormattableString.Invariant(
        $"class {difference.Class}{(difference.Name is { } name ? $" ({name})" : "")}: {difference.Found}, in the manifest {difference.Expected}");

    private static string Same(FileFinding file) => $"{file.Path} is {file.Finding}";

    // Of many the report names the first.
    private static List<string> List(string what, int count, IEnumerable<string> named)
    {
        List<string> lines = [.. named.Select(line => $"      {line}")];
        if (count > 0)
        {
            lines.Insert(0, FormattableString.Invariant($"    {count} {what}:"));
        }
        if (count > lines.Count - 1 && count > 0)
        {
            lines.Add(FormattableString.Invariant($"      and {count - lines.Count + 1} more"));
        }
        return lines;
    }
}
