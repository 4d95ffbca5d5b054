namespace Leaderboard.Api.Archive;

/// <summary>Papers, their authors, venues, tasks, methods and code.</summary>
internal static class MergePapers
{
    // Papers that are known from a link to their code alone.
    private static readonly MergeStep Stubs = MergeStep.Prepare("""
        insert into staged_papers (number, is_stub, slug, arxiv_id, title, url, url_pdf)
        select distinct on (l.slug) l.number, true, l.slug, l.arxiv_id, l.title, l.url, l.url_pdf
        from staged_links l
        where not exists (select from staged_papers s where s.slug = l.slug)
          and not exists (select from papers p where p.slug = l.slug)
          and (l.arxiv_id is null
               or (not exists (select from staged_papers s where s.arxiv_id = l.arxiv_id)
                   and not exists (select from papers p where p.id = 'arxiv:' || l.arxiv_id)))
        order by l.slug, l.number;
        """);

    // Of a slug's papers the first; of an arXiv id's the first has it as its id and the others their slug. A paper that is known
    // by its slug keeps its id.
    private static readonly MergeStep Merged = MergeStep.Prepare("""
        create temporary table merged_papers on commit drop as
        with firsts as (
            select distinct on (slug) number, is_stub, slug, arxiv_id from staged_papers order by slug, is_stub, number
        ), known as (
            select f.*, coalesce(p.id, q.id) as known_id
            from firsts f
            left join papers p on p.slug = f.slug
            left join papers q on q.id = f.slug and q.slug is null
        ), numbered as (
            select k.*, row_number() over (partition by known_id is null, arxiv_id order by is_stub, number) as nth from known k
        ), named as (
            select n.number, n.is_stub, n.slug,
                   coalesce(n.known_id,
                            case when n.nth = 1 and n.arxiv_id is not null and (a.id is null or a.slug is null)
                                 then 'arxiv:' || n.arxiv_id else n.slug end) as id
            from numbered n
            left join papers a on a.id = 'arxiv:' || n.arxiv_id
        )
        select distinct on (id) id, number, is_stub, slug from named order by id, is_stub, number;
        create unique index on merged_papers (number);
        analyze merged_papers;
        create temporary table shown_papers on commit drop as
        select m.id from merged_papers m
        join staged_papers s using (number)
        left join papers p on p.id = m.id
        where exists (select from results r where r.paper_id = m.id)
          and (p.id is null or (p.origin = 'archive' and (p.title, p.url) is distinct from (s.title, s.url)));
        """);

    private const string Said = """
        m.slug, s.arxiv_id, s.nips_id, s.openreview_id, s.title, s.url, s.authors, s.published_on, s.abstract, s.short_abstract,
        s.url_pdf, s.proceeding, s.conference_url, s.conference_url_pdf, s.reproduces_paper
        """;

    // In the order in which what refers to them is added too: of neighbours the pages are still in memory.
    private static readonly MergeStep Papers = MergeStep.Put("papers", $"""
        insert into papers (id, origin, slug, arxiv_id, nips_id, openreview_id, title, url, authors, published_on, abstract,
                            short_abstract, url_pdf, proceeding, conference_url, conference_url_pdf, reproduces_paper)
        select m.id, 'archive', {Said}
        from merged_papers m
        join staged_papers s using (number)
        left join papers p on p.id = m.id
        where p.id is null
           or (p.origin = 'archive'
               and (p.slug, p.arxiv_id, p.nips_id, p.openreview_id, p.title, p.url, p.authors, p.published_on, p.abstract,
                    p.short_abstract, p.url_pdf, p.proceeding, p.conference_url, p.conference_url_pdf, p.reproduces_paper)
                   is distinct from ({Said}))
        order by m.id
        on conflict (id) do update
        set slug = excluded.slug, arxiv_id = excluded.arxiv_id, nips_id = excluded.nips_id,
            openreview_id = excluded.openreview_id, title = excluded.title, url = excluded.url, authors = excluded.authors,
            published_on = excluded.published_on, abstract = excluded.abstract, short_abstract = excluded.short_abstract,
            url_pdf = excluded.url_pdf, proceeding = excluded.proceeding, conference_url = excluded.conference_url,
            conference_url_pdf = excluded.conference_url_pdf, reproduces_paper = excluded.reproduces_paper
        """);

    private const string Filled = """
        coalesce(p.slug, m.slug), coalesce(p.arxiv_id, s.arxiv_id), coalesce(p.nips_id, s.nips_id),
        coalesce(p.openreview_id, s.openreview_id), case p.authors when '{}' then s.authors else p.authors end,
        coalesce(p.published_on, s.published_on), coalesce(p.abstract, s.abstract), coalesce(p.short_abstract, s.short_abstract),
        coalesce(p.url_pdf, s.url_pdf), coalesce(p.proceeding, s.proceeding), coalesce(p.conference_url, s.conference_url),
        coalesce(p.conference_url_pdf, s.conference_url_pdf), coalesce(p.reproduces_paper, s.reproduces_paper)
        """;

    // What follows is planned for what is there now.
    private static readonly MergeStep Counted = MergeStep.Prepare("analyze papers (id, slug, origin)");

    private static readonly MergeStep Gaps = MergeStep.Change("papers", $"""
        update papers p
        set (slug, arxiv_id, nips_id, openreview_id, authors, published_on, abstract, short_abstract, url_pdf, proceeding,
             conference_url, conference_url_pdf, reproduces_paper) = row ({Filled})
        from merged_papers m
        join staged_papers s using (number)
        where m.id = p.id and p.origin <> 'archive'
          and (p.slug, p.arxiv_id, p.nips_id, p.openreview_id, p.authors, p.published_on, p.abstract, p.short_abstract, p.url_pdf,
               p.proceeding, p.conference_url, p.conference_url_pdf, p.reproduces_paper) is distinct from ({Filled})
        """);

