//! The two pages on which somebody is sent on. Pure.

use std::collections::BTreeMap;

use askama::Template;
use strum::VariantArray as _;
use time::OffsetDateTime;
use trama_events::codes::{DatasetSection, NeedCode, Section, Urgency};
use trama_events::directory::OpeningHours;
use trama_events::ids::{Ats, ServiceId};
use trama_events::referrals::ConsentScope;
use trama_events::rome;
use trama_projections::beds::FacilityTonight;
use trama_projections::network::Listed;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::frame::Frame;
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words};
use trama_ui::words::{InWords as _, State, ethos_in};

use super::around::{Around, Hers};
use super::draft::Draft;
use super::{DueAnswer, Known, Terms};
use crate::inbox::badges::dated;
use crate::names;
use crate::people::Choice;
use crate::referral::thread::{HandedOver, capital};
use crate::told::Wrong;

/// Services on one page.
const SHOWN_MAX: usize = 60;

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

impl Choose {
    pub(super) fn new(
        around: &Around<'_>,
        listed: &[Listed],
        beds: &[FacilityTonight],
        seek: Seek,
    ) -> Self {
        let (caller, language) = (around.caller, around.language());
        let near =
            |one: &Listed| one.ats == caller.ats.as_str() || one.ats == Ats::metro().as_str();
        let fits = |one: &&Listed| {
            !caller.acts_for(one.service)
                && (seek.everywhere || near(one))
                && names::is_meant(one, &seek.words, language)
        };
        let fitting: Vec<&Listed> = listed.iter().filter(fits).collect();
        let mut groups: Vec<Group> = Vec::new();
        for one in fitting.iter().take(SHOWN_MAX) {
            let family = Family::from(one.service_type);
            let beds = beds.iter().find(|bed| bed.facility == one.service);
            let offer = offer(around, one, beds, near(one));
            match groups.iter_mut().find(|group| group.family == family) {
                Some(group) => group.services.push(offer),
                None => groups.push(Group { family, services: vec![offer] }),
            }
        }
        groups.sort_by_key(|group| place_of(group.family));
        Self {
            frame: around.frame(),
            person: around.person.to_string(),
            purpose: around.purpose,
            code: around.hers.code.clone(),
            left_out: fitting.len().saturating_sub(SHOWN_MAX),
            groups,
            seek,
        }
    }
}

/// The place of a family on the page, the same every time; as in the figure of a journey.
fn place_of(family: Family) -> u8 {
    match family {
        Family::Access => 0,
        Family::Housing => 1,
        Family::Food => 2,
        Family::Serd => 3,
        Family::Csm => 4,
        Family::Labour => 5,
        Family::Referrals | Family::External => 6,
    }
}

