//! The provider, an `OpenID` Connect issuer: found by discovery, asked for a code with PKCE, and
//! believed as far as the signature of its ID token goes.

use std::sync::{Arc, PoisonError, RwLock};

use futures::future::BoxFuture;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AdditionalClaims, AsyncHttpClient, AuthenticationContextClass, AuthenticationFlow,
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EmptyAdditionalClaims, EmptyExtraTokenFields, EndUserFamilyName, EndUserName, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdToken, IdTokenClaims, IdTokenFields,
    IssuerUrl, LocalizedClaim, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope,
    SignatureVerificationError, StandardErrorResponse, StandardTokenResponse, SubjectIdentifier,
    TokenResponse, UserInfoClaims,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};

use super::sessions::{Attempt, Begun, Proven};
use super::{ABSOLUTE_MAX, LEFT_PATH, RETURN_PATH, Settings, Trouble};
use crate::caller::{Account, Signing, Trusted, Vouched};
use crate::outward::{NotAllowed, Outward, Unreachable, allowed};
use crate::surnames::{Surnames, blinded, surname_in};

/// How long what the provider says of itself is used without asking again.
const FRESH_MAX: Duration = Duration::minutes(10);
/// Between two times that it is asked for a key that we do not know.
const AGAIN_AFTER: Duration = Duration::seconds(10);
/// The scope under which a provider tells somebody's name (`OpenID` Connect Core §5.4).
const NAMES: &str = "profile";

/// What an issuer of our own says besides; of any other it is not believed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Said {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    org: Option<OrganisationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ats: Option<Ats>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Role>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    services: Option<Vec<ServiceId>>,
}

impl AdditionalClaims for Said {}

type Fields = IdTokenFields<
    Said,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Proof =
    IdToken<Said, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Claims = IdTokenClaims<Said, CoreGenderClaim>;
type Client = openidconnect::Client<
    Said,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Carries the library's requests by our own client.
#[derive(Debug)]
struct Carrier(Outward);

impl<'c> AsyncHttpClient<'c> for Carrier {
    type Error = Unreachable;
    type Future = BoxFuture<'c, Result<HttpResponse, Unreachable>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.send(request))
    }
}

/// Who an ID token names, until her surname is made blind.
struct Named {
    subject: SubjectIdentifier,
    surname: Option<SecretString>,
}

/// What the provider said of itself, and when it was asked.
#[derive(Debug, Clone)]
struct Known {
    metadata: ProviderMetadataWithLogout,
    at: OffsetDateTime,
}

/// The provider and our place there.
#[derive(Debug)]
pub(super) struct Provider {
    issuer: IssuerUrl,
    trusted: Trusted,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    step_up: Vec<String>,
    always_second_factor: bool,
    back: RedirectUrl,
    left: PostLogoutRedirectUrl,
    carrier: Carrier,
    known: RwLock<Option<Arc<Known>>>,
    turn: tokio::sync::Mutex<()>,
}

impl Provider {
    pub(super) fn try_new(
        settings: Settings,
        origin: &str,
        outward: Outward,
    ) -> Result<Self, NotAllowed> {
        allowed(&settings.provider.issuer)?;
        let (back, left) = (
            allowed(&format!("{origin}{RETURN_PATH}"))?,
            allowed(&format!("{origin}{LEFT_PATH}"))?,
        );
        // As it is written: an issuer is compared symbol for symbol.
        let issuer = IssuerUrl::new(settings.provider.issuer.clone());
        let secret = settings.client_secret.as_ref().map(ExposeSecret::expose_secret);
        Ok(Self {
            issuer: issuer.map_err(|_| NotAllowed::of(&settings.provider.issuer))?,
            client_id: ClientId::new(settings.provider.audience.clone()),
            client_secret: secret.map(|secret| ClientSecret::new(secret.to_owned())),
            trusted: settings.provider,
            step_up: settings.step_up,
            always_second_factor: settings.always_second_factor,
            back: RedirectUrl::from_url(back),
            left: PostLogoutRedirectUrl::from_url(left),
            carrier: Carrier(outward),
            known: RwLock::new(None),
            turn: tokio::sync::Mutex::new(()),
        })
    }

