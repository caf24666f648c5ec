//! A stay: one programme, one clock, whatever the place.

mod commands;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;
mod view;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Destination, ServiceType};
use trama_events::housing::{AdmissionRoute, ExtensionReason, StayEvent};
use trama_events::ids::{PersonId, PlaceId, ServiceId, StayId, UnitId};
use trama_platform::log::{Keep, Logged, Taken};
use utoipa::ToSchema;

pub use commands::{Agreements, FactSeen, Grounds, ProjectFact, Start, StayCommand, Step};
pub use refusals::Rejection;
pub use view::StayView;

use crate::booking::{self, DoubleBooking, PERSON_NIGHT, PLACE_NIGHT};
use crate::facility::{PlaceFact, Unavailable};

/// One stay as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stay {
    start: Option<Beginning>,
    lodgings: Vec<Lodging>,
    cap_on: Option<Date>,
    extension: Option<Extension>,
    end: Option<End>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Beginning {
    stay: StayId,
    person: PersonId,
    members: Vec<PersonId>,
    started_on: Date,
    route: AdmissionRoute,
    project_due_on: Option<Date>,
}

/// Where somebody stays, from a night on until the next lodging or the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lodging {
    /// The facility.
    pub facility: ServiceId,
    /// Its kind.
    pub kind: ServiceType,
    /// The unit.
    pub unit: UnitId,
    /// One place for each person.
    pub places: Vec<PlaceId>,
    /// First night.
    pub from: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Extension {
    until: Date,
    decided_on: Date,
    reason: ExtensionReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct End {
    ended_on: Date,
    destination: Destination,
}

impl Aggregate for Stay {
    const TYPE: &'static str = "stay";
    type Command = StayCommand;
    type Event = StayEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: StayCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            StayCommand::Start(start) => self.start(*start)?,
            StayCommand::Extend { until, decided_on, reason, today } => {
                self.extend(Extension { until, decided_on, reason }, today)?
            }
            StayCommand::MovePlace { places, moved_on, today } => {
                self.move_place(places, moved_on, today)?
            }
            StayCommand::MoveStep(step) => self.step(*step)?,
            StayCommand::End { ended_on, destination, today } => {
                self.end(End { ended_on, destination }, today)?
            }
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: StayEvent) {
        match event {
            StayEvent::StayStarted {
                stay,
                person,
                members,
                facility,
                kind,
                unit,
                places,
                started_on,
                cap_on,
                route,
                project,
            } => {
                let project_due_on = project.due_on;
                self.start =
                    Some(Beginning { stay, person, members, started_on, route, project_due_on });
                self.lodgings = vec![Lodging { facility, kind, unit, places, from: started_on }];
                self.cap_on = cap_on;
            }
            StayEvent::StayExtended { until, decided_on, reason } => {
                self.cap_on = Some(until);
                self.extension = Some(Extension { until, decided_on, reason });
            }
            StayEvent::PlaceMoved { unit, places, moved_on } => {
                if let Some(last) = self.lodgings.last() {
                    let (facility, kind) = (last.facility, last.kind);
                    self.lodgings.push(Lodging { facility, kind, unit, places, from: moved_on });
                }
            }
            StayEvent::StepMoved { facility, kind, unit, places, moved_on, .. } => {
                self.lodgings.push(Lodging { facility, kind, unit, places, from: moved_on });
            }
            StayEvent::StayEnded { ended_on, destination } => {
                self.end = Some(End { ended_on, destination });
            }
        }
    }
}

impl Logged for Stay {
    fn person(&self) -> Option<PersonId> {
        self.start.as_ref().map(|start| start.person)
    }

    fn keeps(&self, event: &StayEvent) -> Vec<Keep> {
        let mut after = self.clone();
        after.apply(event.clone());
        let released = |guard| std::iter::once(booking::release_all(guard));
        match event {
            StayEvent::StayStarted { .. } => {
                after.place_claims().chain(after.person_claims()).collect()
            }
            StayEvent::PlaceMoved { .. } | StayEvent::StepMoved { .. } => {
                released(PLACE_NIGHT).chain(after.place_claims()).collect()
            }
            StayEvent::StayEnded { .. } => released(PLACE_NIGHT)
                .chain(released(PERSON_NIGHT))
                .chain(after.place_claims())
                .chain(after.person_claims())
                .collect(),
            StayEvent::StayExtended { .. } => Vec::new(),
        }
    }

    fn creates(command: &StayCommand) -> bool {
        matches!(command, StayCommand::Start(_))
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        Rejection::DoubleBooking(DoubleBooking::of(taken))
    }
}

type Decision = Result<Vec<StayEvent>, Rejection>;
type Places = Result<Vec<PlaceFact>, Unavailable>;

impl Stay {
    /// Where the person stays, or stayed last.
    pub fn facility(&self) -> Option<ServiceId> {
        self.lodgings.last().map(|last| last.facility)
    }

    /// Where the person stays now, while the stay lasts.
    pub fn lodging(&self) -> Option<&Lodging> {
        self.lodgings.last().filter(|_| self.end.is_none())
    }

    /// Whether she is, or was last, the guest of a secret shelter.
    pub fn is_secret(&self) -> bool {
        self.lodgings.last().is_some_and(|last| last.kind == ServiceType::SecretShelter)
    }

    /// The day by which it must end or be extended; `None` without a cap.
    pub fn cap_on(&self) -> Option<Date> {
        self.cap_on
    }

