//! The path of a pseudonymous person at a sealed service: a slip, an answer, a first visit, in path,
//! closed.

mod commands;
mod refusals;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use trama_events::codes::{DeclineReason, NeedLevel, Urgency};
use trama_events::ids::PersonId;
use trama_events::referrals::ExternalState;
use trama_events::rome;
use trama_events::sealed::{CloseReason, PathId, SealedEvent};
use trama_platform::log::{During, Keep, Logged, Taken};
use uuid::Uuid;

pub use commands::{PathCommand, Receive};
pub use refusals::Rejection;

/// One path as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Path {
    known: Option<Known>,
    stage: Stage,
    overdue: bool,
}

/// What was said when it began.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The pseudonym.
    pub path: PathId,
    /// The desk, veiled.
    pub desk: Uuid,
    /// How soon; once the slip is received.
    pub urgency: Option<Urgency>,
    /// How strong the need is; once the slip is received.
    pub need_level: Option<NeedLevel>,
}

/// How far a path has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub enum Stage {
    /// There is none.
    #[default]
    Unknown,
    /// Opened, and nothing said yet.
    Opened,
    /// Nobody has answered.
    Waiting {
        /// When an answer is due.
        answer_by: OffsetDateTime,
    },
    /// The service takes her.
    Accepted {
        /// When she should come.
        come_at: Option<OffsetDateTime>,
    },
    /// She came; whether she stays is not said yet.
    Came,
    /// She is in path.
    InPath,
    /// It is over.
    Closed,
}

/// What the holder of the slip reads, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// No answer yet, or a yes without a time.
    Waiting,
    /// Come at this time.
    Come(OffsetDateTime),
    /// In path.
    InPath,
    /// Closed.
    Closed,
}

/// A slip opens one path, ever: the claim is never given up.
pub(crate) const SLIP: &str = "slip";
/// Timer: the answer is due.
pub(crate) const ANSWER_BY: &str = "answer_by";

/// When an answer is due: two hours when immediate, 42 when urgent, a week otherwise. Source: the
/// proposed figures of ordinary referrals (domain §3.5), so that waiting tells nothing.
pub fn answer_by(urgency: Urgency, now: OffsetDateTime) -> OffsetDateTime {
    let hours = match urgency {
        Urgency::Immediate => 2,
        Urgency::Urgent => 42,
        Urgency::Ordinary => 7 * 24,
    };
    now + Duration::hours(hours)
}

impl Aggregate for Path {
    const TYPE: &'static str = "path";
    type Command = PathCommand;
    type Event = SealedEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: PathCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            PathCommand::Receive(receive) => self.receive(receive)?,
            PathCommand::AnswerYes { come_at, now } => self.answer_yes(come_at, now)?,
            PathCommand::AnswerNo { reason } => self.answer_no(reason)?,
            PathCommand::GiveAppointment { come_at, now } => self.give(come_at, now)?,
            PathCommand::Came => self.came()?,
            PathCommand::DidNotCome { now } => self.did_not_come(now)?,
            PathCommand::Enter => self.enter()?,
            PathCommand::Close { reason } => self.close(reason)?,
            PathCommand::Remind { now } => self.remind(now),
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: SealedEvent) {
        match event {
            SealedEvent::PathOpened { path, desk } => {
                self.known = Some(Known { path, desk, urgency: None, need_level: None });
                self.stage = Stage::Opened;
            }
            SealedEvent::SlipReceived { urgency, need_level, answer_by, .. } => {
                if let Some(known) = &mut self.known {
                    known.urgency = Some(urgency);
                    known.need_level = Some(need_level);
                }
                self.stage = Stage::Waiting { answer_by };
            }
            SealedEvent::AnswerOverdue {} => self.overdue = true,
            SealedEvent::AnsweredYes {} | SealedEvent::PersonDidNotCome {} => {
                self.overdue = false;
                self.stage = Stage::Accepted { come_at: None };
            }
            SealedEvent::AppointmentGiven { come_at } => {
                self.stage = Stage::Accepted { come_at: Some(come_at) };
            }
            SealedEvent::PersonCame {} => self.stage = Stage::Came,
            SealedEvent::PathEntered {} => self.stage = Stage::InPath,
            SealedEvent::AnsweredNo { .. } | SealedEvent::PathClosed { .. } => {
                self.overdue = false;
                self.stage = Stage::Closed;
            }
        }
    }
}

impl Logged for Path {
    /// Nobody whom the network knows.
    fn person(&self) -> Option<PersonId> {
        None
    }

    fn keeps(&self, event: &SealedEvent) -> Vec<Keep> {
        match event {
            SealedEvent::SlipReceived { slip, answer_by, .. } => vec![
                Keep::Claim { guard: SLIP, key: slip.clone(), during: During::ALWAYS },
                Keep::SetTimer { name: ANSWER_BY, due_at: *answer_by },
            ],
            SealedEvent::AnswerOverdue {}
            | SealedEvent::AnsweredYes {}
            | SealedEvent::AnsweredNo { .. }
            | SealedEvent::PathClosed { .. } => vec![Keep::ClearTimer { name: ANSWER_BY }],
            SealedEvent::PathOpened { .. }
            | SealedEvent::AppointmentGiven { .. }
            | SealedEvent::PersonCame {}
            | SealedEvent::PersonDidNotCome {}
            | SealedEvent::PathEntered {} => Vec::new(),
        }
    }

    fn creates(command: &PathCommand) -> bool {
        matches!(command, PathCommand::Receive(_))
    }

    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::SlipUsed
    }
}

type Decision = Result<Vec<SealedEvent>, Rejection>;

