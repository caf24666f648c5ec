//! Who may ask what of a sealed service. Beside the role, each door of a service's own asks that the
//! caller is of that organisation; everybody else is answered as if there were none. An operator
//! beside the sealed service, of a house or a centre of the same organisation, meets only who was told
//! to come to a desk of hers.

use trama_events::codes::Role;
use trama_platform::caller::Caller;
use trama_platform::doors::Action;

/// Roles that send people on, and those of sealed services.
const HELPERS: &[Role] = &[
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::CaseManager,
    Role::FacilityOperator,
    Role::CsmOperator,
    Role::SerdOperator,
    Role::LabourOperator,
    Role::MinorsWorker,
    Role::HubProfessional,
    Role::HealthDistrictOperator,
    Role::CourtOperator,
];

/// Printing a slip, handing it in, reading the answer with it.
pub(crate) const SLIP: Action = Action {
    name: "sealed.slip",
    roles: HELPERS,
    why: "workers who meet people help the holder of a slip; nothing of it is kept in their name",
    second_factor: false,
};

/// The service's own inbox and paths.
pub(crate) const DESK: Action = Action {
    name: "sealed.desk",
    roles: &[Role::SerdOperator, Role::CourtOperator, Role::FacilityOperator],
    why: "workers of the sealed service answer and go on with the people of their own service",
    second_factor: true,
};

/// Whether she meets whoever comes to any desk of her organisation, or to her own desks alone.
pub(crate) fn meets_everybody(caller: &Caller) -> bool {
    caller.role != Role::FacilityOperator
}

/// Health of the service's own log.
pub(crate) const LOG: Action = Action {
    name: "sealed.log",
    roles: &[Role::Administrator],
    why: "the administrator of the sealed organisation looks after its log; it shows no path",
    second_factor: false,
};
