//! Code lists shared by several contexts. The Italian words on the screens are in `ui`.

/// Makes code lists: enums whose variants are written in snake case, in this module and in those of
/// the contexts.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize,
            serde::Deserialize, strum::Display, strum::EnumString, strum::IntoStaticStr,
            strum::VariantArray, utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The code as it stands in events and answers.
            pub fn code(self) -> &'static str {
                self.into()
            }
        }
    )*};
}
pub(crate) use codes;

mod housing;
mod needs;
mod people;
mod protection;
mod referrals;
mod services;
mod staff;

pub use housing::{Destination, Ethos, NotEthos};
pub use needs::{Channel, Need, NeedCode, NeedLevel, NeedMet, NotALevel, Urgency};
pub use people::{FactSource, Gender, IdentifierKind, IdentityField, IdentityStatus, Recipient};
pub use protection::{Section, Segment, Sensitivity};
pub use referrals::{DatasetSection, DeclineReason, DeclinedBy, NextStep};
pub use services::{OrganisationKind, ServiceType};
pub use staff::{Contract, Profession, Purpose, Role};
