namespace Leaderboard.Api.Archive;

/// <summary>
/// Evaluation tables. Of a table that stands at several places the first counts that has rows; a row is the same as before if
/// its model, its paper's address, and its place among those with both are.
/// </summary>
internal static class MergeTables
{
    private static readonly MergeStep Kept = MergeStep.Prepare("""
        create temporary table merged_tables on commit drop as
        select distinct on (s.task_id, s.dataset_path) s.*, null::text as dataset_id, e.id
        from staged_tables s
        left join evaluation_tables e on e.user_id is null and e.task_id = s.task_id and e.dataset_path = s.dataset_path
        order by s.task_id, s.dataset_path, not s.has_sota,
                 not exists (select from staged_rows r where r.table_number = s.number), s.number;
        create unique index on merged_tables (number);
        """);

    // By name, the archive's own first, then by the name of a part or version.
    private static readonly MergeStep FindDatasets = MergeStep.Prepare("""
        create temporary table named_datasets on commit drop as
        select n.name, min(n.slug) as slug, min(n.parent) as parent, null::text as id
        from (
            select dataset_path[cardinality(dataset_path)] as name, dataset_slug as slug,
                   dataset_path[cardinality(dataset_path) - 1] as parent
            from merged_tables
        ) n
        group by n.name;
        update named_datasets n set id = coalesce(
            (select d.id from datasets d where lower(d.name) = lower(n.name) order by d.origin <> 'archive', d.id limit 1),
            (select d.id from datasets d where d.variants @> array[n.name] order by d.origin <> 'archive', d.id limit 1),
            (select d.id from datasets d where d.id = n.slug));
        """);

    private static readonly MergeStep AddDatasets = MergeStep.Put("datasets", """
        insert into datasets (id, origin, name, description, parent_dataset)
        select distinct on (slug) slug, 'archive', name, '', parent from named_datasets where id is null order by slug, name
        """);

    private static readonly MergeStep SetDatasets = MergeStep.Prepare("""
        update merged_tables t set dataset_id = coalesce(n.id, n.slug)
        from named_datasets n where n.name = t.dataset_path[cardinality(t.dataset_path)]
        """);

    /// <summary>Behind it every table of the archive's has an id.</summary>
    public static IReadOnlyList<MergeStep> Naming { get; } = [Kept, FindDatasets, AddDatasets, SetDatasets];

    // Only the dump says where a table that is there already stands among its task's.
    private static readonly MergeStep Tables = MergeStep.Put("evaluation_tables", """
        insert into evaluation_tables (id, origin, task_id, dataset_id, dataset_path, position, description, links, citations, has_sota)
        select m.id, 'archive', m.task_id, m.dataset_id, m.dataset_path,
               case when @isDump or e.id is null then m.position else e.position end, m.description, m.links, m.citations, m.has_sota
        from merged_tables m
        left join evaluation_tables e on e.id = m.id
        where e.id is null or (@isDump and e.position <> m.position)
           or (e.dataset_id, e.description, e.links, e.citations, e.has_sota)
              is distinct from (m.dataset_id, m.description, m.links, m.citations, m.has_sota)
        on conflict (id) do update
        set dataset_id = excluded.dataset_id, position = excluded.position, description = excluded.description,
            links = excluded.links, citations = excluded.citations, has_sota = excluded.has_sota, changed_at = clock_timestamp()
        """);

    // Where users have added rows, the table stays.
    private static readonly MergeStep OldTables = MergeStep.Remove("evaluation_tables", """
        delete from evaluation_tables e
        where @isDump and e.user_id is null
          and not exists (select from merged_tables m where m.id = e.id)
          and not exists (select from table_rows r where r.table_id = e.id and r.user_id is not null)
        """);

    private static readonly MergeStep Metrics = MergeStep.Put("table_metrics", """
        insert into table_metrics (table_id, position, name, is_loss, direction, is_listed)
        select m.id, s.position, s.name, s.is_loss, 'inferred', s.is_listed
        from merged_tables m
        join staged_metrics s on s.table_number = m.number
        left join table_metrics x on x.table_id = m.id and x.name = s.name
        where x.id is null or (x.position, x.is_listed) is distinct from (s.position, s.is_listed)
           or (x.direction = 'inferred' and x.is_loss <> s.is_loss)
        on conflict (table_id, name) do update
        set position = excluded.position, is_listed = excluded.is_listed,
            is_loss = case table_metrics.direction when 'inferred' then excluded.is_loss else table_metrics.is_loss end
        """);

