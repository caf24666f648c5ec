//! Places and facilities on a night, as the rows give them.

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use time::Date;
use trama_events::ids::{PersonId, PlaceId, ServiceId, UnitId};
use uuid::Uuid;

use super::view::{CellState, FacilityTonight, NightCounts, Season};

/// A place on a night, as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlaceNight {
    pub(super) facility: ServiceId,
    pub(super) unit: UnitId,
    pub(super) place: PlaceId,
    pub(super) pis_only: bool,
    pub(super) night: Date,
    pub(super) state: CellState,
    pub(super) person: Option<PersonId>,
}

/// Places of facilities `$1` on `$3` nights from `$2` on, with who has them as far as the reader's
/// fence shows it. That somebody has them, `taken` and `lodged` say.
const PLACES: &str = "
    select p.facility, p.unit, p.place, p.pis_only, d.night,
        case when n.person is not null then n.state when t.state is not null then t.state
            when exists (select from beds.lodged l where l.place = p.place
                and l.from_night <= d.night and (l.to_night is null or d.night < l.to_night)) then 'stay'
            when exists (select from beds.blocks b where b.place = p.place
                and b.from_night <= d.night and (b.to_night is null or d.night < b.to_night)) then 'blocked'
            else 'free' end as state,
        coalesce(n.person, l.person) as person
    from (select $2::date + n as night from generate_series(0, $3::int - 1) as n) as d
        join beds.places p on p.facility = any($1) and p.from_night <= d.night
            and (p.to_night is null or d.night < p.to_night)
        left join lateral (select n.person, n.state from beds.nights n where n.place = p.place
            and n.night = d.night and n.state in ('reserved', 'checked_in')
            order by n.person limit 1) n on true
        left join lateral (select l.person from beds.lodgings l where l.place = p.place
            and l.from_night <= d.night and (l.to_night is null or d.night < l.to_night)
            order by l.person limit 1) l on true
        left join lateral (select t.state from beds.taken t where t.place = p.place
            and t.night = d.night order by t.state limit 1) t on true
    order by p.facility, p.unit, p.place, d.night";

pub(super) async fn places(
    rows: &mut PgConnection,
    of: &[ServiceId],
    from: Date,
    nights: i32,
) -> sqlx::Result<Vec<PlaceNight>> {
    let of: Vec<Uuid> = of.iter().map(|facility| facility.0).collect();
    let found = sqlx::query(PLACES).bind(of).bind(from).bind(nights).fetch_all(rows).await?;
    let place = |row: PgRow| {
        let state: String = row.try_get("state")?;
        Ok(PlaceNight {
            facility: ServiceId(row.try_get("facility")?),
            unit: UnitId(row.try_get("unit")?),
            place: PlaceId(row.try_get("place")?),
            pis_only: row.try_get("pis_only")?,
            night: row.try_get("night")?,
            state: state
                .parse()
                .map_err(|_| sqlx::Error::Decode("unknown state of a place".into()))?,
            person: row.try_get::<Option<Uuid>, _>("person")?.map(PersonId),
        })
    };
    found.into_iter().map(place).collect()
}

impl NightCounts {
    pub(super) fn add(&mut self, place: &PlaceNight) {
        self.places += 1;
        self.pis_only += i64::from(place.pis_only);
        match place.state {
            CellState::Free if self.open => {
                self.free += 1;
                self.free_pis_only += i64::from(place.pis_only);
            }
            CellState::Free => {}
            CellState::Reserved => self.reserved += 1,
            CellState::CheckedIn => self.checked_in += 1,
            CellState::Stay => self.stay += 1,
            CellState::Blocked => self.blocked += 1,
        }
    }
}

/// Facilities that are there on night `$1`, with name, ATS and season; `open` when there is no
/// season, or one that holds the night.
pub(super) const FACILITIES: &str = "
    select f.facility, f.kind, f.secret, s.name, s.ats, s.municipality, f.opened_on, f.closed_on,
        f.kind = 'mobile_shelter'
            or exists (select from beds.seasons z where z.facility = f.facility)
            as seasonal,
        z.from_night, z.to_night,
        (select count(*) from beds.waits w where w.facility = f.facility and w.listed_on <= $1
            and (w.ended_on is null or w.ended_on > $1)) as waiting
    from beds.facilities f left join beds.services s on s.service = f.facility
        left join lateral (select z.from_night, z.to_night from beds.seasons z
            where z.facility = f.facility and z.to_night >= $1
            order by z.from_night limit 1) z on true ";

pub(super) struct Found {
    pub(super) secret: bool,
    pub(super) opened_on: Date,
    pub(super) closed_on: Option<Date>,
    pub(super) facility: FacilityTonight,
}

pub(super) fn found(row: &PgRow, night: Date) -> sqlx::Result<Found> {
    let (opened_on, closed_on): (Date, Option<Date>) =
        (row.try_get("opened_on")?, row.try_get("closed_on")?);
    let from: Option<Date> = row.try_get("from_night")?;
    let open = from.is_some_and(|from| from <= night);
    let season = row.try_get::<bool, _>("seasonal")?;
    let season = season.then_some(Season { open, from, to: row.try_get("to_night")? });
    let there = opened_on <= night && closed_on.is_none_or(|closed_on| night < closed_on);
    let facility = FacilityTonight {
        facility: ServiceId(row.try_get("facility")?),
        name: row.try_get("name")?,
        kind: row.try_get("kind")?,
        ats: row.try_get("ats")?,
        municipality: row.try_get("municipality")?,
        season,
        counts: NightCounts {
            open: there && season.is_none_or(|season| season.open),
            ..NightCounts::default()
        },
        waiting: row.try_get("waiting")?,
        guests: None,
    };
    Ok(Found { secret: row.try_get("secret")?, opened_on, closed_on, facility })
}
