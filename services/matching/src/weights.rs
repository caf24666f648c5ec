//! How much each level of agreement weighs, as learnt from a population (ADR 15).

mod frequencies;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::field::{FIELDS, Field, LEVELS_MAX};
use crate::mixture::{Kinds, RIVALS};

pub use frequencies::Frequencies;

/// The file of weights does not say what this release needs.
#[derive(Debug, thiserror::Error)]
pub enum WeightsFault {
    /// Not JSON, or not of this form.
    #[error("the weights cannot be read: {0}; write them again with the linkage example")]
    Form(#[from] serde_json::Error),
    /// A share of a kind of pairs is no share.
    #[error("the shares of the kinds of pairs must lie between 0 and 0.5; learn them again")]
    Kinds,
    /// A field or level is missing or unknown, or a number is not a probability.
    #[error("the weights of {field:?} do not fit this release: {what}; learn them again")]
    Level {
        /// The field.
        field: Field,
        /// The level, or what is wrong.
        what: String,
    },
}

/// How often a level is seen in pairs of one person (`m`) and of two people (`u`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Odds {
    pub m: f64,
    pub u: f64,
}

impl Odds {
    fn rounded(self) -> Self {
        Self { m: rounded(self.m), u: rounded(self.u) }
    }

    /// Bits that speak for one person; negative bits speak for two.
    pub(crate) fn bits(self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// Odds of every level of every field.
pub(crate) type Table = [[Odds; LEVELS_MAX]; FIELDS];

/// Everything that a score needs.
#[derive(Debug, Clone)]
pub struct Weights {
    /// How they were learnt, in words.
    learnt: String,
    /// What pairs of the population are.
    kinds: Kinds,
    table: Table,
    bits: [[f32; LEVELS_MAX]; FIELDS],
    frequencies: Frequencies,
}

/// The form of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    learnt: String,
    kinds: Kinds,
    fields: BTreeMap<Field, BTreeMap<String, Odds>>,
}

impl Weights {
    /// The weights that Trama brings with it, learnt on an invented Italian population.
    ///
    /// # Errors
    ///
    /// [`WeightsFault`] when the embedded file is damaged; a test reads it.
    pub fn italian() -> Result<Self, WeightsFault> {
        Self::read(include_str!("../weights/italian.json"))
    }

    /// Weights that say nothing, to make records ready before weights are learnt from them.
    pub fn untaught() -> Self {
        Self::new(
            "nothing was learnt".into(),
            Kinds::new(0.0, [0.0; RIVALS]),
            &[[Odds { m: 1.0, u: 1.0 }; LEVELS_MAX]; FIELDS],
        )
    }

    /// Reads weights from their JSON.
    ///
    /// # Errors
    ///
    /// [`WeightsFault`] when a field or a level is missing or unknown, or is no probability.
    pub fn read(json: &str) -> Result<Self, WeightsFault> {
        let written: Written = serde_json::from_str(json)?;
        if !written.kinds.are_shares() {
            return Err(WeightsFault::Kinds);
        }
        let mut table = [[Odds { m: 1.0, u: 1.0 }; LEVELS_MAX]; FIELDS];
        for field in Field::ALL {
            let missing = || WeightsFault::Level { field, what: "not in the file".into() };
            let levels = written.fields.get(&field).ok_or_else(missing)?;
            if levels.len() != field.levels().len() {
                let what = format!("{} levels instead of {}", levels.len(), field.levels().len());
                return Err(WeightsFault::Level { field, what });
            }
            for (place, said) in table[field.index()].iter_mut().zip(field.levels()) {
                *place =
                    *levels.get(said.code).filter(|odds| is_probable(**odds)).ok_or_else(|| {
                        WeightsFault::Level { field, what: format!("level {}", said.code) }
                    })?;
            }
        }
        Ok(Self::new(written.learnt, written.kinds, &table))
    }

    pub(crate) fn new(learnt: String, kinds: Kinds, table: &Table) -> Self {
        let bits = table.map(|levels| levels.map(|odds| narrow(odds.bits())));
        Self { learnt, kinds, table: *table, bits, frequencies: Frequencies::italian() }
    }

    /// These weights with the frequencies of names of the population that is searched.
    #[must_use]
    pub fn with_frequencies(mut self, frequencies: Frequencies) -> Self {
        self.frequencies = frequencies;
        self
    }

    /// The JSON of the file of weights.
    ///
    /// # Errors
    ///
    /// [`WeightsFault::Form`] when a number cannot be written; none of a learner's can.
    pub fn write(&self) -> Result<String, WeightsFault> {
        let fields = Field::ALL.map(|field| {
            let levels = field.levels().iter().zip(self.table[field.index()]);
            (field, levels.map(|(said, odds)| (said.code.to_owned(), odds.rounded())).collect())
        });
        let fields = BTreeMap::from(fields);
        let written =
            Written { learnt: self.learnt.clone(), kinds: self.kinds.each(rounded), fields };
        Ok(serde_json::to_string_pretty(&written)?)
    }

    /// How these weights were learnt.
    pub fn learnt(&self) -> &str {
        &self.learnt
    }

    /// How frequent names and places are.
    pub fn frequencies(&self) -> &Frequencies {
        &self.frequencies
    }

    /// What pairs of the population are.
    pub(crate) fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// How often two people have the same value: the average name's share, as it were.
    pub(crate) fn share_of_same(&self, field: Field) -> f32 {
        narrow(self.table[field.index()][0].u)
    }

    pub(crate) fn bits(&self, field: Field, level: u8) -> f32 {
        self.bits[field.index()][usize::from(level)]
    }
}

/// Six digits: more are noise, and would not be read as they are written.
fn rounded(number: f64) -> f64 {
    format!("{number:.5e}").parse().unwrap_or(number)
}

fn is_probable(odds: Odds) -> bool {
    let within = |share: f64| share > 0.0 && share <= 1.0;
    within(odds.m) && within(odds.u)
}

/// A weight is within a few dozens of bits, a share needs three digits: single precision is enough.
#[expect(clippy::cast_possible_truncation, reason = "a float out of range becomes infinite")]
pub(crate) fn narrow(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests;
