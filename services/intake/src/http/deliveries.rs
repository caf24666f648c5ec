use axum::extract::State;
use serde::Deserialize;
use trama_events::codes::{Recipient, ServiceType};
use trama_events::ids::{DeliveryId, ServiceId};
use trama_events::intake::DeliveryOutcome;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;

use super::id_of;
use crate::delivery::{Delivery, DeliveryCommand, Given, Rejection};
use crate::{Intake, facts};

/// Something that was given.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveryForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    delivery: Option<DeliveryId>,
    /// Service that gave it: one of yours.
    service: ServiceId,
    /// What was given: what that service does, or anything at a hub, in the street and alike.
    service_type: ServiceType,
    /// To whom: a person, or 1 to 10,000 people whom nobody asked for a name.
    recipient: Recipient,
    /// Minutes of work, 1 to 1440.
    minutes: Option<u16>,
    /// How it went.
    outcome: Option<DeliveryOutcome>,
}

/// Records something given.
#[utoipa::path(post, path = "/api/intake/deliveries", tag = "intake",
    request_body = DeliveryForm, responses((status = 200, body = Done)))]
pub(super) async fn record(
    State(intake): State<Intake>,
    reader: Reader,
    order: Order<DeliveryForm>,
) -> Result<Done, Problem> {
    let DeliveryForm { delivery, service, service_type, recipient, minutes, outcome } = order.body;
    order.caller.must_act_for::<Rejection>(service)?;
    intake.must_reach(&reader, recipient.person(), Rejection::NoSuchPerson).await?;
    let delivery = id_of(delivery, &order.asked, DeliveryId::derived);
    let given = Given { delivery, service, service_type, recipient, minutes, outcome };
    let known = facts::service(intake.log.pool(), service).await;
    let known = known.map_err(Failure::<Rejection>::from)?;
    let record = DeliveryCommand::Record { given, by: known.map(|known| known.service_type) };
    Ok(intake.log.ask::<Delivery>(&order.asked, delivery.0, record).await?)
}
