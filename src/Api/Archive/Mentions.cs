namespace Leaderboard.Api.Archive;

/// <summary>What was mentioned lately, so that an author of a hundred papers is staged about once, in bounded memory.</summary>
internal sealed class Mentions
{
    private const int Most = 200_000;

    private readonly HashSet<(StagingTable Table, string Key)> known = [];

    public bool IsNew(StagingTable table, string key)
    {
        if (known.Count >= Most)
        {
            known.Clear();
        }
        return known.Add((table, key));
    }

    /// <summary>Forgets all: a record that mentioned something first is left out.</summary>
    public void Clear() => known.Clear();
}
