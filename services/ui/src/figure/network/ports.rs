//! Where on the sides of a service its flows begin and end: one below the other, in the order in
//! which they go on, so that they cross as little as they can.

use super::super::label::Area;
use super::Network;
use super::layout::{Turn, middle, turn};

/// Room around a flow at a service: its arrow head is wider than itself.
const ROOM: f64 = 6.0;
/// Above and below everything that goes straight on.
const FAR: f64 = 1_000_000.0;

/// How much of a side a flow takes.
pub(super) fn slot(width: f64) -> f64 {
    width + ROOM
}

/// Heights of both ends of each edge.
#[derive(Debug)]
pub(super) struct Ports(Vec<(f64, f64)>);

/// One end of an edge at one side of a service.
struct End {
    edge: usize,
    is_start: bool,
    /// Order from top to bottom.
    order: f64,
}

impl Ports {
    pub(super) fn of(
        network: &Network,
        nodes: &[Area],
        lanes: &[Vec<(usize, f64)>],
        room: &[f64],
    ) -> Self {
        let (mut lefts, mut rights) = (Vec::new(), Vec::new());
        for _ in nodes {
            lefts.push(Vec::new());
            rights.push(Vec::new());
        }
        for (index, edge) in network.edges.iter().enumerate() {
            let (from, to) = (middle(nodes[edge.from]), middle(nodes[edge.to]));
            let passed = (lanes[index].first(), lanes[index].last());
            let end = |is_start, order| End { edge: index, is_start, order };
            match turn(network, edge) {
                Turn::Forward => {
                    rights[edge.from].push(end(true, passed.0.map_or(to, |lane| lane.1)));
                    lefts[edge.to].push(end(false, passed.1.map_or(from, |lane| lane.1)));
                }
                Turn::Around => {
                    rights[edge.from].push(end(true, nested(to - from)));
                    rights[edge.to].push(end(false, nested(from - to)));
                }
                Turn::Back => {
                    rights[edge.from].push(end(true, 2.0 * FAR));
                    lefts[edge.to].push(end(false, 2.0 * FAR));
                }
            }
        }
        let mut ports = Self(vec![(0.0, 0.0); network.edges.len()]);
        for (sides, area) in lefts.into_iter().zip(rights).zip(nodes) {
            ports.stack(sides.0, *area, room);
            ports.stack(sides.1, *area, room);
        }
        ports
    }

    fn stack(&mut self, mut ends: Vec<End>, area: Area, room: &[f64]) {
        ends.sort_by(|a, b| a.order.total_cmp(&b.order).then(a.edge.cmp(&b.edge)));
        let all: f64 = ends.iter().map(|end| slot(room[end.edge])).sum();
        let mut at = middle(area) - all / 2.0;
        for end in ends {
            let own = slot(room[end.edge]);
            let port = &mut self.0[end.edge];
            *(if end.is_start { &mut port.0 } else { &mut port.1 }) = at + own / 2.0;
            at += own;
        }
    }

    /// Heights at which an edge begins and ends.
    pub(super) fn of_edge(&self, edge: usize) -> (f64, f64) {
        self.0[edge]
    }
}

/// The nearer the other end of a loop, the nearer to it its port: loops lie in each other.
fn nested(distance: f64) -> f64 {
    if distance > 0.0 { FAR - distance } else { -FAR - distance }
}
