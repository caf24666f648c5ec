//! A referral as its door tells it, and as a page shows it: how far it is, what happened, what may
//! be done now. What may be done the domain says; the page has a form for each.

use serde::Deserialize;
use strum::VariantArray as _;
use time::{Date, OffsetDateTime};
use trama_events::codes::{
    DatasetSection, DeclineReason, DeclinedBy, NeedCode, NextStep, Section, ServiceType, Urgency,
};
use trama_events::ids::{PersonId, ReferralId, ServiceId};
use trama_events::referrals::{ReferralEvent, WithdrawalReason};
use trama_events::rome;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};

use super::rungs::{Rung, rungs};
use crate::gate::Fields;
use crate::inbox::badges::answer_by;
use crate::people::Choice;
use crate::told::Wrong;

/// A referral, as its door tells it.
#[derive(Debug, Deserialize)]
pub(crate) struct Told {
    pub(super) referral: ReferralId,
    pub(super) person: PersonId,
    pub(super) from: Option<ServiceId>,
    pub(super) to: ServiceId,
    external: bool,
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

/// What the domain lets this reader do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Move {
    See,
    Accept,
    RequestInfo,
    Decline,
    ScheduleFirstVisit,
    RecordVisitHeld,
    RecordVisitMissed,
    ReportNeedMet,
    ReportNeedNotMet,
    GiveInfo,
    Withdraw,
}

impl Move {
    /// Its word in a form.
    fn word(self) -> &'static str {
        match self {
            Self::See => "vedi",
            Self::Accept => "accogli",
            Self::RequestInfo => "chiedi",
            Self::Decline => "respingi",
            Self::ScheduleFirstVisit => "fissa",
            Self::RecordVisitHeld => "venuta",
            Self::RecordVisitMissed => "mancata",
            Self::ReportNeedMet => "risolto",
            Self::ReportNeedNotMet => "non-risolto",
            Self::GiveInfo => "rispondi",
            Self::Withdraw => "ritira",
        }
    }
}

/// The two services as the directory names them.
#[derive(Debug, Default)]
pub(crate) struct Named {
    pub(super) from: Option<Service>,
    pub(super) to: Option<Service>,
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
    moves: Vec<Move>,
    pub(crate) key: String,
    pub(crate) visit: String,
    pub(crate) choices: Choices,
    pub(crate) wrong: Vec<Wrong>,
}

/// What may be chosen in its forms.
#[derive(Debug)]
pub(crate) struct Choices {
    pub(crate) by: Vec<Choice>,
    pub(crate) reasons: Vec<Choice>,
    pub(crate) steps: Vec<Choice>,
    pub(crate) sections: Vec<Choice>,
    pub(crate) withdrawals: Vec<Choice>,
}

impl Choices {
    fn of(fields: &Fields) -> Self {
        let choice = |code: &str, words: &str, field: &str| Choice {
            code: code.to_owned(),
            words: words.to_owned(),
            chosen: fields.all(field).any(|given| given == code),
        };
        let by = DeclinedBy::VARIANTS.iter().map(|of| choice(of.code(), of.words(), "da"));
        let reasons = DeclineReason::VARIANTS.iter();
        let reasons = reasons.map(|of| choice(of.code(), of.words(), "motivo"));
        let steps = NextStep::VARIANTS.iter().map(|of| choice(of.code(), of.words(), "passo"));
        let sections = DatasetSection::VARIANTS.iter();
        let sections = sections.map(|of| choice(of.code(), of.words(), "sezioni"));
        let back = WithdrawalReason::VARIANTS.iter();
        let back = back.map(|of| choice(of.code(), of.words(), "ritiro"));
        Self {
            by: by.collect(),
            reasons: reasons.collect(),
            steps: steps.collect(),
            sections: sections.collect(),
            withdrawals: back.collect(),
        }
    }
}

