//! Code lists shared by several contexts. The Italian words on the screens are in `ui`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

codes! {
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

    /// How bad a housing deprivation or a need is for the network's planning.
    Sensitivity {
        /// Social-service data.
        Normal,
        /// Article 9 data: health and the like.
        Special,
        /// Court acts.
        Judicial,
        /// Known to its own service only.
        Sealed,
    }

    /// Who declined a referral.
    DeclinedBy {
        /// The receiving service.
        Service,
        /// The person.
        Person,
    }

    /// Why a referral was declined (domain §5).
    DeclineReason {
        /// No place or time.
        NoCapacity,
        /// Another territory.
        OutsideArea,
        /// Another target.
        OutsideTarget,
        /// Something needed is not known.
        MissingInformation,
        /// Already in charge.
        AlreadyKnown,
        /// The person does not want it.
        PersonRefused,
        /// The person cannot be found.
        Unreachable,
        /// Another service is right.
        WrongService,
        /// Somebody would be in danger.
        Safety,
        /// Sent twice.
        Duplicate,
        /// The person's agreement is missing.
        NoConsent,
        /// Something else.
        Other,
    }

    /// What the sender should do after a refusal.
    NextStep {
        /// Ask the service named with the refusal.
        ReferElsewhere,
        /// Send again with what is missing.
        SendInformation,
        /// Try again later.
        RetryLater,
        /// Speak with the person first.
        TalkToPerson,
        /// Bring it to the next meeting.
        DiscussAtMeeting,
        /// Nothing to do: the person is served.
        NoneNeeded,
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

    /// Which data a referral hands to the receiver. Only what is declared leaves.
    DatasetSection {
        /// Names, birth, contacts (held by the vault).
        Identity,
        /// How to reach the person.
        Contacts,
        /// The housing situation.
        Housing,
        /// The needs and their levels.
        Needs,
        /// The goals of the project.
        Project,
        /// Household composition.
        Household,
        /// Health facts, by the person's agreement.
        Health,
        /// Work, training, pacts.
        Labour,
    }

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

    /// Professions of staff.
    Profession {
        /// Assistente sociale.
        SocialWorker,
        /// Educatore professionale.
        Educator,
        /// Psicologo.
        Psychologist,
        /// Tutor.
        Tutor,
        /// Operatore socio-sanitario.
        SocialHealthOperator,
        /// Mediatore interculturale.
        Mediator,
        /// Avvocato.
        Lawyer,
        /// Educatore finanziario.
        FinancialEducator,
        /// Amministrativo.
        Clerk,
        /// Medico.
        Physician,
        /// Infermiere.
        Nurse,
        /// Volontario.
        Volunteer,
        /// Another profession.
        Other,
    }

    /// How staff are employed. Only permanent staff count for the essential level.
    Contract {
        /// A tempo indeterminato.
        Permanent,
        /// A tempo determinato.
        FixedTerm,
        /// Collaboration or service contract.
        External,
        /// Unpaid.
        Voluntary,
    }

    /// In which role somebody acts (domain §6).
    Role {
        /// Segretariato sociale, front office, PUA desk.
        InfoDesk,
        /// Outreach unit.
        OutreachWorker,
        /// Emergency service.
        EmergencyWorker,
        /// Case manager or member of a case team.
        CaseManager,
        /// Operator of a housing facility.
        FacilityOperator,
        /// Volunteer of a store or canteen.
        Volunteer,
        /// Operator of a mental-health centre.
        CsmOperator,
        /// Operator of an addiction service.
        SerdOperator,
        /// Operator of the labour services.
        LabourOperator,
        /// Social service for minors.
        MinorsWorker,
        /// Hub lawyer, mediator, psychologist: sessions and referral dataset.
        HubProfessional,
        /// Registry office.
        RegistryClerk,
        /// Plan office.
        PlanOffice,
        /// Steering board, task force, region: aggregates only.
        SteeringBoard,
        /// Data protection officer or auditor.
        Auditor,
        /// Keeps the directory and the machine; no person's data.
        Administrator,
        /// Another system of an entitled body, reading the event feed.
        ExternalSystem,
        /// Health district: its desk of the PUA, its members of the UVM.
        HealthDistrictOperator,
        /// Mail desk of a hub.
        MailOperator,
        /// Guardian whom a court appointed: sees her own wards.
        Guardian,
        /// Juvenile court: the desk of its sealed log.
        CourtOperator,
    }

    /// For which purpose somebody acts or looks.
    Purpose {
        /// Help for this person.
        Care,
        /// An emergency.
        Emergency,
        /// Planning and monitoring.
        Planning,
        /// Control and audit.
        Audit,
        /// Running the platform.
        Administration,
    }

    /// Under which of a person's keys something lies in the vault: each can be erased alone.
    Segment {
        /// Who she is.
        Identity,
        /// Where and how she is reached, and the secret address.
        Address,
        /// Notes of access and of the social service.
        Base,
        /// Notes of housing.
        Housing,
        /// Notes of food services.
        Food,
        /// Notes of labour services.
        Labour,
        /// Notes of the mental-health centre.
        Csm,
        /// Notes of the addiction service.
        Serd,
        /// What concerns her as a minor, and the court's acts.
        Minors,
        /// Her status as a migrant: in no report; for the team in charge and the registry office
        /// that was asked, and for nobody else (D.lgs. 286/98 art. 35).
        Status,
    }

    /// A class of a person's data, as the role table of domain §6 tells them apart. Permission is
    /// decided for each class, and a reading is logged with the classes that were shown.
    Section {
        /// Names, birth, sex as registered, tax code and other identifiers.
        Identity,
        /// Telephone and e-mail.
        Contact,
        /// Where she lives or can be met.
        Address,
        /// An address that nobody may learn but its manager.
        SecretAddress,
        /// The name under which a unit knows her.
        Alias,
        /// Languages she speaks, and her appointments with a mediator.
        Language,
        /// What is open: requests, referrals waiting for an answer, without their reasons.
        Requests,
        /// That services met her and when, without what for.
        Path,
        /// What she needs.
        Needs,
        /// Alerts for her safety or that of others.
        Safety,
        /// Nights, stays, waits.
        Housing,
        /// Virtual residence and mail.
        Mail,
        /// Card, points, size of the household, allergens.
        Food,
        /// Skills, availability, status of the labour pact.
        Labour,
        /// The personal project and its goals.
        Project,
        /// Means, ISEE.
        Means,
        /// The social service's notes and assessments.
        Diary,
        /// Notes that their author kept for herself and her organisation.
        PrivateNotes,
        /// Health, outside the two services below.
        Health,
        /// The care plan and the multidimensional assessment.
        CarePlan,
        /// The mental-health centre's data.
        Csm,
        /// The addiction service's data.
        Addiction,
        /// What concerns her as a minor.
        Minors,
        /// Acts of courts.
        Court,
        /// Her status as a migrant.
        Status,
        /// Who reported.
        Reporter,
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

    /// Whether what the service does may not be shown to the network: it appears as an
    /// "external service" without type or name.
    pub fn is_confidential(self) -> bool {
        matches!(self, Self::AntiViolenceCentre | Self::SecretShelter) || self.is_sealed()
    }

    /// Whether the service keeps its people in a log of its own, under its own pseudonyms: nobody is
    /// sent there or from there by name. Source: DPR 309/90 art. 120, domain §3.1 and §6, ADR 19.
    pub fn is_sealed(self) -> bool {
        matches!(self, Self::Serd | Self::JuvenileCourt)
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

    #[test]
    fn what_is_sealed_is_confidential_and_no_other_type_is_either() {
        use strum::VariantArray;
        let all = || ServiceType::VARIANTS.iter().copied();
        let sealed: Vec<_> = all().filter(|kind| kind.is_sealed()).collect();
        assert_eq!(sealed, [ServiceType::Serd, ServiceType::JuvenileCourt]);
        assert!(sealed.iter().all(|kind| kind.is_confidential()));
        let masked: Vec<_> =
            all().filter(|kind| kind.is_confidential() && !kind.is_sealed()).collect();
        assert_eq!(masked, [ServiceType::SecretShelter, ServiceType::AntiViolenceCentre]);
    }

    #[test]
    fn a_needs_level_is_one_to_three() {
        assert!(serde_json::from_str::<NeedLevel>("3").is_ok());
        assert!(serde_json::from_str::<NeedLevel>("0").is_err());
        assert!(serde_json::from_str::<NeedLevel>("4").is_err());
    }
}
