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
    /// The sending service is not in the directory, or not yet in our copy of it.
    #[error("the sending service is not known here; if it was registered a moment ago, try again")]
    UnknownSender,
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
    /// One of the two services meets nobody by name.
    #[error(
        "this service knows nobody by name: print a slip for it (POST /api/sealed/slips) and give it \
         to the person, who hands it in or not"
    )]
    OnlyBySlip,
    /// The receiving service is reached through another one.
    #[error(
        "nobody is sent to this service: print a slip for the anti-violence centre \
         (POST /api/sealed/slips) and give it to the person"
    )]
    NoDirectAccess,
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
    /// A first visit lies before today.
    #[error("a first visit is fixed for today or later: correct the day")]
    VisitInThePast,
    /// Nobody can have missed it yet.
    #[error("the first visit is still to come: it is missed only after its time")]
    VisitToCome,
    /// The visit took place.
    #[error("the first visit was held already")]
    VisitAlreadyHeld,
    /// A need is met by what was done, and nothing was done yet.
    #[error("accepted is not served: record the first visit before you say that the need was met")]
    NotServed,
    /// The service named for the next step cannot be asked.
    #[error(
        "the other service is not known here as active: name another one; if it was activated a \
         moment ago, try again"
    )]
    UnknownElsewhere,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchReferral => "no_such_referral",
            Self::UnknownPerson => "unknown_person",
            Self::UnknownSender => "unknown_sender",
            Self::UnknownService => "unknown_service",
            Self::ServiceNotActive => "service_not_active",
            Self::ToItself => "to_itself",
            Self::OnlyBySlip => "only_by_slip",
            Self::NoDirectAccess => "no_direct_access",
            Self::AlreadySent => "already_sent",
            Self::AlreadyOpen { .. } => "already_open",
            Self::AlreadyAnswered => "already_answered",
            Self::NotAccepted => "not_accepted",
            Self::Ended { .. } => "ended",
            Self::NothingAsked => "nothing_asked",
            Self::NoVisitScheduled => "no_visit_scheduled",
            Self::VisitInThePast => "visit_in_the_past",
            Self::VisitToCome => "visit_to_come",
            Self::VisitAlreadyHeld => "visit_already_held",
            Self::NotServed => "not_served",
            Self::UnknownElsewhere => "unknown_elsewhere",
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
