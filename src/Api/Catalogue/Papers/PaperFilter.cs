namespace Leaderboard.Api.Catalogue.Papers;

/// <summary>Which papers a list holds.</summary>
internal sealed record PaperFilter(
    string? Q = null,
    string? Task = null,
    string? Method = null,
    string? Dataset = null,
    string? Author = null,
    string? Proceeding = null,
    string? Conference = null,
    string? ArxivId = null,
    DateOnly? From = null,
    DateOnly? To = null,
    bool? HasCode = null)
{
    /// <summary>
    /// The conditions of the filters that are given, and of no others: beside <c>or @task is null</c> PostgreSQL would not see
    /// that it may begin with the few papers of a task.
    /// </summary>
    public string Conditions(bool hasCursor) => string.Join("\n  and ", Given(hasCursor).DefaultIfEmpty("true"));

    private IEnumerable<string> Given(bool hasCursor)
    {
        if (Q is not null)
        {
            yield return """
                p.id in (
                    select e.key from search_entries e
                    where e.kind = 'paper' and e.terms @@ plainto_tsquery('public.search', search_words_of(@q)))
                """;
        }
        if (Task is not null)
        {
            yield return "exists (select from paper_tasks t where t.paper_id = p.id and t.task_id = @task)";
        }
        if (Method is not null)
        {
            yield return "exists (select from paper_methods m where m.paper_id = p.id and m.method_id = @method)";
        }
        if (Dataset is not null)
        {
            yield return """
                p.id in (
                    select d.paper_id from datasets d where d.id = @dataset
                    union select r.paper_id from table_rows r join evaluation_tables e on e.id = r.table_id where e.dataset_id = @dataset
                    union select r.paper_id from results r join benchmarks b on b.id = r.benchmark_id
                          where b.dataset_id = @dataset and upper_inf(r.shown))
                """;
        }
        if (Author is not null)
        {
            yield return "p.authors && @authors";
        }
        if (Proceeding is not null || Conference is not null)
        {
            yield return "p.proceeding = any (@proceedings)";
        }
        if (ArxivId is not null)
        {
            yield return "p.arxiv_id = @arxivId";
        }
        if (From is not null)
        {
            yield return "coalesce(p.published_on, '-infinity'::date) >= @from";
        }
        if (To is not null)
        {
            yield return "p.published_on <= @to and coalesce(p.published_on, '-infinity'::date) <= @to";
        }
        if (HasCode == true)
        {
            yield return "exists (select from paper_repositories c where c.paper_id = p.id)";
        }
        if (HasCode == false)
        {
            yield return "not exists (select from paper_repositories c where c.paper_id = p.id)";
        }
        if (hasCursor)
        {
            yield return "(coalesce(p.published_on, '-infinity'::date), p.id) < (coalesce(@afterDay, '-infinity'::date), @afterId)";
        }
    }
}
