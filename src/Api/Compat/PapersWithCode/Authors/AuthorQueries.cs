using Dapper;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Authors;

internal static class AuthorQueries
{
    private const string CountAll = "select count(distinct id) from authors";

    // Ids are walked along their index, whose neighbours are the spellings of one name.
    private const string Page = """
        select a.id, min(a.name) as full_name from authors a group by a.id order by a.id limit @rows offset @skip
        """;

    private const string Chosen = """
        from authors a
        where (@q::text is null or a.name ilike @q) and (@fullName::text is null or a.name ilike @fullName)
        """;

    public static Task<NumberedPage<Author>> ListAuthorsAsync(
        this NpgsqlDataSource db,
        string? q,
        string? fullName,
        ListCounts counts,
        PageQuery page,
        CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(q) && string.IsNullOrEmpty(fullName)
            ? db.PageAsync<Author>(
                page, Page, parameters: null,
                connection => counts.CountAsync(connection, CountAll, cancellationToken), cancellationToken)
            : db.PageAsync<Author>(
                page,
                $"select a.id, min(a.name) as full_name {Chosen} group by a.id order by a.id limit @rows offset @skip",
                $"select count(*) from (select distinct a.id {Chosen} limit 10000) counted",
                new { q = Ordering.Holding(q), fullName = Ordering.Holding(fullName) }, cancellationToken);

    private const string Find = "select id, min(name) as full_name from authors where id = @id group by id";

    public static async Task<Author> GetAuthorAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Author>(
            new CommandDefinition(Find, new { id }, cancellationToken: cancellationToken))
            ?? throw PapersWithCodeApi.NotFound();
    }

    public static async Task<NumberedPage<Paper>> ListPapersOfAuthorAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken)
    {
        string[] names;
        await using (var connection = await db.OpenConnectionAsync(cancellationToken))
        {
            names = [.. await Catalogue.Papers.PaperListQueries.ListSpellingsAsync(connection, id, cancellationToken)];
        }
        return names.Length > 0
            ? await db.ListPapersAsync(
                "papers p where p.authors && @names", PaperQueries.Order, new { names }, page, cancellationToken)
            : throw PapersWithCodeApi.NotFound();
    }
}
