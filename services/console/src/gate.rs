//! The gate of the pages: the same roles as at the doors, with a session instead of a token.

mod actions;
mod form;
mod purposes;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use strum::VariantArray;
use trama_events::codes::{Purpose, Role};
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::clock::real_now;
use trama_platform::doors::{Action, Door, refused_in_time};
use trama_platform::gate::Reader;
use trama_platform::inward::{Limits, TooMany};
use trama_platform::sign_in::Session;
use trama_ui::frame::Place;
use trama_ui::language::{Language, Words};

use crate::answer::SECOND_FACTOR_NEEDED;
use crate::preferences::Preferences;
use crate::{Console, answer, aside, live};

pub(crate) use actions::{ACCESSES, CONTACT, INTAKE, LINKS, REGISTER, SEARCH, WHO_SAW};
pub(crate) use form::{FORM_LEN_MAX, Fields, Sent, SentBy};
pub(crate) use purposes::again;

/// Opening the start page.
pub(crate) const START: Action = Action {
    name: "page.start",
    roles: <Role as VariantArray>::VARIANTS,
    why: "everybody who signed in sees what she may open, and what waits for her own services",
    second_factor: false,
};

/// Looking at the own inbox, which is a part of the start page.
pub(crate) const INBOX: Action = Action {
    name: "page.inbox",
    roles: trama_projections::inbox::READ.roles,
    why: "workers see what waits for their own services and for the people they have in charge",
    second_factor: false,
};

/// Opening a person's journey, or looking for her by her code.
pub(crate) const JOURNEY: Action = Action {
    name: "page.journey",
    roles: trama_projections::journey::READ.roles,
    why: "workers who take people in charge, receive them or meet them in the street see what was done",
    second_factor: false,
};

/// Opening the network.
pub(crate) const NETWORK: Action = Action {
    name: "page.network",
    roles: trama_projections::network::READ.roles,
    why: "the graph holds services and counts, never a person; small counts only for those who meet people",
    second_factor: false,
};

/// The places that a caller may open.
pub(crate) fn places(caller: &Caller) -> Vec<Place> {
    let open = |place: &Place| match place {
        Place::Inbox => true,
        Place::People => JOURNEY.roles.contains(&caller.role),
        Place::Network => NETWORK.roles.contains(&caller.role),
        Place::Accesses => ACCESSES.roles.contains(&caller.role),
        Place::Sealed => crate::sealed::DESK.roles.contains(&caller.role),
        Place::System => crate::system::SYSTEM.roles.contains(&caller.role),
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

/// Somebody who was let in, with her session: what every page knows of who looks at it.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) caller: Caller,
    pub(crate) session: Session,
    /// The page that she asked for, with its query.
    pub(crate) path: String,
    /// For which purpose she opened the person of this page before, in this session.
    pub(crate) stated: Option<Purpose>,
    pub(crate) preferences: Preferences,
}

impl Visitor {
    /// The messages of the language that she reads.
    pub(crate) fn words(&self) -> &'static Words {
        self.preferences.language.words()
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    /// The gate put it there; a page without a gate has no visitor and answers nothing.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_found)
    }
}

/// Why a page is not opened.
#[derive(Debug)]
enum Refused {
    /// Nobody is signed in.
    SignIn,
    /// Somebody is, and no role is known in which she acts.
    NoRole(Box<Session>),
    /// Her role may not.
    MayNot(Box<Visitor>),
    /// She may, once she has shown a second factor.
    SecondFactor(Box<Visitor>),
    /// She, or her body, asks too often.
    TooOften(Box<Visitor>, TooMany),
    /// Nobody can say now who may.
    Unsure(Box<Session>),
    /// The sessions cannot be read.
    Unread(sqlx::Error),
}

impl Refused {
    fn by(problem: &Problem, session: Session) -> Self {
        if problem.status == StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            Self::Unsure(Box::new(session))
        } else {
            Self::NoRole(Box::new(session))
        }
    }

    fn page(self, console: &Console, headers: &HeaderMap, wanted: &str) -> Response {
        let language = Preferences::of(headers).language;
        match self {
            Self::SignIn => Redirect::to(&format!("/entra?poi={}", encode(wanted))).into_response(),
            Self::NoRole(session) => aside::no_role(console, &session, language),
            Self::Unsure(session) => aside::unsure(console, &session, language),
            Self::MayNot(visitor) => answer::not_found(console, Some(&visitor)),
            Self::SecondFactor(visitor) => aside::second_factor(console, &visitor),
            Self::TooOften(visitor, many) => answer::too_often(console, &visitor, many),
            Self::Unread(error) => answer::unread(console, None, error),
        }
    }
}

