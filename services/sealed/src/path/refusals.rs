use trama_platform::log::Refusal;

use crate::slip::NotASlip;

/// Why a path, or a slip, does not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The text is not a slip.
    #[error(transparent)]
    NotASlip(NotASlip),
    /// It was not made here, or not for this organisation: the words do not tell which.
    #[error("this slip is not valid here: look whether every group is right, or print a new one")]
    SlipNotValid,
    /// Its last day has passed.
    #[error("this slip is too old to be handed in: print a new one")]
    SlipExpired,
    /// It opened a path before.
    #[error("this slip was handed in already: read the answer with it")]
    SlipUsed,
    /// It was answered.
    #[error("this was answered already")]
    AlreadyAnswered,
    /// Nobody said yes yet.
    #[error("answer yes first")]
    NotAnswered,
    /// The path is closed.
    #[error("this path is closed")]
    Closed,
    /// The appointment lies before today.
    #[error("an appointment is for today or later: correct the day")]
    AppointmentInThePast,
    /// There is none to miss.
    #[error("no appointment is fixed")]
    NoAppointment,
    /// Nobody can have missed it yet.
    #[error("the appointment is still to come: it is missed only after its time")]
    AppointmentToCome,
    /// She is in path: there is nothing to wait for.
    #[error("she is in path already")]
    InPathAlready,
    /// A no has a reason and no appointment; a yes the other way round.
    #[error("say yes, with or without when; or no, with the reason and without when")]
    HalfAnAnswer,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NotASlip(_) => "not_a_slip",
            Self::SlipNotValid => "slip_not_valid",
            Self::SlipExpired => "slip_expired",
            Self::SlipUsed => "slip_used",
            Self::AlreadyAnswered => "already_answered",
            Self::NotAnswered => "not_answered",
            Self::Closed => "closed",
            Self::AppointmentInThePast => "appointment_in_the_past",
            Self::NoAppointment => "no_appointment",
            Self::AppointmentToCome => "appointment_to_come",
            Self::InPathAlready => "in_path_already",
            Self::HalfAnAnswer => "half_an_answer",
        }
    }
}
