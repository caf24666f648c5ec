//! Who may ask what of a case (domain §6). Beside the role, each door asks that the caller acts for
//! the service that holds the case: nobody sees or changes a case of another service.

use trama_events::codes::Role;
use trama_platform::doors::Action;

/// The case team. Others know that somebody is in charge from the journey, not from the case.
const TEAM: &[Role] = &[Role::CaseManager];

/// Opening, assessing, calling the unit, guardians, taking in charge, closing.
pub(crate) const WORK: Action = Action {
    name: "casework.work",
    roles: TEAM,
    why: "case managers and their team work on the cases of their own service",
    second_factor: false,
};

/// The personal project and its goals.
pub(crate) const PROJECT: Action = Action {
    name: "casework.project",
    roles: TEAM,
    why: "a project is written, signed and reviewed by the person and those responsible for her",
    second_factor: false,
};

/// Reading one case.
pub(crate) const READ: Action = Action {
    name: "casework.read",
    roles: TEAM,
    why: "case managers and their team see the cases of their own service, nobody else does",
    second_factor: false,
};