    pub(super) fn issuer(&self) -> &str {
        &self.trusted.issuer
    }

    /// Where somebody signs in, with everything that the provider must bring back or keep. Her name
    /// is asked for where somebody makes it blind.
    pub(super) async fn door(
        &self,
        begun: &Begun,
        asks_name: bool,
        now: OffsetDateTime,
    ) -> Result<String, Trouble> {
        let known = self.known(FRESH_MAX, now).await?;
        let client = self.client(&known);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier(&begun.verifier));
        let (state, nonce) = (begun.state.text(), begun.nonce.text());
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let request =
            client.authorize_url(flow, move || CsrfToken::new(state), move || Nonce::new(nonce));
        let mut request = request.set_pkce_challenge(challenge);
        if asks_name && tells_names(&known) {
            request = request.add_scope(Scope::new(NAMES.to_owned()));
        }
        if begun.second_factor {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        request = request.set_max_age(if begun.second_factor {
            std::time::Duration::ZERO
        } else {
            // Whoever is signed in at the provider since yesterday types her password again.
            ABSOLUTE_MAX.unsigned_abs()
        });
        if begun.second_factor || self.always_second_factor {
            for class in &self.step_up {
                let class = AuthenticationContextClass::new(class.clone());
                request = request.add_auth_context_value(class);
            }
        }
        Ok(request.url().0.into())
    }

