//! What a person agreed to, and what follows from it alone. Consent is never the basis of the
//! service (domain §6): without it she is helped all the same, and less is shown.

mod facts;
mod refusals;
mod slips;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::ids::{AgreementId, ConsentId, OrganisationId, PersonId};
use trama_events::referrals::{ConsentEvent, ConsentScope, ExternalState};
use trama_platform::log::{During, Keep, Logged, Taken};

pub(crate) use facts::{is_party, knows_body};

pub use facts::ConsentFacts;
pub use refusals::Rejection;
pub use slips::{SlipRead, Slips};

/// One consent, or what health services said of one person on one standing agreement, as its
/// events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Consent {
    about: About,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
enum About {
    #[default]
    Nothing,
    Given {
        terms: Terms,
        external: Option<ExternalState>,
        withdrawn: bool,
    },
    Health {
        person: PersonId,
        agreement: AgreementId,
        agreed: bool,
    },
}

/// What she agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// The consent.
    pub consent: ConsentId,
    /// Who.
    pub person: PersonId,
    /// To what.
    pub scope: ConsentScope,
    /// Towards whom; without, the whole network.
    pub to: Option<OrganisationId>,
}

/// What can be asked of a consent.
#[derive(Debug, Clone, PartialEq)]
pub enum ConsentCommand {
    /// She agrees.
    Give {
        /// To what.
        terms: Terms,
        /// Whether referrals' own copy knows that somebody registered her.
        person_known: bool,
        /// Whether it knows the organisation; `true` where none is named.
        body_known: bool,
    },
    /// She does not agree any more.
    Withdraw,
    /// By her agreement: she is at an external service, and how far.
    ShareExternalPath {
        /// How far, as her slip says; nothing when it is none, or was used up by an earlier try.
        state: Option<ExternalState>,
    },
    /// A health service agrees or not to a housing programme for her (R80).
    RecordHealthAgreement {
        /// Who.
        person: PersonId,
        /// Whether referrals' own copy knows that somebody registered her.
        person_known: bool,
        /// The standing agreement between the bodies.
        agreement: AgreementId,
        /// Whether it stands today, and the asking body is one of its parties.
        is_party: bool,
        /// Whether it agrees.
        agreed: bool,
    },
}

/// While it is given, no second consent of the same person to the same towards the same.
const GIVEN: &str = "consent";

impl Aggregate for Consent {
    const TYPE: &'static str = "consent";
    type Command = ConsentCommand;
    type Event = ConsentEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: ConsentCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            ConsentCommand::Give { terms, person_known, body_known } => {
                self.give(terms, person_known, body_known)?
            }
            ConsentCommand::Withdraw => self.withdraw()?,
            ConsentCommand::ShareExternalPath { state } => self.share(state)?,
            ConsentCommand::RecordHealthAgreement {
                person,
                person_known,
                agreement,
                is_party,
                agreed,
            } => self.record(HealthWord { person, agreement, agreed }, person_known, is_party)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ConsentEvent) {
        match event {
            ConsentEvent::ConsentGiven { consent, person, scope, to } => {
                let terms = Terms { consent, person, scope, to };
                self.about = About::Given { terms, external: None, withdrawn: false };
            }
            ConsentEvent::ConsentWithdrawn {} => {
                if let About::Given { withdrawn, .. } = &mut self.about {
                    *withdrawn = true;
                }
            }
            ConsentEvent::ExternalPathShared { state } => {
                if let About::Given { external, .. } = &mut self.about {
                    *external = Some(state);
                }
            }
            ConsentEvent::HealthAgreementRecorded { person, agreement, agreed } => {
                self.about = About::Health { person, agreement, agreed };
            }
        }
    }
}

impl Logged for Consent {
    fn person(&self) -> Option<PersonId> {
        match self.about {
            About::Nothing => None,
            About::Given { terms, .. } => Some(terms.person),
            About::Health { person, .. } => Some(person),
        }
    }

