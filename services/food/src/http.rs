//! `/api/food`: translates, decides nothing.

mod cards;
mod meals;
mod parcels;

use serde::Deserialize;
use trama_platform::Failure;
use trama_platform::doors::{Doors, Gate};
use trama_platform::log::{Asked, Done};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{Food, policy};

type Answer<R> = Result<Done, Failure<R>>;

pub(crate) fn doors(gate: &Gate) -> Doors<Food> {
    Doors::new(gate)
        .door(policy::KEEP_CARDS, routes!(cards::issue))
        .door(policy::USE_CARDS, routes!(cards::read))
        .door(policy::USE_CARDS, routes!(cards::credit))
        .door(policy::USE_CARDS, routes!(cards::spend))
        .door(policy::KEEP_CARDS, routes!(cards::renew))
        .door(policy::KEEP_CARDS, routes!(cards::suspend))
        .door(policy::KEEP_CARDS, routes!(cards::resume))
        .door(policy::KEEP_CARDS, routes!(cards::close))
        .door(policy::SERVE_MEALS, routes!(meals::serve))
        .door(policy::ASSIGN_PARCELS, routes!(parcels::assign))
        .door(policy::DELIVER_PARCELS, routes!(parcels::read))
        .door(policy::DELIVER_PARCELS, routes!(parcels::deliver))
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The id that follows from who asks under which key, so that a repeat finds its own work.
fn own_id<I>(asked: &Asked, derived: fn(&[&str]) -> I) -> I {
    derived(&[&asked.actor.to_string(), &asked.key])
}
