//! The desk of a sealed service as its page shows it. Pure.

use std::fmt;

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray;
use time::Date;
use trama_events::codes::{DeclineReason, Urgency};
use trama_events::ids::ServiceId;
use trama_events::sealed::CloseReason;
use trama_platform::clock::random_id;
use trama_ui::frame::Frame;
use trama_ui::language::{Language, Words};
use trama_ui::words::InWords;

use super::rows::{AT_PATH, Row, Telling, Tried};
use super::{Around, Paths};
use crate::people::Choice;
use crate::told::Wrong;

/// A slip as it is handed in. Its text is a secret of who holds it, so it prints nothing.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) slip: String,
    pub(super) service: Option<ServiceId>,
    pub(super) urgency: Urgency,
    /// 1 to 3.
    pub(super) need_level: u8,
}

impl Default for Draft {
    fn default() -> Self {
        Self { slip: String::new(), service: None, urgency: Urgency::Ordinary, need_level: 1 }
    }
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").finish_non_exhaustive()
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "sealed.html")]
pub(super) struct Page {
    frame: Frame,
    draft: Draft,
    slip: Option<String>,
    services: Vec<Choice>,
    urgencies: Vec<Choice>,
    levels: Vec<Choice>,
    declining: Vec<Choice>,
    closing: Vec<Choice>,
    waiting: Vec<Row>,
    open: Vec<Row>,
    after: Option<i64>,
    next: Option<String>,
    outcome: Option<(String, String)>,
    key: String,
    today: String,
    wrong: Vec<Wrong>,
}

/// What was done just before, in words.
pub(super) fn outcome(word: &str, words: &Words) -> Option<(String, String)> {
    Some(match word {
        "biglietto" => (words.sealed_done_slip(), words.sealed_done_slip_next()),
        "si" => (words.sealed_done_yes(), words.sealed_done_yes_next()),
        "no" => (words.sealed_done_no(), words.sealed_done_no_next()),
        "appuntamento" => (words.sealed_done_appointment(), words.sealed_done_appointment_next()),
        "venuta" => (words.sealed_done_came(), words.sealed_done_came_next()),
        "non-venuta" => (words.sealed_done_missed(), words.sealed_done_missed_next()),
        "entra" => (words.sealed_done_enter(), words.sealed_done_enter_next()),
        "chiudi" => (words.sealed_done_close(), words.sealed_done_close_next()),
        _ => return None,
    })
}

impl Page {
    pub(super) fn new(
        frame: Frame,
        services: &[(ServiceId, String)],
        paths: &Paths,
        around: Around,
        today: Date,
    ) -> Self {
        let Around { draft, tried, mut wrong, outcome, slip, after } = around;
        let language = frame.language;
        let telling = Telling { language, today, tried: tried.as_ref() };
        let rows: Vec<Row> = paths.items.iter().map(|told| telling.row(told)).collect();
        let is_there = |tried: &Tried| rows.iter().any(|row| row.tried(&tried.step).is_some());
        if !tried.as_ref().is_some_and(is_there) {
            at_the_list(&mut wrong);
        }
        let (waiting, open) = rows.into_iter().partition(|row| row.may.answer);
        Self {
            services: self::services(services, draft.service),
            urgencies: codes(language, |of: Urgency| (of.code(), draft.urgency == of)),
            levels: levels(language.words(), draft.need_level),
            declining: codes(language, |of: DeclineReason| (of.code(), false)),
            closing: codes(language, |of: CloseReason| (of.code(), false)),
            next: paths.next.map(|next| format!("/riservato?dopo={next}")),
            frame,
            draft,
            slip,
            waiting,
            open,
            after,
            outcome,
            key: random_id().to_string(),
            today: today.to_string(),
            wrong,
        }
    }

    /// Whether a form is to be looked at again.
    pub(super) fn status(&self) -> StatusCode {
        if self.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    /// Why what was tried with a path was refused.
    fn why_of(&self, row: &Row, step: &str) -> Option<&str> {
        row.tried(step).and_then(|_| self.why(AT_PATH))
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

/// What is wrong with a form that is no longer on the page is told where it stood.
fn at_the_list(wrong: &mut [Wrong]) {
    for one in wrong.iter_mut().filter(|one| one.field == AT_PATH) {
        one.field = "percorsi";
    }
}

/// Her services; an only one is chosen.
fn services(all: &[(ServiceId, String)], chosen: Option<ServiceId>) -> Vec<Choice> {
    let only = all.len() == 1;
    let choice = |(id, name): &(ServiceId, String)| Choice {
        code: id.to_string(),
        words: name.clone(),
        chosen: only || chosen == Some(*id),
    };
    all.iter().map(choice).collect()
}

/// A list of codes in words, each with whether it is chosen.
fn codes<T: InWords + VariantArray>(
    language: Language,
    told: impl Fn(T) -> (&'static str, bool),
) -> Vec<Choice> {
    let choice = |of: &T| {
        let (code, chosen) = told(*of);
        Choice { code: code.to_owned(), words: of.words_in(language).to_owned(), chosen }
    };
    T::VARIANTS.iter().map(choice).collect()
}

fn levels(words: &Words, chosen: u8) -> Vec<Choice> {
    let all = [
        (1, words.sealed_need_slight()),
        (2, words.sealed_need_serious()),
        (3, words.sealed_need_grave()),
    ];
    let choice = |(level, words): (u8, String)| Choice {
        code: level.to_string(),
        words,
        chosen: level == chosen,
    };
    all.map(choice).to_vec()
}

#[cfg(test)]
mod tests;
