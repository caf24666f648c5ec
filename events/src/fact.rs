//! One enum over every event of every context, and the road back from JSON.

use cqrs_es::DomainEvent;
use cqrs_es::persist::SerializedEvent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{Display, EnumString, IntoStaticStr, VariantArray, VariantNames};
use utoipa::ToSchema;

use crate::codes::Sensitivity;
use crate::{casework, directory, food, housing, identity, intake, referrals, upcast};

/// A bounded context: one schema, one login role, one log, one stream.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Context {
    /// Access: persons, contacts, emergencies.
    Intake,
    /// Cases and personal projects.
    Casework,
    /// Facilities, nights, stays, waiting.
    Housing,
    /// Cards, meals, parcels.
    Food,
    /// Referrals between services.
    Referrals,
    /// Organisations, services, staff, municipalities, agreements.
    Directory,
    /// That something identifying was said, opened by force or erased.
    Identity,
}

impl Context {
    /// The name in schemas, subjects and ids.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// An event that a log keeps, whether it is published to the network or sealed in a log of its own.
pub trait Stored: DomainEvent {
    /// How carefully the fact must be kept. Most facts are [`Sensitivity::Normal`].
    fn sensitivity(&self) -> Sensitivity {
        Sensitivity::Normal
    }
}

/// An event type of the published language.
pub trait Fact: Stored + VariantNames {
    /// The context that publishes it.
    const CONTEXT: Context;
    /// The aggregate type, as in `aggregate_type` of the log.
    const AGGREGATE: &'static str;

    /// The version that this release writes of an event type.
    fn version_of(event_type: &str) -> &'static str;
}

/// Makes an enum of facts: its name and version on the wire, its context and aggregate.
///
/// Versions are `1` unless named: `"name" => "2"`.
macro_rules! facts {
    ($event:ty, $context:ident, $aggregate:literal $(, $name:literal => $version:literal)* $(; $sensitivity:item)?) => {
        impl cqrs_es::DomainEvent for $event {
            fn event_type(&self) -> String {
                <&'static str>::from(self).to_owned()
            }

            fn event_version(&self) -> String {
                <Self as crate::Fact>::version_of(self.into()).to_owned()
            }
        }

        impl crate::Stored for $event {
            $($sensitivity)?
        }

        impl crate::Fact for $event {
            const CONTEXT: crate::Context = crate::Context::$context;
            const AGGREGATE: &'static str = $aggregate;

            fn version_of(event_type: &str) -> &'static str {
                match event_type {
                    $($name => $version,)*
                    _ => "1",
                }
            }
        }
    };
}
pub(crate) use facts;

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident($event:ty)),+ $(,)?) => {
        /// Any event of the network. A reader matches it whole, so that a new event type that a
        /// reader does not handle does not compile.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Event { $($(#[$doc])* $variant($event)),+ }

        impl Event {
            fn decode(kind: &Kind<'_>, payload: Value) -> Reading {
                $(if kind.context == <$event as Fact>::CONTEXT && kind.aggregate == <$event as Fact>::AGGREGATE {
                    let named = <$event as VariantNames>::VARIANTS.contains(&kind.event_type);
                    if !named || <$event as Fact>::version_of(kind.event_type) != kind.version {
                        return Reading::Newer;
                    }
                    return match serde_json::from_value::<$event>(payload) {
                        Ok(event) => Reading::Known(Box::new(Event::$variant(event))),
                        Err(error) => Reading::Unreadable(error.to_string()),
                    };
                })+
                Reading::Newer
            }
        }

        /// Every event type: context, aggregate type, event type.
        pub fn event_types() -> Vec<(Context, &'static str, &'static str)> {
            let mut types = Vec::new();
            $(for name in <$event as VariantNames>::VARIANTS {
                types.push((<$event as Fact>::CONTEXT, <$event as Fact>::AGGREGATE, *name));
            })+
            types
        }

        /// The JSON schema of every aggregate's events: context, aggregate type, name, schema.
        pub fn schemas() -> Vec<(Context, &'static str, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)> {
            vec![$((<$event as Fact>::CONTEXT, <$event as Fact>::AGGREGATE, <$event as utoipa::PartialSchema>::schema())),+]
        }
    };
}

events! {
    /// A person as a service knows her.
    Person(intake::PersonEvent),
    /// A judgement on two person records.
    Link(intake::LinkEvent),
    /// A contact with a service.
    Contact(intake::ContactEvent),
    /// Something given.
    Delivery(intake::DeliveryEvent),
    /// An encounter of an outreach unit.
    Outreach(intake::OutreachEvent),
    /// An emergency.
    Emergency(intake::EmergencyEvent),
    /// A count of homeless people.
    Count(intake::CountEvent),
    /// People who belong together.
    Household(intake::HouseholdEvent),
    /// An entry that was made on the wrong person, or by mistake.
    Entry(intake::EntryEvent),
    /// What a person decides about who sees what was written of her.
    Wish(intake::WishEvent),
    /// A case and its personal project.
    Case(casework::CaseEvent),
    /// A housing facility.
    Facility(housing::FacilityEvent),
    /// A person's nights in a facility.
    Night(housing::NightEvent),
    /// A stay.
    Stay(housing::StayEvent),
    /// A wait for a place.
    Waiting(housing::WaitingEvent),
    /// A points card.
    Card(food::CardEvent),
    /// Meals served.
    Meal(food::MealEvent),
    /// A food parcel.
    Parcel(food::ParcelEvent),
    /// A referral.
    Referral(referrals::ReferralEvent),
    /// What a person agreed to.
    Consent(referrals::ConsentEvent),
    /// An organisation.
    Organisation(directory::OrganisationEvent),
    /// A service with its sites.
    Service(directory::ServiceEvent),
    /// A worker.
    Staff(directory::StaffEvent),
    /// A municipality.
    Municipality(directory::MunicipalityEvent),
    /// An agreement between bodies.
    Agreement(directory::AgreementEvent),
    /// A person's record in the vault.
    Identity(identity::IdentityEvent),
    /// A record that was opened by force.
    ForcedAccess(identity::ForcedAccessEvent),
}

/// What came of reading a stored or received event.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// An event of this release.
    Known(Box<Event>),
    /// A type or version that this release does not have: the reader must stop and be upgraded.
    Newer,
    /// A type that this release has, with a payload that does not fit it. Says why.
    Unreadable(String),
}

struct Kind<'a> {
    context: Context,
    aggregate: &'a str,
    event_type: &'a str,
    version: &'a str,
}

impl Event {
    /// Reads a stored event of `context`, after bringing it to this release's version.
    pub fn read(context: Context, stored: SerializedEvent) -> Reading {
        let stored = upcast::upcast(stored);
        let kind = Kind {
            context,
            aggregate: &stored.aggregate_type,
            event_type: &stored.event_type,
            version: &stored.event_version,
        };
        Self::decode(&kind, stored.payload)
    }
}
