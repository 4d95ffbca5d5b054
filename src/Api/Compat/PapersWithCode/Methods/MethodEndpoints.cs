using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Methods;

internal static class MethodEndpoints
{
    public static void MapMethods(this IEndpointRouteBuilder api)
    {
        var methods = api.MapGroup("/methods").WithTags("Methods");
        methods.MapGetAndHead("/", ListMethods).WithName("MethodsList");
        methods.MapGetAndHead("/{method_id}/", GetMethod).WithName("MethodsRead");
    }

    /// <summary>Lists methods.</summary>
    /// <param name="q">Part of the name, the full name or the description.</param>
    /// <param name="name">Part of the name.</param>
    /// <param name="fullName">Part of the full name.</param>
    /// <param name="ordering">A field to order by, with <c>-</c> before it the other way round: id, name, full_name.</param>
    internal static async Task<Ok<NumberedPage<Method>>> ListMethods(
        string? q,
        string? name,
        [FromQuery(Name = "full_name")] string? fullName,
        string? ordering,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListMethodsAsync(q, name, fullName, ordering, page, cancellationToken));

    /// <summary>Shows a method.</summary>
    /// <param name="methodId">Id of the method.</param>
    internal static async Task<Ok<Method>> GetMethod(
        [FromRoute(Name = "method_id")] string methodId, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetMethodAsync(methodId, cancellationToken));
}

/// <summary>A method.</summary>
/// <param name="Id">Its slug.</param>
/// <param name="Name">Its short name.</param>
/// <param name="FullName">Its full name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Paper">Id of the paper that describes it.</param>
public sealed record Method(string Id, string Name, string FullName, string Description, string? Paper);
