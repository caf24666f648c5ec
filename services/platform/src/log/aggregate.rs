use cqrs_es::Aggregate;
use time::{Date, OffsetDateTime};
use trama_events::Stored;
use trama_events::ids::PersonId;
use uuid::Uuid;

/// What the log must know of an aggregate beside its events.
pub trait Logged: Aggregate<Services = (), Error: Refusal, Event: Stored> + Clone {
    /// The person whom the aggregate concerns, once it exists: on every event of it.
    fn person(&self) -> Option<PersonId>;

    /// What is kept beside `event`, in the same transaction: claims that must not overlap with
    /// those of another aggregate, and timers. `self` is the state *before* the event, so that
    /// everything kept is a function of the events and can be rebuilt from them.
    fn keeps(&self, event: &Self::Event) -> Vec<Keep> {
        let _ = event;
        Vec::new()
    }

    /// Whether a command makes a new aggregate. Such a command is tried without loading first: when
    /// the aggregate is there after all, the log says so and it is loaded. A refusal is never given
    /// unseen.
    fn creates(command: &Self::Command) -> bool {
        let _ = command;
        false
    }

    /// The refusal when something that an event claims is taken by another aggregate.
    fn taken(&self, taken: &Taken) -> Self::Error;
}

/// A refusal of a context: the domain said no.
pub trait Refusal: std::error::Error + Clone + PartialEq + Send + Sync + 'static {
    /// Stable snake-case code for programs and tests. The sentence for people is `Display`.
    fn code(&self) -> &'static str;
}

/// Something written beside an event, in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// From now on nobody else may claim the same `guard` and `key` for overlapping days.
    Claim {
        /// Name of the rule, e.g. `place_night`.
        guard: &'static str,
        /// What is claimed, e.g. a place's id.
        key: String,
        /// For which days.
        during: During,
    },
    /// This aggregate gives up its claims on a guard. Releases are written before claims.
    Release {
        /// Name of the rule.
        guard: &'static str,
        /// Only this key; all keys when `None`.
        key: Option<String>,
        /// Only the claim for exactly these days; all when `None`.
        during: Option<During>,
    },
    /// At `due_at` the context is told that this aggregate's timer `name` is due. Setting again
    /// moves it.
    SetTimer {
        /// Name of the timer, e.g. `answer_by`.
        name: &'static str,
        /// When.
        due_at: OffsetDateTime,
    },
    /// The timer is not needed any more.
    ClearTimer {
        /// Name of the timer.
        name: &'static str,
    },
}

/// A range of days, the last one excluded. Without ends it means "as long as it is claimed".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct During {
    /// First day; `None` from ever.
    pub from: Option<Date>,
    /// First day that is free again; `None` for ever.
    pub to: Option<Date>,
}

impl During {
    /// With no end on either side.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// One night.
    pub fn night(night: Date) -> Self {
        Self { from: Some(night), to: night.next_day() }
    }

    /// From a first night until the first that is free again.
    pub fn nights(from: Date, to: Option<Date>) -> Self {
        Self { from: Some(from), to }
    }
}

/// A claim that failed: who holds what was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Name of the rule.
    pub guard: String,
    /// What was claimed.
    pub key: String,
    /// The aggregate that holds it.
    pub holder: Uuid,
}
