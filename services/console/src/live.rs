//! Open pages that stay true: to what each of them listens, and `GET /vivo`, the stream of a browser.
//! What is told is that something changed; the page asks again, by its own gate (ADR 25).

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use trama_events::codes::Purpose;
use trama_platform::Problem;
use trama_platform::doors::{Action, hex};
use trama_platform::gate::{Opened, Reader};
use trama_projections::live::{self, BySession};
use trama_ui::frame::{Live, News};

use crate::Console;
use crate::gate::Visitor;

/// Hearing that an open page changed.
pub(crate) const HEAR: Action = Action { name: "page.live", ..live::HEAR };

/// Where pages listen.
pub(crate) const PATH: &str = "/vivo";
/// What a page says that asks again for itself.
const BY_ITSELF: &str = "trama-vivo";

/// Whether nobody pressed anything: an open page listens, or asks again for itself. That is no use
/// of a session, which idles out under it (ASVS 5.0 V7.3.1).
pub(crate) fn is_by_itself(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    headers.contains_key(BY_ITSELF) || accept.is_some_and(|accept| accept == "text/event-stream")
}

/// To what a page listens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    temi: String,
    /// Where the pages of this browser stand.
    dopo: Option<String>,
    /// The purpose that was stated on them.
    scopo: Option<String>,
}

/// `GET /vivo`
pub(crate) async fn hear(
    State(console): State<Console>,
    visitor: Visitor,
    mut reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Ok(Query(Wanted { temi, dopo, scopo })) = wanted else {
        let detail = "a page listens to topics: /vivo?temi=network";
        return Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail).into_response();
    };
    let (Some(live), Some(sign_in)) = (&console.live, &console.sign_in) else {
        return Problem::not_found().into_response();
    };
    reader.caller.stated = scopo.and_then(|purpose| purpose.parse().ok());
    let by = BySession { sessions: sign_in.sessions().clone(), id: visitor.session.id };
    let after = dopo.filter(|dopo| !dopo.is_empty());
    let wanted = live::Wanted { topics: temi, after };
    live.stream(reader, &wanted, Some(by)).await.unwrap_or_else(IntoResponse::into_response)
}

/// What a page listens to that is read from now on; nothing for whoever may not hear, or where
/// there are no streams. Asked before the page is read, so that nothing falls between.
pub(crate) async fn of_page(
    console: &Console,
    reader: &Reader,
    topics: Vec<String>,
    news: News,
) -> Option<Live> {
    let live = console.live.as_ref().filter(|_| HEAR.roles.contains(&reader.caller.role))?;
    if topics.is_empty() {
        return None;
    }
    let after = live.now(&topics, reader.caller.staff).await.unwrap_or_default();
    let purpose = reader.caller.stated.map_or("", Purpose::code);
    Some(Live { topics: topics.join(","), after, purpose, sight: String::new(), news })
}

/// A mark of what is open of a person. Equal where the same is open; it tells nothing else.
pub(crate) fn sight(opened: &Opened) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut mark = DefaultHasher::new();
    format!("{:?}", opened.sections.open()).hash(&mut mark);
    hex(&mark.finish().to_be_bytes())
}
