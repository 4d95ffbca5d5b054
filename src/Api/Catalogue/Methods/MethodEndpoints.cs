using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Methods;

internal static class MethodEndpoints
{
    public static void MapMethods(this IEndpointRouteBuilder api)
    {
        var methods = api.MapGroup("/methods").WithTags("Methods");
        methods.MapGetAndHead("/", ListMethods).WithName("ListMethods")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);
        methods.MapGetAndHead("/{id}", GetMethod).WithName("GetMethod").Refuses(Problems.MethodUnknown);
    }

    /// <summary>Lists methods by name.</summary>
    /// <param name="q">Only those with this in their name or full name, in whatever case; 1 to 200 characters.</param>
    /// <param name="area">Only those of a collection of this area, by id or name.</param>
    /// <param name="collection">Only those of this collection, by id or name.</param>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<MethodSummary>>> ListMethods(
        HttpContext http,
        NpgsqlDataSource db,
        string? q,
        string? area,
        string? collection,
        int? limit,
        string? cursor,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.CheckFilters(("q", q), ("area", area), ("collection", collection));
        errors.ThrowIfAny();
        var page = await db.ListMethodsAsync(
            new MethodFilter(q, area, collection), Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows a method with all that belongs to it.</summary>
    /// <param name="id">Id of the method.</param>
    internal static async Task<Ok<MethodPage>> GetMethod(
        string id, HttpContext http, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var method = await db.FindMethodAsync(id, cancellationToken)
            ?? throw Problems.MethodUnknown.Because($"There is no method '{id}'.");
        Attribution.SetLicenceLink(http);
        return TypedResults.Ok(method);
    }
}
