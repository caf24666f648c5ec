use std::fmt;
use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::{Bare, Kek, KekError, Wrapped, Wraps};
use crate::store::Value;

/// Longest wait for a connection.
const CONNECT_MAX: Duration = Duration::from_secs(2);
/// Longest wait for an answer.
const ANSWER_MAX: Duration = Duration::from_secs(5);

/// Where a transit engine is. The token needs `update` on `encrypt`, `decrypt` and `rewrap` of the
/// key and `read` on the key itself; nothing else.
#[derive(Debug, Clone)]
pub struct Transit {
    /// URL of `OpenBao` or Vault, `https` unless it is on loopback.
    pub url: String,
    /// Where the engine is mounted, e.g. `transit`.
    pub mount: String,
    /// Name of its key, of a type that encrypts, e.g. `chacha20-poly1305`.
    pub key: String,
    /// File with the token, readable by its owner only. It is read for each request, so that a
    /// token may be renewed beside us.
    pub token_file: PathBuf,
    /// Certificate authority of the server, in PEM; the machine's list when none is named.
    pub authority_file: Option<PathBuf>,
}

/// Keys in the transit engine of `OpenBao` or Vault: the key-encryption key never leaves it.
pub struct TransitKek {
    transit: Transit,
    base: Url,
    client: Client,
}

impl fmt::Debug for TransitKek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransitKek").field("transit", &self.transit).finish_non_exhaustive()
    }
}

/// Why a transit engine cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TransitError {
    /// Keys would travel in the clear.
    #[error("{0} is neither https nor on loopback: keys would travel in the clear")]
    InTheClear(String),
    /// No URL.
    #[error("{0} is no URL of a transit engine")]
    NoUrl(String),
    /// A name would lead elsewhere.
    #[error("mount and key of the transit engine are 1 to 40 of a-z, A-Z, 0-9, '-' and '_'")]
    BadName,
    /// The certificate cannot be read.
    #[error("{0} cannot be read as a certificate")]
    Authority(PathBuf),
    /// The client cannot be made.
    #[error("no client can be made for the transit engine")]
    Client(#[source] reqwest::Error),
}

#[derive(Deserialize)]
struct Answer<T> {
    data: T,
}

#[derive(Deserialize)]
struct Batch {
    batch_results: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    ciphertext: Option<String>,
    plaintext: Option<Value>,
}

#[derive(Deserialize)]
struct Known {
    latest_version: u32,
}

impl TransitKek {
    /// A client of a transit engine. It connects when it is first used.
    ///
    /// # Errors
    ///
    /// [`TransitError`].
    pub fn try_new(transit: Transit) -> Result<Self, TransitError> {
        let base = base_of(&transit)?;
        let mut client = Client::builder()
            .connect_timeout(CONNECT_MAX)
            .timeout(ANSWER_MAX)
            .redirect(reqwest::redirect::Policy::none());
        if let Some(file) = &transit.authority_file {
            let bad = || TransitError::Authority(file.clone());
            let pem = fs::read(file).map_err(|_| bad())?;
            let authority = reqwest::Certificate::from_pem(&pem).map_err(|_| bad())?;
            client = client.tls_certs_only([authority]);
        }
        let client = client.build().map_err(TransitError::Client)?;
        Ok(Self { transit, base, client })
    }

    fn token(&self) -> Result<SecretString, KekError> {
        let file = &self.transit.token_file;
        let refused = |why: &str| KekError::Refused(format!("{} {why}", file.display()));
        let found = fs::metadata(file).map_err(|_| refused("cannot be read"))?;
        if found.permissions().mode() & 0o077 != 0 {
            return Err(refused("can be read by others: chmod 600 it"));
        }
        let text = fs::read_to_string(file).map_err(|_| refused("cannot be read"))?;
        let text = Zeroizing::new(text);
        Ok(SecretString::from(text.trim()))
    }

    fn url(&self, verb: &str) -> Url {
        let Transit { mount, key, .. } = &self.transit;
        let mut url = self.base.clone();
        url.set_path(&format!("v1/{mount}/{verb}/{key}"));
        url
    }

    async fn batch(
        &self,
        verb: &str,
        items: Vec<serde_json::Value>,
    ) -> Result<Vec<Item>, KekError> {
        let wanted = items.len();
        if wanted == 0 {
            return Ok(Vec::new());
        }
        let request = self.client.post(self.url(verb));
        let request = request.header("X-Vault-Token", self.token()?.expose_secret());
        let sent = request.json(&json!({ "batch_input": items })).send().await;
        let answer = self.read::<Batch>(sent).await?;
        if answer.batch_results.len() == wanted {
            return Ok(answer.batch_results);
        }
        Err(KekError::Unreachable("its answer was not whole".into()))
    }

    async fn read<T: for<'de> Deserialize<'de>>(
        &self,
        sent: reqwest::Result<Response>,
    ) -> Result<T, KekError> {
        let unreachable = |error: reqwest::Error| KekError::Unreachable(plain(&error).into());
        let response = sent.map_err(unreachable)?;
        let status = response.status();
        if status.is_success() {
            return Ok(response.json::<Answer<T>>().await.map_err(unreachable)?.data);
        }
        let name = format!("transit:{}", self.transit.key);
        Err(match status {
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => {
                KekError::Refused("its token may not do this".into())
            }
            StatusCode::NOT_FOUND => KekError::Unknown(name),
            StatusCode::BAD_REQUEST => KekError::DoesNotOpen(name),
            other => KekError::Unreachable(format!("it answered {}", other.as_u16())),
        })
    }

