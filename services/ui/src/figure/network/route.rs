//! The way of a flow as curves.

use std::fmt::Write as _;

use super::super::label::Area;
use super::super::svg::number;
use super::Network;
use super::layout::{NODE_WIDTH, Turn, left, turn};

type Point = (f64, f64);

/// How far a loop may reach beyond its column; nearer to it flows go down on their way back.
const DEPTH: (f64, f64) = (26.0, 44.0);
/// Between two loops, where there is room.
const DEPTH_STEP: f64 = 9.0;
/// Radius of a corner.
const CORNER: f64 = 8.0;

/// A way from a port to the base of its arrow head, and the head.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Route {
    start: Point,
    /// Two control points and an end each. Source: SVG 2, the command `C`.
    curves: Vec<[Point; 3]>,
    /// Tip of the head.
    tip: Point,
}

impl Route {
    fn new(start: Point, tip: Point) -> Self {
        Self { start, curves: Vec::new(), tip }
    }

    fn end(&self) -> Point {
        self.curves.last().map_or(self.start, |curve| curve[2])
    }

    /// Goes on to a point, level at both ends.
    fn swing(mut self, to: Point) -> Self {
        let from = self.end();
        let half = (to.0 - from.0) * 0.5;
        self.curves.push([(from.0 + half, from.1), (to.0 - half, to.1), to]);
        self
    }

    fn straight(mut self, to: Point) -> Self {
        let from = self.end();
        self.curves.push([from, to, to]);
        self
    }

    /// Straight on to a corner and around it, towards a point behind it.
    fn corner(self, at: Point, towards: Point) -> Self {
        let before = near(at, self.end());
        let after = near(at, towards);
        let mut route = self.straight(before);
        route.curves.push([at, at, after]);
        route
    }

    /// As a path is written.
    pub(super) fn commands(&self) -> String {
        let pair = |(x, y): Point| format!("{} {}", number(x), number(y));
        let mut text = format!("M{}", pair(self.start));
        for [first, second, end] in &self.curves {
            // Writing to a String cannot fail.
            let _ = write!(text, "C{} {} {}", pair(*first), pair(*second), pair(*end));
        }
        text
    }

    /// The head of a flow of a width.
    pub(super) fn head(&self, width: f64) -> String {
        let ((x, y), (tip, _)) = (self.end(), self.tip);
        let half = width / 2.0 + 2.5;
        let [x, tip, above, below, y] = [x, tip, y - half, y + half, y].map(number);
        format!("M{x} {above}L{tip} {y}L{x} {below}Z")
    }

    /// A point after a share of the way.
    pub(super) fn at(&self, share: f64) -> Point {
        let points = self.points();
        let lengths: Vec<f64> = points.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
        let mut left = lengths.iter().sum::<f64>() * share;
        for (pair, length) in points.windows(2).zip(lengths) {
            if left <= length && length > 0.0 {
                let part = left / length;
                let along = |from: f64, to: f64| from + part * (to - from);
                return (along(pair[0].0, pair[1].0), along(pair[0].1, pair[1].1));
            }
            left -= length;
        }
        self.end()
    }

    /// Points close enough to each other to go from one to the next in a straight line.
    pub(super) fn points(&self) -> Vec<Point> {
        let mut points = vec![self.start];
        let mut from = self.start;
        for curve in &self.curves {
            points.extend((1..=12).map(|step| on(from, curve, f64::from(step) / 12.0)));
            from = curve[2];
        }
        points
    }
}

fn on(from: Point, [first, second, end]: &[Point; 3], t: f64) -> Point {
    let u = 1.0 - t;
    let mix = |a: f64, b: f64, c: f64, d: f64| {
        u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d
    };
    (mix(from.0, first.0, second.0, end.0), mix(from.1, first.1, second.1, end.1))
}

fn distance(from: Point, to: Point) -> f64 {
    (to.0 - from.0).hypot(to.1 - from.1)
}

/// A point beside a corner, on the way to another.
fn near(corner: Point, other: Point) -> Point {
    let length = distance(corner, other);
    let share = if length > 0.0 { (CORNER / length).min(0.5) } else { 0.0 };
    let along = |from: f64, to: f64| from + share * (to - from);
    (along(corner.0, other.0), along(corner.1, other.1))
}

/// Length of an arrow head.
fn head(width: f64) -> f64 {
    5.0 + width * 0.35
}

/// To a later column, through the rooms between the services of those it passes.
pub(super) fn forward(from: Point, to: Point, lanes: &[(usize, f64)], width: f64) -> Route {
    let passed = lanes.iter().fold(Route::new(from, to), |route, (column, y)| {
        let (before, behind) = (left(*column) - 4.0, left(*column) + NODE_WIDTH + 4.0);
        route.swing((before, *y)).straight((behind, *y))
    });
    passed.swing((to.0 - head(width), to.1))
}

/// To a service of the same column, around at its right.
pub(super) fn around(from: Point, to: Point, depth: f64, width: f64) -> Route {
    // A curve reaches three quarters of the way to control points that lie together.
    let far = from.0 + depth / 0.75;
    let mut route = Route::new(from, to);
    route.curves.push([(far, from.1), (far, to.1), (to.0 + head(width), to.1)]);
    route
}

/// To an earlier column: down, below everything, and up again. Beside each other as far as there
/// is room.
pub(super) fn back(from: Point, to: Point, lane: f64, (count, width): (u32, f64)) -> Route {
    let beside = f64::from(count % 3) * 5.0;
    let down = from.0 + 10.0 + beside;
    let up = (to.0 - 14.0 - beside).max(6.0);
    let end = (to.0 - head(width).min(9.0), to.1);
    let route = Route::new(from, to).corner((down, from.1), (down, lane));
    let route = route.corner((down, lane), (up, lane)).corner((up, lane), (up, to.1));
    route.corner((up, to.1), end).straight(end)
}

/// How far each loop reaches: the higher it is, the farther, so that they lie in each other.
pub(super) fn depths(network: &Network, nodes: &[Area]) -> Vec<f64> {
    let mut depths = vec![0.0; network.edges.len()];
    for column in super::Column::ALL {
        let mut loops: Vec<(usize, f64)> = Vec::new();
        for (index, edge) in network.edges.iter().enumerate() {
            if turn(network, edge) == Turn::Around && network.nodes[edge.from].column == column {
                loops.push((index, (nodes[edge.from].top - nodes[edge.to].top).abs()));
            }
        }
        loops.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let steps = f64::from(u32::try_from(loops.len().saturating_sub(1).max(1)).unwrap_or(1));
        let step = DEPTH_STEP.min((DEPTH.1 - DEPTH.0) / steps);
        let mut depth = DEPTH.0 + if loops.len() == 1 { DEPTH_STEP } else { 0.0 };
        for (index, _) in loops {
            depths[index] = depth;
            depth += step;
        }
    }
    depths
}
