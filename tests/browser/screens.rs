//! Every screen, judged: by axe at the width of a desk and of a telephone, by what scrolls sideways at
//! 320 pixels, by the key that leads through it, in both languages. The screens are those of the demo
//! with its stories told. With a folder in `TRAMA_SCREENS` they are left there as pictures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::json;
use trama_events::ids::PersonId;

use super::WIDTHS;
use super::chromium::{Chromium, Window};
use super::demo::Demo;

/// The narrowest page. Source: WCAG 2.2, 1.4.10.
const NARROWEST: u32 = 320;
/// Most keys on the way through one page: a list of fifty rows has four controls each.
const TABS_MAX: usize = 400;

/// What is judged: WCAG 2.0 to 2.2, A and AA, and what axe holds for good practice.
const JUDGED: &str = "axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', \
    'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) => \
    violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => \
        node.target.join(' ')).slice(0, 4).join(', ')))";
const SIDEWAYS: &str =
    "document.documentElement.scrollWidth - document.documentElement.clientWidth";
/// Controls that a key must reach: each gets a number, which the next expression reads.
const NUMBERED: &str = "[...document.querySelectorAll('a[href], button, input, select, textarea, \
    summary, [tabindex=\"0\"]')].filter((one) => one.type !== 'hidden' && !one.disabled && \
    one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }) && \
    (one.type !== 'radio' || one.checked || ![...document.getElementsByName(one.name)].some((other) => \
        other !== one && (other.checked || other.compareDocumentPosition(one) & 4)))) \
    .map((one, number) => (one.dataset.numero = number)).length";
const FOCUSED: &str = "document.activeElement?.dataset.numero ?? ''";

/// A screen: its name, who opens it, and where.
type Screen = (&'static str, &'static str, String);

/// Every screen of the console that the stories fill.
fn screens() -> Vec<Screen> {
    let person = PersonId::derived(&["story", "a", "man"]);
    let of_her = |page: &str| format!("/persone/{person}{page}");
    let at = |name, user, path: &str| (name, user, path.to_owned());
    vec![
        at("posta", "dario.dormitorio", "/"),
        at("cerca", "sara.segretariato", "/persone"),
        at("nuova", "sara.segretariato", "/persone/nuova"),
        at("contatto", "anna.uds", "/contatti/nuovo"),
        ("persona", "marta.assistente", of_her("?vista=tutto")),
        ("chi-sapeva", "marta.assistente", of_her("/chi-sapeva")),
        ("scelte", "marta.assistente", of_her("/scelte")),
        ("rete-persona", "marta.assistente", of_her("/rete")),
        ("collegamenti", "marta.assistente", of_her("/collegamenti")),
        ("accoglienza", "marta.assistente", of_her("/accoglienza/bisogno")),
        ("accessi", "marta.assistente", of_her("/accessi")),
        ("invio-nuovo", "marta.assistente", format!("/invii/nuovo?persona={person}")),
        at("rete", "marta.assistente", "/rete?dal=2024-01-01"),
        at("riservato", "elena.serd", "/riservato"),
        at("registro", "diego.dpo", "/registro"),
        at("insoliti", "diego.dpo", "/registro/insoliti"),
        at("ricostruisci", "diego.dpo", "/registro/ricostruisci"),
        at("integrita", "diego.dpo", "/registro/integrita"),
        at("sistema", "tina.ced", "/sistema"),
        at("tasti", "marta.assistente", "/aiuto"),
        at("accesso", "marta.assistente", "/entra/accesso"),
    ]
}

/// The file of axe, as `package-lock.json` names it; put there once.
fn axe() -> &'static str {
    static AXE: OnceLock<String> = OnceLock::new();
    AXE.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/browser/axe");
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("axe");
        std::fs::create_dir_all(&dir).unwrap();
        for file in ["package.json", "package-lock.json", ".npmrc"] {
            std::fs::copy(source.join(file), dir.join(file)).unwrap();
        }
        let file = dir.join("node_modules/axe-core/axe.min.js");
        if !file.exists() {
            let made = Command::new("npm").arg("ci").current_dir(&dir).output().unwrap();
            assert!(made.status.success(), "npm ci: {}", String::from_utf8_lossy(&made.stderr));
        }
        std::fs::read_to_string(file).unwrap()
    })
}

/// What is wrong with a page at one width.
fn wrongs(window: &Window<'_>, width: u32) -> Vec<String> {
    window.is_wide(width);
    window.finds(&format!("{}; true", axe()));
    let found: Vec<String> = serde_json::from_value(window.finds(JUDGED)).unwrap();
    found.into_iter().map(|wrong| format!("{width}: {wrong}")).collect()
}

