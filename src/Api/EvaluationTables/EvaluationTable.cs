using Leaderboard.Api.Catalogue;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>A task on a dataset, with the metrics by which models are compared.</summary>
/// <param name="Id">Its id, which was its address on Papers With Code.</param>
/// <param name="Name">The task on the dataset, for people.</param>
/// <param name="Origin">
/// <c>archive</c> (of Papers With Code), <c>user</c> (a user's own), or <c>benchmark</c>: what a benchmark's boards show, read-only.
/// </param>
/// <param name="Task">The task.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="DatasetPath">
/// The dataset's name as the table has it, of a subdataset those above it first; of a benchmark's, the benchmark last.
/// </param>
/// <param name="Description">What the table says of itself.</param>
/// <param name="Metrics">Its metrics, the primary one first.</param>
/// <param name="Links">Where more is said of the dataset.</param>
/// <param name="Citations">What the dataset is cited by.</param>
/// <param name="MirrorUrl">The page that a user's table mirrors.</param>
/// <param name="Benchmark">The benchmark that it is of; null for other tables.</param>
/// <param name="CreatedAt">Since when it is here, UTC.</param>
/// <param name="Attribution">Whom to name when it is passed on, and under which licence; null: this installation.</param>
public sealed record EvaluationTable(
    string Id,
    string Name,
    string Origin,
    CatalogueLink Task,
    CatalogueLink Dataset,
    IReadOnlyList<string> DatasetPath,
    string Description,
    IReadOnlyList<EvaluationTableMetric> Metrics,
    IReadOnlyList<TitledLink> Links,
    IReadOnlyList<TitledLink> Citations,
    string? MirrorUrl,
    TableBenchmark? Benchmark,
    DateTime CreatedAt,
    Attribution? Attribution)
{
    internal static EvaluationTable Of(TableRecord table, IEnumerable<MetricRecord> metrics) => new(
        table.Id, $"{table.TaskName} on {string.Join(" / ", table.DatasetPath)}", table.Origin,
        new CatalogueLink(table.TaskId, table.TaskName), new CatalogueLink(table.DatasetId, table.DatasetName),
        table.DatasetPath, table.Description, [.. metrics.Select(EvaluationTableMetric.Of)],
        TitledLink.Read(table.Links), TitledLink.Read(table.Citations), table.MirrorUrl,
        table.Benchmark is null ? null : TableBenchmark.Of(table.Benchmark), table.CreatedAt,
        Attribution.Of(table.Origin));
}

/// <summary>The benchmark that a table is of.</summary>
/// <param name="Reference">Its name and latest version: <c>name@version</c>.</param>
/// <param name="Leaderboard">Address of its board, which has intervals, filters and history.</param>
public sealed record TableBenchmark(string Reference, string Leaderboard)
{
    internal static TableBenchmark Of(string reference) =>
        new(reference, $"/api/v1/benchmarks/{Uri.EscapeDataString(reference)}/leaderboard");
}

/// <summary>A metric of a table.</summary>
/// <param name="Id">Its id within the table.</param>
/// <param name="Name">Its name, as the table has it.</param>
/// <param name="Description">What is said of it.</param>
/// <param name="HigherIsBetter">True where the largest value comes first.</param>
/// <param name="Direction">
/// Who says so: <c>inferred</c> (a rule on its name), <c>given</c> (its source), <c>corrected</c> (somebody here).
/// </param>
/// <param name="IsListed">False where only rows have it, not the list of the table's metrics.</param>
public sealed record EvaluationTableMetric(
    string Id, string Name, string Description, bool HigherIsBetter, string Direction, bool IsListed)
{
    internal static EvaluationTableMetric Of(MetricRecord metric) => new(
        metric.Id, metric.Name, metric.Description, !metric.IsLoss, metric.Direction, metric.IsListed);
}

/// <summary>Corrects a metric.</summary>
/// <param name="HigherIsBetter">True where the largest value comes first.</param>
public sealed record MetricCorrection(bool HigherIsBetter);
