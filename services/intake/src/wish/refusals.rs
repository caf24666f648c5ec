use time::Date;
use trama_platform::log::Refusal;

/// Why a decision about her past is not taken down.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is no such decision of this person.
    #[error("there is no such decision of this person: look it up in her list")]
    NoSuchWish,
    /// The id was used before, for another decision.
    #[error("this decision was taken down already with other details: take down a new one")]
    IdInUse,
    /// Others decide for a child.
    #[error(
        "she is a minor, or may be, until {until}: from that day on she decides, and until then \
         her record is sealed and those who answer for her decide"
    )]
    StillAMinor {
        /// First day on which she is of age for certain.
        until: Date,
    },
    /// Nobody said in which year she was born.
    #[error(
        "nobody said in which year she was born, so that nobody can tell whether she is of age: \
         link her record with one that says it"
    )]
    AgeUnknown,
    /// Whoever takes it down would let her own body see, and was not given her case.
    #[error(
        "by this your own body would see more of her, and her case is not yours, or you took it \
         yourself and no other body sent her to you: let a colleague to whom the case was given take \
         it down, or somebody of another body that has her in care"
    )]
    OwnBody,
    /// No day is left on which it would be open.
    #[error("the last day is over, or before the first: say a later one, or none")]
    NeverOpen,
    /// Nobody knows the body or service; a confidential one is answered alike.
    #[error("there is no such service or body in the directory: choose one that is, by its id")]
    UnknownBody,
    /// The entry is none of hers that the asking body wrote: the words do not tell which.
    #[error(
        "your body wrote no such entry of this person: who wrote it obscures it by itself, or all \
         that one service wrote can be obscured"
    )]
    NoSuchEntry,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchWish => "no_such_wish",
            Self::IdInUse => "id_in_use",
            Self::StillAMinor { .. } => "still_a_minor",
            Self::AgeUnknown => "age_unknown",
            Self::OwnBody => "own_body",
            Self::NeverOpen => "never_open",
            Self::UnknownBody => "unknown_body",
            Self::NoSuchEntry => "no_such_entry",
        }
    }
}
