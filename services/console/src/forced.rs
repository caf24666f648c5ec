//! `/persone/{id}/emergenza`: opens classes of a record by force, for an hour and with a reason. The
//! form is the same for a record that is there and for one that is not: it tells nothing.

mod band;
mod view;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use trama_events::codes::{Purpose, Role, Section};
use trama_events::identity::ForcedReason;
use trama_events::ids::PersonId;
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::clock::random_id;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Words;

use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor, again};
use crate::told::Wrong;
use crate::{Console, answer, refusals};
use view::{Closed, Draft, Form, Soon};

pub(crate) use band::{Band, band};

/// Opening a record by force.
pub(crate) const FORCE: Action = Action {
    name: "page.force",
    roles: &[Role::InfoDesk, Role::OutreachWorker, Role::EmergencyWorker, Role::CaseManager],
    why: "whoever meets people may have to act before anybody can be asked; others look at it",
    second_factor: false,
};

/// For which purpose a record is opened by force.
const PURPOSE: Purpose = Purpose::Emergency;
/// Fewest and most symbols of the reason's own words, as the vault takes them.
const WORDS_LEN: std::ops::RangeInclusive<usize> = 10..=1_000;

/// Where a record is opened by force.
pub(crate) fn href(person: PersonId) -> String {
    format!("/persone/{person}/emergenza")
}

/// Whether this caller is offered it.
pub(crate) fn is_offered(caller: &Caller) -> bool {
    FORCE.roles.contains(&caller.role)
}

/// A record that is not opened, with the way for an emergency: for one that is not there alike.
pub(crate) fn closed(
    console: &Console,
    visitor: &Visitor,
    person: PersonId,
    problem: &Problem,
) -> Response {
    let nothing = problem.status == StatusCode::NOT_FOUND.as_u16();
    let asks = problem.code == "purpose_needed" && again(visitor).is_none();
    if !is_offered(&visitor.caller) || !(nothing || asks) {
        return answer::closed(console, visitor, problem);
    }
    let words = visitor.words();
    let title = if nothing { words.answer_not_found_title() } else { words.answer_purpose_title() };
    let frame = console.frame(Some(visitor), &title, None);
    let page = Closed::new(frame, person, !nothing);
    answer::page(if nothing { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN }, &page)
}

/// `GET /persone/{id}/emergenza`
pub(crate) async fn ask(
    State(console): State<Console>,
    visitor: Visitor,
    person: Result<Path<PersonId>, PathRejection>,
) -> Response {
    let Ok(Path(person)) = person else { return answer::not_found(&console, Some(&visitor)) };
    let draft = Draft { key: random_id().to_string(), ..Draft::default() };
    answer::page(StatusCode::OK, &form(&console, &visitor, person, draft, Vec::new()))
}

/// `POST /persone/{id}/emergenza`
pub(crate) async fn force(
    State(console): State<Console>,
    reader: Reader,
    person: Result<Path<PersonId>, PathRejection>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Ok(Path(person)) = person else { return answer::not_found(&console, Some(&visitor)) };
    let draft = Draft::of(&fields);
    let wrong = draft.wrong(visitor.words());
    if !wrong.is_empty() {
        let page = form(&console, &visitor, person, draft, wrong);
        return answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let api = Api::new(&console, &visitor, Some(PURPOSE));
    let body = draft.wish(person);
    match api.post::<Value>("/api/identity/forced-accesses", &draft.key, &body).await {
        Ok(_) => go_on(&console, &visitor, &reader, person).await,
        Err(problem) if problem.code == "still_open" => {
            Redirect::to(&opened_at(person)).into_response()
        }
        Err(problem) if problem.status == StatusCode::NOT_FOUND.as_u16() => {
            answer::not_found(&console, Some(&visitor))
        }
        Err(problem) => {
            let why = refusals::words_in(&problem, visitor.words());
            let wrong = vec![Wrong::new(field_of(&problem), &why)];
            let page = form(&console, &visitor, person, draft, wrong);
            answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// The form in the language of whoever fills it in.
fn form(
    console: &Console,
    visitor: &Visitor,
    person: PersonId,
    draft: Draft,
    wrong: Vec<Wrong>,
) -> Form {
    let words = visitor.words();
    let frame = console.frame(Some(visitor), &words.forced_title(), Some(Place::People));
    let crumbs = vec![
        Crumb::to(&words.place_people(), Place::People.href()),
        Crumb::here(&words.forced_title()),
    ];
    let frame = Frame { crumbs, ..frame };
    Form::new(frame, &visitor.caller, person, draft, wrong)
}

/// At which field it is told what a door refused.
fn field_of(problem: &Problem) -> &'static str {
    match problem.code.as_str() {
        "words" | "unprintable" => "parole",
        "no_section" | "never_by_force" => "classi",
        _ => "motivo",
    }
}

/// To the record; where the gate has not heard of it yet, to a page that says so.
async fn go_on(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    person: PersonId,
) -> Response {
    let ties = reader.gate().ties(&visitor.caller, person).await;
    if ties.is_ok_and(|ties| !ties.forced.is_empty()) {
        return Redirect::to(&opened_at(person)).into_response();
    }
    let title = visitor.words().forced_soon();
    let frame = console.frame(Some(visitor), &title, Some(Place::People));
    answer::page(StatusCode::OK, &Soon::new(frame, opened_at(person)))
}

fn opened_at(person: PersonId) -> String {
    format!("/persone/{person}?scopo={}", PURPOSE.code())
}

impl Draft {
    fn of(fields: &Fields) -> Self {
        let known = |code: &str| code.parse::<Section>().ok();
        Self {
            key: fields.text("chiave").to_owned(),
            reason: fields.text("motivo").parse::<ForcedReason>().ok(),
            sections: fields.all("classe").filter_map(known).collect(),
            words: fields.text("parole").to_owned(),
        }
    }

    fn wrong(&self, words: &Words) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        if self.reason.is_none() {
            wrong.push(Wrong::new("motivo", &words.forced_wrong_reason()));
        }
        if self.sections.is_empty() {
            wrong.push(Wrong::new("classi", &words.forced_wrong_classes()));
        }
        if !WORDS_LEN.contains(&self.words.chars().count()) {
            wrong.push(Wrong::new("parole", &words.forced_wrong_words()));
        }
        wrong
    }

    fn wish(&self, person: PersonId) -> Value {
        json!({
            "person": person, "sections": self.sections, "reason": self.reason, "words": self.words,
        })
    }
}
