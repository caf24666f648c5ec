//! Who may ask what of housing (domain §6). Beside the role, each door asks that the caller acts
//! for the facility, holds the person's case, or brings people to any facility. A secret shelter
//! is there for its own workers only.

use trama_events::codes::Role;
use trama_platform::caller::Caller;
use trama_platform::doors::Action;

/// Whoever keeps facilities and places.
const KEEPERS: &[Role] = &[Role::FacilityOperator, Role::PlanOffice];

/// Workers of a facility.
const OPERATORS: &[Role] = &[Role::FacilityOperator];

/// Whoever finds a bed or a place for somebody.
const PLACERS: &[Role] = &[
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::CaseManager,
    Role::FacilityOperator,
];

/// Whoever moves people in.
const ADMITTERS: &[Role] = &[Role::FacilityOperator, Role::CaseManager, Role::EmergencyWorker];

/// Whoever accompanies a stay or a wait.
const COMPANIONS: &[Role] = &[Role::FacilityOperator, Role::CaseManager];

/// Opening, units, capacity, seasons, closing.
pub(crate) const KEEP: Action = Action {
    name: "housing.keep_facility",
    roles: KEEPERS,
    why: "operators and the plan office keep the facilities for which they act",
    second_factor: false,
};

/// Blocks and their release.
pub(crate) const BLOCK: Action = Action {
    name: "housing.block_place",
    roles: OPERATORS,
    why: "who works in a house knows which of its places cannot be used",
    second_factor: false,
};

/// Reading one facility with its free places.
pub(crate) const READ_FACILITY: Action = Action {
    name: "housing.read_facility",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::PlanOffice,
    ],
    why: "whoever finds a place for somebody sees which places are free; nobody's name is there",
    second_factor: false,
};

/// Reserving a night and giving it back.
pub(crate) const BOOK: Action = Action {
    name: "housing.book_night",
    roles: PLACERS,
    why: "entry is by the social desk, the units in the street, case managers, or the house itself",
    second_factor: false,
};

/// Who came and who did not.
pub(crate) const RECEIVE: Action = Action {
    name: "housing.receive",
    roles: OPERATORS,
    why: "who stands at the door of the house sees who comes",
    second_factor: false,
};

/// Straight to a bed.
pub(crate) const ARRIVE: Action = Action {
    name: "housing.arrive",
    roles: &[Role::EmergencyWorker],
    why: "only the emergency service brings somebody straight to a bed",
    second_factor: false,
};

/// Moving in.
pub(crate) const ADMIT: Action = Action {
    name: "housing.admit",
    roles: ADMITTERS,
    why: "the house, the person's case manager and the emergency service let people move in",
    second_factor: false,
};

/// Extending, moving, ending a stay.
pub(crate) const STAY: Action = Action {
    name: "housing.stay",
    roles: COMPANIONS,
    why: "the house and the person's case manager decide on a stay",
    second_factor: false,
};

/// Going on a list.
pub(crate) const WAIT: Action = Action {
    name: "housing.wait",
    roles: PLACERS,
    why: "whoever finds no free place puts the person on the list",
    second_factor: false,
};

/// Offering a place.
pub(crate) const OFFER: Action = Action {
    name: "housing.offer",
    roles: OPERATORS,
    why: "the house offers its own places",
    second_factor: false,
};

/// What the person answers.
pub(crate) const ANSWER: Action = Action {
    name: "housing.answer_offer",
    roles: COMPANIONS,
    why: "the house or the case manager writes down what the person says",
    second_factor: false,
};

/// Reading one person's nights, stay or wait.
pub(crate) const READ: Action = Action {
    name: "housing.read",
    roles: COMPANIONS,
    why: "a house sees its own guests, a case manager the people of her cases",
    second_factor: false,
};

/// Whether she finds places in any facility; the others act for their own house only.
pub(crate) fn places_anywhere(caller: &Caller) -> bool {
    PLACERS.contains(&caller.role) && caller.role != Role::FacilityOperator
}

/// Whether she is of the emergency service, which has places of its own.
pub(crate) fn is_pis(caller: &Caller) -> bool {
    caller.role == Role::EmergencyWorker
}
