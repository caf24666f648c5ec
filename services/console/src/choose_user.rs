//! The page on which the demo's provider asks who one is: a list of invented users, no password.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use trama_ui::assets;
use trama_ui::frame::Frame;
use trama_ui::language::Language;

use crate::{DemoUser, answer};

/// What the provider was asked, to be carried through its form.
#[derive(Debug, Template)]
#[template(path = "choose_user.html")]
pub struct Choice<'a> {
    frame: Frame,
    action: &'a str,
    fields: &'a [(&'a str, String)],
    users: &'a [DemoUser],
    second_factor: bool,
}

impl<'a> Choice<'a> {
    /// A choice among users; the form goes to `action` with the fields as they are.
    pub fn new(
        action: &'a str,
        fields: &'a [(&'a str, String)],
        users: &'a [DemoUser],
        second_factor: bool,
    ) -> Self {
        let frame = Frame {
            title: "Scegli chi sei".into(),
            language: Language::Italian,
            accessibility: None,
            assets: assets::folder(),
            demo: true,
            viewer: None,
            places: Vec::new(),
            current: None,
            crumbs: Vec::new(),
            outside: &[],
            live: None,
        };
        Self { frame, action, fields, users, second_factor }
    }

    /// As a page with all its headers.
    pub fn page(&self) -> Response {
        answer::page(StatusCode::OK, self)
    }
}
