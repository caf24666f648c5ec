//! Housing (domain §3.3): facilities with their places, nights, stays, waiting.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::Date;
use utoipa::ToSchema;

use crate::codes::{Destination, ServiceType, codes};
use crate::fact::facts;
use crate::ids::{
    NightLedgerId, PersonId, PlaceId, ReferralId, ServiceId, StayId, UnitId, WaitingId,
};

/// House rules are data, not code (domain §3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseRules {
    /// At most so many nights in a row; `None` for no limit (Genoa: 15).
    pub nights_in_a_row_max: Option<u16>,
    /// Hour in Rome, 0 to 23, at which a reserved bed that nobody took is free again.
    pub no_show_hour: Option<u8>,
    /// Longest stay in months; `None` for no cap. 24 for temporary housing (R6).
    pub stay_months_max: Option<u16>,
    /// Whether a stay needs an active personal project (R7).
    pub needs_project: bool,
}

/// What happens to a facility and its places. A facility has its service's id.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FacilityEvent {
    /// A facility opened its doors.
    FacilityOpened {
        /// The facility: the id of its service in the directory.
        facility: ServiceId,
        /// One of the eleven kinds of housing.
        kind: ServiceType,
        /// From which day.
        opened_on: Date,
        /// Its rules.
        rules: HouseRules,
    },
    /// A flat, room or dormitory was added.
    UnitAdded {
        /// The unit.
        unit: UnitId,
        /// For whom it is (R5).
        mode: UnitMode,
    },
    /// The places of a unit changed. Places added exist from `valid_from` until `valid_to`.
    CapacityChanged {
        /// The unit.
        unit: UnitId,
        /// Places that this adds.
        added: Vec<PlaceId>,
        /// Places that exist no longer from `valid_from` on.
        removed: Vec<PlaceId>,
        /// First night.
        valid_from: Date,
        /// First night on which the added places do not exist any more; `None` for no end.
        valid_to: Option<Date>,
        /// Why.
        reason: CapacityReason,
        /// Whether only the emergency service may assign the added places.
        pis_only: bool,
    },
    /// From when to when the facility is open each time; out of season it takes nobody.
    SeasonSet {
        /// First night.
        from: Date,
        /// Last night.
        to: Date,
    },
    /// A place cannot be assigned for a while.
    PlaceBlocked {
        /// The place.
        place: PlaceId,
        /// First night.
        from: Date,
        /// First night on which it is free again; `None` until released.
        to: Option<Date>,
        /// Why.
        reason: BlockReason,
    },
    /// A blocked place can be assigned again.
    PlaceReleased {
        /// The place.
        place: PlaceId,
    },
    /// The facility closed.
    FacilityClosed {
        /// First night without it.
        closed_on: Date,
    },
}

facts!(FacilityEvent, Housing, "facility");

/// A person's nights in one night facility: the nightly ledger (R10).
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum NightEvent {
    /// A place is kept for a night.
    NightReserved {
        /// The ledger of this person in this facility.
        ledger: NightLedgerId,
        /// The facility.
        facility: ServiceId,
        /// The person.
        person: PersonId,
        /// The place.
        place: PlaceId,
        /// The date of the evening.
        night: Date,
        /// From when on the bed is free again if nobody came: the house's hour (house rules).
        #[serde(with = "time::serde::rfc3339")]
        #[schema(value_type = String, format = DateTime)]
        no_show_at: time::OffsetDateTime,
    },
    /// The person came.
    NightCheckedIn {
        /// The date of the evening.
        night: Date,
        /// The place.
        place: PlaceId,
    },
    /// The person did not come: the bed is free again.
    NightNoShow {
        /// The date of the evening.
        night: Date,
        /// The place.
        place: PlaceId,
    },
    /// The reservation was given back before the night.
    NightReleased {
        /// The date of the evening.
        night: Date,
        /// The place.
        place: PlaceId,
    },
}

facts!(NightEvent, Housing, "night_ledger");

