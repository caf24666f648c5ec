//! Whose tokens are believed, and with whom one signs in by pages.

use std::path::PathBuf;

use anyhow::Context as _;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use trama_platform::caller::{Keys, Signing, Trusted};
use trama_platform::outward::{Outward, allowed};
use trama_platform::sign_in::Settings;
use trama_platform::staff::Founder;

use super::must_be_private;

/// Whose tokens are believed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Issuer {
    /// The `iss` of its tokens, symbol for symbol.
    pub url: String,
    /// The `aud` that tokens for us carry.
    pub audience: String,
    /// The scope that tokens for us carry, where the issuer hands out several for one audience. Without
    /// it a token with a scope of its own, e.g. to read alone, lets nobody in: we know no part of what
    /// a worker may do.
    pub scope: Option<String>,
    /// The one algorithm of its signatures: `ES256` or `RS256`.
    pub algorithm: Signing,
    /// Its key set as a file, a JWKS; read once.
    pub jwks_file: Option<PathBuf>,
    /// Where it publishes its key set, https or on loopback; fetched, and again when it rotates.
    pub jwks_uri: Option<String>,
    /// Values of `acr` or `amr` that mean a second factor, e.g. a SPID level.
    pub second_factor: Vec<String>,
    /// Whether it is ours: then a subject is a staff id.
    pub ours: bool,
    /// The subject of whoever names the first administrator: she acts as one while the directory
    /// has none, and as nobody from then on.
    pub founder: Option<String>,
}

/// How one signs in by pages: with the issuer, as its client.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Where browsers reach us, e.g. `https://trama.example`.
    pub origin: String,
    /// Our name at the issuer.
    pub client_id: String,
    /// File with our secret there; none for a public client.
    pub client_secret_file: Option<PathBuf>,
    /// Values of `acr` that are asked for when a second factor is needed.
    pub step_up: Vec<String>,
    /// Whether nobody is let in without a second factor, also where no page needs one.
    pub always_second_factor: bool,
    /// Addresses of proxies in front, whose `X-Forwarded-For` counts; those on this machine need
    /// not be named.
    pub proxies: Vec<std::net::IpAddr>,
}

impl Default for Issuer {
    fn default() -> Self {
        Self {
            url: String::new(),
            audience: "trama".into(),
            scope: None,
            algorithm: Signing::Es256,
            jwks_file: None,
            jwks_uri: None,
            second_factor: Vec::new(),
            ours: false,
            founder: None,
        }
    }
}

impl Issuer {
    fn trusted(&self) -> anyhow::Result<Trusted> {
        anyhow::ensure!(!self.url.is_empty(), "issuer.url is not set: nobody could sign in");
        Ok(Trusted {
            issuer: self.url.clone(),
            audience: self.audience.clone(),
            signing: self.algorithm,
            scope: self.scope.clone(),
            second_factor: self.second_factor.clone(),
            ours: self.ours,
        })
    }

    /// Whoever names the first administrator, when somebody is named.
    ///
    /// # Errors
    ///
    /// As [`Founder::try_new`].
    pub fn founder(&self) -> anyhow::Result<Option<Founder>> {
        let founder = self.founder.as_ref();
        Ok(founder.map(|subject| Founder::try_new(&self.url, subject)).transpose()?)
    }

    /// The keys with which its tokens are checked.
    ///
    /// # Errors
    ///
    /// When the key set is missing or holds an unusable key, or its address may not be gone to.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        match (&self.jwks_file, &self.jwks_uri) {
            (Some(file), None) => {
                let named = || format!("{} cannot be read", file.display());
                let text = std::fs::read(file).with_context(named)?;
                let set = serde_json::from_slice(&text)
                    .with_context(|| format!("{} is no JWKS", file.display()))?;
                Ok(Keys::given(self.trusted()?, &set)?)
            }
            (None, Some(uri)) => {
                let outward = Outward::try_new()?;
                Ok(Keys::fetched(self.trusted()?, allowed(uri)?, outward))
            }
            (Some(_), Some(_)) => {
                anyhow::bail!("set issuer.jwks_file or issuer.jwks_uri, not both")
            }
            (None, None) => {
                anyhow::bail!("set issuer.jwks_file or issuer.jwks_uri: nobody could sign in")
            }
        }
    }
}

impl SignIn {
    /// The same with the issuer that it names.
    ///
    /// # Errors
    ///
    /// When the secret cannot be read or is open to others.
    pub fn settings(&self, issuer: &Issuer) -> anyhow::Result<Settings> {
        anyhow::ensure!(!self.client_id.is_empty(), "sign_in.client_id is not set");
        let secret = self.client_secret_file.as_ref().map(|file| {
            must_be_private(file)?;
            let text = std::fs::read_to_string(file)?;
            anyhow::Ok(SecretString::from(text.trim().to_owned()))
        });
        let provider = Trusted { audience: self.client_id.clone(), ..issuer.trusted()? };
        Ok(Settings {
            origin: self.origin.clone(),
            provider,
            client_secret: secret.transpose()?,
            step_up: self.step_up.clone(),
            always_second_factor: self.always_second_factor,
            proxies: self.proxies.clone(),
        })
    }
}
