use axum::extract::{Path, State};
use serde::Deserialize;
use time::Date;
use trama_events::codes::NeedCode;
use trama_events::ids::{CaseId, StaffId};
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, Nothing, unread};
use crate::case::{ApprovePlan, CaseCommand, Convene};
use crate::{Casework, facts};

/// A unit to call.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitForm {
    /// The day of the meeting, in Rome: from the day on which it is called to 60 days later.
    on: Date,
    /// Members of the social services, at least one. They may know the person until the care plan
    /// is approved, and for 30 days after the meeting at most.
    social: Vec<StaffId>,
    /// Members of the health district, at least one; the same holds for them.
    health: Vec<StaffId>,
}

/// Calls the multidimensional unit to a day; calling it again replaces the last call.
#[utoipa::path(post, path = "/api/casework/cases/{case}/uvm", tag = "casework",
    request_body = UnitForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn convene(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<UnitForm>,
) -> Answer {
    let UnitForm { on, social, health } = order.body.clone();
    let today = rome::day_of(order.asked.occurred_at);
    let members = [social.as_slice(), &health].concat();
    let colleagues =
        facts::colleagues(casework.log.pool(), &members, today).await.map_err(unread)?;
    let call = Convene { on, social, health, colleagues, today };
    casework.of_case(&reader, id, &order, CaseCommand::ConveneUnit(call)).await
}

/// The unit does not meet: what its members may know by it ends at once.
#[utoipa::path(post, path = "/api/casework/cases/{case}/uvm/cancel", tag = "casework",
    request_body = Nothing, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn cancel(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<Nothing>,
) -> Answer {
    casework.of_case(&reader, id, &order, CaseCommand::CancelUnit).await
}

/// A care plan that both sides signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CarePlanForm {
    /// Who signed for the social services: a member of the unit.
    social: StaffId,
    /// Who signed for the health district: a member of the unit.
    health: StaffId,
    /// Which needs it answers, at least one.
    goals: Vec<NeedCode>,
    /// For how many months, 1 to 24.
    months: u16,
}

/// Writes down the care plan that both sides of the unit signed.
#[utoipa::path(post, path = "/api/casework/cases/{case}/care-plan", tag = "casework",
    request_body = CarePlanForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn approve(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<CarePlanForm>,
) -> Answer {
    let CarePlanForm { social, health, goals, months } = order.body.clone();
    let on = rome::day_of(order.asked.occurred_at);
    let plan = ApprovePlan { on, social, health, goals, months };
    casework.of_case(&reader, id, &order, CaseCommand::ApprovePlan(plan)).await
}

/// A guardian.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GuardianForm {
    /// Whom the court appointed: enrolled in the directory. She may know her ward from then on.
    guardian: StaffId,
}

/// Writes down that a court appointed a guardian; a new one replaces the last.
#[utoipa::path(post, path = "/api/casework/cases/{case}/guardian", tag = "casework",
    request_body = GuardianForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn appoint(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<GuardianForm>,
) -> Answer {
    let guardian = order.body.guardian;
    let today = rome::day_of(order.now);
    let known = facts::is_staff(casework.log.pool(), guardian, today).await.map_err(unread)?;
    casework.of_case(&reader, id, &order, CaseCommand::AppointGuardian { guardian, known }).await
}

/// The guardianship ended, also after the case was closed: what she may know by it ends at once.
#[utoipa::path(post, path = "/api/casework/cases/{case}/guardian/end", tag = "casework",
    request_body = Nothing, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn end_guardianship(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<Nothing>,
) -> Answer {
    casework.of_case(&reader, id, &order, CaseCommand::EndGuardianship).await
}
