//! What a profile says, and the days that a seed makes of it: sums are exact, whatever the seed.

use std::collections::BTreeMap;

use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use serde::Deserialize;
use time::Date;
use trama_events::ids::Ats;

const PROFILES: [&str; 1] = [include_str!("../../../../../tests/profiles/bari-winter-2021.toml")];

/// Largest count in one anonymous record of meals.
const BATCH_MAX: u32 = 40;

/// So many seeds begin with a bed of their own.
const BEDS_APART: u64 = 40;

/// A profile: published totals, and our plan by month.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) name: String,
    pub(super) ats: Ats,
    pub(super) from: Date,
    pub(super) to: Date,
    meals_per_known_meal: u32,
    /// How many times the winter it is; more than once, whoever asks for a bed has a record too.
    #[serde(skip, default = "once")]
    scale: u32,
    pub(super) total: Counts,
    #[serde(rename = "month")]
    pub(super) months: Vec<Month>,
}

fn once() -> u32 {
    1
}

/// Figures of a period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Counts {
    pub(super) emergency_reports: u32,
    pub(super) shelter_requests: u32,
    pub(super) placements: u32,
    pub(super) meals: u32,
}

/// Figures of one month.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Month {
    /// E.g. `2021-12`.
    pub(super) month: String,
    #[serde(flatten)]
    pub(super) counts: Counts,
}

/// Days made of a profile and a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// Profile and seed: what keys and ids begin with.
    pub(super) name: String,
    pub(super) days: Vec<Day>,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: Date,
    /// From which bed on they are given, from 0.
    pub(super) first_bed: usize,
    pub(super) reports: Vec<Report>,
    pub(super) meals: Vec<Meals>,
}

/// One report to the emergency service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    /// Number in the whole plan, from 0.
    pub(super) number: u32,
    /// Minute of the day.
    pub(super) minute: u16,
    pub(super) shelter_requested: bool,
    /// Number of the person, where she gets a record.
    pub(super) person: Option<u32>,
    /// Whether she gets a bed.
    pub(super) placed: bool,
    /// Chooses channel, level, outcome.
    pub(super) draw: u32,
}

/// Meals in one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meals {
    pub(super) number: u32,
    pub(super) minute: u16,
    /// The number of a person who is registered by then, or how many people.
    pub(super) to: Result<u32, u32>,
}

impl Profile {
    /// A profile that comes with the program.
    pub(super) fn read(name: &str) -> anyhow::Result<Self> {
        let all = PROFILES.iter().map(|text| toml::from_str::<Self>(text));
        let all = all.collect::<Result<Vec<_>, _>>()?;
        let names: Vec<String> = all.iter().map(|profile| profile.name.clone()).collect();
        let found = all.into_iter().find(|profile| profile.name == name);
        let profile = found
            .ok_or_else(|| anyhow::anyhow!("there is no profile {name}: {}", names.join(", ")))?;
        let sum =
            profile.months.iter().fold(Counts::default(), |sum, month| sum.plus(month.counts));
        anyhow::ensure!(sum == profile.total, "the months of {name} do not add up to its totals");
        Ok(profile)
    }

    /// The same with so many times the reports, requests and meals. The beds are as many as they
    /// were, so that nobody more gets one.
    pub(super) fn times(mut self, scale: u32) -> Self {
        let all = self.months.iter_mut().map(|month| &mut month.counts).chain([&mut self.total]);
        for counts in all {
            counts.emergency_reports *= scale;
            counts.shelter_requests *= scale;
            counts.meals *= scale;
        }
        self.scale = scale;
        self
    }

    fn days_of(&self, month: &str) -> Vec<Date> {
        let days = std::iter::successors(Some(self.from), |day| day.next_day());
        let days = days.take_while(|day| *day <= self.to);
        days.filter(|day| day.to_string().starts_with(month)).collect()
    }
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            emergency_reports: self.emergency_reports + other.emergency_reports,
            shelter_requests: self.shelter_requests + other.shelter_requests,
            placements: self.placements + other.placements,
            meals: self.meals + other.meals,
        }
    }
}

/// Numbers that go on from month to month.
#[derive(Debug, Default)]
struct Numbers {
    reports: u32,
    people: u32,
    meals: u32,
}

impl Plan {
    /// The days of a profile.
    pub(super) fn of(profile: &Profile, seed: u64) -> Self {
        let mut dice = SmallRng::seed_from_u64(seed);
        let mut numbers = Numbers::default();
        let mut days = Vec::new();
        let many = profile.scale > 1;
        let first_bed = usize::try_from(seed % BEDS_APART).unwrap_or_default() * 7;
        for month in &profile.months {
            let dates = profile.days_of(&month.month);
            let mut reports = reports(month.counts, &dates, &mut dice);
            let meals = shares(month.counts.meals, dates.len(), &mut dice);
            for (date, meals) in dates.into_iter().zip(meals) {
                let mut today = reports.remove(&date).unwrap_or_default();
                let known = numbers.people;
                for report in &mut today {
                    report.number = next(&mut numbers.reports);
                    let has_record = report.placed || (many && report.shelter_requested);
                    report.person = has_record.then(|| next(&mut numbers.people));
                }
                let known_meals = if known == 0 { 0 } else { meals / profile.meals_per_known_meal };
                let meals = batches(meals, known_meals, known, &mut numbers, &mut dice);
                days.push(Day { date, first_bed, reports: today, meals });
            }
        }
        let name = match profile.scale {
            1 => format!("{}-{seed}", profile.name),
            scale => format!("{}-{seed}-{scale}", profile.name),
        };
        Self { name, days }
    }
}

