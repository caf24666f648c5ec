//! From rows to items, against the clock: pure. Which list an item is in, and by when it is due.

use serde::Deserialize;
use time::macros::time;
use time::{Date, Duration, OffsetDateTime};
use trama_events::codes::{Destination, NextStep, Urgency};
use trama_events::rome;
use uuid::Uuid;

use super::items::{Draft, Kind, List};

/// How long a handover of somebody without a record is asked for: nothing can tell that it is done.
const UNNAMED: Duration = Duration::days(7);
/// Days before its end at which an identifier is to be renewed (domain §3.1).
pub(super) const IDENTIFIER_DAYS: i64 = 30;
/// Days before a goal's review at which it is to be prepared.
pub(super) const REVIEW_DAYS: i64 = 14;
/// Days before its cap at which a stay is first seen, and then urgent (R6).
pub(super) const CAP_DAYS: i64 = 90;
const CAP_URGENT_DAYS: i64 = 30;

/// A row of `referrals`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Referral {
    #[serde(rename = "referral")]
    id: Uuid,
    person: Uuid,
    sender: Uuid,
    pub(super) receiver: Uuid,
    urgency: String,
    receiver_sealed: bool,
    stage: String,
    #[serde(with = "time::serde::rfc3339::option")]
    sent_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    answer_by: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    changed_at: OffsetDateTime,
    seen: bool,
    reason: Option<String>,
    next_step: Option<String>,
    elsewhere: Option<Uuid>,
    visit: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    visit_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    visit_changed_at: Option<OffsetDateTime>,
    /// The sender has sent another one for the same need of the same person since.
    followed: bool,
}

impl Referral {
    fn draft(&self, kind: Kind, list: List) -> Draft {
        Draft {
            person: Some(self.person),
            from: Some(self.sender),
            to: Some(self.receiver),
            urgency: self.urgency.parse().unwrap_or(Urgency::Ordinary),
            seen: self.seen,
            ..Draft::new(kind, list, self.id, self.changed_at)
        }
    }

    /// What the receiver has to do with it.
    pub(super) fn of_receiver(&self) -> Option<Draft> {
        let since = self.sent_at.unwrap_or(self.changed_at);
        let to_answer =
            |list| Draft { since, due: self.answer_by, ..self.draft(Kind::ReferralReceived, list) };
        match self.stage.as_str() {
            "sent" => Some(to_answer(List::ToDo)),
            "information_requested" => Some(to_answer(List::Waiting)),
            "accepted" => Some(self.visit()),
            "expired" => Some(Draft {
                escalated: true,
                ..self.draft(Kind::ReferralExpired, List::Information)
            }),
            "withdrawn" => Some(self.draft(Kind::ReferralWithdrawn, List::Information)),
            "declined" => Some(self.draft(Kind::ReferralDeclined, List::Done)),
            "reported" => Some(self.draft(Kind::OutcomeReported, List::Done)),
            _ => None,
        }
    }

    fn visit(&self) -> Draft {
        let since = self.visit_changed_at.unwrap_or(self.changed_at);
        let (kind, due) = match self.visit.as_deref() {
            Some("held") => (Kind::OutcomeToReport, None),
            Some("missed") => (Kind::FirstVisitMissed, None),
            _ => (Kind::FirstVisitDue, self.visit_at),
        };
        Draft { since, due, ..self.draft(kind, List::ToDo) }
    }

    /// What the sender has to do with it: accountable until it is accepted, and never left in
    /// silence.
    pub(super) fn of_sender(&self) -> Option<Draft> {
        let draft = match self.stage.as_str() {
            "sent" => Draft {
                since: self.sent_at.unwrap_or(self.changed_at),
                due: self.answer_by,
                ..self.draft(Kind::ReferralSent, List::Waiting)
            },
            "information_requested" => Draft {
                due: self.answer_by,
                next_step: Some(NextStep::SendInformation.code().into()),
                ..self.draft(Kind::InformationRequested, List::ToDo)
            },
            "declined" | "expired" if self.followed => return None,
            "declined" => Draft {
                reason: self.reason.clone(),
                next_step: self.next_step.clone(),
                elsewhere: self.elsewhere,
                ..self.draft(Kind::ReferralDeclined, self.declined_list())
            },
            "expired" => Draft {
                escalated: true,
                next_step: Some(NextStep::ReferElsewhere.code().into()),
                ..self.draft(Kind::ReferralExpired, List::ToDo)
            },
            "accepted" if self.visit.as_deref() == Some("missed") => Draft {
                since: self.visit_changed_at.unwrap_or(self.changed_at),
                ..self.draft(Kind::FirstVisitMissed, List::Information)
            },
            "accepted" => self.draft(Kind::ReferralAccepted, List::Information),
            "reported" => Draft {
                reason: self.reason.clone(),
                ..self.draft(Kind::OutcomeReported, List::Information)
            },
            "withdrawn" => self.draft(Kind::ReferralWithdrawn, List::Done),
            _ => return None,
        };
        Some(if self.receiver_sealed { only_in_path(draft) } else { draft })
    }

