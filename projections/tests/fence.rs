//! The second fence, against a real `PostgreSQL` and the role under which doors read: whatever a
//! handler asks or forgets to ask, a row is there for those whose it is (ADR 24).

#![cfg(test)]

mod harness;

use std::collections::{BTreeMap, BTreeSet};

use harness::{World, acting, id};
use sqlx::{Executor, PgConnection};
use time::macros::{date, datetime};
use trama_events::Context;
use trama_events::codes::Role;
use trama_events::ids::{Ats, PersonId, ServiceId, StaffId};
use trama_platform::caller::Caller;
use trama_platform::follow::{Applied, Model, Read, fold, rebuild};
use trama_platform::servers::PgRole;
use trama_projections::beds::{BedsAsked, tonight};
use trama_projections::fence::Sight;
use trama_projections::inbox::{List, Owner, Page, inbox};
use trama_projections::journey::{codes_of, links_of, moves_of};
use trama_projections::models;

/// What everybody inside the network may read: nobody's rows.
const PUBLIC: [&str; 19] = [
    "beds.changes",
    "beds.model",
    "beds.positions",
    "inbox.model",
    "inbox.positions",
    "inbox.services",
    "indicators.changes",
    "indicators.model",
    "indicators.positions",
    "journey.model",
    "journey.organisations",
    "journey.positions",
    "journey.services",
    "network.changes",
    "network.model",
    "network.organisations",
    "network.positions",
    "network.referrals",
    "network.services",
];

/// What no door reads, and the role of the doors may not.
const UNREAD: [&str; 7] = [
    "beds.guests",
    "beds.parked",
    "inbox.obscured",
    "inbox.parked",
    "indicators.parked",
    "journey.sealed",
    "network.parked",
];

/// Views that run with their owner's rights, with all their columns: none says whose a row is.
const OPEN_VIEWS: [(&str, &str); 3] = [
    ("beds.lodged", "place from_night to_night"),
    ("beds.secret_capacity", "from_night to_night"),
    ("beds.taken", "place night state"),
];

fn is_public(table: &str) -> bool {
    PUBLIC.contains(&table)
}

