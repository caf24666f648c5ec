//! What was chosen of the map, from sent to the need met.

use strum::VariantArray as _;
use trama_events::codes::DeclineReason;
use trama_projections::network::{Edge, Graph, Month};
use trama_ui::figure::label::Area;
use trama_ui::figure::svg::{self, Element};
use trama_ui::words::InWords as _;

use super::asked::{Asked, Choice};
use super::flows::{Flow, Flows, Service};
use super::map::about;
use super::words;

/// From this share of the refusals on, a reason is worth a sentence.
const WORTH_A_SENTENCE: f64 = 100.0 / 3.0;

/// The side of the map.
#[derive(Debug)]
pub(super) struct Panel {
    pub(super) over: &'static str,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) facts: Vec<Fact>,
    pub(super) reasons_title: String,
    pub(super) reasons: Vec<Fact>,
    /// What stands out.
    pub(super) finding: Option<String>,
    /// Where nothing is chosen any more.
    pub(super) away: Option<String>,
}

/// A count with its words.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) words: String,
    pub(super) count: String,
    /// In the period of comparison.
    pub(super) before: Option<String>,
    pub(super) bar: Option<Element>,
}

pub(super) fn panel(graph: &Graph, flows: &Flows, asked: &Asked) -> Panel {
    let chosen = match &asked.choice {
        Choice::Nothing => None,
        Choice::Flow(from, to) => {
            let flow = flows.shown.iter().find(|flow| flow.now.from == *from && flow.now.to == *to);
            flow.map(|flow| of_flow(flow, flows))
        }
        Choice::Service(service) => {
            flows.service(service).map(|service| of_service(service, flows))
        }
    };
    match chosen {
        Some(panel) => Panel { away: Some(asked.choosing(Choice::Nothing)), ..panel },
        None => of_all(graph, asked),
    }
}

fn of_flow(flow: &Flow, flows: &Flows) -> Panel {
    let (now, before) = (&flow.now, flow.before.as_ref());
    let counted = |words: &str, count: fn(&Edge) -> Option<i64>| Fact {
        words: words.into(),
        count: of_sent(count(now), now.sent),
        before: before.map(|before| of_sent(count(before), before.sent)),
        bar: bar(words::share(count(now), now.sent)),
    };
    let plain = |words: &str, count: fn(&Edge) -> String| Fact {
        words: words.into(),
        count: count(now),
        before: before.map(count),
        bar: None,
    };
    let mut facts = vec![
        counted("Invii", |edge| edge.sent),
        counted("Accolti", |edge| edge.accepted),
        counted("Primo incontro svolto", |edge| edge.first_visit_held),
        counted("Bisogno risolto", |edge| edge.need_met.yes),
        plain("Risposta mediana", |edge| words::days(edge.median_days)),
        plain("9 su 10 entro", |edge| words::days(edge.p90_days)),
    ];
    facts.extend(unanswered(now));
    Panel {
        over: "Flusso scelto",
        title: format!("{} → {}", flows.name(&now.from), flows.name(&now.to)),
        about: String::new(),
        facts,
        reasons_title: reasons_title(now),
        reasons: reasons(now),
        finding: finding(now),
        away: None,
    }
}

/// What ended without an answer, or has none yet, where there is any.
fn unanswered(edge: &Edge) -> Vec<Fact> {
    let counts = [
        ("Bisogno risolto in parte", edge.need_met.partly),
        ("Bisogno non risolto", edge.need_met.no),
        ("Senza risposta nei termini", edge.expired),
        ("Ritirati da chi inviava", edge.withdrawn),
        ("In attesa di risposta", edge.open),
    ];
    let some = counts.into_iter().filter(|(_, count)| *count != Some(0));
    some.map(|(words, count)| Fact {
        words: words.into(),
        count: words::count(count),
        before: None,
        bar: None,
    })
    .collect()
}

/// `30 (58%)`
fn of_sent(count: Option<i64>, sent: Option<i64>) -> String {
    let share = words::share(count, sent).filter(|share| count != sent && *share > 0.0);
    let share = share.map(|share| format!(" ({})", words::percent(share))).unwrap_or_default();
    words::count(count) + &share
}

/// A share as a bar; the count stands beside it.
fn bar(percent: Option<f64>) -> Option<Element> {
    let width = percent?.clamp(0.0, 100.0);
    let area = Area { left: 0.0, top: 0.0, width, height: 10.0 };
    let sheet = Element::new("svg").class("share").with("viewBox", "0 0 100 10");
    Some(sheet.with("preserveAspectRatio", "none").unheard().child(svg::rect(area, 0.0)))
}

