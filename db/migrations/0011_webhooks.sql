-- Who wants to be told of their evaluations, and what they were told. A delivery is written in the transaction that changes
-- an evaluation's state, whoever changes it, and sent by any Api until it has arrived.

create table webhooks (
    id              uuid        constraint webhooks_pkey primary key default gen_random_uuid(),
    user_id         uuid        not null constraint webhooks_user_fkey references users,
    url             text        not null,
    events          text[]      not null constraint webhooks_events_check
                                check (cardinality(events) > 0 and events <@ array[
                                    'evaluation.running', 'evaluation.succeeded', 'evaluation.failed', 'evaluation.cancelled']),
    secret          bytea       not null,   -- signing takes the secret itself
    created_at      timestamptz not null default now(),
    disabled_at     timestamptz,
    disabled_reason text,
    constraint webhooks_disabled_check check ((disabled_at is null) = (disabled_reason is null))
);
create index webhooks_user_idx on webhooks (user_id, created_at, id);

create table webhook_deliveries (
    id              uuid        constraint webhook_deliveries_pkey primary key default gen_random_uuid(),
    webhook_id      uuid        not null constraint webhook_deliveries_webhook_fkey references webhooks on delete cascade,
    event           text        not null,
    body            text        not null,   -- the same at every attempt
    state           text        not null default 'pending' constraint webhook_deliveries_state_check
                                check (state in ('pending', 'delivered', 'failed')),
    attempts        int         not null default 0,   -- begun
    next_attempt_at timestamptz default clock_timestamp(),
    status          int,
    error           text,
    created_at      timestamptz not null default clock_timestamp(),
    ended_at        timestamptz,
    constraint webhook_deliveries_ended_check
        check ((state = 'pending') = (ended_at is null) and (state = 'pending') = (next_attempt_at is not null))
);
create index webhook_deliveries_due_idx on webhook_deliveries (next_attempt_at) where state = 'pending';
create index webhook_deliveries_webhook_idx on webhook_deliveries (webhook_id, created_at desc, id desc);
create index webhook_deliveries_ended_idx on webhook_deliveries (ended_at) where ended_at is not null;

-- Nobody is told any more once an admin has disabled them. The lock keeps a webhook that is deleted meanwhile from failing
-- the evaluation.
create function announce_evaluation() returns trigger language plpgsql as $$
begin
    insert into webhook_deliveries (webhook_id, event, body)
    select w.id, 'evaluation.' || new.state,
           json_build_object(
               'type', 'evaluation.' || new.state,
               'timestamp', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'data', json_build_object(
                   'evaluation', new.id,
                   'submission', new.submission_id,
                   'model_name', s.model_name,
                   'benchmark', b.name,
                   'version', b.version,
                   'state', new.state,
                   'rerun_of', new.rerun_of,
                   'scores', (select coalesce(json_agg(json_build_object('metric', sc.metric, 'value', sc.value)
                                                       order by sc.metric), '[]'::json)
                              from scores sc where sc.evaluation_id = new.id),
                   'failure', case when new.failure_code is not null then json_build_object(
                       'code', new.failure_code, 'message', coalesce(new.failure_message, '')) end))::text
    from submissions s
    join benchmarks b on b.id = new.benchmark_id
    join users u on u.id = s.user_id and u.disabled_at is null
    join webhooks w on w.user_id = s.user_id
    where s.id = new.submission_id and w.disabled_at is null and 'evaluation.' || new.state = any(w.events)
    for key share of w;
    return null;
end
$$;

-- At the commit, when the scores are there too. A realm's evaluation is nobody's news.
create constraint trigger evaluations_announced_added after insert on evaluations deferrable initially deferred
    for each row when (new.parent_id is null and new.state <> 'queued') execute function announce_evaluation();
create constraint trigger evaluations_announced after update of state on evaluations deferrable initially deferred
    for each row when (new.parent_id is null and new.state <> 'queued' and new.state is distinct from old.state)
    execute function announce_evaluation();
