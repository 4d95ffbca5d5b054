using Dapper;
using Leaderboard.Api.EvaluationTables;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>Reads tables of the archive, of users and of benchmarks, which views put side by side.</summary>
internal static class TableQueries
{
    private const string Columns = "t.id, t.task_id as task, t.dataset_id as dataset, t.description, t.mirror_url";

    private const string Chosen = """
        from all_tables t
        where (@taskId::text is null or t.task_id = @taskId) and (@datasetId::text is null or t.dataset_id = @datasetId)
        """;

    public static Task<NumberedPage<EvaluationTable>> ListTablesAsync(
        this NpgsqlDataSource db, string? taskId, string? datasetId, PageQuery page,
        CancellationToken cancellationToken) =>
        db.PageAsync<EvaluationTable>(
            page, $"select {Columns} {Chosen} order by t.id limit @rows offset @skip", $"select count(*) {Chosen}",
            new { taskId, datasetId }, cancellationToken);

    private const string Find = $"select {Columns} from all_tables t where t.id = @id";

    public static async Task<EvaluationTable> GetTableAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<EvaluationTable>(
            new CommandDefinition(Find, new { id }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }

    private const string Metrics = "from all_metrics m where m.table_id = @id and m.is_listed";

    public static async Task<NumberedPage<Metric>> ListMetricsAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken)
    {
        await db.GetTableAsync(id, cancellationToken);
        return await db.PageAsync<Metric>(
            page,
            $"""
            select m.metric_id as id, m.name, m.description, m.is_loss {Metrics}
            order by m.position, m.metric_id limit @rows offset @skip
            """,
            $"select count(*) {Metrics}", new { id }, cancellationToken);
    }

    private const string FindMetric = """
        select metric_id as id, name, description, is_loss from all_metrics where table_id = @id and metric_id = @metricId
        """;

    public static async Task<Metric> GetMetricAsync(
        this NpgsqlDataSource db, string id, string metricId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Metric>(
            new CommandDefinition(FindMetric, new { id, metricId }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }

    private const string CountRows = "select count(*) from all_rows where table_id = @id";

    /// <summary>Rows of a table, the best by its first metric before the others.</summary>
    public static async Task<NumberedPage<TableResult>> ListResultsAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken)
    {
        await db.GetTableAsync(id, cancellationToken);
        var metrics = await db.ListMetricsAsync([id], cancellationToken);
        var rows = await db.ListRowsAsync(
            id, new RowFilter(metrics[id].FirstOrDefault()?.Id ?? ""), after: null, page.Skip, page.Size + 1, cancellationToken);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var count = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(CountRows, new { id }, cancellationToken: cancellationToken));
        return page.Of([.. rows.Select(TableResult.Of)], count);
    }

    /// <param name="db">Where the rows are.</param>
    /// <param name="id">Our id of the paper.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">The request's.</param>
    public static async Task<NumberedPage<TableResult>> ListResultsOfPaperAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken)
    {
        var rows = await db.ListRowsOfPaperAsync(id, cancellationToken);
        return page.Of([.. rows.Skip((int)Math.Min(page.Skip, rows.Count)).Take(page.Size + 1).Select(TableResult.Of)], rows.Count);
    }

    public static async Task<TableResult> GetResultAsync(
        this NpgsqlDataSource db, string id, string resultId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.FindRowAsync(id, resultId, transaction: null, cancellationToken) is { } row
            ? TableResult.Of(row)
            : throw PapersWithCodeApi.NotFound();
    }
}
