-- A benchmark is shown as an evaluation table too: its latest version, with what stands on its boards. Views put those tables
-- beside the archive's and users'. Who reads rows or figures says which table or which paper they are of: both are found by index.

-- Our metrics as Papers With Code writes them.
create table metric_names (
    metric  text    constraint metric_names_pkey primary key,
    name    text    not null,
    is_loss boolean not null   -- less is better
);
insert into metric_names (metric, name, is_loss) values
    ('top1_accuracy', 'Top 1 Accuracy', false),
    ('top5_accuracy', 'Top 5 Accuracy', false),
    ('mean_per_class_accuracy', 'Mean Per-Class Accuracy', false),
    ('mean_per_class_top5_accuracy', 'Mean Per-Class Top 5 Accuracy', false),
    ('average_top1_accuracy', 'Average Top-1 Accuracy', false),
    ('average_top1_accuracy_max_over_test', 'Average Top-1 Accuracy (max over test)', false),
    ('mean_average_precision', 'mAP', false),
    ('expected_calibration_error', 'Expected Calibration Error', true);

create table benchmark_tables (
    id             text constraint benchmark_tables_pkey primary key,   -- 'image-classification-on-webvision-1-0'
    benchmark_name text not null constraint benchmark_tables_name_key unique,
    benchmark_id   uuid not null constraint benchmark_tables_benchmark_key unique
                   constraint benchmark_tables_benchmark_fkey references benchmarks   -- its latest version
);

create function free_table_id(base text) returns text language sql as $body$
    select c.id
    from (
        select base as id, 0 as n
        union all
        select base || '-benchmark' || case when n > 1 then '-' || n else '' end, n from generate_series(1, 10000) n
    ) c
    where not exists (select from evaluation_tables e where e.id = c.id)
      and not exists (select from benchmark_tables b where b.id = c.id)
    order by c.n
    limit 1
$body$;

create function make_benchmark_table() returns trigger language plpgsql as $body$
begin
    insert into benchmark_tables (id, benchmark_name, benchmark_id)
    values (free_table_id(new.task_id || '-on-' || rtrim(regexp_replace(new.name, '[^a-z0-9]+', '-', 'g'), '-')),
            new.name, new.id)
    on conflict (benchmark_name) do update set benchmark_id = excluded.benchmark_id;
    return null;
end
$body$;
create trigger benchmarks_table after insert on benchmarks for each row execute function make_benchmark_table();

-- An id of the archive's is its address on Papers With Code: a benchmark's table makes way.
create function make_way_for_tables() returns trigger language plpgsql as $body$
begin
    update benchmark_tables b set id = free_table_id(b.id) from added where b.id = added.id;
    return null;
end
$body$;
create trigger evaluation_tables_make_way after insert on evaluation_tables
referencing new table as added for each statement execute function make_way_for_tables();

insert into benchmark_tables (id, benchmark_name, benchmark_id)
select b.task_id || '-on-' || rtrim(regexp_replace(b.name, '[^a-z0-9]+', '-', 'g'), '-')
       || case when row_number() over same > 1 then '-benchmark-' || row_number() over same else '' end,
       b.name, b.id
from benchmarks b
where not exists (select from benchmarks later where later.name = b.name and later.created_at > b.created_at)
window same as (
    partition by b.task_id, rtrim(regexp_replace(b.name, '[^a-z0-9]+', '-', 'g'), '-') order by b.name);

-- A row of a benchmark's table is an evaluation, or what was reported of a model from a source.
alter table results add column row_key uuid not null generated always as (
    case when kind = 'verified' then evaluation_id
         else md5(model_name || chr(31) || coalesce(paper_id, '') || chr(31) || coalesce(source_url, '')
                  || case when uses_additional_data then chr(31) else '' end)::uuid end) stored;

-- What ranks are counted by, without reading a row.
create index results_standing_idx on results (benchmark_id, metric, cost) include (split)
where upper_inf(shown) and not partial;

-- What stands in a benchmark's table. Of realms test is reported where there is one: rows of val are no comparison.
create view standing_results as
select t.id as table_id, r.id as result_id, r.benchmark_id, r.metric, r.kind, r.value, r.cost, r.model_name, r.user_id,
       r.paper_id, r.code_url, r.source_url, r.uses_additional_data, r.dated, r.evaluation_id, r.row_key
