use time::OffsetDateTime;
use trama_events::codes::{DeclineReason, NeedLevel, Urgency};
use trama_events::sealed::{CloseReason, PathId};
use uuid::Uuid;

/// What can be asked of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum PathCommand {
    /// A slip was handed in.
    Receive(Receive),
    /// The service takes her, and perhaps says when.
    AnswerYes {
        /// When she should come; not before today.
        come_at: Option<OffsetDateTime>,
        /// Now.
        now: OffsetDateTime,
    },
    /// The service does not take her.
    AnswerNo {
        /// Why.
        reason: DeclineReason,
    },
    /// The service says when, or another time.
    GiveAppointment {
        /// When she should come; not before today.
        come_at: OffsetDateTime,
        /// Now.
        now: OffsetDateTime,
    },
    /// She came.
    Came,
    /// She did not come.
    DidNotCome {
        /// The moment at which that was so: not before the appointment.
        now: OffsetDateTime,
    },
    /// She is in path.
    Enter,
    /// The path is closed.
    Close {
        /// Why.
        reason: CloseReason,
    },
    /// The deadline of the answer passed.
    Remind {
        /// The moment at which it was looked at.
        now: OffsetDateTime,
    },
}

/// A slip that was handed in, and what was said with it. There is no field for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Receive {
    /// The new pseudonym.
    pub path: PathId,
    /// The desk, veiled.
    pub desk: Uuid,
    /// The slip's digest.
    pub slip: String,
    /// How soon.
    pub urgency: Urgency,
    /// How strong the need is.
    pub need_level: NeedLevel,
    /// Now.
    pub now: OffsetDateTime,
}
