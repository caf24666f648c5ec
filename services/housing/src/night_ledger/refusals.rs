use time::{Date, Time};
use trama_platform::log::Refusal;

use super::rules;
use crate::booking::DoubleBooking;
use crate::facility::Unavailable;

/// Why a night is not reserved, used or given back.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// The facility cannot give the place.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The place or the person is booked elsewhere.
    #[error(transparent)]
    DoubleBooking(#[from] DoubleBooking),
    /// The person is not registered, or not yet in our copy of the register.
    #[error("this person is not registered; if it was registered a moment ago, try again")]
    UnknownPerson,
    /// One ledger is one person in one facility.
    #[error(
        "this is the ledger of another person or facility: open the person's page and reserve there"
    )]
    AnotherLedger,
    /// The kind has stays.
    #[error("this facility gives no beds by the night: start a stay, or choose a night shelter")]
    StaysOnly,
    /// She has a bed here that night.
    #[error("this person has another bed here on the night of {night}: release it first")]
    HasABedHere {
        /// The date of the evening.
        night: Date,
    },
    /// The past is settled.
    #[error(
        "the night of {night} is over: a bed is reserved or released for yesterday evening at the \
         earliest, because older nights have been counted"
    )]
    NightIsOver {
        /// The date of the evening.
        night: Date,
    },
    /// Too far in the future.
    #[error("a bed is reserved at most {} days ahead: until {last}", rules::AHEAD_DAYS_MAX)]
    TooFarAhead {
        /// Last night that can be reserved today.
        last: Date,
    },
    /// The house's own rule.
    #[error("this house gives at most {max} nights in a row{}", again(*again_on))]
    TooManyInARow {
        /// The rule.
        max: u16,
        /// The next night that would be accepted.
        again_on: Option<Date>,
    },
    /// Nobody reserved it.
    #[error(
        "no bed is reserved for this person on the night of {night}: reserve one first; only the \
         emergency service (PIS) brings people straight to a bed"
    )]
    NotReserved {
        /// The date of the evening.
        night: Date,
    },
    /// She came too late, or another day.
    #[error("the bed of the night of {night} was freed because nobody came: reserve one again")]
    BedWasFreed {
        /// The date of the evening.
        night: Date,
    },
    /// Too early to come.
    #[error("the night of {night} has not begun: check in from noon of that day on")]
    NightNotBegun {
        /// The date of the evening.
        night: Date,
    },
    /// She did come.
    #[error("this person checked in for the night of {night}: the night stays as it is")]
    AlreadyCame {
        /// The date of the evening.
        night: Date,
    },
    /// The hour has not come.
    #[error(
        "the bed is kept until {:02}:{:02} on {free_on}: wait until then, or release it",
        free_at.hour(),
        free_at.minute()
    )]
    StillKept {
        /// Day in Rome on which it is free again.
        free_on: Date,
        /// Time in Rome.
        free_at: Time,
    },
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(why) => why.code(),
            Self::DoubleBooking(why) => why.code(),
            Self::UnknownPerson => "unknown_person",
            Self::AnotherLedger => "another_ledger",
            Self::StaysOnly => "stays_only",
            Self::HasABedHere { .. } => "has_a_bed_here",
            Self::NightIsOver { .. } => "night_is_over",
            Self::TooFarAhead { .. } => "too_far_ahead",
            Self::TooManyInARow { .. } => "too_many_in_a_row",
            Self::NotReserved { .. } => "not_reserved",
            Self::BedWasFreed { .. } => "bed_was_freed",
            Self::NightNotBegun { .. } => "night_not_begun",
            Self::AlreadyCame { .. } => "already_came",
            Self::StillKept { .. } => "still_kept",
        }
    }
}

fn again(on: Option<Date>) -> String {
    let again = on.map(|on| format!("; the next possible one is that of {on}")).unwrap_or_default();
    format!("{again}; put her on the waiting list or look for another house")
}
