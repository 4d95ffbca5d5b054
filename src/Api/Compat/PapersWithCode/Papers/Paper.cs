namespace Leaderboard.Api.Compat.PapersWithCode.Papers;

/// <summary>A paper.</summary>
/// <param name="Id">Its slug, or its id here where it has none.</param>
/// <param name="ArxivId">Its id on arXiv.</param>
/// <param name="NipsId">Its id at NeurIPS.</param>
/// <param name="UrlAbs">Address of its abstract.</param>
/// <param name="UrlPdf">Address of its PDF; empty where none is known.</param>
/// <param name="Title">Its title.</param>
/// <param name="Abstract">Its abstract; empty where none is known.</param>
/// <param name="Authors">Their names, in order.</param>
/// <param name="Published">When it was published.</param>
/// <param name="Conference">Id of the conference that it was published at.</param>
/// <param name="ConferenceUrlAbs">Its page at the conference.</param>
/// <param name="ConferenceUrlPdf">Its PDF at the conference.</param>
/// <param name="Proceeding">Id of the conference's proceeding that it stands in.</param>
public sealed record Paper(
    string Id,
    string? ArxivId,
    string? NipsId,
    string UrlAbs,
    string UrlPdf,
    string Title,
    string Abstract,
    IReadOnlyList<string> Authors,
    DateOnly? Published,
    string? Conference,
    string? ConferenceUrlAbs,
    string? ConferenceUrlPdf,
    string? Proceeding);

/// <summary>A paper that was found, with one of its repositories.</summary>
/// <param name="Paper">The paper.</param>
/// <param name="Repository">The official one, else the one with most stars; null where it has none.</param>
/// <param name="IsOfficial">Whether the repository is the authors' own.</param>
public sealed record PaperRepository(Paper Paper, Repositories.Repository? Repository, bool IsOfficial);
