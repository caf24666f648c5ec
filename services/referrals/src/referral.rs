//! A referral: created, sent, seen, answered, visited, ended. Each is its own fact.

mod commands;
mod possible;
mod refusals;
pub mod rules;
mod standing;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use trama_events::codes::{NeedMet, ServiceType};
use trama_events::ids::{PersonId, ReferralId, ServiceId};
use trama_events::referrals::{ReferralEvent, WithdrawalReason};
use trama_events::rome;
use trama_platform::log::{During, Keep, Logged, Taken};

pub use commands::{Decline, Receiver, ReferralCommand, Send};
pub use possible::{Move, Side};
pub use refusals::Rejection;
pub use standing::Standing;

/// One referral as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    parties: Option<Parties>,
    stage: Stage,
    seen: bool,
    asked: bool,
    visit: Visit,
}

/// Who is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parties {
    /// The referral.
    pub referral: ReferralId,
    /// The person.
    pub person: PersonId,
    /// Service that sends.
    pub from: ServiceId,
    /// Its type.
    pub from_type: ServiceType,
    /// Service that receives.
    pub to: ServiceId,
    /// Its type.
    pub to_type: ServiceType,
    need: trama_events::codes::NeedCode,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Stage {
    #[default]
    Unknown,
    Created,
    Waiting {
        answer_by: OffsetDateTime,
    },
    Accepted,
    Ended(End),
}

/// How a referral came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// The receiver or the person said no.
    Declined,
    /// The sender took it back.
    Withdrawn,
    /// Nobody answered in time.
    Expired,
    /// The receiver told how it went.
    Reported(NeedMet),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Visit {
    #[default]
    None,
    Scheduled(OffsetDateTime),
    Held,
}

/// While it is open, no second referral of the same person, need and receiving service.
const OPEN: &str = "open_referral";
/// Timer: the answer is due.
pub const ANSWER_BY: &str = "answer_by";

impl Aggregate for Referral {
    const TYPE: &'static str = "referral";
    type Command = ReferralCommand;
    type Event = ReferralEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: ReferralCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            ReferralCommand::Send(send) => self.send(*send)?,
            ReferralCommand::See => self.see()?,
            ReferralCommand::RequestInfo { sections } => self.request_info(sections)?,
            ReferralCommand::GiveInfo { sections } => self.give_info(sections)?,
            ReferralCommand::Accept => self.accept()?,
            ReferralCommand::Decline(decline) => self.decline(decline)?,
            ReferralCommand::ScheduleFirstVisit { visit_at, now } => {
                self.schedule(visit_at, now)?
            }
            ReferralCommand::RecordVisitHeld => self.held()?,
            ReferralCommand::RecordVisitMissed { now } => self.missed(now)?,
            ReferralCommand::ReportOutcome { need_met } => self.report(need_met)?,
            ReferralCommand::Withdraw { reason } => self.withdraw(reason)?,
            ReferralCommand::Expire { now } => self.expire(now)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ReferralEvent) {
        match event {
            ReferralEvent::ReferralCreated {
                referral,
                person,
                from,
                from_type,
                to,
                service_type: to_type,
                need,
                ..
            } => {
                self.parties =
                    Some(Parties { referral, person, from, from_type, to, to_type, need });
                self.stage = Stage::Created;
            }
            ReferralEvent::ReferralSent { answer_by } => self.stage = Stage::Waiting { answer_by },
            ReferralEvent::ReferralSeen {} => self.seen = true,
            ReferralEvent::ReferralInfoRequested { .. } => self.asked = true,
            ReferralEvent::ReferralInfoGiven { .. } => self.asked = false,
            ReferralEvent::ReferralAccepted {} => self.stage = Stage::Accepted,
            ReferralEvent::ReferralDeclined { .. } => self.stage = Stage::Ended(End::Declined),
            ReferralEvent::FirstVisitScheduled { visit_at } => {
                self.visit = Visit::Scheduled(visit_at);
            }
            ReferralEvent::FirstVisitHeld {} => self.visit = Visit::Held,
            ReferralEvent::FirstVisitMissed {} => self.visit = Visit::None,
            ReferralEvent::ReferralOutcomeReported { need_met } => {
                self.stage = Stage::Ended(End::Reported(need_met));
            }
            ReferralEvent::ReferralWithdrawn { .. } => self.stage = Stage::Ended(End::Withdrawn),
            ReferralEvent::ReferralExpired {} => self.stage = Stage::Ended(End::Expired),
        }
    }
}