/// One side of the fence.
struct Side(&'static str);

impl Side {
    fn id(&self, what: &str) -> uuid::Uuid {
        id(&format!("{what} of {}", self.0))
    }

    fn person(&self) -> PersonId {
        PersonId(self.id("person"))
    }

    fn service(&self) -> ServiceId {
        ServiceId(self.id("service"))
    }

    /// A case manager of its service.
    fn caller(&self) -> Caller {
        let staff = StaffId(self.id("staff"));
        let ats = Ats::try_new(self.0).unwrap();
        Caller { staff, ats, ..acting("", Role::CaseManager, &[self.service()]) }
    }

    /// What she sees with her person's record open.
    fn sight(&self) -> Sight {
        Sight::of(&self.caller()).and_opened([self.person()])
    }

    fn rows(&self, number: u8) -> String {
        let ids = ["staff", "service", "person", "linked", "case", "place", "elsewhere"];
        let text = include_str!("fence/sides.sql").replace("{side}", self.0);
        let text = text.replace("{number}", &number.to_string());
        ids.iter().fold(text, |text, what| {
            text.replace(&format!("{{{what}}}"), &self.id(what).to_string())
        })
    }

    /// Whether a row, as text, is this side's.
    fn has(&self, row: &str) -> bool {
        let ids = ["staff", "service", "person", "linked", "case", "place"];
        ids.iter().any(|what| row.contains(&self.id(what).to_string()))
    }
}

const COMUNE: Side = Side("comune");
const COOP: Side = Side("coop");

/// In every model, the rows of two bodies that have nothing to do with each other.
async fn two_sides() -> World {
    let world = World::start().await;
    for model in models() {
        fold(&world.servers, model.as_ref(), &[]).await.unwrap();
    }
    settle(&world).await;
    world
}

async fn settle(world: &World) {
    let mut rows = world.owner_of_models().await;
    for (side, number) in [(COMUNE, 1), (COOP, 2)] {
        rows.execute(side.rows(number).as_str()).await.unwrap();
    }
}

/// Every row of what the role of the doors may read, as a transaction with this sight gets them.
async fn seen(world: &World, sight: &Sight) -> BTreeMap<String, BTreeSet<String>> {
    let mut seen = BTreeMap::new();
    for table in readable(world).await {
        let mut rows = sight.begin(&world.reads.pool).await.unwrap();
        let found = all_of(&mut rows, &table).await;
        seen.insert(table, found);
    }
    seen
}

async fn all_of(rows: &mut PgConnection, table: &str) -> BTreeSet<String> {
    let query = format!("select t::text from {table} t");
    let found: Vec<String> = sqlx::query_scalar(&query).fetch_all(rows).await.unwrap();
    found.into_iter().collect()
}

/// Tables and views that the role of the doors may select from, or from a column of.
async fn readable(world: &World) -> Vec<String> {
    let query = "select format('%I.%I', n.nspname, c.relname) \
         from pg_class c join pg_namespace n on n.oid = c.relnamespace \
         where c.relkind in ('r', 'p', 'v', 'm', 'f') \
            and n.nspname not in ('pg_catalog', 'information_schema') \
            and has_schema_privilege('reader', n.oid, 'usage') \
            and has_any_column_privilege('reader', c.oid, 'select') order by 1";
    sqlx::query_scalar(query).fetch_all(&mut world.owner_of_models().await).await.unwrap()
}

#[tokio::test]
async fn every_table_that_doors_may_read_has_a_fence_and_its_owner_is_inside_it_too() {
    let world = two_sides().await;
    let mut rows = world.owner_of_models().await;
    for table in readable(&world).await {
        let query = "select relkind::text, relrowsecurity and relforcerowsecurity, \
                coalesce('security_invoker=true' = any(reloptions), false), \
                (select count(*) from pg_policy p where p.polrelid = c.oid \
                    and 'reader'::regrole = any(p.polroles) and p.polcmd = 'r'), \
                (select string_agg(attname, ' ' order by attnum) from pg_attribute a \
                    where a.attrelid = c.oid and attnum > 0) \
             from pg_class c where c.oid = $1::regclass";
        let asked = sqlx::query_as::<_, (String, bool, bool, i64, String)>(query).bind(&table);
        let (kind, forced, invoker, policies, columns) = asked.fetch_one(&mut rows).await.unwrap();
        match kind.as_str() {
            "r" => assert!(forced && policies == 1, "{table}: {forced}, {policies} policies"),
            "v" => {
                assert!(invoker || OPEN_VIEWS.contains(&(&table, &columns)), "{table}: {columns}");
            }
            other => panic!("{table} is of kind {other}: no fence can be put around it"),
        }
    }
}

#[tokio::test]
async fn a_new_table_of_a_read_model_gets_a_fence_or_is_named_as_one_that_no_door_reads() {
    let world = two_sides().await;
    let mut rows = world.owner_of_models().await;
    let readable = readable(&world).await;
    for model in models() {
        if !model.readers().contains(&"reader") {
            assert!(!readable.iter().any(|table| table.starts_with(model.name())));
            continue;
        }
        let query =
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = $1";
        let tables: Vec<String> =
            sqlx::query_scalar(query).bind(model.name()).fetch_all(&mut rows).await.unwrap();
        for table in tables {
            let unread = UNREAD.contains(&table.as_str());
            assert_ne!(readable.contains(&table), unread, "{table}");
        }
    }
}

#[tokio::test]
async fn the_role_of_the_doors_goes_through_no_fence_and_reads_nothing_beside_the_read_models() {
    let world = two_sides().await;
    let query = "select rolsuper or rolbypassrls from pg_roles where rolname = 'reader'";
    let mut rows = world.owner_of_models().await;
    assert!(!sqlx::query_scalar::<_, bool>(query).fetch_one(&mut rows).await.unwrap());
    let schemas: BTreeSet<String> = readable(&world)
        .await
        .iter()
        .map(|table| table.split('.').next().unwrap().to_owned())
        .collect();
    let of_doors = ["beds", "inbox", "indicators", "journey", "network"];
    assert_eq!(schemas.iter().map(String::as_str).collect::<Vec<_>>(), of_doors);
}

#[tokio::test]
async fn whoever_says_nothing_sees_what_is_public_and_nothing_else() {
    let world = two_sides().await;
    let mut rows = world.owner_of_models().await;
    for (table, found) in seen(&world, &Sight::default()).await {
        let all = all_of(&mut rows, &table).await;
        if is_public(&table) || table == "beds.secret_capacity" {
            assert_eq!(found, all, "{table}");
        } else {
            assert!(found.is_empty(), "{table}: {found:?}");
            let views_of_own = ["beds.taken", "beds.lodged"].contains(&table.as_str());
            assert!(!all.is_empty() || views_of_own, "{table} has no rows: this shows nothing");
        }
    }
}

#[tokio::test]
async fn each_body_sees_its_own_rows_and_none_of_another_also_after_a_rebuild() {
    let world = World::start().await;
    for model in models() {
        rebuild(&world.servers, model.as_ref(), |_| {}).await.unwrap();
    }
    settle(&world).await;
    let mut rows = world.owner_of_models().await;
    for (own, other) in [(COMUNE, COOP), (COOP, COMUNE)] {
        for (table, found) in seen(&world, &own.sight()).await {
            if is_public(&table) || table == "beds.secret_capacity" {
                continue;
            }
            assert!(!found.iter().any(|row| other.has(row)), "{table}: {found:?}");
            if table.starts_with("indicators.") {
                assert!(found.is_empty(), "{table} is for figures alone");
                continue;
            }
            assert!(!found.is_empty(), "{} sees nothing of its own in {table}", own.0);
            let all = all_of(&mut rows, &table).await;
            let expected: BTreeSet<_> = all.into_iter().filter(|row| own.has(row)).collect();
            assert!(found == expected || table.starts_with("beds."), "{table}: {found:?}");
        }
    }
}

#[tokio::test]
async fn rows_about_a_person_need_the_gate_and_a_post_is_not_enough() {
    let world = two_sides().await;
    let post = seen(&world, &Sight::of(&COMUNE.caller())).await;
    let opened = seen(&world, &COMUNE.sight()).await;
    for table in ["facts", "also", "moves", "parked", "links", "codes", "changes"] {
        let table = format!("journey.{table}");
        assert_eq!((post[&table].len(), opened[&table].len()), (0, 1), "{table}");
    }
}

#[tokio::test]
async fn who_does_not_meet_people_has_no_services_rows_whatever_her_membership_says() {
    let world = two_sides().await;
    let auditor = Caller { role: Role::Auditor, ..COMUNE.caller() };
    let office = Caller { role: Role::PlanOffice, ..COMUNE.caller() };
    for (caller, forced) in [(auditor, 2), (office, 1)] {
        let role = caller.role;
        let found = seen(&world, &Sight::of(&caller)).await;
        assert_eq!(found["inbox.forced"].len(), forced, "{role}");
        for table in ["inbox.referrals", "inbox.stays", "inbox.waits", "beds.nights", "beds.taken"]
        {
            assert!(found[table].is_empty(), "{role}: {table}");
        }
    }
}

#[tokio::test]
async fn figures_are_counted_over_everybody_and_show_nobody_to_who_does_not_count() {
    let world = two_sides().await;
    let counting = seen(&world, &Sight::counting()).await;
    for (table, found) in counting {
        if table.starts_with("indicators.") && !is_public(&table) {
            assert_eq!(found.len(), 2, "{table}");
        } else if !is_public(&table) && table != "beds.secret_capacity" {
            assert!(found.is_empty(), "{table}");
        }
    }
}

#[tokio::test]
async fn a_code_a_link_and_a_move_are_there_for_whom_they_are_asked_about_alone() {
    let world = two_sides().await;
    let pool = &world.reads.pool;
    let (ana, ben) = (COMUNE.person(), COOP.person());
    let codes = codes_of(pool, &[ana]).await.unwrap();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), [(ana, "comune".to_owned())]);
    assert_eq!(links_of(pool, ben).await.unwrap().len(), 1);
    let named = seen(&world, &Sight::named([ana])).await;
    for (table, rows) in [("codes", 1), ("links", 1), ("facts", 0), ("moves", 0)] {
        assert_eq!(named[&format!("journey.{table}")].len(), rows, "{table}");
    }
    let auditor = Caller { role: Role::Auditor, ..COMUNE.caller() };
    assert_eq!(moves_of(pool, &auditor, ben, 0, 10).await.unwrap().len(), 1);
    assert_eq!(moves_of(pool, &COOP.caller(), ben, 0, 10).await.unwrap(), []);
}

