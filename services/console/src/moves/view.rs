//! The page on which an entry is moved. Pure.

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray as _;
use time::Date;
use trama_events::ids::PersonId;
use trama_events::intake::ReattributionReason;
use trama_platform::clock::random_id;
use trama_projections::journey::Entry;
use trama_ui::family::Family;
use trama_ui::frame::Frame;
use trama_ui::words::{InWords as _, sentence_in};

use super::Step;
use crate::gate::Fields;
use crate::matches::Candidate;
use crate::people::Choice;
use crate::told::{Told, Wrong};

/// The page.
#[derive(Debug, Template)]
#[template(path = "move.html")]
pub(super) struct Page {
    frame: Frame,
    path: String,
    back: String,
    purpose: &'static str,
    entry: String,
    from: String,
    code: String,
    what: String,
    when: String,
    place: Option<String>,
    family: Family,
    told: Told,
    typed: String,
    found: Option<Vec<Candidate>>,
    reasons: Vec<Choice>,
    key: String,
    wrong: Vec<Wrong>,
}

/// Who looks, at whom, and when.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) frame: Frame,
    /// Of the person.
    pub(super) code: String,
    pub(super) path: String,
    /// Where she came from.
    pub(super) back: String,
    pub(super) person: PersonId,
    pub(super) purpose: &'static str,
    pub(super) today: Date,
}

impl Page {
    pub(super) fn new(looked: Looked, entry: &Entry, fields: &Fields, step: Step) -> Self {
        let Looked { frame, code, path, back, person, purpose, today } = looked;
        let language = frame.language;
        let reason = |of: &ReattributionReason| Choice {
            code: of.code().to_owned(),
            words: of.words_in(language).to_owned(),
            chosen: step.reason == of.code(),
        };
        Self {
            frame,
            path,
            back,
            purpose,
            entry: entry.id.clone(),
            from: entry.person.unwrap_or(person).to_string(),
            what: sentence_in(language, &entry.kind, &entry.detail),
            when: language.short(entry.happened_on, today),
            place: entry.service.as_ref().map(|place| place.name.clone()),
            family: Family::of_lane(entry.lane),
            told: Told::of(fields),
            typed: fields.text("codice").to_owned(),
            reasons: ReattributionReason::VARIANTS.iter().map(reason).collect(),
            key: random_id().to_string(),
            found: step.found,
            wrong: step.wrong,
            code,
        }
    }

    /// Whether the form is to be looked at again.
    pub(super) fn status(&self) -> StatusCode {
        if self.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    fn found_any(&self) -> bool {
        self.found.as_ref().is_some_and(|found| !found.is_empty())
    }
}

#[cfg(test)]
mod tests;
