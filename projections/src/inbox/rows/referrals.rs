use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres};
use trama_events::referrals::ReferralEvent;
use trama_platform::follow::Read;

/// Where each referral stands.
pub(in crate::inbox) async fn referral(
    rows: &mut PgConnection,
    read: &Read,
    event: &ReferralEvent,
) -> sqlx::Result<()> {
    change(read, event).execute(rows).await.map(drop)
}

const CREATE: &str = "insert into referrals (referral, person, sender, receiver, need, urgency, \
    created_position, confidential, receiver_sealed, changed_position, changed_at) \
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7, $10)";

const SENT: &str = "update referrals set stage = 'sent', changed_at = $2, \
    changed_position = $3, sent_at = $2, answer_by = $4 where referral = $1";
const ASKED: &str = "update referrals set stage = 'information_requested', changed_at = $2, \
    changed_position = $3 where referral = $1";
const GIVEN: &str = "update referrals set stage = 'sent', changed_at = $2, \
    changed_position = $3 where referral = $1";
const ACCEPTED: &str = "update referrals set stage = 'accepted', changed_at = $2, \
    changed_position = $3 where referral = $1";
const DECLINED: &str = "update referrals set stage = 'declined', changed_at = $2, \
    changed_position = $3, reason = $4, next_step = $5, elsewhere = $6 where referral = $1";
const REPORTED: &str = "update referrals set stage = 'reported', changed_at = $2, \
    changed_position = $3, reason = $4 where referral = $1";
const WITHDRAWN: &str = "update referrals set stage = 'withdrawn', changed_at = $2, \
    changed_position = $3 where referral = $1";
const EXPIRED: &str = "update referrals set stage = 'expired', changed_at = $2, \
    changed_position = $3 where referral = $1";
const VISIT_FIXED: &str = "update referrals set visit = 'scheduled', visit_changed_at = $2, visit_at = $3 where referral = $1";
const VISIT_HELD: &str =
    "update referrals set visit = 'held', visit_changed_at = $2 where referral = $1";
const VISIT_MISSED: &str =
    "update referrals set visit = 'missed', visit_changed_at = $2 where referral = $1";

fn change<'a>(read: &'a Read, event: &'a ReferralEvent) -> Query<'a, Postgres, PgArguments> {
    let (referral, at) = (read.recorded.aggregate_id, read.recorded.why.occurred_at);
    let now = |sql: &'static str| sqlx::query(sql).bind(referral).bind(at);
    match event {
        ReferralEvent::ReferralCreated {
            person,
            from,
            from_type,
            to,
            service_type,
            need,
            urgency,
            ..
        } => sqlx::query(CREATE)
            .bind(referral)
            .bind(person.0)
            .bind(from.0)
            .bind(to.0)
            .bind(<&'static str>::from(need))
            .bind(<&'static str>::from(urgency))
            .bind(read.recorded.position)
            .bind(from_type.is_confidential() || service_type.is_confidential())
            .bind(service_type.is_confidential())
            .bind(at),
        ReferralEvent::ReferralSent { answer_by } => {
            now(SENT).bind(read.recorded.position).bind(answer_by)
        }
        ReferralEvent::ReferralSeen {} => {
            sqlx::query("update referrals set seen = true where referral = $1").bind(referral)
        }
        ReferralEvent::ReferralInfoRequested { .. } => now(ASKED).bind(read.recorded.position),
        ReferralEvent::ReferralInfoGiven { .. } => now(GIVEN).bind(read.recorded.position),
        ReferralEvent::ReferralAccepted {} => now(ACCEPTED).bind(read.recorded.position),
        ReferralEvent::ReferralDeclined { reason, next_step, elsewhere, .. } => now(DECLINED)
            .bind(read.recorded.position)
            .bind(reason.code())
            .bind(next_step.code())
            .bind(elsewhere.map(|service| service.0)),
        ReferralEvent::FirstVisitScheduled { visit_at } => now(VISIT_FIXED).bind(visit_at),
        ReferralEvent::FirstVisitHeld {} => now(VISIT_HELD),
        ReferralEvent::FirstVisitMissed {} => now(VISIT_MISSED),
        ReferralEvent::ReferralOutcomeReported { need_met } => {
            now(REPORTED).bind(read.recorded.position).bind(need_met.code())
        }
        ReferralEvent::ReferralWithdrawn { .. } => now(WITHDRAWN).bind(read.recorded.position),
        ReferralEvent::ReferralExpired {} => now(EXPIRED).bind(read.recorded.position),
    }
}
