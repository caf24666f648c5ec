use axum::extract::{Path, State};
use serde::Deserialize;
use time::Date;
use trama_events::casework::{GoalOutcome, InterruptionReason, Signatory};
use trama_events::codes::NeedCode;
use trama_events::ids::{CaseId, GoalId};
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, Nothing, id_of};
use crate::Casework;
use crate::case::{CaseCommand, ReviewGoal, SetGoal};

/// A personal project to begin.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProjectForm {
    /// Version of the guideline's template, from 1.
    template_version: u16,
}

/// Begins a personal project.
#[utoipa::path(post, path = "/api/casework/cases/{case}/project", tag = "casework",
    request_body = ProjectForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn draft(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<ProjectForm>,
) -> Answer {
    let template_version = order.body.template_version;
    casework.of_case(&reader, id, &order, CaseCommand::DraftProject { template_version }).await
}

/// A new goal.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GoalForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    goal: Option<GoalId>,
    /// Which need it answers.
    need: NeedCode,
    /// When it will be reviewed: from the day on which it is set to 90 days away.
    review_on: Date,
}

/// Adds a goal; a signed project wants both signatures again.
#[utoipa::path(post, path = "/api/casework/cases/{case}/goals", tag = "casework",
    request_body = GoalForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn set_goal(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<GoalForm>,
) -> Answer {
    let GoalForm { goal, need, review_on } = order.body;
    let goal = id_of(goal, &order.asked, GoalId::derived);
    let today = rome::day_of(order.asked.occurred_at);
    let set = SetGoal { goal, need, review_on, today };
    casework.of_case(&reader, id, &order, CaseCommand::SetGoal(set)).await
}

/// Two signatures: yours for the service, as its case manager.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignForm {
    /// Who signs on the person's side.
    signed_by: Signatory,
}

/// Signs the project on both sides.
#[utoipa::path(post, path = "/api/casework/cases/{case}/project/sign", tag = "casework",
    request_body = SignForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn sign(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<SignForm>,
) -> Answer {
    let SignForm { signed_by } = order.body;
    let manager = order.caller.staff;
    casework.of_case(&reader, id, &order, CaseCommand::SignProject { signed_by, manager }).await
}

/// What came of looking at a goal.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewForm {
    /// How far it was reached.
    outcome: GoalOutcome,
    /// The next review, up to 90 days after this one; nothing ends the goal.
    review_on: Option<Date>,
}

/// A goal was looked at together.
#[utoipa::path(post, path = "/api/casework/cases/{case}/goals/{goal}/review", tag = "casework",
    request_body = ReviewForm, params(("case" = CaseId, Path), ("goal" = GoalId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn review_goal(
    State(casework): State<Casework>,
    reader: Reader,
    Path((id, goal)): Path<(CaseId, GoalId)>,
    order: Order<ReviewForm>,
) -> Answer {
    let ReviewForm { outcome, review_on } = order.body;
    let today = rome::day_of(order.asked.occurred_at);
    let review = ReviewGoal { goal, outcome, review_on, today };
    casework.of_case(&reader, id, &order, CaseCommand::ReviewGoal(review)).await
}

/// The project reached its end.
#[utoipa::path(post, path = "/api/casework/cases/{case}/project/complete", tag = "casework",
    request_body = Nothing, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn complete(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<Nothing>,
) -> Answer {
    casework.of_case(&reader, id, &order, CaseCommand::CompleteProject).await
}

/// Why a project is interrupted.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InterruptForm {
    /// Why.
    reason: InterruptionReason,
}

/// The project ends before its end.
#[utoipa::path(post, path = "/api/casework/cases/{case}/project/interrupt", tag = "casework",
    request_body = InterruptForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn interrupt(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<InterruptForm>,
) -> Answer {
    let reason = order.body.reason;
    casework.of_case(&reader, id, &order, CaseCommand::InterruptProject { reason }).await
}
