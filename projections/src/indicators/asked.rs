//! What a reader of figures asks, and what every answer with figures says beside them.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Row};
use time::{Date, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::Ats;
use trama_events::{Context, rome};
use trama_platform::gate::Reader;
use trama_platform::permit::Figure;
use trama_platform::{Failure, Never, Problem};
use utoipa::ToSchema;

/// Longest period of a figure, in days: twenty years.
const PERIOD_DAYS_MAX: i64 = 7_305;
/// Days of a period that nobody named.
const PERIOD_DAYS: i64 = 365;

/// Query parameters, strict: one that a door does not have is refused with a sentence.
#[derive(Debug)]
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        query.map(|Query(asked)| Self(asked)).map_err(|error| bad_query(&error.body_text()))
    }
}

/// 400: the query does not fit.
pub(crate) fn bad_query(why: &str) -> Problem {
    let detail = format!("the query does not fit this door: {why}; days are written 2025-01-31");
    Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail)
}

/// A row limit within its bounds.
pub(crate) fn limit(asked: Option<i64>, default: i64) -> Result<i64, Problem> {
    match asked.unwrap_or(default) {
        limit @ 1..=500 => Ok(limit),
        _ => Err(bad_query("limit is a number from 1 to 500")),
    }
}

/// A window of days in Rome, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Period {
    /// The period asked for; without one, the year that ends today. Who may not see persons asks
    /// for whole months: a day more or less would tell what was done on one day.
    ///
    /// # Errors
    ///
    /// 400: the days do not fit.
    pub fn asked(
        from: Option<Date>,
        to: Option<Date>,
        now: OffsetDateTime,
        role: Role,
    ) -> Result<Self, Problem> {
        let (today, whole) = (rome::day_of(now), !sees_persons(role));
        let to = to.unwrap_or(today);
        let year = rome::days_after(to, 1 - PERIOD_DAYS);
        let from = from.unwrap_or(if whole { next_month(year) } else { year });
        let cut = from.day() != 1 || (to != today && rome::days_after(to, 1).day() != 1);
        if whole && cut {
            return Err(bad_query(
                "your role sees figures of whole months: from is the first day of a month, to is \
                 the last day of one or today",
            ));
        }
        if from > to {
            return Err(bad_query("from lies after to"));
        }
        if (to - from).whole_days() >= PERIOD_DAYS_MAX {
            return Err(bad_query("a period has at most twenty years"));
        }
        Ok(Self { from, to })
    }

    /// Its months as `2025-01`, those that it cuts included.
    pub(crate) fn months(self) -> Vec<String> {
        let index = |day: Date| day.year() * 12 + i32::from(u8::from(day.month())) - 1;
        let name =
            |month: i32| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1);
        (index(self.from)..=index(self.to)).map(name).collect()
    }
}

/// The first day of the month after a day's, or the day itself where it is a first one.
fn next_month(day: Date) -> Date {
    (0..31).map(|days| rome::days_after(day, days)).find(|day| day.day() == 1).unwrap_or(day)
}

/// What figures are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Which days.
    pub period: Period,
    /// Which ATS; `None` for the metropolitan level.
    pub ats: Option<Ats>,
    /// Whether cells under five are hidden, because the reader may not see persons.
    pub protected: bool,
}

impl Scope {
    /// The ATS as the queries want it.
    pub(crate) fn slug(&self) -> Option<&str> {
        self.ats.as_ref().map(Ats::as_str)
    }
}

/// `ats` or `metropolitan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// One ATS.
    Ats,
    /// The whole network.
    Metropolitan,
}

impl Level {
    pub(crate) fn of(ats: Option<&Ats>) -> Self {
        if ats.is_some() { Self::Ats } else { Self::Metropolitan }
    }
}

/// Whether a role may see persons; who may not gets figures with small cells hidden.
pub fn sees_persons(role: Role) -> bool {
    match role {
        Role::InfoDesk
        | Role::OutreachWorker
        | Role::EmergencyWorker
        | Role::CaseManager
        | Role::FacilityOperator
        | Role::CsmOperator
        | Role::SerdOperator
        | Role::LabourOperator
        | Role::MinorsWorker
        | Role::HubProfessional
        | Role::RegistryClerk
        | Role::HealthDistrictOperator => true,
        Role::Volunteer
        | Role::PlanOffice
        | Role::SteeringBoard
        | Role::Auditor
        | Role::Administrator
        | Role::ExternalSystem
        | Role::MailOperator
        | Role::Guardian
        | Role::CourtOperator => false,
    }
}

