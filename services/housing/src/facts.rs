//! Small copies: registered persons, cases with their projects and facts, referrals.
//!
//! When a copy is late it errs on refusing, and the refusal says so. A stay records the position
//! in casework's log that its decision had read. An eligibility fact that was moved to another
//! person proves what it says for her and for nobody else; one that was moved a moment ago may
//! still count where it was. Facts and moves are kept apart and joined when they are read, so that
//! the rows are the same for every order of the two logs.

use sqlx::{PgConnection, PgPool, Postgres, Row};
use time::Date;
use trama_events::casework::{CaseEvent, EligibilityFact};
use trama_events::envelope::Recorded;
use trama_events::ids::{PersonId, ReferralId, ServiceId};
use trama_events::intake::{EntryEvent, PersonEvent};
use trama_events::referrals::ReferralEvent;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

use crate::stay::{FactSeen, ProjectFact};
use crate::waiting_entry::ReferralSeen;

/// Keeps `housing_facts`: `persons`, `cases`, `eligibility`, `moved` and `referrals`.
#[derive(Debug, Clone, Copy)]
pub struct HousingFacts;

impl Model for HousingFacts {
    fn name(&self) -> &'static str {
        "housing_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Casework, Context::Intake, Context::Referrals]
    }

    fn tables(&self) -> &'static str {
        "create table persons (person uuid primary key, service uuid not null); \
         create table cases (case_id uuid primary key, person uuid not null, \
            service uuid not null, open boolean not null default true, \
            project_active boolean not null default false); \
         create index cases_person on cases (person); \
         create table eligibility (entry text primary key, case_id uuid not null, \
            number bigint not null, fact text not null, valid_to date); \
         create index eligibility_case on eligibility (case_id); \
         create table moved (entry text primary key, person uuid); \
         create index moved_person on moved (person); \
         create table referrals (referral uuid primary key, person uuid not null, \
            receiver uuid not null, \
            accepted boolean not null default false)"
    }

    fn readers(&self) -> &'static [&'static str] {
        &["housing"]
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            let aggregate = read.recorded.aggregate_id;
            if let Event::Case(CaseEvent::EligibilityFactRecorded { fact, valid_to }) = &read.event
            {
                keep_fact(rows, &read.recorded, *fact, *valid_to).await?;
            } else if let Event::Entry(event) = &read.event {
                keep_move(rows, event).await?;
            } else if let Event::Person(PersonEvent::PersonRegistered { person, service, .. }) =
                &read.event
            {
                keep_person(rows, *person, *service).await?;
            } else if let Event::Case(event) = &read.event {
                keep_case(rows, aggregate, event).await?;
            } else if let Event::Referral(event) = &read.event {
                keep_referral(rows, aggregate, event).await?;
            }
            Ok(())
        })
    }
}

async fn keep_person(
    rows: &mut PgConnection,
    person: PersonId,
    service: ServiceId,
) -> sqlx::Result<()> {
    let insert = "insert into persons (person, service) values ($1, $2) on conflict do nothing";
    sqlx::query(insert).bind(person.0).bind(service.0).execute(rows).await.map(drop)
}