/// What stands beside a referral on its page.
pub(crate) struct Beside<'a> {
    pub(crate) code: Option<&'a str>,
    /// Whether she may open the person's journey.
    pub(crate) journeys: bool,
    pub(crate) key: String,
    pub(crate) fields: &'a Fields,
    pub(crate) wrong: Vec<Wrong>,
    pub(crate) now: OffsetDateTime,
}

impl Thread {
    pub(crate) fn new(told: &Told, named: &Named, beside: Beside<'_>) -> Self {
        let today = rome::day_of(beside.now);
        let need = told.need.map_or("Invio", NeedCode::words);
        let code = beside.code.map(|code| format!(" · {code}")).unwrap_or_default();
        let person = beside.journeys.then(|| format!("/persone/{}", told.person));
        Self {
            path: super::href(&told.referral),
            family: named.to.as_ref().map_or(Family::Referrals, |to| to.service_type.into()),
            to: named.to.as_ref().map_or("Servizio esterno".to_owned(), |to| to.name.clone()),
            title: format!("{}{code}", capital(need)),
            sent: sent(told, named, today),
            badges: badges(told, beside.now),
            rungs: rungs(told, today),
            lines: told.steps.iter().map(|step| line(step, named, today)).collect(),
            sections: told.dataset.iter().map(|over| over.words()).collect(),
            external: told.external,
            receives: told.receives,
            person,
            places: None,
            moves: told.moves.clone(),
            key: beside.key,
            visit: beside.fields.text("quando").to_owned(),
            choices: Choices::of(beside.fields),
            wrong: beside.wrong,
        }
    }

    /// Whether the domain lets her do this now, by its word in a form.
    pub(crate) fn may(&self, word: &str) -> bool {
        self.moves.iter().any(|it| it.word() == word)
    }

    pub(crate) fn may_anything(&self) -> bool {
        self.moves.iter().any(|it| *it != Move::See)
    }

    pub(crate) fn why(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }

    /// Whether something of a form is to be put right, so that it stands open.
    pub(crate) fn is_open(&self, fields: &[&str]) -> bool {
        self.wrong.iter().any(|wrong| fields.contains(&wrong.field))
    }

    /// Whether an outcome may be told.
    pub(crate) fn may_report(&self) -> bool {
        self.may("risolto") || self.may("non-risolto")
    }
}

impl HandedOver {
    /// Its own words, and those of the class that it opens where they are others.
    pub(crate) fn words(self) -> String {
        let (section, opens) = (self.section.words(), self.opens.words());
        if section == opens { section.to_owned() } else { format!("{section} ({opens})") }
    }
}

pub(crate) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// A moment as a list says it: `oggi alle 09:41`, `ieri alle 09:41`, `20 nov alle 09:41`.
pub(super) fn when(at: OffsetDateTime, today: Date) -> String {
    let day = rome::day_of(at);
    let time = dates::time_of(at);
    match (today - day).whole_days() {
        0 => format!("oggi alle {time}"),
        1 => format!("ieri alle {time}"),
        -1 => format!("domani alle {time}"),
        _ => format!("{} alle {time}", dates::short(day, today)),
    }
}

fn sent(told: &Told, named: &Named, today: Date) -> String {
    let at = told.steps.iter().find(|step| matches!(step.fact, ReferralEvent::ReferralSent { .. }));
    let at = at.map(|step| format!(" {}", when(step.at, today))).unwrap_or_default();
    let from = named.from.as_ref().map(|from| from.name.as_str());
    match (told.receives, from) {
        (true, Some(from)) => format!("Da {from},{at}"),
        (true, None) => format!("Da un servizio esterno{at}"),
        (false, Some(from)) => format!("Mandato da {from}{at}"),
        (false, None) => format!("Mandato{at}"),
    }
}

