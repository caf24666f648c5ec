//! Sign-in for pages: an `OpenID` Connect relying party (authorization code and PKCE) in front of
//! sessions of our own (trust §4 D5, ADR 18). A browser holds a random name of its session and
//! nothing else; no token of the provider is kept.
//!
//! It says who somebody is. It knows no role, no page and no person in care; time is an argument,
//! the machine's and never the domain's.

mod cookie;
mod form;
mod http;
mod leavers;
mod provider;
mod sessions;
#[cfg(test)]
mod tests;
mod told;

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use secrecy::SecretString;
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

use crate::caller::Trusted;
use crate::clock::NoRandomness;
use crate::inward::{Address, Throttle, TooMany};
use crate::outward::{NotAllowed, Outward, Unreachable, allowed};
use crate::servers::Servers;
use crate::surnames::Surnames;

pub use cookie::{ATTEMPT_COOKIE, SESSION_COOKIE};
pub use form::NotOurForm;
pub use sessions::{ABSOLUTE_MAX, IDLE_MAX, Listed, Session, SessionId, Sessions, Whose};
pub use told::{Happened, TARGET};

use cookie::Secret;
use provider::Provider;
use sessions::{Attempt, Begun, Proven};

/// Makes the tables of the sessions. Running it again changes nothing; its role exists already.
pub(crate) const SCHEMA: &str = include_str!("sign_in/schema.sql");
/// How long somebody may take at the provider. SPID asks for a telephone.
pub const ATTEMPT_MAX: Duration = Duration::minutes(10);
/// By how much the clocks of provider and service may differ.
const LEEWAY: Duration = Duration::seconds(30);
/// Connections to the sessions.
const CONNECTIONS_MAX: u32 = 4;
/// Sign-ins that one address may begin at once: a whole office behind one address, in the morning.
const BEGUN_AT_ONCE: u32 = 120;
/// Returns from the provider that one address may make at once.
const BACK_AT_ONCE: u32 = 240;
/// How long until an address may begin, or come back, once more.
const ONE_MORE_EVERY: Duration = Duration::seconds(1);
/// Most symbols of what a browser brings back from the provider.
const BROUGHT_LEN_MAX: usize = 2_048;

/// With whom one signs in, and where we are.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where browsers reach us, e.g. `https://trama.example`: scheme, host, port, nothing after.
    pub origin: String,
    /// The provider; its `audience` is our client id there.
    pub provider: Trusted,
    /// Our secret there; none for a public client.
    pub client_secret: Option<SecretString>,
    /// Values of `acr` that are asked for when a second factor is needed.
    pub step_up: Vec<String>,
    /// Whether nobody is let in without a second factor.
    pub always_second_factor: bool,
    /// Addresses of proxies in front of us, whose word on where a request comes from counts; those
    /// on this machine need not be named.
    pub proxies: Vec<IpAddr>,
}

/// Where the provider sends browsers back to, below the origin.
pub const RETURN_PATH: &str = "/entra/ritorno";
/// Where a browser comes back to after the provider ended its own session, below the origin.
pub const LEFT_PATH: &str = "/entra";

/// What somebody wants who is about to sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Where to go on afterwards; a path of ours, or else the start page.
    pub then: String,
    /// Whether a second factor must be shown, also by whoever is signed in.
    pub second_factor: bool,
}

/// Where a browser is sent, with the cookies that it must take along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// The address.
    pub to: String,
    /// Values of `Set-Cookie`.
    pub cookies: Vec<String>,
}

/// Somebody who has just come in.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Where she wanted to go.
    pub departure: Departure,
    /// Her new session.
    pub session: Session,
    /// Whether it was a second factor that she was sent for.
    pub stepped_up: bool,
}

