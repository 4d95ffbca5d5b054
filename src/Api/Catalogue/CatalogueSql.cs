namespace Leaderboard.Api.Catalogue;

/// <summary>What statements on several kinds of objects share.</summary>
internal static class CatalogueSql
{
    /// <summary>Objects <c>o</c> as links by name; behind it, what they are selected from.</summary>
    public const string Links =
        "(select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) order by lower(o.name), o.id), '[]')";

    private const string Tables = """
        (select coalesce(json_agg(json_build_object(
                    'id', e.id,
                    'task', json_build_object('id', et.id, 'name', et.name),
                    'dataset', json_build_object('id', ed.id, 'name', ed.name)) order by e.id), '[]')
         from evaluation_tables e
         join tasks et on et.id = e.task_id
         join datasets ed on ed.id = e.dataset_id
         where e.has_sota and
        """;

    // The latest version is the one made last.
    private const string Benchmarks = """
        (select coalesce(json_agg(json_build_object(
                    'name', b.name, 'version', b.version,
                    'task', json_build_object('id', bt.id, 'name', bt.name),
                    'dataset', json_build_object('id', bd.id, 'name', bd.name)) order by b.name), '[]')
         from benchmarks b
         join tasks bt on bt.id = b.task_id
         join datasets bd on bd.id = b.dataset_id
         where not exists (select from benchmarks later where later.name = b.name and later.created_at > b.created_at) and
        """;

    public const string TablesOfTask = $"{Tables} e.task_id = t.id)";

    public const string TablesOfDataset = $"{Tables} e.dataset_id = d.id)";

    public const string BenchmarksOfTask = $"{Benchmarks} b.task_id = t.id)";

    public const string BenchmarksOfDataset = $"{Benchmarks} b.dataset_id = d.id)";

    /// <summary>Pairs of a dataset and a task that belong together, for whatever reason.</summary>
    public const string DatasetsAndTasks = """
        (select dataset_id, task_id from dataset_tasks
         union select dataset_id, task_id from evaluation_tables
         union select dataset_id, task_id from benchmarks)
        """;

    /// <summary>An area as JSON where its name is known, or the name alone.</summary>
    public const string AreasOfTask = """
        (select coalesce(json_agg(json_build_object('id', coalesce(a.id, n.name), 'name', n.name) order by n.place), '[]')
         from unnest(t.areas) with ordinality n (name, place)
         left join areas a on a.name = n.name)
        """;
}
