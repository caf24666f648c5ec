//! What a screen says when there is nothing, when it was asked wrongly, when it is not hers, when it
//! hears nothing, and how it is used where no script runs. One installation for all of it.

use std::time::Duration;

use serde_json::{Value, json};
use trama_events::ids::{PersonId, ReferralId, ServiceId};
use trama_platform::clock::random_id;

use super::chromium::{Chromium, Somebody, Window};
use super::demo::{Demo, actor};
use super::{AGAIN_WITHIN, LISTENS, LISTENS_WITHIN, LOST, SHOWS_WITHIN, WIDTHS, rows, words};

/// Asks addresses and reads their pages without going there: status, language, title, the words of
/// the page, and what is empty on it without saying so. What differs each time is left out.
const READS: &str = r#"async (asked) => {
    const csrf = document.querySelector('[name=csrf]').value;
    const one = async ([path, fields]) => {
        const form = fields && new URLSearchParams({ csrf, ...fields });
        const answer = await fetch(path, { method: form ? 'POST' : 'GET', body: form,
            headers: { Accept: 'text/html' } });
        const text = (await answer.text()).replaceAll(csrf, '').replace(/data-resta="\d*"/, '');
        const page = new DOMParser().parseFromString(text, 'text/html');
        const main = page.querySelector('main');
        const mute = [...main.querySelectorAll('ul, ol, tbody, dl, figure')]
            .filter((list) => list.childElementCount === 0).map((list) => list.outerHTML);
        return { path, status: answer.status, text, lang: page.documentElement.lang, mute,
            title: main.querySelector('h1')?.textContent ?? '',
            says: [...main.querySelectorAll('p, li, legend')].map((one) => one.textContent.trim())
                .filter((words) => words.length > 12).length,
            words: main.textContent.replace(/\s+/g, ' ') };
    };
    const read = [];
    for (const question of asked) read.push(await one(question));
    return read;
}"#;

/// The pages of these addresses, as the one that is open is answered them.
fn read(window: &Window<'_>, asked: &[(String, Value)]) -> Vec<Value> {
    let told = window.finds(&format!("({READS})({})", json!(asked)));
    told.as_array().unwrap().clone()
}

fn pages(paths: &[&str]) -> Vec<(String, Value)> {
    paths.iter().map(|path| ((*path).to_owned(), Value::Null)).collect()
}

fn speaks(window: &Window<'_>, language: &str) {
    window.follows(&format!("form.tongues button[value={language}]"));
}

/// Somebody in care of Marta, whom she sent to the night shelter.
struct Scene {
    demo: Demo,
    person: PersonId,
    referral: String,
    /// Somebody of whom nothing was written but that she is there.
    new: PersonId,
}

impl Scene {
    async fn begins() -> Self {
        let demo = Demo::start().await;
        let (marta, dario) = (actor("marta.assistente"), actor("dario.dormitorio"));
        let person = demo.meets("Olga").await;
        demo.opens_case(&marta, person).await;
        let referral = demo.refers(person, &marta, &dario).await;
        let sara = actor("sara.segretariato");
        let new = PersonId::derived(&["live", "new"]);
        let body = json!({ "person": new, "service": sara.services[0], "status": "anonymous" });
        demo.does(&sara, "/api/intake/persons", body).await;
        demo.settled().await;
        Self { demo, person, referral, new }
    }
}

/// Every page that her role may not open, and every form, is answered as one that is not there, word
/// for word, in both languages.
fn what_is_not_hers_is_as_what_is_not_there(scene: &Scene, window: &Window<'_>) {
    let Scene { person, referral, .. } = scene;
    let hers = format!("/persone/{person}");
    let mut asked = pages(&[
        "/persone",
        "/persone/nuova",
        "/contatti/nuovo",
        "/rete",
        "/rete/flussi.csv",
        "/registro",
        "/registro/insoliti",
        "/registro/ricostruisci",
        "/registro/integrita",
        "/accessi",
        "/sistema",
        "/riservato",
        &hers,
        &format!("{hers}/scelte"),
        &format!("{hers}/chi-sapeva"),
        &format!("{hers}/collegamenti"),
        &format!("{hers}/accoglienza/bisogno"),
        &format!("{hers}/emergenza"),
        &format!("{hers}/sposta?voce=x"),
        &format!("{hers}/spostamenti"),
        &format!("{hers}/accessi"),
        &format!("/invii/nuovo?persona={person}"),
        &format!("/invii/{referral}"),
        &format!("/verifiche/{}", random_id()),
    ]);
    for form in ["/persone/nuova", "/contatti/nuovo", "/invii/nuovo", "/sistema", "/riservato"] {
        asked.push((form.to_owned(), json!({ "chiave": "a-key-of-hers" })));
    }
    let mut titles = Vec::new();
    for language in ["it", "en"] {
        speaks(window, language);
        let nowhere = read(window, &pages(&["/nulla"])).remove(0);
        assert_eq!((&nowhere["status"], &nowhere["lang"]), (&json!(404), &json!(language)));
        for page in read(window, &asked) {
            assert_eq!(page["status"], json!(404), "{}", page["path"]);
            assert_eq!(page["text"], nowhere["text"], "{} ({language})", page["path"]);
        }
        titles.push(nowhere["title"].clone());
    }
    assert_ne!(titles[0], titles[1], "it is said in two languages");
}

