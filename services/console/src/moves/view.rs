//! The page on which an entry is moved. Pure.

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray as _;
use trama_events::intake::ReattributionReason;
use trama_events::rome;
use trama_platform::clock::random_id;
use trama_projections::journey::{Entry, JourneyView};
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::words::{InWords as _, sentence};

use super::{Looking, Step};
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

impl Page {
    pub(super) fn new(
        looking: &Looking<'_>,
        journey: &JourneyView,
        entry: &Entry,
        fields: &Fields,
        step: Step,
    ) -> Self {
        let today = rome::day_of(looking.console.models.clock.now());
        let code = journey.records.first().and_then(|record| record.code.clone());
        let code = code.unwrap_or_else(|| "senza codice".into());
        let stated = looking.reader.caller.stated;
        let own = format!("/persone/{}", looking.person);
        let back = match stated {
            Some(purpose) => format!("{own}?scopo={}", purpose.code()),
            None => own.clone(),
        };
        let title = "Sposta una registrazione";
        let mut frame = looking.console.frame(Some(looking.visitor), title, Some(Place::People));
        frame.crumbs = vec![
            Crumb::to("Persone", "/persone"),
            Crumb::to(&format!("Persona {code}"), &back),
            Crumb::here(title),
        ];
        let reason = |of: &ReattributionReason| Choice {
            code: of.code().to_owned(),
            words: of.words().to_owned(),
            chosen: step.reason == of.code(),
        };
        Self {
            frame,
            path: format!("{own}/sposta"),
            back,
            purpose: stated.map_or("", |purpose| purpose.code()),
            entry: entry.id.clone(),
            from: entry.person.unwrap_or(looking.person).to_string(),
            what: sentence(&entry.kind, &entry.detail),
            when: dates::short(entry.happened_on, today),
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
