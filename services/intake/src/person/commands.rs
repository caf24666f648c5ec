use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Ethos, Gender, IdentifierKind, IdentityStatus};
use trama_events::ids::{PersonId, ServiceId, StaffId};
use trama_events::intake::EngagementStage;
use trama_events::short_code::ShortCode;

/// What can be asked of a person's record.
#[derive(Debug, Clone, PartialEq)]
pub enum PersonCommand {
    /// Open the record.
    Register(Box<Register>),
    /// A unit gives her an alias.
    RecordAlias {
        /// The unit.
        service: ServiceId,
        /// Opaque code of the alias: 1 to 40 letters of ASCII, digits and `-`; never a name.
        alias_code: String,
    },
    /// An identifier was seen or told; its value goes to the vault.
    AddIdentifier(AddIdentifier),
    /// The last valid day of an identifier passed.
    ExpireIdentifier {
        /// Which kind; [`super::rules::kind_of`] reads it from the timer's name.
        kind: IdentifierKind,
        /// The day, in Rome, on which it was looked at.
        today: Date,
    },
    /// Somebody saw a document.
    Identify {
        /// Whether her stay is lawful; `None` when nobody asked.
        lawful_stay: Option<bool>,
    },
    /// The privacy notice was given and explained.
    GivePrivacyNotice {
        /// In which language, ISO 639-1.
        language: String,
        /// Whether entries of this record were moved away or taken back: then what the record says
        /// already may not be hers, and is written again.
        anew: bool,
    },
    /// Where she sleeps now.
    RecordHousing {
        /// ETHOS situation.
        ethos: Ethos,
    },
    /// An earlier entry on where she sleeps was wrong.
    CorrectHousing {
        /// Sequence number of that entry in this record.
        corrects: u32,
        /// ETHOS situation as it was in truth.
        ethos: Ethos,
    },
    /// Trust grew or fell.
    ProgressEngagement {
        /// The phase reached.
        stage: EngagementStage,
        /// Whether entries of this record were moved away or taken back, as with a notice.
        anew: bool,
    },
    /// Nobody finds her any more but who accompanies her.
    Hide {
        /// Which worker says so.
        said_by: StaffId,
    },
    /// What these workers said holds no more.
    Reveal {
        /// Which workers had said it.
        said_by: BTreeSet<StaffId>,
    },
}

/// Everything that opening a record needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// Who, as far as it was said.
    pub who: Registration,
    /// The alias that the service gives her at once, as [`PersonCommand::RecordAlias`] does later:
    /// where it is taken, nobody is registered.
    pub alias_code: Option<String>,
    /// Today in Rome.
    pub today: Date,
}

/// A person as she was registered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// The record's id.
    pub person: PersonId,
    /// The candidate for her short code; after [`super::Rejection::CodeTaken`] ask with the next.
    pub code: ShortCode,
    /// How much is known of who she is.
    pub status: IdentityStatus,
    /// Service that registers her.
    pub service: ServiceId,
    /// Year of birth, when said: 1900 to this year.
    pub birth_year: Option<u16>,
    /// Gender, as stated.
    pub gender: Gender,
    /// Language spoken, ISO 639-1.
    pub language: Option<String>,
}

/// An identifier that exists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AddIdentifier {
    /// Which kind.
    pub kind: IdentifierKind,
    /// Last day on which it is valid, when it ends.
    pub valid_to: Option<Date>,
    /// Another record, not linked with this one, under which the vault holds the same active
    /// value.
    pub elsewhere: Option<PersonId>,
    /// Today in Rome.
    pub today: Date,
}