fn badges(told: &Told, now: OffsetDateTime) -> Vec<Badge> {
    let mut badges = Vec::new();
    if let (Some(urgency @ (Urgency::Immediate | Urgency::Urgent)), Some(_)) =
        (told.urgency, told.answer_by)
    {
        badges.push(Badge::new(State::Refused, urgency.words()).with(Glyph::Triangle));
    }
    badges.extend(told.answer_by.map(|due| answer_by(due, now)));
    let (state, words) = match told.stage.as_str() {
        "information_requested" => (State::Waiting, "chieste informazioni"),
        "accepted" | "in_path" | "attended" => (State::Done, "accolto"),
        "declined" => (State::Refused, "respinto"),
        "withdrawn" => (State::Neutral, "ritirato"),
        "expired" => (State::Refused, "scaduto senza risposta"),
        "outcome_reported" | "closed" => (State::Done, "concluso"),
        "seen" if !told.receives => (State::Neutral, "visto"),
        _ => return badges,
    };
    badges.push(Badge::new(state, words));
    badges
}

fn line(step: &Step, named: &Named, today: Date) -> Line {
    let name = |service: &Option<Service>| {
        service.as_ref().map_or("Il servizio".to_owned(), |service| service.name.clone())
    };
    let who = match step.by {
        _ if step.yours => "Tu".to_owned(),
        Side::Sender => name(&named.from),
        Side::Receiver => name(&named.to),
        Side::Clock => "Scadenza".to_owned(),
    };
    let sections =
        |all: &[DatasetSection]| all.iter().map(|it| it.words()).collect::<Vec<_>>().join(", ");
    let (class, what) = match &step.fact {
        ReferralEvent::ReferralCreated { .. } => ("", "preparato".to_owned()),
        ReferralEvent::ReferralSent { .. } => ("", "inviato".to_owned()),
        ReferralEvent::ReferralSeen {} => ("", "visto".to_owned()),
        ReferralEvent::ReferralInfoRequested { sections: all } => {
            ("waiting", format!("chiede: {}", sections(all)))
        }
        ReferralEvent::ReferralInfoGiven { sections: all } => {
            ("", format!("aggiunge: {}", sections(all)))
        }
        ReferralEvent::ReferralAccepted {} => ("done", "accolto".to_owned()),
        ReferralEvent::ReferralDeclined { reason, next_step, by, .. } => {
            let words = (by.words(), reason.words(), next_step.words());
            ("refused", format!("respinto ({}): {}. Adesso: {}", words.0, words.1, words.2))
        }
        ReferralEvent::FirstVisitScheduled { visit_at } => {
            ("", format!("primo incontro fissato: {}", when(*visit_at, today)))
        }
        ReferralEvent::FirstVisitHeld {} => ("done", "primo incontro svolto".to_owned()),
        ReferralEvent::FirstVisitMissed {} => ("waiting", "non si è presentata".to_owned()),
        ReferralEvent::ReferralOutcomeReported { need_met } => {
            ("done", format!("esito: {}", need_met.words()))
        }
        ReferralEvent::ReferralWithdrawn { reason } => {
            ("refused", format!("ritirato: {}", reason.words()))
        }
        ReferralEvent::ReferralExpired {} => ("refused", "nessuna risposta in tempo".to_owned()),
    };
    Line { class, when: when(step.at, today), who, what }
}

/// The last thing that somebody else did, for who comes too late.
pub(crate) fn meanwhile(told: &Told, named: &Named, now: OffsetDateTime) -> Option<String> {
    let last = told.steps.last().filter(|step| !step.yours)?;
    let line = line(last, named, rome::day_of(now));
    Some(format!(
        "Nel frattempo è cambiato: {}, {} ({}). La tua risposta non è stata registrata.",
        line.who, line.what, line.when
    ))
}

/// The places of a house for tonight, in a sentence; none where it takes nobody now.
pub(super) fn places(open: bool, free: i64, waiting: i64) -> Option<String> {
    let free = match free {
        0 => "Stanotte nessun posto libero".to_owned(),
        1 => "1 posto libero stanotte".to_owned(),
        free => format!("{free} posti liberi stanotte"),
    };
    let waiting = match waiting {
        0 => String::new(),
        waiting => format!(", {waiting} in lista d’attesa"),
    };
    open.then(|| format!("{free}{waiting}."))
}
