//! Who may ask what of the directory. Beside the role, the plan office keeps its own ATS only.

use strum::VariantArray;
use trama_events::codes::Role;
use trama_events::ids::Ats;
use trama_platform::caller::Caller;
use trama_platform::doors::Action;

/// Who keeps the directory.
const KEEPERS: &[Role] = &[Role::Administrator, Role::PlanOffice];

/// Writing down organisations, services, sites and municipalities.
pub(crate) const KEEP: Action = Action {
    name: "directory.keep",
    roles: KEEPERS,
    why: "one register for all: administrators keep it, the plan office what is of its own ATS",
    second_factor: false,
};

/// Reading one organisation or service.
pub(crate) const READ: Action = Action {
    name: "directory.read",
    roles: Role::VARIANTS,
    why: "the map of the network is for everybody in it: services and bodies are public facts",
    second_factor: false,
};

/// Hiring, ending and looking at posts, who may act in which role, and who answers for a service.
pub(crate) const STAFF: Action = Action {
    name: "directory.staff",
    roles: KEEPERS,
    why: "who works where, and who may act, is kept by those who answer for it; nobody else sees it",
    second_factor: true,
};

/// Whether she may keep what belongs to this ATS.
pub(crate) fn may_keep(caller: &Caller, ats: &Ats) -> bool {
    caller.role == Role::Administrator || caller.ats == *ats
}

/// Whether she may know who works in what belongs to this ATS.
pub(crate) fn keeps_staff(caller: &Caller, ats: &Ats) -> bool {
    KEEPERS.contains(&caller.role) && may_keep(caller, ats)
}

/// Whether she may grant a role: those who watch over the network, and over her, are not hers to
/// name.
pub(crate) fn may_grant(caller: &Caller, role: Role) -> bool {
    let watches = matches!(role, Role::Administrator | Role::Auditor | Role::ExternalSystem);
    caller.role == Role::Administrator || !watches
}
