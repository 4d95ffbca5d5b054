using Dapper;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Conferences;

internal static class ConferenceQueries
{
    private const string All = """
        from (select conference_id as id, min(conference_name) as name from proceedings group by conference_id) c
        where (@q::text is null or c.name ilike @q) and (@name::text is null or c.name ilike @name)
        """;

    private static readonly Dictionary<string, string> Fields = new() { ["id"] = "c.id", ["name"] = "c.name" };

    public static Task<NumberedPage<Conference>> ListConferencesAsync(
        this NpgsqlDataSource db, string? q, string? name, string? ordering, PageQuery page,
        CancellationToken cancellationToken) =>
        db.PageAsync<Conference>(
            page,
            $"select c.id, c.name {All} order by {Ordering.Of(ordering, Fields, "c.id")} limit @rows offset @skip",
            $"select count(*) {All}", new { q = Ordering.Holding(q), name = Ordering.Holding(name) }, cancellationToken);

    private const string Find = """
        select conference_id as id, min(conference_name) as name from proceedings where conference_id = @id group by conference_id
        """;

    public static async Task<Conference> GetConferenceAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Conference>(
            new CommandDefinition(Find, new { id }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }

    private const string Proceedings = """
        select id, year, month from proceedings where conference_id = @id
        order by year desc nulls last, month desc nulls last, id limit @rows offset @skip
        """;

    private const string CountProceedings = "select count(*) from proceedings where conference_id = @id";

    public static async Task<NumberedPage<Proceeding>> ListProceedingsAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken)
    {
        await db.GetConferenceAsync(id, cancellationToken);
        return await db.PageAsync<Proceeding>(page, Proceedings, CountProceedings, new { id }, cancellationToken);
    }

    private const string FindProceeding =
        "select id, year, month from proceedings where conference_id = @conferenceId and id = @id";

    public static async Task<Proceeding> GetProceedingAsync(
        this NpgsqlDataSource db, string conferenceId, string id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Proceeding>(
            new CommandDefinition(FindProceeding, new { conferenceId, id }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }

    public static async Task<NumberedPage<Paper>> ListPapersOfProceedingAsync(
        this NpgsqlDataSource db, string conferenceId, string id, PageQuery page,
        CancellationToken cancellationToken)
    {
        await db.GetProceedingAsync(conferenceId, id, cancellationToken);
        return await db.ListPapersAsync(
            "papers p where p.proceeding = (select name from proceedings where id = @id)", PaperQueries.Order,
            new { id }, page, cancellationToken);
    }
}
