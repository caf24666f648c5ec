//! The steps after the registration as the page shows them. Pure.

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray as _;
use trama_events::codes::{Channel, Ethos, NeedCode};
use trama_events::ids::ServiceId;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::{Language, Words};
use trama_ui::words::{InWords as _, ethos_in};

use super::super::{Service, languages};
use super::{Known, Receiving, Step};
use crate::people::Choice;
use crate::tabs::{Tab, tabs};
use crate::told::Wrong;

/// Ways by which people come to a desk or are met; the others bring a referral of their own.
const CHANNELS: [Channel; 9] = [
    Channel::Desk,
    Channel::Phone,
    Channel::Street,
    Channel::Hub,
    Channel::PisLine,
    Channel::Police,
    Channel::Hospital,
    Channel::ThirdSector,
    Channel::Family,
];
/// ETHOS situations under the four words of the typology, by category. Source: FEANTSA, ETHOS.
const GROUPS: [std::ops::RangeInclusive<u8>; 4] = [1..=2, 3..=7, 8..=10, 11..=13];
/// Situations in one category, at most.
const SITUATIONS_MAX: u8 = 3;

/// One of the four steps, as the ladder above each form shows it.
#[derive(Debug, Clone)]
pub(crate) struct Rung {
    pub(crate) label: String,
    pub(crate) href: Option<String>,
    pub(crate) current: bool,
    pub(crate) done: bool,
}

/// The four steps before the registration: there is nothing to go to yet.
pub(crate) fn first_rungs(words: &Words) -> Vec<Rung> {
    let rung = |(label, current)| Rung { label, href: None, current, done: false };
    let others = Step::ALL.map(|step| rung((step.label(words), false)));
    [rung((words.step_who(), true))].into_iter().chain(others).collect()
}

/// The four steps after it.
fn rungs(receiving: &Receiving<'_>, service: Option<ServiceId>, done: &[Step]) -> Vec<Rung> {
    let words = receiving.visitor.words();
    let who = Rung { label: words.step_who(), href: None, current: false, done: true };
    let rung = |step: Step| Rung {
        label: step.label(words),
        href: Some(receiving.href(step, service)),
        current: step == receiving.step,
        done: done.contains(&step),
    };
    [who].into_iter().chain(Step::ALL.map(rung)).collect()
}

/// The field of a need's level.
pub(super) fn field_of(need: NeedCode) -> String {
    format!("bisogno-{}", need.code())
}

/// A step as far as it was filled in.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) key: String,
    pub(super) service: Option<ServiceId>,
    pub(super) channel: Option<Channel>,
    pub(super) needs: Vec<(NeedCode, u8)>,
    pub(super) ethos: Option<Ethos>,
    pub(super) language: String,
    pub(super) esito: String,
}

/// A need with the level that was chosen, 0 for none.
#[derive(Debug)]
struct NeedRow {
    field: String,
    words: &'static str,
    level: u8,
}

/// Situations under one word.
#[derive(Debug)]
struct Group {
    name: String,
    situations: Vec<Choice>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "step.html")]
pub(super) struct Page {
    frame: Frame,
    title: String,
    tabs: Vec<Tab>,
    rungs: Vec<Rung>,
    step: Step,
    staff: String,
    path: String,
    purpose: &'static str,
    form: String,
    key: String,
    reviewed: bool,
    services: Vec<Choice>,
    channels: Vec<Choice>,
    needs: Vec<NeedRow>,
    groups: Vec<Group>,
    languages: Vec<Choice>,
    done: bool,
    outcome: Option<(String, String)>,
    skip: String,
    own: String,
    wrong: Vec<Wrong>,
}

