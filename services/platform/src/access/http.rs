//! `/api/access`: who looked at whom, for the auditor and for the person; and one's own looks. Reading
//! the access log is itself recorded, before anything is shown.

mod extract;
mod joined;
mod register;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{PersonId, StaffId};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entry::{Decision, Entry};
use super::read::{AccessReader, Between, LIMIT_MAX, Of, Page, Paged, Row, Sight};
use super::unusual::Unusual;
use crate::clock::real_now;
use crate::doors::{Action, Door, Doors, Gate};
use crate::failure::{Failure, Never, Problem};
use crate::gate::Reader;

/// Items of a page, unless asked otherwise.
const LIMIT: i64 = 100;
/// How far back what is unusual is looked for, unless asked otherwise.
const RECENT: Duration = Duration::days(7);
/// The section that somebody sees who reads here.
const SECTION: &str = "access_log";

/// Reading who looked at whom.
const READ: Action = Action {
    name: "access.read",
    roles: &[Role::Auditor],
    why: "the data protection officer controls who looks at whom; whoever runs the machine does not",
    second_factor: false,
};

/// Reading one's own looks.
const OWN: Action = Action {
    name: "access.own",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::Volunteer,
        Role::CsmOperator,
        Role::SerdOperator,
        Role::LabourOperator,
        Role::MinorsWorker,
        Role::HubProfessional,
        Role::RegistryClerk,
        Role::HealthDistrictOperator,
        Role::MailOperator,
        Role::Guardian,
        Role::PlanOffice,
        Role::Auditor,
    ],
    why: "everybody who may look at people sees what is recorded of it",
    second_factor: false,
};

impl AccessReader {
    /// The doors of the access log, under `/api/access`.
    pub fn doors(&self, gate: &Gate) -> (OpenApiRouter, Vec<Door>) {
        Doors::new(gate)
            .door(extract::READ, routes!(extract::read))
            .door(READ, routes!(staff))
            .door(READ, routes!(unusual))
            .door(READ, routes!(register::rows))
            .door(READ, routes!(register::chain))
            .door(joined::READ, routes!(joined::read))
            .door(OWN, routes!(mine))
            .finish(self.clone())
    }
}

/// Refuses, and records the refusal, whom the policies do not let audit, and whatever is not asked
/// for audit.
async fn for_audit(reader: &Reader, person: Option<PersonId>) -> Result<(), Problem> {
    let decided = reader.may_audit();
    if decided.allowed && reader.caller.purpose == Purpose::Audit {
        return Ok(());
    }
    let refused = Entry { person, decision: Decision::Denied, ..look(reader) };
    reader.gate().access().write(refused).await?;
    let detail = "the access log is read for audit only: send the header Purpose: audit";
    Err(Problem::new(StatusCode::FORBIDDEN, "purpose_may_not", detail))
}

/// Records that an answer shows these people, before it leaves.
async fn shown(reader: &Reader, persons: &[PersonId], listed: bool) -> Result<(), Problem> {
    let about = |person| Entry { person, listed, decision: Decision::Allowed, ..look(reader) };
    let entries = match persons {
        [] => vec![about(None)],
        persons => persons.iter().map(|person| about(Some(*person))).collect(),
    };
    reader.gate().access().write_all(entries).await?;
    Ok(())
}

/// A look into the access log. The reader's task explains it.
fn look(reader: &Reader) -> Entry {
    let action = reader.action.name;
    Entry {
        sections: vec![SECTION.to_owned()],
        policies: vec![action.to_owned()],
        explained: true,
        ..Entry::by(&reader.caller, &reader.caller.session, action, real_now())
    }
}

/// How a part of the log is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// From this moment (RFC 3339): an extract from 24 months ago, the others from a week ago.
    from: Option<String>,
    /// Until this moment, which is excluded; now, without.
    to: Option<String>,
    /// `next` of the answer before.
    after: Option<i64>,
    /// Items in the answer, 1 to 500; 100 without.
    limit: Option<i64>,
}

