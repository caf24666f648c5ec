use serde::Serialize;
use time::Date;
use trama_events::codes::ServiceType;
use trama_events::housing::{BlockReason, HouseRules, UnitMode};
use trama_events::ids::{PlaceId, ServiceId, UnitId};
use utoipa::ToSchema;

use super::{Facility, Place};

/// A facility as its events tell it, for those who may know of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityView {
    /// The facility.
    pub facility: ServiceId,
    /// Its kind.
    pub kind: ServiceType,
    /// First night.
    pub opened_on: Date,
    /// First night without it.
    pub closed_on: Option<Date>,
    /// Its house rules.
    pub rules: HouseRules,
    /// Its seasons; none when it is open all year.
    pub seasons: Vec<SeasonView>,
    /// Its units.
    pub units: Vec<UnitView>,
    /// Every place that it has, had or will have.
    pub places: Vec<PlaceView>,
}

/// From when to when it is open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct SeasonView {
    /// First night.
    pub from: Date,
    /// Last night.
    pub to: Date,
}

/// A flat, room or dormitory.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct UnitView {
    /// The unit.
    pub unit: UnitId,
    /// For whom it is.
    pub mode: UnitMode,
}

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct PlaceView {
    /// The place.
    pub place: PlaceId,
    /// Its unit.
    pub unit: UnitId,
    /// First night.
    pub from: Date,
    /// First night without it.
    pub to: Option<Date>,
    /// Whether only the emergency service may assign it.
    pub pis_only: bool,
    /// Its last block, unless that was released.
    pub block: Option<BlockView>,
}

/// A time out of use.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct BlockView {
    /// First night.
    pub from: Date,
    /// First night on which the place is free again; none until released.
    pub to: Option<Date>,
    /// Why.
    pub reason: BlockReason,
}

impl Facility {
    /// Whether it has no direct access and is known to its own workers only (domain §3.3).
    pub fn is_secret(&self) -> bool {
        self.opening.is_some_and(|opening| opening.kind == ServiceType::SecretShelter)
    }

    /// What is known of it; nothing before it was opened.
    pub fn view(&self) -> Option<FacilityView> {
        let opening = self.opening?;
        let season = |season: &super::Season| SeasonView { from: season.from, to: season.to };
        Some(FacilityView {
            facility: opening.facility,
            kind: opening.kind,
            opened_on: opening.opened_on,
            closed_on: self.closed_on,
            rules: opening.rules,
            seasons: self.seasons.iter().map(season).collect(),
            units: self
                .units
                .iter()
                .map(|(unit, mode)| UnitView { unit: *unit, mode: *mode })
                .collect(),
            places: self.places.iter().map(|(id, place)| place.view(*id)).collect(),
        })
    }
}

impl Place {
    fn view(&self, place: PlaceId) -> PlaceView {
        let Self { unit, from, to, pis_only, block } = *self;
        let block =
            block.map(|block| BlockView { from: block.from, to: block.to, reason: block.reason });
        PlaceView { place, unit, from, to, pis_only, block }
    }
}
