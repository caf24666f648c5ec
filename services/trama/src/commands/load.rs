//! `trama load`: the directory of the Città Metropolitana di Bari, through the doors, as anyone
//! with an administrator's token could bring it. A second run changes nothing.

pub(crate) mod catalogue;

use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::{Value, json};
use time::macros::time;
use time::{Date, Time};
use trama_events::codes::{Contract, Profession, Role};
use trama_events::ids::{StaffId, derive_uuid};
use trama_events::rome;

use crate::cli::{Ending, Target, line};
use crate::client::{Actor, Client};
use catalogue::{Catalogue, Service, Unit, organisation_id, place_id, service_id, unit_id};

/// Where to load.
#[derive(Debug, Clone, clap::Args)]
pub struct LoadArgs {
    /// The data directory of the installation; `.trama/demo` unless told.
    #[arg(long)]
    pub dir: Option<PathBuf>,
}

/// What came of loading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Commands sent.
    pub commands: usize,
    /// Events that were not there before.
    pub events: i64,
}

/// Loads, and says what was new.
///
/// # Errors
///
/// When nothing runs in the directory, or a door refuses.
pub async fn load(args: LoadArgs) -> anyhow::Result<Ending> {
    let client = Client::open(&Target { dir: args.dir, config: None })?;
    let Loaded { commands, events } = into(&client).await?;
    line(&format!("{commands} commands, {events} new events"))?;
    Ok(Ending::Ok)
}

/// Loads the directory; the clock stands at the file's day meanwhile.
///
/// # Errors
///
/// When a door refuses.
pub async fn into(client: &Client) -> anyhow::Result<Loaded> {
    let catalogue = Catalogue::read()?;
    let steps = steps(&catalogue)?;
    let before = client.events().await?;
    let commands = steps.len();
    let mut today = None;
    let mut written_down = false;
    for step in steps {
        let housing = step.path.starts_with("/api/housing");
        if housing && written_down {
            client.settle().await?;
        }
        written_down = !housing;
        if today != Some(step.on) {
            client.set_clock(Some(rome::at(step.on, NOON))).await?;
            today = Some(step.on);
        }
        let key = format!("load-{}", derive_uuid("load", &[&step.path, &step.body.to_string()]));
        let answer = client.post(&step.who, &step.path, &key, &step.body).await?;
        anyhow::ensure!(answer.is_done(), "{} {}: {}", step.path, step.body, answer.words());
    }
    client.set_clock(None).await?;
    client.settle().await.context("the directory was loaded, but not all models have it")?;
    Ok(Loaded { commands, events: client.events().await? - before })
}

const NOON: Time = time!(12:00);

struct Step {
    on: Date,
    who: Actor,
    path: String,
    body: Value,
}

/// Everything in the order of time: what begins later is said later.
fn steps(catalogue: &Catalogue) -> anyhow::Result<Vec<Step>> {
    let mut steps = Vec::new();
    territories(catalogue, &mut steps)?;
    for organisation in &catalogue.organisation {
        let body = json!({
            "organisation": organisation_id(&organisation.slug), "name": organisation.name,
            "kind": organisation.kind, "ats": organisation.ats,
        });
        steps.push(administration(catalogue.as_of, "/api/directory/organisations".into(), body)?);
    }
    for service in &catalogue.service {
        write_down(catalogue, service, &mut steps)?;
        facility(catalogue, service, &mut steps);
    }
    for territory in &catalogue.ats {
        social_workers(catalogue, territory, &mut steps)?;
    }
    steps.sort_by_key(|step| (step.on, step.path.starts_with("/api/housing")));
    Ok(steps)
}

fn territories(catalogue: &Catalogue, steps: &mut Vec<Step>) -> anyhow::Result<()> {
    for found in catalogue::municipalities()? {
        let code = &found.istat_code;
        let body = json!({ "istat_code": code, "name": found.name, "ats": found.ats });
        steps.push(administration(catalogue.as_of, "/api/directory/municipalities".into(), body)?);
        let body = json!({ "population": found.population, "on": catalogue.population_on });
        let path = format!("/api/directory/municipalities/{code}/population");
        steps.push(administration(catalogue.as_of, path, body)?);
    }
    Ok(())
}

