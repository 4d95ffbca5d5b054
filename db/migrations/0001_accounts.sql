-- Who may write: users, and the API keys that speak for them (only a key's SHA-256 is kept).

create table users (
    id         uuid        constraint users_pkey primary key default gen_random_uuid(),
    name       text        not null constraint users_name_key unique,
    created_at timestamptz not null default now()
);

create table api_keys (
    id           uuid        constraint api_keys_pkey primary key default gen_random_uuid(),
    user_id      uuid        not null constraint api_keys_user_fkey references users,
    name         text        not null,
    key_sha256   bytea       not null constraint api_keys_key_sha256_key unique,
    scopes       text[]      not null constraint api_keys_scopes_check check (scopes <@ array['submit', 'admin']),
    created_at   timestamptz not null default now(),
    revoked_at   timestamptz
);
