use axum::extract::State;
use serde::Deserialize;
use trama_events::codes::Ethos;
use trama_events::ids::{EncounterId, PersonId, ServiceId};
use trama_platform::Problem;
use trama_platform::doors::Order;
use trama_platform::gate::Reader;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::id_of;
use crate::Intake;
use crate::outreach::{Encounter, Outreach, OutreachCommand, Rejection};

/// An encounter in the street.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EncounterForm {
    /// Your own id for it; without one it follows from the Idempotency-Key.
    encounter: Option<EncounterId>,
    /// The unit: one of your services.
    service: ServiceId,
    /// Whom, when a record exists.
    person: Option<PersonId>,
    /// Where she sleeps.
    ethos: Ethos,
    /// Code of the quarter: one to four words of `a-z` with dashes between them, at most 40 symbols;
    /// never an address.
    quarter: Option<String>,
}

/// Records an encounter, also later: `occurred_at` says when it was.
#[utoipa::path(post, path = "/api/intake/encounters", tag = "intake",
    request_body = EncounterForm, responses((status = 200, body = Done)))]
pub(super) async fn record(
    State(intake): State<Intake>,
    reader: Reader,
    order: Order<EncounterForm>,
) -> Result<Done, Problem> {
    let EncounterForm { encounter, service, person, ethos, quarter } = order.body;
    order.caller.must_act_for::<Rejection>(service)?;
    intake.must_reach(&reader, person, Rejection::NoSuchPerson).await?;
    let encounter = id_of(encounter, &order.asked, EncounterId::derived);
    let met = OutreachCommand::Record(Encounter { encounter, service, person, ethos, quarter });
    Ok(intake.log.ask::<Outreach>(&order.asked, encounter.0, met).await?)
}
