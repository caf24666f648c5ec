//! A small copy of other contexts: who is registered, which services work, who is on the staff,
//! and which stays and referrals are open.
//!
//! What a confidential service does is not counted: neither a stay in a secret shelter nor a
//! referral from or to a confidential service may show itself in a refusal.
//!
//! When it is late, it errs on refusing to open a case (a person who was registered a moment ago
//! is not known yet, and the refusal says so; the same holds for a service and a colleague) and on
//! closing one: a stay or a referral that began a
//! moment ago may be missed. Nothing is lost then, since each goes on in its own context, and the
//! closing records up to where was read. It goes by the record that the case names: what hangs on a
//! record linked with that one is not looked at yet.
//!
//! An entry that was moved to another person a moment ago may still count where it was made.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{PgConnection, PgPool, Postgres, Row, query};
use time::Date;
use trama_events::casework::ReadTo;
use trama_events::codes::OrganisationKind;
use trama_events::directory::{OrganisationEvent, ServiceEvent, StaffEvent};
use trama_events::housing::StayEvent;
use trama_events::ids::{CaseId, PersonId, ReferralId, ServiceId, StaffId, StayId};
use trama_events::intake::{EntryEvent, PersonEvent};
use trama_events::referrals::ReferralEvent;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use uuid::Uuid;

use crate::case::{Colleagues, Elsewhere};

/// Keeps `casework_facts.persons`, `.services`, `.bodies`, `.staff`, `.stays`, `.referrals` and
/// `.moved`.
#[derive(Debug, Clone, Copy)]
pub struct CaseFacts;

impl Model for CaseFacts {
    fn name(&self) -> &'static str {
        "casework_facts"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Directory, Context::Intake, Context::Housing, Context::Referrals]
    }

    fn tables(&self) -> &'static str {
        "create table persons (person uuid primary key); \
         create table services (service uuid primary key, active boolean not null default false); \
         create table bodies (organisation uuid primary key, health boolean not null); \
         create table staff (staff uuid primary key, organisation uuid not null, ended_on date); \
         create table stays (stay uuid, person uuid, confidential boolean not null, \
            primary key (stay, person)); \
         create index stays_person on stays (person); \
         create table referrals (referral uuid primary key, person uuid not null, \
            sent boolean not null default false); \
         create index referrals_person on referrals (person); \
         create table moved (case_id uuid, number bigint, person uuid, \
            primary key (case_id, number)); \
         create index moved_person on moved (person)"
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
    if let Event::Service(event) = &read.event {
        return of_service(id, event);
    }
    if let Event::Organisation(event) = &read.event {
        return of_body(event);
    }
    if let Event::Staff(event) = &read.event {
        return of_staff(id, event);
    }
    if let Event::Stay(event) = &read.event {
        return of_stay(id, event);
    }
    if let Event::Referral(event) = &read.event {
        return of_referral(id, event);
    }
    if let Event::Entry(event) = &read.event {
        return of_entry(event);
    }
    None
}

fn of_service(service: Uuid, event: &ServiceEvent) -> Option<Change<'_>> {
    let active = |active: bool| {
        let update = "update services set active = $2 where service = $1";
        Some(query(update).bind(service).bind(active))
    };
    match event {
        ServiceEvent::ServiceRegistered { .. } => {
            Some(query("insert into services (service) values ($1)").bind(service))
        }
        ServiceEvent::ServiceActivated { .. } => active(true),
        ServiceEvent::ServiceSuspended { .. } | ServiceEvent::ServiceClosed { .. } => active(false),
        ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::ServiceResponsibleNamed { .. }
        | ServiceEvent::ServiceResponsibleEnded { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. }
        | ServiceEvent::SiteOpened { .. }
        | ServiceEvent::SiteClosed { .. } => None,
    }
}

/// Which bodies are health authorities: their staff are the health side of a unit.
fn of_body(event: &OrganisationEvent) -> Option<Change<'_>> {
    match event {
        OrganisationEvent::OrganisationRegistered { organisation, kind, .. } => {
            let insert = "insert into bodies (organisation, health) values ($1, $2)";
            let health = *kind == OrganisationKind::HealthAuthority;
            Some(query(insert).bind(organisation.0).bind(health))
        }
        OrganisationEvent::OrganisationRenamed { .. } => None,
    }
}

fn of_staff(staff: Uuid, event: &StaffEvent) -> Option<Change<'_>> {
    match event {
        StaffEvent::StaffHired { organisation, .. } => {
            let insert = "insert into staff (staff, organisation) values ($1, $2) \
                 on conflict (staff) do update set ended_on = null, \
                    organisation = excluded.organisation";
            Some(query(insert).bind(staff).bind(organisation.0))
        }
        StaffEvent::StaffEnded { on } => {
            Some(query("update staff set ended_on = $2 where staff = $1").bind(staff).bind(on))
        }
        StaffEvent::AccountBound { .. }
        | StaffEvent::MembershipGranted { .. }
        | StaffEvent::MembershipEnded { .. }
        | StaffEvent::LeaveStarted { .. }
        | StaffEvent::LeaveEnded { .. }
        | StaffEvent::AccessSuspended { .. }
        | StaffEvent::AccessRestored {} => None,
    }
}

