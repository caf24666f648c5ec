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
use trama_events::housing::{HouseRules, NightEvent};
use trama_events::ids::{NightLedgerId, PersonId, PlaceId, ServiceId};
use trama_events::rome;
use trama_platform::log::{During, Keep, Logged, Taken};
use utoipa::ToSchema;

pub use commands::{NightCommand, Reserve};
pub use refusals::Rejection;

use crate::booking::{self, DoubleBooking};
use crate::facility::rules::is_by_night;

/// The nights of a person in a facility, as the events tell them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NightLedger {
    of: Option<(PersonId, ServiceId)>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Entry {
    night: Date,
    place: PlaceId,
    no_show_at: OffsetDateTime,
    course: Course,
}

impl Entry {
    /// Reserved, and nobody came in time.
    fn is_missed(&self, by: OffsetDateTime) -> bool {
        self.course == Course::Reserved && self.no_show_at <= by
    }
}

/// What became of a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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

/// One night as its workers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Night {
    /// The date of the evening.
    pub night: Date,
    /// The place.
    pub place: PlaceId,
    /// From when on the bed is free again if nobody came.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    pub no_show_at: OffsetDateTime,
    /// What became of it.
    pub course: Course,
}

/// Timer: the earliest reserved bed that nobody took is free again.
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
            NightCommand::CheckIn { night, came_at } => self.check_in(night, came_at)?,
            NightCommand::Release { night, now } => self.release(night, now)?,
            NightCommand::RecordNoShow { night, now } => self.no_show(night, now)?,
            NightCommand::SettleNights { now } => self.settle(now),
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: NightEvent) {
        match event {
            NightEvent::NightReserved { facility, person, place, night, no_show_at, .. } => {
                self.of = Some((person, facility));
                self.entries.retain(|on| on.night != night);
                self.entries.push(Entry { night, place, no_show_at, course: Course::Reserved });
            }
            NightEvent::NightCheckedIn { night, .. } => self.became(night, Course::CheckedIn),
            NightEvent::NightNoShow { night, .. } => self.became(night, Course::NoShow),
            NightEvent::NightReleased { night, .. } => self.became(night, Course::Released),
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

    /// A bed that was not taken in time is given up before another one is reserved.
    fn reserve(&self, reserve: &Reserve) -> Decision {
        let before = self.kept(reserve.night);
        let kept = before.filter(|kept| !kept.is_missed(reserve.now));
        if reserve.any_place && kept.is_some() {
            return Ok(vec![]);
        }
        let place = reserve.place?;
        let (person, facility) = (reserve.person, place.facility.facility);
        if self.of.is_some_and(|of| of != (person, facility)) {
            return Err(Rejection::AnotherLedger);
        }
        if !is_by_night(place.facility.kind) {
            return Err(Rejection::StaysOnly);
        }
        match kept {
            Some(night) if night.place == place.place => return Ok(vec![]),
            Some(_) => return Err(Rejection::HasABedHere { night: reserve.night }),
            None if !reserve.person_known => return Err(Rejection::UnknownPerson),
            None => {}
        }
        rules::reservable(reserve.night, reserve.now)?;
        let HouseRules { nights_in_a_row_max: max, no_show_hour: hour, .. } = place.facility.rules;
        rules::row(|night| self.kept(night).is_some(), reserve.night, max)?;
        let night = reserve.night;
        let missed = before.map(|on| NightEvent::NightNoShow { night, place: on.place });
        let reserved = NightEvent::NightReserved {
            ledger: Self::id(person, facility),
            facility,
            person,
            place: place.place,
            night,
            no_show_at: rules::kept_until(night, hour, reserve.now),
        };
        Ok(missed.into_iter().chain([reserved]).collect())
    }

    /// The emergency service brings somebody straight to a bed.
    fn arrive(&self, reserve: &Reserve) -> Decision {
        if !reserve.by_pis {
            return Err(Rejection::NotReserved { night: reserve.night });
        }
        let night = reserve.night;
        let mut events = self.reserve(reserve)?;
        let place = match (events.last(), self.kept(night)) {
            (Some(NightEvent::NightReserved { place, .. }), _) => *place,
            (_, Some(kept)) if kept.course == Course::Reserved => kept.place,
            (_, _) => return Ok(events),
        };
        rules::begun(night, reserve.now)?;
        events.push(NightEvent::NightCheckedIn { night, place });
        Ok(events)
    }

    /// Who comes after the house's hour comes too late, even where the clock has not settled yet.
    fn check_in(&self, night: Date, came_at: OffsetDateTime) -> Decision {
        match self.kept(night) {
            Some(kept) if kept.course == Course::CheckedIn => Ok(vec![]),
            Some(kept) if kept.is_missed(came_at) => Err(Rejection::BedWasFreed { night }),
            Some(kept) => {
                rules::begun(night, came_at)?;
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

    fn no_show(&self, night: Date, now: OffsetDateTime) -> Decision {
        let Some(on) = self.on(night) else { return Err(self.not_reserved(night)) };
        match on.course {
            Course::NoShow => Ok(vec![]),
            Course::CheckedIn => Err(Rejection::AlreadyCame { night }),
            Course::Reserved if on.is_missed(now) => {
                Ok(vec![NightEvent::NightNoShow { night, place: on.place }])
            }
            Course::Reserved => {
                let (free_on, free_at) = rules::in_rome(on.no_show_at);
                Err(Rejection::StillKept { free_on, free_at })
            }
            Course::Released => Err(self.not_reserved(night)),
        }
    }

    /// Asked by the clock: who came meanwhile is no no-show.
    fn settle(&self, now: OffsetDateTime) -> Vec<NightEvent> {
        let missed = self.pending().filter(|on| on.is_missed(now));
        missed.map(|on| NightEvent::NightNoShow { night: on.night, place: on.place }).collect()
    }

    fn not_reserved(&self, night: Date) -> Rejection {
        match self.course(night) {
            Some(Course::NoShow) => Rejection::BedWasFreed { night },
            Some(Course::Released | Course::Reserved | Course::CheckedIn) | None => {
                Rejection::NotReserved { night }
            }
        }
    }

    /// Whose nights these are, and where; none before the first.
    pub fn of(&self) -> Option<(PersonId, ServiceId)> {
        self.of
    }

    /// The nights by date, as their workers see them.
    pub fn nights(&self) -> Vec<Night> {
        let night = |on: &Entry| {
            let Entry { night, place, no_show_at, course } = *on;
            Night { night, place, no_show_at, course }
        };
        let mut nights: Vec<_> = self.entries.iter().map(night).collect();
        nights.sort_unstable_by_key(|on| on.night);
        nights
    }

    /// What became of a night.
    pub fn course(&self, night: Date) -> Option<Course> {
        self.on(night).map(|on| on.course)
    }

    fn on(&self, night: Date) -> Option<&Entry> {
        self.entries.iter().find(|on| on.night == night)
    }

    /// A night for which she has a bed, or had it.
    fn kept(&self, night: Date) -> Option<&Entry> {
        self.on(night).filter(|on| matches!(on.course, Course::Reserved | Course::CheckedIn))
    }

    fn pending(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|on| on.course == Course::Reserved)
    }

    fn became(&mut self, night: Date, course: Course) {
        for on in self.entries.iter_mut().filter(|on| on.night == night) {
            on.course = course;
        }
    }

    fn give_up(&self, night: Date, place: PlaceId) -> Vec<Keep> {
        let during = Some(During::night(night));
        let person = self.person().map(|person| booking::release_person(person, during));
        std::iter::once(booking::release_place(place, during)).chain(person).collect()
    }

    /// One timer for the earliest bed that is free again if nobody comes.
    fn watch(&self) -> Keep {
        match self.pending().map(|on| on.no_show_at).min() {
            Some(due_at) => Keep::SetTimer { name: NO_SHOW, due_at },
            None => Keep::ClearTimer { name: NO_SHOW },
        }
    }
}
