//! `/api/casework`: translates, decides nothing.

mod project;
mod read;
mod team;
mod unit;

use axum::extract::{Path, State};
use serde::Deserialize;
use time::Date;
use trama_events::casework::{
    AssessmentDomain, CaseCloseReason, ChargePlace, EligibilityFact, Marginality,
};
use trama_events::codes::{Destination, Need};
use trama_events::ids::{CaseId, PersonId, ServiceId, StaffId};
use trama_events::rome;
use trama_platform::caller::Caller;
use trama_platform::doors::{Doors, Gate, Order};
use trama_platform::gate::Reader;
use trama_platform::log::{Asked, Done};
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::case::{Assessment, Case, CaseCommand, Charge, Close, Closing, Moved, Open, Rejection};
use crate::{Casework, facts, policy};

type Answer = Result<Done, Problem>;

pub(crate) fn doors(gate: &Gate) -> Doors<Casework> {
    Doors::new(gate)
        .door(policy::WORK, routes!(open))
        .door(policy::READ, routes!(read::read))
        .door(policy::WORK, routes!(assign_manager))
        .door(policy::WORK, routes!(team::add))
        .door(policy::WORK, routes!(team::remove))
        .door(policy::WORK, routes!(unit::convene))
        .door(policy::WORK, routes!(unit::cancel))
        .door(policy::WORK, routes!(unit::approve))
        .door(policy::WORK, routes!(unit::appoint))
        .door(policy::WORK, routes!(unit::end_guardianship))
        .door(policy::WORK, routes!(assess))
        .door(policy::WORK, routes!(record_eligibility))
        .door(policy::WORK, routes!(take_in_charge))
        .door(policy::PROJECT, routes!(project::draft))
        .door(policy::PROJECT, routes!(project::set_goal))
        .door(policy::PROJECT, routes!(project::sign))
        .door(policy::PROJECT, routes!(project::review_goal))
        .door(policy::PROJECT, routes!(project::complete))
        .door(policy::PROJECT, routes!(project::interrupt))
        .door(policy::WORK, routes!(close))
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The id that the caller gave; else the one that follows from who asked under which key.
fn id_of<T>(given: Option<T>, asked: &Asked, derived: fn(&[&str]) -> T) -> T {
    given.unwrap_or_else(|| derived(&[&asked.actor.to_string(), &asked.key]))
}

/// The context's own tables could not be read.
fn unread(error: sqlx::Error) -> Problem {
    Failure::<Rejection>::from(error).into()
}

/// Whether the caller acts for the service that holds the case.
fn is_own(case: &Case, caller: &Caller) -> bool {
    case.parties().is_some_and(|parties| caller.acts_for(parties.service))
}

impl Casework {
    /// Who is to be the case manager: the caller when nobody is named; and whether she is known.
    async fn manager<T>(
        &self,
        order: &Order<T>,
        named: Option<StaffId>,
    ) -> sqlx::Result<(StaffId, bool)> {
        let manager = named.unwrap_or(order.caller.staff);
        let own = manager == order.caller.staff;
        let today = rome::day_of(order.now);
        Ok((manager, own || facts::is_staff(self.log.pool(), manager, today).await?))
    }

    /// What was moved from a case and to its person: what it proves goes with it.
    async fn moved(&self, id: CaseId, case: &Case) -> Result<Moved, Failure<Rejection>> {
        let Some(parties) = case.parties() else { return Ok(Moved::default()) };
        let mut moved = Moved::default();
        for entry in facts::moved(self.log.pool(), id, parties.person).await? {
            if entry.case != id {
                let (other, _) = self.log.load::<Case>(entry.case.0).await?;
                moved.assessed_elsewhere |= other.said.is_assessment(entry.number);
            } else if entry.person != Some(parties.person) {
                moved.gone.insert(entry.number);
            }
        }
        Ok(moved)
    }

    /// Asks in the name of the service that holds the case. Of who is hidden only whoever may know her
    /// goes on with it: a colleague of the same service who took it over would make himself a relation.
    async fn of_case<T: Sync>(
        &self,
        reader: &Reader,
        id: CaseId,
        order: &Order<T>,
        command: CaseCommand,
    ) -> Answer {
        let (case, _) = self.log.load::<Case>(id.0).await?;
        // Of a case that nobody opened as much is asked and written down.
        let person = case.parties().map_or(PersonId(id.0), |parties| parties.person);
        if !reader.may_tell_of(person, case.parties().is_some()).await? {
            return Err(Failure::<Rejection>::Denied.into());
        }
        let moved = self.moved(id, &case).await?;
        let command = CaseCommand::Knowing { moved, command: Box::new(command) };
        let permitted = |case: &Case| is_own(case, &order.caller);
        Ok(self.log.ask_if(&order.asked, id.0, command, permitted).await?)
    }
}

/// A case to open.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenCaseForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    case: Option<CaseId>,
    /// The person: no document, no residence, no name.
    person: PersonId,
    /// Service that holds it: one of yours.
    service: ServiceId,
    /// The case manager: somebody on the staff; yourself when nobody is named.
    manager: Option<StaffId>,
}

