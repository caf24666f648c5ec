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
    roles: JOURNEY.roles,
    why: "whoever meets a person first opens her record; identity is never a precondition",
    second_factor: false,
};

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
