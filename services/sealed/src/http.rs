//! `/api/sealed`: translates, decides nothing.

mod desk;
mod slips;

use trama_platform::doors::{Doors, Gate};
use utoipa_axum::routes;

use crate::{Sealed, policy};

pub(crate) fn doors(gate: &Gate) -> Doors<Sealed> {
    Doors::new(gate)
        .door(policy::SLIP, routes!(slips::print))
        .door(policy::SLIP, routes!(slips::state))
        .door(policy::SLIP, routes!(slips::hand_in))
        .door(policy::DESK, routes!(desk::list))
        .door(policy::DESK, routes!(desk::read))
        .door(policy::DESK, routes!(desk::answer))
        .door(policy::DESK, routes!(desk::give_appointment))
        .door(policy::DESK, routes!(desk::came))
        .door(policy::DESK, routes!(desk::did_not_come))
        .door(policy::DESK, routes!(desk::enter))
        .door(policy::DESK, routes!(desk::close))
        .door(policy::LOG, routes!(desk::log))
}