impl Logged for Referral {
    fn person(&self) -> Option<PersonId> {
        self.parties.map(|parties| parties.person)
    }

    fn keeps(&self, event: &ReferralEvent) -> Vec<Keep> {
        match event {
            ReferralEvent::ReferralCreated { person, to, need, .. } => {
                let key = format!("{person}/{to}/{need}");
                vec![Keep::Claim { guard: OPEN, key, during: During::ALWAYS }]
            }
            ReferralEvent::ReferralSent { answer_by } => {
                vec![Keep::SetTimer { name: ANSWER_BY, due_at: *answer_by }]
            }
            ReferralEvent::ReferralAccepted {} => vec![Keep::ClearTimer { name: ANSWER_BY }],
            ReferralEvent::ReferralDeclined { .. }
            | ReferralEvent::ReferralWithdrawn { .. }
            | ReferralEvent::ReferralExpired {}
            | ReferralEvent::ReferralOutcomeReported { .. } => vec![
                Keep::Release { guard: OPEN, key: None, during: None },
                Keep::ClearTimer { name: ANSWER_BY },
            ],
            ReferralEvent::ReferralSeen {}
            | ReferralEvent::ReferralInfoRequested { .. }
            | ReferralEvent::ReferralInfoGiven { .. }
            | ReferralEvent::FirstVisitScheduled { .. }
            | ReferralEvent::FirstVisitHeld {}
            | ReferralEvent::FirstVisitMissed {} => Vec::new(),
        }
    }

    fn creates(command: &ReferralCommand) -> bool {
        matches!(command, ReferralCommand::Send(_))
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        Rejection::AlreadyOpen { referral: ReferralId(taken.holder) }
    }
}

type Decision = Result<Vec<ReferralEvent>, Rejection>;

impl Referral {
    /// Who is concerned, once the referral exists.
    pub fn parties(&self) -> Option<Parties> {
        self.parties
    }

    /// Creating and sending are two facts of one command: a draft lives in the sender's browser.
    fn send(&self, send: Send) -> Decision {
        if self.stage != Stage::Unknown {
            return Err(Rejection::AlreadySent);
        }
        if !send.person_known {
            return Err(Rejection::UnknownPerson);
        }
        let Some(sender) = send.sender else { return Err(Rejection::UnknownSender) };
        let Some(service) = send.receiver else { return Err(Rejection::UnknownService) };
        if rules::has_no_direct_access(service.service_type) {
            return Err(Rejection::NoDirectAccess);
        }
        if rules::goes_by_slip(sender.service_type) || rules::goes_by_slip(service.service_type) {
            return Err(Rejection::OnlyBySlip);
        }
        if !service.active {
            return Err(Rejection::ServiceNotActive);
        }
        if send.from == send.to {
            return Err(Rejection::ToItself);
        }
        let answer_by = rules::answer_by(service.service_type, send.urgency, send.now);
        Ok(vec![
            ReferralEvent::ReferralCreated {
                referral: send.referral,
                person: send.person,
                from: send.from,
                from_type: sender.service_type,
                to: send.to,
                service_type: service.service_type,
                need: send.need,
                urgency: send.urgency,
                dataset: rules::each_once(send.dataset),
                directory_read_to: service.read_to,
            },
            ReferralEvent::ReferralSent { answer_by },
        ])
    }

    fn see(&self) -> Decision {
        self.known()?;
        Ok(if self.seen { vec![] } else { vec![ReferralEvent::ReferralSeen {}] })
    }

    fn request_info(&self, sections: Vec<trama_events::codes::DatasetSection>) -> Decision {
        self.waiting()?;
        if sections.is_empty() {
            return Err(Rejection::NothingAsked);
        }
        let mut events = self.see()?;
        events.push(ReferralEvent::ReferralInfoRequested { sections: rules::each_once(sections) });
        Ok(events)
    }

    fn give_info(&self, sections: Vec<trama_events::codes::DatasetSection>) -> Decision {
        self.waiting()?;
        if !self.asked {
            return Err(Rejection::NothingAsked);
        }
        Ok(vec![ReferralEvent::ReferralInfoGiven { sections: rules::each_once(sections) }])
    }

    fn accept(&self) -> Decision {
        if self.stage == Stage::Accepted {
            return Ok(vec![]);
        }
        self.waiting()?;
        let mut events = self.see()?;
        events.push(ReferralEvent::ReferralAccepted {});
        Ok(events)
    }

