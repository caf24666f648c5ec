//! Whenever a facility of ours accepts a referral, the person goes on its waiting list.

use sqlx::PgConnection;
use trama_events::ids::{PersonId, ReferralId, ServiceId, WaitingId};
use trama_events::referrals::ReferralEvent;
use trama_events::{Context, Event, rome};
use trama_platform::Failure;
use trama_platform::follow::{Applied, ApplyError, Model, Read};
use trama_platform::log::{Asked, Log, Refusal};
use uuid::Uuid;

use crate::facility::Facility;
use crate::waiting_entry::{ReferralSeen, Request, WaitingCommand, WaitingEntry};

/// What the reaction is called in receipts.
const NAME: &str = "housing.waiting";

/// The reaction. An accepted referral does not say where it went or for whom, so that it keeps
/// the unanswered ones in `housing_waiting.referrals`, in the order of their log.
#[derive(Debug, Clone)]
pub struct AcceptedReferrals {
    log: Log,
}

impl AcceptedReferrals {
    /// A reaction that asks housing's own waits.
    pub fn new(log: Log) -> Self {
        Self { log }
    }
}

impl Model for AcceptedReferrals {
    fn name(&self) -> &'static str {
        "housing_waiting"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Referrals]
    }

    fn tables(&self) -> &'static str {
        "create table referrals (referral uuid primary key, person uuid not null, \
         facility uuid not null)"
    }

    fn readers(&self) -> &'static [&'static str] {
        &[]
    }

    fn is_rebuildable(&self) -> bool {
        false
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            let Event::Referral(event) = &read.event else { return Ok(()) };
            match event {
                ReferralEvent::ReferralCreated { referral, person, to, service_type, .. } => {
                    if service_type.is_housing() {
                        remember(rows, *referral, *person, *to).await?;
                    }
                }
                ReferralEvent::ReferralAccepted {} => {
                    if let Some(seen) = take(rows, read.recorded.aggregate_id).await? {
                        self.list(seen, read).await?;
                    }
                }
                ReferralEvent::ReferralDeclined { .. }
                | ReferralEvent::ReferralWithdrawn { .. }
                | ReferralEvent::ReferralExpired {} => {
                    take(rows, read.recorded.aggregate_id).await?;
                }
                ReferralEvent::ReferralSent { .. }
                | ReferralEvent::ReferralSeen {}
                | ReferralEvent::ReferralInfoRequested { .. }
                | ReferralEvent::ReferralInfoGiven { .. }
                | ReferralEvent::FirstVisitScheduled { .. }
                | ReferralEvent::FirstVisitHeld {}
                | ReferralEvent::FirstVisitMissed {}
                | ReferralEvent::ReferralOutcomeReported { .. } => {}
            }
            Ok(())
        })
    }
}

impl AcceptedReferrals {
    /// Asks for one place, once for each event: the receipt of a repeat is the first answer. The
    /// person is known, because the referral was of a registered one.
    async fn list(&self, seen: ReferralSeen, read: &Read) -> Result<(), ApplyError> {
        let why = &read.recorded.why;
        let event = read.recorded.id();
        let (facility, _) = self.log.load::<Facility>(seen.to.0).await.map_err(|e| failed(&e))?;
        let waiting = WaitingId::derived(&[&seen.referral.to_string()]);
        let command = WaitingCommand::Request(Box::new(Request {
            waiting,
            person: seen.person,
            person_known: true,
            facility: facility.fact(rome::day_of(self.log.clock().now())),
            referral: Ok(Some(seen)),
            own: false,
            places: 1,
        }));
        let (ats, at) = (why.ats.clone(), why.occurred_at);
        let asked = Asked::by_system(NAME, event.clone(), ats, why.organisation, at);
        match self.log.ask::<WaitingEntry>(&asked, waiting.0, command).await {
            Ok(_) => Ok(()),
            Err(Failure::Rejected(refusal)) => {
                tracing::info!(event, code = refusal.code(), "nobody goes on a waiting list");
                Ok(())
            }
            Err(failure) => Err(failed(&failure)),
        }
    }
}

/// What can be reached again is waited for; the rest parks the person's events.
fn failed<R: Refusal>(failure: &Failure<R>) -> ApplyError {
    match failure {
        Failure::Unavailable | Failure::Unknown | Failure::Stale => {
            ApplyError::Unavailable(failure.to_string())
        }
        Failure::Rejected(_)
        | Failure::Denied
        | Failure::Outdated
        | Failure::KeyReused
        | Failure::Fault(_) => ApplyError::Poison(failure.to_string()),
    }
}

async fn remember(
    rows: &mut PgConnection,
    referral: ReferralId,
    person: PersonId,
    to: ServiceId,
) -> sqlx::Result<()> {
    let insert = "insert into referrals (referral, person, facility) values ($1, $2, $3) \
                  on conflict do nothing";
    let insert = sqlx::query(insert).bind(referral.0).bind(person.0).bind(to.0);
    insert.execute(rows).await.map(drop)
}

/// A referral that is answered now, if it went to a service of housing.
async fn take(rows: &mut PgConnection, referral: Uuid) -> sqlx::Result<Option<ReferralSeen>> {
    let delete = "delete from referrals where referral = $1 returning person, facility";
    let taken = sqlx::query_as(delete).bind(referral).fetch_optional(rows).await?;
    Ok(taken.map(|(person, to)| ReferralSeen {
        referral: ReferralId(referral),
        person: PersonId(person),
        to: ServiceId(to),
        accepted: true,
    }))
}
