use time::OffsetDateTime;
use trama_events::codes::{
    DatasetSection, DeclineReason, DeclinedBy, NeedCode, NeedMet, NextStep, ServiceType, Urgency,
};
use trama_events::ids::{PersonId, ReferralId, ServiceId};
use trama_events::referrals::WithdrawalReason;

/// What can be asked of a referral.
#[derive(Debug, Clone, PartialEq)]
pub enum ReferralCommand {
    /// Create and send it.
    Send(Box<Send>),
    /// The receiver opens it.
    See,
    /// The receiver asks for sections that are missing.
    RequestInfo {
        /// Which; at least one.
        sections: Vec<DatasetSection>,
    },
    /// The sender hands sections over.
    GiveInfo {
        /// Which.
        sections: Vec<DatasetSection>,
    },
    /// The receiver takes it.
    Accept,
    /// The receiver or the person does not.
    Decline(Decline),
    /// The receiver fixes or moves the first visit.
    ScheduleFirstVisit {
        /// When; not before today.
        visit_at: OffsetDateTime,
        /// Now.
        now: OffsetDateTime,
    },
    /// The person came.
    RecordVisitHeld,
    /// The person did not come.
    RecordVisitMissed {
        /// The moment at which that was so: not before the visit.
        now: OffsetDateTime,
    },
    /// The receiver tells how it went.
    ReportOutcome {
        /// Whether the need was met.
        need_met: NeedMet,
    },
    /// The sender takes it back.
    Withdraw {
        /// Why.
        reason: WithdrawalReason,
    },
    /// The deadline passed.
    Expire {
        /// The moment at which it was looked at.
        now: OffsetDateTime,
    },
}

/// Everything that sending a referral needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Send {
    /// The new referral.
    pub referral: ReferralId,
    /// The person.
    pub person: PersonId,
    /// Whether our copy of the register knows the person.
    pub person_known: bool,
    /// Service that sends.
    pub from: ServiceId,
    /// What the directory's copy knows of the sender; `None` when nothing.
    pub sender: Option<Receiver>,
    /// Service that receives.
    pub to: ServiceId,
    /// What the directory's copy knows of the receiver; `None` when nothing.
    pub receiver: Option<Receiver>,
    /// The need behind it.
    pub need: NeedCode,
    /// How soon.
    pub urgency: Urgency,
    /// Which data the receiver gets.
    pub dataset: Vec<DatasetSection>,
    /// Now.
    pub now: OffsetDateTime,
}

/// What the referrals context knows of a service, from the directory's events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Receiver {
    /// What it does.
    pub service_type: ServiceType,
    /// Whether it works.
    pub active: bool,
    /// Position in the directory's log up to which this is known.
    pub read_to: i64,
}

/// A refusal by the receiver or the person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decline {
    /// Why.
    pub reason: DeclineReason,
    /// What the sender should do now.
    pub next_step: NextStep,
    /// Who declined.
    pub by: DeclinedBy,
    /// Another service to ask.
    pub elsewhere: Option<ServiceId>,
    /// What the directory's copy knows of that one.
    pub elsewhere_known: Option<Receiver>,
}