/// The door's own check is left out: what a careless handler would do.
#[tokio::test]
async fn a_handler_that_asks_for_what_is_not_hers_gets_what_does_not_exist() {
    let world = two_sides().await;
    let (pool, now) = (&world.reads.pool, datetime!(2025-01-09 9:00 UTC));
    for owner in [Owner::Service(COMUNE.service()), Owner::Staff(COMUNE.caller().staff)] {
        let page = Page { list: List::ToDo, after: None, limit: 100 };
        let own = inbox(pool, &COMUNE.caller(), owner, now, page).await.unwrap().unwrap();
        let other = inbox(pool, &COOP.caller(), owner, now, page).await.unwrap().unwrap();
        assert_ne!(own.counts, other.counts);
        assert_eq!((other.items, other.counts.to_do + other.counts.waiting), (vec![], 0));
    }
    let own = vec![COMUNE.service()];
    let night = date!(2025 - 01 - 01);
    let asked = BedsAsked { ats: None, night, kind: None, own, limit: 10, after: None };
    let hers = tonight(pool, &COMUNE.caller(), &asked).await.unwrap();
    assert_eq!(hers.people().collect::<Vec<_>>(), [COMUNE.person()]);
    let others = tonight(pool, &COOP.caller(), &asked).await.unwrap();
    assert_eq!((others.facilities.len(), others.secret), (0, hers.secret));
}

