namespace Leaderboard.Performance;

/// <summary>The table's rows of search, in milliseconds against its target.</summary>
internal static class SearchReport
{
    private const double LimitMilliseconds = 50;

    public static IEnumerable<Row> Rows(ILookup<string, Measured> subjects)
    {
        if (subjects["search filled"].FirstOrDefault() is not { } filled)
        {
            yield break;
        }
        yield return new Row(
            $"search: seconds to take in {filled.Images} entries : 600 s", filled.Seconds, 600, AtMost: 1);
        foreach (var clients in Searching.Clients)
        {
            foreach (var name in (string[])["p50", "p95", "max"])
            {
                yield return new Row(
                    $"search of {filled.Images} entries, {clients} at once: {name}, ms : 50 ms",
                    1000 * subjects[Searching.Subject(clients, name)].First().Seconds, LimitMilliseconds,
                    AtMost: clients == 1 ? 1 : null);
            }
        }
    }
}
