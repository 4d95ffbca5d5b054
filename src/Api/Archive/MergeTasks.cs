namespace Leaderboard.Api.Archive;

/// <summary>Areas and tasks: a task that stands at several places is what all of them say of it together.</summary>
internal static class MergeTasks
{
    private static readonly MergeStep Areas = MergeStep.Put("areas", """
        insert into areas (id, name) select distinct on (id) id, name from staged_areas s
        where not exists (select from areas a where a.id = s.id or a.name = s.name)
        order by id, name
        on conflict do nothing
        """);

    private static readonly MergeStep Merged = MergeStep.Prepare("""
        create temporary table merged_tasks on commit drop as
        with firsts as (
            select distinct on (id) id, name from staged_tasks order by id, number
        ), described as (
            select distinct on (id) id, description from staged_tasks where description <> '' order by id, number
        ), sourced as (
            select distinct on (id) id, source_title, source_url from staged_tasks
            where source_url is not null or source_title is not null order by id, number
        ), areas as (
            select s.id, array_agg(distinct x) as areas from staged_tasks s, unnest(s.areas) x group by s.id
        ), synonyms as (
            select s.id, array_agg(distinct x) as synonyms from staged_tasks s, unnest(s.synonyms) x group by s.id
        )
        select f.id, f.name, coalesce(d.description, '') as description, coalesce(a.areas, '{}') as areas,
               coalesce(y.synonyms, '{}') as synonyms, o.source_title, o.source_url
        from firsts f
        left join described d using (id)
        left join sourced o using (id)
        left join areas a using (id)
        left join synonyms y using (id);
        create temporary table merged_task_parents on commit drop as
        select distinct id as task_id, parent_id from staged_tasks where parent_id is not null and parent_id <> id;
        analyze merged_tasks;
        """);

    // Only the dump of evaluation tables says all of a task.
    private static readonly MergeStep Tasks = MergeStep.Put("tasks", """
        insert into tasks (id, origin, name, description, areas, synonyms, source_title, source_url)
        select m.id, 'archive', m.name, m.description, m.areas, m.synonyms, m.source_title, m.source_url
        from merged_tasks m
        left join tasks t on t.id = m.id
        where t.id is null
           or (t.origin = 'archive' and @isDump
               and (t.name, t.description, t.areas, t.synonyms, t.source_title, t.source_url)
                   is distinct from (m.name, m.description, m.areas, m.synonyms, m.source_title, m.source_url))
        on conflict (id) do update
        set name = excluded.name, description = excluded.description, areas = excluded.areas, synonyms = excluded.synonyms,
            source_title = excluded.source_title, source_url = excluded.source_url
        """);

    private static readonly MergeStep Gaps = MergeStep.Change("tasks", """
        update tasks t
        set description = case t.description when '' then m.description else t.description end,
            areas = case t.areas when '{}' then m.areas else t.areas end,
            synonyms = case t.synonyms when '{}' then m.synonyms else t.synonyms end,
            source_title = coalesce(t.source_title, m.source_title),
            source_url = coalesce(t.source_url, m.source_url)
        from merged_tasks m
        where m.id = t.id and (t.origin <> 'archive' or not @isDump)
          and ((t.description = '' and m.description <> '') or (t.areas = '{}' and m.areas <> '{}')
               or (t.synonyms = '{}' and m.synonyms <> '{}') or (t.source_title is null and m.source_title is not null)
               or (t.source_url is null and m.source_url is not null))
        """);

    private static readonly MergeStep Parents = MergeStep.Put("task_parents", """
        insert into task_parents (task_id, parent_id)
        select m.task_id, m.parent_id from merged_task_parents m
        where not exists (select from task_parents p where (p.task_id, p.parent_id) = (m.task_id, m.parent_id))
        """);

    private static readonly MergeStep Orphans = MergeStep.Remove("task_parents", """
        delete from task_parents p using tasks t, tasks above
        where @isDump and t.id = p.task_id and above.id = p.parent_id and t.origin = 'archive' and above.origin = 'archive'
          and not exists (select from merged_task_parents m where (m.task_id, m.parent_id) = (p.task_id, p.parent_id))
        """);

    public static IReadOnlyList<MergeStep> Steps { get; } = [Areas, Merged, Tasks, Gaps, Parents, Orphans];
}
