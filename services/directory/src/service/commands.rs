use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::ServiceType;
use trama_events::directory::OpeningHours;
use trama_events::ids::{Ats, OrganisationId, ServiceId, SiteId, StaffId};

/// What can be asked of a service. `today` is the day in Rome; `on` is that day or an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub enum ServiceCommand {
    /// Write it down.
    Register {
        /// What is written.
        registration: Registration,
        /// Whether the organisation is registered.
        organisation_known: bool,
    },
    /// It begins to work, or works again.
    Activate {
        /// Since which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// It pauses.
    Suspend {
        /// Since which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// It ends, and its open sites with it.
    Close {
        /// Since which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// Somebody confirms that what is written is right.
    Verify {
        /// On which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// Say how many people it can serve at once.
    SetPlaces {
        /// Places, 0 to 10,000.
        places: u32,
        /// Since which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// Name who answers for what is written in its name; she replaces who did.
    NameResponsible {
        /// Who.
        staff: StaffId,
        /// Whether she works now and acts for this service.
        fits: bool,
        /// Since which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// Nobody answers for it until somebody is named.
    EndResponsible {
        /// First day without.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// Say when it is open.
    ChangeHours {
        /// All opening times of a week, at most 42; empty when they are not known.
        hours: Vec<OpeningHours>,
    },
    /// Plan a site, or move its day.
    PlanSite {
        /// The site.
        site: SiteId,
        /// Its municipality (ISTAT code).
        municipality: String,
        /// When it should open, when known.
        planned_on: Option<Date>,
    },
    /// A site opens its door.
    OpenSite {
        /// The site.
        site: SiteId,
        /// Its municipality (ISTAT code), the same as planned.
        municipality: String,
        /// Since which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
    /// A site closes.
    CloseSite {
        /// The site.
        site: SiteId,
        /// Since which day.
        on: Date,
        /// The day in Rome.
        today: Date,
    },
}

/// What is written when a service enters the directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Registration {
    /// The service.
    pub service: ServiceId,
    /// Who runs it.
    pub organisation: OrganisationId,
    /// Its public name, 1 to 200 characters.
    pub name: String,
    /// What it does.
    pub service_type: ServiceType,
    /// Its ATS, or `metro`.
    pub ats: Ats,
    /// Its municipality (ISTAT code), unless it works everywhere; never for a secret shelter.
    pub municipality: Option<String>,
    /// Whether it asks for no document, residence or commitment.
    pub low_threshold: bool,
}
