//! What a person decides about her past, as the page shows it. Pure.

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray as _;
use time::Date;
use trama_events::ids::{OrganisationId, WishId};
use trama_events::intake::{Viewer, WishForm};
use trama_platform::clock::random_id;
use trama_projections::journey::JourneyView;
use trama_projections::network::Listed;
use trama_ui::frame::Frame;
use trama_ui::language::Words as Say;
use trama_ui::words::InWords as _;

use super::Around;
use super::known::Known;
use super::order::{Draft, LIFTED, named};
use super::words::{Codes, Standing, Words, Written};
use crate::forced::Band;
use crate::people::Choice;
use crate::tabs::Tab;
use crate::told::Wrong;

/// Entries on one page among which she chooses.
const ENTRIES: usize = 24;

/// A body and its services, to choose among.
#[derive(Debug)]
pub(super) struct Group {
    name: String,
    body: Choice,
    services: Vec<Choice>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "wishes.html")]
pub(super) struct Page {
    frame: Frame,
    path: String,
    purpose: &'static str,
    tabs: Vec<Tab>,
    band: Option<Band>,
    outcome: Option<(String, String)>,
    is_behind: bool,
    standing: Vec<Standing>,
    viewers: Vec<Group>,
    writers: Vec<Group>,
    of_journey: Vec<Choice>,
    written: Vec<Written>,
    part: usize,
    newer: Option<String>,
    older: Option<String>,
    draft: Draft,
    today: String,
    keys: [String; 3],
    wrong: Vec<Wrong>,
}

/// Who looks, at whom, and when.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) frame: Frame,
    pub(super) tabs: Vec<Tab>,
    /// The page with its purpose, to which more can be added.
    pub(super) path: String,
    pub(super) purpose: &'static str,
    /// For which body.
    pub(super) body: OrganisationId,
    pub(super) today: Date,
}

/// What was done just before, in words.
pub(super) fn outcome(word: &str, words: &Say) -> Option<(String, String)> {
    Some(match word {
        "aperta" => (words.wishes_done_opened(), words.wishes_done_opened_next()),
        "richiusa" => (words.wishes_done_closed(), words.wishes_done_closed_next()),
        "oscurata" => (words.wishes_done_hidden(), words.wishes_done_hidden_next()),
        "tolta" => (words.wishes_done_lifted(), words.wishes_done_lifted_next()),
        _ => return None,
    })
}

impl Page {
    pub(super) fn new(looked: Looked, mut known: Known, around: Around) -> Self {
        let Around { draft, mut wrong, outcome, fresh, part } = around;
        let Looked { frame, tabs, path, purpose, body, today } = looked;
        let (say, band) = (frame.words(), known.band.take());
        let (codes, language) = (Codes::of(&known.journey), frame.language);
        let entries = known.own_entries(body);
        let at = |part: usize| format!("{path}pagina={part}#registrazioni");
        let words =
            Words { codes: &codes, listed: &known.services, entries: &entries, today, language };
        let is_behind = fresh.is_some_and(|fresh| !known.has(fresh));
        let of_journey = of_journey(&known.journey, &draft.service);
        let is_of_journey = of_journey.iter().any(|choice| choice.chosen);
        let first = (part - 1).saturating_mul(ENTRIES);
        let standing: Vec<Standing> =
            known.decisions.iter().map(|told| words.standing(told)).collect();
        if !standing.iter().any(|one| !one.closes && one.wish == draft.wish) {
            at_the_list(&mut wrong);
        }
        Self {
            path: path.split('?').next().unwrap_or_default().to_owned(),
            purpose,
            tabs,
            band,
            outcome,
            is_behind,
            standing,
            viewers: groups(&known.services, &draft.to, say),
            writers: groups(&known.services, if is_of_journey { "" } else { &draft.service }, say),
            of_journey,
            written: entries
                .iter()
                .skip(first)
                .take(ENTRIES)
                .filter_map(|entry| words.written(entry, &draft.entry))
                .collect(),
            newer: (part > 1).then(|| at(part - 1)),
            older: (entries.len() > first.saturating_add(ENTRIES)).then(|| at(part + 1)),
            part,
            draft,
            today: today.to_string(),
            keys: [(); 3].map(|()| random_id().to_string()),
            wrong,
            frame,
        }
    }

    /// Whether a form is to be looked at again.
    pub(super) fn status(&self) -> StatusCode {
        if self.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    /// How she may have said it; what was chosen in this form stays chosen.
    fn forms(&self, step: &str) -> Vec<Choice> {
        let form = |form: &WishForm| Choice {
            code: form.code().to_owned(),
            words: form.words_in(self.frame.language).to_owned(),
            chosen: self.draft.step == step && self.draft.form == form.code(),
        };
        WishForm::VARIANTS.iter().map(form).collect()
    }

    /// Whether it was to be seen again, and was not yet.
    fn is_lifted(&self, one: &Standing) -> bool {
        self.draft.step == "togli" && self.draft.wish == one.wish && !self.wrong.is_empty()
    }
}

/// What is wrong with a form that is no longer on the page is told where it stood.
fn at_the_list(wrong: &mut [Wrong]) {
    for one in wrong.iter_mut().filter(|one| one.field == LIFTED) {
        one.field = "scelte";
    }
}

impl Known {
    fn has(&self, wish: WishId) -> bool {
        self.decisions.iter().any(|(_, decision)| decision.wish == wish)
    }
}

/// Bodies with their services, as they are listed: by their names.
fn groups(listed: &[Listed], chosen: &str, say: &Say) -> Vec<Group> {
    let choice = |viewer: Viewer, words: &str| {
        let code = named(viewer);
        Choice { chosen: code == chosen, code, words: words.to_owned() }
    };
    let of_body = |services: &[Listed]| Group {
        name: services[0].organisation_name.clone(),
        body: choice(
            Viewer::Organisation(services[0].organisation),
            &say.wishes_open_body(&services[0].organisation_name),
        ),
        services: services.iter().map(|it| choice(Viewer::Service(it.service), &it.name)).collect(),
    };
    listed.chunk_by(|one, other| one.organisation == other.organisation).map(of_body).collect()
}

/// The services that stand in her journey: of these she speaks first.
fn of_journey(journey: &JourneyView, chosen: &str) -> Vec<Choice> {
    let mut services: Vec<Choice> = Vec::new();
    for place in journey.entries.iter().rev().filter_map(|entry| entry.service.as_ref()) {
        let code = named(Viewer::Service(place.service));
        if !place.service_type.is_confidential() && services.iter().all(|known| known.code != code)
        {
            services.push(Choice { chosen: code == chosen, code, words: place.name.clone() });
        }
    }
    services.sort_by(|one, other| one.words.cmp(&other.words));
    services
}

#[cfg(test)]
mod tests;
