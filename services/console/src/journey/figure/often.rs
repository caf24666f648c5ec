//! What happens often and is small, and the days between places.

use time::Date;
use trama_projections::journey::{Entry, Span};
use trama_ui::figure::journey::{Gap, Often};
use trama_ui::language::Language;

use super::between;

/// Food that was taken: each is a small mark.
const FOOD: [&str; 3] = ["points_spent", "meal_served", "parcel_delivered"];
/// A night in a shelter is one too.
const NIGHTS: [&str; 1] = ["night_checked_in"];
/// Fewest days without a place that are worth talking about: one night between two houses is a day of
/// the move.
const GAP_MIN: i64 = 2;

pub(super) fn is_often(kind: &str) -> bool {
    FOOD.contains(&kind) || NIGHTS.contains(&kind)
}

pub(super) fn food<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    language: Language,
) -> Option<Often> {
    let food = entries.filter(|entry| FOOD.contains(&entry.kind.as_str()));
    often(food, language, |count, between| language.words().journey_food_often(count, between))
}

pub(super) fn nights<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    language: Language,
) -> Option<Often> {
    let nights = entries.filter(|entry| NIGHTS.contains(&entry.kind.as_str()));
    often(nights, language, |count, between| language.words().journey_nights_often(count, between))
}

fn often<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    language: Language,
    name: impl Fn(usize, String) -> String,
) -> Option<Often> {
    let mut on: Vec<Date> = entries.map(|entry| entry.happened_on).collect();
    on.sort_unstable();
    let (first, last) = (*on.first()?, *on.last()?);
    let name = name(on.len(), between(first, last, language));
    Some(Often { on, name, href: "#eventi".into() })
}

/// Days between two stays on which nothing that may be seen here gave her a place.
pub(super) fn gaps(stays: &[&Span], nights: Option<&Often>, language: Language) -> Vec<Gap> {
    let mut covered: Vec<(Date, Option<Date>)> =
        stays.iter().map(|stay| (stay.from, stay.to)).collect();
    let of_nights = nights.into_iter().flat_map(|nights| nights.on.iter());
    covered.extend(of_nights.map(|night| (*night, night.next_day())));
    covered.sort_unstable_by_key(|(from, _)| *from);
    let mut gaps: Vec<Gap> = Vec::new();
    let mut until: Option<Date> = None;
    for (from, to) in covered {
        if let Some(until) = until.filter(|until| (from - *until).whole_days() >= GAP_MIN) {
            gaps.push(gap(until, from, language));
        }
        let Some(to) = to else { break };
        until = Some(until.map_or(to, |until| until.max(to)));
    }
    gaps
}

fn gap(from: Date, to: Date, language: Language) -> Gap {
    let words = language.words();
    let brief = words.journey_days((to - from).whole_days());
    let label = words.journey_gap(&brief);
    let name = words.journey_gap_seen(&label, between(from, to, language));
    Gap { from, to, label, brief, name }
}
