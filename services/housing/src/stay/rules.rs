//! Rules of stays, each a pure function with its source.

use std::collections::BTreeSet;

use time::Date;
use trama_events::casework::EligibilityFact;
use trama_events::codes::ServiceType;
use trama_events::housing::{AdmissionRoute, ProjectSeen, StepDirection, UnitMode};
use trama_events::ids::PersonId;
use trama_events::rome;

use super::{Grounds, Lodging, ProjectFact, Rejection};
use crate::facility::rules::{is_by_night, is_for_emergencies, is_home, is_threshold};
use crate::facility::{FacilityFact, PlaceFact};
use crate::waiting_entry::ReferralSeen;

/// Days within which a project must be signed where the stay was let in without (proposed).
pub const PROJECT_GRACE_DAYS: i64 = 30;
/// Most months by which one decision moves a cap (proposed).
pub const EXTENSION_MONTHS_MAX: u32 = 12;
/// Most people who move in with the holder of a stay.
pub const MEMBERS_MAX: usize = 20;

/// Where `people` can stay from a night on: one place each, all in one unit (R5).
///
/// # Errors
///
/// When the places are none, of several units, or not as many as the people; when several people
/// would share a stay outside a family's unit; when a place is known to end.
pub fn lodging(places: &[PlaceFact], people: usize, from: Date) -> Result<Lodging, Rejection> {
    let first = places.first().ok_or(Rejection::OnePlaceEach)?;
    if is_by_night(first.facility.kind) {
        return Err(Rejection::NightsOnly);
    }
    let home = |place: &PlaceFact| (place.facility.facility, place.unit);
    if places.iter().any(|place| home(place) != home(first)) {
        return Err(Rejection::FamilySplit);
    }
    one_place_each(first.mode, places, people)?;
    if let Some(until) = places.iter().filter_map(|place| place.until).min() {
        return Err(Rejection::PlaceEnds { until });
    }
    Ok(Lodging {
        facility: first.facility.facility,
        kind: first.facility.kind,
        unit: first.unit,
        places: places.iter().map(|place| place.place).collect(),
        from,
    })
}

fn one_place_each(mode: UnitMode, places: &[PlaceFact], people: usize) -> Result<(), Rejection> {
    let each_once: BTreeSet<_> = places.iter().map(|place| place.place).collect();
    match mode {
        UnitMode::Single | UnitMode::Group if people > 1 => Err(Rejection::OwnStayEach),
        UnitMode::Single | UnitMode::Group | UnitMode::Family
            if (places.len(), each_once.len()) != (people, people) =>
        {
            Err(Rejection::OnePlaceEach)
        }
        UnitMode::Single | UnitMode::Group | UnitMode::Family => Ok(()),
    }
}

/// The facility of the places.
pub(super) fn house(places: &[PlaceFact]) -> Result<FacilityFact, Rejection> {
    places.first().map(|place| place.facility).ok_or(Rejection::OnePlaceEach)
}

/// The emergency service lets people move into emergency housing, and into places kept for it.
pub(super) fn for_pis(places: &[PlaceFact]) -> Result<(), Rejection> {
    let may = |place: &PlaceFact| place.pis_only || is_for_emergencies(place.facility.kind);
    if places.iter().all(may) { Ok(()) } else { Err(Rejection::NotForPis) }
}

/// A referral that is named was accepted, by this facility, for this person. One of another person
/// or to another service is answered as one that is not there. Into a secret shelter comes whom the
/// house registered itself, under a pseudonym of its own, and nobody else: neither by a personal
/// project nor by a referral, since both are in her own name (domain §3.3, ADR 19).
pub(super) fn sent(
    referral: Option<ReferralSeen>,
    own: bool,
    person: PersonId,
    house: &FacilityFact,
) -> Result<(), Rejection> {
    match referral {
        Some(seen) if seen.person != person || seen.to != house.facility => {
            Err(Rejection::UnknownReferral)
        }
        Some(_) | None if house.kind == ServiceType::SecretShelter && !own => {
            Err(Rejection::NoWayIn)
        }
        Some(seen) if !seen.accepted => Err(Rejection::ReferralNotAccepted),
        Some(_) | None => Ok(()),
    }
}

/// At most [`MEMBERS_MAX`] others, each once.
pub(super) fn household(person: PersonId, members: &[PersonId]) -> Result<(), Rejection> {
    if members.len() > MEMBERS_MAX {
        return Err(Rejection::TooManyMembers);
    }
    let all: BTreeSet<_> = members.iter().chain([&person]).collect();
    if all.len() == members.len() + 1 { Ok(()) } else { Err(Rejection::PersonTwice) }
}

/// What happened did not happen in the future.
pub(super) fn happened(on: Date, today: Date) -> Result<(), Rejection> {
    if on > today { Err(Rejection::InTheFuture { on }) } else { Ok(()) }
}

