//! Who sends whom, and what of her is known here: the same for both pages. Pure.

use time::OffsetDateTime;
use trama_events::codes::NeedCode;
use trama_events::ids::PersonId;
use trama_platform::caller::Caller;
use trama_projections::journey::{Entry, JourneyView as Journey};
use trama_ui::frame::{Crumb, Frame};
use trama_ui::language::{Language, Words};

/// Who sends whom.
#[derive(Debug)]
pub(super) struct Around<'a> {
    pub(super) frame: Frame,
    pub(super) caller: &'a Caller,
    pub(super) person: PersonId,
    /// The purpose that she stated; empty without one.
    pub(super) purpose: &'static str,
    pub(super) hers: Hers,
    pub(super) now: OffsetDateTime,
}

impl Around<'_> {
    pub(super) fn language(&self) -> Language {
        self.frame.language
    }

    pub(super) fn words(&self) -> &'static Words {
        self.frame.words()
    }

    /// The frame, all of which is said in its language.
    pub(super) fn frame(&self) -> Frame {
        let (words, code) = (self.words(), self.hers.code.as_str());
        let scopo = self.purpose;
        let stated = if scopo.is_empty() { String::new() } else { format!("?scopo={scopo}") };
        let mut frame = self.frame.clone();
        frame.crumbs = vec![
            Crumb::to(&words.inbox_title(), "/"),
            Crumb::to(&words.compose_person(code), &format!("/persone/{}{stated}", self.person)),
            Crumb::here(&words.compose_title()),
        ];
        frame
    }

    /// Where the choice of a service is.
    pub(super) fn services(&self) -> String {
        let scopo = self.purpose;
        let stated = if scopo.is_empty() { String::new() } else { format!("&scopo={scopo}") };
        format!("{}?persona={}{stated}", super::PATH, self.person)
    }
}

/// What the sender sees of her that a service may see too.
#[derive(Debug, Default)]
pub(super) struct Hers {
    /// The code by which people speak of her.
    pub(super) code: String,
    /// Where she sleeps.
    pub(super) ethos: Option<String>,
    /// The needs as they were last written down.
    pub(super) needs: Vec<NeedCode>,
}

impl Hers {
    pub(super) fn of(journey: &Journey) -> Self {
        let own = journey.records.iter().find(|record| record.person == journey.person);
        let own = own.or(journey.records.first());
        Self {
            code: own.and_then(|record| record.code.clone()).unwrap_or_default(),
            ethos: journey.situations.last().and_then(|last| last.ethos.clone()),
            needs: needs(journey),
        }
    }
}

fn needs(journey: &Journey) -> Vec<NeedCode> {
    let entries = journey.entries.iter().filter(|entry| entry.corrected_by.is_none());
    let told = |entry: &Entry| {
        let needs = entry.detail.get("needs")?.as_array()?.iter();
        let code = |need: &serde_json::Value| {
            need.get("code").and_then(serde_json::Value::as_str)?.parse().ok()
        };
        let needs: Vec<NeedCode> = needs.filter_map(code).collect();
        (!needs.is_empty()).then_some((entry.occurred_at, needs))
    };
    let last = entries.filter_map(told).max_by_key(|(at, _)| *at);
    last.map(|(_, needs)| needs).unwrap_or_default()
}