    private static readonly MergeStep Rows = MergeStep.Prepare("""
        create temporary table merged_rows on commit drop as
        with staged as (
            select m.id as table_id, s.*, coalesce(p.id, q.id) as paper_id,
                   row_number() over (partition by m.id, s.model_name, s.paper_url order by s.position) as nth
            from merged_tables m
            join staged_rows s on s.table_number = m.number
            left join papers p on p.slug = s.paper_slug
            left join papers q on q.id = 'arxiv:' || s.paper_arxiv_id
        ), stored as (
            select r.id, r.table_id, r.model_name, r.paper_url,
                   row_number() over (partition by r.table_id, r.model_name, r.paper_url order by r.position, r.id) as nth
            from table_rows r
            join merged_tables m on m.id = r.table_id
            where r.user_id is null
        )
        select s.*, t.id
        from staged s
        left join stored t on (t.table_id, t.model_name, t.nth) = (s.table_id, s.model_name, s.nth)
                          and t.paper_url is not distinct from s.paper_url;
        create temporary table new_rows on commit drop as
        select table_number, position, nextval(pg_get_serial_sequence('table_rows', 'id')) as id
        from merged_rows where id is null order by table_number, position;
        update merged_rows m set id = n.id from new_rows n where (n.table_number, n.position) = (m.table_number, m.position);
        create unique index on merged_rows (id);
        create unique index on merged_rows (table_number, position);
        analyze merged_rows;
        """);

    private const string Said = """
        m.position, m.model_name, m.paper_id, m.paper_title, m.paper_url, m.paper_date, m.uses_additional_data, m.code_links,
        m.model_links, m.tags
        """;

    private static readonly MergeStep PutRows = MergeStep.Put("table_rows", $"""
        insert into table_rows (id, table_id, position, model_name, paper_id, paper_title, paper_url, paper_date,
                                uses_additional_data, code_links, model_links, tags)
        overriding system value
        select m.id, m.table_id, {Said}
        from merged_rows m
        left join table_rows r on r.id = m.id
        where r.id is null
           or (r.position, r.model_name, r.paper_id, r.paper_title, r.paper_url, r.paper_date, r.uses_additional_data, r.code_links,
               r.model_links, r.tags) is distinct from ({Said})
        on conflict (id) do update
        set position = excluded.position, paper_id = excluded.paper_id, paper_title = excluded.paper_title,
            paper_date = excluded.paper_date, uses_additional_data = excluded.uses_additional_data,
            code_links = excluded.code_links, model_links = excluded.model_links, tags = excluded.tags,
            changed_at = clock_timestamp()
        """);

    private static readonly MergeStep OldRows = MergeStep.Remove("table_rows", """
        delete from table_rows r using merged_tables t
        where t.id = r.table_id and r.user_id is null and not exists (select from merged_rows m where m.id = r.id)
        """);

    private static readonly MergeStep Values = MergeStep.Prepare("""
        create temporary table merged_values on commit drop as
        select m.id as row_id, x.id as metric_id, s.raw, s.value, s.unit, s.deviation
        from staged_values s
        join merged_rows m on (m.table_number, m.position) = (s.table_number, s.row_position)
        join table_metrics x on x.table_id = m.table_id and x.name = s.metric;
        create unique index on merged_values (row_id, metric_id);
        analyze merged_values;
        """);

    private static readonly MergeStep PutValues = MergeStep.Put("table_values", """
        insert into table_values (row_id, metric_id, raw, value, unit, deviation)
        select m.*
        from merged_values m
        left join table_values v on (v.row_id, v.metric_id) = (m.row_id, m.metric_id)
        where v.row_id is null
           or (v.raw, v.value, v.unit, v.deviation) is distinct from (m.raw, m.value, m.unit, m.deviation)
        on conflict (row_id, metric_id) do update
        set raw = excluded.raw, value = excluded.value, unit = excluded.unit, deviation = excluded.deviation
        """);

    private static readonly MergeStep OldValues = MergeStep.Remove("table_values", """
        delete from table_values v using merged_rows r
        where r.id = v.row_id
          and not exists (select from merged_values m where (m.row_id, m.metric_id) = (v.row_id, v.metric_id))
        """);

    // A metric that somebody corrected, or that rows of users have, stays.
    private static readonly MergeStep OldMetrics = MergeStep.Remove("table_metrics", """
        delete from table_metrics x using merged_tables t
        where t.id = x.table_id and x.direction = 'inferred'
          and not exists (select from staged_metrics s where s.table_number = t.number and s.name = x.name)
          and not exists (select from table_values v where v.metric_id = x.id)
        """);

    private static readonly MergeStep Ranks = MergeStep.Prepare(
        "analyze table_metrics; analyze table_values; analyze table_rows; select rank_tables(array(select id from merged_tables))");

    /// <summary>Once every table has an id.</summary>
    public static IReadOnlyList<MergeStep> Steps { get; } =
        [Tables, OldTables, Metrics, Rows, PutRows, OldRows, Values, PutValues, OldValues, OldMetrics, Ranks];
}
