use std::collections::BTreeMap;

use time::Date;
use trama_events::codes::ServiceType;
use trama_events::housing::{HouseRules, UnitMode};
use trama_events::ids::{PlaceId, ServiceId, UnitId};

use super::{Facility, Place};

/// What a facility is, for decisions on nights, stays and waits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FacilityFact {
    /// The facility.
    pub facility: ServiceId,
    /// Its kind.
    pub kind: ServiceType,
    /// Its house rules.
    pub rules: HouseRules,
}

/// A place that the facility can give on the night for which it was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceFact {
    /// Its facility.
    pub facility: FacilityFact,
    /// Its unit.
    pub unit: UnitId,
    /// For whom the unit is.
    pub mode: UnitMode,
    /// The place.
    pub place: PlaceId,
    /// Whether it is kept for the emergency service.
    pub pis_only: bool,
    /// First later night on which it is blocked or gone, when one is known.
    pub until: Option<Date>,
}

/// Why a facility cannot give a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Nobody opened it.
    #[error("there is no such facility")]
    NoSuchFacility,
    /// Its first night comes later.
    #[error("this facility opens on {opens_on}: choose a night from then on")]
    NotYetOpen {
        /// First night.
        opens_on: Date,
    },
    /// Its last night is over.
    #[error("this facility is closed from {closed_on} on: choose another one")]
    FacilityClosed {
        /// First night without it.
        closed_on: Date,
    },
    /// Between two seasons.
    #[error(
        "this facility is out of season; it opens on {opens_on}: choose another one until then"
    )]
    OutOfSeason {
        /// First night of the next season.
        opens_on: Date,
    },
    /// No season follows.
    #[error("this facility is out of season and no next opening date is set: choose another one")]
    NoSeason,
    /// It has no such place on that night.
    #[error(
        "this facility has no such place on that night: choose one from the list of free places"
    )]
    NoSuchPlace,
    /// The place is out of use.
    #[error("this place is blocked{}: choose another one", until_words(*until))]
    PlaceBlocked {
        /// First night on which it is free again, when that is set.
        until: Option<Date>,
    },
    /// Kept for emergencies.
    #[error("this place is kept for the emergency service (PIS): choose another one, or call PIS")]
    OnlyPis,
    /// Somebody has each of its places.
    #[error(
        "no place is free here on that night: choose another facility, or put the person on the \
         waiting list"
    )]
    NoPlaceFree,
}

impl Unavailable {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSuchFacility => "no_such_facility",
            Self::NotYetOpen { .. } => "not_yet_open",
            Self::FacilityClosed { .. } => "facility_closed",
            Self::OutOfSeason { .. } => "out_of_season",
            Self::NoSeason => "no_season",
            Self::NoSuchPlace => "no_such_place",
            Self::PlaceBlocked { .. } => "place_blocked",
            Self::OnlyPis => "only_pis",
            Self::NoPlaceFree => "no_place_free",
        }
    }
}

fn until_words(until: Option<Date>) -> String {
    until.map(|until| format!(" until {until}")).unwrap_or_default()
}

impl Facility {
    /// What it is, unless it is closed by `day`.
    ///
    /// # Errors
    ///
    /// [`Unavailable::NoSuchFacility`] and [`Unavailable::FacilityClosed`].
    pub fn fact(&self, day: Date) -> Result<FacilityFact, Unavailable> {
        let opening = self.opening.ok_or(Unavailable::NoSuchFacility)?;
        match self.closed_on {
            Some(closed_on) if closed_on <= day => Err(Unavailable::FacilityClosed { closed_on }),
            Some(_) | None => Ok(FacilityFact {
                facility: opening.facility,
                kind: opening.kind,
                rules: opening.rules,
            }),
        }
    }

