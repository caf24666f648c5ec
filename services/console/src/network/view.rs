//! The network as the page shows it. Pure.

use std::collections::HashMap;

use askama::Template;
use time::Date;
use time::format_description::well_known::Iso8601;
use trama_events::codes::ServiceType;
use trama_events::ids::Ats;
use trama_projections::indicators::Scope;
use trama_projections::network::{Edge, Graph, Month, Node};
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::frame::Frame;
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};

use crate::in_words;

/// What a hidden count reads.
const HIDDEN: &str = "meno di 5";
/// What is not there to be shown.
const NOTHING: &str = "–";
/// From this share of acceptance on, an edge needs no note.
const ACCEPTED_LOW: f64 = 65.0;

/// The page.
#[derive(Debug, Template)]
#[template(path = "network.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) view: View,
    /// At which time it was read.
    pub(super) at: String,
}

/// What the page shows.
#[derive(Debug)]
pub(super) struct View {
    about: String,
    from: Date,
    to: Date,
    choices: Vec<Choice>,
    edges: Vec<Row>,
    left_out: usize,
    nodes: Vec<Service>,
    months: Vec<MonthRow>,
    suppressed: bool,
}

/// An ATS to choose.
#[derive(Debug)]
struct Choice {
    slug: String,
    label: String,
    chosen: bool,
}

/// One edge.
#[derive(Debug)]
struct Row {
    from: Named,
    to: Named,
    sent: String,
    accepted: String,
    held: String,
    met: String,
    median: String,
    p90: String,
    badges: Vec<Badge>,
}

/// A service by its name and family.
#[derive(Debug, Clone)]
struct Named {
    name: String,
    family: Family,
}

/// One node.
#[derive(Debug)]
struct Service {
    named: Named,
    kind: &'static str,
    organisation: String,
    ats: String,
    sent: String,
    received: String,
}

/// One month.
#[derive(Debug)]
struct MonthRow {
    month: String,
    cells: [String; 5],
}

pub(super) fn view(graph: &Graph, scope: &Scope, own: &Ats) -> View {
    let names: HashMap<&str, Named> =
        graph.nodes.iter().map(|node| (node.id.as_str(), named(node))).collect();
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(external);
    View {
        about: about(graph, scope),
        from: scope.period.from,
        to: scope.period.to,
        choices: choices(scope.ats.as_ref(), own),
        edges: graph.edges.iter().map(|edge| row(edge, name(&edge.from), name(&edge.to))).collect(),
        left_out: graph.edges_left_out,
        nodes: services(graph),
        months: graph.months.iter().map(month).collect(),
        suppressed: graph.suppressed,
    }
}

fn about(graph: &Graph, scope: &Scope) -> String {
    let whose = scope.ats.as_ref().map_or_else(
        || "Invii tra i servizi della rete metropolitana".to_owned(),
        |ats| format!("Invii dei servizi dell’ambito {}", in_words(ats.as_str())),
    );
    let period = format!("{} – {}", dates::long(scope.period.from), dates::long(scope.period.to));
    let sum =
        |count: fn(&Month) -> Option<i64>| graph.months.iter().map(count).sum::<Option<i64>>();
    let totals = sum(|month| month.sent).filter(|sent| *sent > 0).map(|sent| {
        let accepted = sum(|month| month.accepted)
            .map(|accepted| format!(", {}% accolti", accepted * 100 / sent));
        format!(" · {} invii{}", thousands(sent), accepted.unwrap_or_default())
    });
    format!("{whose} · {period}{}", totals.unwrap_or_default())
}

fn choices(chosen: Option<&Ats>, own: &Ats) -> Vec<Choice> {
    let whole = Choice {
        slug: String::new(),
        label: "Tutta la rete metropolitana".into(),
        chosen: chosen.is_none(),
    };
    let mut slugs: Vec<&Ats> = vec![own];
    slugs.extend(chosen.filter(|chosen| *chosen != own));
    let ats = slugs.into_iter().filter(|ats| ats.as_str() != "metro").map(|ats| Choice {
        slug: ats.to_string(),
        label: format!("Ambito {}", in_words(ats.as_str())),
        chosen: chosen == Some(ats),
    });
    std::iter::once(whole).chain(ats).collect()
}

