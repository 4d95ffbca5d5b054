namespace Leaderboard.Api.Catalogue.Methods;

/// <summary>A method, in short.</summary>
/// <param name="Id">Its id, for example <c>residual-connection</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="FullName">Its name in full.</param>
/// <param name="IntroducedYear">The year in which it was published.</param>
/// <param name="PaperCount">Number of papers here that use it.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record MethodSummary(
    string Id,
    string Name,
    string FullName,
    int? IntroducedYear,
    int PaperCount,
    string Origin,
    Attribution? Attribution = null);

/// <summary>A method with all that belongs to it.</summary>
/// <param name="Id">Its id, for example <c>residual-connection</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="FullName">Its name in full.</param>
/// <param name="Description">What it does.</param>
/// <param name="Paper">The paper that introduced it, where that stands in the catalogue.</param>
/// <param name="IntroducedYear">The year in which it was published.</param>
/// <param name="Source">Where it was published.</param>
/// <param name="CodeSnippetUrl">Where a piece of code shows it.</param>
/// <param name="Collections">What kinds of methods it belongs to.</param>
/// <param name="PaperCount">Number of papers here that use it: <c>GET /papers?method=</c> lists them.</param>
/// <param name="ArchivePaperCount">The same as the archive counts; null where it does not say.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record MethodPage(
    string Id,
    string Name,
    string FullName,
    string Description,
    PaperLink? Paper,
    int? IntroducedYear,
    TitledLink? Source,
    string? CodeSnippetUrl,
    IReadOnlyList<CollectionLink> Collections,
    int PaperCount,
    int? ArchivePaperCount,
    string Origin,
    Attribution? Attribution = null);

/// <summary>A kind of methods.</summary>
/// <param name="Id">Its id, for example <c>skip-connections</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Area">The area that it belongs to.</param>
public sealed record CollectionLink(string Id, string Name, CatalogueLink? Area);
