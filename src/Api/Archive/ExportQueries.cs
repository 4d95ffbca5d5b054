using System.Data;
using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>A task, as an export names it.</summary>
[method: ExplicitConstructor]
internal sealed record ExportedTask(
    string Id,
    string Origin,
    string Name,
    string Description,
    string[] Areas,
    string[] Synonyms,
    string? SourceTitle,
    string? SourceUrl);

/// <summary>A table, or a dataset that only stands above others.</summary>
[method: ExplicitConstructor]
internal sealed record ExportedTable(
    string Id,
    string Origin,
    string TaskId,
    string[] DatasetPath,
    string Description,
    string Links,
    string Citations,
    bool HasSota,
    string? Benchmark,
    string[] Metrics);

/// <summary>A row of a table.</summary>
/// <param name="Metrics">Its figures as they were written, by metric.</param>
/// <param name="AddedBy">The user who added it to a table of the archive's.</param>
internal sealed record ExportedRow(
    string Id,
    string Kind,
    string ModelName,
    string? PaperTitle,
    string? PaperUrl,
    DateOnly? PaperDate,
    bool UsesAdditionalData,
    string CodeLinks,
    string ModelLinks,
    string Tags,
    string? AddedBy,
    string? Metrics);

/// <summary>Reads, in one snapshot, what an export holds; rows as they come, never a whole table of them.</summary>
internal sealed class ExportReader(NpgsqlConnection connection, NpgsqlTransaction snapshot, string? origin)
    : IAsyncDisposable
{
    public static async Task<ExportReader> BeginAsync(
        NpgsqlDataSource db, string? origin, CancellationToken cancellationToken)
    {
        var connection = await db.OpenConnectionAsync(cancellationToken);
        return new ExportReader(
            connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken), origin);
    }

    public string? Origin => origin;

    private const string Tasks =
        "select id, origin, name, description, areas, synonyms, source_title, source_url from tasks";

    public Task<IEnumerable<ExportedTask>> ReadTasksAsync(CancellationToken cancellationToken) =>
        connection.QueryAsync<ExportedTask>(Command(Tasks, cancellationToken));

    private const string Parents = "select task_id, parent_id from task_parents";

    public Task<IEnumerable<(string TaskId, string ParentId)>> ReadParentsAsync(CancellationToken cancellationToken) =>
        connection.QueryAsync<(string, string)>(Command(Parents, cancellationToken));

    private const string Tables = """
        select e.id, e.origin, e.task_id, e.dataset_path, e.description, e.links::text as links,
               e.citations::text as citations, e.has_sota, null as benchmark,
               array(select m.name from table_metrics m where m.table_id = e.id and m.is_listed order by m.position) as metrics
        from evaluation_tables e
        where @origin::text is null or e.origin = @origin
        order by e.origin, e.position, e.id
        """;

    private const string BenchmarkTables = """
        select t.id, t.origin, t.task_id, t.dataset_path, t.description, t.links::text as links,
               t.citations::text as citations, true as has_sota, t.benchmark,
               array(select m.name from all_metrics m where m.table_id = t.id order by m.position) as metrics
        from all_tables t
        where t.origin = 'benchmark' and (@origin::text is null or @origin = 'benchmark')
        order by t.id
        """;

    public async Task<IReadOnlyList<ExportedTable>> ReadTablesAsync(CancellationToken cancellationToken) =>
    [
        .. await connection.QueryAsync<ExportedTable>(Command(Tables, cancellationToken)),
        .. await connection.QueryAsync<ExportedTable>(Command(BenchmarkTables, cancellationToken)),
    ];

    // In the order of their source; of the archive alone, without what users have added to its tables.
    private const string Rows = """
        select r.id::text as id, 'reported' as kind, r.model_name, r.paper_title, r.paper_url, r.paper_date,
               r.uses_additional_data, r.code_links::text as code_links, r.model_links::text as model_links,
               r.tags::text as tags, u.name as added_by,
               (select jsonb_object_agg(m.name, v.raw)::text
                from table_values v
                join table_metrics m on m.id = v.metric_id
                where v.row_id = r.id) as metrics
        from table_rows r
        left join users u on u.id = r.user_id
        where r.table_id = @id and (@origin::text is distinct from 'archive' or r.user_id is null)
        order by r.position, r.id
        """;

    // The best in the primary metric first; of two figures of a metric the better.
    private const string BenchmarkRows = """
        with figures as (
            select v.row_id, jsonb_object_agg(m.name, v.raw order by v.cost desc)::text as metrics,
                   min(v.cost) filter (where m.position = 1) as cost
            from (select row_id, metric_id, raw, cost from all_values where table_id = @id) v
            join (select metric_id, name, position from all_metrics where table_id = @id) m on m.metric_id = v.metric_id
            group by v.row_id
        )
        select r.row_id as id, r.kind, r.model_name, r.paper_title, r.paper_url, r.dated as paper_date,
               r.uses_additional_data, r.code_links::text as code_links, r.model_links::text as model_links,
               r.tags::text as tags, null as added_by, f.metrics
        from (select * from all_rows where table_id = @id) r
        left join figures f on f.row_id = r.row_id
        order by f.cost, r.dated, r.row_id
        """;

    public IAsyncEnumerable<ExportedRow> ReadRowsAsync(ExportedTable table) => connection.ReadAsync<ExportedRow>(
        table.Benchmark is null ? Rows : BenchmarkRows, new { table.Id, origin }, snapshot);

    private CommandDefinition Command(string sql, CancellationToken cancellationToken) =>
        new(sql, new { origin }, snapshot, cancellationToken: cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await snapshot.DisposeAsync();
        await connection.DisposeAsync();
    }
}
