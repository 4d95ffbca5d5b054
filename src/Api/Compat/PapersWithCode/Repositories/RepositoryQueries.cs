using Dapper;
using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Repositories;

internal static class RepositoryQueries
{
    /// <summary>Of a repository <c>r</c> as a paper's link <c>l</c> has it.</summary>
    public const string LinkedColumns = """
        r.url, r.owner, r.name, r.description, coalesce(r.stars, 0) as stars, l.framework, l.is_official
        """;

    private const string Columns = """
        r.url, r.owner, r.name, r.description, coalesce(r.stars, 0) as stars,
        coalesce((
            select mode() within group (order by l.framework) from paper_repositories l where l.repository_url = r.url
        ), 'none') as framework, null::boolean as is_official
        """;

    private const string OfPaper = "from paper_repositories l join repositories r on r.url = l.repository_url where l.paper_id = @id";

    public static Task<NumberedPage<Repository>> ListRepositoriesOfPaperAsync(
        this NpgsqlDataSource db, string id, PageQuery page, CancellationToken cancellationToken) =>
        db.PageAsync<Repository>(
            page,
            $"""
            select {LinkedColumns} {OfPaper}
            order by l.is_official desc, r.stars desc nulls last, r.url limit @rows offset @skip
            """,
            $"select count(*) {OfPaper}", new { id }, cancellationToken);

    private const string CountAll = "select count(*) from repositories";

    private const string Chosen = """
        from repositories r
        where (@owner::text is null or lower(r.owner) = lower(@owner))
          and (@name::text is null or r.name ilike @name)
          and (@stars::int is null or r.stars >= @stars)
          and (@framework::text is null or exists (
              select from paper_repositories l where l.repository_url = r.url and l.framework = @framework))
          and (@q::text is null or r.owner ilike @q or r.name ilike @q or r.description ilike @q)
        """;

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["stars"] = "r.stars",
        ["owner"] = "lower(r.owner)",
        ["name"] = "lower(r.name)",
        ["url"] = "r.url",
    };

    public static Task<NumberedPage<Repository>> ListRepositoriesAsync(
        this NpgsqlDataSource db,
        RepositoryFilter filter,
        string? ordering,
        ListCounts counts,
        PageQuery page,
        CancellationToken cancellationToken)
    {
        var parameters = new
        {
            Owner = string.IsNullOrEmpty(filter.Owner) ? null : filter.Owner,
            Name = Ordering.Holding(filter.Name),
            filter.Stars,
            Framework = string.IsNullOrEmpty(filter.Framework) ? null : filter.Framework,
            Q = Ordering.Holding(filter.Q),
        };
        var rows = $"""
            select {Columns}
            from (select r.* {Chosen} order by {Ordering.Of(ordering, Fields, "r.url")} limit @rows offset @skip) r
            order by {Ordering.Of(ordering, Fields, "r.url")}
            """;
        return parameters is { Owner: null, Name: null, Stars: null, Framework: null, Q: null }
            ? db.PageAsync<Repository>(
                page, rows, parameters,
                connection => counts.CountAsync(connection, CountAll, cancellationToken), cancellationToken)
            : db.PageAsync<Repository>(
                page, rows, $"select count(*) from (select {Chosen} limit 10000) counted", parameters, cancellationToken);
    }

    private const string Named = "from repositories r where lower(r.owner) = lower(@owner) and lower(r.name) = lower(@name)";

    public static async Task<Repository> GetRepositoryAsync(
        this NpgsqlDataSource db, string owner, string name, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Repository>(new CommandDefinition(
            $"select {Columns} {Named} order by r.owner = @owner and r.name = @name desc, r.url limit 1",
            new { owner, name }, cancellationToken: cancellationToken)) ?? throw PapersWithCodeApi.NotFound();
    }

    private const string PapersOf = $"""
        papers p where p.id in (
            select l.paper_id from paper_repositories l where l.repository_url in (select r.url {Named}))
        """;

    public static async Task<NumberedPage<Paper>> ListPapersOfRepositoryAsync(
        this NpgsqlDataSource db, string owner, string name, PageQuery page,
        CancellationToken cancellationToken)
    {
        await db.GetRepositoryAsync(owner, name, cancellationToken);
        return await db.ListPapersAsync(
            PapersOf, PaperQueries.Order, new { owner, name }, page, cancellationToken);
    }
}

/// <summary>What of the list of repositories is wanted.</summary>
internal sealed record RepositoryFilter(string? Q, string? Owner, string? Name, int? Stars, string? Framework);
