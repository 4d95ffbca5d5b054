namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>What a table of a competition elsewhere holds now.</summary>
/// <param name="Task">Id or name of the task.</param>
/// <param name="Dataset">Id or name of the dataset; one that is not known is added.</param>
/// <param name="Description">What it is, in Markdown.</param>
/// <param name="MirrorUrl">The table that it is a mirror of.</param>
/// <param name="ExternalId">Id of the table elsewhere; without it, the user's table of this task on this dataset is
/// meant.</param>
/// <param name="Metrics">The metrics; the table is ranked by the first.</param>
/// <param name="Results">The rows, at most 20,000.</param>
public sealed record EvaluationTableSync(
    string Task,
    string Dataset,
    string? Description = null,
    string? MirrorUrl = null,
    string? ExternalId = null,
    IReadOnlyList<MetricSync>? Metrics = null,
    IReadOnlyList<ResultSync>? Results = null);

/// <summary>A metric of the table.</summary>
/// <param name="Name">Its name, which is there once.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsLoss">Whether less is better; true by default.</param>
public sealed record MetricSync(string Name, string? Description = null, bool? IsLoss = null);

/// <summary>A row of the table.</summary>
/// <param name="Metrics">Figures by the names of the metrics: numbers, or text such as <c>73.9%</c>.</param>
/// <param name="Methodology">Name of the model.</param>
/// <param name="EvaluatedOn">When it was evaluated.</param>
/// <param name="Paper">Id of the paper, its arXiv id, or an address: on arXiv, on Papers With Code, or its own.</param>
/// <param name="UsesAdditionalData">Whether more data was used than the dataset has; false by default.</param>
/// <param name="ExternalId">Id of the row elsewhere, by which it is found again; without it, by methodology and paper.</param>
/// <param name="ExternalSourceUrl">Where the result is from.</param>
public sealed record ResultSync(
    IReadOnlyDictionary<string, string?> Metrics,
    string Methodology,
    DateOnly EvaluatedOn,
    string? Paper = null,
    bool? UsesAdditionalData = null,
    string? ExternalId = null,
    string? ExternalSourceUrl = null);

/// <summary>The table as it stands after a synchronization.</summary>
/// <param name="Id">Id of the table.</param>
/// <param name="Task">Id of the task.</param>
/// <param name="Dataset">Id of the dataset.</param>
/// <param name="Description">What it is, in Markdown.</param>
/// <param name="MirrorUrl">The table that it is a mirror of.</param>
/// <param name="ExternalId">Id of the table elsewhere.</param>
/// <param name="Metrics">The metrics, in their order.</param>
/// <param name="Results">The rows, in the order in which they were sent.</param>
public sealed record EvaluationTableSynced(
    string Id,
    string Task,
    string Dataset,
    string Description,
    string? MirrorUrl,
    string? ExternalId,
    IReadOnlyList<MetricSynced> Metrics,
    IReadOnlyList<ResultSynced> Results);

/// <summary>A metric of the table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="IsLoss">Whether less is better.</param>
public sealed record MetricSynced(string Name, string Description, bool IsLoss);

/// <summary>A row of the table.</summary>
/// <param name="Id">Id of the result.</param>
/// <param name="Metrics">Its figures by the names of their metrics, as they were written.</param>
/// <param name="Methodology">Name of the model.</param>
/// <param name="Paper">Id of the paper, or its address where it is not known here.</param>
/// <param name="UsesAdditionalData">Whether more data was used than the dataset has.</param>
/// <param name="ExternalId">Id of the row elsewhere.</param>
/// <param name="EvaluatedOn">When it was evaluated.</param>
/// <param name="ExternalSourceUrl">Where the result is from.</param>
public sealed record ResultSynced(
    string Id,
    IReadOnlyDictionary<string, string> Metrics,
    string Methodology,
    string? Paper,
    bool UsesAdditionalData,
    string? ExternalId,
    DateOnly? EvaluatedOn,
    string? ExternalSourceUrl);
