//! The console: sign-in, the frame, and pages over the read models. A page is a document that
//! works without scripts, and one script keeps some of them true while they are open; every page has
//! the same gate as the doors, and what may not be opened looks like what does not exist.

mod answer;
mod api;
mod aside;
mod audit;
mod choose_user;
mod compose;
mod contacts;
mod forced;
mod gate;
mod inbox;
mod journey;
mod knowledge;
mod links;
mod live;
mod matches;
mod membership;
mod message;
mod moved;
mod moves;
mod names;
mod network;
mod outside;
mod own_access;
mod people;
mod preferences;
mod readers;
mod referral;
mod refusals;
mod register;
mod reviews;
mod sealed;
mod sign_in;
mod system;
mod tabs;
mod told;
mod wishes;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use trama_events::ids::StaffId;
use trama_platform::caller::Caller;
use trama_platform::clock::real_now;
use trama_platform::doors::{Door, Gate};
use trama_platform::sign_in::{RETURN_PATH, SignIn};
use trama_projections::ReadModels;
use trama_projections::live::Live;
use trama_ui::assets;
use trama_ui::frame::{Crumb, Frame, Place, Viewer};
use trama_ui::language::Language;
use trama_ui::words::InWords as _;

pub use answer::wants_a_page;
pub use choose_user::Choice;

use gate::{Pages, Visitor};
use journey::around;

/// Somebody as whom the demo can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoUser {
    /// What the provider knows her by.
    pub username: String,
    /// Her invented name.
    pub name: String,
    /// Her role and service in words.
    pub label: String,
    /// Her id, the subject of her tokens.
    pub staff: StaffId,
}

/// The demo: whom one may choose to be. Loopback only, never in production.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Its users.
    pub users: Vec<DemoUser>,
}

/// What the pages read, and who may.
#[derive(Debug, Clone)]
pub struct Console {
    /// The read models and the domain's clock.
    pub models: ReadModels,
    /// Who may.
    pub gate: Gate,
    /// How one signs in; without it nobody does by pages.
    pub sign_in: Option<SignIn>,
    /// The doors, for what pages ask of contexts: without a socket, by the same gates.
    pub api: Router,
    /// The streams that keep open pages true; without them pages stay as they were read.
    pub live: Option<Live>,
    /// The demo; without it no page says that data are invented.
    pub demo: Option<Arc<Demo>>,
    /// Where the body's declaration of accessibility stands (law 4/2004, art. 3-quater); none until
    /// the installation names it.
    pub accessibility: Option<String>,
}

impl Console {
    /// What a browser is shown where there is nothing: the same as where there is nothing for it.
    pub async fn no_such_page(&self, headers: &HeaderMap) -> Response {
        answer::not_found(self, gate::signed_in(self, headers).await.as_ref())
    }

    fn frame(&self, visitor: Option<&Visitor>, title: &str, current: Option<Place>) -> Frame {
        let places = visitor.map(|visitor| gate::places(&visitor.caller)).unwrap_or_default();
        let language = visitor.map(|visitor| visitor.preferences.language).unwrap_or_default();
        let words = language.words();
        let mut crumbs = vec![Crumb::to(&words.frame_start(), "/")];
        match current {
            Some(Place::Inbox) => crumbs.clear(),
            Some(place) if place.label(words) != title => {
                crumbs = vec![Crumb::to(&place.label(words), place.href())];
            }
            Some(_) | None => {}
        }
        crumbs.push(Crumb::here(title));
        Frame {
            title: title.to_owned(),
            language,
            accessibility: self.accessibility.clone(),
            assets: assets::folder(),
            demo: self.demo.is_some(),
            viewer: visitor.map(|visitor| self.viewer(visitor)),
            places,
            current,
            crumbs: if visitor.is_some() { crumbs } else { Vec::new() },
            outside: visitor
                .map(|visitor| outside::seen(visitor.caller.role, language))
                .unwrap_or_default(),
            live: None,
        }
    }

    /// The frame of a page for whom nobody knows yet, or who may not act: no places, no name.
    fn bare(&self, language: Language, title: &str) -> Frame {
        Frame { language, ..self.frame(None, title, None) }
    }

    fn viewer(&self, visitor: &Visitor) -> Viewer {
        let caller: &Caller = &visitor.caller;
        let users = self.demo.iter().flat_map(|demo| &demo.users);
        let known = users.into_iter().find(|user| user.staff == caller.staff);
        let role = caller.role.words_in(visitor.preferences.language).to_owned();
        Viewer {
            name: known.map_or_else(|| role.clone(), |user| user.name.clone()),
            role,
            ats: in_words(caller.ats.as_str()),
            csrf: visitor.session.csrf_token(),
            may_choose: self.gate.staff().memberships(visitor.session.presented.who()).len() > 1,
            has_keys: visitor.preferences.has_keys,
            session_left: visitor.session.left(real_now()).whole_seconds(),
        }
    }
}

