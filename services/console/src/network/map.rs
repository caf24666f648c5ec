//! The flows as a map.

use trama_ui::figure::network::{Column, Edge, Network, Node, Share};
use trama_ui::figure::svg::Element;
use trama_ui::words::InWords as _;

use super::asked::{Asked, Choice, Measure};
use super::flows::{Flow, Flows, Service, met};
use super::words;

const COLUMNS: [&str; 4] = ["Chi segnala", "Accesso", "Presa in carico", "Servizi"];

/// The drawing; none where nothing flows.
pub(super) fn draw(flows: &Flows, asked: &Asked) -> Option<Element> {
    let network = network(flows, asked);
    (!network.is_empty()).then(|| network.draw().svg)
}

fn network(flows: &Flows, asked: &Asked) -> Network {
    Network {
        name: format!(
            "Rete di invii, {}: prima i servizi, poi i flussi dal più forte",
            words::between(asked.scope.period.from, asked.scope.period.to)
        ),
        columns: COLUMNS.map(str::to_owned),
        nodes: flows.services.iter().map(|service| node(service, flows, asked)).collect(),
        edges: flows.shown.iter().filter_map(|flow| edge(flow, flows, asked)).collect(),
    }
}

fn node(service: &Service, flows: &Flows, asked: &Asked) -> Node {
    let choice = Choice::Service(service.id.clone());
    let sent = flows.sum(|edge| &edge.from, &service.id);
    let received = flows.sum(|edge| &edge.to, &service.id);
    let sends = (service.column == Column::Reports && sent != (0, false)) || received == (0, false);
    let count = if sends { about(sent, "mandati") } else { about(received, "ricevuti") };
    let kind = service.kind.map(|kind| format!(", {}", kind.words())).unwrap_or_default();
    let (sent, received) = (about(sent, "mandati"), about(received, "ricevuti"));
    Node {
        column: service.column,
        family: service.family,
        label: service.name.clone(),
        count,
        name: format!("{}{kind}: {sent}, {received}", service.name),
        href: asked.choosing(choice.clone()) + "#scelto",
        is_chosen: asked.choice == choice,
    }
}

/// `52 ricevuti`; where a part is hidden, no more than what the flows beside it tell.
pub(super) fn about((sum, hides): (i64, bool), what: &str) -> String {
    match (sum, hides) {
        (1, false) => format!("1 {}", one(what)),
        (0, true) => format!("{} {what}", words::HIDDEN),
        (sum, true) => format!("almeno {} {what}", words::thousands(sum)),
        (sum, false) => format!("{} {what}", words::thousands(sum)),
    }
}

/// `mandato` of `mandati`.
fn one(what: &str) -> String {
    what.strip_suffix('i').map_or_else(|| what.to_owned(), |stem| format!("{stem}o"))
}

fn edge(flow: &Flow, flows: &Flows, asked: &Asked) -> Option<Edge> {
    let now = &flow.now;
    let choice = Choice::Flow(now.from.clone(), now.to.clone());
    let label = label(flow, asked.measure);
    let told = told(flow, flows);
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

fn label(flow: &Flow, measure: Measure) -> Option<String> {
    let now = &flow.now;
    match measure {
        Measure::Volume => Some(words::count(now.sent)),
        Measure::Accepted => now.acceptance_percent.map(words::percent),
        Measure::Outcome => met(now).map(words::percent),
        Measure::Time => now.median_days.map(words::brief_days),
    }
}

/// A flow in full.
fn told(flow: &Flow, flows: &Flows) -> String {
    let now = &flow.now;
    let sent = now.sent.map_or_else(|| format!("{} invii", words::HIDDEN), words::referrals);
    let mut told = format!("da {} a {}, {sent}", flows.name(&now.from), flows.name(&now.to));
    let shares = [(now.acceptance_percent, "accolti"), (met(now), "con il bisogno risolto")];
    for (share, what) in shares {
        if let Some(share) = share {
            told = format!("{told}, {} {what}", words::percent(share));
        }
    }
    if now.median_days.is_some() {
        told = format!("{told}, risposta mediana {}", words::days(now.median_days));
    }
    if let Some(before) = &flow.before {
        told = format!("{told}, nel periodo di confronto {}", words::count(before.sent));
    }
    told
}

/// What stands beside the drawing, to read it by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) class: &'static str,
    pub(super) words: &'static str,
}

pub(super) fn keys(asked: &Asked) -> Vec<Key> {
    let mut keys = vec![
        Key { class: "thick", words: "spessore: numero di invii" },
        Key { class: "high", words: "accolti 80% o più" },
        Key { class: "middle", words: "65–79%" },
        Key { class: "low", words: "meno del 65%" },
        Key { class: "unknown", words: "numero nascosto" },
    ];
    if !asked.scope.protected {
        keys.pop();
    }
    if asked.comparison.is_some() {
        keys.push(Key { class: "ghost", words: "contorno: periodo di confronto" });
    }
    keys.push(Key { class: "", words: meaning(asked.measure) });
    keys
}

fn meaning(measure: Measure) -> &'static str {
    match measure {
        Measure::Volume => "etichetta: invii",
        Measure::Accepted => "etichetta: accolti su inviati",
        Measure::Outcome => "etichetta: bisogni risolti su inviati",
        Measure::Time => "etichetta: giorni alla risposta (mediana)",
    }
}
