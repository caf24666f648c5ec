//! How Trama looks and speaks: the frame of every page, glyphs, colours by service family, dates
//! and Italian words. Pages are documents that need no script; one script of ours keeps open pages
//! true. This crate knows no database, no HTTP and no context's rules.

pub mod assets;
pub mod badge;
pub mod dates;
pub mod family;
pub mod figure;
pub mod frame;
pub mod glyph;
pub mod language;
mod spoken;
pub mod words;
