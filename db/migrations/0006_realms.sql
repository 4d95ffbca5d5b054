-- Evaluations that learn on features: several splits of a dataset, and on OmniBenchmark several realms.

-- A benchmark of realms is evaluated realm by realm. Each realm has an evaluation of its own, which any worker runs; the
-- one that was submitted is never run itself, waits for them and records their average.
alter table evaluations
    add column has_realms    boolean not null default false,
    add column parent_id     uuid    constraint evaluations_parent_fkey references evaluations,
    add column realm         text,
    add column realm_ordinal int,   -- 0-based, the definition's order
    add constraint evaluations_realm_check check (num_nulls(parent_id, realm, realm_ordinal) in (0, 3)),
    add constraint evaluations_realm_key unique (parent_id, realm);
create index evaluations_unsettled_idx on evaluations (queued_at) where has_realms and state in ('queued', 'running');

-- A part of a dataset has a manifest of its own: a split, of a realm where there are realms.
alter table manifests
    add column realm text not null default '',
    add column split text not null default 'evaluated'
        constraint manifests_split_check check (split in ('evaluated', 'train', 'val', 'test')),
    drop constraint manifests_benchmark_key,
    add constraint manifests_part_key unique (benchmark_id, realm, split);
alter table manifest_samples add column targets int[];   -- of a sample with several right classes; target is -1 then

alter table scores
    add column split   text,                             -- the split that was scored, where the protocol learns on another
    add column partial boolean not null default false;   -- whether the copy of the dataset was incomplete

alter table results
    add column split              text,
    add column partial            boolean not null default false,   -- shown with its evaluation, ranked nowhere
    add column protocol_deviation text;   -- what a reported figure's protocol does that the board's does not, in a word

alter table submissions
    add column label_order text,   -- the order of classes that the checkpoint was trained with, where it is declared
    add constraint submissions_output_check check (output in ('logits', 'features'));

-- What an operator's walk over a dataset found last: DatasetReport.
create table dataset_reports (
    benchmark_id uuid        constraint dataset_reports_pkey primary key
                             constraint dataset_reports_benchmark_fkey references benchmarks,
    report       jsonb       not null,
    checked_at   timestamptz not null
);
