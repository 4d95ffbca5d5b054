-- Importing the archive of Papers With Code: its files are read into staging tables, batch after batch, and then merged into the
-- catalogue and the evaluation tables in one transaction.

create table archive_imports (
    id         uuid        constraint archive_imports_pkey primary key default gen_random_uuid(),
    state      text        not null default 'reading' constraint archive_imports_state_check check (state in ('reading', 'merged')),
    report     jsonb,
    created_at timestamptz not null default clock_timestamp(),
    merged_at  timestamptz
);
create unique index archive_imports_reading_key on archive_imports (state) where state = 'reading';

create table archive_import_files (
    import_id   uuid    not null constraint archive_import_files_import_fkey references archive_imports on delete cascade,
    number      int     not null,   -- from 1, the order in which they are read
    kind        text    not null,   -- 'papers-with-abstracts', …
    path        text    not null,
    fingerprint text    not null,   -- of its size, time and both ends: a file that has changed is read anew
    records     bigint  not null default 0,
    position    bigint  not null default 0,   -- bytes of JSON that are staged
    problems    bigint  not null default 0,   -- records that are left out
    is_read     boolean not null default false,
    constraint archive_import_files_pkey primary key (import_id, number)
);

-- What is wrong with records; of each import the first few.
create table archive_import_problems (
    import_id uuid   not null constraint archive_import_problems_import_fkey references archive_imports on delete cascade,
    file      text   not null,
    record    bigint not null,   -- from 0
    path      text   not null,   -- '$.authors[3]'
    reason    text   not null
);
create index archive_import_problems_import_idx on archive_import_problems (import_id);

-- Unlogged: after a crash of the server they are empty, this one too, which is how an import knows that it must begin anew.
create unlogged table staged_import (import_id uuid not null);

create unlogged table staged_tasks (
    number       bigint not null,
    id           text   not null,
    name         text   not null,
    description  text   not null,
    areas        text[] not null,
    synonyms     text[] not null,
    source_title text,
    source_url   text,
    parent_id    text
);

create unlogged table staged_areas (id text not null, name text not null);

create unlogged table staged_papers (
    number             bigint not null,
    is_stub            boolean not null default false,   -- known from a link to its code alone
    slug               text not null,
    arxiv_id           text,
    nips_id            text,
    openreview_id      text,
    title              text not null,
    abstract           text,
    short_abstract     text,
    url                text not null,
    url_pdf            text,
    proceeding         text,
    conference_url     text,
    conference_url_pdf text,
    reproduces_paper   text,
    authors            text[] not null default '{}',
    task_ids           text[] not null default '{}',
    methods            text[] not null default '{}',   -- names
    published_on       date
) with (toast_tuple_target = 8160);   -- read once: not worth compressing

create unlogged table staged_authors (name text not null, id text not null);

create unlogged table staged_proceedings (
    name text not null, id text not null, conference_id text not null, conference_name text not null, year int, month int
);

create unlogged table staged_links (
    number              bigint not null,
    slug                text not null,
    arxiv_id            text,
    title               text not null,
    url                 text not null,
    url_pdf             text,
    repository_url      text not null,
    owner               text not null,
    name                text not null,
    is_official         boolean not null,
    mentioned_in_paper  boolean not null,
    mentioned_in_github boolean not null,
    framework           text not null
);

create unlogged table staged_methods (
    number           bigint not null,
    is_mention       boolean not null,   -- by a paper
    id               text not null,
    name             text not null,
    full_name        text not null,
    description      text not null,
    paper_slug       text,
    paper_arxiv_id   text,
    introduced_year  int,
    source_title     text,
    source_url       text,
    code_snippet_url text,
    num_papers       int
);

create unlogged table staged_collections (
    number      bigint not null,
    method_id   text not null,
    id          text not null,
    name        text not null,
    description text,
    parent      text,
    area_id     text
);

create unlogged table staged_datasets (
    number            bigint not null,
    id                text not null,
    name              text not null,
    full_name         text,
    homepage          text,
    description       text not null,
    short_description text,
    parent_dataset    text,
    image             text,
    paper_slug        text,
    paper_arxiv_id    text,
    introduced_on     date,
    warning           text,
    modalities        text[] not null,
    languages         text[] not null,
    variants          text[] not null,
    task_ids          text[] not null,
    num_papers        int,
    data_loaders      jsonb not null
);

create unlogged table staged_tables (
    number       bigint not null,
    task_id      text not null,
    dataset_slug text not null,   -- of the last of the path
    dataset_path text[] not null,
    base_id      text not null,
    position     int not null,
    description  text not null,
    links        jsonb not null,
    citations    jsonb not null,
    has_sota     boolean not null
);

create unlogged table staged_metrics (
    table_number bigint not null,
    position     int not null,
    name         text not null,
    is_loss      boolean not null,
    is_listed    boolean not null
);

create unlogged table staged_rows (
    table_number         bigint not null,
    position             int not null,
    model_name           text not null,
    paper_title          text,
    paper_url            text,
    paper_slug           text,
    paper_arxiv_id       text,
    paper_date           date,
    uses_additional_data boolean not null,
    code_links           jsonb not null,
    model_links          jsonb not null,
    tags                 jsonb not null
);

create unlogged table staged_values (
    table_number bigint not null,
    row_position int not null,
    metric       text not null,
    raw          text not null,
    value        double precision,
    unit         text,
    deviation    double precision
);
