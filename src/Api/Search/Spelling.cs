namespace Leaderboard.Api.Search;

/// <summary>Which word was meant by one that no name has.</summary>
internal static class Spelling
{
    /// <summary>The nearest of the similar words, of those as near the most frequent; null where none is near.</summary>
    public static string? Correct(string word, IEnumerable<SimilarWord> similar)
    {
        var most = word.Length switch { < 3 => 0, < 6 => 1, _ => 2 };
        return similar
            .Select(candidate => (candidate.Similar, candidate.Entries, Distance: Distance(word, candidate.Similar)))
            .Where(candidate => candidate.Distance <= most)
            .OrderBy(candidate => candidate.Distance).ThenByDescending(candidate => candidate.Entries)
            .Select(candidate => candidate.Similar)
            .FirstOrDefault();
    }

    /// <summary>
    /// Letters to add, to leave out, to replace, and neighbours to swap (optimal string alignment) from one word to another.
    /// </summary>
    public static int Distance(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }
                var replaced = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                distance[i, j] = Math.Min(replaced, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
                }
            }
        }
        return distance[a.Length, b.Length];
    }
}
