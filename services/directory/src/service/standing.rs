//! How a service stands, as everybody may see it.

use serde::Serialize;
use time::Date;
use trama_events::codes::ServiceType;
use trama_events::directory::OpeningHours;
use trama_events::ids::SiteId;
use utoipa::ToSchema;

use super::{Service, SiteStage, Stage, rules};

/// How a service stands today.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Standing {
    /// `on_paper`, `active`, `suspended` or `closed`.
    pub stage: &'static str,
    /// Since which day, once it worked.
    pub since: Option<Date>,
    /// The last day on which somebody confirmed what is written.
    pub verified_on: Option<Date>,
    /// Whether that is too long ago: what is written may be wrong.
    pub stale: bool,
    /// How many people it can serve at once; never of a secret shelter.
    pub places: Option<u32>,
    /// When it is open in a week; empty when that is not known.
    pub hours: Vec<OpeningHours>,
    /// Its sites.
    pub sites: Vec<SiteStanding>,
}

/// How a site stands.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SiteStanding {
    /// The site.
    pub site: SiteId,
    /// Its municipality (ISTAT code).
    pub municipality: String,
    /// `planned`, `open` or `closed`.
    pub stage: &'static str,
    /// Since which day; of a planned site, when it should open.
    pub on: Option<Date>,
}

impl Service {
    /// How it stands, as everybody may see it.
    pub fn standing(&self, today: Date) -> Standing {
        let (stage, since) = match self.stage {
            Stage::OnPaper => ("on_paper", None),
            Stage::Active(on) => ("active", Some(on)),
            Stage::Suspended(on) => ("suspended", Some(on)),
            Stage::Closed(on) => ("closed", Some(on)),
        };
        let secret =
            self.registered().is_some_and(|r| r.service_type == ServiceType::SecretShelter);
        Standing {
            stage,
            since,
            verified_on: self.verified_on,
            stale: rules::is_stale(self.verified_on, today),
            places: self.places.filter(|_| !secret).map(|(places, _)| places),
            hours: self.hours.clone(),
            sites: self.sites_standing(),
        }
    }

    fn sites_standing(&self) -> Vec<SiteStanding> {
        let standing = |(id, site): (&SiteId, &super::Site)| {
            let (stage, on) = match site.stage {
                SiteStage::Planned(on) => ("planned", on),
                SiteStage::Open(on) => ("open", Some(on)),
                SiteStage::Closed(on) => ("closed", Some(on)),
            };
            SiteStanding { site: *id, municipality: site.municipality.clone(), stage, on }
        };
        self.sites.iter().map(standing).collect()
    }
}
