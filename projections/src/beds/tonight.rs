//! Who may be placed on a night, facility by facility.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgPool};
use time::Date;
use trama_events::codes::ServiceType;
use trama_events::ids::{Ats, ServiceId};
use trama_platform::caller::Caller;
use uuid::Uuid;

use super::places::{FACILITIES, PlaceNight, found, places};
use super::view::{BedsTonight, FacilityTonight, Guest, SecretPlaces};
use crate::fence::Sight;
use crate::indicators::asked::{Level, positions};

/// Which facilities are asked for, on which night, by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BedsAsked {
    /// ATS of the facility; `None` for the metropolitan level.
    pub ats: Option<Ats>,
    /// Date of the evening.
    pub night: Date,
    /// One kind of housing.
    pub kind: Option<ServiceType>,
    /// Facilities whose guests the reader may see.
    pub own: Vec<ServiceId>,
    /// At most so many facilities.
    pub limit: i64,
    /// The last facility of the page before.
    pub after: Option<Uuid>,
}

/// Who may be placed on a night, as a caller sees it.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn tonight(
    pool: &PgPool,
    caller: &Caller,
    asked: &BedsAsked,
) -> sqlx::Result<BedsTonight> {
    let mut rows = Sight::of(caller).begin(pool).await?;
    let positions = positions(&mut rows, "beds").await?;
    let mut facilities = listed(&mut rows, asked).await?;
    let more = facilities.len() > usize::try_from(asked.limit).unwrap_or(usize::MAX);
    facilities.truncate(usize::try_from(asked.limit).unwrap_or(usize::MAX));
    let next = facilities.last().filter(|_| more).map(|last| last.facility.0);
    let ids: Vec<ServiceId> = facilities.iter().map(|facility| facility.facility).collect();
    let mut by_facility: BTreeMap<ServiceId, Vec<PlaceNight>> = BTreeMap::new();
    for place in places(&mut rows, &ids, asked.night, 1).await? {
        by_facility.entry(place.facility).or_default().push(place);
    }
    for facility in &mut facilities {
        let places = by_facility.remove(&facility.facility).unwrap_or_default();
        for place in &places {
            facility.counts.add(place);
        }
        facility.guests = asked.own.contains(&facility.facility).then(|| guests(&places));
    }
    let secret = secret(&mut rows, asked).await?;
    let level = Level::of(asked.ats.as_ref());
    Ok(BedsTonight {
        night: asked.night,
        level,
        ats: asked.ats.clone(),
        positions,
        facilities,
        secret,
        next,
    })
}

async fn listed(rows: &mut PgConnection, asked: &BedsAsked) -> sqlx::Result<Vec<FacilityTonight>> {
    let query = format!(
        "{FACILITIES} where f.opened_on <= $1 and (f.closed_on is null or $1 < f.closed_on) \
            and ($2::text is null or s.ats = $2) and ($3::text is null or f.kind = $3) \
            and (not f.secret or f.facility = any($4)) \
            and ($5::uuid is null or (coalesce(s.name, ''), f.facility) > ( \
                select coalesce(p.name, ''), $5 from (select $5 as facility) a \
                    left join beds.services p on p.service = a.facility)) \
         order by coalesce(s.name, ''), f.facility limit $6"
    );
    let own: Vec<Uuid> = asked.own.iter().map(|service| service.0).collect();
    let rows = sqlx::query(&query)
        .bind(asked.night)
        .bind(asked.ats.as_ref().map(Ats::as_str))
        .bind(asked.kind.map(ServiceType::code))
        .bind(own)
        .bind(asked.after)
        .bind(asked.limit + 1)
        .fetch_all(rows)
        .await?;
    rows.iter().map(|row| found(row, asked.night).map(|found| found.facility)).collect()
}

pub(super) fn guests(places: &[PlaceNight]) -> Vec<Guest> {
    let guest = |place: &PlaceNight| {
        place.person.map(|person| Guest { person, place: place.place, state: place.state })
    };
    places.iter().filter_map(guest).collect()
}

/// Capacity of secret shelters: at the metropolitan level, whatever the ATS of each.
async fn secret(rows: &mut PgConnection, asked: &BedsAsked) -> sqlx::Result<Option<SecretPlaces>> {
    if asked.ats.is_some() || asked.kind.is_some_and(|kind| !kind.is_confidential()) {
        return Ok(None);
    }
    let places: i64 = sqlx::query_scalar(
        "select count(*) from beds.secret_capacity \
         where from_night <= $1 and (to_night is null or $1 < to_night)",
    )
    .bind(asked.night)
    .fetch_one(rows)
    .await?;
    Ok((places > 0).then_some(SecretPlaces { places }))
}
