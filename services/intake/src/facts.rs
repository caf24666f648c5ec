//! A small copy of the directory, which services there are and which of them work now, and of this
//! context's own links and moved entries.
//!
//! When the first is late it errs on refusing, with a sentence that says so: a report, a handover
//! or a unit sent to a service that nobody staffs would be lost in silence. When the second is
//! late it errs on linking: a record that was linked a moment ago may be missed. When the third is
//! late, what was moved a moment ago shows where it was, as in every read model.

use std::collections::BTreeMap;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{PgConnection, PgPool, Postgres, Row};
use trama_events::codes::ServiceType;
use trama_events::directory::ServiceEvent;
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::{EntryEvent, LinkEvent};
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

use crate::entry::made::Reference;

/// Keeps `intake_facts.services`, `.links` and `.entries`.
#[derive(Debug, Clone, Copy)]
pub struct IntakeFacts;

impl Model for IntakeFacts {
    fn name(&self) -> &'static str {
        "intake_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory, Context::Intake]
    }

    fn tables(&self) -> &'static str {
        "create table services (service uuid primary key, service_type text not null, \
            active boolean not null default false); \
         create table links (link uuid primary key, canonical uuid not null, other uuid not null); \
         create index links_canonical on links (canonical); \
         create index links_other on links (other); \
         create table entries (aggregate_type text, aggregate uuid, sequence bigint, person uuid, \
            primary key (aggregate_type, aggregate, sequence))"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["intake"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            if let Some(change) = change(read) {
                change.execute(rows).await?;
            }
            Ok(())
        })
    }
}

type Change<'a> = Query<'a, Postgres, PgArguments>;

fn change(read: &Read) -> Option<Change<'_>> {
    let id = read.recorded.aggregate_id;
    if let Event::Service(event) = &read.event {
        return of_service(id, event);
    }
    if let Event::Link(event) = &read.event {
        return of_link(id, event);
    }
    if let Event::Entry(event) = &read.event {
        return of_entry(event);
    }
    None
}

fn of_service(service: Uuid, event: &ServiceEvent) -> Option<Change<'_>> {
    let active = |active: bool| {
        let update = "update services set active = $2 where service = $1";
        Some(sqlx::query(update).bind(service).bind(active))
    };
    match event {
        ServiceEvent::ServiceRegistered { service_type, .. } => {
            let insert = "insert into services (service, service_type) values ($1, $2)";
            Some(sqlx::query(insert).bind(service).bind(service_type.code()))
        }
        ServiceEvent::ServiceActivated { .. } => active(true),
        ServiceEvent::ServiceSuspended { .. } | ServiceEvent::ServiceClosed { .. } => active(false),
        ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::ServiceResponsibleNamed { .. }
        | ServiceEvent::ServiceResponsibleEnded { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. }
        | ServiceEvent::SiteOpened { .. }
        | ServiceEvent::SiteClosed { .. } => None,
    }
}

/// Only what is linked now: what else was judged of a pair is read from the log.
fn of_link(link: Uuid, event: &LinkEvent) -> Option<Change<'_>> {
    match event {
        LinkEvent::PersonsLinked { canonical, other, .. } => {
            let insert = "insert into links (link, canonical, other) values ($1, $2, $3)";
            Some(sqlx::query(insert).bind(link).bind(canonical.0).bind(other.0))
        }
        LinkEvent::PersonsUnlinked { .. } => {
            Some(sqlx::query("delete from links where link = $1").bind(link))
        }
        LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => None,
    }
}

/// Where an entry of this log stands now, if not as it was made; those of others are theirs.
fn of_entry(event: &EntryEvent) -> Option<Change<'_>> {
    let (entry, person) = match event {
        EntryEvent::EntryReattributed { entry, to, .. } => (entry, Some(to.0)),
        EntryEvent::EntryUndone { entry, .. } => (entry, None),
    };
    let entry = Reference::parse(entry).filter(|entry| entry.context == Context::Intake)?;
    let stands = "insert into entries values ($1, $2, $3, $4) \
         on conflict (aggregate_type, aggregate, sequence) do update set person = excluded.person";
    let stands = sqlx::query(stands).bind(entry.aggregate_type).bind(entry.aggregate);
    Some(stands.bind(entry.sequence).bind(person))
}

