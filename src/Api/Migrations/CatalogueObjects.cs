using Dapper;
using Npgsql;

namespace Leaderboard.Api.Migrations;

/// <summary>
/// Areas, tasks, datasets and methods of the catalogue, as they stand there. What the catalogue does not say of one, an
/// archive may have said: that stays.
/// </summary>
internal static class CatalogueObjects
{
    private const string PutArea = """
        insert into areas (id, name) values (@Id, @Name)
        on conflict (id) do update set name = excluded.name
        """;

    private const string PutTask = """
        insert into tasks as t (id, name, description, areas, synonyms)
        values (@Id, @Name, @Description,
                array(select a.name from areas a where a.id = any (@areas) order by array_position(@areas, a.id)), @synonyms)
        on conflict (id) do update
        set name = excluded.name, description = excluded.description, origin = excluded.origin,
            areas = case when excluded.areas = '{}' then t.areas else excluded.areas end,
            synonyms = case when excluded.synonyms = '{}' then t.synonyms else excluded.synonyms end
        """;

    private const string PutParent =
        "insert into task_parents (task_id, parent_id) values (@Id, @parent) on conflict do nothing";

    public static async Task PutTasksAsync(
        NpgsqlConnection connection, IReadOnlyList<CatalogueArea> areas, IReadOnlyList<CatalogueTask> tasks)
    {
        await connection.ExecuteAsync(PutArea, areas);
        await connection.ExecuteAsync(PutTask, tasks.Select(task => new
        {
            task.Id,
            task.Name,
            task.Description,
            areas = task.Areas?.ToArray() ?? [],
            synonyms = task.Synonyms?.ToArray() ?? [],
        }));
        await connection.ExecuteAsync(
            PutParent, tasks.SelectMany(task => task.Parents ?? [], (task, parent) => new { task.Id, parent }));
    }

    // Names that an archive uses come together with the catalogue's.
    private const string PutDataset = """
        insert into datasets as d (id, name, description, homepage, licence, paper_id, modalities, variants)
        values (@Id, @Name, @Description, @Homepage, @Licence, @Paper, @modalities, @variants)
        on conflict (id) do update
        set name = excluded.name, description = excluded.description, origin = excluded.origin,
            homepage = coalesce(excluded.homepage, d.homepage), licence = coalesce(excluded.licence, d.licence),
            paper_id = coalesce(excluded.paper_id, d.paper_id),
            modalities = case when excluded.modalities = '{}' then d.modalities else excluded.modalities end,
            variants = excluded.variants
                       || array(select v from unnest(d.variants) with ordinality u (v, place)
                                where v <> all (excluded.variants) order by place)
        """;

    public static Task PutDatasetsAsync(NpgsqlConnection connection, IReadOnlyList<CatalogueDataset> datasets) =>
        connection.ExecuteAsync(PutDataset, datasets.Select(dataset => new
        {
            dataset.Id,
            dataset.Name,
            dataset.Description,
            dataset.Homepage,
            dataset.Licence,
            dataset.Paper,
            modalities = dataset.Modalities?.ToArray() ?? [],
            variants = dataset.Variants?.ToArray() ?? [],
        }));

    private const string PutMethod = """
        insert into methods as m (id, origin, name, full_name, description, paper_id, introduced_year, source_title, source_url)
        values (@Id, 'catalog', @Name, @FullName, @Description, @Paper, @IntroducedYear,
                (select title from papers where id = @Paper), (select url from papers where id = @Paper))
        on conflict (id) do update
        set name = excluded.name, full_name = excluded.full_name, description = excluded.description, origin = excluded.origin,
            paper_id = coalesce(excluded.paper_id, m.paper_id),
            introduced_year = coalesce(excluded.introduced_year, m.introduced_year),
            source_title = coalesce(excluded.source_title, m.source_title),
            source_url = coalesce(excluded.source_url, m.source_url)
        """;

    private const string PutCollection = """
        insert into method_collections (id, name, area_id) values (@Id, @Name, @Area)
        on conflict (id) do update set name = excluded.name, area_id = excluded.area_id
        """;

    private const string PutCollected =
        "insert into collected_methods (method_id, collection_id) values (@method, @collection) on conflict do nothing";

    public static async Task PutMethodsAsync(NpgsqlConnection connection, IReadOnlyList<CatalogueMethod> methods)
    {
        await connection.ExecuteAsync(PutMethod, methods);
        await connection.ExecuteAsync(PutCollection, methods.SelectMany(method => method.Collections ?? []));
        await connection.ExecuteAsync(PutCollected, methods.SelectMany(
            method => method.Collections ?? [], (method, collection) => new { method = method.Id, collection = collection.Id }));
    }
}
