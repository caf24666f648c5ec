//! `/api/projections/inbox`: translates, decides nothing.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use trama_events::codes::{Role, Section};
use trama_events::ids::ServiceId;
use trama_platform::caller::Caller;
use trama_platform::doors::{Action, Doors, Gate};
use trama_platform::failure::Never;
use trama_platform::gate::Reader;
use trama_platform::{Failure, Problem};
use utoipa::IntoParams;
use utoipa_axum::routes;

use super::items::List;
use super::load::{self, Contents, Owner, Page};
use crate::ReadModels;

/// Items in an answer, unless asked otherwise, and at most.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 500;

/// Reading an inbox.
pub const READ: Action = Action {
    name: "inbox.read",
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
        Role::RegistryClerk,
        Role::HealthDistrictOperator,
        Role::MailOperator,
        Role::PlanOffice,
        Role::Auditor,
    ],
    why: "workers see what waits for their own services and for the people they have in charge; \
          who controls, what was opened by force",
    second_factor: false,
};

pub(super) fn doors(gate: &Gate) -> Doors<ReadModels> {
    Doors::new(gate).door(READ, routes!(read))
}

/// Whose inbox, and which part of it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// One of your services.
    service: Option<String>,
    /// `me`: the people whom you have in charge, or what you control.
    staff: Option<String>,
    /// `to_do` (without), `waiting`, `information` or `done`.
    list: Option<String>,
    /// `next` of the answer before.
    after: Option<String>,
    /// Items in the answer, 1 to 500; 100 without.
    limit: Option<usize>,
}

/// What waits for a service of yours, or for you.
#[utoipa::path(get, path = "/api/projections/inbox", tag = "projections", params(Wanted),
    responses((status = 200, body = Contents)))]
async fn read(
    State(models): State<ReadModels>,
    reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Contents>, Problem> {
    let Query(wanted) = wanted.map_err(|error| bad("bad_query", error.body_text()))?;
    let owner = owner(&reader.caller, &wanted)?;
    let list = wanted.list.as_deref().unwrap_or("to_do").parse::<List>();
    let list = list.map_err(|_| bad("bad_list", "list is to_do, waiting, information or done"))?;
    let limit = wanted.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(bad("bad_limit", format!("limit is 1 to {LIMIT_MAX}")));
    }
    let page = Page { list, after: wanted.after.as_deref(), limit };
    let contents = load::inbox(&models.pool, &reader.caller, owner, models.clock.now(), page);
    let contents = contents.await.map_err(unread)?;
    let bad_cursor = |_| bad("bad_after", "after is the `next` of an answer to the same question");
    let contents = contents.map_err(bad_cursor)?;
    reader.listed(contents.people(), Section::Requests).await?;
    Ok(Json(contents))
}

/// Somebody else's inbox looks like one that does not exist.
fn owner<'a>(caller: &'a Caller, wanted: &Wanted) -> Result<Owner<'a>, Problem> {
    match (wanted.service.as_deref(), wanted.staff.as_deref()) {
        (Some(service), None) => {
            let service: ServiceId = service
                .parse()
                .map_err(|_| bad("bad_service", "service is the id of a service"))?;
            // Who controls works for no service, whatever her membership says.
            let works = !matches!(caller.role, Role::Auditor | Role::PlanOffice);
            let own = (works && caller.acts_for(service)).then_some(Owner::Service(service));
            own.ok_or_else(Problem::not_found)
        }
        (None, Some("me")) => Ok(own(caller)),
        (None, Some(_)) => {
            Err(bad("bad_staff", "staff is me: nobody opens the inbox of a colleague"))
        }
        (Some(_), Some(_)) | (None, None) => Err(bad("bad_query", "name a service, or staff=me")),
    }
}

/// What waits for the caller herself, in the role in which she acts.
pub fn own(caller: &Caller) -> Owner<'_> {
    if caller.role == Role::Auditor {
        Owner::Auditor(caller.staff)
    } else if caller.role == Role::PlanOffice {
        Owner::PlanOffice(caller.staff, &caller.ats)
    } else {
        Owner::Staff(caller.staff)
    }
}

fn bad(code: &str, detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}

/// A model that was never built cannot be read yet: that is an outage, not a fault.
fn unread(error: sqlx::Error) -> Problem {
    let missing = matches!(&error, sqlx::Error::Database(error)
        if matches!(error.code().as_deref(), Some("42P01" | "3F000")));
    if missing {
        Failure::<Never>::Unavailable.into()
    } else {
        Failure::<Never>::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use trama_events::codes::Purpose;
    use trama_events::ids::{Ats, MembershipId, OrganisationId, StaffId};

    use super::*;

    fn caller(services: Vec<ServiceId>) -> Caller {
        Caller {
            staff: StaffId::derived(&["carla"]),
            membership: MembershipId::derived(&["carla"]),
            organisation: OrganisationId::derived(&["comune"]),
            ats: Ats::try_new("bari").unwrap(),
            role: Role::CaseManager,
            services,
            purpose: Purpose::Care,
            stated: None,
            second_factor: false,
            session: "session".into(),
            request_id: "request".into(),
            let_in_until: time::OffsetDateTime::UNIX_EPOCH,
            surname: None,
        }
    }

    fn asked(service: Option<ServiceId>, staff: Option<&str>) -> Wanted {
        let (service, staff) = (service.map(|id| id.to_string()), staff.map(ToOwned::to_owned));
        Wanted { service, staff, ..Wanted::default() }
    }

    #[test]
    fn the_inbox_of_a_service_that_is_not_hers_looks_like_one_that_does_not_exist() {
        let (own, other) = (ServiceId::derived(&["desk"]), ServiceId::derived(&["csm"]));
        let carla = caller(vec![own]);
        assert_eq!(owner(&carla, &asked(Some(own), None)), Ok(Owner::Service(own)));
        assert_eq!(owner(&carla, &asked(Some(other), None)), Err(Problem::not_found()));
    }

    #[test]
    fn who_controls_has_an_inbox_of_her_own_and_none_of_a_service() {
        let desk = ServiceId::derived(&["desk"]);
        let carla = caller(vec![desk]);
        for role in [Role::Auditor, Role::PlanOffice] {
            let controls = Caller { role, ..carla.clone() };
            assert_eq!(owner(&controls, &asked(Some(desk), None)), Err(Problem::not_found()));
            assert_eq!(owner(&controls, &asked(None, Some("me"))), Ok(own(&controls)));
        }
        let office = Caller { role: Role::PlanOffice, ..carla.clone() };
        assert_eq!(own(&office), Owner::PlanOffice(carla.staff, &carla.ats));
        let auditor = Caller { role: Role::Auditor, ..carla.clone() };
        assert_eq!(own(&auditor), Owner::Auditor(carla.staff));
    }

    #[test]
    fn nobody_opens_the_inbox_of_a_colleague() {
        let carla = caller(Vec::new());
        assert_eq!(owner(&carla, &asked(None, Some("me"))), Ok(Owner::Staff(carla.staff)));
        for wrong in [asked(None, Some("dario")), asked(None, None)] {
            assert_eq!(owner(&carla, &wrong).unwrap_err().status, 400);
        }
    }
}
