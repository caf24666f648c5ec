//! A person as a service knows her. Nothing here is needed before she is helped.

mod commands;
mod refusals;
pub mod rules;
mod seen;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Ethos, IdentifierKind, IdentityStatus};
use trama_events::ids::{PersonId, ServiceId, StaffId};
use trama_events::intake::{EngagementStage, PersonEvent};
use trama_platform::log::{During, Keep, Logged, Taken};

pub use commands::{AddIdentifier, PersonCommand, Register, Registration};
pub use refusals::Rejection;
pub(crate) use seen::Said;

/// One person's record as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// As she was registered; `None` before.
    pub registration: Option<Registration>,
    /// Whether somebody saw a document.
    pub identified: bool,
    /// Whether her stay is lawful, as last told; `None` when nobody asked.
    pub lawful_stay: Option<bool>,
    /// Under which alias each unit knows her.
    pub aliases: BTreeSet<(ServiceId, String)>,
    /// Active identifiers with their last valid day, when they end.
    pub identifiers: BTreeMap<IdentifierKind, Option<Date>>,
    /// Languages in which the privacy notice was given.
    pub notices: BTreeSet<String>,
    /// Entries on where she sleeps, by sequence number in this record.
    pub housing: BTreeMap<u32, HousingEntry>,
    /// The phase of *aggancio*, where somebody speaks of one.
    pub engagement: Option<EngagementStage>,
    /// Which workers say that she is not to be found; nobody of one who may be found.
    #[serde(default)]
    pub hidden_by: BTreeSet<StaffId>,
    /// Sequence number of the last event; the first event is 1.
    pub sequence: u32,
}

/// One entry on where a person sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HousingEntry {
    /// What the entry says.
    pub ethos: Ethos,
    /// What was true instead, when the entry was wrong.
    pub corrected_to: Option<Ethos>,
}

/// For ever: a short code means one record, linked or not.
const SHORT_CODE: &str = "short_code";
/// For ever: an alias means one person inside the unit that uses it.
pub(crate) const ALIAS: &str = "alias";

impl Aggregate for Person {
    const TYPE: &'static str = "person";
    type Command = PersonCommand;
    type Event = PersonEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: PersonCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            PersonCommand::Register(register) => self.register(*register)?,
            PersonCommand::RecordAlias { service, alias_code } => {
                self.alias(service, alias_code)?
            }
            PersonCommand::AddIdentifier(add) => self.add(add)?,
            PersonCommand::ExpireIdentifier { kind, today } => self.expire(kind, today)?,
            PersonCommand::Identify { lawful_stay } => self.identify(lawful_stay)?,
            PersonCommand::GivePrivacyNotice { language, anew } => {
                self.give_notice(language, anew)?
            }
            PersonCommand::RecordHousing { ethos } => self.record_housing(ethos)?,
            PersonCommand::CorrectHousing { corrects, ethos } => {
                self.correct_housing(corrects, ethos)?
            }
            PersonCommand::ProgressEngagement { stage, anew } => self.progress(stage, anew)?,
            PersonCommand::Hide { said_by } => self.hide(said_by)?,
            PersonCommand::Reveal { said_by } => self.reveal(&said_by)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: PersonEvent) {
        self.sequence += 1;
        match event {
            PersonEvent::PersonRegistered {
                person,
                code,
                status,
                service,
                birth_year,
                gender,
                language,
            } => {
                self.identified = status == IdentityStatus::Identified;
                self.registration = Some(Registration {
                    person,
                    code,
                    status,
                    service,
                    birth_year,
                    gender,
                    language,
                });
            }
            PersonEvent::AliasRecorded { service, alias_code } => {
                self.aliases.insert((service, alias_code));
            }
            PersonEvent::IdentifierAdded { kind, valid_to } => {
                self.identifiers.insert(kind, valid_to);
            }
            PersonEvent::IdentifierExpired { kind }
            | PersonEvent::IdentifierSuperseded { kind } => {
                self.identifiers.remove(&kind);
            }
            PersonEvent::PersonIdentified { lawful_stay } => {
                self.identified = true;
                self.lawful_stay = lawful_stay.or(self.lawful_stay);
            }
            PersonEvent::PrivacyNoticeGiven { language } => {
                self.notices.insert(language);
            }
            PersonEvent::HousingSituationRecorded { ethos } => self.enter(ethos),
            PersonEvent::HousingSituationCorrected { corrects, ethos } => {
                if let Some(wrong) = self.housing.get_mut(&corrects) {
                    wrong.corrected_to = Some(ethos);
                }
                self.enter(ethos);
            }
            PersonEvent::EngagementProgressed { stage } => self.engagement = Some(stage),
            PersonEvent::NotToBeFoundDeclared { said_by } => {
                self.hidden_by.insert(said_by);
            }
            PersonEvent::NotToBeFoundLifted { said_by } => {
                self.hidden_by.remove(&said_by);
            }
        }
    }
}