/// What cannot be asked so is said so, with a title, a sentence and a status, and never as a fault.
fn a_wrong_question_is_answered_with_a_sentence(window: &Window<'_>, asked: &[(String, Value)]) {
    let mut wrong = Vec::new();
    for language in ["it", "en"] {
        speaks(window, language);
        for page in read(window, asked) {
            let is_told = [400, 404, 422].map(Value::from).contains(&page["status"])
                && page["lang"] == json!(language)
                && page["title"] != json!("")
                && page["says"].as_u64() > Some(0);
            wrong.extend((!is_told).then(|| told(&page)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page in a line.
fn told(page: &Value) -> String {
    let part = |name: &str| page[name].to_string();
    ["path", "lang", "status", "mute", "words"].map(part).join(" ")
}

/// Where there is nothing, a screen says so in words: no empty table, list or figure stands there.
fn where_there_is_nothing_a_screen_says_so(
    window: &Window<'_>,
    asked: &[(String, Value)],
    said: [&str; 2],
) {
    let mut wrong = Vec::new();
    for (language, said) in ["it", "en"].into_iter().zip(said) {
        speaks(window, language);
        let read = read(window, asked);
        for page in &read {
            let is_told = page["status"] == json!(200)
                && page["mute"] == json!([])
                && page["says"].as_u64() > Some(0);
            wrong.extend((!is_told).then(|| told(page)));
        }
        let says = |page: &Value| page["words"].as_str().unwrap().contains(said);
        let pages: Vec<String> = read.iter().map(told).collect();
        assert!(read.iter().any(says), "nowhere {said}: {}", pages.join("\n"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each of those who have a screen of their own looks at it while nothing has happened.
fn nothing_and_wrong_questions<'a>(scene: &Scene, chromium: &'a Chromium) -> Somebody<'a> {
    let Scene { demo, person, .. } = scene;
    let (hers, unknown) = (format!("/persone/{person}"), ReferralId(random_id()));
    let care = chromium.somebody();
    let marta = demo.seats(&care, "marta.assistente", "/");
    let nobody = format!("/invii/nuovo?persona={person}&a={}", ServiceId(random_id()));
    a_wrong_question_is_answered_with_a_sentence(
        &marta,
        &pages(&[
            "/?lista=altro",
            "/?colore=rosso",
            "/persone?q=Rossi",
            "/persone/x",
            "/rete?dal=ieri",
            "/rete?ats=Bari!",
            "/rete?dal=2026-02-01&al=2026-01-01",
            "/invii/nuovo?persona=x",
            "/invii/x",
            &nobody,
            &format!("/invii/{unknown}"),
            &format!("{hers}?al=ieri"),
            &format!("{hers}?pagina=0"),
            &format!("{hers}?vista=mai"),
            &format!("{hers}/chi-sapeva?al=ieri"),
            &format!("{hers}/scelte?pagina=x"),
            &format!("{hers}/accoglienza/nulla"),
        ]),
    );
    where_there_is_nothing_a_screen_says_so(
        &marta,
        &pages(&[
            "/?lista=per-conoscenza",
            "/?lista=fatte",
            "/rete?dal=2020-01-01&al=2020-12-31",
            &format!("/invii/nuovo?persona={person}&cerca=zzzzz"),
            &format!("{hers}/scelte"),
            &format!("{hers}/chi-sapeva"),
        ]),
        ["Niente di concluso", "Nothing was finished"],
    );
    let sara = demo.seats(&chromium.somebody(), "sara.segretariato", "/persone");
    let mut asked = pages(&[&format!("/persone/{}?scopo=care", scene.new), "/"]);
    asked.push(("/persone/cerca".into(), json!({ "q": "Zzyzx Qwortle", "scopo": "care" })));
    where_there_is_nothing_a_screen_says_so(&sara, &asked, ["Niente da fare", "Nothing to do"]);
    let diego = demo.seats(&chromium.somebody(), "diego.dpo", "/registro");
    let wrong =
        ["/registro?dal=ieri", "/registro/insoliti?dal=ieri", "/registro/ricostruisci?codice=x"];
    a_wrong_question_is_answered_with_a_sentence(&diego, &pages(&wrong));
    let never = [
        "/registro?dal=2020-01-01&al=2020-01-02",
        "/registro/insoliti?dal=2020-01-01&al=2020-01-02",
    ];
    let said = ["Nessun accesso insolito", "No unusual access"];
    where_there_is_nothing_a_screen_says_so(&diego, &pages(&never), said);
    let tina = demo.seats(&chromium.somebody(), "tina.ced", "/sistema");
    where_there_is_nothing_a_screen_says_so(
        &tina,
        &pages(&["/sistema"]),
        ["Tutto regolare", "All is well"],
    );
    care
}

/// Somebody is sent, is accepted and is met by forms alone; what happens in one browser shows in the
/// open page of another within a second, and the hand stays where it was.
fn without_scripts_all_of_it_is_done_and_other_browsers_show_it_within_a_second<'a>(
    scene: &Scene,
    chromium: &'a Chromium,
    care: &Somebody<'a>,
) {
    let Scene { demo, person, .. } = scene;
    let house = chromium.somebody();
    let inbox = demo.seats(&house, "dario.dormitorio", "/");
    speaks(&inbox, "en");
    inbox.sees(LISTENS, LISTENS_WITHIN);
    let before = rows(&inbox);
    let plain = care.window(WIDTHS[1]);
    plain.runs_no_script();
    let other = actor("dario.dormitorio").services[1];
    plain.goes_to(&demo.at(&format!("/persone/{person}")));
    plain.follows(&format!("a[href^=\"/invii/nuovo?persona={person}\"]"));
    plain.follows(&format!("a[href*=\"a={other}\"]"));
    plain.finds("document.getElementById('bisogno').value = 'housing'");
    plain.follows("form.composer button[type=submit]");
    let news = format!(
        "({}) || document.querySelectorAll('[data-chiave]').length > {before}",
        super::NEWS
    );
    inbox.sees(&news, SHOWS_WITHIN);
    let path = plain.finds("location.pathname").as_str().unwrap().to_owned();
    assert!(path.starts_with("/invii/"), "{path}: {}", words(&plain));

    let watched = care.window(WIDTHS[0]);
    watched.goes_to(&demo.at(&path));
    watched.sees(LISTENS, LISTENS_WITHIN);
    let now = "document.querySelector('[aria-current=step]').innerText";
    let step = watched.finds(now);
    let held = watched.finds(
        "(() => { const link = document.querySelector('main a[href]'); link.focus(); \
            return link.getAttribute('href'); })()",
    );
    let his = house.window(WIDTHS[1]);
    his.runs_no_script();
    his.goes_to(&demo.at(&path));
    his.follows("[data-mossa=a]");
    watched.sees(&format!("{now} !== {step}"), SHOWS_WITHIN);
    let focus = "document.activeElement.getAttribute('href')";
    assert_eq!(watched.finds(focus), held, "the hand is where it was");

    let door = demo.seats(&chromium.somebody(), "fabio.stazione", "/");
    door.runs_no_script();
    door.goes_to(&demo.at("/contatti/nuovo"));
    door.finds("document.getElementById('sigla').value = 'SDP-0777'");
    door.follows("form.card button.filled");
    assert!(words(&door).contains("Contatto annotato."), "{}", words(&door));
}

/// Open pages of every kind say that they hear nothing, in the language of whoever looks, and stop
/// saying it when they hear again.
async fn pages_that_hear_nothing_say_so_until_they_hear_again(scene: &Scene, care: &Somebody<'_>) {
    let Scene { demo, person, referral, .. } = scene;
    let windows: Vec<Window<'_>> = [
        "/".to_owned(),
        format!("/persone/{person}"),
        format!("/invii/{referral}"),
        "/rete".to_owned(),
    ]
    .iter()
    .map(|path| {
        let window = care.window(WIDTHS[0]);
        window.goes_to(&demo.at(path));
        window
    })
    .collect();
    for window in &windows {
        let listens = "document.querySelector('[data-quando=perso]')?.hidden === true";
        window.sees(listens, LISTENS_WITHIN);
    }
    windows[0].sees(LISTENS, LISTENS_WITHIN);
    demo.crashes();
    for window in &windows {
        window.sees(LOST, Duration::from_secs(6));
        let told = window.finds("document.querySelector('[data-quando=perso]').innerText");
        assert!(told.as_str().unwrap().contains("Connection lost"), "{told}");
    }
    demo.is_back().await;
    for window in &windows {
        window.sees(&format!("!({LOST})"), AGAIN_WITHIN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_says_what_it_is_when_it_has_nothing_was_asked_wrongly_is_not_hers_or_is_alone() {
    let Some(chromium) = Chromium::start() else { return };
    let scene = Scene::begins().await;
    let volunteer = scene.demo.seats(&chromium.somebody(), "nicola.mensa", "/");
    what_is_not_hers_is_as_what_is_not_there(&scene, &volunteer);
    let care = nothing_and_wrong_questions(&scene, &chromium);
    without_scripts_all_of_it_is_done_and_other_browsers_show_it_within_a_second(
        &scene, &chromium, &care,
    );
    pages_that_hear_nothing_say_so_until_they_hear_again(&scene, &care).await;
}
