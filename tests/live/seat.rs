//! A worker at her pages, as a browser has them open: what they show and what their stream tells.

use std::collections::BTreeSet;
use std::pin::Pin;

use futures::{Stream as Chunks, StreamExt as _};
use serde_json::Value;

use super::demo::Demo;
use super::oidc::{Browser, Page};

/// Somebody who signed in.
pub(crate) struct Seat<'a> {
    demo: &'a Demo,
    browser: Browser,
}

impl<'a> Seat<'a> {
    pub(crate) async fn of(demo: &'a Demo, user: &str) -> Self {
        Self::entering(demo, user, "/entra/avvia?poi=/").await
    }

    /// The same, having shown a second factor.
    pub(crate) async fn certain(demo: &'a Demo, user: &str) -> Self {
        Self::entering(demo, user, "/entra/avvia?poi=/&secondo=1").await
    }

    async fn entering(demo: &'a Demo, user: &str, by: &str) -> Self {
        let mut browser = Browser::open();
        let begun = browser.get(&demo.at(by)).await;
        let list = browser.follow(begun, |_| false).await.unwrap();
        let mut fields = list.hidden();
        fields.push(("utente".into(), user.into()));
        let chosen = browser.post(&demo.at("/demo/emittente/autorizza"), &demo.url, &fields).await;
        let page = browser.follow(chosen, |_| false).await.unwrap();
        assert_eq!(page.status, 200, "{user}: {}", page.text);
        Self { demo, browser }
    }

    /// A page, as it answers: where it leads elsewhere, nobody goes there.
    pub(crate) async fn opens(&mut self, path: &str) -> Page {
        self.browser.get(&self.demo.at(path)).await
    }

    pub(crate) async fn signs_out(&mut self, page: &Page) {
        let csrf = vec![("csrf".to_owned(), page.field("csrf"))];
        let cookies = self.browser.cookies.clone();
        let left = self.browser.post(&self.demo.at("/esci"), &self.demo.url, &csrf).await;
        assert_eq!(left.status, 303, "{}", left.text);
        // She keeps the cookie: that is not what shuts her out.
        self.browser.cookies = cookies;
    }

    /// What the script of a page asks for.
    pub(crate) async fn asks_to_hear(&self, page: &Page) -> reqwest::Response {
        let http = reqwest::Client::builder().no_proxy();
        let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let told = |name| attribute(&page.text, name);
        let mut query = vec![("temi", told("data-temi")), ("dopo", told("data-dopo"))];
        query.extend(Some(("scopo", told("data-scopo"))).filter(|(_, scopo)| !scopo.is_empty()));
        let mut url = reqwest::Url::parse(&self.demo.at("/vivo")).unwrap();
        url.query_pairs_mut().extend_pairs(query);
        let cookies: Vec<String> =
            self.browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = http.get(url).header("cookie", cookies.join("; "));
        request.header("accept", "text/event-stream").send().await.unwrap()
    }

    /// The stream of an open page.
    pub(crate) async fn hears(&self, page: &Page) -> Stream {
        let answer = self.asks_to_hear(page).await;
        assert_eq!(answer.status(), 200);
        let chunks = answer.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec()));
        Stream { chunks: Box::pin(chunks), text: String::new() }
    }
}

/// What a stream says next.
#[derive(Debug, PartialEq)]
pub(crate) enum Told {
    /// Something changed.
    Changed(Value),
    /// It is over.
    Nothing,
}

pub(crate) struct Stream {
    chunks: Pin<Box<dyn Chunks<Item = reqwest::Result<Vec<u8>>> + Send>>,
    text: String,
}

impl Stream {
    pub(crate) async fn next(&mut self) -> Told {
        loop {
            while let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let data = event.lines().find_map(|line| line.strip_prefix("data:"));
                if let Some(data) = data.filter(|_| event.contains("event: hint")) {
                    return Told::Changed(serde_json::from_str(data).unwrap());
                }
            }
            let Some(chunk) = self.chunks.next().await else { return Told::Nothing };
            self.text.push_str(&String::from_utf8(chunk.unwrap()).unwrap());
        }
    }
}

fn attribute(text: &str, name: &str) -> String {
    let from = format!("{name}=\"");
    let (_, rest) = text.split_once(&from).unwrap_or_else(|| panic!("no {name}: {text}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Which rows a page has.
pub(crate) fn rows(page: &Page) -> BTreeSet<String> {
    let rows = page.text.split("data-chiave=\"").skip(1);
    rows.map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

/// The mark of what may be seen on a page.
pub(crate) fn sight(page: &Page) -> String {
    attribute(&page.text, "data-vista")
}

/// A page without what differs each time it is read: when that was, and where its stream begins.
pub(crate) fn lasting(text: &str) -> String {
    let cursor = format!("data-dopo=\"{}\"", attribute(text, "data-dopo"));
    let text = text.replace(&cursor, "");
    let (before, rest) = text.split_once("dati delle ").unwrap();
    format!("{before}{}", &rest["09:41".len()..])
}
