//! What somebody else sets up against a worker who is signed in: forms and frames on another site, a
//! session planted in her browser, another worker in a second window, and whoever sits down after her.

use std::time::{Duration, Instant};

use serde_json::json;
use trama_events::ids::{PersonId, ServiceId};
use trama_platform::clock::{pause, random_id};
use trama_platform::sign_in::SESSION_COOKIE;

use super::chromium::{Chromium, Somebody, Window};
use super::demo::{Demo, actor};
use super::stranger::{SILENT, Stranger};
use super::{GOES_WITHIN, WIDTHS, rows, words};

/// What a form is answered that no page of this session sent.
const NOT_OURS: &str = "Modulo non accettato";

/// Fields of a form.
type Fields = Vec<(&'static str, String)>;

/// An order of the console: where its form goes, and what it carries beside the token.
struct Order {
    path: String,
    fields: Fields,
}

impl Order {
    fn to(path: impl Into<String>, fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { path: path.into(), fields }
    }

    fn with(&self, csrf: &str) -> Fields {
        let mut fields = self.fields.clone();
        fields.push(("csrf", csrf.to_owned()));
        fields
    }
}

/// Somebody in care of a worker, whom she sent on.
struct Scene {
    demo: Demo,
    person: PersonId,
    referral: String,
    own: ServiceId,
    other: ServiceId,
}

impl Scene {
    async fn begins() -> Self {
        let demo = Demo::start().await;
        let (marta, dario) = (actor("marta.assistente"), actor("dario.dormitorio"));
        let person = demo.meets("Nives").await;
        demo.opens_case(&marta, person).await;
        let referral = demo.refers(person, &marta, &dario).await;
        demo.settled().await;
        Self { demo, person, referral, own: marta.services[0], other: dario.services[1] }
    }

    /// Takes a referral back.
    fn withdraws(&self) -> Order {
        let fields = [("mossa", "ritira"), ("ritiro", "mistake"), ("chiave", "a-key-of-hers")];
        Order::to(format!("/invii/{}", self.referral), &fields)
    }

    /// Writes down that somebody came.
    fn meets_somebody(&self) -> Order {
        let own = self.own.to_string();
        let key = random_id().to_string();
        Order::to("/contatti/nuovo", &[("servizio", &own), ("canale", "desk"), ("chiave", &key)])
    }

    /// Orders of a case manager, each complete: with her token from a page of ours it is obeyed.
    fn orders(&self) -> Vec<Order> {
        let (own, other) = (self.own.to_string(), self.other.to_string());
        let person = self.person.to_string();
        let (hers, key) = (format!("/persone/{person}"), random_id().to_string());
        let obscured = format!("servizio-{other}");
        vec![
            self.withdraws(),
            self.meets_somebody(),
            Order::to("/esci", &[]),
            Order::to("/entra/accesso", &[]),
            Order::to("/entra/incarico", &[("incarico", &person)]),
            Order::to("/aiuto", &[("tasti", "spenti")]),
            Order::to("/persone/cerca", &[("q", "Nives"), ("scopo", "care")]),
            Order::to(
                "/persone/nuova",
                &[
                    ("passo", "registra"),
                    ("chiave", &key),
                    ("servizio", &own),
                    ("stato", "anonymous"),
                ],
            ),
            Order::to(
                "/invii/nuovo",
                &[
                    ("chiave", &key),
                    ("persona", &person),
                    ("a", &other),
                    ("da", &own),
                    ("bisogno", "housing"),
                    ("urgenza", "urgent"),
                    ("sezioni", "identity"),
                ],
            ),
            Order::to(
                format!("{hers}/scelte"),
                &[("passo", "servizio"), ("servizio", &obscured), ("modo", "said")],
            ),
            Order::to(
                format!("{hers}/emergenza"),
                &[
                    ("chiave", &key),
                    ("motivo", "life_at_risk"),
                    ("classe", "identity"),
                    ("parole", "Una ragione inventata."),
                ],
            ),
            Order::to(
                format!("{hers}/accoglienza/bisogno"),
                &[("chiave", &key), ("servizio", &own), ("bisogno-housing", "3")],
            ),
            Order::to(format!("{hers}/collegamenti"), &[("chiave", &key), ("passo", "collega")]),
            Order::to(format!("{hers}/sposta"), &[("chiave", &key), ("passo", "annulla")]),
        ]
    }

    /// What this is answered by who holds a cookie, and what it does.
    async fn asks(&self, request: reqwest::RequestBuilder, cookie: &str) -> Answer {
        let request = request.header("cookie", format!("{SESSION_COOKIE}={cookie}"));
        let answer = request.header("accept", "text/html").send().await.unwrap();
        let told = |name| {
            let value = answer.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        let (to, kept) = (told("location"), told("set-cookie"));
        Answer { status: answer.status().as_u16(), to, kept, text: answer.text().await.unwrap() }
    }

    /// Where a cookie leads on the start page.
    async fn opens(&self, cookie: &str) -> Answer {
        self.asks(http().get(self.demo.at("/")), cookie).await
    }

    async fn sends(
        &self,
        path: &str,
        fields: &Fields,
        headers: &[(&str, &str)],
        cookie: &str,
    ) -> Answer {
        let mut body = reqwest::Url::parse("http://form/").unwrap();
        body.query_pairs_mut().extend_pairs(fields);
        let mut request = http()
            .post(self.demo.at(path))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.query().unwrap_or_default().to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.asks(request, cookie).await
    }

    async fn events(&self) -> i64 {
        self.demo.client.events().await.unwrap()
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    to: String,
    kept: String,
    text: String,
}

/// Follows nobody and keeps no cookie.
fn http() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy();
    client.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

fn session_of(window: &Window<'_>) -> String {
    let mut held = window.cookies().into_iter().filter(|(name, _)| name == SESSION_COOKIE);
    held.next().map(|(_, value)| value).expect("she is signed in")
}

fn token_of(window: &Window<'_>) -> String {
    let token = window.finds("document.querySelector('form[action=\"/esci\"] [name=csrf]').value");
    token.as_str().unwrap().to_owned()
}

/// Sends a form from the page that is open, wherever that is.
fn posts(window: &Window<'_>, action: &str, fields: &Fields) {
    window.finds(&format!(
        "(() => {{ const form = document.createElement('form'); \
            form.method = 'post'; form.action = {}; \
            for (const [name, value] of {}) {{ const field = document.createElement('input'); \
                field.name = name; field.value = value; form.append(field); }} \
            const sends = document.createElement('button'); sends.id = 'sends'; \
            form.append(sends); document.body.append(form); }})()",
        json!(action),
        json!(fields)
    ));
    window.follows("#sends");
}

/// Whoever knows a session before somebody signs in does not know hers after it.
async fn a_session_that_was_planted_is_not_the_one_after_signing_in<'a>(
    scene: &Scene,
    chromium: &'a Chromium,
    hers: &Somebody<'a>,
) -> Window<'a> {
    let demo = &scene.demo;
    let attacker = demo.seats(&chromium.somebody(), "nicola.mensa", "/");
    let planted = session_of(&attacker);
    assert_eq!(scene.opens(&planted).await.status, 200, "it is one that holds");
    let window = hers.window(WIDTHS[0]);
    window.is_given(&demo.url, (SESSION_COOKIE, &planted));
    window.goes_to(&demo.at("/entra/avvia?poi=/&secondo=1"));
    window.follows("button[value=\"marta.assistente\"]");
    let after = session_of(&window);
    assert_ne!(after, planted, "signing in gives a new session");
    let named = scene.opens(&after).await.text;
    assert!(named.contains("Marta") && !named.contains("Nicola"), "it is hers");
    let led = scene.opens(&planted).await;
    assert_eq!((led.status, led.to.as_str()), (303, "/entra?poi=/"), "the old one opens nothing");
    window
}

/// A form that another site sends in her name is refused, though it knows her token; so is one of
/// whom nobody says where it comes from, and one of ours with another token.
async fn an_order_that_no_page_of_hers_sent_does_nothing(scene: &Scene, cookie: &str, csrf: &str) {
    let own = scene.demo.url.as_str();
    let before = scene.events().await;
    // Formed like a token: 32 bytes in base64url.
    let other = format!("{}{}", "Z".repeat(42), "A");
    let by_others: [&[(&str, &str)]; 6] = [
        &[],
        &[("origin", "null")],
        &[("origin", "https://elsewhere.example")],
        &[("origin", own), ("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "null"), ("sec-fetch-site", "same-origin")],
    ];
    let ours: &[(&str, &str)] = &[("origin", own), ("sec-fetch-site", "same-origin")];
    let mut tried: Vec<(&[(&str, &str)], &str)> = by_others.map(|by| (by, csrf)).to_vec();
    tried.extend(["", "x", other.as_str()].map(|token| (ours, token)));
    for order in scene.orders() {
        for (headers, token) in &tried {
            let answer = scene.sends(&order.path, &order.with(token), headers, cookie).await;
            let what = format!("{} {headers:?} {token}: {answer:?}", order.path);
            assert_eq!((answer.status, answer.to.as_str()), (403, ""), "{what}");
            assert!(answer.text.contains(NOT_OURS) && answer.kept.is_empty(), "{what}");
        }
    }
    for headers in by_others {
        let fields = vec![("lingua", "en".to_owned())];
        let answer = scene.sends("/lingua", &fields, headers, cookie).await;
        assert_eq!((answer.status, answer.kept.as_str()), (404, ""), "{headers:?}");
    }
    assert_eq!(scene.events().await, before, "nothing was recorded");
    assert_eq!(scene.opens(cookie).await.status, 200, "nobody was signed out");

    let order = scene.meets_somebody();
    let done = scene.sends(&order.path, &order.with(csrf), ours, cookie).await;
    assert_eq!(done.status, 303, "the same from a page of ours is obeyed: {done:?}");
    assert!(scene.events().await > before);
}

/// The same in a browser, which sends her cookie along, and says from where.
async fn forms_on_another_site_are_refused_and_read_nothing(
    scene: &Scene,
    window: &Window<'_>,
    stranger: &Stranger,
) {
    let (before, csrf) = (scene.events().await, token_of(window));
    for page in ["/", SILENT] {
        let mut orders = vec![scene.withdraws(), scene.meets_somebody(), Order::to("/esci", &[])];
        orders.push(Order::to("/lingua", &[("lingua", "en")]));
        for order in orders {
            window.goes_to(&format!("{}{page}", stranger.url));
            posts(window, &scene.demo.at(&order.path), &order.with(&csrf));
            let told = words(window);
            let refusal = if order.path == "/lingua" { "Non trovato" } else { NOT_OURS };
            assert!(told.contains(refusal), "{page} {}: {told}", order.path);
        }
    }
    window.goes_to(&stranger.url);
    let read = format!(
        "fetch({}, {{ credentials: 'include' }}).then((answer) => answer.text(), () => null)",
        json!(scene.demo.at("/"))
    );
    assert_eq!(window.finds(&read), json!(null), "another site reads a page of ours");
    window.goes_to(&scene.demo.at("/"));
    assert_eq!(token_of(window), csrf, "she is signed in as before");
    assert_eq!(window.finds("document.documentElement.lang"), json!("it"));
    assert_eq!(scene.events().await, before, "nothing was recorded");
}

/// Nobody is led to press what she does not see: no page of ours shows in a frame.
fn no_page_shows_in_a_frame_of_another_site(
    scene: &Scene,
    window: &Window<'_>,
    stranger: &Stranger,
) {
    let hers = format!("/persone/{}", scene.person);
    let send = format!("/invii/nuovo?persona={}", scene.person);
    window.goes_to(&stranger.url);
    for (path, element, source) in [
        ("/", "iframe", "src"),
        (hers.as_str(), "iframe", "src"),
        (send.as_str(), "iframe", "src"),
        ("/entra", "iframe", "src"),
        ("/entra/accesso", "iframe", "src"),
        ("/nulla", "iframe", "src"),
        (hers.as_str(), "object", "data"),
        (hers.as_str(), "embed", "src"),
    ] {
        window.finds(&format!(
            "new Promise((done) => {{ document.body.replaceChildren(); \
                const frame = document.createElement({element:?}); \
                frame.onload = frame.onerror = () => done(true); \
                frame[{source:?}] = {}; document.body.append(frame); }})",
            json!(scene.demo.at(path))
        ));
        let frames = window.frames();
        let shows = frames.iter().any(|url| url.starts_with(&scene.demo.url));
        assert!(!shows, "{path} in an {element}: {frames:?}");
    }
    window.finds(
        "new Promise((done) => { const frame = document.createElement('iframe'); \
            frame.onload = () => done(true); frame.src = '/'; document.body.append(frame); })",
    );
    let shown = window.frames().iter().any(|url| url.starts_with(&stranger.url));
    assert!(shown, "a page that allows it would show: {:?}", window.frames());
}

/// In two windows of one browser there is one session: a form of the one that was before is refused
/// and says so, and what it showed goes.
async fn a_form_of_who_was_signed_in_before_is_not_obeyed_as_somebody_elses<'a>(
    scene: &Scene,
    hers: &Somebody<'a>,
) -> Window<'a> {
    let (demo, person) = (&scene.demo, scene.person);
    let (form, record) = (hers.window(WIDTHS[0]), hers.window(WIDTHS[0]));
    form.goes_to(&demo.at(&format!("/invii/nuovo?persona={person}&a={}", scene.other)));
    form.finds("document.getElementById('bisogno').value = 'housing'");
    record.goes_to(&demo.at(&format!("/persone/{person}")));
    record.sees(super::LISTENS, super::LISTENS_WITHIN);
    assert!(rows(&record) > 0);
    let before = scene.events().await;

    let his = hers.window(WIDTHS[0]);
    his.goes_to(&demo.at("/entra/avvia?poi=/&secondo=1"));
    his.follows("button[value=\"dario.dormitorio\"]");
    form.follows("form.composer button[type=submit]");
    let told = words(&form);
    assert!(told.contains(NOT_OURS) && told.contains("nulla è stato fatto"), "{told}");
    assert_eq!(scene.events().await, before, "nothing was done, as anybody");
    record.sees("document.querySelector('[data-chiave]') === null", GOES_WITHIN);
    form.goes_to(&demo.at("/"));
    let viewer = form.finds("document.querySelector('.viewer').innerText");
    assert!(viewer.as_str().unwrap().contains("Dario"), "whoever looks now is named: {viewer}");
    his
}

/// Waits until something holds where the browser ends up; a page may lead on to another one.
async fn ends_where(window: &Window<'_>, holds: &str) {
    let since = Instant::now();
    let there = format!("document.querySelector('main') !== null && {holds}");
    while window.finds(&there) != json!(true) {
        assert!(since.elapsed() < GOES_WITHIN, "{}", words(window));
        pause(Duration::from_millis(50)).await;
    }
}

/// Whoever sits down after her and goes back finds nothing, in no copy that the browser kept; and
/// the session is over on the server, whoever still has its name.
async fn after_signing_out_nobody_goes_back_to_what_was_shown(scene: &Scene, his: &Window<'_>) {
    let inbox = scene.demo.at("/");
    let gone = "document.querySelector('[data-chiave]') === null && \
        document.querySelector('form[action=\"/esci\"]') === null";
    his.goes_to(&inbox);
    assert!(rows(his) > 0, "there is something to be seen");
    let held = session_of(his);
    assert_eq!(scene.opens(&held).await.status, 200);
    his.follows("form[action='/esci'] button");
    assert!(his.cookies().iter().all(|(name, _)| name != SESSION_COOKIE), "the cookie went");
    let led = scene.opens(&held).await;
    assert_eq!((led.status, led.to.as_str()), (303, "/entra?poi=/"), "it is over on the server");
    let kept = "fetch('/', { cache: 'only-if-cached', mode: 'same-origin' }) \
        .then((answer) => answer.status, () => null)";
    assert!([json!(null), json!(504)].contains(&his.finds(kept)), "nothing was kept");
    his.goes_back();
    ends_where(his, gone).await;
    assert_eq!(his.finds("location.pathname"), json!("/entra"));

    // The same where a session ended by itself, and nobody cleared anything.
    his.goes_to(&scene.demo.at("/entra/avvia?poi=/"));
    his.follows("button[value=\"dario.dormitorio\"]");
    assert!(rows(his) > 0);
    his.goes_to(&scene.demo.at("/aiuto"));
    his.forgets();
    his.goes_back();
    ends_where(his, gone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_acts_in_the_name_of_who_is_signed_in_nor_reads_what_she_left_t15() {
    let Some(chromium) = Chromium::start() else { return };
    let (scene, stranger) = (Scene::begins().await, Stranger::opens());
    let hers = chromium.somebody();
    let window =
        a_session_that_was_planted_is_not_the_one_after_signing_in(&scene, &chromium, &hers).await;
    let (cookie, csrf) = (session_of(&window), token_of(&window));
    an_order_that_no_page_of_hers_sent_does_nothing(&scene, &cookie, &csrf).await;
    forms_on_another_site_are_refused_and_read_nothing(&scene, &window, &stranger).await;
    no_page_shows_in_a_frame_of_another_site(&scene, &window, &stranger);
    let his =
        a_form_of_who_was_signed_in_before_is_not_obeyed_as_somebody_elses(&scene, &hers).await;
    after_signing_out_nobody_goes_back_to_what_was_shown(&scene, &his).await;
}
