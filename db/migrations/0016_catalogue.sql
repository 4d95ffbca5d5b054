-- The catalogue of Papers With Code: what tasks, datasets, papers and methods are, and how they belong together. An object comes
-- from catalog/, from the archive of Papers With Code (CC-BY-SA 4.0, which stands with it wherever it is shown), or from a user.

create table areas (
    id   text constraint areas_pkey primary key,   -- 'computer-vision'
    name text not null constraint areas_name_key unique
);

alter table tasks
    add column origin       text        not null default 'catalog'
                            constraint tasks_origin_check check (origin in ('catalog', 'archive', 'user')),
    add column user_id      uuid        constraint tasks_user_fkey references users,   -- who added it
    add column areas        text[]      not null default '{}',   -- names, as they stand in areas
    add column synonyms     text[]      not null default '{}',
    add column source_title text,
    add column source_url   text,
    add column created_at   timestamptz not null default clock_timestamp();
create index tasks_name_idx on tasks (lower(name));
create index tasks_areas_idx on tasks using gin (areas);

create table task_parents (
    task_id   text not null constraint task_parents_task_fkey references tasks on delete cascade,
    parent_id text not null constraint task_parents_parent_fkey references tasks on delete cascade,
    constraint task_parents_pkey primary key (task_id, parent_id),
    constraint task_parents_check check (task_id <> parent_id)
);
create index task_parents_parent_idx on task_parents (parent_id);

alter table papers
    add column origin              text not null default 'catalog'
                                   constraint papers_origin_check check (origin in ('catalog', 'archive', 'user')),
    add column slug                text constraint papers_slug_key unique,   -- its address on Papers With Code; null: its id
    add column arxiv_id            text,
    add column nips_id             text,
    add column openreview_id       text,
    add column abstract            text,
    add column short_abstract      text,
    add column url_pdf             text,
    add column proceeding          text,   -- 'CVPR 2020 6': conference, year, month
    add column conference_url      text,
    add column conference_url_pdf  text,
    add column reproduces_paper    text;
create index papers_arxiv_idx on papers (arxiv_id) where arxiv_id is not null;
create index papers_proceeding_idx on papers (proceeding) where proceeding is not null;

-- Of papers.proceeding: 'CVPR 2020 6' is of June 2020.
create table proceedings (
    name            text constraint proceedings_pkey primary key,
    id              text not null constraint proceedings_id_key unique,   -- 'cvpr-2020-6'
    conference_id   text not null,                                        -- 'cvpr'
    conference_name text not null,
    year            int,
    month           int
);
create index proceedings_conference_idx on proceedings (conference_id);

-- Of papers.authors; several spellings may share an id.
create table authors (
    name text constraint authors_pkey primary key,
    id   text not null   -- 'junnan-li'
);
create index authors_id_idx on authors (id);
create index papers_authors_idx on papers using gin (authors);

create table paper_tasks (
    paper_id text not null constraint paper_tasks_paper_fkey references papers on delete cascade,
    task_id  text not null constraint paper_tasks_task_fkey references tasks on delete cascade,
    constraint paper_tasks_pkey primary key (paper_id, task_id)
);
create index paper_tasks_task_idx on paper_tasks (task_id, paper_id);

create table repositories (
    url         text constraint repositories_pkey primary key,
    owner       text not null,   -- empty where the address has none
    name        text not null,
    description text not null default '',
    stars       int
);
create index repositories_owner_idx on repositories (lower(owner), lower(name));

create table paper_repositories (
    paper_id            text    not null constraint paper_repositories_paper_fkey references papers on delete cascade,
    repository_url      text    not null constraint paper_repositories_repository_fkey references repositories on delete cascade,
    is_official         boolean not null default false,
    mentioned_in_paper  boolean not null default false,
    mentioned_in_github boolean not null default false,
    framework           text    not null default 'none',   -- 'pytorch', 'tf', …
    constraint paper_repositories_pkey primary key (paper_id, repository_url)
);
create index paper_repositories_repository_idx on paper_repositories (repository_url);