    fn decline(&self, decline: Decline) -> Decision {
        self.waiting()?;
        let Decline { reason, next_step, by, elsewhere, elsewhere_known } = decline;
        match elsewhere.map(|_| elsewhere_known) {
            Some(Some(other)) if rules::goes_by_slip(other.service_type) => {
                return Err(Rejection::OnlyBySlip);
            }
            Some(Some(other)) if other.active => {}
            Some(_) => return Err(Rejection::UnknownElsewhere),
            None => {}
        }
        let mut events = self.see()?;
        events.push(ReferralEvent::ReferralDeclined { reason, next_step, by, elsewhere });
        Ok(events)
    }

    /// Fixed after the acceptance, so not for a day before today.
    fn schedule(&self, visit_at: OffsetDateTime, now: OffsetDateTime) -> Decision {
        self.accepted()?;
        match self.visit {
            Visit::Scheduled(before) if before == visit_at => Ok(vec![]),
            Visit::None | Visit::Scheduled(_) if rome::day_of(visit_at) < rome::day_of(now) => {
                Err(Rejection::VisitInThePast)
            }
            Visit::None | Visit::Scheduled(_) => {
                Ok(vec![ReferralEvent::FirstVisitScheduled { visit_at }])
            }
            Visit::Held => Err(Rejection::VisitAlreadyHeld),
        }
    }

    fn held(&self) -> Decision {
        self.accepted()?;
        match self.visit {
            Visit::None | Visit::Scheduled(_) => Ok(vec![ReferralEvent::FirstVisitHeld {}]),
            Visit::Held => Ok(vec![]),
        }
    }

    fn missed(&self, now: OffsetDateTime) -> Decision {
        self.accepted()?;
        match self.visit {
            Visit::None => Err(Rejection::NoVisitScheduled),
            Visit::Scheduled(visit_at) if now < visit_at => Err(Rejection::VisitToCome),
            Visit::Scheduled(_) => Ok(vec![ReferralEvent::FirstVisitMissed {}]),
            Visit::Held => Err(Rejection::VisitAlreadyHeld),
        }
    }

    /// Accepted is not served: a need is met only after a visit.
    fn report(&self, need_met: NeedMet) -> Decision {
        if self.stage == Stage::Ended(End::Reported(need_met)) {
            return Ok(vec![]);
        }
        self.accepted()?;
        if rules::needs_a_visit(need_met) && self.visit != Visit::Held {
            return Err(Rejection::NotServed);
        }
        Ok(vec![ReferralEvent::ReferralOutcomeReported { need_met }])
    }

    fn withdraw(&self, reason: WithdrawalReason) -> Decision {
        if self.stage == Stage::Ended(End::Withdrawn) {
            return Ok(vec![]);
        }
        self.waiting()?;
        Ok(vec![ReferralEvent::ReferralWithdrawn { reason }])
    }

    /// Asked by the clock: an answer that came meanwhile makes it nothing.
    fn expire(&self, now: OffsetDateTime) -> Decision {
        match self.stage {
            Stage::Waiting { answer_by } if answer_by <= now => {
                Ok(vec![ReferralEvent::ReferralExpired {}])
            }
            Stage::Waiting { .. } | Stage::Accepted | Stage::Ended(_) | Stage::Created => {
                Ok(vec![])
            }
            Stage::Unknown => Err(Rejection::NoSuchReferral),
        }
    }

    fn known(&self) -> Result<(), Rejection> {
        if self.stage == Stage::Unknown { Err(Rejection::NoSuchReferral) } else { Ok(()) }
    }

    fn waiting(&self) -> Result<(), Rejection> {
        match self.stage {
            Stage::Waiting { .. } => Ok(()),
            Stage::Unknown | Stage::Created => Err(Rejection::NoSuchReferral),
            Stage::Accepted => Err(Rejection::AlreadyAnswered),
            Stage::Ended(end) => Err(Rejection::Ended { end }),
        }
    }

    fn accepted(&self) -> Result<(), Rejection> {
        match self.stage {
            Stage::Accepted => Ok(()),
            Stage::Unknown | Stage::Created => Err(Rejection::NoSuchReferral),
            Stage::Waiting { .. } => Err(Rejection::NotAccepted),
            Stage::Ended(end) => Err(Rejection::Ended { end }),
        }
    }
}
