using Leaderboard.Api.Catalogue;
using Npgsql;

namespace Leaderboard.Api.Search;

/// <summary>One search: as typed, and where that finds next to nothing, as it was meant.</summary>
internal sealed class Searching(NpgsqlConnection connection, IReadOnlyList<string> kinds, int limit)
{
    /// <summary>How many texts with all words of a phrase are read to find it.</summary>
    private const int TextsOfPhrases = 100;

    /// <summary>With fewer matches than these, all in texts, a word that is in no name is taken for a misspelt one.</summary>
    private const int Few = 5;

    private const int MaxCorrected = 4;
    private const int InText = 5;

    private static readonly string[] Matched = ["name", "beginning", "title", "author", "text"];

    public async Task<SearchAnswer> SearchAsync(string query, CancellationToken cancellationToken)
    {
        var text = SearchText.Read(query);
        var terms = await connection.ReadQueryAsync(text, cancellationToken);
        var found = await FindAsync(text, terms, cancellationToken);
        string? corrected = null;
        if (found.Count < Few && found.All(entry => entry.Class == InText)
            && await CorrectAsync(query, terms.Unknown, cancellationToken) is { } meant)
        {
            var textMeant = SearchText.Read(meant);
            var termsMeant = await connection.ReadQueryAsync(textMeant, cancellationToken);
            var foundMeant = await FindAsync(textMeant, termsMeant, cancellationToken);
            if (foundMeant.Count > found.Count)
            {
                (found, terms, corrected) = (foundMeant, termsMeant, meant);
            }
        }
        var highlighter = await HighlighterAsync(found, terms, cancellationToken);
        return new SearchAnswer([.. found.Select(entry => ToMatch(entry, highlighter))], corrected);
    }

    private async Task<IReadOnlyList<FoundEntry>> FindAsync(
        SearchText text, SearchTerms terms, CancellationToken cancellationToken)
    {
        if (terms.Name.Length == 0)
        {
            return [];
        }
        var found = await connection.FindEntriesAsync(
            terms, kinds, paperBeginnings: text.Whole.Trim().Contains(' ', StringComparison.Ordinal), limit,
            text.Phrases.Count > 0 ? TextsOfPhrases : 0, cancellationToken);
        // Names were searched for phrases, of texts only the words are kept.
        return
        [
            .. found.Where(entry => entry.Class != InText || text.Phrases.All(phrase =>
                    entry.Title.Contains(phrase, StringComparison.OrdinalIgnoreCase)
                    || entry.Description.Contains(phrase, StringComparison.OrdinalIgnoreCase)
                    || entry.Authors.Any(author => author.Contains(phrase, StringComparison.OrdinalIgnoreCase))))
                .Take(limit),
        ];
    }

    /// <summary>The query with words that no name has replaced by near ones; null where there are none.</summary>
    private async Task<string?> CorrectAsync(
        string query, string[] unknown, CancellationToken cancellationToken)
    {
        if (unknown.Length is 0 or > MaxCorrected)
        {
            return null;
        }
        // Most misspelt words are a letter from what was meant, and such words are quickly looked up.
        var similar = await connection.ListNearWordsAsync(unknown, cancellationToken);
        var far = unknown.Except(similar.Select(pair => pair.Word)).ToList();
        if (far.Count > 0)
        {
            similar = [.. similar, .. await connection.ListSimilarWordsAsync(far, cancellationToken)];
        }
        var meant = similar.GroupBy(pair => pair.Word)
            .Select(pairs => (pairs.Key, Meant: Spelling.Correct(pairs.Key, pairs)))
            .Where(word => word.Meant is not null)
            .ToDictionary(word => word.Key, word => word.Meant!);
        var corrected = Words.Replace(query, word => meant.GetValueOrDefault(Words.Fold(word), word));
        return corrected == query ? null : corrected;
    }

    private async Task<Highlighter> HighlighterAsync(
        IReadOnlyList<FoundEntry> found, SearchTerms terms, CancellationToken cancellationToken)
    {
        if (terms.AnyWord.Length == 0)
        {
            return new Highlighter(new HashSet<string>());
        }
        // Endings differ between words that match, their first letters do not: most need not be asked about.
        var initials = terms.Initials.ToHashSet();
        var words = found.SelectMany(entry => (string[])[entry.Title, entry.Description])
            .SelectMany(Words.Of)
            .Distinct()
            .Where(word => Words.Fold(word) is { Length: > 0 } folded && initials.Contains(folded[..1]));
        return new Highlighter(
            (await connection.ListMatchingWordsAsync(words, terms.AnyWord, cancellationToken)).ToHashSet());
    }

    private static SearchMatch ToMatch(FoundEntry entry, Highlighter highlighter) => new(
        entry.Kind, entry.Key, entry.Title, highlighter.Mark(entry.Title), highlighter.Snippet(entry.Description),
        Matched[entry.Class - 1], Score(entry), Url(entry), entry.Authors, entry.Dated, entry.TaskId, entry.DatasetId,
        Attribution.Of(entry.Origin));

    // Of a class a fifth, by tiers, of which there are 64.
    private static double Score(FoundEntry entry) => Math.Round(1 - (entry.Class - 1 + entry.Tier / 64.0) / 5, 4);

    private static string Url(FoundEntry entry) => entry switch
    {
        { Board: { } board } => $"/api/v1/benchmarks/{Uri.EscapeDataString(board)}/leaderboard",
        { EvaluationTable: { } table } => $"/api/v1/evaluation-tables/{Uri.EscapeDataString(table)}",
        _ => $"/api/v1/{entry.Kind}s/{Uri.EscapeDataString(entry.Key)}",
    };
}
