using Leaderboard.Api.EvaluationTables;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Papers;

internal static class PaperResultQueries
{
    /// <summary>Every figure of a paper, by table, by row, by metric.</summary>
    public static async Task<IReadOnlyList<PaperResult>> ListPaperResultsAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        var rows = await db.ListRowsOfPaperAsync(id, cancellationToken);
        var tables = await db.FindTablesAsync([.. rows.Select(row => row.TableId).Distinct()], cancellationToken);
        var byId = tables.ToDictionary(table => table.Id, StringComparer.Ordinal);
        // A table that came since the rows were read is not among them, and one that went has no rows to show.
        return
        [
            .. from row in rows
               let table = byId.GetValueOrDefault(row.TableId)
               where table is not null
               from figure in row.Figures
               select ResultOf(table, row, figure),
        ];
    }

    private static PaperResult ResultOf(TableRecord table, RowRecord row, FigureRecord figure) => new(
        new CatalogueLink(table.TaskId, table.TaskName),
        new CatalogueLink(table.DatasetId, table.DatasetName),
        table.Id,
        table.Benchmark,
        row.ModelName,
        table.Benchmark is null ? figure.MetricName : figure.MetricId,
        figure.MetricName,
        // Of benchmarks the tables have percent, in decimal digits that a fraction keeps.
        table.Benchmark is null ? figure.Value : (double?)((decimal?)figure.Value / 100),
        figure.Raw,
        figure.Rank,
        row.Kind,
        row.UsesAdditionalData,
        row.Dated,
        row.EvaluationId,
        table.Origin,
        Attribution.Of(table.Origin));
}
