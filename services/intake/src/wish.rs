//! What a person decides about her own past, taken down in her presence: at 18 the holder is the
//! young person, who decides what others see of her childhood (domain §6); and at her wish an entry,
//! or all that one service wrote, is there for who wrote it and for nobody else (trust.md D4;
//! Garante, 4 June 2015).
//!
//! Obscuring is itself invisible. So each decision is a log of its own, which counts no other; the
//! same may be obscured twice, and nobody is told that it was already. As little is anybody told to
//! whom she opened her childhood: it may be opened to the same twice, each time by a decision that is
//! closed by itself, where it was taken down.

mod facts;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::ids::{OrganisationId, PersonId, WishId};
use trama_events::intake::{Extent, Viewer, WishEvent, WishForm};
use trama_platform::log::{Logged, Taken};

pub(crate) use facts::{is_body, is_service, of_person, runs};

pub use facts::WishFacts;
pub use refusals::Rejection;
use rules::Age;

/// One decision, as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Wish {
    /// What was decided; `None` before.
    pub decided: Option<Decided>,
    /// Whether she took it back.
    pub over: bool,
}

/// What was decided, and by whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// The decision.
    pub wish: WishId,
    /// Who.
    pub person: PersonId,
    /// What.
    pub about: About,
    /// How she said it.
    pub form: WishForm,
}

/// About what a person decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum About {
    /// Her childhood is open to somebody.
    Childhood {
        /// To whom.
        to: Viewer,
        /// First day.
        from: Date,
        /// Last day, when it ends by itself.
        until: Option<Date>,
    },
    /// Something is obscured.
    Obscured(Extent),
}

/// What can be asked of a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum WishCommand {
    /// She decides.
    Decide(Box<Decide>),
    /// She closes her childhood again.
    Close {
        /// Who.
        person: PersonId,
    },
    /// She obscures it no more.
    Lift {
        /// Who.
        person: PersonId,
        /// How she said it.
        form: WishForm,
        /// For what body it is taken down.
        taker: Taker,
    },
}

/// The body whose worker takes a decision down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taker {
    /// The body.
    pub organisation: OrganisationId,
    /// Whether it runs the service that the decision names.
    pub runs: bool,
    /// Whether the worker manages the person's case, which somebody else gave her: she may open to her own
    /// body, and lift what another body wrote. Or, to open, another body sent her the person; or, to lift,
    /// she took it down herself.
    pub in_charge: bool,
}

impl Taker {
    fn opens_to(&self, to: Viewer) -> Result<(), Rejection> {
        let own = match to {
            Viewer::Organisation(body) => body == self.organisation,
            Viewer::Service(_) => self.runs,
        };
        if own && !self.in_charge { Err(Rejection::OwnBody) } else { Ok(()) }
    }

    /// Lifted, what another one wrote is there for her own body too.
    fn lifts(&self, what: &Extent) -> Result<(), Rejection> {
        let own = match what {
            Extent::Entry { organisation, .. } => *organisation == self.organisation,
            Extent::Service { .. } => self.runs,
        };
        if own || self.in_charge { Ok(()) } else { Err(Rejection::OwnBody) }
    }
}

/// Everything that taking down a decision needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Decide {
    /// What she decides.
    pub decided: Decided,
    /// How old she is.
    pub age: Age,
    /// Whether what it names is there, and may be named here: a body or a service that is not
    /// confidential, or an entry of hers that the asking body wrote.
    pub is_there: bool,
    /// For what body it is taken down.
    pub taker: Taker,
    /// Today in Rome.
    pub today: Date,
}

impl Aggregate for Wish {
    const TYPE: &'static str = "wish";
    type Command = WishCommand;
    type Event = WishEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: WishCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            WishCommand::Decide(decide) => self.decide(*decide)?,
            WishCommand::Close { person } => self.close(person)?,
            WishCommand::Lift { person, form, taker } => self.lift(person, form, taker)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: WishEvent) {
        match event {
            WishEvent::ChildhoodOpened { wish, person, to, from, until, form } => {
                let about = About::Childhood { to, from, until };
                self.decided = Some(Decided { wish, person, about, form });
            }
            WishEvent::RecordObscured { wish, person, what, form } => {
                let about = About::Obscured(what);
                self.decided = Some(Decided { wish, person, about, form });
            }
            WishEvent::ChildhoodClosed {} | WishEvent::ObscuringLifted { .. } => self.over = true,
        }
    }
}

impl Logged for Wish {
    fn person(&self) -> Option<PersonId> {
        self.decided.as_ref().map(|decided| decided.person)
    }

    fn creates(command: &WishCommand) -> bool {
        match command {
            WishCommand::Decide(_) => true,
            WishCommand::Close { .. } | WishCommand::Lift { .. } => false,
        }
    }

    /// No decision claims anything that another one would meet.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::IdInUse
    }
}

type Decision = Result<Vec<WishEvent>, Rejection>;

impl Wish {
    fn decide(&self, decide: Decide) -> Decision {
        let Decide { decided, age, is_there, taker, today } = decide;
        match &self.decided {
            Some(before) if *before == decided && !self.over => return Ok(vec![]),
            Some(_) => return Err(Rejection::IdInUse),
            None => {}
        }
        let Decided { wish, person, about, form } = decided;
        match about {
            About::Childhood { to, from, until } => {
                rules::decides_on_childhood(age)?;
                rules::some_day(from, until, today)?;
                if !is_there {
                    return Err(Rejection::UnknownBody);
                }
                taker.opens_to(to)?;
                Ok(vec![WishEvent::ChildhoodOpened { wish, person, to, from, until, form }])
            }
            About::Obscured(what) => {
                rules::decides_on_record(age)?;
                match what {
                    Extent::Entry { .. } if !is_there => return Err(Rejection::NoSuchEntry),
                    Extent::Service { .. } if !is_there => return Err(Rejection::UnknownBody),
                    Extent::Entry { .. } | Extent::Service { .. } => {}
                }
                Ok(vec![WishEvent::RecordObscured { wish, person, what, form }])
            }
        }
    }

    /// Taking back what she opened is as easy as opening it (GDPR art. 7(3)): nothing can speak
    /// against it.
    fn close(&self, of: PersonId) -> Decision {
        match &self.decided {
            Some(Decided { person, about: About::Childhood { .. }, .. }) if *person == of => {
                Ok(if self.over { vec![] } else { vec![WishEvent::ChildhoodClosed {}] })
            }
            Some(_) | None => Err(Rejection::NoSuchWish),
        }
    }

    fn lift(&self, of: PersonId, form: WishForm, taker: Taker) -> Decision {
        match &self.decided {
            Some(Decided { person, about: About::Obscured(what), .. }) if *person == of => {
                taker.lifts(what)?;
                Ok(if self.over { vec![] } else { vec![WishEvent::ObscuringLifted { form }] })
            }
            Some(_) | None => Err(Rejection::NoSuchWish),
        }
    }
}