/// What a browser brings back from the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Brought {
    /// The code.
    pub code: Option<String>,
    /// The state that we gave.
    pub state: Option<String>,
    /// The provider's name (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Why somebody was not signed in.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// No sign-in of this browser is under way: it took too long, was used, or was not hers.
    #[error("no sign-in of this browser is under way")]
    NotUnderWay,
    /// The provider did not let her in, or what it said does not hold.
    #[error("the provider's answer is refused: {0}")]
    Refused(String),
    /// She did not show the second factor that was asked for.
    #[error("no second factor was shown")]
    NoSecondFactor,
    /// From her address too many were tried.
    #[error("too many from one address: {0}")]
    TooMany(#[from] TooMany),
    /// The provider cannot be reached.
    #[error("the provider cannot be reached: {0}")]
    Provider(#[from] Unreachable),
    /// The sessions cannot be reached.
    #[error("the sessions cannot be reached")]
    Sessions(#[from] sqlx::Error),
    /// The machine gives no random bytes.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// Signing in and out. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SignIn {
    provider: Arc<Provider>,
    sessions: Sessions,
    origin: String,
    always_second_factor: bool,
    limits: Arc<Limits>,
    surnames: Option<Arc<dyn Surnames>>,
}

/// How often one address may try.
#[derive(Debug)]
struct Limits {
    begin: Throttle<Address>,
    back: Throttle<Address>,
}

impl SignIn {
    /// With this provider, and sessions on these servers. The provider is asked when somebody
    /// signs in: one that is down keeps nobody out who is in.
    ///
    /// # Errors
    ///
    /// [`NotAllowed`] when the origin or the provider is neither https nor on loopback.
    pub fn try_new(
        servers: &Servers,
        settings: Settings,
        outward: Outward,
    ) -> Result<Self, NotAllowed> {
        let origin = allowed(&settings.origin)?.origin().ascii_serialization();
        let sessions = Sessions::open(servers);
        let always_second_factor = settings.always_second_factor;
        let provider = Arc::new(Provider::try_new(settings, &origin, outward)?);
        let limits = Arc::new(Limits {
            begin: Throttle::new(BEGUN_AT_ONCE, ONE_MORE_EVERY),
            back: Throttle::new(BACK_AT_ONCE, ONE_MORE_EVERY),
        });
        Ok(Self { provider, sessions, origin, always_second_factor, limits, surnames: None })
    }

    /// The same, where somebody makes surnames blind; else the provider is not asked for names.
    #[must_use]
    pub fn blinding(self, surnames: Option<Arc<dyn Surnames>>) -> Self {
        Self { surnames, ..self }
    }

    /// The sessions, to look one up or to revoke.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Where browsers reach us.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether browsers reach us over TLS: then they are told never to come otherwise.
    pub fn is_sealed(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Whether this address may begin another sign-in.
    ///
    /// # Errors
    ///
    /// [`TooMany`], saying when it may.
    pub fn may_begin(&self, from: Address, now: OffsetDateTime) -> Result<(), TooMany> {
        self.limits.begin.take(from, now)
    }

    /// Whether somebody may come back from the provider to this address.
    ///
    /// # Errors
    ///
    /// [`TooMany`], saying when.
    pub fn may_come_back(&self, to: Address, now: OffsetDateTime) -> Result<(), TooMany> {
        self.limits.back.take(to, now)
    }

    /// The session of a request, when it has one that holds. Only [`Sessions::keep`] keeps it from
    /// idling.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be read: then nobody is let in.
    pub async fn session(
        &self,
        headers: &HeaderMap,
        now: OffsetDateTime,
    ) -> sqlx::Result<Option<Session>> {
        match cookie::of(headers, SESSION_COOKIE) {
            Some(secret) => self.sessions.find(&secret, now).await,
            None => Ok(None),
        }
    }

    /// Sends a browser to the provider.
    ///
    /// # Errors
    ///
    /// [`Trouble`] when the provider or the sessions cannot be reached.
    pub async fn begin(&self, wish: &Wish, now: OffsetDateTime) -> Result<Departure, Trouble> {
        let begun = Begun {
            state: Secret::draw()?,
            nonce: Secret::draw()?,
            verifier: Secret::draw()?,
            then: inside(&wish.then).to_owned(),
            second_factor: wish.second_factor,
            at: now,
        };
        let to = self.provider.door(&begun, self.surnames.is_some(), now).await?;
        let secret = Secret::draw()?;
        self.sessions.begin(&secret, &begun).await?;
        Ok(Departure { to, cookies: vec![cookie::attempt(&secret)] })
    }

    /// Lets in whoever comes back from the provider: a new session, whatever she had before. The
    /// departure leads to where she wanted to go.
    ///
    /// # Errors
    ///
    /// [`Trouble`], saying what does not hold.
    pub async fn finish(
        &self,
        headers: &HeaderMap,
        brought: &Brought,
        now: OffsetDateTime,
    ) -> Result<Arrival, Trouble> {
        let attempt = self.attempt(headers, brought, now).await?;
        let code = self.code(brought)?;
        let surnames = self.surnames.as_ref();
        let proven = self.provider.redeem(code, &attempt, surnames, now).await?;
        self.must_be_fresh(&attempt, &proven, now)?;
        let (secret, csrf) = (Secret::draw()?, Secret::draw()?);
        let before = cookie::of(headers, SESSION_COOKIE);
        self.sessions.create(&secret, &csrf, &proven, before.as_ref(), now).await?;
        let session = self.sessions.find(&secret, now).await?.ok_or(Trouble::NotUnderWay)?;
        let cookies = vec![cookie::session(&secret), cookie::gone(ATTEMPT_COOKIE)];
        let departure = Departure { to: attempt.then, cookies };
        Ok(Arrival { departure, session, stepped_up: attempt.second_factor })
    }

    /// Whether she authenticated as it was asked for: within the day of a session, and with a
    /// second factor now where one is needed.
    fn must_be_fresh(
        &self,
        attempt: &Attempt,
        proven: &Proven,
        now: OffsetDateTime,
    ) -> Result<(), Trouble> {
        let at = proven.authenticated_at;
        if at.is_none_or(|at| now - at > ABSOLUTE_MAX + LEEWAY) {
            return Err(Trouble::Refused(
                "she authenticated too long ago, or nobody says when".into(),
            ));
        }
        let now_shown = proven.second_factor && at.is_some_and(|at| at >= attempt.at - LEEWAY);
        let missing = (attempt.second_factor && !now_shown)
            || (self.always_second_factor && !proven.second_factor);
        if missing { Err(Trouble::NoSecondFactor) } else { Ok(()) }
    }

    /// The sign-in that this browser began, taken away: it can be finished once.
    async fn attempt(
        &self,
        headers: &HeaderMap,
        brought: &Brought,
        now: OffsetDateTime,
    ) -> Result<Attempt, Trouble> {
        let secret = cookie::of(headers, ATTEMPT_COOKIE).ok_or(Trouble::NotUnderWay)?;
        let state = brought.state.as_deref().and_then(Secret::read).ok_or(Trouble::NotUnderWay)?;
        self.sessions.take(&secret, &state, now).await?.ok_or(Trouble::NotUnderWay)
    }

    fn code<'a>(&self, brought: &'a Brought) -> Result<&'a str, Trouble> {
        if brought.iss.as_ref().is_some_and(|issuer| *issuer != self.provider.issuer()) {
            return Err(Trouble::Refused("another provider answered".into()));
        }
        if let Some(error) = &brought.error {
            let plain = |symbol: &char| symbol.is_ascii_alphanumeric() || *symbol == '_';
            return Err(Trouble::Refused(error.chars().filter(plain).take(64).collect()));
        }
        let code = brought.code.as_deref().filter(|code| code.len() <= BROUGHT_LEN_MAX);
        code.ok_or_else(|| Trouble::Refused("it has no code".into()))
    }

    /// Ends a session, and leads to a page of ours.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be reached: then she is not signed out and must be told so.
    pub async fn leave(&self, session: &Session) -> sqlx::Result<Departure> {
        self.sessions.revoke(&session.id).await?;
        Happened::SignedOut { session: &session.id }.tell();
        let cookies = vec![cookie::gone(SESSION_COOKIE)];
        Ok(Departure { to: format!("{LEFT_PATH}?uscita=1"), cookies })
    }

    /// Where the provider ends its own session, when it has such a place and can be reached. A link
    /// leads there, not the answer to a form: `form-action 'self'` holds for redirects too.
    pub async fn way_out(&self, now: OffsetDateTime) -> Option<String> {
        self.provider.way_out(now).await
    }
}

/// Only a path of our own is gone to; anything else is the start page.
pub fn inside(path: &str) -> &str {
    let own = path.starts_with('/') && !path.starts_with("//") && path.len() <= BROUGHT_LEN_MAX;
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if own && plain { path } else { "/" }
}
