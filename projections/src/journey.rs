//! The journey of a person across services: one row for each event that concerns her.
//!
//! Rows are facts with both their clocks. Stays, waits and the housing situation are computed from
//! them when somebody reads, so that "what did we know then" and "what had happened by then" are
//! exact. Linked records are brought together when read: an unlink restores both. So are entries that
//! were moved from a wrong person to the right one.

mod audit;
mod corrected;
mod facts;
mod fences;
mod frames;
mod hear;
mod http;
mod joined;
mod load;

mod moves;
mod sections;
mod situations;
mod spans;
mod view;

use sqlx::PgConnection;
use trama_events::directory::ServiceEvent;
use trama_events::intake::LinkEvent;
use trama_events::{Context, Event};
use trama_platform::doors::{Doors, Gate};
use trama_platform::follow::{Applied, Fence, Model, Read, Touched};

pub use audit::{Moved, READ as READ_MOVES, moves as moves_of};
pub use frames::{Framed, Reconstructed, frames, reconstruct};
pub(crate) use http::may_read;
pub use http::{CodeView, PersonRecord, READ, listable};
pub use joined::{Joined, codes_of, links_of};
pub use load::{Asked, NoSuchPerson, journey, persons_by_code};
pub use sections::SECTIONS;
pub use situations::Situation;
pub use spans::Span;
pub use view::{Author, Entry, Journey as JourneyView, Place, Record};

use crate::{ReadModels, organisations};
use facts::Fact;

/// Keeps `journey`.
#[derive(Debug, Clone, Copy)]
pub struct Journey;

const TABLES: &str = "
    create table facts (context text, position bigint, person uuid, aggregate_type text not null,
        aggregate uuid not null, sequence bigint not null, kind text not null,
        happened_on date not null, occurred_at timestamptz not null,
        recorded_at timestamptz not null, organisation uuid, role text, actor uuid, service uuid,
        step text, due_on date, ethos text, corrects bigint, confidential boolean not null,
        detail jsonb not null, primary key (context, position));
    create index facts_person on facts (person);
    create index facts_aggregate on facts (aggregate);
    create table also (person uuid, context text, aggregate uuid, recorded_at timestamptz not null,
        primary key (person, context, aggregate));
    create index also_aggregate on also (aggregate);
    create table codes (person uuid primary key, code text not null);
    create index codes_code on codes (code);
    create table sealed (context text, aggregate uuid, since bigint not null,
        primary key (context, aggregate));
    create table links (position bigint primary key, link uuid not null, canonical uuid not null,
        other uuid not null, linked boolean not null, recorded_at timestamptz not null);
    create index links_canonical on links (canonical);
    create index links_other on links (other);
    create table services (service uuid primary key, service_type text not null,
        organisation uuid not null, name text not null);
    create table organisations (organisation uuid primary key, name text not null);
    create table moves (position bigint primary key, entry text not null,
        aggregate uuid not null, from_person uuid, to_person uuid, reason text,
        actor uuid not null, organisation uuid not null, recorded_at timestamptz not null);
    create index moves_aggregate on moves (aggregate);
    create index moves_from on moves (from_person);
    create index moves_to on moves (to_person)";

impl Model for Journey {
    fn name(&self) -> &'static str {
        "journey"
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

    fn fences(&self) -> Vec<Fence> {
        fences::fences()
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        self.apply_all(rows, std::slice::from_ref(read))
    }

    fn apply_all<'a>(&'a self, rows: &'a mut PgConnection, batch: &'a [Read]) -> Applied<'a> {
        Box::pin(async move {
            let facts: Vec<Fact> = batch.iter().filter_map(facts::fact_of).collect();
            if !facts.is_empty() {
                keep(rows, &facts).await?;
            }
            for read in batch {
                keep_beside(rows, read).await?;
            }
            Ok(())
        })
    }

    fn touched<'a>(&'a self, rows: &'a mut PgConnection, batch: &'a [Read]) -> Touched<'a> {
        Box::pin(async move { Ok(hear::touched(rows, batch).await?) })
    }
}

