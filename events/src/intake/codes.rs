//! Code lists of access.

use crate::codes::codes;

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

    /// How a person says what she wants of her record.
    WishForm {
        /// She signed it.
        Signed,
        /// She said it, and the worker wrote it down.
        Said,
        /// She said it with the help of a mediator or an interpreter.
        Interpreted,
    }
}
