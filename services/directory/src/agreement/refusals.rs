use time::Date;
use trama_events::codes::Section;
use trama_platform::log::Refusal;

/// Why an agreement is not as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such agreement: sign it first")]
    NoSuchAgreement,
    /// The id belongs to an agreement on other terms.
    #[error("an agreement on other terms has this id: end that one and sign another")]
    SignedOtherwise,
    /// A body that takes no part in the network.
    #[error("one of these bodies is not registered: register it first")]
    UnknownBody,
    /// Nobody reads, too many do, or one is named twice.
    #[error("name 1 to 64 bodies that may see, each once")]
    Readers,
    /// The holder would show to herself.
    #[error("the body that shows needs no agreement to see its own: leave it out of the readers")]
    HolderReads,
    /// No section, or one twice.
    #[error("name at least one section, each once")]
    Sections,
    /// What stays closed whatever bodies agree.
    #[error(
        "no agreement between bodies opens {}: only who keeps it, or the person herself, does",
        <&str>::from(section)
    )]
    NeverOpened {
        /// Which.
        section: Section,
    },
    /// It would end before it began, or is over.
    #[error("the last day is the first day or later, and not in the past")]
    Days,
    /// A day in the future.
    #[error("this day lies in the future: end it when it has come, or sign with a last day")]
    InFuture,
    /// An end before the start.
    #[error("the agreement began on {started}: it cannot end before that day")]
    EndBeforeStart {
        /// Its first day.
        started: Date,
    },
    /// It ended by itself.
    #[error("the agreement ended by itself after {until}: there is nothing to end")]
    Over {
        /// Its last day.
        until: Date,
    },
    /// It ended on another day.
    #[error("this agreement ended on {ended} already; that day stays as recorded")]
    EndedOtherwise {
        /// First day without.
        ended: Date,
    },
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchAgreement => "no_such_agreement",
            Self::SignedOtherwise => "signed_otherwise",
            Self::UnknownBody => "unknown_body",
            Self::Readers => "readers",
            Self::HolderReads => "holder_reads",
            Self::Sections => "sections",
            Self::NeverOpened { .. } => "never_opened",
            Self::Days => "days",
            Self::InFuture => "in_future",
            Self::EndBeforeStart { .. } => "end_before_start",
            Self::Over { .. } => "over",
            Self::EndedOtherwise { .. } => "ended_otherwise",
        }
    }
}
