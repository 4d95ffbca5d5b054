-- The life of a submission after it was handed in: its evaluations cancelled and run again, itself deleted.

-- A deleted submission is private from then on, and its results are withdrawn; no row of it goes.
alter table submissions add column deleted_at timestamptz;

-- Bytes that nobody needs any more are removed, the row stays; the same bytes may come again.
alter table checkpoints add column removed_at timestamptz;

alter table workers add column software text;   -- version and commit of the worker's program

alter table evaluations
    add column rerun_of    uuid constraint evaluations_rerun_of_fkey references evaluations,      -- measured again
    add column reused_from uuid constraint evaluations_reused_from_fkey references evaluations;   -- whose scores were copied
-- One rerun at a time, so that one of two is ranked.
create unique index evaluations_unfinished_rerun_key on evaluations (submission_id, benchmark_id)
    where rerun_of is not null and parent_id is null and state in ('queued', 'running');

-- Every state that an evaluation was in, in order: who follows one misses none.
create table evaluation_states (
    evaluation_id uuid        not null constraint evaluation_states_evaluation_fkey references evaluations on delete cascade,
    ordinal       int         not null,   -- from 1
    state         text        not null,
    entered_at    timestamptz not null default clock_timestamp(),
    constraint evaluation_states_pkey primary key (evaluation_id, ordinal)
);

-- The row of the evaluation is locked by the statement that changes it, so no two take one ordinal.
create function record_evaluation_state() returns trigger language plpgsql as $$
begin
    insert into evaluation_states (evaluation_id, ordinal, state)
    select new.id, coalesce(max(ordinal), 0) + 1, new.state from evaluation_states where evaluation_id = new.id;
    return null;
end
$$;
create trigger evaluations_inserted after insert on evaluations
    for each row execute function record_evaluation_state();
create trigger evaluations_state_changed after update of state on evaluations
    for each row when (new.state is distinct from old.state) execute function record_evaluation_state();

insert into evaluation_states (evaluation_id, ordinal, state, entered_at)
select id, 1, 'queued', queued_at from evaluations
union all
select id, 2, 'running', started_at from evaluations where started_at is not null and state <> 'queued'
union all
select id, case when started_at is null then 2 else 3 end, state, coalesce(finished_at, queued_at)
from evaluations where state not in ('queued', 'running');
