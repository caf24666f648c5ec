-- The keys of the vault, in the same database as the facts or in one of their own. Owned by the role
-- that installs; the role `vault_keys` does what is granted below and nothing else.
create schema if not exists vault_keys;

create table if not exists vault_keys.data_keys (
    key uuid primary key,
    person uuid not null,
    segment text not null,
    kek text,
    wrapped bytea,
    created_at timestamptz not null default clock_timestamp(),
    destroyed_at timestamptz,
    constraint data_keys_once unique (person, segment),
    constraint data_keys_gone check ((wrapped is null) = (destroyed_at is not null) and (kek is null) = (wrapped is null))
);

create table if not exists vault_keys.index_keys (
    one boolean primary key default true check (one),
    kek text not null,
    wrapped bytea not null
);

grant usage on schema vault_keys to vault_keys;
grant select, insert on vault_keys.data_keys, vault_keys.index_keys to vault_keys;
grant update (kek, wrapped, destroyed_at) on vault_keys.data_keys to vault_keys;
grant update (kek, wrapped) on vault_keys.index_keys to vault_keys;
