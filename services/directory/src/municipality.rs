//! Municipalities: each belongs to exactly one ATS, and its people are counted (R22, R35).

#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::directory::MunicipalityEvent;
use trama_events::ids::{Ats, PersonId, derive_uuid};
use trama_platform::log::{Logged, Refusal, Taken};
use uuid::Uuid;

use crate::rules;

/// Most people in a municipality: above it the number is a typing mistake. Source: proposed, over
/// three times the largest municipality of Italy.
pub const POPULATION_MAX: u32 = 10_000_000;
/// The slug of the metropolitan city as a whole, which is no ATS.
const METRO: &str = "metro";

/// The aggregate of a municipality. It follows from the ISTAT code, so that no second one can
/// assign the same municipality to another ATS.
pub fn id_of(istat_code: &str) -> Uuid {
    derive_uuid("Municipality", &[istat_code])
}

/// One municipality as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Municipality {
    assigned: Option<Assignment>,
    populations: Vec<(Date, u32)>,
}

/// Where a municipality belongs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// ISTAT code, six digits.
    pub istat_code: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// The ATS.
    pub ats: Ats,
}

/// What can be asked of a municipality.
#[derive(Debug, Clone, PartialEq)]
pub enum MunicipalityCommand {
    /// Say where it belongs; a later assignment moves it.
    Assign(Assignment),
    /// Write down how many people live there.
    UpdatePopulation {
        /// People, 1 to 10,000,000.
        population: u32,
        /// As of which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
}

/// Why a municipality does not change as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this code.
    #[error("this municipality is not known: assign it to its ATS first")]
    NoSuchMunicipality,
    /// Not a code of a municipality.
    #[error("the ISTAT code of a municipality is six digits, e.g. 072006")]
    IstatCode,
    /// Another code than before.
    #[error("this is the municipality with another ISTAT code: look the code up again")]
    OtherMunicipality,
    /// Not a public name.
    #[error("a municipality's name has 1 to 200 characters on one line")]
    Name,
    /// The metropolitan city is no ATS.
    #[error("the metropolitan city as a whole is no ATS: choose the ATS of this municipality")]
    NotAnAts,
    /// Nobody, or too many people.
    #[error("a municipality has 1 to 10,000,000 people: correct the number")]
    Population,
    /// A day in the future.
    #[error("this day lies in the future: people are counted as of a day that has come")]
    InFuture,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchMunicipality => "no_such_municipality",
            Self::IstatCode => "istat_code",
            Self::OtherMunicipality => "other_municipality",
            Self::Name => "name",
            Self::NotAnAts => "not_an_ats",
            Self::Population => "population",
            Self::InFuture => "in_future",
        }
    }
}

impl Aggregate for Municipality {
    const TYPE: &'static str = "municipality";
    type Command = MunicipalityCommand;
    type Event = MunicipalityEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: MunicipalityCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            MunicipalityCommand::Assign(assignment) => self.assign(assignment)?,
            MunicipalityCommand::UpdatePopulation { population, on, today } => {
                self.count(population, on, today)?
            }
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: MunicipalityEvent) {
        match event {
            MunicipalityEvent::MunicipalityAssigned { istat_code, name, ats } => {
                self.assigned = Some(Assignment { istat_code, name, ats });
            }
            MunicipalityEvent::PopulationUpdated { istat_code: _, population, on } => {
                self.populations.retain(|(day, _)| *day != on);
                self.populations.push((on, population));
            }
        }
    }
}

impl Logged for Municipality {
    fn person(&self) -> Option<PersonId> {
        None
    }

    /// A municipality claims nothing: its id is its code. See [`id_of`].
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::OtherMunicipality
    }
}

type Decision = Result<Vec<MunicipalityEvent>, Rejection>;

impl Municipality {
    /// Where it belongs, once it was assigned.
    pub fn assigned(&self) -> Option<&Assignment> {
        self.assigned.as_ref()
    }

    fn assign(&self, assignment: Assignment) -> Decision {
        let Assignment { istat_code, name, ats } = assignment;
        if !rules::is_istat_code(&istat_code) {
            return Err(Rejection::IstatCode);
        }
        if self.assigned.as_ref().is_some_and(|before| before.istat_code != istat_code) {
            return Err(Rejection::OtherMunicipality);
        }
        if ats.as_str() == METRO {
            return Err(Rejection::NotAnAts);
        }
        let name = rules::public_name(&name).ok_or(Rejection::Name)?;
        let wanted = Assignment { istat_code, name, ats };
        if self.assigned.as_ref() == Some(&wanted) {
            return Ok(vec![]);
        }
        let Assignment { istat_code, name, ats } = wanted;
        Ok(vec![MunicipalityEvent::MunicipalityAssigned { istat_code, name, ats }])
    }

    /// A count for an earlier day is a fact too; another number for the same day corrects it.
    fn count(&self, population: u32, on: Date, today: Date) -> Decision {
        let assigned = self.assigned.as_ref().ok_or(Rejection::NoSuchMunicipality)?;
        if !(1..=POPULATION_MAX).contains(&population) {
            return Err(Rejection::Population);
        }
        if on > today {
            return Err(Rejection::InFuture);
        }
        if self.populations.contains(&(on, population)) {
            return Ok(vec![]);
        }
        let istat_code = assigned.istat_code.clone();
        Ok(vec![MunicipalityEvent::PopulationUpdated { istat_code, population, on }])
    }
}
