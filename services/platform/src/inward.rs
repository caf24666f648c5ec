//! Requests from outside: from which address they come, how many of a kind an address may make, and
//! under which name the log tells of them.
//!
//! An address decides nothing but how often something may be tried. It is kept in memory for as
//! long as it counts and written nowhere: it would tell where somebody works.

mod limits;
mod throttle;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use crate::clock::{random_id, real_now};
use crate::failure::Problem;

pub use limits::Limits;
pub use throttle::{Throttle, TooMany};

/// Answers 401 that one address is given in a row before it is told to wait: programs of a whole body
/// may be behind it when its tokens ran out.
const REFUSALS: u32 = 300;
/// How long until it is given one more.
const REFUSAL_EVERY: time::Duration = time::Duration::milliseconds(200);

/// From where a request comes, as far as it counts: of IPv6 the network of a subscriber (/64), since
/// one machine has all of its addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(IpAddr);

impl Address {
    /// Where a request says nothing of it, as one without a socket.
    pub const NOWHERE: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    /// From the other end of the connection; where that is a proxy of ours, from what it says. Of
    /// `X-Forwarded-For` only what our own proxies added counts: the last address that is not one
    /// of them. Whatever stands before it a user may have written.
    pub fn of(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> Self {
        let peer = peer.to_canonical();
        let ours = |address: &IpAddr| address.is_loopback() || proxies.contains(address);
        if !ours(&peer) {
            return Self::counted(peer);
        }
        let told = headers.get_all("x-forwarded-for").into_iter().rev();
        let told = told.filter_map(|list| list.to_str().ok()).flat_map(|list| list.rsplit(','));
        let mut hops = told.map(|hop| hop.trim().parse::<IpAddr>());
        loop {
            match hops.next() {
                Some(Ok(hop)) if ours(&hop.to_canonical()) => {}
                Some(Ok(hop)) => return Self::counted(hop.to_canonical()),
                Some(Err(_)) | None => return Self::counted(peer),
            }
        }
    }

    fn counted(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self(address),
            IpAddr::V6(long) => {
                let [a, b, c, d, ..] = long.segments();
                Self(IpAddr::from([a, b, c, d, 0, 0, 0, 0]))
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get().copied().unwrap_or(Self::NOWHERE))
    }
}

/// What every request passes first.
#[derive(Debug, Clone)]
pub struct Entrance {
    proxies: Arc<[IpAddr]>,
    refusals: Arc<Throttle<Address>>,
    limits: Arc<Limits>,
}

impl Entrance {
    /// An entrance behind these proxies, and behind any on this machine. Doors behind it hold
    /// workers and bodies to these limits.
    pub fn new(proxies: &[IpAddr], limits: Limits) -> Self {
        let refusals = Arc::new(Throttle::new(REFUSALS, REFUSAL_EVERY));
        Self { proxies: proxies.into(), refusals, limits: Arc::new(limits) }
    }
}

/// Gives a request its address and its id, and every line of the log that it causes the same id. An
/// address that is answered 401 again and again is told to wait instead. Whoever comes from there
/// with a valid token is let in all the same: a body's office is one address.
pub async fn enter(State(at): State<Entrance>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let headers = request.headers();
    let address = peer.map_or(Address::NOWHERE, |peer| Address::of(headers, peer, &at.proxies));
    let id = request_id(headers);
    let span = tracing::info_span!("request", %id);
    if let Ok(id) = HeaderValue::try_from(id) {
        request.headers_mut().insert("x-request-id", id);
    }
    request.extensions_mut().insert(address);
    request.extensions_mut().insert(Arc::clone(&at.limits));
    let response = next.run(request).instrument(span).await;
    if response.status() != StatusCode::UNAUTHORIZED {
        return response;
    }
    match at.refusals.take(address, real_now()) {
        Ok(()) => response,
        Err(many) => {
            let detail = "too many requests without a valid token came from your address: wait, and \
                          sign in again";
            many.told(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_refusals", detail))
        }
    }
}

impl TooMany {
    /// The answer, with the time after which to try again.
    pub fn told(self, answer: impl IntoResponse) -> Response {
        let seconds = HeaderValue::from(self.after.whole_seconds().max(1).unsigned_abs());
        ([(header::RETRY_AFTER, seconds)], answer).into_response()
    }
}

/// The caller's own request id when it is short and plain, else one of ours.
pub fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|id| id.to_str().ok());
    let alone = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let plain = |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(alone);
    given.filter(plain).map_or_else(|| random_id().to_string(), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, told: &[&str]) -> Address {
        let mut headers = HeaderMap::new();
        for list in told {
            headers.append("x-forwarded-for", HeaderValue::try_from(*list).unwrap());
        }
        Address::of(&headers, peer.parse().unwrap(), &["10.0.0.2".parse().unwrap()])
    }

    fn is(text: &str) -> Address {
        Address(text.parse().unwrap())
    }

    #[test]
    fn what_a_user_says_of_her_address_does_not_count() {
        assert_eq!(from("198.51.100.7", &["203.0.113.1"]), is("198.51.100.7"));
        assert_eq!(from("10.0.0.2", &["1.1.1.1, 203.0.113.1"]), is("203.0.113.1"));
        assert_eq!(from("10.0.0.2", &["1.1.1.1", "203.0.113.1"]), is("203.0.113.1"));
        assert_eq!(from("127.0.0.1", &["1.1.1.1, 203.0.113.1, 10.0.0.2"]), is("203.0.113.1"));
        for said in [&[][..], &["unknown"], &["203.0.113.1, x"], &["127.0.0.1"]] {
            assert_eq!(from("10.0.0.2", said), is("10.0.0.2"), "{said:?}");
        }
    }

    #[test]
    fn one_machine_has_one_address_also_in_ipv6() {
        assert_eq!(from("2001:db8:1:2:3:4:5:6", &[]), from("2001:db8:1:2::9", &[]));
        assert_ne!(from("2001:db8:1:2::9", &[]), from("2001:db8:1:3::9", &[]));
        assert_eq!(from("::ffff:198.51.100.7", &[]), is("198.51.100.7"));
    }
}
