//! A demo of its own, and a worker who sits at its pages.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use trama::cli::Target;
use trama::client::Client;
use trama_platform::clock::{pause, random_id};

use super::oidc::{Browser, Page};

/// Longest wait for the demo to be ready.
const READY_MAX: Duration = Duration::from_secs(100);

/// `trama demo --empty` in a directory of its own, stopped when dropped.
pub(crate) struct Town {
    dir: PathBuf,
    url: String,
    process: Child,
}

impl Town {
    pub(crate) async fn start() -> Self {
        let dir = std::env::temp_dir().join(format!("trama-desk-{}", random_id().simple()));
        super::cluster::lay_out(&dir).await;
        let port = trama_platform::private::free_port(0).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_trama"));
        command.args(["demo", "--empty", "--port", &port.to_string(), "--dir"]).arg(&dir);
        let log = std::fs::File::create(dir.join("demo.log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let process = command.spawn().unwrap();
        let mut town = Self { dir, url: format!("http://127.0.0.1:{port}"), process };
        let since = Instant::now();
        while !town.dir.join("ready.json").exists() {
            let ended = town.process.try_wait().unwrap();
            let log = || std::fs::read_to_string(town.dir.join("demo.log")).unwrap_or_default();
            assert!(ended.is_none() && since.elapsed() < READY_MAX, "not ready: {}", log());
            pause(Duration::from_millis(50)).await;
        }
        town
    }

    pub(crate) fn client(&self) -> Client {
        Client::open(&Target { dir: Some(self.dir.clone()), config: None }).unwrap()
    }

    /// Waits until every model has read what was recorded.
    pub(crate) async fn settled(&self) {
        self.client().settle().await.unwrap();
    }

    fn at(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) }
    }
}

impl Drop for Town {
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

/// Somebody of the demo, signed in.
pub(crate) struct Desk<'a> {
    town: &'a Town,
    browser: Browser,
    csrf: String,
}

type Fields = Vec<(String, String)>;

