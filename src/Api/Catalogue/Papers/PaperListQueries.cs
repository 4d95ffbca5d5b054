using System.Globalization;
using Dapper;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Catalogue.Papers;

internal static class PaperListQueries
{
    // Of the fifty that are shown, code is looked up one by one: with "exists" PostgreSQL would read all repositories first.
    private const string Before = """
        select to_json(x)::text
        from (
            select p.id, p.slug, p.arxiv_id, p.title, p.authors, p.published_on, p.proceeding, p.url, p.url_pdf,
                   (select coalesce(json_agg(t.task_id order by t.task_id), '[]') from paper_tasks t where t.paper_id = p.id) as tasks,
                   coalesce((select true from paper_repositories c where c.paper_id = p.id limit 1), false) as has_code,
                   p.origin
            from papers p
            where
        """;

    private const string After = """
            order by coalesce(p.published_on, '-infinity'::date) desc, p.id desc
            limit @rows
        ) x
        """;

    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>A page of papers, the newest first, those without a date last.</summary>
    public static async Task<Page<PaperSummary>> ListPapersAsync(
        this NpgsqlDataSource db, PaperFilter filter, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var list = CatalogueList.Fingerprint(filter);
        var after = CatalogueList.ReadCursor(cursor, list);
        var names = await db.FindNamesAsync(filter, cancellationToken);
        var parameters = new
        {
            filter.Q,
            filter.Task,
            filter.Method,
            filter.Dataset,
            names.Authors,
            names.Proceedings,
            filter.ArxivId,
            filter.From,
            filter.To,
            afterDay = DayOf(after),
            afterId = after?.Id,
            rows = limit + 1,
        };
        var found = await db.QueryJsonAsync<PaperSummary>(
            $"{Before} {filter.Conditions(after is not null)} {After}", parameters, row => row with { Attribution = Attribution.Of(row.Origin) }, cancellationToken);
        return CatalogueList.PageOf(found, limit, last => new CatalogueCursor(
            last.PublishedOn?.ToString(DayFormat, CultureInfo.InvariantCulture) ?? "", last.Id, list));
    }

    private static DateOnly? DayOf(CatalogueCursor? cursor) =>
        cursor is null or { Key: "" } ? null
        : DateOnly.TryParseExact(cursor.Key, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw Problems.CursorInvalid.Because("Take the cursor from 'next' of this list's previous page, unchanged.");

    private const string FindProceedings = """
        select name
        from proceedings
        where (@proceeding::text is null or @proceeding in (id, name))
          and (@conference::text is null or lower(@conference) in (conference_id, lower(conference_name)))
        """;

    /// <summary>
    /// The spellings of an author, and the names of the proceedings that are meant; looked up beforehand, as of values that it is
    /// given PostgreSQL knows how often they come.
    /// </summary>
    private static async Task<(string[]? Authors, string[]? Proceedings)> FindNamesAsync(
        this NpgsqlDataSource db, PaperFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return (
            filter.Author is null ? null : [filter.Author, .. await connection.ListSpellingsAsync(filter.Author, cancellationToken)],
            filter is { Proceeding: null, Conference: null } ? null : [.. await connection.QueryAsync<string>(new CommandDefinition(
                FindProceedings, new { filter.Proceeding, filter.Conference }, cancellationToken: cancellationToken))]);
    }

    private const string Spellings = "select name from authors where id = @id";

    /// <summary>The names of an author in papers; none where there is no such author.</summary>
    public static Task<IEnumerable<string>> ListSpellingsAsync(
        this NpgsqlConnection connection, string id, CancellationToken cancellationToken) =>
        connection.QueryAsync<string>(new CommandDefinition(Spellings, new { id }, cancellationToken: cancellationToken));
}
