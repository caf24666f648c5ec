//! An inbox as the page shows it. Pure.

use askama::Template;
use time::OffsetDateTime;
use trama_events::codes::Urgency;
use trama_events::ids::ServiceId;
use trama_events::rome;
use trama_projections::inbox::{Item, Kind, List};
use trama_projections::journey::Place;
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::frame::Frame;
use trama_ui::language::{Language, Words};
use trama_ui::words::State;
use uuid::Uuid;

use super::Together;
use super::badges::badges;
use crate::referral;
use crate::referral::thread::Thread;

/// The page.
#[derive(Debug, Template)]
#[template(path = "start.html")]
pub(super) struct Start {
    pub(super) frame: Frame,
    pub(super) view: View,
    /// What was done just before.
    pub(super) outcome: Option<(String, String)>,
    /// What stands beside the list.
    pub(super) invio: Option<Thread>,
}

impl Start {
    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

/// What of the inbox is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) list: List,
    /// Of one family of services alone.
    pub(super) family: Option<Family>,
    /// What stands beside the list.
    pub(super) chosen: Option<Uuid>,
    /// Whether she may open the journeys of the people named.
    pub(super) journeys: bool,
    /// Her own services: who else it is stands in a row, and which of hers only where she has several.
    pub(super) own: &'a [ServiceId],
    pub(super) language: Language,
}

/// What the page shows.
#[derive(Debug)]
pub(super) struct View {
    title: String,
    empty: String,
    at: String,
    tabs: Vec<Tab>,
    families: Vec<OfFamily>,
    /// The list without what stands beside it.
    list: String,
    items: Vec<Row>,
}

/// One of the lists.
#[derive(Debug)]
struct Tab {
    label: String,
    href: &'static str,
    current: bool,
    count: Option<usize>,
}

/// A family of services, and how much of the list is hers.
#[derive(Debug)]
struct OfFamily {
    family: Family,
    href: String,
    current: bool,
    count: usize,
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
    /// A referral: beside the list, and on its own page.
    opens: Option<(String, String)>,
    /// Whether it stands beside the list now.
    chosen: bool,
    /// Whether nobody of her service has opened it; what stands beside the list she opens now.
    unread: bool,
    pub(crate) badges: Vec<Badge>,
}

/// The list that the page was asked for.
pub(super) fn list_of(name: Option<&str>) -> Option<List> {
    match name {
        None | Some("" | "da-fare") => Some(List::ToDo),
        Some("in-attesa") => Some(List::Waiting),
        Some("per-conoscenza") => Some(List::Information),
        Some("fatte") => Some(List::Done),
        Some(_) => None,
    }
}

fn label(list: List, words: &Words) -> String {
    match list {
        List::ToDo => words.inbox_to_do(),
        List::Waiting => words.inbox_waiting(),
        List::Information => words.inbox_information(),
        List::Done => words.inbox_done(),
    }
}

fn address(list: List) -> &'static str {
    match list {
        List::ToDo => "/",
        List::Waiting => "/?lista=in-attesa",
        List::Information => "/?lista=per-conoscenza",
        List::Done => "/?lista=fatte",
    }
}

/// Families that have rows of their own in a list.
const FAMILIES: [Family; 7] = [
    Family::Access,
    Family::Housing,
    Family::Food,
    Family::Csm,
    Family::Labour,
    Family::Referrals,
    Family::External,
];

/// The word of a family in an address.
fn word(family: Family) -> &'static str {
    family.class().trim_start_matches("f-")
}

/// The family of a word in an address.
pub(super) fn family_of(name: &str) -> Option<Family> {
    FAMILIES.into_iter().find(|family| word(*family) == name)
}

/// An address with one more wish.
fn with(list: &str, wish: &str) -> String {
    let mark = if list.contains('?') { '&' } else { '?' };
    format!("{list}{mark}{wish}")
}

pub(super) fn start(found: Option<&Together>, asked: Asked<'_>, now: OffsetDateTime) -> View {
    let list = asked.list;
    let words = asked.language.words();
    let at = dates::time_of(now);
    let Some(found) = found else {
        return View {
            title: String::new(),
            empty: String::new(),
            at,
            tabs: Vec::new(),
            families: Vec::new(),
            list: String::new(),
            items: Vec::new(),
        };
    };
    let tab = |tab: List, count| Tab {
        label: label(tab, words),
        href: address(tab),
        current: tab == list,
        count,
    };
    let counts = found.counts;
    let tabs = vec![
        tab(List::ToDo, Some(counts.to_do)),
        tab(List::Waiting, Some(counts.waiting)),
        tab(List::Information, Some(counts.information)),
        tab(List::Done, None),
    ];
    let empty = match list {
        List::ToDo => words.inbox_empty_to_do(at.as_str()),
        List::Waiting => words.inbox_empty_waiting(),
        List::Information => words.inbox_empty_information(),
        List::Done => words.inbox_empty_done(),
    };
    let wanted = |item: &&Item| asked.family.is_none_or(|family| self::family(item) == family);
    let mut items: Vec<&Item> = found.items.iter().filter(wanted).collect();
    if list == List::Done {
        items.sort_by_key(|item| std::cmp::Reverse(item.since));
    } else {
        items.sort_by_key(|item| (item.due.is_none(), item.due, rank(item.urgency), item.since));
    }
    View {
        title: label(list, words),
        empty,
        at,
        tabs,
        families: families(found, asked),
        list: here(asked),
        items: items.into_iter().map(|item| row(item, asked, now)).collect(),
    }
}

/// The list with its family.
fn here(asked: Asked<'_>) -> String {
    match asked.family {
        Some(family) => with(address(asked.list), &format!("servizio={}", word(family))),
        None => address(asked.list).to_owned(),
    }
}

