//! `/api/housing`: translates, decides nothing.

mod facilities;
mod nights;
mod stays;
mod waiting;

use serde::Deserialize;
use time::Date;
use trama_events::codes::Section;
use trama_events::ids::{Ats, PersonId, ServiceId};
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::doors::{Doors, Gate, Order};
use trama_platform::gate::Reader;
use trama_platform::log::{Asked, Done};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Housing;

type Answer = Result<Done, Problem>;

pub(crate) fn doors(gate: &Gate) -> Doors<Housing> {
    waiting::doors(stays::doors(nights::doors(facilities::doors(Doors::new(gate)))))
}

impl Housing {
    /// Whose record it is and in which facility, when it concerns the reader: written down before
    /// it is shown. One that does not is refused as one that is not there, and of that one as much
    /// is asked and written down.
    async fn shown_to(
        &self,
        reader: &Reader,
        of: Option<(PersonId, ServiceId)>,
    ) -> Result<(PersonId, ServiceId), Problem> {
        let nobody = (PersonId(Uuid::nil()), ServiceId(Uuid::nil()));
        let (person, facility) = of.unwrap_or(nobody);
        let may = self.accompanies(&reader.caller, person, facility).await?;
        let Some((person, facility)) = of.filter(|_| may) else {
            return Err(reader.not_own(of.map(|(person, _)| person), Section::Housing).await);
        };
        reader.own(person, Section::Housing).await?;
        Ok((person, facility))
    }
}

/// Nothing but that it is done.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The day on which it happened, in Rome.
fn day<T>(order: &Order<T>) -> Date {
    rome::day_of(order.asked.occurred_at)
}

/// Today in Rome.
fn today<T>(order: &Order<T>) -> Date {
    rome::day_of(order.now)
}

/// What a secret shelter does is done on behalf of the whole city: the ATS of whoever works there
/// would say where it is (domain §6).
fn discreet(asked: &Asked, secret: bool) -> Asked {
    let ats = if secret { Ats::metro() } else { asked.ats.clone() };
    Asked { ats, ..asked.clone() }
}

/// What makes the id of something that this order brings into being, so that a repeat finds it.
fn origin<T>(order: &Order<T>) -> [String; 2] {
    [order.asked.actor.to_string(), order.asked.key.clone()]
}
