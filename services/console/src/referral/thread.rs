//! A referral as its door tells it, and as a page shows it: how far it is, what happened, what may
//! be done now.

use serde::Deserialize;
use time::{Date, OffsetDateTime};
use trama_events::codes::{DatasetSection, NeedCode, Section, ServiceType, Urgency};
use trama_events::ids::{PersonId, ReferralId, ServiceId};
use trama_events::referrals::ReferralEvent;
use trama_events::rome;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::glyph::Glyph;
use trama_ui::language::{Language, Words};
use trama_ui::words::{InWords as _, State};

use super::moves::{Form, Move, Now, forms};
use super::rungs::{Rung, rungs};
use crate::gate::Fields;
use crate::inbox::badges::answer_by;
use crate::told::Wrong;

/// A referral, as its door tells it.
#[derive(Debug, Deserialize)]
pub(crate) struct Told {
    pub(super) referral: ReferralId,
    pub(super) person: PersonId,
    pub(super) from: Option<ServiceId>,
    pub(super) to: ServiceId,
    pub(super) external: bool,
    pub(super) receives: bool,
    pub(super) stage: String,
    #[serde(with = "time::serde::rfc3339::option")]
    answer_by: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) visit_at: Option<OffsetDateTime>,
    urgency: Option<Urgency>,
    need: Option<NeedCode>,
    dataset: Vec<HandedOver>,
    pub(super) moves: Vec<Move>,
    pub(super) steps: Vec<Step>,
}

/// A section that was handed over, and what it opens.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct HandedOver {
    pub(crate) section: DatasetSection,
    pub(crate) opens: Section,
}

/// One thing that happened.
#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub(super) fact: ReferralEvent,
    #[serde(with = "time::serde::rfc3339")]
    pub(super) at: OffsetDateTime,
    by: Side,
    yours: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    Sender,
    Receiver,
    Clock,
}

/// The two services as the directory names them.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(super) from: Option<Service>,
    pub(super) to: Option<Service>,
    /// The one that the refusal names.
    pub(super) elsewhere: Option<Service>,
}

impl Told {
    /// The service that the refusal names as the one to ask.
    pub(super) fn elsewhere(&self) -> Option<ServiceId> {
        self.steps.iter().rev().find_map(|step| {
            let ReferralEvent::ReferralDeclined { elsewhere, .. } = step.fact else { return None };
            elsewhere
        })
    }
}

/// A way on.
#[derive(Debug)]
pub(crate) struct Onward {
    pub(crate) href: String,
    pub(crate) label: String,
}

/// A service, as far as a page names it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) service_type: ServiceType,
}

/// A line of what happened.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) class: &'static str,
    pub(crate) when: String,
    pub(crate) who: String,
    pub(crate) what: String,
}

/// A referral as a page shows it.
#[derive(Debug)]
pub(crate) struct Thread {
    language: Language,
    pub(crate) path: String,
    pub(crate) family: Family,
    pub(crate) to: String,
    pub(crate) title: String,
    pub(crate) sent: String,
    pub(crate) badges: Vec<Badge>,
    pub(crate) rungs: Vec<Rung>,
    pub(crate) lines: Vec<Line>,
    pub(crate) sections: Vec<String>,
    pub(crate) external: bool,
    pub(crate) receives: bool,
    /// The page of the person, for whoever may open it.
    pub(crate) person: Option<String>,
    /// The places of her house for tonight, in a sentence.
    pub(crate) places: Option<String>,
    /// For the sender of what was declined: to the service that was named.
    pub(crate) onward: Option<Onward>,
    /// What may be done now.
    pub(crate) forms: Vec<Form>,
    pub(crate) key: String,
    pub(crate) wrong: Vec<Wrong>,
}

/// What stands beside a referral on its page.
pub(crate) struct Beside<'a> {
    pub(crate) code: Option<&'a str>,
    /// Whether she may open the person's journey.
    pub(crate) journeys: bool,
    /// Whether she may send somebody on.
    pub(crate) sends: bool,
    pub(crate) key: String,
    pub(crate) fields: &'a Fields,
    pub(crate) wrong: Vec<Wrong>,
    pub(crate) now: OffsetDateTime,
    pub(crate) language: Language,
}

