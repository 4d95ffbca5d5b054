using Leaderboard.Api.EvaluationTables;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>An evaluation table: a task on a dataset.</summary>
/// <param name="Id">Id of the table.</param>
/// <param name="Task">Id of the task.</param>
/// <param name="Dataset">Id of the dataset.</param>
/// <param name="Description">What it is, in Markdown.</param>
/// <param name="MirrorUrl">The table that it is a mirror of.</param>
public sealed record EvaluationTable(string Id, string Task, string Dataset, string Description, string? MirrorUrl);

/// <summary>A new evaluation table.</summary>
/// <param name="Task">Id or name of the task.</param>
/// <param name="Dataset">Id or name of the dataset.</param>
/// <param name="Description">What it is, in Markdown.</param>
/// <param name="MirrorUrl">The table that it is a mirror of.</param>
public sealed record EvaluationTableCreate(
    string Task, string Dataset, string? Description = null, string? MirrorUrl = null);

/// <summary>What is to be changed of an evaluation table; what is null or not there stays as it is.</summary>
/// <param name="Task">Id or name of the task; the table's id stays.</param>
/// <param name="Dataset">Id or name of the dataset; the table's id stays.</param>
/// <param name="Description">What it is, in Markdown.</param>
/// <param name="MirrorUrl">The table that it is a mirror of; empty for none.</param>
public sealed record EvaluationTableUpdate(
    string? Task = null, string? Dataset = null, string? Description = null, string? MirrorUrl = null);

/// <summary>A metric of an evaluation table.</summary>
/// <param name="Id">Id of the metric.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsLoss">Whether less is better.</param>
public sealed record Metric(string Id, string Name, string Description, bool IsLoss);

/// <summary>A new metric of an evaluation table.</summary>
/// <param name="Name">Its name, which no other metric of the table has.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsLoss">Whether less is better; true by default.</param>
public sealed record MetricCreate(string Name, string? Description = null, bool? IsLoss = null);

/// <summary>What is to be changed of a metric; what is null or not there stays as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsLoss">Whether less is better.</param>
public sealed record MetricUpdate(string? Name = null, string? Description = null, bool? IsLoss = null);

/// <summary>A row of an evaluation table.</summary>
/// <param name="Id">Id of the result.</param>
/// <param name="BestRank">The best of its ranks in the table; null where no figure of it is a number.</param>
/// <param name="Metrics">Its figures by the names of their metrics, as they were written.</param>
/// <param name="Methodology">Name of the model.</param>
/// <param name="UsesAdditionalData">Whether more data was used than the dataset has.</param>
/// <param name="Paper">Id of the paper, or its address where it is not known here.</param>
/// <param name="BestMetric">The metric whose rank is the best.</param>
/// <param name="EvaluatedOn">When it was evaluated.</param>
/// <param name="ExternalSourceUrl">Where the result is from.</param>
public sealed record TableResult(
    string Id,
    int? BestRank,
    IReadOnlyDictionary<string, string> Metrics,
    string Methodology,
    bool UsesAdditionalData,
    string? Paper,
    string? BestMetric,
    DateOnly? EvaluatedOn,
    string? ExternalSourceUrl)
{
    // Of two figures in one metric the better stands for both.
    internal static TableResult Of(RowRecord row) => new(
        row.Id, row.Best?.Rank,
        row.Figures.DistinctBy(figure => figure.MetricId).ToDictionary(figure => figure.MetricName, figure => figure.Raw),
        row.ModelName, row.UsesAdditionalData, row.PaperSlug ?? row.PaperUrl, row.Best?.MetricName, row.EvaluatedOn,
        row.ExternalSourceUrl);
}

/// <summary>A new row of an evaluation table.</summary>
/// <param name="Metrics">Figures by the names of the table's metrics: numbers, or text such as <c>73.9%</c>. What is no number is
/// kept and not ranked.</param>
/// <param name="Methodology">Name of the model.</param>
/// <param name="UsesAdditionalData">Whether more data was used than the dataset has; false by default.</param>
/// <param name="Paper">Id of the paper, its arXiv id, or an address: on arXiv, on Papers With Code, or its own.</param>
/// <param name="EvaluatedOn">When it was evaluated.</param>
/// <param name="ExternalSourceUrl">Where the result is from.</param>
public sealed record TableResultCreate(
    IReadOnlyDictionary<string, string?> Metrics,
    string Methodology,
    bool? UsesAdditionalData = null,
    string? Paper = null,
    DateOnly? EvaluatedOn = null,
    string? ExternalSourceUrl = null);

/// <summary>What is to be changed of a row; what is null or not there stays as it is.</summary>
/// <param name="Metrics">Figures by the names of the table's metrics, all of them.</param>
/// <param name="Methodology">Name of the model.</param>
/// <param name="UsesAdditionalData">Whether more data was used than the dataset has.</param>
/// <param name="Paper">Id of the paper, its arXiv id, or an address; empty for none.</param>
/// <param name="EvaluatedOn">When it was evaluated.</param>
/// <param name="ExternalSourceUrl">Where the result is from; empty for nowhere.</param>
public sealed record TableResultUpdate(
    IReadOnlyDictionary<string, string?>? Metrics = null,
    string? Methodology = null,
    bool? UsesAdditionalData = null,
    string? Paper = null,
    DateOnly? EvaluatedOn = null,
    string? ExternalSourceUrl = null);