/// Who is concerned besides, and what is confidential, is kept before the facts: a later event of
/// a confidential referral does not say that it is one. Nothing that tells more than "something
/// external" is kept of those.
async fn keep(rows: &mut PgConnection, facts: &[Fact]) -> sqlx::Result<()> {
    let given = serde_json::to_value(facts).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let beside = [
        "insert into also select person::uuid, context, aggregate, recorded_at \
         from jsonb_to_recordset($1) f (context text, aggregate uuid, recorded_at timestamptz, also jsonb), \
              jsonb_array_elements_text(also) person on conflict do nothing",
        "insert into sealed select context, aggregate, min(position) from jsonb_to_recordset($1) \
            f (context text, aggregate uuid, position bigint, seals boolean) \
         where seals group by context, aggregate on conflict do nothing",
    ];
    let needed = [facts.iter().any(|f| !f.also.is_empty()), facts.iter().any(|f| f.seals)];
    for (statement, _) in beside.iter().zip(needed).filter(|(_, needed)| *needed) {
        sqlx::query(statement).bind(&given).execute(&mut *rows).await?;
    }
    let insert = "insert into facts select f.context, f.position, f.person, f.aggregate_type, \
            f.aggregate, f.sequence, f.kind, f.happened_on, f.occurred_at, f.recorded_at, \
            case when s.since is null then f.organisation end, \
            case when s.since is null then f.role end, \
            case when s.since is null then f.actor end, \
            case when s.since is null then f.service end, \
            f.step, case when s.since is null then f.due_on end, \
            case when s.since is null then f.ethos end, f.corrects, s.since is not null, \
            case when s.since is null then f.detail else '{}' end \
         from jsonb_populate_recordset(null::facts, $1) f left join sealed s \
            on s.context = f.context and s.aggregate = f.aggregate and s.since <= f.position";
    sqlx::query(insert).bind(given).execute(rows).await.map(drop)
}

/// Small tables beside the facts: links, codes, and the public names of the directory. What is not
/// kept here, [`facts::fact_of`] handles event by event.
async fn keep_beside(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    match &read.event {
        Event::Person(event) => keep_code(rows, event).await,
        Event::Link(event) => keep_link(rows, read, event).await,
        Event::Entry(event) => moves::keep(rows, read, event).await,
        Event::Service(event) => keep_service(rows, event).await,
        Event::Organisation(event) => {
            organisations::keep(rows, read.recorded.aggregate_id, event).await
        }
        Event::Contact(_)
        | Event::Delivery(_)
        | Event::Outreach(_)
        | Event::Emergency(_)
        | Event::Count(_)
        | Event::Case(_)
        | Event::Facility(_)
        | Event::Night(_)
        | Event::Stay(_)
        | Event::Waiting(_)
        | Event::Card(_)
        | Event::Meal(_)
        | Event::Parcel(_)
        | Event::Referral(_)
        | Event::Staff(_)
        | Event::Household(_)
        | Event::Wish(_)
        | Event::Consent(_)
        | Event::Agreement(_)
        | Event::Identity(_)
        | Event::ForcedAccess(_)
        | Event::Municipality(_) => Ok(()),
    }
}

async fn keep_code(
    rows: &mut PgConnection,
    event: &trama_events::intake::PersonEvent,
) -> sqlx::Result<()> {
    use trama_events::intake::PersonEvent;
    match event {
        PersonEvent::PersonRegistered { person, code, .. } => {
            sqlx::query("insert into codes values ($1, $2)")
                .bind(person.0)
                .bind(code.as_str())
                .execute(rows)
                .await
                .map(drop)
        }
        PersonEvent::AliasRecorded { .. }
        | PersonEvent::IdentifierAdded { .. }
        | PersonEvent::IdentifierExpired { .. }
        | PersonEvent::IdentifierSuperseded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::HousingSituationRecorded { .. }
        | PersonEvent::HousingSituationCorrected { .. }
        | PersonEvent::EngagementProgressed { .. }
        | PersonEvent::NotToBeFoundDeclared { .. }
        | PersonEvent::NotToBeFoundLifted { .. } => Ok(()),
    }
}

async fn keep_link(rows: &mut PgConnection, read: &Read, event: &LinkEvent) -> sqlx::Result<()> {
    let (link, canonical, other, linked) = match event {
        LinkEvent::PersonsLinked { link, canonical, other, .. } => (link, canonical, other, true),
        LinkEvent::PersonsUnlinked { link, canonical, other, .. } => {
            (link, canonical, other, false)
        }
        LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => {
            return Ok(());
        }
    };
    sqlx::query("insert into links values ($1, $2, $3, $4, $5, $6)")
        .bind(read.recorded.position)
        .bind(link.0)
        .bind(canonical.0)
        .bind(other.0)
        .bind(linked)
        .bind(read.recorded.why.recorded_at)
        .execute(rows)
        .await
        .map(drop)
}

async fn keep_service(rows: &mut PgConnection, event: &ServiceEvent) -> sqlx::Result<()> {
    match event {
        ServiceEvent::ServiceRegistered { service, organisation, name, service_type, .. } => {
            sqlx::query("insert into services values ($1, $2, $3, $4)")
                .bind(service.0)
                .bind(service_type.code())
                .bind(organisation.0)
                .bind(name)
                .execute(rows)
                .await
                .map(drop)
        }
        ServiceEvent::ServiceActivated { .. }
        | ServiceEvent::ServiceSuspended { .. }
        | ServiceEvent::ServiceClosed { .. }
        | ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::ServiceResponsibleNamed { .. }
        | ServiceEvent::ServiceResponsibleEnded { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. }
        | ServiceEvent::SiteOpened { .. }
        | ServiceEvent::SiteClosed { .. } => Ok(()),
    }
}

pub(crate) fn doors(gate: &Gate) -> Doors<ReadModels> {
    http::doors(gate)
}
