use trama_events::codes::{IdentityField, Segment};
use trama_platform::log::Refusal;

use crate::rules::BadFact;

/// Why a person's record in the vault does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Nobody registered her.
    #[error("there is no such person's record: register her first; nobody needs a name for it")]
    NoSuchPerson,
    /// A confidential service registered her: the shared vault never learns who she is.
    #[error("this is a confidential service's own pseudonym: who she is stays with that service")]
    Confidential,
    /// Whoever only met a child says nothing of when she was born.
    #[error(
        "the birth date of a child is written by whoever registered her or has her in care: \
             tell them, or open a case first"
    )]
    BirthDateOfAChild,
    /// A fact is not of the form that its kind has.
    #[error(transparent)]
    BadFact(#[from] BadFact),
    /// No fact, or too many.
    #[error("send 1 to {max} facts at once")]
    HowMany {
        /// Most facts.
        max: usize,
    },
    /// What would be corrected is not there.
    #[error("she has no such fact of the kind {field}: look again which one is to be corrected")]
    ReplacesNothing {
        /// Of which kind.
        field: IdentityField,
    },
    /// The key was destroyed.
    #[error("the segment {segment} of this record was erased for ever: open a new record")]
    Erased {
        /// Which segment.
        segment: Segment,
    },
    /// It would have ended before it began.
    #[error("the last day of the hold is over already: name today or a later day, or none")]
    HoldIsOver,
    /// This id was used before.
    #[error("this hold was placed already, with another last day, or lifted: use a new id")]
    HoldTaken,
    /// There is none under this id.
    #[error("there is no such hold on this record")]
    NoSuchHold,
    /// Nothing of her may be erased.
    #[error("a legal hold lies on this record: nothing is erased until it is lifted or over")]
    UnderLegalHold,
    /// Nothing of hers is in the vault.
    #[error("nothing of this person is in the vault: there is nothing to erase")]
    NothingThere,
    /// What is to be erased was not said.
    #[error("name at least one segment to be erased")]
    NoSegment,
    /// This id was used before.
    #[error("this erasure was asked for already with other details: use a new id")]
    ErasureTaken,
    /// There is none under this id.
    #[error("there is no such request to erase on this record")]
    NoSuchErasure,
    /// One person alone.
    #[error("an erasure is decided by two people: somebody else than who asked must decide")]
    SamePerson,
    /// It was decided otherwise.
    #[error("this request was decided already, the other way: ask for it anew")]
    DecidedAlready,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPerson => "no_such_person",
            Self::Confidential => "confidential",
            Self::BirthDateOfAChild => "birth_date_of_a_child",
            Self::BadFact(bad) => bad.code(),
            Self::HowMany { .. } => "how_many",
            Self::ReplacesNothing { .. } => "replaces_nothing",
            Self::Erased { .. } => "erased",
            Self::HoldIsOver => "hold_is_over",
            Self::HoldTaken => "hold_taken",
            Self::NoSuchHold => "no_such_hold",
            Self::UnderLegalHold => "under_legal_hold",
            Self::NothingThere => "nothing_there",
            Self::NoSegment => "no_segment",
            Self::ErasureTaken => "erasure_taken",
            Self::NoSuchErasure => "no_such_erasure",
            Self::SamePerson => "same_person",
            Self::DecidedAlready => "decided_already",
        }
    }
}
