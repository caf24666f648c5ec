use time::Date;
use trama_events::codes::ServiceType;
use trama_events::housing::{BlockReason, CapacityReason, HouseRules, UnitMode};
use trama_events::ids::{PlaceId, ServiceId, UnitId};

/// What can be asked of a facility.
#[derive(Debug, Clone, PartialEq)]
pub enum FacilityCommand {
    /// Open it.
    Open {
        /// The id of its service in the directory.
        facility: ServiceId,
        /// One of the eleven kinds of housing.
        kind: ServiceType,
        /// First night; may be planned.
        opened_on: Date,
        /// Its house rules; those of its kind when `None`.
        rules: Option<HouseRules>,
    },
    /// Add a flat, room or dormitory.
    AddUnit {
        /// The unit.
        unit: UnitId,
        /// For whom it is.
        mode: UnitMode,
    },
    /// Add or remove places.
    ChangeCapacity(Box<ChangeCapacity>),
    /// Say from when to when it is open.
    SetSeason {
        /// First night.
        from: Date,
        /// Last night.
        to: Date,
        /// Today in Rome.
        today: Date,
    },
    /// Take a place out of use for a while.
    BlockPlace {
        /// The place.
        place: PlaceId,
        /// First night.
        from: Date,
        /// First night on which it is free again; `None` until released.
        to: Option<Date>,
        /// Why.
        reason: BlockReason,
        /// Today in Rome.
        today: Date,
    },
    /// Take it into use again.
    ReleasePlace {
        /// The place.
        place: PlaceId,
    },
    /// Close the facility.
    Close {
        /// First night without it; may be planned.
        closed_on: Date,
    },
}

/// Places of one unit that come or go.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeCapacity {
    /// The unit.
    pub unit: UnitId,
    /// New places; an id is used once, also after its place is gone.
    pub added: Vec<PlaceId>,
    /// Places that end for good.
    pub removed: Vec<PlaceId>,
    /// First night with, or without, them.
    pub valid_from: Date,
    /// First night on which the added places are gone again; `None` for no end.
    pub valid_to: Option<Date>,
    /// Why.
    pub reason: CapacityReason,
    /// Whether only the emergency service may assign the added places.
    pub pis_only: bool,
}
