//! From rows to items, against the clock: pure. Which list an item is in, by when it is due, and
//! what comes first.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use time::macros::time;
use time::{Date, Duration, OffsetDateTime};
use trama_events::codes::{Destination, NextStep, Urgency};
use trama_events::ids::PersonId;
use trama_events::rome;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::journey::Place;

/// How long what is only told stays in sight.
pub(super) const TOLD: Duration = Duration::days(30);
/// How long a handover of somebody without a record is asked for: nothing can tell that it is done.
const UNNAMED: Duration = Duration::days(7);
/// Days before its end at which an identifier is to be renewed (domain §3.1).
pub(super) const IDENTIFIER_DAYS: i64 = 30;
/// Days before a goal's review at which it is to be prepared.
pub(super) const REVIEW_DAYS: i64 = 14;
/// Days before its cap at which a stay is first seen, and then urgent (R6).
pub(super) const CAP_DAYS: i64 = 90;
const CAP_URGENT_DAYS: i64 = 30;

/// The three lists of an inbox.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum List {
    /// It is your turn.
    ToDo,
    /// It is somebody else's turn.
    Waiting,
    /// Nothing is to be done.
    Information,
}

/// What an item is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, IntoStaticStr, ToSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// A referral to answer.
    ReferralReceived,
    /// A referral that waits for its receiver.
    ReferralSent,
    /// The receiver needs something before it can answer.
    InformationRequested,
    /// The receiver took it.
    ReferralAccepted,
    /// The receiver, or the person, did not: the next step is coded.
    ReferralDeclined,
    /// Nobody answered in time.
    ReferralExpired,
    /// The sender took it back.
    ReferralWithdrawn,
    /// A first visit to fix or to hold.
    FirstVisitDue,
    /// The person did not come.
    FirstVisitMissed,
    /// The visit was held: whether the need was met is not told yet.
    OutcomeToReport,
    /// Whether the need was met.
    OutcomeReported,
    /// A child without an adult.
    LoneChildAlert,
    /// An emergency was handed over.
    EmergencyHandover,
    /// A stay of somebody in charge ended.
    StayEnded,
    /// A stay comes near its cap: 90, then 30 days (R6).
    StayCap,
    /// A goal is to be looked at again.
    GoalReview,
    /// An identifier runs out and nothing replaces it.
    IdentifierEnds,
    /// Somebody waits for a place.
    WaitingList,
}

/// Something in an inbox. Ids, codes and public names; never a person's name or need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Item {
    /// Stable while it is about the same thing.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// Where it stands.
    pub list: List,
    /// The referral, case, stay, wait, emergency, goal or record.
    pub about: Uuid,
    /// The person, where there is one.
    pub person: Option<PersonId>,
    /// Her short code.
    pub code: Option<String>,
    /// Who sends.
    pub from: Option<Place>,
    /// Who receives.
    pub to: Option<Place>,
    /// Why, as a code.
    pub reason: Option<String>,
    /// What to do now, as a code.
    pub next_step: Option<String>,
    /// Another service to ask.
    pub elsewhere: Option<Place>,
    /// How soon.
    pub urgency: Urgency,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// By when.
    #[serde(with = "time::serde::rfc3339::option")]
    pub due: Option<OffsetDateTime>,
    /// Days in Rome since then.
    pub days_waiting: i64,
    /// Whether the deadline has passed.
    pub overdue: bool,
    /// Whether the receiver has opened it.
    pub seen: bool,
    /// Whether nobody answered in time, so that it came back.
    pub escalated: bool,
}

/// An item before names are put to ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    pub(super) list: List,
    pub(super) about: Uuid,
    /// Tells items of one kind about one thing apart.
    pub(super) apart: Option<String>,
    pub(super) person: Option<Uuid>,
    pub(super) from: Option<Uuid>,
    pub(super) to: Option<Uuid>,
    pub(super) elsewhere: Option<Uuid>,
    pub(super) reason: Option<String>,
    pub(super) next_step: Option<String>,
    pub(super) urgency: Urgency,
    pub(super) since: OffsetDateTime,
    pub(super) due: Option<OffsetDateTime>,
    pub(super) seen: bool,
    pub(super) escalated: bool,
}

