//! Who has to do with a person, and what she agreed to: the facts on which permission rests.
//!
//! A relation is active from an event on until another ends it, and for a few days more where
//! somebody must finish ([`rules`]). Appointments are no relation yet: no event tells them. Each row comes from one context; linked records, moved entries and the bodies
//! behind services are brought together when somebody asks.

mod acquaintance;
mod find;
mod found;
mod ground;
mod majority;
mod rows;
pub mod rules;
mod standing;
mod systems;

use sqlx::PgConnection;
use trama_events::ids::PersonId;
use trama_events::intake::{LinkEvent, PersonEvent};
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};

pub use find::{Asker, Relations, Unsure};
pub use found::{ConsentFound, HealthAgreement, Relation, RelationKind, RelationsFound};
pub use systems::Outside;

/// Keeps `relations`.
#[derive(Debug, Clone, Copy)]
pub struct RelationTables;

/// `held` is what one party has with one person out of one aggregate: `holder` is a worker for
/// `case_manager`, `case_team`, `meeting` and `guardian`, a service for the other kinds. `part`
/// tells the nights of one ledger apart, `dataset` is what a referral hands over, `begun_by` is the
/// worker by whom it began. `own` is one row for each entry on a person; `moved` says of an entry
/// on whom it is now, or on nobody. `belonging` is the last time somebody belonged to a household,
/// and which worker named her there, for which body; it is no relation of anybody. `viewer` is a body or a service
/// to which somebody opened her childhood; an obscured thing is a service, or an entry with the
/// body that wrote it. Of whom is not to be found, `said_by` is a worker who says so.
const TABLES: &str = "
    create table held (aggregate uuid, part text, person uuid, kind text, holder uuid,
        since timestamptz not null, until timestamptz, accepted boolean not null default false,
        confidential boolean not null, dataset text[] not null default '{}',
        begun_by uuid not null, primary key (aggregate, part, person, kind, holder));
    create index held_person on held (person);
    create table own (entry text primary key, person uuid not null, organisation uuid not null,
        service uuid, at timestamptz not null);
    create index own_person on own (person, organisation);
    create table moved (entry text primary key, person uuid);
    create index moved_person on moved (person);
    create table links (link uuid primary key, canonical uuid not null, other uuid not null,
        linked boolean not null);
    create index links_canonical on links (canonical) where linked;
    create index links_other on links (other) where linked;
    create table people (person uuid primary key, birth_year smallint);
    create index people_birth_year on people (birth_year);
    create table not_to_be_found (person uuid, said_by uuid, primary key (person, said_by));
    create table emergencies (emergency uuid primary key, person uuid, lone_child boolean not null);
    create index emergencies_person on emergencies (person) where lone_child;
    create table forced (access uuid primary key, person uuid not null, staff uuid not null,
        sections text[] not null, until timestamptz not null);
    create index forced_person on forced (person, staff);
    create table belonging (household uuid, person uuid, joined_on date not null, left_on date,
        named_by uuid not null, named_for uuid not null, primary key (household, person));
    create index belonging_person on belonging (person);
    create table childhood (wish uuid primary key, person uuid not null, viewer uuid not null,
        from_on date not null, until_on date);
    create index childhood_person on childhood (person);
    create table obscured (wish uuid primary key, person uuid not null, service uuid, entry text,
        organisation uuid);
    create index obscured_person on obscured (person);
    create index obscured_entry on obscured (entry);
    create table consents (consent uuid primary key, person uuid not null, scope text not null,
        organisation uuid, given_at timestamptz not null, external text, withdrawn_at timestamptz);
    create index consents_person on consents (person) where withdrawn_at is null;
    create table health (consent uuid primary key, person uuid not null, agreement uuid not null,
        agreed boolean not null, at timestamptz not null);
    create index health_person on health (person);
    create table agreements (agreement uuid primary key, holder uuid not null,
        readers uuid[] not null, sections text[] not null, purpose text not null,
        from_on date not null, until_on date, ended_on date);
    create index agreements_readers on agreements using gin (readers);
    create table services (service uuid primary key, organisation uuid not null,
        confidential boolean not null);
    create table facilities (facility uuid primary key, confidential boolean not null);
    create table posts (staff uuid primary key, profession text not null);
    create table leaves (staff uuid primary key, from_on date not null, to_on date not null,
        cover uuid);
    create index leaves_cover on leaves (cover)";

