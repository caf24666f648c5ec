//! The pages of one person, as tabs under her name: those that the reader may open.

use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_platform::caller::Caller;
use trama_ui::glyph::Glyph;

use crate::gate::{INTAKE, JOURNEY, LINKS, WHO_SAW};
use crate::knowledge::KNOWLEDGE;
use crate::wishes::WITNESS;

/// One of her pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tab {
    pub(crate) label: &'static str,
    pub(crate) glyph: Glyph,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// The pages that a caller may open of a person, with the purpose that she stated.
pub(crate) fn tabs(
    caller: &Caller,
    person: PersonId,
    stated: Option<Purpose>,
    current: &str,
) -> Vec<Tab> {
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
        (JOURNEY, tab("Percorso", Glyph::Arrow, "")),
        (LINKS, tab("Collegamenti", Glyph::Link, "collegamenti")),
        (INTAKE, tab("Accoglienza", Glyph::Door, "accoglienza/bisogno")),
        (WITNESS, tab("Le sue scelte", Glyph::Lock, "scelte")),
        (KNOWLEDGE, tab("Chi sapeva cosa", Glyph::Clock, "chi-sapeva")),
        (WHO_SAW, tab("Chi ha visto", Glyph::Person, "accessi")),
    ]
    .into_iter()
    .filter(|(action, _)| action.roles.contains(&caller.role))
    .map(|(_, tab)| tab)
    .collect()
}
