use time::{Date, OffsetDateTime};
use trama_events::ids::PersonId;

use crate::facility::{PlaceFact, Unavailable};

/// What can be asked of a person's nights.
#[derive(Debug, Clone, PartialEq)]
pub enum NightCommand {
    /// Keep a bed for a night.
    Reserve(Box<Reserve>),
    /// Keep a bed and check in at once: the emergency service only.
    Arrive(Box<Reserve>),
    /// The person came.
    CheckIn {
        /// The date of the evening.
        night: Date,
        /// When.
        came_at: OffsetDateTime,
    },
    /// Give the bed back.
    Release {
        /// The date of the evening.
        night: Date,
        /// Now.
        now: OffsetDateTime,
    },
    /// The person did not come by the hour that the house sets.
    RecordNoShow {
        /// The date of the evening.
        night: Date,
        /// Now.
        now: OffsetDateTime,
    },
    /// Beds that nobody took are free again.
    SettleNights {
        /// The moment at which they were looked at.
        now: OffsetDateTime,
    },
}

/// Everything that reserving a night needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reserve {
    /// Who.
    pub person: PersonId,
    /// Whether somebody registered her.
    pub person_known: bool,
    /// The date of the evening.
    pub night: Date,
    /// What the facility answered for the place on this night.
    pub place: Result<PlaceFact, Unavailable>,
    /// Whether any place would do, so that a bed that she has here already is enough.
    pub any_place: bool,
    /// Whether the emergency service asks.
    pub by_pis: bool,
    /// Now.
    pub now: OffsetDateTime,
}
