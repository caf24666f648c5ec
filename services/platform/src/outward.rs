//! Requests of ours to servers that the configuration names, an identity provider's above all:
//! over https or to loopback, with time-outs, without redirects, and with a bound on the answer.
//! No address comes from a request of somebody else.

use std::time::Duration;

use futures::StreamExt;
pub use reqwest::Url;

/// Longest wait for a connection.
const CONNECT_MAX: Duration = Duration::from_secs(2);
/// Longest wait for a whole answer.
const ANSWER_MAX: Duration = Duration::from_secs(4);
/// Longest body of an answer, in bytes.
const BODY_LEN_MAX: usize = 256 * 1024;

/// Why an answer was not had.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreachable(String);

impl Unreachable {
    /// From any error. Its text goes to the log, with the address and without what was sent.
    pub fn other(error: impl std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(deeper) = cause {
            text = format!("{text}: {deeper}");
            cause = deeper.source();
        }
        Self(text)
    }
}

/// Why an address is not gone to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an https address, nor http on loopback, without user and fragment")]
pub struct NotAllowed(String);

impl NotAllowed {
    pub(crate) fn of(text: &str) -> Self {
        Self(text.chars().take(200).collect())
    }
}

/// A client for the addresses of the configuration.
#[derive(Debug, Clone)]
pub struct Outward {
    http: reqwest::Client,
}

impl Outward {
    /// A client with time-outs, without proxy and without redirects.
    ///
    /// # Errors
    ///
    /// When the machine's certificate authorities cannot be read.
    pub fn try_new() -> Result<Self, Unreachable> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_MAX)
            .timeout(ANSWER_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent("trama")
            .build();
        Ok(Self { http: http.map_err(Unreachable::other)? })
    }

    /// The body of a successful answer.
    ///
    /// # Errors
    ///
    /// [`Unreachable`] when there is no such answer in time, or it is too long.
    pub async fn get(&self, url: &Url) -> Result<Vec<u8>, Unreachable> {
        let answer = self.http.get(url.clone()).send().await.map_err(Unreachable::other)?;
        body(answer.error_for_status().map_err(Unreachable::other)?).await
    }

    /// Sends a request as a library made it and gives the whole answer, whatever its status.
    ///
    /// # Errors
    ///
    /// [`Unreachable`] as above, also when the address may not be gone to.
    pub async fn send(
        &self,
        request: axum::http::Request<Vec<u8>>,
    ) -> Result<axum::http::Response<Vec<u8>>, Unreachable> {
        allowed(&request.uri().to_string()).map_err(Unreachable::other)?;
        let request = request.try_into().map_err(Unreachable::other)?;
        let answer = self.http.execute(request).await.map_err(Unreachable::other)?;
        let mut told = axum::http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            told = told.header(name, value);
        }
        told.body(body(answer).await?).map_err(Unreachable::other)
    }
}

async fn body(answer: reqwest::Response) -> Result<Vec<u8>, Unreachable> {
    let mut chunks = answer.bytes_stream();
    let mut whole = Vec::new();
    while let Some(chunk) = chunks.next().await {
        whole.extend_from_slice(&chunk.map_err(Unreachable::other)?);
        if whole.len() > BODY_LEN_MAX {
            return Err(Unreachable(format!("the answer has more than {BODY_LEN_MAX} bytes")));
        }
    }
    Ok(whole)
}

/// An address that may be gone to.
///
/// # Errors
///
/// [`NotAllowed`] when it is neither https nor on loopback, or holds a user or a fragment.
pub fn allowed(text: &str) -> Result<Url, NotAllowed> {
    let refused = || NotAllowed::of(text);
    let url = Url::parse(text).map_err(|_| refused())?;
    let near = match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        None => return Err(refused()),
    };
    let sealed = url.scheme() == "https" || (url.scheme() == "http" && near);
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if sealed && plain { Ok(url) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_are_gone_to() {
        for good in [
            "https://id.example/keys",
            "http://127.0.0.1:9/a",
            "http://[::1]/",
            "http://localhost/",
        ] {
            assert!(allowed(good).is_ok(), "{good}");
        }
        for bad in [
            "http://id.example/keys",
            "http://127.0.0.1.example/",
            "http://localhost.example/",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "https://user:word@id.example/",
            "https://id.example/#a",
            "/keys",
            "",
        ] {
            assert!(allowed(bad).is_err(), "{bad}");
        }
    }
}
