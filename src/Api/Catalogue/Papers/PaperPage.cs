namespace Leaderboard.Api.Catalogue.Papers;

/// <summary>A paper, in short.</summary>
/// <param name="Id">Its id: <c>arxiv:2009.07995</c>, or its slug where it is not on arXiv.</param>
/// <param name="Slug">Its address on Papers With Code.</param>
/// <param name="ArxivId">Its number on arXiv; null where it is not there.</param>
/// <param name="Title">Its title.</param>
/// <param name="Authors">Its authors, in the paper's order.</param>
/// <param name="PublishedOn">When it was published.</param>
/// <param name="Proceeding">Conference, year and month in which it appeared, for example <c>ICLR 2021 1</c>.</param>
/// <param name="Url">Its address.</param>
/// <param name="UrlPdf">Address of its PDF.</param>
/// <param name="Tasks">Ids of its tasks.</param>
/// <param name="HasCode">Whether a repository of code is known.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record PaperSummary(
    string Id,
    string? Slug,
    string? ArxivId,
    string Title,
    IReadOnlyList<string> Authors,
    DateOnly? PublishedOn,
    string? Proceeding,
    string Url,
    string? UrlPdf,
    IReadOnlyList<string> Tasks,
    bool HasCode,
    string Origin,
    Attribution? Attribution = null);

/// <summary>A paper with all that belongs to it.</summary>
/// <param name="Id">Its id: <c>arxiv:2009.07995</c>, or its slug where it is not on arXiv.</param>
/// <param name="Slug">Its address on Papers With Code.</param>
/// <param name="ArxivId">Its number on arXiv; null where it is not there.</param>
/// <param name="NipsId">Its number at NeurIPS.</param>
/// <param name="OpenreviewId">Its id on OpenReview.</param>
/// <param name="Title">Its title.</param>
/// <param name="Abstract">Its abstract.</param>
/// <param name="ShortAbstract">The abstract in a sentence.</param>
/// <param name="Authors">Its authors, in the paper's order.</param>
/// <param name="PublishedOn">When it was published.</param>
/// <param name="Proceeding">Where it appeared.</param>
/// <param name="Url">Its address.</param>
/// <param name="UrlPdf">Address of its PDF.</param>
/// <param name="ConferenceUrl">Its address at the conference.</param>
/// <param name="ConferenceUrlPdf">Address of its PDF at the conference.</param>
/// <param name="ReproducesPaper">The paper that it reproduces.</param>
/// <param name="Tasks">Its tasks.</param>
/// <param name="Methods">Methods that it uses.</param>
/// <param name="Code">Repositories of its code, official ones first.</param>
/// <param name="Datasets">Datasets that it introduced.</param>
/// <param name="Origin"><c>catalog</c> (this software's own), <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record PaperPage(
    string Id,
    string? Slug,
    string? ArxivId,
    string? NipsId,
    string? OpenreviewId,
    string Title,
    string? Abstract,
    string? ShortAbstract,
    IReadOnlyList<CatalogueLink> Authors,
    DateOnly? PublishedOn,
    Proceeding? Proceeding,
    string Url,
    string? UrlPdf,
    string? ConferenceUrl,
    string? ConferenceUrlPdf,
    string? ReproducesPaper,
    IReadOnlyList<CatalogueLink> Tasks,
    IReadOnlyList<CatalogueLink> Methods,
    IReadOnlyList<PaperCode> Code,
    IReadOnlyList<CatalogueLink> Datasets,
    string Origin,
    Attribution? Attribution = null)
{
    /// <summary>Every figure of the paper on evaluation tables and on boards, with its rank there.</summary>
    public IReadOnlyList<PaperResult> Results { get; init; } = [];

    /// <summary>The papers that have most in common with it: the first of <c>GET /papers/{id}/related</c>.</summary>
    public IReadOnlyList<RelatedPaper> Related { get; init; } = [];
}

/// <summary>Where a paper appeared.</summary>
/// <param name="Id">Its id, for example <c>iclr-2021-1</c>.</param>
/// <param name="Name">Conference, year and month, for example <c>ICLR 2021 1</c>.</param>
/// <param name="Conference">The conference; null where the name says none.</param>
/// <param name="Year">The year.</param>
/// <param name="Month">The month.</param>
public sealed record Proceeding(string Id, string Name, CatalogueLink? Conference, int? Year, int? Month);

/// <summary>A repository of a paper's code.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Owner">Whose it is; empty where the address does not say.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsOfficial">Whether it is the authors' own.</param>
/// <param name="MentionedInPaper">Whether the paper names it.</param>
/// <param name="MentionedInGithub">Whether it names the paper.</param>
/// <param name="Framework"><c>pytorch</c>, <c>tf</c>, …; <c>none</c> where it is not known.</param>
/// <param name="Stars">Stars on its host, when that was looked up.</param>
public sealed record PaperCode(
    string Url,
    string Owner,
    string Name,
    bool IsOfficial,
    bool MentionedInPaper,
    bool MentionedInGithub,
    string Framework,
    int? Stars);

/// <summary>A figure of a paper.</summary>
/// <param name="Task">Task of the table or benchmark.</param>
/// <param name="Dataset">Dataset of the table or benchmark.</param>
/// <param name="Table">Id of the evaluation table; a benchmark's boards are shown as one too.</param>
/// <param name="Benchmark">The benchmark as <c>name@version</c>, where the table is one's.</param>
/// <param name="ModelName">What the model is called there.</param>
/// <param name="Metric">The metric: of a benchmark as the API names it, of another table as that does.</param>
/// <param name="MetricName">What people call the metric, for example <c>Average Top-1 Accuracy</c>.</param>
/// <param name="Value">Of a benchmark a fraction in [0, 1], of another table the number in its own unit; null where the text is
/// no number.</param>
/// <param name="Raw">The figure as the table shows it.</param>
/// <param name="Rank">Its place in the whole table by this metric; ties share it. Null where it is no number.</param>
/// <param name="Kind"><c>verified</c> (measured here) or <c>reported</c> (claimed elsewhere).</param>
/// <param name="UsesAdditionalData">True where training saw data beyond the benchmark's own training set.</param>
/// <param name="Date">Date of the figure: of its evaluation, else of its paper.</param>
/// <param name="Evaluation">Id of the evaluation that measured it; null for a reported figure.</param>
/// <param name="Origin">Whose the table is: <c>benchmark</c>, <c>archive</c> (of Papers With Code) or <c>user</c>.</param>
/// <param name="Attribution">Whom to name when it is passed on; null where it is this installation's own.</param>
public sealed record PaperResult(
    CatalogueLink Task,
    CatalogueLink Dataset,
    string Table,
    string? Benchmark,
    string ModelName,
    string Metric,
    string MetricName,
    double? Value,
    string Raw,
    int? Rank,
    string Kind,
    bool UsesAdditionalData,
    DateOnly? Date,
    Guid? Evaluation,
    string Origin,
    Attribution? Attribution = null);