    fn declined_list(&self) -> List {
        let nothing = self.next_step.as_deref() == Some(NextStep::NoneNeeded.code());
        if nothing { List::Information } else { List::ToDo }
    }
}

/// A confidential service says no more than that a person is in its path or is not: no reason,
/// and nothing of a visit.
fn only_in_path(draft: Draft) -> Draft {
    let kind =
        if draft.kind == Kind::FirstVisitMissed { Kind::ReferralAccepted } else { draft.kind };
    Draft { kind, reason: None, elsewhere: None, ..draft }
}

/// A row of `emergencies`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Emergency {
    #[serde(rename = "emergency")]
    id: Uuid,
    service: Uuid,
    person: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339")]
    reported_at: OffsetDateTime,
    handover: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339::option")]
    closed_at: Option<OffsetDateTime>,
    /// Whether the inbox is one that a lone child alerts.
    alerts: bool,
    /// Services that went out.
    units: Vec<Uuid>,
    /// Whether the service that took over has met the person since, or opened a case.
    taken_up: bool,
}

impl Emergency {
    pub(super) fn of(&self, service: Uuid, now: OffsetDateTime) -> Option<Draft> {
        let draft = |kind, list, since| Draft {
            person: self.person,
            from: Some(self.service).filter(|from| *from != service),
            to: Some(service),
            urgency: Urgency::Immediate,
            ..Draft::new(kind, list, self.id, since)
        };
        match self.closed_at {
            Some(closed_at) if self.handover == Some(service) => {
                let old = self.person.is_none() && now - closed_at > UNNAMED;
                let list = if old { List::Information } else { List::ToDo };
                (!self.taken_up).then(|| draft(Kind::EmergencyHandover, list, closed_at))
            }
            Some(_) if self.alerts => {
                Some(draft(Kind::LoneChildAlert, List::Information, self.reported_at))
            }
            None if self.alerts => Some(Draft {
                due: Some(self.reported_at),
                ..draft(Kind::LoneChildAlert, List::ToDo, self.reported_at)
            }),
            // Whoever answered and whoever went out, until it is closed.
            None if self.service == service || self.units.contains(&service) => Some(Draft {
                due: Some(self.reported_at),
                ..draft(Kind::EmergencyOpen, List::ToDo, self.reported_at)
            }),
            Some(_) | None => None,
        }
    }
}

/// A closed case that was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Handover {
    #[serde(rename = "case_id")]
    case: Uuid,
    person: Uuid,
    service: Uuid,
    #[serde(rename = "handover")]
    to: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    closed_at: OffsetDateTime,
}

impl Handover {
    /// To do until the service has taken the person up.
    pub(super) fn to_take_up(&self) -> Draft {
        Draft {
            person: Some(self.person),
            from: Some(self.service),
            to: Some(self.to),
            ..Draft::new(Kind::CaseHandover, List::ToDo, self.case, self.closed_at)
        }
    }
}

/// A row of `stays`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Stay {
    #[serde(rename = "stay")]
    id: Uuid,
    people: Vec<Uuid>,
    facility: Uuid,
    cap_on: Option<Date>,
    #[serde(with = "time::serde::rfc3339::option")]
    ended_at: Option<OffsetDateTime>,
    destination: Option<String>,
    sealed: bool,
    /// Whether one of them moved in somewhere since.
    housed_since: bool,
}

