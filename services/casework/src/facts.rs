//! A small copy of other contexts: who is registered, and which stays and referrals are open.
//!
//! When it is late, it errs on refusing to open a case (a person who was registered a moment ago
//! is not known yet, and the refusal says so) and on closing one: a stay or a referral that began a
//! moment ago may be missed. Nothing is lost then, since each goes on in its own context, and the
//! closing records up to where was read. It goes by the record that the case names: what hangs on a
//! record linked with that one is not looked at yet.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, PgPool, Postgres, Row, query};
use trama_events::casework::ReadTo;
use trama_events::housing::StayEvent;
use trama_events::ids::{PersonId, ReferralId, StayId};
use trama_events::intake::PersonEvent;
use trama_events::referrals::ReferralEvent;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

use crate::case::Elsewhere;

/// Keeps `casework_facts.persons`, `.stays` and `.referrals`.
#[derive(Debug, Clone, Copy)]
pub struct CaseFacts;

impl Model for CaseFacts {
    fn name(&self) -> &'static str {
        "casework_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Intake, Context::Housing, Context::Referrals]
    }

    fn tables(&self) -> &'static str {
        "create table persons (person uuid primary key); \
         create table stays (stay uuid, person uuid, primary key (stay, person)); \
         create index stays_person on stays (person); \
         create table referrals (referral uuid primary key, person uuid not null, \
            sent boolean not null default false); \
         create index referrals_person on referrals (person)"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["casework"]
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
    if let Event::Person(PersonEvent::PersonRegistered { person, .. }) = &read.event {
        return Some(query("insert into persons (person) values ($1)").bind(person.0));
    }
    let id = read.recorded.aggregate_id;
    if let Event::Stay(event) = &read.event {
        return of_stay(id, event);
    }
    if let Event::Referral(event) = &read.event {
        return of_referral(id, event);
    }
    None
}

/// A stay is open for all who moved in together.
fn of_stay(stay: Uuid, event: &StayEvent) -> Option<Change<'_>> {
    match event {
        StayEvent::StayStarted { person, members, .. } => {
            let all: Vec<Uuid> = members.iter().chain([person]).map(|person| person.0).collect();
            let insert = "insert into stays (stay, person) \
                 select distinct $1::uuid, p from unnest($2::uuid[]) as p";
            Some(query(insert).bind(stay).bind(all))
        }
        StayEvent::StayEnded { .. } => Some(query("delete from stays where stay = $1").bind(stay)),
        StayEvent::StayExtended { .. }
        | StayEvent::PlaceMoved { .. }
        | StayEvent::StepMoved { .. } => None,
    }
}

/// From being sent until it ended; one that was accepted is open until its outcome is told.
fn of_referral(referral: Uuid, event: &ReferralEvent) -> Option<Change<'_>> {
    match event {
        ReferralEvent::ReferralCreated { person, .. } => {
            let insert = "insert into referrals (referral, person) values ($1, $2)";
            Some(query(insert).bind(referral).bind(person.0))
        }
        ReferralEvent::ReferralSent { .. } => {
            Some(query("update referrals set sent = true where referral = $1").bind(referral))
        }
        ReferralEvent::ReferralDeclined { .. }
        | ReferralEvent::ReferralOutcomeReported { .. }
        | ReferralEvent::ReferralWithdrawn { .. }
        | ReferralEvent::ReferralExpired {} => {
            Some(query("delete from referrals where referral = $1").bind(referral))
        }
        ReferralEvent::ReferralSeen {}
        | ReferralEvent::ReferralInfoRequested { .. }
        | ReferralEvent::ReferralInfoGiven { .. }
        | ReferralEvent::ReferralAccepted {}
        | ReferralEvent::FirstVisitScheduled { .. }
        | ReferralEvent::FirstVisitHeld {}
        | ReferralEvent::FirstVisitMissed {} => None,
    }
}

/// Whether somebody registered this person, as far as is known.
pub(crate) async fn is_registered(pool: &PgPool, person: PersonId) -> sqlx::Result<bool> {
    let exists = "select exists (select from casework_facts.persons where person = $1) as found";
    let row = query(exists).bind(person.0).fetch_one(pool).await;
    built(row)?.map_or(Ok(false), |row| row.try_get("found"))
}

/// What other contexts hold open for this person, and up to where their logs were read: one
/// statement, so that both belong together.
pub(crate) async fn elsewhere(pool: &PgPool, person: PersonId) -> sqlx::Result<Elsewhere> {
    let row = query(
        "select array(select stay from casework_facts.stays where person = $1 order by stay) as stays, \
            array(select referral from casework_facts.referrals \
                where person = $1 and sent order by referral) as referrals, \
            (select position from casework_facts.positions where context = 'housing') as housing, \
            (select position from casework_facts.positions where context = 'referrals') as sent",
    )
    .bind(person.0)
    .fetch_one(pool)
    .await;
    let Some(row) = built(row)? else { return Ok(Elsewhere::default()) };
    let (stays, referrals): (Vec<Uuid>, Vec<Uuid>) =
        (row.try_get("stays")?, row.try_get("referrals")?);
    Ok(Elsewhere {
        stays: stays.into_iter().map(StayId).collect(),
        referrals: referrals.into_iter().map(ReferralId).collect(),
        read_to: ReadTo { housing: row.try_get("housing")?, referrals: row.try_get("sent")? },
    })
}

/// Nothing when the copy was never built: nothing is known yet.
fn built<T>(found: sqlx::Result<T>) -> sqlx::Result<Option<T>> {
    match found {
        Err(sqlx::Error::Database(error))
            if matches!(error.code().as_deref(), Some("42P01" | "3F000")) =>
        {
            Ok(None)
        }
        found => found.map(Some),
    }
}
