-- Users who sign up, keys that end, and how much each user may have.

alter table users
    add column disabled_at                timestamptz,   -- from then on, none of the user's keys opens anything
    -- An admin's figures for this user; null: the installation's.
    add column submissions_per_day        bigint
        constraint users_submissions_per_day_check check (submissions_per_day >= 0),
    add column concurrent_evaluations     bigint
        constraint users_concurrent_evaluations_check check (concurrent_evaluations >= 0),
    add column failed_evaluations_per_day bigint
        constraint users_failed_evaluations_per_day_check check (failed_evaluations_per_day >= 0),
    add column stored_bytes               bigint
        constraint users_stored_bytes_check check (stored_bytes >= 0);

alter table api_keys
    add column prefix       text,          -- the key's first characters; null for keys older than this column
    add column expires_at   timestamptz,
    add column last_used_at timestamptz,   -- at most a minute behind
    add column replaced_by  uuid constraint api_keys_replaced_by_fkey references api_keys,   -- by rotation
    drop constraint api_keys_scopes_check,
    add constraint api_keys_scopes_check check (scopes <@ array['read', 'submit', 'admin']);
create index api_keys_user_idx on api_keys (user_id, created_at desc, id desc);

-- What a user has used is counted from the rows themselves.
create index submissions_user_idx on submissions (user_id, created_at);
create index checkpoint_owners_user_idx on checkpoint_owners (user_id);
create index evaluations_failed_idx on evaluations (finished_at) where state = 'failed';