/// How much of the list each family has; a choice only where there are several.
fn families(found: &Together, asked: Asked<'_>) -> Vec<OfFamily> {
    let of =
        |family: Family| found.items.iter().filter(|item| self::family(item) == family).count();
    let there =
        FAMILIES.into_iter().map(|family| (family, of(family))).filter(|(_, count)| *count > 0);
    let all: Vec<OfFamily> = there
        .map(|(family, count)| {
            let current = asked.family == Some(family);
            let shown = if current { None } else { Some(family) };
            OfFamily { family, href: here(Asked { family: shown, ..asked }), current, count }
        })
        .collect();
    if all.len() > 1 || asked.family.is_some() { all } else { Vec::new() }
}

fn rank(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::Immediate => 0,
        Urgency::Urgent => 1,
        Urgency::Ordinary => 2,
    }
}

/// An item as it stands in a list.
fn row(item: &Item, asked: Asked<'_>, now: OffsetDateTime) -> Row {
    let (language, words) = (asked.language, asked.language.words());
    let today = rome::day_of(now);
    let since = rome::day_of(item.since);
    let code = item.code.as_deref().map(|code| format!(" · {code}")).unwrap_or_default();
    let chosen = asked.chosen == Some(item.about) && is_referral(item.kind);
    let is_new = item.kind == Kind::ReferralReceived && item.list == List::ToDo;
    Row {
        key: item.id.clone(),
        family: family(item),
        other: other(item, asked.own, words),
        since: match (today - since).whole_days() {
            0 => dates::time_of(item.since),
            1 => words.inbox_yesterday(),
            _ => language.short(since, today),
        },
        what: format!("{}{code}", what(item.kind, words)),
        href: href(item, asked.journeys),
        opens: is_referral(item.kind).then(|| {
            (with(&here(asked), &format!("invio={}", item.about)), referral::href(&item.about))
        }),
        chosen,
        unread: is_new && !item.seen && !chosen,
        badges: badges(item, now, language).into_iter().chain(which(item, asked.own)).collect(),
    }
}

/// An access by force leads to its review; everything else to the person, for whoever may open her.
fn href(item: &Item, journeys: bool) -> Option<String> {
    if matches!(item.kind, Kind::ForcedAccessReview | Kind::ForcedAccessUnjustified) {
        return Some(format!("/verifiche/{}", item.about));
    }
    item.person.filter(|_| journeys).map(|person| format!("/persone/{person}"))
}

/// Whether it is about a referral, which has a page without anybody's record.
fn is_referral(kind: Kind) -> bool {
    match kind {
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
        | Kind::OutcomeReported => true,
        Kind::LoneChildAlert
        | Kind::EmergencyOpen
        | Kind::EmergencyHandover
        | Kind::CaseHandover
        | Kind::StayEnded
        | Kind::StayCap
        | Kind::GoalReview
        | Kind::IdentifierEnds
        | Kind::WaitingList
        | Kind::ForcedAccessReview
        | Kind::ForcedAccessUnjustified => false,
    }
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

/// Who else it is of.
fn other(item: &Item, own: &[ServiceId], words: &Words) -> String {
    let other = |place: &Option<Place>| {
        let other = place.as_ref().filter(|place| !own.contains(&place.service));
        other.map(|place| place.name.clone())
    };
    let from = other(&item.from).map(|from| words.inbox_from(from));
    let to = other(&item.to).map(|to| words.inbox_to(to));
    from.into_iter().chain(to).collect::<Vec<_>>().join(" ")
}

/// Which of her services it is of, where she has several.
fn which(item: &Item, own: &[ServiceId]) -> Option<Badge> {
    let mut places = item.from.iter().chain(&item.to);
    let place = places.rfind(|place| own.len() > 1 && own.contains(&place.service))?;
    let badge = Badge::new(State::Neutral, place.name.as_str());
    Some(badge.with(Family::from(place.service_type).glyph()))
}

fn what(kind: Kind, words: &Words) -> String {
    match kind {
        Kind::ReferralReceived => words.inbox_kind_referral_received(),
        Kind::ReferralSent => words.inbox_kind_referral_sent(),
        Kind::InformationRequested => words.inbox_kind_information_requested(),
        Kind::ReferralAccepted => words.inbox_kind_referral_accepted(),
        Kind::ReferralDeclined => words.inbox_kind_referral_declined(),
        Kind::ReferralExpired => words.inbox_kind_referral_expired(),
        Kind::ReferralWithdrawn => words.inbox_kind_referral_withdrawn(),
        Kind::FirstVisitDue => words.inbox_kind_first_visit_due(),
        Kind::FirstVisitMissed => words.inbox_kind_first_visit_missed(),
        Kind::OutcomeToReport => words.inbox_kind_outcome_to_report(),
        Kind::OutcomeReported => words.inbox_kind_outcome_reported(),
        Kind::LoneChildAlert => words.inbox_kind_lone_child(),
        Kind::EmergencyOpen => words.inbox_kind_emergency_open(),
        Kind::EmergencyHandover => words.inbox_kind_emergency_handover(),
        Kind::CaseHandover => words.inbox_kind_case_handover(),
        Kind::StayEnded => words.inbox_kind_stay_ended(),
        Kind::StayCap => words.inbox_kind_stay_cap(),
        Kind::GoalReview => words.inbox_kind_goal_review(),
        Kind::IdentifierEnds => words.inbox_kind_identifier_ends(),
        Kind::WaitingList => words.inbox_kind_waiting_list(),
        Kind::ForcedAccessReview => words.inbox_kind_forced_review(),
        Kind::ForcedAccessUnjustified => words.inbox_kind_forced_unjustified(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
