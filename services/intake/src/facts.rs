//! A small copy of the directory: which services take emergency reports now.
//!
//! An emergency service that records a report itself is never held against this copy. For others
//! it errs, when it is late, on refusing, with a sentence that says so: a report to a service that
//! nobody staffs would be lost in silence.

use sqlx::{PgConnection, PgPool};
use trama_events::codes::ServiceType;
use trama_events::directory::ServiceEvent;
use trama_events::ids::ServiceId;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};

/// Keeps `intake_facts.emergency_services`.
#[derive(Debug, Clone, Copy)]
pub struct EmergencyServices;

impl Model for EmergencyServices {
    fn name(&self) -> &'static str {
        "intake_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory]
    }

    fn tables(&self) -> &'static str {
        "create table emergency_services (service uuid primary key, \
         active boolean not null default false)"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["intake"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            if let Event::Service(event) = &read.event {
                keep(rows, read.recorded.aggregate_id, event).await?;
            }
            Ok(())
        })
    }
}

async fn keep(
    rows: &mut PgConnection,
    service: uuid::Uuid,
    event: &ServiceEvent,
) -> sqlx::Result<()> {
    let change = match event {
        ServiceEvent::ServiceRegistered { service_type: ServiceType::Pis, .. } => {
            sqlx::query("insert into emergency_services (service) values ($1)").bind(service)
        }
        ServiceEvent::ServiceActivated { .. } => active(service, true),
        ServiceEvent::ServiceSuspended { .. } | ServiceEvent::ServiceClosed { .. } => {
            active(service, false)
        }
        ServiceEvent::ServiceRegistered { .. }
        | ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
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
    sqlx::query("update emergency_services set active = $2 where service = $1")
        .bind(service)
        .bind(active)
}

/// Whether this service takes emergency reports now, as far as is known.
pub(crate) async fn takes_reports(pool: &PgPool, service: ServiceId) -> sqlx::Result<bool> {
    let found = sqlx::query_scalar(
        "select exists (select from intake_facts.emergency_services where service = $1 and active)",
    )
    .bind(service.0)
    .fetch_one(pool)
    .await;
    match found {
        // The copy was never built: nothing is known yet.
        Err(sqlx::Error::Database(error))
            if matches!(error.code().as_deref(), Some("42P01" | "3F000")) =>
        {
            Ok(false)
        }
        found => found,
    }
}
