//! Families of services: a colour, a glyph and a name each. The colour is never alone.

use trama_events::codes::ServiceType;

use crate::glyph::Glyph;
use crate::language::Language;

/// A family of services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Access, first contact, taking in charge.
    Access,
    /// Referrals between services.
    Referrals,
    /// Everything that gives a bed or a home.
    Housing,
    /// Food and material help.
    Food,
    /// Addiction services.
    Serd,
    /// Mental health.
    Csm,
    /// Work and training.
    Labour,
    /// A service of which the network sees no more than that it is there.
    External,
}

impl Family {
    /// Its name on the screens.
    pub fn label_in(self, language: Language) -> &'static str {
        match language {
            Language::Italian => self.label(),
            Language::English => match self {
                Self::Access => "Access",
                Self::Referrals => "Referrals",
                Self::Housing => "Housing",
                Self::Food => "Food",
                Self::Serd => "Addictions",
                Self::Csm => "Mental health",
                Self::Labour => "Work",
                Self::External => "External service",
            },
        }
    }

    /// The same in Italian.
    pub fn label(self) -> &'static str {
        match self {
            Self::Access => "Accesso",
            Self::Referrals => "Invii",
            Self::Housing => "Abitare",
            Self::Food => "Cibo",
            Self::Serd => "SerD",
            Self::Csm => "CSM",
            Self::Labour => "Lavoro",
            Self::External => "Servizio esterno",
        }
    }

    /// Its glyph.
    pub fn glyph(self) -> Glyph {
        match self {
            Self::Access => Glyph::Door,
            Self::Referrals => Glyph::Plane,
            Self::Housing => Glyph::House,
            Self::Food => Glyph::Basket,
            Self::Serd => Glyph::Drop,
            Self::Csm => Glyph::Head,
            Self::Labour => Glyph::Briefcase,
            Self::External => Glyph::Lock,
        }
    }

    /// Its class in the style sheet, which gives it ink and tint.
    pub fn class(self) -> &'static str {
        match self {
            Self::Access => "f-access",
            Self::Referrals => "f-referrals",
            Self::Housing => "f-housing",
            Self::Food => "f-food",
            Self::Serd => "f-serd",
            Self::Csm => "f-csm",
            Self::Labour => "f-labour",
            Self::External => "f-external",
        }
    }

    /// The family of a lane of a journey.
    pub fn of_lane(lane: &str) -> Self {
        match lane {
            "referrals" => Self::Referrals,
            "housing" => Self::Housing,
            "food" => Self::Food,
            "csm" => Self::Csm,
            "labour" => Self::Labour,
            "external" => Self::External,
            _ => Self::Access,
        }
    }
}

impl From<ServiceType> for Family {
    fn from(kind: ServiceType) -> Self {
        use ServiceType as T;
        match kind {
            T::InfoDesk
            | T::ProfessionalSocialService
            | T::Pua
            | T::Pis
            | T::Outreach
            | T::FrontOffice
            | T::Hub
            | T::AdministrativeHelp
            | T::Legal
            | T::Mediation
            | T::FinancialEducation
            | T::Psychology
            | T::HealthDesk
            | T::Uvm
            | T::HomeCare
            | T::ProtectedDischarge
            | T::HomeEducation
            | T::FamilyCentre
            | T::Foster
            | T::SupportFamily
            | T::OpenCentre
            | T::MinorsDayCentre
            | T::Nursery
            | T::SpringSection
            | T::PlaySpace
            | T::Pippi
            | T::CareLeavers
            | T::Supervision
            | T::HealthGp
            | T::Hospital
            | T::RegistryOffice
            | T::Guardianship
            | T::MinorsService
            | T::AdultDayCentre => Self::Access,
            T::NightShelter
            | T::MobileShelter
            | T::HubBeds
            | T::FirstReception
            | T::EmergencyFlat
            | T::Temporary
            | T::Threshold1
            | T::Threshold2
            | T::HousingFirst
            | T::HousingLed
            | T::VirtualResidence
            | T::Mail
            | T::ResidentialCommunity => Self::Housing,
            T::ShowerLaundry | T::Clothing | T::Luggage | T::Store | T::Canteen | T::Parcel => {
                Self::Food
            }
            T::Csm => Self::Csm,
            T::Serd => Self::Serd,
            T::JobCentre | T::Training => Self::Labour,
            T::SecretShelter | T::AntiViolenceCentre | T::JuvenileCourt => Self::External,
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn what_is_secret_has_no_family_of_its_own() {
        for kind in ServiceType::VARIANTS.iter().filter(|kind| kind.is_confidential()) {
            let family = Family::from(*kind);
            assert!(matches!(family, Family::External | Family::Serd), "{kind}");
        }
    }
}
