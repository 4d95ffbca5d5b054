namespace Leaderboard.Api.Archive;

/// <summary>Methods with their collections, and datasets.</summary>
internal static class MergeCatalogue
{
    // A method that only papers name is there too, unless a record has its name.
    private static readonly MergeStep MergedMethods = MergeStep.Prepare("""
        create temporary table merged_methods on commit drop as
        with all_methods as (
            select s.* from staged_methods s
            where not s.is_mention
               or (not exists (select from staged_methods r where not r.is_mention and r.name = s.name)
                   and not exists (select from methods x where x.name = s.name and x.id <> s.id))
        )
        select distinct on (a.id) a.*, coalesce(p.id, q.id) as paper_id
        from all_methods a
        left join papers p on p.slug = a.paper_slug
        left join papers q on q.id = 'arxiv:' || a.paper_arxiv_id
        order by a.id, a.is_mention, a.number;
        """);

    private static readonly MergeStep Methods = MergeStep.Put("methods", """
        insert into methods (id, origin, name, full_name, description, paper_id, introduced_year, source_title, source_url,
                             code_snippet_url, num_papers)
        select s.id, 'archive', s.name, s.full_name, s.description, s.paper_id, s.introduced_year, s.source_title, s.source_url,
               s.code_snippet_url, s.num_papers
        from merged_methods s
        left join methods m on m.id = s.id
        where m.id is null
           or (m.origin = 'archive' and not s.is_mention
               and (m.name, m.full_name, m.description, m.paper_id, m.introduced_year, m.source_title, m.source_url,
                    m.code_snippet_url, m.num_papers)
                   is distinct from (s.name, s.full_name, s.description, s.paper_id, s.introduced_year, s.source_title, s.source_url,
                                     s.code_snippet_url, s.num_papers))
        on conflict (id) do update
        set name = excluded.name, full_name = excluded.full_name, description = excluded.description, paper_id = excluded.paper_id,
            introduced_year = excluded.introduced_year, source_title = excluded.source_title, source_url = excluded.source_url,
            code_snippet_url = excluded.code_snippet_url, num_papers = excluded.num_papers
        """);

    private static readonly MergeStep FilledMethods = MergeStep.Change("methods", """
        update methods m
        set (description, paper_id, introduced_year, source_title, source_url, code_snippet_url, num_papers) = row (
            case m.description when '' then s.description else m.description end, coalesce(m.paper_id, s.paper_id),
            coalesce(m.introduced_year, s.introduced_year), coalesce(m.source_title, s.source_title),
            coalesce(m.source_url, s.source_url), coalesce(m.code_snippet_url, s.code_snippet_url), coalesce(m.num_papers, s.num_papers))
        from merged_methods s
        where s.id = m.id and m.origin <> 'archive'
          and ((m.description = '' and s.description <> '')
               or (m.paper_id, m.introduced_year, m.source_title, m.source_url, m.code_snippet_url, m.num_papers) is distinct from
                  (coalesce(m.paper_id, s.paper_id), coalesce(m.introduced_year, s.introduced_year),
                   coalesce(m.source_title, s.source_title), coalesce(m.source_url, s.source_url),
                   coalesce(m.code_snippet_url, s.code_snippet_url), coalesce(m.num_papers, s.num_papers)))
        """);

    private static readonly MergeStep MethodNames = MergeStep.Prepare("""
        create temporary table merged_method_names on commit drop as
        select distinct on (n.name) n.name, m.id
        from (select distinct name from staged_methods) n
        join methods m on m.name = n.name
        order by n.name, m.id;
        create index on merged_method_names (name);
        analyze merged_method_names;
        """);

    private static readonly MergeStep Collections = MergeStep.Put("method_collections", """
        insert into method_collections (id, name, description, parent, area_id)
        select s.id, s.name, coalesce(s.description, c.description, ''), coalesce(s.parent, c.parent), coalesce(s.area_id, c.area_id)
        from (
            select x.id, min(x.name) as name, min(x.description) as description, min(x.parent) as parent, min(a.id) as area_id
            from staged_collections x
            left join areas a on a.id = x.area_id
            group by x.id
        ) s
        left join method_collections c on c.id = s.id
        where c.id is null
           or (c.name, c.description, c.parent, c.area_id)
              is distinct from (s.name, coalesce(s.description, c.description), coalesce(s.parent, c.parent), coalesce(s.area_id, c.area_id))
        on conflict (id) do update
        set name = excluded.name, description = excluded.description, parent = excluded.parent, area_id = excluded.area_id
        """);

    private static readonly MergeStep Collected = MergeStep.Put("collected_methods", """
        insert into collected_methods (method_id, collection_id)
        select distinct m.id, s.id
        from staged_collections s
        join merged_methods m on m.id = s.method_id
        where not exists (select from collected_methods x where (x.method_id, x.collection_id) = (m.id, s.id))
        """);

