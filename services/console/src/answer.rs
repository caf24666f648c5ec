//! How a page answers: always with its headers, also when it has nothing to show.

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use trama_platform::caller::Caller;
use trama_platform::{Failure, Never};
use trama_ui::assets::CONTENT_SECURITY_POLICY;

use crate::Console;
use crate::message::Message;

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
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(html)).into_response()
}

/// One page for what does not exist and for what may not be opened.
pub(crate) fn not_found(console: &Console, caller: Option<&Caller>) -> Response {
    let title = "Non trovato o non accessibile";
    let text = "Questa pagina non esiste, oppure il tuo ruolo non può aprirla. Controlla il codice o \
                l’indirizzo; se ti serve l’accesso, chiedilo a chi segue la persona.";
    page(StatusCode::NOT_FOUND, &Message { frame: console.frame(caller, title, None), title, text })
}

/// The question could not be understood.
pub(crate) fn not_understood(console: &Console, caller: &Caller, text: &str) -> Response {
    let title = "Richiesta non compresa";
    page(
        StatusCode::BAD_REQUEST,
        &Message { frame: console.frame(Some(caller), title, None), title, text },
    )
}

/// The read models cannot be read now, or something is wrong on our side.
pub(crate) fn unread(console: &Console, caller: &Caller, error: sqlx::Error) -> Response {
    let never_built = matches!(&error, sqlx::Error::Database(error)
        if matches!(error.code().as_deref(), Some("42P01" | "3F000")));
    let failure =
        if never_built { Failure::<Never>::Unavailable } else { Failure::<Never>::from(error) };
    let status = failure.into_response().status();
    let title = "Non riusciamo a leggere i dati";
    let text = "Nessun dato è andato perso. Riprova tra qualche istante; se continua, avvisa chi \
                gestisce il sistema.";
    page(status, &Message { frame: console.frame(Some(caller), title, None), title, text })
}

/// Whether whoever asks would rather have a page than JSON: a browser says so.
pub fn wants_a_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