    pub(crate) fn start(&self, start: Start) -> Decision {
        let places = start.places?;
        let lodging = rules::lodging(&places, 1 + start.members.len(), start.started_on)?;
        if let Some(before) = &self.start {
            let same = (before.person, &before.members) == (start.person, &start.members)
                && self.lodgings.first() == Some(&lodging);
            return if same { Ok(vec![]) } else { Err(Rejection::AlreadyStarted) };
        }
        let house = rules::house(&places)?;
        if start.by_pis {
            rules::for_pis(&places)?;
        }
        if !start.people_known {
            return Err(Rejection::UnknownPerson);
        }
        if start.waited.is_some_and(|waited| waited != (start.person, lodging.facility)) {
            return Err(Rejection::AnotherWait);
        }
        rules::sent(start.referral?, start.own, start.person, &house)?;
        rules::happened(start.started_on, start.today)?;
        rules::household(start.person, &start.members)?;
        rules::admitted(lodging.kind, start.route, &start.grounds, start.started_on)?;
        let Lodging { facility, kind, unit, places, from } = lodging;
        Ok(vec![StayEvent::StayStarted {
            stay: start.stay,
            person: start.person,
            members: start.members,
            facility,
            kind,
            unit,
            places,
            started_on: from,
            cap_on: rules::cap_on(&house, from),
            route: start.route,
            project: rules::project_seen(&house, start.project, from, start.today)?,
        }])
    }

    fn extend(&self, extension: Extension, today: Date) -> Decision {
        let (beginning, lodging) = self.active()?;
        if self.extension == Some(extension) {
            return Ok(vec![]);
        }
        let cap_on = self.cap_on.ok_or(Rejection::NoCap { kind: lodging.kind })?;
        let Extension { until, decided_on, reason } = extension;
        rules::happened(decided_on, today)?;
        if decided_on < beginning.started_on {
            return Err(Rejection::BeforeItsStart { from: beginning.started_on });
        }
        if decided_on > cap_on {
            return Err(Rejection::CapIsPast { cap_on });
        }
        if until <= cap_on {
            return Err(Rejection::NotLater { cap_on });
        }
        rules::extension(cap_on, until)?;
        Ok(vec![StayEvent::StayExtended { until, decided_on, reason }])
    }

    fn move_place(&self, places: Places, moved_on: Date, today: Date) -> Decision {
        let (beginning, last) = self.active()?;
        let places = places?;
        let next = rules::lodging(&places, 1 + beginning.members.len(), moved_on)?;
        if next.facility != last.facility {
            return Err(Rejection::AnotherFacility);
        }
        if next.places == last.places {
            return Ok(vec![]);
        }
        rules::moved(last.from, moved_on, today)?;
        Ok(vec![StayEvent::PlaceMoved { unit: next.unit, places: next.places, moved_on }])
    }

    fn step(&self, step: Step) -> Decision {
        let (beginning, last) = self.active()?;
        let places = step.places?;
        let next = rules::lodging(&places, 1 + beginning.members.len(), step.moved_on)?;
        if next == *last {
            return Ok(vec![]);
        }
        if next.facility == last.facility {
            return Err(Rejection::SameFacility);
        }
        if next.kind == ServiceType::SecretShelter {
            return Err(Rejection::NoStepThere);
        }
        rules::moved(last.from, step.moved_on, step.today)?;
        rules::direction(last.kind, next.kind, step.direction)?;
        rules::admitted(next.kind, beginning.route, &step.grounds, step.moved_on)?;
        let house = rules::house(&places)?;
        rules::goes_on(&house, self.cap_on)?;
        let in_grace = beginning.project_due_on.is_some_and(|due_on| step.moved_on <= due_on);
        if house.rules.needs_project && !step.project.active && !in_grace {
            return Err(Rejection::ProjectNeeded);
        }
        let Lodging { facility, kind, unit, places, from: moved_on } = next;
        let (direction, reason) = (step.direction, step.reason);
        Ok(vec![StayEvent::StepMoved { facility, kind, unit, places, moved_on, direction, reason }])
    }

    fn end(&self, end: End, today: Date) -> Decision {
        if self.end == Some(end) {
            return Ok(vec![]);
        }
        let (_, last) = self.active()?;
        rules::moved(last.from, end.ended_on, today)?;
        Ok(vec![StayEvent::StayEnded { ended_on: end.ended_on, destination: end.destination }])
    }

    fn active(&self) -> Result<(&Beginning, &Lodging), Rejection> {
        let known = self.start.as_ref().zip(self.lodgings.last()).ok_or(Rejection::NoSuchStay)?;
        match self.end {
            Some(end) => Err(Rejection::Ended { ended_on: end.ended_on }),
            None => Ok(known),
        }
    }

    /// Each place, from the night of moving in until that of moving out.
    fn place_claims(&self) -> impl Iterator<Item = Keep> {
        let ended_on = self.end.map(|end| end.ended_on);
        let nexts = self.lodgings.iter().skip(1).map(|next| Some(next.from)).chain([ended_on]);
        self.lodgings.iter().zip(nexts).flat_map(|(lodging, to)| {
            let span = booking::span(lodging.from, to);
            let places = lodging.places.iter();
            places.filter_map(move |place| Some(booking::claim_place(*place, span?)))
        })
    }

    /// Everybody, from the first night until the last.
    fn person_claims(&self) -> impl Iterator<Item = Keep> {
        let ended_on = self.end.map(|end| end.ended_on);
        self.start.iter().flat_map(move |start| {
            let span = booking::span(start.started_on, ended_on);
            let people = std::iter::once(&start.person).chain(&start.members);
            people.filter_map(move |person| Some(booking::claim_person(*person, span?)))
        })
    }
}
