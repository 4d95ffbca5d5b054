using Dapper;
using Npgsql;

namespace Leaderboard.Api.Search;

internal static class SearchQueries
{
    // Of a word that is being typed, the ten most frequent ones that it may become count too.
    private const string ReadQuery = """
        with typed as (
            select t.word, t.place, w.entries is not null as is_known,
                   @isTyping and t.place = max(t.place) over () and length(t.word) > 1 as is_typing
            from regexp_split_to_table(search_words_of(@loose), ' ') with ordinality t (word, place)
            left join search_words w on w.word = t.word
            where t.word <> ''
        ),
        completed as (
            select t.word, t.place, t.is_known, c.words,
                   (select string_agg(q::text, '|')
                    from unnest(t.word || coalesce(c.words, '{}')) x, plainto_tsquery('public.search', x) q
                    where numnode(q) > 0) as query
            from typed t
            left join lateral (
                select array_agg(x.word) as words
                from (
                    select w.word from search_words w
                    where t.is_typing and w.word > t.word and w.word < t.word || chr(1114111)
                    order by w.entries desc, w.word
                    limit 10
                ) x
            ) c on numnode(plainto_tsquery('public.search', t.word)) > 0
        ),
        parts as (
            select query, query as in_text from completed where query <> ''
            union all
            select phraseto_tsquery('public.search', search_words_of(p))::text,
                   plainto_tsquery('public.search', search_words_of(p))::text
            from unnest(@phrases) p
            where numnode(phraseto_tsquery('public.search', search_words_of(p))) > 0
        )
        select search_name(@whole) as name,
               coalesce((select string_agg('(' || query || ')', '&') from parts), '') as in_names,
               coalesce((select string_agg('(' || in_text || ')', '&') from parts), '') as in_text,
               coalesce((select string_agg(replace(in_text, '&', '|'), '|') from parts), '') as any,
               array(select distinct left(x, 1) from completed, unnest(word || coalesce(words, '{}')) x
                     union select left(x, 1) from unnest(@phrases) p, regexp_split_to_table(search_words_of(p), ' ') x
                     where x <> '') as initials,
               array(select word from completed where not is_known and words is null and query <> '' order by place)
                   as unknown
        """;

    public static async Task<SearchTerms> ReadQueryAsync(
        this NpgsqlConnection connection, SearchText text, CancellationToken cancellationToken) =>
        await connection.QuerySingleAsync<SearchTerms>(new CommandDefinition(
            ReadQuery, new { text.Whole, text.Loose, text.Phrases, text.IsTyping }, cancellationToken: cancellationToken));

    private const string Find = """
        select f.class, e.kind, e.key, e.title, e.tier, e.dated, coalesce(p.authors, '{}') as authors,
               coalesce(p.origin, t.origin, d.origin, m.origin, s.origin, 'user') as origin,
               case e.kind when 'paper' then coalesce(p.abstract, '') when 'task' then t.description
                           when 'dataset' then d.description when 'method' then m.description else '' end as description,
               s.board, s.evaluation_table, s.task_id, s.dataset_id
        from find_search_entries(
                 @name, @inNames::tsquery, @inText::tsquery, @kinds, @paperBeginnings, @wanted, @wantedOfText)
             with ordinality f (id, class, place)
        join search_entries e on e.id = f.id
        left join papers p on e.kind = 'paper' and p.id = e.key
        left join tasks t on e.kind = 'task' and t.id = e.key
        left join datasets d on e.kind = 'dataset' and d.id = e.key
        left join methods m on e.kind = 'method' and m.id = e.key
        left join lateral (
            (select 'user' as origin, b.name as board, null as evaluation_table, b.task_id, b.dataset_id
             from results r
             join benchmarks b on b.id = r.benchmark_id
             where r.model_name = e.key and upper_inf(r.shown)
             order by r.recorded_at, r.id
             limit 1)
            union all
            (select et.origin, null, et.id, et.task_id, et.dataset_id
             from table_rows r
             join evaluation_tables et on et.id = r.table_id
             where r.model_name = e.key
             order by r.best_rank, r.id
             limit 1)
            limit 1
        ) s on e.kind = 'model'
        where e.kind <> 'model' or s.task_id is not null
        order by f.place
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

/// <summary>A query as PostgreSQL searches for it.</summary>
/// <param name="Name">All of it as a name; empty where it has no letter and no digit.</param>
/// <param name="InNames">The words and phrases, as a tsquery; empty where all are stop words.</param>
/// <param name="InText">The same with phrases as words.</param>
/// <param name="Any">The same, any of the words.</param>
/// <param name="Initials">Letters with which a word that matches can begin.</param>
/// <param name="Unknown">Words that no name has.</param>
internal sealed record SearchTerms(
    string Name, string InNames, string InText, string Any, string[] Initials, string[] Unknown);

/// <summary>An entry that matches, with what is shown of it.</summary>
internal sealed record FoundEntry(
    int Class,
    string Kind,
    string Key,
    string Title,
    short Tier,
    DateOnly? Dated,
    string[] Authors,
    string Origin,
    string Description,
    string? Board,
    string? EvaluationTable,
    string? TaskId,
    string? DatasetId);

/// <summary>A word of a name that resembles another.</summary>
internal sealed record SimilarWord(string Word, string Similar, int Entries);
