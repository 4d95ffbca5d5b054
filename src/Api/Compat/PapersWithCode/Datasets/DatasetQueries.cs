using Dapper;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Datasets;

internal static class DatasetQueries
{
    private const string Chosen = """
        from datasets d
        where (@q::text is null or d.name ilike @q or d.full_name ilike @q)
          and (@name::text is null or d.name ilike @name)
          and (@fullName::text is null or d.full_name ilike @fullName)
        """;

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["id"] = "d.id",
        ["name"] = "lower(d.name)",
        ["full_name"] = "lower(d.full_name)",
    };

    public static Task<NumberedPage<Dataset>> ListDatasetsAsync(
        this NpgsqlDataSource db, string? q, string? name, string? fullName, string? ordering, PageQuery page,
        CancellationToken cancellationToken) =>
        db.PageAsync<Dataset>(
            page,
            $"""
            select d.id, d.name, d.homepage as url {Chosen}
            order by {Ordering.Of(ordering, Fields, "d.id")} limit @rows offset @skip
            """,
            $"select count(*) {Chosen}",
            new { q = Ordering.Holding(q), name = Ordering.Holding(name), fullName = Ordering.Holding(fullName) },
            cancellationToken);

    private const string OfPaper = """
        from datasets d
        where d.id in (
            select id from datasets where paper_id = @id
            union
            select t.dataset_id from all_rows r join all_tables t on t.id = r.table_id where r.paper_id = @id)
        """;

    public static Task<NumberedPage<Dataset>> ListDatasetsOfPaperAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken) =>
        db.PageAsync<Dataset>(
            page, $"select d.id, d.name, d.homepage as url {OfPaper} order by d.id limit @rows offset @skip",
            $"select count(*) {OfPaper}", new { id }, cancellationToken);

    private const string Find = "select id, name, homepage as url from datasets where id = @id";

    public static async Task<Dataset> GetDatasetAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Dataset>(
            new CommandDefinition(Find, new { id }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }

    private const string FindNamed = """
        select id from datasets where id = @text or id = @slug or lower(name) = lower(@text)
        order by id = @text desc, lower(name) = lower(@text) desc, id
        limit 1
        """;

    /// <summary>Id of the dataset that a text names by its id or its name; null where there is none.</summary>
    public static Task<string?> FindDatasetAsync(
        this NpgsqlConnection connection, string text, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            FindNamed, new { text, slug = Catalogue.Slug.Of(text) }, transaction, cancellationToken: cancellationToken));
}
