//! Things with a beginning and an end: stays, charges, cards, waits.

use std::collections::HashMap;

use serde::Serialize;
use time::Date;
use trama_events::Context;
use trama_events::ids::PersonId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::{Names, Place, Told};

/// Something that lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Span {
    /// `stay`, `charge`, `card`, `referral_wait`, `waiting_list` or `external_path`.
    pub kind: &'static str,
    /// The thing itself: a stay, a case, a card, a referral, a wait, a consent.
    pub about: Option<Uuid>,
    /// The record on which it stands.
    pub person: Option<PersonId>,
    /// Where.
    pub service: Option<Place>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// First day without; none while it goes on.
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// By when it should end or be answered: a cap, a last day, a deadline.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// Event type of the latest step.
    pub state: String,
}

fn kind_of(aggregate_type: &str) -> Option<&'static str> {
    match aggregate_type {
        "stay" => Some("stay"),
        "case" => Some("charge"),
        "points_card" => Some("card"),
        "referral" => Some("referral_wait"),
        "waiting_entry" => Some("waiting_list"),
        "consent" => Some("external_path"),
        _ => None,
    }
}

/// Every span that the facts open; facts that are not there yet leave it open.
pub(super) fn spans(told: &[Told], names: &Names) -> Vec<Span> {
    let mut steps: Vec<&Told> = told.iter().filter(|fact| fact.step.is_some()).collect();
    steps.sort_by_key(|fact| (fact.context, fact.position));
    let mut open: HashMap<(Context, Uuid), usize> = HashMap::new();
    let mut spans: Vec<Span> = Vec::new();
    for fact in steps {
        let key = (fact.context, fact.aggregate);
        match (fact.step.as_deref(), open.get(&key).and_then(|index| spans.get_mut(*index))) {
            (Some("opens"), None) => {
                if let Some(span) = opened(fact, names) {
                    open.insert(key, spans.len());
                    spans.push(span);
                }
            }
            (Some(step), Some(span)) => goes_on(span, fact, names, step == "closes"),
            (_, None) | (None, _) => {}
        }
    }
    spans.sort_by_key(|span| (span.from, span.kind, span.about));
    spans
}

fn opened(fact: &Told, names: &Names) -> Option<Span> {
    Some(Span {
        kind: kind_of(&fact.aggregate_type)?,
        about: Some(fact.aggregate),
        person: fact.person.map(PersonId),
        service: fact.service.and_then(|service| names.place(service)),
        from: fact.happened_on,
        to: None,
        due_on: fact.due_on,
        state: fact.kind.clone(),
    })
}

fn goes_on(span: &mut Span, fact: &Told, names: &Names, closes: bool) {
    span.state.clone_from(&fact.kind);
    span.due_on = fact.due_on.or(span.due_on);
    if !closes && let Some(service) = fact.service {
        span.service = names.place(service);
    }
    if closes && span.to.is_none() {
        span.to = Some(fact.happened_on);
    }
}
