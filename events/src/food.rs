//! Food (domain §3.4): points card, meals, parcels. Volunteers see a card, never a name.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::Date;
use utoipa::ToSchema;

use crate::codes::{Recipient, codes};
use crate::fact::facts;
use crate::ids::{Ats, CardId, HouseholdId, MealId, ParcelId, PersonId, ServiceId};

/// What happens to a points card.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CardEvent {
    /// A household got a card.
    CardIssued {
        /// The card.
        card: CardId,
        /// The household: one active card each per ATS.
        household: HouseholdId,
        /// Who holds it for the household.
        person: PersonId,
        /// The store that issued it.
        service: ServiceId,
        /// The ATS in which it holds.
        ats: Ats,
        /// People in the household, 1 to 30.
        household_size: u8,
        /// Points on it, 0 to 1,000.
        points: u16,
        /// Last day.
        valid_to: Date,
    },
    /// Points were added, as a rule each month.
    PointsCredited {
        /// How many.
        points: u16,
        /// The balance now.
        balance: u16,
    },
    /// Points were spent.
    PointsSpent {
        /// How many the goods cost.
        points: u16,
        /// The balance now, never negative.
        balance: u16,
        /// Of these, how many were not on the card: an offline entry only.
        overdraft: u16,
        /// Where.
        service: ServiceId,
    },
    /// Points that did not roll over.
    PointsExpired {
        /// How many.
        points: u16,
    },
    /// The card goes on.
    CardRenewed {
        /// New last day.
        valid_to: Date,
    },
    /// It cannot be used for now.
    CardSuspended {
        /// Why.
        reason: SuspensionReason,
    },
    /// It can be used again.
    CardResumed {},
    /// It ended.
    CardClosed {
        /// Why.
        reason: CardCloseReason,
    },
}

facts!(CardEvent, Food, "points_card");

/// Meals served in a canteen or by a street unit.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MealEvent {
    /// A meal to one person, or so many to people who stay anonymous.
    MealServed {
        /// The record.
        meal: MealId,
        /// The canteen or unit.
        service: ServiceId,
        /// To whom.
        recipient: Recipient,
    },
}

facts!(MealEvent, Food, "meal");

/// A food parcel.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ParcelEvent {
    /// A parcel is meant for a household.
    ParcelAssigned {
        /// The parcel.
        parcel: ParcelId,
        /// The household.
        household: HouseholdId,
        /// Who fetches it.
        person: PersonId,
        /// Service that gives it.
        service: ServiceId,
        /// A parcel in the same 7 days was already assigned: a warning, never a refusal.
        double: bool,
    },
    /// It was fetched.
    ParcelDelivered {},
}

facts!(ParcelEvent, Food, "parcel");

codes! {
    /// Why a card is suspended.
    SuspensionReason {
        /// Lost or stolen.
        Lost,
        /// Used by somebody else.
        Misused,
        /// A check of the means is due.
        CheckDue,
    }
}

codes! {
    /// Why a card was closed.
    CardCloseReason {
        /// Its last day passed.
        RanOut,
        /// Not needed any more.
        NotNeeded,
        /// Replaced by another card.
        Replaced,
        /// Moved away.
        MovedAway,
    }
}
