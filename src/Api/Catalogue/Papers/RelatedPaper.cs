namespace Leaderboard.Api.Catalogue.Papers;

/// <summary>Papers that have something in common with one.</summary>
/// <param name="Paper">Id of that one.</param>
/// <param name="Papers">The others, the one with most in common first.</param>
public sealed record RelatedPapers(string Paper, IReadOnlyList<RelatedPaper> Papers);

/// <summary>A paper that has something in common with another.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="PublishedOn">When it was published.</param>
/// <param name="Score">How much of what the other is about it shares, in [0, 1].</param>
/// <param name="SharedTasks">Tasks of both.</param>
/// <param name="SharedMethods">Methods of both.</param>
/// <param name="SharedWords">Stems of words in both titles, the rarest first.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record RelatedPaper(
    string Id,
    string Title,
    DateOnly? PublishedOn,
    double Score,
    IReadOnlyList<CatalogueLink> SharedTasks,
    IReadOnlyList<CatalogueLink> SharedMethods,
    IReadOnlyList<string> SharedWords,
    string Origin,
    Attribution? Attribution = null);
