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
    /// What is at most one letter from a word: one left out, neighbours swapped, or one of English or a digit added or put in
    /// another's place. Words of one or two letters have none, nor those with letters of two UTF-16 units.
    /// </summary>
    public static IEnumerable<string> Variants(string word)
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
        return (word.Length < 3 || word.Any(char.IsSurrogate) ? [] : Enumerable.Range(0, word.Length + 1)).SelectMany(i =>
        {
            var (before, behind) = (word[..i], word[i..]);
            var variants = Letters.Select(letter => before + letter + behind);
            return behind.Length == 0
                ? variants
                : variants
                    .Concat(Letters.Select(letter => before + letter + behind[1..]))
                    .Append(before + behind[1..])
                    .Concat(behind.Length < 2 ? [] : [$"{before}{behind[1]}{behind[0]}{behind[2..]}"]);
        }).Distinct().Where(variant => variant != word);
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