impl Path {
    /// What was said when it began; `None` when there is no such path.
    pub fn known(&self) -> Option<Known> {
        self.known
    }

    /// How far it has come.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Whether the answer is late.
    pub fn is_overdue(&self) -> bool {
        self.overdue
    }

    /// What the holder of the slip reads.
    pub fn answer(&self) -> Answer {
        match self.stage {
            Stage::Accepted { come_at: Some(come_at) } => Answer::Come(come_at),
            Stage::Unknown | Stage::Opened | Stage::Waiting { .. } | Stage::Accepted { .. } => {
                Answer::Waiting
            }
            Stage::Came | Stage::InPath => Answer::InPath,
            Stage::Closed => Answer::Closed,
        }
    }

    /// All that the network may know by her agreement.
    pub fn external(&self) -> ExternalState {
        match self.answer() {
            Answer::Waiting | Answer::Come(_) => ExternalState::Expected,
            Answer::InPath => ExternalState::InPath,
            Answer::Closed => ExternalState::Closed,
        }
    }

    fn receive(&self, receive: Receive) -> Decision {
        if self.known.is_some() {
            return Err(Rejection::SlipUsed);
        }
        let Receive { path, desk, slip, urgency, need_level, now } = receive;
        let answer_by = answer_by(urgency, now);
        Ok(vec![
            SealedEvent::PathOpened { path, desk },
            SealedEvent::SlipReceived { slip, urgency, need_level, answer_by },
        ])
    }

    fn answer_yes(&self, come_at: Option<OffsetDateTime>, now: OffsetDateTime) -> Decision {
        let mut events = match self.stage {
            Stage::Waiting { .. } => vec![SealedEvent::AnsweredYes {}],
            Stage::Accepted { come_at: given } if come_at.is_none() || come_at == given => {
                return Ok(vec![]);
            }
            Stage::Accepted { .. } | Stage::Came | Stage::InPath => {
                return Err(Rejection::AlreadyAnswered);
            }
            Stage::Unknown | Stage::Opened | Stage::Closed => return Err(Rejection::Closed),
        };
        if let Some(come_at) = come_at {
            events.push(appointment(come_at, now)?);
        }
        Ok(events)
    }

    fn answer_no(&self, reason: DeclineReason) -> Decision {
        match self.stage {
            Stage::Waiting { .. } => Ok(vec![SealedEvent::AnsweredNo { reason }]),
            Stage::Accepted { .. } | Stage::Came | Stage::InPath => Err(Rejection::AlreadyAnswered),
            Stage::Unknown | Stage::Opened | Stage::Closed => Err(Rejection::Closed),
        }
    }

    fn give(&self, come_at: OffsetDateTime, now: OffsetDateTime) -> Decision {
        match self.accepted()? {
            Some(given) if given == come_at => Ok(vec![]),
            Some(_) | None => Ok(vec![appointment(come_at, now)?]),
        }
    }

    fn came(&self) -> Decision {
        if self.stage == Stage::Came {
            return Ok(vec![]);
        }
        self.accepted().map(|_| vec![SealedEvent::PersonCame {}])
    }

    fn did_not_come(&self, now: OffsetDateTime) -> Decision {
        match self.accepted()? {
            None => Err(Rejection::NoAppointment),
            Some(come_at) if now < come_at => Err(Rejection::AppointmentToCome),
            Some(_) => Ok(vec![SealedEvent::PersonDidNotCome {}]),
        }
    }

    fn enter(&self) -> Decision {
        match self.stage {
            Stage::InPath => Ok(vec![]),
            Stage::Came => Ok(vec![SealedEvent::PathEntered {}]),
            Stage::Unknown
            | Stage::Opened
            | Stage::Waiting { .. }
            | Stage::Accepted { .. }
            | Stage::Closed => self.accepted().map(|_| vec![SealedEvent::PathEntered {}]),
        }
    }

    fn close(&self, reason: CloseReason) -> Decision {
        match self.stage {
            Stage::Accepted { .. } | Stage::Came | Stage::InPath => {
                Ok(vec![SealedEvent::PathClosed { reason }])
            }
            Stage::Waiting { .. } => Err(Rejection::NotAnswered),
            Stage::Unknown | Stage::Opened | Stage::Closed => Err(Rejection::Closed),
        }
    }

    /// A deadline that finds an answer finds nothing to do.
    fn remind(&self, now: OffsetDateTime) -> Vec<SealedEvent> {
        match self.stage {
            Stage::Waiting { answer_by } if answer_by <= now && !self.overdue => {
                vec![SealedEvent::AnswerOverdue {}]
            }
            Stage::Unknown
            | Stage::Opened
            | Stage::Waiting { .. }
            | Stage::Accepted { .. }
            | Stage::Came
            | Stage::InPath
            | Stage::Closed => vec![],
        }
    }

    /// The appointment of somebody who was told yes and did not come yet.
    fn accepted(&self) -> Result<Option<OffsetDateTime>, Rejection> {
        match self.stage {
            Stage::Accepted { come_at } => Ok(come_at),
            Stage::Waiting { .. } => Err(Rejection::NotAnswered),
            Stage::Came | Stage::InPath => Err(Rejection::InPathAlready),
            Stage::Unknown | Stage::Opened | Stage::Closed => Err(Rejection::Closed),
        }
    }
}

/// Fixed for today or later.
fn appointment(come_at: OffsetDateTime, now: OffsetDateTime) -> Result<SealedEvent, Rejection> {
    if rome::day_of(come_at) < rome::day_of(now) {
        return Err(Rejection::AppointmentInThePast);
    }
    Ok(SealedEvent::AppointmentGiven { come_at })
}