async fn keep_case(rows: &mut PgConnection, case: Uuid, event: &CaseEvent) -> sqlx::Result<()> {
    let change = match event {
        CaseEvent::CaseOpened { person, service, .. } => sqlx::query(
            "insert into cases (case_id, person, service) values ($1, $2, $3) \
             on conflict do nothing",
        )
        .bind(case)
        .bind(person.0)
        .bind(service.0),
        CaseEvent::ProjectSigned { .. } => {
            sqlx::query("update cases set project_active = true where case_id = $1").bind(case)
        }
        CaseEvent::ProjectCompleted {} | CaseEvent::ProjectInterrupted { .. } => {
            sqlx::query("update cases set project_active = false where case_id = $1").bind(case)
        }
        CaseEvent::CaseClosed { .. } => {
            sqlx::query("update cases set open = false, project_active = false where case_id = $1")
                .bind(case)
        }
        CaseEvent::EligibilityFactRecorded { .. }
        | CaseEvent::ProjectDrafted { .. }
        | CaseEvent::CaseManagerAssigned { .. }
        | CaseEvent::TeamMemberAdded { .. }
        | CaseEvent::TeamMemberRemoved { .. }
        | CaseEvent::UvmConvened { .. }
        | CaseEvent::UvmCancelled {}
        | CaseEvent::CarePlanApproved { .. }
        | CaseEvent::GuardianAppointed { .. }
        | CaseEvent::GuardianshipEnded {}
        | CaseEvent::AssessmentRecorded { .. }
        | CaseEvent::TakenInCharge { .. }
        | CaseEvent::GoalSet { .. }
        | CaseEvent::GoalReviewed { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

async fn keep_fact(
    rows: &mut PgConnection,
    recorded: &Recorded,
    fact: EligibilityFact,
    valid_to: Option<Date>,
) -> sqlx::Result<()> {
    let insert = "insert into eligibility (entry, case_id, number, fact, valid_to) \
         values ($1, $2, $3, $4, $5) on conflict do nothing";
    let insert = sqlx::query(insert).bind(recorded.id()).bind(recorded.aggregate_id);
    let insert = insert.bind(recorded.sequence).bind(fact.code()).bind(valid_to);
    insert.execute(rows).await.map(drop)
}

/// On whom an entry of casework stands now; on nobody once it was taken back.
async fn keep_move(rows: &mut PgConnection, event: &EntryEvent) -> sqlx::Result<()> {
    let (entry, person) = match event {
        EntryEvent::EntryReattributed { entry, to, .. } => (entry, Some(to.0)),
        EntryEvent::EntryUndone { entry, .. } => (entry, None),
    };
    if !entry.starts_with("casework/") {
        return Ok(());
    }
    let stands = "insert into moved (entry, person) values ($1, $2) \
         on conflict (entry) do update set person = excluded.person";
    sqlx::query(stands).bind(entry).bind(person).execute(rows).await.map(drop)
}

async fn keep_referral(
    rows: &mut PgConnection,
    referral: Uuid,
    event: &ReferralEvent,
) -> sqlx::Result<()> {
    let change = match event {
        ReferralEvent::ReferralCreated { person, to, .. } => sqlx::query(
            "insert into referrals (referral, person, receiver) values ($1, $2, $3) \
             on conflict do nothing",
        )
        .bind(referral)
        .bind(person.0)
        .bind(to.0),
        ReferralEvent::ReferralAccepted {} => {
            sqlx::query("update referrals set accepted = true where referral = $1").bind(referral)
        }
        ReferralEvent::ReferralSent { .. }
        | ReferralEvent::ReferralSeen {}
        | ReferralEvent::ReferralInfoRequested { .. }
        | ReferralEvent::ReferralInfoGiven { .. }
        | ReferralEvent::ReferralDeclined { .. }
        | ReferralEvent::FirstVisitScheduled { .. }
        | ReferralEvent::FirstVisitHeld {}
        | ReferralEvent::FirstVisitMissed {}
        | ReferralEvent::ReferralOutcomeReported { .. }
        | ReferralEvent::ReferralWithdrawn { .. }
        | ReferralEvent::ReferralExpired {} => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

/// Whether somebody registered each of these people.
pub(crate) async fn knows_all(pool: &PgPool, people: &[PersonId]) -> sqlx::Result<bool> {
    let people: Vec<Uuid> = people.iter().map(|person| person.0).collect();
    let known = sqlx::query_scalar(
        "select not exists (select from unnest($1::uuid[]) as asked (person) \
            where not exists (select from housing_facts.persons p where p.person = asked.person))",
    );
    Ok(or_nothing(known.bind(people).fetch_one(pool).await)?.unwrap_or(false))
}

/// Whether all these people are the house's own: it registered each of them itself, under a
/// pseudonym that nobody else has.
pub(crate) async fn are_own(
    pool: &PgPool,
    people: &[PersonId],
    house: ServiceId,
) -> sqlx::Result<bool> {
    let people: Vec<Uuid> = people.iter().map(|person| person.0).collect();
    let own = sqlx::query_scalar(
        "select not exists (select from unnest($1::uuid[]) as asked (person) \
            where not exists (select from housing_facts.persons p \
                where p.person = asked.person and p.service = $2))",
    );
    let own = own.bind(people).bind(house.0).fetch_one(pool).await;
    Ok(or_nothing(own)?.unwrap_or(false))
}

/// The facts on a person's means and work: of each case the last that stands on her, also of
/// another person's case where it was moved to her from there.
pub(crate) async fn eligibility(pool: &PgPool, person: PersonId) -> sqlx::Result<Vec<FactSeen>> {
    let found = sqlx::query(
        "select distinct on (fact, case_id) fact, valid_to from ( \
            select e.* from housing_facts.cases c join housing_facts.eligibility e using (case_id) \
            where c.person = $1 \
                and not exists (select from housing_facts.moved m where m.entry = e.entry) \
            union all \
            select e.* from housing_facts.moved m join housing_facts.eligibility e using (entry) \
            where m.person = $1) as hers \
         order by fact, case_id, number desc",
    );
    let rows = or_nothing(found.bind(person.0).fetch_all(pool).await)?.unwrap_or_default();
    rows.iter()
        .map(|row| {
            let fact: String = row.try_get("fact")?;
            let fact = fact.parse().map_err(|_| sqlx::Error::Decode("unknown fact".into()))?;
            Ok(FactSeen { fact, valid_to: row.try_get("valid_to")? })
        })
        .collect()
}

/// Whether a person has an active project, and up to which position of casework's log.
pub(crate) async fn project(pool: &PgPool, person: PersonId) -> sqlx::Result<ProjectFact> {
    let found = sqlx::query_as(
        "select exists (select from housing_facts.cases where person = $1 and project_active), \
            position from housing_facts.positions where context = 'casework'",
    );
    let found = or_nothing(found.bind(person.0).fetch_optional(pool).await)?.flatten();
    let (active, read_to) = found.unwrap_or((false, 0));
    Ok(ProjectFact { active, read_to })
}

/// Whether one of these services holds an open case of the person.
pub(crate) async fn holds_case(
    pool: &PgPool,
    person: PersonId,
    services: &[ServiceId],
) -> sqlx::Result<bool> {
    let services: Vec<Uuid> = services.iter().map(|service| service.0).collect();
    let held = sqlx::query_scalar(
        "select exists (select from housing_facts.cases \
            where person = $1 and service = any($2) and open)",
    );
    let held = held.bind(person.0).bind(services).fetch_one(pool).await;
    Ok(or_nothing(held)?.unwrap_or(false))
}

/// A referral, as far as it is known here.
pub(crate) async fn referral(
    pool: &PgPool,
    referral: ReferralId,
) -> sqlx::Result<Option<ReferralSeen>> {
    let found = sqlx::query_as::<Postgres, (Uuid, Uuid, bool)>(
        "select person, receiver, accepted from housing_facts.referrals where referral = $1",
    );
    let found = or_nothing(found.bind(referral.0).fetch_optional(pool).await)?.flatten();
    Ok(found.map(|(person, to, accepted)| ReferralSeen {
        referral,
        person: PersonId(person),
        to: ServiceId(to),
        accepted,
    }))
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
