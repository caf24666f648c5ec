//! Learning weights from records that nobody has labelled, as Splink does.
//!
//! `u` comes from random pairs, nearly all of two people. `m` comes from expectation
//! maximisation over pairs that agree on something, in several sessions: what the pairs of a
//! session agree on is not learnt in it. The prior is the share of pairs that then look like one
//! person. Source: Fellegi and Sunter 1969; Linacre et al. 2022 (Splink).

mod pairs;
mod sessions;

use std::collections::BTreeMap;

use crate::compare::{Pattern, compare};
use crate::field::{FIELDS, Field, LEVELS_MAX};
use crate::mixture::{Bits, Kinds, RIVALS};
use crate::record::Prepared;
use crate::score::probability;
use crate::weights::{Odds, Table, Weights, narrow};

use pairs::{Draw, Pairs};
pub use sessions::Session;

/// How often a pattern was seen; in order, so that sums come out the same each time.
type Counts = BTreeMap<Pattern, f64>;

/// Steps of expectation maximisation; it settles long before.
const STEPS: usize = 100;

/// Times that `u` is cleaned of the pairs that turned out to be one person.
const ROUNDS: usize = 3;

/// Pairs of one person in which a session must have seen a field to teach it.
const HEARD_MIN: f64 = 50.0;

/// A level that was never seen counts as seen this often.
const UNSEEN: f64 = 0.5;

/// A population to learn from: one register to be searched for doubles, or two to be linked.
#[derive(Debug, Clone, Copy)]
pub struct Learner<'a> {
    /// The register, or the first of two.
    pub left: &'a [Prepared],
    /// The second register; `None` to look for doubles in the first.
    pub right: Option<&'a [Prepared]>,
    /// How many random pairs are drawn; a million or more.
    pub random_pairs: u32,
    /// Where the drawing starts: the same seed learns the same weights.
    pub seed: u64,
}

impl Learner<'_> {
    /// Learns weights in these sessions. A field that no session saw gets odds of one.
    ///
    /// `told` goes into the file of weights: from which records they come.
    pub fn learn(&self, sessions: &[Session], told: &str) -> Weights {
        let pairs = Pairs { left: self.left, right: self.right };
        let random = self.random(&pairs);
        let blocks: Vec<Block> =
            sessions.iter().map(|session| Block::of(*session, &pairs)).collect();
        let all = pairs.union(sessions);
        let mut table = shares(&random, |_| 1.0);
        let mut kinds = Kinds::new(1.0 / pairs.left_count().max(2.0), [1e-6; RIVALS]);
        for _ in 0..ROUNDS {
            learn_m(&mut table, &blocks);
            kinds = learn_kinds(&table, kinds, &all, pairs.count());
            let bits = plain_bits(&table);
            let cleaned = shares(&random, |pattern| 1.0 - probability(kinds.bits(&bits(pattern))));
            for (levels, clean) in table.iter_mut().flatten().zip(cleaned.iter().flatten()) {
                levels.u = clean.u;
            }
        }
        Weights::new(self.told(sessions, told), kinds, &table)
    }

    fn random(&self, pairs: &Pairs<'_>) -> Counts {
        let mut draw = Draw(self.seed);
        let mut counts = Counts::new();
        for _ in 0..self.random_pairs {
            if let Some((a, b)) = pairs.draw(&mut draw) {
                *counts.entry(compare(a, b)).or_default() += 1.0;
            }
        }
        counts
    }

    fn told(&self, sessions: &[Session], told: &str) -> String {
        let records = self.left.len() + self.right.map_or(0, <[Prepared]>::len);
        format!(
            "{told}; {records} records without labels; u from {} random pairs (seed {}), m by \
             expectation maximisation over pairs alike in {sessions:?}",
            self.random_pairs, self.seed
        )
    }
}

/// What a session learns from.
struct Block {
    counts: Counts,
    silent: &'static [Field],
}

impl Block {
    fn of(session: Session, pairs: &Pairs<'_>) -> Self {
        let mut counts = Counts::new();
        for (a, b) in pairs.alike(session) {
            *counts.entry(compare(a, b)).or_default() += 1.0;
        }
        Self { counts, silent: session.silent() }
    }

    /// The pattern without what the session's pairs agree on.
    fn heard(&self, pattern: Pattern) -> Pattern {
        let mut heard = pattern;
        for field in self.silent {
            heard.0[field.index()] = Pattern::MISSING;
        }
        heard
    }
}

/// Sums of a field's levels, as far as they are seen.
type Sums = [[f64; LEVELS_MAX]; FIELDS];

/// Learns `m` in each session, and takes each field from the purest session that heard it.
///
/// Pairs with the same names are half of them namesakes, who share birthplaces and families too;
/// pairs with the same code hardly are. A mean over sessions would teach that one person often
/// has two birth dates.
fn learn_m(table: &mut Table, blocks: &[Block]) {
    let learnt: Vec<Settled> = blocks.iter().map(|block| settle(table, block)).collect();
    let mut chosen: Sums = [[0.0; LEVELS_MAX]; FIELDS];
    for (index, sums) in chosen.iter_mut().enumerate() {
        let heard = |settled: &&Settled| settled.sums[index].iter().sum::<f64>() >= HEARD_MIN;
        let purest = learnt.iter().filter(heard).max_by(|a, b| a.purity.total_cmp(&b.purity));
        *sums = purest.map_or(*sums, |settled| settled.sums[index]);
    }
    set_m(table, &chosen);
}

