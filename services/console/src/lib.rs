//! The console: sign-in, the frame, and pages over the read models. A page is a document that
//! works without scripts; every page has the same gate as the doors, and what may not be opened
//! looks like what does not exist.

mod answer;
mod gate;
mod inbox;
mod journey;
mod message;
mod network;
mod people;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use trama_events::ids::StaffId;
use trama_platform::caller::Caller;
use trama_platform::doors::{Door, Gate};
use trama_projections::ReadModels;
use trama_ui::assets;
use trama_ui::frame::{Crumb, Frame, Place, Viewer};
use trama_ui::words::InWords as _;

pub use answer::wants_a_page;
pub use gate::COOKIE;

use gate::Pages;

/// Makes a bearer token for a demo user by her user name; `None` when there is no such user.
pub type Mint = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Somebody as whom the demo can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoUser {
    /// What the mint knows her by.
    pub username: String,
    /// Her invented name.
    pub name: String,
    /// Her role and service in words.
    pub label: String,
    /// Her id, as the token says it.
    pub staff: StaffId,
}

/// The demo's sign-in: choose a user, or paste a token. Loopback only, never in production.
#[derive(Clone)]
pub struct Demo {
    /// Whom one may choose.
    pub users: Vec<DemoUser>,
    /// Makes their tokens.
    pub mint: Mint,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo").field("users", &self.users.len()).finish_non_exhaustive()
    }
}

/// What the pages read, and who may.
#[derive(Debug, Clone)]
pub struct Console {
    /// The read models and the domain's clock.
    pub models: ReadModels,
    /// Who may.
    pub gate: Gate,
    /// The demo's sign-in; without it nobody signs in here, and no page says that data are invented.
    pub demo: Option<Arc<Demo>>,
}

impl Console {
    /// What a browser is shown where there is nothing: the same as where there is nothing for it.
    pub fn no_such_page(&self, headers: &HeaderMap) -> Response {
        answer::not_found(self, gate::signed_in(self, headers).as_ref())
    }

    fn frame(&self, caller: Option<&Caller>, title: &str, current: Option<Place>) -> Frame {
        let places = caller.map(gate::places).unwrap_or_default();
        let mut crumbs = vec![Crumb::to("Inizio", "/")];
        match current {
            Some(Place::Inbox) => crumbs.clear(),
            Some(place) if place.label() != title => {
                crumbs = vec![Crumb::to(place.label(), place.href())];
            }
            Some(_) | None => {}
        }
        crumbs.push(Crumb::here(title));
        Frame {
            title: title.to_owned(),
            assets: assets::folder(),
            demo: self.demo.is_some(),
            viewer: caller.map(|caller| self.viewer(caller)),
            places,
            current,
            crumbs: if caller.is_some() { crumbs } else { Vec::new() },
        }
    }

    fn viewer(&self, caller: &Caller) -> Viewer {
        let users = self.demo.iter().flat_map(|demo| &demo.users);
        let known = users.into_iter().find(|user| user.staff == caller.staff);
        let role = caller.role.words().to_owned();
        Viewer {
            name: known.map_or_else(|| role.clone(), |user| user.name.clone()),
            role,
            ats: in_words(caller.ats.as_str()),
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
        .page(gate::JOURNEY, "/persone/{person}", journey::show)
        .page(gate::NETWORK, "/rete", network::show)
        .finish();
    let open = Router::new()
        .route("/entra", get(sign_in::show).post(sign_in::enter))
        .route("/esci", axum::routing::post(sign_in::leave))
        .route("/assets/{digest}/{name}", get(asset))
        .with_state(console);
    (pages.merge(open), table)
}

/// A file under an address that names its content: it never changes.
async fn asset(Path((digest, name)): Path<(String, String)>) -> Response {
    let Some(asset) = assets::find(&digest, &name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.bytes).into_response()
}