    fn keeps(&self, event: &ConsentEvent) -> Vec<Keep> {
        match event {
            ConsentEvent::ConsentGiven { person, scope, to, .. } => {
                let towards = to.map_or_else(|| "network".into(), |to| to.to_string());
                let key = format!("{person}/{scope}/{towards}");
                vec![Keep::Claim { guard: GIVEN, key, during: During::ALWAYS }]
            }
            ConsentEvent::ConsentWithdrawn {} => {
                vec![Keep::Release { guard: GIVEN, key: None, during: None }]
            }
            ConsentEvent::ExternalPathShared { .. }
            | ConsentEvent::HealthAgreementRecorded { .. } => Vec::new(),
        }
    }

    fn creates(command: &ConsentCommand) -> bool {
        matches!(command, ConsentCommand::Give { .. })
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        Rejection::GivenAlready { consent: ConsentId(taken.holder) }
    }
}

type Decision = Result<Vec<ConsentEvent>, Rejection>;

/// What a health service says of one person.
#[derive(Debug, Clone, Copy)]
struct HealthWord {
    person: PersonId,
    agreement: AgreementId,
    agreed: bool,
}

impl Consent {
    fn give(&self, terms: Terms, person_known: bool, body_known: bool) -> Decision {
        match &self.about {
            About::Given { terms: given, withdrawn: false, .. } if *given == terms => {
                return Ok(vec![]);
            }
            About::Given { .. } | About::Health { .. } => return Err(Rejection::IdInUse),
            About::Nothing => {}
        }
        if !person_known {
            return Err(Rejection::UnknownPerson);
        }
        if !body_known {
            return Err(Rejection::UnknownBody);
        }
        let Terms { consent, person, scope, to } = terms;
        Ok(vec![ConsentEvent::ConsentGiven { consent, person, scope, to }])
    }

    /// Withdrawing is as easy as giving (GDPR art. 7(3)): nothing can speak against it.
    fn withdraw(&self) -> Decision {
        match self.about {
            About::Nothing | About::Health { .. } => Err(Rejection::NoSuchConsent),
            About::Given { withdrawn: true, .. } => Ok(vec![]),
            About::Given { withdrawn: false, .. } => Ok(vec![ConsentEvent::ConsentWithdrawn {}]),
        }
    }

    /// How far it was shared, when it may be shared at all. Asked before a slip is read, so that
    /// none is used up for nothing.
    ///
    /// # Errors
    ///
    /// [`Rejection::NoSuchConsent`], [`Rejection::Withdrawn`], [`Rejection::OtherScope`].
    pub fn may_share(&self) -> Result<Option<ExternalState>, Rejection> {
        match self.about {
            About::Nothing | About::Health { .. } => Err(Rejection::NoSuchConsent),
            About::Given { withdrawn: true, .. } => Err(Rejection::Withdrawn),
            About::Given { terms, external, .. } => match terms.scope {
                ConsentScope::ExternalPath => Ok(external),
                ConsentScope::Csm | ConsentScope::Labour | ConsentScope::Volunteers => {
                    Err(Rejection::OtherScope)
                }
            },
        }
    }

    fn share(&self, state: Option<ExternalState>) -> Decision {
        let before = self.may_share()?;
        let state = state.ok_or(Rejection::NotASlip)?;
        let same = before == Some(state);
        Ok(if same { vec![] } else { vec![ConsentEvent::ExternalPathShared { state }] })
    }

    /// The last word counts: a service that agreed may change its mind, and the other way round.
    fn record(&self, word: HealthWord, person_known: bool, is_party: bool) -> Decision {
        let HealthWord { person, agreement, agreed } = word;
        match self.about {
            About::Given { .. } => return Err(Rejection::IdInUse),
            About::Health { person: of, agreement: on, agreed: before }
                if of == person && on == agreement && before == agreed =>
            {
                return Ok(vec![]);
            }
            About::Health { .. } | About::Nothing => {}
        }
        if !person_known {
            return Err(Rejection::UnknownPerson);
        }
        if !is_party {
            return Err(Rejection::NoStandingAgreement);
        }
        Ok(vec![ConsentEvent::HealthAgreementRecorded { person, agreement, agreed }])
    }
}