/// A stay is open for all who moved in together. It is confidential while it is in a facility of
/// such a kind: after a step into another one it counts again.
fn of_stay(stay: Uuid, event: &StayEvent) -> Option<Change<'_>> {
    match event {
        StayEvent::StayStarted { person, members, kind, .. } => {
            let all: Vec<Uuid> = members.iter().chain([person]).map(|person| person.0).collect();
            let insert = "insert into stays (stay, person, confidential) \
                 select distinct $1::uuid, p, $3 from unnest($2::uuid[]) as p";
            Some(query(insert).bind(stay).bind(all).bind(kind.is_confidential()))
        }
        StayEvent::StepMoved { kind, .. } => {
            let update = "update stays set confidential = $2 where stay = $1";
            Some(query(update).bind(stay).bind(kind.is_confidential()))
        }
        StayEvent::StayEnded { .. } => Some(query("delete from stays where stay = $1").bind(stay)),
        StayEvent::StayExtended { .. } | StayEvent::PlaceMoved { .. } => None,
    }
}

/// From being sent until it ended; one that was accepted is open until its outcome is told. One
/// from or to a confidential service is not kept at all.
fn of_referral(referral: Uuid, event: &ReferralEvent) -> Option<Change<'_>> {
    match event {
        ReferralEvent::ReferralCreated { from_type, service_type, .. }
            if from_type.is_confidential() || service_type.is_confidential() =>
        {
            None
        }
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

/// On whom an entry of a case stands now; on nobody once it was taken back.
fn of_entry(event: &EntryEvent) -> Option<Change<'_>> {
    let (entry, person) = match event {
        EntryEvent::EntryReattributed { entry, to, .. } => (entry, Some(to.0)),
        EntryEvent::EntryUndone { entry, .. } => (entry, None),
    };
    let (case, number) = entry.strip_prefix("casework/case-")?.split_once('/')?;
    let (case, number): (Uuid, i64) = (case.parse().ok()?, number.parse().ok()?);
    let stands = "insert into moved (case_id, number, person) values ($1, $2, $3) \
         on conflict (case_id, number) do update set person = excluded.person";
    Some(query(stands).bind(case).bind(number).bind(person))
}

/// An entry that was moved, and on whom it stands now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MovedEntry {
    /// In which case it was made.
    pub(crate) case: CaseId,
    /// Its sequence number there.
    pub(crate) number: i64,
    /// On whom it stands; on nobody once it was taken back.
    pub(crate) person: Option<PersonId>,
}

/// What was moved from this case, and what was moved to this person.
pub(crate) async fn moved(
    pool: &PgPool,
    case: CaseId,
    person: PersonId,
) -> sqlx::Result<Vec<MovedEntry>> {
    let find = "select case_id, number, person from casework_facts.moved \
         where case_id = $1 or person = $2 order by case_id, number";
    let rows = query(find).bind(case.0).bind(person.0).fetch_all(pool).await;
    let entry = |row: &PgRow| {
        Ok(MovedEntry {
            case: CaseId(row.try_get("case_id")?),
            number: row.try_get("number")?,
            person: row.try_get::<Option<Uuid>, _>("person")?.map(PersonId),
        })
    };
    built(rows)?.unwrap_or_default().iter().map(entry).collect()
}

/// Whether somebody registered this person, as far as is known.
pub(crate) async fn is_registered(pool: &PgPool, person: PersonId) -> sqlx::Result<bool> {
    let exists = "select exists (select from casework_facts.persons where person = $1) as found";
    let row = query(exists).bind(person.0).fetch_one(pool).await;
    built(row)?.map_or(Ok(false), |row| row.try_get("found"))
}

/// Whether this service is registered and works, as far as is known.
pub(crate) async fn is_active(pool: &PgPool, service: ServiceId) -> sqlx::Result<bool> {
    let exists = "select exists (select from casework_facts.services where service = $1 and active) as found";
    let row = query(exists).bind(service.0).fetch_one(pool).await;
    built(row)?.map_or(Ok(false), |row| row.try_get("found"))
}

/// Whether somebody works on this day, as far as is known.
pub(crate) async fn is_staff(pool: &PgPool, staff: StaffId, today: Date) -> sqlx::Result<bool> {
    let exists = "select exists (select from casework_facts.staff \
         where staff = $1 and (ended_on is null or ended_on > $2)) as found";
    let row = query(exists).bind(staff.0).bind(today).fetch_one(pool).await;
    built(row)?.map_or(Ok(false), |row| row.try_get("found"))
}

/// Which of these people work on this day, and which of them at a health authority, as far as is
/// known.
pub(crate) async fn colleagues(
    pool: &PgPool,
    staff: &[StaffId],
    today: Date,
) -> sqlx::Result<Colleagues> {
    let asked: Vec<Uuid> = staff.iter().map(|member| member.0).collect();
    let found = query(
        "select staff, coalesce(health, false) as health from casework_facts.staff \
            left join casework_facts.bodies using (organisation) \
         where staff = any($1) and (ended_on is null or ended_on > $2) order by staff",
    );
    let rows = built(found.bind(asked).bind(today).fetch_all(pool).await)?.unwrap_or_default();
    let mut known = Colleagues::default();
    for row in rows {
        let member = StaffId(row.try_get("staff")?);
        known.on_staff.push(member);
        if row.try_get("health")? {
            known.of_health.push(member);
        }
    }
    Ok(known)
}

/// What other contexts hold open for this person and may be told, and up to where their logs were read: one
/// statement, so that both belong together.
pub(crate) async fn elsewhere(pool: &PgPool, person: PersonId) -> sqlx::Result<Elsewhere> {
    let row = query(
        "select array(select stay from casework_facts.stays \
                where person = $1 and not confidential order by stay) as stays, \
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
