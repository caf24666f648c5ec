//! What was done, by month: emergencies, shelter requests, placements, meals, contacts, encounters,
//! deliveries, nights.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::{PgPool, Row};
use utoipa::ToSchema;

use super::asked::{Level, Period, Positions, Scope, positions};
use super::cells::{Sum, hidden, shown};
use crate::fence::Sight;

/// What was done in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Activity {
    /// Which days.
    pub period: Period,
    /// `ats` or `metropolitan`.
    pub level: Level,
    /// The ATS on whose behalf it was done, at that level.
    pub ats: Option<String>,
    /// How far the logs were read.
    #[schema(value_type = Object)]
    pub positions: Positions,
    /// The whole period.
    pub total: ActivityCounts,
    /// Each month of the period.
    pub months: Vec<ActivityMonth>,
    /// Whether something is hidden because it counts fewer than five.
    pub suppressed: bool,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActivityMonth {
    /// E.g. `2021-12`.
    pub month: String,
    /// What was done in it.
    #[serde(flatten)]
    pub counts: ActivityCounts,
}

/// Counts of what was done. A hidden count is `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActivityCounts {
    /// Emergencies reported.
    pub emergency_reports: Option<i64>,
    /// Of these: a bed was asked for.
    pub shelter_requests: Option<i64>,
    /// Emergencies closed with a bed.
    pub placements: Option<i64>,
    /// Meals: one for each recipient, anonymous ones included.
    pub meals: Option<i64>,
    /// Contacts with services.
    pub contacts: Option<i64>,
    /// Encounters in the street.
    pub encounters: Option<i64>,
    /// Things given: one for each recipient, anonymous ones included.
    pub deliveries: Option<i64>,
    /// Nights spent, by the date of the evening.
    pub nights: Option<i64>,
}

/// Kinds of facts, in the order of [`ActivityCounts`].
const KINDS: [&str; 8] = [
    "emergency_reported",
    "shelter_requested",
    "emergency_sheltered",
    "meal_served",
    "contact_recorded",
    "outreach_encounter_recorded",
    "service_delivered",
    "night_checked_in",
];

/// What was done in a period.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn activity(pool: &PgPool, scope: &Scope) -> sqlx::Result<Activity> {
    let mut rows = Sight::counting().begin(pool).await?;
    let positions = positions(&mut rows, "indicators").await?;
    let found = sqlx::query(
        "select to_char(happened_on, 'YYYY-MM') as month, kind, sum(people)::bigint as n \
         from indicators.standing_facts where kind = any($1) and happened_on between $2 and $3 \
            and ($4::text is null or ats = $4) group by month, kind",
    )
    .bind(KINDS.as_slice())
    .bind(scope.period.from)
    .bind(scope.period.to)
    .bind(scope.slug())
    .fetch_all(&mut *rows)
    .await?;
    let months = scope.period.months();
    let mut counts: BTreeMap<(String, String), i64> = BTreeMap::new();
    for row in found {
        counts.insert((row.try_get("month")?, row.try_get("kind")?), row.try_get("n")?);
    }
    let table = table(&months, &counts);
    let (mut lines, suppressed) = protect(&table, scope.protected);
    let total = lines.pop().unwrap_or([None; KINDS.len()]);
    let month = |(month, line)| ActivityMonth { month, counts: ActivityCounts::of(line) };
    Ok(Activity {
        period: scope.period,
        level: Level::of(scope.ats.as_ref()),
        ats: scope.ats.as_ref().map(ToString::to_string),
        positions,
        total: ActivityCounts::of(total),
        months: months.into_iter().zip(lines).map(month).collect(),
        suppressed,
    })
}

type Line<T> = [T; KINDS.len()];

/// One line for each month, and the totals.
fn table(months: &[String], counts: &BTreeMap<(String, String), i64>) -> Vec<Line<i64>> {
    let cell = |month: &String, kind: &str| {
        counts.get(&(month.clone(), kind.to_owned())).copied().unwrap_or(0)
    };
    let mut lines: Vec<Line<i64>> =
        months.iter().map(|month| KINDS.map(|kind| cell(month, kind))).collect();
    let mut total = [0; KINDS.len()];
    for line in &lines {
        total.iter_mut().zip(line).for_each(|(sum, count)| *sum += count);
    }
    lines.push(total);
    lines
}

/// Hides small counts of a month or a total; each kind is a sum over the months.
fn protect(lines: &[Line<i64>], protected: bool) -> (Vec<Line<Option<i64>>>, bool) {
    let cells: Vec<i64> = lines.iter().flatten().copied().collect();
    let kinds = 0..KINDS.len();
    let sums: Vec<Sum> = kinds
        .map(|kind| (0..lines.len()).map(|line| line * KINDS.len() + kind).collect())
        .collect();
    let hidden = hidden(&cells, |_| !protected, &sums);
    let mut shown_lines = Vec::with_capacity(lines.len());
    for (line, hidden) in lines.iter().zip(hidden.chunks(KINDS.len())) {
        let mut shown_line = [None; KINDS.len()];
        for ((cell, count), hidden) in shown_line.iter_mut().zip(line).zip(hidden) {
            *cell = shown(*count, *hidden);
        }
        shown_lines.push(shown_line);
    }
    (shown_lines, hidden.contains(&true))
}

impl ActivityCounts {
    fn of(line: Line<Option<i64>>) -> Self {
        let [
            emergency_reports,
            shelter_requests,
            placements,
            meals,
            contacts,
            encounters,
            deliveries,
            nights,
        ] = line;
        Self {
            emergency_reports,
            shelter_requests,
            placements,
            meals,
            contacts,
            encounters,
            deliveries,
            nights,
        }
    }
}
