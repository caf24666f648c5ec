//! The flows that are shown: those strong enough, beside what they were in the other period.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use strum::VariantArray as _;
use trama_events::codes::ServiceType;
use trama_projections::network::{Edge, Graph, NeedMetCounts, Node};
use trama_ui::family::Family;
use trama_ui::figure::network::Column;

use super::asked::{Asked, Measure};
use super::stage::column;
use super::words;

/// Flows that a map shows where nobody said how strong they must be.
const ON_A_MAP: usize = 40;
/// What one may ask for as the least.
pub(super) const MINIMA: [i64; 6] = [1, 5, 10, 20, 50, 100];

/// What came of the referrals from one service to another, now and in the other period.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) now: Edge,
    /// Where a comparison was asked for.
    pub(super) before: Option<Edge>,
}

/// A service of the map.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) id: String,
    /// Public name.
    pub(super) name: String,
    pub(super) family: Family,
    pub(super) kind: Option<ServiceType>,
    pub(super) column: Column,
    pub(super) organisation: Option<String>,
    pub(super) ats: Option<String>,
}

/// Flows with their services.
#[derive(Debug)]
pub(super) struct Flows {
    /// The strongest first.
    pub(super) shown: Vec<Flow>,
    /// In their fixed order.
    pub(super) services: Vec<Service>,
    /// Only flows with at least so many are shown.
    pub(super) min: i64,
    /// Flows of the period that are not shown.
    pub(super) left_out: usize,
    /// What every service is called that may not be shown.
    external: String,
    places: HashMap<String, usize>,
}

impl Flows {
    pub(super) fn of(graph: &Graph, other: Option<&Graph>, asked: &Asked) -> Self {
        let all = paired(graph, other);
        let min = asked.min.unwrap_or_else(|| strong_enough(&all));
        let count = all.len();
        let shown: Vec<Flow> = all.into_iter().filter(|flow| flow.has_at_least(min)).collect();
        let ends: BTreeSet<&str> =
            shown.iter().flat_map(|flow| [flow.now.from.as_str(), flow.now.to.as_str()]).collect();
        let known: BTreeMap<&str, &Node> = other
            .into_iter()
            .chain([graph])
            .flat_map(|graph| &graph.nodes)
            .filter(|node| ends.contains(node.id.as_str()))
            .map(|node| (node.id.as_str(), node))
            .collect();
        let external = asked.language.words().network_external();
        let mut services: Vec<Service> =
            known.into_values().map(|node| Service::of(node, &external)).collect();
        services.sort_by_cached_key(Service::order);
        let places = services.iter().enumerate().map(|(at, one)| (one.id.clone(), at)).collect();
        let left_out = graph.edges_left_out + count - shown.len();
        Self { shown, services, min, left_out, external, places }
    }

    pub(super) fn place(&self, service: &str) -> Option<usize> {
        self.places.get(service).copied()
    }

    pub(super) fn service(&self, id: &str) -> Option<&Service> {
        self.services.get(self.place(id)?)
    }

    pub(super) fn name(&self, id: &str) -> &str {
        self.service(id).map_or(&self.external, |service| service.name.as_str())
    }

    /// Sum over the flows of one side of a service, and whether some of them are hidden.
    pub(super) fn sum<'a>(
        &'a self,
        side: impl Fn(&'a Edge) -> &'a str,
        service: &str,
    ) -> (i64, bool) {
        let edges = self.shown.iter().map(|flow| &flow.now).filter(|edge| side(edge) == service);
        edges.fold((0, false), |(sum, hidden), edge| {
            (sum + edge.sent.unwrap_or(0), hidden || edge.sent.is_none())
        })
    }

    /// By what is measured: the most worth looking at first, what is hidden last.
    pub(super) fn by(&self, measure: Measure) -> Vec<&Flow> {
        let mut flows: Vec<&Flow> = self.shown.iter().collect();
        let last = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
        match measure {
            Measure::Volume => {}
            Measure::Accepted => flows.sort_by(|a, b| {
                last(a.now.acceptance_percent).total_cmp(&last(b.now.acceptance_percent))
            }),
            Measure::Outcome => {
                flows.sort_by(|a, b| last(met(&a.now)).total_cmp(&last(met(&b.now))));
            }
            Measure::Time => flows.sort_by(|a, b| {
                let slow = |edge: &Edge| last(edge.median_days.map(|days| -days));
                slow(&a.now).total_cmp(&slow(&b.now))
            }),
        }
        flows
    }
}

