//! Whether the time of an answer tells that somebody is there: a person who exists and is closed to
//! whoever asks, beside one who does not exist. Both get the same bytes; this measures whether they
//! get them in the same time (trust.md §2 threat 4, §8).

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use trama_events::codes::Role;
use trama_events::ids::{PersonId, ServiceId};
use trama_platform::clock::random_id;

use super::effect::{Effect, Z_MAX};
use super::measure::rounded;
use super::place::{Place, SETTLED_ON, done, opens, organisation, worker};
use crate::cli::{Ending, Target, lines};
use crate::client::{Actor, Client};
use crate::commands::load;

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct TimingArgs {
    /// Pairs of questions at each door.
    #[arg(long, default_value_t = 10_000)]
    pairs: usize,
    /// The same seed asks in the same order.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Answer in JSON, one line a result (the only form there is).
    #[arg(long)]
    json: bool,
}

/// Cliff's delta that no door may reach. At 0.05 a guess from one answer is right 52.5 times in a
/// hundred, and to be sure of it at one in twenty takes some 700 refused questions about one person,
/// each of which stands in the access log. What is called a small effect begins at 0.147.
const DELTA_MAX: f64 = 0.05;
/// The control: so much is added to one of the two, and must be seen.
const DELAY: Duration = Duration::from_micros(200);
/// People who exist, and ids that nobody has.
const PEOPLE: u32 = 64;
/// Questions before any is measured, so that caches and connections are as they stay.
const WARM_UP: usize = 500;
/// The doors that name a person.
const DOORS: [&str; 3] =
    ["/api/projections/journeys/", "/api/vault/persons/", "/api/intake/persons/"];

/// Measures on an installation in a directory that is gone afterwards.
pub(super) async fn timing(args: TimingArgs) -> anyhow::Result<Ending> {
    let dir = std::env::temp_dir().join(format!("trama-bench-{}", random_id().simple()));
    let mut place = Place::start(&dir).await?;
    let measured = measure(&args, &dir).await;
    place.stop()?;
    std::fs::remove_dir_all(&dir)?;
    measured
}

async fn measure(args: &TimingArgs, dir: &Path) -> anyhow::Result<Ending> {
    let scene = Scene::prepare(dir, args.seed).await?;
    let mut within = true;
    for door in DOORS {
        let pairs = scene.pairs(door, args, Duration::ZERO).await?;
        within &= report("timing", door, &pairs, |effect| effect.delta.abs() < DELTA_MAX)?;
    }
    let control = scene.pairs(DOORS[0], args, DELAY).await?;
    let seen = report("timing_control", DOORS[0], &control, |effect| effect.delta >= DELTA_MAX)?;
    Ok(if within && seen { Ending::Ok } else { Ending::Integrity })
}

/// Times in microseconds.
#[derive(Default)]
struct Pairs {
    there: Vec<f64>,
    nobody: Vec<f64>,
}

fn report(
    bench: &str,
    door: &str,
    pairs: &Pairs,
    holds: impl Fn(&Effect) -> bool,
) -> anyhow::Result<bool> {
    let effect = Effect::between(&pairs.there, &pairs.nobody);
    let (there, nobody) = (middle(&pairs.there), middle(&pairs.nobody));
    let holds = holds(&effect);
    lines(&json!({
        "version": 1,
        "bench": bench,
        "door": format!("{door}{{person}}"),
        "pairs": pairs.there.len(),
        "there_p50_us": rounded(there),
        "nobody_p50_us": rounded(nobody),
        "difference_p50_us": rounded(there - nobody),
        "cliffs_delta": (effect.delta * 10_000.0).round() / 10_000.0,
        "delta_max": DELTA_MAX,
        "z": rounded(effect.z),
        "told_apart_at_p_0_001": effect.z.abs() > Z_MAX,
        "holds": holds,
    }))?;
    Ok(holds)
}