    /// `vault:v3:…` lies under version 3 of the key.
    fn wrapped(&self, item: Item) -> Result<Wrapped, KekError> {
        let text = item.ciphertext.ok_or(KekError::CannotWrap)?;
        let version = text.split(':').nth(1).unwrap_or_default();
        let kek = format!("transit:{}:{version}", self.transit.key);
        Ok(Wrapped { kek, bytes: text.into_bytes() })
    }

    fn ours<'a>(&self, wrapped: &'a Wrapped) -> Result<&'a str, KekError> {
        let ours = format!("transit:{}:", self.transit.key);
        if !wrapped.kek.starts_with(&ours) {
            return Err(KekError::Unknown(wrapped.kek.clone()));
        }
        let broken = |_| KekError::DoesNotOpen(wrapped.kek.clone());
        std::str::from_utf8(&wrapped.bytes).map_err(broken)
    }

    fn items(&self, wrapped: &[Wrapped]) -> Result<Vec<serde_json::Value>, KekError> {
        wrapped.iter().map(|one| Ok(json!({ "ciphertext": self.ours(one)? }))).collect()
    }
}

impl Kek for TransitKek {
    fn current(&self) -> Wraps<'_, String> {
        Box::pin(async move {
            let request = self.client.get(self.url("keys"));
            let request = request.header("X-Vault-Token", self.token()?.expose_secret());
            let known: Known = self.read(request.send().await).await?;
            Ok(format!("transit:{}:v{}", self.transit.key, known.latest_version))
        })
    }

    fn wrap<'a>(&'a self, bare: &'a [Bare]) -> Wraps<'a, Vec<Wrapped>> {
        Box::pin(async move {
            let items = bare.iter().map(|bare| json!({ "plaintext": STANDARD.encode(&**bare) }));
            let answers = self.batch("encrypt", items.collect()).await?;
            answers.into_iter().map(|item| self.wrapped(item)).collect()
        })
    }

    fn unwrap<'a>(&'a self, wrapped: &'a [Wrapped]) -> Wraps<'a, Vec<Bare>> {
        Box::pin(async move {
            let answers = self.batch("decrypt", self.items(wrapped)?).await?;
            let broken = || KekError::DoesNotOpen(format!("transit:{}", self.transit.key));
            let bare = |item: Item| {
                let text = item.plaintext.ok_or_else(broken)?;
                STANDARD.decode(text.expose()).map(Zeroizing::new).map_err(|_| broken())
            };
            answers.into_iter().map(bare).collect()
        })
    }

    fn rewrap<'a>(&'a self, wrapped: &'a [Wrapped]) -> Wraps<'a, Vec<Wrapped>> {
        Box::pin(async move {
            let answers = self.batch("rewrap", self.items(wrapped)?).await?;
            answers.into_iter().map(|item| self.wrapped(item)).collect()
        })
    }
}

/// What went wrong, without the URL.
fn plain(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "it does not take connections"
    } else {
        "its answer cannot be read"
    }
}

fn base_of(transit: &Transit) -> Result<Url, TransitError> {
    let name = |name: &str| {
        let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        plain && (1..=40).contains(&name.len())
    };
    if !name(&transit.mount) || !name(&transit.key) {
        return Err(TransitError::BadName);
    }
    let url: Url = transit.url.parse().map_err(|_| TransitError::NoUrl(transit.url.clone()))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        "http" => Err(TransitError::InTheClear(transit.url.clone())),
        _ => Err(TransitError::NoUrl(transit.url.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Transit {
        Transit {
            url: url.into(),
            mount: "transit".into(),
            key: "trama".into(),
            token_file: PathBuf::from("/nonexistent"),
            authority_file: None,
        }
    }

    #[test]
    fn keys_travel_over_tls_or_stay_on_the_machine() {
        for good in ["https://bao.example.org:8200", "http://127.0.0.1:8200", "http://[::1]:8200"] {
            assert!(TransitKek::try_new(at(good)).is_ok(), "{good}");
        }
        for bad in
            ["http://bao.example.org:8200", "http://10.0.0.1", "http://127.0.0.1.example.org"]
        {
            let refused = TransitKek::try_new(at(bad));
            assert!(matches!(refused, Err(TransitError::InTheClear(_))), "{bad}");
        }
        for bad in ["ftp://127.0.0.1", "bao"] {
            assert!(matches!(TransitKek::try_new(at(bad)), Err(TransitError::NoUrl(_))), "{bad}");
        }
    }

    #[test]
    fn a_name_leads_to_no_other_path() {
        for bad in ["../sys", "a/b", "", "a?b"] {
            let transit = Transit { key: bad.into(), ..at("http://127.0.0.1:8200") };
            assert!(matches!(TransitKek::try_new(transit), Err(TransitError::BadName)), "{bad}");
        }
    }

    #[tokio::test]
    async fn without_a_readable_token_nothing_is_sent() {
        let kek = TransitKek::try_new(at("http://127.0.0.1:9")).unwrap();
        let refused = kek.current().await.unwrap_err().to_string();
        assert_eq!(refused, "the key-encryption key is refused to us: /nonexistent cannot be read");
    }
}
