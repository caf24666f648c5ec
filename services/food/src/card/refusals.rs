use time::Date;
use trama_events::food::{CardCloseReason, SuspensionReason};
use trama_events::ids::CardId;
use trama_platform::log::Refusal;

/// Why a points card does not do what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// There is none under this id.
    #[error("there is no such card")]
    NoSuchCard,
    /// The id belongs to a card with other facts.
    #[error("a card with other facts was issued under this number: take a new one")]
    IdInUse,
    /// The person is not registered, or not yet in our copy of the register.
    #[error("this person is not registered; if it was registered a moment ago, try again")]
    UnknownPerson,
    /// The household has an open one.
    #[error("this household has a card in this ATS already: {card}; use it, or close it first")]
    HouseholdHasCard {
        /// The first one.
        card: CardId,
    },
    /// The person holds an open one, be it for another household.
    #[error("this person holds a card in this ATS already: {card}; use it, or close it first")]
    HolderHasCard {
        /// The first one.
        card: CardId,
    },
    /// Nobody, or too many people.
    #[error("a household has 1 to 30 people: correct the number")]
    HouseholdSize,
    /// More points than a household of this size gets.
    #[error("a household of this size gets at most {most} points a month")]
    TooManyPoints {
        /// Most points.
        most: u16,
    },
    /// The last day lies in the past.
    #[error("the card's last day has passed: choose a day from today on")]
    EndsInPast,
    /// The last day is too far away.
    #[error("a card is valid for six months at most: choose a day up to {latest}")]
    ValidTooLong {
        /// Last possible day.
        latest: Date,
    },
    /// A renewal does not shorten.
    #[error("this card is valid until {valid_to} already: a renewal ends later than that")]
    Shortened {
        /// Its last day.
        valid_to: Date,
    },
    /// The copy that knows what each month gave is behind the card.
    #[error("this card was credited or issued a moment ago: look at it, then try again")]
    CreditedMeanwhile,
    /// There was no card on that day.
    #[error("this card was issued on {issued_on}: it gets points from that day on")]
    BeforeIssue {
        /// The day on which it was issued.
        issued_on: Date,
    },
    /// What a month did not give is gone with it.
    #[error("that month is over: only the current month is credited")]
    MonthOver,
    /// No room for more points.
    #[error("this card holds {balance} points, as many as a card can: spend some first")]
    CardFull {
        /// Points on it.
        balance: u16,
    },
    /// A purchase costs nothing, or too much.
    #[error("a purchase costs 1 to 1,000 points: correct the number")]
    Price,
    /// Not enough points.
    #[error(
        "there are {balance} points on this card, fewer than these goods cost: take fewer goods"
    )]
    NotEnough {
        /// Points on it.
        balance: u16,
    },
    /// It cannot be used for now.
    #[error("this card is suspended: {}; the store's office can release it", words(*.reason))]
    Suspended {
        /// Why.
        reason: SuspensionReason,
    },
    /// Its last day passed.
    #[error("this card was valid until {valid_to}: it must be renewed before it is used")]
    Expired {
        /// Its last day.
        valid_to: Date,
    },
    /// It ended.
    #[error("this card has ended: {}; the household may ask for a new one", end(*.reason))]
    Closed {
        /// Why.
        reason: CardCloseReason,
    },
    /// Only the clock says that a card ran out.
    #[error("this card runs out by itself after {valid_to}: to end it now, choose another reason")]
    RunsOutByItself {
        /// Its last day.
        valid_to: Date,
    },
}

impl Refusal for Rejection {
    fn code(&self) -> &'static str {
        match self {
            Self::NoSuchCard => "no_such_card",
            Self::IdInUse => "id_in_use",
            Self::UnknownPerson => "unknown_person",
            Self::HouseholdHasCard { .. } => "household_has_card",
            Self::HolderHasCard { .. } => "holder_has_card",
            Self::HouseholdSize => "household_size",
            Self::TooManyPoints { .. } => "too_many_points",
            Self::EndsInPast => "ends_in_past",
            Self::ValidTooLong { .. } => "valid_too_long",
            Self::Shortened { .. } => "shortened",
            Self::CreditedMeanwhile => "credited_meanwhile",
            Self::BeforeIssue { .. } => "before_issue",
            Self::MonthOver => "month_over",
            Self::CardFull { .. } => "card_full",
            Self::Price => "price",
            Self::NotEnough { .. } => "not_enough",
            Self::Suspended { .. } => "suspended",
            Self::Expired { .. } => "expired",
            Self::Closed { .. } => "closed",
            Self::RunsOutByItself { .. } => "runs_out_by_itself",
        }
    }
}

fn words(reason: SuspensionReason) -> &'static str {
    match reason {
        SuspensionReason::Lost => "it was lost or stolen",
        SuspensionReason::Misused => "somebody else used it",
        SuspensionReason::CheckDue => "a check of the means is due",
    }
}

fn end(reason: CardCloseReason) -> &'static str {
    match reason {
        CardCloseReason::RanOut => "its last day passed",
        CardCloseReason::NotNeeded => "it was not needed any more",
        CardCloseReason::Replaced => "another card replaced it",
        CardCloseReason::MovedAway => "the household moved away",
    }
}
