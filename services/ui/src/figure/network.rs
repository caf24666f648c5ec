//! The network of referrals as a drawing: services in fixed columns and a fixed order, so that the
//! map looks the same next month, and between them flows as wide as they are strong.

mod flows;
mod labels;
mod layout;
mod nodes;
mod ports;
mod route;

use super::label::{Area, Type, Weight};
use super::svg::{self, Element};
use crate::family::Family;

/// Where in the work of the network a service stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// It meets people where they are and tells others.
    Reports,
    /// People come to it first.
    Access,
    /// It takes them in charge.
    Charge,
    /// It gives what they need.
    Serves,
}

impl Column {
    /// From left to right.
    pub const ALL: [Self; 4] = [Self::Reports, Self::Access, Self::Charge, Self::Serves];

    fn index(self) -> usize {
        match self {
            Self::Reports => 0,
            Self::Access => 1,
            Self::Charge => 2,
            Self::Serves => 3,
        }
    }
}

/// What is drawn. Whoever makes it has folded what its reader may not see.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Name of the drawing.
    pub name: String,
    /// Names of the columns, from left to right.
    pub columns: [String; 4],
    /// In their fixed order from top to bottom, whatever their column.
    pub nodes: Vec<Node>,
    /// The strongest first; the order in which they are reached by keys.
    pub edges: Vec<Edge>,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands.
    pub column: Column,
    /// Its family.
    pub family: Family,
    /// Its public name.
    pub label: String,
    /// How many referrals, in words.
    pub count: String,
    /// Its name in full; it begins with the label.
    pub name: String,
    /// Where it is chosen.
    pub href: String,
    /// It is chosen.
    pub is_chosen: bool,
}

/// Referrals from one service to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Place of the sender among the nodes.
    pub from: usize,
    /// Place of the receiver among the nodes.
    pub to: usize,
    /// Referrals; none where the count is hidden, which is drawn as the weakest.
    pub sent: Option<i64>,
    /// Referrals of the period that it is compared with, drawn as a ghost; none without one, or
    /// where the count is hidden.
    pub before: Option<i64>,
    /// How much of it was accepted.
    pub share: Share,
    /// The measure that is written on it.
    pub label: Option<String>,
    /// Its name in full.
    pub name: String,
    /// Where it is chosen.
    pub href: String,
    /// It is chosen.
    pub is_chosen: bool,
}

/// How much of what was sent was accepted: a colour, and a dash for the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// 80 percent or more.
    High,
    /// 65 percent or more.
    Middle,
    /// Less.
    Low,
    /// Hidden, or nothing to take it of.
    Unknown,
}

impl Share {
    /// The share of a percentage.
    pub fn of(percent: Option<f64>) -> Self {
        match percent {
            None => Self::Unknown,
            Some(percent) if percent >= 80.0 => Self::High,
            Some(percent) if percent >= 65.0 => Self::Middle,
            Some(_) => Self::Low,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Middle => "middle",
            Self::Low => "low",
            Self::Unknown => "unknown",
        }
    }
}

/// Width of the drawing, in its units: a card beside another on a desk of 1440 px.
pub const WIDTH: f64 = 960.0;

/// Where the words of the columns stand.
const HEAD_BASE: f64 = 22.0;
/// Where the line under them is.
const HEAD_LINE: f64 = 36.0;

const LABEL: Type = Type { size: 14.0, weight: Weight::Semibold };
const STRONG: Type = Type { size: 14.0, weight: Weight::Bold };

/// A drawing, and where its labels and services came to stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The drawing.
    pub svg: Element,
    /// Every label of a flow that was written.
    pub labels: Vec<Area>,
    /// Every service, in the order of the nodes.
    pub nodes: Vec<Area>,
    /// Height of the drawing.
    pub height: f64,
}

impl Network {
    /// Whether nothing flows.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// The drawing. An edge to a node that is not there is left out.
    pub fn draw(&self) -> Drawn {
        let network = self.sound();
        let plan = layout::plan(&network);
        let labels = labels::place(&network, &plan);
        let written = labels.iter().flatten().copied().collect();
        let svg = svg::drawing("network", WIDTH, plan.height, &network.name)
            .children(network.heads())
            .children(flows::ghosts(&network, &plan))
            .children(nodes::draw(&network, &plan))
            .children(flows::draw(&network, &plan))
            .child(labels::draw(&network, &labels));
        Drawn { svg, labels: written, nodes: plan.nodes, height: plan.height }
    }

    /// Without what cannot be drawn: an edge whose ends are not there, or are one.
    fn sound(&self) -> Self {
        let mut network = self.clone();
        let count = network.nodes.len();
        network.edges.retain(|edge| edge.from.max(edge.to) < count && edge.from != edge.to);
        network
    }

    fn heads(&self) -> Vec<Element> {
        let places = Column::ALL.map(|column| layout::left(column.index()));
        let each = self.columns.iter().zip(places).flat_map(|(name, left)| {
            let middle = left + layout::NODE_WIDTH / 2.0;
            let words = svg::text((middle, HEAD_BASE), name).class("bold centred");
            let right = left + layout::NODE_WIDTH;
            [words, svg::line((left, HEAD_LINE), (right, HEAD_LINE)).class("edge")]
        });
        each.collect()
    }
}

#[cfg(test)]
mod tests;