/// How far a model had come in each context's log.
pub type Positions = BTreeMap<Context, i64>;

/// Positions of a model, in the transaction that reads its figures.
pub(crate) async fn positions(rows: &mut PgConnection, model: &str) -> sqlx::Result<Positions> {
    let query = format!("select context, position from {model}.positions");
    let found = sqlx::query(&query).fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| {
            let context: String = row.try_get("context")?;
            let context =
                context.parse().map_err(|_| sqlx::Error::Decode("unknown context".into()))?;
            Ok((context, row.try_get("position")?))
        })
        .collect()
}

/// Whether the policies let her see figures of this scope. None of them measures a worker.
///
/// # Errors
///
/// 403 when they do not, and 503 when that cannot be written down.
pub async fn may_see(reader: &Reader, scope: &Scope) -> Result<(), Problem> {
    reader.may_see(&Figure { worker: None, small_cells_hidden: scope.protected }).await
}

/// A model that was never built cannot answer yet.
pub(crate) fn failure(error: sqlx::Error) -> Failure<Never> {
    let unbuilt = error
        .as_database_error()
        .is_some_and(|error| matches!(error.code().as_deref(), Some("42P01" | "3F000")));
    if unbuilt { Failure::Unavailable } else { Failure::from_sqlx(error) }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use time::macros::{date, datetime};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Days {
        from: Option<Date>,
        ats: Option<Ats>,
    }

    async fn asked(query: &str) -> Result<Days, Problem> {
        let uri = format!("/api/projections/network?{query}");
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        Asked::from_request_parts(&mut parts, &()).await.map(|Asked(days)| days)
    }

    #[tokio::test]
    async fn a_query_says_days_and_an_ats_and_nothing_else() {
        let days = asked("from=2025-01-31&ats=gioia-del-colle").await.unwrap();
        assert_eq!(days.from, Some(date!(2025 - 01 - 31)));
        assert_eq!(days.ats, Some(Ats::try_new("gioia-del-colle").unwrap()));
        for wrong in ["form=2025-01-31", "from=31.1.2025", "from=", "ats=Bari!", "from=2025-02-30"]
        {
            let problem = asked(wrong).await.unwrap_err();
            assert_eq!((problem.status, problem.code.as_str()), (400, "bad_query"), "{wrong}");
        }
    }

    #[test]
    fn a_period_without_days_is_the_year_that_ends_today_in_rome() {
        let period =
            Period::asked(None, None, datetime!(2025-06-30 22:30 UTC), Role::InfoDesk).unwrap();
        assert_eq!(period, Period { from: date!(2024 - 07 - 02), to: date!(2025 - 07 - 01) });
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_refused() {
        let backwards = Period::asked(
            Some(date!(2025 - 02 - 01)),
            Some(date!(2025 - 01 - 01)),
            datetime!(2025-06-30 12:00 UTC),
            Role::InfoDesk,
        );
        assert_eq!(backwards.unwrap_err().code, "bad_query");
    }

    #[test]
    fn who_may_not_see_persons_asks_for_whole_months() {
        let now = datetime!(2025-06-17 12:00 UTC);
        let asked = |from, to, role| Period::asked(from, to, now, role);
        let first = Some(date!(2025 - 02 - 01));
        for (from, to, fits) in [
            (None, None, true),
            (None, Some(date!(2025 - 02 - 28)), true),
            (first, None, true),
            (first, Some(date!(2025 - 06 - 17)), true),
            (first, Some(date!(2025 - 03 - 31)), true),
            (first, Some(date!(2025 - 03 - 30)), false),
            (first, Some(date!(2025 - 06 - 16)), false),
            (Some(date!(2025 - 02 - 02)), None, false),
        ] {
            let whole = asked(from, to, Role::PlanOffice);
            assert_eq!(whole.is_ok(), fits, "{from:?} {to:?}");
            assert!(asked(from, to, Role::CaseManager).is_ok(), "{from:?} {to:?}");
            if let Err(problem) = whole {
                assert!(problem.status == 400 && problem.detail.contains("whole months"));
            }
        }
        assert_eq!(asked(None, None, Role::Auditor).unwrap().from, date!(2024 - 07 - 01));
    }

    #[test]
    fn a_period_names_every_month_that_it_touches() {
        let period = Period { from: date!(2021 - 12 - 10), to: date!(2022 - 03 - 15) };
        assert_eq!(period.months(), ["2021-12", "2022-01", "2022-02", "2022-03"]);
    }
}
