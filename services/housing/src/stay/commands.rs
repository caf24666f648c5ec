use time::Date;
use trama_events::casework::EligibilityFact;
use trama_events::codes::{Destination, ServiceType};
use trama_events::housing::{AdmissionRoute, ExtensionReason, StepDirection, StepReason};
use trama_events::ids::{PersonId, ServiceId, StayId};

use super::Rejection;
use crate::facility::{PlaceFact, Unavailable};
use crate::waiting_entry::ReferralSeen;

/// What can be asked of a stay.
#[derive(Debug, Clone, PartialEq)]
pub enum StayCommand {
    /// Somebody moves in.
    Start(Box<Start>),
    /// Let it go on past its cap.
    Extend {
        /// The new last day.
        until: Date,
        /// Day of the decision.
        decided_on: Date,
        /// Why.
        reason: ExtensionReason,
        /// Today in Rome.
        today: Date,
    },
    /// Move to other places of the same facility.
    MovePlace {
        /// What the facility answered for the new places, from `moved_on` on.
        places: Result<Vec<PlaceFact>, Unavailable>,
        /// First night there.
        moved_on: Date,
        /// Today in Rome.
        today: Date,
    },
    /// Move to another facility of the chain, within the programme.
    MoveStep(Box<Step>),
    /// Somebody moves out.
    End {
        /// First night elsewhere.
        ended_on: Date,
        /// Where to.
        destination: Destination,
        /// Today in Rome.
        today: Date,
    },
}

/// Everything that moving in needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// The new stay.
    pub stay: StayId,
    /// Who holds it.
    pub person: PersonId,
    /// Who moves in with her, of one household; in a family's unit only.
    pub members: Vec<PersonId>,
    /// Whether somebody registered each of them.
    pub people_known: bool,
    /// Who waited for which facility, where this ends a wait.
    pub waited: Option<(PersonId, ServiceId)>,
    /// The referral that leads there, when one is named; [`Rejection::UnknownReferral`] when our
    /// copy of the referrals does not have it.
    pub referral: Result<Option<ReferralSeen>, Rejection>,
    /// Whether the facility registered each of them itself, under pseudonyms of its own.
    pub own: bool,
    /// Whether the emergency service asks.
    pub by_pis: bool,
    /// What the facility answered for the places, from `started_on` on.
    pub places: Result<Vec<PlaceFact>, Unavailable>,
    /// First night.
    pub started_on: Date,
    /// How she is admitted.
    pub route: AdmissionRoute,
    /// What speaks for a threshold.
    pub grounds: Grounds,
    /// What is known of her personal project.
    pub project: ProjectFact,
    /// Today in Rome.
    pub today: Date,
}

impl Start {
    /// Whether it begins in a secret shelter.
    pub fn is_secret(&self) -> bool {
        let secret = |place: &PlaceFact| place.facility.kind == ServiceType::SecretShelter;
        self.places.as_ref().is_ok_and(|places| places.iter().any(secret))
    }
}

/// A step up or down.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What the other facility answered for the places, from `moved_on` on.
    pub places: Result<Vec<PlaceFact>, Unavailable>,
    /// First night there.
    pub moved_on: Date,
    /// Up or down.
    pub direction: StepDirection,
    /// Why.
    pub reason: StepReason,
    /// What speaks for a threshold.
    pub grounds: Grounds,
    /// What is known of her personal project.
    pub project: ProjectFact,
    /// Today in Rome.
    pub today: Date,
}

/// What admits to a threshold: facts of casework, or agreements on health.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grounds {
    /// The person's eligibility facts.
    pub facts: Vec<FactSeen>,
    /// The agreements of the DSM route.
    pub agreements: Agreements,
}

/// A recorded fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactSeen {
    /// Which.
    pub fact: EligibilityFact,
    /// Last day on which it holds, when it ends.
    pub valid_to: Option<Date>,
}

/// The two agreements of the DSM route (R80).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agreements {
    /// Whether the standing agreement with the mental-health department is in force.
    pub standing: bool,
    /// Whether there is one for this person: *agreed*, never a diagnosis.
    pub personal: bool,
}

/// What housing knows of a personal project, from casework's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProjectFact {
    /// Whether one is signed and not ended.
    pub active: bool,
    /// Position in casework's log up to which this is known.
    pub read_to: i64,
}
