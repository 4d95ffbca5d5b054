namespace Leaderboard.Performance;

/// <summary>The table's rows of search, in milliseconds against its target.</summary>
internal static class SearchReport
{
    private const double LimitMilliseconds = 50;

    public static IEnumerable<Row> Rows(ILookup<string, Measured> subjects)
    {
        if (subjects["archive imported"].FirstOrDefault() is not { } archive)
        {
            yield break;
        }
        foreach (var clients in Searching.Clients)
        {
            foreach (var name in (string[])["p50", "p95", "max"])
            {
                yield return new Row(
                    $"search of an archive of {archive.Images} records, {clients} at once: {name}, ms : 50 ms",
                    1000 * subjects[Searching.Subject(clients, name)].First().Seconds, LimitMilliseconds,
                    AtMost: clients == 1 ? 1 : null);
            }
        }
    }
}
