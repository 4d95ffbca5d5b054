namespace Leaderboard.Api.Leaderboards;

/// <summary>The state of the art over time.</summary>
/// <param name="Benchmark">Name of the benchmark.</param>
/// <param name="Version">Version of the benchmark.</param>
/// <param name="Metric">The metric.</param>
/// <param name="HigherIsBetter">True where a larger value is the better one.</param>
/// <param name="Points">The results that were better than all before them, by date.</param>
public sealed record ProgressLine(
    string Benchmark, string Version, string Metric, bool HigherIsBetter, IReadOnlyList<ProgressPoint> Points);

/// <summary>A result that was better than all before it.</summary>
/// <param name="Date">Date of the result: of its paper, or of its submission.</param>
/// <param name="ModelName">What the board calls the model.</param>
/// <param name="Value">Value of the metric, a fraction in [0, 1].</param>
/// <param name="Kind"><c>verified</c> (measured here) or <c>reported</c> (claimed elsewhere).</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the benchmark's own training set.</param>
/// <param name="Paper">Its paper, where it has one.</param>
/// <param name="Submitter">Who submitted it; null where a reported figure is the catalogue's.</param>
/// <param name="Evaluation">Id of the evaluation that measured it; null for a reported result.</param>
/// <param name="Result">Id of the result.</param>
public sealed record ProgressPoint(
    DateOnly Date,
    string ModelName,
    double Value,
    string Kind,
    bool UsesAdditionalData,
    LeaderboardPaper? Paper,
    string? Submitter,
    Guid? Evaluation,
    Guid Result);
