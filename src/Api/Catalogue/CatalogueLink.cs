namespace Leaderboard.Api.Catalogue;

/// <summary>Another object of the catalogue.</summary>
/// <param name="Id">Its id, by which it is found.</param>
/// <param name="Name">Its name.</param>
public sealed record CatalogueLink(string Id, string Name);

/// <summary>A paper, in short.</summary>
/// <param name="Id">Its id, for example <c>arxiv:2009.07995</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Url">Its address.</param>
public sealed record PaperLink(string Id, string Title, string Url);

/// <summary>A table of figures that somebody wrote down.</summary>
/// <param name="Id">Its id, for example <c>image-classification-on-imagenet</c>.</param>
/// <param name="Task">Its task.</param>
/// <param name="Dataset">Its dataset.</param>
public sealed record TableLink(string Id, CatalogueLink Task, CatalogueLink Dataset);

/// <summary>A benchmark, which is measured here.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its latest version.</param>
/// <param name="Task">Its task.</param>
/// <param name="Dataset">Its dataset.</param>
public sealed record BenchmarkLink(string Name, string Version, CatalogueLink Task, CatalogueLink Dataset);