from benchmark_tables t
join benchmarks b on b.id = t.benchmark_id
join results r on r.benchmark_id = t.benchmark_id
where upper_inf(r.shown) and not r.partial
  and (coalesce(r.split, 'test') = 'test'
       or jsonb_typeof(b.definition -> 'realms') is distinct from 'array'
       or not exists (
           select from results tested
           where tested.benchmark_id = r.benchmark_id and tested.metric = r.metric
             and tested.kind = 'verified' and tested.split = 'test' and not tested.partial
             and upper_inf(tested.shown)));

-- One more than there are better ones.
create function standing_rank(of_benchmark uuid, of_metric text, of_cost double precision) returns int
language sql stable set jit = off as $body$
    select count(*)::int + 1
    from standing_results
    where benchmark_id = of_benchmark and metric = of_metric and cost < of_cost
$body$;

create view all_tables as
select e.id, e.origin, e.user_id, e.task_id, e.dataset_id, e.dataset_path, e.position, e.description, e.links, e.citations,
       e.mirror_url, e.external_id, e.created_at, e.changed_at, null::text as benchmark
from evaluation_tables e
where e.has_sota
union all
select t.id, 'benchmark', null, b.task_id, b.dataset_id, array[d.name, b.name || '@' || b.version], 0, '', '[]', '[]',
       null, null, b.created_at, b.created_at, b.name || '@' || b.version
from benchmark_tables t
join benchmarks b on b.id = t.benchmark_id
join datasets d on d.id = b.dataset_id;

-- Metrics and rows are named by texts: the numbers of the archive's, what results have of a benchmark's.
create view all_metrics as
select m.table_id, m.id::text as metric_id, m.position, m.name, m.description, m.is_loss, m.direction, m.is_listed
from table_metrics m
union all
select t.id, d.metric, d.position::int, coalesce(n.name, d.metric), '', coalesce(n.is_loss, false), 'given', true
from benchmark_tables t
join benchmarks b on b.id = t.benchmark_id
cross join lateral jsonb_array_elements_text(b.definition -> 'metrics') with ordinality d (metric, position)
left join metric_names n on n.metric = d.metric;

create view all_rows as
select r.table_id, r.id::text as row_id, 'reported' as kind, r.position, r.model_name, r.paper_id,
       coalesce(p.title, r.paper_title) as paper_title, coalesce(p.url, r.paper_url) as paper_url, r.paper_date,
       r.evaluated_on, coalesce(r.evaluated_on, r.paper_date, p.published_on) as dated, r.uses_additional_data, r.code_links,
       r.model_links, r.tags, r.external_id, r.external_source_url, r.user_id, null::uuid as evaluation_id
from table_rows r
left join papers p on p.id = r.paper_id
union all
select s.table_id, s.row_key::text, s.kind, 0, s.model_name, s.paper_id, p.title, p.url, p.published_on,
       case when s.kind = 'verified' then s.dated end, s.dated, s.uses_additional_data,
       case when s.code_url is null then '[]' else jsonb_build_array(jsonb_build_object(
           'title', regexp_replace(s.code_url, '^https?://(www\.)?(github\.com/)?', ''), 'url', s.code_url)) end,
       '[]', '[]', null, s.source_url, s.user_id, s.evaluation_id
from (
    select table_id, row_key, paper_id, min(kind) as kind, min(model_name) as model_name, min(source_url) as source_url,
           min(evaluation_id::text)::uuid as evaluation_id, min(dated) as dated,
           bool_or(uses_additional_data) as uses_additional_data, min(code_url) as code_url, min(user_id::text)::uuid as user_id
    from standing_results
    group by table_id, row_key, paper_id
) s
left join papers p on p.id = s.paper_id;

-- Fractions are percent here, in as many digits as tell one image in a million. Ranks of a benchmark's are counted figure by
-- figure: of a paper's, not of a whole table, whose reader ranks them at once. A row has two figures of a metric where two
-- were reported from one source.
create view all_values as
select r.table_id, v.row_id::text as row_id, 'reported' as kind, r.paper_id, r.uses_additional_data,
       v.metric_id::text as metric_id, v.raw, v.value, v.unit, v.deviation,
       case when m.is_loss then v.value else -v.value end as cost, v.rank
from table_rows r
join table_values v on v.row_id = r.id
join table_metrics m on m.id = v.metric_id
union all
select s.table_id, s.row_key::text, s.kind, s.paper_id, s.uses_additional_data, s.metric,
       trim_scale(round(100 * s.value::numeric, 4))::text, round(100 * s.value::numeric, 9)::double precision, '%', null, s.cost,
       standing_rank(s.benchmark_id, s.metric, s.cost)
from standing_results s;
