//! Referrals (domain §3.5): accepted is not served, served is not need met.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::codes::{
    DatasetSection, DeclineReason, DeclinedBy, NeedCode, NeedMet, NextStep, ServiceType, Urgency,
};
use crate::fact::facts;
use crate::ids::{PersonId, ReferralId, ServiceId};

/// What happens to a referral. It never ends in silence.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReferralEvent {
    /// A service prepared a referral; nobody else sees it yet.
    ReferralCreated {
        /// The referral.
        referral: ReferralId,
        /// The person.
        person: PersonId,
        /// Service that sends.
        from: ServiceId,
        /// Type of the sending service: where one of the two is confidential, so is the referral.
        from_type: ServiceType,
        /// Service that receives.
        to: ServiceId,
        /// Type of the receiving service.
        service_type: ServiceType,
        /// The need behind it.
        need: NeedCode,
        /// How soon.
        urgency: Urgency,
        /// Which data the receiver gets: only these leave.
        dataset: Vec<DatasetSection>,
        /// Position in the directory's log that the decision had read.
        directory_read_to: i64,
    },
    /// It was sent. The sender stays accountable until it is accepted.
    ReferralSent {
        /// When an answer is due.
        #[serde(with = "time::serde::rfc3339")]
        #[schema(value_type = String, format = DateTime)]
        answer_by: OffsetDateTime,
    },
    /// The receiver opened it.
    ReferralSeen {},
    /// The receiver asks for something; the question itself is in the vault.
    ReferralInfoRequested {
        /// Which sections are missing.
        sections: Vec<DatasetSection>,
    },
    /// The sender answered.
    ReferralInfoGiven {
        /// Which sections are handed over now.
        sections: Vec<DatasetSection>,
    },
    /// The receiver takes it.
    ReferralAccepted {},
    /// The receiver, or the person, does not.
    ReferralDeclined {
        /// Why.
        reason: DeclineReason,
        /// What the sender should do now.
        next_step: NextStep,
        /// Who declined.
        by: DeclinedBy,
        /// Another service to ask, where the step says so.
        elsewhere: Option<ServiceId>,
    },
    /// A first visit was fixed, or moved.
    FirstVisitScheduled {
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        #[schema(value_type = String, format = DateTime)]
        visit_at: OffsetDateTime,
    },
    /// The person came.
    FirstVisitHeld {},
    /// The person did not come.
    FirstVisitMissed {},
    /// How it ended.
    ReferralOutcomeReported {
        /// Whether the need was met.
        need_met: NeedMet,
    },
    /// The sender took it back.
    ReferralWithdrawn {
        /// Why.
        reason: WithdrawalReason,
    },
    /// Nobody answered in time.
    ReferralExpired {},
}

facts!(ReferralEvent, Referrals, "referral");

/// Why a sender takes a referral back.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    IntoStaticStr,
    strum::VariantArray,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WithdrawalReason {
    /// Sent by mistake.
    Mistake,
    /// The person changed her mind.
    PersonAsked,
    /// The need is met already.
    NeedMet,
    /// Another service was asked instead.
    SentElsewhere,
}
