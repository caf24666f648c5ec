//! `/registro`: what the data protection officer controls. Who looked at which records, what of it is
//! unusual, how a person stood at a date, and what proves that the log is whole. What entries say is
//! never on these pages, and every reading is itself written down.

mod account;
mod chain;
mod rows;
mod unusual;
pub(crate) mod words;

use axum::http::StatusCode;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, Duration, OffsetDateTime, Time};
use trama_events::codes::Role;
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_events::short_code::ShortCode;
use trama_platform::doors::Action;
use trama_projections::journey::persons_by_code;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Words;

use crate::Console;
use crate::gate::{Visitor, encode};

pub(crate) use account::{Look, looks, show as account};
pub(crate) use chain::show as chain;
pub(crate) use rows::show as rows;
pub(crate) use unusual::show as unusual;

/// Looking through the register.
pub(crate) const AUDIT: Action = Action {
    name: "page.audit",
    roles: &[Role::Auditor],
    why: "the data protection officer controls who looks at whom; whoever runs the machine does not",
    second_factor: false,
};

/// Reconstructing how a person stood at a date.
pub(crate) const RECONSTRUCT: Action = Action {
    name: "page.reconstruct",
    roles: &[Role::Auditor],
    why: "the data protection officer finds out what was there and who opened it, and not what it says",
    second_factor: false,
};

/// Days of a page that names none.
const DAYS: i64 = 7;

/// One page of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaf {
    Rows,
    Unusual,
    Account,
    Chain,
    Person,
}

impl Leaf {
    const ALL: [Self; 5] = [Self::Rows, Self::Unusual, Self::Account, Self::Chain, Self::Person];

    fn href(self) -> &'static str {
        match self {
            Self::Rows => "/registro",
            Self::Unusual => "/registro/insoliti",
            Self::Account => "/registro/ricostruisci",
            Self::Chain => "/registro/integrita",
            Self::Person => "/accessi",
        }
    }

    fn label(self, words: &Words) -> String {
        match self {
            Self::Rows => words.audit_rows(),
            Self::Unusual => words.audit_unusual(),
            Self::Account => words.audit_account(),
            Self::Chain => words.audit_chain(),
            Self::Person => words.audit_person(),
        }
    }
}

/// A link to a page of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tab {
    label: String,
    href: &'static str,
    current: bool,
}

/// Why a page cannot be made of what was asked: a field and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wrong {
    field: &'static str,
    why: String,
}

impl Wrong {
    fn status(wrong: Option<&Self>) -> StatusCode {
        if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    }
}

fn tabs(words: &Words, current: Leaf) -> Vec<Tab> {
    let tab =
        |leaf: Leaf| Tab { label: leaf.label(words), href: leaf.href(), current: leaf == current };
    Leaf::ALL.into_iter().map(tab).collect()
}

fn frame(console: &Console, visitor: &Visitor, leaf: Leaf) -> Frame {
    let words = visitor.preferences.language.words();
    let title = leaf.label(words);
    let mut frame = console.frame(Some(visitor), &title, Some(Place::Accesses));
    frame.crumbs = vec![Crumb::to(&words.audit_title(), "/registro"), Crumb::here(&title)];
    frame
}

/// From a day until another, both of them included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    from: Date,
    to: Date,
}

impl Days {
    /// The days that were asked for; the last seven, without. Empty fields ask for none.
    fn asked(from: Option<&str>, to: Option<&str>, today: Date) -> Option<Self> {
        let day = |text: Option<&str>| {
            let text = text.filter(|text| !text.is_empty());
            text.map(|text| Date::parse(text, &Iso8601::DATE)).transpose().ok()
        };
        let (from, to) = (day(from)?, day(to)?);
        let to = to.unwrap_or(today);
        let from = from.unwrap_or_else(|| rome::days_after(to, 1 - DAYS));
        (from <= to && (1990..2100).contains(&from.year()) && to.year() < 2100)
            .then_some(Self { from, to })
    }

    /// As a door asks for them.
    fn query(self) -> String {
        let moment = |at: OffsetDateTime| encode(&at.format(&Rfc3339).unwrap_or_default());
        let begin = rome::at(self.from, Time::MIDNIGHT);
        format!("from={}&to={}", moment(begin), moment(after(self.to)))
    }
}

/// The first moment after a day.
fn after(day: Date) -> OffsetDateTime {
    rome::at(rome::days_after(day, 1), Time::MIDNIGHT)
}

/// The last moment of a day.
pub(crate) fn end_of(day: Date) -> OffsetDateTime {
    after(day) - Duration::MICROSECOND
}

/// Why a code names nobody.
enum NoPerson {
    NotACode,
    Nobody,
    Unread(sqlx::Error),
}

/// Whom a short code names.
async fn person_of(console: &Console, typed: &str) -> Result<PersonId, NoPerson> {
    let code: ShortCode = typed.parse().map_err(|_| NoPerson::NotACode)?;
    let found = persons_by_code(&console.models.pool, &code).await.map_err(NoPerson::Unread)?;
    found.first().map(|(person, _)| *person).ok_or(NoPerson::Nobody)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn without_days_the_last_seven_are_shown_and_days_that_are_none_are_not_understood() {
        let today = date!(2026 - 11 - 22);
        let week = Days { from: date!(2026 - 11 - 16), to: today };
        assert_eq!(Days::asked(None, Some(""), today), Some(week));
        let one = Days { from: date!(2026 - 03 - 01), to: date!(2026 - 03 - 01) };
        assert_eq!(Days::asked(Some("2026-03-01"), Some("2026-03-01"), today), Some(one));
        for (from, to) in
            [("2026-03-02", "2026-03-01"), ("2026-3-1", ""), ("ieri", ""), ("1900-01-01", "")]
        {
            assert_eq!(Days::asked(Some(from), Some(to), today), None, "{from} {to}");
        }
    }

    #[test]
    fn days_are_those_of_rome_in_winter_and_in_summer() {
        let days = Days { from: date!(2026 - 01 - 10), to: date!(2026 - 07 - 10) };
        assert_eq!(days.query(), "from=2026-01-09T23%3a00%3a00Z&to=2026-07-10T22%3a00%3a00Z");
    }
}