impl Draft {
    fn new(kind: Kind, list: List, about: Uuid, since: OffsetDateTime) -> Self {
        Self {
            kind,
            list,
            about,
            apart: None,
            person: None,
            from: None,
            to: None,
            elsewhere: None,
            reason: None,
            next_step: None,
            urgency: Urgency::Ordinary,
            since,
            due: None,
            seen: false,
            escalated: false,
        }
    }

    pub(super) fn id(&self) -> String {
        let kind: &str = self.kind.into();
        let apart = self.apart.as_ref().map(|apart| format!("-{apart}")).unwrap_or_default();
        format!("{kind}-{}{apart}", self.about)
    }

    /// Deadline, urgency, days waiting: what is smaller comes first.
    pub(super) fn order(&self) -> Order {
        let urgency = match self.urgency {
            Urgency::Immediate => 0,
            Urgency::Urgent => 1,
            Urgency::Ordinary => 2,
        };
        Order(self.due.map_or(i64::MAX, OffsetDateTime::unix_timestamp), urgency, self.since.unix_timestamp(), self.id())
    }
}

/// The place of an item in its list, so that a page can go on where the last one ended although
/// items came and went.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order(i64, u8, i64, String);

impl Order {
    pub(super) fn to_cursor(&self) -> String {
        format!("{}~{}~{}~{}", self.0, self.1, self.2, self.3)
    }

    pub(super) fn from_cursor(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '~');
        let (due, urgency, since) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self(due.parse().ok()?, urgency.parse().ok()?, since.parse().ok()?, parts.next()?.to_owned()))
    }
}

/// A row of `referrals`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Referral {
    pub(super) referral: Uuid,
    pub(super) person: Uuid,
    pub(super) sender: Uuid,
    pub(super) receiver: Uuid,
    pub(super) urgency: String,
    pub(super) confidential: bool,
    pub(super) stage: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) sent_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) answer_by: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    pub(super) changed_at: OffsetDateTime,
    pub(super) seen: bool,
    pub(super) reason: Option<String>,
    pub(super) next_step: Option<String>,
    pub(super) elsewhere: Option<Uuid>,
    pub(super) visit: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) visit_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) visit_changed_at: Option<OffsetDateTime>,
    /// The sender has sent another one for the same need of the same person since.
    pub(super) followed: bool,
}

impl Referral {
    fn draft(&self, kind: Kind, list: List) -> Draft {
        Draft {
            person: Some(self.person),
            from: Some(self.sender),
            to: Some(self.receiver),
            urgency: self.urgency.parse().unwrap_or(Urgency::Ordinary),
            seen: self.seen,
            ..Draft::new(kind, list, self.referral, self.changed_at)
        }
    }

    /// What the receiver has to do with it.
    pub(super) fn of_receiver(&self) -> Option<Draft> {
        let since = self.sent_at.unwrap_or(self.changed_at);
        let to_answer = |list| Draft { since, due: self.answer_by, ..self.draft(Kind::ReferralReceived, list) };
        match self.stage.as_str() {
            "sent" => Some(to_answer(List::ToDo)),
            "information_requested" => Some(to_answer(List::Waiting)),
            "accepted" => Some(self.visit()),
            "expired" => {
                Some(Draft { escalated: true, ..self.draft(Kind::ReferralExpired, List::Information) })
            }
            "withdrawn" => Some(self.draft(Kind::ReferralWithdrawn, List::Information)),
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
            "declined" if self.followed => return None,
            "declined" => Draft {
                reason: self.reason.clone(),
                next_step: self.next_step.clone(),
                elsewhere: self.elsewhere,
                ..self.draft(Kind::ReferralDeclined, self.declined_list())
            },
            "expired" if self.followed => return None,
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
            _ => return None,
        };
        Some(if self.confidential { only_in_path(draft) } else { draft })
    }

    fn declined_list(&self) -> List {
        let nothing = self.next_step.as_deref() == Some(NextStep::NoneNeeded.code());
        if nothing { List::Information } else { List::ToDo }
    }
}

/// A confidential service says no more than that a person is in its path or is not: no reason,
/// and nothing of a visit.
fn only_in_path(draft: Draft) -> Draft {
    let kind = if draft.kind == Kind::FirstVisitMissed { Kind::ReferralAccepted } else { draft.kind };
    Draft { kind, reason: None, elsewhere: None, ..draft }
}

