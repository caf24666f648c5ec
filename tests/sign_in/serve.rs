//! An installation whose workers sign in at a certified provider, from its configuration on.

use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trama_platform::clock::{pause, random_id};

use super::demo::{Demo, run};
use super::oidc::{AUDIENCE, Browser, CLIENT, CLIENT_SECRET, Page, Provider, SECOND};

/// Longest wait for anything that must happen.
const MUST_HAPPEN: Duration = Duration::from_mins(1);
/// Within this, who was suspended sees nothing any more.
const LOST_WITHIN: Duration = Duration::from_secs(5);

/// `trama serve web` beside a demo, on the same servers; stopped by pid.
struct Web(Child);

impl Web {
    async fn start(config: &Path, url: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        command.args(["serve", "web", "--config"]).arg(config);
        let log = std::fs::File::create(config.with_extension("log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut web = Self(command.spawn().unwrap());
        let http = reqwest::Client::builder().timeout(MUST_HAPPEN).no_proxy().build().unwrap();
        let since = Instant::now();
        while http.get(format!("{url}/entra")).send().await.is_err() {
            let ended = web.0.try_wait().unwrap();
            let log = || std::fs::read_to_string(config.with_extension("log")).unwrap_or_default();
            assert!(ended.is_none() && since.elapsed() < MUST_HAPPEN, "{}", log());
            pause(Duration::from_millis(50)).await;
        }
        web
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The demo's own configuration, with another address and another issuer for the pages.
fn configuration(demo: &Demo, provider: &Provider, port: u16) -> PathBuf {
    let text = std::fs::read_to_string(demo.dir.join("trama.toml")).unwrap();
    let (before, demos) = text.split_once("[issuer]").unwrap();
    let (_, before) = before.split_once('\n').unwrap();
    let secret = demo.dir.join("client.secret");
    let mut open = std::fs::OpenOptions::new();
    let mut file = open.write(true).create(true).truncate(true).mode(0o600).open(&secret).unwrap();
    std::io::Write::write_all(&mut file, CLIENT_SECRET.as_bytes()).unwrap();
    let issuer = &provider.issuer;
    let text = format!(
        "listen = \"127.0.0.1:{port}\"\n{before}[issuer]\nurl = \"{issuer}\"\n\
         audience = \"{AUDIENCE}\"\nalgorithm = \"RS256\"\njwks_uri = \"{issuer}/jwks\"\n\
         second_factor = [\"{SECOND}\"]\n\n[[other_issuers]]{demos}\n\
         [sign_in]\norigin = \"http://127.0.0.1:{port}\"\nclient_id = \"{CLIENT}\"\n\
         client_secret_file = \"{}\"\nstep_up = [\"{SECOND}\"]\n",
        secret.display()
    );
    let config = demo.dir.join("pages.toml");
    std::fs::write(&config, text).unwrap();
    config
}

async fn does(demo: &Demo, token: &str, path: &str, body: Value) {
    let http = reqwest::Client::builder().timeout(MUST_HAPPEN).no_proxy().build().unwrap();
    let request = http.post(demo.at(path)).bearer_auth(token).json(&body);
    let answer = request.header("idempotency-key", random_id().to_string()).send().await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(status, 200, "{path}: {}", answer.text().await.unwrap());
}

/// The page, once it answers with this status; and how long that took.
async fn until(browser: &mut Browser, url: &str, status: u16) -> (Page, Duration) {
    let since = Instant::now();
    loop {
        let page = browser.get(url).await;
        if page.status == status {
            return (page, since.elapsed());
        }
        assert!(since.elapsed() < MUST_HAPPEN, "{url}: {} and never {status}", page.status);
        pause(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_provider_says_who_and_the_directory_what_she_may_until_it_does_not_t15() {
    let port = trama_platform::private::free_port(0).unwrap();
    let url = format!("http://127.0.0.1:{port}");
    let Some(provider) = Provider::start(&url) else { return };
    let demo = Demo::start().await;
    let _web = Web::start(&configuration(&demo, &provider, port), &url).await;

    let mut browser = Browser::open();
    let begun = browser.get(&format!("{url}/entra/avvia?poi=/rete")).await;
    let page = browser.follow(begun, |_| false).await.unwrap();
    assert_eq!((page.status, page.url.path()), (403, "/rete"), "{}", page.text);
    assert!(page.text.contains("Nessun incarico attivo"), "{}", page.text);

    let users: Value = serde_json::from_str(&run(&["demo", "users", "--json"])).unwrap();
    let staff = |username: &str| {
        let all = users["users"].as_array().unwrap();
        let user = all.iter().find(|user| user["username"] == username).unwrap();
        user["staff_id"].as_str().unwrap().to_owned()
    };
    let keeper = demo.run(&["demo", "token", "tina.ced"]);
    let sara = format!("/api/directory/staff/{}", staff("sara.segretariato"));
    let account = json!({"issuer": provider.issuer, "subject": "anna"});
    does(&demo, &keeper, &format!("{sara}/account"), account).await;
    let rete = format!("{url}/rete");
    let (page, _) = until(&mut browser, &rete, 200).await;
    assert!(!page.text.contains("Dimostrazione"), "no demo here");

    let reason = json!({"reason": "lost_credential"});
    does(&demo, &keeper, &format!("{sara}/suspend"), reason).await;
    let (_, lost) = until(&mut browser, &rete, 403).await;
    assert!(lost < LOST_WITHIN, "{lost:?}");
    does(&demo, &keeper, &format!("{sara}/restore"), json!({})).await;
    let (page, _) = until(&mut browser, &rete, 200).await;

    let csrf = ("csrf".to_owned(), page.field("csrf"));
    let left = browser.post(&format!("{url}/esci"), &url, &[csrf]).await;
    let page = browser.follow(left, |_| false).await.unwrap();
    assert!(page.text.contains(&format!("{}/session/end", provider.issuer)), "{}", page.text);
    assert_eq!(browser.get(&rete).await.status, 303);
}
