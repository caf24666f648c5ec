use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::ServiceType;
use trama_events::directory::OpeningHours;
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_events::rome;
use trama_platform::caller::Caller;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use super::{Answer, OnForm, day_of, must_keep, own_id};
use crate::service::{Registration, Rejection, Service, ServiceCommand, Standing};
use crate::staff_member::StaffMember;
use crate::{Directory, policy};

/// A service that enters the directory.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    service: Option<ServiceId>,
    /// Who runs it: a registered organisation.
    organisation: OrganisationId,
    /// Its public name, 1 to 200 characters.
    name: String,
    /// What it does.
    service_type: ServiceType,
    /// Its ATS, or `metro`.
    ats: Ats,
    /// Its municipality (ISTAT code), unless it works everywhere; never for a secret shelter.
    municipality: Option<String>,
    /// Whether it asks for no document, residence or commitment.
    #[serde(default)]
    low_threshold: bool,
}

/// Registers a service; it works once it is activated. The same facts again are nothing new.
#[utoipa::path(post, path = "/api/directory/services", tag = "directory",
    request_body = ServiceForm, responses((status = 200, body = Done)))]
pub(super) async fn register(
    State(directory): State<Directory>,
    order: Order<ServiceForm>,
) -> Answer<Rejection> {
    let form = order.body;
    must_keep(&order.caller, &form.ats)?;
    let service = form.service.unwrap_or_else(|| own_id(&order.asked, ServiceId::derived));
    let organisation_known = directory.knows(form.organisation).await?;
    let registration = Registration {
        service,
        organisation: form.organisation,
        name: form.name,
        service_type: form.service_type,
        ats: form.ats,
        municipality: form.municipality,
        low_threshold: form.low_threshold,
    };
    let command = ServiceCommand::Register { registration, organisation_known };
    directory.log.ask::<Service>(&order.asked, service.0, command).await
}

/// A service, as everybody may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ServiceView {
    /// The service.
    service: ServiceId,
    /// Who runs it.
    organisation: OrganisationId,
    /// Its public name.
    name: String,
    /// What it does.
    service_type: ServiceType,
    /// Its ATS, or `metro`.
    ats: Ats,
    /// Its municipality (ISTAT code), unless it is secret or works everywhere.
    municipality: Option<String>,
    /// Whether it asks for no document, residence or commitment.
    low_threshold: bool,
    /// Who answers for what is written in its name, for those who keep it here.
    #[serde(skip_serializing_if = "Option::is_none")]
    responsible: Option<StaffId>,
    /// How it stands.
    #[serde(flatten)]
    standing: Standing,
}

/// One service, as its own events tell it. Of a secret shelter nothing here leads to where it is.
#[utoipa::path(get, path = "/api/directory/services/{service}", tag = "directory",
    params(("service" = ServiceId, Path)), responses((status = 200, body = ServiceView)))]
pub(super) async fn read(
    State(directory): State<Directory>,
    caller: Caller,
    Path(id): Path<ServiceId>,
) -> Result<impl IntoResponse, Problem> {
    let (service, version) = directory.log.load::<Service>(id.0).await?;
    let standing = service.standing(rome::day_of(directory.log.clock().now()));
    let known = service.registered().ok_or_else(Problem::not_found)?.clone();
    let is_keeper = policy::keeps_staff(&caller, &known.ats);
    let view = ServiceView {
        service: id,
        organisation: known.organisation,
        name: known.name,
        service_type: known.service_type,
        ats: known.ats,
        municipality: known.municipality,
        low_threshold: known.low_threshold,
        responsible: service.responsible().filter(|_| is_keeper),
        standing,
    };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}

impl Directory {
    /// Asks a service of an ATS that the caller keeps.
    pub(super) async fn of_service<T: Sync>(
        &self,
        id: ServiceId,
        order: &Order<T>,
        command: ServiceCommand,
    ) -> Answer<Rejection> {
        let kept = |service: &Service| {
            service.registered().is_none_or(|s| policy::may_keep(&order.caller, &s.ats))
        };
        self.log.ask_if(&order.asked, id.0, command, kept).await
    }
}

/// The service works, or works again.
#[utoipa::path(post, path = "/api/directory/services/{service}/activate", tag = "directory",
    request_body = OnForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn activate(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.of_service(id, &order, ServiceCommand::Activate { on, today }).await
}

/// The service pauses.
#[utoipa::path(post, path = "/api/directory/services/{service}/suspend", tag = "directory",
    request_body = OnForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn suspend(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.of_service(id, &order, ServiceCommand::Suspend { on, today }).await
}

/// The service ends, and its open sites with it.
#[utoipa::path(post, path = "/api/directory/services/{service}/close", tag = "directory",
    request_body = OnForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn close(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.of_service(id, &order, ServiceCommand::Close { on, today }).await
}

/// Somebody confirmed that what is written is right.
#[utoipa::path(post, path = "/api/directory/services/{service}/verify", tag = "directory",
    request_body = OnForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn verify(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.of_service(id, &order, ServiceCommand::Verify { on, today }).await
}

/// How many people a service can serve at once.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlacesForm {
    /// Places, 0 to 10,000.
    places: u32,
    /// Since which day; without one, the day on which it happened.
    on: Option<Date>,
}

/// Says how many people the service can serve at once.
#[utoipa::path(post, path = "/api/directory/services/{service}/places", tag = "directory",
    request_body = PlacesForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn set_places(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<PlacesForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    let command = ServiceCommand::SetPlaces { places: order.body.places, on, today };
    directory.of_service(id, &order, command).await
}

/// When a service is open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HoursForm {
    /// All opening times of a week, at most 42; empty when they are not known.
    hours: Vec<OpeningHours>,
}

/// Says when the service is open; replaces what was written.
#[utoipa::path(post, path = "/api/directory/services/{service}/hours", tag = "directory",
    request_body = HoursForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn change_hours(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<HoursForm>,
) -> Answer<Rejection> {
    let command = ServiceCommand::ChangeHours { hours: order.body.hours.clone() };
    directory.of_service(id, &order, command).await
}

/// Who answers for a service.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResponsibleForm {
    /// Somebody else than yourself who works now and acts for the service.
    staff: StaffId,
    /// Since which day; without one, the day on which it happened.
    on: Option<Date>,
}

/// Names who answers for what is written in the name of the service: she may set right what stands
/// on the wrong person. She replaces who did before.
#[utoipa::path(post, path = "/api/directory/services/{service}/responsible", tag = "directory",
    request_body = ResponsibleForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn name_responsible(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<ResponsibleForm>,
) -> Answer<Rejection> {
    let ResponsibleForm { staff, on } = order.body;
    if order.caller.staff == staff {
        return Err(Failure::Rejected(Rejection::HerOwn));
    }
    let (member, _) = directory.load::<StaffMember, Rejection>(staff.0).await?;
    let (on, today) = (day_of(&order, on), rome::day_of(order.now));
    let fits = member.acts_for(id);
    let name = ServiceCommand::NameResponsible { staff, fits, on, today };
    directory.of_service(id, &order, name).await
}

/// Nobody answers for the service until somebody is named; the day is the first one without.
#[utoipa::path(post, path = "/api/directory/services/{service}/responsible/end",
    tag = "directory", request_body = OnForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn end_responsible(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.of_service(id, &order, ServiceCommand::EndResponsible { on, today }).await
}
