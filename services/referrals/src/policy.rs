//! Who may ask what of a referral. Beside the role, each door asks that the caller acts for the
//! sending or the receiving service: nobody sees or answers a referral of others.

use trama_events::codes::Role;
use trama_platform::doors::Action;

/// Roles that send people on.
const SENDERS: &[Role] = &[
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
];

/// Roles that receive people.
const RECEIVERS: &[Role] = &[
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
    Role::RegistryClerk,
    Role::HealthDistrictOperator,
    Role::MailOperator,
];

/// Sending, adding information, taking back.
pub(crate) const SEND: Action = Action {
    name: "referrals.send",
    roles: SENDERS,
    why: "workers who meet people send them on, each for a service of her own",
    second_factor: false,
};

/// Opening, asking, answering, visiting, reporting.
pub(crate) const ANSWER: Action = Action {
    name: "referrals.answer",
    roles: RECEIVERS,
    why: "workers of the receiving service answer it, without opening any other record",
    second_factor: false,
};

/// Reading one referral.
pub(crate) const READ: Action = Action {
    name: "referrals.read",
    roles: RECEIVERS,
    why: "sender and receiver see their own referral, nobody else",
    second_factor: false,
};

/// Recording what a person agrees to, and that she does not any more.
pub(crate) const CONSENT: Action = Action {
    name: "referrals.consent",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::CsmOperator,
        Role::LabourOperator,
        Role::MinorsWorker,
        Role::HubProfessional,
    ],
    why: "she tells whoever she meets; a worker of an addiction service never writes on her where \
          the network reads",
    second_factor: false,
};

/// Telling whether a health service agrees to a housing programme.
pub(crate) const HEALTH: Action = Action {
    name: "referrals.health_agreement",
    roles: &[Role::CsmOperator],
    why: "the mental-health department agrees or not, by a standing agreement between the bodies",
    second_factor: false,
};
