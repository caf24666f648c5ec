//! Rules of facilities, each a pure function with its source.

use std::collections::BTreeSet;

use time::Date;
use trama_events::codes::ServiceType;
use trama_events::housing::HouseRules;
use trama_events::ids::PlaceId;
use trama_events::rome;

use super::{ChangeCapacity, Rejection};

/// Kinds that give a bed by the night (domain §3.3).
pub const NIGHT_KINDS: [ServiceType; 3] =
    [ServiceType::NightShelter, ServiceType::MobileShelter, ServiceType::HubBeds];
/// Kinds in which people stay (domain §3.3).
pub const STAY_KINDS: [ServiceType; 8] = [
    ServiceType::FirstReception,
    ServiceType::EmergencyFlat,
    ServiceType::Temporary,
    ServiceType::Threshold1,
    ServiceType::Threshold2,
    ServiceType::SecretShelter,
    ServiceType::HousingFirst,
    ServiceType::HousingLed,
];
/// Longest stay in temporary housing, in months (R6, "fino a 24 mesi").
pub const TEMPORARY_MONTHS_MAX: u16 = 24;
/// Longest cap that a house may set itself, in months.
pub const STAY_MONTHS_MAX: u16 = 120;
/// Most nights in a row that a house may set itself.
pub const NIGHTS_IN_A_ROW_MAX: u16 = 366;
/// Hour in Rome at which a night shelter frees a bed, where it sets no other (proposed).
pub const NO_SHOW_HOUR: u8 = 23;
/// Most units in a facility.
pub const UNITS_MAX: usize = 500;
/// Most places in one change.
pub const CHANGE_MAX: usize = 200;
/// Most places that a facility may ever have.
pub const PLACES_MAX: usize = 5_000;
/// Longest season, in days.
pub const SEASON_DAYS_MAX: i64 = 366;

/// Whether a kind gives beds by the night; the others have stays.
pub fn is_by_night(kind: ServiceType) -> bool {
    NIGHT_KINDS.contains(&kind)
}

/// Whether a kind is a home of one's own, without conditions and without a cap (R84).
pub fn is_home(kind: ServiceType) -> bool {
    [ServiceType::HousingFirst, ServiceType::HousingLed].contains(&kind)
}

/// Whether a kind is one of the two thresholds (R78, R79).
pub fn is_threshold(kind: ServiceType) -> bool {
    [ServiceType::Threshold1, ServiceType::Threshold2].contains(&kind)
}

/// Whether a kind receives people in an emergency: the emergency service lets people move in there
/// itself.
pub fn is_for_emergencies(kind: ServiceType) -> bool {
    [ServiceType::FirstReception, ServiceType::EmergencyFlat].contains(&kind)
}

/// Whether every stay of a kind goes with a personal project (R7; domain §3.3). A secret shelter
/// is reached by a project only.
fn goes_with_project(kind: ServiceType) -> bool {
    [ServiceType::Temporary, ServiceType::SecretShelter].contains(&kind) || is_threshold(kind)
}

/// The rules of a kind, where the house sets none of its own.
///
/// Source: domain §3.3.
pub fn defaults(kind: ServiceType) -> HouseRules {
    HouseRules {
        nights_in_a_row_max: None,
        no_show_hour: is_by_night(kind).then_some(NO_SHOW_HOUR),
        stay_months_max: (kind == ServiceType::Temporary).then_some(TEMPORARY_MONTHS_MAX),
        needs_project: goes_with_project(kind),
    }
}

/// The rules of a house: its own where it sets some, within the limits of its kind.
///
/// # Errors
///
/// When the kind is no housing, a number is out of its bounds, or a rule contradicts the kind.
pub fn house_rules(kind: ServiceType, own: Option<HouseRules>) -> Result<HouseRules, Rejection> {
    if !NIGHT_KINDS.contains(&kind) && !STAY_KINDS.contains(&kind) {
        return Err(Rejection::NotHousing);
    }
    let rules = own.unwrap_or_else(|| defaults(kind));
    bounds(&rules)?;
    if is_home(kind) && rules.stay_months_max.is_some() {
        return Err(Rejection::HomeHasNoCap);
    }
    let short = |months| months <= TEMPORARY_MONTHS_MAX;
    if kind == ServiceType::Temporary && !rules.stay_months_max.is_some_and(short) {
        return Err(Rejection::TemporaryNeedsCap);
    }
    if goes_with_project(kind) && !rules.needs_project {
        return Err(Rejection::KindNeedsProject);
    }
    Ok(rules)
}

fn bounds(rules: &HouseRules) -> Result<(), Rejection> {
    let nights = rules.nights_in_a_row_max.is_none_or(|n| (1..=NIGHTS_IN_A_ROW_MAX).contains(&n));
    let months = rules.stay_months_max.is_none_or(|n| (1..=STAY_MONTHS_MAX).contains(&n));
    let hour = rules.no_show_hour.is_none_or(|hour| hour <= 23);
    if nights && months && hour { Ok(()) } else { Err(Rejection::RulesOutOfBounds) }
}

/// A change has an order in time, and only places that are added can have an end.
pub(super) fn period(change: &ChangeCapacity, opened_on: Date) -> Result<(), Rejection> {
    if change.valid_from < opened_on {
        return Err(Rejection::BeforeOpening { opened_on });
    }
    if change.valid_to.is_some_and(|to| to <= change.valid_from) {
        return Err(Rejection::EndsBeforeItBegins);
    }
    if change.valid_to.is_some() && change.added.is_empty() {
        return Err(Rejection::RemovedForGood);
    }
    Ok(())
}

/// A change names 1 to [`CHANGE_MAX`] places, each once; `so_far` are the facility's.
pub(super) fn sizes(change: &ChangeCapacity, so_far: usize) -> Result<(), Rejection> {
    let named = || change.added.iter().chain(&change.removed);
    let count = named().count();
    if count == 0 {
        return Err(Rejection::NothingChanges);
    }
    if count > CHANGE_MAX || so_far + change.added.len() > PLACES_MAX {
        return Err(Rejection::TooManyPlaces);
    }
    let once: BTreeSet<&PlaceId> = named().collect();
    if once.len() == count { Ok(()) } else { Err(Rejection::PlaceTwice) }
}

/// A season has a first and a last night, at most [`SEASON_DAYS_MAX`] days, and is not over.
pub(super) fn season(from: Date, to: Date, today: Date) -> Result<(), Rejection> {
    if to < from {
        return Err(Rejection::EndsBeforeItBegins);
    }
    if (to - from).whole_days() >= SEASON_DAYS_MAX {
        return Err(Rejection::SeasonTooLong);
    }
    if to < today { Err(Rejection::SeasonOver) } else { Ok(()) }
}

/// A block has nights, and begins yesterday evening at the earliest.
pub(super) fn block(from: Date, to: Option<Date>, today: Date) -> Result<(), Rejection> {
    if to.is_some_and(|to| to <= from) {
        return Err(Rejection::EndsBeforeItBegins);
    }
    if from < rome::days_after(today, -1) { Err(Rejection::BlockInThePast) } else { Ok(()) }
}
