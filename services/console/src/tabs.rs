//! The pages of one person, as tabs under her name: those that the reader may open.

use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_platform::caller::Caller;
use trama_ui::glyph::Glyph;
use trama_ui::language::Language;

use crate::compose;
use crate::gate::{INTAKE, JOURNEY, LINKS, WHO_SAW};
use crate::knowledge::KNOWLEDGE;
use crate::wishes::WITNESS;

/// One of her pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tab {
    pub(crate) label: String,
    pub(crate) glyph: Glyph,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// Where she is sent to another service, by a caller who may send people.
pub(crate) fn send(caller: &Caller, person: PersonId, stated: Option<Purpose>) -> Option<String> {
    let scopo = stated.map(|purpose| format!("&scopo={}", purpose.code())).unwrap_or_default();
    let may = compose::COMPOSE.roles.contains(&caller.role);
    may.then(|| format!("{}?persona={person}{scopo}", compose::PATH))
}

/// The pages that a caller may open of a person, with the purpose that she stated.
pub(crate) fn tabs(
    caller: &Caller,
    person: PersonId,
    stated: Option<Purpose>,
    current: &str,
    language: Language,
) -> Vec<Tab> {
    let words = language.words();
    let scopo = stated.map(|purpose| format!("?scopo={}", purpose.code())).unwrap_or_default();
    let tab = |label, glyph, page: &'static str| Tab {
        label,
        glyph,
        href: if page.is_empty() {
            format!("/persone/{person}{scopo}")
        } else {
            format!("/persone/{person}/{page}{scopo}")
        },
        current: current == page,
    };
    [
        (JOURNEY, tab(words.tab_journey(), Glyph::Arrow, "")),
        (LINKS, tab(words.tab_links(), Glyph::Link, "collegamenti")),
        (INTAKE, tab(words.tab_reception(), Glyph::Door, "accoglienza/bisogno")),
        (WITNESS, tab(words.tab_wishes(), Glyph::Lock, "scelte")),
        (KNOWLEDGE, tab(words.knew_title(), Glyph::Clock, "chi-sapeva")),
        (WHO_SAW, tab(words.readers_title(), Glyph::Person, "accessi")),
    ]
    .into_iter()
    .filter(|(action, _)| action.roles.contains(&caller.role))
    .map(|(_, tab)| tab)
    .collect()
}
