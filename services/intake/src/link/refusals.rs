use trama_events::ids::PersonId;
use trama_platform::log::Refusal;

use super::rules::CIRCLES_MAX;

/// Why two records are not linked or unlinked as was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Both are the same record.
    #[error("this is one and the same record: choose the other one")]
    SameRecord,
    /// A record that does not exist, or a confidential one: the words do not tell which.
    #[error(
        "one of these records cannot be linked here: check its code, or ask who gave it to you"
    )]
    NotOpen,
    /// The record named to stay in front is neither of the two.
    #[error("the record that stays in front must be one of the two that are linked")]
    FrontIsNeither,
    /// Nothing speaks for it.
    #[error("say at least one reason why these records are one person")]
    NoReason,
    /// The pair is linked, in another order or for other reasons.
    #[error("these records are linked already: nothing more is needed")]
    AlreadyLinked,
    /// Linked through other records.
    #[error("these records are one person already, through other links; in front stands {front}")]
    OnePersonAlready {
        /// The record in front of both.
        front: PersonId,
    },
    /// A record stands behind one other at most.
    #[error(
        "the record that would stand behind stands behind another one already: \
         let it stay in front here, or link the record in front of it"
    )]
    BehindAnother,
    /// The pair was unlinked once, or a pair of the records that are linked with the two.
    #[error(
        "these records, or two that are linked with them, were unlinked before and are never \
         linked again: go on with both"
    )]
    UnlinkedBefore,
    /// Somebody declared the pair to be two people.
    #[error(
        "somebody judged these to be two people: link them only if both carry the same document \
         or tax code, and say that you know of that judgement"
    )]
    DeclaredDifferent,
    /// Somebody declared a pair of the records that are linked with the two to be two people.
    #[error(
        "two records that are linked with these were judged to be two people: look at those two \
         first"
    )]
    DifferentAcross,
    /// The pair is linked: it is not judged again but by undoing the link.
    #[error("these records are linked: if they are two people, undo the link")]
    StillLinked,
    /// More records than can be looked at.
    #[error(
        "together these would be more than {CIRCLES_MAX} records of one person: \
         look at the links that they have first, and undo those that are wrong"
    )]
    TooManyRecords,
    /// There is no link to undo.
    #[error("these records are not linked: there is nothing to undo")]
    NotLinked,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::SameRecord => "same_record",
            Self::NotOpen => "not_open",
            Self::FrontIsNeither => "front_is_neither",
            Self::NoReason => "no_reason",
            Self::AlreadyLinked => "already_linked",
            Self::OnePersonAlready { .. } => "one_person_already",
            Self::BehindAnother => "behind_another",
            Self::UnlinkedBefore => "unlinked_before",
            Self::DeclaredDifferent => "declared_different",
            Self::DifferentAcross => "different_across",
            Self::StillLinked => "still_linked",
            Self::TooManyRecords => "too_many_records",
            Self::NotLinked => "not_linked",
        }
    }
}
