//! Pages for somebody who is signed in and does not get the page that she asked for: what she may do
//! about it, and always a way out (ASVS 5.0 V7.4.4).

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use trama_platform::sign_in::Session;
use trama_ui::frame::Frame;

use crate::gate::Visitor;
use crate::sign_in::begin_at;
use crate::{Console, answer, membership};

/// A sentence, a link, and a way out where the frame has none.
#[derive(Template)]
#[template(path = "aside.html")]
struct Aside<'a> {
    frame: Frame,
    text: &'a str,
    link: (&'a str, &'a str),
    csrf: Option<String>,
}

/// A page that needs a second factor: where to show one, and from there back to the page.
pub(crate) fn second_factor(console: &Console, visitor: &Visitor) -> Response {
    let frame = console.frame(Some(visitor), "Serve un secondo fattore", None);
    let text = "Questa pagina si apre solo a chi è entrata con un secondo fattore, per esempio SPID di \
                livello 2 o CIE. Dopo averlo mostrato torni qui.";
    let to = begin_at(&visitor.path, true);
    let link = (to.as_str(), "Entra di nuovo con il secondo fattore");
    answer::page(StatusCode::FORBIDDEN, &Aside { frame, text, link, csrf: None })
}

/// Somebody signed in of whom nobody says in which role she acts.
pub(crate) fn no_role(console: &Console, session: &Session) -> Response {
    let others = console.gate.staff().memberships(session.presented.who());
    let link =
        if others.is_empty() { ("/", "Riprova") } else { (membership::PATH, "Scegli un incarico") };
    let text = "Sei entrata, ma nessun servizio ti ha dato un incarico, oppure il tuo accesso è \
                sospeso o concluso. Rivolgiti a chi gestisce gli accessi della tua organizzazione.";
    without(console, StatusCode::FORBIDDEN, "Nessun incarico attivo", text, link, session)
}

/// Nobody can say now who may open what: nothing is opened.
pub(crate) fn unsure(console: &Console, session: &Session) -> Response {
    let text = "In questo momento non possiamo verificare gli incarichi: nessun dato viene mostrato. \
                Riprova tra qualche istante; se continua, avvisa chi gestisce il sistema.";
    let (status, title) = (StatusCode::SERVICE_UNAVAILABLE, "Non sappiamo chi può entrare");
    without(console, status, title, text, ("/", "Riprova"), session)
}

/// A form that did not come from a page of this session; of nobody's, where there is none.
pub(crate) fn not_our_form(console: &Console, session: Option<&Session>) -> Response {
    let text = "Questo modulo non viene da una pagina di Trama aperta in questa sessione: nulla è \
                stato fatto. Apri di nuovo la pagina e riprova.";
    let frame = console.frame(None, "Modulo non accettato", None);
    let csrf = session.map(Session::csrf_token);
    let link = ("/", "Vai all’inizio");
    answer::page(StatusCode::FORBIDDEN, &Aside { frame, text, link, csrf })
}

fn without(
    console: &Console,
    status: StatusCode,
    title: &str,
    text: &str,
    link: (&str, &str),
    session: &Session,
) -> Response {
    let frame = console.frame(None, title, None);
    answer::page(status, &Aside { frame, text, link, csrf: Some(session.csrf_token()) })
}
