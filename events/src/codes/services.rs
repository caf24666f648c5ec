//! What services and organisations there are.

super::codes! {
    /// What a service does (domain §5, *Service types*).
    ServiceType {
        /// Segretariato sociale.
        InfoDesk,
        /// Servizio sociale professionale.
        ProfessionalSocialService,
        /// Punto unico d'accesso.
        Pua,
        /// Pronto intervento sociale.
        Pis,
        /// Unità di strada.
        Outreach,
        /// Front office of a hub.
        FrontOffice,
        /// Centro servizi, Stazione di Posta.
        Hub,
        /// Dormitorio.
        NightShelter,
        /// Unità mobile with beds and a season.
        MobileShelter,
        /// The few beds of a hub.
        HubBeds,
        /// Centro di prima accoglienza.
        FirstReception,
        /// Appartamento d'emergenza.
        EmergencyFlat,
        /// Housing temporaneo, up to 24 months.
        Temporary,
        /// Prima soglia.
        Threshold1,
        /// Seconda soglia.
        Threshold2,
        /// Casa rifugio: its address is secret.
        SecretShelter,
        /// Housing First.
        HousingFirst,
        /// Housing Led.
        HousingLed,
        /// Residenza fittizia.
        VirtualResidence,
        /// Fermo posta.
        Mail,
        /// Centro diurno for adults.
        AdultDayCentre,
        /// Docce e lavanderia.
        ShowerLaundry,
        /// Vestiario.
        Clothing,
        /// Deposito bagagli.
        Luggage,
        /// Emporio solidale.
        Store,
        /// Mensa.
        Canteen,
        /// Pacco viveri.
        Parcel,
        /// Disbrigo pratiche.
        AdministrativeHelp,
        /// Consulenza legale.
        Legal,
        /// Mediazione culturale.
        Mediation,
        /// Educazione finanziaria.
        FinancialEducation,
        /// Psicologo.
        Psychology,
        /// Sportello salute.
        HealthDesk,
        /// Centro di salute mentale.
        Csm,
        /// Servizio per le dipendenze.
        Serd,
        /// Centro per l'impiego.
        JobCentre,
        /// Formazione professionale.
        Training,
        /// Unità di valutazione multidimensionale.
        Uvm,
        /// Assistenza domiciliare.
        HomeCare,
        /// Dimissioni protette.
        ProtectedDischarge,
        /// Centro antiviolenza.
        AntiViolenceCentre,
        /// Assistenza domiciliare educativa.
        HomeEducation,
        /// Centro servizi per le famiglie.
        FamilyCentre,
        /// Affido.
        Foster,
        /// Famiglia d'appoggio.
        SupportFamily,
        /// Centro aperto polivalente.
        OpenCentre,
        /// Centro diurno per minori.
        MinorsDayCentre,
        /// Nido.
        Nursery,
        /// Sezione primavera.
        SpringSection,
        /// Spazio gioco.
        PlaySpace,
        /// P.I.P.P.I.
        Pippi,
        /// Care leavers.
        CareLeavers,
        /// Comunità educativa.
        ResidentialCommunity,
        /// Supervision of social workers.
        Supervision,
        /// Medico di base, SSN enrolment and other health doors.
        HealthGp,
        /// Hospital social work.
        Hospital,
        /// Registry office of a municipality.
        RegistryOffice,
        /// Guardianship office.
        Guardianship,
        /// Social service for minors.
        MinorsService,
        /// Tribunale per i minorenni.
        JuvenileCourt,
    }

    /// Kinds of organisation.
    OrganisationKind {
        /// A municipality.
        Municipality,
        /// An ATS with its plan office.
        Ats,
        /// The metropolitan city.
        MetroCity,
        /// A third-sector organisation.
        ThirdSector,
        /// A local health authority.
        HealthAuthority,
        /// A body of the labour services.
        Labour,
        /// Another public body.
        OtherPublic,
    }
}

impl ServiceType {
    /// Whether the type is one of the eleven kinds of housing.
    pub fn is_housing(self) -> bool {
        self.housing_ethos().is_some()
    }

