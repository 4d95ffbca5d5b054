using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Which tables a list holds.</summary>
/// <param name="Task">Id of the task; null: any.</param>
/// <param name="Dataset">Id of the dataset; null: any.</param>
/// <param name="Origin"><c>archive</c>, <c>user</c> or <c>benchmark</c>; null: any.</param>
/// <param name="Name">What the name of the task or of the dataset has in it; null: anything.</param>
internal sealed record TableFilter(string? Task = null, string? Dataset = null, string? Origin = null, string? Name = null);

/// <summary>An evaluation table as it is stored: the archive's, a user's, or what a benchmark is shown as.</summary>
internal sealed record TableRecord(
    string Id,
    string Origin,
    Guid? UserId,
    string TaskId,
    string TaskName,
    string DatasetId,
    string DatasetName,
    string[] DatasetPath,
    string Description,
    string Links,
    string Citations,
    string? MirrorUrl,
    string? ExternalId,
    string? Benchmark,
    DateTime CreatedAt,
    DateTime ChangedAt);

/// <summary>A metric of a table.</summary>
/// <param name="Id">Its number, or of a benchmark's the name that results have.</param>
/// <param name="IsLoss">Less is better.</param>
/// <param name="Direction">Who says so: <c>inferred</c>, <c>given</c> or <c>corrected</c>.</param>
/// <param name="IsListed">False where only rows have it, not the archive's list of the table's metrics.</param>
internal sealed record MetricRecord(
    string TableId,
    string Id,
    int Position,
    string Name,
    string Description,
    bool IsLoss,
    string Direction,
    bool IsListed);

/// <summary>Reads which evaluation tables there are, those of benchmarks among them.</summary>
internal static class TableQueries
{
    internal const string Columns = """
        select t.id, t.origin, t.user_id, t.task_id, k.name as task_name, t.dataset_id, d.name as dataset_name,
               t.dataset_path, t.description, t.links::text as links, t.citations::text as citations, t.mirror_url,
               t.external_id, t.benchmark, t.created_at, t.changed_at
        from all_tables t
        join tasks k on k.id = t.task_id
        join datasets d on d.id = t.dataset_id
        """;

    private const string List = $"""
        {Columns}
        where (@task::text is null or t.task_id = @task)
          and (@dataset::text is null or t.dataset_id = @dataset)
          and (@origin::text is null or t.origin = @origin)
          and (@name::text is null
               or strpos(lower(k.name || ' on ' || array_to_string(t.dataset_path, ' ')), lower(@name)) > 0)
          and (@after::text is null or t.id > @after)
        order by t.id
        limit @rows
        """;

    /// <summary>Tables by id.</summary>
    public static async Task<IReadOnlyList<TableRecord>> ListTablesAsync(
        this NpgsqlDataSource db, TableFilter filter, string? after, int rows, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var parameters = new { filter.Task, filter.Dataset, filter.Origin, filter.Name, after, rows };
        return (await connection.QueryAsync<TableRecord>(
            new CommandDefinition(List, parameters, cancellationToken: cancellationToken))).AsList();
    }

    private const string Find = $"{Columns} where t.id = any (@ids) order by t.id";

    public static async Task<IReadOnlyList<TableRecord>> FindTablesAsync(
        this NpgsqlDataSource db, string[] ids, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<TableRecord>(
            new CommandDefinition(Find, new { ids }, cancellationToken: cancellationToken))).AsList();
    }

    public static async Task<TableRecord> GetTableAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken) =>
        (await db.FindTablesAsync([id], cancellationToken)).SingleOrDefault()
        ?? throw Problems.EvaluationTableUnknown.Because($"There is no evaluation table '{id}'.");

    private const string ListMetrics = """
        select table_id, metric_id as id, position, name, description, is_loss, direction, is_listed
        from all_metrics
        where table_id = any (@ids)
        order by table_id, position, name
        """;

    /// <summary>The metrics of tables, each table's primary one first.</summary>
    public static async Task<ILookup<string, MetricRecord>> ListMetricsAsync(
        this NpgsqlDataSource db, string[] ids, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.ListMetricsAsync(ids, cancellationToken);
    }

    public static async Task<ILookup<string, MetricRecord>> ListMetricsAsync(
        this NpgsqlConnection connection, string[] ids, CancellationToken cancellationToken)
    {
        var metrics = await connection.QueryAsync<MetricRecord>(
            new CommandDefinition(ListMetrics, new { ids }, cancellationToken: cancellationToken));
        return metrics.ToLookup(metric => metric.TableId, StringComparer.Ordinal);
    }
}
