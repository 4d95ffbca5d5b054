using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Tasks;

/// <summary>Which tasks a list holds.</summary>
internal sealed record TaskFilter(string? Q, string? Area, string? Parent, string? Dataset);

internal static class TaskQueries
{
    private const string ListTasks = $"""
        select to_json(x)::text
        from (
            select t.id, t.name, {CatalogueSql.AreasOfTask} as areas, t.paper_count,
                   (select count(*) from evaluation_tables e where e.task_id = t.id and e.has_sota) as table_count,
                   (select count(distinct b.name) from benchmarks b where b.task_id = t.id) as benchmark_count,
                   t.origin
            from tasks t
            where (@q::text is null or strpos(lower(t.name), lower(@q)) > 0)
              and (@area::text is null
                   or @area = any (t.areas)
                   or exists (select from areas a where a.id = @area and a.name = any (t.areas)))
              and (@parent::text is null
                   or t.id in (select task_id from task_parents where parent_id = @parent))
              and (@dataset::text is null
                   or t.id in (select task_id from {CatalogueSql.DatasetsAndTasks} s where s.dataset_id = @dataset))
              and (@afterId::text is null or (lower(t.name), t.id) > (lower(@afterKey), @afterId))
            order by lower(t.name), t.id
            limit @rows
        ) x
        """;

    public static async Task<Page<TaskSummary>> ListTasksAsync(
        this NpgsqlDataSource db, TaskFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var list = CatalogueList.Fingerprint(filter);
        var after = CatalogueList.ReadCursor(cursor, list);
        var found = await db.QueryJsonAsync<TaskSummary>(
            ListTasks,
            new { filter.Q, filter.Area, filter.Parent, filter.Dataset, afterKey = after?.Key, afterId = after?.Id, rows = limit + 1 },
            row => row with { Attribution = Attribution.Of(row.Origin) },
            cancellationToken);
        return CatalogueList.PageOf(found, limit, last => new CatalogueCursor(last.Name, last.Id, list));
    }

    private const string FindTask = $"""
        select to_json(x)::text
        from (
            select t.id, t.name, t.description, {CatalogueSql.AreasOfTask} as areas, t.synonyms,
                   case when num_nonnulls(t.source_title, t.source_url) > 0
                        then json_build_object('title', t.source_title, 'url', t.source_url) end as source,
                   {CatalogueSql.Links}
                    from task_parents p join tasks o on o.id = p.parent_id where p.task_id = t.id) as parents,
                   {CatalogueSql.Links}
                    from task_parents p join tasks o on o.id = p.task_id where p.parent_id = t.id) as children,
                   {CatalogueSql.Links}
                    from datasets o
                    where o.id in (select dataset_id from {CatalogueSql.DatasetsAndTasks} s where s.task_id = t.id)) as datasets,
                   {CatalogueSql.TablesOfTask} as tables,
                   {CatalogueSql.BenchmarksOfTask} as benchmarks,
                   t.paper_count, t.origin
            from tasks t
            where t.id = @id
        ) x
        """;

    public static async Task<TaskPage?> FindTaskAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken) =>
        (await db.QueryJsonAsync<TaskPage>(FindTask, new { id }, row => row with { Attribution = Attribution.Of(row.Origin) }, cancellationToken)).SingleOrDefault();
}
