//! A case: opened, assessed, taken in charge, a project signed and reviewed, closed.

mod commands;
mod project;
mod refusals;
pub mod rules;
mod said;
#[cfg(test)]
mod tests;
mod unit;

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::casework::{CaseEvent, EligibilityFact};
use trama_events::ids::{CaseId, GoalId, PersonId, ServiceId, StaffId};
use trama_platform::log::{During, Keep, Logged, Taken};

pub(crate) use project::{Goal, Project};
pub(crate) use said::Said;
pub(crate) use unit::{CarePlan, Unit};

pub use commands::{
    ApprovePlan, Assessment, CaseCommand, Charge, Close, Closing, Colleagues, Convene, Elsewhere,
    Open, ReviewGoal, SetGoal,
};
pub use refusals::Rejection;
pub use said::Moved;

/// One case as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Case {
    parties: Option<Parties>,
    stage: Stage,
    manager: Option<StaffId>,
    pub(crate) team: BTreeSet<StaffId>,
    pub(crate) said: Said,
    pub(crate) unit: Option<Unit>,
    pub(crate) care_plan: Option<CarePlan>,
    pub(crate) guardian: Option<StaffId>,
    pub(crate) charge: Option<Charge>,
    pub(crate) project: Project,
    pub(crate) goals: BTreeMap<GoalId, Goal>,
}

/// Who is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parties {
    /// The case.
    pub case: CaseId,
    /// The person.
    pub person: PersonId,
    /// Service that holds it.
    pub service: ServiceId,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Stage {
    #[default]
    Unknown,
    Open,
    Closed(Closing),
}

/// While it is open, no second case of the same person in the same service.
const OPEN: &str = "open_case";

impl Aggregate for Case {
    const TYPE: &'static str = "case";
    type Command = CaseCommand;
    type Event = CaseEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: CaseCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: CaseEvent) {
        self.said.count();
        match event {
            CaseEvent::CaseOpened { case, person, service } => {
                self.parties = Some(Parties { case, person, service });
                self.stage = Stage::Open;
            }
            CaseEvent::CaseManagerAssigned { manager } => self.manager = Some(manager),
            CaseEvent::TeamMemberAdded { staff } => {
                self.team.insert(staff);
            }
            CaseEvent::TeamMemberRemoved { staff } => {
                self.team.remove(&staff);
            }
            CaseEvent::AssessmentRecorded { domains, needs } => {
                self.said.assessed(Assessment { domains, needs });
            }
            CaseEvent::EligibilityFactRecorded { fact, valid_to } => {
                self.said.found(fact, valid_to);
            }
            CaseEvent::UvmConvened { on, social, health } => self.convened(on, social, health),
            CaseEvent::UvmCancelled {} => self.unit = None,
            CaseEvent::CarePlanApproved { on, social, health, goals, months } => {
                self.approved(ApprovePlan { on, social, health, goals, months });
            }
            CaseEvent::GuardianAppointed { guardian } => self.guardian = Some(guardian),
            CaseEvent::GuardianshipEnded {} => self.guardian = None,
            CaseEvent::TakenInCharge { marginality, non_self_sufficient, place } => {
                self.charge = Some(Charge { marginality, non_self_sufficient, place });
            }
            CaseEvent::ProjectDrafted { template_version } => {
                self.project = Project::Draft { template_version };
            }
            CaseEvent::GoalSet { goal, need, review_on } => self.add(goal, need, review_on),
            CaseEvent::ProjectSigned { signed_by, manager } => {
                self.project = Project::Signed { by: signed_by, manager, goal_added: false };
            }
            CaseEvent::GoalReviewed { goal, outcome, review_on } => {
                if let Some(goal) = self.goals.get_mut(&goal) {
                    (goal.outcome, goal.review_on) = (Some(outcome), review_on);
                }
            }
            CaseEvent::ProjectCompleted {} => self.project = Project::Completed,
            CaseEvent::ProjectInterrupted { reason } => {
                self.project = Project::Interrupted { reason };
            }
            CaseEvent::CaseClosed { reason, destination, handover, read_to: _ } => {
                self.stage = Stage::Closed(Closing { reason, destination, handover });
            }
        }
    }
}

impl Logged for Case {
    fn person(&self) -> Option<PersonId> {
        self.parties.map(|parties| parties.person)
    }

