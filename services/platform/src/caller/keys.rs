//! Whose tokens are believed, and what a token that is believed says about who comes.

use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use trama_events::ids::StaffId;

use super::fetched::Fetched;
use super::jws::{Parts, Refused, Signing};
use super::key_set::{BadKeySet, KeySet};
use super::{Account, NotLetIn, Presented, SECOND_FACTOR, Vouched, strict};
use crate::doors::hex;
use crate::inward::Throttle;
use crate::outward::{Outward, Url};
use crate::sign_in::TARGET;
use crate::surnames::{Patient, Surnames, blinded, surname_in};

/// By how much the clocks of issuer and service may differ.
const LEEWAY: Duration = Duration::seconds(30);
/// A token that holds for longer than this from now is refused: it could not be taken back.
const LIFETIME_MAX: Duration = Duration::hours(24);
/// Most characters of a subject (`OpenID` Connect Core §2).
const NAME_LEN_MAX: usize = 255;
/// Services in one token.
const SERVICES_MAX: usize = 64;
/// Refused tokens that the log tells of in a row.
const TOLD_AT_ONCE: u32 = 100;
/// How long until it tells of one more.
const TOLD_EVERY: Duration = Duration::seconds(1);
/// Scopes that delegate nothing but to be told who somebody is (`OpenID` Connect Core §5.4, §11).
const IDENTITY: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];
/// Audiences, and methods of authentication, in one token.
const LISTED_MAX: usize = 16;

/// An issuer whose tokens are believed, and how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// Its `iss`, symbol for symbol.
    pub issuer: String,
    /// The `aud` that tokens for us carry.
    pub audience: String,
    /// The one algorithm of its signatures.
    pub signing: Signing,
    /// The scope that a token for us carries; none where the audience says enough. Then a token may
    /// name no scopes but those of [`IDENTITY`].
    pub scope: Option<String>,
    /// Values of `acr` or `amr` that mean a second factor, e.g. a SPID level.
    pub second_factor: Vec<String>,
    /// Whether it is ours: then a subject is a staff id, and a token may ask for a membership.
    pub ours: bool,
}

impl Trusted {
    /// An issuer of our own, with ES256.
    pub fn ours(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: audience.into(),
            signing: Signing::Es256,
            scope: None,
            second_factor: vec![SECOND_FACTOR.into()],
            ours: true,
        }
    }
}

/// The issuers that are believed, each with its keys. `jku`, `x5u` and `jwk` of a token are refused.
#[derive(Debug, Clone)]
pub struct Keys {
    issuers: Vec<Arc<Pinned>>,
    told: Arc<Throttle<()>>,
    surnames: Option<Arc<dyn Surnames>>,
}

#[derive(Debug)]
struct Pinned {
    trusted: Trusted,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Given(Arc<KeySet>),
    Fetched(Fetched),
}

impl Keys {
    /// Keys of an issuer of our own, from a JSON Web Key Set with EC P-256 keys.
    ///
    /// # Errors
    ///
    /// [`BadKeySet`] when a key is of another kind or has no id.
    pub fn try_new(
        issuer: impl Into<String>,
        audience: impl Into<String>,
        set: &JwkSet,
    ) -> Result<Self, BadKeySet> {
        Self::given(Trusted::ours(issuer, audience), set)
    }

    /// Keys that somebody wrote down for us: every one must be usable.
    ///
    /// # Errors
    ///
    /// [`BadKeySet`] when a key is of another kind, too short, or has no id.
    pub fn given(trusted: Trusted, set: &JwkSet) -> Result<Self, BadKeySet> {
        let set = serde_json::to_value(set).map_err(|e| BadKeySet(e.to_string()))?;
        let keys = KeySet::whole(trusted.signing, &set)?;
        Ok(Self::of(trusted, Source::Given(Arc::new(keys))))
    }

    /// Keys that the issuer publishes; fetched when the first token comes, and again when it
    /// rotates them. What it takes away stops working within a minute (see `caller/fetched.rs`).
    pub fn fetched(trusted: Trusted, from: Url, outward: Outward) -> Self {
        let fetched = Fetched::new(trusted.signing, from, outward);
        Self::of(trusted, Source::Fetched(fetched))
    }

