//! `GET /api/projections/indicators`, its events, and `GET /api/projections/activity`.

use axum::extract::{Path, State};
use axum::{Extension, Json};
use serde::Deserialize;
use time::{Date, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::Ats;
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::doors::{Action, Doors, Gate, Now};
use trama_platform::gate::Reader;
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::activity::{Activity, activity};
use super::asked::{Asked, Period, Scope, bad_query, failure, limit, may_see, sees_persons};
use super::events::{Behind, Cursor, EventsPage, events};
use super::formulas::Indicator;
use super::view::{Report, report};
use crate::ReadModels;

/// Reading figures.
const READ: Action = Action {
    name: "indicators.read",
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
    why: "figures hold counts, never a person; small counts only for those who meet people",
    second_factor: false,
};

/// Reading the events behind a figure.
const READ_EVENTS: Action = Action {
    name: "indicators.events",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::MinorsWorker,
    ],
    why: "an event can lead to a person, so only workers who meet people see which events are \
        counted",
    second_factor: false,
};

pub(super) fn doors(gate: &Gate) -> Doors<ReadModels> {
    Doors::new(gate)
        .door(READ, routes!(read))
        .door(READ_EVENTS, routes!(read_events))
        .door(READ, routes!(read_activity))
}

/// Which days, which ATS.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PeriodQuery {
    /// First day, in Rome; without it, a year before `to`.
    from: Option<Date>,
    /// Last day; without it, today.
    to: Option<Date>,
    /// One ATS; without it, the metropolitan level.
    ats: Option<Ats>,
}

impl PeriodQuery {
    fn scope(self, caller: &Caller, now: OffsetDateTime) -> Result<Scope, Problem> {
        let period = Period::asked(self.from, self.to, now, caller.role)?;
        Ok(Scope { period, ats: self.ats, protected: !sees_persons(caller.role) })
    }
}

/// Indicators I1, I2, I3, I4, I5 and I10 of a period.
#[utoipa::path(get, path = "/api/projections/indicators", tag = "projections", params(PeriodQuery),
    responses((status = 200, body = Report), (status = 400, body = Problem)))]
async fn read(
    State(models): State<ReadModels>,
    reader: Reader,
    Extension(Now(now)): Extension<Now>,
    Asked(query): Asked<PeriodQuery>,
) -> Result<Json<Report>, Problem> {
    let scope = query.scope(&reader.caller, now)?;
    may_see(&reader, &scope).await?;
    Ok(Json(report(&models.pool, &scope).await.map_err(failure)?))
}

/// What was done in a period, by month and in total.
#[utoipa::path(get, path = "/api/projections/activity", tag = "projections", params(PeriodQuery),
    responses((status = 200, body = Activity), (status = 400, body = Problem)))]
async fn read_activity(
    State(models): State<ReadModels>,
    reader: Reader,
    Extension(Now(now)): Extension<Now>,
    Asked(query): Asked<PeriodQuery>,
) -> Result<Json<Activity>, Problem> {
    let scope = query.scope(&reader.caller, now)?;
    may_see(&reader, &scope).await?;
    Ok(Json(activity(&models.pool, &scope).await.map_err(failure)?))
}

/// Which days, which ATS, which page.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventsQuery {
    /// First day, in Rome; without it, a year before `to`.
    from: Option<Date>,
    /// Last day; without it, today.
    to: Option<Date>,
    /// One ATS; without it, the metropolitan level.
    ats: Option<Ats>,
    /// At most so many events: 1 to 500, 100 without it.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// The events behind an indicator, by id.
#[utoipa::path(get, path = "/api/projections/indicators/{id}/events", tag = "projections",
    params(("id" = Indicator, Path), EventsQuery),
    responses((status = 200, body = EventsPage),
        (status = 400, body = Problem), (status = 404, body = Problem)))]
async fn read_events(
    State(models): State<ReadModels>,
    reader: Reader,
    Extension(Now(now)): Extension<Now>,
    Path(id): Path<String>,
    Asked(query): Asked<EventsQuery>,
) -> Result<Json<EventsPage>, Problem> {
    let indicator: Indicator = id.parse().map_err(|_| Problem::not_found())?;
    let read = |text: &String| {
        Cursor::read(text).ok_or_else(|| bad_query("after is what an earlier page gave as next"))
    };
    let after = query.after.as_ref().map(read).transpose()?;
    let limit = limit(query.limit, 100)?;
    let asked = PeriodQuery { from: query.from, to: query.to, ats: query.ats };
    let scope = asked.scope(&reader.caller, now)?;
    may_see(&reader, &scope).await?;
    let behind = Behind { indicator, scope, limit, after };
    Ok(Json(events(&models.pool, &behind).await.map_err(failure)?))
}
