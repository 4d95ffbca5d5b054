-- What boards rank: one row a (model, benchmark, metric) figure, measured here or claimed elsewhere. Rows are never
-- deleted: a correction withdraws one and adds another, so that a board can be read as it stood.

create table results (
    id                   uuid             constraint results_pkey primary key default gen_random_uuid(),
    benchmark_id         uuid             not null constraint results_benchmark_fkey references benchmarks,
    metric               text             not null,
    kind                 text             not null constraint results_kind_check check (kind in ('verified', 'reported')),
    value                double precision not null constraint results_value_check check (value between 0 and 1),
    interval_low         double precision,
    interval_high        double precision,
    model_name           text             not null,
    user_id              uuid             constraint results_user_fkey references users,
    paper_id             text,
    code_url             text,
    source_url           text,            -- where a reported figure was read
    note                 text,            -- what the figure's protocol does differently
    eval_transform       jsonb,           -- the submitter's own; null: the benchmark's
    uses_additional_data boolean          not null default false,
    parameters           bigint,
    dated                date             not null,
    evaluation_id        uuid             constraint results_evaluation_fkey references evaluations,
    catalog_key          text,            -- names the row of catalog/ that it was read from
    is_public            boolean          not null default true,
    recorded_at          timestamptz      not null default now(),
    withdrawn_at         timestamptz,
    constraint results_interval_check check (interval_low > '-infinity' and interval_low <= interval_high
                                             and interval_high < 'infinity'),
    constraint results_evaluation_metric_key unique (evaluation_id, metric),
    constraint results_kind_evaluation_check check ((kind = 'verified') = (evaluation_id is not null))
);
create index results_board_idx on results (benchmark_id, metric, value desc) where withdrawn_at is null;
-- A corrected figure of the catalogue is a new row beside the withdrawn one.
create unique index results_catalog_key_key on results (catalog_key) where withdrawn_at is null;