    private static readonly MergeStep Authors = MergeStep.Put("authors", """
        insert into authors (name, id)
        select distinct s.name, s.id from staged_authors s
        where not exists (select from authors a where a.name = s.name)
        """);

    private static readonly MergeStep Proceedings = MergeStep.Put("proceedings", """
        insert into proceedings (name, id, conference_id, conference_name, year, month)
        select distinct on (s.id) s.name, s.id, s.conference_id, s.conference_name, s.year, s.month
        from staged_proceedings s
        where not exists (select from proceedings p where p.id = s.id or p.name = s.name)
        order by s.id, s.name
        """);

    private static readonly MergeStep Tasks = MergeStep.Put("paper_tasks", """
        insert into paper_tasks (paper_id, task_id)
        select distinct m.id, t.task_id
        from merged_papers m
        join staged_papers s using (number)
        cross join unnest(s.task_ids) t (task_id)
        where not exists (select from paper_tasks x where (x.paper_id, x.task_id) = (m.id, t.task_id))
        order by 1, 2
        """);

    private static readonly MergeStep OldTasks = MergeStep.Remove("paper_tasks", """
        delete from paper_tasks x using papers p, merged_papers m, staged_papers s
        where p.id = x.paper_id and p.origin = 'archive' and m.id = p.id and not m.is_stub and s.number = m.number
          and x.task_id <> all (s.task_ids)
        """);

    private static readonly MergeStep MergedMethods = MergeStep.Prepare("""
        create temporary table merged_paper_methods on commit drop as
        select distinct m.id as paper_id, n.id as method_id
        from merged_papers m
        join staged_papers s using (number)
        cross join unnest(s.methods) x (name)
        join merged_method_names n on n.name = x.name;
        analyze merged_paper_methods;
        """);

    private static readonly MergeStep Methods = MergeStep.Put("paper_methods", """
        insert into paper_methods (paper_id, method_id)
        select m.paper_id, m.method_id
        from merged_paper_methods m
        where not exists (select from paper_methods x where (x.paper_id, x.method_id) = (m.paper_id, m.method_id))
        order by 1, 2
        """);

    private static readonly MergeStep OldMethods = MergeStep.Remove("paper_methods", """
        delete from paper_methods x using papers p, merged_papers m
        where p.id = x.paper_id and p.origin = 'archive' and m.id = p.id and not m.is_stub
          and not exists (
              select from merged_paper_methods n where (n.paper_id, n.method_id) = (x.paper_id, x.method_id))
        """);

    private static readonly MergeStep Repositories = MergeStep.Put("repositories", """
        insert into repositories (url, owner, name)
        select distinct on (l.repository_url) l.repository_url, l.owner, l.name
        from staged_links l
        where not exists (select from repositories r where r.url = l.repository_url)
        order by l.repository_url, l.number
        """);

    private static readonly MergeStep Linked = MergeStep.Prepare("""
        create temporary table merged_links on commit drop as
        select distinct on (coalesce(p.id, a.id), l.repository_url)
               coalesce(p.id, a.id) as paper_id, l.repository_url, l.is_official, l.mentioned_in_paper, l.mentioned_in_github,
               l.framework
        from staged_links l
        left join papers p on p.slug = l.slug
        left join papers a on a.id = 'arxiv:' || l.arxiv_id
        where coalesce(p.id, a.id) is not null
        order by coalesce(p.id, a.id), l.repository_url, l.number;
        analyze merged_links;
        """);

    private static readonly MergeStep Links = MergeStep.Put("paper_repositories", """
        insert into paper_repositories (paper_id, repository_url, is_official, mentioned_in_paper, mentioned_in_github, framework)
        select m.*
        from merged_links m
        left join paper_repositories x on (x.paper_id, x.repository_url) = (m.paper_id, m.repository_url)
        where x.paper_id is null
           or (x.is_official, x.mentioned_in_paper, x.mentioned_in_github, x.framework)
              is distinct from (m.is_official, m.mentioned_in_paper, m.mentioned_in_github, m.framework)
        on conflict (paper_id, repository_url) do update
        set is_official = excluded.is_official, mentioned_in_paper = excluded.mentioned_in_paper,
            mentioned_in_github = excluded.mentioned_in_github, framework = excluded.framework
        """);

    private static readonly MergeStep OldLinks = MergeStep.Remove("paper_repositories", """
        delete from paper_repositories x using papers p
        where @hasLinks and p.id = x.paper_id and p.origin = 'archive'
          and not exists (select from merged_links m where (m.paper_id, m.repository_url) = (x.paper_id, x.repository_url))
        """);

    /// <summary>The last statement: from here on to the end of the transaction others who write results wait.</summary>
    public static readonly MergeStep TouchBoards = MergeStep.Prepare("""
        select touch_boards(touched)
        from (select array(select distinct r.benchmark_id from shown_papers p join results r on r.paper_id = p.id)) x (touched)
        where cardinality(touched) > 0
        """);

    public static IReadOnlyList<MergeStep> Steps { get; } = [Stubs, Merged, Papers, Counted, Gaps, Authors, Proceedings];

    /// <summary>What belongs to papers, once tasks and methods are there.</summary>
    public static IReadOnlyList<MergeStep> Relations { get; } =
        [Tasks, OldTasks, MergedMethods, Methods, OldMethods, Repositories, Linked, Links, OldLinks];
}