/// Whoever did not sign in is asked to; whoever may not open a page sees that there is none.
async fn pass(console: &Console, action: &Action, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let path = path_of(request.uri());
    let limits = request.extensions().get::<Arc<Limits>>().cloned();
    match admit(console, request.headers(), (&path, action), limits.as_deref()).await {
        Ok(visitor) => {
            let reader = Reader::new(console.gate.clone(), visitor.caller.clone(), *action);
            request.extensions_mut().insert(reader);
            request.extensions_mut().insert(visitor.caller.clone());
            let keeping = purposes::keeping(request.method(), request.headers(), &visitor);
            request.extensions_mut().insert(visitor);
            let mut answer = next.run(request).await;
            if let (Some(cookie), StatusCode::OK) = (keeping, answer.status()) {
                answer.headers_mut().append(header::SET_COOKIE, cookie);
            }
            refused_in_time(begun, answer.status()).await;
            answer
        }
        Err(refused) => refused.page(console, request.headers(), &path),
    }
}

fn path_of(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |wanted| wanted.as_str()).to_owned()
}

/// A page counts once, whatever it asks of doors for itself.
async fn admit(
    console: &Console,
    headers: &HeaderMap,
    (path, action): (&str, &Action),
    limits: Option<&Limits>,
) -> Result<Visitor, Refused> {
    let session = session(console, headers).await?;
    let visitor = visitor(console, headers, path, session).await?;
    let (staff, body) = (visitor.caller.staff, visitor.caller.organisation);
    if let Some(Err(many)) = limits.map(|limits| limits.take(staff, body, real_now())) {
        return Err(Refused::TooOften(Box::new(visitor), many));
    }
    match console.gate.may(&visitor.caller, action).await {
        Ok(()) => Ok(visitor),
        Err(problem) if problem.code == SECOND_FACTOR_NEEDED => {
            Err(Refused::SecondFactor(Box::new(visitor)))
        }
        Err(_) => Err(Refused::MayNot(Box::new(visitor))),
    }
}

async fn session(console: &Console, headers: &HeaderMap) -> Result<Session, Refused> {
    let sign_in = console.sign_in.as_ref().ok_or(Refused::SignIn)?;
    let session = sign_in.session(headers, real_now()).await.map_err(Refused::Unread)?;
    session.ok_or(Refused::SignIn)
}

/// A session is kept from idling only once the directory has let its holder in, and by what she does
/// herself.
async fn visitor(
    console: &Console,
    headers: &HeaderMap,
    path: &str,
    mut session: Session,
) -> Result<Visitor, Refused> {
    let caller = match console.gate.caller(&session.presented, headers) {
        Ok(caller) => caller,
        Err(problem) => return Err(Refused::by(&problem, session)),
    };
    let sessions = console.sign_in.as_ref().ok_or(Refused::SignIn)?.sessions();
    if !live::is_by_itself(headers) {
        sessions.keep(&mut session, real_now()).await.map_err(Refused::Unread)?;
    }
    let preferences = Preferences::of(headers);
    let stated = purposes::stated(headers, &session, path);
    Ok(Visitor { caller, session, path: path.to_owned(), stated, preferences })
}

/// Whoever is signed in, if anybody is.
pub(crate) async fn signed_in(console: &Console, headers: &HeaderMap) -> Option<Visitor> {
    admit(console, headers, ("/", &START), None).await.ok()
}

/// Somebody who is signed in, whether or not she may act: for the pages about her own access. Nobody
/// in care is on them, and so they have no action.
#[derive(Debug)]
pub(crate) struct Somebody {
    pub(crate) session: Session,
    /// Where she may act.
    pub(crate) visitor: Option<Visitor>,
    pub(crate) language: Language,
}

impl FromRequestParts<Console> for Somebody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Response> {
        let path = path_of(&parts.uri);
        let language = Preferences::of(&parts.headers).language;
        let session = session(console, &parts.headers).await;
        let session = session.map_err(|refused| refused.page(console, &parts.headers, &path))?;
        match visitor(console, &parts.headers, &path, session.clone()).await {
            Ok(visitor) => Ok(Self { session, visitor: Some(visitor), language }),
            Err(Refused::NoRole(_)) => Ok(Self { session, visitor: None, language }),
            Err(refused) => Err(refused.page(console, &parts.headers, &path)),
        }
    }
}

/// A text inside a query.
pub(crate) fn encode(text: &str) -> String {
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
