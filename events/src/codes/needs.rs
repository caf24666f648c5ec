//! What people need, and by which way they come.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

super::codes! {
    /// What a person needs (domain §5).
    NeedCode {
        /// Health.
        Health,
        /// Mental health.
        MentalHealth,
        /// Addiction.
        Addiction,
        /// Income.
        Economic,
        /// Debt.
        Debt,
        /// Work.
        Work,
        /// Training.
        Training,
        /// A home or a bed.
        Housing,
        /// Food and material help.
        MaterialFood,
        /// Relations.
        Relational,
        /// Family and parenting.
        FamilyParenting,
        /// Documents and legal help.
        LegalDocuments,
        /// Residence and mail.
        ResidenceMail,
        /// Language.
        Language,
        /// Safety from violence.
        ViolenceSafety,
        /// Disability and autonomy.
        DisabilityAutonomy,
        /// A minor's education.
        EducationMinor,
    }

    /// By which way somebody reached a service (domain §5).
    Channel {
        /// At the desk.
        Desk,
        /// By telephone.
        Phone,
        /// On the emergency service's line.
        PisLine,
        /// In the street.
        Street,
        /// In a hub.
        Hub,
        /// By e-mail.
        Email,
        /// By a web form.
        Web,
        /// By a referral.
        Referral,
        /// From the police.
        Police,
        /// From a hospital.
        Hospital,
        /// From a school.
        School,
        /// From a third-sector organisation.
        ThirdSector,
        /// From a court.
        Court,
        /// From the family.
        Family,
    }

    /// Whether the need of a referral was met. Accepted is not served, served is not met.
    NeedMet {
        /// Yes.
        Yes,
        /// In part.
        Partly,
        /// No.
        No,
    }

    /// How soon a referral must be looked at.
    Urgency {
        /// Today.
        Immediate,
        /// Within the short deadline.
        Urgent,
        /// Within the ordinary deadline.
        Ordinary,
    }
}

/// A need with its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Which need.
    pub code: NeedCode,
    /// 1 light, 2 serious, 3 severe.
    pub level: NeedLevel,
}

/// How strong a need is: 1 light, 2 serious, 3 severe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "u8", into = "u8")]
#[schema(value_type = u8, minimum = 1, maximum = 3)]
pub struct NeedLevel(u8);

/// Why a number is not the level of a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a need's level is 1 (light), 2 (serious) or 3 (severe)")]
pub struct NotALevel;

impl TryFrom<u8> for NeedLevel {
    type Error = NotALevel;

    fn try_from(level: u8) -> Result<Self, NotALevel> {
        if (1..=3).contains(&level) { Ok(Self(level)) } else { Err(NotALevel) }
    }
}

impl From<NeedLevel> for u8 {
    fn from(level: NeedLevel) -> Self {
        level.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needs_level_is_one_to_three() {
        assert!(serde_json::from_str::<NeedLevel>("3").is_ok());
        assert!(serde_json::from_str::<NeedLevel>("0").is_err());
        assert!(serde_json::from_str::<NeedLevel>("4").is_err());
    }
}
