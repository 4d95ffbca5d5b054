using System.Text;
using System.Text.Json;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Writes a page of a table as JSON or CSV.</summary>
internal static class RowsWriter
{
    public const string Json = "application/json";

    public static (string ContentType, byte[] Body) Write(
        EvaluationTableRows page, IEnumerable<EvaluationTableMetric> metrics, string mediaType) =>
        mediaType == Csv.MediaType
            ? ("text/csv; charset=utf-8; header=present", Encoding.UTF8.GetBytes(AsCsv(page, [.. metrics])))
            : ("application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(page, LeaderboardJson.Options));

    // Figures as they were written, a column a metric.
    private static string AsCsv(EvaluationTableRows page, IReadOnlyList<EvaluationTableMetric> metrics)
    {
        var lines = page.Items.Select(row => Csv.Line(
        [
            Csv.Cell(row.Rank), Csv.Cell(row.ModelName), Csv.Cell(row.Kind),
            .. metrics.Select(metric => Csv.Cell(
                row.Figures.FirstOrDefault(figure => figure.Metric == metric.Name)?.Raw)),
            row.UsesAdditionalData ? "true" : "false", Csv.Cell(row.Paper?.Id), Csv.Cell(row.Paper?.Title),
            Csv.Cell(row.Paper?.Url), Csv.Cell(row.CodeLinks is [var code, ..] ? code.Url : null), $"{row.Date:yyyy-MM-dd}",
            Csv.Cell(row.Evaluation), Csv.Cell(row.SourceUrl), Csv.Cell(row.Id),
        ]));
        return Csv.Line(
        [
            "rank", "model_name", "kind", .. metrics.Select(metric => Csv.Cell(metric.Name)), "uses_additional_data",
            "paper_id", "paper_title", "paper_url", "code_url", "date", "evaluation", "source_url", "row",
        ]) + string.Concat(lines);
    }
}
