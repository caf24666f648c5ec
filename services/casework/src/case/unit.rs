//! The multidimensional unit (UVM) and its care plan, and the guardian whom a court appointed.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::casework::CaseEvent;
use trama_events::codes::NeedCode;
use trama_events::ids::StaffId;
use utoipa::ToSchema;

use super::{ApprovePlan, Case, Convene, Decision, Rejection, rules};

/// The unit that is called, until its care plan is approved or it is cancelled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseUnit)]
pub(crate) struct Unit {
    /// The day of the meeting, in Rome.
    pub(crate) on: Date,
    /// Members of the social services.
    pub(crate) social: Vec<StaffId>,
    /// Members of the health district.
    pub(crate) health: Vec<StaffId>,
}

/// The care plan (PAI) that both sides of the unit signed last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CaseCarePlan)]
pub(crate) struct CarePlan {
    /// The day of the meeting from which it came.
    pub(crate) met_on: Date,
    /// The day on which it was signed.
    pub(crate) on: Date,
    /// Who signed for the social services.
    pub(crate) social: StaffId,
    /// Who signed for the health district.
    pub(crate) health: StaffId,
    /// Which needs it answers.
    pub(crate) goals: Vec<NeedCode>,
    /// For how many months.
    pub(crate) months: u16,
}

impl CarePlan {
    /// Days from the meeting to the plan. Source: story E, beside I7.
    pub(crate) fn days_to_plan(&self) -> i64 {
        (self.on - self.met_on).whole_days()
    }
}

impl Case {
    /// Calling the same unit again is nothing new; another day or other members replace the call.
    pub(super) fn convene(&self, call: Convene) -> Decision {
        self.opened()?;
        let Convene { on, social, health, colleagues, today } = call;
        let (social, health) = (rules::each_once(social), rules::each_once(health));
        let wanted = Unit { on, social, health };
        if self.unit.as_ref() == Some(&wanted) {
            return Ok(vec![]);
        }
        rules::unit(&wanted, &colleagues)?;
        rules::meeting_day(on, today)?;
        let Unit { on, social, health } = wanted;
        Ok(vec![CaseEvent::UvmConvened { on, social, health }])
    }

    pub(super) fn cancel_unit(&self) -> Decision {
        self.opened()?;
        match self.unit {
            Some(_) => Ok(vec![CaseEvent::UvmCancelled {}]),
            None => Err(Rejection::NoUnit),
        }
    }

    /// Both sides sign what they decided together, on the day of the meeting or later (R40).
    pub(super) fn approve(&self, plan: ApprovePlan) -> Decision {
        self.opened()?;
        let ApprovePlan { on, social, health, goals, months } = plan;
        let goals = rules::each_once(goals);
        let same = |last: &CarePlan| {
            (last.on, last.social, last.health, last.months) == (on, social, health, months)
                && last.goals == goals
        };
        let Some(unit) = &self.unit else {
            let again = self.care_plan.as_ref().is_some_and(same);
            return if again { Ok(vec![]) } else { Err(Rejection::NoUnit) };
        };
        if on < unit.on {
            return Err(Rejection::MeetingAhead { on: unit.on });
        }
        if !unit.social.contains(&social) || !unit.health.contains(&health) {
            return Err(Rejection::SignerNotCalled);
        }
        rules::care_plan(&goals, months)?;
        Ok(vec![CaseEvent::CarePlanApproved { on, social, health, goals, months }])
    }

    pub(super) fn convened(&mut self, on: Date, social: Vec<StaffId>, health: Vec<StaffId>) {
        self.unit = Some(Unit { on, social, health });
    }

    pub(super) fn approved(&mut self, plan: ApprovePlan) {
        let met_on = self.unit.take().map_or(plan.on, |unit| unit.on);
        let ApprovePlan { on, social, health, goals, months } = plan;
        self.care_plan = Some(CarePlan { met_on, on, social, health, goals, months });
    }

    /// One guardian at a time, as the court says; another one replaces the last.
    pub(super) fn appoint(&self, guardian: StaffId, known: bool) -> Decision {
        self.opened()?;
        if self.guardian == Some(guardian) {
            Ok(vec![])
        } else if known {
            Ok(vec![CaseEvent::GuardianAppointed { guardian }])
        } else {
            Err(Rejection::UnknownGuardian)
        }
    }

    /// A court may end it after the case was closed: what the guardian may know ends with it.
    pub(super) fn end_guardianship(&self) -> Decision {
        if self.parties.is_none() {
            return Err(Rejection::NoSuchCase);
        }
        match self.guardian {
            Some(_) => Ok(vec![CaseEvent::GuardianshipEnded {}]),
            None => Err(Rejection::NoGuardian),
        }
    }
}
