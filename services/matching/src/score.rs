//! How much speaks for two records being one person, and what.

use crate::compare::{Pattern, compare};
use crate::field::{FIELDS, Field, Language};
use crate::mixture::Bits;
use crate::record::Prepared;
use crate::weights::Weights;

/// Bits below which a field says so little that it is no reason.
const REASON_BITS: f32 = 0.5;

/// Level of a field at which its value is the same in both.
const SAME: u8 = 0;

/// Below this share of people no name counts as rarer: counts are too small to tell.
const SHARE_MIN: f32 = 2e-6;

/// What a comparison of two records comes to. A proposal: a person decides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Bits for (positive) or against one person: against any two people, relatives, twins and
    /// namesakes together, as frequent as they are in the population.
    pub weight_bits: f64,
    /// The same as a probability, 0 to 1.
    pub probability: f64,
    /// How close each field is.
    pub pattern: Pattern,
    bits: [f32; FIELDS],
}

/// One field's part in a match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// Which field.
    pub field: Field,
    /// Bits for (positive) or against (negative) one person.
    pub bits: f32,
    level: u8,
}

impl Reason {
    /// The reason in words, lower case: "stessa data di nascita", "same birth date".
    pub fn words(&self, language: Language) -> &'static str {
        self.field.levels().get(usize::from(self.level)).map_or("", |said| said.words(language))
    }

    /// A stable name of the level within its field.
    pub fn level(&self) -> &'static str {
        self.field.levels().get(usize::from(self.level)).map_or("", |said| said.code)
    }

    /// Whether it speaks for one person.
    pub fn speaks_for(&self) -> bool {
        self.bits > 0.0
    }
}

impl Match {
    /// What speaks for and against, strongest first. What says little, or nothing, is left out.
    pub fn reasons(&self) -> Vec<Reason> {
        let reason = |field: Field| {
            let level = self.pattern.level(field)?;
            let bits = self.bits[field.index()];
            (bits.abs() >= REASON_BITS).then_some(Reason { field, bits, level })
        };
        let mut reasons: Vec<_> = Field::ALL.into_iter().filter_map(reason).collect();
        reasons.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
        reasons
    }
}

impl Weights {
    /// Compares and weighs two records; allocates nothing.
    pub fn score(&self, a: &Prepared, b: &Prepared) -> Match {
        let pattern = compare(a, b);
        let bits = self.pattern_bits(pattern, a, b);
        let weight_bits = self.kinds().bits(&bits);
        Match { weight_bits, probability: probability(weight_bits), pattern, bits: bits.own }
    }

    fn pattern_bits(&self, pattern: Pattern, a: &Prepared, b: &Prepared) -> Bits {
        let plain = Field::ALL.map(|field| match pattern.level(field) {
            Some(level) => self.bits(field, level),
            None => 0.0,
        });
        let mut own = plain;
        for field in [Field::Family, Field::Given, Field::Place] {
            if pattern.level(field) == Some(SAME) {
                own[field.index()] += self.rarity(field, a, b);
            }
        }
        Bits { own, plain }
    }

    /// Bits by which this name's or place's rarity differs from the average one's.
    fn rarity(&self, field: Field, a: &Prepared, b: &Prepared) -> f32 {
        let share = match field {
            Field::Family => a.family_share.max(b.family_share),
            Field::Given => a.given_share.max(b.given_share),
            Field::Place => a.place_share.max(b.place_share),
            Field::Order
            | Field::Birth
            | Field::Sex
            | Field::TaxCode
            | Field::Identifier
            | Field::Contact
            | Field::Alias => f32::NAN,
        };
        if share.is_nan() {
            return 0.0;
        }
        (self.share_of_same(field) / share.max(SHARE_MIN)).log2()
    }
}

/// The probability that odds of two to the `bits` stand for.
pub(crate) fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

#[cfg(test)]
mod tests;
