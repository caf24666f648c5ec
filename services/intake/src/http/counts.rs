use axum::extract::State;
use serde::Deserialize;
use time::Date;
use trama_events::ids::CountId;
use trama_events::intake::CountSource;
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, id_of};
use crate::Intake;
use crate::count::{Count, CountCommand, Counted, Rejection};

/// A count of homeless people.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HomelessCountForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    count: Option<CountId>,
    /// On which day in Rome; not in the future.
    counted_on: Date,
    /// By whom.
    source: CountSource,
    /// How many people; none is an answer too.
    people: u32,
}

/// Records a count.
#[utoipa::path(post, path = "/api/intake/homeless-counts", tag = "intake",
    request_body = HomelessCountForm, responses((status = 200, body = Done)))]
pub(super) async fn record(
    State(intake): State<Intake>,
    order: Order<HomelessCountForm>,
) -> Answer<Rejection> {
    let HomelessCountForm { count, counted_on, source, people } = order.body;
    let count = id_of(count, &order.asked, CountId::derived);
    let counted = Counted { count, counted_on, source, people };
    let command = CountCommand::Record { counted, today: rome::day_of(order.now) };
    intake.log.ask::<Count>(&order.asked, count.0, command).await
}
