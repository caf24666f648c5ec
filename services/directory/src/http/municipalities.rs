use axum::extract::{Path, State};
use serde::Deserialize;
use time::Date;
use trama_events::ids::Ats;
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, day_of, must_keep};
use crate::municipality::{Assignment, Municipality, MunicipalityCommand, Rejection, id_of};
use crate::{Directory, policy};

/// Where a municipality belongs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MunicipalityForm {
    /// ISTAT code, six digits.
    istat_code: String,
    /// Its name, 1 to 200 characters.
    name: String,
    /// The ATS; a later assignment moves it.
    ats: Ats,
}

impl Directory {
    /// Asks a municipality of an ATS that the caller keeps.
    async fn of_municipality<T: Sync>(
        &self,
        istat_code: &str,
        order: &Order<T>,
        command: MunicipalityCommand,
    ) -> Answer<Rejection> {
        let kept = |municipality: &Municipality| {
            municipality.assigned().is_none_or(|m| policy::may_keep(&order.caller, &m.ats))
        };
        self.log.ask_if(&order.asked, id_of(istat_code), command, kept).await
    }
}

/// Says to which ATS a municipality belongs. The same facts again are nothing new.
#[utoipa::path(post, path = "/api/directory/municipalities", tag = "directory",
    request_body = MunicipalityForm, responses((status = 200, body = Done)))]
pub(super) async fn assign(
    State(directory): State<Directory>,
    order: Order<MunicipalityForm>,
) -> Answer<Rejection> {
    let MunicipalityForm { istat_code, name, ats } = order.body.clone();
    must_keep(&order.caller, &ats)?;
    let code = istat_code.clone();
    let command = MunicipalityCommand::Assign(Assignment { istat_code, name, ats });
    directory.of_municipality(&code, &order, command).await
}

/// How many people live there.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PopulationForm {
    /// People, 1 to 10,000,000.
    population: u32,
    /// As of which day; without one, the day on which it happened.
    on: Option<Date>,
}

/// Writes down how many people live there; another number for the same day corrects it.
#[utoipa::path(post, path = "/api/directory/municipalities/{istat}/population",
    tag = "directory", request_body = PopulationForm,
    params(("istat" = String, Path, description = "ISTAT code, six digits")),
    responses((status = 200, body = Done)))]
pub(super) async fn update_population(
    State(directory): State<Directory>,
    Path(istat_code): Path<String>,
    order: Order<PopulationForm>,
) -> Answer<Rejection> {
    let PopulationForm { population, on } = order.body;
    let (on, today) = (day_of(&order, on), rome::day_of(order.now));
    let command = MunicipalityCommand::UpdatePopulation { population, on, today };
    directory.of_municipality(&istat_code, &order, command).await
}
