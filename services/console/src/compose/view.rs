//! The two pages on which somebody is sent on. Pure.

use std::collections::BTreeMap;

use askama::Template;
use strum::VariantArray as _;
use time::OffsetDateTime;
use trama_events::codes::Purpose;
use trama_events::codes::{DatasetSection, NeedCode, Section, Urgency};
use trama_events::directory::OpeningHours;
use trama_events::ids::{Ats, ServiceId};
use trama_events::referrals::ConsentScope;
use trama_events::rome;
use trama_projections::beds::FacilityTonight;
use trama_projections::journey::JourneyView as Journey;
use trama_projections::network::Listed;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State, ethos};

use super::{Draft, Known, Sending, Terms};
use crate::people::Choice;
use crate::referral::thread::capital;
use crate::told::Wrong;

/// Services on one page.
const SHOWN_MAX: usize = 60;
const DAYS: [&str; 7] = ["lun", "mar", "mer", "gio", "ven", "sab", "dom"];

/// How a service is looked for.
#[derive(Debug, Default)]
pub(super) struct Seek {
    pub(super) words: String,
    /// Also those of other territories.
    pub(super) everywhere: bool,
    /// The one that was asked for has another way.
    pub(super) slip: bool,
}

/// The first page: to which service.
#[derive(Debug, Template)]
#[template(path = "compose_to.html")]
pub(super) struct Choose {
    frame: Frame,
    person: String,
    purpose: &'static str,
    code: String,
    seek: Seek,
    groups: Vec<Group>,
    left_out: usize,
}

/// Services of one family.
#[derive(Debug)]
struct Group {
    family: Family,
    services: Vec<Offer>,
}

/// A service to choose.
#[derive(Debug)]
struct Offer {
    href: String,
    name: String,
    body: String,
    kind: &'static str,
    badges: Vec<Badge>,
}

fn frame(sending: &Sending<'_>, code: &str) -> Frame {
    let mut frame =
        sending.console.frame(Some(sending.visitor), "Nuovo invio", Some(Place::People));
    let scopo = purpose(sending);
    let hers = if scopo.is_empty() { String::new() } else { format!("?scopo={scopo}") };
    frame.crumbs = vec![
        Crumb::to("Posta", "/"),
        Crumb::to(&format!("Persona {code}"), &format!("/persone/{}{hers}", sending.person)),
        Crumb::here("Nuovo invio"),
    ];
    frame
}

