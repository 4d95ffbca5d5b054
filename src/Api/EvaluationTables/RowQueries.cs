using System.Data;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Which rows of a table are ranked, and by what.</summary>
/// <param name="MetricId">Id of the metric.</param>
/// <param name="ExtraData">Only rows that use additional training data, or none of them; null: all.</param>
/// <param name="Kind"><c>verified</c> or <c>reported</c>; null: both.</param>
internal sealed record RowFilter(string MetricId, bool? ExtraData = null, string? Kind = null);

/// <summary>A row of a table, with its figures.</summary>
/// <param name="Id">A number, or of a benchmark's the evaluation, or what a model, paper and source make.</param>
/// <param name="Dated">When it was evaluated, else when its paper was written down or published.</param>
/// <param name="CodeLinks"><c>[{title, url}]</c>, as <c>ModelLinks</c> are.</param>
/// <param name="Cost">By which a page ranks it, smaller is better; null where it has no number, and outside a page.</param>
internal sealed record RowRecord(
    string TableId,
    string Id,
    string Kind,
    int Position,
    string ModelName,
    string? PaperId,
    string? PaperTitle,
    string? PaperUrl,
    DateOnly? PaperDate,
    DateOnly? EvaluatedOn,
    DateOnly? Dated,
    bool UsesAdditionalData,
    string CodeLinks,
    string ModelLinks,
    string Tags,
    string? ExternalId,
    string? ExternalSourceUrl,
    Guid? UserId,
    Guid? EvaluationId,
    double? Cost)
{
    /// <summary>By the table's order of metrics; of one metric the better first.</summary>
    public IReadOnlyList<FigureRecord> Figures { get; init; } = [];

    /// <summary>The figure of its best rank, by the first metric that has it; null where no figure is a number.</summary>
    public FigureRecord? Best => Figures.Where(figure => figure.Rank is not null).MinBy(figure => figure.Rank);
}

/// <summary>A row's figure in a metric.</summary>
/// <param name="Raw">As it was written.</param>
/// <param name="Value">The number that it is; null where it is none, and then it has no rank.</param>
/// <param name="Rank">Among all rows of the table, or those that a filter leaves; ties share it.</param>
internal sealed record FigureRecord(
    string TableId,
    string RowId,
    string MetricId,
    string Raw,
    double? Value,
    string? Unit,
    double? Deviation,
    int? Rank)
{
    public string MetricName { get; init; } = "";
}

/// <summary>Where a page of rows begins: behind this row.</summary>
/// <param name="Cost">Smaller is better; null where it has no number.</param>
internal sealed record RowPlace(double? Cost, DateOnly? Dated, int Position, string Id);

/// <summary>Reads rows of evaluation tables with their ranks, of benchmarks as of the archive and of users.</summary>
internal static class RowQueries
{
    private const string RowColumns = """
        r.table_id, r.row_id as id, r.kind, r.position, r.model_name, r.paper_id, r.paper_title, r.paper_url, r.paper_date,
        r.evaluated_on, r.dated, r.uses_additional_data, r.code_links::text as code_links,
        r.model_links::text as model_links, r.tags::text as tags, r.external_id, r.external_source_url, r.user_id,
        r.evaluation_id
        """;

    private const string Filtered = """
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
        limit @rows
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
            rows = limit + 1,
        };
        var found = (await connection.QueryAsync<RowRecord>(
            new CommandDefinition(Page, parameters, transaction, cancellationToken: cancellationToken))).AsList();
        var rows = found.Take(limit).ToList();
        var ids = rows.ConvertAll(row => row.Id).ToArray();
        var figures = await connection.QueryAsync<FigureRecord>(new CommandDefinition(
            FiguresOfPage, new { tableId, filter.ExtraData, filter.Kind, ids }, transaction,
            cancellationToken: cancellationToken));
        var last = found.Count > limit ? rows[^1] : null;
        return (
            await transaction.WithFiguresAsync(rows, figures, cancellationToken),
            last is null ? null : new RowPlace(last.Cost, last.Dated, last.Position, last.Id));
    }

    private const string OfPaper = $"""
        select {RowColumns}, null::double precision as cost from all_rows r where r.paper_id = @paper order by r.table_id, r.position, r.row_id
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
        return await transaction.WithFiguresAsync(rows, figures, cancellationToken);
    }

    private static async Task<IReadOnlyList<RowRecord>> WithFiguresAsync(
        this NpgsqlTransaction transaction,
        List<RowRecord> rows,
        IEnumerable<FigureRecord> figures,
        CancellationToken cancellationToken)
    {
        var metrics = await transaction.Connection!.ListMetricsAsync(
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
