//! From what is told of a person to the lanes of her figure. What is no bar and no mark here is in
//! the list: what opens or ends a bar, the thread of a referral, the points on a card.

use std::collections::HashMap;

use time::Date;
use trama_events::codes::ServiceType;
use trama_events::referrals::ExternalState;
use trama_projections::journey::{Entry, JourneyView, Span};
use trama_ui::family::Family;
use trama_ui::figure::journey::{self, Answer, Event, Lane, Wait};
use trama_ui::language::{Language, Words};
use trama_ui::words::sentence_in;
use uuid::Uuid;

use super::super::{dated, meetings};
use super::{Places, anchor_of_period, often, words};

/// In their fixed order.
const ORDER: [Family; 8] = [
    Family::Access,
    Family::Referrals,
    Family::Housing,
    Family::Food,
    Family::Serd,
    Family::Csm,
    Family::Labour,
    Family::External,
];
/// What a service does with a referral that it took.
const AFTER_ANSWER: [&str; 3] =
    ["first_visit_held", "first_visit_missed", "referral_outcome_reported"];
/// How far somebody is with a service that is not named.
const SHARED: &str = "external_path_shared";
/// Keeping of accounts: points on a card, a bed that was kept for a night and given back.
const ACCOUNTS: [&str; 4] =
    ["points_credited", "points_expired", "night_reserved", "night_released"];
/// Within so many days of being accepted, a bar that begins says that she arrived.
const ARRIVES_WITHIN: i64 = 14;

/// What is needed of the whole journey.
struct Told<'a> {
    journey: &'a JourneyView,
    spans: HashMap<Uuid, &'a Span>,
    known_to: Date,
    places: &'a Places<'a>,
    language: Language,
}

pub(super) fn lanes(journey: &JourneyView, known_to: Date, places: &Places<'_>) -> Vec<Lane> {
    let spans = journey.spans.iter().filter_map(|span| Some((span.about?, span))).collect();
    let language = places.asked.seen.language;
    let told = Told { journey, spans, known_to, places, language };
    let lanes = ORDER.into_iter().map(|family| told.lane(family));
    lanes.filter(|lane| !is_empty(lane)).collect()
}

fn is_empty(lane: &Lane) -> bool {
    lane.spans.is_empty() && lane.events.is_empty() && lane.waits.is_empty() && lane.often.is_none()
}

/// The lane of a bar; a wait for a bed stands with the beds.
fn family_of(span: &Span) -> Family {
    match span.kind {
        "stay" | "waiting_list" => Family::Housing,
        "card" => Family::Food,
        "referral_wait" => Family::Referrals,
        "charge" => Family::Access,
        _ => Family::External,
    }
}

fn is_wait(span: &Span) -> bool {
    ["waiting_list", "referral_wait"].contains(&span.kind)
}

/// What a service is, where it may be told.
fn family_of_service(kind: Option<ServiceType>) -> Option<Family> {
    kind.map(Family::from).filter(|family| !matches!(family, Family::External | Family::Serd))
}

