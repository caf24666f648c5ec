//! The nights of one facility.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgPool, Row};
use time::Date;
use trama_events::ids::{PlaceId, ServiceId};
use trama_events::rome;
use trama_platform::caller::Caller;

use super::places::{FACILITIES, Found, PlaceNight, found, places};
use super::tonight::guests;
use super::view::{Cell, FacilityGrid, GridNight, NightCounts, PlaceNights};
use crate::fence::Sight;
use crate::indicators::asked::positions;

/// Which nights of a facility are asked for, and whether by one of its operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridAsked {
    /// The facility.
    pub facility: ServiceId,
    /// First night.
    pub from: Date,
    /// How many nights.
    pub nights: i32,
    /// Whether the reader may see its guests.
    pub own: bool,
}

/// The nights of a facility; `None` when there is none, or a secret one of others.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn grid(
    pool: &PgPool,
    caller: &Caller,
    asked: &GridAsked,
) -> sqlx::Result<Option<FacilityGrid>> {
    let mut rows = Sight::of(caller).begin(pool).await?;
    let positions = positions(&mut rows, "beds").await?;
    let query = format!("{FACILITIES} where f.facility = $2");
    let row = sqlx::query(&query)
        .bind(asked.from)
        .bind(asked.facility.0)
        .fetch_optional(&mut *rows)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let house = found(&row, asked.from)?;
    if house.secret && !asked.own {
        return Ok(None);
    }
    let seasons = seasons(&mut rows, asked.facility).await?;
    let places = places(&mut rows, &[asked.facility], asked.from, asked.nights).await?;
    let places: Vec<PlaceNight> =
        places.into_iter().filter(|place| is_there(&house, place.night)).collect();
    let nights = nights(asked, &house, &seasons, &places);
    let mut facility = house.facility;
    if let Some(first) = nights.first() {
        facility.counts = first.counts;
    }
    let tonight: Vec<PlaceNight> =
        places.iter().filter(|place| place.night == asked.from).copied().collect();
    facility.guests = asked.own.then(|| guests(&tonight));
    let places_by_night = asked.own.then(|| by_place(&places));
    Ok(Some(FacilityGrid { facility, positions, nights, places_by_night }))
}

fn is_there(house: &Found, night: Date) -> bool {
    house.opened_on <= night && house.closed_on.is_none_or(|closed_on| night < closed_on)
}

async fn seasons(rows: &mut PgConnection, facility: ServiceId) -> sqlx::Result<Vec<(Date, Date)>> {
    let query =
        "select from_night, to_night from beds.seasons where facility = $1 order by from_night";
    let found = sqlx::query(query).bind(facility.0).fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| Ok((row.try_get("from_night")?, row.try_get("to_night")?)))
        .collect()
}

fn nights(
    asked: &GridAsked,
    house: &Found,
    seasons: &[(Date, Date)],
    places: &[PlaceNight],
) -> Vec<GridNight> {
    let all_year = house.facility.season.is_none();
    let in_season =
        |night: Date| all_year || seasons.iter().any(|(from, to)| *from <= night && night <= *to);
    let night = |number: i32| {
        let night = rome::days_after(asked.from, number.into());
        let open = is_there(house, night) && in_season(night);
        let mut counts = NightCounts { open, ..NightCounts::default() };
        for place in places.iter().filter(|place| place.night == night) {
            counts.add(place);
        }
        GridNight { night, counts }
    };
    (0..asked.nights).map(night).collect()
}

fn by_place(places: &[PlaceNight]) -> Vec<PlaceNights> {
    let mut by_place: BTreeMap<PlaceId, PlaceNights> = BTreeMap::new();
    for PlaceNight { unit, place, pis_only, night, state, person, .. } in places.iter().copied() {
        let row = by_place.entry(place).or_insert_with(|| PlaceNights {
            place,
            unit,
            pis_only,
            cells: Vec::new(),
        });
        row.cells.push(Cell { night, state, person });
    }
    let mut rows: Vec<PlaceNights> = by_place.into_values().collect();
    rows.sort_by_key(|row| (row.unit, row.place));
    rows
}
