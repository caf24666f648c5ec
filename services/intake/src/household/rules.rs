//! Rules of households, each a pure function with its source.

use time::Date;
use trama_events::intake::HouseholdKind;

use super::Rejection;

/// How many people belong to a household at one time, at most: a community, not a camp.
pub const MEMBERS_MAX: usize = 40;
/// How many times of belonging are kept of one household: each member coming back nine times.
pub const TIMES_MAX: usize = 400;

/// The guard of a kind of which a person is in one household at a time: the registry has one family
/// sheet for each resident (DPR 223/1989 art. 4), and the ISEE one unit for each (DPCM 159/2013
/// art. 3). People live together and are housed together in several ways at once, e.g. a child of
/// separated parents.
pub fn guard(kind: HouseholdKind) -> Option<&'static str> {
    match kind {
        HouseholdKind::Registry => Some("household_registry"),
        HouseholdKind::Isee => Some("household_isee"),
        HouseholdKind::Cohabiting | HouseholdKind::HousedTogether => None,
    }
}

/// A membership tells what is so, not what is planned.
///
/// # Errors
///
/// [`Rejection::InTheFuture`] for a day after `last`.
pub(super) fn not_after(on: Date, last: Date) -> Result<(), Rejection> {
    if on <= last { Ok(()) } else { Err(Rejection::InTheFuture { last }) }
}