fn write_down(catalogue: &Catalogue, service: &Service, steps: &mut Vec<Step>) -> anyhow::Result<()> {
    let since = service.since.unwrap_or(catalogue.as_of);
    let (id, path) = (service_id(&service.slug), "/api/directory/services");
    let body = json!({
        "service": id, "organisation": organisation_id(&service.organisation), "name": service.name,
        "service_type": service.kind, "ats": service.ats, "municipality": service.municipality,
        "low_threshold": service.low_threshold,
    });
    steps.push(administration(since, path.into(), body)?);
    steps.push(administration(since, format!("{path}/{id}/activate"), json!({ "on": since }))?);
    if let Some(places) = service.places {
        let body = json!({ "places": places, "on": since });
        steps.push(administration(since, format!("{path}/{id}/places"), body)?);
    }
    Ok(())
}

fn facility(catalogue: &Catalogue, service: &Service, steps: &mut Vec<Step>) {
    let Some(opened_on) = service.opened_on else { return };
    let (id, slug) = (service_id(&service.slug), &service.slug);
    let on = service.since.unwrap_or(catalogue.as_of);
    let who = operator(service);
    let mut push = |path: String, body| steps.push(Step { on, who: who.clone(), path, body });
    let opening = json!({
        "facility": id, "kind": service.kind, "opened_on": opened_on, "rules": service.rules,
    });
    push("/api/housing/facilities".into(), opening);
    for unit in &service.units {
        let body = json!({ "unit": unit_id(&format!("{slug}/{}", unit.slug)), "mode": unit.mode });
        push(format!("/api/housing/facilities/{id}/units"), body);
        push(format!("/api/housing/facilities/{id}/capacity"), capacity(slug, unit, opened_on));
    }
    if let Some(season) = service.season {
        push(format!("/api/housing/facilities/{id}/season"), json!({ "from": season.from, "to": season.to }));
    }
}

fn capacity(slug: &str, unit: &Unit, opened_on: Date) -> Value {
    let path = format!("{slug}/{}", unit.slug);
    let added: Vec<_> = (1..=unit.places).map(|number| place_id(&format!("{path}/{number}"))).collect();
    json!({
        "unit": unit_id(&path), "added": added, "removed": [], "valid_from": opened_on,
        "reason": "opening", "pis_only": unit.pis_only,
    })
}

/// Full posts, and one for the rest.
fn social_workers(
    catalogue: &Catalogue,
    territory: &catalogue::Territory,
    steps: &mut Vec<Step>,
) -> anyhow::Result<()> {
    let slug = &territory.slug;
    let mut left = hundredths(territory.social_workers);
    let mut number = 1;
    while left > 0 {
        let fte = left.min(100);
        let body = json!({
            "staff": StaffId::derived(&["directory", slug.as_str(), &number.to_string()]),
            "organisation": organisation_id(&format!("comune-{slug}")), "ats": slug,
            "profession": Profession::SocialWorker, "contract": Contract::Permanent,
            "fte_hundredths": fte, "on": catalogue.as_of,
        });
        steps.push(administration(catalogue.as_of, "/api/directory/staff".into(), body)?);
        left -= fte;
        number += 1;
    }
    Ok(())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred at most")]
fn hundredths(posts: f64) -> u16 {
    (posts.clamp(0.0, 600.0) * 100.0).round() as u16
}

/// The directory is kept by the administrator of the metropolitan city.
fn administration(on: Date, path: String, body: Value) -> anyhow::Result<Step> {
    let who = Actor {
        staff: StaffId::derived(&["load", "administrator"]),
        organisation: organisation_id("citta-metropolitana-bari"),
        ats: "metro".parse()?,
        role: Role::Administrator,
        services: Vec::new(),
    };
    Ok(Step { on, who, path, body })
}

/// Places are written down by who runs the facility.
fn operator(service: &Service) -> Actor {
    Actor {
        staff: StaffId::derived(&["load", &service.slug]),
        organisation: organisation_id(&service.organisation),
        ats: service.ats.clone(),
        role: Role::FacilityOperator,
        services: vec![service_id(&service.slug)],
    }
}