fn reasons_title(edge: &Edge) -> String {
    match edge.declined {
        Some(1) => "Motivo del rifiuto".into(),
        Some(count) => format!("Motivi dei {} respinti", words::thousands(count)),
        None => "Motivi dei respinti".into(),
    }
}

/// Reasons in their words, the most frequent first; those that are hidden last.
fn reasons(edge: &Edge) -> Vec<Fact> {
    let mut found: Vec<(DeclineReason, Option<i64>)> = DeclineReason::VARIANTS
        .iter()
        .filter_map(|reason| Some((*reason, *edge.declined_by.get(reason.code())?)))
        .collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(count.unwrap_or(0)));
    found
        .into_iter()
        .map(|(reason, count)| Fact {
            words: capital(reason.words()),
            count: words::count(count),
            before: None,
            bar: bar(words::share(count, edge.declined)),
        })
        .collect()
}

/// What stands out among the refusals.
fn finding(edge: &Edge) -> Option<String> {
    let declined = edge.declined.filter(|declined| *declined >= 5)?;
    let most = DeclineReason::VARIANTS
        .iter()
        .filter_map(|reason| Some((reason, (*edge.declined_by.get(reason.code())?)?)))
        .max_by_key(|(_, count)| *count)?;
    let share = words::share(Some(most.1), Some(declined))?;
    (share >= WORTH_A_SENTENCE)
        .then(|| format!("{} respinti su {declined}: «{}».", most.1, most.0.words()))
}

fn of_service(service: &Service, flows: &Flows) -> Panel {
    let plain =
        |words: &str, count: String| Fact { words: words.into(), count, before: None, bar: None };
    let sent = flows.sum(|edge| &edge.from, &service.id);
    let received = flows.sum(|edge| &edge.to, &service.id);
    let accepted = |side: fn(&Edge) -> &str| {
        let edges =
            flows.shown.iter().map(|flow| &flow.now).filter(|edge| side(edge) == service.id);
        let (sent, accepted) = edges.fold((Some(0), Some(0)), |(sent, accepted), edge| {
            (plus(sent, edge.sent), plus(accepted, edge.accepted))
        });
        words::share(accepted, sent).map_or_else(|| words::NOTHING.into(), words::percent)
    };
    let kind = service.kind.map_or("dettaglio riservato", |kind| kind.words());
    let organisation = service.organisation.as_ref().map(|name| format!(" · {name}"));
    Panel {
        over: "Servizio scelto",
        title: service.name.clone(),
        about: capital(kind) + &organisation.unwrap_or_default(),
        facts: vec![
            plain("Invii", about(sent, "mandati")),
            plain("Dei mandati, accolti", accepted(|edge| &edge.from)),
            plain("Invii", about(received, "ricevuti")),
            plain("Dei ricevuti, accolti", accepted(|edge| &edge.to)),
        ],
        reasons_title: String::new(),
        reasons: Vec::new(),
        finding: None,
        away: None,
    }
}

fn plus(sum: Option<i64>, part: Option<i64>) -> Option<i64> {
    Some(sum? + part?)
}

/// Everything, while nothing is chosen.
fn of_all(graph: &Graph, asked: &Asked) -> Panel {
    let sum = |count: fn(&Month) -> Option<i64>| graph.months.iter().map(count).fold(Some(0), plus);
    let sent = sum(|month| month.sent);
    let fact = |words: &str, count: Option<i64>| Fact {
        words: words.into(),
        count: count.map_or_else(|| words::NOTHING.into(), |_| of_sent(count, sent)),
        before: None,
        bar: bar(words::share(count, sent)),
    };
    let whose = if asked.scope.ats.is_some() { "Tutto l’ambito" } else { "Tutta la rete" };
    Panel {
        over: "Nessun flusso scelto",
        title: whose.into(),
        about: "Scegli un flusso o un servizio nella figura o nella tabella.".into(),
        facts: vec![
            fact("Invii", sent),
            fact("Accolti", sum(|month| month.accepted)),
            fact("Respinti", sum(|month| month.declined)),
            fact("Senza risposta nei termini", sum(|month| month.expired)),
            fact("Ritirati da chi inviava", sum(|month| month.withdrawn)),
        ],
        reasons_title: String::new(),
        reasons: Vec::new(),
        finding: None,
        away: None,
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
