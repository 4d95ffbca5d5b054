using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Methods;

/// <summary>Which methods a list holds.</summary>
internal sealed record MethodFilter(string? Q, string? Area, string? Collection);

internal static class MethodQueries
{
    private const string ListMethods = """
        select to_json(x)::text
        from (
            select m.id, m.name, m.full_name, m.introduced_year, m.paper_count, m.origin
            from methods m
            where (@q::text is null or strpos(lower(m.name), lower(@q)) > 0 or strpos(lower(m.full_name), lower(@q)) > 0)
              and (@area::text is null or m.id in (
                  select c.method_id
                  from collected_methods c
                  join method_collections k on k.id = c.collection_id
                  join areas a on a.id = k.area_id
                  where @area in (a.id, a.name)))
              and (@collection::text is null or m.id in (
                  select c.method_id
                  from collected_methods c
                  join method_collections k on k.id = c.collection_id
                  where @collection in (k.id, k.name)))
              and (@afterId::text is null or (lower(m.name), m.id) > (lower(@afterKey), @afterId))
            order by lower(m.name), m.id
            limit @rows
        ) x
        """;

    public static async Task<Page<MethodSummary>> ListMethodsAsync(
        this NpgsqlDataSource db, MethodFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var list = CatalogueList.Fingerprint(filter);
        var after = CatalogueList.ReadCursor(cursor, list);
        var found = await db.QueryJsonAsync<MethodSummary>(
            ListMethods,
            new { filter.Q, filter.Area, filter.Collection, afterKey = after?.Key, afterId = after?.Id, rows = limit + 1 },
            row => row with { Attribution = Attribution.Of(row.Origin) },
            cancellationToken);
        return CatalogueList.PageOf(found, limit, last => new CatalogueCursor(last.Name, last.Id, list));
    }

    private const string FindMethod = """
        select to_json(x)::text
        from (
            select m.id, m.name, m.full_name, m.description,
                   (select json_build_object('id', p.id, 'title', p.title, 'url', p.url)
                    from papers p where p.id = m.paper_id) as paper,
                   m.introduced_year,
                   case when num_nonnulls(m.source_title, m.source_url) > 0
                        then json_build_object('title', m.source_title, 'url', m.source_url) end as source,
                   m.code_snippet_url,
                   (select coalesce(json_agg(json_build_object(
                               'id', k.id, 'name', k.name,
                               'area', case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end)
                               order by lower(k.name), k.id), '[]')
                    from collected_methods c
                    join method_collections k on k.id = c.collection_id
                    left join areas a on a.id = k.area_id
                    where c.method_id = m.id) as collections,
                   m.paper_count, m.num_papers as archive_paper_count, m.origin
            from methods m
            where m.id = @id
        ) x
        """;

    public static async Task<MethodPage?> FindMethodAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken) =>
        (await db.QueryJsonAsync<MethodPage>(FindMethod, new { id }, row => row with { Attribution = Attribution.Of(row.Origin) }, cancellationToken)).SingleOrDefault();
}
