//! How frequent names are: that two people are called Rossi says less than that two are called
//! Zaccagnini.

use std::collections::HashMap;

use crate::fold::folded;
use crate::names::Name;
use crate::record::{Described, place_form};

/// Values that fewer people than this have are not kept: a table of names must not tell that
/// somebody is known here. They count as rare.
const KEPT_FROM: u32 = 5;

/// How many people the expectation from before counts for, beside those that were counted.
const EXPECTED_WEIGHT: f32 = 1_000.0;

/// A value that was not kept is taken to be had by about this many people.
const RARE: f32 = 2.0;

/// Share of people with each name or birthplace.
#[derive(Clone, Default)]
pub struct Frequencies {
    family: Shares,
    given: Shares,
    place: Shares,
}

impl std::fmt::Debug for Frequencies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frequencies({} people)", self.family.people)
    }
}

#[derive(Clone, Default)]
struct Shares {
    people: u32,
    counted: HashMap<Box<str>, u32>,
    expected: HashMap<Box<str>, f32>,
}

impl Frequencies {
    /// What is expected of Italian names before anybody is counted.
    ///
    /// No list of frequencies with a licence was found. Known are anchors: 68,365 of 20,112,690
    /// telephone subscribers were called Rossi (0.34%) and the tenth name is about a third as
    /// frequent (SEAT 1999, Caffarelli); the first given name of the newborn has 3.5% of its sex
    /// (ISTAT 2006). A share that falls with the square root of the rank fits them; ranks follow
    /// `data/common_names.txt`.
    pub fn italian() -> Self {
        let mut family = HashMap::new();
        let mut given = HashMap::new();
        for line in include_str!("../../data/common_names.txt").lines() {
            let Some((kind, names)) = line.split_once(": ") else { continue };
            let (shares, first) = match kind {
                "family" => (&mut family, 0.003_4),
                _ => (&mut given, 0.017_5),
            };
            for (rank, name) in (1u16..).zip(names.split(", ")) {
                let whole = folded(name).replace([' ', '\''], "");
                shares.insert(whole.into(), first / f32::from(rank).sqrt());
            }
        }
        Self {
            family: Shares { expected: family, ..Shares::default() },
            given: Shares { expected: given, ..Shares::default() },
            place: Shares::default(),
        }
    }

    /// Counts a population, beside what is expected of Italian names.
    pub fn count<'a>(people: impl IntoIterator<Item = &'a Described>) -> Self {
        let mut counted = Self::italian();
        for person in people {
            let name = |text: &Option<String>| text.as_deref().and_then(Name::new);
            counted.family.add(name(&person.family).map(|name| name.whole));
            counted.given.add(name(&person.given).map(|name| name.whole));
            counted.place.add(person.birth_place.as_deref().and_then(place_form));
        }
        for shares in [&mut counted.family, &mut counted.given, &mut counted.place] {
            shares.counted.retain(|_, count| *count >= KEPT_FROM);
        }
        counted
    }

    /// How many people were counted by family name.
    pub fn people(&self) -> u32 {
        self.family.people
    }

    pub(crate) fn family(&self, whole: Option<&str>) -> f32 {
        whole.map_or(f32::NAN, |value| self.family.share(value))
    }

    pub(crate) fn given(&self, whole: Option<&str>) -> f32 {
        whole.map_or(f32::NAN, |value| self.given.share(value))
    }

    pub(crate) fn place(&self, value: Option<&str>) -> f32 {
        value.map_or(f32::NAN, |value| self.place.share(value))
    }
}

impl Shares {
    fn add(&mut self, value: Option<Box<str>>) {
        if let Some(value) = value {
            self.people = self.people.saturating_add(1);
            *self.counted.entry(value).or_default() += 1;
        }
    }

    /// Counted and expected people together; not a number where neither says anything.
    fn share(&self, value: &str) -> f32 {
        let expected = self.expected.get(value).copied();
        if self.people == 0 {
            return expected.unwrap_or(f32::NAN);
        }
        let people = wide(self.people);
        let count = self.counted.get(value).map_or(RARE, |count| wide(*count));
        match expected {
            Some(share) => (count + EXPECTED_WEIGHT * share) / (people + EXPECTED_WEIGHT),
            None => count / people,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs three digits")]
fn wide(count: u32) -> f32 {
    count as f32
}
