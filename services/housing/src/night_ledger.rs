//! The nights of one person in one night facility (R10): reserved, used, missed, given back.

mod commands;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use trama_events::housing::NightEvent;
use trama_events::ids::{NightLedgerId, PersonId, PlaceId, ServiceId};
use trama_events::rome;
use trama_platform::log::{During, Keep, Logged, Taken};

pub use commands::{NightCommand, Reserve};
pub use refusals::Rejection;

use crate::booking::{self, DoubleBooking};
use crate::facility::rules::is_by_night;

/// The nights of a person in a facility, as the events tell them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NightLedger {
    of: Option<(PersonId, ServiceId)>,
    nights: Vec<Night>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Night {
    night: Date,
    place: PlaceId,
    course: Course,
}

/// What became of a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Course {
    /// A bed is kept.
    Reserved,
    /// The person came.
    CheckedIn,
    /// The person did not come.
    NoShow,
    /// The bed was given back before.
    Released,
}

/// Timer: the earliest reserved night is over.
pub const NO_SHOW: &str = "no_show";

impl Aggregate for NightLedger {
    const TYPE: &'static str = "night_ledger";
    type Command = NightCommand;
    type Event = NightEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: NightCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            NightCommand::Reserve(reserve) => self.reserve(&reserve)?,
            NightCommand::Arrive(reserve) => self.arrive(&reserve)?,
            NightCommand::CheckIn { night, now } => self.check_in(night, now)?,
            NightCommand::Release { night, now } => self.release(night, now)?,
            NightCommand::RecordNoShow { night, hour, now } => self.no_show(night, hour, now)?,
            NightCommand::SettleNights { now } => self.settle(now),
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: NightEvent) {
        match event {
            NightEvent::NightReserved { facility, person, place, night, .. } => {
                self.of = Some((person, facility));
                self.set(Night { night, place, course: Course::Reserved });
            }
            NightEvent::NightCheckedIn { night, place } => {
                self.set(Night { night, place, course: Course::CheckedIn });
            }
            NightEvent::NightNoShow { night, place } => {
                self.set(Night { night, place, course: Course::NoShow });
            }
            NightEvent::NightReleased { night, place } => {
                self.set(Night { night, place, course: Course::Released });
            }
        }
    }
}

impl Logged for NightLedger {
    fn person(&self) -> Option<PersonId> {
        self.of.map(|(person, _)| person)
    }

    fn keeps(&self, event: &NightEvent) -> Vec<Keep> {
        let mut after = self.clone();
        after.apply(event.clone());
        let mut keeps = match event {
            NightEvent::NightReserved { person, place, night, .. } => vec![
                booking::claim_place(*place, During::night(*night)),
                booking::claim_person(*person, During::night(*night)),
            ],
            NightEvent::NightNoShow { night, place }
            | NightEvent::NightReleased { night, place } => self.give_up(*night, *place),
            NightEvent::NightCheckedIn { .. } => Vec::new(),
        };
        keeps.push(after.watch());
        keeps
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        Rejection::DoubleBooking(DoubleBooking::of(taken))
    }
}

type Decision = Result<Vec<NightEvent>, Rejection>;

impl NightLedger {
    /// The id of the one ledger of a person in a facility.
    pub fn id(person: PersonId, facility: ServiceId) -> NightLedgerId {
        NightLedgerId::derived(&[&facility.to_string(), &person.to_string()])
    }

    fn reserve(&self, reserve: &Reserve) -> Decision {
        let place = reserve.place?;
        let (person, facility) = (reserve.person, place.facility.facility);
        if self.of.is_some_and(|of| of != (person, facility)) {
            return Err(Rejection::AnotherLedger);
        }
        if !is_by_night(place.facility.kind) {
            return Err(Rejection::StaysOnly);
        }
        match self.kept(reserve.night) {
            Some(night) if night.place == place.place => return Ok(vec![]),
            Some(_) => return Err(Rejection::HasABedHere { night: reserve.night }),
            None => {}
        }
        rules::reservable(reserve.night, reserve.now)?;
        let max = place.facility.rules.nights_in_a_row_max;
        rules::row(|night| self.kept(night).is_some(), reserve.night, max)?;
        let ledger = Self::id(person, facility);
        let (place, night) = (place.place, reserve.night);
        Ok(vec![NightEvent::NightReserved { ledger, facility, person, place, night }])
    }