/// A stay: one programme, one clock, whatever the place.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StayEvent {
    /// Somebody moved in.
    StayStarted {
        /// The stay.
        stay: StayId,
        /// Who holds it.
        person: PersonId,
        /// Who moved in with her, of one household.
        members: Vec<PersonId>,
        /// The facility.
        facility: ServiceId,
        /// Its kind.
        kind: ServiceType,
        /// The unit.
        unit: UnitId,
        /// One place for each, in one unit.
        places: Vec<PlaceId>,
        /// First night.
        started_on: Date,
        /// The day by which it must end or be extended; `None` without a cap.
        cap_on: Option<Date>,
        /// How she was admitted.
        route: AdmissionRoute,
        /// What the decision knew of the personal project.
        project: ProjectSeen,
    },
    /// It may go on past its cap, for a reason.
    StayExtended {
        /// The new last day.
        until: Date,
        /// Day of the decision.
        decided_on: Date,
        /// Why.
        reason: ExtensionReason,
    },
    /// To another place of the same facility; the clock goes on.
    PlaceMoved {
        /// The unit.
        unit: UnitId,
        /// The places now.
        places: Vec<PlaceId>,
        /// First night there.
        moved_on: Date,
    },
    /// Up or down the chain of services; the programme's clock goes on (R83).
    StepMoved {
        /// The facility now.
        facility: ServiceId,
        /// Its kind.
        kind: ServiceType,
        /// The unit.
        unit: UnitId,
        /// The places now.
        places: Vec<PlaceId>,
        /// First night there.
        moved_on: Date,
        /// Up or down.
        direction: StepDirection,
        /// Why.
        reason: StepReason,
    },
    /// The person left.
    StayEnded {
        /// First night elsewhere.
        ended_on: Date,
        /// Where to.
        destination: Destination,
    },
}

facts!(StayEvent, Housing, "stay");

/// A wait for a place.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WaitingEvent {
    /// A place was asked for.
    PlaceRequested {
        /// The wait.
        waiting: WaitingId,
        /// Who.
        person: PersonId,
        /// Where.
        facility: ServiceId,
        /// The accepted referral behind it.
        referral: Option<ReferralId>,
        /// How many places.
        places: u16,
    },
    /// She is on the list.
    WaitingListed {},
    /// A place was offered.
    PlaceOffered {
        /// The place.
        place: PlaceId,
        /// Until when it is kept.
        #[serde(with = "time::serde::rfc3339")]
        #[schema(value_type = String, format = DateTime)]
        held_until: time::OffsetDateTime,
    },
    /// The person did not want it.
    PlaceDeclined {
        /// The place.
        place: PlaceId,
    },
    /// The person will have it.
    PlaceAssigned {
        /// The place.
        place: PlaceId,
    },
    /// The wait ended without a place.
    WaitingEnded {
        /// Why.
        reason: WaitingEndReason,
    },
}

facts!(WaitingEvent, Housing, "waiting_entry");

/// What a decision on a stay knew of the personal project, from casework's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct ProjectSeen {
    /// Whether the person had an active (signed) project.
    pub active: bool,
    /// Day by which one must be signed, where the stay was let in without (30 days' grace).
    pub due_on: Option<Date>,
    /// Position in casework's log that the decision had read.
    pub read_to: i64,
}

codes! {
    /// For whom a unit is (R5).
    UnitMode {
        /// Unrelated single people, each with her own stay: a dormitory or a room.
        Single,
        /// A small group of unrelated people in one flat, each with her own stay.
        Group,
        /// One household.
        Family,
    }

    /// Why capacity changed (R57).
    CapacityReason {
        /// First setting.
        Opening,
        /// More or fewer for good.
        Structural,
        /// Cold plan.
        Cold,
        /// Heat plan.
        Heat,
        /// Epidemic.
        Epidemic,
        /// Flood.
        Flood,
        /// Many people arriving.
        MassArrival,
    }

    /// Why a place is blocked.
    BlockReason {
        /// Repairs.
        Maintenance,
        /// Cleaning or pests.
        Hygiene,
        /// Isolation for health.
        HealthIsolation,
        /// Kept for a person who is expected.
        Kept,
        /// Another reason.
        Other,
    }

    /// How somebody is admitted to a threshold (R78 to R80).
    AdmissionRoute {
        /// By the facts of the person's means and work.
        Ordinary,
        /// By agreement with the mental-health department.
        Dsm,
    }

    /// Why a stay goes on past its cap.
    ExtensionReason {
        /// A home is promised for a later date.
        HomePromised,
        /// Goals nearly reached.
        GoalsNearlyReached,
        /// Health.
        Health,
        /// Minors at school.
        MinorsAtSchool,
        /// No way out yet.
        NoSolutionYet,
    }

    /// Up or down (R83).
    StepDirection {
        /// Towards autonomy.
        Up,
        /// Towards more support.
        Down,
    }

    /// Why a step was moved.
    StepReason {
        /// More means or work.
        MoreAutonomy,
        /// Less means or work.
        LessAutonomy,
        /// More care is needed.
        MoreCare,
        /// The person asked for it.
        PersonAsked,
        /// The place is unfit.
        PlaceUnfit,
    }

    /// Why a wait ended.
    WaitingEndReason {
        /// She moved in.
        Placed,
        /// She does not want it any more.
        PersonRefused,
        /// She found another place.
        PlacedElsewhere,
        /// She cannot be found.
        Unreachable,
    }
}
