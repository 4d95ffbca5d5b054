using Dapper;
using Leaderboard.Api.Catalogue;
using Leaderboard.Api.Catalogue.Papers;
using Npgsql;

namespace Leaderboard.Api.Migrations;

/// <summary>
/// Papers of the catalogue with their authors, venue, tasks, methods and code. What the catalogue does not say of one, an
/// archive may have said: that stays.
/// </summary>
internal static class CataloguePapers
{
    // An address on Papers With Code is one paper's: of another's that has it already this one does without.
    private const string PutPaper = """
        insert into papers as p (id, title, url, authors, published_on, slug, arxiv_id, openreview_id, abstract, url_pdf,
                                 proceeding, conference_url, conference_url_pdf)
        values (@Id, @Title, @Url, @authors, @PublishedOn,
                (select @slug where not exists (select from papers o where o.slug = @slug and o.id <> @Id)), @arxivId,
                @OpenreviewId, @Abstract, @urlPdf, @Proceeding, @ConferenceUrl, @ConferenceUrlPdf)
        on conflict (id) do update
        set title = excluded.title, url = excluded.url, authors = excluded.authors, published_on = excluded.published_on,
            origin = excluded.origin, slug = coalesce(excluded.slug, p.slug), arxiv_id = coalesce(excluded.arxiv_id, p.arxiv_id),
            openreview_id = coalesce(excluded.openreview_id, p.openreview_id),
            abstract = coalesce(excluded.abstract, p.abstract), url_pdf = coalesce(excluded.url_pdf, p.url_pdf),
            proceeding = coalesce(excluded.proceeding, p.proceeding),
            conference_url = coalesce(excluded.conference_url, p.conference_url),
            conference_url_pdf = coalesce(excluded.conference_url_pdf, p.conference_url_pdf)
        """;

    private const string PutAuthor = "insert into authors (name, id) values (@name, @id) on conflict do nothing";

    private const string PutProceeding = """
        insert into proceedings (name, id, conference_id, conference_name, year, month)
        values (@name, @id, @conferenceId, @Conference, @Year, @Month)
        on conflict do nothing
        """;

    public static async Task PutAsync(NpgsqlConnection connection, IReadOnlyList<CataloguePaper> papers)
    {
        await connection.ExecuteAsync(PutPaper, papers.Select(paper => (paper, arxivId: ArxivId.Find(paper.Id))).Select(row => new
        {
            row.paper.Id,
            row.paper.Title,
            row.paper.Url,
            authors = row.paper.Authors.ToArray(),
            row.paper.PublishedOn,
            slug = row.paper.Slug ?? Slug.OfPaper(row.paper.Title),
            row.arxivId,
            row.paper.OpenreviewId,
            row.paper.Abstract,
            urlPdf = row.paper.UrlPdf ?? (row.arxivId is null ? null : $"https://arxiv.org/pdf/{row.arxivId}"),
            row.paper.Proceeding,
            row.paper.ConferenceUrl,
            row.paper.ConferenceUrlPdf,
        }));
        await connection.ExecuteAsync(PutAuthor, papers.SelectMany(
            paper => paper.Authors, (_, name) => new { name, id = Slug.Of(name) }));
        await connection.ExecuteAsync(PutProceeding, papers.Select(paper => paper.Proceeding).OfType<string>()
            .Select(name => (name, says: ProceedingName.Parse(name))).Select(row => new
            {
                row.name,
                id = Slug.Of(row.name),
                conferenceId = Slug.Of(row.says.Conference),
                row.says.Conference,
                row.says.Year,
                row.says.Month,
            }));
    }

    private const string PutTask =
        "insert into paper_tasks (paper_id, task_id) values (@paper, @task) on conflict do nothing";

    private const string PutMethod =
        "insert into paper_methods (paper_id, method_id) values (@paper, @method) on conflict do nothing";

    private const string PutRepository =
        "insert into repositories (url, owner, name) values (@Url, @owner, @name) on conflict do nothing";

    private const string PutCode = """
        insert into paper_repositories as c (paper_id, repository_url, is_official, mentioned_in_paper, mentioned_in_github,
                                             framework)
        values (@paper, @Url, @IsOfficial, @MentionedInPaper, @MentionedInGithub, @Framework)
        on conflict (paper_id, repository_url) do update
        set is_official = excluded.is_official, mentioned_in_paper = excluded.mentioned_in_paper or c.mentioned_in_paper,
            mentioned_in_github = excluded.mentioned_in_github or c.mentioned_in_github,
            framework = case when excluded.framework = 'none' then c.framework else excluded.framework end
        """;

    /// <summary>What papers say of themselves; tasks, datasets and methods are there.</summary>
    public static async Task PutRelationsAsync(NpgsqlConnection connection, IReadOnlyList<CataloguePaper> papers)
    {
        await connection.ExecuteAsync(PutTask, papers.SelectMany(
            paper => paper.Tasks ?? [], (paper, task) => new { paper = paper.Id, task }));
        await connection.ExecuteAsync(PutMethod, papers.SelectMany(
            paper => paper.Methods ?? [], (paper, method) => new { paper = paper.Id, method }));
        var code = papers.SelectMany(paper => paper.Code ?? [], (paper, one) => (paper: paper.Id, one)).ToList();
        await connection.ExecuteAsync(
            PutRepository,
            code.Select(row => (row.one.Url, steps: new Uri(row.one.Url).AbsolutePath.Trim('/').Split('/'))).Select(row => new
            {
                row.Url,
                owner = row.steps.Length > 1 ? row.steps[^2] : "",
                name = row.steps[^1],
            }));
        await connection.ExecuteAsync(PutCode, code.Select(row => new
        {
            row.paper,
            row.one.Url,
            row.one.IsOfficial,
            row.one.MentionedInPaper,
            row.one.MentionedInGithub,
            row.one.Framework,
        }));
    }

    private const string PutTasksOfFigures = """
        insert into paper_tasks (paper_id, task_id)
        select distinct p.id, b.task_id
        from results r
        join benchmarks b on b.id = r.benchmark_id
        join papers p on p.id = r.paper_id
        where r.catalog_key is not null and r.withdrawn_at is null and p.id <> all (@withTasks)
        order by 1, 2
        on conflict do nothing
        """;

    /// <summary>Of a paper that names no tasks, those of the benchmarks on which it has figures.</summary>
    public static Task PutTasksOfFiguresAsync(NpgsqlConnection connection, IReadOnlyList<CataloguePaper> papers) =>
        connection.ExecuteAsync(
            PutTasksOfFigures,
            new { withTasks = papers.Where(paper => paper.Tasks is not null).Select(paper => paper.Id).ToArray() });
}