impl Logged for Person {
    fn person(&self) -> Option<PersonId> {
        self.registration.as_ref().map(|registration| registration.person)
    }

    fn keeps(&self, event: &PersonEvent) -> Vec<Keep> {
        match event {
            PersonEvent::PersonRegistered { code, .. } => {
                vec![claim(SHORT_CODE, code.to_string())]
            }
            PersonEvent::AliasRecorded { service, alias_code } => {
                vec![claim(ALIAS, format!("{service}/{alias_code}"))]
            }
            PersonEvent::IdentifierAdded { kind, valid_to } => {
                let name = rules::timer(*kind);
                vec![match valid_to {
                    Some(last) => Keep::SetTimer { name, due_at: rules::runs_out_at(*last) },
                    None => Keep::ClearTimer { name },
                }]
            }
            PersonEvent::IdentifierExpired { kind }
            | PersonEvent::IdentifierSuperseded { kind } => {
                vec![Keep::ClearTimer { name: rules::timer(*kind) }]
            }
            PersonEvent::PersonIdentified { .. }
            | PersonEvent::PrivacyNoticeGiven { .. }
            | PersonEvent::HousingSituationRecorded { .. }
            | PersonEvent::HousingSituationCorrected { .. }
            | PersonEvent::EngagementProgressed { .. }
            | PersonEvent::NotToBeFoundDeclared { .. }
            | PersonEvent::NotToBeFoundLifted { .. } => Vec::new(),
        }
    }

    fn creates(command: &PersonCommand) -> bool {
        matches!(command, PersonCommand::Register(_))
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        if taken.guard == ALIAS { Rejection::AliasTaken } else { Rejection::CodeTaken }
    }
}

fn claim(guard: &'static str, key: String) -> Keep {
    Keep::Claim { guard, key, during: During::ALWAYS }
}

type Decision = Result<Vec<PersonEvent>, Rejection>;

impl Person {
    /// A repeat may carry another candidate code: the first one that was free stays.
    fn register(&self, Register { who, alias_code, today }: Register) -> Decision {
        let service = who.service;
        if let Some(before) = &self.registration {
            let known = alias_code.is_none_or(|code| self.aliases.contains(&(service, code)));
            let same = known && *before == Registration { code: before.code.clone(), ..who };
            return if same { Ok(vec![]) } else { Err(Rejection::AlreadyRegistered) };
        }
        rules::birth_year(who.birth_year, today)?;
        who.language.as_deref().map_or(Ok(()), rules::language)?;
        alias_code.as_deref().map_or(Ok(()), rules::alias_code)?;
        let Registration { person, code, status, birth_year, gender, language, .. } = who;
        let registered = PersonEvent::PersonRegistered {
            person,
            code,
            status,
            service,
            birth_year,
            gender,
            language,
        };
        let alias = alias_code.map(|alias_code| PersonEvent::AliasRecorded { service, alias_code });
        Ok([registered].into_iter().chain(alias).collect())
    }

    fn alias(&self, service: ServiceId, alias_code: String) -> Decision {
        self.known()?;
        rules::alias_code(&alias_code)?;
        let alias = (service, alias_code);
        if self.aliases.contains(&alias) {
            return Ok(vec![]);
        }
        let (service, alias_code) = alias;
        Ok(vec![PersonEvent::AliasRecorded { service, alias_code }])
    }

