//! Access (domain §3.1): persons, links, contacts, outreach, emergencies, what was given.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::Date;
use utoipa::ToSchema;

use crate::codes::{
    Channel, Ethos, Gender, IdentifierKind, IdentityStatus, Need, Recipient, ServiceType, codes,
};
use crate::fact::facts;
use crate::ids::{
    ContactId, CountId, DeliveryId, EmergencyId, EncounterId, HouseholdId, LinkId, PersonId,
    ServiceId,
};
use crate::short_code::ShortCode;

/// What happens to a person's record. Names and identifier values are never here.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PersonEvent {
    /// A service met a person and opened a record.
    PersonRegistered {
        /// The record's id; it stays valid for ever, linked or not.
        person: PersonId,
        /// The short code by which people speak of her.
        code: ShortCode,
        /// How much is known of who she is.
        status: IdentityStatus,
        /// Service that registered her.
        service: ServiceId,
        /// Year of birth, when said: 1900 to this year.
        birth_year: Option<u16>,
        /// Gender, as stated.
        gender: Gender,
        /// Language spoken, ISO 639-1.
        language: Option<String>,
    },
    /// A unit knows her under an alias, kept as an opaque code; unique inside that unit only.
    AliasRecorded {
        /// The unit that uses the alias.
        service: ServiceId,
        /// Opaque code of the alias, 1 to 40 symbols; never a name.
        alias_code: String,
    },
    /// An identifier exists. Its value is in the vault, never here.
    IdentifierAdded {
        /// Which kind.
        kind: IdentifierKind,
        /// Last day on which it is valid, when it ends.
        valid_to: Option<Date>,
    },
    /// An identifier ran out without a successor.
    IdentifierExpired {
        /// Which kind.
        kind: IdentifierKind,
    },
    /// A better identifier replaced this one: nothing is due when it runs out.
    IdentifierSuperseded {
        /// Which kind was replaced.
        kind: IdentifierKind,
    },
    /// Somebody saw a document: the person is identified.
    PersonIdentified {
        /// Whether her stay in Italy is known to be lawful; `None` when nobody asked. The registry
        /// office decides what follows, never we.
        lawful_stay: Option<bool>,
    },
    /// The privacy notice was given and explained.
    PrivacyNoticeGiven {
        /// In which language, ISO 639-1.
        language: String,
    },
    /// Where she sleeps, as she or the worker says.
    HousingSituationRecorded {
        /// ETHOS situation.
        ethos: Ethos,
    },
    /// An earlier entry on the housing situation was wrong; both stay visible.
    HousingSituationCorrected {
        /// Sequence number, in this person's record, of the entry that was wrong.
        corrects: u32,
        /// ETHOS situation as it was in truth.
        ethos: Ethos,
    },
    /// Trust grew or fell: an optional phase, never a precondition.
    EngagementProgressed {
        /// The phase reached.
        stage: EngagementStage,
    },
}

facts!(PersonEvent, Intake, "person");

codes! {
    /// Phases of *aggancio*.
    EngagementStage {
        /// Seen, does not speak.
        Seen,
        /// Speaks with the unit.
        Talking,
        /// Accepts small help.
        AcceptsHelp,
        /// Accepts a referral.
        AcceptsReferral,
    }

    /// What two records have in common, in the words a worker would use.
    LinkReason {
        /// The same valid tax code.
        SameTaxCode,
        /// The same document.
        SameDocument,
        /// The same birth date and a like name.
        SameBirthAndName,
        /// The person says so.
        PersonSaysSo,
        /// A worker recognised her.
        Recognised,
    }

    /// Why a link was undone.
    UnlinkReason {
        /// They are two people.
        TwoPeople,
        /// Entered by mistake.
        Mistake,
        /// The person asked for it.
        PersonAsked,
    }

    /// What a contact led to (R63).
    TriageOutcome {
        /// Information was enough.
        InformationGiven,
        /// On to the professional social service.
        ToSocialService,
        /// On to a specialist service.
        ToSpecialistService,
        /// On to the emergency service.
        ToEmergency,
        /// Served at once, nothing more asked.
        ServedAtOnce,
        /// The person left.
        LeftBeforeTriage,
    }

    /// How what was given went.
    DeliveryOutcome {
        /// Given.
        Done,
        /// Given in part.
        Partial,
        /// Not given.
        NotDone,
    }

    /// How an emergency ended.
    EmergencyOutcome {
        /// The person has a bed.
        Sheltered,
        /// Another service took over.
        HandedOver,
        /// There was no emergency.
        Unfounded,
    }

    /// Why an emergency closed without another service taking over.
    ClosingReason {
        /// The person does not want help.
        PersonRefused,
        /// The person could not be found.
        NotFound,
        /// The need was met on the spot.
        SolvedOnSpot,
        /// Reported by mistake or in bad faith.
        FalseReport,
        /// Ambulance or police took over.
        PublicRescue,
    }

    /// How serious an emergency is found to be.
    EmergencyLevel {
        /// Can wait until morning.
        Low,
        /// Tonight.
        High,
        /// Life or safety at risk.
        Critical,
    }

    /// In which sense people belong together.
    HouseholdKind {
        /// The family in the population registry.
        Registry,
        /// The unit of the means index.
        Isee,
        /// Those who live together.
        Cohabiting,
        /// Those who are housed together by a service.
        HousedTogether,
    }

    /// Why an entry is moved to another person.
    ReattributionReason {
        /// The wrong record was open.
        WrongRecord,
        /// Two people of a like name.
        LikeName,
        /// Somebody gave another person's name or card.
        AnotherPersonsCard,
    }

    /// Where a count of homeless people comes from.
    CountSource {
        /// Municipal registry: people registered as without fixed abode.
        Registry,
        /// A street count in one night.
        StreetCount,
        /// National statistics.
        Istat,
    }
}

/// A judgement on whether two records are one person. A link, not a merge: both ids stay.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LinkEvent {
    /// The two records are one person.
    PersonsLinked {
        /// The pair's id, the same in either order.
        link: LinkId,
        /// The record that stays in front: the older one unless said otherwise.
        canonical: PersonId,
        /// The other record.
        other: PersonId,
        /// What speaks for it, at least one.
        reasons: Vec<LinkReason>,
    },
    /// They are two people: the pair is never proposed again.
    PersonsDeclaredDifferent {
        /// The pair's id.
        link: LinkId,
        /// One record.
        canonical: PersonId,
        /// The other record.
        other: PersonId,
    },
    /// Somebody looked at the pair and could not say.
    MatchLeftOpen {
        /// The pair's id.
        link: LinkId,
        /// One record.
        canonical: PersonId,
        /// The other record.
        other: PersonId,
    },
    /// They are two people after all; both histories are restored exactly, and the pair is never
    /// proposed again.
    PersonsUnlinked {
        /// The pair's id.
        link: LinkId,
        /// The record that was in front.
        canonical: PersonId,
        /// The other record.
        other: PersonId,
        /// Why.
        reason: UnlinkReason,
    },
}

facts!(LinkEvent, Intake, "link");

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
