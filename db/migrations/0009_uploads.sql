-- Resumable uploads: what has arrived lies in a file until it is whole and becomes a checkpoint.

create table uploads (
    id                uuid        constraint uploads_pkey primary key default gen_random_uuid(),
    user_id           uuid        not null constraint uploads_user_fkey references users,
    length            bigint      not null constraint uploads_length_check check (length > 0),
    received          bigint      not null default 0,   -- bytes that are on disk
    metadata          text,       -- as the client sent it
    sha256            text,       -- as the client announced it
    checkpoint_sha256 text,       -- once whole; the upload does not keep the checkpoint
    holder            uuid,       -- the request that writes
    held_until        timestamptz,   -- past this, it is taken for dead
    expires_at        timestamptz not null,
    ended_at          timestamptz,   -- terminated, refused or expired: its file is gone
    created_at        timestamptz not null default now(),
    constraint uploads_received_check check (received between 0 and length),
    -- Clients take an upload whose offset is its length for done.
    constraint uploads_whole_check check ((received = length) = (checkpoint_sha256 is not null))
);
create index uploads_expires_at_idx on uploads (expires_at) where ended_at is null;
create index uploads_ended_at_idx on uploads (ended_at) where ended_at is not null;

-- A key may name a checkpoint's upload too, and repeats its first answer, not the present state.
alter table idempotency_keys
    add column status   int,
    add column location text,
    add column answer   text;   -- the body
