//! `/invii/{id}`: a referral is answered by its receiver from the inbox, without opening any record:
//! yes, or no with the reason and what the sender should do now.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use strum::VariantArray as _;
use trama_events::codes::{DeclineReason, DeclinedBy, NextStep, Section};
use trama_events::ids::ReferralId;
use trama_platform::clock::random_id;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use trama_projections::inbox::{self, Item, List, Owner, inbox};
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::words::InWords as _;

use crate::api::Api;
use crate::gate::{Fields, INBOX, Sent, Visitor};
use crate::inbox::SERVICES;
use crate::inbox::view::{Row, row, to_answer};
use crate::people::Choice;
use crate::told::Wrong;
use crate::{Console, answer, refusals};

/// Answering a referral.
pub(crate) const ANSWER: Action = Action {
    name: "page.answer_referral",
    roles: INBOX.roles,
    why: "workers of the receiving service answer from their inbox, without opening any record",
    second_factor: false,
};

/// Items of one inbox among which a referral is found.
const ITEMS: usize = 500;

/// Where a referral is answered.
pub(crate) fn href(referral: &impl std::fmt::Display) -> String {
    format!("/invii/{referral}")
}

/// What was answered just before, in words.
pub(crate) fn outcome(word: &str) -> Option<(&'static str, &'static str)> {
    match word {
        "accolto" => {
            Some(("Accolto.", "Chi l’ha mandato lo vede subito. Ora fissa il primo incontro."))
        }
        "respinto" => Some(("Respinto.", "Chi l’ha mandato vede il motivo e che cosa può fare.")),
        _ => None,
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "answer.html")]
struct Page {
    frame: Frame,
    path: String,
    row: Row,
    by: Vec<Choice>,
    reasons: Vec<Choice>,
    steps: Vec<Choice>,
    key: String,
    wrong: Vec<Wrong>,
}

impl Page {
    fn new(
        console: &Console,
        visitor: &Visitor,
        item: &Item,
        fields: &Fields,
        wrong: Vec<Wrong>,
    ) -> Self {
        let mut frame = console.frame(Some(visitor), "Rispondi all’invio", Some(Place::Inbox));
        frame.crumbs = vec![Crumb::to("Posta", "/"), Crumb::here("Rispondi all’invio")];
        let choice = |code: &str, words: &str, field: &str| Choice {
            code: code.to_owned(),
            words: words.to_owned(),
            chosen: fields.text(field) == code,
        };
        let reason = |of: &DeclineReason| choice(of.code(), of.words(), "motivo");
        let step = |of: &NextStep| choice(of.code(), of.words(), "passo");
        let by = |of: &DeclinedBy| choice(of.code(), of.words(), "da");
        Self {
            frame,
            path: href(&item.about),
            row: row(item, console.models.clock.now(), false),
            by: DeclinedBy::VARIANTS.iter().map(by).collect(),
            reasons: DeclineReason::VARIANTS.iter().map(reason).collect(),
            steps: NextStep::VARIANTS.iter().map(step).collect(),
            key: random_id().to_string(),
            wrong,
        }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    fn answered(self) -> Response {
        let right = self.wrong.is_empty();
        let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        answer::page(status, &self)
    }
}

/// The page of a referral that waits for an answer of hers; for every other there is none.
async fn page(
    (console, visitor, reader): (&Console, &Visitor, &Reader),
    referral: ReferralId,
    fields: &Fields,
    wrong: Vec<Wrong>,
) -> Response {
    let item = match item(console, visitor, referral).await {
        Ok(Some(item)) => item,
        Ok(None) => return answer::not_found(console, Some(visitor)),
        Err(error) => return answer::unread(console, Some(visitor), error),
    };
    match reader.listed(item.person, Section::Requests).await {
        Ok(()) => Page::new(console, visitor, &item, fields, wrong).answered(),
        Err(problem) => answer::closed(console, visitor, &problem),
    }
}

/// A referral in the inbox of one of her services.
async fn item(
    console: &Console,
    visitor: &Visitor,
    referral: ReferralId,
) -> sqlx::Result<Option<Item>> {
    let (pool, caller, now) = (&console.models.pool, &visitor.caller, console.models.clock.now());
    for service in caller.services.iter().take(SERVICES) {
        let page = inbox::Page { list: List::ToDo, after: None, limit: ITEMS };
        let found = inbox(pool, caller, Owner::Service(*service), now, page).await?;
        let items = found.map(|found| found.items).unwrap_or_default();
        let hers = |item: &Item| item.about == referral.0 && to_answer(item);
        if let Some(item) = items.into_iter().find(hers) {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

/// `GET /invii/{id}`: the form and nothing of the person.
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    referral: Result<Path<ReferralId>, PathRejection>,
) -> Response {
    let Ok(Path(referral)) = referral else { return answer::not_found(&console, Some(&visitor)) };
    page((&console, &visitor, &reader), referral, &Fields::default(), Vec::new()).await
}

/// `POST /invii/{id}`
pub(crate) async fn answer(
    State(console): State<Console>,
    reader: Reader,
    referral: Result<Path<ReferralId>, PathRejection>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Ok(Path(referral)) = referral else { return answer::not_found(&console, Some(&visitor)) };
    let (door, body, word) = match fields.text("risposta") {
        "accogli" => ("accept", json!({}), "accolto"),
        "respingi" => match declined(&fields) {
            Ok(body) => ("decline", body, "respinto"),
            Err(wrong) => {
                return page((&console, &visitor, &reader), referral, &fields, wrong).await;
            }
        },
        _ => return answer::not_found(&console, Some(&visitor)),
    };
    let api = Api::new(&console, &visitor, None);
    let path = format!("/api/referrals/referrals/{referral}/{door}");
    match api.post::<Value>(&path, fields.text("chiave"), &body).await {
        Ok(_) => Redirect::to(&format!("/?esito={word}")).into_response(),
        Err(problem) => {
            let wrong = vec![Wrong::new("motivo", refusals::words(&problem))];
            page((&console, &visitor, &reader), referral, &fields, wrong).await
        }
    }
}

/// A no is never without a reason and a next step.
fn declined(fields: &Fields) -> Result<Value, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let reason = fields.text("motivo").parse::<DeclineReason>();
    let step = fields.text("passo").parse::<NextStep>();
    let by = fields.text("da").parse::<DeclinedBy>();
    for (missing, field, why) in [
        (by.is_err(), "da", "Scegli chi dice di no."),
        (reason.is_err(), "motivo", "Scegli perché no: lo legge chi ha mandato l’invio."),
        (step.is_err(), "passo", "Scegli che cosa può fare adesso chi l’ha mandato."),
    ] {
        if missing {
            wrong.push(Wrong::new(field, why));
        }
    }
    match (reason, step, by) {
        (Ok(reason), Ok(step), Ok(by)) => {
            Ok(json!({ "reason": reason, "next_step": step, "by": by }))
        }
        _ => Err(wrong),
    }
}
