-- What is measured, and on what: tasks, datasets, papers, benchmarks. Filled from catalog/ and by admins.

create table tasks (
    id          text constraint tasks_pkey primary key,
    name        text not null,
    description text not null
);

create table papers (
    id           text   constraint papers_pkey primary key,   -- 'arxiv:2009.07995', or a slug
    title        text   not null,
    url          text   not null,
    authors      text[] not null default '{}',
    published_on date
);

create table datasets (
    id          text constraint datasets_pkey primary key,
    name        text not null,
    description text not null,
    homepage    text,
    licence     text,
    paper_id    text constraint datasets_paper_fkey references papers
);

create table benchmarks (
    id             uuid        constraint benchmarks_pkey primary key default gen_random_uuid(),
    name           text        not null,
    version        text        not null,
    task_id        text        not null constraint benchmarks_task_fkey references tasks,
    dataset_id     text        not null constraint benchmarks_dataset_fkey references datasets,
    definition     jsonb       not null,
    primary_metric text        not null,   -- the first of the definition's metrics: what the board is ranked by
    sources        text[]      not null default '{}',   -- where the definition is from
    origin         text        not null constraint benchmarks_origin_check check (origin in ('catalog', 'admin')),
    created_at     timestamptz not null default clock_timestamp(),   -- the latest version is the one made last
    constraint benchmarks_name_version_key unique (name, version)
);

-- The samples of a dataset version as a worker first saw them. Never updated: files that differ later are refused.
create table manifests (
    id           uuid        constraint manifests_pkey primary key default gen_random_uuid(),
    benchmark_id uuid        not null constraint manifests_benchmark_key unique
                             constraint manifests_benchmark_fkey references benchmarks,
    sha256       text        not null,
    sample_count int         not null,
    created_at   timestamptz not null default now()
);

create table manifest_samples (
    manifest_id uuid   not null constraint manifest_samples_manifest_fkey references manifests,
    ordinal     int    not null,            -- 0-based, the order of evaluation
    path        text   not null,            -- relative to the dataset's folder
    target      int    not null,
    bytes       bigint not null,
    sha256      bytea  not null,
    constraint manifest_samples_pkey primary key (manifest_id, ordinal)
);
