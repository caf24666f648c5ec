//! A contact: somebody came, called or was sent; then what it led to; then its end.

#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::codes::{Channel, Need, NeedCode};
use trama_events::ids::{ContactId, PersonId, ServiceId};
use trama_events::intake::{ContactEvent, TriageOutcome};
use trama_platform::log::{Logged, Refusal, Taken};

/// One contact as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// As it was recorded; `None` before.
    pub record: Option<Record>,
    /// What it led to, once that was decided.
    pub triage: Option<Triage>,
    /// Whether nothing more is to be done.
    pub closed: bool,
}

/// Who was in contact with whom, by which way and for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The contact.
    pub contact: ContactId,
    /// Service that was contacted.
    pub service: ServiceId,
    /// By which way.
    pub channel: Channel,
    /// Who, when a record exists.
    pub person: Option<PersonId>,
    /// What is needed, each need once.
    pub needs: Vec<Need>,
}

/// What a contact led to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Triage {
    /// To what.
    pub outcome: TriageOutcome,
    /// Needs as they turned out, each once.
    pub needs: Vec<Need>,
}

/// What can be asked of a contact.
#[derive(Debug, Clone, PartialEq)]
pub enum ContactCommand {
    /// Somebody came, called or was sent.
    Record(Record),
    /// Decide what it leads to.
    Triage(Triage),
    /// Nothing more is to be done.
    Close,
}

/// Why a contact does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// Nobody registered the person who is named.
    #[error("there is no such person's record: look for her code, register her, or name nobody")]
    NoSuchPerson,
    /// There is none under this id.
    #[error("there is no such contact: record it first")]
    NoSuchContact,
    /// This id was used before, for another contact.
    #[error("this contact was recorded already with other details: record a new one")]
    AlreadyRecorded,
    /// A need stands twice in the list.
    #[error("the need {need} is named twice: name it once, with its level")]
    NeedTwice {
        /// Which need.
        need: NeedCode,
    },
    /// It led to something else.
    #[error("it was decided already what this contact leads to: record a new contact")]
    AlreadyTriaged,
    /// Nobody said what it led to.
    #[error("say first what this contact led to; that the person left is an answer too")]
    NotTriaged,
    /// Nothing more is to be done.
    #[error("this contact is closed: record a new one")]
    Closed,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchPerson => "no_such_person",
            Self::NoSuchContact => "no_such_contact",
            Self::AlreadyRecorded => "already_recorded",
            Self::NeedTwice { .. } => "need_twice",
            Self::AlreadyTriaged => "already_triaged",
            Self::NotTriaged => "not_triaged",
            Self::Closed => "closed",
        }
    }
}

impl Aggregate for Contact {
    const TYPE: &'static str = "contact";
    type Command = ContactCommand;
    type Event = ContactEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: ContactCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            ContactCommand::Record(record) => self.record(record)?,
            ContactCommand::Triage(triage) => self.triage(triage)?,
            ContactCommand::Close => self.close()?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ContactEvent) {
        match event {
            ContactEvent::ContactRecorded { contact, service, channel, person, needs } => {
                self.record = Some(Record { contact, service, channel, person, needs });
            }
            ContactEvent::ContactTriaged { outcome, needs } => {
                self.triage = Some(Triage { outcome, needs });
            }
            ContactEvent::ContactClosed {} => self.closed = true,
        }
    }
}

impl Logged for Contact {
    fn person(&self) -> Option<PersonId> {
        self.record.as_ref().and_then(|record| record.person)
    }

    fn creates(command: &ContactCommand) -> bool {
        matches!(command, ContactCommand::Record(_))
    }

    /// A contact claims nothing; without a claim nothing is taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::AlreadyRecorded
    }
}

type Decision = Result<Vec<ContactEvent>, Rejection>;

impl Contact {
    fn record(&self, mut record: Record) -> Decision {
        record.needs = each_once(record.needs)?;
        match &self.record {
            Some(before) if *before == record => Ok(vec![]),
            Some(_) => Err(Rejection::AlreadyRecorded),
            None => {
                let Record { contact, service, channel, person, needs } = record;
                Ok(vec![ContactEvent::ContactRecorded { contact, service, channel, person, needs }])
            }
        }
    }

    fn triage(&self, mut triage: Triage) -> Decision {
        self.known()?;
        triage.needs = each_once(triage.needs)?;
        match &self.triage {
            Some(before) if *before == triage => Ok(vec![]),
            Some(_) if self.closed => Err(Rejection::Closed),
            Some(_) => Err(Rejection::AlreadyTriaged),
            None => {
                let Triage { outcome, needs } = triage;
                Ok(vec![ContactEvent::ContactTriaged { outcome, needs }])
            }
        }
    }

    fn close(&self) -> Decision {
        self.known()?;
        if self.triage.is_none() {
            return Err(Rejection::NotTriaged);
        }
        Ok(if self.closed { vec![] } else { vec![ContactEvent::ContactClosed {}] })
    }

    fn known(&self) -> Result<(), Rejection> {
        if self.record.is_some() { Ok(()) } else { Err(Rejection::NoSuchContact) }
    }
}

/// The needs in the order of the code list. Each once, so there are at most 17.
fn each_once(mut needs: Vec<Need>) -> Result<Vec<Need>, Rejection> {
    needs.sort_by_key(|need| need.code);
    let twice = needs.windows(2).find(|pair| pair[0].code == pair[1].code);
    match twice.map(|pair| pair[0].code) {
        Some(need) => Err(Rejection::NeedTwice { need }),
        None => Ok(needs),
    }
}
