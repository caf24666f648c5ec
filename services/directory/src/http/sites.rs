use axum::extract::{Path, State};
use serde::Deserialize;
use time::Date;
use trama_events::ids::{ServiceId, SiteId};
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, OnForm, day_of, own_id};
use crate::Directory;
use crate::service::{Rejection, ServiceCommand};

/// A site to plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    site: Option<SiteId>,
    /// Its municipality (ISTAT code).
    municipality: String,
    /// When it should open, when known.
    planned_on: Option<Date>,
}

/// Plans a site, or moves its day.
#[utoipa::path(post, path = "/api/directory/services/{service}/sites", tag = "directory",
    request_body = PlanForm, params(("service" = ServiceId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn plan(
    State(directory): State<Directory>,
    Path(id): Path<ServiceId>,
    order: Order<PlanForm>,
) -> Answer<Rejection> {
    let PlanForm { site, municipality, planned_on } = order.body.clone();
    let site = site.unwrap_or_else(|| own_id(&order.asked, SiteId::derived));
    let command = ServiceCommand::PlanSite { site, municipality, planned_on };
    directory.of_service(id, &order, command).await
}

/// A site that opens.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenForm {
    /// Its municipality (ISTAT code), the same as planned.
    municipality: String,
    /// Since which day; without one, the day on which it happened.
    on: Option<Date>,
}

/// A site opens its door; it needs no plan before.
#[utoipa::path(post, path = "/api/directory/services/{service}/sites/{site}/open",
    tag = "directory", request_body = OpenForm,
    params(("service" = ServiceId, Path), ("site" = SiteId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn open(
    State(directory): State<Directory>,
    Path((id, site)): Path<(ServiceId, SiteId)>,
    order: Order<OpenForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    let municipality = order.body.municipality.clone();
    let command = ServiceCommand::OpenSite { site, municipality, on, today };
    directory.of_service(id, &order, command).await
}

/// A site closes.
#[utoipa::path(post, path = "/api/directory/services/{service}/sites/{site}/close",
    tag = "directory", request_body = OnForm,
    params(("service" = ServiceId, Path), ("site" = SiteId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn close(
    State(directory): State<Directory>,
    Path((id, site)): Path<(ServiceId, SiteId)>,
    order: Order<OnForm>,
) -> Answer<Rejection> {
    let (on, today) = (day_of(&order, order.body.on), rome::day_of(order.now));
    directory.of_service(id, &order, ServiceCommand::CloseSite { site, on, today }).await
}
