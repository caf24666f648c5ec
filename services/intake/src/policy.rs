//! Who may ask what of intake (domain §6). What is done in the name of a service is done by who
//! acts for it; a person's record belongs to the network, so that every door leads to it (R31).

use trama_events::codes::Role;
use trama_platform::caller::Caller;
use trama_platform::doors::Action;
use trama_platform::gate::Answering;

use crate::entry::made::Made;

/// Whoever meets people for the first time.
const DOORS: &[Role] = &[
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::CaseManager,
    Role::FacilityOperator,
    Role::MinorsWorker,
];

/// Whoever accompanies people and so knows how they are.
const COMPANIONS: &[Role] = &[
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::CaseManager,
    Role::MinorsWorker,
];

/// Whoever looks at documents.
const DESKS: &[Role] = &[Role::InfoDesk, Role::CaseManager, Role::MinorsWorker];

/// Whoever gives something: not those whose service is nobody's business.
const GIVERS: &[Role] = &[
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::CaseManager,
    Role::FacilityOperator,
    Role::Volunteer,
    Role::LabourOperator,
    Role::MinorsWorker,
    Role::HubProfessional,
];

/// Opening a person's record.
pub(crate) const REGISTER: Action = Action {
    name: "intake.register",
    roles: DOORS,
    why: "whoever meets a person first opens her record; identity is never a precondition",
    second_factor: false,
};

/// Aliases, notices, where she sleeps, how far trust has grown.
pub(crate) const ACCOMPANY: Action = Action {
    name: "intake.accompany",
    roles: COMPANIONS,
    why: "workers who accompany people keep their records up to date, whichever door they came by",
    second_factor: false,
};

/// Identifiers and documents.
pub(crate) const IDENTIFY: Action = Action {
    name: "intake.identify",
    roles: DESKS,
    why: "identity is for desks and case managers; the street and the facilities do without",
    second_factor: false,
};

/// Reading one person's record.
pub(crate) const READ_PERSON: Action = Action {
    name: "intake.read_person",
    roles: COMPANIONS,
    why: "workers who accompany people see the record, and the aliases of their own units only",
    second_factor: false,
};

/// Linking and unlinking records, and reading a link.
pub(crate) const LINK: Action = Action {
    name: "intake.link",
    roles: DESKS,
    why: "whether two records are one person is judged by who looks at documents",
    second_factor: false,
};

/// Contacts: recorded, triaged, closed, read.
pub(crate) const CONTACT: Action = Action {
    name: "intake.contact",
    roles: DOORS,
    why: "each service records the contacts it has and decides what they lead to",
    second_factor: false,
};

/// Encounters in the street.
pub(crate) const ENCOUNTER: Action = Action {
    name: "intake.encounter",
    roles: &[Role::OutreachWorker, Role::EmergencyWorker],
    why: "units that go out record whom they meet",
    second_factor: false,
};

/// Reporting an emergency.
pub(crate) const REPORT: Action = Action {
    name: "intake.report_emergency",
    roles: DOORS,
    why: "the emergency service records what reaches it, and whoever meets people may call it",
    second_factor: false,
};

/// Assessing, sending a unit, closing.
pub(crate) const RESPOND: Action = Action {
    name: "intake.respond",
    roles: &[Role::EmergencyWorker],
    why: "an emergency is answered by the emergency service to which it was reported",
    second_factor: false,
};

/// Reading one emergency.
pub(crate) const READ_EMERGENCY: Action = Action {
    name: "intake.read_emergency",
    roles: DOORS,
    why: "the emergency service, the units sent out and the service that took over see it; \
          the minors' services too, when a child is alone",
    second_factor: false,
};

/// Things given.
pub(crate) const DELIVER: Action = Action {
    name: "intake.deliver",
    roles: GIVERS,
    why: "whoever gives something records it, to a person or to a number of people",
    second_factor: false,
};

/// Counts of homeless people.
pub(crate) const COUNT: Action = Action {
    name: "intake.count",
    roles: &[Role::PlanOffice],
    why: "counts are figures of the plan office, about nobody in particular",
    second_factor: false,
};

/// Households and their members.
pub(crate) const HOUSEHOLD: Action = Action {
    name: "intake.household",
    roles: DESKS,
    why: "who belongs together is written down by who speaks with the family; the household, like \
          a person's record, belongs to the network",
    second_factor: false,
};

/// What a person decides about who sees her past.
pub(crate) const WITNESS: Action = Action {
    name: "intake.witness",
    roles: DOORS,
    why: "what a person decides about who sees her record is taken down in her presence by whoever \
          meets people and has her in care",
    second_factor: true,
};

/// That a person is not to be found, and that she may be again.
pub(crate) const HIDE: Action = Action {
    name: "intake.hide",
    roles: DOORS,
    why: "whoever accompanies somebody whom others look for says at once that she is not to be \
          found, neither why nor where she is; everybody lifts what she said herself, and what others \
          said who has a case of hers that somebody else gave her",
    second_factor: true,
};

/// Moving or taking back an entry.
pub(crate) const MOVE_ENTRY: Action = Action {
    name: "intake.move_entry",
    roles: GIVERS,
    why: "an entry on the wrong person is moved by its author, by the responsible of the service \
          that made it, or by the person's case manager there; in its first 30 seconds its author \
          takes it back",
    second_factor: false,
};

/// Whether the caller made the entry.
pub(crate) fn is_author(caller: &Caller, entry: &Made) -> bool {
    entry.author == caller.staff
}

/// Whether the caller may move the entry: its author, or who answers for it (domain §3, "moved by
/// its author or the responsible"). The entry is hers to see already, so that a move tells her
/// nothing; one of another organisation is moved there. Whoever is in charge of the person answers
/// for what stands on her, wherever the caller says that it does.
pub(crate) fn may_move(
    caller: &Caller,
    answers: &Answering,
    entry: &Made,
    stands_on_her: bool,
) -> bool {
    let in_charge = answers.in_charge && stands_on_her;
    let answers = Answering { in_charge, ..answers.clone() };
    is_author(caller, entry) || answers.includes(entry.organisation, entry.service)
}
