use time::Date;
use trama_events::ids::HouseholdId;
use trama_platform::log::Refusal;

use super::rules::MEMBERS_MAX;

/// Why a household does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such household: record it first")]
    NoSuchHousehold,
    /// Nobody registered the person, or hers is a confidential record: the words do not tell which.
    #[error("there is no such person's record: look for her code, or register her first")]
    NoSuchPerson,
    /// The id was used before, for another household.
    #[error("this household was recorded already with other details: record a new one")]
    AlreadyRecorded,
    /// She belongs to it.
    #[error("this person belongs to the household since {since}")]
    AlreadyMember {
        /// Since which day.
        since: Date,
    },
    /// On that day she belonged to it still.
    #[error("this person belonged to the household until {left}: she can come back from then on")]
    StillThere {
        /// First day without her.
        left: Date,
    },
    /// She does not belong to it.
    #[error("this person does not belong to the household now")]
    NotAMember,
    /// She came after that day, or on it.
    #[error("this person belongs to the household since {since}: she can leave from the day after")]
    BeforeJoining {
        /// Since which day.
        since: Date,
    },
    /// In the registry and for the ISEE a person is in one household at a time.
    #[error(
        "on those days this person is in another household of this kind, {household}: let her leave that one first"
    )]
    InAnother {
        /// The other household.
        household: HouseholdId,
    },
    /// A day that has not come.
    #[error("say what is so, not what is planned: no day after {last}")]
    InTheFuture {
        /// The last day that can be said.
        last: Date,
    },
    /// Too many people, or too many times.
    #[error("a household has at most {MEMBERS_MAX} members at a time: record another one")]
    Full,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchHousehold => "no_such_household",
            Self::NoSuchPerson => "no_such_person",
            Self::AlreadyRecorded => "already_recorded",
            Self::AlreadyMember { .. } => "already_member",
            Self::StillThere { .. } => "still_there",
            Self::NotAMember => "not_a_member",
            Self::BeforeJoining { .. } => "before_joining",
            Self::InAnother { .. } => "in_another",
            Self::InTheFuture { .. } => "in_the_future",
            Self::Full => "full",
        }
    }
}