/// A move happened, and not before the last one.
pub(super) fn moved(last: Date, on: Date, today: Date) -> Result<(), Rejection> {
    happened(on, today)?;
    if on < last { Err(Rejection::BeforeItsStart { from: last }) } else { Ok(()) }
}

/// The day by which a stay must end or be extended; none for a home (R6; domain §3.3).
pub fn cap_on(house: &FacilityFact, started_on: Date) -> Option<Date> {
    let months = house.rules.stay_months_max.filter(|_| !is_home(house.kind))?;
    Some(rome::months_after(started_on, months.into()))
}

/// One decision moves a cap by at most [`EXTENSION_MONTHS_MAX`] months; another may follow (R6).
pub(super) fn extension(cap_on: Date, until: Date) -> Result<(), Rejection> {
    let latest = rome::months_after(cap_on, EXTENSION_MONTHS_MAX);
    if until <= latest { Ok(()) } else { Err(Rejection::ExtensionTooLong { latest }) }
}

/// Whether the facts admit to a kind on a day: both thresholds are entry levels (R78, R79, R80).
///
/// First threshold: reduced means. Second: work, even casual, *and* medium means. By the DSM route
/// both agreements, whatever the means. Other kinds ask for no fact.
///
/// # Errors
///
/// Which fact or agreement is missing.
pub fn admitted(
    kind: ServiceType,
    route: AdmissionRoute,
    grounds: &Grounds,
    day: Date,
) -> Result<(), Rejection> {
    match route {
        AdmissionRoute::Ordinary if is_threshold(kind) => threshold(kind, grounds, day),
        AdmissionRoute::Dsm if !is_threshold(kind) => Err(Rejection::DsmForThresholdsOnly),
        AdmissionRoute::Dsm if !grounds.agreements.standing => {
            Err(Rejection::StandingAgreementMissing)
        }
        AdmissionRoute::Dsm if !grounds.agreements.personal => {
            Err(Rejection::PersonalAgreementMissing)
        }
        AdmissionRoute::Ordinary | AdmissionRoute::Dsm => Ok(()),
    }
}

fn threshold(kind: ServiceType, grounds: &Grounds, day: Date) -> Result<(), Rejection> {
    let holds = |fact| {
        let seen = grounds.facts.iter().filter(|seen| seen.fact == fact);
        seen.into_iter().any(|seen| seen.valid_to.is_none_or(|last| day <= last))
    };
    if kind == ServiceType::Threshold1 {
        let reduced = holds(EligibilityFact::MeansReduced);
        return if reduced { Ok(()) } else { Err(Rejection::ReducedMeansMissing) };
    }
    if !holds(EligibilityFact::WorkCasual) && !holds(EligibilityFact::WorkStable) {
        return Err(Rejection::WorkMissing);
    }
    let medium = holds(EligibilityFact::MeansMedium);
    if medium { Ok(()) } else { Err(Rejection::MediumMeansMissing) }
}

/// What a new stay records of the project: an active one, or the day by which it is due (R7). In a
/// secret shelter, whatever its rules say, none is asked for: it stands in a name that the house does
/// not write down (ADR 19).
///
/// # Errors
///
/// [`Rejection::ProjectNeeded`] when the grace is over on the day on which the stay is recorded.
pub fn project_seen(
    house: &FacilityFact,
    project: ProjectFact,
    started_on: Date,
    today: Date,
) -> Result<ProjectSeen, Rejection> {
    let ProjectFact { active, read_to } = project;
    let needed = house.rules.needs_project && house.kind != ServiceType::SecretShelter;
    if active || !needed {
        return Ok(ProjectSeen { active, due_on: None, read_to });
    }
    let due_on = rome::days_after(started_on, PROJECT_GRACE_DAYS);
    if due_on < today {
        return Err(Rejection::ProjectNeeded);
    }
    Ok(ProjectSeen { active, due_on: Some(due_on), read_to })
}

/// Between the thresholds the second is up; elsewhere the caseworker knows (R83).
pub(super) fn direction(
    from: ServiceType,
    to: ServiceType,
    direction: StepDirection,
) -> Result<(), Rejection> {
    let known = match (from, to) {
        (ServiceType::Threshold1, ServiceType::Threshold2) => Some(StepDirection::Up),
        (ServiceType::Threshold2, ServiceType::Threshold1) => Some(StepDirection::Down),
        (_, _) => None,
    };
    if known.is_none_or(|known| known == direction) { Ok(()) } else { Err(Rejection::OtherWay) }
}

/// A step keeps the programme's clock, so it cannot start one, nor lead to a home that has none.
pub(super) fn goes_on(house: &FacilityFact, cap_on: Option<Date>) -> Result<(), Rejection> {
    if is_home(house.kind) {
        return Err(Rejection::HomeIsNoStep);
    }
    let capped = house.rules.stay_months_max.is_some();
    if capped && cap_on.is_none() { Err(Rejection::StepStartsAClock) } else { Ok(()) }
}
