use axum::extract::{Path, State};
use serde::Deserialize;
use time::Date;
use trama_events::ids::{HoldId, PersonId};
use trama_events::rome;
use trama_platform::doors::Order;
use trama_platform::log::Done;
use utoipa::ToSchema;

use super::{Answer, id_of};
use crate::Vault;
use crate::identity::{Identity, IdentityCommand};

/// A legal hold.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HoldForm {
    /// Its id, when you want to give it one.
    hold: Option<HoldId>,
    /// Last day, when it ends by itself.
    until: Option<Date>,
}

/// Nothing of this person may be erased until the hold is lifted or over.
#[utoipa::path(post, path = "/api/vault/persons/{person}/holds", tag = "vault",
    request_body = HoldForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn place(
    State(vault): State<Vault>,
    Path(person): Path<PersonId>,
    order: Order<HoldForm>,
) -> Answer {
    let HoldForm { hold, until } = order.body;
    let hold = id_of(hold, &order.asked, HoldId::derived);
    let place = IdentityCommand::PlaceHold { hold, person, until, today: rome::day_of(order.now) };
    vault.log.ask::<Identity>(&order.asked, person.0, place).await
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LiftForm {}

/// A hold ends.
#[utoipa::path(post, path = "/api/vault/persons/{person}/holds/{hold}/lift", tag = "vault",
    request_body = LiftForm, params(("person" = PersonId, Path), ("hold" = HoldId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn lift(
    State(vault): State<Vault>,
    Path((person, hold)): Path<(PersonId, HoldId)>,
    order: Order<LiftForm>,
) -> Answer {
    let lift = IdentityCommand::LiftHold { hold };
    vault.log.ask::<Identity>(&order.asked, person.0, lift).await
}
