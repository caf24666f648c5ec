//! The form of an anonymous contact as the page shows it. Pure.

use askama::Template;
use axum::http::StatusCode;
use trama_events::codes::{Channel, Ethos, ServiceType};
use trama_events::ids::{PersonId, ServiceId};
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Language;
use trama_ui::words::{InWords as _, ethos_in};

use super::{PATH, UNNAMED, gives_anything, goes_out};
use crate::Console;
use crate::gate::{JOURNEY, Visitor};
use crate::people::Choice;
use crate::register::Service;
use crate::told::Wrong;

/// What is given at once where anything is given.
const AT_ONCE: [ServiceType; 11] = [
    ServiceType::Canteen,
    ServiceType::AdministrativeHelp,
    ServiceType::Clothing,
    ServiceType::HealthDesk,
    ServiceType::Legal,
    ServiceType::Luggage,
    ServiceType::Mediation,
    ServiceType::Parcel,
    ServiceType::Psychology,
    ServiceType::ShowerLaundry,
    ServiceType::FrontOffice,
];
/// Ways by which people come to a desk.
const CHANNELS: [Channel; 6] = [
    Channel::Desk,
    Channel::Phone,
    Channel::Street,
    Channel::Hub,
    Channel::ThirdSector,
    Channel::Family,
];
/// Where people sleep who are met outside and not in the street.
const ELSEWHERE: [&str; 6] = ["2.1", "8.1", "8.3", "11.1", "11.2", "11.3"];

/// A contact as far as it was filled in.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) key: String,
    pub(super) service: Option<ServiceId>,
    pub(super) alias: String,
    pub(super) place: String,
    pub(super) channel: Option<Channel>,
    pub(super) given: Option<ServiceType>,
    pub(super) ethos: Option<Ethos>,
    /// What was done just before.
    pub(super) done: Option<String>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "contact.html")]
pub(super) struct Page {
    frame: Frame,
    draft: Draft,
    staff: String,
    service: String,
    by: String,
    others: Vec<(String, String)>,
    outside: bool,
    channels: Vec<Choice>,
    given: Vec<Choice>,
    elsewhere: Vec<Choice>,
    is_done: bool,
    is_unnamed: bool,
    done_on: Option<String>,
    wrong: Vec<Wrong>,
}

impl Page {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        draft: Draft,
        mine: &[Service],
        by: Option<&Service>,
        wrong: Vec<Wrong>,
    ) -> Self {
        let (words, speaks) = (visitor.words(), visitor.preferences.language);
        let opens = JOURNEY.roles.contains(&visitor.caller.role);
        let place = opens.then_some(Place::People);
        let mut frame = console.frame(Some(visitor), &words.contact_title(), place);
        if opens {
            let people = Place::People.label(words);
            frame.crumbs =
                vec![Crumb::to(&people, "/persone"), Crumb::here(&words.contact_title())];
        }
        let other = |one: &Service| (one.name.clone(), format!("{PATH}?servizio={}", one.service));
        let others = mine.iter().filter(|one| by.is_none_or(|by| by.service != one.service));
        Self {
            frame,
            staff: visitor.caller.staff.to_string(),
            service: by.map(|by| by.service.to_string()).unwrap_or_default(),
            by: by.map(|by| by.name.clone()).unwrap_or_default(),
            others: others.map(other).collect(),
            outside: goes_out(visitor.caller.role),
            channels: CHANNELS
                .map(|of| choice(of.code(), of.words_in(speaks), draft.channel == Some(of)))
                .to_vec(),
            given: given(by, draft.given, speaks),
            elsewhere: elsewhere(draft.ethos, speaks),
            is_done: draft.done.is_some(),
            is_unnamed: draft.done.as_deref() == Some(UNNAMED),
            done_on: draft.done.as_deref().and_then(done_on).filter(|_| opens),
            draft,
            wrong,
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        if self.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    /// Where people sleep who are met in the street, unless somebody says otherwise.
    fn in_the_street(&self) -> &'static str {
        ethos_in(self.frame.language, super::IN_THE_STREET).unwrap_or_default()
    }

    /// Whether the form was looked at and sent back.
    fn is_reviewed(&self) -> bool {
        !self.wrong.is_empty()
    }
}

/// Where the record is on which it stands.
fn done_on(done: &str) -> Option<String> {
    let person: PersonId = done.parse().ok()?;
    Some(format!("/persone/{person}?scopo={}", super::PURPOSE.code()))
}

fn choice(code: &str, words: &str, chosen: bool) -> Choice {
    Choice { code: code.to_owned(), words: words.to_owned(), chosen }
}

/// What may be given in the name of a service, by name.
fn given(by: Option<&Service>, chosen: Option<ServiceType>, speaks: Language) -> Vec<Choice> {
    let Some(by) = by else { return Vec::new() };
    let own = Some(by.service_type).filter(|own| !own.is_confidential());
    let mut all: Vec<ServiceType> =
        if gives_anything(by.service_type) { AT_ONCE.to_vec() } else { own.into_iter().collect() };
    all.sort_by_key(|of| of.words_in(speaks));
    all.into_iter().map(|of| choice(of.code(), of.words_in(speaks), chosen == Some(of))).collect()
}

fn elsewhere(chosen: Option<Ethos>, speaks: Language) -> Vec<Choice> {
    let one = |code: &str| {
        let is_chosen = chosen.is_some_and(|chosen| chosen.to_string() == code);
        Some(choice(code, ethos_in(speaks, code)?, is_chosen))
    };
    ELSEWHERE.into_iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(service_type: ServiceType) -> Service {
        let service = ServiceId::derived(&["contacts"]);
        Service { service, name: "Prova".into(), service_type }
    }

    #[test]
    fn a_service_offers_what_it_may_give_and_nothing_confidential_c2() {
        let offered = |service_type| {
            let all = given(Some(&of(service_type)), None, Language::Italian);
            all.into_iter().map(|choice| choice.code).collect::<Vec<_>>()
        };
        assert_eq!(offered(ServiceType::FrontOffice).len(), AT_ONCE.len());
        assert_eq!(offered(ServiceType::Canteen), vec![ServiceType::Canteen.code()]);
        assert!(offered(ServiceType::SecretShelter).is_empty());
        assert!(AT_ONCE.iter().all(|of| !of.is_confidential()));
    }

    #[test]
    fn where_it_stands_is_an_address_of_a_record_or_none() {
        let person = PersonId::derived(&["contacts"]);
        assert!(done_on(&person.to_string()).is_some_and(|href| href.contains("scopo=care")));
        assert_eq!((done_on("si"), done_on("//elsewhere.example")), (None, None));
    }
}
