using System.Data;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Reads rows of evaluation tables with their ranks, of benchmarks as of the archive and of users.</summary>
internal static class RowQueries
{
    private const string RowColumns = """
        r.table_id, r.row_id as id, r.kind, r.position, r.model_name, r.paper_id,
        (select coalesce(p.slug, p.id) from papers p where p.id = r.paper_id) as paper_slug, r.paper_title, r.paper_url,
        r.paper_date, r.evaluated_on, r.dated, r.uses_additional_data, r.code_links::text as code_links,
        r.model_links::text as model_links, r.tags::text as tags, r.external_id, r.external_source_url, r.user_id,
        r.evaluation_id
        """;

    internal const string Filtered = """
        table_id = @tableId
        and (@extraData::boolean is null or uses_additional_data = @extraData)
        and (@kind::text is null or kind = @kind)
        """;

    // Within a tie the earlier comes first; rows without a number stand at the end.
    private const string Page = $"""
        with best as (
            select row_id, min(cost) as cost
            from all_values
            where {Filtered} and metric_id = @metricId and value is not null
            group by row_id
        )
        select {RowColumns}, b.cost
        from (select * from all_rows where {Filtered}) r
        left join best b on b.row_id = r.row_id
        where @afterId::text is null
           or (coalesce(b.cost, 'infinity'), coalesce(r.dated, 'infinity'), r.position, r.row_id collate "C")
            > (coalesce(@afterCost::double precision, 'infinity'), coalesce(@afterDated::date, 'infinity'),
               @afterPosition::int, @afterId::text)
        order by coalesce(b.cost, 'infinity'), coalesce(r.dated, 'infinity'), r.position, r.row_id collate "C"
        limit @rows offset @skip
        """;

    private const string FiguresOfPage = $"""
        select table_id, row_id, metric_id, raw, value, unit, deviation,
               case when value is not null then rank end::int as rank
        from (
            select *, rank() over (partition by metric_id, value is null order by cost)
            from (
                select table_id, row_id, metric_id, raw, value, unit, deviation, cost from all_values where {Filtered}
            ) v
        ) v
        where row_id = any (@ids)
        order by rank
        """;

    /// <summary>
    /// A page of a table's rows, the best in the metric first, with all their figures. Ranks are those among what the filter
    /// leaves.
    /// </summary>
    public static async Task<(IReadOnlyList<RowRecord> Rows, RowPlace? Next)> ListRowsAsync(
        this NpgsqlDataSource db,
        string tableId,
        RowFilter filter,
        RowPlace? after,
        int limit,
        CancellationToken cancellationToken)
    {
        var found = await db.ListRowsAsync(tableId, filter, after, skip: 0, limit + 1, cancellationToken);
        return found.Count > limit
            ? ([.. found.Take(limit)], RowPlace.Of(found[limit - 1]))
            : (found, null);
    }

    /// <summary>The same by number of rows.</summary>
    /// <param name="db">Where the rows are.</param>
    /// <param name="tableId">Id of the table.</param>
    /// <param name="filter">Which of its rows, and by what they are ranked.</param>
    /// <param name="after">The row behind which they begin; null: from the first.</param>
    /// <param name="skip">How many are left out from there on.</param>
    /// <param name="rows">How many there are at most.</param>
    /// <param name="cancellationToken">The request's.</param>
    public static async Task<IReadOnlyList<RowRecord>> ListRowsAsync(
        this NpgsqlDataSource db,
        string tableId,
        RowFilter filter,
        RowPlace? after,
        long skip,
        int rows,
        CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        // Rows and ranks must be of one state of the table.
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellationToken);
        var parameters = new
        {
            tableId,
            filter.MetricId,
            filter.ExtraData,
            filter.Kind,
            afterId = after?.Id,
            afterCost = after?.Cost,
            afterDated = after?.Dated,
            afterPosition = after?.Position,
            skip,
            rows,
        };
        var found = (await connection.QueryAsync<RowRecord>(
            new CommandDefinition(Page, parameters, transaction, cancellationToken: cancellationToken))).AsList();
        var ids = found.ConvertAll(row => row.Id).ToArray();
        var figures = await connection.QueryAsync<FigureRecord>(new CommandDefinition(
            FiguresOfPage, new { tableId, filter.ExtraData, filter.Kind, ids }, transaction,
            cancellationToken: cancellationToken));
        return await connection.WithFiguresAsync(found, figures, cancellationToken);
    }

    private const string OfTable = $"""
        select {RowColumns}, null::double precision as cost from all_rows r where r.table_id = @tableId and r.row_id = @id
        """;

    private const string FiguresOfRow = """
        select table_id, row_id, metric_id, raw, value, unit, deviation, rank
        from all_values
        where table_id = @tableId and row_id = @id
        order by rank
        """;

    /// <summary>A row, each figure with its rank in the whole of its table; null where there is none.</summary>
    public static async Task<RowRecord?> FindRowAsync(
        this NpgsqlConnection connection,
        string tableId,
        string id,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken)
    {
        CommandDefinition Command(string sql) =>
            new(sql, new { tableId, id }, transaction, cancellationToken: cancellationToken);
        var rows = (await connection.QueryAsync<RowRecord>(Command(OfTable))).AsList();
        var figures = await connection.QueryAsync<FigureRecord>(Command(FiguresOfRow));
        return (await connection.WithFiguresAsync(rows, figures, cancellationToken)).SingleOrDefault();
    }

    private const string OfPaper = $"""
        select {RowColumns}, null::double precision as cost
        from all_rows r
        where r.paper_id = @paper
        order by r.table_id, r.position, r.row_id
        """;

    private const string FiguresOfPaper = """
        select table_id, row_id, metric_id, raw, value, unit, deviation, rank
        from all_values
        where paper_id = @paper
        order by rank
        """;

    /// <summary>All rows of a paper, by table, each figure with its rank in the whole of its table.</summary>
    public static async Task<IReadOnlyList<RowRecord>> ListRowsOfPaperAsync(
        this NpgsqlDataSource db, string paper, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellationToken);
        CommandDefinition Command(string sql) => new(sql, new { paper }, transaction, cancellationToken: cancellationToken);
        var rows = (await connection.QueryAsync<RowRecord>(Command(OfPaper))).AsList();
        var figures = await connection.QueryAsync<FigureRecord>(Command(FiguresOfPaper));
        return await connection.WithFiguresAsync(rows, figures, cancellationToken);
    }

    private static async Task<IReadOnlyList<RowRecord>> WithFiguresAsync(
        this NpgsqlConnection connection,
        List<RowRecord> rows,
        IEnumerable<FigureRecord> figures,
        CancellationToken cancellationToken)
    {
        var metrics = await connection.ListMetricsAsync(
            [.. rows.Select(row => row.TableId).Distinct()], cancellationToken);
        var order = metrics.SelectMany(metric => metric).Index().ToDictionary(
            metric => (metric.Item.TableId, metric.Item.Id), metric => (metric.Index, metric.Item.Name));
        var ofRow = figures.ToLookup(figure => (figure.TableId, figure.RowId));
        return rows.ConvertAll(row => row with
        {
            Figures =
            [
                .. ofRow[(row.TableId, row.Id)]
                    .Select(figure => (Figure: figure, Metric: order[(figure.TableId, figure.MetricId)]))
                    .OrderBy(figure => figure.Metric.Index)
                    .Select(figure => figure.Figure with { MetricName = figure.Metric.Name }),
            ],
        });
    }
}
