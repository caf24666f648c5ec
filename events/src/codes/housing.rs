//! Where people live, by ETHOS, and where a stay ended to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

super::codes! {
    /// Where a stay ended to (domain §5).
    Destination {
        /// A home of her own, rented.
        OwnRent,
        /// Social housing.
        SocialHousing,
        /// A permanent home by Housing First.
        HfPermanent,
        /// Back with the family.
        BackToFamily,
        /// Hosted by somebody.
        Hosted,
        /// A step up inside the chain of services.
        StepUp,
        /// A step down inside the chain of services.
        StepDown,
        /// Residential health care.
        ResidentialHealth,
        /// Therapeutic community.
        TherapeuticCommunity,
        /// Prison.
        Prison,
        /// Another city.
        OtherCity,
        /// Back to the country of origin.
        Repatriation,
        /// The street.
        Street,
        /// Not known.
        Unknown,
        /// The person died.
        Deceased,
    }
}

impl Destination {
    /// ETHOS situation after leaving to this destination; `None` where it stays as before or ends.
    pub fn ethos_after(self) -> Option<&'static str> {
        match self {
            Self::Hosted => Some("8.1"),
            Self::ResidentialHealth | Self::TherapeuticCommunity => Some("6.2"),
            Self::Prison => Some("6.1"),
            Self::Street => Some("1.1"),
            Self::OwnRent
            | Self::SocialHousing
            | Self::HfPermanent
            | Self::BackToFamily
            | Self::StepUp
            | Self::StepDown
            | Self::OtherCity
            | Self::Repatriation
            | Self::Unknown
            | Self::Deceased => None,
        }
    }

    /// Whether this is an exit to autonomy (indicator I20).
    pub fn is_autonomy(self) -> bool {
        matches!(self, Self::OwnRent | Self::SocialHousing | Self::HfPermanent | Self::BackToFamily)
    }
}

/// A housing situation by ETHOS (FEANTSA): category 1 to 13 and situation, e.g. `1.1`, `9.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ethos {
    category: u8,
    situation: u8,
}

impl utoipa::PartialSchema for Ethos {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

impl ToSchema for Ethos {}

/// Why a text is not an ETHOS situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an ETHOS situation is category and number from 1.1 to 13.1, e.g. 1.1 for the street")]
pub struct NotEthos;

/// How many situations each ETHOS category has, 1 to 13.
const SITUATIONS: [u8; 13] = [1, 1, 3, 1, 2, 3, 2, 3, 2, 1, 3, 1, 1];

impl Ethos {
    /// The ETHOS category, 1 to 13: 1 and 2 roofless, 3 to 7 houseless, 8 to 10 insecure, 11 to
    /// 13 inadequate.
    pub fn category(self) -> u8 {
        self.category
    }
}

impl FromStr for Ethos {
    type Err = NotEthos;

    fn from_str(text: &str) -> Result<Self, NotEthos> {
        let (category, situation) = text.split_once('.').ok_or(NotEthos)?;
        let number = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            if plain { digits.parse::<u8>().map_err(|_| NotEthos) } else { Err(NotEthos) }
        };
        let (category, situation) = (number(category)?, number(situation)?);
        let last = usize::from(category).checked_sub(1).and_then(|i| SITUATIONS.get(i));
        match last {
            Some(last) if (1..=*last).contains(&situation) => Ok(Self { category, situation }),
            _ => Err(NotEthos),
        }
    }
}

impl TryFrom<String> for Ethos {
    type Error = NotEthos;

    fn try_from(text: String) -> Result<Self, NotEthos> {
        text.parse()
    }
}

impl From<Ethos> for String {
    fn from(ethos: Ethos) -> Self {
        ethos.to_string()
    }
}

impl fmt::Display for Ethos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.category, self.situation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ethos_situation_exists_in_the_typology() {
        assert_eq!("1.1".parse::<Ethos>().unwrap().category(), 1);
        assert_eq!("9.1".parse::<Ethos>().unwrap().to_string(), "9.1");
        for wrong in ["", "1", "1.2", "14.1", "0.1", "1.1.1", "+1.1", "a.b"] {
            assert_eq!(wrong.parse::<Ethos>(), Err(NotEthos), "{wrong}");
        }
    }
}
