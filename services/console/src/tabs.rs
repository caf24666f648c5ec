//! The pages of one person, as tabs under her name: those that the reader may open.

use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_platform::caller::Caller;
use trama_ui::glyph::Glyph;
use trama_ui::language::Language;

use crate::compose;
use crate::gate::{INTAKE, JOURNEY, LINKS, WHO_SAW};
use crate::journey::around::{self, AROUND};
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
        (AROUND, tab(words.tab_around(), Glyph::Network, around::PAGE)),
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

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;
    use trama_events::codes::Role;
    use trama_events::ids::{Ats, MembershipId, OrganisationId, StaffId};

    use super::*;

    fn caller(role: Role) -> Caller {
        Caller {
            staff: StaffId::derived(&["sara"]),
            membership: MembershipId::derived(&["sara"]),
            organisation: OrganisationId::derived(&["comune"]),
            ats: Ats::try_new("bari").unwrap(),
            role,
            services: Vec::new(),
            purpose: Purpose::Care,
            stated: None,
            second_factor: true,
            session: "session".into(),
            request_id: "request".into(),
            let_in_until: OffsetDateTime::UNIX_EPOCH,
            surname: None,
        }
    }

    #[test]
    fn whoever_may_send_her_or_link_her_record_is_led_there_with_her_purpose_and_nobody_else() {
        let (her, care) = (PersonId::derived(&["ana"]), Some(Purpose::Care));
        let led = |role: Role| {
            let caller = caller(role);
            let links = format!("/persone/{her}/collegamenti?scopo=care");
            let tabs = tabs(&caller, her, care, "", Language::Italian);
            (send(&caller, her, care), tabs.iter().any(|tab| tab.href == links))
        };
        let to_send = Some(format!("{}?persona={her}&scopo=care", compose::PATH));
        assert_eq!(led(Role::CaseManager), (to_send.clone(), true));
        assert_eq!(led(Role::InfoDesk), (to_send.clone(), true));
        assert_eq!(led(Role::OutreachWorker), (to_send, false));
        assert_eq!(led(Role::Auditor), (None, false));
    }
}
