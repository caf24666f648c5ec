use trama_events::ids::ConsentId;
use trama_platform::log::Refusal;

/// Why a consent does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such consent: record what she agrees to first")]
    NoSuchConsent,
    /// Nobody registered the person, as far as is known here.
    #[error(
        "this person is not registered; if she was registered a moment ago, try again, \
         else register her first"
    )]
    UnknownPerson,
    /// No organisation has this id, as far as is known here.
    #[error(
        "no organisation is registered under this id; if it was registered a moment ago, \
         try again"
    )]
    UnknownBody,
    /// The id belongs to something else.
    #[error("something else was recorded under this id: give the new consent an id of its own")]
    IdInUse,
    /// She agreed to the same already.
    #[error("she agreed to this already: {consent}")]
    GivenAlready {
        /// The first one.
        consent: ConsentId,
    },
    /// She does not agree any more.
    #[error("she withdrew this consent: nothing new is shown; ask her, and record a new one")]
    Withdrawn,
    /// She agreed to something else.
    #[error("she did not agree to this: only a consent to an external path shares one")]
    OtherScope,
    /// The slip says nothing.
    #[error("this slip cannot be read: check it, or let her ask there for another one")]
    NotASlip,
    /// There is no agreement between the bodies, or the asking one is no party.
    #[error(
        "no agreement of your organisation stands under this id: the directory keeps those that do"
    )]
    NoStandingAgreement,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchConsent => "no_such_consent",
            Self::UnknownPerson => "unknown_person",
            Self::UnknownBody => "unknown_body",
            Self::IdInUse => "id_in_use",
            Self::GivenAlready { .. } => "given_already",
            Self::Withdrawn => "withdrawn",
            Self::OtherScope => "other_scope",
            Self::NotASlip => "not_a_slip",
            Self::NoStandingAgreement => "no_standing_agreement",
        }
    }
}