fn owned(fields: &[(&str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

impl<'a> Desk<'a> {
    pub(crate) async fn of(town: &'a Town, user: &str) -> Self {
        Self::entering(town, user, "/entra/avvia?poi=/").await
    }

    /// The same, having shown a second factor.
    pub(crate) async fn certain(town: &'a Town, user: &str) -> Self {
        Self::entering(town, user, "/entra/avvia?poi=/&secondo=1").await
    }

    async fn entering(town: &'a Town, user: &str, by: &str) -> Self {
        let mut browser = Browser::open();
        let begun = browser.get(&town.at(by)).await;
        let list = browser.follow(begun, |_| false).await.unwrap();
        let mut fields = list.hidden();
        fields.push(("utente".into(), user.into()));
        let chosen = browser.post(&town.at("/demo/emittente/autorizza"), &town.url, &fields).await;
        let page = browser.follow(chosen, |_| false).await.unwrap();
        assert_eq!(page.status, 200, "{user}: {}", page.text);
        let csrf = page.field("csrf");
        Self { town, browser, csrf }
    }

    pub(crate) async fn opens(&mut self, path: &str) -> Page {
        let page = self.browser.get(&self.town.at(path)).await;
        self.browser.follow(page, |_| false).await.unwrap()
    }

    async fn posts(&mut self, path: &str, fields: Fields) -> Page {
        let url = self.town.at(path);
        let page = self.browser.post(&url, &self.town.url, &fields).await;
        self.browser.follow(page, |_| false).await.unwrap()
    }

    /// A form with her own token.
    pub(crate) async fn sends(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut fields = owned(fields);
        fields.push(("csrf".into(), self.csrf.clone()));
        self.posts(path, fields).await
    }

    /// The same without her token, as another page would have her browser send it.
    pub(crate) async fn is_made_to_send(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.posts(path, owned(fields)).await
    }

    pub(crate) async fn searches(&mut self, fields: &[(&str, &str)]) -> Page {
        let mut fields = fields.to_vec();
        fields.push(("scopo", "care"));
        self.sends("/persone/cerca", &fields).await
    }

    /// From the results to the form, with what was typed.
    pub(crate) async fn takes_over(&mut self, found: &Page) -> Page {
        let form = found.text.split_once("action=\"/persone/nuova\"").unwrap().1;
        let fields = hidden(form.split_once("</form>").unwrap().0);
        self.posts("/persone/nuova", fields).await
    }

    pub(crate) async fn registers(&mut self, service: &str, fields: &[(&str, &str)]) -> Page {
        let form = self.opens("/persone/nuova").await;
        self.registers_from(&form, service, fields).await
    }

    /// Fills in the form as it is shown, with these fields instead.
    pub(crate) async fn registers_from(
        &mut self,
        form: &Page,
        service: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let text = form.text.split_once("<form class=\"card\"").unwrap().1;
        let text = text.split_once("</form>").unwrap().0;
        let mut all = hidden(text);
        for name in ["cognome", "nome", "nascita"] {
            let (_, field) = text.split_once(&format!("name=\"{name}\"")).unwrap();
            let (_, value) = field.split_once("value=\"").unwrap();
            all.push((name.into(), value.split('"').next().unwrap().to_owned()));
        }
        let (before, _) = text.split_once(&format!(">{service}")).unwrap();
        let option = before.rsplit_once("value=\"").unwrap().1.split('"').next().unwrap();
        all.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        all.extend(owned(fields));
        all.push(("servizio".into(), option.to_owned()));
        let page = self.posts("/persone/nuova", all.clone()).await;
        if page.url.path().contains("/accoglienza/") {
            // The next step is open at once; her page, once the read models know her.
            self.town.settled().await;
            let person = page.url.path().split('/').nth(2).unwrap();
            return self.opens(&format!("/persone/{person}?scopo=care")).await;
        }
        if page.url.query().is_none_or(|query| !query.contains("fatta=")) {
            return page;
        }
        // The read models were not there yet, and the page said so; sent again it is the same.
        self.town.settled().await;
        self.posts("/persone/nuova", all).await
    }

    /// One of the three answers about the first candidate of the page.
    pub(crate) async fn answers(&mut self, page: &Page, answer: &str, reasons: &[&str]) -> Page {
        let (_, form) = page.text.split_once("class=\"f-access judged\"").unwrap();
        let mut fields = hidden(form.split_once("</form>").unwrap().0);
        fields.extend(reasons.iter().map(|reason| ("motivo".into(), (*reason).to_owned())));
        fields.push(("risposta".into(), answer.to_owned()));
        self.posts(page.url.path(), fields).await
    }

    /// Says on the page of a person's links that the record with this code is she too.
    pub(crate) async fn names(&mut self, page: &Page, code: &str) -> Page {
        let (_, form) = page.text.split_once("aria-labelledby=\"nota\"").unwrap();
        let mut fields = hidden(form.split_once("</form>").unwrap().0);
        fields.extend(owned(&[
            ("codice", code),
            ("motivo", "person_says_so"),
            ("risposta", "lei"),
        ]));
        self.posts(page.url.path(), fields).await
    }

    /// Hidden fields of one form.
    pub(crate) fn hidden(form: &str) -> Fields {
        hidden(form)
    }

    /// Undoes the first link of the page.
    pub(crate) async fn unlinks(&mut self, page: &Page, reason: &str) -> Page {
        let (_, form) = page.text.split_once("<details>").unwrap();
        let mut fields = hidden(form.split_once("</form>").unwrap().0);
        fields.extend(owned(&[("motivo", reason), ("risposta", "scollega")]));
        self.posts(page.url.path(), fields).await
    }
}

/// Hidden fields of one form.
fn hidden(form: &str) -> Fields {
    let parts = form.split("<input type=\"hidden\" name=\"").skip(1);
    parts
        .map(|part| {
            let (name, rest) = part.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        })
        .collect()
}
