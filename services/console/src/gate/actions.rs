//! What may be asked of the pages of people, beside opening a journey.

use trama_events::codes::Role;
use trama_platform::doors::Action;

use super::JOURNEY;

/// Looking for a person by what she says of herself.
pub(crate) const SEARCH: Action = Action {
    name: "page.search",
    roles: JOURNEY.roles,
    why: "before a new record is opened, whoever opens it looks whether there is one",
};

/// Registering a person.
pub(crate) const REGISTER: Action = Action {
    name: "page.register",
    roles: JOURNEY.roles,
    why: "whoever meets a person first opens her record; identity is never a precondition",
};

/// Judging whether records are one person.
pub(crate) const LINKS: Action = Action {
    name: "page.links",
    roles: &[Role::InfoDesk, Role::CaseManager],
    why: "whether two records are one person is judged by who looks at documents",
};

/// Seeing who looked at a person.
pub(crate) const ACCESSES: Action = Action {
    name: "page.accesses",
    roles: &[Role::Auditor],
    why: "the data protection officer controls who looks at whom, and gives the person her copy",
};
