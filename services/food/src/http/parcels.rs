use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use trama_events::codes::Section;
use trama_events::ids::{HouseholdId, ParcelId, PersonId, ServiceId};
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use super::{Answer, Nothing, own_id};
use crate::parcel::{Assignment, Parcel, ParcelCommand, Rejection};
use crate::{Food, facts};

/// A parcel for a household.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ParcelForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    parcel: Option<ParcelId>,
    /// The household.
    household: HouseholdId,
    /// Who fetches it.
    person: PersonId,
    /// Service that gives it: one of yours.
    service: ServiceId,
}

/// Means a parcel for a household. A second one in the same 7 days warns: look at the parcel.
#[utoipa::path(post, path = "/api/food/parcels", tag = "food", request_body = ParcelForm,
    responses((status = 200, body = Done)))]
pub(super) async fn assign(
    State(food): State<Food>,
    reader: Reader,
    order: Order<ParcelForm>,
) -> Result<Done, Problem> {
    let ParcelForm { parcel, household, person, service } = order.body;
    order.caller.must_act_for::<Rejection>(service)?;
    let parcel = parcel.unwrap_or_else(|| own_id(&order.asked, ParcelId::derived));
    let (pool, day) = (food.log.pool(), rome::day_of(order.asked.occurred_at));
    let double = facts::has_other_parcel(pool, household, parcel, day).await;
    let command = ParcelCommand::Assign {
        assignment: Assignment { parcel, household, person, service },
        double: double.map_err(Failure::<Rejection>::from)?,
        person_known: food.reaches::<Rejection>(&reader, person).await?,
    };
    Ok(food.log.ask::<Parcel>(&order.asked, parcel.0, command).await?)
}

/// A parcel as the counter sees it: not whose it is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct ParcelView {
    /// The parcel.
    parcel: ParcelId,
    /// Service that gives it.
    service: ServiceId,
    /// The household had another one in the same 7 days: a warning.
    double: bool,
    /// Whether it was fetched.
    delivered: bool,
}

/// One parcel of a service of yours, as its own events tell it.
#[utoipa::path(get, path = "/api/food/parcels/{parcel}", tag = "food",
    params(("parcel" = ParcelId, Path)), responses((status = 200, body = ParcelView)))]
pub(super) async fn read(
    State(food): State<Food>,
    reader: Reader,
    Path(id): Path<ParcelId>,
) -> Result<impl IntoResponse, Problem> {
    let (parcel, version) = food.log.load::<Parcel>(id.0).await?;
    let mine = parcel.assigned().filter(|assigned| reader.caller.acts_for(assigned.service));
    let Some(assigned) = mine else {
        let whose = parcel.assigned().map(|assigned| assigned.person);
        return Err(reader.not_own(whose, Section::Food).await);
    };
    reader.own(assigned.person, Section::Food).await?;
    let service = assigned.service;
    let (double, delivered) = (parcel.is_double(), parcel.is_delivered());
    let view = ParcelView { parcel: id, service, double, delivered };
    Ok(([(header::ETAG, format!("W/\"{version}\""))], Json(view)))
}

/// The parcel was fetched.
#[utoipa::path(post, path = "/api/food/parcels/{parcel}/deliver", tag = "food",
    request_body = Nothing,
    params(("parcel" = ParcelId, Path)), responses((status = 200, body = Done)))]
pub(super) async fn deliver(
    State(food): State<Food>,
    Path(id): Path<ParcelId>,
    order: Order<Nothing>,
) -> Answer<Rejection> {
    let mine = |p: &Parcel| p.assigned().is_some_and(|a| order.caller.acts_for(a.service));
    food.log.ask_if(&order.asked, id.0, ParcelCommand::Deliver, mine).await
}
