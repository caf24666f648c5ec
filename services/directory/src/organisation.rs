//! Organisations: public bodies and third-sector organisations of the network (R3).

#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::codes::OrganisationKind;
use trama_events::directory::OrganisationEvent;
use trama_events::ids::{Ats, OrganisationId, PersonId};
use trama_platform::log::{Logged, Refusal, Taken};

use crate::rules;

/// One organisation as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    registered: Option<Registration>,
    name: String,
}

/// What is written when an organisation joins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its public name, 1 to 200 characters.
    pub name: String,
    /// What kind of body it is.
    pub kind: OrganisationKind,
    /// Where it is at home.
    pub ats: Ats,
}

/// What can be asked of an organisation.
#[derive(Debug, Clone, PartialEq)]
pub enum OrganisationCommand {
    /// Let it join the network.
    Register(Registration),
    /// Change its public name.
    Rename {
        /// The new name, 1 to 200 characters.
        name: String,
    },
}

/// Why an organisation does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such organisation: register it first")]
    NoSuchOrganisation,
    /// The id belongs to an organisation with other facts.
    #[error(
        "an organisation with other facts is registered under this id: rename it, or \
         register the new one under its own id"
    )]
    RegisteredOtherwise,
    /// Not a public name.
    #[error("a public name has 1 to 200 characters on one line")]
    Name,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchOrganisation => "no_such_organisation",
            Self::RegisteredOtherwise => "registered_otherwise",
            Self::Name => "name",
        }
    }
}

impl Aggregate for Organisation {
    const TYPE: &'static str = "organisation";
    type Command = OrganisationCommand;
    type Event = OrganisationEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: OrganisationCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            OrganisationCommand::Register(registration) => self.register(registration)?,
            OrganisationCommand::Rename { name } => self.rename(&name)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: OrganisationEvent) {
        match event {
            OrganisationEvent::OrganisationRegistered { organisation, name, kind, ats } => {
                self.name.clone_from(&name);
                self.registered = Some(Registration { organisation, name, kind, ats });
            }
            OrganisationEvent::OrganisationRenamed { name } => self.name = name,
        }
    }
}

impl Logged for Organisation {
    fn person(&self) -> Option<PersonId> {
        None
    }

    /// Organisations claim nothing; only their id can be taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::RegisteredOtherwise
    }
}

type Decision = Result<Vec<OrganisationEvent>, Rejection>;

impl Organisation {
    /// What was registered, under the name of today.
    pub fn registered(&self) -> Option<Registration> {
        self.registered
            .as_ref()
            .map(|first| Registration { name: self.name.clone(), ..first.clone() })
    }

    /// A script that runs again names the organisation as it was, or as it is called now.
    fn register(&self, registration: Registration) -> Decision {
        let name = rules::public_name(&registration.name).ok_or(Rejection::Name)?;
        let wanted = Registration { name, ..registration };
        let Some(first) = &self.registered else {
            let Registration { organisation, name, kind, ats } = wanted;
            let joined =
                OrganisationEvent::OrganisationRegistered { organisation, name, kind, ats };
            return Ok(vec![joined]);
        };
        let known = wanted == *first || self.registered().is_some_and(|now| wanted == now);
        if known { Ok(vec![]) } else { Err(Rejection::RegisteredOtherwise) }
    }

    fn rename(&self, name: &str) -> Decision {
        if self.registered.is_none() {
            return Err(Rejection::NoSuchOrganisation);
        }
        let name = rules::public_name(name).ok_or(Rejection::Name)?;
        let same = name == self.name;
        Ok(if same { vec![] } else { vec![OrganisationEvent::OrganisationRenamed { name }] })
    }
}
