-- What a user may have, and what is kept no longer than it is needed.

-- Who asked for a rerun: it counts as a submission of theirs.
alter table evaluations add column rerun_by uuid constraint evaluations_rerun_by_fkey references users;
create index evaluations_rerun_by_idx on evaluations (rerun_by, queued_at) where rerun_by is not null;

create index uploads_unfinished_idx on uploads (user_id) where ended_at is null and checkpoint_sha256 is null;

create index idempotency_keys_held_until_idx on idempotency_keys (held_until);
create index idempotency_keys_submission_idx on idempotency_keys (submission_id) where submission_id is not null;

-- Nobody is told any more once an admin has disabled them. The lock keeps a webhook that is deleted meanwhile from failing the
-- evaluation.
create or replace function announce_evaluation() returns trigger language plpgsql as $$
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