fn middle(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

struct Scene {
    client: Client,
    http: reqwest::Client,
    /// A social worker of another body: her role may ask, and nobody told her of anyone.
    stranger: Actor,
    there: Vec<PersonId>,
    nobody: Vec<PersonId>,
}

impl Scene {
    async fn prepare(dir: &Path, seed: u64) -> anyhow::Result<Self> {
        let client = Client::open(&Target { dir: Some(dir.to_owned()), config: None })?;
        let mine = ServiceId::derived(&["timing", "theirs"]);
        let desk = ServiceId::derived(&["timing", "desk"]);
        let keeper = worker("keeper", Role::Administrator, "city", &[])?;
        let clerk = worker("clerk", Role::InfoDesk, "city", &[desk])?;
        let stranger = worker("stranger", Role::CaseManager, "other", &[mine])?;
        let city = organisation(keeper.organisation);
        load::found(&client, &keeper, &city, SETTLED_ON).await?;
        for body in [city, organisation(stranger.organisation)] {
            done(&client, &keeper, "/api/directory/organisations", &body).await?;
        }
        for (service, of) in [(desk, &clerk), (mine, &stranger)] {
            opens(&client, &keeper, service, of.organisation).await?;
        }
        load::enrol(&client, &keeper, &[clerk.clone(), stranger.clone()], SETTLED_ON).await?;
        let mut dice = SmallRng::seed_from_u64(seed);
        let mut there = Vec::new();
        for number in 0..PEOPLE {
            there.push(is_met(&client, &clerk, desk, number).await?);
        }
        client.settle().await?;
        let drawn = |_| PersonId(uuid::Builder::from_random_bytes(dice.random()).into_uuid());
        let nobody = (0..PEOPLE).map(drawn).collect();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build()?;
        Ok(Self { client, http, stranger, there, nobody })
    }

    /// Pairs in an order that the seed draws, one question at a time on one connection. `delay` is
    /// added to the time of whoever is there.
    async fn pairs(&self, door: &str, args: &TimingArgs, delay: Duration) -> anyhow::Result<Pairs> {
        let mut dice = SmallRng::seed_from_u64(args.seed);
        let mut pairs = Pairs::default();
        let token = self.client.bearer(&self.stranger)?;
        for number in 0..WARM_UP + args.pairs {
            let at = dice.random_range(0..self.there.len());
            let (there, nobody) = (self.there[at], self.nobody[at]);
            let first: bool = dice.random();
            let mut times = [0.0; 2];
            for is_there in [first, !first] {
                let (person, delay) =
                    if is_there { (there, delay) } else { (nobody, Duration::ZERO) };
                times[usize::from(is_there)] =
                    self.time(&format!("{door}{person}"), &token, delay).await?;
            }
            if number >= WARM_UP {
                pairs.nobody.push(times[0]);
                pairs.there.push(times[1]);
            }
        }
        Ok(pairs)
    }

    async fn time(&self, path: &str, token: &str, delay: Duration) -> anyhow::Result<f64> {
        let url = format!("{}{path}", self.client.base());
        let request = self.http.get(url).bearer_auth(token).header("purpose", "care").build()?;
        let begun = Instant::now();
        let answer = self.http.execute(request).await?;
        let status = answer.status().as_u16();
        let body = answer.bytes().await?;
        // A timer is too coarse for so short a wait.
        let until = Instant::now() + delay;
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        let micros = begun.elapsed().as_secs_f64() * 1_000_000.0;
        anyhow::ensure!(status == 404, "{path} is not closed to her: {status} {body:?}");
        Ok(micros)
    }
}

/// A person with a name, a number and a contact.
async fn is_met(
    client: &Client,
    clerk: &Actor,
    desk: ServiceId,
    number: u32,
) -> anyhow::Result<PersonId> {
    let body = json!({ "service": desk, "status": "declared", "birth_year": 1970 });
    let registered = done(client, clerk, "/api/intake/persons", &body).await?;
    let person = registered["id"].as_str().context("a person has an id")?.to_owned();
    let facts = [
        ("family_name", "Prova".to_owned()),
        ("given_name", format!("Numero {number}")),
        ("birth_date", "1970-05-06".to_owned()),
        ("stp", format!("STP{number:013}")),
        ("phone", format!("080{number:07}")),
    ];
    let fact = |(field, value)| json!({ "field": field, "value": value, "source": "declared" });
    let body = json!({ "facts": facts.map(fact) });
    done(client, clerk, &format!("/api/vault/persons/{person}/facts"), &body).await?;
    let body = json!({ "service": desk, "channel": "desk", "person": person });
    done(client, clerk, "/api/intake/contacts", &body).await?;
    Ok(person.parse()?)
}
