using Dapper;
using Leaderboard.Shared;
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
        this NpgsqlDataSource db, string? taskId, string? datasetId, PageQuery page, HttpContext http,
        CancellationToken cancellationToken) =>
        db.PageAsync<EvaluationTable>(
            page, http, $"select {Columns} {Chosen} order by t.id limit @rows offset @skip", $"select count(*) {Chosen}",
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
        this NpgsqlDataSource db, string id, PageQuery page, HttpContext http, CancellationToken cancellationToken)
    {
        await db.GetTableAsync(id, cancellationToken);
        return await db.PageAsync<Metric>(
            page, http,
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

    // By the first metric; within a tie the earlier date first. A row of a benchmark may have two figures of a metric.
    private const string PageOfTable = """
        select r.*, row_number() over (order by f.cost nulls last, r.dated nulls last, r.position, r.row_id) as place
        from all_rows r
        left join (
            select v.row_id, min(v.cost) as cost
            from all_values v
            where v.table_id = @id and v.value is not null
              and v.metric_id = (select metric_id from all_metrics where table_id = @id order by position limit 1)
            group by v.row_id
        ) f on f.row_id = r.row_id
        where r.table_id = @id
        """;

    // All of a table is ranked at once: figure by figure, each would be counted anew.
    private const string FiguresOfTable = """
        select v.table_id, v.row_id, v.metric_id, v.raw, v.value, v.cost,
               rank() over (partition by v.metric_id, v.value is null order by v.cost) as rank
        from all_values v
        where v.table_id = @id
        """;

    private const string FiguresOfRow = """
        select v.table_id, v.row_id, v.metric_id, v.raw, v.value, v.cost, v.rank
        from all_values v
        where v.table_id = @id and v.row_id = @resultId
        """;

    private const string PageOfPaper = """
        select r.*, row_number() over (order by r.table_id, r.position, r.row_id) as place
        from all_rows r
        where r.paper_id = @id and exists (select from all_tables t where t.id = r.table_id)
        """;

    private const string FiguresOfPaper = """
        select v.table_id, v.row_id, v.metric_id, v.raw, v.value, v.cost, v.rank from all_values v where v.paper_id = @id
        """;

    public static async Task<NumberedPage<TableResult>> ListResultsAsync(
        this NpgsqlDataSource db, string id, PageQuery page, HttpContext http, CancellationToken cancellationToken)
    {
        await db.GetTableAsync(id, cancellationToken);
        return await db.ListResultsAsync(
            PageOfTable, FiguresOfTable, "select count(*) from all_rows where table_id = @id", id, page, http,
            cancellationToken);
    }

    /// <param name="db">Where the rows are.</param>
    /// <param name="id">Our id of the paper.</param>
    /// <param name="page">Which page.</param>
    /// <param name="http">The request.</param>
    /// <param name="cancellationToken">The request's.</param>
    public static Task<NumberedPage<TableResult>> ListResultsOfPaperAsync(
        this NpgsqlDataSource db, string id, PageQuery page, HttpContext http, CancellationToken cancellationToken) =>
        db.ListResultsAsync(
            PageOfPaper, FiguresOfPaper,
            """
            select count(*) from all_rows r
            where r.paper_id = @id and exists (select from all_tables t where t.id = r.table_id)
            """,
            id, page, http, cancellationToken);

    private static async Task<NumberedPage<TableResult>> ListResultsAsync(
        this NpgsqlDataSource db, string rows, string figures, string count, string id, PageQuery page, HttpContext http,
        CancellationToken cancellationToken)
    {
        var found = await db.PageAsync<ResultRow>(
            page, http, Rows($"{rows} order by place limit @rows offset @skip", figures), count, new { id },
            cancellationToken);
        return new NumberedPage<TableResult>(
            found.Count, found.Next, found.Previous, [.. found.Results.Select(row => row.ToResult())]);
    }

    public static async Task<TableResult> GetResultAsync(
        this NpgsqlDataSource db, string id, string resultId, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.FindResultAsync(id, resultId, transaction: null, cancellationToken)
            ?? throw PapersWithCodeApi.NotFound();
    }

    public static async Task<TableResult?> FindResultAsync(
        this NpgsqlConnection connection, string id, string resultId, NpgsqlTransaction? transaction,
        CancellationToken cancellationToken)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ResultRow>(new CommandDefinition(
            Rows("select r.*, 1 as place from all_rows r where r.table_id = @id and r.row_id = @resultId", FiguresOfRow),
            new { id, resultId }, transaction, cancellationToken: cancellationToken));
        return row?.ToResult();
    }

    // Figures are read once for the whole page: the views find them by their table or paper, not by their row.
    private static string Rows(string page, string figures) => $"""
        with page as materialized ({page}),
        figures as (
            select distinct on (v.table_id, v.row_id, m.position, m.metric_id)
                   v.table_id, v.row_id, m.name, m.position, v.raw, case when v.value is not null then v.rank end as rank
            from ({figures}) v
            join all_metrics m on m.table_id = v.table_id and m.metric_id = v.metric_id
            where (v.table_id, v.row_id) in (select table_id, row_id from page)
            order by v.table_id, v.row_id, m.position, m.metric_id, v.value is null, v.cost
        ),
        figured as (
            select table_id, row_id, json_object_agg(name, raw order by position) as metrics, min(rank)::int as best_rank,
                   (array_agg(name order by rank, position) filter (where rank is not null))[1] as best_metric
            from figures
            group by table_id, row_id
        )
        select r.row_id as id, f.best_rank, coalesce(f.metrics, json_build_object())::text as metrics,
               r.model_name as methodology, r.uses_additional_data, coalesce(p.slug, p.id, r.paper_url) as paper, f.best_metric,
               r.evaluated_on, r.external_source_url
        from page r
        left join figured f on f.table_id = r.table_id and f.row_id = r.row_id
        left join papers p on p.id = r.paper_id
        order by r.place
        """;

    private sealed record ResultRow(
        string Id, int? BestRank, string Metrics, string Methodology, bool UsesAdditionalData, string? Paper, string? BestMetric,
        DateOnly? EvaluatedOn, string? ExternalSourceUrl)
    {
        public TableResult ToResult() => new(
            Id, BestRank, LeaderboardJson.Parse<Dictionary<string, string>>(Metrics), Methodology, UsesAdditionalData, Paper,
            BestMetric, EvaluatedOn, ExternalSourceUrl);
    }
}
