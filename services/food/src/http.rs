//! `/api/food`: translates, decides nothing.

mod cards;
mod meals;
mod parcels;

use serde::Deserialize;
use trama_events::ids::PersonId;
use trama_platform::doors::{Doors, Gate};
use trama_platform::gate::Reader;
use trama_platform::log::{Asked, Done, Refusal};
use trama_platform::{Failure, Problem};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{Food, facts, policy};

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

impl Food {
    /// Whether somebody is registered and not hidden from the writer: what is given to her gives a
    /// relation, and with it sight. Both are asked about.
    async fn reaches<R: Refusal>(
        &self,
        reader: &Reader,
        person: PersonId,
    ) -> Result<bool, Problem> {
        let known = facts::knows_person(self.log.pool(), person).await;
        reader.may_tell_of(person, known.map_err(Failure::<R>::from)?).await
    }
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The id that follows from who asks under which key, so that a repeat finds its own work.
fn own_id<I>(asked: &Asked, derived: fn(&[&str]) -> I) -> I {
    derived(&[&asked.actor.to_string(), &asked.key])
}
