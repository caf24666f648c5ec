//! `/api/projections/moves`: which entries were moved or taken back, for the auditor alone.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_platform::Problem;
use trama_platform::access::{Decision, Entry};
use trama_platform::caller::Caller;
use trama_platform::clock::real_now;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use utoipa::{IntoParams, ToSchema};

use crate::ReadModels;
use crate::fence::Sight;

/// Moves in an answer, unless asked otherwise, and at most.
const LIMIT: i64 = 100;
const LIMIT_MAX: i64 = 500;
/// What somebody sees who reads here, as the access log names it.
const SECTION: &str = "reattributions";

/// Reading which entries were moved.
pub const READ: Action = Action {
    name: "moves.read",
    roles: &[Role::Auditor],
    why: "only the data protection officer sees that an entry stood on a wrong person (domain §3)",
    second_factor: false,
};

/// An entry that was moved or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Moved {
    /// Position in intake's log: later moves have greater ones.
    pub position: i64,
    /// The entry: the id of the event that began it.
    pub entry: String,
    /// On whom it stood, when on anybody.
    pub from: Option<PersonId>,
    /// On whom it stands since; none when its author took it back.
    pub to: Option<PersonId>,
    /// Who moved it.
    pub by: StaffId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// When: until then whoever read `from` saw it there.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Why; none when its author took it back.
    pub reason: Option<String>,
}

/// Moves of entries away from a record or to it, the oldest first, after a position. There are none
/// but for an auditor.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn moves(
    pool: &PgPool,
    caller: &Caller,
    person: PersonId,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Moved>> {
    let find = "select position, entry, from_person, to_person, actor, organisation, recorded_at, \
            reason from journey.moves \
         where (from_person = $1 or to_person = $1) and position > $2 order by position limit $3";
    let mut rows = Sight::of(caller).and_named([person]).begin(pool).await?;
    let asked = sqlx::query(find).bind(person.0).bind(after).bind(limit);
    let found = asked.fetch_all(&mut *rows).await?;
    found.iter().map(read_row).collect()
}

fn read_row(row: &PgRow) -> sqlx::Result<Moved> {
    let person = |column| row.try_get::<Option<_>, _>(column).map(|id| id.map(PersonId));
    Ok(Moved {
        position: row.try_get("position")?,
        entry: row.try_get("entry")?,
        from: person("from_person")?,
        to: person("to_person")?,
        by: StaffId(row.try_get("actor")?),
        organisation: OrganisationId(row.try_get("organisation")?),
        at: row.try_get("recorded_at")?,
        reason: row.try_get("reason")?,
    })
}

/// Of which record moves are asked for.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The record from which, or to which, entries were moved.
    person: PersonId,
    /// `next` of the answer before.
    after: Option<i64>,
    /// Moves in the answer, 1 to 500; 100 without.
    limit: Option<i64>,
}

/// Entries that were moved away from a record or to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct MovesPage {
    /// The oldest first.
    moves: Vec<Moved>,
    /// What to give as `after` for the next page; none on the last.
    next: Option<i64>,
}

/// Entries that were moved away from a record or to it. That they were read is recorded.
#[utoipa::path(get, path = "/api/projections/moves", tag = "projections", params(Wanted),
    responses((status = 200, body = MovesPage)))]
pub(super) async fn read(
    State(models): State<ReadModels>,
    reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<MovesPage>, Problem> {
    let bad = |code, detail: String| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    let Query(wanted) = wanted.map_err(|error| bad("bad_query", error.body_text()))?;
    let limit = wanted.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(bad("bad_limit", format!("limit is 1 to {LIMIT_MAX}")));
    }
    recorded(&reader, wanted.person).await?;
    let after = wanted.after.unwrap_or(0);
    let found = moves(&models.pool, &reader.caller, wanted.person, after, limit + 1).await;
    let mut found = found.map_err(super::http::unread)?;
    let more = i64::try_from(found.len()).is_ok_and(|count| count > limit);
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|last| last.position);
    Ok(Json(MovesPage { moves: found, next }))
}

/// Written down before anything is shown; refused, and that too is written down, unless it is for
/// audit.
async fn recorded(reader: &Reader, person: PersonId) -> Result<(), Problem> {
    let audit = reader.caller.purpose == Purpose::Audit;
    let decision = if audit { Decision::Allowed } else { Decision::Denied };
    let caller = &reader.caller;
    let look = Entry {
        person: Some(person),
        sections: vec![SECTION.to_owned()],
        policies: vec![READ.name.to_owned()],
        explained: true,
        decision,
        ..Entry::by(caller, &caller.session, READ.name, real_now())
    };
    reader.gate().access().write(look).await?;
    if audit {
        return Ok(());
    }
    let detail = "moves are read for audit only: send the header Purpose: audit";
    Err(Problem::new(StatusCode::FORBIDDEN, "purpose_may_not", detail))
}
