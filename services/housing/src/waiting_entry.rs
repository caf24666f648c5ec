//! The wait for a place: asked for, listed, offered, declined or assigned, ended.

mod commands;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use trama_events::housing::{WaitingEndReason, WaitingEvent};
use trama_events::ids::{PersonId, PlaceId, ServiceId, WaitingId};
use trama_events::rome;
use trama_platform::log::{During, Keep, Logged, Taken};
use utoipa::ToSchema;

pub use commands::{ReferralSeen, Request, WaitingCommand};
pub use refusals::Rejection;

use crate::booking::{self, DoubleBooking, PLACE_NIGHT};
use crate::facility::{PlaceFact, Unavailable};

/// One wait as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WaitingEntry {
    asked: Option<Asked>,
    stage: Stage,
    offered: Vec<PlaceId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Asked {
    person: PersonId,
    facility: ServiceId,
    places: u16,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Stage {
    #[default]
    Unknown,
    Listed,
    Offered {
        held_until: OffsetDateTime,
    },
    Assigned,
    Ended(WaitingEndReason),
}

/// Where a wait stands, as its workers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Standing {
    /// On the list.
    Listed,
    /// A place is kept until an answer comes.
    Offered {
        /// Until when.
        #[serde(with = "time::serde::rfc3339")]
        #[schema(value_type = String, format = DateTime)]
        held_until: OffsetDateTime,
    },
    /// The person will have it.
    Assigned,
    /// It is over.
    Ended {
        /// Why.
        reason: WaitingEndReason,
    },
}

/// While it is open, no second wait of the same person for the same facility.
const OPEN: &str = "open_wait";
/// Timer: the offered places are kept no longer.
pub const OFFER_HELD: &str = "offer_held";

impl Aggregate for WaitingEntry {
    const TYPE: &'static str = "waiting_entry";
    type Command = WaitingCommand;
    type Event = WaitingEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: WaitingCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            WaitingCommand::Request(request) => self.request(*request)?,
            WaitingCommand::Offer { places, held_until, now } => {
                self.offer(places, held_until, now)?
            }
            WaitingCommand::Decline => self.decline()?,
            WaitingCommand::Assign { now } => self.assign(now)?,
            WaitingCommand::ExpireOffer { now } => self.expire(now)?,
            WaitingCommand::End { reason } => self.end(reason)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: WaitingEvent) {
        match event {
            WaitingEvent::PlaceRequested { person, facility, places, .. } => {
                self.asked = Some(Asked { person, facility, places });
            }
            WaitingEvent::WaitingListed {} => {
                self.stage = Stage::Listed;
                self.offered.clear();
            }
            WaitingEvent::PlaceOffered { place, held_until } => {
                self.stage = Stage::Offered { held_until };
                self.offered.push(place);
            }
            WaitingEvent::PlaceDeclined { place } => self.offered.retain(|other| *other != place),
            WaitingEvent::PlaceAssigned { .. } => self.stage = Stage::Assigned,
            WaitingEvent::WaitingEnded { reason } => self.stage = Stage::Ended(reason),
        }
    }
}

impl Logged for WaitingEntry {
    fn person(&self) -> Option<PersonId> {
        self.asked.map(|asked| asked.person)
    }

    /// An offered place is held for whoever may move in: nobody else can be given it from the
    /// night on which the offer ends, so no stay can begin in it either.
    fn keeps(&self, event: &WaitingEvent) -> Vec<Keep> {
        match event {
            WaitingEvent::PlaceRequested { person, facility, .. } => {
                let key = format!("{person}/{facility}");
                vec![Keep::Claim { guard: OPEN, key, during: During::ALWAYS }]
            }
            WaitingEvent::PlaceOffered { place, held_until } => {
                let nights = During::nights(rome::night_of(*held_until), None);
                let timer = Keep::SetTimer { name: OFFER_HELD, due_at: *held_until };
                vec![booking::claim_place(*place, nights), timer]
            }
            WaitingEvent::PlaceDeclined { place } => vec![booking::release_place(*place, None)],
            WaitingEvent::PlaceAssigned { .. } => vec![Keep::ClearTimer { name: OFFER_HELD }],
            WaitingEvent::WaitingListed {} if self.stage == Stage::Unknown => Vec::new(),
            WaitingEvent::WaitingListed {} => {
                vec![booking::release_all(PLACE_NIGHT), Keep::ClearTimer { name: OFFER_HELD }]
            }
            WaitingEvent::WaitingEnded { .. } => vec![
                Keep::Release { guard: OPEN, key: None, during: None },
                booking::release_all(PLACE_NIGHT),
                Keep::ClearTimer { name: OFFER_HELD },
            ],
        }
    }

    fn creates(command: &WaitingCommand) -> bool {
        matches!(command, WaitingCommand::Request(_))
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        if taken.guard == OPEN {
            return Rejection::AlreadyWaiting { waiting: WaitingId(taken.holder) };
        }
        Rejection::DoubleBooking(DoubleBooking::of(taken))
    }
}

