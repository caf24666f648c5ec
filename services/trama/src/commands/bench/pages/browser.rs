//! A browser without scripts: cookies and redirects, what came over the wire, and when.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use reqwest::header;
use trama_platform::outward::Url;

use super::named;
use crate::commands::bench::measure::ms_since;

/// Longest wait for an answer.
const ANSWER_MAX: Duration = Duration::from_secs(20);
/// Most redirects in a row.
const HOPS_MAX: usize = 12;
/// What browsers say that they take; they take zstd too.
const ENCODINGS: &str = "br, gzip";

/// Somebody's browser, signed in.
pub(super) struct Browser {
    base: Url,
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

/// What an address answered.
pub(super) struct Answer {
    url: Url,
    status: u16,
    location: Option<String>,
    /// As it came over the wire, without headers.
    pub(super) body: Vec<u8>,
    pub(super) first_byte_ms: f64,
    /// To the last byte.
    pub(super) whole_ms: f64,
}

impl Answer {
    /// The text, when it was not asked for compressed.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Browser {
    /// Signs in by the demo's own provider.
    pub(super) async fn sign_in(base: &str, username: &str) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().timeout(ANSWER_MAX).no_proxy();
        let http = http.redirect(reqwest::redirect::Policy::none()).build()?;
        let mut browser = Self { base: Url::parse(base)?, http, cookies: BTreeMap::new() };
        let begun = browser.get("/entra/avvia?poi=/", None).await?;
        let list = browser.follow(begun).await?;
        let mut fields = named::hidden(&list.text());
        fields.push(("utente".to_owned(), username.to_owned()));
        let chosen = browser.post("/demo/emittente/autorizza", &fields).await?;
        let page = browser.follow(chosen).await?;
        let is_in = page.status == 200 && page.url.path() == "/";
        let (status, path) = (page.status, page.url.path());
        let why = "only a demo lets everybody in: start one with trama demo";
        anyhow::ensure!(is_in, "{username} was not let in ({status} {path}): {why}");
        Ok(browser)
    }

    /// A page as every browser asks for it: compressed.
    pub(super) async fn packed(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.shown(path, Some(ENCODINGS)).await
    }

    /// The same, to be read.
    pub(super) async fn plain(&mut self, path: &str) -> anyhow::Result<String> {
        Ok(self.shown(path, None).await?.text())
    }

    async fn shown(&mut self, path: &str, encodings: Option<&str>) -> anyhow::Result<Answer> {
        let answer = self.get(path, encodings).await?;
        anyhow::ensure!(answer.status == 200, "{path} answered {}", answer.status);
        Ok(answer)
    }

    async fn get(&mut self, path: &str, encodings: Option<&str>) -> anyhow::Result<Answer> {
        let request = self.http.get(self.base.join(path)?).header("sec-fetch-site", "none");
        let request = match encodings {
            Some(encodings) => request.header(header::ACCEPT_ENCODING, encodings),
            None => request,
        };
        self.send(request).await
    }

    async fn post(&mut self, path: &str, fields: &[(String, String)]) -> anyhow::Result<Answer> {
        let mut form = self.base.join(path)?;
        form.query_pairs_mut().extend_pairs(fields);
        let request = self.http.post(self.base.join(path)?);
        let request = request.header(header::ORIGIN, self.base.origin().ascii_serialization());
        let request = request.header("sec-fetch-site", "same-origin");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(form.query().unwrap_or_default().to_owned())).await
    }

    async fn follow(&mut self, mut answer: Answer) -> anyhow::Result<Answer> {
        for _ in 0..HOPS_MAX {
            let Some(location) = &answer.location else { return Ok(answer) };
            let next = answer.url.join(location)?;
            answer = self.get(next.as_str(), None).await?;
        }
        anyhow::bail!("{} leads on and on", answer.url)
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let request = request.header(header::COOKIE, cookies.collect::<Vec<_>>().join("; "));
        let request = request.header(header::ACCEPT, "text/html").build()?;
        let url = request.url().clone();
        let begun = Instant::now();
        let answer = self.http.execute(request).await?;
        let first_byte_ms = ms_since(begun);
        let status = answer.status().as_u16();
        let location = answer.headers().get(header::LOCATION);
        let location = location.and_then(|to| to.to_str().ok()).map(ToOwned::to_owned);
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            keep(&mut self.cookies, cookie.to_str()?)?;
        }
        let body = answer.bytes().await?.to_vec();
        Ok(Answer { url, status, location, body, first_byte_ms, whole_ms: ms_since(begun) })
    }
}

/// Every cookie of ours is for all pages; over loopback also what is for TLS only.
fn keep(cookies: &mut BTreeMap<String, String>, cookie: &str) -> anyhow::Result<()> {
    let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
    let (name, value) = pair.context("a cookie has a name and a value")?;
    if cookie.contains("Max-Age=0") {
        cookies.remove(name);
    } else {
        cookies.insert(name.to_owned(), value.to_owned());
    }
    Ok(())
}
