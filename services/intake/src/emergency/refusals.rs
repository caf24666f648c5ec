use trama_platform::log::Refusal;

/// Why an emergency does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Nobody registered the person who is named.
    #[error("there is no such person's record: look for her code, register her, or name nobody")]
    NoSuchPerson,
    /// There is none under this id.
    #[error("there is no such emergency: report it first")]
    NoSuchEmergency,
    /// Nobody would answer it there.
    #[error(
        "this is no emergency service that works now: choose one that does, or call it; \
         if it was registered a moment ago, try again"
    )]
    NoEmergencyService,
    /// Nobody would go out or take over there.
    #[error(
        "this is no service that works now, or a confidential one, which no emergency names: choose \
         another one; if it was registered a moment ago, try again"
    )]
    UnknownService,
    /// This id was used before, for another report.
    #[error("this emergency was reported already with other details: report a new one")]
    AlreadyReported,
    /// It is about somebody else.
    #[error(
        "this emergency is about another record: link the two records if they are one person, \
         or report a new emergency"
    )]
    AboutAnother,
    /// Nobody took over and nobody said why.
    #[error("an emergency ends with a service that takes over, or with a reason: name one")]
    NoHandoverNorReason,
    /// Somebody took over, and it is said why nobody did.
    #[error("either a service takes over or there is a reason why none does: keep one of the two")]
    HandoverAndReason,
    /// The outcome says one thing, the handover or the reason another.
    #[error(
        "this handover or reason does not fit the outcome: choose the outcome that it leads to"
    )]
    EndsOtherwise,
    /// It has ended.
    #[error("this emergency is closed: report a new one")]
    Closed,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPerson => "no_such_person",
            Self::NoSuchEmergency => "no_such_emergency",
            Self::NoEmergencyService => "no_emergency_service",
            Self::UnknownService => "unknown_service",
            Self::AlreadyReported => "already_reported",
            Self::AboutAnother => "about_another",
            Self::NoHandoverNorReason => "no_handover_nor_reason",
            Self::HandoverAndReason => "handover_and_reason",
            Self::EndsOtherwise => "ends_otherwise",
            Self::Closed => "closed",
        }
    }
}
