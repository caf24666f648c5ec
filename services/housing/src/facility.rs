//! A facility: its kind and house rules, its places by unit and date, its seasons, its end.

mod commands;
mod facts;
mod refusals;
pub mod rules;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::ServiceType;
use trama_events::housing::{BlockReason, FacilityEvent, HouseRules, UnitMode};
use trama_events::ids::{PersonId, PlaceId, ServiceId, UnitId};
use trama_platform::log::{Keep, Logged, Taken};

pub use commands::{ChangeCapacity, FacilityCommand};
pub use facts::{FacilityFact, PlaceFact, Unavailable};
pub use refusals::Rejection;
pub use view::FacilityView;

use crate::booking;

/// One facility as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    opening: Option<Opening>,
    closed_on: Option<Date>,
    units: BTreeMap<UnitId, UnitMode>,
    places: BTreeMap<PlaceId, Place>,
    seasons: Vec<Season>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Opening {
    facility: ServiceId,
    kind: ServiceType,
    opened_on: Date,
    rules: HouseRules,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Place {
    unit: UnitId,
    from: Date,
    to: Option<Date>,
    pis_only: bool,
    block: Option<Block>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Block {
    from: Date,
    to: Option<Date>,
    reason: BlockReason,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Season {
    from: Date,
    to: Date,
}

impl Aggregate for Facility {
    const TYPE: &'static str = "facility";
    type Command = FacilityCommand;
    type Event = FacilityEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: FacilityCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            FacilityCommand::Open { facility, kind, opened_on, rules } => {
                self.open(facility, kind, opened_on, rules)?
            }
            FacilityCommand::AddUnit { unit, mode } => self.add_unit(unit, mode)?,
            FacilityCommand::ChangeCapacity(change) => self.change_capacity(*change)?,
            FacilityCommand::SetSeason { from, to, today } => self.set_season(from, to, today)?,
            FacilityCommand::BlockPlace { place, from, to, reason, today } => {
                self.block(place, Block { from, to, reason }, today)?
            }
            FacilityCommand::ReleasePlace { place } => self.release(place)?,
            FacilityCommand::Close { closed_on } => self.close(closed_on)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: FacilityEvent) {
        match event {
            FacilityEvent::FacilityOpened { facility, kind, opened_on, rules } => {
                self.opening = Some(Opening { facility, kind, opened_on, rules });
            }
            FacilityEvent::UnitAdded { unit, mode } => {
                self.units.insert(unit, mode);
            }
            FacilityEvent::CapacityChanged {
                unit,
                added,
                removed,
                valid_from,
                valid_to,
                pis_only,
                ..
            } => {
                let new = Place { unit, from: valid_from, to: valid_to, pis_only, block: None };
                self.places.extend(added.into_iter().map(|place| (place, new)));
                for place in removed {
                    self.places.entry(place).and_modify(|place| place.to = Some(valid_from));
                }
            }
            FacilityEvent::SeasonSet { from, to } => {
                self.seasons.retain(|season| season.to < from || to < season.from);
                self.seasons.push(Season { from, to });
            }
            FacilityEvent::PlaceBlocked { place, from, to, reason } => {
                let block = Some(Block { from, to, reason });
                self.places.entry(place).and_modify(|place| place.block = block);
            }
            FacilityEvent::PlaceReleased { place } => {
                self.places.entry(place).and_modify(|place| place.block = None);
            }
            FacilityEvent::FacilityClosed { closed_on } => self.closed_on = Some(closed_on),
        }
    }
}

impl Logged for Facility {
    fn person(&self) -> Option<PersonId> {
        None
    }

    /// A block, the end of a place and the end of the facility claim the nights that nobody can
    /// have: where somebody has one, they are refused.
    fn keeps(&self, event: &FacilityEvent) -> Vec<Keep> {
        let mut after = self.clone();
        after.apply(event.clone());
        let shut = |places: &[PlaceId]| places.iter().flat_map(|id| after.shut(*id)).collect();
        match event {
            FacilityEvent::CapacityChanged { added, removed, valid_to: Some(_), .. } => {
                shut(&[added.as_slice(), removed].concat())
            }
            FacilityEvent::CapacityChanged { removed, valid_to: None, .. } => shut(removed),
            FacilityEvent::PlaceBlocked { place, .. } | FacilityEvent::PlaceReleased { place } => {
                shut(&[*place])
            }
            FacilityEvent::FacilityClosed { .. } => {
                shut(&after.places.keys().copied().collect::<Vec<_>>())
            }
            FacilityEvent::FacilityOpened { .. }
            | FacilityEvent::UnitAdded { .. }
            | FacilityEvent::SeasonSet { .. } => Vec::new(),
        }
    }

    fn taken(&self, taken: &Taken) -> Rejection {
        Rejection::PlaceOccupied { place: taken.key.parse().ok() }
    }
}

type Decision = Result<Vec<FacilityEvent>, Rejection>;

impl Facility {
    fn open(
        &self,
        facility: ServiceId,
        kind: ServiceType,
        opened_on: Date,
        rules: Option<HouseRules>,
    ) -> Decision {
        let rules = rules::house_rules(kind, rules)?;
        match self.opening {
            None => Ok(vec![FacilityEvent::FacilityOpened { facility, kind, opened_on, rules }]),
            Some(open) if open == (Opening { facility, kind, opened_on, rules }) => Ok(vec![]),
            Some(_) => Err(Rejection::AlreadyOpened),
        }
    }

    fn add_unit(&self, unit: UnitId, mode: UnitMode) -> Decision {
        self.working()?;
        match self.units.get(&unit) {
            Some(before) if *before == mode => Ok(vec![]),
            Some(_) => Err(Rejection::UnitExists),
            None if self.units.len() >= rules::UNITS_MAX => Err(Rejection::TooManyUnits),
            None => Ok(vec![FacilityEvent::UnitAdded { unit, mode }]),
        }
    }

    fn change_capacity(&self, change: ChangeCapacity) -> Decision {
        let opening = self.working()?;
        if !self.units.contains_key(&change.unit) {
            return Err(Rejection::NoSuchUnit);
        }
        if self.has_changed(&change) {
            return Ok(vec![]);
        }
        rules::period(&change, opening.opened_on)?;
        rules::sizes(&change, self.places.len())?;
        if change.added.iter().any(|place| self.places.contains_key(place)) {
            return Err(Rejection::PlaceIdUsed);
        }
        for place in &change.removed {
            self.removable(*place, change.unit, change.valid_from)?;
        }
        let ChangeCapacity { unit, added, removed, valid_from, valid_to, reason, pis_only } =
            change;
        Ok(vec![FacilityEvent::CapacityChanged {
            unit,
            added,
            removed,
            valid_from,
            valid_to,
            reason,
            pis_only,
        }])
    }

    /// Whether every place is already as the change wants it.
    fn has_changed(&self, change: &ChangeCapacity) -> bool {
        let added = |place: &Place| {
            let wanted = (change.unit, change.valid_from, change.valid_to, change.pis_only);
            (place.unit, place.from, place.to, place.pis_only) == wanted
        };
        let removed = |place: &Place| place.to == Some(change.valid_from);
        let nothing = change.added.is_empty() && change.removed.is_empty();
        !nothing
            && change.added.iter().all(|id| self.places.get(id).is_some_and(added))
            && change.removed.iter().all(|id| self.places.get(id).is_some_and(removed))
    }

    fn removable(&self, place: PlaceId, unit: UnitId, on: Date) -> Result<(), Rejection> {
        let known = self.places.get(&place).filter(|place| place.unit == unit);
        let place = known.ok_or(Rejection::NoSuchPlace)?;
        if on < place.from || place.to.is_some_and(|to| to < on) {
            return Err(Rejection::NotThereThen { from: place.from, to: place.to });
        }
        Ok(())
    }

    /// A season takes the place of those that it overlaps.
    fn set_season(&self, from: Date, to: Date, today: Date) -> Decision {
        self.working()?;
        if self.seasons.contains(&Season { from, to }) {
            return Ok(vec![]);
        }
        rules::season(from, to, today)?;
        Ok(vec![FacilityEvent::SeasonSet { from, to }])
    }

    fn block(&self, place: PlaceId, block: Block, today: Date) -> Decision {
        self.working()?;
        let known = self.places.get(&place).ok_or(Rejection::NoSuchPlace)?;
        let Block { from, to, reason } = block;
        match known.block {
            Some(before) if before == block => return Ok(vec![]),
            Some(before) if before.to.is_none_or(|to| from < to) => {
                return Err(Rejection::AlreadyBlocked { until: before.to });
            }
            Some(_) | None => {}
        }
        rules::block(from, to, today)?;
        if from < known.from || known.to.is_some_and(|to| to <= from) {
            return Err(Rejection::NotThereThen { from: known.from, to: known.to });
        }
        Ok(vec![FacilityEvent::PlaceBlocked { place, from, to, reason }])
    }

    fn release(&self, place: PlaceId) -> Decision {
        self.working()?;
        let known = self.places.get(&place).ok_or(Rejection::NoSuchPlace)?;
        Ok(known.block.map(|_| FacilityEvent::PlaceReleased { place }).into_iter().collect())
    }

    fn close(&self, closed_on: Date) -> Decision {
        let opening = self.opening.ok_or(Rejection::NoSuchFacility)?;
        match self.closed_on {
            Some(before) if before == closed_on => Ok(vec![]),
            Some(before) => Err(Rejection::Closed { closed_on: before }),
            None if closed_on < opening.opened_on => {
                Err(Rejection::BeforeOpening { opened_on: opening.opened_on })
            }
            None => Ok(vec![FacilityEvent::FacilityClosed { closed_on }]),
        }
    }

    fn working(&self) -> Result<Opening, Rejection> {
        let opening = self.opening.ok_or(Rejection::NoSuchFacility)?;
        self.closed_on.map_or(Ok(opening), |closed_on| Err(Rejection::Closed { closed_on }))
    }

    /// First night on which a place is there no more.
    fn gone_on(&self, place: &Place) -> Option<Date> {
        [place.to, self.closed_on].into_iter().flatten().min()
    }

    /// All claims on a place that follow from the facility, anew. They do not overlap.
    fn shut(&self, id: PlaceId) -> Vec<Keep> {
        let Some(place) = self.places.get(&id) else { return Vec::new() };
        let gone_on = self.gone_on(place);
        let blocked = place.block.and_then(|block| {
            let to = [block.to, gone_on].into_iter().flatten().min();
            booking::span(block.from, to)
        });
        let gone = gone_on.and_then(|on| booking::span(on, None));
        let claims = [blocked, gone].into_iter().flatten();
        std::iter::once(booking::release_place(id, None))
            .chain(claims.map(|during| booking::claim_place(id, during)))
            .collect()
    }
}
