use sqlx::{PgConnection, query, query_scalar};
use time::{Date, OffsetDateTime};
use trama_events::codes::ServiceType;
use trama_events::housing::{FacilityEvent, NightEvent, StayEvent, WaitingEvent};
use trama_platform::follow::Read;
use uuid::Uuid;

use super::{Held, begin, end};
use crate::relations::found::RelationKind;
use crate::relations::rules::{ASSIGNED_DAYS_MAX, days_after, night_ends};

/// Which facilities are secret: a wait and a night do not say of which kind the house is.
pub(in crate::relations) async fn facility(
    rows: &mut PgConnection,
    read: &Read,
    event: &FacilityEvent,
) -> sqlx::Result<()> {
    match event {
        FacilityEvent::FacilityOpened { kind, .. } => query(
            "insert into facilities values ($1, $2) \
             on conflict (facility) do update set confidential = excluded.confidential",
        )
        .bind(read.recorded.aggregate_id)
        .bind(kind.is_confidential())
        .execute(rows)
        .await
        .map(drop),
        FacilityEvent::UnitAdded { .. }
        | FacilityEvent::CapacityChanged { .. }
        | FacilityEvent::SeasonSet { .. }
        | FacilityEvent::PlaceBlocked { .. }
        | FacilityEvent::PlaceReleased { .. }
        | FacilityEvent::FacilityClosed { .. } => Ok(()),
    }
}

async fn is_secret(rows: &mut PgConnection, facility: Uuid) -> sqlx::Result<bool> {
    let found = query_scalar("select confidential from facilities where facility = $1");
    Ok(found.bind(facility).fetch_optional(rows).await?.unwrap_or(false))
}

/// A night that is kept for somebody, until it is over, given back or not used.
pub(in crate::relations) async fn night(
    rows: &mut PgConnection,
    read: &Read,
    event: &NightEvent,
) -> sqlx::Result<()> {
    match event {
        NightEvent::NightReserved { facility, person, night, .. } => {
            let confidential = is_secret(&mut *rows, facility.0).await?;
            let held = Held {
                part: &night.to_string(),
                people: &[person.0],
                kind: RelationKind::Night,
                holder: facility.0,
                until: Some(night_ends(*night)),
                confidential,
            };
            begin(rows, read, held).await
        }
        NightEvent::NightNoShow { night, .. } | NightEvent::NightReleased { night, .. } => {
            not_used(rows, read, *night).await
        }
        NightEvent::NightCheckedIn { .. } => Ok(()),
    }
}

async fn not_used(rows: &mut PgConnection, read: &Read, night: Date) -> sqlx::Result<()> {
    query("update held set until = least(until, $3) where aggregate = $1 and part = $2")
        .bind(read.recorded.aggregate_id)
        .bind(night.to_string())
        .bind(read.recorded.why.occurred_at)
        .execute(rows)
        .await
        .map(drop)
}

/// All who moved in together are guests. After a step the house of before has no guest any more.
pub(in crate::relations) async fn stay(
    rows: &mut PgConnection,
    read: &Read,
    event: &StayEvent,
) -> sqlx::Result<()> {
    let at = read.recorded.why.occurred_at;
    match event {
        StayEvent::StayStarted { person, members, facility, kind, .. } => {
            let people: Vec<Uuid> = members.iter().chain([person]).map(|p| p.0).collect();
            moved_in(rows, read, &people, (facility.0, *kind)).await
        }
        StayEvent::StepMoved { facility, kind, .. } => {
            let people = guests(&mut *rows, read.recorded.aggregate_id).await?;
            end(&mut *rows, read, at).await?;
            moved_in(rows, read, &people, (facility.0, *kind)).await
        }
        StayEvent::StayEnded { .. } => end(rows, read, at).await,
        StayEvent::StayExtended { .. } | StayEvent::PlaceMoved { .. } => Ok(()),
    }
}

async fn guests(rows: &mut PgConnection, stay: Uuid) -> sqlx::Result<Vec<Uuid>> {
    query_scalar("select distinct person from held where aggregate = $1 order by person")
        .bind(stay)
        .fetch_all(rows)
        .await
}

async fn moved_in(
    rows: &mut PgConnection,
    read: &Read,
    people: &[Uuid],
    (facility, kind): (Uuid, ServiceType),
) -> sqlx::Result<()> {
    let held = Held {
        part: "",
        people,
        kind: RelationKind::Stay,
        holder: facility,
        until: None,
        confidential: kind.is_confidential(),
    };
    begin(rows, read, held).await
}

/// From asking for a place until she has one, or does not wait any more.
pub(in crate::relations) async fn waiting(
    rows: &mut PgConnection,
    read: &Read,
    event: &WaitingEvent,
) -> sqlx::Result<()> {
    let at: OffsetDateTime = read.recorded.why.occurred_at;
    match event {
        WaitingEvent::PlaceRequested { person, facility, .. } => {
            let confidential = is_secret(&mut *rows, facility.0).await?;
            let held = Held {
                part: "",
                people: &[person.0],
                kind: RelationKind::Waiting,
                holder: facility.0,
                until: None,
                confidential,
            };
            begin(rows, read, held).await
        }
        WaitingEvent::PlaceAssigned { .. } => {
            end(rows, read, days_after(at, ASSIGNED_DAYS_MAX)).await
        }
        WaitingEvent::WaitingEnded { .. } => end(rows, read, at).await,
        WaitingEvent::WaitingListed {}
        | WaitingEvent::PlaceOffered { .. }
        | WaitingEvent::PlaceDeclined { .. } => Ok(()),
    }
}