/// The slug of an ATS as people write it: `gioia-del-colle` is Gioia del Colle.
fn in_words(ats: &str) -> String {
    let word = |word: &str| match word {
        "del" | "della" | "di" | "in" | "delle" => word.to_owned(),
        _ => word[..1].to_uppercase() + &word[1..],
    };
    ats.split('-').filter(|part| !part.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

/// Every page, and the list of those with a gate.
pub fn doors(console: Console) -> (Router, Vec<Door>) {
    let (pages, table) = Pages::new(&console)
        .page(gate::START, "/", inbox::show)
        .page(gate::JOURNEY, "/persone", people::show)
        .page(gate::SEARCH, "/persone/cerca", people::anew)
        .form(gate::SEARCH, "/persone/cerca", people::search)
        .page(gate::REGISTER, "/persone/nuova", register::show)
        .form(gate::REGISTER, "/persone/nuova", register::register)
        .page(gate::CONTACT, contacts::PATH, contacts::show)
        .form(gate::CONTACT, contacts::PATH, contacts::record)
        .page(gate::INTAKE, register::STEP_PATH, register::show_step)
        .form(gate::INTAKE, register::STEP_PATH, register::save)
        .page(gate::JOURNEY, "/persone/{person}", journey::show)
        .page(around::AROUND, "/persone/{person}/rete", around::show)
        .page(gate::LINKS, "/persone/{person}/collegamenti", links::show)
        .form(gate::LINKS, "/persone/{person}/collegamenti", links::judge)
        .page(wishes::WITNESS, "/persone/{person}/scelte", wishes::show)
        .form(wishes::WITNESS, "/persone/{person}/scelte", wishes::obey)
        .page(forced::FORCE, "/persone/{person}/emergenza", forced::ask)
        .form(forced::FORCE, "/persone/{person}/emergenza", forced::force)
        .page(moves::MOVE, "/persone/{person}/sposta", moves::show)
        .form(moves::MOVE, "/persone/{person}/sposta", moves::obey)
        .page(moved::MOVES, "/persone/{person}/spostamenti", moved::show)
        .page(reviews::REVIEW, "/verifiche/{access}", reviews::show)
        .form(reviews::REVIEW, "/verifiche/{access}", reviews::review)
        .page(compose::COMPOSE, compose::PATH, compose::show)
        .form(compose::COMPOSE, compose::PATH, compose::send)
        .page(referral::ANSWER, "/invii/{referral}", referral::show)
        .form(referral::ANSWER, "/invii/{referral}", referral::answer)
        .page(sealed::DESK, "/riservato", sealed::show)
        .form(sealed::DESK, "/riservato", sealed::obey)
        .page(knowledge::KNOWLEDGE, "/persone/{person}/chi-sapeva", knowledge::show)
        .page(audit::AUDIT, "/registro", audit::rows)
        .page(audit::AUDIT, "/registro/insoliti", audit::unusual)
        .page(audit::RECONSTRUCT, "/registro/ricostruisci", audit::account)
        .page(audit::AUDIT, "/registro/integrita", audit::chain)
        .page(system::SYSTEM, "/sistema", system::show)
        .form(system::SYSTEM, "/sistema", system::retry)
        .page(gate::ACCESSES, "/accessi", readers::ask)
        .page(gate::WHO_SAW, "/persone/{person}/accessi", readers::show)
        .page(gate::NETWORK, "/rete", network::show)
        .page(gate::NETWORK, network::CSV_PATH, network::csv)
        .page(gate::NETWORK, network::ODS_PATH, network::ods)
        .page(live::HEAR, live::PATH, live::hear)
        .finish();
    let open = Router::new()
        .route("/entra", get(sign_in::show))
        .route("/entra/avvia", get(sign_in::begin))
        .route(RETURN_PATH, get(sign_in::finish))
        .route(membership::PATH, get(membership::show).post(membership::choose))
        .route(own_access::PATH, get(own_access::show).post(own_access::end))
        .route(own_access::LEFT_PATH, get(own_access::left))
        .route(preferences::KEYS_PATH, get(preferences::show).post(preferences::turn))
        .route(preferences::LANGUAGE_PATH, post(preferences::choose))
        .route("/esci", post(sign_in::leave))
        .layer(DefaultBodyLimit::max(gate::FORM_LEN_MAX))
        .route("/assets/{digest}/{name}", get(asset))
        .with_state(console);
    (pages.merge(open), table)
}

/// A file under an address that names its content: it never changes.
async fn asset(Path((digest, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = assets::find(&digest, &name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|accepted| accepted.to_str().ok());
    let packed = asset.gzip.filter(|_| accepted.is_some_and(|accepted| accepted.contains("gzip")));
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-encoding"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    match packed {
        Some(bytes) => (headers, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response(),
        None => (headers, asset.bytes).into_response(),
    }
}
