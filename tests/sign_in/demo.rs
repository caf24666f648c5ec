//! The demo's pages as a browser gets them: in, out, and what a stranger cannot do.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use trama_platform::clock::{pause, random_id};

use super::oidc::{Browser, Page};

/// Longest wait for the demo to be ready.
const READY_MAX: Duration = Duration::from_secs(100);

/// `trama demo --empty` in a directory of its own, stopped when dropped.
pub(super) struct Demo {
    pub(super) dir: PathBuf,
    pub(super) url: String,
    process: Child,
}

impl Demo {
    pub(super) async fn start() -> Self {
        let dir = std::env::temp_dir().join(format!("trama-pages-{}", random_id().simple()));
        super::cluster::lay_out(&dir).await;
        let port = trama_platform::private::free_port(0).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        command.args(["demo", "--empty", "--port", &port.to_string(), "--dir"]).arg(&dir);
        let log = std::fs::File::create(dir.join("demo.log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut process = command.spawn().unwrap();
        let since = Instant::now();
        while !dir.join("ready.json").exists() {
            let ended = process.try_wait().unwrap();
            let log = || std::fs::read_to_string(dir.join("demo.log")).unwrap_or_default();
            assert!(ended.is_none() && since.elapsed() < READY_MAX, "not ready: {}", log());
            pause(Duration::from_millis(50)).await;
        }
        Self { dir, url: format!("http://127.0.0.1:{port}"), process }
    }

    /// A command of the product on this installation.
    pub(super) fn run(&self, arguments: &[&str]) -> String {
        let dir = self.dir.to_str().unwrap();
        run(&[arguments, &["--dir", dir]].concat())
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// A command that needs no installation.
pub(super) fn run(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl Drop for Demo {
    fn drop(&mut self) {
        let mut stop = Command::new(env!("CARGO_BIN_EXE_trama"));
        let stopped = stop.arg("stop").arg("--dir").arg(&self.dir).output();
        if !stopped.is_ok_and(|output| output.status.success()) {
            // A failing test must not leave servers behind; they end with their supervisor.
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// From a page that needs a session to the list of users.
async fn list_of_users(demo: &Demo, browser: &mut Browser, path: &str) -> Page {
    let asked = browser.get(&demo.at(path)).await;
    let page = browser.follow(asked, |_| false).await.unwrap();
    assert!(page.text.contains("Entra in Trama"), "{}", page.text);
    let (_, link) = page.text.split_once("class=\"button\" href=\"").unwrap();
    let link = link.split('"').next().unwrap().replace("&#38;", "&");
    let begun = browser.get(&demo.at(&link)).await;
    browser.follow(begun, |_| false).await.unwrap()
}

async fn signs_in(demo: &Demo, browser: &mut Browser, user: &str, path: &str) -> Page {
    let list = list_of_users(demo, browser, path).await;
    let mut fields = list.hidden();
    fields.push(("utente".into(), user.into()));
    let chosen = browser.post(&demo.at("/demo/emittente/autorizza"), &demo.url, &fields).await;
    browser.follow(chosen, |_| false).await.unwrap()
}

fn is_strict(page: &Page) {
    let policy = page.header("content-security-policy");
    for part in
        ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]
    {
        assert!(policy.contains(part), "{}: {policy}", page.url);
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{}: {policy}", page.url);
    // Scripts are files of ours; nothing inline is run.
    let scripts = page.text.matches("<script").count();
    let ours = page.text.matches("<script src=\"/assets/").count();
    assert_eq!(scripts, ours, "{}", page.url);
    assert!(policy.contains("script-src 'self';"), "{}: {policy}", page.url);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(page.header(name), value, "{}: {name}", page.url);
    }
    assert!(page.header("permissions-policy").contains("camera=()"), "{}", page.url);
    for forbidden in ["style=", "onclick", "<style"] {
        assert!(!page.text.contains(forbidden), "{}: {forbidden}", page.url);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_signs_in_and_out_like_any_other_t15() {
    let demo = Demo::start().await;
    let mut browser = Browser::open();
    is_strict(&browser.get(&demo.at("/entra")).await);
    is_strict(&list_of_users(&demo, &mut browser, "/rete?ats=bari").await);
    let page = signs_in(&demo, &mut browser, "sara.segretariato", "/rete?ats=bari").await;
    assert_eq!((page.status, page.url.path()), (200, "/rete"), "{}", page.text);
    assert_eq!(page.url.query(), Some("ats=bari"));
    assert!(page.text.contains("Sara"));
    is_strict(&page);

    let session: Vec<&String> =
        browser.set.iter().filter(|cookie| cookie.starts_with("__Host-trama=")).collect();
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(session[0].contains(part), "{session:?}");
    }
    assert!(!browser.cookies.contains_key("__Host-trama-entra"), "the attempt is over");

    let mut stranger = Browser::open();
    let csrf = ("csrf".to_owned(), page.field("csrf"));
    let leave = demo.at("/esci");
    let fixed = browser.cookies["__Host-trama"].clone();
    for (from, fields) in [
        ("http://evil.example", vec![csrf.clone()]),
        (demo.url.as_str(), vec![]),
        (demo.url.as_str(), vec![("csrf".into(), "A".repeat(43))]),
    ] {
        let refused = browser.post(&leave, from, &fields).await;
        assert_eq!(refused.status, 403, "{from} {fields:?}");
        is_strict(&refused);
        assert_eq!(browser.get(&demo.at("/rete")).await.status, 200, "still signed in");
    }
    let left = browser.post(&leave, &demo.url, &[csrf]).await;
    assert_eq!((left.status, left.header("location")), (303, "/entra?uscita=1"));
    let after = browser.follow(left, |_| false).await.unwrap();
    assert!(after.text.contains("Sei uscita"), "{}", after.text);
    stranger.cookies.insert("__Host-trama".into(), fixed);
    assert_eq!(stranger.get(&demo.at("/rete")).await.status, 303, "revoked on the server");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_needs_a_second_factor_asks_for_it_and_comes_back_and_the_log_tells() {
    let demo = Demo::start().await;
    let mut browser = Browser::open();
    signs_in(&demo, &mut browser, "elena.serd", "/entra/accesso").await;
    let refused = browser.get(&demo.at("/riservato")).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    is_strict(&refused);
    let begun = browser.get(&demo.at(&step_up(&refused))).await;
    let list = browser.follow(begun, |_| false).await.unwrap();
    assert!(list.text.contains("secondo fattore"), "{}", list.text);
    let mut fields = list.hidden();
    fields.push(("utente".into(), "elena.serd".into()));
    let chosen = browser.post(&demo.at("/demo/emittente/autorizza"), &demo.url, &fields).await;
    let page = browser.follow(chosen, |_| false).await.unwrap();
    assert_eq!((page.status, page.url.path()), (200, "/riservato"), "{}", page.text);

    let csrf = ("csrf".to_owned(), page.field("csrf"));
    let foreign = browser.post(&demo.at("/esci"), "http://evil.example", &[]).await;
    assert_eq!(foreign.status, 403);
    let left = browser.post(&demo.at("/esci"), &demo.url, &[csrf]).await;
    assert_eq!(left.header("clear-site-data"), "\"cache\", \"storage\"");
    let log = std::fs::read_to_string(demo.dir.join("demo.log")).unwrap();
    for told in [
        "event=\"signed_in\"",
        "second_factor=false stepped_up=false",
        "second_factor=true stepped_up=true",
        "event=\"foreign_form\"",
        "event=\"signed_out\"",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
    let lines = log.lines().filter(|line| line.contains("trama::sign_in"));
    assert!(lines.clone().count() >= 4 && lines.clone().all(|line| line.contains("request{id=")));
    for cookie in browser.set.iter().filter_map(|set| set.split(['=', ';']).nth(1)) {
        assert!(cookie.is_empty() || !log.contains(cookie), "no secret is in the log");
    }
}

/// Where the link of a page leads that asks for a second factor.
pub(super) fn step_up(page: &Page) -> String {
    let (before, _) = page.text.split_once("Entra di nuovo con il secondo fattore").unwrap();
    let (_, link) = before.rsplit_once("href=\"").unwrap();
    link.split('"').next().unwrap().replace("&#38;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_somebody_else_in_or_leads_her_away_t15() {
    let demo = Demo::start().await;
    // A cookie that somebody planted is not the one that she has afterwards.
    let mut browser = Browser::open();
    let planted = "A".repeat(43);
    browser.cookies.insert("__Host-trama".into(), planted.clone());
    let page = signs_in(&demo, &mut browser, "sara.segretariato", "/").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let first = browser.cookies["__Host-trama"].clone();
    assert_ne!(first, planted);
    // Signing in again, as another, ends the session before.
    let begun = browser.get(&demo.at("/entra/avvia?poi=//evil.example")).await;
    let list = browser.follow(begun, |_| false).await.unwrap();
    let mut fields = list.hidden();
    fields.push(("utente".into(), "anna.uds".into()));
    let chosen = browser.post(&demo.at("/demo/emittente/autorizza"), &demo.url, &fields).await;
    let back = chosen.header("location").to_owned();
    let page = browser.follow(chosen, |_| false).await.unwrap();
    assert_eq!((page.status, page.url.path()), (200, "/"), "never elsewhere");
    assert!(page.text.contains("Anna"));
    let mut other = Browser::open();
    other.cookies.insert("__Host-trama".into(), first);
    assert_eq!(other.get(&demo.at("/")).await.status, 303, "the session before is over");
    // The way back, given to another browser or used again, lets nobody in.
    for browser in [&mut other, &mut browser] {
        let refused = browser.get(&back).await;
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(refused.header("set-cookie").is_empty());
        is_strict(&refused);
    }
    // The provider leads back to our pages alone.
    let ours = format!("{}/entra/ritorno", demo.url);
    let ask = |redirect: &str| {
        let mut url = super::Url::parse(&demo.at("/demo/emittente/autorizza")).unwrap();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", "trama-pages")
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", "openid")
            .append_pair("state", "s")
            .append_pair("nonce", "n")
            .append_pair("code_challenge", "c")
            .append_pair("code_challenge_method", "S256");
        url.to_string()
    };
    assert_eq!(other.get(&ask(&ours)).await.status, 200);
    for elsewhere in ["https://evil.example/", "http://127.0.0.1:1/entra/ritorno", ""] {
        assert_eq!(other.get(&ask(elsewhere)).await.status, 400, "{elsewhere}");
    }
    let named = reqwest::Client::builder().no_proxy().timeout(READY_MAX).build().unwrap();
    let rebound = named.get(ask(&ours)).header("host", "evil.example").send().await.unwrap();
    assert_eq!(rebound.status(), 404, "under another name it is not there");
}
