//! What each indicator counts: formula, unit, event types, contexts (domain §4).

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantArray};
use trama_events::Context;
use utoipa::ToSchema;

/// The indicators of this read model, by their numbers in the domain reference.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    VariantArray,
    ToSchema,
)]
pub enum Indicator {
    /// Centres activated.
    I1,
    /// Places activated.
    I2,
    /// Beneficiaries.
    I3,
    /// Services activated.
    I4,
    /// Social workers.
    I5,
    /// Homeless stock.
    I10,
}

/// An indicator in words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Formula {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) counts: &'static str,
    pub(super) event_types: &'static [&'static str],
    pub(super) contexts: &'static [Context],
}

/// Services that are centres: hub, first reception (CPA), day centre for adults.
pub(super) const CENTRES: [&str; 3] = ["hub", "first_reception", "adult_day_centre"];

/// Facts by which somebody is a beneficiary. `MailHandedOver` and `ActionDone` join them with the
/// contexts that will publish them.
pub(super) const BENEFITS: [&str; 9] = [
    "service_delivered",
    "outreach_encounter_recorded",
    "stay_started",
    "night_checked_in",
    "meal_served",
    "parcel_delivered",
    "points_spent",
    "first_visit_held",
    "taken_in_charge",
];

/// Facts by which somebody was seen, beside situations and open stays.
pub(super) const SIGHTINGS: [&str; 11] = [
    "service_delivered",
    "outreach_encounter_recorded",
    "stay_started",
    "night_checked_in",
    "meal_served",
    "parcel_delivered",
    "points_spent",
    "first_visit_held",
    "taken_in_charge",
    "contact_recorded",
    "emergency_sheltered",
];

impl Indicator {
    pub(super) fn formula(self) -> Formula {
        match self {
            Self::I1 => CENTRES_ACTIVATED,
            Self::I2 => PLACES_ACTIVATED,
            Self::I3 => BENEFICIARIES,
            Self::I4 => SERVICES_ACTIVATED,
            Self::I5 => SOCIAL_WORKERS,
            Self::I10 => HOMELESS_STOCK,
        }
    }
}

const CENTRES_ACTIVATED: Formula = Formula {
    name: "Centres activated",
    unit: "n",
    counts: "distinct services of type hub, first_reception or adult_day_centre with at least \
              one open site at the end of the period, unless closed by then; new = those whose \
              first site opened in the period. ATS: the service's in the directory.",
    event_types: &["service_registered", "site_opened", "site_closed", "service_closed"],
    contexts: &[Context::Directory],
};

const PLACES_ACTIVATED: Formula = Formula {
    name: "Places activated",
    unit: "places",
    counts: "places that exist on the last night of the period in facilities open that night, \
              by kind, whatever the season; at_start = those on the night before the period; \
              net = end - start. ATS: the facility's service's in the directory; secret \
              shelters count at the metropolitan level only.",
    event_types: &["facility_opened", "capacity_changed", "facility_closed", "service_registered"],
    contexts: &[Context::Housing, Context::Directory],
};

const BENEFICIARIES: Formula = Formula {
    name: "Beneficiaries",
    unit: "persons",
    counts: "distinct persons, linked records counted once, with at least one of these events \
              in the period (a night on the date of its evening, a stay on its first night, \
              everything else when it happened). Age = year of the period's end minus year of \
              birth. ATS: the event's. Anonymous recipients and encounters are counted apart.",
    event_types: &BENEFITS,
    contexts: &[
        Context::Intake,
        Context::Casework,
        Context::Housing,
        Context::Food,
        Context::Referrals,
    ],
};

const SERVICES_ACTIVATED: Formula = Formula {
    name: "Services activated",
    unit: "n",
    counts: "services whose last state by the end of the period is active, by type. ATS: the \
              service's in the directory; confidential services count at the metropolitan \
              level only, as external.",
    event_types: &[
        "service_registered",
        "service_activated",
        "service_suspended",
        "service_closed",
    ],
    contexts: &[Context::Directory],
};

const SOCIAL_WORKERS: Formula = Formula {
    name: "Social workers",
    unit: "FTE",
    counts: "sum of the full-time equivalents of posts in force at the end of the period with \
              profession social_worker, by contract. ATS: where the post counts.",
    event_types: &["staff_hired", "staff_ended"],
    contexts: &[Context::Directory],
};

const HOMELESS_STOCK: Formula = Formula {
    name: "Homeless stock",
    unit: "persons",
    counts: "persons, linked records counted once, seen in the 90 days up to the end of the \
              period (an event of I3, a contact, a bed after an emergency, a housing \
              situation, a stay that went on) by the ETHOS category of their latest housing \
              situation: said (as corrected later), met outside, night in a shelter (2.1), \
              kind of the stay, end of the stay; to reduce = categories 1 and 2, and gender \
              and age are theirs; category 3 apart. Age = year of the period's end minus year \
              of birth. ATS: the event's that tells the situation. Anonymous encounters of the \
              90 days are counted apart; beside it the latest counts by registry, street count \
              and statistics.",
    event_types: &[
        "housing_situation_recorded",
        "housing_situation_corrected",
        "outreach_encounter_recorded",
        "night_checked_in",
        "stay_started",
        "step_moved",
        "stay_ended",
        "persons_linked",
        "persons_unlinked",
        "homeless_count_recorded",
    ],
    contexts: &[
        Context::Intake,
        Context::Casework,
        Context::Housing,
        Context::Food,
        Context::Referrals,
    ],
};
