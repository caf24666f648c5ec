//! Signing in and out: to the provider and back, with a session of ours. The demo's provider is our
//! own, where one chooses an invented user; the code is the same.

use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use trama_platform::clock::real_now;
use trama_platform::inward::Address;
use trama_platform::sign_in::{
    Arrival, Brought, Departure, Happened, Session, SignIn, Trouble, Wish, inside,
};
use trama_ui::frame::Frame;

use crate::gate::encode;
use crate::preferences::Preferences;
use crate::{Console, answer, aside, membership};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    frame: Frame,
    /// Where signing in begins; none where nobody signs in by pages.
    begin: Option<String>,
    left: bool,
    /// Where the provider ends its own session.
    way_out: Option<String>,
    refused: Option<String>,
}

/// What is asked of the sign-in page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    /// Where to go on afterwards.
    #[serde(default)]
    poi: String,
    /// Whether somebody has just left.
    #[serde(default)]
    uscita: String,
    /// Whether a second factor is to be shown.
    #[serde(default)]
    secondo: String,
}

/// What the form of leaving carries.
#[derive(Debug, Deserialize)]
pub(crate) struct Leaving {
    csrf: String,
}

/// `GET /entra`
pub(crate) async fn show(
    State(console): State<Console>,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let left = !wanted.uscita.is_empty();
    let way_out = match &console.sign_in {
        Some(sign_in) if left => sign_in.way_out(real_now()).await,
        Some(_) | None => None,
    };
    let begin = console.sign_in.as_ref().map(|_| wanted.begin());
    let frame = doorstep(&console, &headers);
    answer::page(StatusCode::OK, &Page { frame, begin, left, way_out, refused: None })
}

/// Nobody is known yet; the language that she chose in this browser may be.
fn doorstep(console: &Console, headers: &HeaderMap) -> Frame {
    let language = Preferences::of(headers).language;
    console.bare(language, &language.words().sign_in_title())
}

impl Wanted {
    fn begin(&self) -> String {
        begin_at(&self.poi, !self.secondo.is_empty())
    }
}

/// Where a sign-in begins that leads on to a path of ours; with a second factor when a page needs
/// one that has not been shown.
pub(crate) fn begin_at(then: &str, second_factor: bool) -> String {
    let second = if second_factor { "&secondo=1" } else { "" };
    format!("/entra/avvia?poi={}{second}", encode(inside(then)))
}

/// `GET /entra/avvia`: to the provider. Whom another site sends here is asked first.
pub(crate) async fn begin(
    State(console): State<Console>,
    from: Address,
    headers: HeaderMap,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Some(sign_in) = &console.sign_in else { return answer::not_found(&console, None) };
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    if !sign_in.is_own_act(&headers) {
        return Redirect::to(&wanted.begin().replace("/entra/avvia", "/entra")).into_response();
    }
    let wish = Wish { then: wanted.poi.clone(), second_factor: !wanted.secondo.is_empty() };
    let now = real_now();
    let begun = match sign_in.may_begin(from, now) {
        Ok(()) => sign_in.begin(&wish, now).await,
        Err(many) => Err(many.into()),
    };
    match begun {
        Ok(departure) => leave_for(&departure),
        Err(trouble) => not_let_in(&console, &headers, &trouble),
    }
}

/// `GET /entra/ritorno`: back from the provider. Whoever has several memberships chooses one first.
pub(crate) async fn finish(
    State(console): State<Console>,
    to: Address,
    headers: HeaderMap,
    brought: Result<Query<Brought>, QueryRejection>,
) -> Response {
    let Some(sign_in) = &console.sign_in else { return answer::not_found(&console, None) };
    let brought = brought.map(|Query(brought)| brought).unwrap_or_default();
    let now = real_now();
    let finished = match sign_in.may_come_back(to, now) {
        Ok(()) => sign_in.finish(&headers, &brought, now).await,
        Err(many) => Err(many.into()),
    };
    match finished {
        Ok(arrival) => leave_for(&arrived(&console, arrival)),
        Err(trouble) => not_let_in(&console, &headers, &trouble),
    }
}

fn arrived(console: &Console, arrival: Arrival) -> Departure {
    let Arrival { mut departure, session, stepped_up } = arrival;
    let presented = &session.presented;
    let happened = Happened::SignedIn {
        session: &session.id,
        staff: console.gate.staff().id_of(presented.who()),
        second_factor: presented.second_factor,
        stepped_up,
    };
    happened.tell();
    if let Some(choice) = membership::asked_first(console, &session, &departure.to) {
        departure.to = choice;
    }
    departure
}

/// `POST /esci`
pub(crate) async fn leave(
    State(console): State<Console>,
    headers: HeaderMap,
    form: Result<Form<Leaving>, FormRejection>,
) -> Response {
    let Some(sign_in) = &console.sign_in else { return answer::not_found(&console, None) };
    let csrf = form.map(|Form(form)| form.csrf).unwrap_or_default();
    match signed_out(sign_in, &headers, &csrf).await {
        Ok(Ok(departure)) => {
            // What a page of hers left in this browser goes with her.
            let emptied = (HeaderName::from_static("clear-site-data"), "\"cache\", \"storage\"");
            ([emptied], leave_for(&departure)).into_response()
        }
        Ok(Err(session)) => {
            aside::not_our_form(&console, session.as_ref(), Preferences::of(&headers).language)
        }
        Err(error) => answer::unread(&console, None, error),
    }
}

/// The session that goes on when the form is not one of hers.
async fn signed_out(
    sign_in: &SignIn,
    headers: &HeaderMap,
    csrf: &str,
) -> sqlx::Result<Result<Departure, Option<Session>>> {
    let session = sign_in.session(headers, real_now()).await?;
    if sign_in.must_be_own(headers).is_err() {
        return Ok(Err(session));
    }
    // Whoever idled out finds herself outside, as she wished.
    let Some(session) = session else {
        return Ok(Ok(Departure { to: "/entra?uscita=1".into(), cookies: Vec::new() }));
    };
    match sign_in.must_be_form_of(&session, headers, csrf) {
        Ok(()) => sign_in.leave(&session).await.map(Ok),
        Err(_) => Ok(Err(Some(session))),
    }
}

fn leave_for(departure: &Departure) -> Response {
    let mut response = Redirect::to(&departure.to).into_response();
    let cookies = departure.cookies.iter().filter_map(|cookie| HeaderValue::try_from(cookie).ok());
    response.headers_mut().extend(cookies.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

fn not_let_in(console: &Console, headers: &HeaderMap, trouble: &Trouble) -> Response {
    let frame = doorstep(console, headers);
    let words = frame.words();
    let (status, text) = match trouble {
        Trouble::NotUnderWay => (StatusCode::BAD_REQUEST, words.sign_in_not_under_way()),
        Trouble::Refused(_) => (StatusCode::FORBIDDEN, words.sign_in_refused()),
        Trouble::NoSecondFactor => (StatusCode::FORBIDDEN, words.sign_in_no_second_factor()),
        Trouble::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, words.sign_in_too_many()),
        Trouble::Provider(_) | Trouble::Sessions(_) | Trouble::Randomness(_) => {
            (StatusCode::SERVICE_UNAVAILABLE, words.sign_in_unavailable())
        }
    };
    trouble.tell();
    let begin = Some(begin_at("/", false));
    let page = Page { frame, begin, left: false, way_out: None, refused: Some(text) };
    let page = answer::page(status, &page);
    if let Trouble::TooMany(many) = trouble { many.told(page) } else { page }
}
