-- The vault: what identifies people, encrypted. Owned by the role that installs; the role `vault`
-- does what is granted below and nothing else.
create schema if not exists vault;

-- Facts are added and read. Nobody but the owner could change or delete one.
create table if not exists vault.facts (
    fact uuid primary key,
    person uuid not null,
    segment text not null,
    field text not null,
    key uuid not null,
    nonce bytea not null check (octet_length(nonce) = 24),
    ciphertext bytea not null,
    source text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    staff uuid not null,
    organisation uuid not null,
    replaces uuid,
    number bigint generated always as identity
);
create index if not exists facts_person on vault.facts (person, segment);

-- The blind index: keyed digests, first 16 bytes. It holds nothing about where somebody lives.
create table if not exists vault.tokens (
    token bytea not null check (octet_length(token) = 16),
    person uuid not null,
    primary key (token, person)
);
create index if not exists tokens_person on vault.tokens (person);

-- What was erased, as far as this database was told; the shred list outside says it too.
create table if not exists vault.shredded (
    erasure uuid primary key,
    person uuid not null,
    segments text[] not null,
    certificate text not null,
    shredded_at timestamptz not null default clock_timestamp()
);
create index if not exists shredded_person on vault.shredded (person);

-- Which identifiers somebody looked for in the last hour, as keyed digests.
create table if not exists vault.searches (
    staff uuid not null,
    token bytea not null,
    at timestamptz not null,
    primary key (staff, token)
);

-- Adds facts and their tokens, all of them or none. A fact that is there stays as it is, so that
-- a repeat changes nothing. Nothing is added to what was erased. Answers how many were added.
create or replace function vault.record(
    f_fact uuid[], f_person uuid, f_segment text[], f_field text[], f_key uuid[], f_nonce bytea[],
    f_ciphertext bytea[], f_source text[], f_occurred_at timestamptz, f_recorded_at timestamptz,
    f_staff uuid, f_organisation uuid, f_replaces uuid[], f_tokens bytea[]
) returns bigint language plpgsql security definer set search_path = vault, pg_temp as $$
declare
    added bigint;
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('trama vault ' || f_person, 0));
    if exists (select from shredded s where s.person = f_person and s.segments && f_segment) then
        raise exception 'erased' using errcode = 'TV001';
    end if;
    insert into facts (fact, person, segment, field, key, nonce, ciphertext, source, occurred_at,
            recorded_at, staff, organisation, replaces)
        select f.fact, f_person, f.segment, f.field, f.key, f.nonce, f.ciphertext, f.source,
            f_occurred_at, f_recorded_at, f_staff, f_organisation, f.replaces
        from unnest(f_fact, f_segment, f_field, f_key, f_nonce, f_ciphertext, f_source, f_replaces)
            with ordinality as f (fact, segment, field, key, nonce, ciphertext, source, replaces, ord)
        order by f.ord
        on conflict (fact) do nothing;
    get diagnostics added = row_count;
    if added > 0 then
        insert into tokens (token, person) select distinct t, f_person from unnest(f_tokens) t
            on conflict do nothing;
    end if;
    return added;
end $$;

-- Notes what was erased and takes the person out of the index. No fact is added after it.
create or replace function vault.shred(
    s_erasure uuid, s_person uuid, s_segments text[], s_certificate text
) returns void language plpgsql security definer set search_path = vault, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('trama vault ' || s_person, 0));
    insert into shredded (erasure, person, segments, certificate)
        values (s_erasure, s_person, s_segments, s_certificate) on conflict do nothing;
    if 'identity' = any (s_segments) then
        delete from tokens where person = s_person;
    end if;
end $$;

-- Counts different identifiers that somebody looked for in the hour before `moment`, these
-- included.
create or replace function vault.count_searches(s_staff uuid, s_tokens bytea[], moment timestamptz)
returns bigint language plpgsql security definer set search_path = vault, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('trama searches ' || s_staff, 0));
    delete from searches where staff = s_staff and at <= moment - interval '1 hour';
    insert into searches (staff, token, at) select distinct s_staff, t, moment from unnest(s_tokens) t
        on conflict do nothing;
    return (select count(*) from searches where staff = s_staff);
end $$;

revoke all on function vault.record, vault.shred, vault.count_searches from public;
grant usage on schema vault to vault;
grant select on vault.facts, vault.tokens, vault.shredded to vault;
grant execute on function vault.record, vault.shred, vault.count_searches to vault;
