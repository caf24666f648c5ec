//! Who may ask what of the vault (domain §6). What of a person is shown, the policies decide.

use trama_events::codes::Role;
use trama_platform::doors::Action;

/// Whoever meets people and keeps their records.
const KEEPERS: &[Role] = &[
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::CaseManager,
    Role::FacilityOperator,
    Role::MinorsWorker,
];

/// Whoever may be shown anything of the vault.
const READERS: &[Role] = &[
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::CaseManager,
    Role::FacilityOperator,
    Role::CsmOperator,
    Role::LabourOperator,
    Role::MinorsWorker,
    Role::RegistryClerk,
    Role::HealthDistrictOperator,
    Role::MailOperator,
    Role::Guardian,
];

/// Whoever decides on holds and erasures.
const DECIDERS: &[Role] = &[Role::Auditor, Role::Administrator];

/// Recording facts.
pub(crate) const RECORD: Action = Action {
    name: "vault.record",
    roles: KEEPERS,
    why: "whoever meets a person writes down what she says of herself, as far as she says it",
    second_factor: false,
};

/// Reading one person's facts.
pub(crate) const READ: Action = Action {
    name: "vault.read",
    roles: READERS,
    why: "each role sees the sections that its work needs, and nobody a secret address",
    second_factor: false,
};

/// Looking for a person.
pub(crate) const MATCH: Action = Action {
    name: "vault.match",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::MinorsWorker,
    ],
    why: "before a new record is opened, whoever opens it looks whether there is one",
    second_factor: false,
};

/// Placing and lifting legal holds.
pub(crate) const HOLD: Action = Action {
    name: "vault.hold",
    roles: DECIDERS,
    why: "what a court or a control may need is kept by who answers for it",
    second_factor: true,
};

/// Asking for an erasure, agreeing to one, seeing its certificate.
pub(crate) const ERASE: Action = Action {
    name: "vault.erase",
    roles: DECIDERS,
    why: "an erasure is for ever: the data protection officer or the administrator asks, and \
          another one of them agrees",
    second_factor: true,
};