fn purpose(sending: &Sending<'_>) -> &'static str {
    sending.reader.caller.stated.map_or("", Purpose::code)
}

/// The code by which people speak of her.
fn code_of(journey: &Journey) -> String {
    let own = journey.records.iter().find(|record| record.person == journey.person);
    own.or(journey.records.first()).and_then(|record| record.code.clone()).unwrap_or_default()
}

impl Choose {
    pub(super) fn new(
        sending: &Sending<'_>,
        journey: &Journey,
        listed: &[Listed],
        beds: &[FacilityTonight],
        seek: Seek,
    ) -> Self {
        let caller = &sending.visitor.caller;
        let own = caller.ats.as_str();
        let near = |one: &Listed| one.ats == own || one.ats == Ats::metro().as_str();
        let words = seek.words.to_lowercase();
        let fits = |one: &&Listed| {
            !caller.acts_for(one.service)
                && (seek.everywhere || near(one))
                && words.split_whitespace().all(|word| spoken(one).contains(word))
        };
        let fitting: Vec<&Listed> = listed.iter().filter(fits).collect();
        let mut groups: Vec<Group> = Vec::new();
        for one in fitting.iter().take(SHOWN_MAX) {
            let family = Family::from(one.service_type);
            let offer =
                offer(sending, one, beds.iter().find(|bed| bed.facility == one.service), near(one));
            match groups.iter_mut().find(|group| group.family == family) {
                Some(group) => group.services.push(offer),
                None => groups.push(Group { family, services: vec![offer] }),
            }
        }
        let code = code_of(journey);
        Self {
            frame: frame(sending, &code),
            person: sending.person.to_string(),
            purpose: purpose(sending),
            code,
            left_out: fitting.len().saturating_sub(SHOWN_MAX),
            groups,
            seek,
        }
    }
}

fn spoken(one: &Listed) -> String {
    let family = Family::from(one.service_type).label();
    let words = [&one.name, &one.organisation_name, one.service_type.words(), family];
    words.join(" ").to_lowercase()
}

fn offer(sending: &Sending<'_>, one: &Listed, beds: Option<&FacilityTonight>, near: bool) -> Offer {
    let mut badges = Vec::new();
    if let Some(beds) = beds.filter(|beds| beds.counts.open) {
        let (state, words) = match beds.counts.free {
            0 => (State::Waiting, "stanotte nessun posto libero".to_owned()),
            1 => (State::Done, "stanotte 1 posto libero".to_owned()),
            free => (State::Done, format!("stanotte {free} posti liberi")),
        };
        badges.push(Badge::new(state, words));
        if beds.waiting > 0 {
            badges.push(Badge::new(State::Neutral, format!("{} in attesa", beds.waiting)));
        }
    }
    if !near {
        badges.push(Badge::new(State::Waiting, "fuori zona").with(Glyph::Triangle));
    }
    let scopo = purpose(sending);
    let scopo = if scopo.is_empty() { String::new() } else { format!("&scopo={scopo}") };
    Offer {
        href: format!("{}?persona={}&a={}{scopo}", super::PATH, sending.person, one.service),
        name: one.name.clone(),
        body: one.organisation_name.clone(),
        kind: one.service_type.words(),
        badges,
    }
}

/// The second page: why, how soon, what is shared.
#[derive(Debug, Template)]
#[template(path = "compose.html")]
pub(super) struct Compose {
    frame: Frame,
    person: String,
    purpose: &'static str,
    key: String,
    to: String,
    name: String,
    family: Family,
    facts: Vec<(&'static str, String)>,
    notes: Vec<String>,
    from: Vec<Choice>,
    needs: Vec<Choice>,
    urgencies: Vec<Soon>,
    sections: Vec<Shared>,
    agreement: Option<&'static str>,
    agrees: bool,
    open: Option<String>,
    wrong: Vec<Wrong>,
}

/// How soon, and by when an answer is due then.
#[derive(Debug)]
struct Soon {
    code: &'static str,
    words: String,
    due: String,
    chosen: bool,
}

/// A section that can be shared, and what the service sees of it.
#[derive(Debug)]
struct Shared {
    code: &'static str,
    words: String,
    sees: String,
    chosen: bool,
}

impl Compose {
    pub(super) fn new(
        sending: &Sending<'_>,
        journey: &Journey,
        (terms, known): (&Terms, &Known),
        names: &BTreeMap<ServiceId, String>,
        (draft, wrong): (Draft, Vec<Wrong>),
    ) -> Self {
        let own = &sending.visitor.caller.services;
        let from = |service: &ServiceId| Choice {
            code: service.to_string(),
            words: names.get(service).cloned().unwrap_or_else(|| "Il tuo servizio".to_owned()),
            chosen: draft.from == Some(*service) || own.len() == 1,
        };
        let need = |need: &NeedCode| Choice {
            code: need.code().to_owned(),
            words: capital(need.words()),
            chosen: draft.need == Some(*need),
        };
        let section = |one: &crate::referral::thread::HandedOver| Shared {
            code: one.section.code(),
            words: capital(one.section.words()),
            sees: sees(one.section, one.opens, journey),
            chosen: draft.sections.contains(&one.section),
        };
        Self {
            frame: frame(sending, &code_of(journey)),
            person: sending.person.to_string(),
            purpose: purpose(sending),
            key: draft.key.clone(),
            to: draft.to.map(|to| to.to_string()).unwrap_or_default(),
            name: known.name.clone(),
            family: terms.service_type.into(),
            facts: facts(terms, known, sending.now()),
            notes: notes(terms, known, sending.visitor.caller.ats.as_str()),
            from: own.iter().map(from).collect(),
            needs: NeedCode::VARIANTS.iter().map(need).collect(),
            urgencies: soon(terms, draft.urgency, sending.now()),
            sections: terms.sections.iter().map(section).collect(),
            agreement: terms.agreement.map(agreement),
            agrees: draft.agrees,
            open: draft.open.map(|open| crate::referral::href(&open)),
            wrong,
        }
    }

    fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }

    /// Back to the choice of a service.
    fn others(&self) -> String {
        let scopo = if self.purpose.is_empty() {
            String::new()
        } else {
            format!("&scopo={}", self.purpose)
        };
        format!("{}?persona={}{scopo}", super::PATH, self.person)
    }
}

/// By when an answer would be due, for each urgency; the ordinary one is chosen first.
fn soon(terms: &Terms, chosen: Option<Urgency>, now: OffsetDateTime) -> Vec<Soon> {
    let today = rome::day_of(now);
    let soon = |one: &super::DueAnswer| {
        let (day, time) = (rome::day_of(one.answer_by), dates::time_of(one.answer_by));
        let due = match (day - today).whole_days() {
            0 => format!("risponde entro le {time} di oggi"),
            1 => format!("risponde entro le {time} di domani"),
            _ => dates::after("risponde entro il ", day, &dates::short(day, today)),
        };
        Soon {
            code: one.urgency.code(),
            words: capital(one.urgency.words()),
            due,
            chosen: chosen.unwrap_or(Urgency::Ordinary) == one.urgency,
        }
    };
    terms.answers.iter().map(soon).collect()
}

/// What the network knows of the service.
fn facts(terms: &Terms, known: &Known, now: OffsetDateTime) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Che cosa fa", terms.service_type.words().to_owned())];
    let territory = if known.ats == Ats::metro().as_str() {
        "tutta la città metropolitana".to_owned()
    } else {
        format!("ATS {}", crate::in_words(&known.ats))
    };
    facts.push(("Territorio", territory));
    if !known.hours.is_empty() {
        facts.push(("Orario", hours(&known.hours, now)));
    }
    if let Some(places) = known.places {
        facts.push(("Posti", places.to_string()));
    }
    facts
}

