//! Indicators I1, I2, I3, I4, I5 and I10 (domain §4), and counts of what was done by month.
//!
//! Rows are facts of single events; figures are computed when somebody reads, for any days and any
//! ATS. So a fact that comes late restates the figures of its own day, and a link between two
//! person records, or its undoing, counts at once; and so does an entry that was moved to another
//! person, or taken back. Each figure names its formula, the event types
//! and the positions behind it, and leads to the events themselves.

mod activity;
pub(crate) mod asked;
pub(crate) mod cells;
mod events;
mod formulas;
mod homeless;
mod http;
mod people;
mod rows;
mod stock;
mod view;

use sqlx::PgConnection;
use trama_events::Context;
use trama_platform::doors::{Doors, Gate};
use trama_platform::follow::{Applied, Fence, Model, Read};

pub use activity::{Activity, ActivityCounts, ActivityMonth, activity};
pub use asked::{Level, Period, Positions, Scope, may_see, sees_persons};
pub use events::{Behind, Cursor, EventRef, EventsPage, events};
pub use formulas::Indicator;
pub use view::{Amount, Cell, Figure, Report, report};

use crate::ReadModels;
use crate::fence::COUNTING;

/// Keeps `indicators`.
#[derive(Debug, Clone, Copy)]
pub struct Indicators;

/// `moved` says of an entry on whom it stands now, or that it stands on nobody; the views are what
/// figures are made of. An event that counts belongs to the entry that the first one of its
/// aggregate began, and `opens` is how the ids of all of them begin; a housing situation is an entry
/// of its own.
const TABLES: &str = "
    create table links (link uuid primary key, canonical uuid not null, other uuid not null,
        active boolean not null);
    create table people (person uuid primary key, birth_year integer, gender text not null);
    create table facts (event text, part smallint, kind text not null, aggregate uuid not null,
        person uuid, people bigint not null, ats text not null, happened_on date not null,
        primary key (event, part));
    create index facts_kind on facts (kind, happened_on);
    create index facts_day on facts (happened_on);
    create table situations (event text, part smallint, kind text not null,
        sequence bigint not null,
        aggregate uuid not null, person uuid, ethos text, ats text not null,
        happened_on date not null, happened_at timestamptz not null, primary key (event, part));
    create index situations_person on situations (person, happened_on);
    create index situations_day on situations (happened_on);
    create table corrections (event text primary key, root text not null);
    create table moved (entry text primary key, aggregate uuid not null, opens text, person uuid);
    create index moved_aggregate on moved (aggregate);
    create table stays (stay uuid, part smallint, person uuid not null, started_on date not null,
        ended_on date, primary key (stay, part));
    create index stays_days on stays (started_on, ended_on);
    create table sealed (aggregate uuid primary key);
    create table counts (event text primary key, counted_on date not null, source text not null,
        people bigint not null, ats text not null);
    create table services (service uuid primary key, service_type text not null,
        confidential boolean not null, ats text not null);
    create table states (event text primary key, service uuid not null, sequence bigint not null,
        state text not null, since date not null);
    create index states_service on states (service, since);
    create table sites (event text primary key, service uuid not null, site uuid not null,
        opened_on date not null, closed_on date);
    create index sites_service on sites (service);
    create table posts (event text primary key, post uuid not null, profession text not null,
        contract text not null, fte_hundredths bigint not null, ats text not null,
        hired_on date not null, ended_on date);
    create index posts_post on posts (post);
    create table facilities (facility uuid primary key, kind text not null,
        secret boolean not null, opened_on date not null, closed_on date);
    create table places (place uuid primary key, event text not null, facility uuid not null,
        from_night date not null, to_night date);
    create index places_facility on places (facility);
    create view standing_facts with (security_invoker) as
        select f.event, f.part, f.kind, f.aggregate,
            case when m.entry is null then f.person else m.person end as person,
            f.people, f.ats, f.happened_on
        from facts f
            left join moved m on m.aggregate = f.aggregate and starts_with(f.event, m.opens)
        where m.entry is null or m.person is not null;
    create view standing_situations with (security_invoker) as
        select t.event, t.part, t.kind, t.sequence, t.aggregate,
            case when m.entry is null then t.person else m.person end as person,
            t.ethos, t.ats, t.happened_on, t.happened_at
        from situations t left join moved m on m.entry = t.event
        where m.entry is null or m.person is not null";

/// What figures are made of.
const COUNTED: [&str; 15] = [
    "links",
    "people",
    "facts",
    "situations",
    "corrections",
    "moved",
    "stays",
    "sealed",
    "counts",
    "services",
    "states",
    "sites",
    "posts",
    "facilities",
    "places",
];

impl Model for Indicators {
    fn name(&self) -> &'static str {
        "indicators"
    }

    fn contexts(&self) -> &'static [Context] {
        &[
            Context::Intake,
            Context::Casework,
            Context::Housing,
            Context::Food,
            Context::Referrals,
            Context::Directory,
        ]
    }

    fn tables(&self) -> &'static str {
        TABLES
    }

    /// A figure is made of everybody's rows, and shown to people who may see nobody's: they are
    /// there for whoever counts them, and who reads them as somebody finds none.
    fn fences(&self) -> Vec<Fence> {
        let counted = |table| Fence::rows(table, format!("{COUNTING} = 'on'"));
        let views = ["standing_facts", "standing_situations"].map(Fence::view);
        COUNTED.map(counted).into_iter().chain(views).chain([Fence::public("changes")]).collect()
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        self.apply_all(rows, std::slice::from_ref(read))
    }

    fn apply_all<'a>(&'a self, rows: &'a mut PgConnection, batch: &'a [Read]) -> Applied<'a> {
        Box::pin(async move {
            rows::take(rows, batch).await?;
            Ok(())
        })
    }

    fn topics(&self, _: &Read) -> Vec<String> {
        vec!["indicators".into()]
    }
}

pub(crate) fn doors(gate: &Gate) -> Doors<ReadModels> {
    http::doors(gate)
}
