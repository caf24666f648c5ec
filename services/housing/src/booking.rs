//! A night has one person per place and one place per person (V4).
//!
//! Nights, stays, offers and blocks claim the same two guards, so that the log itself refuses the
//! second of two, whichever aggregate it belongs to and however close they come.

use time::Date;
use trama_events::ids::{PersonId, PlaceId};
use trama_platform::log::{During, Keep, Taken};

/// Guard: a place on a night. The key is the place's id.
pub const PLACE_NIGHT: &str = "place_night";
/// Guard: a person on a night. The key is the person's id.
pub const PERSON_NIGHT: &str = "person_night";

/// Why a night cannot be booked beside what is booked already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DoubleBooking {
    /// The place is somebody else's, offered, blocked or gone.
    #[error(
        "this place is taken, held or closed on one of these nights, perhaps since a moment ago: \
         choose another place"
    )]
    PlaceTaken {
        /// Which, when several were asked for.
        place: Option<PlaceId>,
    },
    /// The person sleeps elsewhere. The words are the same wherever that is: a secret shelter is
    /// known to nobody by what is refused.
    #[error("no place can be given to this person here tonight; ask her case manager")]
    PersonHasAPlace {
        /// Which, when several move in together.
        person: Option<PersonId>,
    },
}

impl DoubleBooking {
    /// What a failed claim means.
    pub fn of(taken: &Taken) -> Self {
        match taken.guard.as_str() {
            PERSON_NIGHT => Self::PersonHasAPlace { person: taken.key.parse().ok() },
            _ => Self::PlaceTaken { place: taken.key.parse().ok() },
        }
    }

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::PlaceTaken { .. } => "place_taken",
            Self::PersonHasAPlace { .. } => "person_has_a_place",
        }
    }
}

/// The nights from `from` until `to`, if there are any; without `to`, for ever.
pub(crate) fn span(from: Date, to: Option<Date>) -> Option<During> {
    to.is_none_or(|to| from < to).then(|| During::nights(from, to))
}

pub(crate) fn claim_place(place: PlaceId, during: During) -> Keep {
    Keep::Claim { guard: PLACE_NIGHT, key: place.to_string(), during }
}

pub(crate) fn claim_person(person: PersonId, during: During) -> Keep {
    Keep::Claim { guard: PERSON_NIGHT, key: person.to_string(), during }
}

pub(crate) fn release_place(place: PlaceId, during: Option<During>) -> Keep {
    Keep::Release { guard: PLACE_NIGHT, key: Some(place.to_string()), during }
}

pub(crate) fn release_person(person: PersonId, during: Option<During>) -> Keep {
    Keep::Release { guard: PERSON_NIGHT, key: Some(person.to_string()), during }
}

pub(crate) fn release_all(guard: &'static str) -> Keep {
    Keep::Release { guard, key: None, during: None }
}

#[cfg(test)]
mod tests;
