//! `/api/projections/journeys` and `/api/projections/persons`: translates, decides nothing.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::PersonId;
use trama_events::short_code::ShortCode;
use trama_platform::caller::Caller;
use trama_platform::doors::{Action, Doors, Gate};
use trama_platform::failure::Never;
use trama_platform::gate::Reader;
use trama_platform::permit::Deed;
use trama_platform::{Failure, Problem};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

use super::audit;
use super::load::{self, Asked};
use super::sections::SECTIONS;
use super::view::Journey;
use crate::ReadModels;

/// Entries in an answer, unless asked otherwise, and at most.
const LIMIT: usize = 100;
const LIMIT_MAX: usize = 500;

/// Reading a person's journey.
pub const READ: Action = Action {
    name: "journey.read",
    roles: &[
        Role::CaseManager,
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::HealthDistrictOperator,
        Role::Guardian,
    ],
    why: "workers who take people in charge, receive them, meet them in the street or about them, \
          and guardians, see what was done",
    second_factor: false,
};

/// Whether somebody may open journeys, and so hear that one changed.
pub(crate) fn may_read(caller: &Caller) -> bool {
    READ.roles.contains(&caller.role)
}

pub(super) fn doors(gate: &Gate) -> Doors<ReadModels> {
    Doors::new(gate)
        .door(READ, routes!(read))
        .door(READ, routes!(by_code))
        .door(audit::READ, routes!(audit::read))
}

/// How a journey is read.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// What did we know at this moment (RFC 3339).
    recorded_by: Option<String>,
    /// What had happened by the end of this day (2025-01-31).
    occurred_by: Option<String>,
    /// Id of the last entry seen: `next` of the answer before.
    after: Option<String>,
    /// Entries in the answer, 1 to 500; 100 without.
    limit: Option<usize>,
}

/// A page of a journey. Spans and situations are whole on every page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct JourneyPage {
    /// The journey, with one page of its entries.
    #[serde(flatten)]
    journey: Journey,
    /// Entries in the whole journey.
    entries_total: usize,
    /// What to give as `after` for the next page; none on the last.
    next: Option<String>,
}

/// A person's journey across services, on either clock.
#[utoipa::path(get, path = "/api/projections/journeys/{person}", tag = "projections",
    params(("person" = PersonId, Path), Wanted), responses((status = 200, body = JourneyPage)))]
async fn read(
    State(models): State<ReadModels>,
    reader: Reader,
    person: Result<Path<PersonId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<JourneyPage>, Problem> {
    let Path(person) = person.map_err(|_| Problem::not_found())?;
    let Query(wanted) = wanted.map_err(|error| bad("bad_query", error.body_text()))?;
    let asked = Asked {
        recorded_by: wanted.recorded_by.as_deref().map(moment).transpose()?,
        occurred_by: wanted.occurred_by.as_deref().map(day).transpose()?,
    };
    let limit = wanted.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(bad("bad_limit", format!("limit is 1 to {LIMIT_MAX}")));
    }
    let opened = reader.open(person, &SECTIONS).await?;
    let journey = load::journey(&models.pool, person, asked, &opened).await.map_err(unread)?;
    let journey = journey.map_err(|_| Problem::not_found())?;
    page(journey, wanted.after.as_deref(), limit).map(Json)
}

fn page(mut journey: Journey, after: Option<&str>, limit: usize) -> Result<JourneyPage, Problem> {
    let entries_total = journey.entries.len();
    let seen = match after {
        None => 0,
        Some(id) => {
            1 + journey.entries.iter().position(|entry| entry.id == id).ok_or_else(|| {
                bad("bad_after", "after is the `next` of an answer to the same question".to_owned())
            })?
        }
    };
    let left = entries_total - seen;
    journey.entries = journey.entries.into_iter().skip(seen).take(limit).collect();
    let next = journey.entries.last().filter(|_| left > limit).map(|entry| entry.id.clone());
    Ok(JourneyPage { journey, entries_total, next })
}

/// A record that a short code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonRecord {
    /// The record.
    pub person: PersonId,
    /// The record in front of those that are the same person.
    pub canonical: PersonId,
}

/// Whom a short code names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CodeView {
    /// The code as it is written.
    pub code: String,
    /// Who has it; as a rule one.
    pub persons: Vec<PersonRecord>,
}

/// Finds a person by the short code by which people speak of her.
#[utoipa::path(get, path = "/api/projections/persons/{code}", tag = "projections",
    params(("code" = String, Path)), responses((status = 200, body = CodeView)))]
async fn by_code(
    State(models): State<ReadModels>,
    reader: Reader,
    Path(code): Path<String>,
) -> Result<Json<CodeView>, Problem> {
    let code: ShortCode = code.parse().map_err(|error| bad("bad_code", format!("{error}")))?;
    let found = load::persons_by_code(&models.pool, &code).await.map_err(unread)?;
    let found = listable(&reader, found).await?;
    if found.is_empty() {
        return Err(Problem::not_found());
    }
    let persons = found.into_iter().map(|(person, canonical)| PersonRecord { person, canonical });
    Ok(Json(CodeView { code: code.as_str().to_owned(), persons: persons.collect() }))
}

/// Those of whom the reader may know that they are there. Where the code names nobody, as much is
/// asked and written down.
///
/// # Errors
///
/// 503 when nobody can say who may, or when it cannot be written down.
pub async fn listable(
    reader: &Reader,
    found: Vec<(PersonId, PersonId)>,
) -> Result<Vec<(PersonId, PersonId)>, Problem> {
    const NOBODY: PersonId = PersonId(uuid::Uuid::nil());
    if found.is_empty() {
        let _ = may_list(reader, NOBODY).await?;
    }
    let mut listed = Vec::with_capacity(found.len());
    for (person, canonical) in found {
        if may_list(reader, person).await? {
            listed.push((person, canonical));
        }
    }
    Ok(listed)
}

async fn may_list(reader: &Reader, person: PersonId) -> Result<bool, Problem> {
    match reader.may_with(person, Deed::List).await {
        Ok(_) => Ok(true),
        Err(problem) if problem.status == StatusCode::NOT_FOUND.as_u16() => Ok(false),
        Err(problem) => Err(problem),
    }
}

fn bad(code: &str, detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}

/// A plus sign in a query arrives as a space.
fn moment(text: &str) -> Result<OffsetDateTime, Problem> {
    OffsetDateTime::parse(&text.replace(' ', "+"), &Rfc3339).map_err(|_| {
        bad("bad_recorded_by", "recorded_by is a moment, e.g. 2025-01-08T23:10:00+01:00".to_owned())
    })
}

fn day(text: &str) -> Result<Date, Problem> {
    Date::parse(text, &Iso8601::DATE)
        .map_err(|_| bad("bad_occurred_by", "occurred_by is a day, e.g. 2025-01-31".to_owned()))
}

/// A model that was never built cannot be read yet: that is an outage, not a fault.
pub(super) fn unread(error: sqlx::Error) -> Problem {
    let missing = matches!(&error, sqlx::Error::Database(error)
        if matches!(error.code().as_deref(), Some("42P01" | "3F000")));
    if missing {
        Failure::<Never>::Unavailable.into()
    } else {
        Failure::<Never>::from(error).into()
    }
}
