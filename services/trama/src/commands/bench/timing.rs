//! Whether the time of an answer tells that somebody is there: a person who exists and is closed to
//! whoever asks, or hidden from her, beside one who does not exist. Both get the same bytes; this
//! measures whether they get them in the same time (trust.md §2 threat 4, §8).

mod scene;

use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use strum::VariantArray;
use trama_platform::clock::random_id;

use self::scene::{Hidden, Scene};
use super::effect::{Effect, Z_MAX};
use super::measure::rounded;
use super::place::Place;
use crate::cli::{Ending, lines};

/// How to measure.
#[derive(Debug, clap::Args)]
pub struct TimingArgs {
    /// Pairs of questions at each door, for each kind of person who is not to be found.
    #[arg(long, default_value_t = 10_000)]
    pairs: usize,
    /// The same seed asks in the same order.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Who asks at one time: each one question after the other, on a connection of its own. A refusal is
    /// held back for most of its time, so that several hardly disturb each other.
    #[arg(long, default_value_t = 4)]
    at_once: usize,
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
/// Questions before any is measured, so that caches and connections are as they stay.
const WARM_UP: usize = 500;
/// The doors that name a person.
const DOORS: [&str; 3] =
    ["/api/projections/journeys/", "/api/vault/persons/", "/api/intake/persons/"];

/// Measures on an installation in a directory that is gone afterwards.
pub(super) async fn timing(args: TimingArgs) -> anyhow::Result<Ending> {
    let dir = std::env::temp_dir().join(format!("trama-bench-{}", random_id().simple()));
    let mut place = Place::start_sealing(&dir, &[scene::confidential()]).await?;
    let measured = measure(&args, &dir).await;
    place.stop()?;
    std::fs::remove_dir_all(&dir)?;
    measured
}

async fn measure(args: &TimingArgs, dir: &Path) -> anyhow::Result<Ending> {
    let scene = Scene::prepare(dir, args.seed).await?;
    let mut within = true;
    for hidden in Hidden::VARIANTS {
        for door in DOORS {
            let pairs = pairs(&scene, (*hidden, door), args, Duration::ZERO).await?;
            let holds = |effect: &Effect| effect.delta.abs() < DELTA_MAX;
            within &= report("timing", (*hidden, door), &pairs, holds)?;
        }
    }
    let first = (Hidden::Closed, DOORS[0]);
    let control = pairs(&scene, first, args, DELAY).await?;
    let seen = report("timing_control", first, &control, |effect| effect.delta >= DELTA_MAX)?;
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
    (hidden, door): (Hidden, &str),
    pairs: &Pairs,
    holds: impl Fn(&Effect) -> bool,
) -> anyhow::Result<bool> {
    let effect = Effect::between(&pairs.there, &pairs.nobody);
    let (there, nobody) = (middle(&pairs.there), middle(&pairs.nobody));
    let holds = holds(&effect);
    lines(&json!({
        "version": 1,
        "bench": bench,
        "there_is": hidden.to_string(),
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

/// Pairs, by each who asks in an order that the seed draws. `delay` is added to the time of whoever is
/// there.
async fn pairs(
    scene: &Scene,
    asked: (Hidden, &str),
    args: &TimingArgs,
    delay: Duration,
) -> anyhow::Result<Pairs> {
    let askers = args.at_once.max(1);
    let each = args.pairs.div_ceil(askers);
    let one = |asker| {
        let dice = SmallRng::seed_from_u64(args.seed.wrapping_add(asker));
        pairs_of_one(scene, asked, dice, (WARM_UP / askers, each), delay)
    };
    let all = try_join_all((0..u64::try_from(askers)?).map(one)).await?;
    let mut pairs = Pairs::default();
    for one in all {
        pairs.there.extend(one.there);
        pairs.nobody.extend(one.nobody);
    }
    Ok(pairs)
}

async fn pairs_of_one(
    scene: &Scene,
    (hidden, door): (Hidden, &str),
    mut dice: SmallRng,
    (warm_up, count): (usize, usize),
    delay: Duration,
) -> anyhow::Result<Pairs> {
    let mut pairs = Pairs::default();
    let token = scene.client.bearer(&scene.stranger)?;
    let hidden = &scene.there[&hidden];
    for number in 0..warm_up + count {
        let at = dice.random_range(0..hidden.len());
        let (there, nobody) = (hidden[at], scene.nobody[at]);
        let first: bool = dice.random();
        let mut times = [0.0; 2];
        for is_there in [first, !first] {
            let (person, delay) = if is_there { (there, delay) } else { (nobody, Duration::ZERO) };
            times[usize::from(is_there)] =
                time(scene, &format!("{door}{person}"), &token, delay).await?;
        }
        if number >= warm_up {
            pairs.nobody.push(times[0]);
            pairs.there.push(times[1]);
        }
    }
    Ok(pairs)
}

async fn time(scene: &Scene, path: &str, token: &str, delay: Duration) -> anyhow::Result<f64> {
    let url = format!("{}{path}", scene.client.base());
    let request = scene.http.get(url).bearer_auth(token).header("purpose", "care").build()?;
    let begun = Instant::now();
    let answer = scene.http.execute(request).await?;
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
