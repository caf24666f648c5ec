//! An installation whose workers sign in at a certified provider, from its configuration on.

use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use trama_platform::clock::{pause, random_id};
use trama_platform::private::PrivateServers;
use trama_platform::servers::PgRole;

use super::demo::{Demo, run, step_up};
use super::oidc::{AUDIENCE, Browser, CLIENT, CLIENT_SECRET, FAMILY_NAME, Page, Provider, SECOND};

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

async fn signs_in(browser: &mut Browser, url: &str, then: &str) -> Page {
    let begun = browser.get(&format!("{url}/entra/avvia?poi={then}")).await;
    browser.follow(begun, |_| false).await.unwrap()
}

/// The id of a user of the demo.
fn staff_of(username: &str) -> String {
    let users: Value = serde_json::from_str(&run(&["demo", "users", "--json"])).unwrap();
    let all = users["users"].as_array().unwrap();
    let user = all.iter().find(|user| user["username"] == username).unwrap();
    user["staff_id"].as_str().unwrap().to_owned()
}

/// Every membership that the page offers.
fn offered(page: &Page) -> Vec<String> {
    let parts = page.text.split("name=\"incarico\" value=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

/// The form of that page with one of them.
fn choosing(page: &Page, membership: &str) -> Vec<(String, String)> {
    let mut fields = vec![("incarico".to_owned(), membership.to_owned())];
    fields.extend(["csrf", "poi"].map(|name| (name.to_owned(), page.field(name))));
    fields
}

/// The page, once the directory's events are heard that gave her two.
async fn is_offered_two(browser: &mut Browser, url: &str) -> Page {
    let since = Instant::now();
    loop {
        let page = browser.get(&format!("{url}/entra/incarico?poi=/rete")).await;
        if offered(&page).len() == 2 {
            return page;
        }
        assert!(since.elapsed() < MUST_HAPPEN, "never two: {}", page.text);
        pause(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn she_chooses_among_her_memberships_and_steps_up_at_her_provider_without_losing_the_page() {
    let port = trama_platform::private::free_port(0).unwrap();
    let url = format!("http://127.0.0.1:{port}");
    let Some(provider) = Provider::start(&url) else { return };
    let demo = Demo::start().await;
    let _web = Web::start(&configuration(&demo, &provider, port), &url).await;
    let keeper = demo.run(&["demo", "token", "tina.ced"]);
    let elena = format!("/api/directory/staff/{}", staff_of("elena.serd"));
    let account = json!({"issuer": provider.issuer, "subject": "anna"});
    does(&demo, &keeper, &format!("{elena}/account"), account).await;
    let plans = random_id().to_string();
    let also = json!({"membership": plans, "role": "plan_office", "ats": "altamura"});
    does(&demo, &keeper, &format!("{elena}/memberships"), also).await;

    let mut browser = Browser::open();
    signs_in(&mut browser, &url, "/entra/accesso").await;
    let page = is_offered_two(&mut browser, &url).await;
    let csrf = ("csrf".to_owned(), page.field("csrf"));
    browser.post(&format!("{url}/esci"), &url, &[csrf]).await;

    let asked = signs_in(&mut browser, &url, "/rete").await;
    assert_eq!((asked.status, asked.url.path()), (200, "/entra/incarico"), "{}", asked.text);
    let addictions = offered(&asked).into_iter().find(|one| *one != plans).unwrap();
    let to = format!("{url}/entra/incarico");
    let chosen = browser.post(&to, &url, &choosing(&asked, &plans)).await;
    let page = browser.follow(chosen, |_| false).await.unwrap();
    assert_eq!((page.status, page.url.path()), (200, "/rete"), "{}", page.text);
    assert_eq!(browser.get(&format!("{url}/riservato")).await.status, 404, "not in this role");

    let again = browser.get(&to).await;
    browser.post(&to, &url, &choosing(&again, &addictions)).await;
    let refused = browser.get(&format!("{url}/riservato")).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let before = browser.cookies["__Host-trama"].clone();
    let begun = browser.get(&format!("{url}{}", step_up(&refused))).await;
    let asked = begun.header("location").to_owned();
    for part in ["prompt=login", "max_age=0", "acr_values="] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    let page = browser.follow(begun, |_| false).await.unwrap();
    assert_eq!((page.status, page.url.path()), (200, "/riservato"), "{}", page.text);
    assert_ne!(browser.cookies["__Host-trama"], before, "and her session is another one");
    let log = std::fs::read_to_string(demo.dir.join("pages.log")).unwrap();
    for told in ["event=\"membership_chosen\"", "second_factor=true stepped_up=true"] {
        assert!(log.contains(told), "{told}: {log}");
    }

    let end = format!("/api/sign-in/staff/{}/sessions/end", staff_of("elena.serd"));
    does(&demo, &keeper, &end, json!({})).await;
    let after = browser.get(&format!("{url}/riservato")).await;
    assert_eq!(after.status, 303, "an administrator ended what her device had open");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_browsers_are_told_to_come_in_no_other_way_for_a_year() {
    let port = trama_platform::private::free_port(0).unwrap();
    let url = format!("http://127.0.0.1:{port}");
    let Some(provider) = Provider::start(&url) else { return };
    let demo = Demo::start().await;
    let config = configuration(&demo, &provider, port);
    let text = std::fs::read_to_string(&config).unwrap();
    let sealed = text.replace(&format!("origin = \"{url}\""), "origin = \"https://trama.example\"");
    assert_ne!(sealed, text);
    std::fs::write(&config, sealed).unwrap();
    let _web = Web::start(&config, &url).await;
    let mut browser = Browser::open();
    for (path, status) in [("/entra", 200), ("/", 303), ("/livez", 200), ("/api/access/mine", 401)]
    {
        let page = browser.get(&format!("{url}{path}")).await;
        assert_eq!(page.status, status, "{path}");
        let told = page.header("strict-transport-security");
        assert_eq!(told, "max-age=31536000; includeSubDomains", "{path}");
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

    let keeper = demo.run(&["demo", "token", "tina.ced"]);
    let sara = format!("/api/directory/staff/{}", staff_of("sara.segretariato"));
    let account = json!({"issuer": provider.issuer, "subject": "anna"});
    does(&demo, &keeper, &format!("{sara}/account"), account).await;
    let rete = format!("{url}/rete");
    let (page, _) = until(&mut browser, &rete, 200).await;
    assert!(!page.text.contains("Dimostrazione"), "no demo here");

    let sessions = PrivateServers::remembered(&demo.dir).unwrap().pool(PgRole::SignIn, 1);
    let rows = async || {
        let count = sqlx::query_scalar::<_, i64>("select count(*) from sign_in.sessions");
        count.fetch_one(&sessions).await.unwrap()
    };
    assert_eq!(rows().await, 1);
    let reason = json!({"reason": "lost_credential"});
    does(&demo, &keeper, &format!("{sara}/suspend"), reason).await;
    let event = Instant::now();
    while rows().await > 0 {
        assert!(event.elapsed() < LOST_WITHIN, "her session is still there");
        pause(Duration::from_millis(20)).await;
    }
    let (page, lost) = until(&mut browser, &rete, 303).await;
    assert!(lost < LOST_WITHIN, "{lost:?}");
    assert!(page.header("location").starts_with("/entra?"), "{}", page.header("location"));
    does(&demo, &keeper, &format!("{sara}/restore"), json!({})).await;
    let mut kept = Browser::open();
    kept.cookies = browser.cookies.clone();
    signs_in(&mut browser, &url, "/rete").await;
    let (page, _) = until(&mut browser, &rete, 200).await;
    assert_eq!(kept.get(&rete).await.status, 303, "the cookie from before opens nothing again");
    // Both processes look; one of them finds her session and says so.
    let logs =
        ["pages.log", "demo.log"].map(|log| std::fs::read_to_string(demo.dir.join(log)).unwrap());
    let told = logs.iter().flat_map(|log| log.lines());
    let shut = told.filter(|line| line.contains("event=\"sessions_shut\"")).count();
    assert_eq!(shut, 1, "{logs:?}");

    let csrf = ("csrf".to_owned(), page.field("csrf"));
    let left = browser.post(&format!("{url}/esci"), &url, &[csrf]).await;
    let page = browser.follow(left, |_| false).await.unwrap();
    assert!(page.text.contains(&format!("{}/session/end", provider.issuer)), "{}", page.text);
    assert_eq!(browser.get(&rete).await.status, 303);
}

/// Somebody whom the desk registers under this surname.
async fn registers(demo: &Demo, token: &str, family_name: &str) -> String {
    let (person, service) = (random_id().to_string(), service_of("sara.segretariato"));
    let body = json!({"person": person, "service": service, "status": "declared",
        "birth_year": 1970, "language": "it"});
    does(demo, token, "/api/intake/persons", body).await;
    let named = json!({"field": "family_name", "value": family_name, "source": "declared"});
    let facts = format!("/api/vault/persons/{person}/facts");
    does(demo, token, &facts, json!({"facts": [named]})).await;
    person
}

fn service_of(username: &str) -> String {
    let users: Value = serde_json::from_str(&run(&["demo", "users", "--json"])).unwrap();
    let all = users["users"].as_array().unwrap();
    let user = all.iter().find(|user| user["username"] == username).unwrap();
    user["service_ids"][0].as_str().unwrap().to_owned()
}

async fn asks(demo: &Demo, token: &str, purpose: &str, path: &str) -> Value {
    let http = reqwest::Client::builder().timeout(MUST_HAPPEN).no_proxy().build().unwrap();
    let since = Instant::now();
    loop {
        let request = http.get(demo.at(path)).bearer_auth(token).header("purpose", purpose);
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        if status == 200 {
            return answer.json().await.unwrap();
        }
        assert!(since.elapsed() < MUST_HAPPEN, "{path}: {status} and never 200");
        pause(Duration::from_millis(50)).await;
    }
}

/// Of whom the list of unusual readings says that they have the surname of this person, and whose
/// openings it could not compare.
async fn unusual(demo: &Demo, person: &str) -> (Vec<String>, Vec<String>) {
    let auditor = demo.run(&["demo", "token", "diego.dpo"]);
    let list = asks(demo, &auditor, "audit", "/api/access/unusual?limit=500").await;
    let staff = |one: &Value| one["staff"].as_str().unwrap().to_owned();
    let hers = |one: &&Value| one["person"] == person && one["rule"] == "same_surname";
    let same = list["items"].as_array().unwrap().iter().filter(hers).map(staff).collect();
    (same, list["surname_unknown"].as_array().unwrap().iter().map(staff).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_opens_somebody_of_her_own_surname_is_in_the_unusual_list_however_it_is_spelt_d2() {
    let demo = Demo::start().await;
    let token = |username: &str| demo.run(&["demo", "token", username]);
    let (sara, fabio) = (token("sara.segretariato"), token("fabio.stazione"));
    // The tokens of the command line's own client tell no name.
    let target = trama::cli::Target { dir: Some(demo.dir.clone()), config: None };
    let nameless = trama::client::Client::open(&target).unwrap();
    let pietro = trama::commands::demo::users::user("pietro.pis").unwrap().actor();
    let nameless = nameless.bearer(&pietro).unwrap();
    let person = registers(&demo, &sara, "COLÈLLA").await;
    let path = format!("/api/intake/persons/{person}");
    let mut seen = Vec::new();
    for token in [&sara, &fabio, &nameless] {
        seen.push(asks(&demo, token, "care", &path).await["person"].clone());
    }
    assert_eq!(seen, vec![json!(person); 3], "nobody is told anything else for it");
    let (same, unknown) = unusual(&demo, &person).await;
    assert_eq!(same, [staff_of("sara.segretariato")]);
    assert!(unknown.contains(&staff_of("pietro.pis")), "{unknown:?}");
    assert!(!unknown.contains(&staff_of("fabio.stazione")), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_surname_that_a_certified_provider_tells_is_compared_and_kept_nowhere_d2() {
    let port = trama_platform::private::free_port(0).unwrap();
    let url = format!("http://127.0.0.1:{port}");
    let Some(provider) = Provider::start(&url) else { return };
    let demo = Demo::start().await;
    let _web = Web::start(&configuration(&demo, &provider, port), &url).await;
    let keeper = demo.run(&["demo", "token", "tina.ced"]);
    let fabio = format!("/api/directory/staff/{}/account", staff_of("fabio.stazione"));
    let account = json!({"issuer": provider.issuer, "subject": "anna"});
    does(&demo, &keeper, &fabio, account).await;
    let sara = demo.run(&["demo", "token", "sara.segretariato"]);
    let namesake = registers(&demo, &sara, "DELL AQUILA").await;
    let another = registers(&demo, &sara, "Lorusso").await;

    let mut browser = Browser::open();
    signs_in(&mut browser, &url, "/rete").await;
    for person in [&namesake, &another] {
        until(&mut browser, &format!("{url}/persone/{person}?scopo=care"), 200).await;
    }
    let (same, unknown) = unusual(&demo, &namesake).await;
    assert!(same.contains(&staff_of("fabio.stazione")), "{same:?}, unknown {unknown:?}");
    assert!(unusual(&demo, &another).await.0.is_empty());
    assert!(!unknown.contains(&staff_of("fabio.stazione")), "{unknown:?}");

    let sessions = PrivateServers::remembered(&demo.dir).unwrap().pool(PgRole::SignIn, 1);
    let query = "select surname is not null, s::text from sign_in.sessions s";
    let (told, row): (bool, String) = sqlx::query_as(query).fetch_one(&sessions).await.unwrap();
    assert!(told && !row.contains("Aquila"), "{row}");
    for log in ["pages.log", "demo.log"] {
        let log = std::fs::read_to_string(demo.dir.join(log)).unwrap();
        assert!(!log.contains(FAMILY_NAME) && !log.contains("Aquila"), "{log}");
    }
}
