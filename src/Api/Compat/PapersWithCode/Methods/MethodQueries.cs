using Dapper;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Methods;

internal static class MethodQueries
{
    private const string Columns = "m.id, m.name, m.full_name, m.description, coalesce(p.slug, p.id) as paper";

    private const string From = "from methods m left join papers p on p.id = m.paper_id";

    private const string Chosen = $"""
        {From}
        where (@q::text is null or m.name ilike @q or m.full_name ilike @q or m.description ilike @q)
          and (@name::text is null or m.name ilike @name)
          and (@fullName::text is null or m.full_name ilike @fullName)
        """;

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["id"] = "m.id",
        ["name"] = "lower(m.name)",
        ["full_name"] = "lower(m.full_name)",
    };

    public static Task<NumberedPage<Method>> ListMethodsAsync(
        this NpgsqlDataSource db, string? q, string? name, string? fullName, string? ordering, PageQuery page,
        CancellationToken cancellationToken) =>
        db.PageAsync<Method>(
            page,
            $"select {Columns} {Chosen} order by {Ordering.Of(ordering, Fields, "m.id")} limit @rows offset @skip",
            $"select count(*) {Chosen}",
            new { q = Ordering.Holding(q), name = Ordering.Holding(name), fullName = Ordering.Holding(fullName) },
            cancellationToken);

    private const string Find = $"select {Columns} {From} where m.id = @id";

    public static async Task<Method> GetMethodAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Method>(
            new CommandDefinition(Find, new { id }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }

    private const string OfPaper = $"{From} where m.id in (select method_id from paper_methods where paper_id = @id)";

    public static Task<NumberedPage<Method>> ListMethodsOfPaperAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken) =>
        db.PageAsync<Method>(
            page, $"select {Columns} {OfPaper} order by m.id limit @rows offset @skip", $"select count(*) {OfPaper}",
            new { id }, cancellationToken);
}
