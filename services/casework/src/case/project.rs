//! The personal project inside a case: drafted, its goals set, signed, reviewed, ended.

use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::casework::{CaseEvent, GoalOutcome, InterruptionReason, Signatory};
use trama_events::codes::NeedCode;
use trama_events::ids::{GoalId, StaffId};
use utoipa::ToSchema;

use super::{Case, Decision, Rejection, ReviewGoal, SetGoal, rules};

/// Where the personal project stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "stage", rename_all = "snake_case")]
#[schema(as = CaseProject)]
pub(crate) enum Project {
    /// There is none.
    #[default]
    None,
    /// It is being written.
    Draft {
        /// Version of the guideline's template.
        template_version: u16,
    },
    /// It runs.
    Signed {
        /// Who signed on the person's side.
        by: Signatory,
        /// Case manager who signed.
        manager: StaffId,
        /// A goal was set since: it wants the two signatures too.
        goal_added: bool,
    },
    /// It reached its end.
    Completed,
    /// It ended before its end.
    Interrupted {
        /// Why.
        reason: InterruptionReason,
    },
}

/// A goal of the personal project.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseGoal)]
pub(crate) struct Goal {
    /// Which need it answers.
    pub(crate) need: NeedCode,
    /// Next review; `None` once it ended.
    pub(crate) review_on: Option<Date>,
    /// How far it was reached, the last time somebody looked.
    pub(crate) outcome: Option<GoalOutcome>,
}

impl Case {
    pub(super) fn draft(&self, template_version: u16) -> Decision {
        self.opened()?;
        if template_version == 0 {
            return Err(Rejection::TemplateVersion);
        }
        match self.project {
            Project::Draft { template_version: before } if before == template_version => Ok(vec![]),
            Project::Signed { .. } => Err(Rejection::ProjectRunning),
            Project::None
            | Project::Draft { .. }
            | Project::Completed
            | Project::Interrupted { .. } => {
                Ok(vec![CaseEvent::ProjectDrafted { template_version }])
            }
        }
    }

    pub(super) fn set_goal(&self, set: SetGoal) -> Decision {
        self.opened()?;
        let SetGoal { goal, need, review_on, today } = set;
        let wanted = Goal { need, review_on: Some(review_on), outcome: None };
        if let Some(before) = self.goals.get(&goal) {
            return if *before == wanted { Ok(vec![]) } else { Err(Rejection::GoalExists) };
        }
        match self.project {
            Project::None => Err(Rejection::NoProject),
            Project::Completed | Project::Interrupted { .. } => Err(Rejection::ProjectEnded),
            Project::Draft { .. } | Project::Signed { .. } => {
                rules::review_day(review_on, today)?;
                Ok(vec![CaseEvent::GoalSet { goal, need, review_on }])
            }
        }
    }

    /// Signing again is a new fact only when a goal or a signature is new.
    pub(super) fn sign(&self, signed_by: Signatory, manager: StaffId) -> Decision {
        self.opened()?;
        let unchanged = Project::Signed { by: signed_by, manager, goal_added: false };
        match self.project {
            Project::None => return Err(Rejection::NoProject),
            Project::Completed | Project::Interrupted { .. } => {
                return Err(Rejection::ProjectEnded);
            }
            before if before == unchanged => return Ok(vec![]),
            Project::Draft { .. } | Project::Signed { .. } => {}
        }
        if self.charge.is_none() {
            return Err(Rejection::NotInCharge);
        }
        if self.manager != Some(manager) {
            return Err(Rejection::NotTheCaseManager);
        }
        if self.goals.values().all(|goal| goal.review_on.is_none()) {
            return Err(Rejection::NoGoal);
        }
        Ok(vec![CaseEvent::ProjectSigned { signed_by, manager }])
    }

    /// A project that ended takes last outcomes only, so that the case can be closed.
    pub(super) fn review(&self, review: ReviewGoal) -> Decision {
        self.opened()?;
        let ReviewGoal { goal: id, outcome, review_on, today } = review;
        let goal = self.goals.get(&id).ok_or(Rejection::NoSuchGoal)?;
        if goal.outcome == Some(outcome) && goal.review_on == review_on {
            return Ok(vec![]);
        }
        if goal.review_on.is_none() {
            return Err(Rejection::GoalEnded);
        }
        match self.project {
            Project::None | Project::Draft { .. } => return Err(Rejection::NotSigned),
            Project::Completed | Project::Interrupted { .. } if review_on.is_some() => {
                return Err(Rejection::ProjectEnded);
            }
            Project::Signed { .. } | Project::Completed | Project::Interrupted { .. } => {}
        }
        rules::next_review(outcome, review_on, today)?;
        Ok(vec![CaseEvent::GoalReviewed { goal: id, outcome, review_on }])
    }

    pub(super) fn complete(&self) -> Decision {
        self.opened()?;
        match self.project {
            Project::None => Err(Rejection::NoProject),
            Project::Draft { .. } => Err(Rejection::NotSigned),
            Project::Completed => Ok(vec![]),
            Project::Interrupted { .. } => Err(Rejection::ProjectEnded),
            Project::Signed { .. } => {
                self.outcome_per_goal()?;
                Ok(vec![CaseEvent::ProjectCompleted {}])
            }
        }
    }

    pub(super) fn interrupt(&self, reason: InterruptionReason) -> Decision {
        self.opened()?;
        match self.project {
            Project::None => Err(Rejection::NoProject),
            Project::Interrupted { reason: before } if before == reason => Ok(vec![]),
            Project::Completed | Project::Interrupted { .. } => Err(Rejection::ProjectEnded),
            Project::Draft { .. } | Project::Signed { .. } => {
                Ok(vec![CaseEvent::ProjectInterrupted { reason }])
            }
        }
    }

    pub(super) fn outcome_per_goal(&self) -> Result<(), Rejection> {
        let missing = self.goals.iter().filter(|(_, goal)| goal.outcome.is_none());
        let goals: Vec<GoalId> = missing.map(|(id, _)| *id).collect();
        if goals.is_empty() { Ok(()) } else { Err(Rejection::GoalsWithoutOutcome { goals }) }
    }

    pub(super) fn add(&mut self, goal: GoalId, need: NeedCode, review_on: Date) {
        self.goals.insert(goal, Goal { need, review_on: Some(review_on), outcome: None });
        if let Project::Signed { goal_added, .. } = &mut self.project {
            *goal_added = true;
        }
    }
}
