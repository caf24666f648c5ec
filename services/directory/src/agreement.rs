//! Agreements between bodies: what one may see of the people whom both have in care. They are data
//! that a policy reads, never a policy (trust.md D4).

mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Purpose, Section};
use trama_events::directory::AgreementEvent;
use trama_events::ids::{AgreementId, OrganisationId, PersonId};
use trama_platform::log::{Logged, Taken};

pub use refusals::Rejection;

/// One agreement as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    signed: Option<Terms>,
    ended_on: Option<Date>,
}

/// What was agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// The agreement.
    pub agreement: AgreementId,
    /// Who shows.
    pub holder: OrganisationId,
    /// Who may see, 1 to 64, each once.
    pub readers: Vec<OrganisationId>,
    /// Which sections, at least one, each once.
    pub sections: Vec<Section>,
    /// For which purpose.
    pub purpose: Purpose,
    /// First day.
    pub from: Date,
    /// Last day, when it ends by itself.
    pub until: Option<Date>,
}

/// What can be asked of an agreement.
#[derive(Debug, Clone, PartialEq)]
pub enum AgreementCommand {
    /// Bodies agreed.
    Sign {
        /// On what.
        terms: Terms,
        /// Whether every body is registered.
        bodies_known: bool,
        /// The day in Rome.
        today: Date,
    },
    /// It ends before its last day, or before it began.
    End {
        /// First day without.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
}

impl Aggregate for Agreement {
    const TYPE: &'static str = "agreement";
    type Command = AgreementCommand;
    type Event = AgreementEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: AgreementCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            AgreementCommand::Sign { terms, bodies_known, today } => {
                self.sign(terms, bodies_known, today)?
            }
            AgreementCommand::End { on, today } => self.end(on, today)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: AgreementEvent) {
        match event {
            AgreementEvent::AgreementSigned {
                agreement,
                holder,
                readers,
                sections,
                purpose,
                from,
                until,
            } => {
                self.signed =
                    Some(Terms { agreement, holder, readers, sections, purpose, from, until });
            }
            AgreementEvent::AgreementEnded { on } => self.ended_on = Some(on),
        }
    }
}

impl Logged for Agreement {
    /// Agreements are about bodies.
    fn person(&self) -> Option<PersonId> {
        None
    }

    /// An agreement claims nothing; only its id can be taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::SignedOtherwise
    }
}

type Decision = Result<Vec<AgreementEvent>, Rejection>;

impl Agreement {
    /// What was agreed, once it was signed.
    pub fn signed(&self) -> Option<&Terms> {
        self.signed.as_ref()
    }

    /// First day without, when it ended before its last day.
    pub fn ended_on(&self) -> Option<Date> {
        self.ended_on
    }

    fn sign(&self, terms: Terms, bodies_known: bool, today: Date) -> Decision {
        if let Some(signed) = &self.signed {
            let same = *signed == terms && self.ended_on.is_none();
            return if same { Ok(vec![]) } else { Err(Rejection::SignedOtherwise) };
        }
        rules::bodies(terms.holder, &terms.readers)?;
        if !bodies_known {
            return Err(Rejection::UnknownBody);
        }
        rules::sections(&terms.sections)?;
        rules::days(terms.from, terms.until, today)?;
        let Terms { agreement, holder, readers, sections, purpose, from, until } = terms;
        Ok(vec![AgreementEvent::AgreementSigned {
            agreement,
            holder,
            readers,
            sections,
            purpose,
            from,
            until,
        }])
    }

    /// Before its first day it is called off; after its last day there is nothing to end.
    fn end(&self, on: Date, today: Date) -> Decision {
        let terms = self.signed.as_ref().ok_or(Rejection::NoSuchAgreement)?;
        match (self.ended_on, terms.until) {
            (Some(ended), _) if ended == on => return Ok(vec![]),
            (Some(ended), _) => return Err(Rejection::EndedOtherwise { ended }),
            (None, Some(until)) if on > until => return Err(Rejection::Over { until }),
            (None, _) if on > today => return Err(Rejection::InFuture),
            (None, _) => {}
        }
        if on < terms.from && terms.from <= today {
            return Err(Rejection::EndBeforeStart { started: terms.from });
        }
        Ok(vec![AgreementEvent::AgreementEnded { on }])
    }
}