    fn keeps(&self, event: &CaseEvent) -> Vec<Keep> {
        match event {
            CaseEvent::CaseOpened { person, service, .. } => {
                let key = format!("{person}/{service}");
                vec![Keep::Claim { guard: OPEN, key, during: During::ALWAYS }]
            }
            CaseEvent::CaseClosed { .. } => {
                vec![Keep::Release { guard: OPEN, key: None, during: None }]
            }
            CaseEvent::CaseManagerAssigned { .. }
            | CaseEvent::TeamMemberAdded { .. }
            | CaseEvent::TeamMemberRemoved { .. }
            | CaseEvent::AssessmentRecorded { .. }
            | CaseEvent::EligibilityFactRecorded { .. }
            | CaseEvent::UvmConvened { .. }
            | CaseEvent::UvmCancelled {}
            | CaseEvent::CarePlanApproved { .. }
            | CaseEvent::GuardianAppointed { .. }
            | CaseEvent::GuardianshipEnded {}
            | CaseEvent::TakenInCharge { .. }
            | CaseEvent::ProjectDrafted { .. }
            | CaseEvent::GoalSet { .. }
            | CaseEvent::ProjectSigned { .. }
            | CaseEvent::GoalReviewed { .. }
            | CaseEvent::ProjectCompleted {}
            | CaseEvent::ProjectInterrupted { .. } => Vec::new(),
        }
    }

    fn creates(command: &CaseCommand) -> bool {
        matches!(command, CaseCommand::Open(_))
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        Rejection::AlreadyOpen { case: CaseId(taken.holder) }
    }
}

type Decision = Result<Vec<CaseEvent>, Rejection>;

impl Case {
    /// What was moved away or here counts as it stands now.
    fn decide(&mut self, command: CaseCommand) -> Decision {
        match command {
            CaseCommand::Open(open) => self.open(open),
            CaseCommand::AssignManager { manager, known } => self.assign(manager, known),
            CaseCommand::AddTeamMember { staff, known } => self.add_to_team(staff, known),
            CaseCommand::RemoveTeamMember { staff } => self.remove_from_team(staff),
            CaseCommand::Assess(assessment) => self.assess(assessment),
            CaseCommand::RecordEligibility { fact, valid_to, today } => {
                self.record(fact, valid_to, today)
            }
            CaseCommand::ConveneUnit(call) => self.convene(call),
            CaseCommand::CancelUnit => self.cancel_unit(),
            CaseCommand::ApprovePlan(plan) => self.approve(plan),
            CaseCommand::AppointGuardian { guardian, known } => self.appoint(guardian, known),
            CaseCommand::EndGuardianship => self.end_guardianship(),
            CaseCommand::TakeInCharge(charge) => self.take_in_charge(charge),
            CaseCommand::DraftProject { template_version } => self.draft(template_version),
            CaseCommand::SetGoal(goal) => self.set_goal(goal),
            CaseCommand::SignProject { signed_by, manager } => self.sign(signed_by, manager),
            CaseCommand::ReviewGoal(review) => self.review(review),
            CaseCommand::CompleteProject => self.complete(),
            CaseCommand::InterruptProject { reason } => self.interrupt(reason),
            CaseCommand::Close(close) => self.close(close),
            CaseCommand::Knowing { moved, command } => {
                self.said.without(&moved);
                self.decide(*command)
            }
        }
    }

    /// The case without what stands on somebody else now.
    pub(crate) fn knowing(mut self, moved: &Moved) -> Self {
        self.said.without(moved);
        self
    }

    /// Who is concerned, once the case exists.
    pub fn parties(&self) -> Option<Parties> {
        self.parties
    }

    /// The case manager of now.
    pub fn manager(&self) -> Option<StaffId> {
        self.manager
    }

    /// How it was closed, once it was.
    pub(crate) fn closing(&self) -> Option<Closing> {
        match self.stage {
            Stage::Closed(closing) => Some(closing),
            Stage::Unknown | Stage::Open => None,
        }
    }