impl Wanted {
    fn page(&self) -> Result<Page, Problem> {
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(bad("bad_limit", format!("limit is 1 to {LIMIT_MAX}")));
        }
        Ok(Page { after: self.after, limit })
    }

    fn between(&self, back: Duration) -> Result<Between, Problem> {
        // What is written while this is read belongs to it.
        let to = self.to.as_deref().map_or_else(|| Ok(real_now() + Duration::MINUTE), moment)?;
        let from = self.from.as_deref().map_or_else(|| Ok(real_now() - back), moment)?;
        if from >= to {
            return Err(bad("bad_time", "from is before to".to_owned()));
        }
        Ok(Between { from, to })
    }
}

/// What one worker looked at and was refused, the newest first.
#[utoipa::path(get, path = "/api/access/staff/{staff}", tag = "access",
    params(("staff" = StaffId, Path), Wanted), responses((status = 200, body = Paged<Row>)))]
async fn staff(
    State(log): State<AccessReader>,
    reader: Reader,
    staff: Result<Path<StaffId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Paged<Row>>, Problem> {
    let Path(staff) = staff.map_err(|_| Problem::not_found())?;
    let Query(wanted) = wanted.map_err(bad_query)?;
    let (between, page) = (wanted.between(RECENT)?, wanted.page()?);
    for_audit(&reader, None).await?;
    let found = log.by_staff(staff, between, page).await.map_err(unread)?;
    let persons = different(found.items.iter().filter_map(|row| row.person));
    shown(&reader, &persons, true).await?;
    Ok(Json(found))
}

/// What is unusual, the oldest first, and whose openings could not be compared by surname. A part
/// may be empty and not the last.
#[utoipa::path(get, path = "/api/access/unusual", tag = "access", params(Wanted),
    responses((status = 200, body = Unusual)))]
async fn unusual(
    State(log): State<AccessReader>,
    reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Unusual>, Problem> {
    let Query(wanted) = wanted.map_err(bad_query)?;
    let (between, page) = (wanted.between(RECENT)?, wanted.page()?);
    for_audit(&reader, None).await?;
    let found = log.unusual(between, page).await.map_err(unread)?;
    let persons = different(found.items.iter().filter_map(|finding| finding.person));
    shown(&reader, &persons, true).await?;
    Ok(Json(found))
}

/// One look of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
struct OwnLook {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    /// At whom; nobody for a search.
    person: Option<PersonId>,
    /// At which sections.
    sections: Vec<String>,
    /// For which purpose.
    purpose: String,
    /// The code of a reason that had to be given.
    reason: Option<String>,
    /// Whether it was an emergency access.
    emergency_access: bool,
}

/// What is recorded of one's own looks, the newest first. Refusals are not told: what is not
/// permitted looks like what does not exist, here too.
#[utoipa::path(get, path = "/api/access/mine", tag = "access", params(Wanted),
    responses((status = 200, body = Paged<OwnLook>)))]
async fn mine(
    State(log): State<AccessReader>,
    reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Paged<OwnLook>>, Problem> {
    let Query(wanted) = wanted.map_err(bad_query)?;
    let (between, page) = (wanted.between(RECENT)?, wanted.page()?);
    let hers = Of::Staff(reader.caller.staff);
    let sight = Sight { allowed_only: true, ..Sight::default() };
    let found = log.newest(hers, &sight, between, page).await.map_err(unread)?;
    shown(&reader, &[], true).await?;
    let own = |row: Row| OwnLook {
        at: row.at,
        person: row.person,
        sections: row.sections,
        purpose: row.purpose,
        reason: row.reason,
        emergency_access: row.forced,
    };
    Ok(Json(Paged { items: found.items.into_iter().map(own).collect(), next: found.next }))
}

fn different(persons: impl Iterator<Item = PersonId>) -> Vec<PersonId> {
    let mut all: Vec<PersonId> = persons.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A plus sign in a query arrives as a space.
fn moment(text: &str) -> Result<OffsetDateTime, Problem> {
    OffsetDateTime::parse(&text.replace(' ', "+"), &Rfc3339).map_err(|_| {
        bad("bad_time", "from and to are moments, e.g. 2025-01-08T23:10:00+01:00".to_owned())
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn bad_query(rejection: QueryRejection) -> Problem {
    bad("bad_query", rejection.body_text())
}

fn bad(code: &str, detail: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}

fn unread(error: sqlx::Error) -> Problem {
    Failure::<Never>::from(error).into()
}
