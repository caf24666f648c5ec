use time::Date;
use trama_events::ids::PersonId;
use trama_platform::log::Refusal;

use super::rules::{ALIAS_DIGITS, ALIAS_LETTERS, BIRTH_YEAR_MIN, STP_MONTHS_MAX};

/// Why a person's record does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such person's record: look for her code, or register her")]
    NoSuchPerson,
    /// This id was used before, with other details.
    #[error("this record exists already with other details: open it and add what is new")]
    AlreadyRegistered,
    /// Another record has the short code.
    #[error("this short code belongs to another record: take the next one")]
    CodeTaken,
    /// The year of birth cannot be.
    #[error("a year of birth is {BIRTH_YEAR_MIN} to this year: leave it out when it is not known")]
    BirthYear,
    /// Not a language code.
    #[error("a language is two small letters (ISO 639-1), e.g. it, ar, fr")]
    Language,
    /// Not an alias code.
    #[error(
        "an alias code is {} to {} letters, a dash and 1 to {} digits, e.g. UDS-0142, never a name",
        ALIAS_LETTERS.start(),
        ALIAS_LETTERS.end(),
        ALIAS_DIGITS.end()
    )]
    AliasCode,
    /// The unit uses the alias for somebody else; for whom is not told, since she may be hidden.
    #[error(
        "your unit uses this alias for somebody already: look for her by it, or take another number"
    )]
    AliasTaken,
    /// The identifier is not valid any more.
    #[error("this identifier was valid until {valid_to} only: ask for the one she has now")]
    RanOut {
        /// Its last day.
        valid_to: Date,
    },
    /// An STP code always ends.
    #[error("an STP code is valid for {STP_MONTHS_MAX} months at most: enter its last day")]
    StpEnds,
    /// The tax code replaced the provisional one.
    #[error("she has a tax code, which replaces a provisional one: nothing is to be added")]
    HasTaxCode,
    /// One active tax code, one person.
    #[error(
        "this tax code stands under another record, {person}: \
         check the code, and link the two records if they are one person"
    )]
    TaxCodeElsewhere {
        /// The other record.
        person: PersonId,
    },
    /// No entry on housing has this number.
    #[error("entry {corrects} of this record is not about where she sleeps: choose one that is")]
    NoSuchEntry {
        /// The number that was given.
        corrects: u32,
    },
    /// The entry was corrected in another way.
    #[error("entry {corrects} was corrected before: correct that correction instead")]
    CorrectedBefore {
        /// The entry's number.
        corrects: u32,
    },
    /// The entry says the same.
    #[error("the entry says this already: there is nothing to correct")]
    NothingToCorrect,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPerson => "no_such_person",
            Self::AlreadyRegistered => "already_registered",
            Self::CodeTaken => "code_taken",
            Self::BirthYear => "birth_year",
            Self::Language => "language",
            Self::AliasCode => "alias_code",
            Self::AliasTaken => "alias_taken",
            Self::RanOut { .. } => "ran_out",
            Self::StpEnds => "stp_ends",
            Self::HasTaxCode => "has_tax_code",
            Self::TaxCodeElsewhere { .. } => "tax_code_elsewhere",
            Self::NoSuchEntry { .. } => "no_such_entry",
            Self::CorrectedBefore { .. } => "corrected_before",
            Self::NothingToCorrect => "nothing_to_correct",
        }
    }
}