    /// Changes a code for an ID token and believes what it proves. Her surname is made blind at
    /// once, where somebody does that.
    pub(super) async fn redeem(
        &self,
        code: &str,
        attempt: &Attempt,
        surnames: Option<&Arc<dyn Surnames>>,
        now: OffsetDateTime,
    ) -> Result<Proven, Trouble> {
        let known = self.known(FRESH_MAX, now).await?;
        let client = self.client(&known);
        let code = AuthorizationCode::new(code.to_owned());
        let request = client.exchange_code(code).map_err(refused)?;
        let answer =
            request.set_pkce_verifier(verifier(&attempt.verifier)).request_async(&self.carrier);
        let answer = answer.await.map_err(refused)?;
        let proof =
            answer.id_token().ok_or_else(|| Trouble::Refused("it has no ID token".into()))?;
        let nonce = Nonce::new(attempt.nonce.text());
        let proven = match self.believe(&known, proof, &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                // The provider may have a new key since it was asked.
                let known = self.known(AGAIN_AFTER, now).await?;
                self.believe(&known, proof, &nonce).map_err(refused)?
            }
            believed => believed.map_err(refused)?,
        };
        let (proven, named) =
            proven.ok_or_else(|| Trouble::Refused("its subject is no worker".into()))?;
        let told = match named.surname {
            None if surnames.is_some() => {
                self.surname(&known, answer.access_token(), named.subject).await
            }
            told => told,
        };
        Ok(Proven { surname: blinded(surnames, told).await, ..proven })
    }

    /// Her surname, of a provider that tells it to whoever asks with her access token and not in
    /// the ID token (`OpenID` Connect Core §5.3). Nobody is kept out because it does not.
    async fn surname(
        &self,
        known: &Known,
        token: &AccessToken,
        subject: SubjectIdentifier,
    ) -> Option<SecretString> {
        if !tells_names(known) {
            return None;
        }
        let client = self.client(known);
        let request = client.user_info(token.clone(), Some(subject)).ok()?;
        let told: Result<UserInfoClaims<EmptyAdditionalClaims, CoreGenderClaim>, _> =
            request.request_async(&self.carrier).await;
        // The error could hold what the provider told.
        let told = told.inspect_err(|_| tracing::warn!("the provider did not tell a name")).ok()?;
        surname_in(family_name(told.family_name()), name(told.name()))
    }

    /// `None` when an issuer of our own names somebody who cannot be a worker.
    fn believe(
        &self,
        known: &Known,
        proof: &Proof,
        nonce: &Nonce,
    ) -> Result<Option<(Proven, Named)>, ClaimsVerificationError> {
        let client = self.client(known);
        let algorithm = match self.trusted.signing {
            Signing::Es256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            Signing::Rs256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        };
        let verifier = client.id_token_verifier().set_allowed_algs([algorithm]);
        let claims = proof.claims(&verifier, nonce)?;
        let surname = surname_in(family_name(claims.family_name()), name(claims.name()));
        let named = Named { subject: claims.subject().clone(), surname };
        Ok(self.proven(claims).map(|proven| (proven, named)))
    }

    fn proven(&self, claims: &Claims) -> Option<Proven> {
        let subject = claims.subject().as_str();
        let class = claims.auth_context_ref().map(|class| class.as_str());
        let methods = claims.auth_method_refs().into_iter().flatten().map(|method| method.as_str());
        let moment =
            claims.auth_time().map(|at| OffsetDateTime::from_unix_timestamp(at.timestamp()));
        let staff = if self.trusted.ours { Some(StaffId(subject.parse().ok()?)) } else { None };
        Some(Proven {
            account: Account::of(&self.trusted.issuer, subject),
            staff,
            vouched: if self.trusted.ours { vouched(claims.additional_claims()) } else { None },
            second_factor: class.into_iter().chain(methods).any(|said| self.trusted.counts(said)),
            authenticated_at: moment.and_then(Result::ok),
            surname: None,
        })
    }

    /// Where the provider ends its own session, when it has such a place. Without the ID token,
    /// which is not kept, it asks her whether she means it.
    pub(super) async fn way_out(&self, now: OffsetDateTime) -> Option<String> {
        let known = self.known(FRESH_MAX, now).await.ok()?;
        let place = known.metadata.additional_metadata().end_session_endpoint.clone()?;
        allowed(place.as_str()).ok()?;
        let request = LogoutRequest::from(place).set_client_id(self.client_id.clone());
        Some(request.set_post_logout_redirect_uri(self.left.clone()).http_get_url().into())
    }

    fn client(&self, known: &Known) -> Client {
        let (id, secret) = (self.client_id.clone(), self.client_secret.clone());
        let client =
            openidconnect::Client::from_provider_metadata(known.metadata.clone(), id, secret);
        client.set_redirect_uri(self.back.clone())
    }

    /// What the provider says of itself, at most so old.
    async fn known(&self, age_max: Duration, now: OffsetDateTime) -> Result<Arc<Known>, Trouble> {
        if let Some(known) = self.remembered(age_max, now) {
            return Ok(known);
        }
        let _turn = self.turn.lock().await;
        if let Some(known) = self.remembered(age_max, now) {
            return Ok(known);
        }
        let found = ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &self.carrier);
        let metadata = found.await.map_err(Unreachable::other)?;
        allowed(metadata.authorization_endpoint().as_str()).map_err(Unreachable::other)?;
        let known = Arc::new(Known { metadata, at: now });
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        Ok(known)
    }

    fn remembered(&self, age_max: Duration, now: OffsetDateTime) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|known| now >= known.at && now - known.at < age_max)
    }
}

/// Whether a provider says that it tells names. One that does not know the scope could refuse the
/// whole sign-in.
fn tells_names(known: &Known) -> bool {
    known.metadata.scopes_supported().into_iter().flatten().any(|scope| scope.as_str() == NAMES)
}

/// A name in the language of the provider, or in the first that it has.
fn family_name(told: Option<&LocalizedClaim<EndUserFamilyName>>) -> Option<&str> {
    let told = told?;
    told.get(None).or_else(|| told.iter().next().map(|(_, name)| name)).map(|name| name.as_str())
}

fn name(told: Option<&LocalizedClaim<EndUserName>>) -> Option<&str> {
    let told = told?;
    told.get(None).or_else(|| told.iter().next().map(|(_, name)| name)).map(|name| name.as_str())
}

fn verifier(secret: &super::cookie::Secret) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secret.text())
}

/// The error's own words go to the log; a provider's never hold a secret of ours.
fn refused(error: impl std::error::Error) -> Trouble {
    Trouble::Refused(Unreachable::other(error).to_string().chars().take(300).collect())
}

fn vouched(said: &Said) -> Option<Vouched> {
    Some(Vouched {
        organisation: said.org?,
        ats: said.ats.clone()?,
        role: said.role?,
        services: said.services.clone().filter(|services| services.len() <= 64)?,
    })
}