impl Page {
    pub(super) fn new(
        receiving: &Receiving<'_>,
        draft: Draft,
        mine: &[Service],
        known: Option<Known>,
        wrong: Vec<Wrong>,
    ) -> Self {
        let Receiving { console, visitor, person, purpose, step, .. } = *receiving;
        let (words, speaks) = (visitor.words(), visitor.preferences.language);
        let own = format!("/persone/{person}?scopo={}", purpose.code());
        let code = known.as_ref().and_then(|known| known.code.clone());
        let title =
            code.map_or_else(|| words.reception_registered(), |code| words.reception_person(code));
        let mut frame = console.frame(Some(visitor), &title, Some(Place::People));
        frame.title = format!("{} · {title}", step.label(words));
        frame.crumbs = vec![
            Crumb::to(&Place::People.label(words), "/persone"),
            Crumb::to(&title, &own),
            Crumb::here(&words.reception()),
        ];
        let mut done = known.map_or_else(Vec::new, |known| known.done);
        // Of the step that was just kept she knows, also where its class of data is closed to her.
        done.extend(step.before().filter(|_| draft.esito == SAVED));
        let skip = step.next().map(|next| receiving.href(next, draft.service));
        Self {
            frame,
            title,
            tabs: tabs(
                &visitor.caller,
                person,
                Some(purpose),
                "accoglienza/bisogno",
                visitor.preferences.language,
            ),
            rungs: rungs(receiving, draft.service, &done),
            done: done.contains(&step),
            step,
            staff: visitor.caller.staff.to_string(),
            path: step.path(person),
            purpose: purpose.code(),
            form: receiving.form.clone(),
            reviewed: !wrong.is_empty(),
            services: mine.iter().map(|one| service(one, &draft)).collect(),
            channels: CHANNELS
                .map(|of| choice(of.code(), of.words_in(speaks), draft.channel == Some(of)))
                .to_vec(),
            needs: needs(&draft, speaks),
            groups: groups(draft.ethos, speaks),
            languages: languages(speaks, &draft.language),
            outcome: outcome(&draft.esito, words),
            key: draft.key,
            skip: skip.unwrap_or_else(|| own.clone()),
            own,
            wrong,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        if self.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    fn is(&self, step: &str) -> bool {
        self.step.word() == step
    }
}

fn choice(code: &str, words: &str, chosen: bool) -> Choice {
    Choice { code: code.to_owned(), words: words.to_owned(), chosen }
}

fn service(one: &Service, draft: &Draft) -> Choice {
    choice(&one.service.to_string(), &one.name, draft.service == Some(one.service))
}

fn needs(draft: &Draft, speaks: Language) -> Vec<NeedRow> {
    let level = |need: NeedCode| draft.needs.iter().find(|(code, _)| *code == need);
    let row = |need: &NeedCode| NeedRow {
        field: field_of(*need),
        words: need.words_in(speaks),
        level: level(*need).map_or(0, |(_, level)| *level),
    };
    NeedCode::VARIANTS.iter().map(row).collect()
}

fn groups(chosen: Option<Ethos>, speaks: Language) -> Vec<Group> {
    let w = speaks.words();
    let names =
        [w.housing_roofless(), w.housing_houseless(), w.housing_insecure(), w.housing_inadequate()];
    let situation = |code: String| {
        let words = ethos_in(speaks, &code)?;
        let is_chosen = chosen.is_some_and(|chosen| chosen.to_string() == code);
        Some(choice(&code, words, is_chosen))
    };
    let of = |category: u8| (1..=SITUATIONS_MAX).map(move |number| format!("{category}.{number}"));
    names
        .into_iter()
        .zip(GROUPS)
        .map(|(name, categories)| Group {
            name,
            situations: categories.flat_map(of).filter_map(situation).collect(),
        })
        .collect()
}

/// The step before was kept.
pub(super) const SAVED: &str = "salvato";

/// What was done just before, in words.
fn outcome(word: &str, words: &Words) -> Option<(String, String)> {
    Some(match word {
        "registrata" => (words.reception_told_registered(), words.reception_go_on()),
        SAVED => (words.reception_told_saved(), words.reception_go_on()),
        "senza-numero" => (words.reception_told_registered(), words.reception_no_number()),
        "senza-dati" => (words.reception_told_registered(), words.reception_no_facts()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_situation_can_be_chosen_once_under_one_of_four_words() {
        let groups = groups("8.2".parse().ok(), Language::English);
        let all: Vec<&Choice> = groups.iter().flat_map(|group| &group.situations).collect();
        assert_eq!(all.len(), 24);
        assert!(all.iter().all(|one| one.code.parse::<Ethos>().is_ok()));
        let chosen: Vec<&str> =
            all.iter().filter(|one| one.chosen).map(|one| one.code.as_str()).collect();
        assert_eq!(chosen, vec!["8.2"]);
    }

    #[test]
    fn before_the_registration_there_is_one_step_and_none_to_go_to() {
        let rungs = first_rungs(Language::Italian.words());
        assert_eq!(rungs.len(), 4);
        assert!(rungs[0].current && rungs.iter().all(|rung| rung.href.is_none() && !rung.done));
    }

    #[test]
    fn a_word_that_somebody_made_up_tells_nothing() {
        let words = Language::Italian.words();
        assert!(outcome("registrata", words).is_some() && outcome("<b>", words).is_none());
    }
}