#[tokio::test]
async fn a_connection_takes_nothing_of_its_last_reader_to_the_next() {
    let world = two_sides().await;
    let pool = world.servers.pool(PgRole::Reader, 1);
    let mut backends = BTreeSet::new();
    for commits in [true, false] {
        let mut rows = COMUNE.sight().begin(&pool).await.unwrap();
        assert_eq!(people(&mut rows).await, [COMUNE.person()]);
        if commits {
            rows.commit().await.unwrap();
        } else {
            drop(rows);
        }

        let mut connection = pool.acquire().await.unwrap();
        backends.insert(backend(&mut connection).await);
        assert_eq!(people(&mut connection).await, []);
        drop(connection);
        let mut rows = COOP.sight().begin(&pool).await.unwrap();
        assert_eq!(people(&mut rows).await, [COOP.person()]);
        let failed = sqlx::query("select 1 / 0").execute(&mut *rows).await;
        assert!(failed.is_err());
        drop(rows);
        let mut connection = pool.acquire().await.unwrap();
        assert_eq!(people(&mut connection).await, []);
    }
    assert_eq!(backends.len(), 1, "all of it was one connection");
}

async fn people(rows: &mut PgConnection) -> Vec<PersonId> {
    let query = "select person from inbox.referrals";
    let found: Vec<uuid::Uuid> = sqlx::query_scalar(query).fetch_all(rows).await.unwrap();
    found.into_iter().map(PersonId).collect()
}

async fn backend(rows: &mut PgConnection) -> i32 {
    sqlx::query_scalar("select pg_backend_pid()").fetch_one(rows).await.unwrap()
}

