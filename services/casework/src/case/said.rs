//! What was found of the person: assessments, and facts on which admission rests. Each is an entry
//! of its own, and may stand on another person's record by now (ADR 22).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::casework::EligibilityFact;

use super::Assessment;

/// What was moved from a case or to its person, as far as casework's own copy knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// Numbers of the case's entries that stand on somebody else now, or on nobody.
    pub gone: BTreeSet<i64>,
    /// Whether an assessment that was made in another person's case stands on this person now.
    pub assessed_elsewhere: bool,
}

/// Entries of a case by their sequence number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Said {
    /// Number of the last event.
    last: i64,
    assessments: BTreeMap<i64, Assessment>,
    facts: BTreeMap<i64, (EligibilityFact, Option<Date>)>,
    assessed_elsewhere: bool,
}

impl Said {
    /// Another event follows, of whatever kind.
    pub(super) fn count(&mut self) {
        self.last += 1;
    }

    /// The event that follows is an assessment.
    pub(super) fn assessed(&mut self, assessment: Assessment) {
        self.assessments.insert(self.last, assessment);
    }

    /// The event that follows is a fact.
    pub(super) fn found(&mut self, fact: EligibilityFact, valid_to: Option<Date>) {
        self.facts.insert(self.last, (fact, valid_to));
    }

    /// Leaves out what stands on somebody else.
    pub(super) fn without(&mut self, moved: &Moved) {
        self.assessments.retain(|number, _| !moved.gone.contains(number));
        self.facts.retain(|number, _| !moved.gone.contains(number));
        self.assessed_elsewhere = moved.assessed_elsewhere;
    }

    /// The last assessment of this case.
    pub(crate) fn assessment(&self) -> Option<&Assessment> {
        self.assessments.values().next_back()
    }

    /// Whether the entry with this number is an assessment.
    pub(crate) fn is_assessment(&self, number: i64) -> bool {
        self.assessments.contains_key(&number)
    }

    /// Whether the person was assessed, in this case or in one from which that was moved to her.
    pub(super) fn is_assessed(&self) -> bool {
        self.assessed_elsewhere || !self.assessments.is_empty()
    }

    /// Each fact with its last day, as it was recorded last.
    pub(crate) fn facts(&self) -> BTreeMap<EligibilityFact, Option<Date>> {
        self.facts.values().copied().collect()
    }
}
