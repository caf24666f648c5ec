//! The housing situation as it changed: what was said, where she slept, where she went.

use serde::Serialize;
use time::Date;
use trama_events::ids::PersonId;
use utoipa::ToSchema;

use super::corrected::Corrected;
use super::facts::ENDED;
use super::view::Told;

/// One change of the housing situation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Situation {
    /// Since which day.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// ETHOS situation as known; none once the homelessness ended or she left the area.
    pub ethos: Option<String>,
    /// The event type that told it.
    pub source: String,
    /// Id of the entry that told it.
    pub entry: String,
    /// The record on which it stands.
    pub person: Option<PersonId>,
    /// What had been said wrongly, the first first; empty when nothing was corrected.
    pub corrected: Vec<Wrong>,
}

/// Something that was said and was wrong: it stays visible beside what is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Wrong {
    /// What was said.
    pub ethos: Option<String>,
    /// In which entry.
    pub entry: String,
    /// Which entry corrected it.
    pub corrected_by: String,
}

/// The changes, in the order in which they happened. What repeats the situation is no change.
pub(super) fn situations(told: &[Told], corrected: &Corrected) -> Vec<Situation> {
    let mut changes: Vec<Situation> = Vec::new();
    let telling = told.iter().filter(|fact| fact.ethos.is_some() && fact.corrects.is_none());
    for fact in telling {
        let next = situation(fact, corrected);
        let repeats = changes.last().is_some_and(|last| last.ethos == next.ethos);
        if !repeats || !next.corrected.is_empty() {
            changes.push(next);
        }
    }
    changes
}

fn situation(fact: &Told, corrected: &Corrected) -> Situation {
    let mut said = vec![(fact.id(), fact.ethos.clone())];
    said.extend(corrected.chain(fact));
    let wrong = said.windows(2).map(|pair| Wrong {
        ethos: pair[0].1.clone(),
        entry: pair[0].0.clone(),
        corrected_by: pair[1].0.clone(),
    });
    let right = said.last().and_then(|(_, ethos)| ethos.clone());
    Situation {
        on: fact.happened_on,
        ethos: right.filter(|ethos| ethos != ENDED),
        source: fact.kind.clone(),
        entry: fact.id(),
        person: fact.person.map(PersonId),
        corrected: wrong.collect(),
    }
}
