//! What of the network is asked for, as it stands in an address.

use std::fmt::Write as _;

use serde::Deserialize;
use time::format_description::well_known::Iso8601;
use time::{Date, Duration, Month, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::Ats;
use trama_events::rome;
use trama_projections::indicators::{Period, Scope, sees_persons};
use trama_ui::language::Language;
use uuid::Uuid;

use super::words::Figures;
use crate::gate::encode;

/// The page.
pub(super) const PATH: &str = "/rete";

/// Most that may be asked for as the least.
const MIN_MAX: i64 = 1_000_000;

/// As the address says it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    dal: Option<String>,
    al: Option<String>,
    ats: Option<String>,
    min: Option<String>,
    misura: Option<String>,
    confronta: Option<String>,
    da: Option<String>,
    a: Option<String>,
    servizio: Option<String>,
}

/// What is written on the flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// How many were sent.
    Volume,
    /// How many of them were accepted.
    Accepted,
    /// Of how many the need was met.
    Outcome,
    /// How long the answer took.
    Time,
}

impl Measure {
    pub(super) const ALL: [Self; 4] = [Self::Volume, Self::Accepted, Self::Outcome, Self::Time];

    fn code(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::Accepted => "accolti",
            Self::Outcome => "esito",
            Self::Time => "tempo",
        }
    }
}

/// With which period this one is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// The one before, as long as this.
    Before,
    /// The same a year before.
    YearBefore,
}

impl Comparison {
    pub(super) const ALL: [Self; 2] = [Self::Before, Self::YearBefore];

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Before => "prima",
            Self::YearBefore => "anno",
        }
    }

    /// The other period. Who asks for whole months compares whole months: the last may be cut by
    /// today, and then the other one is not.
    fn period(self, period: Period, now: OffsetDateTime, role: Role) -> Option<Period> {
        let Period { from, to } = period;
        let is_whole = from.day() == 1;
        let (first, last) = match self {
            Self::Before if is_whole => {
                let months = months_between(from, to) + 1;
                (back(from, months)?, from.previous_day()?)
            }
            Self::Before => {
                let days = (to - from).whole_days() + 1;
                (from.checked_sub(Duration::days(days))?, from.previous_day()?)
            }
            Self::YearBefore => (back(from, 12)?, back(to, 12)?),
        };
        let last = if sees_persons(role) { last } else { end_of_month(last) };
        Period::asked(Some(first), Some(last), now, role).ok()
    }
}

fn months_between(from: Date, to: Date) -> i32 {
    let index = |day: Date| day.year() * 12 + i32::from(u8::from(day.month()));
    index(to) - index(from)
}

/// The same day some months before, or the last of that month where it is shorter.
fn back(day: Date, months: i32) -> Option<Date> {
    let index = day.year() * 12 + i32::from(u8::from(day.month())) - 1 - months;
    let month = u8::try_from(index.rem_euclid(12) + 1).ok()?;
    let month = Month::try_from(month).ok()?;
    let year = index.div_euclid(12);
    let date = |day| Date::from_calendar_date(year, month, day).ok();
    date(day.day().min(month.length(year)))
}

fn end_of_month(day: Date) -> Date {
    day.replace_day(day.month().length(day.year())).unwrap_or(day)
}

/// What was chosen of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    Nothing,
    /// From and to.
    Flow(String, String),
    Service(String),
}

/// What is asked, checked.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) scope: Scope,
    /// Only flows with at least so many referrals; none where nobody said how many.
    pub(super) min: Option<i64>,
    pub(super) measure: Measure,
    pub(super) comparison: Option<(Comparison, Period)>,
    pub(super) choice: Choice,
    /// In which it is told.
    pub(super) language: Language,
    /// Days that were named: those that were not follow the calendar.
    named: (Option<Date>, Option<Date>),
    today: Date,
}

