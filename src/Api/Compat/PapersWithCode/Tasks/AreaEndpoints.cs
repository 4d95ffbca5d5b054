using Dapper;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Tasks;

internal static class AreaEndpoints
{
    public static void MapAreas(this IEndpointRouteBuilder api)
    {
        var areas = api.MapGroup("/areas").WithTags("Areas");
        areas.MapGetAndHead("/", ListAreas).WithName("AreasList");
        areas.MapGetAndHead("/{area_id}/", GetArea).WithName("AreasRead");
        areas.MapGetAndHead("/{area_id}/tasks/", ListTasksOfArea).WithName("AreasTasksList");
    }

    private const string Chosen =
        "from areas a where (@q::text is null or a.name ilike @q) and (@name::text is null or a.name ilike @name)";

    private static readonly Dictionary<string, string> Fields = new() { ["id"] = "a.id", ["name"] = "a.name" };

    /// <summary>Lists areas of research.</summary>
    /// <param name="q">Part of the name.</param>
    /// <param name="name">Part of the name.</param>
    /// <param name="ordering">A field to order by, with <c>-</c> before it the other way round: id, name.</param>
    internal static async Task<Ok<NumberedPage<Area>>> ListAreas(
        string? q,
        string? name,
        string? ordering,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.PageAsync<Area>(
            page, $"select a.id, a.name {Chosen} order by {Ordering.Of(ordering, Fields, "a.id")} limit @rows offset @skip",
            $"select count(*) {Chosen}", new { q = Ordering.Holding(q), name = Ordering.Holding(name) }, cancellationToken));

    /// <summary>Shows an area.</summary>
    /// <param name="areaId">Id of the area.</param>
    internal static async Task<Ok<Area>> GetArea(
        [FromRoute(Name = "area_id")] string areaId, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await FindAsync(areaId, db, cancellationToken));

    /// <summary>Lists the tasks of an area.</summary>
    /// <param name="areaId">Id of the area.</param>
    internal static async Task<Ok<NumberedPage<ResearchTask>>> ListTasksOfArea(
        [FromRoute(Name = "area_id")] string areaId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken)
    {
        var area = await FindAsync(areaId, db, cancellationToken);
        return TypedResults.Ok(await db.ListTasksOfAreaAsync(area.Name, page, cancellationToken));
    }

    private static async Task<Area> FindAsync(string id, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Area>(new CommandDefinition(
            "select id, name from areas where id = @id", new { id }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }
}
