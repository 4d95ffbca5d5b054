using Dapper;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Papers;

internal static class PaperQueries
{
    // A paper's id goes before its number on arXiv, that before the address on Papers With Code.
    private const string FindId = """
        select id
        from (
            select id, 1 as place from papers where id = @reference
            union all
            select id, 2 from papers where id = 'arxiv:' || @number
            union all
            select id, 3 from papers where arxiv_id = @number
            union all
            select id, 4 from papers where slug = @reference
        ) f
        order by place, id
        limit 1
        """;

    /// <summary>The id of the paper that an id, a number on arXiv or a slug means; null where it means none.</summary>
    public static async Task<string?> FindPaperIdAsync(
        this NpgsqlDataSource db, string reference, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            FindId, new { reference, number = ArxivId.Find(reference) }, cancellationToken: cancellationToken));
    }

    private const string FindPaper = $"""
        select to_json(x)::text
        from (
            select p.id, p.slug, p.arxiv_id, p.nips_id, p.openreview_id, p.title, p.abstract, p.short_abstract,
                   (select coalesce(json_agg(json_build_object('id', coalesce(a.id, n.name), 'name', n.name) order by n.place), '[]')
                    from unnest(p.authors) with ordinality n (name, place)
                    left join authors a on a.name = n.name) as authors,
                   p.published_on,
                   case when p.proceeding is not null
                        then json_build_object(
                            'id', coalesce(v.id, p.proceeding), 'name', p.proceeding,
                            'conference', case when v.name is not null
                                               then json_build_object('id', v.conference_id, 'name', v.conference_name) end,
                            'year', v.year, 'month', v.month) end as proceeding,
                   p.url, p.url_pdf, p.conference_url, p.conference_url_pdf, p.reproduces_paper,
                   {CatalogueSql.Links}
                    from paper_tasks s join tasks o on o.id = s.task_id where s.paper_id = p.id) as tasks,
                   {CatalogueSql.Links}
                    from paper_methods s join methods o on o.id = s.method_id where s.paper_id = p.id) as methods,
                   (select coalesce(json_agg(json_build_object(
                               'url', r.url, 'owner', r.owner, 'name', r.name, 'is_official', c.is_official,
                               'mentioned_in_paper', c.mentioned_in_paper, 'mentioned_in_github', c.mentioned_in_github,
                               'framework', c.framework, 'stars', r.stars)
                               order by c.is_official desc, r.stars desc nulls last, r.url), '[]')
                    from paper_repositories c join repositories r on r.url = c.repository_url
                    where c.paper_id = p.id) as code,
                   {CatalogueSql.Links}
                    from datasets o where o.paper_id = p.id) as datasets,
                   p.origin
            from papers p
            left join proceedings v on v.name = p.proceeding
            where p.id = @id
        ) x
        """;

    /// <summary>A paper with all but its results and related papers.</summary>
    public static async Task<PaperPage?> FindPaperAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken) =>
        (await db.QueryJsonAsync<PaperPage>(FindPaper, new { id }, row => row with { Attribution = Attribution.Of(row.Origin) }, cancellationToken)).SingleOrDefault();
}
