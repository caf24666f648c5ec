//! The measure on each flow, as far as there is room: the chosen one first, then the strongest.
//! What is left out stands in the table.

use super::super::label::{Area, Taken};
use super::super::svg::{self, Element};
use super::layout::Plan;
use super::{HEAD_LINE, LABEL, Network, WIDTH};

/// Height of a label.
const HEIGHT: f64 = 22.0;
/// Room at the sides of its words.
const SIDE: f64 = 6.0;
/// Between two labels, and between a label and a service.
const APART: f64 = 2.0;
/// After which share of the way a label may stand, the best first.
const SHARES: [f64; 17] = [
    0.5, 0.45, 0.55, 0.4, 0.6, 0.34, 0.66, 0.28, 0.72, 0.24, 0.76, 0.2, 0.8, 0.16, 0.84, 0.13, 0.87,
];

/// Places of the labels, in the order of the edges.
pub(super) fn place(network: &Network, plan: &Plan) -> Vec<Option<Area>> {
    let mut taken = Taken::default();
    for node in &plan.nodes {
        taken.take(node.wider(APART));
    }
    let mut order: Vec<usize> = (0..network.edges.len()).collect();
    order.sort_by_key(|edge| (!network.edges[*edge].is_chosen, *edge));
    let mut places = vec![None; network.edges.len()];
    for edge in order {
        let Some(label) = &network.edges[edge].label else { continue };
        let width = LABEL.width(label) + 2.0 * SIDE;
        places[edge] = SHARES.iter().find_map(|share| {
            let (x, y) = plan.routes[edge].at(*share);
            let area = Area { left: x - width / 2.0, top: y - HEIGHT / 2.0, width, height: HEIGHT };
            let inside = area.left >= 1.0
                && area.right() <= WIDTH - 1.0
                && area.top > HEAD_LINE
                && area.bottom() < plan.height;
            (inside && taken.try_take(area.wider(APART / 2.0))).then_some(area)
        });
    }
    places
}

/// Labels over everything else; they are heard with the flow that they measure.
pub(super) fn draw(network: &Network, places: &[Option<Area>]) -> Element {
    let mut words = Element::new("g").class("words").unheard();
    for (edge, place) in network.edges.iter().zip(places) {
        let (Some(area), Some(label)) = (place, &edge.label) else { continue };
        let chosen = if edge.is_chosen { " chosen" } else { "" };
        let base = area.top + HEIGHT / 2.0 + 5.0;
        let label = Element::new("g")
            .class(&format!("measure {}{chosen}", edge.share.class()))
            .child(svg::rect(*area, 4.0))
            .child(svg::text((area.left + SIDE, base), label).class("strong"));
        words = words.child(label);
    }
    words
}
