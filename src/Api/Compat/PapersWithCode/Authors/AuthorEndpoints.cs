using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Authors;

internal static class AuthorEndpoints
{
    public static void MapAuthors(this IEndpointRouteBuilder api)
    {
        var authors = api.MapGroup("/authors").WithTags("Authors");
        authors.MapGetAndHead("/", ListAuthors).WithName("AuthorsList");
        authors.MapGetAndHead("/{author_id}/", GetAuthor).WithName("AuthorsRead");
        authors.MapGetAndHead("/{author_id}/papers/", ListPapersOfAuthor).WithName("AuthorsPapersList");
    }

    /// <summary>Lists the authors of papers.</summary>
    /// <param name="q">Part of the full name.</param>
    /// <param name="fullName">Part of the full name.</param>
    internal static async Task<Ok<NumberedPage<Author>>> ListAuthors(
        string? q,
        [FromQuery(Name = "full_name")] string? fullName,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        ListCounts counts,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListAuthorsAsync(q, fullName, counts, page, cancellationToken));

    /// <summary>Shows an author.</summary>
    /// <param name="authorId">Id of the author.</param>
    internal static async Task<Ok<Author>> GetAuthor(
        [FromRoute(Name = "author_id")] string authorId, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetAuthorAsync(authorId, cancellationToken));

    /// <summary>Lists an author's papers, the newest first.</summary>
    /// <param name="authorId">Id of the author.</param>
    internal static async Task<Ok<NumberedPage<Paper>>> ListPapersOfAuthor(
        [FromRoute(Name = "author_id")] string authorId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListPapersOfAuthorAsync(authorId, page, cancellationToken));
}

/// <summary>An author.</summary>
/// <param name="Id">Made from the name, so that spellings share it.</param>
/// <param name="FullName">The name as papers have it.</param>
public sealed record Author(string Id, string FullName);
