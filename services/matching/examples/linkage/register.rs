//! Records from a tab-separated file.

use std::collections::HashMap;

use anyhow::Context;
use time::{Date, Month};
use trama_matching::{Described, Identifier, Prepared, Sex, Weights};

/// A register with the true person of each record.
pub(crate) struct Register {
    pub records: Vec<Described>,
    pub people: Vec<String>,
}

impl Register {
    pub(crate) fn read(path: &str) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
        let mut lines = text.lines();
        let columns: Vec<&str> = lines.next().context("the file is empty")?.split('\t').collect();
        let mut register = Self { records: Vec::new(), people: Vec::new() };
        for line in lines {
            let row: HashMap<&str, &str> = columns.iter().copied().zip(line.split('\t')).collect();
            register.people.push((*row.get("person").context("no column person")?).to_owned());
            register.records.push(described(&row));
        }
        Ok(register)
    }

    pub(crate) fn prepared(&self, weights: &Weights) -> Vec<Prepared> {
        self.records.iter().map(|record| Prepared::new(record, weights)).collect()
    }

    /// Pairs of records of one person: within this register, or between the two.
    pub(crate) fn true_pairs(&self, right: Option<&Self>) -> usize {
        let counts = |register: &Self| {
            let mut counts: HashMap<String, usize> = HashMap::new();
            for person in &register.people {
                *counts.entry(person.clone()).or_default() += 1;
            }
            counts
        };
        let own = counts(self);
        match right.map(counts) {
            Some(others) => own.iter().map(|(p, n)| n * others.get(p).unwrap_or(&0)).sum(),
            None => own.values().map(|n| n * (n - 1) / 2).sum(),
        }
    }
}

fn described(row: &HashMap<&str, &str>) -> Described {
    let text = |column| row.get(column).copied().filter(|cell| !cell.is_empty());
    let owned = |column| text(column).map(str::to_owned);
    Described {
        family: owned("family"),
        given: owned("given"),
        birth_date: text("birth_date").and_then(date),
        birth_year: text("birth_year").and_then(|year| year.parse().ok()),
        sex: text("sex").map(|sex| if sex == "F" { Sex::Female } else { Sex::Male }),
        birth_place: owned("place"),
        tax_code: owned("tax_code"),
        identifiers: text("identifiers").map(numbers).unwrap_or_default(),
        contacts: text("contacts").map(numbers).unwrap_or_default(),
        alias: owned("alias"),
    }
}

fn numbers(cell: &str) -> Vec<Identifier> {
    let pairs = cell.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(_, value)| !value.is_empty())
        .map(|(kind, value)| Identifier { kind: kind.to_owned(), value: value.to_owned() })
        .collect()
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    Date::from_calendar_date(year, Month::try_from(month).ok()?, parts.next()?.parse().ok()?).ok()
}
