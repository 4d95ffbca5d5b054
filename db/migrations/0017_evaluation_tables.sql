-- Evaluation tables as on Papers With Code: a task on a dataset, ordered metrics, rows of figures that somebody wrote down. What
-- is measured here stands in results; a benchmark is shown as such a table too.

create table evaluation_tables (
    id           text        constraint evaluation_tables_pkey primary key,   -- 'image-classification-on-imagenet'
    origin       text        not null constraint evaluation_tables_origin_check check (origin in ('archive', 'user')),
    user_id      uuid        constraint evaluation_tables_user_fkey references users,   -- whose it is; null: the archive's
    task_id      text        not null constraint evaluation_tables_task_fkey references tasks,
    dataset_id   text        not null constraint evaluation_tables_dataset_fkey references datasets,
    dataset_path text[]      not null,   -- the dataset's name as the table has it, and of a subdataset those above it first
    position     int         not null default 0,   -- among the tables of its task and parent dataset, as in the archive
    description  text        not null default '',
    links        jsonb       not null default '[]',   -- [{title, url}], of the dataset
    citations    jsonb       not null default '[]',   -- [{title, url}]
    mirror_url   text,
    external_id  text,       -- by which its owner names it
    has_sota     boolean     not null default true,   -- false: only a parent of subdatasets
    created_at   timestamptz not null default clock_timestamp(),
    changed_at   timestamptz not null default clock_timestamp(),
    constraint evaluation_tables_origin_user_check check ((origin = 'user') = (user_id is not null)),
    constraint evaluation_tables_path_key unique nulls not distinct (user_id, task_id, dataset_path)
);
create unique index evaluation_tables_external_key on evaluation_tables (user_id, external_id) where external_id is not null;
create index evaluation_tables_task_idx on evaluation_tables (task_id, position);
create index evaluation_tables_dataset_idx on evaluation_tables (dataset_id);

create table table_metrics (
    id           bigint  constraint table_metrics_pkey primary key generated always as identity,
    table_id     text    not null constraint table_metrics_table_fkey references evaluation_tables on delete cascade,
    position     int     not null,   -- from 1, the primary metric
    name         text    not null,
    description  text    not null default '',
    is_loss      boolean not null,   -- less is better
    direction    text    not null    -- who says so: a rule on its name, its source, or somebody who corrected it
                         constraint table_metrics_direction_check check (direction in ('inferred', 'given', 'corrected')),
    is_listed    boolean not null default true,   -- false: rows of the archive have it, its table's list does not
    constraint table_metrics_name_key unique (table_id, name)
);

create table table_rows (
    id                   bigint      constraint table_rows_pkey primary key generated always as identity,
    table_id             text        not null constraint table_rows_table_fkey references evaluation_tables on delete cascade,
    user_id              uuid        constraint table_rows_user_fkey references users,   -- who added it; null: the archive
    position             int         not null,   -- the order in which the source lists them
    model_name           text        not null,
    paper_id             text        constraint table_rows_paper_fkey references papers on delete set null,
    paper_title          text,
    paper_url            text,       -- as written
    paper_date           date,
    evaluated_on         date,
    uses_additional_data boolean     not null default false,
    code_links           jsonb       not null default '[]',   -- [{title, url}]
    model_links          jsonb       not null default '[]',
    tags                 jsonb       not null default '[]',   -- as the archive has them
    external_id          text,
    external_source_url  text,
    best_rank            int,        -- the best of its ranks; null where no figure of it is a number
    best_metric          text,       -- whose rank that is
    created_at           timestamptz not null default clock_timestamp(),
    changed_at           timestamptz not null default clock_timestamp()
);
create index table_rows_table_idx on table_rows (table_id, position, id);
create index table_rows_paper_idx on table_rows (paper_id) where paper_id is not null;
create unique index table_rows_external_key on table_rows (table_id, external_id) where external_id is not null;

create table table_values (
    row_id    bigint           not null constraint table_values_row_fkey references table_rows on delete cascade,
    metric_id bigint           not null constraint table_values_metric_fkey references table_metrics on delete cascade,
    raw       text             not null,   -- as written: '73.9%', '1.2M', '0.8428 ± 0.0014'
    value     double precision             -- 73.9, 1200000, 0.8428; null: no number, not ranked
              constraint table_values_value_check check (value > '-infinity' and value < 'infinity'),
    unit      text,                        -- '%', 'ms'; null where there is none
    deviation double precision constraint table_values_deviation_check check (deviation >= 0 and deviation < 'infinity'),
    rank      int,                         -- 1, 2, 2, 4 within the table by this metric; null: not ranked
    constraint table_values_pkey primary key (row_id, metric_id)
);
create index table_values_metric_idx on table_values (metric_id, rank);

-- Ranks anew the rows of these tables: by each metric in its direction, ties share a rank. Who changes rows, figures or a
-- direction calls it in the same transaction. Of figures just ranked the planner knows of no rank: it is asked for values.
create function rank_tables(ids text[]) returns void language sql as $body$
    with ranked as (
        select v.row_id, v.metric_id,
               rank() over (partition by v.metric_id order by case when m.is_loss then v.value else -v.value end) as rank
        from table_metrics m
        join table_values v on v.metric_id = m.id
        where m.table_id = any (ids) and v.value is not null
    )
    update table_values v
    set rank = r.rank
    from ranked r
    where v.metric_id = r.metric_id and v.row_id = r.row_id and v.rank is distinct from r.rank;

    update table_values v
    set rank = null
    from table_metrics m
    where m.table_id = any (ids) and v.metric_id = m.id and v.value is null and v.rank is not null;

    update table_rows r
    set best_rank = b.rank, best_metric = b.name
    from (
        select distinct on (r.id) r.id, v.rank, m.name
        from table_rows r
        left join (table_values v join table_metrics m on m.id = v.metric_id) on v.row_id = r.id and v.value is not null
        where r.table_id = any (ids)
        order by r.id, v.rank, m.position
    ) b
    where r.id = b.id and (r.best_rank, r.best_metric) is distinct from (b.rank, b.name::text);
$body$;
