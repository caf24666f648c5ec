use time::Date;
use trama_events::ids::PlaceId;
use trama_platform::log::Refusal;

use super::rules;

/// Why a facility does not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such facility: open it first")]
    NoSuchFacility,
    /// This id was opened before, otherwise.
    #[error("this facility was opened already, with another kind, day or rules")]
    AlreadyOpened,
    /// The kind is not one of the eleven.
    #[error("this kind of service has no places to sleep: choose one of the eleven housing kinds")]
    NotHousing,
    /// A number in the house rules makes no sense.
    #[error(
        "house rules: 1 to {} nights in a row, an hour from 0 to 23, 1 to {} months",
        rules::NIGHTS_IN_A_ROW_MAX,
        rules::STAY_MONTHS_MAX
    )]
    RulesOutOfBounds,
    /// HF and HL are homes.
    #[error("a home by Housing First or Housing Led has no longest stay: leave the months empty")]
    HomeHasNoCap,
    /// R6.
    #[error(
        "temporary housing lasts at most {} months: set the months",
        rules::TEMPORARY_MONTHS_MAX
    )]
    TemporaryNeedsCap,
    /// R7.
    #[error("stays of this kind go with a personal project: set that a project is needed")]
    KindNeedsProject,
    /// It was closed.
    #[error("this facility is closed from {closed_on} on and does not change any more")]
    Closed {
        /// First night without it.
        closed_on: Date,
    },
    /// Something would begin before the facility.
    #[error("this facility opens on {opened_on}: choose that day or a later one")]
    BeforeOpening {
        /// First night.
        opened_on: Date,
    },
    /// There is no such unit.
    #[error("this facility has no such unit: add the unit first")]
    NoSuchUnit,
    /// The unit is there, for others.
    #[error("this unit exists already and is for other people: use a new id")]
    UnitExists,
    /// Bound on the list.
    #[error("a facility has at most {} units", rules::UNITS_MAX)]
    TooManyUnits,
    /// An empty change.
    #[error("name at least one place that is added or removed")]
    NothingChanges,
    /// Bound on the list.
    #[error(
        "at most {} places in one change and {} in a facility: divide them",
        rules::CHANGE_MAX,
        rules::PLACES_MAX
    )]
    TooManyPlaces,
    /// Named twice.
    #[error("name each place once")]
    PlaceTwice,
    /// An id comes once.
    #[error("a place with this id exists or existed already: give new places new ids")]
    PlaceIdUsed,
    /// Unknown in this unit.
    #[error("there is no such place here: choose one of this facility's places")]
    NoSuchPlace,
    /// It is not there on that day.
    #[error("this place exists {}: choose a day within", between(*from, *to))]
    NotThereThen {
        /// First night.
        from: Date,
        /// First night without it.
        to: Option<Date>,
    },
    /// Removal has no end.
    #[error("a removed place is gone for good; to close it for a while, block it")]
    RemovedForGood,
    /// Dates in the wrong order.
    #[error("the end comes before the beginning: check the dates")]
    EndsBeforeItBegins,
    /// Bound on the season.
    #[error(
        "a season lasts at most {} days: leave it out if it is open all year",
        rules::SEASON_DAYS_MAX
    )]
    SeasonTooLong,
    /// Nothing to plan.
    #[error("this season is over: set the next one")]
    SeasonOver,
    /// The past is as it was.
    #[error("a block begins yesterday evening at the earliest: older nights are settled")]
    BlockInThePast,
    /// One block at a time.
    #[error("this place is blocked already: release it first to change the dates")]
    AlreadyBlocked {
        /// First night on which it is free again.
        until: Option<Date>,
    },
    /// Somebody has it on one of these nights.
    #[error(
        "somebody has, or was offered, this place on one of these nights: move her, end her stay or \
         release the night first"
    )]
    PlaceOccupied {
        /// Which.
        place: Option<PlaceId>,
    },
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchFacility => "no_such_facility",
            Self::AlreadyOpened => "already_opened",
            Self::NotHousing => "not_housing",
            Self::RulesOutOfBounds => "rules_out_of_bounds",
            Self::HomeHasNoCap => "home_has_no_cap",
            Self::TemporaryNeedsCap => "temporary_needs_cap",
            Self::KindNeedsProject => "kind_needs_project",
            Self::Closed { .. } => "facility_closed",
            Self::BeforeOpening { .. } => "before_opening",
            Self::NoSuchUnit => "no_such_unit",
            Self::UnitExists => "unit_exists",
            Self::TooManyUnits => "too_many_units",
            Self::NothingChanges => "nothing_changes",
            Self::TooManyPlaces => "too_many_places",
            Self::PlaceTwice => "place_twice",
            Self::PlaceIdUsed => "place_id_used",
            Self::NoSuchPlace => "no_such_place",
            Self::NotThereThen { .. } => "not_there_then",
            Self::RemovedForGood => "removed_for_good",
            Self::EndsBeforeItBegins => "ends_before_it_begins",
            Self::SeasonTooLong => "season_too_long",
            Self::SeasonOver => "season_over",
            Self::BlockInThePast => "block_in_the_past",
            Self::AlreadyBlocked { .. } => "already_blocked",
            Self::PlaceOccupied { .. } => "place_occupied",
        }
    }
}

fn between(from: Date, to: Option<Date>) -> String {
    to.map_or_else(|| format!("from {from} on"), |to| format!("from {from} until {to}"))
}
