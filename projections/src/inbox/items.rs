//! What stands in an inbox, and in which order.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use time::{Duration, OffsetDateTime};
use trama_events::codes::Urgency;
use trama_events::ids::PersonId;
use trama_events::rome;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::journey::Place;

/// How long what is only told stays in sight.
pub(super) const TOLD: Duration = Duration::days(30);

/// The lists of an inbox.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    ToSchema,
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
    /// What was done here, as long as it is told.
    Done,
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
    /// An emergency that is not closed yet.
    EmergencyOpen,
    /// An emergency was handed over.
    EmergencyHandover,
    /// A case was closed, and the service is to go on.
    CaseHandover,
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
    /// A record was opened by force: somebody else looks at it within 72 hours.
    ForcedAccessReview,
    /// Whoever looked at it found that it was not right.
    ForcedAccessUnjustified,
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
    /// The referral, case, stay, wait, emergency, goal, record or access by force.
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
    pub(super) fn new(kind: Kind, list: List, about: Uuid, since: OffsetDateTime) -> Self {
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
        Order(
            self.due.map_or(i64::MAX, OffsetDateTime::unix_timestamp),
            urgency,
            self.since.unix_timestamp(),
            self.id(),
        )
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
        Some(Self(
            due.parse().ok()?,
            urgency.parse().ok()?,
            since.parse().ok()?,
            parts.next()?.to_owned(),
        ))
    }
}

/// What is only told goes out of sight.
pub(super) fn in_sight(draft: &Draft, now: OffsetDateTime) -> bool {
    !matches!(draft.list, List::Information | List::Done) || now - draft.since <= TOLD
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
