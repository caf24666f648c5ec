//! `GET /api/projections/network`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use time::Date;
use trama_events::codes::Role;
use trama_events::ids::Ats;
use trama_platform::Problem;
use trama_platform::doors::{Action, Doors, Gate, Now};
use trama_platform::gate::Reader;
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::graph::{Graph, graph};
use crate::ReadModels;
use crate::indicators::asked::{Asked, bad_query, failure, limit, may_see, sees_persons};
use crate::indicators::{Period, Scope};

/// Reading the referral graph.
pub const READ: Action = Action {
    name: "network.read",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::CsmOperator,
        Role::SerdOperator,
        Role::LabourOperator,
        Role::MinorsWorker,
        Role::HubProfessional,
        Role::PlanOffice,
        Role::SteeringBoard,
        Role::Auditor,
        Role::Administrator,
    ],
    why: "the graph holds services and counts, never a person; small counts only for those who \
          meet people",
    second_factor: false,
};

pub(super) fn doors(gate: &Gate) -> Doors<ReadModels> {
    Doors::new(gate).door(READ, routes!(read))
}

/// Which part of the graph.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NetworkQuery {
    /// First day of sending, in Rome; without it, a year before `to`.
    from: Option<Date>,
    /// Last day of sending; without it, today.
    to: Option<Date>,
    /// ATS of the sending service; without it, the metropolitan level.
    ats: Option<Ats>,
    /// Only edges with at least so many referrals.
    min: Option<i64>,
    /// At most so many edges, the strongest first: 1 to 500, 500 without it.
    limit: Option<i64>,
}

/// The referral graph of a period.
#[utoipa::path(get, path = "/api/projections/network", tag = "projections", params(NetworkQuery),
    responses((status = 200, body = Graph), (status = 400, body = Problem)))]
async fn read(
    State(models): State<ReadModels>,
    reader: Reader,
    axum::Extension(Now(now)): axum::Extension<Now>,
    Asked(query): Asked<NetworkQuery>,
) -> Result<Json<Graph>, Problem> {
    let period = Period::asked(query.from, query.to, now, reader.caller.role)?;
    let min = query.min.unwrap_or(1);
    if min < 1 {
        return Err(bad_query("min is a number from 1"));
    }
    let most = limit(query.limit, 500)?;
    let scope = Scope { period, ats: query.ats, protected: !sees_persons(reader.caller.role) };
    may_see(&reader, &scope).await?;
    Ok(Json(graph(&models.pool, &scope, min, most).await.map_err(failure)?))
}
