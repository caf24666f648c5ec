//! What was chosen of the map, from sent to the need met.

use strum::VariantArray as _;
use trama_events::codes::DeclineReason;
use trama_projections::network::{Edge, Graph, Month};
use trama_ui::figure::label::Area;
use trama_ui::figure::svg::{self, Element};
use trama_ui::language::Language;
use trama_ui::words::InWords as _;

use super::asked::{Asked, Choice};
use super::flows::{Flow, Flows, Service};
use super::map::{Side, about};
use super::tables::kind;
use super::words::{self, Figures};

/// From this share of the refusals on, a reason is worth a sentence.
const WORTH_A_SENTENCE: f64 = 100.0 / 3.0;

/// The side of the map.
#[derive(Debug)]
pub(super) struct Panel {
    pub(super) over: String,
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
            flow.map(|flow| of_flow(flow, flows, asked.figures()))
        }
        Choice::Service(service) => {
            flows.service(service).map(|service| of_service(service, flows, asked))
        }
    };
    match chosen {
        Some(panel) => Panel { away: Some(asked.choosing(Choice::Nothing)), ..panel },
        None => of_all(graph, asked),
    }
}

fn of_flow(flow: &Flow, flows: &Flows, figures: Figures) -> Panel {
    let (now, before, words) = (&flow.now, flow.before.as_ref(), figures.words());
    let counted = |words: String, count: fn(&Edge) -> Option<i64>| Fact {
        words,
        count: of_sent(count(now), now.sent, figures),
        before: before.map(|before| of_sent(count(before), before.sent, figures)),
        bar: bar(words::share(count(now), now.sent)),
    };
    let lasting = |words: String, days: fn(&Edge) -> Option<f64>| Fact {
        words,
        count: figures.days(days(now)),
        before: before.map(|before| figures.days(days(before))),
        bar: None,
    };
    let mut facts = vec![
        counted(words.network_fact_sent(), |edge| edge.sent),
        counted(words.network_fact_accepted(), |edge| edge.accepted),
        counted(words.network_fact_visit(), |edge| edge.first_visit_held),
        counted(words.network_fact_met(), |edge| edge.need_met.yes),
        lasting(words.network_fact_median(), |edge| edge.median_days),
        lasting(words.network_fact_ninety(), |edge| edge.p90_days),
    ];
    facts.extend(unanswered(now, figures));
    Panel {
        over: words.network_chosen_flow(),
        title: format!("{} → {}", flows.name(&now.from), flows.name(&now.to)),
        about: String::new(),
        facts,
        reasons_title: reasons_title(now, figures),
        reasons: reasons(now, figures),
        finding: finding(now, figures.0),
        away: None,
    }
}

/// What ended without an answer, or has none yet, where there is any.
fn unanswered(edge: &Edge, figures: Figures) -> Vec<Fact> {
    let words = figures.words();
    let counts = [
        (words.network_fact_partly(), edge.need_met.partly),
        (words.network_fact_unmet(), edge.need_met.no),
        (words.network_fact_expired(), edge.expired),
        (words.network_fact_withdrawn(), edge.withdrawn),
        (words.network_fact_open(), edge.open),
    ];
    let some = counts.into_iter().filter(|(_, count)| *count != Some(0));
    some.map(|(words, count)| Fact { words, count: figures.count(count), before: None, bar: None })
        .collect()
}

/// `30 (58%)`
fn of_sent(count: Option<i64>, sent: Option<i64>, figures: Figures) -> String {
    let share = words::share(count, sent).filter(|share| count != sent && *share > 0.0);
    let share = share.map(|share| format!(" ({})", words::percent(share))).unwrap_or_default();
    figures.count(count) + &share
}

/// A share as a bar; the count stands beside it.
fn bar(percent: Option<f64>) -> Option<Element> {
    let width = percent?.clamp(0.0, 100.0);
    let area = Area { left: 0.0, top: 0.0, width, height: 10.0 };
    let sheet = Element::new("svg").class("share").with("viewBox", "0 0 100 10");
    Some(sheet.with("preserveAspectRatio", "none").unheard().child(svg::rect(area, 0.0)))
}

fn reasons_title(edge: &Edge, figures: Figures) -> String {
    let words = figures.words();
    match edge.declined {
        Some(1) => words.network_reason(),
        Some(count) => words.network_reasons_of(figures.thousands(count)),
        None => words.network_reasons(),
    }
}

/// Reasons in their words, the most frequent first; those that are hidden last.
fn reasons(edge: &Edge, figures: Figures) -> Vec<Fact> {
    let mut found: Vec<(DeclineReason, Option<i64>)> = DeclineReason::VARIANTS
        .iter()
        .filter_map(|reason| Some((*reason, *edge.declined_by.get(reason.code())?)))
        .collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(count.unwrap_or(0)));
    found
        .into_iter()
        .map(|(reason, count)| Fact {
            words: capital(reason.words_in(figures.0)),
            count: figures.count(count),
            before: None,
            bar: bar(words::share(count, edge.declined)),
        })
        .collect()
}

/// What stands out among the refusals.
fn finding(edge: &Edge, language: Language) -> Option<String> {
    let declined = edge.declined.filter(|declined| *declined >= 5)?;
    let most = DeclineReason::VARIANTS
        .iter()
        .filter_map(|reason| Some((reason, (*edge.declined_by.get(reason.code())?)?)))
        .max_by_key(|(_, count)| *count)?;
    let share = words::share(Some(most.1), Some(declined))?;
    (share >= WORTH_A_SENTENCE)
        .then(|| language.words().network_finding(most.1, declined, most.0.words_in(language)))
}

fn of_service(service: &Service, flows: &Flows, asked: &Asked) -> Panel {
    let (figures, words) = (asked.figures(), asked.language.words());
    let plain = |words: String, count: String| Fact { words, count, before: None, bar: None };
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
    let organisation = service.organisation.as_ref().map(|name| format!(" · {name}"));
    Panel {
        over: words.network_chosen_service(),
        title: service.name.clone(),
        about: capital(&kind(service, asked)) + &organisation.unwrap_or_default(),
        facts: vec![
            plain(words.network_fact_sent(), about(sent, Side::Sent, figures)),
            plain(words.network_fact_of_sent(), accepted(|edge| &edge.from)),
            plain(words.network_fact_sent(), about(received, Side::Received, figures)),
            plain(words.network_fact_of_received(), accepted(|edge| &edge.to)),
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
    let (figures, words) = (asked.figures(), asked.language.words());
    let fact = |words: String, count: Option<i64>| Fact {
        words,
        count: count.map_or_else(|| words::NOTHING.into(), |_| of_sent(count, sent, figures)),
        before: None,
        bar: bar(words::share(count, sent)),
    };
    let is_of_ats = asked.scope.ats.is_some();
    Panel {
        over: words.network_no_choice(),
        title: if is_of_ats { words.network_whole_ats() } else { words.network_whole() },
        about: words.network_no_choice_next(),
        facts: vec![
            fact(words.network_fact_sent(), sent),
            fact(words.network_fact_accepted(), sum(|month| month.accepted)),
            fact(words.network_fact_declined(), sum(|month| month.declined)),
            fact(words.network_fact_expired(), sum(|month| month.expired)),
            fact(words.network_fact_withdrawn(), sum(|month| month.withdrawn)),
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