fn next(number: &mut u32) -> u32 {
    let this = *number;
    *number += 1;
    this
}

/// A month's reports on its days: each asks for a bed or not, each that asks gets one or not.
fn reports(counts: Counts, dates: &[Date], dice: &mut SmallRng) -> BTreeMap<Date, Vec<Report>> {
    let mut kinds: Vec<(bool, bool)> = (0..counts.emergency_reports)
        .map(|number| (number < counts.shelter_requests, number < counts.placements))
        .collect();
    kinds.shuffle(dice);
    let mut days: BTreeMap<Date, Vec<Report>> = BTreeMap::new();
    for (shelter_requested, placed) in kinds {
        let Some(date) = dates.get(dice.random_range(0..dates.len().max(1))) else { continue };
        days.entry(*date).or_default().push(Report {
            number: 0,
            minute: dice.random_range(8 * 60..23 * 60),
            shelter_requested,
            person: None,
            placed,
            draw: dice.random(),
        });
    }
    for reports in days.values_mut() {
        reports.sort_by_key(|report| (report.minute, report.draw));
    }
    days
}

/// A sum on so many days, each near the mean.
fn shares(sum: u32, days: usize, dice: &mut SmallRng) -> Vec<u32> {
    let weights: Vec<u32> = (0..days).map(|_| dice.random_range(80..=120)).collect();
    let all: u32 = weights.iter().sum::<u32>().max(1);
    let mut shares: Vec<u32> = weights.iter().map(|weight| sum * weight / all).collect();
    // What the divisions left is fewer than the days.
    let left = sum - shares.iter().sum::<u32>();
    for (share, _) in shares.iter_mut().zip(0..left) {
        *share += 1;
    }
    shares
}

/// A day's meals: some to people with a record, the rest in counts.
fn batches(
    meals: u32,
    known_meals: u32,
    known: u32,
    numbers: &mut Numbers,
    dice: &mut SmallRng,
) -> Vec<Meals> {
    let mut batches = Vec::new();
    let mut record = |to, dice: &mut SmallRng| {
        let minute = dice.random_range(12 * 60..21 * 60);
        batches.push(Meals { number: next(&mut numbers.meals), minute, to });
    };
    for _ in 0..known_meals {
        let person = dice.random_range(0..known.max(1));
        record(Ok(person), dice);
    }
    let mut left = meals - known_meals;
    while left > 0 {
        let count = dice.random_range(10..=BATCH_MAX).min(left);
        record(Err(count), dice);
        left -= count;
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(plan: &Plan, month: &str) -> Counts {
        let mut counts = Counts::default();
        for day in plan.days.iter().filter(|day| day.date.to_string().starts_with(month)) {
            for report in &day.reports {
                counts.emergency_reports += 1;
                counts.shelter_requests += u32::from(report.shelter_requested);
                counts.placements += u32::from(report.placed);
                assert!(report.shelter_requested || !report.placed);
                assert!(report.person.is_some() || !report.placed);
            }
            counts.meals += day.meals.iter().map(|meals| meals.to.err().unwrap_or(1)).sum::<u32>();
        }
        counts
    }

    #[test]
    fn every_month_of_every_seed_adds_up_to_the_profile() {
        let profile = Profile::read("bari-winter-2021").unwrap();
        for seed in 0..20 {
            let plan = Plan::of(&profile, seed);
            assert_eq!(plan.days.len(), 96);
            for month in &profile.months {
                assert_eq!(
                    counts(&plan, &month.month),
                    month.counts,
                    "seed {seed}, {}",
                    month.month
                );
            }
        }
    }

    #[test]
    fn a_winter_many_times_over_has_the_same_beds_and_more_people() {
        let once = Profile::read("bari-winter-2021").unwrap();
        let profile = Profile::read("bari-winter-2021").unwrap().times(250);
        let plan = Plan::of(&profile, 7);
        for (month, whole) in profile.months.iter().zip(&once.months) {
            let found = counts(&plan, &month.month);
            assert_eq!(found, month.counts);
            assert_eq!(found.placements, whole.counts.placements);
            assert_eq!(found.meals, whole.counts.meals * 250);
        }
        let known =
            plan.days.iter().flat_map(|day| &day.reports).filter_map(|report| report.person);
        assert_eq!(known.collect::<std::collections::BTreeSet<u32>>().len(), 435 * 250);
    }

    #[test]
    fn the_same_seed_makes_the_same_days() {
        let profile = Profile::read("bari-winter-2021").unwrap();
        assert_eq!(Plan::of(&profile, 7), Plan::of(&profile, 7));
        assert_ne!(Plan::of(&profile, 7).days, Plan::of(&profile, 8).days);
    }

    #[test]
    fn nobody_eats_before_she_is_registered() {
        let profile = Profile::read("bari-winter-2021").unwrap();
        let mut known = 0;
        for day in Plan::of(&profile, 3).days {
            for meals in &day.meals {
                assert!(meals.to.ok().is_none_or(|person| person < known), "{}", day.date);
            }
            known +=
                u32::try_from(day.reports.iter().filter(|report| report.placed).count()).unwrap();
        }
    }
}
