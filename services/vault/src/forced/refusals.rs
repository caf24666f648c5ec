use trama_events::codes::Section;
use trama_platform::log::Refusal;

use super::WORDS_LEN;
use crate::rules::BadFact;

/// Why a record is not opened by force, or a review not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// What is to be opened was not said.
    #[error("name at least one section that you need now")]
    NoSection,
    /// No emergency opens this.
    #[error("{section} is never opened by force: ask whoever keeps it")]
    NeverByForce {
        /// Which section.
        section: Section,
    },
    /// It would last too long, or be over at once.
    #[error("an access by force lasts at most {max} minutes, and at least a moment")]
    Minutes {
        /// Most minutes.
        max: i64,
    },
    /// The reason's own words.
    #[error("say why in your own words, {} to {} symbols", WORDS_LEN.start(), WORDS_LEN.end())]
    Words,
    /// The words cannot be kept.
    #[error(transparent)]
    BadWords(#[from] BadFact),
    /// The key under which words would lie was destroyed.
    #[error("this record was erased, and keeps no words any more: send the finding without them")]
    WordsErased,
    /// She opened it already.
    #[error("you have this record open by force already, for {minutes} more minutes")]
    StillOpen {
        /// Minutes that are left, the last one begun.
        minutes: i64,
    },
    /// This one is over.
    #[error("this access is over: ask for a new one")]
    Over,
    /// There is none under this id.
    #[error("there is no such access by force")]
    NoSuchAccess,
    /// One's own.
    #[error("somebody else than who opened the record looks at it")]
    OwnAccess,
    /// Somebody found something else.
    #[error("this access was looked at already, with another finding: that one stands")]
    Reviewed,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSection => "no_section",
            Self::NeverByForce { .. } => "never_by_force",
            Self::Minutes { .. } => "minutes",
            Self::Words => "words",
            Self::BadWords(bad) => bad.code(),
            Self::WordsErased => "words_erased",
            Self::StillOpen { .. } => "still_open",
            Self::Over => "over",
            Self::NoSuchAccess => "no_such_access",
            Self::OwnAccess => "own_access",
            Self::Reviewed => "reviewed_already",
        }
    }
}
