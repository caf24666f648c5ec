use trama_events::housing::WaitingEndReason;
use trama_events::ids::WaitingId;
use trama_platform::log::Refusal;

use super::rules;
use crate::booking::DoubleBooking;
use crate::facility::Unavailable;

/// Why a wait does not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// The facility cannot give a place.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// The place is somebody else's.
    #[error(transparent)]
    DoubleBooking(#[from] DoubleBooking),
    /// There is none under this id.
    #[error("nobody waits under this id: ask for a place first")]
    NoSuchWait,
    /// The person is not registered, or not yet in our copy of the register.
    #[error("this person is not registered; if it was registered a moment ago, try again")]
    UnknownPerson,
    /// The referral was not sent for this person to this facility, or is not yet in our copy of the
    /// referrals: the words do not tell which.
    #[error(
        "there is no such referral of this person to this facility; if it was sent a moment ago, try \
         again"
    )]
    UnknownReferral,
    /// This id was used before, otherwise.
    #[error("this wait exists already, for another person, facility or number of places")]
    AlreadyRequested,
    /// The same person waits for the same facility.
    #[error("this person waits for this facility already: {waiting}")]
    AlreadyWaiting {
        /// The first one.
        waiting: WaitingId,
    },
    /// Bound on the number.
    #[error("ask for 1 to {} places", rules::PLACES_MAX)]
    PlacesOutOfBounds,
    /// No direct access.
    #[error(
        "a place here goes to whom the house registered itself, under a pseudonym of its own: register \
         her first"
    )]
    NoWayIn,
    /// The referral waits itself.
    #[error("this referral is not accepted: the facility accepts it first")]
    ReferralNotAccepted,
    /// It came to its end.
    #[error("this wait has ended ({}): ask for a place again", words(*reason))]
    Ended {
        /// Why.
        reason: WaitingEndReason,
    },
    /// The place is elsewhere.
    #[error("the person waits for another facility: offer one of its places")]
    AnotherFacility,
    /// As many as asked for.
    #[error("{asked} places were asked for: offer as many, each once")]
    OtherNumber {
        /// How many.
        asked: u16,
    },
    /// A family stays together.
    #[error("a family is not split: offer places of one unit")]
    SeveralUnits,
    /// Bound on the time.
    #[error(
        "an offer ends in the future, within {} days: choose another time",
        rules::OFFER_DAYS_MAX
    )]
    HeldOutOfBounds,
    /// One offer at a time.
    #[error("another offer is open: wait for the answer, or for its end")]
    AlreadyOffered,
    /// She said yes.
    #[error("a place was assigned already: let her move in, or record that she declines")]
    AlreadyAssigned,
    /// There is no offer.
    #[error("no place is offered now: offer one first")]
    NothingOffered,
    /// It came too late.
    #[error("the time of this offer is over: offer a place again")]
    OfferIsOver,
    /// Moving in comes after assigning.
    #[error("no place was assigned: assign it before she moves in")]
    NotAssigned,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(why) => why.code(),
            Self::DoubleBooking(why) => why.code(),
            Self::NoSuchWait => "no_such_wait",
            Self::UnknownPerson => "unknown_person",
            Self::UnknownReferral => "unknown_referral",
            Self::AlreadyRequested => "already_requested",
            Self::AlreadyWaiting { .. } => "already_waiting",
            Self::PlacesOutOfBounds => "places_out_of_bounds",
            Self::NoWayIn => "no_way_in",
            Self::ReferralNotAccepted => "referral_not_accepted",
            Self::Ended { .. } => "wait_ended",
            Self::AnotherFacility => "another_facility",
            Self::OtherNumber { .. } => "other_number",
            Self::SeveralUnits => "several_units",
            Self::HeldOutOfBounds => "held_out_of_bounds",
            Self::AlreadyOffered => "already_offered",
            Self::AlreadyAssigned => "already_assigned",
            Self::NothingOffered => "nothing_offered",
            Self::OfferIsOver => "offer_is_over",
            Self::NotAssigned => "not_assigned",
        }
    }
}

fn words(reason: WaitingEndReason) -> &'static str {
    match reason {
        WaitingEndReason::Placed => "she moved in",
        WaitingEndReason::PersonRefused => "she did not want it any more",
        WaitingEndReason::PlacedElsewhere => "she found another place",
        WaitingEndReason::Unreachable => "she could not be found",
    }
}
