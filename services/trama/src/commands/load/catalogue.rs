//! What `deploy/data/bari.toml` says, and the ids that follow from its slugs.

use serde::Deserialize;
use time::Date;
use trama_events::codes::{OrganisationKind, ServiceType};
use trama_events::housing::{HouseRules, UnitMode};
use trama_events::ids::{Ats, OrganisationId, PlaceId, ServiceId, UnitId};

/// The directory of the demo, as it stands in the checkout.
const NETWORK: &str = include_str!("../../../../../deploy/data/bari.toml");
/// Municipalities with populations.
const MUNICIPALITIES: &str = include_str!("../../../../../deploy/data/bari_comuni.csv");

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalogue {
    /// Where the clock stands while it is loaded.
    pub(crate) as_of: Date,
    /// Day of the populations.
    pub(crate) population_on: Date,
    /// Territories.
    pub(crate) ats: Vec<Territory>,
    /// What each territory has.
    pub(crate) everywhere: Vec<Everywhere>,
    /// Organisations beside those of the territories.
    pub(crate) organisation: Vec<Organisation>,
    /// Services beside those of the territories.
    pub(crate) service: Vec<Service>,
}

/// An ATS.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Territory {
    /// Its slug.
    pub(crate) slug: Ats,
    /// Its name.
    pub(crate) name: String,
    /// ISTAT code of its lead municipality.
    pub(crate) lead: String,
    /// Full-time equivalents of permanent social workers.
    pub(crate) social_workers: f64,
}

/// A service that every ATS has.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Everywhere {
    slug: String,
    name: String,
    #[serde(rename = "type")]
    kind: ServiceType,
    #[serde(default)]
    low_threshold: bool,
}

/// An organisation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organisation {
    /// Its slug.
    pub(crate) slug: String,
    /// Its public name.
    pub(crate) name: String,
    /// What kind of body.
    pub(crate) kind: OrganisationKind,
    /// Where it is at home.
    pub(crate) ats: Ats,
}

/// A service, with its places when it is housing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    /// Its slug.
    pub(crate) slug: String,
    /// Its public name.
    pub(crate) name: String,
    /// Slug of who runs it.
    pub(crate) organisation: String,
    /// What it does.
    #[serde(rename = "type")]
    pub(crate) kind: ServiceType,
    /// Its ATS.
    pub(crate) ats: Ats,
    /// ISTAT code.
    pub(crate) municipality: Option<String>,
    /// Whether it asks for nothing.
    #[serde(default)]
    pub(crate) low_threshold: bool,
    /// How many people at once.
    pub(crate) places: Option<u32>,
    /// Since when it works; the file's day unless told.
    pub(crate) since: Option<Date>,
    /// First night of its facility.
    pub(crate) opened_on: Option<Date>,
    /// House rules; those of its kind unless told.
    pub(crate) rules: Option<HouseRules>,
    /// From when to when it is open.
    pub(crate) season: Option<Season>,
    /// Flats, rooms, dormitories.
    #[serde(default)]
    pub(crate) units: Vec<Unit>,
}

/// First and last night.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Season {
    /// First night.
    pub(crate) from: Date,
    /// Last night.
    pub(crate) to: Date,
}

/// A flat, room or dormitory.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unit {
    /// Its slug inside the facility.
    pub(crate) slug: String,
    /// For whom.
    pub(crate) mode: UnitMode,
    /// How many places, numbered from 1.
    pub(crate) places: u16,
    /// Whether only the emergency service assigns them.
    #[serde(default)]
    pub(crate) pis_only: bool,
}

/// One line of the list of municipalities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Municipality {
    /// ISTAT code.
    pub(crate) istat_code: String,
    /// Its name.
    pub(crate) name: String,
    /// People.
    pub(crate) population: u32,
    /// Its ATS.
    pub(crate) ats: Ats,
}

impl Catalogue {
    /// Reads the file that comes with the program.
    ///
    /// # Errors
    ///
    /// When the file has a mistake.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let mut read: Self = toml::from_str(NETWORK)?;
        let leads = municipalities()?;
        let lead_name =
            |code: &str| leads.iter().find(|m| m.istat_code == code).map(|m| m.name.clone());
        for territory in &read.ats {
            let (slug, lead) = (&territory.slug, lead_name(&territory.lead).unwrap_or_default());
            anyhow::ensure!(!lead.is_empty(), "{} is no municipality of the list", territory.lead);
            read.organisation.push(Organisation {
                slug: format!("comune-{slug}"),
                name: format!("Comune di {lead}"),
                kind: OrganisationKind::Municipality,
                ats: slug.clone(),
            });
            read.organisation.push(Organisation {
                slug: format!("ats-{slug}"),
                name: format!("Ambito territoriale sociale di {}", territory.name),
                kind: OrganisationKind::Ats,
                ats: slug.clone(),
            });
            read.service.extend(read.everywhere.iter().map(|every| every.at(territory)));
        }
        Ok(read)
    }

    /// A service by its slug.
    pub(crate) fn service(&self, slug: &str) -> Option<&Service> {
        self.service.iter().find(|service| service.slug == slug)
    }
}

impl Everywhere {
    fn at(&self, territory: &Territory) -> Service {
        Service {
            slug: format!("{}-{}", self.slug, territory.slug),
            name: self.name.replace("{ats}", &territory.name),
            organisation: format!("comune-{}", territory.slug),
            kind: self.kind,
            ats: territory.slug.clone(),
            municipality: Some(territory.lead.clone()),
            low_threshold: self.low_threshold,
            places: None,
            since: None,
            opened_on: None,
            rules: None,
            season: None,
            units: Vec::new(),
        }
    }
}

/// Municipalities with populations and ATS.
///
/// # Errors
///
/// When a line has another form.
pub(crate) fn municipalities() -> anyhow::Result<Vec<Municipality>> {
    MUNICIPALITIES.lines().skip(1).filter(|line| !line.is_empty()).map(municipality).collect()
}

fn municipality(line: &str) -> anyhow::Result<Municipality> {
    let fields: Vec<&str> = line.split(',').collect();
    let &[code, name, _, population, ats, _] = fields.as_slice() else {
        anyhow::bail!("a municipality has six fields: {line}");
    };
    Ok(Municipality {
        istat_code: code.into(),
        name: name.into(),
        population: population.parse()?,
        ats: ats.to_lowercase().replace(' ', "-").parse()?,
    })
}

/// The id of an organisation of the file.
pub(crate) fn organisation_id(slug: &str) -> OrganisationId {
    OrganisationId::derived(&["directory", slug])
}

/// The id of a service of the file.
pub(crate) fn service_id(slug: &str) -> ServiceId {
    ServiceId::derived(&["directory", slug])
}

/// The id of a unit, e.g. `dormitorio-bari/dormitorio`.
pub(crate) fn unit_id(path: &str) -> UnitId {
    UnitId::derived(&["directory", path])
}

/// The id of a place, e.g. `dormitorio-bari/dormitorio/1`.
pub(crate) fn place_id(path: &str) -> PlaceId {
    PlaceId::derived(&["directory", path])
}
