//! Chromium without a window, driven over its own pipe: each message is JSON with a zero byte behind
//! it (the `DevTools` protocol). No driver and no crate stands between.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trama_platform::clock::random_id;

/// Longest wait for anything that must happen.
const MUST_HAPPEN: Duration = Duration::from_mins(1);
/// By which names it is installed, as `deploy/install` looks for it.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Set where these tests may pass without Chromium. `tests/all` sets it and says what was not tried.
const WITHOUT: &str = "TRAMA_TESTS_WITHOUT_CHROMIUM";
/// The pipe is on descriptors 3 and 4 there.
const PIPED: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#;
/// It asks nobody but us.
const OPTIONS: [&str; 12] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--disable-extensions",
    "--disable-component-update",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];

/// What came from it: answers and events, as they came.
#[derive(Default)]
struct Heard {
    messages: Vec<Value>,
    ended: bool,
}

/// One Chromium with an empty profile, stopped by pid.
pub(crate) struct Chromium {
    process: Child,
    profile: PathBuf,
    pipe: Mutex<ChildStdin>,
    last: AtomicU64,
    heard: Arc<(Mutex<Heard>, Condvar)>,
}

impl Chromium {
    /// `None` only for who said that she goes without, where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let installed = |name: &&str| {
            let version = Command::new(name).arg("--version").stderr(Stdio::null()).output();
            version.is_ok_and(|output| output.status.success())
        };
        let Some(name) = NAMES.into_iter().find(installed) else {
            assert!(
                std::env::var_os(WITHOUT).is_some(),
                "Chromium is missing, so no page can be opened in a browser: run \
                 deploy/install --browser, or set {WITHOUT}=1 to go without, as tests/all does and \
                 says"
            );
            return None;
        };
        let profile = std::env::temp_dir().join(format!("trama-chromium-{}", random_id().simple()));
        std::fs::create_dir_all(&profile).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", PIPED, name]).args(OPTIONS);
        command.arg(format!("--user-data-dir={}", profile.display()));
        let log = std::fs::File::create(profile.join("stderr.log")).unwrap();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut process = command.spawn().unwrap();
        let pipe = Mutex::new(process.stdin.take().unwrap());
        let mut from = BufReader::new(process.stdout.take().unwrap());
        let heard = Arc::<(Mutex<Heard>, Condvar)>::default();
        let all = Arc::clone(&heard);
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while from.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                let told = message.strip_suffix(&[0]).unwrap_or(&message);
                all.0.lock().unwrap().messages.extend(serde_json::from_slice::<Value>(told));
                all.1.notify_all();
                message.clear();
            }
            all.0.lock().unwrap().ended = true;
            all.1.notify_all();
        });
        Some(Self { process, profile, pipe, last: AtomicU64::new(0), heard })
    }

    /// Somebody else's browser: no cookie is shared with another one's.
    pub(crate) fn somebody(&self) -> Somebody<'_> {
        let made = self.asks(None, "Target.createBrowserContext", &json!({}));
        Somebody { chromium: self, context: made["browserContextId"].as_str().unwrap().to_owned() }
    }

    fn asks(&self, session: Option<&str>, method: &str, parameters: &Value) -> Value {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.pipe.lock().unwrap().write_all(&bytes).unwrap();
        let answer = self.awaits(0, method, |message| message["id"] == json!(id));
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    /// How many messages have come.
    fn mark(&self) -> usize {
        self.heard.0.lock().unwrap().messages.len()
    }

    /// The first message after a mark of which this holds.
    fn awaits(&self, mark: usize, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let (heard, told) = &*self.heard;
        let nothing_yet =
            |heard: &mut Heard| !heard.ended && !heard.messages.iter().skip(mark).any(&holds);
        let guard = heard.lock().unwrap();
        let (guard, _) = told.wait_timeout_while(guard, MUST_HAPPEN, nothing_yet).unwrap();
        let found = guard.messages.iter().skip(mark).find(|message| holds(message)).cloned();
        found.unwrap_or_else(|| panic!("the browser never told: {what}"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It holds nothing that would need a clean end; its children end with the pipe.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// One person's browser.
pub(crate) struct Somebody<'a> {
    chromium: &'a Chromium,
    context: String,
}

impl<'a> Somebody<'a> {
    /// A window of this width, with nothing in it.
    pub(crate) fn window(&self, width: u32) -> Window<'a> {
        let target = json!({ "url": "about:blank", "browserContextId": self.context });
        let made = self.chromium.asks(None, "Target.createTarget", &target);
        let attach = json!({ "targetId": made["targetId"], "flatten": true });
        let attached = self.chromium.asks(None, "Target.attachToTarget", &attach);
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        let window = Window { chromium: self.chromium, session };
        for domain in ["Page", "Runtime", "Log"] {
            window.asks(&format!("{domain}.enable"), &json!({}));
        }
        window.is_wide(width);
        window
    }
}

/// One window with a page.
pub(crate) struct Window<'a> {
    chromium: &'a Chromium,
    session: String,
}

impl Window<'_> {
    fn asks(&self, method: &str, parameters: &Value) -> Value {
        self.chromium.asks(Some(&self.session), method, parameters)
    }

    /// Symbols of a telephone are narrower than those of a desk.
    pub(crate) fn is_wide(&self, width: u32) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1,
            "mobile": width < 768 });
        self.asks("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Pages run no script from now on.
    pub(crate) fn runs_no_script(&self) {
        self.asks("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// Does what leads to another page, and waits until that is there.
    pub(crate) fn leaves(&self, leave: impl FnOnce()) {
        let mark = self.chromium.mark();
        leave();
        self.chromium.awaits(mark, "a page", |message| {
            message["method"] == json!("Page.loadEventFired")
                && message["sessionId"] == json!(self.session)
        });
    }

    pub(crate) fn goes_to(&self, url: &str) {
        self.leaves(|| {
            self.asks("Page.navigate", &json!({ "url": url }));
        });
    }

    /// Strikes a key that leads to another page.
    pub(crate) fn strikes_and_leaves(&self, key: &str) {
        self.leaves(|| self.strikes(key));
    }

    /// Presses what this selects, which leads to another page.
    pub(crate) fn follows(&self, selector: &str) {
        self.leaves(|| self.presses(selector));
    }

    pub(crate) fn presses(&self, selector: &str) {
        self.finds(&format!("document.querySelector({}).click()", json!(selector)));
    }

    /// Strikes one key, as a hand does: a letter or digit, `Tab`, `Enter` or an arrow.
    pub(crate) fn strikes(&self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Backspace" => (8, ""),
            "ArrowLeft" => (37, ""),
            "ArrowUp" => (38, ""),
            "ArrowRight" => (39, ""),
            "ArrowDown" => (40, ""),
            letter => (0, letter),
        };
        let down = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [down, "keyUp"] {
            let mut stroke = json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code });
            if kind == "keyDown" {
                stroke["text"] = json!(text);
            }
            self.asks("Input.dispatchKeyEvent", &stroke);
        }
    }

    /// Types a text, key by key; how many keys that were.
    pub(crate) fn types(&self, text: &str) -> usize {
        text.chars().map(|symbol| self.strikes(&symbol.to_string())).count()
    }

    /// Her cookies are gone, as after a session that ended.
    pub(crate) fn forgets(&self) {
        self.asks("Network.clearBrowserCookies", &json!({}));
    }

    /// Her cookies by name, as the browser holds them.
    pub(crate) fn cookies(&self) -> Vec<(String, String)> {
        let held = self.asks("Network.getCookies", &json!({}));
        let text = |cookie: &Value, name: &str| cookie[name].as_str().unwrap().to_owned();
        let cookies = held["cookies"].as_array().unwrap();
        cookies.iter().map(|cookie| (text(cookie, "name"), text(cookie, "value"))).collect()
    }

    /// Somebody else put a cookie there, as a page of a neighbour on this host may.
    pub(crate) fn is_given(&self, url: &str, (name, value): (&str, &str)) {
        let cookie =
            json!({ "url": url, "name": name, "value": value, "path": "/", "secure": true });
        let put = self.asks("Network.setCookie", &cookie);
        assert_eq!(put["success"], json!(true), "{name} could not be put there");
    }

    /// From now on what a page forbids its scripts is not forbidden; from the next page on.
    pub(crate) fn forbids_nothing(&self) {
        self.asks("Page.setBypassCSP", &json!({ "enabled": true }));
    }

    /// One page back, as her button does; also to one that the browser kept alive.
    pub(crate) fn goes_back(&self) {
        let history = self.asks("Page.getNavigationHistory", &json!({}));
        let before = history["currentIndex"].as_u64().unwrap() - 1;
        let entry = &history["entries"][usize::try_from(before).unwrap()]["id"];
        let mark = self.chromium.mark();
        self.asks("Page.navigateToHistoryEntry", &json!({ "entryId": entry }));
        self.chromium.awaits(mark, "the page before", |message| {
            message["sessionId"] == json!(self.session)
                && message["method"] == json!("Page.frameNavigated")
                && message["params"]["frame"]["parentId"].is_null()
        });
        self.finds(
            "new Promise((done) => document.readyState === 'complete' ? done(true) : \
                addEventListener('load', () => done(true)))",
        );
    }

    /// Where the frames of the page went: an address of ours where they show a page of ours.
    pub(crate) fn frames(&self) -> Vec<String> {
        let tree = self.asks("Page.getFrameTree", &json!({}));
        let frames = tree["frameTree"]["childFrames"].as_array().cloned().unwrap_or_default();
        frames.iter().map(|frame| frame["frame"]["url"].as_str().unwrap().to_owned()).collect()
    }

    /// What an expression says on the page; a promise is waited for.
    pub(crate) fn finds(&self, expression: &str) -> Value {
        let asked =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let told = self.asks("Runtime.evaluate", &asked);
        assert!(told["exceptionDetails"].is_null(), "{expression}: {}", told["exceptionDetails"]);
        told["result"]["value"].clone()
    }

    /// Waits until an expression holds on the page, which is looked at whenever it changes.
    pub(crate) fn sees(&self, expression: &str, within: Duration) {
        let within = within.as_millis();
        let promise = format!(
            "new Promise((done, late) => {{ \
                const look = () => {{ if ({expression}) {{ watch.disconnect(); done(true); }} }}; \
                const watch = new MutationObserver(look); \
                watch.observe(document, {{ subtree: true, childList: true, attributes: true, \
                    characterData: true }}); \
                setTimeout(() => late(new Error('not within {within} ms: ' + \
                    document.querySelector('main').innerText)), {within}); \
                look(); }})"
        );
        self.finds(&promise);
    }

    /// What the browser complained of: what a policy forbade, what failed, what was not caught.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let heard = self.chromium.heard.0.lock().unwrap();
        let of_this = heard.messages.iter().filter(|m| m["sessionId"] == json!(self.session));
        let complaint = |message: &Value| match message["method"].as_str() {
            Some("Runtime.exceptionThrown" | "Runtime.consoleAPICalled") => {
                Some(message["params"].to_string())
            }
            Some("Log.entryAdded") => Some(message["params"]["entry"].to_string()),
            Some("Page.javascriptDialogOpening") => Some(message["params"].to_string()),
            _ => None,
        };
        of_this.filter_map(complaint).collect()
    }

    /// The whole page as a picture.
    pub(crate) fn is_drawn(&self, to: &Path) {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let drawn = self.asks("Page.captureScreenshot", &whole);
        std::fs::write(to, STANDARD.decode(drawn["data"].as_str().unwrap()).unwrap()).unwrap();
    }
}
