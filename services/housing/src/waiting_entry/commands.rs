use time::OffsetDateTime;
use trama_events::housing::WaitingEndReason;
use trama_events::ids::{PersonId, ReferralId, ServiceId, WaitingId};

use super::Rejection;
use crate::facility::{FacilityFact, PlaceFact, Unavailable};

/// What can be asked of a wait.
#[derive(Debug, Clone, PartialEq)]
pub enum WaitingCommand {
    /// Ask for places and go on the list.
    Request(Box<Request>),
    /// Offer places, all at once.
    Offer {
        /// What the facility answered for the places, from the night on which the offer ends.
        places: Result<Vec<PlaceFact>, Unavailable>,
        /// Until when they are kept.
        held_until: OffsetDateTime,
        /// Now.
        now: OffsetDateTime,
    },
    /// The person does not want what was offered, and waits on.
    Decline,
    /// The person will have it.
    Assign {
        /// Now.
        now: OffsetDateTime,
    },
    /// The time of the offer passed.
    ExpireOffer {
        /// The moment at which it was looked at.
        now: OffsetDateTime,
    },
    /// The wait ends: she moves in, or does not want or need it any more.
    End {
        /// Why.
        reason: WaitingEndReason,
    },
}

/// Everything that asking for places needs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    /// The new wait.
    pub waiting: WaitingId,
    /// Who.
    pub person: PersonId,
    /// Whether somebody registered her.
    pub person_known: bool,
    /// What the facility answered for today.
    pub facility: Result<FacilityFact, Unavailable>,
    /// The referral behind it, when there is one; [`Rejection::UnknownReferral`] when our copy of
    /// the referrals does not have it.
    pub referral: Result<Option<ReferralSeen>, Rejection>,
    /// Whether the facility registered her itself, under a pseudonym of its own.
    pub own: bool,
    /// How many places, 1 to [`PLACES_MAX`](super::rules::PLACES_MAX).
    pub places: u16,
}

/// What housing knows of a referral, from the referrals' log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferralSeen {
    /// The referral.
    pub referral: ReferralId,
    /// The person.
    pub person: PersonId,
    /// Service that received it.
    pub to: ServiceId,
    /// Whether that service accepted it.
    pub accepted: bool,
}