type Decision = Result<Vec<WaitingEvent>, Rejection>;

impl WaitingEntry {
    /// Who waits, where, and for how many places; nobody before the request.
    pub fn asked(&self) -> Option<(PersonId, ServiceId, u16)> {
        self.asked.map(|asked| (asked.person, asked.facility, asked.places))
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match self.stage {
            Stage::Unknown | Stage::Listed => Standing::Listed,
            Stage::Offered { held_until } => Standing::Offered { held_until },
            Stage::Assigned => Standing::Assigned,
            Stage::Ended(reason) => Standing::Ended { reason },
        }
    }

    /// The places that are kept for the person.
    pub fn offered(&self) -> &[PlaceId] {
        &self.offered
    }

    /// Asking and being listed are two facts of one command.
    fn request(&self, request: Request) -> Decision {
        let facility = request.facility?;
        let Request { waiting, person, person_known, referral, places, .. } = request;
        let asked = Asked { person, facility: facility.facility, places };
        match self.asked {
            Some(before) if before == asked => return Ok(vec![]),
            Some(_) => return Err(Rejection::AlreadyRequested),
            None if !person_known => return Err(Rejection::UnknownPerson),
            None => {}
        }
        let referral = referral?;
        rules::referral(referral, request.own, person, &facility)?;
        rules::places(places)?;
        let referral = referral.map(|referral| referral.referral);
        let facility = facility.facility;
        Ok(vec![
            WaitingEvent::PlaceRequested { waiting, person, facility, referral, places },
            WaitingEvent::WaitingListed {},
        ])
    }

    fn offer(
        &self,
        places: Result<Vec<PlaceFact>, Unavailable>,
        held_until: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Decision {
        let asked = self.open()?;
        let places = places?;
        let offered: Vec<_> = places.iter().map(|place| place.place).collect();
        match self.stage {
            Stage::Offered { held_until: before }
                if (before, &self.offered) == (held_until, &offered) =>
            {
                return Ok(vec![]);
            }
            Stage::Offered { .. } => return Err(Rejection::AlreadyOffered),
            Stage::Assigned => return Err(Rejection::AlreadyAssigned),
            Stage::Listed | Stage::Unknown | Stage::Ended(_) => {}
        }
        rules::offered(&places, asked.places, asked.facility)?;
        rules::held(held_until, now)?;
        let offer = |place| WaitingEvent::PlaceOffered { place, held_until };
        Ok(offered.into_iter().map(offer).collect())
    }

    /// Whoever declines stays on the list, until she says otherwise.
    fn decline(&self) -> Decision {
        self.open()?;
        match self.stage {
            Stage::Offered { .. } | Stage::Assigned => {
                let declined = |place| WaitingEvent::PlaceDeclined { place };
                let declined = self.offered.iter().copied().map(declined);
                Ok(declined.chain([WaitingEvent::WaitingListed {}]).collect())
            }
            Stage::Listed | Stage::Unknown | Stage::Ended(_) => Err(Rejection::NothingOffered),
        }
    }

    fn assign(&self, now: OffsetDateTime) -> Decision {
        self.open()?;
        match self.stage {
            Stage::Assigned => Ok(vec![]),
            Stage::Offered { held_until } if now <= held_until => {
                let assigned = |place| WaitingEvent::PlaceAssigned { place };
                Ok(self.offered.iter().copied().map(assigned).collect())
            }
            Stage::Offered { .. } => Err(Rejection::OfferIsOver),
            Stage::Listed | Stage::Unknown | Stage::Ended(_) => Err(Rejection::NothingOffered),
        }
    }

    /// Asked by the clock: an answer that came meanwhile makes it nothing.
    fn expire(&self, now: OffsetDateTime) -> Decision {
        match self.stage {
            Stage::Offered { held_until } if held_until <= now => {
                Ok(vec![WaitingEvent::WaitingListed {}])
            }
            Stage::Offered { .. } | Stage::Listed | Stage::Assigned | Stage::Ended(_) => Ok(vec![]),
            Stage::Unknown => Err(Rejection::NoSuchWait),
        }
    }

    fn end(&self, reason: WaitingEndReason) -> Decision {
        if self.stage == Stage::Ended(reason) {
            return Ok(vec![]);
        }
        self.open()?;
        if reason == WaitingEndReason::Placed && self.stage != Stage::Assigned {
            return Err(Rejection::NotAssigned);
        }
        Ok(vec![WaitingEvent::WaitingEnded { reason }])
    }

    fn open(&self) -> Result<Asked, Rejection> {
        match self.stage {
            Stage::Ended(reason) => Err(Rejection::Ended { reason }),
            Stage::Unknown | Stage::Listed | Stage::Offered { .. } | Stage::Assigned => {
                self.asked.ok_or(Rejection::NoSuchWait)
            }
        }
    }
}
