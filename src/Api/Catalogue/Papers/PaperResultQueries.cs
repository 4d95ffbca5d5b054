using Npgsql;

namespace Leaderboard.Api.Catalogue.Papers;

internal static class PaperResultQueries
{
    private const string OnTables = """
        select to_json(x)::text
        from (
            select json_build_object('id', k.id, 'name', k.name) as task,
                   json_build_object('id', d.id, 'name', d.dataset_name) as dataset,
                   e.id as table, null as benchmark, r.model_name, m.name as metric, m.name as metric_name, v.value, v.raw, v.rank,
                   'reported' as kind, r.uses_additional_data, coalesce(r.evaluated_on, r.paper_date) as date, null as evaluation,
                   e.origin
            from table_rows r
            join evaluation_tables e on e.id = r.table_id
            join tasks k on k.id = e.task_id
            join lateral (select e.dataset_id as id, e.dataset_path[cardinality(e.dataset_path)] as dataset_name) d on true
            join table_values v on v.row_id = r.id
            join table_metrics m on m.id = v.metric_id
            where r.paper_id = @id
            order by e.id, r.best_rank nulls last, r.id, m.position
        ) x
        """;

    // A figure's place is one behind the models that are better: that of its model's line on the board of all results where it
    // is the model's best, and where it would be where the model has a better one.
    private const string OnBoards = """
        select to_json(x)::text
        from (
            select json_build_object('id', k.id, 'name', k.name) as task,
                   json_build_object('id', d.id, 'name', d.name) as dataset,
                   null as table, b.name || '@' || b.version as benchmark, r.model_name, r.metric, r.metric as metric_name, r.value,
                   null as raw,
                   case when not r.partial then 1 + (
                       select count(distinct (o.owner_id, o.model_name))
                       from results o
                       where o.benchmark_id = r.benchmark_id and o.metric = r.metric and o.is_best and o.cost < r.cost
                         and (o.owner_id, o.model_name) <> (r.owner_id, r.model_name)) end as rank,
                   r.kind, r.uses_additional_data, r.dated as date, r.evaluation_id as evaluation,
                   case when r.catalog_key is null then 'user' else 'catalog' end as origin
            from results r
            join benchmarks b on b.id = r.benchmark_id
            join tasks k on k.id = b.task_id
            join datasets d on d.id = b.dataset_id
            where r.paper_id = @id and upper_inf(r.shown)
              and not exists (select from benchmarks later where later.name = b.name and later.created_at > b.created_at)
            order by b.name, r.model_name, r.metric, r.cost, r.id
        ) x
        """;

    /// <summary>Every figure of a paper: on evaluation tables, then on boards.</summary>
    public static async Task<IReadOnlyList<PaperResult>> ListPaperResultsAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken) =>
    [
        .. await db.QueryJsonAsync<PaperResult>(OnTables, new { id }, cancellationToken),
        .. await db.QueryJsonAsync<PaperResult>(OnBoards, new { id }, cancellationToken),
    ];
}