/// The controls that no key reaches, by their texts.
fn unreached(window: &Window<'_>) -> Vec<String> {
    let controls = window.finds(NUMBERED).as_u64().unwrap();
    let mut reached: BTreeSet<u64> = BTreeSet::new();
    window.finds("document.activeElement?.blur(); document.body.focus(); true");
    for _ in 0..TABS_MAX {
        window.strikes("Tab");
        if let Some(number) = window.finds(FOCUSED).as_str().and_then(|number| number.parse().ok())
        {
            if reached.len() as u64 == controls {
                break;
            }
            reached.insert(number);
        }
    }
    let missed = (0..controls).filter(|number: &u64| !reached.contains(number));
    let text = |number: u64| {
        let named = format!("document.querySelector('[data-numero=\"{number}\"]').outerHTML");
        window.finds(&named).as_str().unwrap_or_default().chars().take(160).collect()
    };
    missed.map(text).collect()
}

fn pictures() -> Option<PathBuf> {
    let folder = std::env::var_os("TRAMA_SCREENS").map(PathBuf::from)?;
    std::fs::create_dir_all(&folder).unwrap();
    Some(folder)
}

/// Looks at one screen in the language that is set, and says what is wrong with it.
fn looked_at(window: &Window<'_>, name: &str, language: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if window.finds("document.documentElement.lang") != json!(language) {
        wrong.push("it speaks another language".to_owned());
    }
    for width in WIDTHS {
        wrong.extend(wrongs(window, width));
        if let Some(folder) = pictures() {
            window.is_drawn(&folder.join(format!("{name}-{language}-{width}.png")));
        }
    }
    window.is_wide(NARROWEST);
    let sideways = window.finds(SIDEWAYS);
    if sideways != json!(0) {
        wrong.push(format!("{NARROWEST}: it scrolls {sideways} px sideways"));
    }
    window.is_wide(WIDTHS[0]);
    wrong.extend(unreached(window).into_iter().map(|control| format!("no key reaches {control}")));
    // Windows of before are still open: whoever has five streams is refused a sixth (trust.md D5).
    let of_streams = |said: &String| said.contains("status of 429") && said.contains("/vivo?");
    let complaints = window.complaints().into_iter().filter(|said| !of_streams(said));
    wrong.extend(complaints.map(|complaint| format!("the browser says: {complaint}")));
    wrong.into_iter().map(|wrong| format!("{name} ({language}): {wrong}")).collect()
}

/// Arrow keys go along the marks of a lane, and from lane to lane.
fn its_marks_are_walked_by_arrows(window: &Window<'_>) {
    const MARK: &str = "document.activeElement.querySelector(':scope > title')?.textContent ?? ''";
    const LANE: &str = "document.activeElement.closest('g[role=group]')\
        ?.querySelector(':scope > title').textContent ?? ''";
    window.finds("document.querySelector('svg.journey a').focus()");
    let here = || (window.finds(LANE), window.finds(MARK));
    let (lane, mark) = here();
    window.strikes("ArrowRight");
    let (same, next) = here();
    assert!(same == lane && next != mark, "{mark} {next}");
    window.strikes("ArrowLeft");
    assert_eq!(here(), (lane.clone(), mark));
    window.strikes("ArrowDown");
    assert_ne!(here().0, lane);
    window.strikes("ArrowUp");
    assert_eq!(here().0, lane);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_is_for_everyone_at_every_width_by_keyboard_and_in_both_languages() {
    let Some(chromium) = Chromium::start() else { return };
    let demo = Demo::with(&[]).await;
    demo.settled().await;
    let mut wrong = Vec::new();
    for language in ["it", "en"] {
        let stranger = chromium.somebody();
        let door = stranger.window(WIDTHS[0]);
        door.goes_to(&demo.at("/entra"));
        if language == "en" {
            door.follows("form.tongues button[value=en]");
        }
        wrong.extend(looked_at(&door, "entra", language));
        for (name, user, path) in screens() {
            let somebody = chromium.somebody();
            let window = demo.seats(&somebody, user, "/");
            if language == "en" {
                window.follows("form.tongues button[value=en]");
            }
            window.goes_to(&demo.at(&path));
            wrong.extend(looked_at(&window, name, language));
            if name == "persona" {
                its_marks_are_walked_by_arrows(&window);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