    /// ETHOS situation of those who sleep in this kind of housing (domain §3.3).
    pub fn housing_ethos(self) -> Option<&'static str> {
        let ethos = match self.code() {
            "night_shelter" | "mobile_shelter" | "hub_beds" => "2.1",
            "first_reception" => "3.1",
            "emergency_flat" | "temporary" => "3.2",
            "threshold1" | "threshold2" => "3.3",
            "secret_shelter" => "4.1",
            "housing_first" | "housing_led" => "7.2",
            _ => return None,
        };
        Some(ethos)
    }

    /// Whether the service is there for children, so that what it writes of somebody is of her
    /// childhood: once she is of age it is hers to open (domain §6). A family centre meets adults,
    /// the care leavers' service begins at eighteen, and the juvenile court keeps its own sealed
    /// log.
    #[expect(
        clippy::too_many_lines,
        reason = "one line for each of all the types, so that a new one is judged here"
    )]
    pub fn is_for_children(self) -> bool {
        match self {
            Self::HomeEducation
            | Self::Foster
            | Self::SupportFamily
            | Self::OpenCentre
            | Self::MinorsDayCentre
            | Self::Nursery
            | Self::SpringSection
            | Self::PlaySpace
            | Self::Pippi
            | Self::ResidentialCommunity
            | Self::MinorsService => true,
            Self::InfoDesk
            | Self::ProfessionalSocialService
            | Self::Pua
            | Self::Pis
            | Self::Outreach
            | Self::FrontOffice
            | Self::Hub
            | Self::NightShelter
            | Self::MobileShelter
            | Self::HubBeds
            | Self::FirstReception
            | Self::EmergencyFlat
            | Self::Temporary
            | Self::Threshold1
            | Self::Threshold2
            | Self::SecretShelter
            | Self::HousingFirst
            | Self::HousingLed
            | Self::VirtualResidence
            | Self::Mail
            | Self::AdultDayCentre
            | Self::ShowerLaundry
            | Self::Clothing
            | Self::Luggage
            | Self::Store
            | Self::Canteen
            | Self::Parcel
            | Self::AdministrativeHelp
            | Self::Legal
            | Self::Mediation
            | Self::FinancialEducation
            | Self::Psychology
            | Self::HealthDesk
            | Self::Csm
            | Self::Serd
            | Self::JobCentre
            | Self::Training
            | Self::Uvm
            | Self::HomeCare
            | Self::ProtectedDischarge
            | Self::AntiViolenceCentre
            | Self::FamilyCentre
            | Self::CareLeavers
            | Self::Supervision
            | Self::HealthGp
            | Self::Hospital
            | Self::RegistryOffice
            | Self::Guardianship
            | Self::JuvenileCourt => false,
        }
    }

    /// Whether what the service does may not be shown to the network: it appears as an
    /// "external service" without type or name.
    pub fn is_confidential(self) -> bool {
        self == Self::SecretShelter || self.is_sealed()
    }

    /// Whether the service keeps its people in a log of its own, under its own pseudonyms: nobody is
    /// sent there or from there by name. Source: DPR 309/90 art. 120, D.L. 93/2013 art. 5-bis,
    /// domain §3.1 and §6, ADR 19.
    pub fn is_sealed(self) -> bool {
        matches!(self, Self::Serd | Self::JuvenileCourt | Self::AntiViolenceCentre)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_confidential_and_beside_it_the_secret_shelter_alone() {
        use strum::VariantArray;
        let all = || ServiceType::VARIANTS.iter().copied();
        let sealed: Vec<_> = all().filter(|kind| kind.is_sealed()).collect();
        let sealed_types =
            [ServiceType::Serd, ServiceType::AntiViolenceCentre, ServiceType::JuvenileCourt];
        assert_eq!(sealed, sealed_types);
        assert!(sealed.iter().all(|kind| kind.is_confidential()));
        let masked: Vec<_> =
            all().filter(|kind| kind.is_confidential() && !kind.is_sealed()).collect();
        assert_eq!(masked, [ServiceType::SecretShelter]);
    }

    #[test]
    fn childhood_is_what_the_eleven_services_for_children_write_c5() {
        use strum::VariantArray;
        let all = ServiceType::VARIANTS.iter().copied();
        let codes: Vec<_> =
            all.filter(|kind| kind.is_for_children()).map(ServiceType::code).collect();
        let for_children = [
            "home_education",
            "foster",
            "support_family",
            "open_centre",
            "minors_day_centre",
            "nursery",
            "spring_section",
            "play_space",
            "pippi",
            "residential_community",
            "minors_service",
        ];
        assert_eq!(codes, for_children);
    }
}
