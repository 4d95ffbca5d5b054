namespace Leaderboard.Api.Catalogue.Tasks;

/// <summary>A task, in short.</summary>
/// <param name="Id">Its id, for example <c>image-classification</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Areas">Areas that it belongs to.</param>
/// <param name="PaperCount">Number of papers about it.</param>
/// <param name="TableCount">Number of its evaluation tables.</param>
/// <param name="BenchmarkCount">Number of its benchmarks, which are measured here.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record TaskSummary(
    string Id,
    string Name,
    IReadOnlyList<CatalogueLink> Areas,
    int PaperCount,
    int TableCount,
    int BenchmarkCount,
    string Origin,
    Attribution? Attribution = null);

/// <summary>A task with all that belongs to it.</summary>
/// <param name="Id">Its id, for example <c>image-classification</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Areas">Areas that it belongs to.</param>
/// <param name="Synonyms">What it is called elsewhere.</param>
/// <param name="Source">Where the description is from.</param>
/// <param name="Parents">Tasks that it is a part of.</param>
/// <param name="Children">Tasks that are parts of it.</param>
/// <param name="Datasets">Datasets that it is done on.</param>
/// <param name="Tables">Its evaluation tables.</param>
/// <param name="Benchmarks">Its benchmarks, which are measured here.</param>
/// <param name="PaperCount">Number of papers about it: <c>GET /papers?task=</c> lists them.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record TaskPage(
    string Id,
    string Name,
    string Description,
    IReadOnlyList<CatalogueLink> Areas,
    IReadOnlyList<string> Synonyms,
    TitledLink? Source,
    IReadOnlyList<CatalogueLink> Parents,
    IReadOnlyList<CatalogueLink> Children,
    IReadOnlyList<CatalogueLink> Datasets,
    IReadOnlyList<TableLink> Tables,
    IReadOnlyList<BenchmarkLink> Benchmarks,
    int PaperCount,
    string Origin,
    Attribution? Attribution = null);