/// A row of `emergencies`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Emergency {
    pub(super) emergency: Uuid,
    pub(super) service: Uuid,
    pub(super) person: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339")]
    pub(super) reported_at: OffsetDateTime,
    pub(super) handover: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) closed_at: Option<OffsetDateTime>,
    /// Whether the inbox is one that a lone child alerts.
    pub(super) alerts: bool,
    /// Whether the service that took over has met the person since, or opened a case.
    pub(super) taken_up: bool,
}

impl Emergency {
    pub(super) fn of(&self, service: Uuid, now: OffsetDateTime) -> Option<Draft> {
        let draft = |kind, list, since| Draft {
            person: self.person,
            from: Some(self.service),
            to: Some(service),
            urgency: Urgency::Immediate,
            ..Draft::new(kind, list, self.emergency, since)
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
            Some(_) | None => None,
        }
    }
}

/// A row of `stays`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Stay {
    pub(super) stay: Uuid,
    pub(super) people: Vec<Uuid>,
    pub(super) facility: Uuid,
    pub(super) cap_on: Option<Date>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) ended_at: Option<OffsetDateTime>,
    pub(super) destination: Option<String>,
    pub(super) sealed: bool,
    /// Whether one of them moved in somewhere since.
    pub(super) housed_since: bool,
}

impl Stay {
    fn draft(&self, kind: Kind, list: List, since: OffsetDateTime) -> Draft {
        let (person, from) = (self.people.first().copied(), Some(self.facility));
        Draft { person, from, ..Draft::new(kind, list, self.stay, since) }
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
        let lost = [Destination::Street, Destination::Unknown].map(Destination::code).contains(&destination);
        let list = if lost && !self.housed_since { List::ToDo } else { List::Information };
        let reason = Some(destination.to_owned());
        let urgency = if list == List::ToDo { Urgency::Urgent } else { Urgency::Ordinary };
        Some(Draft { reason, urgency, ..self.draft(Kind::StayEnded, list, ended_at) })
    }
}

/// A goal of an open case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Goal {
    pub(super) goal: Uuid,
    pub(super) person: Uuid,
    pub(super) service: Uuid,
    pub(super) review_on: Date,
}

impl Goal {
    pub(super) fn review(&self, today: Date) -> Option<Draft> {
        let visible_from = rome::days_after(self.review_on, -REVIEW_DAYS);
        (visible_from <= today).then(|| Draft {
            person: Some(self.person),
            to: Some(self.service),
            due: Some(end_of(self.review_on)),
            ..Draft::new(Kind::GoalReview, List::ToDo, self.goal, start_of(visible_from))
        })
    }
}

/// An identifier that ends, with the service that registered its person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Identifier {
    pub(super) person: Uuid,
    pub(super) kind: String,
    pub(super) valid_to: Date,
    pub(super) service: Uuid,
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
    pub(super) waiting: Uuid,
    pub(super) person: Uuid,
    pub(super) facility: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub(super) requested_at: OffsetDateTime,
    pub(super) stage: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) held_until: Option<OffsetDateTime>,
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
            ..Draft::new(Kind::WaitingList, list, self.waiting, self.requested_at)
        }
    }
}

/// What is only told goes out of sight.
pub(super) fn in_sight(draft: &Draft, now: OffsetDateTime) -> bool {
    draft.list != List::Information || now - draft.since <= TOLD
}

/// First what has been due longest.
pub(super) fn ordered(mut drafts: Vec<Draft>) -> Vec<Draft> {
    drafts.sort_by_cached_key(|draft| (draft.id(), Reverse(draft.list == List::ToDo)));
    drafts.dedup_by_key(|draft| draft.id());
    drafts.sort_by_cached_key(Draft::order);
    drafts
}

/// Whole days in Rome between two moments.
pub(super) fn days_between(since: OffsetDateTime, now: OffsetDateTime) -> i64 {
    (rome::day_of(now) - rome::day_of(since)).whole_days().max(0)
}

fn start_of(day: Date) -> OffsetDateTime {
    rome::at(day, time!(00:00))
}

/// The last minute of a day: on the day itself nothing is overdue yet.
fn end_of(day: Date) -> OffsetDateTime {
    rome::at(day, time!(23:59))
}
