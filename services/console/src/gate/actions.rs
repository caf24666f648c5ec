//! What may be asked of the pages of people, beside opening a journey.

use trama_events::codes::Role;
use trama_platform::doors::Action;

use super::JOURNEY;

/// Looking for a person by what she says of herself.
pub(crate) const SEARCH: Action = Action {
    name: "page.search",
    roles: JOURNEY.roles,
    why: "before a new record is opened, whoever opens it looks whether there is one",
    second_factor: false,
};

/// Registering a person.
pub(crate) const REGISTER: Action = Action {
    name: "page.register",
    roles: WHO_MEETS,
    why: "whoever meets a person first opens her record; identity is never a precondition",
    second_factor: false,
};

/// Going on with what was begun at the registration: what she needs, where she sleeps, that she was
/// told what is written of her.
pub(crate) const INTAKE: Action = Action {
    name: "page.intake",
    roles: WHO_MEETS,
    why: "whoever receives a person writes down step by step what she tells, and may stop at any",
    second_factor: false,
};

/// Writing down that somebody came, was met or was given something, without a name.
pub(crate) const CONTACT: Action = Action {
    name: "page.contact",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::MinorsWorker,
    ],
    why: "where the threshold is low somebody is helped whose name nobody asks (R1)",
    second_factor: false,
};

/// Those who see a journey and receive people.
const WHO_MEETS: &[Role] =
    &[Role::InfoDesk, Role::OutreachWorker, Role::EmergencyWorker, Role::CaseManager];

/// Judging whether records are one person.
pub(crate) const LINKS: Action = Action {
    name: "page.links",
    roles: &[Role::InfoDesk, Role::CaseManager],
    why: "whether two records are one person is judged by who looks at documents",
    second_factor: false,
};

/// Seeing who looked at one person, to tell her.
pub(crate) const WHO_SAW: Action = Action {
    name: "page.who_saw",
    roles: &[Role::Auditor, Role::InfoDesk, Role::CaseManager, Role::MinorsWorker],
    why: "a person has a right to know who read her record: she asks at the desk or whoever has her \
          in charge; who the workers were, only the data protection officer sees",
    second_factor: false,
};

/// Seeing who looked at whom.
pub(crate) const ACCESSES: Action = Action {
    name: "page.accesses",
    roles: &[Role::Auditor],
    why: "the data protection officer controls who looks at whom, and gives the person her copy",
    second_factor: false,
};
