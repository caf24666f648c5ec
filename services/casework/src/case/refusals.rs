use time::Date;
use trama_events::codes::NeedCode;
use trama_events::ids::{CaseId, GoalId, ReferralId, StayId};
use trama_platform::log::Refusal;

use super::rules;

/// Why a case does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such case")]
    NoSuchCase,
    /// Nobody registered the person, as far as is known here.
    #[error(
        "this person is not registered; if she was registered a moment ago, try again, \
         else register her first"
    )]
    UnknownPerson,
    /// Nobody works under the id, as far as is known here.
    #[error(
        "this colleague is not on the staff; if she was hired a moment ago, try again, \
         else let her take over herself"
    )]
    UnknownStaff,
    /// As many as may know of one person's case.
    #[error("a case has at most 32 team members: remove who does not work on it any more")]
    TeamFull,
    /// She does not work on it.
    #[error("this colleague is not in the team of this case: there is nothing to remove")]
    NotInTeam,
    /// The id belongs to a case that was opened otherwise.
    #[error("a case with other facts was opened under this id: open the new one under its own id")]
    IdInUse,
    /// The person has one open in this service.
    #[error("this person has an open case in this service already: {case}; go on with that one")]
    AlreadyOpen {
        /// The first one.
        case: CaseId,
    },
    /// It was closed.
    #[error("this case is closed: open a new one if the person needs you again")]
    Closed,
    /// No domain was looked at.
    #[error("name at least one domain that you looked at: health, means, family or work")]
    NothingAssessed,
    /// One need has two levels.
    #[error("the need {need} is named with two levels: choose one")]
    TwoLevels {
        /// Which need.
        need: NeedCode,
    },
    /// The fact does not hold any more.
    #[error("this fact ended on {valid_to}: record a last day from today on, or none")]
    FactEnded {
        /// Its last day.
        valid_to: Date,
    },
    /// No charge without assessment.
    #[error("nobody is taken in charge without an assessment: record it first")]
    NotAssessed,
    /// Both sides meet (R40).
    #[error(
        "a unit has at least one member of the social services and one of the health district: \
         name both"
    )]
    SideMissing,
    /// Bound on the lists.
    #[error("a unit has at most {} members of each side: call who decides", rules::UVM_SIDE_MAX)]
    UnitTooLarge,
    /// A side is that of one's body.
    #[error(
        "a member of the health district works at a health authority and one of the social \
         services does not: name each on her own side"
    )]
    OtherSide,
    /// The meeting lies in the past.
    #[error("the day of the meeting has passed: choose a day from today on")]
    MeetingInPast,
    /// The meeting is too far away.
    #[error(
        "a unit is called at most {} days ahead, because its members may know the person from then \
         on: choose a day up to {latest}",
        rules::UVM_DAYS_MAX
    )]
    MeetingTooFar {
        /// The last day that is possible.
        latest: Date,
    },
    /// There is no unit.
    #[error("no unit is called for this person: call one first")]
    NoUnit,
    /// It has not met.
    #[error("the unit meets on {on}: its care plan is signed on that day or later")]
    MeetingAhead {
        /// The day of the meeting.
        on: Date,
    },
    /// A signature of somebody else.
    #[error(
        "the plan is signed by one member of each side of the unit: name who was called, or call \
         the unit anew with her"
    )]
    SignerNotCalled,
    /// A plan for nothing.
    #[error("name at least one need that the plan answers")]
    NoPlanGoal,
    /// A plan has an end.
    #[error("a care plan holds for 1 to {} months: choose a number", rules::PLAN_MONTHS_MAX)]
    PlanMonths,
    /// Nobody is enrolled under the id, as far as is known here.
    #[error(
        "this guardian is not enrolled in the directory; if she was enrolled a moment ago, try \
         again, else have her enrolled first"
    )]
    UnknownGuardian,
    /// Nobody was appointed.
    #[error("no guardian of this person is recorded here: there is nothing to end")]
    NoGuardian,
    /// She is in charge on other terms.
    #[error("this person was taken in charge already, on other terms; they stay as recorded")]
    AlreadyInCharge,
    /// The service has no responsibility yet.
    #[error("take the person in charge first: a project is signed by who is responsible")]
    NotInCharge,
    /// Template versions begin at 1.
    #[error("name the version of the project template, from 1")]
    TemplateVersion,
    /// There is no project.
    #[error("there is no project yet: draft one first")]
    NoProject,
    /// The project is signed and runs.
    #[error("a signed project is running: complete or interrupt it before you draft another")]
    ProjectRunning,
    /// The project came to its end.
    #[error("this project has ended: draft a new one")]
    ProjectEnded,
    /// It was not signed yet.
    #[error("this project is not signed yet: it needs the person or guardian and the case manager")]
    NotSigned,
    /// The review lies in the past.
    #[error("the review date has passed: choose a day from today on")]
    ReviewInPast,
    /// The review is too far away.
    #[error("a goal is reviewed within 90 days: choose a day up to {latest}")]
    ReviewTooFar {
        /// Last possible day.
        latest: Date,
    },
    /// The id belongs to a goal with other facts.
    #[error("this goal was set already: review it, or set another one")]
    GoalExists,
    /// There is none under this id.
    #[error("there is no such goal in this case")]
    NoSuchGoal,
    /// It ended.
    #[error("this goal has ended: set a new one")]
    GoalEnded,
    /// A goal that was reached has no next review.
    #[error("a goal that was reached ends: leave the next review empty")]
    ReachedGoalEnds,
    /// Nothing to sign.
    #[error("a project is signed with at least one open goal: set one first")]
    NoGoal,
    /// Somebody else is the case manager.
    #[error(
        "only the case manager signs for the service: ask her, or have yourself assigned first"
    )]
    NotTheCaseManager,
    /// Goals that nobody looked at.
    #[error("{} of the goals have no outcome: review them first", goals.len())]
    GoalsWithoutOutcome {
        /// Which.
        goals: Vec<GoalId>,
    },
    /// Other contexts still hold something open.
    #[error(
        "stays still open: {}, referrals still open: {}; end them, or name who goes on",
        stays.len(), referrals.len()
    )]
    StillOpen {
        /// Which stays.
        stays: Vec<StayId>,
        /// Which referrals.
        referrals: Vec<ReferralId>,
    },
    /// Handed over to nobody.
    #[error("name the service that goes on")]
    HandoverMissing,
    /// Handed over to a service that does not work, as far as is known here.
    #[error(
        "this is no service that works now: choose one that does; \
         if it was registered a moment ago, try again"
    )]
    UnknownService,
    /// Handed over to the same service.
    #[error("a case is handed over to another service, not to your own")]
    HandoverToItself,
    /// Reason and destination tell two stories.
    #[error(
        "the reason and the destination contradict each other: if the person died, both say so"
    )]
    DestinationContradicts,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchCase => "no_such_case",
            Self::UnknownPerson => "unknown_person",
            Self::UnknownStaff => "unknown_staff",
            Self::TeamFull => "team_full",
            Self::NotInTeam => "not_in_team",
            Self::IdInUse => "id_in_use",
            Self::AlreadyOpen { .. } => "already_open",
            Self::Closed => "closed",
            Self::NothingAssessed => "nothing_assessed",
            Self::TwoLevels { .. } => "two_levels",
            Self::FactEnded { .. } => "fact_ended",
            Self::NotAssessed => "not_assessed",
            Self::SideMissing => "side_missing",
            Self::UnitTooLarge => "unit_too_large",
            Self::OtherSide => "other_side",
            Self::MeetingInPast => "meeting_in_past",
            Self::MeetingTooFar { .. } => "meeting_too_far",
            Self::NoUnit => "no_unit",
            Self::MeetingAhead { .. } => "meeting_ahead",
            Self::SignerNotCalled => "signer_not_called",
            Self::NoPlanGoal => "no_plan_goal",
            Self::PlanMonths => "plan_months",
            Self::UnknownGuardian => "unknown_guardian",
            Self::NoGuardian => "no_guardian",
            Self::AlreadyInCharge => "already_in_charge",
            Self::NotInCharge => "not_in_charge",
            Self::TemplateVersion => "template_version",
            Self::NoProject => "no_project",
            Self::ProjectRunning => "project_running",
            Self::ProjectEnded => "project_ended",
            Self::NotSigned => "not_signed",
            Self::ReviewInPast => "review_in_past",
            Self::ReviewTooFar { .. } => "review_too_far",
            Self::GoalExists => "goal_exists",
            Self::NoSuchGoal => "no_such_goal",
            Self::GoalEnded => "goal_ended",
            Self::ReachedGoalEnds => "reached_goal_ends",
            Self::NoGoal => "no_goal",
            Self::NotTheCaseManager => "not_the_case_manager",
            Self::GoalsWithoutOutcome { .. } => "goals_without_outcome",
            Self::StillOpen { .. } => "still_open",
            Self::HandoverMissing => "handover_missing",
            Self::UnknownService => "unknown_service",
            Self::HandoverToItself => "handover_to_itself",
            Self::DestinationContradicts => "destination_contradicts",
        }
    }
}