/// Of how many of those sent the need was met, in percent.
pub(super) fn met(edge: &Edge) -> Option<f64> {
    words::share(edge.need_met.yes, edge.sent)
}

impl Flow {
    /// A hidden count may not be found by asking with another least one.
    fn has_at_least(&self, min: i64) -> bool {
        let enough = |edge: &Edge| edge.sent.map_or(min <= 1, |sent| sent >= min);
        enough(&self.now) || self.before.as_ref().is_some_and(enough)
    }
}

impl Service {
    fn of(node: &Node, external: &str) -> Self {
        let kind = node.service_type.as_deref().and_then(|kind| kind.parse().ok());
        match &node.name {
            Some(name) if !node.external => Self {
                id: node.id.clone(),
                name: name.clone(),
                family: kind.map_or(Family::Access, Family::from),
                kind,
                column: kind.map_or(Column::Serves, column),
                organisation: node.organisation_name.clone(),
                ats: node.ats.clone(),
            },
            Some(_) | None => Self {
                id: node.id.clone(),
                name: external.to_owned(),
                family: Family::External,
                kind: None,
                column: Column::Serves,
                organisation: None,
                ats: None,
            },
        }
    }

    /// The same whatever flows: by what it does, then by its name; the external ones last.
    fn order(&self) -> (usize, String, String) {
        let kind =
            self.kind.and_then(|kind| ServiceType::VARIANTS.iter().position(|one| *one == kind));
        (kind.unwrap_or(usize::MAX), self.name.clone(), self.id.clone())
    }
}

/// The least count with which no more flows are left than a map can show.
fn strong_enough(all: &[Flow]) -> i64 {
    let few = |min: &i64| all.iter().filter(|flow| flow.has_at_least(*min)).count() <= ON_A_MAP;
    MINIMA.into_iter().find(few).unwrap_or(MINIMA[MINIMA.len() - 1])
}

/// The flows of a period, the strongest first, each beside itself in the other period; those that
/// are no more come last.
fn paired(graph: &Graph, other: Option<&Graph>) -> Vec<Flow> {
    let Some(other) = other else {
        return graph.edges.iter().map(|edge| Flow { now: edge.clone(), before: None }).collect();
    };
    let key = |edge: &Edge| (edge.from.clone(), edge.to.clone());
    let mut gone: BTreeMap<(String, String), &Edge> =
        other.edges.iter().map(|edge| (key(edge), edge)).collect();
    let mut flows: Vec<Flow> = Vec::with_capacity(graph.edges.len());
    for edge in &graph.edges {
        // What a cut list lacks may be there all the same.
        let before = gone.remove(&key(edge)).cloned();
        let before = before.or_else(|| (other.edges_left_out == 0).then(|| nothing(edge)));
        flows.push(Flow { now: edge.clone(), before });
    }
    let mut gone: Vec<&Edge> = gone.into_values().filter(|_| graph.edges_left_out == 0).collect();
    gone.sort_by_key(|edge| Reverse(edge.sent));
    flows.extend(
        gone.into_iter().map(|edge| Flow { now: nothing(edge), before: Some(edge.clone()) }),
    );
    flows
}

/// The same flow where nothing was sent.
fn nothing(edge: &Edge) -> Edge {
    let none = Some(0);
    Edge {
        from: edge.from.clone(),
        to: edge.to.clone(),
        sent: none,
        seen: none,
        accepted: none,
        declined: none,
        declined_by: BTreeMap::new(),
        expired: none,
        withdrawn: none,
        open: none,
        first_visit_held: none,
        need_met: NeedMetCounts { yes: none, partly: none, no: none },
        acceptance_percent: None,
        median_days: None,
        p90_days: None,
        months: None,
        suppressed: false,
    }
}