/// Where entries of an aggregate stand now, by their numbers: on whom, or on nobody.
pub(crate) async fn moved(
    pool: &PgPool,
    aggregate_type: &str,
    aggregate: Uuid,
) -> sqlx::Result<BTreeMap<i64, Option<PersonId>>> {
    let find = "select sequence, person from intake_facts.entries \
         where aggregate_type = $1 and aggregate = $2";
    let rows = sqlx::query(find).bind(aggregate_type).bind(aggregate).fetch_all(pool).await;
    let place = |row: PgRow| {
        Ok((row.try_get("sequence")?, row.try_get::<Option<Uuid>, _>("person")?.map(PersonId)))
    };
    or_nothing(rows)?.unwrap_or_default().into_iter().map(place).collect()
}

/// A service as the directory tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// What it does.
    pub(crate) service_type: ServiceType,
    /// Whether it works now.
    pub(crate) active: bool,
}

/// What is known of a service; `None` when nothing is.
pub(crate) async fn service(pool: &PgPool, service: ServiceId) -> sqlx::Result<Option<Known>> {
    let find = "select service_type, active from intake_facts.services where service = $1";
    let row = sqlx::query(find).bind(service.0).fetch_optional(pool).await;
    let row = or_nothing(row)?.flatten();
    row.map(|row| {
        let code: String = row.try_get("service_type")?;
        let unknown = |_| sqlx::Error::Decode("unknown service type".into());
        let service_type = code.parse().map_err(unknown)?;
        Ok(Known { service_type, active: row.try_get("active")? })
    })
    .transpose()
}

/// Whether this service works now, as far as is known. A confidential one is none that an emergency
/// could name: what stands here would say where she went (ADR 19).
pub(crate) async fn works(pool: &PgPool, id: ServiceId) -> sqlx::Result<bool> {
    let known = service(pool, id).await?;
    Ok(known.is_some_and(|known| known.active && !known.service_type.is_confidential()))
}

/// Whether one of these services works now as a social service for minors, as far as is known.
pub(crate) async fn are_for_minors(pool: &PgPool, services: &[ServiceId]) -> sqlx::Result<bool> {
    let services: Vec<Uuid> = services.iter().map(|service| service.0).collect();
    let found = sqlx::query_scalar(
        "select exists (select from intake_facts.services \
            where service = any($1) and service_type = $2 and active)",
    );
    let found = found.bind(services).bind(ServiceType::MinorsService.code()).fetch_one(pool).await;
    Ok(or_nothing(found)?.unwrap_or(false))
}

/// All records that are linked with one of these, and these themselves, at most `limit` of them.
pub(crate) async fn circle(
    pool: &PgPool,
    of: &[PersonId],
    limit: usize,
) -> sqlx::Result<Vec<PersonId>> {
    let from: Vec<Uuid> = of.iter().map(|person| person.0).collect();
    let found = sqlx::query_scalar::<_, Uuid>(
        "with recursive circle (person) as (select unnest($1::uuid[]) union \
            select case when l.canonical = c.person then l.other else l.canonical end \
            from circle c join intake_facts.links l \
                on l.canonical = c.person or l.other = c.person) \
         select person from circle limit $2",
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = or_nothing(found.bind(from).bind(limit).fetch_all(pool).await)?;
    Ok(found.map_or_else(|| of.to_vec(), |all| all.into_iter().map(PersonId).collect()))
}

/// A copy that was never built knows nothing yet; any other error stays one.
pub(crate) fn or_nothing<T>(read: sqlx::Result<T>) -> sqlx::Result<Option<T>> {
    match read {
        Err(sqlx::Error::Database(error))
            if matches!(error.code().as_deref(), Some("42P01" | "3F000")) =>
        {
            Ok(None)
        }
        read => read.map(Some),
    }
}
