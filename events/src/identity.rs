//! The vault's log (architecture §7): that something identifying was said, never what.
//!
//! A value lives encrypted in the vault. Here stand its id, its kind and a salted digest, so that
//! an erased person leaves a log that is whole and says nothing about her.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::{Date, OffsetDateTime};
use utoipa::ToSchema;

use crate::codes::{FactSource, IdentityField, Section, Segment, codes};
use crate::fact::facts;
use crate::ids::{ErasureId, FactId, ForcedAccessId, HoldId, PersonId};

/// What happens to a person's record in the vault.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum IdentityEvent {
    /// Something identifying was recorded; the value is in the vault.
    IdentityFactRecorded {
        /// The row in the vault.
        fact: FactId,
        /// The person.
        person: PersonId,
        /// What kind of fact.
        field: IdentityField,
        /// Under which of her keys it lies.
        segment: Segment,
        /// Where it comes from.
        source: FactSource,
        /// The fact that it corrects.
        replaces: Option<FactId>,
        /// SHA-256 of a random salt and the value, in hexadecimal; the salt is in the vault.
        digest: String,
    },
    /// Nothing of her may be erased, e.g. for a trial.
    LegalHoldPlaced {
        /// The hold.
        hold: HoldId,
        /// The person.
        person: PersonId,
        /// Last day, when it ends by itself.
        until: Option<Date>,
    },
    /// A hold ended.
    LegalHoldLifted {
        /// The hold.
        hold: HoldId,
    },
    /// Somebody asks that segments be erased; a second one must agree.
    ErasureRequested {
        /// The request.
        erasure: ErasureId,
        /// The person.
        person: PersonId,
        /// Which segments, at least one, each once.
        segments: Vec<Segment>,
        /// Why.
        reason: ErasureReason,
    },
    /// The second one did not agree.
    ErasureRefused {
        /// The request.
        erasure: ErasureId,
    },
    /// The keys of these segments were destroyed, on the decision of two people.
    PersonErased {
        /// The request.
        erasure: ErasureId,
        /// The person.
        person: PersonId,
        /// Which segments.
        segments: Vec<Segment>,
        /// SHA-256 of the certificate, in hexadecimal.
        certificate: String,
    },
}

facts!(IdentityEvent, Identity, "identity");

/// What happens when somebody opens a record in an emergency, against the rules (*break-glass*).
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ForcedAccessEvent {
    /// A worker opened sections of a person's record that she may not open otherwise.
    AccessForced {
        /// The access.
        access: ForcedAccessId,
        /// The person.
        person: PersonId,
        /// Why; her own words are in the vault.
        reason: ForcedReason,
        /// Which sections, at least one.
        sections: Vec<Section>,
        /// When it ends: at most 60 minutes after it began.
        #[serde(with = "time::serde::rfc3339")]
        #[schema(value_type = String, format = DateTime)]
        until: OffsetDateTime,
    },
    /// The responsible or the data protection officer looked at it.
    ForcedAccessReviewed {
        /// What was found.
        finding: ReviewFinding,
    },
}

facts!(ForcedAccessEvent, Identity, "forced_access");

codes! {
    /// Why segments are erased.
    ErasureReason {
        /// The time for which they may be kept is over.
        RetentionEnded,
        /// The person asked, and nothing speaks against it.
        PersonAsked,
        /// They were recorded without a ground.
        Unlawful,
        /// The record was made by mistake.
        Mistake,
    }

    /// Why a record is opened against the rules.
    ForcedReason {
        /// Somebody's life or health is at risk now.
        LifeAtRisk,
        /// A child is at risk now.
        ChildAtRisk,
        /// The person asks for it here, and whoever could open it cannot be reached.
        PersonPresent,
        /// An order of a judge.
        CourtOrder,
    }

    /// What a review of a forced access found.
    ReviewFinding {
        /// It was right.
        Justified,
        /// It was not; the data protection officer goes on.
        NotJustified,
    }
}
