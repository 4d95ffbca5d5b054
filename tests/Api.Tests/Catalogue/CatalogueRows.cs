namespace Leaderboard.Api.Tests.Catalogue;

/// <summary>Objects of the catalogue, as an import leaves them.</summary>
internal static class CatalogueRows
{
    public static Task AddTaskAsync(this ApiFactory api, string id, string name, params string[] areas) => api.ExecuteAsync(
        """
        insert into areas (id, name) select lower(replace(a, ' ', '-')), a from unnest(@areas) a on conflict do nothing;
        insert into tasks (id, name, description, origin, areas) values (@id, @name, 'd', 'archive', @areas)
        on conflict (id) do nothing
        """,
        new { id, name, areas });

    public static Task AddDatasetAsync(this ApiFactory api, string id, string name) => api.ExecuteAsync(
        """
        insert into datasets (id, name, description, origin, modalities, languages)
        values (@id, @name, 'd', 'archive', array['Images'], array['English'])
        """,
        new { id, name });

    public static Task AddMethodAsync(this ApiFactory api, string id, string name) => api.ExecuteAsync(
        "insert into methods (id, origin, name, full_name) values (@id, 'archive', @name, @name)", new { id, name });

    public static Task AddPaperAsync(
        this ApiFactory api, string id, string title, DateOnly? publishedOn = null, string[]? tasks = null, string[]? methods = null) =>
        api.ExecuteAsync(
            """
            insert into papers (id, title, url, published_on, origin, arxiv_id)
            values (@id, @title, 'https://paper.example/', @publishedOn::date, 'archive', substring(@id from '^arxiv:(.*)$'));
            insert into paper_tasks (paper_id, task_id) select @id, t from unnest(@tasks) t;
            insert into paper_methods (paper_id, method_id) select @id, m from unnest(@methods) m
            """,
            new { id, title, publishedOn, tasks = tasks ?? [], methods = methods ?? [] });
}
