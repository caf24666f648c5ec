//! The desk of a sealed service as its page shows it. Pure.

use std::fmt;

use askama::Template;
use axum::http::StatusCode;
use strum::VariantArray as _;
use time::Date;
use trama_events::codes::{DeclineReason, Urgency};
use trama_events::ids::ServiceId;
use trama_events::referrals::ExternalState;
use trama_events::rome;
use trama_events::sealed::CloseReason;
use trama_platform::clock::random_id;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};
use uuid::Uuid;

use super::{Around, Paths, Told};
use crate::Console;
use crate::gate::Visitor;
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

/// What can be done with a path now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a form that is on the page or not")]
struct May {
    answer: bool,
    appointment: bool,
    meet: bool,
    missed: bool,
    enter: bool,
    close: bool,
}

/// A path.
#[derive(Debug)]
struct Row {
    path: Uuid,
    name: String,
    elsewhere: bool,
    badges: Vec<Badge>,
    come_at: Option<String>,
    outside: &'static str,
    may: May,
    key: String,
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
    next: Option<String>,
    outcome: Option<(&'static str, String)>,
    key: String,
    today: String,
    wrong: Vec<Wrong>,
}

/// What was done just before, in words.
pub(super) fn outcome(word: &str) -> Option<(&'static str, String)> {
    let (title, text) = match word {
        "biglietto" => ("Biglietto preso.", "Il percorso è qui sotto, con una sigla nuova."),
        "si" => {
            ("Risposto: sì.", "La persona lo legge con il suo biglietto. Nessun altro lo vede.")
        }
        "no" => ("Risposto: no.", "La persona lo legge con il suo biglietto, senza il motivo."),
        "appuntamento" => ("Appuntamento fissato.", "La persona lo legge con il suo biglietto."),
        "venuta" => ("Annotato: è venuta.", "Resta nel tuo servizio."),
        "non-venuta" => ("Annotato: non è venuta.", "Puoi fissare un altro appuntamento."),
        "entra" => ("In percorso.", "Con il suo accordo la rete legge «in percorso», e basta."),
        "chiudi" => ("Percorso chiuso.", "Il motivo resta nel tuo servizio."),
        _ => return None,
    };
    Some((title, text.to_owned()))
}

impl Page {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        services: &[(ServiceId, String)],
        paths: &Paths,
        around: Around,
    ) -> Self {
        let mut frame = console.frame(Some(visitor), "Riservato", Some(Place::Sealed));
        frame.crumbs = vec![Crumb::here("Riservato")];
        let today = rome::day_of(console.models.clock.now());
        let Around { draft, wrong, outcome, slip, after: _ } = around;
        let choose = |code: String, words: &str, chosen: bool| Choice {
            code,
            words: words.to_owned(),
            chosen,
        };
        let only = services.len() == 1;
        let service = |(id, name): &(ServiceId, String)| {
            choose(id.to_string(), name, only || draft.service == Some(*id))
        };
        let urgency = |of: &Urgency| choose(of.code().into(), of.words(), draft.urgency == *of);
        let level =
            |(code, words): (u8, &str)| choose(code.to_string(), words, draft.need_level == code);
        let next = paths.next.map(|next| format!("/riservato?dopo={next}"));
        let rows = paths.items.iter().map(|told| row(told, today));
        let (waiting, open) = rows.partition(|row| row.may.answer);
        Self {
            services: services.iter().map(service).collect(),
            urgencies: Urgency::VARIANTS.iter().map(urgency).collect(),
            levels: [(1, "lieve"), (2, "serio"), (3, "grave")].map(level).to_vec(),
            declining: DeclineReason::VARIANTS
                .iter()
                .map(|of| choose(of.code().into(), of.words(), false))
                .collect(),
            closing: CloseReason::VARIANTS
                .iter()
                .map(|of| choose(of.code().into(), of.words(), false))
                .collect(),
            frame,
            draft,
            slip,
            waiting,
            open,
            next,
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

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

fn row(told: &Told, today: Date) -> Row {
    Row {
        path: told.path,
        name: sign_of(told.path),
        elsewhere: !told.for_your_service,
        badges: badges(told, today),
        come_at: told.come_at.map(dates::long_with_time),
        outside: outside(told.network_sees.with_her_agreement),
        may: may(&told.stage, told.come_at.is_some()),
        key: random_id().to_string(),
    }
}

/// How workers speak of a path: the beginning of its pseudonym, which tells nothing.
fn sign_of(path: Uuid) -> String {
    let text = path.simple().to_string().to_uppercase();
    format!("{}-{}", &text[..4], &text[4..8])
}

/// What the network reads, where the person agreed.
fn outside(state: ExternalState) -> &'static str {
    match state {
        ExternalState::Expected => "«Servizio esterno, atteso»",
        ExternalState::InPath => "«Servizio esterno, in percorso»",
        ExternalState::Closed => "«Servizio esterno, chiuso»",
    }
}

fn may(stage: &str, appointed: bool) -> May {
    let (answered, came) = (stage == "accepted", stage == "came");
    May {
        answer: stage == "waiting",
        appointment: answered,
        meet: answered,
        missed: answered && appointed,
        enter: answered || came,
        close: stage != "closed" && stage != "waiting",
    }
}

fn badges(told: &Told, today: Date) -> Vec<Badge> {
    let mut badges = Vec::new();
    match told.stage.as_str() {
        "accepted" if told.come_at.is_some() => {
            badges.push(Badge::new(State::Waiting, "attesa"));
        }
        "accepted" => badges.push(Badge::new(State::Waiting, "appuntamento da fissare")),
        "came" => badges.push(Badge::new(State::Done, "è venuta")),
        "in_path" => badges.push(Badge::new(State::Done, "in percorso")),
        _ => {}
    }
    if let Some(answer_by) = told.answer_by {
        let day = rome::day_of(answer_by);
        let date = dates::short(day, today);
        badges.push(if told.overdue {
            let words = dates::after("scaduto il ", day, &date);
            Badge::new(State::Refused, words).with(Glyph::Triangle)
        } else {
            Badge::new(State::Waiting, dates::after("rispondere entro il ", day, &date))
        });
    }
    match told.urgency {
        Some(urgency @ (Urgency::Immediate | Urgency::Urgent)) => {
            badges.push(Badge::new(State::Refused, urgency.words()).with(Glyph::Triangle));
        }
        Some(Urgency::Ordinary) | None => {}
    }
    let level = told.need_level.map(u8::from).and_then(|level| match level {
        2 => Some("bisogno serio"),
        3 => Some("bisogno grave"),
        _ => None,
    });
    badges.extend(level.map(|words| Badge::new(State::Neutral, words)));
    badges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_not_printed_a4() {
        let draft = Draft { slip: "ABCDEF".into(), ..Draft::default() };
        assert!(!format!("{draft:?}").contains("ABCDEF"));
    }

    #[test]
    fn only_what_may_be_done_now_is_offered() {
        let waiting = may("waiting", false);
        assert!(waiting.answer && !waiting.enter && !waiting.close && !waiting.appointment);
        let accepted = may("accepted", false);
        assert!(accepted.appointment && accepted.meet && !accepted.missed && accepted.close);
        assert!(may("accepted", true).missed);
        let in_path = may("in_path", false);
        assert!(in_path.close && !in_path.enter && !in_path.appointment);
    }
}
