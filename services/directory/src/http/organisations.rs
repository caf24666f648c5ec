use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use trama_events::codes::OrganisationKind;
use trama_events::ids::{Ats, OrganisationId};
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, must_keep, own_id};
use crate::organisation::{Organisation, OrganisationCommand, Registration, Rejection};
use crate::{Directory, policy};

/// An organisation that joins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganisationForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    organisation: Option<OrganisationId>,
    /// Its public name, 1 to 200 characters.
    name: String,
    /// What kind of body it is.
    kind: OrganisationKind,
    /// Where it is at home.
    ats: Ats,
}

/// Registers an organisation. The same facts again are nothing new.
#[utoipa::path(post, path = "/api/directory/organisations", tag = "directory",
    request_body = OrganisationForm, responses((status = 200, body = Done)))]
pub(super) async fn register(
    State(directory): State<Directory>,
    order: Order<OrganisationForm>,
) -> Answer<Rejection> {
    let OrganisationForm { organisation, name, kind, ats } = order.body;
    must_keep(&order.caller, &ats)?;
    let organisation =
        organisation.unwrap_or_else(|| own_id(&order.asked, OrganisationId::derived));
    let command = OrganisationCommand::Register(Registration { organisation, name, kind, ats });
    directory.log.ask::<Organisation>(&order.asked, organisation.0, command).await
}

/// An organisation, as everybody may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct OrganisationView {
    /// The organisation.
    organisation: OrganisationId,
    /// Its public name.
    name: String,
    /// What kind of body it is.
    kind: OrganisationKind,
    /// Where it is at home.
    ats: Ats,
}

/// One organisation, as its own events tell it.
#[utoipa::path(get, path = "/api/directory/organisations/{organisation}", tag = "directory",
    params(("organisation" = OrganisationId, Path)),
    responses((status = 200, body = OrganisationView)))]
pub(super) async fn read(
    State(directory): State<Directory>,
    Path(id): Path<OrganisationId>,
) -> Result<impl IntoResponse, Problem> {
    let (organisation, version) = directory.log.load::<Organisation>(id.0).await?;
    let Registration { organisation, name, kind, ats } =
        organisation.registered().ok_or_else(Problem::not_found)?;
    let view = OrganisationView { organisation, name, kind, ats };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}

/// A new public name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RenameForm {
    /// The new name, 1 to 200 characters.
    name: String,
}

/// Changes the public name of an organisation.
#[utoipa::path(post, path = "/api/directory/organisations/{organisation}/rename",
    tag = "directory", request_body = RenameForm,
    params(("organisation" = OrganisationId, Path)), responses((status = 200, body = Done)))]
pub(super) async fn rename(
    State(directory): State<Directory>,
    Path(id): Path<OrganisationId>,
    order: Order<RenameForm>,
) -> Answer<Rejection> {
    let command = OrganisationCommand::Rename { name: order.body.name.clone() };
    let kept = |organisation: &Organisation| {
        organisation.registered().is_none_or(|o| policy::may_keep(&order.caller, &o.ats))
    };
    directory.log.ask_if(&order.asked, id.0, command, kept).await
}
