//! The graph as it is shown: nodes, edges, months, with small cells hidden.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sqlx::{PgConnection, PgPool, Row};
use strum::VariantArray;
use time::Date;
use trama_events::codes::DeclineReason;
use trama_events::rome;
use utoipa::ToSchema;
use uuid::Uuid;

use super::figures::{EdgeKey, Flow, MonthFlow, NodeKey, flows, last_sent};
use crate::fence::Sight;
use crate::indicators::asked::{Level, Period, Positions, Scope, positions};
use crate::indicators::cells::{Sum, hidden, shown};

/// The node of every service that may not be shown.
pub const EXTERNAL: &str = "external";

/// The referral graph of a period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Graph {
    /// Days of sending.
    pub period: Period,
    /// `ats` or `metropolitan`.
    pub level: Level,
    /// ATS of the sending services, at the level of an ATS.
    pub ats: Option<String>,
    /// How far the logs were read.
    #[schema(value_type = Object)]
    pub positions: Positions,
    /// Services that send or receive on the edges listed.
    pub nodes: Vec<Node>,
    /// Edges, the strongest first.
    pub edges: Vec<Edge>,
    /// Edges that `min` or `limit` left out.
    pub edges_left_out: usize,
    /// By month of sending, edges to and from external services left out.
    pub months: Vec<Month>,
    /// Whether something is hidden because it counts fewer than five.
    pub suppressed: bool,
}

/// A service, or all external ones together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Node {
    /// The service's id, or `external`.
    pub id: String,
    /// Whether it stands for services that may not be shown.
    pub external: bool,
    /// Public name.
    pub name: Option<String>,
    /// What it does.
    pub service_type: Option<String>,
    /// Its ATS.
    pub ats: Option<String>,
    /// Who runs it.
    pub organisation: Option<Uuid>,
    /// Public name of who runs it.
    pub organisation_name: Option<String>,
}

/// Referrals from one node to another. A hidden count is `null`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Edge {
    /// Sender's node.
    pub from: String,
    /// Receiver's node.
    pub to: String,
    /// Referrals sent in the period.
    pub sent: Option<i64>,
    /// Of these: opened by the receiver.
    pub seen: Option<i64>,
    /// Of these: accepted.
    pub accepted: Option<i64>,
    /// Of these: declined.
    pub declined: Option<i64>,
    /// Declined, by reason; reasons that did not occur are left out.
    pub declined_by: BTreeMap<String, Option<i64>>,
    /// Of these: not answered in time.
    pub expired: Option<i64>,
    /// Of these: taken back.
    pub withdrawn: Option<i64>,
    /// Of these: no answer yet.
    pub open: Option<i64>,
    /// Of those accepted: the person came to the first visit.
    pub first_visit_held: Option<i64>,
    /// Of those accepted: whether the need was met.
    pub need_met: NeedMetCounts,
    /// Accepted of sent, in percent.
    pub acceptance_percent: Option<f64>,
    /// Median of the days from sending to the answer, accepted or declined.
    pub median_days: Option<f64>,
    /// Nine of ten answers came within so many days.
    pub p90_days: Option<f64>,
    /// By month of sending; `null` where small counts are hidden.
    pub months: Option<Vec<EdgeMonth>>,
    /// Whether something of this edge is hidden.
    pub suppressed: bool,
}

/// Whether the need was met: accepted is not served, served is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct NeedMetCounts {
    /// Met.
    pub yes: Option<i64>,
    /// Met in part.
    pub partly: Option<i64>,
    /// Not met.
    pub no: Option<i64>,
}

/// A month of an edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EdgeMonth {
    /// E.g. `2025-01`.
    pub month: String,
    /// Referrals sent.
    pub sent: i64,
    /// Of these: accepted, whenever.
    pub accepted: i64,
}

/// A month of the whole graph. A hidden count is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Month {
    /// E.g. `2025-01`.
    pub month: String,
    /// Referrals sent.
    pub sent: Option<i64>,
    /// Of these: accepted, whenever.
    pub accepted: Option<i64>,
    /// Of these: declined.
    pub declined: Option<i64>,
    /// Of these: not answered in time.
    pub expired: Option<i64>,
    /// Of these: taken back.
    pub withdrawn: Option<i64>,
}

/// The graph of a scope: edges with at least `min` referrals, at most `limit` of them.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn graph(pool: &PgPool, scope: &Scope, min: i64, limit: i64) -> sqlx::Result<Graph> {
    let mut rows = Sight::default().begin(pool).await?;
    let positions = positions(&mut rows, "network").await?;
    let flows = flows(&mut rows, scope).await?;
    let months = graph_months(scope, &flows);
    let (edges, edges_left_out) = edges(scope, &flows, min, limit);
    let keys: BTreeSet<NodeKey> = edges.iter().flat_map(|((from, to), _)| [*from, *to]).collect();
    let nodes = nodes(&mut rows, &keys).await?;
    let edges: Vec<Edge> = edges.into_iter().map(|(_, edge)| edge).collect();
    let suppressed = edges.iter().any(|edge| edge.suppressed) || months.iter().any(|month| month.1);
    Ok(Graph {
        period: scope.period,
        level: Level::of(scope.ats.as_ref()),
        ats: scope.ats.as_ref().map(ToString::to_string),
        positions,
        nodes,
        edges,
        edges_left_out,
        months: months.into_iter().map(|(month, _)| month).collect(),
        suppressed,
    })
}

