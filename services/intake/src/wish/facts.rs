//! A small copy of the directory, which body runs which service and which of them are confidential,
//! and of which decisions there are of a person.
//!
//! When it is late it errs on refusing what was registered a moment ago, and on not listing what was
//! decided a moment ago.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, PgPool, Postgres, query, query_scalar};
use trama_events::directory::ServiceEvent;
use trama_events::ids::{OrganisationId, PersonId, ServiceId, WishId};
use trama_events::intake::WishEvent;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

use crate::facts::or_nothing;

/// Keeps `wish_facts.services` and `wish_facts.wishes`.
#[derive(Debug, Clone, Copy)]
pub struct WishFacts;

/// Most decisions that are listed of one person, the newest first.
const LISTED_MAX: i64 = 100;

impl Model for WishFacts {
    fn name(&self) -> &'static str {
        "wish_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory, Context::Intake]
    }

    fn tables(&self) -> &'static str {
        "create table services (service uuid primary key, organisation uuid not null, \
            confidential boolean not null); \
         create index services_organisation on services (organisation); \
         create table wishes (wish uuid primary key, person uuid not null, \
            organisation uuid not null, position bigint not null, over boolean not null); \
         create index wishes_person on wishes (person, organisation)"
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
    if let Event::Service(ServiceEvent::ServiceRegistered {
        service,
        organisation,
        service_type,
        ..
    }) = &read.event
    {
        let insert = query("insert into services values ($1, $2, $3)");
        let confidential = service_type.is_confidential();
        return Some(insert.bind(service.0).bind(organisation.0).bind(confidential));
    }
    let Event::Wish(event) = &read.event else { return None };
    Some(match event {
        WishEvent::ChildhoodOpened { wish, person, .. }
        | WishEvent::RecordObscured { wish, person, .. } => {
            let insert = query("insert into wishes values ($1, $2, $3, $4, false)");
            let recorded = &read.recorded;
            let by = recorded.why.organisation.0;
            insert.bind(wish.0).bind(person.0).bind(by).bind(recorded.position)
        }
        WishEvent::ChildhoodClosed {} | WishEvent::ObscuringLifted { .. } => {
            let over = query("update wishes set over = true where wish = $1");
            over.bind(read.recorded.aggregate_id)
        }
    })
}

/// Whether the directory has this service, and it is not confidential.
pub(crate) async fn is_service(pool: &PgPool, service: ServiceId) -> sqlx::Result<bool> {
    let find = "select exists (select from wish_facts.services \
         where service = $1 and not confidential)";
    let found = query_scalar(find).bind(service.0).fetch_one(pool).await;
    Ok(or_nothing(found)?.unwrap_or(false))
}

/// Whether this body runs this service.
pub(crate) async fn runs(
    pool: &PgPool,
    body: OrganisationId,
    service: ServiceId,
) -> sqlx::Result<bool> {
    let find = "select exists (select from wish_facts.services \
         where organisation = $1 and service = $2)";
    let found = query_scalar(find).bind(body.0).bind(service.0).fetch_one(pool).await;
    Ok(or_nothing(found)?.unwrap_or(false))
}

/// Whether this body runs a service that is not confidential.
pub(crate) async fn is_body(pool: &PgPool, body: OrganisationId) -> sqlx::Result<bool> {
    let find = "select exists (select from wish_facts.services \
         where organisation = $1 and not confidential)";
    let found = query_scalar(find).bind(body.0).fetch_one(pool).await;
    Ok(or_nothing(found)?.unwrap_or(false))
}

/// Decisions of a person that stand and that this body took down, the newest first: at most 100.
pub(crate) async fn of_person(
    pool: &PgPool,
    person: PersonId,
    by: OrganisationId,
) -> sqlx::Result<Vec<WishId>> {
    let find = "select wish from wish_facts.wishes \
         where person = $1 and organisation = $2 and not over order by position desc limit $3";
    let found = query_scalar(find).bind(person.0).bind(by.0).bind(LISTED_MAX).fetch_all(pool).await;
    let found: Vec<Uuid> = or_nothing(found)?.unwrap_or_default();
    Ok(found.into_iter().map(WishId).collect())
}
