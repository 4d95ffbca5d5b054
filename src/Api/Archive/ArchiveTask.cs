using System.Text.Json.Serialization;
using Leaderboard.Api.Catalogue;

namespace Leaderboard.Api.Archive;

/// <summary>A task as the archive's <c>evaluation-tables</c> has it.</summary>
/// <param name="Task">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Categories">Names of the areas that it belongs to.</param>
/// <param name="Synonyms">Other names.</param>
/// <param name="SourceLink">Where its description is from.</param>
/// <param name="Datasets">Tables of the task, by what they are measured on.</param>
/// <param name="Subtasks">Tasks below it. One below several others stands whole below the first, and is named below the
/// rest.</param>
public sealed record ArchiveTask(
    string Task,
    string Description,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Synonyms,
    TitledLink? SourceLink,
    IReadOnlyList<ArchiveDataset> Datasets,
    IReadOnlyList<ArchiveTask> Subtasks);

/// <summary>A dataset, or a part of one, with a table.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="DatasetLinks">Where to get it.</param>
/// <param name="DatasetCitations">What to cite.</param>
/// <param name="Sota">The table; left out where only parts have one.</param>
/// <param name="Subdatasets">Its parts.</param>
/// <param name="Leaderboard">Whose table it is, where it is not the archive's; else left out.</param>
public sealed record ArchiveDataset(
    string Dataset,
    string Description,
    IReadOnlyList<TitledLink> DatasetLinks,
    IReadOnlyList<TitledLink> DatasetCitations,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    ArchiveSota? Sota,
    IReadOnlyList<ArchiveDataset> Subdatasets,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    ArchiveTableOrigin? Leaderboard = null);

/// <summary>A table.</summary>
/// <param name="Metrics">Names of its metrics, the one that ranks first.</param>
/// <param name="Rows">Its rows.</param>
public sealed record ArchiveSota(IReadOnlyList<string> Metrics, IReadOnlyList<ArchiveRow> Rows);

/// <summary>A row of a table.</summary>
/// <param name="ModelName">Name of the model; may be empty.</param>
/// <param name="PaperTitle">Title of its paper.</param>
/// <param name="PaperUrl">Address of its paper.</param>
/// <param name="PaperDate">When that was published.</param>
/// <param name="Metrics">Figures as they were written, by metric.</param>
/// <param name="CodeLinks">Its code.</param>
/// <param name="ModelLinks">Its weights.</param>
/// <param name="UsesAdditionalData">Whether it was trained on more than the dataset has.</param>
/// <param name="Tags">As the archive has them; left out where there are none.</param>
/// <param name="Leaderboard">Whose row it is, where it is not the archive's; else left out.</param>
public sealed record ArchiveRow(
    string ModelName,
    string? PaperTitle,
    string? PaperUrl,
    DateOnly? PaperDate,
    IReadOnlyDictionary<string, string> Metrics,
    IReadOnlyList<TitledLink> CodeLinks,
    IReadOnlyList<TitledLink> ModelLinks,
    bool UsesAdditionalData,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<string>? Tags = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    ArchiveRowOrigin? Leaderboard = null);

/// <summary>A table here that is not the archive's.</summary>
/// <param name="Table">Id of the evaluation table.</param>
/// <param name="Origin"><c>user</c> or <c>benchmark</c>.</param>
/// <param name="Benchmark">The benchmark, as <c>name@version</c>.</param>
public sealed record ArchiveTableOrigin(string Table, string Origin, string? Benchmark);

/// <summary>A row here that is not the archive's.</summary>
/// <param name="Row">Its id.</param>
/// <param name="Kind"><c>verified</c> or <c>reported</c>.</param>
/// <param name="AddedBy">The user who added it to a table of the archive's.</param>
public sealed record ArchiveRowOrigin(string Row, string Kind, string? AddedBy);
