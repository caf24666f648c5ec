//! `trama load`: the directory of the Città Metropolitana di Bari, through the doors, as anyone
//! with an administrator's token could bring it. A second run changes nothing.

pub(crate) mod catalogue;
mod staff;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Context as _;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use time::macros::time;
use time::{Date, Time};
use trama_events::codes::{Contract, Profession, Role};
use trama_events::ids::{StaffId, derive_uuid};
use trama_events::rome;

use crate::cli::{Ending, Target, line};
use crate::client::{Actor, Client};
use crate::commands::demo::users::users;
pub use staff::{enrol, found, founder};

use catalogue::{
    Catalogue, Organisation, Service, Unit, organisation_id, place_id, service_id, unit_id,
};

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
    client.set_clock(Some(rome::at(catalogue.as_of, NOON))).await?;
    let first = administrator()?;
    let own = |body: &&Organisation| organisation_id(&body.slug) == first.organisation;
    let body = catalogue.organisation.iter().find(own).context("the administrator has no body")?;
    found(client, &first, &registration(body), catalogue.as_of).await?;
    for together in steps.chunk_by(|one, next| (one.on, one.phase) == (next.on, next.phase)) {
        let Some(first) = together.first() else { continue };
        client.set_clock(Some(rome::at(first.on, NOON))).await?;
        if first.phase == Phase::Housing {
            client.settle().await?;
            staff::let_in(client, together.iter().map(|step| &step.who)).await?;
        }
        let chains = together.chunk_by(|one, next| one.about == next.about);
        let sent = stream::iter(chains.map(|chain| send(client, chain)));
        sent.buffer_unordered(IN_FLIGHT).try_collect::<()>().await?;
    }
    client.set_clock(None).await?;
    client.settle().await.context("the directory was loaded, but not all models have it")?;
    Ok(Loaded { commands, events: client.events().await? - before })
}

/// Where the clock stands on a day.
const NOON: Time = time!(12:00);
/// Chains of commands under way at one time.
const IN_FLIGHT: usize = 8;

/// What must be there before the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Bodies,
    Services,
    Staff,
    Responsibles,
    Housing,
}

struct Step {
    on: Date,
    phase: Phase,
    /// Steps about one thing follow each other.
    about: String,
    who: Actor,
    path: String,
    body: Value,
}

async fn send(client: &Client, chain: &[Step]) -> anyhow::Result<()> {
    for Step { who, path, body, .. } in chain {
        post(client, who, path, body).await?;
    }
    Ok(())
}

/// Under a key that follows from what is asked: asked again, it is a repeat.
async fn post(client: &Client, who: &Actor, path: &str, body: &Value) -> anyhow::Result<()> {
    let key = format!("load-{}", derive_uuid("load", &[path, &body.to_string()]));
    let answer = client.post(who, path, &key, body).await?;
    anyhow::ensure!(answer.is_done(), "{path} {body}: {}", answer.words());
    Ok(())
}

/// Everything in the order of time: what begins later is said later.
fn steps(catalogue: &Catalogue) -> anyhow::Result<Vec<Step>> {
    let mut steps = Vec::new();
    territories(catalogue, &mut steps)?;
    for organisation in &catalogue.organisation {
        let path = "/api/directory/organisations".into();
        let body = registration(organisation);
        steps.push(administration(catalogue.as_of, &organisation.slug, path, body)?);
    }
    for service in &catalogue.service {
        write_down(catalogue, service, &mut steps)?;
        facility(catalogue, service, &mut steps);
    }
    for territory in &catalogue.ats {
        social_workers(catalogue, territory, &mut steps)?;
    }
    let staffed = staffed(catalogue)?;
    colleagues(&staffed, &mut steps)?;
    responsibles(&staffed, &mut steps)?;
    steps.sort_by(|one, other| {
        (one.on, one.phase, &one.about).cmp(&(other.on, other.phase, &other.about))
    });
    Ok(steps)
}

fn registration(organisation: &Organisation) -> Value {
    json!({
        "organisation": organisation_id(&organisation.slug), "name": organisation.name,
        "kind": organisation.kind, "ats": organisation.ats,
    })
}

fn territories(catalogue: &Catalogue, steps: &mut Vec<Step>) -> anyhow::Result<()> {
    for found in catalogue::municipalities()? {
        let code = &found.istat_code;
        let body = json!({ "istat_code": code, "name": found.name, "ats": found.ats });
        let path = "/api/directory/municipalities".into();
        steps.push(administration(catalogue.as_of, code, path, body)?);
        let body = json!({ "population": found.population, "on": catalogue.population_on });
        let path = format!("/api/directory/municipalities/{code}/population");
        steps.push(administration(catalogue.as_of, code, path, body)?);
    }
    Ok(())
}