    /// The emergency service brings somebody straight to a bed.
    fn arrive(&self, reserve: &Reserve) -> Decision {
        if !reserve.by_pis {
            return Err(Rejection::NotReserved { night: reserve.night });
        }
        let mut events = self.reserve(reserve)?;
        if self.course(reserve.night) == Some(Course::CheckedIn) {
            return Ok(events);
        }
        let place = reserve.place?.place;
        rules::begun(reserve.night, reserve.now)?;
        events.push(NightEvent::NightCheckedIn { night: reserve.night, place });
        Ok(events)
    }

    fn check_in(&self, night: Date, now: OffsetDateTime) -> Decision {
        match self.kept(night) {
            Some(kept) if kept.course == Course::CheckedIn => Ok(vec![]),
            Some(kept) => {
                rules::begun(night, now)?;
                Ok(vec![NightEvent::NightCheckedIn { night, place: kept.place }])
            }
            None => Err(self.not_reserved(night)),
        }
    }

    fn release(&self, night: Date, now: OffsetDateTime) -> Decision {
        match self.on(night).map(|on| (on.course, on.place)) {
            Some((Course::Released, _)) => Ok(vec![]),
            Some((Course::CheckedIn, _)) => Err(Rejection::AlreadyCame { night }),
            Some((Course::Reserved, place)) if night >= rome::night_of(now) => {
                Ok(vec![NightEvent::NightReleased { night, place }])
            }
            Some((Course::Reserved, _)) => Err(Rejection::NightIsOver { night }),
            Some((Course::NoShow, _)) | None => Err(self.not_reserved(night)),
        }
    }

    fn no_show(&self, night: Date, hour: Option<u8>, now: OffsetDateTime) -> Decision {
        match self.on(night).map(|on| (on.course, on.place)) {
            Some((Course::NoShow, _)) => Ok(vec![]),
            Some((Course::CheckedIn, _)) => Err(Rejection::AlreadyCame { night }),
            Some((Course::Reserved, place)) => {
                rules::missed(night, hour, now)?;
                Ok(vec![NightEvent::NightNoShow { night, place }])
            }
            Some((Course::Released, _)) | None => Err(self.not_reserved(night)),
        }
    }

    /// Asked by the clock: who came meanwhile is no no-show.
    fn settle(&self, now: OffsetDateTime) -> Vec<NightEvent> {
        let over = |night: &&Night| rules::over_at(night.night) <= now;
        self.pending()
            .filter(over)
            .map(|Night { night, place, .. }| NightEvent::NightNoShow {
                night: *night,
                place: *place,
            })
            .collect()
    }

    fn not_reserved(&self, night: Date) -> Rejection {
        match self.course(night) {
            Some(Course::NoShow) => Rejection::BedWasFreed { night },
            Some(Course::Released | Course::Reserved | Course::CheckedIn) | None => {
                Rejection::NotReserved { night }
            }
        }
    }

    /// What became of a night.
    pub fn course(&self, night: Date) -> Option<Course> {
        self.on(night).map(|on| on.course)
    }

    fn on(&self, night: Date) -> Option<&Night> {
        self.nights.iter().find(|on| on.night == night)
    }

    /// A night for which she has a bed, or had it.
    fn kept(&self, night: Date) -> Option<&Night> {
        self.on(night).filter(|on| matches!(on.course, Course::Reserved | Course::CheckedIn))
    }

    fn pending(&self) -> impl Iterator<Item = &Night> {
        self.nights.iter().filter(|on| on.course == Course::Reserved)
    }

    fn set(&mut self, night: Night) {
        self.nights.retain(|on| on.night != night.night);
        self.nights.push(night);
    }

    fn give_up(&self, night: Date, place: PlaceId) -> Vec<Keep> {
        let during = Some(During::night(night));
        let person = self.person().map(|person| booking::release_person(person, during));
        std::iter::once(booking::release_place(place, during)).chain(person).collect()
    }

    /// One timer for the earliest night that is reserved and not settled.
    fn watch(&self) -> Keep {
        match self.pending().map(|on| on.night).min() {
            Some(night) => Keep::SetTimer { name: NO_SHOW, due_at: rules::over_at(night) },
            None => Keep::ClearTimer { name: NO_SHOW },
        }
    }
}
