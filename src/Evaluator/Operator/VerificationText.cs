using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Operator;

/// <summary>A report as an operator reads it: a line a part, and what is wrong below.</summary>
internal static class VerificationText
{
    private const int Shown = 10;

    public static void Print(DatasetReport report)
    {
        foreach (var split in report.Splits)
        {
            Console.WriteLine(Line(split));
            if (split.Problem is { } problem)
            {
                Console.WriteLine($"    {problem}");
            }
            List("missing", split.MissingCount, split.Missing);
            List("unreadable", split.UnreadableCount, [.. split.Unreadable.Select(image => image.Finding)]);
            List("duplicates", split.DuplicateCount, [.. split.Duplicates.Select(Same)]);
            if (split.Difference is { } difference)
            {
                Console.WriteLine($"    {difference}");
            }
        }
        List("in train too", report.OverlapCount, [.. report.Overlaps.Select(Same)]);
        Console.WriteLine(report.IsSound ? "Evaluations can run on it." : "Evaluations cannot run on it as it is.");
    }

    private static string Line(SplitReport split)
    {
        var name = split.Realm == "" ? split.Split : $"{split.Realm}/{split.Split}";
        var complete = split.Complete is { } all ? FormattableString.Invariant($" of {all}") : "";
        return FormattableString.Invariant(
            $"{name}: {split.SampleCount}{complete} samples of {split.ClassCount} classes, {split.SmallestClass} to {split.LargestClass} each")
            + (split.EmptyClassCount > 0 ? FormattableString.Invariant($", {split.EmptyClassCount} classes without any") : "");
    }

    private static string Same(FileFinding file) => $"{file.Path} is {file.Finding}";

    private static void List(string what, int count, IReadOnlyList<string> named)
    {
        if (count == 0)
        {
            return;
        }
        Console.WriteLine(FormattableString.Invariant($"    {count} {what}:"));
        foreach (var line in named.Take(Shown))
        {
            Console.WriteLine($"      {line}");
        }
        if (count > Shown)
        {
            Console.WriteLine(FormattableString.Invariant($"      and {count - Shown} more"));
        }
    }
}
