using System.Globalization;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Repositories;

internal static class RepositoryEndpoints
{
    public static void MapRepositories(this IEndpointRouteBuilder api)
    {
        var repositories = api.MapGroup("/repositories").WithTags("Repositories");
        repositories.MapGetAndHead("/", ListRepositories).WithName("RepositoriesList").Refuses(Problems.ValidationFailed);
        repositories.MapGetAndHead("/{owner}/", ListRepositoriesOfOwner).WithName("RepositoriesOwnerList");
        repositories.MapGetAndHead("/{owner}/{name}/", GetRepository).WithName("RepositoriesRead");
        repositories.MapGetAndHead("/{owner}/{name}/papers/", ListPapersOfRepository).WithName("RepositoriesPapersList");
    }

    /// <summary>Lists repositories.</summary>
    /// <param name="q">Part of the owner, the name or the description.</param>
    /// <param name="owner">The owner.</param>
    /// <param name="name">Part of the name.</param>
    /// <param name="stars">Stars at least.</param>
    /// <param name="framework">One of tf, pytorch, mxnet, torch, caffe2, jax, paddle, mindspore, none.</param>
    /// <param name="ordering">A field to order by, with <c>-</c> before it the other way round: stars, owner, name, url.</param>
    internal static async Task<Ok<NumberedPage<Repository>>> ListRepositories(
        string? q,
        string? owner,
        string? name,
        string? stars,
        string? framework,
        string? ordering,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        ListCounts counts,
        CancellationToken cancellationToken)
    {
        int? least = null;
        if (!string.IsNullOrEmpty(stars))
        {
            least = int.TryParse(stars, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw DjangoErrors.Refuse("stars", "Enter a number.");
        }
        return TypedResults.Ok(await db.ListRepositoriesAsync(
            new RepositoryFilter(q, owner, name, least, framework), ordering, counts, page, cancellationToken));
    }

    /// <summary>Lists an owner's repositories.</summary>
    /// <param name="owner">The owner.</param>
    internal static async Task<Ok<NumberedPage<Repository>>> ListRepositoriesOfOwner(
        string owner,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        ListCounts counts,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListRepositoriesAsync(
            new RepositoryFilter(null, owner, null, null, null), ordering: null, counts, page, cancellationToken));

    /// <summary>Shows a repository.</summary>
    /// <param name="owner">Its owner.</param>
    /// <param name="name">Its name.</param>
    internal static async Task<Ok<Repository>> GetRepository(
        string owner, string name, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetRepositoryAsync(owner, name, cancellationToken));

    /// <summary>Lists the papers whose code is in a repository.</summary>
    /// <param name="owner">Its owner.</param>
    /// <param name="name">Its name.</param>
    internal static async Task<Ok<NumberedPage<Paper>>> ListPapersOfRepository(
        string owner,
        string name,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListPapersOfRepositoryAsync(owner, name, page, cancellationToken));
}