fn hours(all: &[OpeningHours], now: OffsetDateTime) -> String {
    let today = rome::day_of(now).weekday().number_from_monday();
    let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
    let of_today: Vec<String> = all
        .iter()
        .filter(|hours| hours.weekday == today)
        .map(|hours| format!("{}–{}", clock(hours.from_minute), clock(hours.to_minute)))
        .collect();
    if of_today.is_empty() {
        let days: Vec<&str> = (1..=7u8)
            .filter(|day| all.iter().any(|hours| hours.weekday == *day))
            .filter_map(|day| DAYS.get(usize::from(day) - 1).copied())
            .collect();
        return format!("oggi chiuso; aperto {}", days.join(", "));
    }
    format!("oggi {}", of_today.join(", "))
}

/// What to think of before sending.
fn notes(terms: &Terms, known: &Known, own: &str) -> Vec<String> {
    let mut notes = Vec::new();
    if !terms.active {
        notes.push("Ora questo servizio non lavora: un invio non parte.".to_owned());
    }
    if known.ats != own && known.ats != Ats::metro().as_str() {
        let ats = crate::in_words(&known.ats);
        notes.push(format!("Fuori zona: il servizio è dell’ATS {ats}. Può respingere l’invio."));
    }
    if known.stale {
        notes.push("Nessuno conferma da tempo questi dati: telefona prima, se puoi.".to_owned());
    }
    notes
}

fn agreement(scope: ConsentScope) -> &'static str {
    match scope {
        ConsentScope::Csm => {
            "È d’accordo che il centro di salute mentale dica al tuo ente più di «frequenta, in percorso, \
             concluso»"
        }
        ConsentScope::Labour => {
            "È d’accordo che il servizio per il lavoro veda gli obiettivi del suo progetto"
        }
        ConsentScope::ExternalPath => {
            "È d’accordo che si sappia che è seguita da un altro servizio"
        }
        ConsentScope::Volunteers => "È d’accordo che i volontari vedano quello che serve a loro",
    }
}

/// What the service would see of a section, as it stands on her record now.
fn sees(section: DatasetSection, opens: Section, journey: &Journey) -> String {
    let now = match section {
        DatasetSection::Housing => {
            let last = journey.situations.last().and_then(|last| last.ethos.as_deref());
            last.and_then(ethos).map(ToOwned::to_owned)
        }
        DatasetSection::Needs => needs(journey),
        DatasetSection::Identity => Some("nome, data di nascita, codici".to_owned()),
        DatasetSection::Contacts => Some("telefono, posta elettronica".to_owned()),
        DatasetSection::Project
        | DatasetSection::Household
        | DatasetSection::Health
        | DatasetSection::Labour => None,
    };
    match now {
        Some(now) => format!("{}: {now}", capital(opens.words())),
        None => capital(opens.words()),
    }
}

/// The needs as they were last written down, as far as the sender sees them.
fn needs(journey: &Journey) -> Option<String> {
    let entries = journey.entries.iter().filter(|entry| entry.corrected_by.is_none());
    let told = |entry: &trama_projections::journey::Entry| {
        let needs = entry.detail.get("needs")?.as_array()?.iter();
        let words = |need: &serde_json::Value| {
            let code = need.get("code").and_then(serde_json::Value::as_str)?;
            code.parse().ok().map(NeedCode::words)
        };
        let needs: Vec<&str> = needs.filter_map(words).collect();
        (!needs.is_empty()).then(|| (entry.occurred_at, needs.join(", ")))
    };
    entries.filter_map(told).max_by_key(|(at, _)| *at).map(|(_, needs)| needs)
}
