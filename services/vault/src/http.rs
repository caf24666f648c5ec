//! `/api/vault` and the search at `/api/intake/persons/match`: translates, decides nothing.

mod erasures;
mod facts;
mod forced;
mod holds;
mod search;

use trama_platform::Failure;
use trama_platform::doors::{Doors, Gate};
use trama_platform::log::{Asked, Done};
use utoipa_axum::routes;

use crate::identity::Rejection;
use crate::{Vault, policy};

type Answer = Result<Done, Failure<Rejection>>;

pub(crate) fn doors(gate: &Gate) -> Doors<Vault> {
    Doors::new(gate)
        .door(policy::RECORD, routes!(facts::record))
        .door(policy::READ, routes!(facts::read))
        .door(policy::HOLD, routes!(holds::place))
        .door(policy::HOLD, routes!(holds::lift))
        .door(policy::ERASE, routes!(erasures::request))
        .door(policy::ERASE, routes!(erasures::approve))
        .door(policy::ERASE, routes!(erasures::refuse))
        .door(policy::ERASE, routes!(erasures::certificate))
        .door(policy::MATCH, routes!(search::find))
        .door(forced::FORCE, routes!(forced::force))
        .door(forced::REVIEW, routes!(forced::review))
        .door(forced::LIST, routes!(forced::list))
        .door(forced::READ, routes!(forced::read))
}

/// The id that the caller gave; else the one that follows from who asked under which key.
fn id_of<T>(given: Option<T>, asked: &Asked, derived: fn(&[&str]) -> T) -> T {
    given.unwrap_or_else(|| derived(&[&asked.actor.to_string(), &asked.key]))
}