/// Ten thousand rows of each kind, of two hundred services and five hundred people.
const MANY: &str = "
    create function pg_temp.id(what text, n bigint) returns uuid language sql immutable
        as $$ select md5(what || n)::uuid $$;
    insert into inbox.services select pg_temp.id('service', n), 'info_desk', 'service', 'bari', true
        from generate_series(0, 199) n;
    insert into inbox.codes select pg_temp.id('person', n), 'code', pg_temp.id('service', n % 200)
        from generate_series(0, 9999) n;
    insert into inbox.cases (case_id, person, service, manager, opened_at)
        select pg_temp.id('case', n), pg_temp.id('person', n), pg_temp.id('service', n % 200),
            pg_temp.id('staff', n % 100), '2025-01-01' from generate_series(0, 9999) n;
    insert into inbox.stays (stay, people, facility, started_on, cap_on, sealed)
        select pg_temp.id('stay', n), array[pg_temp.id('person', n)], pg_temp.id('service', (n + 7) % 200),
            '2025-01-01', '2025-02-01', false from generate_series(0, 9999) n;
    insert into inbox.waits select pg_temp.id('wait', n), pg_temp.id('person', n),
            pg_temp.id('service', (n + 5) % 200), '2025-01-01', 'listed' from generate_series(0, 9999) n;
    insert into inbox.referrals (referral, person, sender, receiver, need, urgency, created_position,
            confidential, receiver_sealed, stage, changed_position, sent_at, changed_at)
        select pg_temp.id('referral', n), pg_temp.id('person', n), pg_temp.id('service', n % 200),
            pg_temp.id('service', (n + 3) % 200), 'health', 'ordinary', n, false, false, 'sent', n,
            '2025-01-01', '2025-01-01' from generate_series(0, 9999) n;
    insert into journey.facts (context, position, person, aggregate_type, aggregate, sequence, kind,
            happened_on, occurred_at, recorded_at, confidential, detail)
        select 'intake', n, pg_temp.id('person', n % 500), 'contact', pg_temp.id('contact', n), 1,
            'contact_recorded', '2025-01-01', '2025-01-01', '2025-01-01', false, '{}'
        from generate_series(0, 9999) n;
    analyze inbox.services; analyze inbox.codes; analyze inbox.cases; analyze inbox.stays;
    analyze inbox.waits; analyze inbox.referrals; analyze journey.facts";

/// An id as [`MANY`] makes it.
async fn numbered(rows: &mut PgConnection, what: &str, number: i64) -> uuid::Uuid {
    let query = "select md5($1 || $2::bigint)::uuid";
    sqlx::query_scalar(query).bind(what).bind(number).fetch_one(rows).await.unwrap()
}

#[tokio::test]
async fn a_fence_finds_ones_own_rows_by_index_among_ten_thousand() {
    let world = World::start().await;
    for model in models() {
        fold(&world.servers, model.as_ref(), &[]).await.unwrap();
    }
    let mut owner = world.owner_of_models().await;
    owner.execute(MANY).await.unwrap();
    let service = ServiceId(numbered(&mut owner, "service", 3).await);
    let person = PersonId(numbered(&mut owner, "person", 3).await);
    let caller = acting("somebody", Role::InfoDesk, &[service]);
    let mut rows = Sight::of(&caller).and_opened([person]).begin(&world.reads.pool).await.unwrap();
    for (table, which, own) in [
        ("inbox.referrals", "true", 100),
        ("inbox.stays", "true", 100),
        ("inbox.waits", "stage <> 'over'", 50),
        ("inbox.cases", "is_open", 50),
        ("journey.facts", "true", 20),
    ] {
        let count = format!("select count(*) from {table} where {which}");
        assert_eq!(sqlx::query_scalar::<_, i64>(&count).fetch_one(&mut *rows).await.unwrap(), own);
        let explain = format!("explain select * from {table} where {which}");
        let plan: Vec<String> = sqlx::query_scalar(&explain).fetch_all(&mut *rows).await.unwrap();
        let name = table.split('.').nth(1).unwrap();
        let scans = |line: &String| line.contains(&format!("Seq Scan on {name} "));
        assert!(!plan.iter().any(scans), "{table}: {plan:#?}");
    }
}

/// A model whose author thought of no fence.
struct Careless;

impl Model for Careless {
    fn name(&self) -> &'static str {
        "careless"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Intake]
    }

    fn tables(&self) -> &'static str {
        "create table forgotten (person uuid)"
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, _: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            rows.execute("insert into forgotten values (gen_random_uuid())").await?;
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_table_of_which_nobody_thought_is_closed() {
    let world = World::start().await;
    fold(&world.servers, &Careless, &[]).await.unwrap();
    let mut rows = world.reads.pool.acquire().await.unwrap();
    let refused = sqlx::query("select from careless.forgotten").execute(&mut *rows).await;
    let code = refused.unwrap_err().as_database_error().unwrap().code().unwrap().into_owned();
    assert_eq!(code, "42501");
    let closed =
        "select relforcerowsecurity from pg_class where oid = 'careless.forgotten'::regclass";
    assert!(sqlx::query_scalar::<_, bool>(closed).fetch_one(&mut *rows).await.unwrap());
}