fn offer(around: &Around<'_>, one: &Listed, beds: Option<&FacilityTonight>, near: bool) -> Offer {
    let words = around.words();
    let mut badges = Vec::new();
    if let Some(beds) = beds.filter(|beds| beds.counts.open) {
        let state = if beds.counts.free == 0 { State::Waiting } else { State::Done };
        badges.push(Badge::new(state, words.compose_tonight(beds.counts.free)));
        if beds.waiting > 0 {
            badges.push(Badge::new(State::Neutral, words.compose_waiting(beds.waiting)));
        }
    }
    if !near {
        badges.push(Badge::new(State::Waiting, words.compose_outside()).with(Glyph::Triangle));
    }
    Offer {
        href: format!("{}&a={}", around.services(), one.service),
        name: one.name.clone(),
        body: one.organisation_name.clone(),
        kind: one.service_type.words_in(around.language()),
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
    facts: Vec<(String, String)>,
    notes: Vec<String>,
    from: Vec<Choice>,
    needs: Vec<Choice>,
    urgencies: Vec<Soon>,
    sections: Vec<Shared>,
    agreement: Option<String>,
    agrees: bool,
    others: String,
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
        around: &Around<'_>,
        (terms, known): (&Terms, &Known),
        names: &BTreeMap<ServiceId, String>,
        (draft, wrong): (Draft, Vec<Wrong>),
    ) -> Self {
        let (own, language, words) = (&around.caller.services, around.language(), around.words());
        let from = |service: &ServiceId| Choice {
            code: service.to_string(),
            words: names.get(service).cloned().unwrap_or_else(|| words.compose_own()),
            chosen: draft.from == Some(*service) || own.len() == 1,
        };
        let need = |need: &NeedCode| Choice {
            code: need.code().to_owned(),
            words: capital(need.words_in(language)),
            chosen: draft.need == Some(*need),
        };
        let section = |one: &HandedOver| Shared {
            code: one.section.code(),
            words: capital(one.section.words_in(language)),
            sees: sees(one.section, one.opens, &around.hers, language),
            chosen: draft.sections.contains(&one.section),
        };
        Self {
            frame: around.frame(),
            person: around.person.to_string(),
            purpose: around.purpose,
            key: draft.key.clone(),
            to: draft.to.map(|to| to.to_string()).unwrap_or_default(),
            name: known.name.clone(),
            family: terms.service_type.into(),
            facts: facts(terms, known, around.now, language),
            notes: notes(terms, known, around.caller.ats.as_str(), words),
            from: own.iter().map(from).collect(),
            needs: NeedCode::VARIANTS.iter().map(need).collect(),
            urgencies: soon(terms, draft.urgency, around.now, language),
            sections: terms.sections.iter().map(section).collect(),
            agreement: terms.agreement.map(|scope| agreement(scope, words)),
            agrees: draft.agrees,
            others: around.services(),
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
}

/// By when an answer would be due, for each urgency; the ordinary one is chosen first.
fn soon(
    terms: &Terms,
    chosen: Option<Urgency>,
    now: OffsetDateTime,
    language: Language,
) -> Vec<Soon> {
    let words = language.words();
    let today = rome::day_of(now);
    let soon = |one: &DueAnswer| {
        let (day, time) = (rome::day_of(one.answer_by), dates::time_of(one.answer_by));
        let due = match (day - today).whole_days() {
            0 => words.compose_due_today(time),
            1 => words.compose_due_tomorrow(time),
            _ => dated(&words.compose_due_day(), day, today, language),
        };
        Soon {
            code: one.urgency.code(),
            words: capital(one.urgency.words_in(language)),
            due,
            chosen: chosen.unwrap_or(Urgency::Ordinary) == one.urgency,
        }
    };
    terms.answers.iter().map(soon).collect()
}

/// What the network knows of the service.
fn facts(
    terms: &Terms,
    known: &Known,
    now: OffsetDateTime,
    language: Language,
) -> Vec<(String, String)> {
    let words = language.words();
    let does = terms.service_type.words_in(language).to_owned();
    let territory = if known.ats == Ats::metro().as_str() {
        words.compose_metro()
    } else {
        words.frame_ats(crate::in_words(&known.ats))
    };
    let mut facts = vec![(words.compose_does(), does), (words.compose_territory(), territory)];
    if !known.hours.is_empty() {
        facts.push((words.compose_hours(), hours(&known.hours, now, language)));
    }
    if let Some(places) = known.places {
        facts.push((words.compose_places(), places.to_string()));
    }
    facts
}

/// Days of the week as a timetable has them, from Monday on.
fn days(language: Language) -> [&'static str; 7] {
    match language {
        Language::Italian => ["lun", "mar", "mer", "gio", "ven", "sab", "dom"],
        Language::English => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    }
}

fn hours(all: &[OpeningHours], now: OffsetDateTime, language: Language) -> String {
    let words = language.words();
    let today = rome::day_of(now).weekday().number_from_monday();
    let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
    let of_today: Vec<String> = all
        .iter()
        .filter(|hours| hours.weekday == today)
        .map(|hours| format!("{}–{}", clock(hours.from_minute), clock(hours.to_minute)))
        .collect();
    if of_today.is_empty() {
        let named = (1..=7u8).zip(days(language));
        let open = named.filter(|(day, _)| all.iter().any(|hours| hours.weekday == *day));
        let open: Vec<&str> = open.map(|(_, name)| name).collect();
        return words.compose_closed(open.join(", "));
    }
    words.compose_today(of_today.join(", "))
}

/// What to think of before sending.
fn notes(terms: &Terms, known: &Known, own: &str, words: &Words) -> Vec<String> {
    let mut notes = Vec::new();
    if !terms.active {
        notes.push(words.compose_inactive());
    }
    if known.ats != own && known.ats != Ats::metro().as_str() {
        notes.push(words.compose_outside_why(crate::in_words(&known.ats)));
    }
    if known.stale {
        notes.push(words.compose_stale());
    }
    notes
}

fn agreement(scope: ConsentScope, words: &Words) -> String {
    match scope {
        ConsentScope::Csm => words.compose_agreement_csm(),
        ConsentScope::Labour => words.compose_agreement_labour(),
        ConsentScope::ExternalPath => words.compose_agreement_external(),
        ConsentScope::Volunteers => words.compose_agreement_volunteers(),
    }
}

/// What the service would see of a section, as it stands on her record now.
fn sees(section: DatasetSection, opens: Section, hers: &Hers, language: Language) -> String {
    let words = language.words();
    let now = match section {
        DatasetSection::Housing => {
            let ethos = hers.ethos.as_deref().and_then(|ethos| ethos_in(language, ethos));
            ethos.map(ToOwned::to_owned)
        }
        DatasetSection::Needs => {
            let needs: Vec<&str> = hers.needs.iter().map(|need| need.words_in(language)).collect();
            (!needs.is_empty()).then(|| needs.join(", "))
        }
        DatasetSection::Identity => Some(words.compose_sees_identity()),
        DatasetSection::Contacts => Some(words.compose_sees_contacts()),
        DatasetSection::Project
        | DatasetSection::Household
        | DatasetSection::Health
        | DatasetSection::Labour => None,
    };
    let section = capital(opens.words_in(language));
    match now {
        Some(now) => words.compose_sees_now(section, now),
        None => section,
    }
}

#[cfg(test)]
mod tests;
