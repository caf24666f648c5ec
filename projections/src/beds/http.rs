//! `GET /api/projections/beds` and `GET /api/projections/beds/{facility}`.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use serde::Deserialize;
use time::Date;
use trama_events::codes::{Role, Section, ServiceType};
use trama_events::ids::{Ats, ServiceId};
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::doors::{Action, Doors, Gate, Now};
use trama_platform::gate::Reader;
use utoipa::IntoParams;
use utoipa_axum::routes;
use uuid::Uuid;

use super::grid::{GridAsked, grid};
use super::tonight::{BedsAsked, tonight};
use super::view::{BedsTonight, FacilityGrid};
use crate::ReadModels;
use crate::indicators::asked::{Asked, bad_query, failure, limit, sees_persons};

/// Most nights of a grid.
const NIGHTS_MAX: i32 = 31;

/// Reading free places.
const READ: Action = Action {
    name: "beds.read",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::MinorsWorker,
        Role::HubProfessional,
        Role::PlanOffice,
    ],
    why: "whoever finds a bed for somebody sees what is free; who sleeps where, only the \
          facility's operators",
    second_factor: false,
};

pub(super) fn doors(gate: &Gate) -> Doors<ReadModels> {
    Doors::new(gate).door(READ, routes!(read)).door(READ, routes!(read_grid))
}

/// Which facilities, on which night.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BedsQuery {
    /// ATS of the facility; without it, the metropolitan level.
    ats: Option<Ats>,
    /// Date of the evening; without it, tonight.
    night: Option<Date>,
    /// One kind of housing.
    kind: Option<ServiceType>,
    /// At most so many facilities: 1 to 500, 100 without it.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<Uuid>,
}

/// Who may be placed on a night.
#[utoipa::path(get, path = "/api/projections/beds", tag = "projections", params(BedsQuery),
    responses((status = 200, body = BedsTonight), (status = 400, body = Problem)))]
async fn read(
    State(models): State<ReadModels>,
    reader: Reader,
    Extension(Now(now)): Extension<Now>,
    Asked(query): Asked<BedsQuery>,
) -> Result<Json<BedsTonight>, Problem> {
    if query.kind.is_some_and(|kind| !kind.is_housing()) {
        return Err(bad_query("kind is one of the eleven kinds of housing, e.g. night_shelter"));
    }
    let asked = BedsAsked {
        ats: query.ats,
        night: query.night.unwrap_or_else(|| rome::night_of(now)),
        kind: query.kind,
        own: own(&reader.caller),
        limit: limit(query.limit, 100)?,
        after: query.after,
    };
    let tonight = tonight(&models.pool, &reader.caller, &asked).await.map_err(failure)?;
    reader.listed(tonight.people(), Section::Housing).await?;
    Ok(Json(tonight))
}

/// Services whose guests the caller may see.
fn own(caller: &Caller) -> Vec<ServiceId> {
    if sees_persons(caller.role) { caller.services.clone() } else { Vec::new() }
}

/// Which nights.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GridQuery {
    /// First night; without it, tonight.
    from: Option<Date>,
    /// How many nights: 1 to 31, 14 without it.
    nights: Option<i32>,
}

/// The nights of one facility: place by place for its operators, as counts for the others.
#[utoipa::path(get, path = "/api/projections/beds/{facility}", tag = "projections",
    params(("facility" = ServiceId, Path), GridQuery),
    responses((status = 200, body = FacilityGrid),
        (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn read_grid(
    State(models): State<ReadModels>,
    reader: Reader,
    Extension(Now(now)): Extension<Now>,
    Path(facility): Path<String>,
    Asked(query): Asked<GridQuery>,
) -> Result<Json<FacilityGrid>, Problem> {
    let facility: ServiceId = facility.parse().map_err(|_| Problem::not_found())?;
    let nights = query.nights.unwrap_or(14);
    if !(1..=NIGHTS_MAX).contains(&nights) {
        return Err(bad_query("nights is a number from 1 to 31"));
    }
    let asked = GridAsked {
        facility,
        from: query.from.unwrap_or_else(|| rome::night_of(now)),
        nights,
        own: own(&reader.caller).contains(&facility),
    };
    let grid = grid(&models.pool, &reader.caller, &asked).await.map_err(failure)?;
    let grid = grid.ok_or_else(Problem::not_found)?;
    reader.listed(grid.people(), Section::Housing).await?;
    Ok(Json(grid))
}
