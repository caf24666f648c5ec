//! The directory (domain §3.6): public facts about bodies, services, staff and territory.
//!
//! Names of organisations and services are public facts; staff appear as ids only.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::Date;
use utoipa::ToSchema;

use crate::codes::{
    Contract, OrganisationKind, Profession, Purpose, Role, Section, ServiceType, codes,
};
use crate::fact::facts;
use crate::ids::{AgreementId, Ats, MembershipId, OrganisationId, ServiceId, SiteId, StaffId};

/// What happens to an organisation.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OrganisationEvent {
    /// It takes part in the network.
    OrganisationRegistered {
        /// The organisation.
        organisation: OrganisationId,
        /// Its public name, 1 to 200 characters.
        name: String,
        /// What kind of body it is.
        kind: OrganisationKind,
        /// Where it is at home.
        ats: Ats,
    },
    /// Its public name changed.
    OrganisationRenamed {
        /// The new name.
        name: String,
    },
}

facts!(OrganisationEvent, Directory, "organisation");

/// One opening time in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// 1 Monday to 7 Sunday.
    pub weekday: u8,
    /// Minutes after midnight in Rome, 0 to 1439.
    pub from_minute: u16,
    /// Minutes after midnight, 1 to 1440, later than `from_minute`.
    pub to_minute: u16,
}

/// What happens to a service and its sites.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ServiceEvent {
    /// A service exists on paper.
    ServiceRegistered {
        /// The service.
        service: ServiceId,
        /// Who runs it.
        organisation: OrganisationId,
        /// Its public name, 1 to 200 characters.
        name: String,
        /// What it does.
        service_type: ServiceType,
        /// Its ATS, or `metro`.
        ats: Ats,
        /// Its municipality (ISTAT code), unless it is secret or works everywhere.
        municipality: Option<String>,
        /// Whether it asks for no document, residence or commitment (R1).
        low_threshold: bool,
    },
    /// It works.
    ServiceActivated {
        /// Since which day.
        on: Date,
    },
    /// It pauses.
    ServiceSuspended {
        /// Since which day.
        on: Date,
    },
    /// It ended.
    ServiceClosed {
        /// Since which day.
        on: Date,
    },
    /// Somebody confirmed that what is written is right (R15).
    ServiceVerified {
        /// On which day.
        on: Date,
    },
    /// How many people it can serve at once.
    ServicePlacesSet {
        /// Places.
        places: u32,
        /// Since which day.
        on: Date,
    },
    /// Who answers for what is written in its name; a later naming replaces it. Her own
    /// memberships say whether she may act at all.
    ServiceResponsibleNamed {
        /// Who, as an id.
        staff: StaffId,
        /// Since which day.
        on: Date,
    },
    /// Nobody answers for it until somebody is named.
    ServiceResponsibleEnded {
        /// First day without.
        on: Date,
    },
    /// When it is open. An empty list: hours are not known.
    OpeningHoursChanged {
        /// All opening times of a week, at most 42.
        hours: Vec<OpeningHours>,
    },
    /// A site is planned.
    SitePlanned {
        /// The site.
        site: SiteId,
        /// Its municipality (ISTAT code).
        municipality: String,
        /// When it should open.
        planned_on: Option<Date>,
    },
    /// A site opened its door.
    SiteOpened {
        /// The site.
        site: SiteId,
        /// Its municipality (ISTAT code).
        municipality: String,
        /// Since which day.
        on: Date,
    },
    /// A site closed.
    SiteClosed {
        /// The site.
        site: SiteId,
        /// Since which day.
        on: Date,
    },
}

facts!(ServiceEvent, Directory, "service");

/// What happens to a worker's post.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StaffEvent {
    /// Somebody started to work.
    StaffHired {
        /// Who, as an id.
        staff: StaffId,
        /// For whom.
        organisation: OrganisationId,
        /// Profession.
        profession: Profession,
        /// Full-time equivalent in hundredths, 1 to 100.
        fte_hundredths: u16,
        /// How employed.
        contract: Contract,
        /// Where the post counts.
        ats: Ats,
        /// Since which day.
        on: Date,
    },
    /// Somebody stopped.
    StaffEnded {
        /// First day without.
        on: Date,
    },
    /// With which account she signs in; a later one replaces it.
    AccountBound {
        /// SHA-256 of issuer, a zero byte and subject, in hexadecimal.
        account: String,
    },
    /// She acts in a role, for services of her organisation.
    MembershipGranted {
        /// The membership.
        membership: MembershipId,
        /// In which role.
        role: Role,
        /// On whose behalf.
        ats: Ats,
        /// For which services, at most 64; none for roles that act for the whole body.
        services: Vec<ServiceId>,
        /// Since which day.
        on: Date,
    },
    /// She does not act in it any more.
    MembershipEnded {
        /// The membership.
        membership: MembershipId,
        /// First day without.
        on: Date,
    },
    /// She is away; whoever covers has her active relations meanwhile.
    LeaveStarted {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
        /// Who covers, when somebody does.
        cover: Option<StaffId>,
    },
    /// She is back before the last day.
    LeaveEnded {
        /// First day back.
        on: Date,
    },
    /// She may open nothing until it is restored.
    AccessSuspended {
        /// Why.
        reason: AccessSuspensionReason,
    },
    /// She may again.
    AccessRestored {},
}

facts!(StaffEvent, Directory, "staff_member");

/// What is known of a municipality. Each belongs to exactly one ATS.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MunicipalityEvent {
    /// A municipality belongs to an ATS.
    MunicipalityAssigned {
        /// ISTAT code, six digits.
        istat_code: String,
        /// Its name.
        name: String,
        /// The ATS; a later assignment moves it.
        ats: Ats,
    },
    /// Its population was published.
    PopulationUpdated {
        /// ISTAT code, six digits.
        istat_code: String,
        /// People.
        population: u32,
        /// As of which day.
        on: Date,
    },
}

facts!(MunicipalityEvent, Directory, "municipality");

codes! {
    /// Why somebody's access is suspended.
    AccessSuspensionReason {
        /// A device or a password was lost.
        LostCredential,
        /// Her readings are under inquiry.
        Inquiry,
        /// Asked by her organisation.
        OrganisationAsked,
    }
}

/// What happens to an agreement between bodies: data, not policy.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AgreementEvent {
    /// Bodies agreed what one may see of the people whom both have in care.
    AgreementSigned {
        /// The agreement.
        agreement: AgreementId,
        /// Who shows.
        holder: OrganisationId,
        /// Who may see, at least one, at most 64.
        readers: Vec<OrganisationId>,
        /// Which sections, at least one, each once.
        sections: Vec<Section>,
        /// For which purpose.
        purpose: Purpose,
        /// First day.
        from: Date,
        /// Last day, when it ends by itself.
        until: Option<Date>,
    },
    /// It ended before its last day.
    AgreementEnded {
        /// First day without.
        on: Date,
    },
}

facts!(AgreementEvent, Directory, "agreement");
