//! A judgement on whether two records are one person. A link, not a merge: both ids stay valid,
//! and an unlink restores both exactly.
//!
//! Each link joins the two records that somebody judged, never their fronts: so undoing one
//! judgement undoes nothing else. Links form chains, `other` to `canonical`, and a person is the
//! whole chain; [`rules::front`] walks it to its end. Three things keep the chains sound:
//!
//! - one link per pair: both orders have the same [`rules::link_id`];
//! - one record stands behind one other at most: the claim `linked_other`;
//! - no link closes a ring: records that have the same front are one person already.
//!
//! The first two hold always. The third is decided on facts read just before, so links of the
//! same few records made in the same instant may close a ring. This contradicts nothing (A is B,
//! B is C and C is A), it only leaves open who is in front, and [`rules::front`] settles that.
//!
//! A pair that was unlinked, or declared to be two people, is never proposed again. An unlink holds
//! for ever. A declaration was made without a link to learn from, so a document that both records
//! carry outweighs it: the worker says that she knows of it ([`rules::outweighed`]). Either holds
//! for both circles: two records that were judged to be two people do not become one through a
//! third. This, too, is decided on facts read just before.

mod commands;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use trama_events::ids::PersonId;
use trama_events::intake::{LinkEvent, LinkReason, UnlinkReason};
use trama_platform::log::{During, Keep, Logged, Taken};

pub use commands::{Across, LinkCommand, Pair, Record, Standing, Two};
pub use refusals::Rejection;

/// One pair of records as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// What is judged of the pair now.
    pub judgement: Judgement,
}

/// Whether two records are one person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Judgement {
    /// Nobody said.
    #[default]
    None,
    /// Somebody looked and could not say.
    Open {
        /// The older record.
        canonical: PersonId,
        /// The other one.
        other: PersonId,
    },
    /// They are two people.
    Different {
        /// The older record.
        canonical: PersonId,
        /// The other one.
        other: PersonId,
    },
    /// They are.
    Linked {
        /// The record in front.
        canonical: PersonId,
        /// The record behind it.
        other: PersonId,
        /// What speaks for it.
        reasons: Vec<LinkReason>,
    },
    /// They were held to be, and are not.
    Unlinked {
        /// The record that was in front.
        canonical: PersonId,
        /// The record that was behind it.
        other: PersonId,
        /// Why the link was undone.
        reason: UnlinkReason,
    },
}

impl Judgement {
    /// The two records, the one in front first; `None` where nobody said anything of them.
    pub fn pair(&self) -> Option<(PersonId, PersonId)> {
        match *self {
            Self::None => None,
            Self::Open { canonical, other }
            | Self::Different { canonical, other }
            | Self::Linked { canonical, other, .. }
            | Self::Unlinked { canonical, other, .. } => Some((canonical, other)),
        }
    }
}

/// While it is linked, a record stands behind one other record at most.
pub(crate) const LINKED_OTHER: &str = "linked_other";

impl Aggregate for Link {
    const TYPE: &'static str = "link";
    type Command = LinkCommand;
    type Event = LinkEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: LinkCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            LinkCommand::Link(pair) => self.link(*pair)?,
            LinkCommand::DeclareDifferent(two) => self.declare_different(&two)?,
            LinkCommand::LeaveOpen { two, said_today } => self.leave_open(&two, said_today)?,
            LinkCommand::Unlink { reason } => self.unlink(reason)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: LinkEvent) {
        self.judgement = match event {
            LinkEvent::PersonsLinked { canonical, other, reasons, .. } => {
                Judgement::Linked { canonical, other, reasons }
            }
            LinkEvent::PersonsDeclaredDifferent { canonical, other, .. } => {
                Judgement::Different { canonical, other }
            }
            LinkEvent::MatchLeftOpen { canonical, other, .. } => {
                Judgement::Open { canonical, other }
            }
            LinkEvent::PersonsUnlinked { canonical, other, reason, .. } => {
                Judgement::Unlinked { canonical, other, reason }
            }
        };
    }
}

impl Logged for Link {
    /// The record in front, also after an unlink; the older one where nothing was linked.
    fn person(&self) -> Option<PersonId> {
        self.judgement.pair().map(|(canonical, _)| canonical)
    }

