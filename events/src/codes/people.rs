//! Who people are, and how much of it is known.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

super::codes! {
    /// How much is known of who a person is. Never a precondition of help.
    IdentityStatus {
        /// Nothing, or an alias.
        Anonymous,
        /// What she says.
        Declared,
        /// Seen on a document.
        Identified,
    }

    /// Gender as the person states it.
    Gender {
        /// Woman.
        Female,
        /// Man.
        Male,
        /// Another answer.
        Other,
        /// Not said, or not asked.
        Unknown,
    }

    /// Kinds of identifier. The value itself is never in an event.
    IdentifierKind {
        /// Codice fiscale.
        Cf,
        /// Provisional codice fiscale, 11 digits.
        ProvisionalCf,
        /// Straniero temporaneamente presente, 6 months, renewable.
        Stp,
        /// The same for EU citizens who are not registered.
        Eni,
        /// A document.
        Doc,
    }

    /// What kind of identifying fact lies in the vault.
    IdentityField {
        /// Family name.
        FamilyName,
        /// Given name.
        GivenName,
        /// A name under which a unit knows her.
        Alias,
        /// Date of birth.
        BirthDate,
        /// Place of birth: cadastral code, or a name where none is known.
        BirthPlace,
        /// Sex as registered.
        Sex,
        /// Codice fiscale.
        TaxCode,
        /// Provisional codice fiscale, 11 digits.
        ProvisionalTaxCode,
        /// STP code.
        Stp,
        /// ENI code.
        Eni,
        /// Number and kind of a document.
        Document,
        /// Telephone number.
        Phone,
        /// E-mail address.
        Email,
        /// An address.
        Address,
        /// An address that nobody may learn but its manager.
        ProtectedAddress,
        /// Her status as a migrant.
        Status,
        /// A note in a service's file.
        Note,
        /// A note of its author and her organisation alone.
        PrivateNote,
    }

    /// Where an identifying fact comes from.
    FactSource {
        /// She said so.
        Declared,
        /// Somebody saw a document.
        Document,
        /// The population registry.
        Registry,
        /// Another service said so.
        Service,
        /// A worker saw or knows it.
        Observed,
    }
}

/// Who received something: one person, or a number of people whom nobody asked for a name (R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A registered person.
    Person(crate::ids::PersonId),
    /// So many people, 1 to 10,000, not registered.
    Anonymous(u32),
}

impl Recipient {
    /// The person, when there is one.
    pub fn person(self) -> Option<crate::ids::PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Anonymous(_) => None,
        }
    }

    /// How many people: one person counts as one.
    pub fn count(self) -> u32 {
        match self {
            Self::Person(_) => 1,
            Self::Anonymous(count) => count,
        }
    }
}
