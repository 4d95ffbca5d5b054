-- What a user may have, and what is kept no longer than it is needed.

-- Who asked for a rerun: it counts as a submission of theirs.
alter table evaluations add column rerun_by uuid constraint evaluations_rerun_by_fkey references users;
create index evaluations_rerun_by_idx on evaluations (rerun_by, queued_at) where rerun_by is not null;

create index uploads_unfinished_idx on uploads (user_id) where ended_at is null and checkpoint_sha256 is null;

create index idempotency_keys_held_until_idx on idempotency_keys (held_until);
create index idempotency_keys_submission_idx on idempotency_keys (submission_id) where submission_id is not null;
