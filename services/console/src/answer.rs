//! How a page answers: always with its headers, also when it has nothing to show.

use askama::Template;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use trama_events::codes::Purpose;
use trama_platform::inward::TooMany;
use trama_platform::{Failure, Never, Problem};
use trama_ui::assets::{CONTENT_SECURITY_POLICY, LIVE_CONTENT_SECURITY_POLICY};
use trama_ui::frame::Frame;
use trama_ui::words::InWords as _;

use crate::gate::Visitor;
use crate::message::Message;
use crate::{Console, aside};

/// What no page of ours asks of a device.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
    display-capture=(), publickey-credentials-get=()";

/// The code with which a gate asks for a second factor.
pub(crate) const SECOND_FACTOR_NEEDED: &str = "second_factor_needed";

/// A page with its headers.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    written(status, template, CONTENT_SECURITY_POLICY)
}

/// A page that is kept true while it is open, where it listens to something.
pub(crate) fn open_page(frame: &Frame, template: &impl Template) -> Response {
    let listens = frame.live.is_some();
    let policy = if listens { LIVE_CONTENT_SECURITY_POLICY } else { CONTENT_SECURITY_POLICY };
    written(StatusCode::OK, template, policy)
}

fn written(status: StatusCode, template: &impl Template, policy: &'static str) -> Response {
    let Ok(html) = template.render() else {
        tracing::error!("a page could not be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
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
    let title = "Non trovato o non accessibile";
    let text = "Questa pagina non esiste, oppure il tuo ruolo non può aprirla. Controlla il codice o \
                l’indirizzo; se ti serve l’accesso, chiedilo a chi segue la persona.";
    let frame = console.frame(visitor, title, None);
    page(StatusCode::NOT_FOUND, &Message { frame, title, text })
}

/// The question could not be understood.
pub(crate) fn not_understood(console: &Console, visitor: &Visitor, text: &str) -> Response {
    let title = "Richiesta non compresa";
    page(
        StatusCode::BAD_REQUEST,
        &Message { frame: console.frame(Some(visitor), title, None), title, text },
    )
}

/// She, or her body, asks too often; after how long she may again is told.
pub(crate) fn too_often(console: &Console, visitor: &Visitor, many: TooMany) -> Response {
    let title = "Troppe richieste in poco tempo";
    let text = "Da te o dal tuo ente sono arrivate troppe richieste. Aspetta qualche secondo, torna \
                indietro e riprova: nulla è stato registrato due volte.";
    let frame = console.frame(Some(visitor), title, None);
    many.told(page(StatusCode::TOO_MANY_REQUESTS, &Message { frame, title, text }))
}

/// The read models cannot be read now, or something is wrong on our side.
pub(crate) fn unread(console: &Console, visitor: Option<&Visitor>, error: sqlx::Error) -> Response {
    let never_built = matches!(&error, sqlx::Error::Database(error)
        if matches!(error.code().as_deref(), Some("42P01" | "3F000")));
    let failure =
        if never_built { Failure::<Never>::Unavailable } else { Failure::<Never>::from(error) };
    let status = failure.into_response().status();
    let title = "Non riusciamo a leggere i dati";
    let text = "Nessun dato è andato perso. Riprova tra qualche istante; se continua, avvisa chi \
                gestisce il sistema.";
    page(status, &Message { frame: console.frame(visitor, title, None), title, text })
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
        let frame = console.frame(Some(visitor), "Per quale scopo?", None);
        let purposes = [Purpose::Care, Purpose::Emergency].map(|p| (p.code(), p.words())).to_vec();
        return page(StatusCode::FORBIDDEN, &AskPurpose { frame, purposes });
    }
    if problem.code == SECOND_FACTOR_NEEDED {
        return aside::second_factor(console, visitor);
    }
    if problem.status == StatusCode::NOT_FOUND.as_u16() {
        return not_found(console, Some(visitor));
    }
    let title = "Non possiamo mostrarlo ora";
    let text = "In questo momento non possiamo verificare chi può vedere questa scheda, o annotare \
                chi la guarda: perciò non mostriamo nulla. Riprova tra qualche istante.";
    let frame = console.frame(Some(visitor), title, None);
    page(StatusCode::SERVICE_UNAVAILABLE, &Message { frame, title, text })
}

/// Whether whoever asks would rather have a page than JSON: a browser says so.
pub fn wants_a_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
