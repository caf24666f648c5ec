use time::Date;
use trama_events::codes::ServiceType;
use trama_platform::log::Refusal;

use super::rules;
use crate::booking::DoubleBooking;
use crate::facility::Unavailable;

/// Why a stay does not begin, change or end as was asked.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// The facility cannot give the places.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// A place or a person is booked elsewhere.
    #[error(transparent)]
    DoubleBooking(#[from] DoubleBooking),
    /// There is none under this id.
    #[error("there is no such stay")]
    NoSuchStay,
    /// Somebody is not registered, or not yet in our copy of the register.
    #[error("one of these people is not registered; if she was registered a moment ago, try again")]
    UnknownPerson,
    /// The wait is somebody else's.
    #[error("this wait is of another person or for another facility: choose the right one")]
    AnotherWait,
    /// The referral was not sent for this person to this facility, or is not yet in our copy of the
    /// referrals: the words do not tell which.
    #[error(
        "there is no such referral of this person to this facility; if it was sent a moment ago, try \
         again"
    )]
    UnknownReferral,
    /// The referral waits itself.
    #[error("this referral is not accepted: the facility accepts it first")]
    ReferralNotAccepted,
    /// No direct access.
    #[error(
        "a stay here is of somebody whom the house registered itself, under a pseudonym of its own: \
         register her first, and each of her children"
    )]
    NoWayIn,
    /// Nor by a step.
    #[error("nobody moves here by a step: end this stay and let her move in anew")]
    NoStepThere,
    /// The emergency service lets people move in where emergencies are received.
    #[error(
        "the emergency service (PIS) starts stays in first reception, in emergency flats and in \
         places kept for it: ask this facility, or the case manager, to start this one"
    )]
    NotForPis,
    /// This id was used before, otherwise.
    #[error("this stay began already, with other people, places or another day: open it")]
    AlreadyStarted,
    /// It came to its end.
    #[error("this stay ended on {ended_on}: start a new one")]
    Ended {
        /// First night elsewhere.
        ended_on: Date,
    },
    /// The kind gives nights.
    #[error("this facility gives beds by the night: reserve nights instead of a stay")]
    NightsOnly,
    /// R5: unrelated people.
    #[error(
        "people who share a flat or a dormitory have a stay each: start one stay for each person"
    )]
    OwnStayEach,
    /// R5: a family.
    #[error("name one place for each person who moves in, each place once")]
    OnePlaceEach,
    /// A family stays together.
    #[error("a family is not split: choose places of one unit")]
    FamilySplit,
    /// Bound on the list.
    #[error("at most {} people move in with the holder of a stay", rules::MEMBERS_MAX)]
    TooManyMembers,
    /// Named twice.
    #[error("name each person once; the holder of the stay is not among the others")]
    PersonTwice,
    /// The place is there for a while only.
    #[error(
        "this place can be given only until {until}, and a stay has no last night yet: choose another \
         place"
    )]
    PlaceEnds {
        /// First night on which it is blocked or gone.
        until: Date,
    },
    /// It cannot have happened.
    #[error("{on} is in the future: record it when it has happened")]
    InTheFuture {
        /// The day named.
        on: Date,
    },
    /// It is older than what came before.
    #[error("this comes before {from}, when the person moved in: check the date")]
    BeforeItsStart {
        /// First night in the present place.
        from: Date,
    },
    /// R78.
    #[error(
        "the first threshold admits people with reduced means: record that fact in the case first"
    )]
    ReducedMeansMissing,
    /// R79, first half.
    #[error("the second threshold admits people with work, even casual: record a work fact first")]
    WorkMissing,
    /// R79, second half.
    #[error(
        "a work fact alone does not admit to the second threshold: record medium means in the case \
         too, or choose the first threshold"
    )]
    MediumMeansMissing,
    /// R80, first half.
    #[error(
        "this route needs an agreement in force with the mental-health department: none is recorded"
    )]
    StandingAgreementMissing,
    /// R80, second half.
    #[error("this route needs the health service's agreement for this person: none is recorded")]
    PersonalAgreementMissing,
    /// The third group is one of the thresholds.
    #[error("only the two thresholds admit by agreement with the mental-health department")]
    DsmForThresholdsOnly,
    /// R7.
    #[error(
        "this stay needs a signed personal project and the {} days of grace are over: sign it first",
        rules::PROJECT_GRACE_DAYS
    )]
    ProjectNeeded,
    /// Nothing to extend.
    #[error("this stay has no longest time ({kind}): it needs no extension")]
    NoCap {
        /// The kind of facility.
        kind: ServiceType,
    },
    /// Too late to extend.
    #[error(
        "the cap was {cap_on} and an extension is decided by then: the stay is reported as past its \
         cap until it ends"
    )]
    CapIsPast {
        /// The cap.
        cap_on: Date,
    },
    /// An extension goes further.
    #[error("an extension ends after the present cap of {cap_on}: choose a later day")]
    NotLater {
        /// The cap.
        cap_on: Date,
    },
    /// An extension has an end in sight.
    #[error(
        "one decision moves a cap by at most {} months: choose a day until {latest}",
        rules::EXTENSION_MONTHS_MAX
    )]
    ExtensionTooLong {
        /// The latest day that is possible now.
        latest: Date,
    },
    /// A move stays in the house.
    #[error("these places are in another facility: record a step up or down instead")]
    AnotherFacility,
    /// A step leaves the house.
    #[error("these places are in the same facility: record a move instead of a step")]
    SameFacility,
    /// R83.
    #[error("from the first threshold to the second is a step up, back is a step down")]
    OtherWay,
    /// The clock cannot begin in the middle.
    #[error(
        "this facility has a longest stay and the present one has none: end this stay and start a \
         new one there"
    )]
    StepStartsAClock,
    /// A home ends the programme.
    #[error(
        "a home by Housing First or Housing Led is no step of a programme: end this stay with that \
         destination and start a new one"
    )]
    HomeIsNoStep,
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(why) => why.code(),
            Self::DoubleBooking(why) => why.code(),
            Self::NoSuchStay => "no_such_stay",
            Self::UnknownPerson => "unknown_person",
            Self::AnotherWait => "another_wait",
            Self::UnknownReferral => "unknown_referral",
            Self::ReferralNotAccepted => "referral_not_accepted",
            Self::NoWayIn => "no_way_in",
            Self::NoStepThere => "no_step_there",
            Self::NotForPis => "not_for_pis",
            Self::AlreadyStarted => "already_started",
            Self::Ended { .. } => "stay_ended",
            Self::NightsOnly => "nights_only",
            Self::OwnStayEach => "own_stay_each",
            Self::OnePlaceEach => "one_place_each",
            Self::FamilySplit => "family_split",
            Self::TooManyMembers => "too_many_members",
            Self::PersonTwice => "person_twice",
            Self::PlaceEnds { .. } => "place_ends",
            Self::InTheFuture { .. } => "in_the_future",
            Self::BeforeItsStart { .. } => "before_its_start",
            Self::ReducedMeansMissing => "reduced_means_missing",
            Self::WorkMissing => "work_missing",
            Self::MediumMeansMissing => "medium_means_missing",
            Self::StandingAgreementMissing => "standing_agreement_missing",
            Self::PersonalAgreementMissing => "personal_agreement_missing",
            Self::DsmForThresholdsOnly => "dsm_for_thresholds_only",
            Self::ProjectNeeded => "project_needed",
            Self::NoCap { .. } => "no_cap",
            Self::CapIsPast { .. } => "cap_is_past",
            Self::NotLater { .. } => "not_later",
            Self::ExtensionTooLong { .. } => "extension_too_long",
            Self::AnotherFacility => "another_facility",
            Self::SameFacility => "same_facility",
            Self::OtherWay => "other_way",
            Self::StepStartsAClock => "step_starts_a_clock",
            Self::HomeIsNoStep => "home_is_no_step",
        }
    }
}
