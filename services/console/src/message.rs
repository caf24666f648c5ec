//! A page that only says something.

use askama::Template;
use trama_ui::frame::Frame;

/// A title and a sentence.
#[derive(Debug, Template)]
#[template(path = "message.html")]
pub(crate) struct Message<'a> {
    pub(crate) frame: Frame,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
}
