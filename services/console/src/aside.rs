//! Pages for somebody who is signed in and does not get the page that she asked for: what she may do
//! about it, and always a way out (ASVS 5.0 V7.4.4).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use trama_platform::sign_in::Session;
use trama_ui::frame::Frame;
use trama_ui::language::Language;

use crate::gate::Visitor;
use crate::sign_in::begin_at;
use crate::{Console, answer, membership};

/// A sentence, a link, and a way out where the frame has none.
#[derive(Template)]
#[template(path = "aside.html")]
struct Aside {
    frame: Frame,
    text: String,
    /// Where it leads, and what is said of that.
    link: (String, String),
    csrf: Option<String>,
}

/// A page that needs a second factor: where to show one, and from there back to the page.
pub(crate) fn second_factor(console: &Console, visitor: &Visitor) -> Response {
    let words = visitor.words();
    let title = words.account_second_title();
    let frame = console.frame(Some(visitor), &title, None);
    let link = (begin_at(&visitor.path, true), words.account_second_again());
    let text = words.account_second_needed();
    answer::page(StatusCode::FORBIDDEN, &Aside { frame, text, link, csrf: None })
}

/// Somebody signed in of whom nobody says in which role she acts.
pub(crate) fn no_role(console: &Console, session: &Session, language: Language) -> Response {
    let words = language.words();
    let others = console.gate.staff().memberships(session.presented.who());
    let link = if others.is_empty() {
        ("/".to_owned(), words.account_retry())
    } else {
        (membership::PATH.to_owned(), words.account_choose())
    };
    let frame = console.bare(language, &words.account_nobody_title());
    let (text, csrf) = (words.account_nobody(), Some(session.csrf_token()));
    answer::page(StatusCode::FORBIDDEN, &Aside { frame, text, link, csrf })
}

/// Nobody can say now who may open what: nothing is opened.
pub(crate) fn unsure(console: &Console, session: &Session, language: Language) -> Response {
    let words = language.words();
    let frame = console.bare(language, &words.account_unsure_title());
    let link = ("/".to_owned(), words.account_retry());
    let (text, csrf) = (words.account_unsure(), Some(session.csrf_token()));
    answer::page(StatusCode::SERVICE_UNAVAILABLE, &Aside { frame, text, link, csrf })
}

/// A form that did not come from a page of this session; of nobody's, where there is none.
pub(crate) fn not_our_form(
    console: &Console,
    session: Option<&Session>,
    language: Language,
) -> Response {
    let words = language.words();
    let frame = console.bare(language, &words.account_form_title());
    let csrf = session.map(Session::csrf_token);
    let link = ("/".to_owned(), words.answer_to_start());
    answer::page(StatusCode::FORBIDDEN, &Aside { frame, text: words.account_form(), link, csrf })
}