/// What a session came to.
struct Settled {
    sums: Sums,
    /// Share of its pairs that are one person.
    purity: f64,
}

/// Expectation maximisation in one session, with `u` as it is.
fn settle(table: &Table, block: &Block) -> Settled {
    let mut here = hopeful(table);
    let mut settled = Settled { sums: [[0.0; LEVELS_MAX]; FIELDS], purity: 0.2 };
    for _ in 0..STEPS {
        let prior = (settled.purity / (1.0 - settled.purity)).log2();
        settled.sums = [[0.0; LEVELS_MAX]; FIELDS];
        let (mut one, mut all) = (0.0, 0.0);
        let bits = plain_bits(&here);
        for (pattern, count) in &block.counts {
            let heard = block.heard(*pattern);
            let own: f64 = bits(heard).own.iter().copied().map(f64::from).sum();
            let share = probability(own + prior) * count;
            add(&mut settled.sums, heard, share);
            one += share;
            all += count;
        }
        settled.purity = f64::clamp(one / f64::max(all, 1.0), 1e-6, 1.0 - 1e-6);
        set_m(&mut here, &settled.sums);
    }
    settled
}

/// A start for `m`: people mostly tell the same.
fn hopeful(table: &Table) -> Table {
    let mut start = *table;
    for (field, levels) in Field::ALL.into_iter().zip(&mut start) {
        let used = field.levels().len();
        for (level, odds) in levels.iter_mut().take(used).enumerate() {
            odds.m = if level == 0 { 0.8 } else { 0.2 / count(used - 1) };
        }
    }
    start
}

fn set_m(table: &mut Table, sums: &Sums) {
    for (field, seen) in Field::ALL.into_iter().zip(sums) {
        let used = field.levels().len();
        let all: f64 = seen.iter().sum();
        for (odds, sum) in table[field.index()].iter_mut().zip(seen).take(used) {
            let unknown = all < 1.0;
            odds.m = if unknown { odds.u } else { smoothed(*sum, all, used) };
        }
    }
}

/// Shares of levels in counted patterns, each pattern counting as `weigh` says; as `u`, and as a
/// first `m`.
fn shares(counts: &Counts, weigh: impl Fn(Pattern) -> f64) -> Table {
    let mut sums: Sums = [[0.0; LEVELS_MAX]; FIELDS];
    for (pattern, count) in counts {
        add(&mut sums, *pattern, count * weigh(*pattern));
    }
    let mut table = [[Odds { m: 1.0, u: 1.0 }; LEVELS_MAX]; FIELDS];
    for (field, seen) in Field::ALL.into_iter().zip(&sums) {
        let used = field.levels().len();
        let all: f64 = seen.iter().sum();
        for (odds, sum) in table[field.index()].iter_mut().zip(seen).take(used) {
            let share = smoothed(*sum, all, used);
            *odds = Odds { m: share, u: share };
        }
    }
    table
}

fn smoothed(sum: f64, all: f64, levels: usize) -> f64 {
    (sum + UNSEEN) / (all + UNSEEN * count(levels))
}

fn add(sums: &mut Sums, pattern: Pattern, share: f64) {
    for field in Field::ALL {
        if let Some(level) = pattern.level(field) {
            sums[field.index()][usize::from(level)] += share;
        }
    }
}

/// Shares of the kinds among all pairs, taking pairs outside `alike` for any two people.
fn learn_kinds(table: &Table, start: Kinds, alike: &Counts, all: f64) -> Kinds {
    let bits = plain_bits(table);
    let mut kinds = start;
    for _ in 0..STEPS {
        let (mut one, mut rivals) = (0.0, [0.0; RIVALS]);
        for (pattern, count) in alike {
            let (likely, own, rest) = kinds.weigh(&bits(*pattern));
            let whole = own + rest + likely.iter().sum::<f64>();
            one += count * own / whole;
            for (sum, likely) in rivals.iter_mut().zip(likely) {
                *sum += count * likely / whole;
            }
        }
        kinds = Kinds::new(one / all, rivals.map(|sum| sum / all));
    }
    kinds
}

/// Bits of a pattern by this table. Patterns do not tell which names are rare.
fn plain_bits(table: &Table) -> impl Fn(Pattern) -> Bits + use<> {
    let bits = table.map(|levels| levels.map(|odds| narrow(odds.bits())));
    move |pattern| {
        let own = Field::ALL.map(|field| {
            pattern.level(field).map_or(0.0, |level| bits[field.index()][usize::from(level)])
        });
        Bits { own, plain: own }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of records stay far below 2^52")]
fn count(of: usize) -> f64 {
    of as f64
}

#[cfg(test)]
mod tests;
