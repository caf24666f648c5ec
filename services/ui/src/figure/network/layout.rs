//! Where services stand and which way each flow takes.

use super::super::label::Area;
use super::super::scale::Linear;
use super::nodes;
use super::ports::{self, Ports};
use super::route::{self, Route};
use super::{Edge, HEAD_LINE, Network};

/// Width of a service.
pub(super) const NODE_WIDTH: f64 = 164.0;
/// Left edges of the columns. The room before the last is wider: most flows end there.
const LEFTS: [f64; 4] = [22.0, 254.0, 486.0, 744.0];
/// Least distance of two services, one above the other.
const GAP: f64 = 32.0;
/// From the line under the names of the columns to the first service.
const TOP: f64 = HEAD_LINE + 16.0;
/// Room around a flow that passes between services.
const LANE_ROOM: f64 = 6.0;
/// Below the last service.
const BOTTOM: f64 = 10.0;

/// Width of the weakest and of the strongest flow.
const WIDTH_MIN: f64 = 2.5;
const WIDTH_MAX: f64 = 15.0;
/// Least count that is drawn as the strongest: where few were sent, all flows are thin.
const STRONG_MIN: i64 = 24;

/// Left edge of a column.
pub(super) fn left(column: usize) -> f64 {
    LEFTS[column]
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Plan {
    /// Services, in the order of the nodes.
    pub(super) nodes: Vec<Area>,
    /// Ways, in the order of the edges.
    pub(super) routes: Vec<Route>,
    /// Widths, in the order of the edges.
    pub(super) widths: Vec<f64>,
    /// Widths in the period that is compared with.
    pub(super) ghosts: Vec<Option<f64>>,
    pub(super) height: f64,
}

/// How a flow goes from column to column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Forward,
    /// Within a column: a loop at its right.
    Around,
    /// To an earlier column: below everything.
    Back,
}

pub(super) fn turn(network: &Network, edge: &Edge) -> Turn {
    let (from, to) = (network.nodes[edge.from].column, network.nodes[edge.to].column);
    match from.cmp(&to) {
        std::cmp::Ordering::Less => Turn::Forward,
        std::cmp::Ordering::Equal => Turn::Around,
        std::cmp::Ordering::Greater => Turn::Back,
    }
}

/// A room above, between or below the services of a column.
type Gap = (usize, usize);

/// The services of each column, by their places among the nodes.
struct Columns([Vec<usize>; 4]);

impl Columns {
    fn of(network: &Network) -> Self {
        let mut columns: [Vec<usize>; 4] = Default::default();
        for (index, node) in network.nodes.iter().enumerate() {
            columns[node.column.index()].push(index);
        }
        Self(columns)
    }

    /// Services from top to bottom, every column as high as the highest, with the rooms that flows
    /// need between them.
    fn stack(&self, heights: &[f64], room: impl Fn(Gap) -> f64) -> (Vec<Area>, f64) {
        let full = |column: usize| {
            let nodes = &self.0[column];
            let rooms: f64 = (0..=nodes.len()).map(|gap| room((column, gap))).sum();
            let gaps = f64::from(u32::try_from(nodes.len().saturating_sub(1)).unwrap_or(0)) * GAP;
            nodes.iter().map(|node| heights[*node]).sum::<f64>() + gaps + rooms
        };
        let highest = (0..4).map(full).fold(0.0, f64::max);
        let nothing = Area { left: 0.0, top: 0.0, width: NODE_WIDTH, height: 0.0 };
        let mut areas = vec![nothing; heights.len()];
        for (column, nodes) in self.0.iter().enumerate() {
            let count = f64::from(u32::try_from(nodes.len().max(1)).unwrap_or(1));
            let spare = (highest - full(column)) / count;
            let mut top = TOP + spare / 2.0;
            for (gap, node) in nodes.iter().enumerate() {
                top += room((column, gap));
                let height = heights[*node];
                areas[*node] = Area { left: left(column), top, width: NODE_WIDTH, height };
                top += height + GAP + spare;
            }
        }
        (areas, TOP + highest)
    }

    /// Middles of the rooms of a column, from above the first service to below the last.
    fn middles(&self, column: usize, areas: &[Area], bottom: f64) -> Vec<f64> {
        let nodes: Vec<Area> = self.0[column].iter().map(|node| areas[*node]).collect();
        let starts = std::iter::once(TOP).chain(nodes.iter().map(|area| area.bottom()));
        let ends = nodes.iter().map(|area| area.top).chain([bottom]);
        starts.zip(ends).map(|(start, end)| f64::midpoint(start, end)).collect()
    }
}

pub(super) fn middle(area: Area) -> f64 {
    area.top + area.height / 2.0
}

/// How wide flows are.
fn scale(network: &Network) -> Linear {
    let counts = network.edges.iter().flat_map(|edge| [edge.sent, edge.before]).flatten();
    Linear {
        least: 0.0,
        most: number(counts.max().unwrap_or(0).max(STRONG_MIN)),
        from: WIDTH_MIN,
        to: WIDTH_MAX,
    }
}

fn number(count: i64) -> f64 {
    i32::try_from(count).map_or(f64::from(i32::MAX), f64::from)
}

