using Dapper;
using Npgsql;

namespace Leaderboard.Api.Search;

internal static class SearchQueries
{
    private const string ReadQuery = """
        select name, in_names, in_text, any_word, initials, unknown
        from read_search_query(@Whole, @Loose, @Phrases, @IsTyping)
        """;

    public static async Task<SearchTerms> ReadQueryAsync(
        this NpgsqlConnection connection, SearchText text, CancellationToken cancellationToken) =>
        await connection.QuerySingleAsync<SearchTerms>(new CommandDefinition(
            ReadQuery, new { text.Whole, text.Loose, text.Phrases, text.IsTyping }, cancellationToken: cancellationToken));

    private const string Find = """
        select class, kind, key, title, tier, dated, authors, origin, description, board, evaluation_table, task_id, dataset_id
        from search_matches(
            @Name, @InNames::tsquery, @InText::tsquery, @kinds, @paperBeginnings, @wanted, @wantedOfText)
        """;

    public static async Task<IReadOnlyList<FoundEntry>> FindEntriesAsync(
        this NpgsqlConnection connection,
        SearchTerms terms,
        IReadOnlyList<string> kinds,
        bool paperBeginnings,
        int wanted,
        int wantedOfText,
        CancellationToken cancellationToken)
    {
        var parameters = new { terms.Name, terms.InNames, terms.InText, kinds, paperBeginnings, wanted, wantedOfText };
        return (await connection.QueryAsync<FoundEntry>(
            new CommandDefinition(Find, parameters, cancellationToken: cancellationToken))).AsList();
    }

    // The limit keeps the planner from reading all words for a join.
    private const string ListNear = """
        select v.word, w.word as similar, w.entries
        from unnest(@words, @variants) v (word, variant)
        cross join lateral (select word, entries from search_words where word = v.variant limit 1) w
        """;

    /// <summary>Words of names that a letter or two swapped tell from these.</summary>
    public static async Task<IReadOnlyList<SimilarWord>> ListNearWordsAsync(
        this NpgsqlConnection connection, IEnumerable<string> words, CancellationToken cancellationToken)
    {
        var variants = words.SelectMany(word => Spelling.Variants(word).Select(variant => (word, variant))).ToList();
        var parameters = new
        {
            words = variants.ConvertAll(pair => pair.word).ToArray(),
            variants = variants.ConvertAll(pair => pair.variant).ToArray(),
        };
        return (await connection.QueryAsync<SimilarWord>(
            new CommandDefinition(ListNear, parameters, cancellationToken: cancellationToken))).AsList();
    }

    private const string ListSimilar = """
        select u.word, s.word as similar, s.entries
        from unnest(@words) u (word)
        cross join lateral (
            select w.word, w.entries from search_words w
            where w.word % u.word
            order by similarity(w.word, u.word) desc, w.entries desc
            limit 20
        ) s
        """;

    /// <summary>Words of names that share enough of their trigrams with these.</summary>
    public static async Task<IReadOnlyList<SimilarWord>> ListSimilarWordsAsync(
        this NpgsqlConnection connection, IEnumerable<string> words, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<SimilarWord>(new CommandDefinition(
            ListSimilar, new { words = words.ToArray() }, cancellationToken: cancellationToken))).AsList();

    private const string ListMatching = """
        select word from unnest(@words) word where search_vector(word) @@ @any::tsquery
        """;

    /// <summary>Those of these words that a search looks for.</summary>
    public static async Task<IEnumerable<string>> ListMatchingWordsAsync(
        this NpgsqlConnection connection, IEnumerable<string> words, string any, CancellationToken cancellationToken) =>
        await connection.QueryAsync<string>(new CommandDefinition(
            ListMatching, new { words = words.ToArray(), any }, cancellationToken: cancellationToken));
}
