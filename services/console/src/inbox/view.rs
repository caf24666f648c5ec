//! An inbox as the page shows it. Pure.

use askama::Template;
use time::OffsetDateTime;
use trama_events::codes::{DeclineReason, Destination, IdentifierKind, NextStep, Urgency};
use trama_events::identity::ForcedReason;
use trama_events::rome;
use trama_projections::inbox::{Item, Kind, List};
use trama_projections::journey::Place;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::frame::Frame;
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};

use super::Together;
use crate::referral;

/// The page.
#[derive(Debug, Template)]
#[template(path = "start.html")]
pub(super) struct Start {
    pub(super) frame: Frame,
    pub(super) view: View,
    /// What was done just before.
    pub(super) outcome: Option<(&'static str, &'static str)>,
}

/// What the page shows.
#[derive(Debug)]
pub(super) struct View {
    summary: String,
    title: &'static str,
    empty: String,
    at: String,
    tabs: Vec<Tab>,
    items: Vec<Row>,
}

/// One of the lists.
#[derive(Debug)]
struct Tab {
    label: &'static str,
    href: &'static str,
    current: bool,
    count: Option<usize>,
}

/// Something that waits.
#[derive(Debug)]
pub(crate) struct Row {
    /// By which an open page knows it again.
    key: String,
    pub(crate) family: Family,
    pub(crate) other: String,
    pub(crate) since: String,
    pub(crate) what: String,
    href: Option<String>,
    /// Where it is answered.
    answer: Option<String>,
    pub(crate) badges: Vec<Badge>,
}

/// The list that the page was asked for.
pub(super) fn list_of(name: Option<&str>) -> Option<List> {
    match name {
        None | Some("" | "da-fare") => Some(List::ToDo),
        Some("in-attesa") => Some(List::Waiting),
        Some("per-conoscenza") => Some(List::Information),
        Some(_) => None,
    }
}

fn label(list: List) -> &'static str {
    match list {
        List::ToDo => "Da fare",
        List::Waiting => "In attesa di altri",
        List::Information => "Per conoscenza",
    }
}

/// `journeys`: whether she may open the journeys of the people named.
pub(super) fn start(
    found: Option<&Together>,
    list: List,
    now: OffsetDateTime,
    journeys: bool,
) -> View {
    let at = dates::time_of(now);
    let Some(found) = found else {
        let summary = "Il tuo ruolo non riceve posta dai servizi.".to_owned();
        return View {
            summary,
            title: "",
            empty: String::new(),
            at,
            tabs: Vec::new(),
            items: Vec::new(),
        };
    };
    let tab = |tab: List, href: &'static str, count: usize| Tab {
        label: label(tab),
        href,
        current: tab == list,
        count: Some(count),
    };
    let counts = found.counts;
    let tabs = vec![
        tab(List::ToDo, "/", counts.to_do),
        tab(List::Waiting, "/?lista=in-attesa", counts.waiting),
        tab(List::Information, "/?lista=per-conoscenza", counts.information),
    ];
    let empty = match list {
        List::ToDo => format!("Niente da fare. Ultimo controllo {at}."),
        List::Waiting => "Nessuno deve ancora rispondere ai tuoi servizi.".to_owned(),
        List::Information => "Nessuna novità negli ultimi trenta giorni.".to_owned(),
    };
    let mut items: Vec<&Item> = found.items.iter().collect();
    items.sort_by_key(|item| (item.due.is_none(), item.due, item.since));
    View {
        summary: "Quello che aspetta te e i tuoi servizi.".to_owned(),
        title: label(list),
        empty,
        at,
        tabs,
        items: items.into_iter().map(|item| row(item, now, journeys)).collect(),
    }
}

/// An item as it stands in a list. `journeys`: whether she may open the journeys of the people named.
pub(crate) fn row(item: &Item, now: OffsetDateTime, journeys: bool) -> Row {
    let today = rome::day_of(now);
    let since = rome::day_of(item.since);
    let code = item.code.as_deref().map(|code| format!(" · {code}")).unwrap_or_default();
    Row {
        key: item.id.clone(),
        family: family(item),
        other: other(item),
        since: match (today - since).whole_days() {
            0 => dates::time_of(item.since),
            1 => "ieri".into(),
            _ => dates::short(since, today),
        },
        what: format!("{}{code}", what(item.kind)),
        href: href(item, journeys),
        answer: to_answer(item).then(|| referral::href(&item.about)),
        badges: badges(item, today, now),
    }
}

/// An access by force leads to its review; everything else to the person, for whoever may open her.
fn href(item: &Item, journeys: bool) -> Option<String> {
    if matches!(item.kind, Kind::ForcedAccessReview | Kind::ForcedAccessUnjustified) {
        return Some(format!("/verifiche/{}", item.about));
    }
    item.person.filter(|_| journeys).map(|person| format!("/persone/{person}"))
}

/// Whether it waits for an answer of the reader's service: no record is opened for that.
pub(crate) fn to_answer(item: &Item) -> bool {
    item.kind == Kind::ReferralReceived && item.list == List::ToDo
}

