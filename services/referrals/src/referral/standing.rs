//! Where a referral stands, as its two ends may see it.

use serde::Serialize;
use time::OffsetDateTime;
use trama_events::codes::NeedMet;
use utoipa::ToSchema;

use super::{End, Referral, Stage, Visit};

/// Where a referral stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Standing {
    /// `sent`, `seen`, `information_requested`, `accepted`, `declined`, `withdrawn`, `expired` or
    /// `outcome_reported`; of a confidential receiver, its sender sees `in_path`, `attended` or
    /// `closed`.
    pub stage: &'static str,
    /// When an answer is due, while one is awaited.
    #[serde(with = "time::serde::rfc3339::option")]
    pub answer_by: Option<OffsetDateTime>,
    /// When the first visit is, while it is fixed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub visit_at: Option<OffsetDateTime>,
    /// Whether the first visit was held.
    pub visit_held: bool,
    /// Whether the need was met, once reported.
    pub need_met: Option<NeedMet>,
}

impl Referral {
    /// Where it stands, in one word and the dates that matter.
    pub fn standing(&self) -> Standing {
        let (stage, answer_by) = match self.stage {
            Stage::Unknown | Stage::Created => ("created", None),
            Stage::Waiting { answer_by } if self.asked => {
                ("information_requested", Some(answer_by))
            }
            Stage::Waiting { answer_by } if self.seen => ("seen", Some(answer_by)),
            Stage::Waiting { answer_by } => ("sent", Some(answer_by)),
            Stage::Accepted => ("accepted", None),
            Stage::Ended(End::Declined) => ("declined", None),
            Stage::Ended(End::Withdrawn) => ("withdrawn", None),
            Stage::Ended(End::Expired) => ("expired", None),
            Stage::Ended(End::Reported(_)) => ("outcome_reported", None),
        };
        let (visit_at, visit_held) = match self.visit {
            Visit::None => (None, false),
            Visit::Scheduled(at) => (Some(at), false),
            Visit::Held => (None, true),
        };
        let need_met = match self.stage {
            Stage::Ended(End::Reported(need_met)) => Some(need_met),
            Stage::Ended(_)
            | Stage::Unknown
            | Stage::Created
            | Stage::Waiting { .. }
            | Stage::Accepted => None,
        };
        Standing { stage, answer_by, visit_at, visit_held, need_met }
    }

    /// Where it stands for its sender: of a confidential receiver only that the person is on her
    /// way, came, or that it is over. No referral goes there by name any more; this is the second
    /// fence, for whatever stands in a log. Source: domain §3.5.
    pub fn standing_for_sender(&self) -> Standing {
        if self.parties.is_some_and(|parties| parties.to_type.is_confidential()) {
            let stage = match (self.stage, self.visit) {
                (Stage::Ended(_), _) => "closed",
                (_, Visit::Held) => "attended",
                (_, Visit::None | Visit::Scheduled(_)) => "in_path",
            };
            let visit_held = stage == "attended";
            Standing { stage, answer_by: None, visit_at: None, visit_held, need_met: None }
        } else {
            self.standing()
        }
    }
}
