//! Access (domain §3.1): persons, links, contacts, outreach, emergencies, what was given.

mod codes;
mod person;
mod wish;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::Date;
use utoipa::ToSchema;

use crate::codes::{Channel, Ethos, Need, Recipient, ServiceType};
use crate::fact::facts;
use crate::ids::{
    ContactId, CountId, DeliveryId, EmergencyId, EncounterId, HouseholdId, PersonId, ServiceId,
};

pub use codes::{
    ClosingReason, CountSource, DeliveryOutcome, EmergencyLevel, EmergencyOutcome, EngagementStage,
    HouseholdKind, LinkReason, ReattributionReason, TriageOutcome, UnlinkReason, WishForm,
};
pub use person::{LinkEvent, PersonEvent};
pub use wish::{Extent, Viewer, WishEvent};

/// What happens in a contact.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ContactEvent {
    /// Somebody came, called or was sent.
    ContactRecorded {
        /// The contact.
        contact: ContactId,
        /// Service that was contacted.
        service: ServiceId,
        /// By which way.
        channel: Channel,
        /// Who, when a record exists; nobody has to have one.
        person: Option<PersonId>,
        /// What is needed, at most 17.
        needs: Vec<Need>,
    },
    /// It was decided what the contact leads to.
    ContactTriaged {
        /// What it led to.
        outcome: TriageOutcome,
        /// Needs as they turned out, at most 17.
        needs: Vec<Need>,
    },
    /// Nothing more is to be done.
    ContactClosed {},
}

facts!(ContactEvent, Intake, "contact");

/// Something was given: a shower, a talk, a night's luggage (R9).
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeliveryEvent {
    /// One service to one person, or a count of people who stay anonymous.
    ServiceDelivered {
        /// The record.
        delivery: DeliveryId,
        /// Service that gave it.
        service: ServiceId,
        /// What was given.
        service_type: ServiceType,
        /// To whom.
        recipient: Recipient,
        /// Minutes of work, 1 to 1440.
        minutes: Option<u16>,
        /// How it went.
        outcome: Option<DeliveryOutcome>,
    },
}

facts!(DeliveryEvent, Intake, "delivery");

/// Encounters in the street. The place is a quarter, never an address (domain §6).
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OutreachEvent {
    /// A unit met somebody.
    OutreachEncounterRecorded {
        /// The encounter.
        encounter: EncounterId,
        /// The unit.
        service: ServiceId,
        /// Whom, when a record exists.
        person: Option<PersonId>,
        /// Where she sleeps.
        ethos: Ethos,
        /// Code of the quarter, 1 to 40 of `a-z`, `0-9`, `-`.
        quarter: Option<String>,
    },
}

facts!(OutreachEvent, Intake, "outreach_encounter");

/// An emergency, from report to closure.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EmergencyEvent {
    /// Somebody called the emergency service.
    EmergencyReported {
        /// The emergency.
        emergency: EmergencyId,
        /// The emergency service.
        service: ServiceId,
        /// By which way.
        channel: Channel,
        /// About whom, when a record exists.
        person: Option<PersonId>,
        /// Whether a bed for the night is asked for.
        shelter_requested: bool,
        /// A child without an adult: the minors' service is alerted at once.
        lone_child: bool,
    },
    /// It was found how serious it is.
    EmergencyAssessed {
        /// How serious.
        level: EmergencyLevel,
        /// Who it is about, if that is known now.
        person: Option<PersonId>,
    },
    /// A unit went out.
    UnitDispatched {
        /// Which unit.
        unit: ServiceId,
    },
    /// It ended, with a handover or a reason.
    EmergencyClosed {
        /// How.
        outcome: EmergencyOutcome,
        /// Service that took over.
        handover: Option<ServiceId>,
        /// Why nobody took over.
        reason: Option<ClosingReason>,
    },
}

facts!(EmergencyEvent, Intake, "emergency");

/// A count of homeless people, by a register or on one night: shown beside indicator I10.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CountEvent {
    /// So many people were counted.
    HomelessCountRecorded {
        /// The count.
        count: CountId,
        /// On which day.
        counted_on: Date,
        /// By whom.
        source: CountSource,
        /// How many people.
        people: u32,
    },
}

facts!(CountEvent, Intake, "homeless_count");

/// People who belong together. A person is in several households of different kinds at once: the
/// registry's family, the ISEE unit, those who live together and those who are housed together
/// are not the same people.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HouseholdEvent {
    /// A household was recorded.
    HouseholdRecorded {
        /// The household.
        household: HouseholdId,
        /// In which sense its members belong together.
        kind: HouseholdKind,
        /// Service that recorded it.
        service: ServiceId,
    },
    /// Somebody belongs to it.
    HouseholdMemberJoined {
        /// Who.
        person: PersonId,
        /// Since which day.
        on: Date,
    },
    /// Somebody does not belong to it any more.
    HouseholdMemberLeft {
        /// Who.
        person: PersonId,
        /// First day without her.
        on: Date,
    },
}

facts!(HouseholdEvent, Intake, "household");

/// What happens to an entry that should not stand where it does. The entry is an event of any
/// context, named by its id `<context>/<aggregate>/<sequence>`.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EntryEvent {
    /// It was made on the wrong person: the wrong journey shows nothing, the right one shows it,
    /// and only the auditor sees the move.
    EntryReattributed {
        /// The entry.
        entry: String,
        /// On whom it was.
        from: PersonId,
        /// On whom it belongs.
        to: PersonId,
        /// Why.
        reason: ReattributionReason,
    },
    /// Its author took it back within 30 seconds.
    EntryUndone {
        /// The entry.
        entry: String,
        /// On whom it was, when on anybody.
        person: Option<PersonId>,
    },
}

facts!(EntryEvent, Intake, "entry");