    private static readonly MergeStep NoMoreCollected = MergeStep.Remove("collected_methods", """
        delete from collected_methods x using methods m, merged_methods s
        where m.id = x.method_id and m.origin = 'archive' and s.id = m.id and not s.is_mention
          and not exists (select from staged_collections c where c.method_id = x.method_id and c.id = x.collection_id)
        """);

    private static readonly MergeStep MergedDatasets = MergeStep.Prepare("""
        create temporary table merged_datasets on commit drop as
        select distinct on (s.id) s.*, coalesce(p.id, q.id) as paper_id
        from staged_datasets s
        left join papers p on p.slug = s.paper_slug
        left join papers q on q.id = 'arxiv:' || s.paper_arxiv_id
        order by s.id, s.number;
        """);

    private const string Said = """
        s.name, s.description, s.homepage, s.paper_id, s.full_name, s.short_description, s.parent_dataset, s.image, s.introduced_on,
        s.warning, s.modalities, s.languages, s.variants, s.num_papers, s.data_loaders
        """;

    private static readonly MergeStep Datasets = MergeStep.Put("datasets", $"""
        insert into datasets (id, origin, name, description, homepage, paper_id, full_name, short_description, parent_dataset, image,
                              introduced_on, warning, modalities, languages, variants, num_papers, data_loaders)
        select s.id, 'archive', {Said}
        from merged_datasets s
        left join datasets d on d.id = s.id
        where d.id is null
           or (d.origin = 'archive'
               and (d.name, d.description, d.homepage, d.paper_id, d.full_name, d.short_description, d.parent_dataset, d.image,
                    d.introduced_on, d.warning, d.modalities, d.languages, d.variants, d.num_papers, d.data_loaders)
                   is distinct from ({Said}))
        on conflict (id) do update
        set name = excluded.name, description = excluded.description, homepage = excluded.homepage, paper_id = excluded.paper_id,
            full_name = excluded.full_name, short_description = excluded.short_description,
            parent_dataset = excluded.parent_dataset, image = excluded.image, introduced_on = excluded.introduced_on,
            warning = excluded.warning, modalities = excluded.modalities, languages = excluded.languages,
            variants = excluded.variants, num_papers = excluded.num_papers, data_loaders = excluded.data_loaders
        """);

    private const string Filled = """
        case d.description when '' then s.description else d.description end, coalesce(d.homepage, s.homepage),
        coalesce(d.paper_id, s.paper_id), coalesce(d.full_name, s.full_name), coalesce(d.short_description, s.short_description),
        coalesce(d.parent_dataset, s.parent_dataset), coalesce(d.image, s.image), coalesce(d.introduced_on, s.introduced_on),
        coalesce(d.warning, s.warning), case d.modalities when '{}' then s.modalities else d.modalities end,
        case d.languages when '{}' then s.languages else d.languages end,
        case d.variants when '{}' then s.variants else d.variants end, coalesce(d.num_papers, s.num_papers),
        case d.data_loaders when '[]' then s.data_loaders else d.data_loaders end
        """;

    private static readonly MergeStep FilledDatasets = MergeStep.Change("datasets", $"""
        update datasets d
        set (description, homepage, paper_id, full_name, short_description, parent_dataset, image, introduced_on, warning, modalities,
             languages, variants, num_papers, data_loaders) = row ({Filled})
        from merged_datasets s
        where s.id = d.id and d.origin <> 'archive'
          and (d.description, d.homepage, d.paper_id, d.full_name, d.short_description, d.parent_dataset, d.image, d.introduced_on,
               d.warning, d.modalities, d.languages, d.variants, d.num_papers, d.data_loaders) is distinct from ({Filled})
        """);

    private static readonly MergeStep DatasetTasks = MergeStep.Put("dataset_tasks", """
        insert into dataset_tasks (dataset_id, task_id)
        select distinct s.id, t.task_id
        from merged_datasets s
        cross join unnest(s.task_ids) t (task_id)
        where not exists (select from dataset_tasks x where (x.dataset_id, x.task_id) = (s.id, t.task_id))
        """);

    private static readonly MergeStep NoMoreDatasetTasks = MergeStep.Remove("dataset_tasks", """
        delete from dataset_tasks x using datasets d, merged_datasets s
        where d.id = x.dataset_id and d.origin = 'archive' and s.id = d.id and x.task_id <> all (s.task_ids)
        """);

    public static IReadOnlyList<MergeStep> Steps { get; } =
    [
        MergedMethods, Methods, FilledMethods, MethodNames, Collections, Collected, NoMoreCollected,
        MergedDatasets, Datasets, FilledDatasets, DatasetTasks, NoMoreDatasetTasks,
    ];
}
