//! Rules of waiting, each a pure function with its source.

use std::collections::BTreeSet;

use time::{Duration, OffsetDateTime};
use trama_events::codes::ServiceType;
use trama_events::ids::{PersonId, ServiceId};

use super::{ReferralSeen, Rejection};
use crate::facility::{FacilityFact, PlaceFact};

/// Most places that one wait may ask for.
pub const PLACES_MAX: u16 = 20;
/// Longest time for which an offered place is kept, in days (proposed).
pub const OFFER_DAYS_MAX: i64 = 7;

/// A wait is for 1 to [`PLACES_MAX`] places.
pub(super) fn places(places: u16) -> Result<(), Rejection> {
    if (1..=PLACES_MAX).contains(&places) { Ok(()) } else { Err(Rejection::PlacesOutOfBounds) }
}

/// A referral was accepted, by this facility, for this person. One of another person or to another
/// service is answered as one that is not there. For a secret shelter waits whom the house knows
/// under a pseudonym of its own, and nobody else (domain §3.3, ADR 19).
pub(super) fn referral(
    referral: Option<ReferralSeen>,
    own: bool,
    person: PersonId,
    facility: &FacilityFact,
) -> Result<(), Rejection> {
    match referral {
        Some(seen) if seen.person != person || seen.to != facility.facility => {
            Err(Rejection::UnknownReferral)
        }
        Some(_) | None if facility.kind == ServiceType::SecretShelter && !own => {
            Err(Rejection::NoWayIn)
        }
        Some(seen) if !seen.accepted => Err(Rejection::ReferralNotAccepted),
        Some(_) | None => Ok(()),
    }
}

/// An offer is as many places as were asked for, of one unit of the facility (R5).
pub(super) fn offered(
    places: &[PlaceFact],
    asked: u16,
    facility: ServiceId,
) -> Result<(), Rejection> {
    if places.iter().any(|place| place.facility.facility != facility) {
        return Err(Rejection::AnotherFacility);
    }
    let each_once: BTreeSet<_> = places.iter().map(|place| place.place).collect();
    if (places.len(), each_once.len()) != (asked.into(), asked.into()) {
        return Err(Rejection::OtherNumber { asked });
    }
    let units: BTreeSet<_> = places.iter().map(|place| place.unit).collect();
    if units.len() == 1 { Ok(()) } else { Err(Rejection::SeveralUnits) }
}

/// An offer ends after now, at most [`OFFER_DAYS_MAX`] days later.
pub(super) fn held(until: OffsetDateTime, now: OffsetDateTime) -> Result<(), Rejection> {
    let latest = now + Duration::days(OFFER_DAYS_MAX);
    if now < until && until <= latest { Ok(()) } else { Err(Rejection::HeldOutOfBounds) }
}
