//! `/verifiche/{access}`: an access by force, for whoever answers for it: what was opened, why, and
//! the two findings. Nobody looks at her own.

mod view;

use std::collections::BTreeMap;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use trama_events::codes::{IdentityField, Purpose, Role, Section};
use trama_events::identity::{ForcedReason, ReviewFinding};
use trama_events::ids::{ForcedAccessId, OrganisationId, PersonId, StaffId};
use trama_platform::clock::random_id;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use trama_platform::{Failure, Never, Problem};
use trama_projections::inbox::{self, Item, Kind, List, inbox};
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Words;

use crate::api::Api;
use crate::gate::{Sent, Visitor, encode};
use crate::told::Wrong;
use crate::{Console, answer, names, refusals};
use view::{Done, Page};

/// Looking at what was opened by force.
pub(crate) const REVIEW: Action = Action {
    name: "page.review_forced",
    roles: &[Role::CaseManager, Role::MinorsWorker, Role::PlanOffice, Role::Auditor],
    why: "whoever has the person in charge, or answers for the ATS, or the data protection officer",
    second_factor: false,
};

/// Items of her inbox among which an access is found.
const ITEMS: usize = 500;
/// Looks of the hour that are shown.
const LOOKS: usize = 200;
/// How far the words of a reason may lie from their access: they are kept just before it.
const WORDS_WITHIN: Duration = Duration::seconds(30);

/// What was done just before.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    esito: Option<ReviewFinding>,
}

/// An access as its door tells it to whoever answers for it.
#[derive(Debug, Deserialize)]
struct Forced {
    person: Option<PersonId>,
    staff: StaffId,
    organisation: OrganisationId,
    role: String,
    reason: ForcedReason,
    sections: Vec<Section>,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    until: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    review_by: OffsetDateTime,
    overdue: bool,
    review: Option<Found>,
}

/// What somebody found who looked at it.
#[derive(Debug, Deserialize)]
struct Found {
    finding: ReviewFinding,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    staff: StaffId,
    organisation: OrganisationId,
    role: String,
    words: Option<String>,
}

/// What the worker looked at meanwhile.
#[derive(Debug, Deserialize)]
struct Look {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    sections: Vec<String>,
    emergency_access: bool,
    staff: Option<StaffId>,
    decision: String,
}

#[derive(Debug, Deserialize)]
struct Looks {
    items: Vec<Look>,
}

/// A note of the person's record.
#[derive(Debug, Deserialize)]
struct Note {
    field: IdentityField,
    value: String,
    #[serde(with = "time::serde::rfc3339")]
    recorded_at: OffsetDateTime,
    staff: StaffId,
    organisation: OrganisationId,
}

#[derive(Debug, Deserialize)]
struct Notes {
    facts: Vec<Note>,
}

/// What is known of an access, as far as the role may know it.
#[derive(Debug)]
struct Known {
    access: ForcedAccessId,
    forced: Forced,
    code: Option<String>,
    looks: Vec<Look>,
    words: Vec<Note>,
    bodies: BTreeMap<OrganisationId, String>,
}

/// `GET /verifiche/{access}`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    access: Result<Path<ForcedAccessId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let (Ok(Path(access)), Ok(Query(wanted))) = (access, wanted) else {
        return answer::not_found(&console, Some(&visitor));
    };
    if let Some(finding) = wanted.esito {
        let title = visitor.words().review_done();
        return answer::page(
            StatusCode::OK,
            &Done::new(frame(&console, &visitor, &title), finding),
        );
    }
    page(&console, &visitor, &reader, access, Draft::default()).await
}

/// What was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
struct Draft {
    finding: Option<ReviewFinding>,
    words: String,
    wrong: Vec<Wrong>,
}

/// `POST /verifiche/{access}`
pub(crate) async fn review(
    State(console): State<Console>,
    reader: Reader,
    access: Result<Path<ForcedAccessId>, PathRejection>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Ok(Path(access)) = access else { return answer::not_found(&console, Some(&visitor)) };
    let (said, words) = (fields.text("esito").parse(), fields.text("parole").trim().to_owned());
    let draft = Draft { finding: said.ok(), words, wrong: Vec::new() };
    let Some(finding) = draft.finding else {
        let wrong = vec![Wrong::new("esito", &visitor.words().review_wrong_finding())];
        return page(&console, &visitor, &reader, access, Draft { wrong, ..draft }).await;
    };
    let api = Api::new(&console, &visitor, purpose(&visitor));
    let path = format!("/api/identity/forced-accesses/{access}/review");
    let words = Some(&draft.words).filter(|words| !words.is_empty());
    let body = json!({ "finding": finding, "words": words });
    match api.post::<Value>(&path, fields.text("chiave"), &body).await {
        Ok(_) => {
            Redirect::to(&format!("/verifiche/{access}?esito={}", finding.code())).into_response()
        }
        Err(problem) => {
            let wrong = vec![why(&problem, visitor.words())];
            page(&console, &visitor, &reader, access, Draft { wrong, ..draft }).await
        }
    }
}

