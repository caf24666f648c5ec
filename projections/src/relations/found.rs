use std::collections::{BTreeMap, BTreeSet};

use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use time::{Date, OffsetDateTime};
use trama_events::codes::{Profession, Section};
use trama_events::ids::{AgreementId, OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::referrals::{ConsentScope, ExternalState};
use trama_platform::permit::{Agreement, Past};

/// What somebody has to do with a person.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum RelationKind {
    /// She manages a case of the person, or covers who does.
    CaseManager,
    /// She works on a case of the person, or covers who does.
    CaseTeam,
    /// One of her services holds a case of the person.
    CaseService,
    /// One of her services received a referral of the person.
    ReferralReceived,
    /// One of her services sent a referral of the person.
    ReferralSent,
    /// The person lives in one of her facilities.
    Stay,
    /// A night in one of her facilities is kept for the person.
    Night,
    /// The person waits for a place in one of her facilities.
    Waiting,
    /// Her organisation recorded something on the person.
    OwnRecord,
    /// She is called to the multidimensional unit that meets about the person.
    Meeting,
    /// A court appointed her the person's guardian.
    Guardian,
}

impl RelationKind {
    /// The name in rows and policies.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Whether who has it has the person in care now: the ground on which agreements between
    /// bodies rest. To have sent her on, to have met her once, to meet about her, or to be her
    /// guardian, is none.
    pub fn is_care(self) -> bool {
        match self {
            Self::CaseManager
            | Self::CaseTeam
            | Self::CaseService
            | Self::ReferralReceived
            | Self::Stay
            | Self::Night
            | Self::Waiting => true,
            Self::ReferralSent | Self::OwnRecord | Self::Meeting | Self::Guardian => false,
        }
    }
}

/// One kind of relation that is active now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    /// Which.
    pub kind: RelationKind,
    /// The colleague on leave for whom she has it, when it is not her own.
    pub covering: Option<StaffId>,
    /// Since when, the earliest.
    pub since: OffsetDateTime,
    /// Until when, the latest; without, until an event ends it.
    pub until: Option<OffsetDateTime>,
}

/// Something that the person agreed to, and did not withdraw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConsentFound {
    /// To what.
    pub scope: ConsentScope,
    /// Towards whom; without, the whole network.
    pub to: Option<OrganisationId>,
    /// How far she is at an external service, when that was shared: never which.
    pub external: Option<ExternalState>,
}

/// What a health service said of a housing programme for her (R80): never a diagnosis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HealthAgreement {
    /// The standing agreement between the bodies on which it rests.
    pub agreement: AgreementId,
    /// Whether it agreed.
    pub agreed: bool,
}

/// What is known of an asker and a person: facts for a decision, no decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, none a state")]
pub struct RelationsFound {
    /// Every record that is this person, in order.
    pub records: Vec<PersonId>,
    /// Whether anybody registered her.
    pub registered: bool,
    /// The confidential service that did: then this is a pseudonym of it alone.
    pub sealed_by: Option<ServiceId>,
    /// Kinds of relation that are active now; empty for a stranger.
    pub set: BTreeSet<RelationKind>,
    /// The same with their times, one for each kind and covered colleague.
    pub relations: Vec<Relation>,
    /// The asker's profession, where her post tells it.
    pub profession: Option<Profession>,
    /// What the person agreed to towards the asker's organisation or the whole network.
    pub consents: Vec<ConsentFound>,
    /// What agreements between bodies open to the asker's organisation, one for each holder and
    /// purpose. None, unless the asker and the body that shows both have the person in care.
    pub agreements: Vec<Agreement>,
    /// What active referrals to the asker's services declare, each once.
    pub handed_over: Vec<Section>,
    /// What the asker opened by force, while it lasts, each once.
    pub forced: Vec<Section>,
    /// What health services said of her.
    pub health_agreements: Vec<HealthAgreement>,
    /// First day on which she is of age for certain, while she is not.
    pub minor_until: Option<Date>,
    /// Nobody knows her age, and she was reported as a child alone.
    pub may_be_minor: bool,
    /// What she decided about her own past, and from when on it is hers to decide.
    pub past: Past,
    /// Who says that she is not to be found, by the record of which it is said.
    pub hidden_by: BTreeMap<PersonId, BTreeSet<StaffId>>,
    /// On which records somebody else gave the asker a case of hers that somebody else opened, as long as
    /// it is open; or a court made her the guardian.
    pub given: BTreeSet<PersonId>,
    /// On which records somebody of another body sent her to one of the asker's services.
    pub sent_here: BTreeSet<PersonId>,
    /// Whether she is, waits to be, or was within [`super::rules::SHELTERED_DAYS_AFTER`] days, the
    /// guest of a secret shelter, under the pseudonym that the house gave her. Nothing of this may
    /// be shown, not even by its effect.
    pub protected: bool,
    /// The body of that shelter, where there is one only: whoever keeps her address.
    pub keeper: Option<OrganisationId>,
    /// Whether an event of hers could not be taken: what was found may be of yesterday.
    pub incomplete: bool,
}

impl RelationsFound {
    /// Whether she is a minor on the day that was asked, or may be.
    pub fn minor(&self) -> bool {
        self.minor_until.is_some() || self.may_be_minor
    }
}
