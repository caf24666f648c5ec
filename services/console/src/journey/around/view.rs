//! The services around a person, in words. Pure.

use askama::Template;
use time::Date;
use trama_events::codes::Purpose;
use trama_events::ids::PersonId;
use trama_projections::journey::{JourneyView, Place as Where};
use trama_ui::badge::Badge;
use trama_ui::family::Family;
use trama_ui::figure::svg::Element;
use trama_ui::frame::{Crumb, Frame, Live, Place};
use trama_ui::language::Words;
use trama_ui::words::{InWords as _, State};

use super::super::view::{Seen, state_of};
use super::PAGE;
use super::map::{self, Around, Sent};
use crate::Console;
use crate::gate::Visitor;
use crate::referral::thread::capital;
use crate::tabs::{Tab, tabs};

/// Referrals that are listed; the others stand in the journey.
const REFERRALS_MAX: usize = 50;

/// Whose page it is.
pub(super) struct Hers {
    pub(super) person: PersonId,
    pub(super) stated: Option<Purpose>,
    /// At which time it was read.
    pub(super) at: String,
}

/// A service around her.
#[derive(Debug)]
struct Row {
    anchor: String,
    family: Family,
    name: String,
    kind: String,
    badges: Vec<Badge>,
    first: String,
    last: String,
    entries: usize,
}

/// A referral of hers.
#[derive(Debug)]
struct Referral {
    anchor: String,
    from: String,
    to: String,
    sent: String,
    outcome: String,
    badges: Vec<Badge>,
}

#[derive(Debug, Template)]
#[template(path = "around.html")]
pub(super) struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    at: String,
    about: String,
    svg: Option<Element>,
    services: Vec<Row>,
    services_left: Option<String>,
    referrals: Vec<Referral>,
    referrals_left: Option<String>,
}

impl Page {
    pub(super) fn new(
        console: &Console,
        visitor: &Visitor,
        hers: Hers,
        journey: &JourneyView,
        seen: &Seen,
    ) -> Self {
        let words = seen.language.words();
        let code = journey.records.first().and_then(|record| record.code.clone());
        let code = code.unwrap_or_else(|| words.journey_no_code());
        let mut frame = console.frame(Some(visitor), &words.around_title(), Some(Place::People));
        let scopo = hers.stated.map(|it| format!("?scopo={}", it.code())).unwrap_or_default();
        let journey_of_her = format!("/persone/{}{scopo}", hers.person);
        frame.crumbs = vec![Crumb::to(&code, &journey_of_her), Crumb::here(&words.around_title())];
        frame.title = format!("{} · {code}", words.around_title());
        let tabs = tabs(&visitor.caller, hers.person, hers.stated, PAGE, seen.language);
        Self::of(frame, tabs, hers.at, journey, seen)
    }

    pub(super) fn of(
        frame: Frame,
        tabs: Vec<Tab>,
        at: String,
        journey: &JourneyView,
        seen: &Seen,
    ) -> Self {
        let words = seen.language.words();
        let (services, left) = map::services(journey);
        let referrals = map::referrals(journey, seen);
        let more = referrals.len().saturating_sub(REFERRALS_MAX);
        let listed = referrals.iter().take(REFERRALS_MAX).enumerate();
        Self {
            frame,
            tabs,
            at,
            about: words.around_about(services.len() + left, referrals.len()),
            svg: map::draw(&services, &referrals, seen),
            services: services.iter().enumerate().map(|one| row(one, seen)).collect(),
            services_left: (left > 0).then(|| words.around_services_left(left)),
            referrals: listed.map(|one| referral(one, seen)).collect(),
            referrals_left: (more > 0).then(|| words.around_referrals_left(more)),
        }
    }

    /// The same, kept true while it is open.
    pub(super) fn listening(mut self, live: Option<Live>) -> Self {
        self.frame.live = live;
        self
    }
}

fn row((index, one): (usize, &Around), seen: &Seen) -> Row {
    let (language, words) = (seen.language, seen.language.words());
    let family = Family::from(one.place.service_type);
    Row {
        anchor: map::anchor_of_service(index),
        family,
        name: one.place.name.clone(),
        kind: capital(one.place.service_type.words_in(language)),
        badges: one.open.iter().map(|kind| going_on(kind, words)).collect(),
        first: day(one.first, seen),
        last: day(one.last, seen),
        entries: one.entries,
    }
}

/// What goes on at a service.
fn going_on(kind: &str, words: &Words) -> Badge {
    let (state, said) = match kind {
        "stay" => (State::Neutral, words.journey_stay()),
        "charge" => (State::Neutral, words.journey_charge()),
        "card" => (State::Neutral, words.journey_points_card()),
        "waiting_list" => (State::Waiting, words.journey_list_wait()),
        _ => (State::Waiting, words.journey_answer_wait()),
    };
    Badge::new(state, said)
}

fn referral((index, sent): (usize, &Sent<'_>), seen: &Seen) -> Referral {
    let name = |place: &Where| place.name.clone();
    Referral {
        anchor: map::anchor_of_referral(index),
        from: sent.from.as_ref().map_or_else(|| "–".into(), name),
        to: name(&sent.to),
        sent: day(sent.span.from, seen),
        outcome: sent.outcome.clone(),
        badges: state_of(&sent.span.state, seen.language).into_iter().collect(),
    }
}

fn day(day: Date, seen: &Seen) -> String {
    seen.language.short(day, seen.today())
}

#[cfg(test)]
mod tests;
