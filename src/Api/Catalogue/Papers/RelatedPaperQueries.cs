using Npgsql;

namespace Leaderboard.Api.Catalogue.Papers;

internal static class RelatedPaperQueries
{
    public const int MaxLimit = 50;
    public const int DefaultLimit = 10;

    /// <summary>
    /// What a paper is about are its tasks, its methods and the words of its title, each with the weight factor · ln(N / n), of
    /// which n of all N papers have it: a shared task counts three times, a method twice what a word as rare does. The score is
    /// the weight of what both have over the weight of all that the one has. The candidates: those of its four rarest tasks and
    /// methods, of each the thirty before and after it by id, which goes by date on arXiv; those with a word that is so rare
    /// that such words have 400 papers together; fifty that have the three rarest of the other words.
    /// </summary>
    private const string ListRelated = """
        with total as (
            select paper_count from title_words where word = ''
        ),
        own as materialized (
            select o.kind, o.id, o.name, o.papers,
                   round((o.factor * ln(greatest(t.paper_count, o.papers)::float8 / greatest(o.papers, 1)))::numeric, 6) as weight
            from total t, (
                select 'task' as kind, t.id, t.name, t.paper_count as papers, 3 as factor
                from paper_tasks p join tasks t on t.id = p.task_id where p.paper_id = @id
                union all
                select 'method', m.id, m.name, m.paper_count, 2
                from paper_methods p join methods m on m.id = p.method_id where p.paper_id = @id
                union all
                select 'word', w.word, w.word, w.paper_count, 1
                from papers p, unnest(tsvector_to_array(words_of_title(p.title))) s (word) join title_words w on w.word = s.word
                where p.id = @id
            ) o
        ),
        words as materialized (
            select '''' || replace(replace(id, '\', '\\'), '''', '''''') || '''' as quoted,
                   row_number() over rarest as place, sum(papers) over rarest <= 400 as is_rare
            from own where kind = 'word'
            window rarest as (order by papers, id)
        ),
        searched as (
            select (select string_agg(quoted, ' | ') from words where is_rare)::tsquery as any_of,
                   (select string_agg(quoted, ' & ')
                    from (select quoted from words where not is_rare order by place limit 3) w)::tsquery as all_of
        ),
        candidates as materialized (
            select n.paper_id as id
            from (select id from own where kind = 'task' order by papers, id limit 4) t
            cross join lateral (
                (select paper_id from paper_tasks where task_id = t.id and paper_id < @id order by paper_id desc limit 30)
                union all
                (select paper_id from paper_tasks where task_id = t.id and paper_id > @id order by paper_id limit 30)) n
            union
            select n.paper_id
            from (select id from own where kind = 'method' order by papers, id limit 4) m
            cross join lateral (
                (select paper_id from paper_methods where method_id = m.id and paper_id < @id order by paper_id desc limit 30)
                union all
                (select paper_id from paper_methods where method_id = m.id and paper_id > @id order by paper_id limit 30)) n
            union
            select e.key from searched s join search_entries e on e.kind = 'paper' and e.terms @@ s.any_of where e.key <> @id
            union
            (select f.id
             from (select e.key as id
                   from searched s join search_entries e on e.kind = 'paper' and e.terms @@ s.all_of
                   where e.key <> @id offset 0) f
             order by f.id limit 50)
        ),
        described as materialized (
            select c.id, p.title, p.published_on, p.origin
            from candidates c
            cross join lateral (select title, published_on, origin from papers where id = c.id offset 0) p
        ),
        -- By paper, whatever the planner thinks: of a task there may be 50,000.
        features as materialized (
            select c.id, 'task' as kind, p.task_id as feature
            from candidates c
            cross join lateral (select task_id from paper_tasks where paper_id = c.id offset 0) p
            union all
            select c.id, 'method', p.method_id
            from candidates c
            cross join lateral (select method_id from paper_methods where paper_id = c.id offset 0) p
            union all
            select d.id, 'word', s.word
            from described d
            cross join lateral unnest(tsvector_to_array(words_of_title(d.title))) s (word)
        ),
        shared as materialized (
            select f.id, o.kind, o.id as feature, o.name, o.weight
            from features f
            join own o on o.kind = f.kind and o.id = f.feature
        ),
        best as (
            select d.id, d.title, d.published_on, d.origin, s.weight
            from (select id, sum(weight) as weight from shared group by id) s
            join described d on d.id = s.id
            order by s.weight desc, d.published_on desc nulls last, d.id
            limit @rows
        )
        select json_build_object('id', b.id, 'title', b.title, 'published_on', b.published_on,
                    'score', round(b.weight / (select greatest(sum(weight), 0.000001) from own), 4),
                    'shared_tasks', coalesce((select json_agg(json_build_object('id', s.feature, 'name', s.name) order by s.weight desc, s.feature)
                                     from shared s where s.id = b.id and s.kind = 'task'), '[]'),
                    'shared_methods', coalesce((select json_agg(json_build_object('id', s.feature, 'name', s.name) order by s.weight desc, s.feature)
                                     from shared s where s.id = b.id and s.kind = 'method'), '[]'),
                    'shared_words', coalesce((select json_agg(s.feature order by s.weight desc, s.feature)
                                     from shared s where s.id = b.id and s.kind = 'word'), '[]'),
                    'origin', b.origin)::text
        from best b
        order by b.weight desc, b.published_on desc nulls last, b.id
        """;

    public static async Task<IReadOnlyList<RelatedPaper>> ListRelatedPapersAsync(
        this NpgsqlDataSource db, string id, int limit, CancellationToken cancellationToken) =>
        await db.QueryJsonAsync<RelatedPaper>(
            ListRelated, new { id, rows = limit }, row => row with { Attribution = Attribution.Of(row.Origin) }, cancellationToken);
}
