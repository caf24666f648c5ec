//! From what is told of a person to the services around her, and the map of them. Pure.

use std::collections::BTreeMap;

use time::Date;
use trama_events::codes::ServiceType;
use trama_events::ids::ServiceId;
use trama_projections::journey::{Entry, JourneyView, Place, Span};
use trama_ui::family::Family;
use trama_ui::figure::journey::Answer;
use trama_ui::figure::network::{Edge, Network, Node, Share};
use trama_ui::figure::svg::Element;
use trama_ui::words::InWords as _;
use uuid::Uuid;

use super::super::figure::outcome;
use super::super::view::Seen;
use crate::network::column;

/// Services on the map, those of which something was told last.
const SERVICES_MAX: usize = 24;

/// A service that has to do with her.
#[derive(Debug, Clone)]
pub(super) struct Around {
    pub(super) place: Place,
    pub(super) first: Date,
    pub(super) last: Date,
    /// Entries of her journey that it wrote.
    pub(super) entries: usize,
    /// What goes on there, by the kinds of its spans.
    pub(super) open: Vec<&'static str>,
}

/// A referral between two services that may be named.
#[derive(Debug, Clone)]
pub(super) struct Sent<'a> {
    /// None where the sender may not be named.
    pub(super) from: Option<Place>,
    pub(super) to: Place,
    pub(super) span: &'a Span,
    pub(super) answer: Answer,
    pub(super) outcome: String,
}

/// The services around her, in their fixed order, and how many are left out.
pub(super) fn services(journey: &JourneyView) -> (Vec<Around>, usize) {
    let mut all: BTreeMap<ServiceId, Around> = BTreeMap::new();
    for entry in journey.entries.iter().filter(|entry| entry.corrected_by.is_none()) {
        let sender = sender(entry);
        let named = entry.service.iter().map(|place| (place, 1));
        for (place, entries) in named.chain(sender.as_ref().map(|place| (place, 0))) {
            let on = entry.happened_on;
            let new = || Around {
                place: place.clone(),
                first: on,
                last: on,
                entries: 0,
                open: Vec::new(),
            };
            let known = all.entry(place.service).or_insert_with(new);
            known.first = known.first.min(on);
            known.last = known.last.max(on);
            known.entries += entries;
        }
    }
    for span in journey.spans.iter().filter(|span| span.to.is_none()) {
        let service = span.service.as_ref().and_then(|place| all.get_mut(&place.service));
        if let Some(known) = service.filter(|known| !known.open.contains(&span.kind)) {
            known.open.push(span.kind);
        }
    }
    let mut services: Vec<Around> = all.into_values().collect();
    services.sort_by_key(|one| (std::cmp::Reverse(one.last), one.place.service));
    let left_out = services.len().saturating_sub(SERVICES_MAX);
    services.truncate(SERVICES_MAX);
    services.sort_by_cached_key(|one| {
        let place = &one.place;
        (column(place.service_type), family_order(place.service_type), place.name.clone())
    });
    (services, left_out)
}

fn family_order(kind: ServiceType) -> &'static str {
    Family::from(kind).class()
}

/// The service that sent her, as the beginning of a referral names it.
fn sender(entry: &Entry) -> Option<Place> {
    if entry.kind != "referral_created" {
        return None;
    }
    let from = entry.detail.get("from")?;
    Some(Place {
        service: from.get("service")?.as_str()?.parse().ok()?,
        name: from.get("name")?.as_str()?.to_owned(),
        service_type: from.get("service_type")?.as_str()?.parse().ok()?,
    })
}

/// Her referrals, the newest first.
pub(super) fn referrals<'a>(journey: &'a JourneyView, seen: &Seen) -> Vec<Sent<'a>> {
    let senders: BTreeMap<Uuid, Place> =
        journey.entries.iter().filter_map(|entry| Some((entry.about?, sender(entry)?))).collect();
    let waits = journey.spans.iter().filter(|span| span.kind == "referral_wait").rev();
    waits
        .filter_map(|span| {
            let (answer, outcome) = outcome(span, seen.today(), seen.language);
            let from = span.about.and_then(|about| senders.get(&about)).cloned();
            Some(Sent { from, to: span.service.clone()?, span, answer, outcome })
        })
        .collect()
}

/// The id of the row of a service, by its place.
pub(super) fn anchor_of_service(index: usize) -> String {
    format!("servizio-{index}")
}

/// The id of the row of a referral, by its place.
pub(super) fn anchor_of_referral(index: usize) -> String {
    format!("invio-{index}")
}

/// The map; none where no service may be named.
pub(super) fn draw(services: &[Around], referrals: &[Sent<'_>], seen: &Seen) -> Option<Element> {
    (!services.is_empty()).then(|| network(services, referrals, seen).draw().svg)
}

fn network(services: &[Around], referrals: &[Sent<'_>], seen: &Seen) -> Network {
    let words = seen.language.words();
    let node = |(index, one): (usize, &Around)| {
        let kind = one.place.service_type.words_in(seen.language);
        let count = if one.open.is_empty() {
            seen.language.short(one.last, seen.today())
        } else {
            words.journey_ongoing()
        };
        Node {
            column: column(one.place.service_type),
            family: one.place.service_type.into(),
            label: one.place.name.clone(),
            name: format!("{}, {kind}: {count}", one.place.name),
            count,
            href: format!("#{}", anchor_of_service(index)),
            is_chosen: false,
        }
    };
    Network {
        name: words.around_figure(),
        columns: [
            words.network_reports(),
            words.network_access(),
            words.network_charge(),
            words.network_serves(),
        ],
        nodes: services.iter().enumerate().map(node).collect(),
        edges: edges(services, referrals, seen),
    }
}

/// One for each pair of services: how the last referral stands, or how many there were.
fn edges(services: &[Around], referrals: &[Sent<'_>], seen: &Seen) -> Vec<Edge> {
    let words = seen.language.words();
    let place_of = |place: &Place| services.iter().position(|one| one.place == *place);
    let mut pairs: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, sent) in referrals.iter().enumerate() {
        let ends = sent.from.as_ref().and_then(place_of).zip(place_of(&sent.to));
        if let Some(pair) = ends {
            pairs.entry(pair).or_default().push(index);
        }
    }
    let edge = |((from, to), all): ((usize, usize), Vec<usize>)| {
        let (newest, last) = all.first().and_then(|at| Some((*at, referrals.get(*at)?)))?;
        let label = match all.len() {
            1 => said(last.answer, seen),
            count => words.around_referrals(count),
        };
        let (sender, receiver) = (services.get(from)?, services.get(to)?);
        let ends = format!("{} → {}", sender.place.name, receiver.place.name);
        Some(Edge {
            from,
            to,
            sent: i64::try_from(all.len()).ok(),
            before: None,
            share: share(last.answer),
            name: format!("{label}: {ends}, {}", last.outcome),
            label: Some(label),
            href: format!("#{}", anchor_of_referral(newest)),
            is_chosen: false,
        })
    };
    pairs.into_iter().filter_map(edge).collect()
}

fn said(answer: Answer, seen: &Seen) -> String {
    let words = seen.language.words();
    match answer {
        Answer::Waiting => words.journey_in_wait(),
        Answer::Accepted => words.journey_was_accepted(),
        Answer::Refused => words.around_refused(),
        Answer::Withdrawn => words.journey_was_withdrawn(),
    }
}

/// The colour and the dash of a flow, for one answer.
fn share(answer: Answer) -> Share {
    match answer {
        Answer::Accepted => Share::High,
        Answer::Refused => Share::Low,
        Answer::Waiting | Answer::Withdrawn => Share::Unknown,
    }
}
