using System.Text.Json;
using Leaderboard.Api.Catalogue;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Ranked rows of a table, or a page of them.</summary>
/// <param name="Table">Id of the table.</param>
/// <param name="Metric">Name of the metric that ranks.</param>
/// <param name="HigherIsBetter">True where the largest value comes first.</param>
/// <param name="Items">The rows, best first; those without a number in the metric last.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
/// <param name="Attribution">Whom to name when they are passed on, and under which licence; null: this installation.</param>
public sealed record EvaluationTableRows(
    string Table,
    string Metric,
    bool HigherIsBetter,
    IReadOnlyList<EvaluationTableRow> Items,
    string? Next,
    Attribution? Attribution);

/// <summary>A row of a table: a model, with its figure in each metric.</summary>
/// <param name="Id">Its id within the table.</param>
/// <param name="Rank">Its place by the metric that ranks; ties share it (1, 2, 2, 4). Null where it has no number in it.</param>
/// <param name="ModelName">What the table calls the model.</param>
/// <param name="Kind"><c>verified</c> (measured here) or <c>reported</c> (claimed elsewhere).</param>
/// <param name="Figures">Its figures, in the table's order of metrics.</param>
/// <param name="BestRank">The best of its figures' ranks; null where none has one.</param>
/// <param name="BestMetric">Name of the first metric that it has this rank in.</param>
/// <param name="Paper">Its paper, where it has one.</param>
/// <param name="Date">When it was evaluated, else when its paper was published; null where neither is known.</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the dataset's own training set.</param>
/// <param name="CodeLinks">Where its code is.</param>
/// <param name="ModelLinks">Where its weights are.</param>
/// <param name="Tags">Words that the archive has for it.</param>
/// <param name="SourceUrl">Where a reported figure was read: an address, or a text that names the place.</param>
/// <param name="Evaluation">Id of the evaluation that measured it; null for a reported row.</param>
public sealed record EvaluationTableRow(
    string Id,
    int? Rank,
    string ModelName,
    string Kind,
    IReadOnlyList<EvaluationTableFigure> Figures,
    int? BestRank,
    string? BestMetric,
    TablePaper? Paper,
    DateOnly? Date,
    bool UsesAdditionalData,
    IReadOnlyList<TitledLink> CodeLinks,
    IReadOnlyList<TitledLink> ModelLinks,
    IReadOnlyList<JsonElement> Tags,
    string? SourceUrl,
    Guid? Evaluation)
{
    internal static EvaluationTableRow Of(RowRecord row, string metricId) => new(
        row.Id, row.Figures.FirstOrDefault(figure => figure.MetricId == metricId)?.Rank, row.ModelName, row.Kind,
        [.. row.Figures.Select(EvaluationTableFigure.Of)], row.Best?.Rank, row.Best?.MetricName,
        TablePaper.Of(row.PaperId, row.PaperTitle, row.PaperUrl), row.Dated, row.UsesAdditionalData,
        TitledLink.Read(row.CodeLinks), TitledLink.Read(row.ModelLinks),
        JsonSerializer.Deserialize<List<JsonElement>>(row.Tags)!, row.ExternalSourceUrl, row.EvaluationId);
}

/// <summary>A figure.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Raw">As it was written.</param>
/// <param name="Value">The number that it is: 73.9 of <c>73.9%</c>, 1200000 of <c>1.2M</c>. Null where it is none.</param>
/// <param name="Unit">What the number is of, for example <c>%</c>; null where nothing is written.</param>
/// <param name="Deviation">What is written behind <c>±</c>.</param>
/// <param name="Rank">Its place by this metric among the rows that are shown; ties share it. Null where it is no number.</param>
public sealed record EvaluationTableFigure(
    string Metric, string Raw, double? Value, string? Unit, double? Deviation, int? Rank)
{
    internal static EvaluationTableFigure Of(FigureRecord figure) => new(
        figure.MetricName, figure.Raw, figure.Value, figure.Unit, figure.Deviation, figure.Rank);
}

/// <summary>The paper behind a row.</summary>
/// <param name="Id">Id of the paper in the catalogue; null where it does not hold it.</param>
/// <param name="Title">Its title.</param>
/// <param name="Url">Its address.</param>
public sealed record TablePaper(string? Id, string? Title, string? Url)
{
    internal static TablePaper? Of(string? id, string? title, string? url) =>
        string.IsNullOrEmpty(id) && string.IsNullOrEmpty(title) && string.IsNullOrEmpty(url)
            ? null
            : new TablePaper(id, title, url);
}
