using Leaderboard.Api.Catalogue;

namespace Leaderboard.Api.Search;

/// <summary>What a search has found, the best match first.</summary>
/// <param name="Items">The matches, at most <c>limit</c>.</param>
/// <param name="Corrected">
/// The query with its misspelt words replaced, where that is what was searched for; null where it was searched for as written.
/// </param>
public sealed record SearchAnswer(IReadOnlyList<SearchMatch> Items, string? Corrected);

/// <summary>One thing that was found.</summary>
/// <param name="Kind"><c>task</c>, <c>dataset</c>, <c>method</c>, <c>model</c> or <c>paper</c>.</param>
/// <param name="Id">Its id; of a model its name.</param>
/// <param name="Title">Its name or title, as it is.</param>
/// <param name="TitleHtml">
/// The title as HTML: every character that means something there is escaped, and the words that were searched for stand in
/// <c>&lt;mark&gt;</c>. There is no other element in it.
/// </param>
/// <param name="SnippetHtml">What is said of it where the words stand, as HTML of the same kind; null where nothing is.</param>
/// <param name="Matched">
/// How it matches: <c>name</c> (is called so), <c>beginning</c> (its name begins so), <c>title</c> (all words in the name),
/// <c>author</c> (of a paper), <c>text</c> (all words somewhere: name, authors, abstract or description).
/// </param>
/// <param name="Score">In [0, 1], never higher than that of the match before; to compare within one answer.</param>
/// <param name="Url">Where it is in this API; of a model, where it stands.</param>
/// <param name="Authors">Authors of a paper; empty for others.</param>
/// <param name="PublishedOn">When a paper was published or a dataset introduced; null where that is not known.</param>
/// <param name="Task">Id of the task on which a model stands; null for others.</param>
/// <param name="Dataset">Id of the dataset on which a model stands; null for others.</param>
/// <param name="Attribution">Whom to name for it; null where it is this installation's own.</param>
public sealed record SearchMatch(
    string Kind,
    string Id,
    string Title,
    string TitleHtml,
    string? SnippetHtml,
    string Matched,
    double Score,
    string Url,
    IReadOnlyList<string> Authors,
    DateOnly? PublishedOn,
    string? Task,
    string? Dataset,
    Attribution? Attribution);