alter table datasets
    add column origin            text   not null default 'catalog'
                                 constraint datasets_origin_check check (origin in ('catalog', 'archive', 'user')),
    add column user_id           uuid   constraint datasets_user_fkey references users,
    add column full_name         text,
    add column short_description text,
    add column parent_dataset    text,     -- the name of another
    add column image             text,
    add column introduced_on     date,
    add column warning           text,
    add column modalities        text[] not null default '{}',
    add column languages         text[] not null default '{}',
    add column variants          text[] not null default '{}',   -- names of parts and versions, as boards use them
    add column num_papers        int,      -- as the archive counts
    add column data_loaders      jsonb  not null default '[]',   -- [{url, repo, frameworks: []}]
    add column created_at        timestamptz not null default clock_timestamp();
create index datasets_name_idx on datasets (lower(name));
create index datasets_parent_idx on datasets (lower(parent_dataset)) where parent_dataset is not null;
create index datasets_variants_idx on datasets using gin (variants);

create table dataset_tasks (
    dataset_id text not null constraint dataset_tasks_dataset_fkey references datasets on delete cascade,
    task_id    text not null constraint dataset_tasks_task_fkey references tasks on delete cascade,
    constraint dataset_tasks_pkey primary key (dataset_id, task_id)
);
create index dataset_tasks_task_idx on dataset_tasks (task_id);

create table methods (
    id               text constraint methods_pkey primary key,   -- 'residual-connection'
    origin           text not null constraint methods_origin_check check (origin in ('catalog', 'archive', 'user')),
    name             text not null,
    full_name        text not null,
    description      text not null default '',
    paper_id         text constraint methods_paper_fkey references papers on delete set null,
    introduced_year  int,
    source_title     text,
    source_url       text,
    code_snippet_url text,
    num_papers       int    -- as the archive counts
);
create index methods_name_idx on methods (lower(name));
create index methods_paper_idx on methods (paper_id) where paper_id is not null;

create table method_collections (
    id          text constraint method_collections_pkey primary key,   -- 'skip-connections'
    name        text not null,
    description text not null default '',
    parent      text,   -- the name of another
    area_id     text constraint method_collections_area_fkey references areas
);

create table collected_methods (
    method_id     text not null constraint collected_methods_method_fkey references methods on delete cascade,
    collection_id text not null constraint collected_methods_collection_fkey references method_collections on delete cascade,
    constraint collected_methods_pkey primary key (method_id, collection_id)
);
create index collected_methods_collection_idx on collected_methods (collection_id);

create table paper_methods (
    paper_id  text not null constraint paper_methods_paper_fkey references papers on delete cascade,
    method_id text not null constraint paper_methods_method_fkey references methods on delete cascade,
    constraint paper_methods_pkey primary key (paper_id, method_id)
);
create index paper_methods_method_idx on paper_methods (method_id, paper_id);

-- Half a million papers come in one statement: boards are touched once, and not at all where no result names the paper, since
-- who touches one holds up every other writer of results. An import, which merges for minutes, says itself with its last statement
-- which boards its papers have changed.
drop trigger papers_added_touch_boards on papers;
drop trigger papers_touch_boards on papers;

create function touch_boards_of_papers() returns trigger language plpgsql as $body$
declare
    touched uuid[];
begin
    if current_setting('leaderboard.touches_boards_itself', true) = 'on' then
        return null;
    end if;
    if tg_op = 'INSERT' then
        touched := array(
            select distinct r.benchmark_id from changed c join results r on r.paper_id = c.id);
    else
        touched := array(
            select distinct r.benchmark_id
            from changed c
            join earlier e on e.id = c.id
            join results r on r.paper_id = c.id
            where (c.title, c.url) is distinct from (e.title, e.url));
    end if;
    if cardinality(touched) > 0 then
        perform touch_boards(touched);
    end if;
    return null;
end
$body$;

create trigger papers_added_touch_boards after insert on papers
referencing new table as changed for each statement execute function touch_boards_of_papers();
create trigger papers_touch_boards after update on papers
referencing old table as earlier new table as changed for each statement execute function touch_boards_of_papers();
