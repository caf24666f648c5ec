use sqlx::PgConnection;
use trama_events::housing::{StayEvent, WaitingEvent};
use trama_platform::follow::Read;
use uuid::Uuid;

/// Stays, with everybody who moved in, their cap and their end.
pub(in crate::inbox) async fn stay(
    rows: &mut PgConnection,
    read: &Read,
    event: &StayEvent,
) -> sqlx::Result<()> {
    let stay = read.recorded.aggregate_id;
    let change = match event {
        StayEvent::StayStarted { person, members, facility, kind, started_on, cap_on, .. } => {
            let people: Vec<Uuid> =
                std::iter::once(person).chain(members).map(|person| person.0).collect();
            sqlx::query(
                "insert into stays (stay, people, facility, started_on, cap_on, sealed) \
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(stay)
            .bind(people)
            .bind(facility.0)
            .bind(started_on)
            .bind(cap_on)
            .bind(kind.is_confidential())
        }
        StayEvent::StayExtended { until, .. } => {
            sqlx::query("update stays set cap_on = $2 where stay = $1").bind(stay).bind(until)
        }
        StayEvent::StepMoved { facility, kind, .. } => {
            sqlx::query("update stays set facility = $2, sealed = sealed or $3 where stay = $1")
                .bind(stay)
                .bind(facility.0)
                .bind(kind.is_confidential())
        }
        StayEvent::StayEnded { ended_on, destination } => sqlx::query(
            "update stays set ended_on = $2, destination = $3, ended_at = $4 where stay = $1",
        )
        .bind(stay)
        .bind(ended_on)
        .bind(destination.code())
        .bind(read.recorded.why.occurred_at),
        StayEvent::PlaceMoved { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

/// Who waits for a place.
pub(in crate::inbox) async fn waiting(
    rows: &mut PgConnection,
    read: &Read,
    event: &WaitingEvent,
) -> sqlx::Result<()> {
    let waiting = read.recorded.aggregate_id;
    let stage = "update waits set stage = $2, held_until = $3 where waiting = $1";
    let moved = |to: &'static str| sqlx::query(stage).bind(waiting).bind(to);
    let none: Option<time::OffsetDateTime> = None;
    let change = match event {
        WaitingEvent::PlaceRequested { person, facility, .. } => {
            sqlx::query("insert into waits values ($1, $2, $3, $4, 'requested')")
                .bind(waiting)
                .bind(person.0)
                .bind(facility.0)
                .bind(read.recorded.why.occurred_at)
        }
        WaitingEvent::WaitingListed {} | WaitingEvent::PlaceDeclined { .. } => {
            moved("listed").bind(none)
        }
        WaitingEvent::PlaceOffered { held_until, .. } => moved("offered").bind(held_until),
        WaitingEvent::PlaceAssigned { .. } | WaitingEvent::WaitingEnded { .. } => {
            moved("over").bind(none)
        }
    };
    change.execute(rows).await.map(drop)
}
