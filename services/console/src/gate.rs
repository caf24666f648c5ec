//! The gate of the pages: the same as that of the doors, with the token in a cookie.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use strum::VariantArray;
use trama_events::codes::Role;
use trama_platform::caller::Caller;
use trama_platform::doors::{Action, Door};
use trama_ui::frame::Place;

use crate::Console;

/// The cookie that holds the bearer token of whoever signed in.
pub const COOKIE: &str = "trama_session";

/// Opening the start page.
pub(crate) const START: Action = Action {
    name: "page.start",
    roles: <Role as VariantArray>::VARIANTS,
    why: "everybody who signed in sees what she may open, and what waits for her own services",
};

/// Looking at the own inbox, which is a part of the start page.
pub(crate) const INBOX: Action = Action {
    name: "page.inbox",
    roles: trama_projections::inbox::READ.roles,
    why: "workers see what waits for their own services and for the people they have in charge",
};

/// Opening a person's journey, or looking for her by her code.
pub(crate) const JOURNEY: Action = Action {
    name: "page.journey",
    roles: trama_projections::journey::READ.roles,
    why: "workers who take people in charge, receive them or meet them in the street see what was done",
};

/// Opening the network.
pub(crate) const NETWORK: Action = Action {
    name: "page.network",
    roles: trama_projections::network::READ.roles,
    why: "the graph holds services and counts, never a person; small counts only for those who meet people",
};

/// The places that a caller may open.
pub(crate) fn places(caller: &Caller) -> Vec<Place> {
    let open = |place: &Place| match place {
        Place::Inbox => true,
        Place::People => JOURNEY.roles.contains(&caller.role),
        Place::Network => NETWORK.roles.contains(&caller.role),
        Place::Beds | Place::Food => false,
    };
    Place::ALL.into_iter().filter(open).collect()
}

/// A set of pages, each with its gate.
pub(crate) struct Pages {
    console: Console,
    router: Router<Console>,
    table: Vec<Door>,
}

impl Pages {
    pub(crate) fn new(console: &Console) -> Self {
        Self { console: console.clone(), router: Router::new(), table: Vec::new() }
    }

    /// A page behind the gate of `action`.
    pub(crate) fn page<H: Handler<T, Console>, T: 'static>(
        mut self,
        action: Action,
        path: &str,
        show: H,
    ) -> Self {
        self.table.push(Door { method: "GET".into(), path: path.into(), action });
        let console = self.console.clone();
        let guard = from_fn(move |request: Request, next: Next| {
            let console = console.clone();
            async move { pass(&console, &action, request, next).await }
        });
        self.router = self.router.route(path, get(show).layer(guard));
        self
    }

    pub(crate) fn finish(self) -> (Router, Vec<Door>) {
        (self.router.with_state(self.console), self.table)
    }
}

/// Whoever did not sign in is asked to; whoever may not open a page sees that there is none.
async fn pass(console: &Console, action: &Action, mut request: Request, next: Next) -> Response {
    match permit(console, request.headers(), action) {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(StatusCode::UNAUTHORIZED) => {
            let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
            Redirect::to(&format!("/entra?poi={}", encode(wanted))).into_response()
        }
        Err(_) => console.no_such_page(request.headers()),
    }
}

fn permit(console: &Console, headers: &HeaderMap, action: &Action) -> Result<Caller, StatusCode> {
    let token = token_of(headers).unwrap_or_default();
    permit_token(console, token, action)
}

/// Whoever this token lets in.
pub(crate) fn permit_token(
    console: &Console,
    token: &str,
    action: &Action,
) -> Result<Caller, StatusCode> {
    let mut headers = HeaderMap::new();
    let bearer =
        HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| StatusCode::UNAUTHORIZED)?;
    headers.insert(header::AUTHORIZATION, bearer);
    let refused = |problem: trama_platform::Problem| {
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::UNAUTHORIZED)
    };
    console.gate.permit(&headers, action).map_err(refused)
}

/// Whoever is signed in, if anybody is.
pub(crate) fn signed_in(console: &Console, headers: &HeaderMap) -> Option<Caller> {
    permit(console, headers, &START).ok()
}

fn token_of(headers: &HeaderMap) -> Option<&str> {
    let cookies =
        headers.get_all(header::COOKIE).into_iter().filter_map(|cookie| cookie.to_str().ok());
    let mut named = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='));
    named.find(|(name, _)| *name == COOKIE).map(|(_, token)| token)
}

/// A text inside a query.
fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().fold(String::new(), |mut all, byte| {
        if plain(byte) {
            all.push(char::from(byte));
        } else {
            all.push('%');
            all.push_str(&trama_platform::doors::hex(&[byte]));
        }
        all
    })
}
