use trama_events::ids::ReferralId;
use trama_platform::log::Refusal;

use super::End;

/// Why a referral does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such referral")]
    NoSuchReferral,
    /// The person is not registered, or not yet in our copy of the register.
    #[error("this person is not registered; if it was registered a moment ago, try again")]
    UnknownPerson,
    /// The receiving service is not in the directory, or not yet in our copy of it.
    #[error(
        "the receiving service is not known here; if it was registered a moment ago, try again"
    )]
    UnknownService,
    /// The receiving service does not work now.
    #[error("the receiving service is not active: choose another one")]
    ServiceNotActive,
    /// A service cannot refer to itself.
    #[error("a referral goes to another service, not to your own")]
    ToItself,
    /// This id was used before.
    #[error("this referral was sent already")]
    AlreadySent,
    /// The same person, need and service have one open.
    #[error("an open referral for the same person, need and service exists: {referral}")]
    AlreadyOpen {
        /// The first one.
        referral: ReferralId,
    },
    /// It was accepted.
    #[error("this referral was accepted already")]
    AlreadyAnswered,
    /// It is not accepted yet.
    #[error("this referral must be accepted first")]
    NotAccepted,
    /// It came to its end.
    #[error("this referral has ended: {}", end.words())]
    Ended {
        /// How.
        end: End,
    },
    /// No information was asked for.
    #[error("name at least one section that is asked for or handed over")]
    NothingAsked,
    /// Nobody fixed a visit.
    #[error("no first visit is scheduled")]
    NoVisitScheduled,
    /// The visit took place.
    #[error("the first visit was held already")]
    VisitAlreadyHeld,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchReferral => "no_such_referral",
            Self::UnknownPerson => "unknown_person",
            Self::UnknownService => "unknown_service",
            Self::ServiceNotActive => "service_not_active",
            Self::ToItself => "to_itself",
            Self::AlreadySent => "already_sent",
            Self::AlreadyOpen { .. } => "already_open",
            Self::AlreadyAnswered => "already_answered",
            Self::NotAccepted => "not_accepted",
            Self::Ended { .. } => "ended",
            Self::NothingAsked => "nothing_asked",
            Self::NoVisitScheduled => "no_visit_scheduled",
            Self::VisitAlreadyHeld => "visit_already_held",
        }
    }
}

impl End {
    fn words(self) -> &'static str {
        match self {
            Self::Declined => "it was declined",
            Self::Withdrawn => "the sender took it back",
            Self::Expired => "nobody answered in time",
            Self::Reported(_) => "its outcome was reported",
        }
    }
}
