//! Identifiers: one type each, all opaque. None says anything about a person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id that follows from what makes this thing unique, so that a repeat finds it.
            pub fn derived(from: &[&str]) -> Self {
                Self(derive_uuid(stringify!($name), from))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// A person as one service first met her; linked records keep their own ids.
    PersonId;
    /// People who live together, as the food services count them.
    HouseholdId;
    /// A public body or a third-sector organisation.
    OrganisationId;
    /// One service of one organisation: a desk, a shelter, a store.
    ServiceId;
    /// A place where a service opens its door.
    SiteId;
    /// A worker or volunteer.
    StaffId;
    /// One contact of a person with a service.
    ContactId;
    /// One encounter of an outreach unit.
    EncounterId;
    /// One report to the emergency service.
    EmergencyId;
    /// One service given, or a count of them.
    DeliveryId;
    /// Two person records judged to be one person, or not.
    LinkId;
    /// One count of homeless people.
    CountId;
    /// A case of the social service.
    CaseId;
    /// A goal in a personal project.
    GoalId;
    /// A flat, room or dormitory inside a facility.
    UnitId;
    /// A bed or place.
    PlaceId;
    /// The nights of one person in one night facility.
    NightLedgerId;
    /// A stay with a start, a clock and an end.
    StayId;
    /// A person waiting for a place in a facility.
    WaitingId;
    /// A points card of the solidarity store.
    CardId;
    /// One record of meals served.
    MealId;
    /// A food parcel.
    ParcelId;
    /// A referral from one service to another.
    ReferralId;
    /// One identifying fact in the vault.
    FactId;
    /// A legal hold on a person's record.
    HoldId;
    /// A request to erase segments of a person's record.
    ErasureId;
    /// One opening of a record by force.
    ForcedAccessId;
    /// A role that somebody has in an organisation.
    MembershipId;
    /// An agreement between bodies.
    AgreementId;
    /// Something that a person agreed to.
    ConsentId;
    /// Something that a person decided about who sees her past.
    WishId;
}

impl LinkId {
    /// The pair of two records, the same in either order.
    pub fn of_pair(one: PersonId, another: PersonId) -> Self {
        let (first, second) = (one.min(another), one.max(another));
        Self::derived(&[&first.to_string(), &second.to_string()])
    }
}

/// One name space for every derived id, so that two kinds never collide.
const DERIVED: Uuid = Uuid::from_u128(0x6e0f_51c7_3f0b_4a5e_9d54_7472_616d_6131);

/// A UUID (version 5) of a kind and of the parts that make the thing unique.
pub fn derive_uuid(kind: &str, parts: &[&str]) -> Uuid {
    let mut name = kind.to_owned();
    for part in parts {
        name.push('\u{1f}');
        name.push_str(part);
    }
    Uuid::new_v5(&DERIVED, name.as_bytes())
}

/// An ambito territoriale sociale by its slug, e.g. `bari`, `gioia-del-colle`, or `metro` for
/// what concerns the metropolitan city as a whole.
///
/// 2 to 40 of `a-z`, `0-9` and `-`, beginning with a letter: safe in a subject and in a URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Ats(String);

/// Why a text is not the slug of an ATS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an ATS is 2 to 40 of a-z, 0-9 and '-', beginning with a letter, e.g. gioia-del-colle")]
pub struct NotAnAts;

impl Ats {
    /// # Errors
    ///
    /// [`NotAnAts`] when the text has another form.
    pub fn try_new(text: impl Into<String>) -> Result<Self, NotAnAts> {
        let text = text.into();
        let first = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        let rest = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if first && rest && (2..=40).contains(&text.len()) { Ok(Self(text)) } else { Err(NotAnAts) }
    }

    /// What concerns the metropolitan city as a whole, and so no part of it.
    pub fn metro() -> Self {
        Self("metro".to_owned())
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Ats {
    type Err = NotAnAts;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_new(text)
    }
}

impl<'de> Deserialize<'de> for Ats {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)
            .and_then(|text| Self::try_new(text).map_err(serde::de::Error::custom))
    }
}
