//! A small copy of other contexts' facts: what each service does, and which records are one
//! person.
//!
//! When the first is late it errs on taking in: a confidential service's own people are in its own
//! log, so that nobody meets them here by the shared doors anyhow. When the second is late, one
//! person appears twice among candidates.

use std::collections::BTreeMap;

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, PgPool, Postgres};
use trama_events::codes::ServiceType;
use trama_events::directory::ServiceEvent;
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::LinkEvent;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

/// Keeps `identity_facts.services` and `.links`.
#[derive(Debug, Clone, Copy)]
pub struct IdentityFacts;

impl Model for IdentityFacts {
    fn name(&self) -> &'static str {
        "identity_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory, Context::Intake]
    }

    fn tables(&self) -> &'static str {
        "create table services (service uuid primary key, service_type text not null); \
         create table links (link uuid primary key, canonical uuid not null, other uuid not null); \
         create index links_canonical on links (canonical); \
         create index links_other on links (other)"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["identity"]
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

fn change(read: &Read) -> Option<Query<'_, Postgres, PgArguments>> {
    let id = read.recorded.aggregate_id;
    if let Event::Service(ServiceEvent::ServiceRegistered { service_type, .. }) = &read.event {
        let insert = "insert into services (service, service_type) values ($1, $2)";
        return Some(sqlx::query(insert).bind(id).bind(service_type.code()));
    }
    let Event::Link(event) = &read.event else { return None };
    match event {
        LinkEvent::PersonsLinked { canonical, other, .. } => {
            let insert = "insert into links (link, canonical, other) values ($1, $2, $3)";
            Some(sqlx::query(insert).bind(id).bind(canonical.0).bind(other.0))
        }
        LinkEvent::PersonsUnlinked { .. } => {
            Some(sqlx::query("delete from links where link = $1").bind(id))
        }
        LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => None,
    }
}

/// What a service does; `None` when nothing is known of it.
pub(crate) async fn service_type(
    pool: &PgPool,
    service: ServiceId,
) -> sqlx::Result<Option<ServiceType>> {
    let find = "select service_type from identity_facts.services where service = $1";
    let found = sqlx::query_scalar::<_, String>(find).bind(service.0).fetch_optional(pool).await;
    let unknown = |_| sqlx::Error::Decode("unknown service type".into());
    or_nothing(found)?.flatten().map(|code| code.parse().map_err(unknown)).transpose()
}

/// For each of these persons whose record stands behind another one: the record in front. A chain
/// longer than ten ends there.
pub(crate) async fn fronts(
    pool: &PgPool,
    persons: &[PersonId],
) -> sqlx::Result<BTreeMap<PersonId, PersonId>> {
    let persons: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let find = "with recursive chain (person, front, far) as ( \
            select p, l.canonical, 1 from unnest($1::uuid[]) p \
                join identity_facts.links l on l.other = p \
            union all select c.person, l.canonical, c.far + 1 from chain c \
                join identity_facts.links l on l.other = c.front where c.far < 10) \
        select distinct on (person) person, front from chain order by person, far desc";
    let found = sqlx::query_as::<_, (Uuid, Uuid)>(find).bind(persons).fetch_all(pool).await;
    let found = or_nothing(found)?.unwrap_or_default();
    Ok(found.into_iter().map(|(person, front)| (PersonId(person), PersonId(front))).collect())
}

/// A copy that was never built knows nothing yet; any other error stays one.
fn or_nothing<T>(read: sqlx::Result<T>) -> sqlx::Result<Option<T>> {
    match read {
        Err(sqlx::Error::Database(error))
            if matches!(error.code().as_deref(), Some("42P01" | "3F000")) =>
        {
            Ok(None)
        }
        read => read.map(Some),
    }
}
