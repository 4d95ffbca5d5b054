namespace Leaderboard.Performance;

/// <summary>The table's rows of boards, in milliseconds: a million results beside a thousand, and fifty readers.</summary>
internal static class BoardReport
{
    private const double LimitMilliseconds = 20;

    private static readonly (string Subject, string What)[] Targeted =
    [
        ("kept", "a page that is kept"), ("after a write", "a page after each write"), ("turned", "a following page"),
    ];

    private static readonly (string Subject, string What)[] Others =
    [
        ("extra_data=true", "extra_data=true, read first"), ("max_parameters", "max_parameters, read first"),
        ("kind=verified", "kind=verified, which none is, read first"), ("as_of", "as_of, read first"),
        ("progress", "progress line, read first"), ("badge", "badge, read first"),
    ];

    public static IEnumerable<Row> Rows(ILookup<string, Measured> subjects)
    {
        if (!subjects.Contains("board 1000000 kept"))
        {
            yield break;
        }
        foreach (var (subject, what) in Targeted)
        {
            yield return Sizes(subject, what, atMost: 3);
        }
        foreach (var (subject, what) in Others)
        {
            yield return Sizes(subject, what, atMost: null);
        }
        foreach (var readers in (string[])["readers", "readers and a writer"])
        {
            var run = Best($"board 1000000 {readers}", measured => measured.Percentile99Seconds!.Value);
            yield return new Row(
                $"1,000,000 results, 50 {readers}, {run.Images / run.Seconds:0} pages a second: p99, ms : 20 ms",
                1000 * run.Percentile99Seconds!.Value, LimitMilliseconds, AtMost: 1);
        }

        Row Sizes(string subject, string what, double? atMost) => new(
            $"board of 1,000,000 results, {what}, ms : of 1,000",
            1000 * Best($"board 1000000 {subject}", measured => measured.Seconds).Seconds,
            1000 * Best($"board 1000 {subject}", measured => measured.Seconds).Seconds, AtMost: atMost);

        Measured Best(string subject, Func<Measured, double> seconds) => subjects[subject].MinBy(seconds)!;
    }
}
