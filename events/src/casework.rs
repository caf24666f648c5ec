//! Cases (domain §3.2): one stream holds a case, its charge and its personal project, because
//! closing needs an outcome for each goal (ADR 5).

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::Date;
use utoipa::ToSchema;

use crate::codes::{Destination, Need, NeedCode, codes};
use crate::fact::facts;
use crate::ids::{CaseId, GoalId, PersonId, ServiceId, StaffId};

/// What happens to a case.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CaseEvent {
    /// A service opened a case for a person.
    CaseOpened {
        /// The case.
        case: CaseId,
        /// The person.
        person: PersonId,
        /// Service that holds it.
        service: ServiceId,
    },
    /// Exactly one case manager while it is open; a new one replaces the last.
    CaseManagerAssigned {
        /// Who.
        manager: StaffId,
    },
    /// Somebody of the network works on the case (R71).
    TeamMemberAdded {
        /// Who.
        staff: StaffId,
    },
    /// Somebody does not work on it any more.
    TeamMemberRemoved {
        /// Who.
        staff: StaffId,
    },
    /// The situation was assessed: no charge without it.
    AssessmentRecorded {
        /// Domains looked at, of the four (R60).
        domains: Vec<AssessmentDomain>,
        /// What is needed, at most 17.
        needs: Vec<Need>,
    },
    /// A fact on which eligibility rests (R78 to R82).
    EligibilityFactRecorded {
        /// Which fact.
        fact: EligibilityFact,
        /// Last day on which it holds, when it ends.
        valid_to: Option<Date>,
    },
    /// The multidimensional unit (UVM) is called to a day; calling it again replaces the last call.
    UvmConvened {
        /// The day of the meeting, in Rome.
        on: Date,
        /// Members of the social services, at least one.
        social: Vec<StaffId>,
        /// Members of the health district, at least one.
        health: Vec<StaffId>,
    },
    /// The unit does not meet.
    UvmCancelled {},
    /// Both sides of the unit signed the care plan (PAI).
    CarePlanApproved {
        /// The day on which it was signed.
        on: Date,
        /// Who signed for the social services: a member of the unit.
        social: StaffId,
        /// Who signed for the health district: a member of the unit.
        health: StaffId,
        /// Which needs it answers, at least one, each once: its goals.
        goals: Vec<NeedCode>,
        /// For how many months, 1 to 24.
        months: u16,
    },
    /// A court appointed a guardian of the person; a new one replaces the last.
    GuardianAppointed {
        /// The guardian.
        guardian: StaffId,
    },
    /// The guardianship ended.
    GuardianshipEnded {},
    /// The service takes formal responsibility.
    TakenInCharge {
        /// How far the person is at the margins.
        marginality: Marginality,
        /// Whether she is not self-sufficient (R44).
        non_self_sufficient: bool,
        /// Where: it may be the street (R42).
        place: ChargePlace,
    },
    /// A personal project was drafted, on a template of the guidelines (R87).
    ProjectDrafted {
        /// Version of the guideline's template.
        template_version: u16,
    },
    /// A goal with its review date, at most 90 days away.
    GoalSet {
        /// The goal.
        goal: GoalId,
        /// Which need it answers.
        need: NeedCode,
        /// When it will be reviewed.
        review_on: Date,
    },
    /// Person (or guardian) and case manager signed.
    ProjectSigned {
        /// Who signed on the person's side.
        signed_by: Signatory,
        /// Case manager who signed.
        manager: StaffId,
    },
    /// A goal was looked at together.
    GoalReviewed {
        /// The goal.
        goal: GoalId,
        /// How far it was reached.
        outcome: GoalOutcome,
        /// When it will be reviewed again; `None` ends it.
        review_on: Option<Date>,
    },
    /// The project reached its end.
    ProjectCompleted {},
    /// The project ended before its end.
    ProjectInterrupted {
        /// Why.
        reason: InterruptionReason,
    },
    /// The case was closed.
    CaseClosed {
        /// Why.
        reason: CaseCloseReason,
        /// Where the person went, when known.
        destination: Option<Destination>,
        /// Who goes on, where something is still open.
        handover: Option<ServiceId>,
        /// Position in the logs of housing and referrals that the decision had read.
        read_to: ReadTo,
    },
}

facts!(CaseEvent, Casework, "case");

/// How far the small copies of other contexts' facts had come when a decision used them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct ReadTo {
    /// Position in housing's log.
    pub housing: i64,
    /// Position in referrals' log.
    pub referrals: i64,
}

codes! {
    /// The four domains of an assessment (R60).
    AssessmentDomain {
        /// Health.
        Health,
        /// Means.
        Economic,
        /// Family.
        Family,
        /// Work.
        Work,
    }

    /// Facts on which admission rests (R78 to R82).
    EligibilityFact {
        /// Reduced means (R78).
        MeansReduced,
        /// Medium means (R79).
        MeansMedium,
        /// Casual work (R79).
        WorkCasual,
        /// Stable work (R79).
        WorkStable,
        /// A serious lack of care (R80).
        CareGap,
        /// Disadvantage (R82).
        Disadvantage,
        /// Social hardship (R82).
        SocialHardship,
        /// Risk of exclusion (R82).
        ExclusionRisk,
        /// Relative poverty (R82).
        RelativePoverty,
        /// Housing vulnerability (R82).
        HousingVulnerability,
    }

    /// How far a person is at the margins (R45).
    Marginality {
        /// None.
        None,
        /// Some.
        Moderate,
        /// Severe: counted by I12.
        Severe,
    }

    /// Where a charge was taken: kind of place, never an address.
    ChargePlace {
        /// At the service.
        Office,
        /// At home.
        Home,
        /// In the street.
        Street,
        /// In a facility.
        Facility,
        /// In hospital.
        Hospital,
    }

    /// Who signs on the person's side.
    Signatory {
        /// The person.
        Person,
        /// Her guardian.
        Guardian,
    }

    /// How far a goal was reached.
    GoalOutcome {
        /// Not reached.
        No,
        /// In part.
        Partly,
        /// Reached.
        Yes,
    }

    /// Why a project was interrupted.
    InterruptionReason {
        /// The person withdrew.
        PersonWithdrew,
        /// Contact was lost.
        ContactLost,
        /// She moved away.
        MovedAway,
        /// She died.
        Died,
        /// Another reason.
        Other,
    }

    /// Why a case was closed.
    CaseCloseReason {
        /// The goals were reached.
        GoalsReached,
        /// Another service goes on.
        HandedOver,
        /// The person withdrew.
        PersonWithdrew,
        /// Contact was lost.
        ContactLost,
        /// She moved away.
        MovedAway,
        /// She died.
        Died,
    }
}
