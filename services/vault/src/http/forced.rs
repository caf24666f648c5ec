use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use trama_events::codes::{Purpose, Role, Section};
use trama_events::identity::{ForcedReason, ReviewFinding};
use trama_events::ids::{Ats, ForcedAccessId, OrganisationId, PersonId, StaffId};
use trama_platform::access::{Decision, Entry};
use trama_platform::clock::real_now;
use trama_platform::doors::{Action, Order};
use trama_platform::failure::Never;
use trama_platform::gate::{Forcing, Now, Reader};
use trama_platform::log::Done;
use trama_platform::permit::Relation;
use trama_platform::{Failure, Problem};
use utoipa::{IntoParams, ToSchema};

use crate::Vault;
use crate::forced::{Forced, REVIEW_HOURS, Review, Wish};
use crate::store::Value;

/// Accesses in one answer, at most.
const LIST_MAX: usize = 500;
/// What somebody sees who looks at an access by force.
const SECTION: &str = "forced_access";

/// Opening a record by force.
pub(super) const FORCE: Action = Action {
    name: "identity.force",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::MinorsWorker,
    ],
    why: "whoever meets people may have to act before anybody can be asked; others look at it",
    second_factor: false,
};

/// Looking at what was opened by force.
pub(super) const REVIEW: Action = Action {
    name: "identity.review_forced",
    roles: &[Role::CaseManager, Role::MinorsWorker, Role::PlanOffice, Role::Auditor],
    why: "whoever has the person in charge, or answers for the ATS, or the data protection officer",
    second_factor: false,
};

/// Reading one access by force, before somebody looked at it and after.
pub(super) const READ: Action = Action { name: "identity.forced_access", ..REVIEW };

/// Seeing what nobody looked at yet.
pub(super) const LIST: Action = Action {
    name: "identity.forced_accesses",
    roles: &[Role::Auditor],
    why: "the data protection officer sees every access by force that nobody looked at yet",
    second_factor: false,
};

/// A record to be opened by force, for an hour from now.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForceForm {
    /// Whose.
    person: PersonId,
    /// Which sections: what you need now and no more.
    sections: Vec<Section>,
    /// Why.
    reason: ForcedReason,
    /// Why, in your own words: 10 to 1,000 symbols. They are kept encrypted with her record.
    #[schema(value_type = String)]
    words: Value,
}

/// An access by force.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct ForcedView {
    #[serde(flatten)]
    done: Done,
    /// Until when.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    until: OffsetDateTime,
}

/// Opens sections of a record by force. The person in charge and the data protection officer are
/// told at once, and somebody else looks at it within 72 hours.
#[utoipa::path(post, path = "/api/identity/forced-accesses", tag = "identity",
    request_body = ForceForm, responses((status = 200, body = ForcedView)))]
pub(super) async fn force(
    State(vault): State<Vault>,
    reader: Reader,
    order: Order<ForceForm>,
) -> Result<Json<ForcedView>, Problem> {
    let ForceForm { person, sections, reason, words } = order.body;
    let wish = Wish { person, sections, reason, words };
    wish.check(order.now).map_err(Failure::Rejected)?;
    let forcing = Forcing {
        person,
        is_there: vault.has_record(person).await?,
        sections: wish.sections.clone(),
        reason: reason.into(),
        words: Vault::words_of(&order.asked, person),
    };
    reader.may_force(forcing).await?;
    let (done, until) = vault.force(&order.asked, wish, order.now).await?;
    Ok(Json(ForcedView { done, until }))
}

/// What was found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewForm {
    /// Whether it was right.
    finding: ReviewFinding,
    /// What you say of it, in your own words: 10 to 1,000 symbols. They are kept encrypted with her
    /// record, and the data protection officer reads them.
    #[schema(value_type = Option<String>)]
    words: Option<Value>,
}

