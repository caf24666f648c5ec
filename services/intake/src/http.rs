//! `/api/intake`: translates, decides nothing.

mod aliases;
mod contacts;
mod counts;
mod deliveries;
mod emergencies;
mod encounters;
mod entries;
mod hiding;
mod households;
mod links;
mod persons;
mod wishes;

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use trama_platform::Failure;
use trama_platform::doors::{Doors, Gate};
use trama_platform::log::{Asked, Done};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{Intake, policy};

type Answer<R> = Result<Done, Failure<R>>;

pub(crate) fn doors(gate: &Gate) -> Doors<Intake> {
    Doors::new(gate)
        .door(policy::REGISTER, routes!(persons::register))
        .door(policy::READ_PERSON, routes!(persons::read))
        .door(policy::READ_PERSON, routes!(aliases::known))
        .door(policy::ACCOMPANY, routes!(persons::record_alias))
        .door(policy::IDENTIFY, routes!(persons::add_identifier))
        .door(policy::IDENTIFY, routes!(persons::identify))
        .door(policy::ACCOMPANY, routes!(persons::give_notice))
        .door(policy::ACCOMPANY, routes!(persons::record_housing))
        .door(policy::ACCOMPANY, routes!(persons::correct_housing))
        .door(policy::ACCOMPANY, routes!(persons::progress))
        .door(policy::HIDE, routes!(hiding::hide))
        .door(policy::HIDE, routes!(hiding::reveal))
        .door(policy::LINK, routes!(links::link))
        .door(policy::LINK, routes!(links::declare_different))
        .door(policy::LINK, routes!(links::leave_open))
        .door(policy::LINK, routes!(links::read))
        .door(policy::LINK, routes!(links::unlink))
        .door(policy::CONTACT, routes!(contacts::record))
        .door(policy::CONTACT, routes!(contacts::read))
        .door(policy::CONTACT, routes!(contacts::triage))
        .door(policy::CONTACT, routes!(contacts::close))
        .door(policy::ENCOUNTER, routes!(encounters::record))
        .door(policy::REPORT, routes!(emergencies::report))
        .door(policy::READ_EMERGENCY, routes!(emergencies::read))
        .door(policy::RESPOND, routes!(emergencies::assess))
        .door(policy::RESPOND, routes!(emergencies::dispatch))
        .door(policy::RESPOND, routes!(emergencies::close))
        .door(policy::DELIVER, routes!(deliveries::record))
        .door(policy::COUNT, routes!(counts::record))
        .door(policy::HOUSEHOLD, routes!(households::record))
        .door(policy::HOUSEHOLD, routes!(households::read))
        .door(policy::HOUSEHOLD, routes!(households::join))
        .door(policy::HOUSEHOLD, routes!(households::leave))
        .door(policy::WITNESS, routes!(wishes::list))
        .door(policy::WITNESS, routes!(wishes::open_childhood))
        .door(policy::WITNESS, routes!(wishes::close_childhood))
        .door(policy::WITNESS, routes!(wishes::obscure))
        .door(policy::WITNESS, routes!(wishes::lift))
        .door(policy::MOVE_ENTRY, routes!(entries::reattribute))
        .door(policy::MOVE_ENTRY, routes!(entries::undo))
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The id that the caller gave; else the one that follows from who asked under which key.
fn id_of<T>(given: Option<T>, asked: &Asked, derived: fn(&[&str]) -> T) -> T {
    given.unwrap_or_else(|| derived(&[&asked.actor.to_string(), &asked.key]))
}

/// A view with its version, as later commands may name it in `If-Match`.
fn shown<V: Serialize>(view: V, version: i64) -> impl IntoResponse {
    ([(header::ETAG, format!("W/\"{version}\""))], Json(view))
}