fn external() -> Named {
    Named { name: "Servizi esterni".into(), family: Family::External }
}

fn kind_of(node: &Node) -> Option<ServiceType> {
    node.service_type.as_deref()?.parse().ok()
}

fn named(node: &Node) -> Named {
    match (&node.name, kind_of(node)) {
        (Some(name), kind) if !node.external => {
            Named { name: name.clone(), family: kind.map_or(Family::Access, Family::from) }
        }
        _ => external(),
    }
}

fn row(edge: &Edge, from: Named, to: Named) -> Row {
    let mut badges: Vec<Badge> = Vec::new();
    if edge.acceptance_percent.is_some_and(|percent| percent < ACCEPTED_LOW) {
        badges.push(Badge::new(State::Refused, "sotto il 65%").with(Glyph::Triangle));
    }
    if edge.suppressed {
        badges.push(Badge::new(State::Neutral, "in parte nascosto").with(Glyph::Lock));
    }
    Row {
        from,
        to,
        sent: count(edge.sent),
        accepted: edge
            .acceptance_percent
            .map_or_else(|| NOTHING.into(), |percent| format!("{percent:.0}%")),
        held: count(edge.first_visit_held),
        met: count(edge.need_met.yes),
        median: days(edge.median_days),
        p90: days(edge.p90_days),
        badges,
    }
}

fn services(graph: &Graph) -> Vec<Service> {
    let sum = |edges: Vec<&Edge>| match edges.iter().map(|edge| edge.sent).sum::<Option<i64>>() {
        Some(0) => NOTHING.to_owned(),
        sum => sum.map_or_else(|| NOTHING.into(), thousands),
    };
    let mut all: Vec<Service> = graph
        .nodes
        .iter()
        .map(|node| Service {
            named: named(node),
            kind: kind_of(node)
                .filter(|_| !node.external)
                .map_or("dettaglio riservato", |kind| kind.words()),
            organisation: node.organisation_name.clone().unwrap_or_else(|| NOTHING.into()),
            ats: node
                .ats
                .as_deref()
                .map(|ats| format!("ambito {}", in_words(ats)))
                .unwrap_or_default(),
            sent: sum(graph.edges.iter().filter(|edge| edge.from == node.id).collect()),
            received: sum(graph.edges.iter().filter(|edge| edge.to == node.id).collect()),
        })
        .collect();
    all.sort_by(|a, b| a.named.name.cmp(&b.named.name));
    all
}

fn month(month: &Month) -> MonthRow {
    let first = Date::parse(&format!("{}-01", month.month), &Iso8601::DATE);
    MonthRow {
        month: first.map_or_else(|_| month.month.clone(), dates::month_and_year),
        cells: [month.sent, month.accepted, month.declined, month.expired, month.withdrawn]
            .map(count),
    }
}

fn count(count: Option<i64>) -> String {
    count.map_or_else(|| HIDDEN.into(), thousands)
}

/// `1.064`
fn thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

fn days(days: Option<f64>) -> String {
    match days {
        None => NOTHING.into(),
        Some(days) if days * 24.0 < 1.0 => "meno di un’ora".into(),
        Some(days) if days < 0.95 => {
            format!("{:.0} ore", (days * 24.0).floor()).replace("1 ore", "1 ora")
        }
        Some(days) if (days - 1.0).abs() < 0.05 => "1 giorno".into(),
        Some(days) if days < 10.0 && (days - days.round()).abs() >= 0.05 => {
            format!("{days:.1} giorni").replace('.', ",")
        }
        Some(days) => format!("{days:.0} giorni"),
    }
}

#[cfg(test)]
mod tests;