/// Notes that you looked at an access by force, and what you found.
#[utoipa::path(post, path = "/api/identity/forced-accesses/{access}/review", tag = "identity",
    request_body = ReviewForm, params(("access" = ForcedAccessId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn review(
    State(vault): State<Vault>,
    reader: Reader,
    Path(access): Path<ForcedAccessId>,
    order: Order<ReviewForm>,
) -> Result<Done, Problem> {
    let forced = vault.forced(access).await.map_err(unread)?;
    let forced = hers(&reader, forced).await?;
    let ReviewForm { finding, words } = order.body;
    Ok(vault.review(&order.asked, &forced, finding, words).await?)
}

/// The access, when it is hers to look at; written down either way, before anything is shown.
async fn hers(reader: &Reader, forced: Option<Forced>) -> Result<Forced, Problem> {
    let answers = match &forced {
        Some(forced) => answers_for(reader, forced).await?,
        None => false,
    };
    let person = forced.as_ref().map(|forced| forced.opening.person);
    let decision = if answers { Decision::Allowed } else { Decision::Denied };
    let entry = Entry { person, decision, ..look(reader) };
    reader.gate().access().write(entry).await?;
    forced.filter(|_| answers).ok_or_else(Problem::not_found)
}

/// An access by force, for whoever answers for it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct AccessView {
    #[serde(flatten)]
    access: ForcedItem,
    /// What somebody found who looked at it; none before.
    review: Option<ReviewView>,
}

/// What somebody found who looked at it.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ReviewView {
    /// What.
    finding: ReviewFinding,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    at: OffsetDateTime,
    /// Who looked.
    staff: StaffId,
    /// For which organisation.
    organisation: OrganisationId,
    /// In which role.
    role: String,
    /// What she says of it, for herself and the data protection officer; none when she said
    /// nothing, or when it was erased.
    words: Option<String>,
}

/// One access by force, for whoever answers for it: before somebody looked at it, and after.
#[utoipa::path(get, path = "/api/identity/forced-accesses/{access}", tag = "identity",
    params(("access" = ForcedAccessId, Path)), responses((status = 200, body = AccessView)))]
pub(super) async fn read(
    State(vault): State<Vault>,
    reader: Reader,
    now: axum::Extension<Now>,
    Path(access): Path<ForcedAccessId>,
) -> Result<impl IntoResponse, Problem> {
    let forced = vault.forced(access).await.map_err(unread)?;
    let forced = hers(&reader, forced).await?;
    let review = reviewed(&vault, &reader, &forced).await?;
    let axum::Extension(Now(now)) = now;
    let mut access = item(forced, now);
    // A plan office answers for what was done, and sees no person.
    access.person = access.person.filter(|_| reader.caller.role != Role::PlanOffice);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(AccessView { access, review })))
}

async fn reviewed(
    vault: &Vault,
    reader: &Reader,
    forced: &Forced,
) -> Result<Option<ReviewView>, Problem> {
    let Some(review) = &forced.review else { return Ok(None) };
    let caller = &reader.caller;
    let words = if caller.role == Role::Auditor || caller.staff == review.by {
        vault.words_of_review(forced).await?
    } else {
        None
    };
    let Review { finding, at, by, organisation, role } = review.clone();
    let words = words.map(|words| words.expose().to_owned());
    Ok(Some(ReviewView { finding, at, staff: by, organisation, role, words }))
}

/// Whether it is hers to look at: the data protection officer's always; of whoever manages the
/// person's case; and of the plan office of the ATS on whose behalf it was opened, which answers
/// for it where nobody has her in charge.
async fn answers_for(reader: &Reader, forced: &Forced) -> Result<bool, Problem> {
    let caller = &reader.caller;
    if caller.role == Role::Auditor {
        return Ok(true);
    }
    if caller.role == Role::PlanOffice {
        return Ok(caller.ats == forced.ats);
    }
    let ties = reader.gate().ties(caller, forced.opening.person).await?;
    let in_charge = [Relation::CaseManager, Relation::Cover];
    Ok(ties.relations.iter().any(|relation| in_charge.contains(relation)))
}

