namespace Leaderboard.Evaluator.Datasets;

/// <summary>Names the first few of many in a message.</summary>
internal static class Few
{
    private const int Most = 5;

    public static string Of(IReadOnlyCollection<string> names) => names.Count <= Most
        ? string.Join(", ", names.Select(DatasetPath.Printable))
        : FormattableString.Invariant($"{Of([.. names.Take(Most)])} and {names.Count - Most} more");
}