impl Told<'_> {
    fn lane(&self, family: Family) -> Lane {
        let entries = || self.journey.entries.iter().filter(|entry| entry.corrected_by.is_none());
        let all = || self.journey.spans.iter().enumerate().filter(|(_, s)| family_of(s) == family);
        let often = match family {
            Family::Food => often::food(entries(), self.language),
            Family::Housing => often::nights(entries(), self.language),
            Family::Access
            | Family::Referrals
            | Family::Serd
            | Family::Csm
            | Family::Labour
            | Family::External => None,
        };
        let stays: Vec<&Span> = all().map(|(_, s)| s).filter(|s| s.kind == "stay").collect();
        Lane {
            family,
            name: family.label_in(self.language).into(),
            spans: all().filter(|(_, s)| !is_wait(s)).map(|(i, s)| self.bar(i, s)).collect(),
            waits: all().filter(|(_, s)| is_wait(s)).map(|(i, s)| self.wait(i, s)).collect(),
            events: self.events(family),
            gaps: often::gaps(&stays, often.as_ref(), self.language),
            often,
        }
    }

    fn events(&self, family: Family) -> Vec<Event> {
        let here = |(_, entry): &(usize, &Entry)| self.family_of_entry(entry) == Some(family);
        let all = self.journey.entries.iter().enumerate().filter(here);
        let mut events: Vec<Event> = all.map(|(index, entry)| self.event(index, entry)).collect();
        events.sort_by_key(|event| event.on);
        events
    }

    /// The day on which the unit met; `None` for what is no meeting, or one that is yet to come.
    fn met_on(&self, entry: &Entry) -> Option<Date> {
        meetings::day_of(&self.journey.entries, entry).filter(|day| *day <= self.known_to)
    }

    fn event(&self, index: usize, entry: &Entry) -> Event {
        let late = self.language.recorded_late(entry.happened_on, entry.recorded_at);
        let on = dated(self.language, &self.words().journey_on(), entry.happened_on);
        let told = sentence_in(self.language, &entry.kind, &entry.detail);
        let met_on = self.met_on(entry);
        let behind = late.as_ref().map(|late| format!(", {late}")).unwrap_or_default();
        Event {
            on: met_on.unwrap_or(entry.happened_on),
            name: format!("{told}, {on}{behind}"),
            href: self.places.event(index),
            is_late: late.is_some(),
            is_meeting: met_on.is_some(),
        }
    }

    /// In which lane an event is a mark of its own; `None` where it is none.
    fn family_of_entry(&self, entry: &Entry) -> Option<Family> {
        let kind = entry.kind.as_str();
        let is_known = entry.corrected_by.is_none() && entry.happened_on <= self.known_to;
        if !is_known || often::is_often(kind) || ACCOUNTS.contains(&kind) {
            return None;
        }
        let of_referral = self.span_of(entry).is_some_and(|span| span.kind == "referral_wait");
        if of_referral || ["referrals", "csm", "labour"].contains(&entry.lane) {
            return self.of_referral(entry);
        }
        let says_more = self.is_late(entry) || self.met_on(entry).is_some();
        if kind == SHARED || (self.is_edge(entry) && !says_more) {
            return None;
        }
        let delivered = (kind == "service_delivered").then(|| entry.detail.get("service_type"));
        let delivered = delivered.flatten().and_then(|code| code.as_str()?.parse().ok());
        Some(family_of_service(delivered).unwrap_or_else(|| Family::of_lane(entry.lane)))
    }

    fn span_of(&self, entry: &Entry) -> Option<&Span> {
        self.spans.get(&entry.about?).copied()
    }

    /// Whether it opens or ends a bar, which says so by itself.
    fn is_edge(&self, entry: &Entry) -> bool {
        let day = entry.happened_on;
        self.span_of(entry).is_some_and(|span| span.from == day || span.to == Some(day))
    }

    /// That she was accepted, and what came of it, stands in the lane of whoever received her, if
    /// she may be seen there.
    fn of_referral(&self, entry: &Entry) -> Option<Family> {
        let family = family_of_service(entry.service.as_ref().map(|place| place.service_type))?;
        let accepted =
            entry.kind == "referral_accepted" && !self.arrives(family, entry.happened_on);
        (accepted || AFTER_ANSWER.contains(&entry.kind.as_str())).then_some(family)
    }

    fn arrives(&self, family: Family, accepted_on: Date) -> bool {
        let soon =
            |span: &Span| (0..=ARRIVES_WITHIN).contains(&(span.from - accepted_on).whole_days());
        let bars = self.journey.spans.iter().filter(|span| !is_wait(span));
        bars.filter(|span| family_of(span) == family).any(soon)
    }

    /// Whether she is there or only expected: nothing else is told.
    fn sealed(&self, span: &Span) -> String {
        let of_it = |entry: &&Entry| entry.kind == SHARED && entry.about == span.about;
        let state = self.journey.entries.iter().rfind(of_it);
        let state = state.and_then(|entry| entry.detail.get("state")?.as_str()?.parse().ok());
        let words = self.words();
        let is_expected = state == Some(ExternalState::Expected);
        if is_expected { words.journey_expected() } else { words.journey_in_path() }
    }

    fn wait(&self, index: usize, span: &Span) -> Wait {
        let says = self.words();
        let (state, outcome) = words::outcome(span, self.known_to, self.language);
        let receiver = match span.service.as_ref() {
            Some(place) => place.name.clone(),
            None => says.journey_service(),
        };
        let into = family_of_service(span.service.as_ref().map(|place| place.service_type));
        let sent = dated(self.language, &says.journey_of(), span.from);
        let is_list = span.kind == "waiting_list";
        let what = if is_list { says.journey_place_asked() } else { says.journey_referral() };
        Wait {
            from: span.from,
            to: span.to,
            name: format!("{receiver} {outcome}, {what} {sent}"),
            receiver,
            outcome,
            state,
            href: format!("#{}", anchor_of_period(index)),
            into: into
                .filter(|_| state == Answer::Accepted && family_of(span) == Family::Referrals),
        }
    }

    /// A bar with its label.
    fn bar(&self, index: usize, span: &Span) -> journey::Span {
        let says = self.words();
        let is_sealed = family_of(span) == Family::External;
        let place = span.service.as_ref().map(|place| place.name.clone());
        let due = span.due_on.filter(|_| span.to.is_none());
        let due = due.map(|day| dated(self.language, &says.journey_until(), day));
        let parts = match (span.kind, is_sealed) {
            (_, true) => [Some(self.sealed(span)), Some(says.journey_reserved())],
            ("charge", false) => [Some(says.journey_charge()), place],
            ("card", false) => [Some(says.journey_points_card()), place],
            (_, false) => [place.or_else(|| Some(says.journey_stay())), due],
        };
        let label = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        journey::Span {
            from: span.from,
            to: span.to,
            name: format!("{label}, {}", words::lasting(span, self.language)),
            label,
            href: format!("#{}", anchor_of_period(index)),
            is_sealed,
        }
    }

    fn is_late(&self, entry: &Entry) -> bool {
        self.language.recorded_late(entry.happened_on, entry.recorded_at).is_some()
    }

    fn words(&self) -> &'static Words {
        self.language.words()
    }
}