    /// These issuers and those. The first of two with the same name counts.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.issuers.extend(others.issuers);
        self
    }

    fn of(trusted: Trusted, source: Source) -> Self {
        let told = Arc::new(Throttle::new(TOLD_AT_ONCE, TOLD_EVERY));
        Self { issuers: vec![Arc::new(Pinned { trusted, source })], told, surnames: None }
    }

    /// The same, where somebody makes blind the surnames that tokens tell; else they are not read.
    #[must_use]
    pub fn blinding(mut self, surnames: Arc<dyn Surnames>) -> Self {
        self.surnames = Some(Arc::new(Patient::with(surnames)));
        self
    }

    /// Who makes surnames blind, if anybody.
    pub(crate) fn surnames(&self) -> Option<&Arc<dyn Surnames>> {
        self.surnames.as_ref()
    }

    /// Who comes with this bearer token: `at+jwt` (RFC 9068), its issuer's algorithm and key, this
    /// audience, in time. `now` is the machine's time, never the domain's.
    ///
    /// # Errors
    ///
    /// [`NotLetIn`], whatever is wrong.
    pub async fn present(&self, token: &str, now: OffsetDateTime) -> Result<Presented, NotLetIn> {
        self.presented(token, now).await.map_err(|refused| self.turn_away(&refused, now))
    }

    async fn presented(&self, token: &str, now: OffsetDateTime) -> Result<Presented, Refused> {
        let parts = Parts::of(token)?;
        let (pinned, claims) = self.issuer_of(&parts)?;
        // Before anybody is asked for keys.
        parts.must_be(pinned.trusted.signing)?;
        let kid = parts.kid().ok_or(Refused::Key)?;
        let keys = pinned.source.for_key(kid, now).await;
        let until = pinned.check(&parts, &claims, &keys, now)?;
        let presented = pinned.trusted.presented(&claims, until, name_of(token))?;
        let said = |claim| claims.get(claim).and_then(Value::as_str);
        let told = surname_in(said("family_name"), said("name"));
        let surname = blinded(self.surnames.as_ref(), told).await;
        Ok(Presented { surname, ..presented })
    }

    /// One sentence for all; which one it was is for whoever looks into the log. A storm of them
    /// does not fill it.
    fn turn_away(&self, refused: &Refused, now: OffsetDateTime) -> NotLetIn {
        if self.told.take((), now).is_ok() {
            tracing::warn!(target: TARGET, event = "token_refused", why = %refused);
        }
        NotLetIn
    }

    /// The issuer that the token names, and what it claims; nothing of it is believed yet.
    fn issuer_of(&self, parts: &Parts<'_>) -> Result<(&Pinned, Map<String, Value>), Refused> {
        let claims = strict::object(&parts.payload).ok_or(Refused::Form)?;
        let issuer = claims.get("iss").and_then(Value::as_str).ok_or(Refused::Claim("iss"))?;
        let named = self.issuers.iter().find(|pinned| pinned.trusted.issuer == issuer);
        Ok((named.ok_or(Refused::Claim("iss"))?, claims))
    }
}

/// An opaque name of a token: the signature, which lets in, cannot be had from it.
fn name_of(token: &str) -> String {
    hex(&Sha256::digest(token)[..16])
}

impl Source {
    async fn for_key(&self, kid: &str, now: OffsetDateTime) -> Arc<KeySet> {
        match self {
            Self::Given(keys) => Arc::clone(keys),
            Self::Fetched(fetched) => fetched.for_key(kid, now).await,
        }
    }
}

impl Pinned {
    /// Whether it is an access token of this issuer, for us, now; and until when.
    fn check(
        &self,
        parts: &Parts<'_>,
        claims: &Map<String, Value>,
        keys: &KeySet,
        now: OffsetDateTime,
    ) -> Result<OffsetDateTime, Refused> {
        parts.must_be(self.trusted.signing)?;
        let kinds = ["at+jwt", "application/at+jwt"];
        let typed = |typ: &str| kinds.iter().any(|kind| typ.eq_ignore_ascii_case(kind));
        if !parts.typ().is_some_and(typed) {
            return Err(Refused::Header("another typ".into()));
        }
        parts.verify(keys)?;
        if !is_for(claims, &self.trusted.audience) {
            return Err(Refused::Claim("aud"));
        }
        self.trusted.is_delegated(claims)?;
        in_time(claims, now)
    }
}

