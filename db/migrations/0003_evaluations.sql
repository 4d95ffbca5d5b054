-- A checkpoint's way: stored, inspected, submitted, evaluated, scored.

create table checkpoints (
    sha256             text        constraint checkpoints_pkey primary key
                                   constraint checkpoints_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    size               bigint      not null,
    format             text        not null,
    inspection         text        not null default 'pending'
                                   constraint checkpoints_inspection_check check (inspection in ('pending', 'done', 'failed')),
    inspection_report  jsonb,      -- CheckpointInspection, once done
    inspection_failure jsonb,      -- {code, message}, once failed
    inspection_attempts int        not null default 0,   -- runs begun; three at most
    job_id             bigint,     -- Hangfire's, a hint
    created_at         timestamptz not null default now()
);

-- Owning a checkpoint is what allows a user to name it by its digest.
create table checkpoint_owners (
    checkpoint_sha256 text        not null constraint checkpoint_owners_checkpoint_fkey references checkpoints,
    user_id           uuid        not null constraint checkpoint_owners_user_fkey references users,
    created_at        timestamptz not null default now(),
    constraint checkpoint_owners_pkey primary key (checkpoint_sha256, user_id)
);

create table submissions (
    id                   uuid        constraint submissions_pkey primary key default gen_random_uuid(),
    user_id              uuid        not null constraint submissions_user_fkey references users,
    model_name           text        not null,
    checkpoint_sha256    text        not null constraint submissions_checkpoint_fkey references checkpoints,
    architecture         text,
    weights              text        constraint submissions_weights_check check (weights in ('model', 'ema')),
    eval_transform       jsonb,      -- the submitter's own, instead of the benchmark's
    output               text        not null default 'logits',
    precision            text        not null default 'float32',
    paper_id             text,       -- as given; a row of papers where there is one
    code_url             text,
    uses_additional_data boolean     not null default false,
    visibility           text        not null default 'public'
                                     constraint submissions_visibility_check check (visibility in ('public', 'private')),
    created_at           timestamptz not null default now()
);
create index submissions_created_at_idx on submissions (created_at desc, id desc);

create table claims (
    submission_id uuid             not null constraint claims_submission_fkey references submissions,
    benchmark_id  uuid             not null constraint claims_benchmark_fkey references benchmarks,
    metric        text             not null,
    value         double precision not null,
    constraint claims_pkey primary key (submission_id, benchmark_id, metric)
);

create table evaluations (
    id                uuid        constraint evaluations_pkey primary key default gen_random_uuid(),
    submission_id     uuid        not null constraint evaluations_submission_fkey references submissions,
    benchmark_id      uuid        not null constraint evaluations_benchmark_fkey references benchmarks,
    state             text        not null default 'queued'
                                  constraint evaluations_state_check
                                  check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    attempts          int         not null default 0,   -- runs begun; three at most
    job_id            bigint,                           -- Hangfire's, a hint that the sweep rebuilds
    worker            text,                             -- who runs it
    lease_expires_at  timestamptz,                      -- a running row past this has lost its worker
    done              int         not null default 0,   -- samples
    total             int,
    images_per_second double precision
                                  constraint evaluations_images_per_second_check
                                  check (images_per_second >= 0 and images_per_second < 'infinity'),   -- nor NaN
    queued_at         timestamptz not null default now(),
    started_at        timestamptz,
    finished_at       timestamptz,
    failure_code      text,
    failure_message   text,
    provenance        jsonb,
    manifest_id       uuid        constraint evaluations_manifest_fkey references manifests,
    constraint evaluations_done_check check (done >= 0 and done <= coalesce(total, done)),
    constraint evaluations_failure_check check ((state = 'failed') = (failure_code is not null))
);
create index evaluations_submission_idx on evaluations (submission_id);
create index evaluations_queue_idx on evaluations (queued_at, id) where state = 'queued';
create index evaluations_unfinished_idx on evaluations (state) where state in ('queued', 'running');

create table scores (
    evaluation_id uuid             not null constraint scores_evaluation_fkey references evaluations,
    metric        text             not null,
    value         double precision not null constraint scores_value_check check (value between 0 and 1),
    interval_low  double precision,
    interval_high double precision constraint scores_interval_check
                                   check (interval_low > '-infinity' and interval_low <= interval_high
                                          and interval_high < 'infinity'),
    correct       bigint,
    count         bigint,
    constraint scores_evaluation_metric_key primary key (evaluation_id, metric)
);

-- One array element a sample, in the manifest's order.
create table predictions (
    evaluation_id uuid   constraint predictions_pkey primary key
                         constraint predictions_evaluation_fkey references evaluations,
    prediction    int[]  not null,
    confidence    real[] not null
);

create table idempotency_keys (
    user_id       uuid        not null constraint idempotency_keys_user_fkey references users,
    key           text        not null,
    holder        uuid        not null,   -- the request that has the key in flight, or had
    held_until    timestamptz not null,   -- past this, an unfinished request is taken for dead
    fingerprint   text,                   -- of the request's content, once it is done
    submission_id uuid        constraint idempotency_keys_submission_fkey references submissions,
    created_at    timestamptz not null default now(),
    constraint idempotency_keys_pkey primary key (user_id, key)
);

-- Alive while heartbeat_at is younger than 15 s.
create table workers (
    id           text        constraint workers_pkey primary key,
    device       text        not null,      -- 'cpu', 'cuda:0'
    sandbox      text        not null,      -- 'bubblewrap', or why there is none
    heartbeat_at timestamptz not null
);

create table dataset_states (
    worker_id    text        not null constraint dataset_states_worker_fkey references workers on delete cascade,
    benchmark_id uuid        not null constraint dataset_states_benchmark_fkey references benchmarks,
    state        text        not null constraint dataset_states_state_check
                             check (state in ('missing', 'present', 'indexed', 'changed')),
    message      text,
    checked_at   timestamptz not null,
    constraint dataset_states_pkey primary key (worker_id, benchmark_id)
);
