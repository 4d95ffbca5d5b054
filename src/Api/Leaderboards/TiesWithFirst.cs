using Leaderboard.Api.Comparisons;

namespace Leaderboard.Api.Leaderboards;

/// <summary>Which rows of a board cannot be told from its first.</summary>
internal static class TiesWithFirst
{
    /// <summary>Rows that are compared, so that a board of a million costs no more than one of a thousand.</summary>
    public const int MaxCompared = 1000;

    /// <summary>
    /// True for a row that is not significantly different from the first, by id; null where there is nothing to tell
    /// by. The family of tests is all rows that can be compared.
    /// </summary>
    /// <param name="rows">The board's first rows, in its order.</param>
    /// <param name="reportedCount">Samples behind a reported figure; null where that is not known.</param>
    /// <param name="means">P-values of rows that are means over realms or classes, beside the first, by id.</param>
    public static Dictionary<Guid, bool?> Of(
        IReadOnlyList<ComparedRow> rows, int? reportedCount,
        IReadOnlyDictionary<Guid, double>? means = null)
    {
        var first = rows[0];
        var tests = rows.Skip(1)
            .Select(row => (row.Id, PValue: means?.TryGetValue(row.Id, out var p) == true ? p : PValue(first, row, reportedCount)))
            .Where(test => test.PValue is not null)
            .ToList();
        var rejects = HolmCorrection.Rejects([.. tests.Select(test => test.PValue!.Value)], ComparisonEndpoints.Level);
        var ties = rows.ToDictionary(row => row.Id, bool? (row) => row == first ? true : null);
        foreach (var (test, rejected) in tests.Zip(rejects))
        {
            ties[test.Id] = !rejected;
        }
        return ties;
    }

    private static double? PValue(ComparedRow first, ComparedRow row, int? reportedCount) =>
        row is { Correct: { } right, Shared: { } shared } && first.Correct is { } firstRight
            ? McNemarTest.PValue(firstRight - shared, right - shared)
        : Proportion(first, reportedCount) is { } one && Proportion(row, reportedCount) is { } other
            ? NewcombeTest.PValue(one, other)
        : null;

    private static Proportion? Proportion(ComparedRow row, int? reportedCount) => row switch
    {
        { Kind: "reported" } => reportedCount is { } count ? new Proportion(row.Value, count) : null,
        { Correct: { } correct, Count: { } count } => new Proportion((double)correct / count, count),
        _ => null,
    };
}