/// Opens a case and names its case manager.
#[utoipa::path(post, path = "/api/casework/cases", tag = "casework",
    request_body = OpenCaseForm, responses((status = 200, body = Done)))]
async fn open(
    State(casework): State<Casework>,
    reader: Reader,
    order: Order<OpenCaseForm>,
) -> Result<Done, Problem> {
    let OpenCaseForm { case, person, service, manager } = order.body;
    order.caller.must_act_for::<Rejection>(service)?;
    let registered = facts::is_registered(casework.log.pool(), person).await.map_err(unread)?;
    let person_known = reader.may_take_on(person, registered).await?;
    let case = id_of(case, &order.asked, CaseId::derived);
    let (manager, manager_known) = casework.manager(&order, manager).await.map_err(unread)?;
    let open = Open { case, person, service, manager, manager_known, person_known };
    Ok(casework.log.ask::<Case>(&order.asked, case.0, CaseCommand::Open(open)).await?)
}

/// A case manager.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ManagerForm {
    /// Who: somebody on the staff; yourself when nobody is named.
    manager: Option<StaffId>,
}

/// Another case manager takes over.
#[utoipa::path(post, path = "/api/casework/cases/{case}/manager", tag = "casework",
    request_body = ManagerForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
async fn assign_manager(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<ManagerForm>,
) -> Answer {
    let (manager, known) = casework.manager(&order, order.body.manager).await.map_err(unread)?;
    casework.of_case(&reader, id, &order, CaseCommand::AssignManager { manager, known }).await
}

/// What was looked at and found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssessmentForm {
    /// Domains looked at, at least one.
    domains: Vec<AssessmentDomain>,
    /// What is needed, one level for each need.
    #[serde(default)]
    needs: Vec<Need>,
}

/// Writes down an assessment; the last one counts.
#[utoipa::path(post, path = "/api/casework/cases/{case}/assessments", tag = "casework",
    request_body = AssessmentForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
async fn assess(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<AssessmentForm>,
) -> Answer {
    let AssessmentForm { domains, needs } = order.body.clone();
    casework.of_case(&reader, id, &order, CaseCommand::Assess(Assessment { domains, needs })).await
}

/// A fact on which admission rests.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EligibilityForm {
    /// Which fact.
    fact: EligibilityFact,
    /// Last day on which it holds, when it ends; the day on which it was found at the earliest.
    valid_to: Option<Date>,
}

/// Writes down a fact on which admission rests, or its new last day.
#[utoipa::path(post, path = "/api/casework/cases/{case}/eligibility-facts", tag = "casework",
    request_body = EligibilityForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
async fn record_eligibility(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<EligibilityForm>,
) -> Answer {
    let EligibilityForm { fact, valid_to } = order.body;
    let today = rome::day_of(order.asked.occurred_at);
    let record = CaseCommand::RecordEligibility { fact, valid_to, today };
    casework.of_case(&reader, id, &order, record).await
}

/// On what terms a person is taken in charge.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChargeForm {
    /// How far the person is at the margins.
    marginality: Marginality,
    /// Whether she is not self-sufficient.
    #[serde(default)]
    non_self_sufficient: bool,
    /// Where: it may be the street.
    place: ChargePlace,
}

/// Takes formal responsibility.
#[utoipa::path(post, path = "/api/casework/cases/{case}/charge", tag = "casework",
    request_body = ChargeForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
async fn take_in_charge(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<ChargeForm>,
) -> Answer {
    let ChargeForm { marginality, non_self_sufficient, place } = order.body;
    let charge = Charge { marginality, non_self_sufficient, place };
    casework.of_case(&reader, id, &order, CaseCommand::TakeInCharge(charge)).await
}

/// On what terms a case is closed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CloseCaseForm {
    /// Why.
    reason: CaseCloseReason,
    /// Where the person went, when known.
    destination: Option<Destination>,
    /// Who goes on, a service that works now: needed while a goal has no outcome, or a stay or a referral is open.
    handover: Option<ServiceId>,
}

/// Closes a case.
#[utoipa::path(post, path = "/api/casework/cases/{case}/close", tag = "casework",
    request_body = CloseCaseForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
async fn close(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<CloseCaseForm>,
) -> Answer {
    let CloseCaseForm { reason, destination, handover } = order.body;
    let (case, _) = casework.log.load::<Case>(id.0).await?;
    let parties = case.parties().ok_or(Failure::<Rejection>::Denied)?;
    let elsewhere = facts::elsewhere(casework.log.pool(), parties.person).await.map_err(unread)?;
    let handover_known = match handover {
        Some(service) => facts::is_active(casework.log.pool(), service).await.map_err(unread)?,
        None => true,
    };
    let closing = Closing { reason, destination, handover };
    let close = CaseCommand::Close(Close { closing, handover_known, elsewhere });
    casework.of_case(&reader, id, &order, close).await
}
