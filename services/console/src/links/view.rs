//! A person's links as the page shows them. Pure.

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray as _;
use trama_events::ids::PersonId;
use trama_events::intake::{LinkReason, UnlinkReason};
use trama_events::rome;
use trama_platform::clock::random_id;
use trama_ui::frame::Frame;
use trama_ui::language::{Language, Words};
use trama_ui::words::InWords;

use super::known::{Held, Known, Likely};
use crate::forced::Band;
use crate::people::Choice;
use crate::tabs::Tab;

/// What was done, or why it was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) is_error: bool,
    /// Whether a link was made, which the list may not show yet.
    pub(super) linked: bool,
    /// At whose answer the mistake is.
    pub(super) at: Option<PersonId>,
    /// The code that was typed, where the mistake is there.
    pub(super) typed: Option<String>,
    pub(super) title: String,
    pub(super) text: String,
}

impl Outcome {
    fn done(title: String, text: String) -> Self {
        Self { is_error: false, linked: false, at: None, typed: None, title, text }
    }

    pub(super) fn refused(text: String, at: Option<PersonId>, words: &Words) -> Self {
        Self { is_error: true, at, ..Self::done(words.links_not_done(), text) }
    }

    /// Of whoever was named by a code.
    pub(super) fn unknown(text: String, typed: &str, words: &Words) -> Self {
        Self { typed: Some(typed.to_owned()), ..Self::refused(text, None, words) }
    }

    /// After a registration.
    pub(super) fn registered(word: &str, words: &Words) -> Option<Self> {
        let text = match word {
            "registrata" => words.links_registered_next(),
            "senza-numero" => words.links_registered_no_number(),
            "senza-dati" => words.links_registered_no_facts(),
            _ => return None,
        };
        Some(Self::done(words.links_registered(), text))
    }

    pub(super) fn linked(words: &Words) -> Self {
        let done = Self::done(words.links_done_linked(), words.links_done_linked_next());
        Self { linked: true, ..done }
    }

    pub(super) fn different(words: &Words) -> Self {
        Self::done(words.links_done_other(), words.links_done_other_next())
    }

    pub(super) fn open(words: &Words) -> Self {
        Self::done(words.links_done_open(), words.links_done_open_next())
    }

    pub(super) fn unlinked(
        because: Option<UnlinkReason>,
        readers: Option<usize>,
        language: Language,
    ) -> Self {
        let words = language.words();
        let title = because.map_or_else(
            || words.links_done_undone(),
            |why| words.links_done_undone_because(why.words_in(language)),
        );
        let read = match readers {
            Some(0) => words.links_read_by_nobody(),
            Some(1) => words.links_read_by_one(),
            Some(count) => words.links_read_by(count),
            None => words.links_read_unknown(),
        };
        Self::done(title, words.links_done_undone_next(read))
    }
}

/// A link that holds, as it is shown.
#[derive(Debug)]
pub(super) struct Linked {
    pub(super) link: String,
    pub(super) codes: String,
    pub(super) reasons: String,
    pub(super) since: String,
    pub(super) key: String,
}

/// Somebody whom it may be, with the key of the answer.
#[derive(Debug)]
pub(super) struct Proposed {
    pub(super) likely: Likely,
    pub(super) key: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "links.html")]
pub(super) struct Page {
    frame: Frame,
    path: String,
    about: String,
    whom: Option<String>,
    purpose: &'static str,
    tabs: Vec<Tab>,
    outcome: Option<Outcome>,
    band: Option<Band>,
    linked: Vec<Linked>,
    proposed: Vec<Proposed>,
    reasons: Vec<Choice>,
    undoing: Vec<Choice>,
    /// The key of the answer about a record that is named by its code.
    key: String,
}

/// Who looks, at whom, and why.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) frame: Frame,
    pub(super) tabs: Vec<Tab>,
    pub(super) path: String,
    pub(super) purpose: &'static str,
}

impl Page {
    pub(super) fn new(
        looked: Looked,
        known: Known,
        outcome: Option<Outcome>,
        band: Option<Band>,
    ) -> Self {
        let Looked { frame, tabs, path, purpose } = looked;
        let language = frame.language;
        let key = || random_id().to_string();
        Self {
            about: about(known.journey.records.len(), language.words()),
            linked: known.held.iter().map(|held| linked(held, &known, language)).collect(),
            reasons: choices(LinkReason::VARIANTS, language),
            undoing: choices(UnlinkReason::VARIANTS, language),
            key: key(),
            whom: known.whom,
            proposed: known
                .likely
                .into_iter()
                .map(|likely| Proposed { likely, key: key() })
                .collect(),
            frame,
            path,
            purpose,
            tabs,
            outcome,
            band,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        let refused = self.outcome.as_ref().is_some_and(|outcome| outcome.is_error);
        if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
    }

    /// The mistake at the answer about her.
    fn why_at(&self, person: &PersonId) -> Option<&str> {
        let outcome = self.outcome.as_ref().filter(|outcome| outcome.at.as_ref() == Some(person));
        outcome.map(|outcome| outcome.text.as_str())
    }

    /// The code that names nobody, or whom she may not link.
    fn typed(&self) -> &str {
        self.outcome.as_ref().and_then(|outcome| outcome.typed.as_deref()).unwrap_or_default()
    }

    /// Why it does not.
    fn why_typed(&self) -> Option<&str> {
        let outcome = self.outcome.as_ref().filter(|outcome| outcome.typed.is_some());
        outcome.map(|outcome| outcome.text.as_str())
    }

    /// Whether a link was made that the read model does not tell yet.
    fn is_behind(&self) -> bool {
        self.linked.is_empty() && self.outcome.as_ref().is_some_and(|outcome| outcome.linked)
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

fn choices<Code: InWords + ToString>(codes: &[Code], language: Language) -> Vec<Choice> {
    let choice = |code: &Code| Choice {
        code: code.to_string(),
        words: code.words_in(language).to_owned(),
        chosen: false,
    };
    codes.iter().map(choice).collect()
}

fn about(records: usize, words: &Words) -> String {
    match records {
        0 | 1 => words.links_alone(),
        count => words.links_together(count),
    }
}

fn linked(held: &Held, known: &Known, language: Language) -> Linked {
    let (joined, words) = (held.joined, language.words());
    let reasons: Vec<&str> = held.reasons.iter().map(|reason| reason.words_in(language)).collect();
    let day = rome::day_of(joined.linked_at);
    let code = |person| known.code_of(person, words);
    Linked {
        link: joined.link.to_string(),
        codes: words.links_codes(code(joined.canonical), code(joined.other)),
        reasons: reasons.join(", "),
        since: language.after(&format!("{} ", words.links_since()), day, &language.long(day)),
        key: random_id().to_string(),
    }
}

#[cfg(test)]
mod tests;
