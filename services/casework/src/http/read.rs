use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Serialize;
use time::Date;
use trama_events::casework::EligibilityFact;
use trama_events::codes::Section;
use trama_events::ids::{CaseId, GoalId, PersonId, ServiceId, StaffId};
use trama_platform::Problem;
use trama_platform::gate::Reader;
use utoipa::ToSchema;

use super::is_own;
use crate::Casework;
use crate::case::{Assessment, Case, Charge, Closing, Goal, Project};

/// A case, for the service that holds it.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct CaseView {
    /// The case.
    case: CaseId,
    /// The person.
    person: PersonId,
    /// Service that holds it.
    service: ServiceId,
    /// The case manager of now, or the last one.
    manager: Option<StaffId>,
    /// Who else works on it.
    team: Vec<StaffId>,
    /// What was looked at and found, the last time.
    assessment: Option<Assessment>,
    /// Facts on which admission rests.
    eligibility_facts: Vec<EligibilityView>,
    /// On what terms the person is in charge.
    charge: Option<Charge>,
    /// The personal project.
    project: Project,
    /// Its goals.
    goals: Vec<GoalView>,
    /// How it was closed, once it was.
    closed: Option<Closing>,
}

/// A fact on which admission rests.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct EligibilityView {
    /// Which fact.
    fact: EligibilityFact,
    /// Last day on which it holds, when it ends.
    valid_to: Option<Date>,
}

/// A goal.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct GoalView {
    /// The goal.
    goal: GoalId,
    /// What it is about and how it stands.
    #[serde(flatten)]
    standing: Goal,
}

/// One case, as its own events tell it.
#[utoipa::path(get, path = "/api/casework/cases/{case}", tag = "casework",
    params(("case" = CaseId, Path)), responses((status = 200, body = CaseView)))]
pub(super) async fn read(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
) -> Result<impl IntoResponse, Problem> {
    let (case, version) = casework.log.load::<Case>(id.0).await?;
    let own = Some(case).filter(|case| is_own(case, &reader.caller));
    let view = own.and_then(view).ok_or_else(Problem::not_found)?;
    reader.own(view.person, Section::Project).await?;
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}

fn view(case: Case) -> Option<CaseView> {
    let parties = case.parties()?;
    let (manager, closed) = (case.manager(), case.closing());
    let facts = case.facts.into_iter();
    let goals = case.goals.into_iter();
    Some(CaseView {
        case: parties.case,
        person: parties.person,
        service: parties.service,
        manager,
        team: case.team.into_iter().collect(),
        assessment: case.assessment,
        eligibility_facts: facts
            .map(|(fact, valid_to)| EligibilityView { fact, valid_to })
            .collect(),
        charge: case.charge,
        project: case.project,
        goals: goals.map(|(goal, standing)| GoalView { goal, standing }).collect(),
        closed,
    })
}
