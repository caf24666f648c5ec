-- One log. {context} is the schema and the login role; {context}_feed reads for others. Listeners are
-- told of a commit, but of a sealed log's nobody is.
create schema if not exists {context};

create table if not exists {context}.events (
    aggregate_type text not null,
    aggregate_id text not null,
    sequence bigint not null check (sequence > 0),
    event_type text not null,
    event_version text not null,
    payload jsonb not null,
    metadata jsonb not null,
    position bigint not null,
    inserted_at timestamptz not null default clock_timestamp(),
    constraint events_sequence primary key (aggregate_type, aggregate_id, sequence),
    constraint events_position unique (position)
);


-- The one row that every commit locks first: gapless positions in commit order.
create table if not exists {context}.head (
    one boolean primary key default true check (one),
    last bigint not null default 0,
    recorded_at timestamptz not null default '-infinity',
    inserted_at timestamptz not null default '-infinity'
) with (fillfactor = 10);
insert into {context}.head default values on conflict do nothing;

-- What a command was answered, so that a repeat weeks later gets the same answer.
create table if not exists {context}.receipts (
    actor uuid not null,
    route text not null,
    key text not null,
    digest bytea not null,
    aggregate_id uuid not null,
    sequence bigint not null,
    first_position bigint,
    last_position bigint,
    created_at timestamptz not null default clock_timestamp(),
    constraint receipts_once primary key (actor, route, key)
);

-- What must not overlap between aggregates: a function of the events.
create table if not exists {context}.claims (
    guard text not null,
    key text not null,
    during daterange not null,
    aggregate_type text not null,
    aggregate_id text not null,
    constraint claims_free exclude using gist (guard with =, key with =, during with &&)
);
create index if not exists claims_owner on {context}.claims (aggregate_id, aggregate_type);

-- When an aggregate must be looked at: a function of the events.
create table if not exists {context}.timers (
    aggregate_type text not null,
    aggregate_id text not null,
    name text not null,
    due_at timestamptz not null,
    primary key (aggregate_type, aggregate_id, name)
);
create index if not exists timers_due on {context}.timers (due_at);

-- How far the relay has published, into which generation of the stream.
create table if not exists {context}.relay (
    one boolean primary key default true check (one),
    position bigint not null default 0,
    stream_sequence bigint not null default 0,
    generation integer not null default 1
) with (fillfactor = 10);
insert into {context}.relay default values on conflict do nothing;

-- Appends commits: all of them in one go, or, when one loses, each on its own, so that a loser
-- never costs the others their commit. `c_before` is the number of events before each commit.
-- `c_keeps` holds one object a commit, where it keeps anything:
-- {"release": [{guard, key, from, to}], "claim": [{guard, key, from, to}], "timer": [{name, due_at}]}.
-- Answers a row a commit: `done` with its first position (none without events), `stale`, `receipt`
-- (asked before), or `taken` with the claim and its holder.
create or replace function {context}.append(
    recorded timestamptz,
    c_type text[], c_id text[], c_actor uuid[], c_route text[], c_key text[], c_digest bytea[],
    c_sequence bigint[], c_before bigint[], c_events bigint[], kept boolean, c_keeps jsonb[],
    e_commit integer[], e_sequence bigint[], e_type text[], e_version text[],
    e_payload jsonb[], e_metadata jsonb[]
) returns table (
    number integer, outcome text, first_position bigint, guard text, key text, holder text
) language plpgsql security definer
set search_path = {context}, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    commits constant integer := cardinality(c_id);
    events constant bigint := cardinality(e_commit);
    stamp jsonb;
    written_at timestamptz; -- never behind the last one, also when the clock is set back
    at bigint;          -- last position that is taken
    full_at bigint;     -- the same, if nobody loses
    low integer := 1;   -- commits low to high are tried together
    high integer := commits;
    broken text;
