//! Referrals (domain §3.5): accepted is not served, served is not need met.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::codes::{
    DatasetSection, DeclineReason, DeclinedBy, NeedCode, NeedMet, NextStep, ServiceType, Urgency,
    codes,
};
use crate::fact::facts;
use crate::ids::{AgreementId, ConsentId, OrganisationId, PersonId, ReferralId, ServiceId};

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

codes! {
    /// Why a sender takes a referral back.
    WithdrawalReason {
        /// Sent by mistake.
        Mistake,
        /// The person changed her mind.
        PersonAsked,
        /// The need is met already.
        NeedMet,
        /// Another service was asked instead.
        SentElsewhere,
    }
}

codes! {
    /// What a person may agree to. Consent is never the basis of the service (domain §6).
    ConsentScope {
        /// That the network sees "external service, in path", and no more.
        ExternalPath,
        /// That the mental-health centre tells more than attended, in path, closed.
        Csm,
        /// That the labour services see her project.
        Labour,
        /// That volunteers see what they need beyond card and points.
        Volunteers,
    }

    /// All that the network may ever know of a confidential service, and only by her agreement.
    ExternalState {
        /// She is expected there.
        Expected,
        /// She is in path.
        InPath,
        /// The path is closed.
        Closed,
    }
}

/// What a person agreed to, and what follows from it alone.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ConsentEvent {
    /// She agreed.
    ConsentGiven {
        /// The consent.
        consent: ConsentId,
        /// Who.
        person: PersonId,
        /// To what.
        scope: ConsentScope,
        /// Towards whom; without, the whole network.
        to: Option<OrganisationId>,
    },
    /// She does not agree any more: nothing new is shown, the fact stays.
    ConsentWithdrawn {},
    /// By her agreement: an external service, and how far. Never which.
    ExternalPathShared {
        /// How far.
        state: ExternalState,
    },
    /// A health service agreed or not to a housing programme, for her (R80): never a diagnosis.
    HealthAgreementRecorded {
        /// Who.
        person: PersonId,
        /// The standing agreement between the bodies on which it rests.
        agreement: AgreementId,
        /// Whether it agreed.
        agreed: bool,
    },
}

facts!(ConsentEvent, Referrals, "consent");
