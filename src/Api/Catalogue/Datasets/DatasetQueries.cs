using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Datasets;

/// <summary>Which datasets a list holds.</summary>
internal sealed record DatasetFilter(string? Q, string? Task, string? Modality, string? Language);

internal static class DatasetQueries
{
    private const string ListDatasets = $"""
        select to_json(x)::text
        from (
            select d.id, d.name, d.full_name, d.modalities, d.languages, d.introduced_on, d.num_papers as paper_count,
                   (select count(*) from evaluation_tables e where e.dataset_id = d.id and e.has_sota) as table_count,
                   (select count(distinct b.name) from benchmarks b where b.dataset_id = d.id) as benchmark_count,
                   d.origin
            from datasets d
            where (@q::text is null
                   or exists (select from unnest(array[d.name, d.full_name] || d.variants) n where strpos(lower(n), lower(@q)) > 0))
              and (@task::text is null
                   or d.id in (select dataset_id from {CatalogueSql.DatasetsAndTasks} s where s.task_id = @task))
              and (@modality::text is null or exists (select from unnest(d.modalities) m where lower(m) = lower(@modality)))
              and (@language::text is null or exists (select from unnest(d.languages) l where lower(l) = lower(@language)))
              and (@afterId::text is null or (lower(d.name), d.id) > (lower(@afterKey), @afterId))
            order by lower(d.name), d.id
            limit @rows
        ) x
        """;

    public static async Task<Page<DatasetSummary>> ListDatasetsAsync(
        this NpgsqlDataSource db, DatasetFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var list = CatalogueList.Fingerprint(filter);
        var after = CatalogueList.ReadCursor(cursor, list);
        var found = await db.QueryJsonAsync<DatasetSummary>(
            ListDatasets,
            new { filter.Q, filter.Task, filter.Modality, filter.Language, afterKey = after?.Key, afterId = after?.Id, rows = limit + 1 },
            row => row with { Attribution = Attribution.Of(row.Origin) },
            cancellationToken);
        return CatalogueList.PageOf(found, limit, last => new CatalogueCursor(last.Name, last.Id, list));
    }

    private const string FindDataset = $"""
        select to_json(x)::text
        from (
            select d.id, d.name, d.full_name, d.description, d.short_description, d.homepage, d.licence, d.image,
                   d.introduced_on, d.warning,
                   (select json_build_object('id', p.id, 'title', p.title, 'url', p.url)
                    from papers p where p.id = d.paper_id) as paper,
                   (select json_build_object('id', o.id, 'name', o.name)
                    from datasets o where lower(o.name) = lower(d.parent_dataset) order by o.id limit 1) as parent,
                   {CatalogueSql.Links}
                    from datasets o where lower(o.parent_dataset) = lower(d.name) and o.id <> d.id) as children,
                   d.variants, d.modalities, d.languages,
                   (select coalesce(json_agg(json_build_object(
                               'url', l.loader ->> 'url', 'repo', l.loader ->> 'repo',
                               'frameworks', coalesce(nullif(l.loader -> 'frameworks', 'null'), '[]')) order by l.place), '[]')
                    from jsonb_array_elements(d.data_loaders) with ordinality l (loader, place)) as loaders,
                   {CatalogueSql.Links}
                    from tasks o
                    where o.id in (select task_id from {CatalogueSql.DatasetsAndTasks} s where s.dataset_id = d.id)) as tasks,
                   {CatalogueSql.TablesOfDataset} as tables,
                   {CatalogueSql.BenchmarksOfDataset} as benchmarks,
                   d.num_papers as paper_count, d.origin
            from datasets d
            where d.id = @id
        ) x
        """;

    public static async Task<DatasetPage?> FindDatasetAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken) =>
        (await db.QueryJsonAsync<DatasetPage>(FindDataset, new { id }, row => row with { Attribution = Attribution.Of(row.Origin) }, cancellationToken)).SingleOrDefault();
}
