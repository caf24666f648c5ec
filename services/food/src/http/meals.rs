use axum::extract::State;
use serde::Deserialize;
use trama_events::codes::Recipient;
use trama_events::ids::{MealId, ServiceId};
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::own_id;
use crate::Food;
use crate::meal::{Meal, MealCommand, Rejection, Serving};

/// Meals that were served.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MealForm {
    /// Your own id for the record; without one it follows from the Idempotency-Key.
    meal: Option<MealId>,
    /// The canteen or unit: one of yours.
    service: ServiceId,
    /// A registered person, or a count of people whom nobody asked for a name.
    recipient: Recipient,
}

/// Records meals, to one person or to so many who stay anonymous.
#[utoipa::path(post, path = "/api/food/meals", tag = "food", request_body = MealForm,
    responses((status = 200, body = Done)))]
pub(super) async fn serve(
    State(food): State<Food>,
    reader: Reader,
    order: Order<MealForm>,
) -> Result<Done, Problem> {
    let MealForm { meal, service, recipient } = order.body;
    order.caller.must_act_for::<Rejection>(service)?;
    let meal = meal.unwrap_or_else(|| own_id(&order.asked, MealId::derived));
    let person_known = match recipient {
        Recipient::Person(person) => food.reaches::<Rejection>(&reader, person).await?,
        Recipient::Anonymous(_) => false,
    };
    let serving = Serving { meal, service, recipient };
    let command = MealCommand::Serve { serving, person_known };
    Ok(food.log.ask::<Meal>(&order.asked, meal.0, command).await?)
}
