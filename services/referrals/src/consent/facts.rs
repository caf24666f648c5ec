//! A small copy of the directory: which bodies there are, and which agreements stand between them.
//!
//! When it is late it errs on refusing what was registered a moment ago, and on taking a word that
//! rests on an agreement which ended a moment ago.

use sqlx::{PgConnection, PgPool, query, query_scalar};
use time::Date;
use trama_events::directory::{AgreementEvent, OrganisationEvent};
use trama_events::ids::{AgreementId, OrganisationId};
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

use crate::facts::or_nothing;

/// Keeps `consent_facts.bodies` and `consent_facts.agreements`.
#[derive(Debug, Clone, Copy)]
pub struct ConsentFacts;

impl Model for ConsentFacts {
    fn name(&self) -> &'static str {
        "consent_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory]
    }

    fn tables(&self) -> &'static str {
        "create table bodies (body uuid primary key); \
         create table agreements (agreement uuid primary key, parties uuid[] not null, \
            from_on date not null, until_on date, ended_on date)"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["referrals"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            if let Event::Organisation(event) = &read.event {
                keep_body(&mut *rows, event).await?;
            }
            if let Event::Agreement(event) = &read.event {
                keep_agreement(rows, read.recorded.aggregate_id, event).await?;
            }
            Ok(())
        })
    }
}

async fn keep_body(rows: &mut PgConnection, event: &OrganisationEvent) -> sqlx::Result<()> {
    match event {
        OrganisationEvent::OrganisationRegistered { organisation, .. } => {
            let insert = "insert into bodies values ($1) on conflict do nothing";
            query(insert).bind(organisation.0).execute(rows).await.map(drop)
        }
        OrganisationEvent::OrganisationRenamed { .. } => Ok(()),
    }
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

/// Whether an organisation is registered, as far as is known.
pub(crate) async fn knows_body(pool: &PgPool, body: OrganisationId) -> sqlx::Result<bool> {
    let known = "select exists (select from consent_facts.bodies where body = $1)";
    let known = query_scalar(known).bind(body.0).fetch_one(pool).await;
    Ok(or_nothing(known)?.unwrap_or(false))
}

/// Whether an agreement stands on this day between this body and others, as far as is known.
pub(crate) async fn is_party(
    pool: &PgPool,
    agreement: AgreementId,
    body: OrganisationId,
    today: Date,
) -> sqlx::Result<bool> {
    let stands = "select exists (select from consent_facts.agreements \
         where agreement = $1 and $2 = any(parties) and from_on <= $3 \
            and (until_on is null or until_on >= $3) and (ended_on is null or ended_on > $3))";
    let stands =
        query_scalar(stands).bind(agreement.0).bind(body.0).bind(today).fetch_one(pool).await;
    Ok(or_nothing(stands)?.unwrap_or(false))
}
