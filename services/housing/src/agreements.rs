//! A small copy of the two agreements by which a threshold admits on the route of the mental-health
//! department (R80): the standing one between bodies, and what the health service said of a person.
//!
//! When the copy is late it errs on refusing what was agreed a moment ago, and on admitting by an
//! agreement that ended a moment ago.

use sqlx::{PgConnection, PgPool, query, query_as};
use time::Date;
use trama_events::codes::OrganisationKind;
use trama_events::directory::{AgreementEvent, OrganisationEvent, ServiceEvent};
use trama_events::ids::{PersonId, ServiceId};
use trama_events::referrals::ConsentEvent;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

use crate::facts::or_nothing;
use crate::stay::Agreements;

/// Keeps `housing_agreements`: `healths`, `houses`, `agreements` and `words`.
#[derive(Debug, Clone, Copy)]
pub struct HealthAgreements;

impl Model for HealthAgreements {
    fn name(&self) -> &'static str {
        "housing_agreements"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory, Context::Referrals]
    }

    fn tables(&self) -> &'static str {
        "create table healths (organisation uuid primary key); \
         create table houses (facility uuid primary key, organisation uuid not null); \
         create table agreements (agreement uuid primary key, parties uuid[] not null, \
            from_on date not null, until_on date, ended_on date); \
         create table words (person uuid, agreement uuid, agreed boolean not null, \
            primary key (person, agreement))"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["housing"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            if let Event::Organisation(event) = &read.event {
                keep_health(rows, event).await?;
            } else if let Event::Service(event) = &read.event {
                keep_house(rows, event).await?;
            } else if let Event::Agreement(event) = &read.event {
                keep_agreement(rows, read.recorded.aggregate_id, event).await?;
            } else if let Event::Consent(event) = &read.event {
                keep_word(rows, event).await?;
            }
            Ok(())
        })
    }
}

async fn keep_health(rows: &mut PgConnection, event: &OrganisationEvent) -> sqlx::Result<()> {
    match event {
        OrganisationEvent::OrganisationRegistered {
            organisation,
            kind: OrganisationKind::HealthAuthority,
            ..
        } => {
            let insert = "insert into healths values ($1) on conflict do nothing";
            query(insert).bind(organisation.0).execute(rows).await.map(drop)
        }
        OrganisationEvent::OrganisationRegistered { .. }
        | OrganisationEvent::OrganisationRenamed { .. } => Ok(()),
    }
}

/// Whose a facility is, its registration says; the other events of a service do not change it.
async fn keep_house(rows: &mut PgConnection, event: &ServiceEvent) -> sqlx::Result<()> {
    let ServiceEvent::ServiceRegistered { service, organisation, service_type, .. } = event else {
        return Ok(());
    };
    if !service_type.is_housing() {
        return Ok(());
    }
    let insert = "insert into houses values ($1, $2) on conflict do nothing";
    query(insert).bind(service.0).bind(organisation.0).execute(rows).await.map(drop)
}

async fn keep_agreement(
    rows: &mut PgConnection,
    agreement: Uuid,
    event: &AgreementEvent,
) -> sqlx::Result<()> {
    let change = match event {
        AgreementEvent::AgreementSigned { holder, readers, from, until, .. } => {
            let parties: Vec<Uuid> = readers.iter().chain([holder]).map(|body| body.0).collect();
            query("insert into agreements values ($1, $2, $3, $4)")
                .bind(agreement)
                .bind(parties)
                .bind(from)
                .bind(until)
        }
        AgreementEvent::AgreementEnded { on } => {
            query("update agreements set ended_on = $2 where agreement = $1")
                .bind(agreement)
                .bind(on)
        }
    };
    change.execute(rows).await.map(drop)
}

/// The last word counts.
async fn keep_word(rows: &mut PgConnection, event: &ConsentEvent) -> sqlx::Result<()> {
    match event {
        ConsentEvent::HealthAgreementRecorded { person, agreement, agreed } => {
            let upsert = "insert into words values ($1, $2, $3) \
                 on conflict (person, agreement) do update set agreed = excluded.agreed";
            let upsert = query(upsert).bind(person.0).bind(agreement.0).bind(agreed);
            upsert.execute(rows).await.map(drop)
        }
        ConsentEvent::ConsentGiven { .. }
        | ConsentEvent::ConsentWithdrawn {}
        | ConsentEvent::ExternalPathShared { .. } => Ok(()),
    }
}

/// The agreements in force on `$3` between the body of the facility `$1` and a health authority, and
/// whether that authority agreed for the person `$2` under one of them.
const STANDING: &str = "
    with standing as (
        select a.agreement from housing_agreements.houses h
        join housing_agreements.agreements a on h.organisation = any(a.parties)
        where h.facility = $1 and a.from_on <= $3
            and (a.until_on is null or a.until_on >= $3)
            and (a.ended_on is null or a.ended_on > $3)
            and exists (select from housing_agreements.healths x where x.organisation = any(a.parties))
    )
    select exists (select from standing),
        exists (select from standing join housing_agreements.words w using (agreement)
            where w.person = $2 and w.agreed)";

/// Which of the two agreements stand for a person and a facility on a day, as far as is known.
pub(crate) async fn agreements(
    pool: &PgPool,
    facility: ServiceId,
    person: PersonId,
    day: Date,
) -> sqlx::Result<Agreements> {
    let found = query_as(STANDING).bind(facility.0).bind(person.0).bind(day);
    let found: Option<(bool, bool)> = or_nothing(found.fetch_one(pool).await)?;
    let (standing, personal) = found.unwrap_or_default();
    Ok(Agreements { standing, personal })
}