impl Asked {
    /// `None` where it cannot be understood.
    pub(super) fn of(
        wanted: &Wanted,
        now: OffsetDateTime,
        role: Role,
        language: Language,
    ) -> Option<Self> {
        let day = |text: Option<&String>| {
            given(text).map(|text| Date::parse(text, &Iso8601::DATE)).transpose().ok()
        };
        let (from, to) = (day(wanted.dal.as_ref())?, day(wanted.al.as_ref())?);
        let ats = given(wanted.ats.as_ref()).map(Ats::try_new).transpose().ok()?;
        let period = Period::asked(from, to, now, role).ok()?;
        let min = given(wanted.min.as_ref()).map(str::parse::<i64>).transpose().ok()?;
        if min.is_some_and(|min| !(1..=MIN_MAX).contains(&min)) {
            return None;
        }
        let measure = match given(wanted.misura.as_ref()) {
            Some(code) => Measure::ALL.into_iter().find(|measure| measure.code() == code)?,
            None => Measure::Volume,
        };
        let comparison = match given(wanted.confronta.as_ref()) {
            Some(code) => Some(Comparison::ALL.into_iter().find(|one| one.code() == code)?),
            None => None,
        };
        let comparison = match comparison {
            Some(one) => Some((one, one.period(period, now, role)?)),
            None => None,
        };
        Some(Self {
            scope: Scope { period, ats, protected: !sees_persons(role) },
            min,
            measure,
            comparison,
            choice: choice(wanted)?,
            language,
            named: (from, to),
            today: rome::day_of(now),
        })
    }

    /// How what is counted is written for whoever asks.
    pub(super) fn figures(&self) -> Figures {
        Figures(self.language)
    }

    /// The period that this one is compared with, as it is read.
    pub(super) fn other(&self) -> Option<Scope> {
        self.comparison.map(|(_, period)| Scope { period, ..self.scope.clone() })
    }

    /// What the form carries on: what was chosen, and what is written on the flows.
    pub(super) fn carried(&self) -> Vec<(&'static str, String)> {
        let mut carried = self.choice.fields();
        if self.measure != Measure::Volume {
            carried.push(("misura", self.measure.code().into()));
        }
        carried
    }

    /// The address of the page, with something else chosen.
    pub(super) fn choosing(&self, choice: Choice) -> String {
        Self { choice, ..self.clone() }.address(PATH)
    }

    pub(super) fn measuring(&self, measure: Measure) -> String {
        Self { measure, ..self.clone() }.address(PATH)
    }

    pub(super) fn with_at_least(&self, min: Option<i64>) -> String {
        Self { min, ..self.clone() }.address(PATH)
    }

    /// The address of the same in another year; in the present one, until today.
    pub(super) fn of_year(&self, year: i32) -> String {
        let day = |month, day| Date::from_calendar_date(year, month, day).ok();
        let last = day(Month::December, 31).filter(|last| *last < self.today);
        Self { named: (day(Month::January, 1), last), min: None, ..self.clone() }.address(PATH)
    }

    /// The address of the same elsewhere: the page itself, or a file of it.
    pub(super) fn address(&self, path: &str) -> String {
        let mut fields: Vec<(&str, String)> = Vec::new();
        let days = [("dal", self.named.0), ("al", self.named.1)];
        fields.extend(days.into_iter().filter_map(|(name, day)| Some((name, day?.to_string()))));
        fields.extend(self.scope.ats.iter().map(|ats| ("ats", ats.to_string())));
        fields.extend(self.min.iter().map(|min| ("min", min.to_string())));
        fields.extend(self.comparison.iter().map(|(one, _)| ("confronta", one.code().to_owned())));
        fields.extend(self.carried());
        let mut address = path.to_owned();
        for (index, (name, value)) in fields.into_iter().enumerate() {
            let between = if index == 0 { '?' } else { '&' };
            // Writing to a String cannot fail.
            let _ = write!(address, "{between}{name}={}", encode(&value));
        }
        address
    }
}

impl Choice {
    fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Flow(from, to) => vec![("da", from.clone()), ("a", to.clone())],
            Self::Service(service) => vec![("servizio", service.clone())],
        }
    }
}

fn choice(wanted: &Wanted) -> Option<Choice> {
    let node = |text: &str| {
        (text == trama_projections::network::EXTERNAL || text.parse::<Uuid>().is_ok())
            .then(|| text.to_owned())
    };
    match (given(wanted.da.as_ref()), given(wanted.a.as_ref()), given(wanted.servizio.as_ref())) {
        (None, None, None) => Some(Choice::Nothing),
        (Some(from), Some(to), None) => Some(Choice::Flow(node(from)?, node(to)?)),
        (None, None, Some(service)) => Some(Choice::Service(node(service)?)),
        (Some(_) | None, Some(_) | None, Some(_) | None) => None,
    }
}

/// An empty field asks for nothing.
fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
