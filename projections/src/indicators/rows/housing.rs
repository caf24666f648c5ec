//! Rows from housing's log.

use sqlx::PgConnection;
use time::Date;
use trama_events::codes::{Destination, ServiceType};
use trama_events::housing::{FacilityEvent, NightEvent, StayEvent, WaitingEvent};
use trama_events::ids::{PersonId, PlaceId};
use trama_platform::follow::Read;
use uuid::Uuid;

use super::facts::Facts;
use super::seal;

/// ETHOS of a night in a shelter (domain §3.3: kinds by night are 2.1).
const BY_NIGHT: &str = "2.1";

pub(super) async fn facility(
    rows: &mut PgConnection,
    read: &Read,
    event: &FacilityEvent,
) -> sqlx::Result<()> {
    let facility = read.recorded.aggregate_id;
    let change = match event {
        FacilityEvent::FacilityOpened { kind, opened_on, .. } => {
            sqlx::query("insert into facilities values ($1, $2, $3, $4, null)")
                .bind(facility)
                .bind(kind.code())
                .bind(kind.is_confidential())
                .bind(*opened_on)
        }
        FacilityEvent::CapacityChanged { added, removed, valid_from, valid_to, .. } => {
            add_places(&mut *rows, read, added, *valid_from, *valid_to).await?;
            sqlx::query("update places set to_night = least(to_night, $2) where place = any($1)")
                .bind(uuids(removed))
                .bind(*valid_from)
        }
        FacilityEvent::FacilityClosed { closed_on } => {
            sqlx::query("update facilities set closed_on = $2 where facility = $1")
                .bind(facility)
                .bind(*closed_on)
        }
        FacilityEvent::UnitAdded { .. }
        | FacilityEvent::SeasonSet { .. }
        | FacilityEvent::PlaceBlocked { .. }
        | FacilityEvent::PlaceReleased { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

fn uuids(places: &[PlaceId]) -> Vec<Uuid> {
    places.iter().map(|place| place.0).collect()
}

async fn add_places(
    rows: &mut PgConnection,
    read: &Read,
    added: &[PlaceId],
    from: Date,
    to: Option<Date>,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into places select place, $2, $3, $4, $5 from unnest($1::uuid[]) as added (place)",
    )
    .bind(uuids(added))
    .bind(read.recorded.id())
    .bind(read.recorded.aggregate_id)
    .bind(from)
    .bind(to)
    .execute(rows)
    .await
    .map(drop)
}

pub(super) async fn night(
    rows: &mut PgConnection,
    facts: &mut Facts,
    read: &Read,
    event: &NightEvent,
) -> sqlx::Result<()> {
    match event {
        NightEvent::NightCheckedIn { night, .. } => {
            let person = read.recorded.why.person;
            facts.named(read, &read.recorded.event_type, *night, person, 1);
            situation(rows, read, &Situation { person, ethos: Some(BY_NIGHT.into()), day: *night })
                .await
        }
        NightEvent::NightReserved { .. }
        | NightEvent::NightNoShow { .. }
        | NightEvent::NightReleased { .. } => Ok(()),
    }
}

pub(super) async fn stay(
    rows: &mut PgConnection,
    facts: &mut Facts,
    read: &Read,
    event: &StayEvent,
) -> sqlx::Result<()> {
    match event {
        StayEvent::StayStarted { person, members, kind, started_on, .. } => {
            let guests: Vec<PersonId> = std::iter::once(person).chain(members).copied().collect();
            for guest in &guests {
                facts.named(read, &read.recorded.event_type, *started_on, Some(*guest), 1);
            }
            start(&mut *rows, read, &guests, *started_on).await?;
            live_in(rows, read, *kind, *started_on).await
        }
        StayEvent::StepMoved { kind, moved_on, .. } => live_in(rows, read, *kind, *moved_on).await,
        StayEvent::StayEnded { ended_on, destination } => {
            end(rows, read, *ended_on, *destination).await
        }
        StayEvent::StayExtended { .. } | StayEvent::PlaceMoved { .. } => Ok(()),
    }
}

async fn start(
    rows: &mut PgConnection,
    read: &Read,
    guests: &[PersonId],
    on: Date,
) -> sqlx::Result<()> {
    let guests: Vec<Uuid> = guests.iter().map(|guest| guest.0).collect();
    sqlx::query(
        "insert into stays select $1, number - 1, person, $3, null \
         from unnest($2::uuid[]) with ordinality as guest (person, number)",
    )
    .bind(read.recorded.aggregate_id)
    .bind(guests)
    .bind(on)
    .execute(rows)
    .await
    .map(drop)
}

/// From a day on everybody in the stay lives in this kind of housing.
async fn live_in(
    rows: &mut PgConnection,
    read: &Read,
    kind: ServiceType,
    from: Date,
) -> sqlx::Result<()> {
    if kind.is_confidential() {
        seal(&mut *rows, read.recorded.aggregate_id).await?;
    }
    everybody(rows, read, kind.housing_ethos(), from).await
}

/// Where they went; a home of their own, another city and death leave no homeless situation.
async fn end(
    rows: &mut PgConnection,
    read: &Read,
    on: Date,
    destination: Destination,
) -> sqlx::Result<()> {
    sqlx::query("update stays set ended_on = $2 where stay = $1")
        .bind(read.recorded.aggregate_id)
        .bind(on)
        .execute(&mut *rows)
        .await?;
    match destination {
        Destination::Hosted
        | Destination::ResidentialHealth
        | Destination::TherapeuticCommunity
        | Destination::Prison
        | Destination::Street
        | Destination::OwnRent
        | Destination::SocialHousing
        | Destination::HfPermanent
        | Destination::BackToFamily
        | Destination::OtherCity
        | Destination::Repatriation
        | Destination::Deceased => everybody(rows, read, destination.ethos_after(), on).await,
        // The next stay tells, or it stays as it was.
        Destination::StepUp | Destination::StepDown | Destination::Unknown => Ok(()),
    }
}

async fn everybody(
    rows: &mut PgConnection,
    read: &Read,
    ethos: Option<&str>,
    from: Date,
) -> sqlx::Result<()> {
    let recorded = &read.recorded;
    sqlx::query(
        "insert into situations select $1, part, $2, $3, $4, person, $5, $6, $7, $8 \
         from stays where stay = $4",
    )
    .bind(recorded.id())
    .bind(&recorded.event_type)
    .bind(recorded.sequence)
    .bind(recorded.aggregate_id)
    .bind(ethos)
    .bind(recorded.why.ats.as_str())
    .bind(from)
    .bind(recorded.why.occurred_at)
    .execute(rows)
    .await
    .map(drop)
}

/// Where somebody sleeps from a day on.
pub(super) struct Situation {
    pub(super) person: Option<PersonId>,
    pub(super) ethos: Option<String>,
    pub(super) day: Date,
}

pub(super) async fn situation(
    rows: &mut PgConnection,
    read: &Read,
    situation: &Situation,
) -> sqlx::Result<()> {
    let recorded = &read.recorded;
    sqlx::query("insert into situations values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(recorded.id())
        .bind(0_i16)
        .bind(&recorded.event_type)
        .bind(recorded.sequence)
        .bind(recorded.aggregate_id)
        .bind(situation.person.map(|person| person.0))
        .bind(&situation.ethos)
        .bind(recorded.why.ats.as_str())
        .bind(situation.day)
        .bind(recorded.why.occurred_at)
        .execute(rows)
        .await
        .map(drop)
}

/// Waiting is no figure of these.
pub(super) fn waiting(event: &WaitingEvent) {
    match event {
        WaitingEvent::PlaceRequested { .. }
        | WaitingEvent::WaitingListed {}
        | WaitingEvent::PlaceOffered { .. }
        | WaitingEvent::PlaceDeclined { .. }
        | WaitingEvent::PlaceAssigned { .. }
        | WaitingEvent::WaitingEnded { .. } => {}
    }
}
