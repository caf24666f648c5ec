//! What the answers about beds hold.

use serde::Serialize;
use time::Date;
use trama_events::ids::{Ats, PersonId, PlaceId, ServiceId, UnitId};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::indicators::asked::{Level, Positions};

/// Places of a night, facility by facility.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BedsTonight {
    /// Date of the evening.
    pub night: Date,
    /// `ats` or `metropolitan`.
    pub level: Level,
    /// The ATS, at that level.
    pub ats: Option<Ats>,
    /// How far the logs were read.
    #[schema(value_type = Object)]
    pub positions: Positions,
    /// Facilities that are there on that night, by name.
    pub facilities: Vec<FacilityTonight>,
    /// Secret shelters: capacity only, at the metropolitan level only.
    pub secret: Option<SecretPlaces>,
    /// Give it as `after` for the next page; `null` at the end.
    pub next: Option<Uuid>,
}

/// Capacity of all secret shelters together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SecretPlaces {
    /// Places on that night.
    pub places: i64,
}

/// One facility on one night.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityTonight {
    /// The facility: the id of its service.
    pub facility: ServiceId,
    /// Public name, once the directory told it.
    pub name: Option<String>,
    /// Its kind of housing.
    pub kind: String,
    /// Its ATS, once the directory told it.
    pub ats: Option<String>,
    /// Its municipality (ISTAT code), unless it is secret.
    pub municipality: Option<String>,
    /// When it is open, where it is not open all year.
    pub season: Option<Season>,
    /// Places and what they are.
    #[serde(flatten)]
    pub counts: NightCounts,
    /// People who wait for a place: how many waits are listed.
    pub waiting: i64,
    /// Who is where, for its operators; `null` for everybody else.
    pub guests: Option<Vec<Guest>>,
}

/// When a facility is open that is not open all year (R69).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Season {
    /// Whether the night lies in a season.
    pub open: bool,
    /// First night of this season, or of the next one.
    pub from: Option<Date>,
    /// Last night of that season.
    pub to: Option<Date>,
}

/// Places of a facility on a night. Each place is one of blocked, reserved, checked in, stay, free.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NightCounts {
    /// Whether the facility takes people on that night.
    pub open: bool,
    /// Places that exist.
    pub places: i64,
    /// Out of use.
    pub blocked: i64,
    /// Kept for somebody who has not come yet.
    pub reserved: i64,
    /// Taken for this night.
    pub checked_in: i64,
    /// Taken by a stay.
    pub stay: i64,
    /// Free; none when the facility is out of season.
    pub free: i64,
    /// Of the places: only the emergency service may assign them.
    pub pis_only: i64,
    /// Of the free ones: only the emergency service may assign them.
    pub free_pis_only: i64,
}

/// Somebody in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Guest {
    /// The person's record, as it was entered.
    pub person: PersonId,
    /// The place.
    pub place: PlaceId,
    /// How she has it.
    pub state: CellState,
}

/// What a place is on a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, strum::EnumString, ToSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CellState {
    /// Nobody has it.
    Free,
    /// Kept for somebody who has not come yet.
    Reserved,
    /// Somebody came for this night.
    CheckedIn,
    /// Somebody stays.
    Stay,
    /// Out of use.
    Blocked,
}

/// The nights of one facility.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityGrid {
    /// The facility on the first night.
    #[serde(flatten)]
    pub facility: FacilityTonight,
    /// How far the logs were read.
    #[schema(value_type = Object)]
    pub positions: Positions,
    /// Counts of each night.
    pub nights: Vec<GridNight>,
    /// Places with what they are on each night, for its operators; `null` for everybody else.
    pub places_by_night: Option<Vec<PlaceNights>>,
}

impl BedsTonight {
    /// Everybody who is named.
    pub fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.facilities.iter().flat_map(FacilityTonight::people)
    }
}

impl FacilityTonight {
    fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.guests.iter().flatten().map(|guest| guest.person)
    }
}

impl FacilityGrid {
    /// Everybody who is named.
    pub fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        let cells = self.places_by_night.iter().flatten().flat_map(|place| &place.cells);
        self.facility.people().chain(cells.filter_map(|cell| cell.person))
    }
}

/// Counts of a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct GridNight {
    /// Date of the evening.
    pub night: Date,
    /// Places and what they are.
    #[serde(flatten)]
    pub counts: NightCounts,
}

/// A place through the nights on which it exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceNights {
    /// The place.
    pub place: PlaceId,
    /// Its unit.
    pub unit: UnitId,
    /// Whether only the emergency service may assign it.
    pub pis_only: bool,
    /// Its nights.
    pub cells: Vec<Cell>,
}

/// A place on a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cell {
    /// Date of the evening.
    pub night: Date,
    /// What it is.
    pub state: CellState,
    /// Who has it.
    pub person: Option<PersonId>,
}
