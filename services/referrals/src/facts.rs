//! Small copies: which persons are registered, what each service does and whether it works.
//!
//! When a copy is late it errs on refusing: who or what was registered a moment ago is not known
//! yet, and the refusal says so.

use sqlx::{PgConnection, PgPool, Row};
use trama_events::directory::ServiceEvent;
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::PersonEvent;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};

use crate::referral::Receiver;

/// Keeps `referrals_facts.services` and `referrals_facts.persons`.
#[derive(Debug, Clone, Copy)]
pub struct ServiceFacts;

impl Model for ServiceFacts {
    fn name(&self) -> &'static str {
        "referrals_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory, Context::Intake]
    }

    fn tables(&self) -> &'static str {
        "create table services (service uuid primary key, service_type text not null, \
         active boolean not null default false); \
         create table persons (person uuid primary key)"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["referrals"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            if let Event::Service(event) = &read.event {
                keep(rows, read.recorded.aggregate_id, event).await?;
            }
            if let Event::Person(PersonEvent::PersonRegistered { person, .. }) = &read.event {
                keep_person(rows, *person).await?;
            }
            Ok(())
        })
    }
}

async fn keep_person(rows: &mut PgConnection, person: PersonId) -> sqlx::Result<()> {
    let insert = "insert into persons (person) values ($1) on conflict do nothing";
    sqlx::query(insert).bind(person.0).execute(rows).await.map(drop)
}

async fn keep(
    rows: &mut PgConnection,
    service: uuid::Uuid,
    event: &ServiceEvent,
) -> sqlx::Result<()> {
    let change = match event {
        ServiceEvent::ServiceRegistered { service_type, .. } => {
            sqlx::query("insert into services (service, service_type) values ($1, $2)")
                .bind(service)
                .bind(service_type.code())
        }
        ServiceEvent::ServiceActivated { .. } => active(service, true),
        ServiceEvent::ServiceSuspended { .. } | ServiceEvent::ServiceClosed { .. } => {
            active(service, false)
        }
        ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::ServiceResponsibleNamed { .. }
        | ServiceEvent::ServiceResponsibleEnded { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. }
        | ServiceEvent::SiteOpened { .. }
        | ServiceEvent::SiteClosed { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

fn active(
    service: uuid::Uuid,
    active: bool,
) -> sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments> {
    sqlx::query("update services set active = $2 where service = $1").bind(service).bind(active)
}

/// What is known of a sending or receiving service, and up to which position of the directory's log.
pub(crate) async fn service(pool: &PgPool, service: ServiceId) -> sqlx::Result<Option<Receiver>> {
    let row = sqlx::query(
        "select service_type, active, \
            (select position from referrals_facts.positions where context = 'directory') as read_to \
         from referrals_facts.services where service = $1",
    )
    .bind(service.0)
    .fetch_optional(pool)
    .await;
    let row = or_nothing(row)?.flatten();
    row.map(|row| {
        let service_type: String = row.try_get("service_type")?;
        Ok(Receiver {
            service_type: service_type
                .parse()
                .map_err(|_| sqlx::Error::Decode("unknown service type".into()))?,
            active: row.try_get("active")?,
            read_to: row.try_get("read_to")?,
        })
    })
    .transpose()
}

/// Whether somebody registered this person.
pub(crate) async fn knows_person(pool: &PgPool, person: PersonId) -> sqlx::Result<bool> {
    let known = "select exists (select from referrals_facts.persons where person = $1)";
    let known = sqlx::query_scalar(known).bind(person.0).fetch_one(pool).await;
    Ok(or_nothing(known)?.unwrap_or(false))
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
