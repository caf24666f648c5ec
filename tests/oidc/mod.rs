//! A certified provider in a process of its own, and a browser without scripts that goes there.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use trama_platform::outward::Url;

/// Set where these tests may pass without node and npm. `tests/all` sets it and says what was not
/// tried.
const WITHOUT: &str = "TRAMA_TESTS_WITHOUT_NODE";
/// Longest wait for anything that must happen.
const MUST_HAPPEN: Duration = Duration::from_mins(1);
/// Most redirects in a row.
const HOPS_MAX: usize = 12;

pub(super) const CLIENT: &str = "trama-pages";
pub(super) const CLIENT_SECRET: &str = "a secret of the tests";
pub(super) const MACHINE: (&str, &str) = ("trama-machine", "another secret of the tests");
pub(super) const SECOND: &str = "urn:test:second-factor";
pub(super) const AUDIENCE: &str = "urn:trama:api";
/// The surname of whoever comes, as the provider tells it.
pub(super) const FAMILY_NAME: &str = "Dell'Aquila";

/// npm's `oidc-provider`, stopped by pid.
pub(super) struct Provider {
    pub(super) issuer: String,
    process: Child,
}

impl Provider {
    /// Starts it for pages at this origin; `None` only for who said that she goes without, where node
    /// or npm is missing.
    pub(super) fn start(origin: &str) -> Option<Self> {
        let dir = installed()?;
        let port = trama_platform::private::free_port(0).unwrap();
        let mut command = Command::new("node");
        command.current_dir(&dir).arg("provider.mjs").arg(port.to_string());
        command.arg(format!("{origin}/entra/ritorno")).arg(format!("{origin}/entra"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "the provider did not start");
        // Whatever it says later is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { issuer: format!("http://127.0.0.1:{port}"), process })
    }

    /// Every key is replaced.
    pub(super) async fn rotate(&self) {
        let url = format!("{}/test/rotate", self.issuer);
        let answer = http().post(url).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// An access token for a machine, `at+jwt`.
    pub(super) async fn access_token(&self) -> String {
        let form = format!("grant_type=client_credentials&resource={AUDIENCE}");
        let request = http().post(format!("{}/token", self.issuer));
        let request = request.basic_auth(MACHINE.0, Some(MACHINE.1.replace(' ', "%20")));
        let kind = ("content-type", "application/x-www-form-urlencoded");
        let answer = request.header(kind.0, kind.1).body(form).send().await.unwrap();
        let answer: serde_json::Value = answer.json().await.unwrap();
        answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // It holds nothing that would need a clean end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The directory with the provider and what it needs, as `package-lock.json` names it; made once.
/// `None` only for who said that she goes without.
fn installed() -> Option<PathBuf> {
    for program in ["node", "npm"] {
        let version = Command::new(program).arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            assert!(
                std::env::var_os(WITHOUT).is_some(),
                "{program} is missing, so that sign-in cannot be held against a certified provider: \
                 install node with npm, or set {WITHOUT}=1 to go without, as tests/all does and says"
            );
            return None;
        }
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oidc");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc-provider");
    std::fs::create_dir_all(&dir).unwrap();
    let lock = std::fs::File::create(dir.join("lock")).unwrap();
    lock.lock().unwrap();
    let same =
        |file: &str| std::fs::read(source.join(file)).ok() == std::fs::read(dir.join(file)).ok();
    let done = dir.join("done");
    if !(done.exists() && same("package-lock.json") && same("package.json")) {
        let _ = std::fs::remove_file(&done);
        for file in ["package.json", "package-lock.json", ".npmrc"] {
            std::fs::copy(source.join(file), dir.join(file)).unwrap();
        }
        let made = Command::new("npm").arg("ci").current_dir(&dir).output().unwrap();
        assert!(made.status.success(), "npm ci: {}", String::from_utf8_lossy(&made.stderr));
        std::fs::write(done, "").unwrap();
    }
    std::fs::copy(source.join("provider.mjs"), dir.join("provider.mjs")).unwrap();
    Some(dir)
}

fn http() -> reqwest::Client {
    let client = reqwest::Client::builder().timeout(MUST_HAPPEN).no_proxy();
    client.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// What a page answered.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) url: Url,
    pub(super) status: u16,
    pub(super) headers: reqwest::header::HeaderMap,
    pub(super) text: String,
}

impl Page {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of a hidden field.
    pub(super) fn field(&self, name: &str) -> String {
        let from = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.text.split_once(&from).unwrap_or_else(|| panic!("no {name}"));
        rest.split_once('"').unwrap().0.replace("&#38;", "&").replace("&amp;", "&")
    }

    /// Every hidden field, as a form sends it.
    pub(super) fn hidden(&self) -> Vec<(String, String)> {
        let parts = self.text.split("<input type=\"hidden\" name=\"").skip(1);
        parts
            .map(|part| {
                let name = part.split('"').next().unwrap();
                (name.to_owned(), self.field(name))
            })
            .collect()
    }
}

/// A browser without scripts: cookies and redirects.
pub(super) struct Browser {
    http: reqwest::Client,
    pub(super) cookies: BTreeMap<String, String>,
    /// Every `Set-Cookie` that it got, whole.
    pub(super) set: Vec<String>,
}

impl Browser {
    pub(super) fn open() -> Self {
        Self { http: http(), cookies: BTreeMap::new(), set: Vec::new() }
    }

    /// One request, as a link or the address bar makes it.
    pub(super) async fn get(&mut self, url: &str) -> Page {
        let request = self.http.get(url).header("accept", "text/html");
        self.send(request.header("sec-fetch-site", "none")).await
    }

    /// A form of the page at `from`.
    pub(super) async fn post(
        &mut self,
        url: &str,
        from: &str,
        fields: &[(String, String)],
    ) -> Page {
        let mut form = Url::parse("http://form.invalid/").unwrap();
        form.query_pairs_mut().extend_pairs(fields);
        let site = if url.starts_with(from) { "same-origin" } else { "cross-site" };
        let request = self.http.post(url).header("accept", "text/html").header("origin", from);
        let request = request.header("sec-fetch-site", site);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(form.query().unwrap_or_default().to_owned())).await
    }

    /// Follows redirects until one leads to an address that is not to be gone to, or a page shows.
    pub(super) async fn follow(
        &mut self,
        mut page: Page,
        stop: impl Fn(&Url) -> bool,
    ) -> Result<Page, Url> {
        for _ in 0..HOPS_MAX {
            if !(300..400).contains(&page.status) {
                return Ok(page);
            }
            let next = page.url.join(page.header("location")).unwrap();
            if stop(&next) {
                return Err(next);
            }
            page = self.get(next.as_str()).await;
        }
        panic!("too many redirects: {}", page.url);
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            self.keep(cookie.to_str().unwrap());
        }
        let (url, status) = (answer.url().clone(), answer.status().as_u16());
        let headers = answer.headers().clone();
        Page { url, status, headers, text: answer.text().await.unwrap() }
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        if cookie.contains("Max-Age=0") || cookie.to_lowercase().contains("01 jan 1970") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.set.push(cookie.to_owned());
    }
}
