//! What may be done with a referral now: its own decisions, asked without asking for anything.

use serde::Serialize;
use time::OffsetDateTime;
use trama_events::codes::{DatasetSection, DeclineReason, DeclinedBy, NeedMet, NextStep};
use trama_events::referrals::{ReferralEvent, WithdrawalReason};
use utoipa::ToSchema;

use super::{Decision, Decline, Referral};

/// Whose doing something was, or is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The service that sends.
    Sender,
    /// The service that receives.
    Receiver,
    /// A deadline.
    Clock,
}

/// What an end of a referral may do with it: a command each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Open it, so that the sender sees that somebody did.
    See,
    /// Take it.
    Accept,
    /// Ask for sections that are missing.
    RequestInfo,
    /// Not take it.
    Decline,
    /// Fix or move the first visit.
    ScheduleFirstVisit,
    /// Say that the person came.
    RecordVisitHeld,
    /// Say that the person did not come.
    RecordVisitMissed,
    /// Say that the need was met, wholly or in part.
    ReportNeedMet,
    /// Say that the need was not met.
    ReportNeedNotMet,
    /// Hand over more sections.
    GiveInfo,
    /// Take it back.
    Withdraw,
}

impl Referral {
    /// What one end may do now, in the order in which it is usually done. It is the decisions
    /// themselves that say so: what would be refused, or would change nothing, is not among it.
    pub fn moves(&self, side: Side, now: OffsetDateTime) -> Vec<Move> {
        let sections = || vec![DatasetSection::Identity];
        let tried: Vec<(Move, Decision)> = match side {
            Side::Receiver => vec![
                (Move::See, self.see()),
                (Move::Accept, self.accept()),
                (Move::RequestInfo, self.request_info(sections())),
                (Move::Decline, self.decline(a_no())),
                (Move::ScheduleFirstVisit, self.schedule(now, now)),
                (Move::RecordVisitHeld, self.held()),
                (Move::RecordVisitMissed, self.missed(now)),
                (Move::ReportNeedMet, self.report(NeedMet::Yes)),
                (Move::ReportNeedNotMet, self.report(NeedMet::No)),
            ],
            Side::Sender => vec![
                (Move::GiveInfo, self.give_info(sections())),
                (Move::Withdraw, self.withdraw(WithdrawalReason::Mistake)),
            ],
            Side::Clock => Vec::new(),
        };
        let changes = |decision: &Decision| decision.as_ref().is_ok_and(|all| !all.is_empty());
        tried.into_iter().filter(|(_, decision)| changes(decision)).map(|(it, _)| it).collect()
    }
}

/// A refusal as any other: whether one is possible depends on nothing that it says.
fn a_no() -> Decline {
    Decline {
        reason: DeclineReason::Other,
        next_step: NextStep::NoneNeeded,
        by: DeclinedBy::Service,
        elsewhere: None,
        elsewhere_known: None,
    }
}

impl Side {
    /// Whose doing an event is.
    pub fn of(event: &ReferralEvent) -> Self {
        match event {
            ReferralEvent::ReferralCreated { .. }
            | ReferralEvent::ReferralSent { .. }
            | ReferralEvent::ReferralInfoGiven { .. }
            | ReferralEvent::ReferralWithdrawn { .. } => Self::Sender,
            ReferralEvent::ReferralSeen {}
            | ReferralEvent::ReferralInfoRequested { .. }
            | ReferralEvent::ReferralAccepted {}
            | ReferralEvent::ReferralDeclined { .. }
            | ReferralEvent::FirstVisitScheduled { .. }
            | ReferralEvent::FirstVisitHeld {}
            | ReferralEvent::FirstVisitMissed {}
            | ReferralEvent::ReferralOutcomeReported { .. } => Self::Receiver,
            ReferralEvent::ReferralExpired {} => Self::Clock,
        }
    }
}