/// Years that are looked back, in days.
const LOOKED_BACK_DAYS: i64 = 7_304;

/// The last year, of the twenty until a day, in which a service that may be shown sent another one a
/// referral. A year, because a day would tell what was done on it.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn last_year(pool: &PgPool, scope: &Scope, day: Date) -> sqlx::Result<Option<i32>> {
    let mut rows = Sight::default().begin(pool).await?;
    let period = Period { from: rome::days_after(day, -LOOKED_BACK_DAYS), to: day };
    let last = last_sent(&mut rows, &Scope { period, ..scope.clone() }).await?;
    Ok(last.map(Date::year))
}

/// Cells of an edge, in this order; what is left of each sum stands beside its parts.
const SENT: usize = 0;
const SEEN: usize = 1;
const ACCEPTED: usize = 3;
const DECLINED: usize = 4;
const EXPIRED: usize = 5;
const WITHDRAWN: usize = 6;
const OPEN: usize = 7;
const HELD: usize = 8;
const MET: usize = 10;
const REASONS: usize = 14;

fn cells(flow: &Flow) -> Vec<i64> {
    let answered = flow.accepted + flow.declined + flow.expired + flow.withdrawn;
    let met = flow.met_yes + flow.met_partly + flow.met_no;
    let rest = |whole: i64, part: i64| (whole - part).max(0);
    let mut cells = vec![
        flow.sent,
        flow.seen,
        rest(flow.sent, flow.seen),
        flow.accepted,
        flow.declined,
        flow.expired,
        flow.withdrawn,
        rest(flow.sent, answered),
        flow.visit_held,
        rest(flow.accepted, flow.visit_held),
        flow.met_yes,
        flow.met_partly,
        flow.met_no,
        rest(flow.accepted, met),
    ];
    let reason = |reason: &DeclineReason| flow.declined_by.get(reason.code()).copied().unwrap_or(0);
    cells.extend(DeclineReason::VARIANTS.iter().map(reason));
    cells
}

fn width() -> usize {
    REASONS + DeclineReason::VARIANTS.len()
}

fn sums_of_edge(first: usize) -> Vec<Sum> {
    let reasons: Sum = (REASONS..width()).chain([DECLINED]).collect();
    let sums = [
        vec![1, 2, SENT],
        vec![3, 4, 5, 6, 7, SENT],
        vec![8, 9, ACCEPTED],
        vec![10, 11, 12, 13, ACCEPTED],
        reasons,
    ];
    sums.into_iter().map(|sum| sum.into_iter().map(|cell| first + cell).collect()).collect()
}

fn is_external((from, to): EdgeKey) -> bool {
    from.is_none() || to.is_none()
}

/// Edges with their cells, hidden ones as `null`, the strongest first; and how many are left out.
fn edges(
    scope: &Scope,
    flows: &BTreeMap<EdgeKey, Flow>,
    min: i64,
    limit: i64,
) -> (Vec<(EdgeKey, Edge)>, usize) {
    let table: Vec<i64> = flows.values().flat_map(cells).collect();
    let keys: Vec<EdgeKey> = flows.keys().copied().collect();
    let mut sums: Vec<Sum> =
        (0..keys.len()).flat_map(|edge| sums_of_edge(edge * width())).collect();
    let inner: Vec<usize> = (0..keys.len()).filter(|edge| !is_external(keys[*edge])).collect();
    sums.extend((0..width()).map(|cell| inner.iter().map(|edge| edge * width() + cell).collect()));
    let open = |cell: usize| !(scope.protected || is_external(keys[cell / width()]));
    let hidden = hidden(&table, open, &sums);
    let mut edges: Vec<(EdgeKey, Edge)> = Vec::with_capacity(keys.len());
    for (index, (key, flow)) in flows.iter().enumerate() {
        let span = index * width()..(index + 1) * width();
        let shown: Vec<Option<i64>> = table[span.clone()]
            .iter()
            .zip(&hidden[span])
            .map(|(n, hidden)| shown(*n, *hidden))
            .collect();
        let months = !(scope.protected || is_external(*key));
        edges.push((*key, edge(*key, flow, &shown, months)));
    }
    // A hidden count may not be found by asking with another minimum or by its place in the list.
    edges.retain(|(_, edge)| edge.sent.map_or(min <= 1, |sent| sent >= min));
    edges.sort_by_key(|(key, edge)| (std::cmp::Reverse(edge.sent), *key));
    let kept = edges.len().min(usize::try_from(limit).unwrap_or(usize::MAX));
    edges.truncate(kept);
    (edges, keys.len() - kept)
}