    fn keeps(&self, event: &LinkEvent) -> Vec<Keep> {
        let guard = LINKED_OTHER;
        match event {
            LinkEvent::PersonsLinked { other, .. } => {
                vec![Keep::Claim { guard, key: other.to_string(), during: During::ALWAYS }]
            }
            LinkEvent::PersonsUnlinked { other, .. } => {
                vec![Keep::Release { guard, key: Some(other.to_string()), during: None }]
            }
            LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => vec![],
        }
    }

    fn creates(command: &LinkCommand) -> bool {
        match command {
            LinkCommand::Link(_)
            | LinkCommand::DeclareDifferent(_)
            | LinkCommand::LeaveOpen { .. } => true,
            LinkCommand::Unlink { .. } => false,
        }
    }

    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::BehindAnother
    }
}

type Decision = Result<Vec<LinkEvent>, Rejection>;

impl Link {
    fn link(&self, pair: Pair) -> Decision {
        let (canonical, other) = rules::in_order(&pair.two, pair.in_front)?;
        let reasons = rules::each_once(pair.reasons);
        match &self.judgement {
            Judgement::None | Judgement::Open { .. } => {}
            Judgement::Different { .. } => {
                rules::outweighed(pair.despite_difference, &reasons)?;
            }
            Judgement::Linked { canonical: front, reasons: known, .. } => {
                let same = *front == canonical.person && reasons.iter().all(|r| known.contains(r));
                return if same { Ok(vec![]) } else { Err(Rejection::AlreadyLinked) };
            }
            Judgement::Unlinked { .. } => return Err(Rejection::UnlinkedBefore),
        }
        if reasons.is_empty() {
            return Err(Rejection::NoReason);
        }
        rules::joinable(&canonical, &other)?;
        rules::never_two_people(pair.across)?;
        let (canonical, other) = (canonical.person, other.person);
        let link = rules::link_id(canonical, other);
        Ok(vec![LinkEvent::PersonsLinked { link, canonical, other, reasons }])
    }

    fn declare_different(&self, two: &Two) -> Decision {
        let (canonical, other) = rules::in_order(two, None)?;
        match self.judgement {
            Judgement::None | Judgement::Open { .. } => {}
            Judgement::Different { .. } => return Ok(vec![]),
            Judgement::Linked { .. } => return Err(Rejection::StillLinked),
            Judgement::Unlinked { .. } => return Err(Rejection::UnlinkedBefore),
        }
        rules::comparable(&canonical, &other)?;
        let (canonical, other) = (canonical.person, other.person);
        let link = rules::link_id(canonical, other);
        Ok(vec![LinkEvent::PersonsDeclaredDifferent { link, canonical, other }])
    }

    /// Another worker's doubt, or one of another day, is a fact of its own.
    fn leave_open(&self, two: &Two, said_today: bool) -> Decision {
        let (canonical, other) = rules::in_order(two, None)?;
        match self.judgement {
            Judgement::Open { .. } if said_today => return Ok(vec![]),
            Judgement::None | Judgement::Open { .. } => {}
            Judgement::Different { .. } => return Err(Rejection::DeclaredDifferent),
            Judgement::Linked { .. } => return Err(Rejection::StillLinked),
            Judgement::Unlinked { .. } => return Err(Rejection::UnlinkedBefore),
        }
        rules::comparable(&canonical, &other)?;
        let (canonical, other) = (canonical.person, other.person);
        let link = rules::link_id(canonical, other);
        Ok(vec![LinkEvent::MatchLeftOpen { link, canonical, other }])
    }

    fn unlink(&self, reason: UnlinkReason) -> Decision {
        match self.judgement {
            Judgement::Linked { canonical, other, .. } => {
                let link = rules::link_id(canonical, other);
                Ok(vec![LinkEvent::PersonsUnlinked { link, canonical, other, reason }])
            }
            Judgement::Unlinked { reason: before, .. } if before == reason => Ok(vec![]),
            Judgement::None
            | Judgement::Open { .. }
            | Judgement::Different { .. }
            | Judgement::Unlinked { .. } => Err(Rejection::NotLinked),
        }
    }
}
