//! Not built yet.

use sqlx::PgConnection;
use trama_events::Context;
use trama_platform::doors::{Doors, Gate};
use trama_platform::follow::{Applied, Model, Read};

use crate::ReadModels;

/// The model.
#[derive(Debug, Clone, Copy)]
pub struct Beds;

impl Model for Beds {
    fn name(&self) -> &'static str {
        "beds"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Referrals]
    }

    fn tables(&self) -> &'static str {
        ""
    }

    fn apply<'a>(&'a self, _rows: &'a mut PgConnection, _read: &'a Read) -> Applied<'a> {
        Box::pin(async { Ok(()) })
    }
}

pub(crate) fn doors(gate: &Gate) -> Doors<ReadModels> {
    Doors::new(gate)
}