pub(super) fn plan(network: &Network) -> Plan {
    let scale = scale(network);
    let width = |count: Option<i64>| scale.at(count.map_or(0.0, number));
    let widths: Vec<f64> = network.edges.iter().map(|edge| width(edge.sent)).collect();
    let before = |edge: &Edge| edge.before.filter(|count| *count > 0);
    let ghosts: Vec<Option<f64>> = network
        .edges
        .iter()
        .map(|edge| before(edge).map(|count| scale.at(number(count))))
        .collect();
    let room: Vec<f64> =
        widths.iter().zip(&ghosts).map(|(now, ghost)| now.max(ghost.unwrap_or(0.0))).collect();
    let heights = heights(network, &room);
    let columns = Columns::of(network);
    let (first, bottom) = columns.stack(&heights, |_| 0.0);
    let passes = passes(network, &columns, &first, bottom);
    let taken = |gap: Gap| -> f64 {
        let all = passes.iter().zip(&room).filter(|(passes, _)| passes.contains(&gap));
        all.map(|(_, width)| width + LANE_ROOM).sum()
    };
    let (nodes, bottom) = columns.stack(&heights, taken);
    let lanes = lanes(network, &columns, &passes, (&nodes, bottom), &room);
    let ports = Ports::of(network, &nodes, &lanes, &room);
    let (routes, height) = routes(network, &ports, &lanes, (&nodes, bottom), &room);
    Plan { nodes, routes, widths, ghosts, height: height + BOTTOM }
}

/// High enough for its words and for what comes in and goes out.
fn heights(network: &Network, room: &[f64]) -> Vec<f64> {
    let mut sides = vec![(0.0, 0.0); network.nodes.len()];
    for (edge, width) in network.edges.iter().zip(room) {
        let slot = ports::slot(*width);
        sides[edge.from].1 += slot;
        match turn(network, edge) {
            Turn::Forward | Turn::Back => sides[edge.to].0 += slot,
            Turn::Around => sides[edge.to].1 += slot,
        }
    }
    let words = network.nodes.iter().map(nodes::height);
    words
        .zip(sides)
        .map(|(words, (left, right)): (f64, (f64, f64))| words.max(left + 8.0).max(right + 8.0))
        .collect()
}

/// The rooms through which each flow passes on its way over other columns: those nearest to the
/// straight way.
fn passes(network: &Network, columns: &Columns, areas: &[Area], bottom: f64) -> Vec<Vec<Gap>> {
    let middles: Vec<Vec<f64>> =
        (0..4).map(|column| columns.middles(column, areas, bottom)).collect();
    let pass = |edge: &Edge| -> Vec<Gap> {
        let (from, to) =
            (network.nodes[edge.from].column.index(), network.nodes[edge.to].column.index());
        (from + 1..to)
            .map(|column| {
                let straight = on_the_way(areas[edge.from], areas[edge.to], column);
                let far = |gap: &usize| (middles[column][*gap] - straight).abs();
                let rooms = 0..middles[column].len();
                (column, rooms.min_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or(0))
            })
            .collect()
    };
    network.edges.iter().map(pass).collect()
}

/// How high the straight way between two services is at a column.
fn on_the_way(from: Area, to: Area, column: usize) -> f64 {
    let (start, end) = (from.right(), to.left);
    let at = left(column) + NODE_WIDTH / 2.0;
    let share = if end > start { (at - start) / (end - start) } else { 0.5 };
    middle(from) + share * (middle(to) - middle(from))
}

/// For each edge the heights at which it passes the columns between, from left to right.
fn lanes(
    network: &Network,
    columns: &Columns,
    passes: &[Vec<Gap>],
    (areas, bottom): (&[Area], f64),
    room: &[f64],
) -> Vec<Vec<(usize, f64)>> {
    let mut lanes: Vec<Vec<(usize, f64)>> = vec![Vec::new(); passes.len()];
    for column in 0..4 {
        for (gap, middle) in columns.middles(column, areas, bottom).into_iter().enumerate() {
            let mut through: Vec<usize> =
                (0..passes.len()).filter(|edge| passes[*edge].contains(&(column, gap))).collect();
            let straight = |edge: usize| {
                let edge = &network.edges[edge];
                on_the_way(areas[edge.from], areas[edge.to], column)
            };
            through.sort_by(|a, b| straight(*a).total_cmp(&straight(*b)));
            let all: f64 = through.iter().map(|edge| room[*edge] + LANE_ROOM).sum();
            let mut at = middle - all / 2.0;
            for edge in through {
                let own = room[edge] + LANE_ROOM;
                lanes[edge].push((column, at + own / 2.0));
                at += own;
            }
        }
    }
    lanes
}

/// Every way, and how far down they reach.
fn routes(
    network: &Network,
    ports: &Ports,
    lanes: &[Vec<(usize, f64)>],
    (nodes, bottom): (&[Area], f64),
    room: &[f64],
) -> (Vec<Route>, f64) {
    let depths = route::depths(network, nodes);
    let mut below = bottom;
    let mut backs = 0;
    let mut routes = Vec::with_capacity(network.edges.len());
    for (index, edge) in network.edges.iter().enumerate() {
        let (start, end) = ports.of_edge(index);
        let (from, to) = (nodes[edge.from], nodes[edge.to]);
        routes.push(match turn(network, edge) {
            Turn::Forward => {
                route::forward((from.right(), start), (to.left, end), &lanes[index], room[index])
            }
            Turn::Around => {
                route::around((from.right(), start), (to.right(), end), depths[index], room[index])
            }
            Turn::Back => {
                let lane = below + LANE_ROOM + room[index] / 2.0;
                below = lane + room[index] / 2.0 + LANE_ROOM;
                backs += 1;
                route::back((from.right(), start), (to.left, end), lane, (backs, room[index]))
            }
        });
    }
    (routes, below)
}