    /// Whether it takes people on a night: open, and in season (R69).
    ///
    /// # Errors
    ///
    /// Why it does not, with the night on which it opens.
    pub fn open_on(&self, night: Date) -> Result<FacilityFact, Unavailable> {
        let fact = self.fact(night)?;
        let opening = self.opening.ok_or(Unavailable::NoSuchFacility)?;
        if night < opening.opened_on {
            return Err(Unavailable::NotYetOpen { opens_on: opening.opened_on });
        }
        let seasonal = fact.kind == ServiceType::MobileShelter || !self.seasons.is_empty();
        if !seasonal || self.seasons.iter().any(|s| (s.from..=s.to).contains(&night)) {
            return Ok(fact);
        }
        let next = self.seasons.iter().map(|season| season.from).filter(|from| *from > night).min();
        Err(next.map_or(Unavailable::NoSeason, |opens_on| Unavailable::OutOfSeason { opens_on }))
    }

    /// One place on a night, as the facility alone can tell: whether somebody has it is known to
    /// the log's guards only.
    ///
    /// # Errors
    ///
    /// Why the facility cannot give it.
    pub fn place_fact(
        &self,
        place: PlaceId,
        night: Date,
        by_pis: bool,
    ) -> Result<PlaceFact, Unavailable> {
        let facility = self.open_on(night)?;
        let known = self.places.get(&place).filter(|known| self.is_there(known, night));
        let known = known.ok_or(Unavailable::NoSuchPlace)?;
        if known.pis_only && !by_pis {
            return Err(Unavailable::OnlyPis);
        }
        let block = known.block.filter(|block| block.to.is_none_or(|to| night < to));
        if let Some(block) = block.filter(|block| block.from <= night) {
            return Err(Unavailable::PlaceBlocked { until: block.to });
        }
        let mode = *self.units.get(&known.unit).ok_or(Unavailable::NoSuchPlace)?;
        let until =
            [block.map(|block| block.from), self.gone_on(known)].into_iter().flatten().min();
        let Place { unit, pis_only, .. } = *known;
        Ok(PlaceFact { facility, unit, mode, place, pis_only, until })
    }

    /// The places of one unit that can be given on a night.
    pub fn unit_fact(&self, unit: UnitId, night: Date, by_pis: bool) -> Vec<PlaceFact> {
        let mut places = self.candidates(night, by_pis);
        places.retain(|place| place.unit == unit);
        places
    }

    /// Every place that can be given on a night; those that somebody has are still among them.
    pub fn candidates(&self, night: Date, by_pis: bool) -> Vec<PlaceFact> {
        self.places.keys().filter_map(|id| self.place_fact(*id, night, by_pis).ok()).collect()
    }

    /// The places to try one after the other when none is named. Those kept for the emergency
    /// service come first when it asks.
    ///
    /// # Errors
    ///
    /// Why the facility takes nobody on that night.
    pub fn offers(&self, night: Date, by_pis: bool) -> Result<Vec<PlaceFact>, Unavailable> {
        self.open_on(night)?;
        let mut places = self.candidates(night, by_pis);
        let pis_only = |fact: &PlaceFact| self.places.get(&fact.place).is_some_and(|p| p.pis_only);
        places.sort_by_key(|fact| !pis_only(fact));
        Ok(places)
    }

    /// The places that are named, each as on a night.
    ///
    /// # Errors
    ///
    /// Why the facility cannot give one of them.
    pub fn places_on(
        &self,
        places: &[PlaceId],
        night: Date,
        by_pis: bool,
    ) -> Result<Vec<PlaceFact>, Unavailable> {
        self.open_on(night)?;
        places.iter().map(|place| self.place_fact(*place, night, by_pis)).collect()
    }

    /// How many places a facility that is open has on a night, blocked ones too (I2, R23).
    pub fn capacity(&self, night: Date) -> usize {
        if self.open_on(night).is_err() {
            return 0;
        }
        self.places.values().filter(|place| self.is_there(place, night)).count()
    }

    /// How many of them each unit has.
    pub fn capacity_by_unit(&self, night: Date) -> BTreeMap<UnitId, usize> {
        let mut units = BTreeMap::new();
        if self.open_on(night).is_ok() {
            for place in self.places.values().filter(|place| self.is_there(place, night)) {
                *units.entry(place.unit).or_default() += 1;
            }
        }
        units
    }

    fn is_there(&self, place: &Place, night: Date) -> bool {
        place.from <= night && self.gone_on(place).is_none_or(|gone_on| night < gone_on)
    }
}
