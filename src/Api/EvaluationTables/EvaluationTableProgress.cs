using Leaderboard.Api.Catalogue;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>The state of the art over time.</summary>
/// <param name="Table">Id of the table.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="HigherIsBetter">True where a larger value is the better one.</param>
/// <param name="Points">The rows that were better than all before them, by date.</param>
/// <param name="Attribution">Whom to name when they are passed on, and under which licence; null: this installation.</param>
public sealed record EvaluationTableProgress(
    string Table,
    string Metric,
    bool HigherIsBetter,
    IReadOnlyList<EvaluationTablePoint> Points,
    Attribution? Attribution);

/// <summary>A row that was better than all before it.</summary>
/// <param name="Date">When it was evaluated, else when its paper was published.</param>
/// <param name="Value">The number.</param>
/// <param name="Raw">As it was written.</param>
/// <param name="Row">Id of the row.</param>
/// <param name="ModelName">What the table calls the model.</param>
/// <param name="Kind"><c>verified</c> (measured here) or <c>reported</c> (claimed elsewhere).</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the dataset's own training set.</param>
/// <param name="Paper">Its paper, where it has one.</param>
public sealed record EvaluationTablePoint(
    DateOnly Date,
    double Value,
    string Raw,
    string Row,
    string ModelName,
    string Kind,
    bool UsesAdditionalData,
    TablePaper? Paper);
