//! A page that only says something.

use askama::Template;
use trama_ui::frame::Frame;

/// A title, which is that of the page, and a sentence.
#[derive(Debug, Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) frame: Frame,
    pub(crate) text: String,
}
