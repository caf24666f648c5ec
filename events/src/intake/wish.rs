//! What a person decides about who sees what was written of her.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::Date;
use utoipa::ToSchema;

use super::WishForm;
use crate::codes::Sensitivity;
use crate::fact::facts;
use crate::ids::{OrganisationId, PersonId, ServiceId, WishId};

/// To whom she opens something: a body with all its services, or one service alone.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Viewer {
    /// A body.
    Organisation(OrganisationId),
    /// One service.
    Service(ServiceId),
}

/// How much of what was written of her she obscures.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// One entry.
    Entry {
        /// The entry: an event of any context, `<context>/<aggregate>/<sequence>`.
        entry: String,
        /// The body that wrote it.
        organisation: OrganisationId,
    },
    /// All that one service wrote and will write.
    Service {
        /// The service.
        service: ServiceId,
    },
}

/// What a person decides about her own past (domain §6; Garante, 4 June 2015, on *oscuramento*).
/// Each decision is taken down in her presence, and can be taken back at once.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WishEvent {
    /// Of age now, she lets somebody see what minors' services wrote of her as a child.
    ChildhoodOpened {
        /// The decision.
        wish: WishId,
        /// Who.
        person: PersonId,
        /// To whom.
        to: Viewer,
        /// First day.
        from: Date,
        /// Last day, when it ends by itself.
        until: Option<Date>,
        /// How she said it.
        form: WishForm,
    },
    /// She does not any more.
    ChildhoodClosed {},
    /// Something is there for who wrote it and for nobody else; and that it is obscured, nobody else
    /// is told either.
    RecordObscured {
        /// The decision.
        wish: WishId,
        /// Who.
        person: PersonId,
        /// How much.
        what: Extent,
        /// How she said it.
        form: WishForm,
    },
    /// By this decision it is obscured no more.
    ObscuringLifted {
        /// How she said it.
        form: WishForm,
    },
}

facts!(WishEvent, Intake, "wish";
    fn sensitivity(&self) -> Sensitivity {
        Sensitivity::Special
    }
);