/// The service that the item is about gives it its colour.
fn family(item: &Item) -> Family {
    let place = match item.kind {
        Kind::StayEnded | Kind::StayCap | Kind::WaitingList => return Family::Housing,
        Kind::LoneChildAlert
        | Kind::EmergencyOpen
        | Kind::EmergencyHandover
        | Kind::CaseHandover
        | Kind::GoalReview
        | Kind::IdentifierEnds
        | Kind::ForcedAccessReview
        | Kind::ForcedAccessUnjustified => {
            return Family::Access;
        }
        Kind::ReferralReceived
        | Kind::ReferralSent
        | Kind::InformationRequested
        | Kind::ReferralAccepted
        | Kind::ReferralDeclined
        | Kind::ReferralExpired
        | Kind::ReferralWithdrawn
        | Kind::FirstVisitDue
        | Kind::FirstVisitMissed
        | Kind::OutcomeToReport
        | Kind::OutcomeReported => item.to.as_ref(),
    };
    match place {
        Some(place) => Family::from(place.service_type),
        None => Family::Referrals,
    }
}

fn other(item: &Item) -> String {
    let name = |place: &Option<Place>| place.as_ref().map(|place| place.name.clone());
    let parts = [
        name(&item.from).map(|from| format!("da {from}")),
        name(&item.to).map(|to| format!("a {to}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::ReferralReceived => "Invio a cui rispondere",
        Kind::ReferralSent => "Invio in attesa di risposta",
        Kind::InformationRequested => "Informazioni da completare",
        Kind::ReferralAccepted => "Invio accolto",
        Kind::ReferralDeclined => "Invio respinto",
        Kind::ReferralExpired => "Invio scaduto senza risposta",
        Kind::ReferralWithdrawn => "Invio ritirato da chi l’ha mandato",
        Kind::FirstVisitDue => "Primo incontro da fissare o svolgere",
        Kind::FirstVisitMissed => "Primo incontro mancato",
        Kind::OutcomeToReport => "Esito da comunicare",
        Kind::OutcomeReported => "Esito comunicato",
        Kind::LoneChildAlert => "Minore senza un adulto",
        Kind::EmergencyOpen => "Emergenza aperta",
        Kind::EmergencyHandover => "Emergenza passata a voi",
        Kind::CaseHandover => "Presa in carico passata a voi",
        Kind::StayEnded => "Permanenza finita",
        Kind::StayCap => "Permanenza vicina al termine",
        Kind::GoalReview => "Obiettivo da verificare",
        Kind::IdentifierEnds => "Documento in scadenza",
        Kind::WaitingList => "In lista d’attesa per un posto",
        Kind::ForcedAccessReview => "Accesso d’emergenza da verificare",
        Kind::ForcedAccessUnjustified => "Accesso d’emergenza non giustificato",
    }
}

fn badges(item: &Item, today: time::Date, now: OffsetDateTime) -> Vec<Badge> {
    let mut badges: Vec<Badge> = Vec::new();
    match item.urgency {
        Urgency::Immediate | Urgency::Urgent => {
            badges.push(Badge::new(State::Refused, item.urgency.words()).with(Glyph::Triangle));
        }
        Urgency::Ordinary => {}
    }
    badges.extend(item.due.map(|due| deadline(due, item.overdue, today, now)));
    badges.extend(coded(item.reason.as_deref()));
    badges.extend(coded(item.next_step.as_deref()));
    if item.escalated {
        badges.push(Badge::new(State::Waiting, "senza risposta, tornato indietro"));
    }
    if badges.is_empty() && item.days_waiting > 1 {
        badges.push(Badge::new(State::Neutral, format!("da {}", dates::days(item.days_waiting))));
    }
    badges
}

fn deadline(due: OffsetDateTime, overdue: bool, today: time::Date, now: OffsetDateTime) -> Badge {
    let day = rome::day_of(due);
    if overdue || due < now {
        let words = dates::after("scaduto il ", day, &dates::short(day, today));
        return Badge::new(State::Refused, words).with(Glyph::Triangle);
    }
    if day == today {
        return Badge::new(State::Waiting, format!("entro le {}", dates::time_of(due)));
    }
    Badge::new(State::Waiting, dates::after("entro il ", day, &dates::short(day, today)))
}

/// A reason or a next step, of whichever list it is; what has no words is not shown.
fn coded(code: Option<&str>) -> Option<Badge> {
    let code = code?;
    let words = None
        .or_else(|| code.parse().ok().map(DeclineReason::words))
        .or_else(|| code.parse().ok().map(NextStep::words))
        .or_else(|| code.parse().ok().map(Destination::words))
        .or_else(|| code.parse().ok().map(IdentifierKind::words))
        .or_else(|| code.parse().ok().map(ForcedReason::words));
    words.map(|words| Badge::new(State::Neutral, words))
}

#[cfg(test)]
mod tests;
