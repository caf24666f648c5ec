//! Break-glass: somebody opens classes of a person's record that are closed to her, for an hour,
//! with a reason, and somebody else looks at it afterwards (trust.md, threat 5).
//!
//! Whom it alerts and what it opens is not decided here: the inbox and the gate read the events.
//! When the hour is over it is over; no event tells it.

mod asking;
mod refusals;
mod reviewing;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use trama_events::codes::Section;
use trama_events::identity::{ForcedAccessEvent, ForcedReason, ReviewFinding};
use trama_events::ids::{ForcedAccessId, PersonId, StaffId};
use trama_platform::log::{During, Keep, Logged, Taken};

pub use asking::{Forced, Wish};
pub use refusals::Rejection;
pub use reviewing::Review;

/// Longest access by force, in minutes. Source: trust.md, threat 5.
pub const MINUTES_MAX: i64 = 60;
/// Hours within which somebody looks at it. Source: trust.md, threat 5.
pub const REVIEW_HOURS: i64 = 72;
/// Fewest and most symbols of own words: those of the reason, and of whoever looks at it.
pub const WORDS_LEN: std::ops::RangeInclusive<usize> = 10..=1_000;
/// What no emergency opens: what a confidential service knows, an address that is secret, notes of
/// one organisation, who reported (domain §6, DPR 309/90 art. 120).
pub const NEVER: [Section; 4] =
    [Section::Addiction, Section::SecretAddress, Section::PrivateNotes, Section::Reporter];

/// Claimed from the opening to the review, under the access's own id: so the log lists what is to
/// be looked at.
pub(crate) const TO_REVIEW: &str = "forced_to_review";

/// One access by force, as its events tell it.
///
/// Its id follows from the worker, the person and a number, each the next one: so two at once are
/// the same aggregate, and the second is refused. A claim could not hold this: claims are for days.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ForcedAccess {
    /// What was opened; `None` before.
    pub opening: Option<Opening>,
    /// What the review found; `None` before it.
    pub finding: Option<ReviewFinding>,
}

/// What is opened by force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The access.
    pub access: ForcedAccessId,
    /// Whose record.
    pub person: PersonId,
    /// Why.
    pub reason: ForcedReason,
    /// Which classes of data.
    pub sections: Vec<Section>,
    /// The first moment at which it is over.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
}

impl Opening {
    /// Whether it opens something at this moment.
    pub fn is_open(&self, now: OffsetDateTime) -> bool {
        now < self.until
    }

    /// Whether this may be opened by force at all, whoever asks and whosever record it is.
    ///
    /// # Errors
    ///
    /// [`Rejection::NoSection`], [`Rejection::NeverByForce`], [`Rejection::Minutes`].
    pub fn check(&self, now: OffsetDateTime) -> Result<(), Rejection> {
        if self.sections.is_empty() {
            return Err(Rejection::NoSection);
        }
        if let Some(section) = self.sections.iter().find(|section| NEVER.contains(section)) {
            return Err(Rejection::NeverByForce { section: *section });
        }
        let last = now.checked_add(Duration::minutes(MINUTES_MAX));
        if !self.is_open(now) || last.is_none_or(|last| self.until > last) {
            return Err(Rejection::Minutes { max: MINUTES_MAX });
        }
        Ok(())
    }
}

/// What can be asked of an access by force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForcedAccessCommand {
    /// Opens it.
    Force {
        /// What.
        opening: Opening,
        /// The moment, on the domain's clock.
        now: OffsetDateTime,
    },
    /// Somebody looked at it.
    Review {
        /// Who opened it, as the log says; `None` when nobody did.
        forced_by: Option<StaffId>,
        /// Who looked.
        by: StaffId,
        /// What she found.
        finding: ReviewFinding,
    },
}

impl Aggregate for ForcedAccess {
    const TYPE: &'static str = "forced_access";
    type Command = ForcedAccessCommand;
    type Event = ForcedAccessEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: ForcedAccessCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let event = match command {
            ForcedAccessCommand::Force { opening, now } => Some(self.force(opening, now)?),
            ForcedAccessCommand::Review { forced_by, by, finding } => {
                self.review(forced_by, by, finding)?
            }
        };
        if let Some(event) = event {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ForcedAccessEvent) {
        match event {
            ForcedAccessEvent::AccessForced { access, person, reason, sections, until } => {
                self.opening = Some(Opening { access, person, reason, sections, until });
            }
            ForcedAccessEvent::ForcedAccessReviewed { finding } => self.finding = Some(finding),
        }
    }
}

impl Logged for ForcedAccess {
    fn person(&self) -> Option<PersonId> {
        self.opening.as_ref().map(|opening| opening.person)
    }

    fn keeps(&self, event: &ForcedAccessEvent) -> Vec<Keep> {
        match event {
            ForcedAccessEvent::AccessForced { access, .. } => vec![Keep::Claim {
                guard: TO_REVIEW,
                key: access.to_string(),
                during: During::ALWAYS,
            }],
            ForcedAccessEvent::ForcedAccessReviewed { .. } => {
                vec![Keep::Release { guard: TO_REVIEW, key: None, during: None }]
            }
        }
    }

    /// The id of an access that is another aggregate's.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::Over
    }
}

impl ForcedAccess {
    fn force(&self, opening: Opening, now: OffsetDateTime) -> Result<ForcedAccessEvent, Rejection> {
        opening.check(now)?;
        match &self.opening {
            Some(before) if before.is_open(now) => {
                let left = before.until - now;
                return Err(Rejection::StillOpen { minutes: left.whole_minutes() + 1 });
            }
            Some(_) => return Err(Rejection::Over),
            None => {}
        }
        let Opening { access, person, reason, mut sections, until } = opening;
        sections.sort_unstable();
        sections.dedup();
        Ok(ForcedAccessEvent::AccessForced { access, person, reason, sections, until })
    }

    /// Said again it changes nothing; whoever thinks otherwise tells the data protection officer.
    fn review(
        &self,
        forced_by: Option<StaffId>,
        by: StaffId,
        finding: ReviewFinding,
    ) -> Result<Option<ForcedAccessEvent>, Rejection> {
        let Some(forced_by) = forced_by.filter(|_| self.opening.is_some()) else {
            return Err(Rejection::NoSuchAccess);
        };
        if forced_by == by {
            return Err(Rejection::OwnAccess);
        }
        match self.finding {
            None => Ok(Some(ForcedAccessEvent::ForcedAccessReviewed { finding })),
            Some(before) if before == finding => Ok(None),
            Some(_) => Err(Rejection::Reviewed),
        }
    }
}
