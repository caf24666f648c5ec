//! What corrects what, and on which day a correction belongs.

use std::collections::HashMap;

use time::Date;
use uuid::Uuid;

use super::view::Told;

/// Which entry corrects which: by the number in the record that the correction names. The first
/// entry of a chain keeps its day; the last one says what was true.
#[derive(Debug, Default)]
pub(super) struct Corrected {
    /// From a correction to what it corrects.
    targets: HashMap<(Uuid, i64), (Uuid, i64)>,
    /// From what was corrected to the latest correction.
    by: HashMap<(Uuid, i64), (Uuid, i64)>,
    facts: HashMap<(Uuid, i64), (String, Date, Option<String>)>,
}

impl Corrected {
    pub(super) fn of(told: &[Told]) -> Self {
        let mut all = Self::default();
        for fact in told.iter().filter(|fact| fact.aggregate_type == "person") {
            let own = (fact.aggregate, fact.sequence);
            all.facts.insert(own, (fact.id(), fact.happened_on, fact.ethos.clone()));
            if let Some(sequence) = fact.corrects {
                let target = (fact.aggregate, sequence);
                all.targets.insert(own, target);
                all.by.insert(target, own);
            }
        }
        all
    }

    /// The day to which a fact belongs: a correction belongs to what it corrects.
    pub(super) fn day_of(&self, fact: &Told) -> Date {
        let mut key = (fact.aggregate, fact.sequence);
        if fact.aggregate_type != "person" {
            return fact.happened_on;
        }
        while let Some(target) = self.targets.get(&key).filter(|target| target.1 < key.1) {
            key = *target;
        }
        self.facts.get(&key).map_or(fact.happened_on, |(_, day, _)| *day)
    }

    pub(super) fn target(&self, fact: &Told) -> Option<String> {
        let target = self.targets.get(&(fact.aggregate, fact.sequence))?;
        self.facts.get(target).map(|(id, _, _)| id.clone())
    }

    pub(super) fn by(&self, fact: &Told) -> Option<String> {
        let person = fact.aggregate_type == "person";
        let by = self.by.get(&(fact.aggregate, fact.sequence)).filter(|_| person)?;
        self.facts.get(by).map(|(id, _, _)| id.clone())
    }

    /// What replaced a fact, in order: entry and situation each.
    pub(super) fn chain(&self, fact: &Told) -> Vec<(String, Option<String>)> {
        let mut key = (fact.aggregate, fact.sequence);
        let mut chain = Vec::new();
        while let Some(next) = self.by.get(&key).filter(|next| next.1 > key.1) {
            chain.extend(self.facts.get(next).map(|(id, _, ethos)| (id.clone(), ethos.clone())));
            key = *next;
        }
        chain
    }
}