/// Contexts whose events make a relation.
pub(crate) const CONTEXTS: &[Context] = &[
    Context::Intake,
    Context::Casework,
    Context::Housing,
    Context::Food,
    Context::Referrals,
    Context::Directory,
    Context::Identity,
];

/// The topic of agreements between bodies.
pub(crate) const OF_AGREEMENTS: &str = "relations/agreements";

/// The topic of who has to do with a person.
pub(crate) fn topic_of(person: PersonId) -> String {
    format!("relations/{person}")
}

impl Model for RelationTables {
    fn name(&self) -> &'static str {
        "relations"
    }

    fn contexts(&self) -> &'static [Context] {
        CONTEXTS
    }

    fn tables(&self) -> &'static str {
        TABLES
    }

    /// The gate asks it before anything is shown; no door reads it.
    fn readers(&self) -> &'static [&'static str] {
        &["gate"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move { Ok(apply(rows, read).await?) })
    }

    /// What changes who may know her, also on open pages. Nothing that a confidential service does
    /// is hinted at.
    fn topics(&self, read: &Read) -> Vec<String> {
        if let Event::Link(
            LinkEvent::PersonsLinked { canonical, other, .. }
            | LinkEvent::PersonsUnlinked { canonical, other, .. },
        ) = &read.event
        {
            return vec![topic_of(*canonical), topic_of(*other)];
        }
        if let Event::Agreement(_) = &read.event {
            return vec![OF_AGREEMENTS.into()];
        }
        let heard = matches!(
            read.event,
            Event::Case(_)
                | Event::Consent(_)
                | Event::Person(
                    PersonEvent::NotToBeFoundDeclared { .. }
                        | PersonEvent::NotToBeFoundLifted { .. }
                )
        );
        read.recorded.why.person.filter(|_| heard).map(topic_of).into_iter().collect()
    }
}

async fn apply(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    rows::own::keep(&mut *rows, read).await?;
    match &read.event {
        Event::Person(event) => rows::intake::person(rows, read, event).await,
        Event::Link(event) => rows::intake::link(rows, event).await,
        Event::Entry(event) => rows::intake::entry(rows, event).await,
        Event::Household(event) => rows::intake::household(rows, read, event).await,
        Event::Case(event) => rows::casework::case(rows, read, event).await,
        Event::Facility(event) => rows::housing::facility(rows, read, event).await,
        Event::Night(event) => rows::housing::night(rows, read, event).await,
        Event::Stay(event) => rows::housing::stay(rows, read, event).await,
        Event::Waiting(event) => rows::housing::waiting(rows, read, event).await,
        Event::Referral(event) => rows::referrals::referral(rows, read, event).await,
        Event::Consent(event) => rows::referrals::consent(rows, read, event).await,
        Event::Service(event) => rows::directory::service(rows, event).await,
        Event::Staff(event) => rows::directory::staff(rows, read, event).await,
        Event::Agreement(event) => rows::directory::agreement(rows, read, event).await,
        Event::Emergency(event) => rows::intake::emergency(rows, read, event).await,
        Event::ForcedAccess(event) => rows::identity::forced(rows, read, event).await,
        Event::Wish(event) => rows::wishes::wish(rows, read, event).await,
        Event::Contact(_)
        | Event::Delivery(_)
        | Event::Outreach(_)
        | Event::Count(_)
        | Event::Card(_)
        | Event::Meal(_)
        | Event::Parcel(_)
        | Event::Organisation(_)
        | Event::Municipality(_)
        | Event::Identity(_) => Ok(()),
    }
}
