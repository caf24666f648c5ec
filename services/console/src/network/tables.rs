//! The tables of the page: they have the facts, the figure is a reading of them.

use time::Date;
use time::format_description::well_known::Iso8601;
use trama_projections::network::{Edge, Graph, Month};
use trama_ui::badge::Badge;
use trama_ui::family::Family;
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};

use super::asked::{Asked, Choice};
use super::flows::{Flow, Flows, Service};
use super::words::{self, Figures, NOTHING};
use crate::in_words;

/// From this share of acceptance on, an edge needs no note.
const ACCEPTED_LOW: f64 = 65.0;

/// One flow.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) from: Named,
    pub(super) to: Named,
    pub(super) href: String,
    pub(super) is_chosen: bool,
    pub(super) sent: String,
    /// Sent in the period of comparison.
    pub(super) before: Option<String>,
    pub(super) accepted: String,
    pub(super) held: String,
    pub(super) met: String,
    pub(super) median: String,
    pub(super) p90: String,
    pub(super) badges: Vec<Badge>,
}

/// A service by its name and family.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) family: Family,
}

/// One service.
#[derive(Debug)]
pub(super) struct ServiceRow {
    pub(super) named: Named,
    pub(super) href: String,
    pub(super) kind: String,
    pub(super) organisation: String,
    pub(super) ats: String,
    pub(super) sent: String,
    pub(super) received: String,
}

/// One month.
#[derive(Debug)]
pub(super) struct MonthRow {
    pub(super) month: String,
    pub(super) cells: [String; 5],
}

/// The flows by what is measured; of a chosen service, its own.
pub(super) fn rows(flows: &Flows, asked: &Asked) -> Vec<Row> {
    let chosen = match &asked.choice {
        Choice::Service(service) => flows.service(service).map(|service| service.id.as_str()),
        Choice::Nothing | Choice::Flow(..) => None,
    };
    let all = flows.by(asked.measure).into_iter();
    all.filter(|flow| chosen.is_none_or(|id| flow.now.from == id || flow.now.to == id))
        .map(|flow| row(flow, flows, asked))
        .collect()
}

fn row(flow: &Flow, flows: &Flows, asked: &Asked) -> Row {
    let (edge, figures) = (&flow.now, asked.figures());
    let choice = Choice::Flow(edge.from.clone(), edge.to.clone());
    Row {
        from: named(flows, &edge.from),
        to: named(flows, &edge.to),
        href: asked.choosing(choice.clone()) + "#scelto",
        is_chosen: asked.choice == choice,
        sent: figures.count(edge.sent),
        before: asked.comparison.map(|_| {
            flow.before.as_ref().map_or_else(|| NOTHING.into(), |before| figures.count(before.sent))
        }),
        accepted: edge.acceptance_percent.map_or_else(|| NOTHING.into(), words::percent),
        held: figures.count(edge.first_visit_held),
        met: figures.count(edge.need_met.yes),
        median: figures.days(edge.median_days),
        p90: figures.days(edge.p90_days),
        badges: badges(edge, figures),
    }
}

fn badges(edge: &Edge, figures: Figures) -> Vec<Badge> {
    let words = figures.words();
    let mut badges: Vec<Badge> = Vec::new();
    if edge.acceptance_percent.is_some_and(|percent| percent < ACCEPTED_LOW) {
        badges.push(Badge::new(State::Refused, words.network_low()).with(Glyph::Triangle));
    }
    if edge.suppressed {
        badges.push(Badge::new(State::Neutral, words.network_partly_hidden()).with(Glyph::Lock));
    }
    badges
}

fn named(flows: &Flows, id: &str) -> Named {
    let family = flows.service(id).map_or(Family::External, |service| service.family);
    Named { name: flows.name(id).to_owned(), family }
}

pub(super) fn services(flows: &Flows, asked: &Asked) -> Vec<ServiceRow> {
    let figures = asked.figures();
    let words = figures.words();
    let row = |service: &Service| ServiceRow {
        named: Named { name: service.name.clone(), family: service.family },
        href: asked.choosing(Choice::Service(service.id.clone())) + "#scelto",
        kind: kind(service, asked),
        organisation: service.organisation.clone().unwrap_or_else(|| NOTHING.into()),
        ats: service
            .ats
            .as_deref()
            .map(|ats| words.network_of_ats(in_words(ats)))
            .unwrap_or_default(),
        sent: sum(flows.sum(|edge| &edge.from, &service.id), figures),
        received: sum(flows.sum(|edge| &edge.to, &service.id), figures),
    };
    let mut all: Vec<ServiceRow> = flows.services.iter().map(row).collect();
    all.sort_by(|a, b| a.named.name.cmp(&b.named.name));
    all
}

/// What a service does, in words.
pub(super) fn kind(service: &Service, asked: &Asked) -> String {
    let kind = service.kind.map(|kind| kind.words_in(asked.language).to_owned());
    kind.unwrap_or_else(|| asked.language.words().network_reserved())
}

fn sum((sum, hides): (i64, bool), figures: Figures) -> String {
    match (sum, hides) {
        (0, false) => NOTHING.into(),
        (0, true) => figures.hidden(),
        (sum, true) => figures.words().network_at_least(figures.thousands(sum)),
        (sum, false) => figures.thousands(sum),
    }
}

pub(super) fn months(graph: &Graph, figures: Figures) -> Vec<MonthRow> {
    graph.months.iter().map(|one| month(one, figures)).collect()
}

fn month(month: &Month, figures: Figures) -> MonthRow {
    let first = Date::parse(&format!("{}-01", month.month), &Iso8601::DATE);
    MonthRow {
        month: first.map_or_else(|_| month.month.clone(), |day| figures.0.month_and_year(day)),
        cells: [month.sent, month.accepted, month.declined, month.expired, month.withdrawn]
            .map(|count| figures.count(count)),
    }
}
