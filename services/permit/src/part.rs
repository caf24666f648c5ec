//! The part that somebody plays towards people: a row of the role table of domain §6.

use strum::{Display, EnumString, IntoStaticStr, VariantArray};
use trama_events::codes::{Profession, Role};

/// A row of the role table of domain §6. Policies speak of parts; doors speak of roles.
///
/// "The person" has no part yet: she does not sign in.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Part {
    /// Segretariato.
    SocialDesk,
    /// Outreach, PIS.
    StreetUnit,
    /// Case manager, team.
    CaseTeam,
    /// Facility operator.
    FacilityOperator,
    /// Mail desk.
    MailDesk,
    /// ETS volunteer in a store or canteen.
    Volunteer,
    /// CSM.
    MentalHealth,
    /// `SerD`.
    AddictionService,
    /// CPI, ARPAL, CFP.
    LabourService,
    /// Minors' service.
    MinorsService,
    /// Hub lawyer.
    Lawyer,
    /// Cultural mediator.
    Mediator,
    /// Psychologist.
    Psychologist,
    /// Professional of a hub whose profession is not known: the nevers of all three.
    HubProfessional,
    /// Registry office.
    RegistryOffice,
    /// Health district (PUA, UVM).
    HealthDistrict,
    /// ADE educator.
    HomeEducator,
    /// Care-leaver tutor.
    CareLeaverTutor,
    /// Guardian.
    Guardian,
    /// Ufficio di Piano.
    PlanOffice,
    /// Cabina di regia, task force, region.
    SteeringBoard,
    /// DPO, auditor.
    Auditor,
    /// Keeps the directory and the machine.
    Administrator,
    /// Another system of an entitled body.
    OtherSystem,
    /// Juvenile court: no row of the table, because it sees nothing outside its own sealed log.
    JuvenileCourt,
}

impl Part {
    /// The code as it stands in the policies.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The part of a worker in a role, with the profession under which she was hired, where it is
    /// known. It tells apart whom one role holds together: the professionals of a hub, and
    /// educators and tutors among those who work with minors.
    pub fn of(role: Role, profession: Option<Profession>) -> Self {
        match role {
            Role::InfoDesk => Self::SocialDesk,
            Role::OutreachWorker | Role::EmergencyWorker => Self::StreetUnit,
            Role::CaseManager => Self::CaseTeam,
            Role::FacilityOperator => Self::FacilityOperator,
            Role::Volunteer => Self::Volunteer,
            Role::CsmOperator => Self::MentalHealth,
            Role::SerdOperator => Self::AddictionService,
            Role::LabourOperator => Self::LabourService,
            Role::MinorsWorker => with_minors(profession),
            Role::HubProfessional => in_hub(profession),
            Role::RegistryClerk => Self::RegistryOffice,
            Role::PlanOffice => Self::PlanOffice,
            Role::SteeringBoard => Self::SteeringBoard,
            Role::Auditor => Self::Auditor,
            Role::Administrator => Self::Administrator,
            Role::ExternalSystem => Self::OtherSystem,
            Role::HealthDistrictOperator => Self::HealthDistrict,
            Role::MailOperator => Self::MailDesk,
            Role::Guardian => Self::Guardian,
            Role::CourtOperator => Self::JuvenileCourt,
        }
    }
}

fn with_minors(profession: Option<Profession>) -> Part {
    if profession == Some(Profession::Educator) {
        Part::HomeEducator
    } else if profession == Some(Profession::Tutor) {
        Part::CareLeaverTutor
    } else {
        Part::MinorsService
    }
}

fn in_hub(profession: Option<Profession>) -> Part {
    if profession == Some(Profession::Lawyer) {
        Part::Lawyer
    } else if profession == Some(Profession::Mediator) {
        Part::Mediator
    } else if profession == Some(Profession::Psychologist) {
        Part::Psychologist
    } else {
        Part::HubProfessional
    }
}
