//! Flows: a line as wide as it is strong, with a head, dashed where little was accepted.

use super::super::svg::{self, Element, HIT_MIN};
use super::layout::Plan;
use super::route::Route;
use super::{Edge, Network};

/// How much wider a ghost's outline is than the ghost.
const OUTLINE: f64 = 2.5;

/// What was sent in the other period, where it was more: an outline under the flow.
pub(super) fn ghosts(network: &Network, plan: &Plan) -> Vec<Element> {
    let mut ghosts = Vec::new();
    for (index, ghost) in plan.ghosts.iter().enumerate() {
        let is_gone = network.edges[index].sent == Some(0);
        if let Some(width) = ghost.filter(|width| is_gone || *width > plan.widths[index]) {
            let line = plan.routes[index].commands();
            ghosts.push(stroke(&line, width + OUTLINE).class("ghost").unheard());
            ghosts.push(stroke(&line, width).class("inside").unheard());
        }
    }
    ghosts
}

pub(super) fn draw(network: &Network, plan: &Plan) -> Vec<Element> {
    let each = || network.edges.iter().enumerate();
    let flow = |(index, edge): (usize, &Edge)| {
        one(edge, &plan.routes[index], plan.widths[index], plan.ghosts[index])
    };
    let chosen = each().filter(|(_, edge)| edge.is_chosen && edge.sent != Some(0));
    let marks = chosen.map(|(index, edge)| marked(edge, &plan.routes[index], plan.widths[index]));
    each().map(flow).chain(marks).collect()
}

/// The chosen flow once more over all others, with a dark halo; it is heard and followed where it
/// is in its order.
fn marked(edge: &Edge, route: &Route, width: f64) -> Element {
    let line = route.commands();
    Element::new("g")
        .class(&format!("flow {} words", edge.share.class()))
        .unheard()
        .child(stroke(&line, width + 7.0).class("halo-line"))
        .child(stroke(&line, width + 3.0).class("inside"))
        .child(stroke(&line, width).class("line"))
        .child(svg::path(&route.head(width)).class("tip"))
}

fn stroke(line: &str, width: f64) -> Element {
    svg::path(line).with("stroke-width", width)
}

fn one(edge: &Edge, route: &Route, width: f64, ghost: Option<f64>) -> Element {
    let line = route.commands();
    let chosen = if edge.is_chosen { " chosen" } else { "" };
    let mut mark = svg::link(&edge.href, &edge.name)
        .class(&format!("flow {}{chosen}", edge.share.class()))
        .child(stroke(&line, width.max(HIT_MIN)).class("hit-line"));
    if edge.is_chosen {
        mark = mark.with("aria-current", "true");
    }
    if edge.sent == Some(0) {
        return mark;
    }
    mark = mark.child(stroke(&line, width).class("line"));
    if let Some(ghost) = ghost.filter(|ghost| *ghost + 1.0 < width) {
        mark = mark.child(stroke(&line, ghost + 1.0).class("inside"));
        mark = mark.child(stroke(&line, (ghost - 1.0).max(1.0)).class("line"));
    }
    mark.child(svg::path(&route.head(width)).class("tip"))
}
