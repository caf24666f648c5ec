//! The flows as a map.

use trama_ui::figure::network::{Column, Edge, Network, Node, Share};
use trama_ui::figure::svg::Element;
use trama_ui::language::Words;
use trama_ui::words::InWords as _;

use super::asked::{Asked, Choice, Measure};
use super::flows::{Flow, Flows, Service, met};
use super::words::{self, Figures};

/// The drawing; none where nothing flows.
pub(super) fn draw(flows: &Flows, asked: &Asked) -> Option<Element> {
    let network = network(flows, asked);
    (!network.is_empty()).then(|| network.draw().svg)
}

fn network(flows: &Flows, asked: &Asked) -> Network {
    let (words, period) = (asked.language.words(), asked.scope.period);
    Network {
        name: words.network_figure_name(asked.figures().between(period.from, period.to)),
        columns: [
            words.network_reports(),
            words.network_access(),
            words.network_charge(),
            words.network_serves(),
        ],
        nodes: flows.services.iter().map(|service| node(service, flows, asked)).collect(),
        edges: flows.shown.iter().filter_map(|flow| edge(flow, flows, asked)).collect(),
    }
}

fn node(service: &Service, flows: &Flows, asked: &Asked) -> Node {
    let choice = Choice::Service(service.id.clone());
    let sent = flows.sum(|edge| &edge.from, &service.id);
    let received = flows.sum(|edge| &edge.to, &service.id);
    let sends = (service.column == Column::Reports && sent != (0, false)) || received == (0, false);
    let (sent, received) = [(Side::Sent, sent), (Side::Received, received)]
        .map(|(side, sum)| about(sum, side, asked.figures()))
        .into();
    let kind = service.kind.map(|kind| format!(", {}", kind.words_in(asked.language)));
    Node {
        column: service.column,
        family: service.family,
        label: service.name.clone(),
        name: format!("{}{}: {sent}, {received}", service.name, kind.unwrap_or_default()),
        count: if sends { sent } else { received },
        href: asked.choosing(choice.clone()) + "#scelto",
        is_chosen: asked.choice == choice,
    }
}

/// Which end of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Sent,
    Received,
}

/// `52 ricevuti`; where a part is hidden, no more than what the flows beside it tell.
pub(super) fn about((sum, hides): (i64, bool), side: Side, figures: Figures) -> String {
    let words = figures.words();
    let count = match (sum, hides) {
        (1, false) => {
            return match side {
                Side::Sent => words.network_sent_one(),
                Side::Received => words.network_received_one(),
            };
        }
        (0, true) => figures.hidden(),
        (sum, true) => words.network_at_least(figures.thousands(sum)),
        (sum, false) => figures.thousands(sum),
    };
    match side {
        Side::Sent => words.network_sent(count),
        Side::Received => words.network_received(count),
    }
}

fn edge(flow: &Flow, flows: &Flows, asked: &Asked) -> Option<Edge> {
    let now = &flow.now;
    let choice = Choice::Flow(now.from.clone(), now.to.clone());
    let label = label(flow, asked);
    let told = told(flow, flows, asked.figures());
    Some(Edge {
        from: flows.place(&now.from)?,
        to: flows.place(&now.to)?,
        sent: now.sent,
        before: flow.before.as_ref().and_then(|before| before.sent),
        share: Share::of(now.acceptance_percent),
        name: label.as_ref().map_or_else(|| told.clone(), |label| format!("{label}: {told}")),
        label,
        href: asked.choosing(choice.clone()) + "#scelto",
        is_chosen: asked.choice == choice,
    })
}

fn label(flow: &Flow, asked: &Asked) -> Option<String> {
    let (now, figures) = (&flow.now, asked.figures());
    match asked.measure {
        Measure::Volume => Some(figures.count(now.sent)),
        Measure::Accepted => now.acceptance_percent.map(words::percent),
        Measure::Outcome => met(now).map(words::percent),
        Measure::Time => now.median_days.map(|days| figures.brief_days(days)),
    }
}

/// A flow in full.
fn told(flow: &Flow, flows: &Flows, figures: Figures) -> String {
    let (now, words) = (&flow.now, figures.words());
    let hidden = || words.network_referrals(figures.hidden());
    let sent = now.sent.map_or_else(hidden, |sent| figures.referrals(sent));
    let mut told = vec![words.network_flow(flows.name(&now.from), flows.name(&now.to), sent)];
    let accepted = now.acceptance_percent.map(words::percent);
    told.extend(accepted.map(|share| words.network_flow_accepted(share)));
    told.extend(met(now).map(words::percent).map(|share| words.network_flow_met(share)));
    if now.median_days.is_some() {
        told.push(words.network_flow_median(figures.days(now.median_days)));
    }
    if let Some(before) = &flow.before {
        told.push(words.network_flow_before(figures.count(before.sent)));
    }
    told.join(", ")
}

/// What stands beside the drawing, to read it by.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) class: &'static str,
    pub(super) words: String,
}

pub(super) fn keys(asked: &Asked) -> Vec<Key> {
    let words = asked.language.words();
    let mut keys = vec![
        Key { class: "thick", words: words.network_key_thick() },
        Key { class: "high", words: words.network_key_high() },
        Key { class: "middle", words: "65–79%".into() },
        Key { class: "low", words: words.network_key_low() },
    ];
    if asked.scope.protected {
        keys.push(Key { class: "unknown", words: words.network_key_hidden() });
    }
    if asked.comparison.is_some() {
        keys.push(Key { class: "ghost", words: words.network_key_ghost() });
    }
    keys.push(Key { class: "", words: meaning(asked.measure, words) });
    keys
}

fn meaning(measure: Measure, words: &Words) -> String {
    match measure {
        Measure::Volume => words.network_key_volume(),
        Measure::Accepted => words.network_key_accepted(),
        Measure::Outcome => words.network_key_outcome(),
        Measure::Time => words.network_key_time(),
    }
}