fn why(problem: &Problem, words: &Words) -> Wrong {
    match problem.code.as_str() {
        "words" => Wrong::new("parole", &words.review_wrong_words()),
        "words_erased" => Wrong::new("parole", &words.review_wrong_erased()),
        "unprintable" => Wrong::new("parole", &refusals::words_in(problem, words)),
        _ => Wrong::new("esito", &refusals::words_in(problem, words)),
    }
}

fn frame(console: &Console, visitor: &Visitor, title: &str) -> Frame {
    let frame = console.frame(Some(visitor), title, Some(Place::Inbox));
    let inbox = Crumb::to(&visitor.words().place_inbox(), Place::Inbox.href());
    Frame { crumbs: vec![inbox, Crumb::here(title)], ..frame }
}

/// Who controls does it for audit; who has the person in charge, for her.
fn purpose(visitor: &Visitor) -> Option<Purpose> {
    (visitor.caller.role == Role::Auditor).then_some(Purpose::Audit)
}

async fn page(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    access: ForcedAccessId,
    draft: Draft,
) -> Response {
    match known(console, visitor, reader, access).await {
        Ok(known) => {
            let now = console.models.clock.now();
            let key = random_id().to_string();
            let frame = frame(console, visitor, &visitor.words().review_title());
            let page = Page::new(frame, visitor.caller.role, &known, (now, key), draft);
            answer::page(page.status(), &page)
        }
        Err(problem) => answer::closed(console, visitor, &problem),
    }
}

async fn known(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    access: ForcedAccessId,
) -> Result<Known, Problem> {
    let api = Api::new(console, visitor, purpose(visitor));
    let forced: Forced = api.get(&format!("/api/identity/forced-accesses/{access}")).await?;
    let item = item(console, visitor, access).await?;
    let answers = item.is_some() || forced.review.is_some();
    if !answers || forced.staff == visitor.caller.staff {
        return Err(Problem::not_found());
    }
    reader.listed(forced.person, Section::Requests).await?;
    let code = item.and_then(|item| item.code);
    let mut known = Known {
        access,
        forced,
        code,
        looks: Vec::new(),
        words: Vec::new(),
        bodies: BTreeMap::new(),
    };
    if visitor.caller.role == Role::Auditor {
        known.control(&api).await?;
    } else if let Some(person) = known.forced.person {
        known.words = words(&api, person, known.forced.at).await?;
    }
    known.bodies = names::bodies(&api, known.named()).await?;
    Ok(known)
}

/// The access, when it waits for her.
async fn item(
    console: &Console,
    visitor: &Visitor,
    access: ForcedAccessId,
) -> Result<Option<Item>, Problem> {
    let page = inbox::Page { list: List::ToDo, after: None, limit: ITEMS };
    let (owner, now) = (inbox::own(&visitor.caller), console.models.clock.now());
    let found = inbox(&console.models.pool, &visitor.caller, owner, now, page).await;
    let Ok(found) = found.map_err(Failure::<Never>::from)? else { return Ok(None) };
    let hers = |item: &Item| item.kind == Kind::ForcedAccessReview && item.about == access.0;
    Ok(found.items.into_iter().find(hers))
}

impl Known {
    /// Bodies that the page names.
    fn named(&self) -> impl Iterator<Item = OrganisationId> {
        let reviewed = self.forced.review.iter().map(|found| found.organisation);
        let notes = self.words.iter().map(|note| note.organisation);
        [self.forced.organisation].into_iter().chain(reviewed).chain(notes)
    }

    /// What was looked at meanwhile.
    async fn control(&mut self, api: &Api<'_>) -> Result<(), Problem> {
        let forced = &self.forced;
        let Some(person) = forced.person else { return Ok(()) };
        let moment = |at: OffsetDateTime| encode(&at.format(&Rfc3339).unwrap_or_default());
        let path = format!(
            "/api/access/persons/{person}?from={}&to={}&limit={LOOKS}",
            moment(forced.at),
            moment(forced.until)
        );
        let Looks { items } = api.get(&path).await?;
        let hers = |look: &Look| {
            look.staff == Some(forced.staff) && look.emergency_access && look.decision == "allowed"
        };
        self.looks = items.into_iter().filter(hers).collect();
        Ok(())
    }
}

/// The reason in the worker's own words, as far as the person's record is open to the reader: the
/// note that was kept just before the access.
async fn words(
    api: &Api<'_>,
    person: PersonId,
    since: OffsetDateTime,
) -> Result<Vec<Note>, Problem> {
    let path = format!("/api/vault/persons/{person}?sections={}", Section::Diary.code());
    let notes: Notes = match api.get(&path).await {
        Ok(notes) => notes,
        Err(problem) if matches!(problem.status, 403 | 404) => return Ok(Vec::new()),
        Err(problem) => return Err(problem),
    };
    let before = since - WORDS_WITHIN..=since;
    let just =
        |note: &Note| note.field == IdentityField::Note && before.contains(&note.recorded_at);
    Ok(notes.facts.into_iter().filter(just).collect())
}