    /// A kind that is active already is renewed: the last entry counts, and moves the timer.
    fn add(&self, AddIdentifier { kind, valid_to, elsewhere, today }: AddIdentifier) -> Decision {
        self.known()?;
        let is_cf = kind == IdentifierKind::Cf;
        if let Some(person) = elsewhere.filter(|_| is_cf) {
            return Err(Rejection::TaxCodeElsewhere { person });
        }
        if self.identifiers.get(&kind) == Some(&valid_to) {
            return Ok(vec![]);
        }
        if kind == IdentifierKind::ProvisionalCf && self.has(IdentifierKind::Cf) {
            return Err(Rejection::HasTaxCode);
        }
        rules::validity(kind, valid_to, today)?;
        let replaced: &[_] = if is_cf { &rules::REPLACED_BY_CF } else { &[] };
        let added = PersonEvent::IdentifierAdded { kind, valid_to };
        Ok([vec![added], self.superseded(replaced)].concat())
    }

    /// Asked by the clock: one that was renewed or superseded meanwhile makes it nothing.
    fn expire(&self, kind: IdentifierKind, today: Date) -> Decision {
        self.known()?;
        let over = self.identifiers.get(&kind).copied().flatten().is_some_and(|last| last < today);
        Ok(if over { vec![PersonEvent::IdentifierExpired { kind }] } else { vec![] })
    }

    /// What nobody asked again stays as it was told before.
    fn identify(&self, lawful_stay: Option<bool>) -> Decision {
        self.known()?;
        let told = lawful_stay.is_none() || lawful_stay == self.lawful_stay;
        let identified = if self.identified && told {
            vec![]
        } else {
            vec![PersonEvent::PersonIdentified { lawful_stay }]
        };
        let lawful = lawful_stay == Some(true);
        let replaced: &[_] = if lawful { &rules::REPLACED_BY_LAWFUL_STAY } else { &[] };
        Ok([identified, self.superseded(replaced)].concat())
    }

    fn give_notice(&self, language: String, anew: bool) -> Decision {
        self.known()?;
        rules::language(&language)?;
        let given = self.notices.contains(&language) && !anew;
        Ok(if given { vec![] } else { vec![PersonEvent::PrivacyNoticeGiven { language }] })
    }

    /// The same situation on another day is a fact of its own: she was seen again (I10).
    fn record_housing(&self, ethos: Ethos) -> Decision {
        self.known()?;
        Ok(vec![PersonEvent::HousingSituationRecorded { ethos }])
    }

    /// A correction is an entry too, and can be corrected in its turn; each entry once.
    fn correct_housing(&self, corrects: u32, ethos: Ethos) -> Decision {
        self.known()?;
        let entry = self.housing.get(&corrects).ok_or(Rejection::NoSuchEntry { corrects })?;
        match entry.corrected_to {
            Some(before) if before == ethos => Ok(vec![]),
            Some(_) => Err(Rejection::CorrectedBefore { corrects }),
            None if entry.ethos == ethos => Err(Rejection::NothingToCorrect),
            None => Ok(vec![PersonEvent::HousingSituationCorrected { corrects, ethos }]),
        }
    }

    fn progress(&self, stage: EngagementStage, anew: bool) -> Decision {
        self.known()?;
        let reached = self.engagement == Some(stage) && !anew;
        Ok(if reached { vec![] } else { vec![PersonEvent::EngagementProgressed { stage }] })
    }

    /// What one worker says takes nothing from what another one said.
    fn hide(&self, said_by: StaffId) -> Decision {
        self.known()?;
        let said = self.hidden_by.contains(&said_by);
        Ok(if said { vec![] } else { vec![PersonEvent::NotToBeFoundDeclared { said_by }] })
    }

    fn reveal(&self, said_by: &BTreeSet<StaffId>) -> Decision {
        self.known()?;
        let lifted = self.hidden_by.intersection(said_by);
        Ok(lifted.map(|&said_by| PersonEvent::NotToBeFoundLifted { said_by }).collect())
    }

    fn superseded(&self, kinds: &[IdentifierKind]) -> Vec<PersonEvent> {
        let active = kinds.iter().copied().filter(|kind| self.has(*kind));
        active.map(|kind| PersonEvent::IdentifierSuperseded { kind }).collect()
    }

    fn has(&self, kind: IdentifierKind) -> bool {
        self.identifiers.contains_key(&kind)
    }

    fn enter(&mut self, ethos: Ethos) {
        self.housing.insert(self.sequence, HousingEntry { ethos, corrected_to: None });
    }

    fn known(&self) -> Result<(), Rejection> {
        if self.registration.is_some() { Ok(()) } else { Err(Rejection::NoSuchPerson) }
    }
}
