//! What a pair of records can be: one person, or two, of whom some are easily taken for one.
//!
//! Fellegi and Sunter know two kinds of pairs, and take fields for independent within each. In
//! people who come to the same services they are not: a household shares family name, telephone
//! and birthplace, twins the birth date too, and names go with origins. Each such kind of *two*
//! people is a rival of *one person*: what it shares agrees as in one person, the rest as in any
//! two. Only its frequency is learnt (ADR 15).

use serde::{Deserialize, Serialize};

use crate::field::{FIELDS, Field};

/// How many rivals there are.
pub(crate) const RIVALS: usize = 3;

/// Two people who share this, and agree in it as often as one person with herself.
pub(crate) struct Rival {
    /// What they have in common.
    pub shares: &'static [Field],
    /// Whether a rare name in common tells as much as it does of one person. It does in a family;
    /// namesakes by chance or custom are many where a name is common.
    pub rarity: bool,
}

/// The kinds of two people, in the order of [`Kinds::rivals`].
pub(crate) const RIVAL: [Rival; RIVALS] = [
    Rival { shares: &[Field::Family, Field::Place, Field::Contact], rarity: true },
    Rival { shares: &[Field::Family, Field::Place, Field::Contact, Field::Birth], rarity: true },
    Rival { shares: &[Field::Family, Field::Given, Field::Order, Field::Place], rarity: false },
];

/// Shares of the kinds among all pairs; what is left are any two people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kinds {
    /// Pairs of records of one person.
    pub one: f64,
    /// Relatives, twins, namesakes.
    pub rivals: [f64; RIVALS],
}

/// Bits of each field, for one person against any two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bits {
    /// As they count for one person, rarity of names included.
    pub own: [f32; FIELDS],
    /// Without rarity.
    pub plain: [f32; FIELDS],
}

impl Kinds {
    /// Least and greatest share of a kind.
    const WITHIN: (f64, f64) = (1e-12, 0.4);

    pub(crate) fn new(one: f64, rivals: [f64; RIVALS]) -> Self {
        let within = |share: f64| share.clamp(Self::WITHIN.0, Self::WITHIN.1);
        Self { one: within(one), rivals: rivals.map(within) }
    }

    /// Each share changed alike.
    pub(crate) fn each(self, change: impl Fn(f64) -> f64) -> Self {
        Self { one: change(self.one), rivals: self.rivals.map(change) }
    }

    /// Likelihoods of each kind times its share: one person, the rivals, any two (1 but for them).
    pub(crate) fn weigh(&self, bits: &Bits) -> ([f64; RIVALS], f64, f64) {
        let all: f64 = bits.own.iter().copied().map(f64::from).sum();
        let mut rivals = self.rivals;
        for (share, rival) in rivals.iter_mut().zip(&RIVAL) {
            let bits = if rival.rarity { &bits.own } else { &bits.plain };
            let common: f64 = rival.shares.iter().map(|f| f64::from(bits[f.index()])).sum();
            *share *= common.exp2();
        }
        let rest = 1.0 - self.one - self.rivals.iter().sum::<f64>();
        (rivals, self.one * all.exp2(), rest.max(1e-6))
    }

    /// Bits for one person against any two people, rivals included.
    pub(crate) fn bits(&self, bits: &Bits) -> f64 {
        let (rivals, one, rest) = self.weigh(bits);
        (one / (rest + rivals.iter().sum::<f64>())).log2()
    }

    /// Whether each share is one.
    pub(crate) fn are_shares(&self) -> bool {
        let within = |share: &f64| *share > 0.0 && *share < 0.5;
        within(&self.one) && self.rivals.iter().all(within)
    }
}