fn edge((from, to): EdgeKey, flow: &Flow, shown: &[Option<i64>], months: bool) -> Edge {
    let reasons = DeclineReason::VARIANTS.iter().zip(&shown[REASONS..]);
    let answers = shown[ACCEPTED].is_some() && shown[DECLINED].is_some();
    let days = |days: Option<f64>| days.filter(|_| answers).map(|days| round(days, 100.0));
    let month = |(month, flow): (&String, &MonthFlow)| EdgeMonth {
        month: month.clone(),
        sent: flow.sent,
        accepted: flow.accepted,
    };
    Edge {
        from: name(from),
        to: name(to),
        sent: shown[SENT],
        seen: shown[SEEN],
        accepted: shown[ACCEPTED],
        declined: shown[DECLINED],
        declined_by: reasons
            .filter(|(reason, _)| flow.declined_by.contains_key(reason.code()))
            .map(|(reason, count)| (reason.code().to_owned(), *count))
            .collect(),
        expired: shown[EXPIRED],
        withdrawn: shown[WITHDRAWN],
        open: shown[OPEN],
        first_visit_held: shown[HELD],
        need_met: NeedMetCounts { yes: shown[MET], partly: shown[MET + 1], no: shown[MET + 2] },
        acceptance_percent: shown[SENT]
            .zip(shown[ACCEPTED])
            .and_then(|(sent, accepted)| percent(accepted, sent)),
        median_days: days(flow.median_days),
        p90_days: days(flow.p90_days),
        months: months.then(|| flow.months.iter().map(month).collect()),
        suppressed: shown.iter().any(Option::is_none),
    }
}

fn name(node: NodeKey) -> String {
    node.map_or_else(|| EXTERNAL.to_owned(), |service| service.to_string())
}

fn percent(part: i64, whole: i64) -> Option<f64> {
    let number = |n: i64| i32::try_from(n).map(f64::from).ok();
    let (part, whole) = (number(part)?, number(whole)?);
    (whole > 0.0).then(|| round(part * 100.0 / whole, 10.0))
}

fn round(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}

/// Months of all edges between services that may be shown, each with whether something is hidden.
fn graph_months(scope: &Scope, flows: &BTreeMap<EdgeKey, Flow>) -> Vec<(Month, bool)> {
    const WIDTH: usize = 6;
    let mut months: BTreeMap<String, MonthFlow> =
        scope.period.months().into_iter().map(|month| (month, MonthFlow::default())).collect();
    let inner = flows.iter().filter(|(edge, _)| !is_external(**edge));
    for (month, flow) in inner.flat_map(|(_, flow)| &flow.months) {
        let sum = months.entry(month.clone()).or_default();
        sum.sent += flow.sent;
        sum.accepted += flow.accepted;
        sum.declined += flow.declined;
        sum.expired += flow.expired;
        sum.withdrawn += flow.withdrawn;
    }
    let row = |m: &MonthFlow| {
        let answered = m.accepted + m.declined + m.expired + m.withdrawn;
        [m.accepted, m.declined, m.expired, m.withdrawn, (m.sent - answered).max(0), m.sent]
    };
    let table: Vec<i64> = months.values().flat_map(row).collect();
    let rows = (0..months.len()).map(|month| (month * WIDTH..(month + 1) * WIDTH).collect());
    let columns =
        (0..WIDTH).map(|cell| (0..months.len()).map(|month| month * WIDTH + cell).collect());
    let sums: Vec<Sum> = rows.chain(columns).collect();
    let hidden = hidden(&table, |_| !scope.protected, &sums);
    let cells = table.chunks(WIDTH).zip(hidden.chunks(WIDTH));
    months
        .into_keys()
        .zip(cells)
        .map(|(month, (counts, hidden))| {
            let cell = |at: usize| shown(counts[at], hidden[at]);
            let (accepted, declined) = (cell(0), cell(1));
            let (expired, withdrawn) = (cell(2), cell(3));
            let month = Month { month, sent: cell(5), accepted, declined, expired, withdrawn };
            (month, hidden.contains(&true))
        })
        .collect()
}

async fn nodes(rows: &mut PgConnection, keys: &BTreeSet<NodeKey>) -> sqlx::Result<Vec<Node>> {
    let services: Vec<Uuid> = keys.iter().flatten().copied().collect();
    let found = sqlx::query(
        "select s.service, s.name, s.service_type, s.ats, s.organisation, \
            o.name as organisation_name \
         from network.services s \
            left join network.organisations o on o.organisation = s.organisation \
         where s.service = any($1) order by s.service",
    )
    .bind(services)
    .fetch_all(rows)
    .await?;
    let mut nodes = Vec::with_capacity(keys.len());
    for row in found {
        nodes.push(Node {
            id: row.try_get::<Uuid, _>("service")?.to_string(),
            external: false,
            name: row.try_get("name")?,
            service_type: row.try_get("service_type")?,
            ats: row.try_get("ats")?,
            organisation: row.try_get("organisation")?,
            organisation_name: row.try_get("organisation_name")?,
        });
    }
    if keys.contains(&None) {
        nodes.push(external());
    }
    Ok(nodes)
}

fn external() -> Node {
    Node {
        id: EXTERNAL.to_owned(),
        external: true,
        name: None,
        service_type: None,
        ats: None,
        organisation: None,
        organisation_name: None,
    }
}