fn write_down(
    catalogue: &Catalogue,
    service: &Service,
    steps: &mut Vec<Step>,
) -> anyhow::Result<()> {
    let since = service.since.unwrap_or(catalogue.as_of);
    let (id, path) = (service_id(&service.slug), "/api/directory/services");
    let service_step = |path, body| {
        let step = administration(since, &service.slug, path, body)?;
        anyhow::Ok(Step { phase: Phase::Services, ..step })
    };
    let body = json!({
        "service": id, "organisation": organisation_id(&service.organisation), "name": service.name,
        "service_type": service.kind, "ats": service.ats, "municipality": service.municipality,
        "low_threshold": service.low_threshold,
    });
    steps.push(service_step(path.into(), body)?);
    steps.push(service_step(format!("{path}/{id}/activate"), json!({ "on": since }))?);
    if let Some(places) = service.places {
        let body = json!({ "places": places, "on": since });
        steps.push(service_step(format!("{path}/{id}/places"), body)?);
    }
    Ok(())
}

fn facility(catalogue: &Catalogue, service: &Service, steps: &mut Vec<Step>) {
    let Some(opened_on) = service.opened_on else { return };
    let (id, slug) = (service_id(&service.slug), &service.slug);
    let on = service.since.unwrap_or(catalogue.as_of);
    let who = operator(service);
    let mut push = |path: String, body| {
        let (phase, about, who) = (Phase::Housing, slug.clone(), who.clone());
        steps.push(Step { on, phase, about, who, path, body });
    };
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
        push(
            format!("/api/housing/facilities/{id}/season"),
            json!({ "from": season.from, "to": season.to }),
        );
    }
}

fn capacity(slug: &str, unit: &Unit, opened_on: Date) -> Value {
    let path = format!("{slug}/{}", unit.slug);
    let added: Vec<_> =
        (1..=unit.places).map(|number| place_id(&format!("{path}/{number}"))).collect();
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
        let staff = StaffId::derived(&["directory", slug.as_str(), &number.to_string()]);
        let body = json!({
            "staff": staff,
            "organisation": organisation_id(&format!("comune-{slug}")), "ats": slug,
            "profession": Profession::SocialWorker, "contract": Contract::Permanent,
            "fte_hundredths": fte, "on": catalogue.as_of,
        });
        let path = "/api/directory/staff".into();
        let step = administration(catalogue.as_of, &staff.to_string(), path, body)?;
        steps.push(Step { phase: Phase::Services, ..step });
        left -= fte;
        number += 1;
    }
    Ok(())
}

/// Somebody who acts for services, by their slugs, and since when all of these are there.
struct Staffed {
    who: Actor,
    services: Vec<String>,
    on: Date,
}

/// Who signs in here, and who writes down the places of each house.
fn staffed(catalogue: &Catalogue) -> anyhow::Result<Vec<Staffed>> {
    let houses = catalogue.service.iter().filter(|service| service.opened_on.is_some());
    let operators = houses.map(|service| (operator(service), vec![service.slug.clone()]));
    let users = users()?.into_iter().map(|user| (user.actor(), user.services));
    let all = users.chain(operators).map(|(who, services)| {
        let begun = services.iter().filter_map(|slug| catalogue.service(slug)?.since);
        let on = begun.fold(catalogue.as_of, Date::max);
        Staffed { who, services, on }
    });
    Ok(all.collect())
}

/// They are hired when all of their services are there.
fn colleagues(staffed: &[Staffed], steps: &mut Vec<Step>) -> anyhow::Result<()> {
    for Staffed { who, on, .. } in staffed {
        let about = who.staff.to_string();
        for (path, body) in staff::enrolment(who, *on) {
            let step = administration(*on, &about, path, body)?;
            steps.push(Step { phase: Phase::Staff, ..step });
        }
    }
    Ok(())
}

/// The first who acts for a service answers for it.
fn responsibles(staffed: &[Staffed], steps: &mut Vec<Step>) -> anyhow::Result<()> {
    let mut named = BTreeSet::new();
    for Staffed { who, services, on } in staffed {
        for slug in services {
            if named.insert(slug) {
                let path = format!("/api/directory/services/{}/responsible", service_id(slug));
                let body = json!({ "staff": who.staff, "on": on });
                let step = administration(*on, slug, path, body)?;
                steps.push(Step { phase: Phase::Responsibles, ..step });
            }
        }
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few hundred at most"
)]
fn hundredths(posts: f64) -> u16 {
    (posts.clamp(0.0, 600.0) * 100.0).round() as u16
}

/// The directory is kept by the administrator of the metropolitan city.
fn administration(on: Date, about: &str, path: String, body: Value) -> anyhow::Result<Step> {
    let who = administrator()?;
    Ok(Step { on, phase: Phase::Bodies, about: about.to_owned(), who, path, body })
}

fn administrator() -> anyhow::Result<Actor> {
    Ok(Actor {
        staff: StaffId::derived(&["load", "administrator"]),
        organisation: organisation_id("citta-metropolitana-bari"),
        ats: "metro".parse()?,
        role: Role::Administrator,
        services: Vec::new(),
    })
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
