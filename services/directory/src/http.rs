//! `/api/directory`: translates, decides nothing.

mod access;
mod agreements;
mod municipalities;
mod organisations;
mod services;
mod sites;
mod staff;

use serde::Deserialize;
use time::Date;
use trama_events::ids::Ats;
use trama_events::rome;
use trama_platform::Failure;
use trama_platform::caller::Caller;
use trama_platform::doors::{Doors, Gate, Order};
use trama_platform::log::{Asked, Done};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{Directory, policy};

type Answer<R> = Result<Done, Failure<R>>;

pub(crate) fn doors(gate: &Gate) -> Doors<Directory> {
    Doors::new(gate)
        .door(policy::KEEP, routes!(organisations::register))
        .door(policy::READ, routes!(organisations::read))
        .door(policy::KEEP, routes!(organisations::rename))
        .door(policy::KEEP, routes!(services::register))
        .door(policy::READ, routes!(services::read))
        .door(policy::KEEP, routes!(services::activate))
        .door(policy::KEEP, routes!(services::suspend))
        .door(policy::KEEP, routes!(services::close))
        .door(policy::KEEP, routes!(services::verify))
        .door(policy::KEEP, routes!(services::set_places))
        .door(policy::KEEP, routes!(services::change_hours))
        .door(policy::STAFF, routes!(services::name_responsible))
        .door(policy::STAFF, routes!(services::end_responsible))
        .door(policy::KEEP, routes!(sites::plan))
        .door(policy::KEEP, routes!(sites::open))
        .door(policy::KEEP, routes!(sites::close))
        .door(policy::STAFF, routes!(staff::hire))
        .door(policy::STAFF, routes!(staff::read))
        .door(policy::STAFF, routes!(staff::end))
        .door(policy::STAFF, routes!(access::bind_account))
        .door(policy::STAFF, routes!(access::grant))
        .door(policy::STAFF, routes!(access::end_membership))
        .door(policy::STAFF, routes!(access::start_leave))
        .door(policy::STAFF, routes!(access::end_leave))
        .door(policy::STAFF, routes!(access::suspend))
        .door(policy::STAFF, routes!(access::restore))
        .door(policy::KEEP, routes!(agreements::sign))
        .door(policy::READ, routes!(agreements::read))
        .door(policy::KEEP, routes!(agreements::end))
        .door(policy::KEEP, routes!(municipalities::assign))
        .door(policy::KEEP, routes!(municipalities::update_population))
}

/// A day.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OnForm {
    /// On or since which day; without one, the day on which it happened.
    on: Option<Date>,
}

/// The day that was named, else the one on which it happened.
fn day_of<T>(order: &Order<T>, named: Option<Date>) -> Date {
    named.unwrap_or_else(|| rome::day_of(order.asked.occurred_at))
}

/// The id that follows from who asks under which key, so that a repeat finds its own work.
fn own_id<I>(asked: &Asked, derived: fn(&[&str]) -> I) -> I {
    derived(&[&asked.actor.to_string(), &asked.key])
}

/// Refuses what belongs to an ATS that she does not keep.
fn must_keep<R>(caller: &Caller, ats: &Ats) -> Result<(), Failure<R>> {
    if policy::may_keep(caller, ats) { Ok(()) } else { Err(Failure::Denied) }
}
