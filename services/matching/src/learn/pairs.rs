//! Which pairs are looked at.

use std::collections::{BTreeMap, HashSet};

use super::{Counts, Session, count};
use crate::compare::compare;
use crate::record::Prepared;

/// Records under one key beyond which the key is left out: it says too little.
const BLOCK_MAX: usize = 500;

/// One register with itself, or two with each other.
pub(super) struct Pairs<'a> {
    pub left: &'a [Prepared],
    pub right: Option<&'a [Prepared]>,
}

/// Pseudo-random numbers that follow from a seed (splitmix64).
pub(super) struct Draw(pub u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn one_of<'a>(&mut self, records: &'a [Prepared]) -> Option<(usize, &'a Prepared)> {
        let many = u64::try_from(records.len()).ok().filter(|many| *many > 0)?;
        let at = usize::try_from(self.next() % many).ok()?;
        records.get(at).map(|record| (at, record))
    }
}

/// Places of two records.
type Places = (usize, usize);

impl<'a> Pairs<'a> {
    /// A random pair; `None` when a record was drawn with itself.
    pub(super) fn draw(&self, draw: &mut Draw) -> Option<(&'a Prepared, &'a Prepared)> {
        let (at, a) = draw.one_of(self.left)?;
        let (other, b) = draw.one_of(self.right.unwrap_or(self.left))?;
        (self.right.is_some() || at != other).then_some((a, b))
    }

    pub(super) fn left_count(&self) -> f64 {
        count(self.left.len())
    }

    /// How many pairs there are.
    pub(super) fn count(&self) -> f64 {
        let left = self.left_count();
        self.right.map_or(left * (left - 1.0) / 2.0, |right| left * count(right.len()))
    }

    /// The pairs of a session.
    pub(super) fn alike(&self, session: Session) -> Vec<(&'a Prepared, &'a Prepared)> {
        let places = self.places(session);
        places.into_iter().filter_map(|places| self.at(places)).collect()
    }

    /// Patterns of the pairs of all sessions, each pair once.
    pub(super) fn union(&self, sessions: &[Session]) -> Counts {
        let all: HashSet<Places> =
            sessions.iter().flat_map(|session| self.places(*session)).collect();
        let mut counts = Counts::new();
        for (a, b) in all.into_iter().filter_map(|places| self.at(places)) {
            *counts.entry(compare(a, b)).or_default() += 1.0;
        }
        counts
    }

    fn at(&self, (a, b): Places) -> Option<(&'a Prepared, &'a Prepared)> {
        Some((self.left.get(a)?, self.right.unwrap_or(self.left).get(b)?))
    }

    fn places(&self, session: Session) -> HashSet<Places> {
        let left = blocks(self.left, session);
        let right = self.right.map(|right| blocks(right, session));
        let mut places = HashSet::new();
        for (key, block) in &left {
            let Some(others) = right.as_ref().unwrap_or(&left).get(key) else { continue };
            if block.len() > BLOCK_MAX || others.len() > BLOCK_MAX {
                continue;
            }
            let both = block.iter().flat_map(|a| others.iter().map(move |b| (*a, *b)));
            places.extend(both.filter(|(a, b)| self.right.is_some() || a < b));
        }
        places
    }
}

fn blocks(records: &[Prepared], session: Session) -> BTreeMap<String, Vec<usize>> {
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, record) in records.iter().enumerate() {
        for key in session.keys(record) {
            blocks.entry(key).or_default().push(at);
        }
    }
    blocks
}
