//! `/entra/incarico`: in which of her memberships somebody acts. Asked after signing in of whoever
//! has several, and open to her from every page.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use trama_events::ids::MembershipId;
use trama_platform::sign_in::{Happened, Session, inside};
use trama_platform::staff::{Membership, Standing};
use trama_projections::network::service_names;
use trama_ui::frame::Frame;
use trama_ui::words::InWords as _;

use crate::gate::{SentBy, Somebody, encode};
use crate::{Console, answer, aside, in_words};

/// Where one chooses.
pub(crate) const PATH: &str = "/entra/incarico";

/// Where one goes on afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Then {
    #[serde(default)]
    poi: String,
}

#[derive(Template)]
#[template(path = "membership.html")]
struct Page {
    frame: Frame,
    csrf: String,
    then: String,
    choices: Vec<Choice>,
    wrong: bool,
}

/// A membership in words.
struct Choice {
    id: MembershipId,
    role: &'static str,
    place: String,
    now: bool,
}

/// Where somebody chooses who has just signed in and has to: several memberships, and none that she
/// or her issuer named.
pub(crate) fn asked_first(console: &Console, session: &Session, then: &str) -> Option<String> {
    let presented = &session.presented;
    let named = presented.membership.is_some() || presented.vouched.is_some();
    let several = console.gate.staff().memberships(presented.who()).len() > 1;
    (several && !named).then(|| format!("{PATH}?poi={}", encode(inside(then))))
}

/// `GET /entra/incarico`
pub(crate) async fn show(
    State(console): State<Console>,
    somebody: Somebody,
    then: Result<Query<Then>, QueryRejection>,
) -> Response {
    let then = then.map(|Query(then)| then.poi).unwrap_or_default();
    page(&console, &somebody, &then, StatusCode::OK).await
}

/// `POST /entra/incarico`
pub(crate) async fn choose(State(console): State<Console>, sent: SentBy) -> Response {
    let SentBy { somebody, fields } = sent;
    let Some(sign_in) = &console.sign_in else { return answer::not_found(&console, None) };
    let (session, then) = (&somebody.session, fields.text("poi"));
    let hers = console.gate.staff().memberships(session.presented.who());
    let wanted = hers.iter().find(|held| held.membership.to_string() == fields.text("incarico"));
    let Some(Membership { membership, .. }) = wanted else {
        return page(&console, &somebody, then, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match sign_in.sessions().choose(&session.id, *membership).await {
        Ok(()) => {
            Happened::Chose { session: &session.id, membership: *membership }.tell();
            Redirect::to(inside(then)).into_response()
        }
        Err(error) => answer::unread(&console, somebody.visitor.as_ref(), error),
    }
}

async fn page(console: &Console, somebody: &Somebody, then: &str, status: StatusCode) -> Response {
    let Somebody { session, visitor, language } = somebody;
    let (staff, presented) = (console.gate.staff(), &session.presented);
    let hers = staff.memberships(presented.who());
    if hers.is_empty() {
        return aside::no_role(console, session, somebody.language);
    }
    let now = match staff.membership(presented.who(), &presented.wanted()) {
        Standing::Active(held) => Some(held.membership),
        Standing::Suspended
        | Standing::Ended
        | Standing::NoSuchMembership
        | Standing::Unknown
        | Standing::Unsure => None,
    };
    let services: Vec<_> = hers.iter().flat_map(|held| held.services.clone()).collect();
    let names = match service_names(&console.models.pool, &services).await {
        Ok(names) => names,
        Err(error) => return answer::unread(console, visitor.as_ref(), error),
    };
    let choice = |held: &Membership| {
        let mut parts = vec![format!("ATS {}", in_words(held.ats.as_str()))];
        parts.extend(held.services.iter().filter_map(|service| names.get(service).cloned()));
        let now = now == Some(held.membership);
        Choice {
            id: held.membership,
            role: held.role.words_in(*language),
            place: parts.join(" · "),
            now,
        }
    };
    let title = language.words().account_choose_title();
    let frame = Frame { language: *language, ..console.frame(visitor.as_ref(), &title, None) };
    let (csrf, then) = (session.csrf_token(), inside(then).to_owned());
    let wrong = status != StatusCode::OK;
    answer::page(
        status,
        &Page { frame, csrf, then, choices: hers.iter().map(choice).collect(), wrong },
    )
}
