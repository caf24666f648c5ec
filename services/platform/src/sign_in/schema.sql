-- Sessions of pages, and sign-ins under way. Nothing here lets anybody in: of what a browser holds
-- there is a digest only. No name, no token of the provider; a surname is blind (`surnames.rs`).
create schema if not exists sign_in;

create table if not exists sign_in.sessions (
    digest bytea primary key check (length(digest) = 32),
    account text not null,
    staff uuid,
    vouched jsonb,
    membership uuid,
    second_factor boolean not null,
    authenticated_at timestamptz,
    csrf bytea not null check (length(csrf) = 32),
    signed_in_at timestamptz not null,
    seen_at timestamptz not null,
    surname bytea[]
);
-- Sessions of an earlier release knew no surname.
alter table sign_in.sessions add column if not exists surname bytea[];
create index if not exists sessions_account on sign_in.sessions (account, signed_in_at);
create index if not exists sessions_staff on sign_in.sessions (staff);
create index if not exists sessions_seen on sign_in.sessions (seen_at);

create table if not exists sign_in.attempts (
    digest bytea primary key check (length(digest) = 32),
    state bytea not null check (length(state) = 32),
    nonce bytea not null check (length(nonce) = 32),
    verifier bytea not null check (length(verifier) = 32),
    next text not null,
    second_factor boolean not null,
    begun_at timestamptz not null
);
create index if not exists attempts_begun on sign_in.attempts (begun_at);

grant usage on schema sign_in to sign_in;
grant select, insert, update, delete on sign_in.sessions, sign_in.attempts to sign_in;