fn in_time(claims: &Map<String, Value>, now: OffsetDateTime) -> Result<OffsetDateTime, Refused> {
    let until = moment(claims, "exp")?.ok_or(Refused::Claim("exp"))?;
    let from = moment(claims, "nbf")?.ok_or(Refused::Claim("nbf"))?;
    if until < now - LEEWAY || until > now + LIFETIME_MAX + LEEWAY {
        return Err(Refused::Claim("exp"));
    }
    if from > now + LEEWAY {
        return Err(Refused::Claim("nbf"));
    }
    match moment(claims, "iat")? {
        Some(made) if made > now + LEEWAY => Err(Refused::Claim("iat")),
        Some(_) | None => Ok(until),
    }
}

/// A numeric date: whole seconds, not negative, not a text.
fn moment(
    claims: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<OffsetDateTime>, Refused> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let seconds = value.as_u64().and_then(|seconds| i64::try_from(seconds).ok());
    let moment = seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.map(Some).ok_or(Refused::Claim(name))
}

fn is_for(claims: &Map<String, Value>, audience: &str) -> bool {
    match claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(all)) => all.len() <= LISTED_MAX && all.iter().any(|one| one == audience),
        Some(_) | None => false,
    }
}

impl Trusted {
    /// Whether the token is for all that its worker may do here: we know no smaller delegation, and
    /// one that names another (`scope` of RFC 9068, `authorization_details` of RFC 9396) is not
    /// taken for the whole.
    fn is_delegated(&self, claims: &Map<String, Value>) -> Result<(), Refused> {
        if claims.contains_key("authorization_details") {
            return Err(Refused::Claim("authorization_details"));
        }
        let scopes = match claims.get("scope") {
            None => "",
            Some(Value::String(scopes)) => scopes,
            Some(_) => return Err(Refused::Claim("scope")),
        };
        let mut scopes = scopes.split(' ').filter(|scope| !scope.is_empty());
        let is_whole = match &self.scope {
            Some(ours) => scopes.any(|scope| scope == ours),
            None => scopes.all(|scope| IDENTITY.contains(&scope)),
        };
        if is_whole { Ok(()) } else { Err(Refused::Claim("scope")) }
    }

    fn presented(
        &self,
        claims: &Map<String, Value>,
        until: OffsetDateTime,
        session: String,
    ) -> Result<Presented, Refused> {
        let subject = name(claims, "sub")?.ok_or(Refused::Claim("sub"))?;
        Ok(Presented {
            account: Account::of(&self.issuer, subject),
            staff: if self.ours { Some(staff(subject)?) } else { None },
            vouched: if self.ours { vouched(claims)? } else { None },
            membership: None,
            second_factor: self.has_second_factor(claims),
            session,
            authenticated_at: moment(claims, "auth_time")?,
            until,
            surname: None,
        })
    }

    /// Whether what a token says of the way she authenticated counts as a second factor.
    fn has_second_factor(&self, claims: &Map<String, Value>) -> bool {
        let class = claims.get("acr").and_then(Value::as_str);
        let methods = claims.get("amr").and_then(Value::as_array);
        let methods = methods.into_iter().flatten().take(LISTED_MAX).filter_map(Value::as_str);
        class.into_iter().chain(methods).any(|said| self.counts(said))
    }

    /// Whether this value of `acr` or `amr` means a second factor.
    pub fn counts(&self, said: &str) -> bool {
        self.second_factor.iter().any(|counts| counts == said)
    }
}

fn name<'a>(
    claims: &'a Map<String, Value>,
    claim: &'static str,
) -> Result<Option<&'a str>, Refused> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    let name = value.as_str().filter(|name| (1..=NAME_LEN_MAX).contains(&name.len()));
    name.map(Some).ok_or(Refused::Claim(claim))
}

fn staff(subject: &str) -> Result<StaffId, Refused> {
    serde_json::from_value(subject.into()).map_err(|_| Refused::Claim("sub"))
}

/// All four parts of a membership, or none.
fn vouched(claims: &Map<String, Value>) -> Result<Option<Vouched>, Refused> {
    let parts: Map<String, Value> = ["org", "ats", "role", "services"]
        .into_iter()
        .filter_map(|part| Some((part.to_owned(), claims.get(part)?.clone())))
        .collect();
    if parts.is_empty() {
        return Ok(None);
    }
    let vouched: Vouched =
        serde_json::from_value(Value::Object(parts)).map_err(|_| Refused::Claim("membership"))?;
    if vouched.services.len() > SERVICES_MAX {
        Err(Refused::Claim("membership"))
    } else {
        Ok(Some(vouched))
    }
}
