-- What only a sealed log has beside it: who of the service looked at which path. It is kept here and
-- not in the network's access log, where every row would say that there is something to read.
create table if not exists {context}.reads (
    number bigint generated always as identity primary key,
    read_at timestamptz not null,
    actor uuid not null,
    path uuid,
    door text not null
);
revoke all on schema {context} from public;
grant insert (read_at, actor, path, door) on {context}.reads to {context};
grant select on {context}.reads to {context}_feed;