impl Stay {
    fn draft(&self, kind: Kind, list: List, since: OffsetDateTime) -> Draft {
        let (person, from) = (self.people.first().copied(), Some(self.facility));
        Draft { person, from, ..Draft::new(kind, list, self.id, since) }
    }

    /// From 90 days before the cap on: extend with a reason, or end it (R6).
    pub(super) fn cap(&self, today: Date) -> Option<Draft> {
        let cap_on = self.cap_on.filter(|_| self.ended_at.is_none())?;
        let left = (cap_on - today).whole_days();
        let (reason, urgency) = match left {
            ..0 => ("past_cap", Urgency::Immediate),
            0..=CAP_URGENT_DAYS => ("30_days", Urgency::Urgent),
            _ => ("90_days", Urgency::Ordinary),
        };
        (left <= CAP_DAYS).then(|| Draft {
            reason: Some(reason.into()),
            urgency,
            due: Some(end_of(cap_on)),
            ..self.draft(Kind::StayCap, List::ToDo, start_of(rome::days_after(cap_on, -CAP_DAYS)))
        })
    }

    /// For whoever has the person in charge. Somebody who left to the street, or nobody knows
    /// where, is to be looked for until she has a place again.
    pub(super) fn ended(&self) -> Option<Draft> {
        let ended_at = self.ended_at.filter(|_| !self.sealed)?;
        let destination = self.destination.as_deref()?;
        let homeless = [Destination::Street, Destination::Unknown].map(Destination::code);
        let (list, urgency) = if homeless.contains(&destination) && !self.housed_since {
            (List::ToDo, Urgency::Urgent)
        } else {
            (List::Information, Urgency::Ordinary)
        };
        let draft = self.draft(Kind::StayEnded, list, ended_at);
        Some(Draft { reason: Some(destination.to_owned()), urgency, ..draft })
    }
}

/// A goal of an open case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Goal {
    #[serde(rename = "goal")]
    id: Uuid,
    person: Uuid,
    service: Uuid,
    review_on: Date,
}

impl Goal {
    pub(super) fn review(&self, today: Date) -> Option<Draft> {
        let visible_from = rome::days_after(self.review_on, -REVIEW_DAYS);
        (visible_from <= today).then(|| Draft {
            person: Some(self.person),
            to: Some(self.service),
            due: Some(end_of(self.review_on)),
            ..Draft::new(Kind::GoalReview, List::ToDo, self.id, start_of(visible_from))
        })
    }
}

/// An identifier that ends, with the service that registered its person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Identifier {
    person: Uuid,
    kind: String,
    valid_to: Date,
    service: Uuid,
}

impl Identifier {
    pub(super) fn ends(&self, today: Date) -> Option<Draft> {
        let visible_from = rome::days_after(self.valid_to, -IDENTIFIER_DAYS);
        (visible_from <= today).then(|| Draft {
            apart: Some(self.kind.clone()),
            person: Some(self.person),
            to: Some(self.service),
            reason: Some(self.kind.clone()),
            due: Some(end_of(self.valid_to)),
            ..Draft::new(Kind::IdentifierEnds, List::ToDo, self.person, start_of(visible_from))
        })
    }
}

/// A row of `waits`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Wait {
    #[serde(rename = "waiting")]
    id: Uuid,
    person: Uuid,
    facility: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    requested_at: OffsetDateTime,
    stage: String,
    #[serde(with = "time::serde::rfc3339::option")]
    held_until: Option<OffsetDateTime>,
}

impl Wait {
    /// A request is to be decided; who is on the list waits, as does an offer until it runs out.
    pub(super) fn of_facility(&self, now: OffsetDateTime) -> Draft {
        let ran_out = self.held_until.is_some_and(|until| until <= now);
        let list = if self.stage == "requested" || ran_out { List::ToDo } else { List::Waiting };
        Draft {
            person: Some(self.person),
            to: Some(self.facility),
            reason: Some(self.stage.clone()),
            due: self.held_until,
            ..Draft::new(Kind::WaitingList, list, self.id, self.requested_at)
        }
    }
}

fn start_of(day: Date) -> OffsetDateTime {
    rome::at(day, time!(00:00))
}

/// The last minute of a day: on the day itself nothing is overdue yet.
fn end_of(day: Date) -> OffsetDateTime {
    rome::at(day, time!(23:59))
}