/// Which accesses.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `true`, or left out: those that nobody looked at yet. The others are in the access log.
    open: Option<bool>,
}

/// Accesses by force that nobody looked at yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ForcedList {
    /// At most 500 of them, the oldest first.
    items: Vec<ForcedItem>,
    /// How many there are.
    count: usize,
}

/// One of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct ForcedItem {
    /// Its id.
    id: ForcedAccessId,
    /// Whose record; not said to a plan office.
    person: Option<PersonId>,
    /// Who opened it.
    staff: StaffId,
    /// For which organisation.
    organisation: OrganisationId,
    /// On behalf of which ATS.
    #[schema(value_type = String)]
    ats: Ats,
    /// In which role.
    role: String,
    /// Why; her own words stand in the person's record, and the access log says where.
    reason: ForcedReason,
    /// Which sections.
    sections: Vec<Section>,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    at: OffsetDateTime,
    /// Until when it is open.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    until: OffsetDateTime,
    /// By when somebody looks at it.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    review_by: OffsetDateTime,
    /// Whether that has passed, and nobody looked.
    overdue: bool,
}

/// Accesses by force that nobody looked at yet, for the data protection officer.
#[utoipa::path(get, path = "/api/identity/forced-accesses", tag = "identity", params(Wanted),
    responses((status = 200, body = ForcedList)))]
pub(super) async fn list(
    State(vault): State<Vault>,
    reader: Reader,
    now: axum::Extension<Now>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<impl IntoResponse, Problem> {
    let bad = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail);
    let Query(wanted) = wanted.map_err(|rejection| bad(rejection.body_text()))?;
    if wanted.open == Some(false) {
        return Err(bad("open is true: those that were looked at are in the access log".into()));
    }
    for_audit(&reader).await?;
    let (found, count) = vault.to_review(LIST_MAX).await.map_err(unread)?;
    written_down(&reader, &found).await?;
    let axum::Extension(Now(now)) = now;
    let items = found.into_iter().map(|forced| item(forced, now)).collect();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(ForcedList { items, count })))
}

fn item(forced: Forced, now: OffsetDateTime) -> ForcedItem {
    let Forced { opening, at, by, organisation, ats, role, review } = forced;
    let review_by = at.checked_add(Duration::hours(REVIEW_HOURS)).unwrap_or(at);
    ForcedItem {
        id: opening.access,
        person: Some(opening.person),
        staff: by,
        organisation,
        ats,
        role,
        reason: opening.reason,
        sections: opening.sections,
        at,
        until: opening.until,
        review_by,
        overdue: review.is_none() && review_by < now,
    }
}

/// Refuses, and writes the refusal down, what is not asked for audit.
async fn for_audit(reader: &Reader) -> Result<(), Problem> {
    if reader.caller.purpose == Purpose::Audit {
        return Ok(());
    }
    reader.gate().access().write(look(reader)).await?;
    let detail = "accesses by force are listed for audit only: send the header Purpose: audit";
    Err(Problem::new(StatusCode::FORBIDDEN, "purpose_may_not", detail))
}

/// Whoever is shown is written down before it leaves; also that there was nobody.
async fn written_down(reader: &Reader, found: &[Forced]) -> Result<(), Problem> {
    let about =
        |person| Entry { person, decision: Decision::Allowed, listed: true, ..look(reader) };
    let mut entries: Vec<Entry> =
        found.iter().map(|forced| about(Some(forced.opening.person))).collect();
    if entries.is_empty() {
        entries.push(about(None));
    }
    reader.gate().access().write_all(entries).await?;
    Ok(())
}

/// A look at an access by force. The reader's task explains it.
fn look(reader: &Reader) -> Entry {
    let action = reader.action.name;
    Entry {
        sections: vec![SECTION.to_owned()],
        policies: vec![action.to_owned()],
        explained: true,
        ..Entry::by(&reader.caller, &reader.caller.session, action, real_now())
    }
}

fn unread(error: sqlx::Error) -> Problem {
    Failure::<Never>::from(error).into()
}
