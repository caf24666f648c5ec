use axum::extract::{Path, State};
use serde::Deserialize;
use trama_events::ids::{CaseId, StaffId};
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, Nothing, unread};
use crate::case::CaseCommand;
use crate::{Casework, facts};

/// A colleague for the team.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TeamMemberForm {
    /// Who: somebody on the staff of any organisation. She may know the person from then on.
    staff: StaffId,
}

/// Somebody else works on the case too, and may know the person from now on.
#[utoipa::path(post, path = "/api/casework/cases/{case}/team", tag = "casework",
    request_body = TeamMemberForm, params(("case" = CaseId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn add(
    State(casework): State<Casework>,
    reader: Reader,
    Path(id): Path<CaseId>,
    order: Order<TeamMemberForm>,
) -> Answer {
    let staff = order.body.staff;
    let today = rome::day_of(order.now);
    let known = facts::is_staff(casework.log.pool(), staff, today).await.map_err(unread)?;
    casework.of_case(&reader, id, &order, CaseCommand::AddTeamMember { staff, known }).await
}

/// Somebody does not work on the case any more: what she may know by it ends at once.
#[utoipa::path(post, path = "/api/casework/cases/{case}/team/{staff}/remove", tag = "casework",
    request_body = Nothing, params(("case" = CaseId, Path), ("staff" = StaffId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn remove(
    State(casework): State<Casework>,
    reader: Reader,
    Path((id, staff)): Path<(CaseId, StaffId)>,
    order: Order<Nothing>,
) -> Answer {
    casework.of_case(&reader, id, &order, CaseCommand::RemoveTeamMember { staff }).await
}