impl Thread {
    pub(crate) fn new(told: &Told, named: &Named, beside: Beside<'_>) -> Self {
        let language = beside.language;
        let words = language.words();
        let today = rome::day_of(beside.now);
        let need = told.need.map(|need| capital(need.words_in(language)));
        let code = beside.code.map(|code| format!(" · {code}")).unwrap_or_default();
        let person = beside.journeys.then(|| format!("/persone/{}", told.person));
        let external = || Family::External.label_in(language).to_owned();
        let Beside { fields, wrong, .. } = beside;
        let now = Now { moves: &told.moves, fields, wrong: &wrong, language };
        Self {
            language,
            path: super::href(&told.referral),
            family: named.to.as_ref().map_or(Family::Referrals, |to| to.service_type.into()),
            to: named.to.as_ref().map_or_else(external, |to| to.name.clone()),
            title: format!("{}{code}", need.unwrap_or_else(|| words.referral_title())),
            sent: sent(told, named, today, language),
            badges: badges(told, beside.now, language),
            rungs: rungs(told, today, language),
            lines: told.steps.iter().map(|step| line(step, named, today, language)).collect(),
            sections: told.dataset.iter().map(|over| over.words_in(language)).collect(),
            external: told.external,
            receives: told.receives,
            person,
            places: None,
            onward: if beside.sends { onward(told, named, words) } else { None },
            forms: forms(now),
            key: beside.key,
            wrong,
        }
    }

    pub(crate) fn words(&self) -> &'static Words {
        self.language.words()
    }

    pub(crate) fn family_name(&self) -> &'static str {
        self.family.label_in(self.language)
    }

    pub(crate) fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }
}

fn onward(told: &Told, named: &Named, words: &Words) -> Option<Onward> {
    let (other, service) = (told.elsewhere()?, named.elsewhere.as_ref()?);
    (!told.receives).then(|| Onward {
        href: format!("/invii/nuovo?persona={}&a={other}", told.person),
        label: words.referral_onward(service.name.as_str()),
    })
}

impl HandedOver {
    /// Its own words, and those of the class that it opens where they are others.
    fn words_in(self, language: Language) -> String {
        let (section, opens) = (self.section.words_in(language), self.opens.words_in(language));
        if section == opens { section.to_owned() } else { format!("{section} ({opens})") }
    }
}

pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// A moment as a list says it: `oggi alle 09:41`, `ieri alle 09:41`, `20 nov alle 09:41`.
pub(super) fn when(at: OffsetDateTime, today: Date, language: Language) -> String {
    let words = language.words();
    let day = rome::day_of(at);
    let time = dates::time_of(at);
    match (today - day).whole_days() {
        0 => words.referral_today(time),
        1 => words.referral_yesterday(time),
        -1 => words.referral_tomorrow(time),
        _ => words.referral_on_day(language.short(day, today), time),
    }
}

fn sent(told: &Told, named: &Named, today: Date, language: Language) -> String {
    let words = language.words();
    let at = told.steps.iter().find(|step| matches!(step.fact, ReferralEvent::ReferralSent { .. }));
    let at = at.map(|step| when(step.at, today, language)).unwrap_or_default();
    let from = named.from.as_ref().map(|from| from.name.as_str());
    let sent = match (told.receives, from) {
        (true, Some(from)) => words.referral_from(from, at),
        (true, None) => words.referral_from_external(at),
        (false, Some(from)) => words.referral_sent_by(from, at),
        (false, None) => words.referral_sent(at),
    };
    sent.trim_end_matches([' ', ',']).to_owned()
}

