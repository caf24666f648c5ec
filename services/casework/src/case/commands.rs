use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::casework::{
    AssessmentDomain, CaseCloseReason, ChargePlace, EligibilityFact, GoalOutcome,
    InterruptionReason, Marginality, ReadTo, Signatory,
};
use trama_events::codes::{Destination, Need, NeedCode};
use trama_events::ids::{CaseId, GoalId, PersonId, ReferralId, ServiceId, StaffId, StayId};
use utoipa::ToSchema;

use super::Moved;

/// What can be asked of a case.
#[derive(Debug, Clone, PartialEq)]
pub enum CaseCommand {
    /// A service opens it and names the case manager.
    Open(Open),
    /// Another case manager takes over.
    AssignManager {
        /// Who.
        manager: StaffId,
        /// Whether she asks herself, or casework's own copy knows that she is on the staff.
        known: bool,
    },
    /// Somebody else works on it too.
    AddTeamMember {
        /// Who.
        staff: StaffId,
        /// Whether casework's own copy knows that she is on the staff.
        known: bool,
    },
    /// Somebody does not work on it any more.
    RemoveTeamMember {
        /// Who.
        staff: StaffId,
    },
    /// Write down an assessment.
    Assess(Assessment),
    /// Write down a fact on which admission rests, or its new last day.
    RecordEligibility {
        /// Which fact.
        fact: EligibilityFact,
        /// Last day on which it holds, when it ends; today at the earliest.
        valid_to: Option<Date>,
        /// The day in Rome on which it was found.
        today: Date,
    },
    /// Call the multidimensional unit, or call it otherwise.
    ConveneUnit(Convene),
    /// The unit does not meet.
    CancelUnit,
    /// Write down the care plan that both sides signed.
    ApprovePlan(ApprovePlan),
    /// Write down that a court appointed a guardian.
    AppointGuardian {
        /// Who.
        guardian: StaffId,
        /// Whether casework's own copy knows that she is enrolled.
        known: bool,
    },
    /// Write down that the guardianship ended.
    EndGuardianship,
    /// Take formal responsibility.
    TakeInCharge(Charge),
    /// Begin a personal project.
    DraftProject {
        /// Version of the guideline's template, from 1.
        template_version: u16,
    },
    /// Add a goal.
    SetGoal(SetGoal),
    /// Sign the project on both sides.
    SignProject {
        /// Who signs on the person's side.
        signed_by: Signatory,
        /// Who signs for the service: whoever asks, who must be the case manager.
        manager: StaffId,
    },
    /// Look at a goal together.
    ReviewGoal(ReviewGoal),
    /// The project reached its end.
    CompleteProject,
    /// The project ends before its end.
    InterruptProject {
        /// Why.
        reason: InterruptionReason,
    },
    /// Close the case.
    Close(Close),
    /// Another command, knowing what was moved from this case or to its person.
    Knowing {
        /// What was moved.
        moved: Moved,
        /// What is asked.
        command: Box<CaseCommand>,
    },
}

/// Everything that opening needs: no document, no residence, no name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Open {
    /// The new case.
    pub case: CaseId,
    /// The person.
    pub person: PersonId,
    /// Service that holds it.
    pub service: ServiceId,
    /// The first case manager.
    pub manager: StaffId,
    /// Whether she asks herself, or casework's own copy knows that she is on the staff.
    pub manager_known: bool,
    /// Whether casework's own copy knows that somebody registered the person.
    pub person_known: bool,
}

/// What was looked at and found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseAssessment)]
pub struct Assessment {
    /// Domains looked at, 1 to 4.
    pub domains: Vec<AssessmentDomain>,
    /// What is needed, one level for each need, at most 17.
    pub needs: Vec<Need>,
}

/// A unit to call.
#[derive(Debug, Clone, PartialEq)]
pub struct Convene {
    /// The day of the meeting: today to [`UVM_DAYS_MAX`](super::rules::UVM_DAYS_MAX) days away.
    pub on: Date,
    /// Members of the social services.
    pub social: Vec<StaffId>,
    /// Members of the health district.
    pub health: Vec<StaffId>,
    /// What is known of them.
    pub colleagues: Colleagues,
    /// The day in Rome on which it is called.
    pub today: Date,
}

/// What casework's own copy knows of the members of a unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Colleagues {
    /// Those who are on the staff of whichever body.
    pub on_staff: Vec<StaffId>,
    /// Those of them who are on the staff of a health authority.
    pub of_health: Vec<StaffId>,
}

/// A care plan that both sides of a unit signed.
#[derive(Debug, Clone, PartialEq)]
pub struct ApprovePlan {
    /// The day in Rome on which it was signed.
    pub on: Date,
    /// Who signed for the social services.
    pub social: StaffId,
    /// Who signed for the health district.
    pub health: StaffId,
    /// Which needs it answers.
    pub goals: Vec<NeedCode>,
    /// For how many months.
    pub months: u16,
}

/// On what terms a person is taken in charge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseCharge)]
pub struct Charge {
    /// How far the person is at the margins.
    pub marginality: Marginality,
    /// Whether she is not self-sufficient.
    pub non_self_sufficient: bool,
    /// Where: it may be the street.
    pub place: ChargePlace,
}

/// A new goal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SetGoal {
    /// The goal.
    pub goal: GoalId,
    /// Which need it answers.
    pub need: NeedCode,
    /// When it will be reviewed: today to 90 days away.
    pub review_on: Date,
    /// The day in Rome on which it is set.
    pub today: Date,
}

/// What came of looking at a goal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReviewGoal {
    /// The goal.
    pub goal: GoalId,
    /// How far it was reached.
    pub outcome: GoalOutcome,
    /// The next review, today to 90 days away; `None` ends the goal.
    pub review_on: Option<Date>,
    /// The day in Rome on which it was reviewed.
    pub today: Date,
}

/// Everything that closing needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Close {
    /// On what terms.
    pub closing: Closing,
    /// Whether casework's own copy knows that the service that goes on works; `true` where there
    /// is none.
    pub handover_known: bool,
    /// What other contexts still hold open for the person.
    pub elsewhere: Elsewhere,
}

/// On what terms a case is closed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseClosing)]
pub struct Closing {
    /// Why.
    pub reason: CaseCloseReason,
    /// Where the person went, when known.
    pub destination: Option<Destination>,
    /// Who goes on, where something is still open.
    pub handover: Option<ServiceId>,
}

/// What casework's own copy knows of other contexts.
///
/// A copy that is late may miss a stay or a referral that began a moment ago; `read_to` is stored
/// with the decision, so that it can be told afterwards what it knew.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Elsewhere {
    /// The person's stays without an end, none of them in a secret shelter.
    pub stays: Vec<StayId>,
    /// The person's referrals without an outcome, none of them from or to a confidential service.
    pub referrals: Vec<ReferralId>,
    /// Up to where this is known.
    pub read_to: ReadTo,
}
