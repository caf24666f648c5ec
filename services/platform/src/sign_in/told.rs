//! What happens at sign-in, as lines of the log (ASVS 5.0 V16.3): under one target, each with an
//! `event` that never changes, and with the id of its request by the span around it.
//!
//! No account is named, which an identifier may be guessed from, no address and no secret: workers
//! are ids of the directory, sessions their opaque names.

use trama_events::ids::{MembershipId, StaffId};

use super::{SessionId, Trouble};

/// Under which these lines are: `RUST_LOG`'s and a collector's name for them.
pub const TARGET: &str = "trama::sign_in";

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened<'a> {
    /// Somebody came in by the provider, with these factors; `staff` where the directory knows her.
    SignedIn {
        /// The new session.
        session: &'a SessionId,
        /// Who.
        staff: Option<StaffId>,
        /// Whether she showed a second factor.
        second_factor: bool,
        /// Whether a second factor was what she was asked for.
        stepped_up: bool,
    },
    /// Somebody signed out.
    SignedOut {
        /// The session that is over.
        session: &'a SessionId,
    },
    /// Somebody ended other sessions of her own.
    EndedOwn {
        /// The session in which she did.
        session: &'a SessionId,
        /// How many are over.
        number: u64,
    },
    /// An administrator ended all sessions of somebody.
    Revoked {
        /// Whose.
        staff: StaffId,
        /// By whom.
        by: StaffId,
        /// How many are over.
        number: u64,
    },
    /// The sessions of somebody ended because the directory says that she may not act any more.
    Shut {
        /// Who, where sessions name her.
        staff: Option<StaffId>,
        /// How many are over.
        number: u64,
    },
    /// Somebody acts in another of her memberships from now on.
    Chose {
        /// In which session.
        session: &'a SessionId,
        /// Which.
        membership: MembershipId,
    },
    /// A form that no page of this session sent.
    ForeignForm,
}

impl Happened<'_> {
    /// Writes it into the log.
    pub fn tell(self) {
        match self {
            Self::SignedIn { session, staff, second_factor, stepped_up } => {
                let staff = staff.map(tracing::field::display);
                tracing::info!(target: TARGET, event = "signed_in", method = "oidc", %session, staff, second_factor, stepped_up);
            }
            Self::SignedOut { session } => {
                tracing::info!(target: TARGET, event = "signed_out", %session);
            }
            Self::EndedOwn { session, number } => {
                tracing::info!(target: TARGET, event = "own_sessions_ended", %session, number);
            }
            Self::Revoked { staff, by, number } => {
                tracing::warn!(target: TARGET, event = "sessions_revoked", %staff, %by, number);
            }
            Self::Shut { staff, number } => {
                let staff = staff.map(tracing::field::display);
                tracing::warn!(target: TARGET, event = "sessions_shut", staff, number);
            }
            Self::Chose { session, membership } => {
                tracing::info!(target: TARGET, event = "membership_chosen", %session, %membership);
            }
            Self::ForeignForm => tracing::warn!(target: TARGET, event = "foreign_form"),
        }
    }
}

impl Trouble {
    /// The class of a reason, for whoever counts them.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotUnderWay => "not_under_way",
            Self::Refused(_) => "refused_by_provider",
            Self::NoSecondFactor => "no_second_factor",
            Self::TooMany(_) => "too_many",
            Self::Provider(_) => "provider_unreachable",
            Self::Sessions(_) => "sessions_unreachable",
            Self::Randomness(_) => "no_randomness",
        }
    }

    /// Writes into the log that somebody was not signed in, and why.
    pub fn tell(&self) {
        tracing::warn!(target: TARGET, event = "not_signed_in", reason = self.code(), why = %self);
    }
}