begin
    update head set last = head.last + events, recorded_at = greatest(head.recorded_at, recorded),
            inserted_at = greatest(head.inserted_at + interval '1 microsecond', clock_timestamp())
        returning head.last - events, head.inserted_at,
            jsonb_build_object('recorded_at',
                to_char(head.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        into at, written_at, stamp;
    full_at := at + events;
    while low <= commits loop
        begin
            insert into receipts (actor, route, key, digest, aggregate_id, sequence, first_position, last_position)
                select c.actor, c.route, c.key, c.digest, c.id::uuid, c.sequence,
                    case when c.events > 0 then at - c_before[low] + c.before + 1 end,
                    case when c.events > 0 then at - c_before[low] + c.before + c.events end
                from unnest(c_actor[low:high], c_route[low:high], c_key[low:high], c_digest[low:high],
                        c_id[low:high], c_sequence[low:high], c_before[low:high], c_events[low:high])
                    as c (actor, route, key, digest, id, sequence, before, events);
            if kept then
                for i in low..high loop
                    continue when c_keeps[i] is null;
                    -- Commit by commit: what a later one gives up is not yet free for an earlier one.
                    delete from claims c
                        using jsonb_to_recordset(c_keeps[i] -> 'release')
                            as r (guard text, key text, "from" date, "to" date, exact boolean)
                        where c.aggregate_type = c_type[i] and c.aggregate_id = c_id[i] and c.guard = r.guard
                            and (r.key is null or c.key = r.key)
                            and (not r.exact or c.during = daterange(r."from", r."to"));
                    insert into claims (guard, key, during, aggregate_type, aggregate_id)
                        select k.guard, k.key, daterange(k."from", k."to"), c_type[i], c_id[i]
                        from jsonb_to_recordset(c_keeps[i] -> 'claim')
                            as k (guard text, key text, "from" date, "to" date);
                end loop;
                delete from timers t using generate_series(low, high) i,
                    jsonb_to_recordset(c_keeps[i] -> 'timer') as k (name text)
                    where t.aggregate_type = c_type[i] and t.aggregate_id = c_id[i] and t.name = k.name;
                insert into timers (aggregate_type, aggregate_id, name, due_at)
                    select c_type[i], c_id[i], k.name, k.due_at
                    from generate_series(low, high) i, jsonb_to_recordset(c_keeps[i] -> 'timer')
                        as k (name text, due_at timestamptz)
                    where k.due_at is not null;
            end if;
            insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, position, inserted_at)
                select c_type[e.c], c_id[e.c], e.sequence, e.type, e.version, e.payload, e.metadata || stamp,
                    at - c_before[low] + e.ord, written_at
                from unnest(e_commit, e_sequence, e_type, e_version, e_payload, e_metadata)
                    with ordinality as e (c, sequence, type, version, payload, metadata, ord)
                where e.c between low and high;
            return query
                select i, 'done'::text,
                    case when c_events[i] > 0 then at - c_before[low] + c_before[i] + 1 end,
                    null::text, null::text, null::text
                from generate_series(low, high) i;
            at := at + c_before[high] + c_events[high] - c_before[low];
            low := high + 1;
            high := low;
        exception when unique_violation or exclusion_violation then
            get stacked diagnostics broken = constraint_name;
            if high > low then
                high := low;
            elsif broken = 'claims_free' and exists (
                select from events e where e.aggregate_type = c_type[low] and e.aggregate_id = c_id[low]
                    and e.sequence > c_sequence[low] - c_events[low]
            ) then
                -- Its own newer events hold the claim: it was decided on an old state.
                return query select low, 'stale'::text, null::bigint, null::text, null::text, null::text;
                low := low + 1;
                high := low;
            elsif broken = 'claims_free' then
                return query
                    select low, 'taken'::text, null::bigint, k.guard, k.key,
                        (select c.aggregate_id from claims c
                            where c.guard = k.guard and c.key = k.key
                                and c.during && daterange(k."from", k."to")
                                and (c.aggregate_type, c.aggregate_id) <> (c_type[low], c_id[low])
                            limit 1) as held
                    from jsonb_to_recordset(c_keeps[low] -> 'claim')
                        as k (guard text, key text, "from" date, "to" date)
                    order by held limit 1;
                low := low + 1;
                high := low;
            elsif broken in ('receipts_once', 'events_sequence') then
                return query select low, case broken when 'receipts_once' then 'receipt' else 'stale' end,
                    null::bigint, null::text, null::text, null::text;
                low := low + 1;
                high := low;
            else
                raise;
            end if;
        end;
    end loop;
    if at <> full_at then
        update head set last = at;
    end if;
    {announce}
end $$;

-- The last position that was written before a moment, or at it: moments grow with positions, so
-- the place is found by halving.
create or replace function {context}.position_at(moment timestamptz, at_it boolean) returns bigint
language plpgsql stable security definer set search_path = {context}, pg_temp as $$
declare
    low bigint := 0;
    high bigint := (select last from head) + 1;
    middle bigint;
    written timestamptz;
begin
    while high - low > 1 loop
        middle := (low + high) / 2;
        select inserted_at into written from events where position = middle;
        if written < moment or (at_it and written = moment) then
            low := middle;
        else
            high := middle;
        end if;
    end loop;
    return low;
end $$;

-- The moment up to which every write is visible: waits for a commit under way.
create or replace function {context}.settled() returns timestamptz
language plpgsql security definer set search_path = {context}, pg_temp as $$
begin
    perform from head for share;
    return (select greatest(head.inserted_at, clock_timestamp()) from head);
end $$;

revoke all on function {context}.append, {context}.settled, {context}.position_at from public;
grant execute on function {context}.settled, {context}.position_at to {context}_feed;
grant usage on schema {context} to {context}, {context}_feed;
grant execute on function {context}.append to {context};
grant select on {context}.events, {context}.receipts, {context}.claims, {context}.timers, {context}.head to {context};
grant select, update on {context}.relay to {context};
grant select on {context}.events, {context}.head, {context}.relay to {context}_feed;
