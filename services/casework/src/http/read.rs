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
use trama_platform::caller::Caller;
use trama_platform::gate::Reader;
use trama_platform::permit::{Sections, Wrote};
use utoipa::ToSchema;

use super::is_own;
use crate::Casework;
use crate::case::{Assessment, CarePlan, Case, Charge, Closing, Goal, Project, Unit};

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
    /// The multidimensional unit that is called.
    unit: Option<Unit>,
    /// The care plan of the last one.
    care_plan: Option<CarePlanView>,
    /// The guardian whom a court appointed.
    guardian: Option<StaffId>,
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

/// A care plan, and how long it took.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct CarePlanView {
    /// What was signed.
    #[serde(flatten)]
    plan: CarePlan,
    /// Days from the meeting to the plan.
    days_to_plan: i64,
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

/// Classes of data of which a case holds something.
const SECTIONS: [Section; 4] =
    [Section::Project, Section::Diary, Section::Means, Section::CarePlan];

/// One case, as its own events tell it, for whoever works on it: what was moved to another person
/// is not there.
#[utoipa::path(get, path = "/api/casework/cases/{case}", tag = "casework",
    params(("case" = CaseId, Path)), responses((status = 200, body = CaseView)))]
pub(super) async fn read(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
) -> Result<impl IntoResponse, Problem> {
    let (case, version) = casework.log.load::<Case>(id.0).await?;
    // For a case that does not exist as much is asked and written down.
    let person = case.parties().map_or(PersonId(id.0), |parties| parties.person);
    let open = reader.open(person, &SECTIONS).await?.sections;
    let moved = casework.moved(id, &case).await?;
    let own = Some(case).filter(|case| is_own(case, &reader.caller));
    let view = own.and_then(|case| view(case.knowing(&moved), &reader.caller, &open));
    let view = view.ok_or_else(Problem::not_found)?;
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}

/// A case is its project and what leads there: without that class it is not there.
fn view(case: Case, caller: &Caller, open: &Sections) -> Option<CaseView> {
    let parties = case.parties()?;
    let wrote = Wrote {
        organisation: caller.organisation,
        service: Some(parties.service),
        obscured: false,
    };
    let shows = |section| open.shows(section, &wrote);
    if !shows(Section::Project) {
        return None;
    }
    let (manager, closed) = (case.manager(), case.closing());
    let assessment = case.said.assessment().filter(|_| shows(Section::Diary)).cloned();
    let facts = case.said.facts().into_iter().filter(|_| shows(Section::Means));
    let care_plan = case.care_plan.filter(|_| shows(Section::CarePlan));
    let goals = case.goals.into_iter();
    Some(CaseView {
        case: parties.case,
        person: parties.person,
        service: parties.service,
        manager,
        team: case.team.into_iter().collect(),
        assessment,
        eligibility_facts: facts
            .map(|(fact, valid_to)| EligibilityView { fact, valid_to })
            .collect(),
        unit: case.unit,
        care_plan: care_plan.map(|plan| CarePlanView { days_to_plan: plan.days_to_plan(), plan }),
        guardian: case.guardian,
        charge: case.charge,
        project: case.project,
        goals: goals.map(|(goal, standing)| GoalView { goal, standing }).collect(),
        closed,
    })
}
