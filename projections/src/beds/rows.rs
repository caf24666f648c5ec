//! Rows from housing's log. Each depends on the order inside that one log only.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use trama_events::housing::{FacilityEvent, NightEvent, StayEvent, WaitingEvent};
use trama_events::ids::{PersonId, PlaceId, ServiceId, UnitId};
use trama_events::rome;
use uuid::Uuid;

pub(super) async fn facility(
    rows: &mut PgConnection,
    facility: Uuid,
    at: OffsetDateTime,
    event: &FacilityEvent,
) -> sqlx::Result<()> {
    let change = match event {
        FacilityEvent::FacilityOpened { kind, opened_on, .. } => {
            sqlx::query("insert into facilities values ($1, $2, $3, $4, null)")
                .bind(facility)
                .bind(kind.code())
                .bind(kind.is_confidential())
                .bind(*opened_on)
        }
        FacilityEvent::UnitAdded { .. } => return Ok(()),
        FacilityEvent::CapacityChanged {
            unit,
            added,
            removed,
            valid_from,
            valid_to,
            pis_only,
            ..
        } => {
            return capacity(
                rows,
                facility,
                &Change {
                    unit: *unit,
                    added,
                    removed,
                    from: *valid_from,
                    to: *valid_to,
                    pis_only: *pis_only,
                },
            )
            .await;
        }
        FacilityEvent::SeasonSet { from, to } => return season(rows, facility, *from, *to).await,
        FacilityEvent::PlaceBlocked { place, from, to, .. } => sqlx::query(
            "insert into blocks values ($1, $2, $3) \
             on conflict (place, from_night) do update set to_night = excluded.to_night",
        )
        .bind(place.0)
        .bind(*from)
        .bind(*to),
        // Free again from the night on in which it was released.
        FacilityEvent::PlaceReleased { place } => {
            sqlx::query("update blocks set to_night = least(to_night, $2) where place = $1")
                .bind(place.0)
                .bind(rome::night_of(at))
        }
        FacilityEvent::FacilityClosed { closed_on } => {
            sqlx::query("update facilities set closed_on = $2 where facility = $1")
                .bind(facility)
                .bind(*closed_on)
        }
    };
    change.execute(rows).await.map(drop)
}

struct Change<'a> {
    unit: UnitId,
    added: &'a [PlaceId],
    removed: &'a [PlaceId],
    from: Date,
    to: Option<Date>,
    pis_only: bool,
}

async fn capacity(
    rows: &mut PgConnection,
    facility: Uuid,
    change: &Change<'_>,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into places select place, $2, $3, $4, $5, $6 \
         from unnest($1::uuid[]) as added (place)",
    )
    .bind(uuids(change.added))
    .bind(facility)
    .bind(change.unit.0)
    .bind(change.from)
    .bind(change.to)
    .bind(change.pis_only)
    .execute(&mut *rows)
    .await?;
    sqlx::query("update places set to_night = least(to_night, $2) where place = any($1)")
        .bind(uuids(change.removed))
        .bind(change.from)
        .execute(rows)
        .await
        .map(drop)
}

fn uuids(places: &[PlaceId]) -> Vec<Uuid> {
    places.iter().map(|place| place.0).collect()
}

/// A season takes the place of those that it overlaps.
async fn season(rows: &mut PgConnection, facility: Uuid, from: Date, to: Date) -> sqlx::Result<()> {
    sqlx::query("delete from seasons where facility = $1 and from_night <= $3 and to_night >= $2")
        .bind(facility)
        .bind(from)
        .bind(to)
        .execute(&mut *rows)
        .await?;
    sqlx::query("insert into seasons values ($1, $2, $3)")
        .bind(facility)
        .bind(from)
        .bind(to)
        .execute(rows)
        .await
        .map(drop)
}

pub(super) async fn night(
    rows: &mut PgConnection,
    ledger: Uuid,
    event: &NightEvent,
) -> sqlx::Result<()> {
    let (night, place, state) = match event {
        NightEvent::NightReserved { facility, person, place, night, .. } => {
            return sqlx::query(
                "insert into nights values ($1, $2, $3, $4, $5, 'reserved') \
                 on conflict (ledger, night) \
                 do update set place = excluded.place, state = excluded.state",
            )
            .bind(ledger)
            .bind(*night)
            .bind(facility.0)
            .bind(person.0)
            .bind(place.0)
            .execute(rows)
            .await
            .map(drop);
        }
        NightEvent::NightCheckedIn { night, place } => (night, place, "checked_in"),
        NightEvent::NightNoShow { night, place } => (night, place, "no_show"),
        NightEvent::NightReleased { night, place } => (night, place, "released"),
    };
    sqlx::query("update nights set place = $3, state = $4 where ledger = $1 and night = $2")
        .bind(ledger)
        .bind(*night)
        .bind(place.0)
        .bind(state)
        .execute(rows)
        .await
        .map(drop)
}

