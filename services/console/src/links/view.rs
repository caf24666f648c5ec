//! A person's links as the page shows them. Pure.

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray as _;
use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_events::intake::{LinkReason, UnlinkReason};
use trama_events::rome;
use trama_platform::clock::random_id;
use trama_ui::dates;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::words::InWords as _;

use super::Looking;
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
    pub(super) title: String,
    pub(super) text: String,
}

impl Outcome {
    fn done(title: &str, text: &str) -> Self {
        Self {
            is_error: false,
            linked: false,
            at: None,
            title: title.to_owned(),
            text: text.to_owned(),
        }
    }

    pub(super) fn refused(text: &str, at: Option<PersonId>) -> Self {
        Self { is_error: true, at, ..Self::done("Non fatto.", text) }
    }

    /// After a registration.
    pub(super) fn registered(word: &str) -> Option<Self> {
        let title = "Persona registrata.";
        match word {
            "registrata" => Some(Self::done(
                title,
                "Ora di’ se è una delle persone qui sotto. Puoi farlo anche dopo.",
            )),
            "senza-numero" => Some(Self::done(
                title,
                "Il codice che hai scritto non ha la forma attesa e non è stato annotato; il resto sì.",
            )),
            "senza-dati" => Some(Self::done(
                title,
                "Nome e codici non sono stati annotati: cercala con il suo codice breve.",
            )),
            _ => None,
        }
    }

    pub(super) fn linked() -> Self {
        let text = "I due percorsi si leggono insieme; ogni scheda tiene il suo codice. Se è un \
                    errore, scollegale: tornano come prima.";
        Self { linked: true, ..Self::done("Collegate: è la stessa persona.", text) }
    }

    pub(super) fn different() -> Self {
        Self::done("Annotato: sono due persone.", "Questa coppia non sarà più proposta.")
    }

    pub(super) fn open() -> Self {
        let text = "Resta tra le possibili: chi la guarda dopo di te vede che il dubbio è aperto.";
        Self::done("Annotato: non si sa.", text)
    }

    pub(super) fn unlinked(because: Option<UnlinkReason>, readers: Option<usize>) -> Self {
        let why = because.map(|why| format!(" ({})", why.words())).unwrap_or_default();
        let read = match readers {
            Some(0) => "Mentre erano unite non le ha viste nessuno, oltre a te.".to_owned(),
            Some(1) => "Mentre erano unite le ha viste un altro operatore: il responsabile della \
                        protezione dei dati sa chi."
                .to_owned(),
            Some(count) => format!(
                "Mentre erano unite le hanno viste altri {count} operatori: il responsabile della \
                 protezione dei dati sa chi."
            ),
            None => "Chi le ha aperte mentre erano unite è annotato nel registro degli accessi."
                .to_owned(),
        };
        let text =
            format!("Le due schede sono di nuovo come prima, e non saranno più proposte. {read}");
        Self::done(&format!("Scollegate{why}."), &text)
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
}

impl Page {
    pub(super) fn new(
        looking: &Looking<'_>,
        known: Known,
        outcome: Option<Outcome>,
        band: Option<Band>,
    ) -> Self {
        let stated = looking.reader.caller.stated;
        let own = format!("/persone/{}", looking.person);
        let records = &known.journey.records;
        let code = |person: PersonId| {
            let record = records.iter().find(|record| record.person == person);
            record.and_then(|record| record.code.clone()).unwrap_or_else(|| "senza codice".into())
        };
        let front = code(known.journey.canonical);
        let title = format!("Persona {front}");
        let mut frame = looking.console.frame(Some(looking.visitor), &title, Some(Place::People));
        let scopo = stated.map(|purpose| format!("?scopo={}", purpose.code()));
        frame.crumbs = vec![
            Crumb::to("Persone", "/persone"),
            Crumb::to(&title, &format!("{own}{}", scopo.unwrap_or_default())),
            Crumb::here("Collegamenti"),
        ];
        frame.title = format!("Collegamenti di {front}");
        Self {
            frame,
            path: format!("{own}/collegamenti"),
            about: about(records.len()),
            whom: known.whom,
            purpose: stated.map_or("", Purpose::code),
            tabs: crate::tabs::tabs(
                &looking.visitor.caller,
                looking.person,
                stated,
                "collegamenti",
                trama_ui::language::Language::Italian,
            ),
            outcome,
            band,
            linked: known.held.iter().map(|held| linked(held, &code)).collect(),
            proposed: known
                .likely
                .into_iter()
                .map(|likely| Proposed { likely, key: random_id().to_string() })
                .collect(),
            reasons: LinkReason::VARIANTS
                .iter()
                .map(|reason| choice(&reason.to_string(), reason.words()))
                .collect(),
            undoing: UnlinkReason::VARIANTS
                .iter()
                .map(|reason| choice(&reason.to_string(), reason.words()))
                .collect(),
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

    /// Whether a link was made that the read model does not tell yet.
    fn is_behind(&self) -> bool {
        self.linked.is_empty() && self.outcome.as_ref().is_some_and(|outcome| outcome.linked)
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

fn choice(code: &str, words: &str) -> Choice {
    Choice { code: code.to_owned(), words: words.to_owned(), chosen: false }
}

fn about(records: usize) -> String {
    match records {
        0 | 1 => "Una scheda sola".into(),
        count => format!("{count} schede collegate: la stessa persona"),
    }
}

fn linked(held: &Held, code: &impl Fn(PersonId) -> String) -> Linked {
    let joined = held.joined;
    let reasons: Vec<&str> = held.reasons.iter().map(|reason| reason.words()).collect();
    let day = rome::day_of(joined.linked_at);
    Linked {
        link: joined.link.to_string(),
        codes: format!("{} e {}", code(joined.canonical), code(joined.other)),
        reasons: reasons.join(", "),
        since: dates::after("dal ", day, &dates::long(day)),
        key: random_id().to_string(),
    }
}
