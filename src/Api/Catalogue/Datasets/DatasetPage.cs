namespace Leaderboard.Api.Catalogue.Datasets;

/// <summary>A dataset, in short.</summary>
/// <param name="Id">Its id, for example <c>imagenet-1k</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="FullName">Its name in full.</param>
/// <param name="Modalities">What its samples are: images, texts, ….</param>
/// <param name="Languages">Languages of its texts.</param>
/// <param name="IntroducedOn">When it was published.</param>
/// <param name="PaperCount">Number of papers that use it, as the archive counts; null where it does not say.</param>
/// <param name="TableCount">Number of its evaluation tables.</param>
/// <param name="BenchmarkCount">Number of its benchmarks, which are measured here.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record DatasetSummary(
    string Id,
    string Name,
    string? FullName,
    IReadOnlyList<string> Modalities,
    IReadOnlyList<string> Languages,
    DateOnly? IntroducedOn,
    int? PaperCount,
    int TableCount,
    int BenchmarkCount,
    string Origin,
    Attribution? Attribution = null);

/// <summary>A dataset with all that belongs to it.</summary>
/// <param name="Id">Its id, for example <c>imagenet-1k</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="FullName">Its name in full.</param>
/// <param name="Description">What it is.</param>
/// <param name="ShortDescription">The same in a sentence.</param>
/// <param name="Homepage">Where it is published.</param>
/// <param name="Licence">Its licence, as far as known.</param>
/// <param name="Image">Address of a picture of it.</param>
/// <param name="IntroducedOn">When it was published.</param>
/// <param name="Warning">What to know before using it.</param>
/// <param name="Paper">The paper that introduced it.</param>
/// <param name="Parent">The dataset that it is a part of.</param>
/// <param name="Children">The datasets that are a part of it.</param>
/// <param name="Variants">What its parts and versions are called on boards.</param>
/// <param name="Modalities">What its samples are: images, texts, ….</param>
/// <param name="Languages">Languages of its texts.</param>
/// <param name="Loaders">Software that loads it.</param>
/// <param name="Tasks">Tasks that are done on it.</param>
/// <param name="Tables">Its evaluation tables.</param>
/// <param name="Benchmarks">Its benchmarks, which are measured here.</param>
/// <param name="PaperCount">Number of papers that use it, as the archive counts; null where it does not say.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record DatasetPage(
    string Id,
    string Name,
    string? FullName,
    string Description,
    string? ShortDescription,
    string? Homepage,
    string? Licence,
    string? Image,
    DateOnly? IntroducedOn,
    string? Warning,
    PaperLink? Paper,
    CatalogueLink? Parent,
    IReadOnlyList<CatalogueLink> Children,
    IReadOnlyList<string> Variants,
    IReadOnlyList<string> Modalities,
    IReadOnlyList<string> Languages,
    IReadOnlyList<DataLoader> Loaders,
    IReadOnlyList<CatalogueLink> Tasks,
    IReadOnlyList<TableLink> Tables,
    IReadOnlyList<BenchmarkLink> Benchmarks,
    int? PaperCount,
    string Origin,
    Attribution? Attribution = null);

/// <summary>Software that loads a dataset.</summary>
/// <param name="Url">Where it is described.</param>
/// <param name="Repo">Its repository.</param>
/// <param name="Frameworks">For which frameworks: <c>pytorch</c>, <c>tf</c>, ….</param>
public sealed record DataLoader(string? Url, string? Repo, IReadOnlyList<string> Frameworks);
