//! In which column of the map a service stands.

use trama_events::codes::ServiceType;
use trama_ui::figure::network::Column;

/// The column of a type, for ever the same.
#[expect(clippy::too_many_lines, reason = "a table of all types, a line each")]
pub(crate) fn column(kind: ServiceType) -> Column {
    use ServiceType as T;
    match kind {
        T::Outreach
        | T::Hospital
        | T::HealthGp
        | T::OpenCentre
        | T::Nursery
        | T::SpringSection
        | T::PlaySpace => Column::Reports,
        T::InfoDesk
        | T::Pua
        | T::Pis
        | T::FrontOffice
        | T::HealthDesk
        | T::RegistryOffice
        | T::FamilyCentre
        | T::AntiViolenceCentre => Column::Access,
        T::ProfessionalSocialService
        | T::Hub
        | T::Uvm
        | T::MinorsService
        | T::Guardianship
        | T::Pippi
        | T::CareLeavers
        | T::ProtectedDischarge
        | T::JuvenileCourt => Column::Charge,
        T::AdministrativeHelp
        | T::Legal
        | T::Mediation
        | T::FinancialEducation
        | T::Psychology
        | T::HomeCare
        | T::HomeEducation
        | T::Foster
        | T::SupportFamily
        | T::MinorsDayCentre
        | T::Supervision
        | T::AdultDayCentre
        | T::NightShelter
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
        | T::ResidentialCommunity
        | T::ShowerLaundry
        | T::Clothing
        | T::Luggage
        | T::Store
        | T::Canteen
        | T::Parcel
        | T::Csm
        | T::Serd
        | T::JobCentre
        | T::Training
        | T::SecretShelter => Column::Serves,
    }
}
