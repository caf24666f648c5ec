//! `/entra/accesso`: as what somebody is in, how surely, and where else; and ending what she does not
//! use any more (ASVS 5.0 V7.5.2).

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use trama_platform::clock::real_now;
use trama_platform::sign_in::{Happened, Listed, Session, SessionId};
use trama_ui::frame::Frame;
use trama_ui::language::Language;

use crate::gate::{SentBy, Somebody};
use crate::sign_in::begin_at;
use crate::{Console, answer};

/// Where it is.
pub(crate) const PATH: &str = "/entra/accesso";

#[derive(Template)]
#[template(path = "own_access.html")]
struct Page {
    frame: Frame,
    csrf: String,
    /// Role and ATS, when she has one.
    acts_as: Option<(String, String)>,
    /// Whether there is another membership to choose.
    may_choose: bool,
    second_factor: bool,
    step_up: String,
    sessions: Vec<Shown>,
}

/// A session in words.
struct Shown {
    id: SessionId,
    signed_in: String,
    seen: String,
    second_factor: bool,
    here: bool,
}

/// `GET /entra/accesso`
pub(crate) async fn show(State(console): State<Console>, somebody: Somebody) -> Response {
    let Some(sign_in) = &console.sign_in else { return answer::not_found(&console, None) };
    let Somebody { session, visitor, language } = &somebody;
    let sessions = match sign_in.sessions().of(&session.presented.account, real_now()).await {
        Ok(sessions) => sessions.iter().map(|listed| shown(listed, session, *language)).collect(),
        Err(error) => return answer::unread(&console, visitor.as_ref(), error),
    };
    let title = language.words().frame_own_access();
    let frame = Frame { language: *language, ..console.frame(visitor.as_ref(), &title, None) };
    let acts_as = frame.viewer.as_ref().map(|viewer| (viewer.role.clone(), viewer.ats.clone()));
    let memberships = console.gate.staff().memberships(session.presented.who()).len();
    let may_choose = memberships > 1 || (memberships == 1 && acts_as.is_none());
    let page = Page {
        frame,
        csrf: session.csrf_token(),
        acts_as,
        may_choose,
        second_factor: session.presented.second_factor,
        step_up: begin_at(PATH, true),
        sessions,
    };
    answer::page(StatusCode::OK, &page)
}

fn shown(listed: &Listed, session: &Session, language: Language) -> Shown {
    Shown {
        id: listed.id.clone(),
        signed_in: language.long_with_time(listed.signed_in_at),
        seen: language.long_with_time(listed.seen_at),
        second_factor: listed.second_factor,
        here: listed.id == session.id,
    }
}

/// Where a page asks for how long the session holds yet.
pub(crate) const LEFT_PATH: &str = "/entra/sessione";

/// `GET /entra/sessione`: seconds until her session ends when nobody uses it. To ask is a use of it
/// where somebody pressed something, and none where a page asks by itself.
pub(crate) async fn left(somebody: Somebody) -> Response {
    let session = somebody.visitor.map_or(somebody.session, |visitor| visitor.session);
    let left = session.left(real_now()).whole_seconds();
    ([(header::CACHE_CONTROL, "no-store")], left.to_string()).into_response()
}

/// `POST /entra/accesso`: ends one of her sessions by its name, or without a name all others.
pub(crate) async fn end(State(console): State<Console>, sent: SentBy) -> Response {
    let SentBy { somebody, fields } = sent;
    let Some(sign_in) = &console.sign_in else { return answer::not_found(&console, None) };
    let named = Some(fields.text("sessione")).filter(|name| !name.is_empty());
    match sign_in.sessions().revoke_own(&somebody.session, named).await {
        Ok(number) => {
            Happened::EndedOwn { session: &somebody.session.id, number }.tell();
            Redirect::to(PATH).into_response()
        }
        Err(error) => answer::unread(&console, somebody.visitor.as_ref(), error),
    }
}
