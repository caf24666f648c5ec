//! Figures: pure functions from a view to a drawing. A drawing is inline SVG with classes of the
//! style sheet and nothing else: no style attribute, no script, no font of its own. Every figure has
//! its list or table beside it on the page; nothing in it is known only by colour or by hovering.

pub mod journey;
pub mod label;
pub mod network;
pub mod scale;
pub mod svg;
