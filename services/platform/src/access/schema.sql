-- The access log: who looked at whom, and who was refused. Only `access.write` adds to it, and
-- nobody changes or deletes. Coded values and ids only: no name, no text that somebody typed.
create schema if not exists access;

create table if not exists access.rows (
    position bigint primary key,
    inserted_at timestamptz not null,
    at timestamptz not null,
    staff uuid not null,
    organisation uuid not null,
    role text not null,
    session text not null,
    request_id text not null,
    person uuid,
    sections text[] not null,
    purpose text not null,
    reason text,
    reason_fact uuid,
    decision text not null constraint rows_decision check (decision in ('allowed', 'denied')),
    policies text[] not null,
    door text not null,
    explained boolean not null,
    forced boolean not null,
    listed boolean not null,
    same_surname boolean,
    hash bytea not null,
    -- Whatever the process says: without spaces, free text cannot get in.
    constraint rows_codes check (
        array_to_string(array[role, session, request_id, purpose, reason, door] || sections || policies, ',')
            ~ '^[A-Za-z0-9_.:/,-]*$'),
    constraint rows_lists check (cardinality(sections) between 1 and 32 and cardinality(policies) <= 32)
);
create index if not exists rows_person on access.rows (person, position) where person is not null;
create index if not exists rows_staff on access.rows (staff, position);

-- The one row that every write locks first: gapless positions in commit order, and the end of the
-- chain. `hash` is that of the last row, so several processes write one chain.
create table if not exists access.head (
    one boolean primary key default true check (one),
    last bigint not null default 0,
    hash bytea not null default decode(repeat('00', 32), 'hex'),
    inserted_at timestamptz not null default '-infinity'
) with (fillfactor = 10);
insert into access.head default values on conflict do nothing;

-- What each process wrote last: a batch that is handed over again, because its answer was lost,
-- finds itself.
create table if not exists access.batches (
    process uuid primary key,
    number bigint not null,
    first_position bigint not null,
    inserted_at timestamptz not null
) with (fillfactor = 10);

-- One value of a row as the chain sees it: its length in bytes, itself; `-` when there is none. No
-- two rows have the same text. PostgreSQL writes these out in place, as long as each says truly how
-- steady what it uses is; called as functions they cost four times the rest.
create or replace function access.part(value text) returns text
language sql immutable as $$ select coalesce(octet_length(value)::text || ':' || value || ',', '-') $$;

create or replace function access.part(value timestamptz) returns text
language sql stable as $$ select access.part((extract(epoch from value) * 1000000)::bigint::text) $$;

-- Writes a batch, all of it or nothing. Each row's hash is SHA-256 of the hash before and of the
-- row, so a row that is changed, missing or moved breaks the chain there.
create or replace function access.write(by_process uuid, by_number bigint, entries jsonb)
returns table (first_position bigint, inserted_at timestamptz)
language plpgsql security definer
set search_path = access, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    place bigint;
    begun bigint;
    chained bytea;
    moment timestamptz; -- never behind the last one, also when the clock is set back
    written text;       -- the same, as the chain sees it
    e record;
begin
    select h.last, h.hash, h.inserted_at into place, chained, moment from head h for update;
    return query select b.first_position, b.inserted_at from batches b
        where b.process = by_process and b.number = by_number;
    if found then
        return;
    end if;
    begun := place;
    moment := greatest(moment + interval '1 microsecond', clock_timestamp());
    written := part(moment);
    for e in
        select * from jsonb_to_recordset(entries) as r (
            at timestamptz, staff uuid, organisation uuid, role text, session text, request_id text,
            person uuid, sections text[], purpose text, reason text, reason_fact uuid, decision text,
            policies text[], door text, explained boolean, forced boolean, listed boolean,
            same_surname boolean)
    loop
        place := place + 1;
        chained := sha256(chained || convert_to(
            part(place::text) || written || part(e.at) || part(e.staff::text)
            || part(e.organisation::text) || part(e.role) || part(e.session) || part(e.request_id)
            || part(e.person::text) || part(e.sections::text) || part(e.purpose) || part(e.reason)
            || part(e.reason_fact::text) || part(e.decision) || part(e.policies::text)
            || part(e.door) || part(e.explained::text) || part(e.forced::text)
            || part(e.listed::text) || part(e.same_surname::text), 'UTF8'));
        insert into rows values (
            place, moment, e.at, e.staff, e.organisation, e.role, e.session, e.request_id, e.person,
            e.sections, e.purpose, e.reason, e.reason_fact, e.decision, e.policies, e.door,
            e.explained, e.forced, e.listed, e.same_surname, chained);
    end loop;
    insert into batches as b (process, number, first_position, inserted_at)
        values (by_process, by_number, begun + 1, moment)
        on conflict (process) do update
            set number = excluded.number, first_position = excluded.first_position,
                inserted_at = excluded.inserted_at;
    update head set last = place, hash = chained, inserted_at = moment;
    return query select begun + 1, moment;
end $$;

-- The last position that was written before a moment: moments grow with positions, so the place is
-- found by halving. Rows that were disposed of lie before every moment.
create or replace function access.position_before(moment timestamptz) returns bigint
language plpgsql stable set search_path = access, pg_temp as $$
declare
    low bigint := coalesce((select min(position) from rows), 1) - 1;
    high bigint := (select last from head) + 1;
    middle bigint;
begin
    while high - low > 1 loop
        middle := (low + high) / 2;
        if (select r.inserted_at < moment from rows r where r.position = middle) then
            low := middle;
        else
            high := middle;
        end if;
    end loop;
    return low;
end $$;

-- How many rows are older than they must be kept. Nothing deletes them by itself: disposal is an
-- approved job.
create or replace function access.past_retention(moment timestamptz, months integer) returns bigint
language sql stable set search_path = access, pg_temp as $$
    select position_before(moment - make_interval(months => months))
        - (coalesce((select min(position) from rows), 1) - 1)
$$;

revoke all on function access.write, access.position_before, access.past_retention from public;
grant usage on schema access to access, access_reader;
grant execute on function access.write to access;
grant execute on function access.position_before, access.past_retention to access_reader;
grant select on access.rows, access.head to access_reader;
