using Dapper;
using Npgsql;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Reads the records of evaluation tables: the rows that were better than all before them.</summary>
internal static class RecordQueries
{
    // In the order of the line, a row is a record where it is better than the best of all before it; of one date the best
    // comes first, so that it alone can be. A row without a date has no place on it.
    private const string Records = $"""
        with counted as (
            select r.*, v.value, v.raw, v.cost, min(v.cost) over (
                order by r.dated, v.cost, r.position, r.row_id rows between unbounded preceding and 1 preceding) as best_before
            from (select * from all_rows where {RowQueries.Filtered}) r
            join (select * from all_values where {RowQueries.Filtered} and metric_id = @metricId) v on v.row_id = r.row_id
            where r.dated is not null and v.value is not null
        )
        select dated, value, raw, row_id as row, model_name, kind, uses_additional_data, paper_id, paper_title, paper_url
        from counted
        where best_before is null or cost < best_before
        order by dated
        """;

    public static async Task<IReadOnlyList<EvaluationTablePoint>> ListRecordsAsync(
        this NpgsqlDataSource db, string tableId, RowFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<RecordRow>(new CommandDefinition(
            Records, new { tableId, filter.MetricId, filter.ExtraData, filter.Kind }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToPoint())];
    }

    private sealed record RecordRow(
        DateOnly Dated,
        double Value,
        string Raw,
        string Row,
        string ModelName,
        string Kind,
        bool UsesAdditionalData,
        string? PaperId,
        string? PaperTitle,
        string? PaperUrl)
    {
        public EvaluationTablePoint ToPoint() => new(
            Dated, Value, Raw, Row, ModelName, Kind, UsesAdditionalData, TablePaper.Of(PaperId, PaperTitle, PaperUrl));
    }
}
