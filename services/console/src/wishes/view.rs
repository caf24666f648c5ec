//! What a person decides about her past, as the page shows it. Pure.

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray as _;
use trama_events::codes::Purpose;
use trama_events::ids::WishId;
use trama_events::intake::{Viewer, WishForm};
use trama_events::rome;
use trama_platform::clock::random_id;
use trama_projections::journey::JourneyView;
use trama_projections::network::Listed;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::words::InWords as _;

use super::known::Known;
use super::order::{Draft, named};
use super::words::{Codes, Standing, Words, Written};
use super::{Around, Looking};
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
    outcome: Option<(&'static str, &'static str)>,
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

/// What was done just before, in words.
pub(super) fn outcome(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "aperta" => ("Infanzia aperta.", "La vede chi ha scelto lei, nei giorni che ha detto."),
        "richiusa" => (
            "Infanzia richiusa.",
            "Da adesso questa scelta non la mostra più. Un’altra sua scelta può ancora mostrarla.",
        ),
        "oscurata" => (
            "Oscurato.",
            "Resta a chi l’ha scritto. Gli altri non lo vedono, e non vedono che è oscurato.",
        ),
        "tolta" => (
            "Oscuramento tolto.",
            "Da adesso questa scelta non nasconde più nulla. Un’altra sua scelta può ancora nascondere.",
        ),
        _ => return None,
    })
}

impl Page {
    pub(super) fn new(looking: &Looking<'_>, mut known: Known, around: Around) -> Self {
        let Around { draft, wrong, outcome, fresh, part } = around;
        let today = rome::day_of(looking.console.models.clock.now());
        let stated = looking.reader.caller.stated;
        let band = known.band.take();
        let codes = Codes::of(&known.journey);
        let entries = known.own_entries(looking.visitor.caller.organisation);
        let at = |part: usize| looking.href(&format!("pagina={part}#registrazioni"));
        let words = Words { codes: &codes, listed: &known.services, entries: &entries, today };
        let is_behind = fresh.is_some_and(|fresh| !known.has(fresh));
        let of_journey = of_journey(&known.journey, &draft.service);
        let is_of_journey = of_journey.iter().any(|choice| choice.chosen);
        let first = (part - 1).saturating_mul(ENTRIES);
        Self {
            frame: frame(looking, codes.front()),
            path: format!("/persone/{}/scelte", looking.person),
            purpose: stated.map_or("", Purpose::code),
            tabs: crate::tabs::tabs(
                &looking.visitor.caller,
                looking.person,
                stated,
                "scelte",
                trama_ui::language::Language::Italian,
            ),
            band,
            outcome,
            is_behind,
            standing: known.decisions.iter().map(|told| words.standing(told)).collect(),
            viewers: groups(&known.services, &draft.to),
            writers: groups(&known.services, if is_of_journey { "" } else { &draft.service }),
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
            words: form.words().to_owned(),
            chosen: self.draft.step == step && self.draft.form == form.code(),
        };
        WishForm::VARIANTS.iter().map(form).collect()
    }
}

fn frame(looking: &Looking<'_>, code: &str) -> Frame {
    let title = format!("Persona {code}");
    let mut frame = looking.console.frame(Some(looking.visitor), &title, Some(Place::People));
    let scopo = looking.reader.caller.stated.map(|purpose| format!("?scopo={}", purpose.code()));
    let journey = format!("/persone/{}{}", looking.person, scopo.unwrap_or_default());
    frame.crumbs = vec![
        Crumb::to("Persone", "/persone"),
        Crumb::to(&title, &journey),
        Crumb::here("Le sue scelte"),
    ];
    frame.title = format!("Le scelte di {code}");
    frame
}

impl Known {
    fn has(&self, wish: WishId) -> bool {
        self.decisions.iter().any(|(_, decision)| decision.wish == wish)
    }
}

/// Bodies with their services, as they are listed: by their names.
fn groups(listed: &[Listed], chosen: &str) -> Vec<Group> {
    let choice = |viewer: Viewer, words: &str| {
        let code = named(viewer);
        Choice { chosen: code == chosen, code, words: words.to_owned() }
    };
    let of_body = |services: &[Listed]| Group {
        name: services[0].organisation_name.clone(),
        body: choice(
            Viewer::Organisation(services[0].organisation),
            &format!("{}: tutto l’ente", services[0].organisation_name),
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
