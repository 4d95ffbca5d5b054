using Dapper;
using Leaderboard.Api.Compat.PapersWithCode.Repositories;
using Leaderboard.Shared;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Papers;

internal static class PaperQueries
{
    /// <summary>The columns of <see cref="PaperRow"/>, of a paper <c>p</c> and its proceeding <c>pr</c>.</summary>
    public const string Columns = """
        coalesce(p.slug, p.id) as id,
        coalesce(p.arxiv_id, case when p.id like 'arxiv:%' then substr(p.id, 7) end) as arxiv_id,
        p.nips_id, p.url as url_abs, coalesce(p.url_pdf, '') as url_pdf, p.title, coalesce(p.abstract, '') as abstract,
        to_json(p.authors)::text as authors, p.published_on as published, pr.conference_id as conference, p.conference_url as conference_url_abs,
        p.conference_url_pdf, pr.id as proceeding
        """;

    public const string Order = "coalesce(p.published_on, '-infinity'::date) desc, p.id desc";

    private const string Find = $"""
        select {Columns} from papers p left join proceedings pr on pr.name = p.proceeding where p.id = @id
        """;

    public static async Task<Paper> GetPaperAsync(this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        var own = await db.ResolvePaperAsync(id, cancellationToken);
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<PaperRow>(
            new CommandDefinition(Find, new { id = own }, cancellationToken: cancellationToken));
        return row?.ToPaper() ?? throw PapersWithCodeApi.NotFound();
    }

    /// <summary>Our id of the paper that an address names by its slug, our id or its arXiv id.</summary>
    public static async Task<string> ResolvePaperAsync(
        this NpgsqlDataSource db, string id, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var found = await connection.FindPapersAsync([id], transaction: null, cancellationToken);
        return found[id] ?? throw PapersWithCodeApi.NotFound();
    }

    private const string FindNamed = """
        select w.text, coalesce(
            (select p.id from papers p where p.slug = w.name),
            (select p.id from papers p where p.id = w.name),
            (select p.id from papers p where p.id = 'arxiv:' || w.arxiv),
            (select min(p.id) from papers p where p.arxiv_id = w.arxiv),
            (select min(p.id) from papers p where p.url = w.url)) as id
        from unnest(@texts::text[], @names::text[], @arxiv::text[], @urls::text[]) as w (text, name, arxiv, url)
        """;

