use sqlx::{PgConnection, query};
use trama_events::codes::DatasetSection;
use trama_events::referrals::{ConsentEvent, ReferralEvent};
use trama_platform::follow::Read;
use uuid::Uuid;

use super::{Held, begin};
use crate::relations::found::RelationKind;
use crate::relations::rules::{REFERRAL_DAYS_AFTER, days_after};

/// The receiver from the moment at which it is sent, the sender from the beginning.
pub(in crate::relations) async fn referral(
    rows: &mut PgConnection,
    read: &Read,
    event: &ReferralEvent,
) -> sqlx::Result<()> {
    match event {
        ReferralEvent::ReferralCreated {
            person,
            from,
            from_type,
            to,
            service_type,
            dataset,
            ..
        } => {
            let confidential = from_type.is_confidential() || service_type.is_confidential();
            let at = read.recorded.why.occurred_at;
            let party = |kind, holder: Uuid, until| Held {
                part: "",
                people: std::slice::from_ref(&person.0),
                kind,
                holder,
                until,
                confidential,
            };
            begin(&mut *rows, read, party(RelationKind::ReferralSent, from.0, None)).await?;
            // Not before it is sent: until then nobody but the sender sees it.
            let receiver = party(RelationKind::ReferralReceived, to.0, Some(at));
            begin(&mut *rows, read, receiver).await?;
            handed_over(rows, read, dataset).await
        }
        ReferralEvent::ReferralInfoGiven { sections } => handed_over(rows, read, sections).await,
        ReferralEvent::ReferralSent { .. } => sent(rows, read).await,
        ReferralEvent::ReferralAccepted {} => accepted(rows, read).await,
        ReferralEvent::ReferralDeclined { .. }
        | ReferralEvent::ReferralOutcomeReported { .. }
        | ReferralEvent::ReferralWithdrawn { .. }
        | ReferralEvent::ReferralExpired {} => ended(rows, read).await,
        ReferralEvent::ReferralSeen {}
        | ReferralEvent::ReferralInfoRequested { .. }
        | ReferralEvent::FirstVisitScheduled { .. }
        | ReferralEvent::FirstVisitHeld {}
        | ReferralEvent::FirstVisitMissed {} => Ok(()),
    }
}

async fn sent(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    query("update held set since = $2, until = null where aggregate = $1 and kind = 'referral_received'")
        .bind(read.recorded.aggregate_id)
        .bind(read.recorded.why.occurred_at)
        .execute(rows)
        .await
        .map(drop)
}

/// Only what is declared leaves, and only to the receiver.
async fn handed_over(
    rows: &mut PgConnection,
    read: &Read,
    dataset: &[DatasetSection],
) -> sqlx::Result<()> {
    let declared: Vec<&'static str> = dataset.iter().map(|part| part.code()).collect();
    query(
        "update held set dataset = dataset || $2 \
         where aggregate = $1 and kind = 'referral_received'",
    )
    .bind(read.recorded.aggregate_id)
    .bind(declared)
    .execute(rows)
    .await
    .map(drop)
}

async fn accepted(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    query("update held set accepted = true where aggregate = $1")
        .bind(read.recorded.aggregate_id)
        .execute(rows)
        .await
        .map(drop)
}

async fn ended(rows: &mut PgConnection, read: &Read) -> sqlx::Result<()> {
    let at = read.recorded.why.occurred_at;
    query(
        "update held set until = case when accepted then $3 else $2 end \
         where aggregate = $1 and until is null",
    )
    .bind(read.recorded.aggregate_id)
    .bind(at)
    .bind(days_after(at, REFERRAL_DAYS_AFTER))
    .execute(rows)
    .await
    .map(drop)
}

/// What she agreed to. Withdrawn, it is kept as a fact and found no more.
pub(in crate::relations) async fn consent(
    rows: &mut PgConnection,
    read: &Read,
    event: &ConsentEvent,
) -> sqlx::Result<()> {
    let (consent, at) = (read.recorded.aggregate_id, read.recorded.why.occurred_at);
    let change = match event {
        ConsentEvent::ConsentGiven { person, scope, to, .. } => query(
            "insert into consents (consent, person, scope, organisation, given_at) \
             values ($1, $2, $3, $4, $5) on conflict (consent) do nothing",
        )
        .bind(consent)
        .bind(person.0)
        .bind(<&'static str>::from(scope))
        .bind(to.map(|organisation| organisation.0))
        .bind(at),
        ConsentEvent::ConsentWithdrawn {} => {
            query("update consents set withdrawn_at = $2 where consent = $1").bind(consent).bind(at)
        }
        ConsentEvent::ExternalPathShared { state } => {
            query("update consents set external = $2 where consent = $1")
                .bind(consent)
                .bind(<&'static str>::from(state))
        }
        ConsentEvent::HealthAgreementRecorded { person, agreement, agreed } => query(
            "insert into health values ($1, $2, $3, $4, $5) on conflict (consent) do update set \
             agreed = excluded.agreed, at = excluded.at",
        )
        .bind(consent)
        .bind(person.0)
        .bind(agreement.0)
        .bind(agreed)
        .bind(at),
    };
    change.execute(rows).await.map(drop)
}