fn badges(told: &Told, now: OffsetDateTime, language: Language) -> Vec<Badge> {
    let words = language.words();
    let mut badges = Vec::new();
    if let (Some(urgency @ (Urgency::Immediate | Urgency::Urgent)), Some(_)) =
        (told.urgency, told.answer_by)
    {
        let urgent = Badge::new(State::Refused, urgency.words_in(language));
        badges.push(urgent.with(Glyph::Triangle));
    }
    badges.extend(told.answer_by.map(|due| answer_by(due, now, language)));
    let (state, words) = match told.stage.as_str() {
        "information_requested" => (State::Waiting, words.referral_stage_asked()),
        "accepted" => (State::Done, words.referral_stage_accepted()),
        "in_path" => (State::Neutral, words.referral_stage_in_path()),
        "attended" => (State::Done, words.referral_stage_attended()),
        "declined" => (State::Refused, words.referral_stage_declined()),
        "withdrawn" => (State::Neutral, words.referral_stage_withdrawn()),
        "expired" => (State::Refused, words.referral_stage_expired()),
        "outcome_reported" | "closed" => (State::Done, words.referral_stage_over()),
        "seen" if !told.receives => (State::Neutral, words.referral_stage_seen()),
        _ => return badges,
    };
    badges.push(Badge::new(state, words));
    badges
}

fn line(step: &Step, named: &Named, today: Date, language: Language) -> Line {
    let words = language.words();
    let name = |service: &Option<Service>| {
        let known = service.as_ref().map(|service| service.name.clone());
        known.unwrap_or_else(|| words.referral_the_service())
    };
    let who = match step.by {
        _ if step.yours => words.referral_you(),
        Side::Sender => name(&named.from),
        Side::Receiver => name(&named.to),
        Side::Clock => words.referral_deadline(),
    };
    let (class, mut what) = happened(&step.fact, today, language);
    if let (ReferralEvent::ReferralDeclined { elsewhere: Some(_), .. }, Some(other)) =
        (&step.fact, &named.elsewhere)
    {
        what = words.referral_did_name(what, other.name.as_str());
    }
    Line { class, when: when(step.at, today, language), who, what }
}

/// What a fact is on the line of the exchange: its class, and its words.
fn happened(fact: &ReferralEvent, today: Date, language: Language) -> (&'static str, String) {
    let words = language.words();
    let sections = |all: &[DatasetSection]| {
        all.iter().map(|it| it.words_in(language)).collect::<Vec<_>>().join(", ")
    };
    match fact {
        ReferralEvent::ReferralCreated { .. } => ("", words.referral_did_create()),
        ReferralEvent::ReferralSent { .. } => ("", words.referral_did_send()),
        ReferralEvent::ReferralSeen {} => ("", words.referral_did_see()),
        ReferralEvent::ReferralInfoRequested { sections: all } => {
            ("waiting", words.referral_did_ask(sections(all)))
        }
        ReferralEvent::ReferralInfoGiven { sections: all } => {
            ("", words.referral_did_give(sections(all)))
        }
        ReferralEvent::ReferralAccepted {} => ("done", words.referral_did_accept()),
        ReferralEvent::ReferralDeclined { reason, next_step, by, .. } => {
            let (by, reason) = (by.words_in(language), reason.words_in(language));
            ("refused", words.referral_did_decline(by, reason, next_step.words_in(language)))
        }
        ReferralEvent::FirstVisitScheduled { visit_at } => {
            ("", words.referral_did_fix(when(*visit_at, today, language)))
        }
        ReferralEvent::FirstVisitHeld {} => ("done", words.referral_did_hold()),
        ReferralEvent::FirstVisitMissed {} => ("waiting", words.referral_did_miss()),
        ReferralEvent::ReferralOutcomeReported { need_met } => {
            ("done", words.referral_did_report(need_met.words_in(language)))
        }
        ReferralEvent::ReferralWithdrawn { reason } => {
            ("refused", words.referral_did_withdraw(reason.words_in(language)))
        }
        ReferralEvent::ReferralExpired {} => ("refused", words.referral_did_expire()),
    }
}

/// The last thing that somebody else did, for who comes too late.
pub(crate) fn meanwhile(
    told: &Told,
    named: &Named,
    now: OffsetDateTime,
    language: Language,
) -> Option<String> {
    let last = told.steps.last().filter(|step| !step.yours)?;
    let line = line(last, named, rome::day_of(now), language);
    Some(language.words().referral_meanwhile(line.who, line.what, line.when))
}

/// The places of a house for tonight, in a sentence; none where it takes nobody now.
pub(super) fn places(open: bool, free: i64, waiting: i64, words: &Words) -> Option<String> {
    let waiting = match waiting {
        0 => String::new(),
        waiting => words.referral_places_waiting(waiting),
    };
    open.then(|| format!("{}{waiting}.", words.referral_places(free)))
}
