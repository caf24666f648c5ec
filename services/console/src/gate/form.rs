//! Forms: behind the same gate as pages, and obeyed only when a page of this session sent them.

use std::fmt;

use axum::Form;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Request};
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use trama_platform::doors::{Action, Door};
use trama_platform::sign_in::Session;

use super::{Pages, Somebody, Visitor, pass};
use crate::preferences::Preferences;
use crate::{Console, aside};

/// Longest form, in bytes.
pub(crate) const FORM_LEN_MAX: usize = 64 * 1024;

impl Pages {
    /// A form's target behind the gate of `action`.
    pub(crate) fn form<H: Handler<T, Console>, T: 'static>(
        mut self,
        action: Action,
        path: &str,
        obey: H,
    ) -> Self {
        self.table.push(Door { method: "POST".into(), path: path.into(), action });
        let console = self.console.clone();
        let guard = from_fn(move |request: Request, next: Next| {
            let console = console.clone();
            async move { pass(&console, &action, request, next).await }
        });
        let target = post(obey).layer(DefaultBodyLimit::max(FORM_LEN_MAX)).layer(guard);
        self.router = self.router.route(path, target);
        self
    }
}

/// What a form said. Names may be among it, so it prints nothing of itself.
#[derive(Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").finish_non_exhaustive()
    }
}

impl Fields {
    #[cfg(test)]
    pub(crate) fn of(all: &[(&str, &str)]) -> Self {
        Self(all.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    /// A field without the blanks around it; empty when it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(given, _)| given == name);
        field.map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field that may stand there several times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.trim())
    }
}

/// A form that a page of this session sent, and by whom.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) visitor: Visitor,
    pub(crate) fields: Fields,
}

impl FromRequest<Console> for Sent {
    type Rejection = Response;

    /// Nothing of a form is read by a handler before it is known as one of ours.
    async fn from_request(request: Request, console: &Console) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, console).await;
        let visitor = visitor.map_err(IntoResponse::into_response)?;
        let request = Request::from_parts(parts, body);
        let fields = of_session(request, console, &visitor.session).await?;
        Ok(Self { visitor, fields })
    }
}

/// The same from somebody who need not be able to act.
#[derive(Debug)]
pub(crate) struct SentBy {
    pub(crate) somebody: Somebody,
    pub(crate) fields: Fields,
}

impl FromRequest<Console> for SentBy {
    type Rejection = Response;

    async fn from_request(request: Request, console: &Console) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let somebody = Somebody::from_request_parts(&mut parts, console).await?;
        let request = Request::from_parts(parts, body);
        let fields = of_session(request, console, &somebody.session).await?;
        Ok(Self { somebody, fields })
    }
}

async fn of_session(
    request: Request,
    console: &Console,
    session: &Session,
) -> Result<Fields, Response> {
    let headers = request.headers().clone();
    let form = Form::from_request(request, console).await;
    let fields = form.map(|Form(fields)| Fields(fields)).unwrap_or_default();
    let sign_in = console.sign_in.as_ref();
    let ours = sign_in.is_some_and(|sign_in| {
        sign_in.must_be_form_of(session, &headers, fields.text("csrf")).is_ok()
    });
    if ours {
        Ok(fields)
    } else {
        Err(aside::not_our_form(console, Some(session), Preferences::of(&headers).language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_prints_nothing_of_what_it_said_a4() {
        let fields = Fields(vec![("cognome".into(), " Diallo ".into())]);
        assert_eq!(fields.text("cognome"), "Diallo");
        assert!(!format!("{fields:?}").contains("Diallo"));
    }
}