pub(super) async fn stay(
    rows: &mut PgConnection,
    stay: Uuid,
    event: &StayEvent,
) -> sqlx::Result<()> {
    match event {
        StayEvent::StayStarted { person, members, facility, places, started_on, .. } => {
            guests(&mut *rows, stay, *person, members).await?;
            lodge(rows, stay, Some(*facility), places, *started_on).await
        }
        StayEvent::StayExtended { .. } => Ok(()),
        StayEvent::PlaceMoved { places, moved_on, .. } => {
            lodge(rows, stay, None, places, *moved_on).await
        }
        StayEvent::StepMoved { facility, places, moved_on, .. } => {
            lodge(rows, stay, Some(*facility), places, *moved_on).await
        }
        StayEvent::StayEnded { ended_on, .. } => leave(rows, stay, *ended_on).await,
    }
}

async fn guests(
    rows: &mut PgConnection,
    stay: Uuid,
    person: PersonId,
    members: &[PersonId],
) -> sqlx::Result<()> {
    let guests: Vec<Uuid> =
        std::iter::once(person).chain(members.iter().copied()).map(|p| p.0).collect();
    sqlx::query(
        "insert into guests select $1, number, person \
         from unnest($2::uuid[]) with ordinality as guest (person, number)",
    )
    .bind(stay)
    .bind(guests)
    .execute(rows)
    .await
    .map(drop)
}

/// The n-th guest has the n-th place, from a night on; the facility stays where none is named.
async fn lodge(
    rows: &mut PgConnection,
    stay: Uuid,
    facility: Option<ServiceId>,
    places: &[PlaceId],
    from: Date,
) -> sqlx::Result<()> {
    sqlx::query(
        "insert into lodgings select g.stay, g.number, $2, null, coalesce($3, last.facility), \
            p.place, g.person \
         from guests g join unnest($4::uuid[]) with ordinality as p (place, number) using (number) \
            left join lateral (select facility from lodgings l where l.stay = g.stay \
                and l.number = g.number order by l.from_night desc limit 1) last on true \
         where g.stay = $1 on conflict (stay, number, from_night) do update \
            set to_night = null, facility = excluded.facility, place = excluded.place",
    )
    .bind(stay)
    .bind(from)
    .bind(facility.map(|facility| facility.0))
    .bind(uuids(places))
    .execute(&mut *rows)
    .await?;
    sqlx::query(
        "update lodgings set to_night = least(to_night, $2) where stay = $1 and from_night < $2",
    )
    .bind(stay)
    .bind(from)
    .execute(rows)
    .await
    .map(drop)
}

async fn leave(rows: &mut PgConnection, stay: Uuid, ended_on: Date) -> sqlx::Result<()> {
    sqlx::query("update lodgings set to_night = least(to_night, $2) where stay = $1")
        .bind(stay)
        .bind(ended_on)
        .execute(rows)
        .await
        .map(drop)
}

pub(super) async fn waiting(
    rows: &mut PgConnection,
    wait: Uuid,
    at: OffsetDateTime,
    event: &WaitingEvent,
) -> sqlx::Result<()> {
    let day = rome::day_of(at);
    let change = match event {
        WaitingEvent::PlaceRequested { facility, places, .. } => {
            sqlx::query("insert into waits (wait, facility, places) values ($1, $2, $3)")
                .bind(wait)
                .bind(facility.0)
                .bind(i32::from(*places))
        }
        WaitingEvent::WaitingListed {} => sqlx::query(
            "update waits set listed_on = coalesce(listed_on, $2), ended_on = null where wait = $1",
        )
        .bind(wait)
        .bind(day),
        WaitingEvent::PlaceOffered { .. } | WaitingEvent::PlaceDeclined { .. } => return Ok(()),
        WaitingEvent::PlaceAssigned { .. } | WaitingEvent::WaitingEnded { .. } => {
            sqlx::query("update waits set ended_on = coalesce(ended_on, $2) where wait = $1")
                .bind(wait)
                .bind(day)
        }
    };
    change.execute(rows).await.map(drop)
}