    /// Opening names the manager too: so a case is never without one (R84).
    fn open(&self, open: Open) -> Decision {
        let Open { case, person, service, manager, manager_known, person_known } = open;
        let same = self.parties == Some(Parties { case, person, service });
        match self.stage {
            Stage::Unknown if !person_known => Err(Rejection::UnknownPerson),
            Stage::Unknown if !manager_known => Err(Rejection::UnknownStaff),
            Stage::Unknown => Ok(vec![
                CaseEvent::CaseOpened { case, person, service },
                CaseEvent::CaseManagerAssigned { manager },
            ]),
            Stage::Open if same && self.manager == Some(manager) => Ok(vec![]),
            Stage::Open => Err(Rejection::IdInUse),
            Stage::Closed(_) => Err(Rejection::Closed),
        }
    }

    fn assign(&self, manager: StaffId, known: bool) -> Decision {
        self.opened()?;
        if self.manager == Some(manager) {
            Ok(vec![])
        } else if known {
            Ok(vec![CaseEvent::CaseManagerAssigned { manager }])
        } else {
            Err(Rejection::UnknownStaff)
        }
    }

    /// Somebody of another body may work on it too: who is in the team may know the person.
    fn add_to_team(&self, staff: StaffId, known: bool) -> Decision {
        self.opened()?;
        if self.team.contains(&staff) {
            Ok(vec![])
        } else if !known {
            Err(Rejection::UnknownStaff)
        } else if self.team.len() >= rules::TEAM_MAX {
            Err(Rejection::TeamFull)
        } else {
            Ok(vec![CaseEvent::TeamMemberAdded { staff }])
        }
    }

    fn remove_from_team(&self, staff: StaffId) -> Decision {
        self.opened()?;
        if self.team.contains(&staff) {
            Ok(vec![CaseEvent::TeamMemberRemoved { staff }])
        } else {
            Err(Rejection::NotInTeam)
        }
    }

    fn assess(&self, assessment: Assessment) -> Decision {
        self.opened()?;
        let domains = rules::each_once(assessment.domains);
        if domains.is_empty() {
            return Err(Rejection::NothingAssessed);
        }
        let assessment = Assessment { domains, needs: rules::one_level_each(assessment.needs)? };
        if self.said.assessment() == Some(&assessment) {
            return Ok(vec![]);
        }
        let Assessment { domains, needs } = assessment;
        Ok(vec![CaseEvent::AssessmentRecorded { domains, needs }])
    }

    fn record(&self, fact: EligibilityFact, valid_to: Option<Date>, today: Date) -> Decision {
        self.opened()?;
        if self.said.facts().get(&fact) == Some(&valid_to) {
            return Ok(vec![]);
        }
        match valid_to {
            Some(valid_to) if valid_to < today => Err(Rejection::FactEnded { valid_to }),
            Some(_) | None => Ok(vec![CaseEvent::EligibilityFactRecorded { fact, valid_to }]),
        }
    }

    fn take_in_charge(&self, charge: Charge) -> Decision {
        self.opened()?;
        if !self.said.is_assessed() {
            return Err(Rejection::NotAssessed);
        }
        let Charge { marginality, non_self_sufficient, place } = charge;
        match self.charge {
            None => Ok(vec![CaseEvent::TakenInCharge { marginality, non_self_sufficient, place }]),
            Some(before) if before == charge => Ok(vec![]),
            Some(_) => Err(Rejection::AlreadyInCharge),
        }
    }

    /// With a handover somebody answers for what is open; without one nothing may be.
    fn close(&self, close: Close) -> Decision {
        let Close { closing, handover_known, elsewhere } = close;
        if self.stage == Stage::Closed(closing) {
            return Ok(vec![]);
        }
        let parties = self.opened()?;
        rules::coherent(closing, parties.service)?;
        if !handover_known {
            return Err(Rejection::UnknownService);
        }
        let Closing { reason, destination, handover } = closing;
        let read_to = elsewhere.read_to;
        if handover.is_none() {
            self.outcome_per_goal()?;
            rules::nothing_open(elsewhere)?;
        }
        Ok(vec![CaseEvent::CaseClosed { reason, destination, handover, read_to }])
    }

    fn opened(&self) -> Result<Parties, Rejection> {
        match self.stage {
            Stage::Unknown => Err(Rejection::NoSuchCase),
            Stage::Open => self.parties.ok_or(Rejection::NoSuchCase),
            Stage::Closed(_) => Err(Rejection::Closed),
        }
    }
}
