//! How a page answers: always with its headers, also when it has nothing to show.

use askama::Template;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use trama_events::codes::Purpose;
use trama_platform::inward::TooMany;
use trama_platform::{Failure, Never, Problem};
use trama_ui::assets::CONTENT_SECURITY_POLICY;
use trama_ui::frame::Frame;
use trama_ui::language::Words;
use trama_ui::words::InWords as _;

use crate::gate::{Visitor, again};
use crate::message::Message;
use crate::{Console, aside};

/// What no page of ours asks of a device.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
    display-capture=(), publickey-credentials-get=()";

/// The code with which a gate asks for a second factor.
pub(crate) const SECOND_FACTOR_NEEDED: &str = "second_factor_needed";

/// A page with its headers.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    let Ok(html) = template.render() else {
        tracing::error!("a page could not be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Nothing goes to others; to ourselves the origin does, by which a form is known as ours.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    (status, headers, Html(html)).into_response()
}

/// One page for what does not exist and for what may not be opened.
pub(crate) fn not_found(console: &Console, visitor: Option<&Visitor>) -> Response {
    said(console, visitor, StatusCode::NOT_FOUND, |words| {
        (words.answer_not_found_title(), words.answer_not_found())
    })
}

/// The question could not be understood: why, in the language of who asked it.
pub(crate) fn not_understood_in(console: &Console, visitor: &Visitor, text: String) -> Response {
    let title = visitor.words().answer_not_understood_title();
    let frame = console.frame(Some(visitor), &title, None);
    page(StatusCode::BAD_REQUEST, &Message { frame, text })
}

/// She, or her body, asks too often; after how long she may again is told.
pub(crate) fn too_often(console: &Console, visitor: &Visitor, many: TooMany) -> Response {
    many.told(said(console, Some(visitor), StatusCode::TOO_MANY_REQUESTS, |words| {
        (words.answer_too_often_title(), words.answer_too_often())
    }))
}

/// The read models cannot be read now, or something is wrong on our side.
pub(crate) fn unread(console: &Console, visitor: Option<&Visitor>, error: sqlx::Error) -> Response {
    let never_built = matches!(&error, sqlx::Error::Database(error)
        if matches!(error.code().as_deref(), Some("42P01" | "3F000")));
    let failure =
        if never_built { Failure::<Never>::Unavailable } else { Failure::<Never>::from(error) };
    let status = failure.into_response().status();
    said(console, visitor, status, |words| (words.answer_unread_title(), words.answer_unread()))
}

/// A title and a sentence, in the language of who reads them.
fn said(
    console: &Console,
    visitor: Option<&Visitor>,
    status: StatusCode,
    what: fn(&Words) -> (String, String),
) -> Response {
    let language = visitor.map(|visitor| visitor.preferences.language).unwrap_or_default();
    let (title, text) = what(language.words());
    let frame = console.frame(visitor, &title, None);
    page(status, &Message { frame, text })
}

#[derive(Template)]
#[template(path = "purpose.html")]
struct AskPurpose {
    frame: Frame,
    purposes: Vec<(&'static str, &'static str)>,
}

/// A person's record that is not opened: because a purpose is asked for, because nobody can say now
/// who may, or because there is none for this reader, which looks like none at all.
pub(crate) fn closed(console: &Console, visitor: &Visitor, problem: &Problem) -> Response {
    if problem.code == "purpose_needed" {
        if let Some(to) = again(visitor) {
            return Redirect::to(&to).into_response();
        }
        let title = visitor.words().answer_purpose_title();
        let frame = console.frame(Some(visitor), &title, None);
        let in_words = |purpose: Purpose| (purpose.code(), purpose.words_in(frame.language));
        let purposes = [Purpose::Care, Purpose::Emergency].map(in_words).to_vec();
        return page(StatusCode::FORBIDDEN, &AskPurpose { frame, purposes });
    }
    if problem.code == SECOND_FACTOR_NEEDED {
        return aside::second_factor(console, visitor);
    }
    if problem.status == StatusCode::NOT_FOUND.as_u16() {
        return not_found(console, Some(visitor));
    }
    said(console, Some(visitor), StatusCode::SERVICE_UNAVAILABLE, |words| {
        (words.answer_unsure_title(), words.answer_unsure())
    })
}

/// Whether whoever asks would rather have a page than JSON: a browser says so.
pub fn wants_a_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// A file to keep, under a name of plain letters, digits, dots, dashes and underscores.
pub(crate) fn file(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    (headers, bytes).into_response()
}