    /// <summary>Our ids of papers by what names them, as <see cref="PaperName"/> reads it; null where there is none.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> FindPapersAsync(
        this NpgsqlConnection connection,
        IEnumerable<string> texts,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken)
    {
        var names = texts.Distinct(StringComparer.Ordinal).Select(PaperName.Read).ToList();
        var parameters = new
        {
            texts = names.Select(name => name.Text).ToArray(),
            names = names.Select(name => name.Slug).ToArray(),
            arxiv = names.Select(name => name.ArxivId).ToArray(),
            urls = names.Select(name => name.Url).ToArray(),
        };
        var found = await connection.QueryAsync<(string Text, string? Id)>(
            new CommandDefinition(FindNamed, parameters, transaction, cancellationToken: cancellationToken));
        return found.ToDictionary(one => one.Text, one => one.Id, StringComparer.Ordinal);
    }

    private const string CountAll = "select count(*) from papers";

    // The order is that of an index, so of a page far behind only ids are read on the way.
    private static string Page(string order) => $"""
        select {Columns}
        from (
            select p.id from papers p order by {order} limit @rows offset @skip
        ) page
        join papers p on p.id = page.id
        left join proceedings pr on pr.name = p.proceeding
        order by {order}
        """;

    // Signs alone, which no index finds, are looked for in titles: to read every abstract takes seconds.
    private const string Chosen = """
        where (@arxivId::text is null or p.arxiv_id = @arxivId or p.id = 'arxiv:' || @arxivId)
          and (@title::text is null or p.title ilike @title)
          and (@abstract::text is null or @isWord and p.abstract ilike @abstract)
          and (@q::text is null or p.title ilike @q)
        """;

    // Of papers, the words of names are those of the title, those of the text all.
    private const string WithWords = "join search_entries e on e.kind = 'paper' and e.key = p.id";
    private const string InTitles = "and e.terms @@ to_tsquery('public.search', @inTitles)";
    private const string InAbstracts = "and e.body @@ to_tsquery('public.search', @inAbstracts)";
    private const string InEither = "and e.body @@ to_tsquery('public.search', @inEither)";

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["published"] = "p.published_on",
        ["title"] = "p.title",
        ["id"] = "p.id",
        ["arxiv_id"] = "p.arxiv_id",
    };

    public static async Task<NumberedPage<Paper>> ListPapersAsync(
        this NpgsqlDataSource db,
        PaperFilter filter,
        string? ordering,
        ListCounts counts,
        PageQuery page,
        CancellationToken cancellationToken)
    {
        // The newest first is the list's own order, which has an index.
        var order = ordering == "-published" ? Order : Ordering.Of(ordering, Fields, Order);
        if (filter.IsEmpty)
        {
            var all = await db.PageAsync<PaperRow>(
                page, Page(order), parameters: null,
                connection => counts.CountAsync(connection, CountAll, cancellationToken), cancellationToken);
            return ToPapers(all);
        }
        var inTitles = await PaperWords.QueryAsync(db, filter.Title, cancellationToken);
        var inAbstracts = await PaperWords.QueryAsync(db, filter.Abstract, cancellationToken);
        var inEither = await PaperWords.QueryAsync(db, filter.Q, cancellationToken);
        var isWord = (inTitles ?? inAbstracts ?? inEither) is not null;
        var parameters = new
        {
            inTitles,
            inAbstracts,
            inEither,
            isWord,
            ArxivId = string.IsNullOrEmpty(filter.ArxivId) ? null : filter.ArxivId,
            Title = Ordering.Holding(filter.Title),
            Abstract = Ordering.Holding(filter.Abstract),
            Q = inEither is null ? Ordering.Holding(filter.Q) : null,
        };
        var words = string.Join(' ', (string[])
        [
            isWord ? WithWords : "",
            inTitles is null ? "" : InTitles,
            inAbstracts is null ? "" : InAbstracts,
            inEither is null ? "" : InEither,
        ]);
        return await db.ListPapersAsync($"papers p {words} {Chosen}", order, parameters, page, cancellationToken);
    }

    /// <param name="db">Where the papers are.</param>
    /// <param name="from">What stands behind <c>from</c>: a table of papers <c>p</c> and what chooses among them.</param>
    /// <param name="order">Of columns of <c>p</c>.</param>
    /// <param name="parameters">Of both.</param>
    /// <param name="page">Which page.</param>
    /// <param name="cancellationToken">The request's.</param>
    public static async Task<NumberedPage<Paper>> ListPapersAsync(
        this NpgsqlDataSource db,
        string from,
        string order,
        object parameters,
        PageQuery page,
        CancellationToken cancellationToken)
    {
        var rows = $"""
            select {Columns}
            from (select p.* from {from} order by {order} limit @rows offset @skip) p
            left join proceedings pr on pr.name = p.proceeding
            order by {order}
            """;
        var count = $"select count(*) from (select from {from} limit 10000) counted";
        return ToPapers(await db.PageAsync<PaperRow>(page, rows, count, parameters, cancellationToken));
    }

    private const string BestRepositories = $"""
        select distinct on (l.paper_id) coalesce(p.slug, p.id) as paper, {RepositoryQueries.LinkedColumns}
        from papers p
        join paper_repositories l on l.paper_id = p.id
        join repositories r on r.url = l.repository_url
        where p.slug = any (@ids) or p.slug is null and p.id = any (@ids)
        order by l.paper_id, l.is_official desc, r.stars desc nulls last, r.url
        """;

    /// <summary>The repository that stands for each of these papers, by the paper's slug.</summary>
    public static async Task<IReadOnlyDictionary<string, Repository>> FindBestRepositoriesAsync(
        this NpgsqlDataSource db, IEnumerable<Paper> papers, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        var found = await connection.QueryAsync<string, Repository, (string Paper, Repository Repository)>(
            new CommandDefinition(
                BestRepositories, new { ids = papers.Select(paper => paper.Id).ToArray() },
                cancellationToken: cancellationToken),
            (paper, repository) => (paper, repository),
            splitOn: "url");
        return found.ToDictionary(one => one.Paper, one => one.Repository, StringComparer.Ordinal);
    }

    private static NumberedPage<Paper> ToPapers(NumberedPage<PaperRow> page) =>
        new(page.Count, page.Next, page.Previous, [.. page.Results.Select(row => row.ToPaper())]);

    private sealed record PaperRow(
        string Id, string? ArxivId, string? NipsId, string UrlAbs, string UrlPdf, string Title, string Abstract, string Authors,
        DateOnly? Published, string? Conference, string? ConferenceUrlAbs, string? ConferenceUrlPdf, string? Proceeding)
    {
        public Paper ToPaper() => new(
            Id, ArxivId, NipsId, UrlAbs, UrlPdf, Title, Abstract, LeaderboardJson.Parse<string[]>(Authors), Published, Conference,
            ConferenceUrlAbs, ConferenceUrlPdf, Proceeding);
    }
}

/// <summary>What of a list of papers is wanted; all of it, where nothing is said.</summary>
internal sealed record PaperFilter(string? Q, string? ArxivId, string? Title, string? Abstract)
{
    public bool IsEmpty => string.IsNullOrEmpty(Q) && string.IsNullOrEmpty(ArxivId) && string.IsNullOrEmpty(Title)
                           && string.IsNullOrEmpty(Abstract);
}
