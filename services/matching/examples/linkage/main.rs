//! Links one register with itself, or two with each other, and says how well: one JSON line.
//!
//! `linkage NAME LEFT.tsv [RIGHT.tsv] [--weights FILE] [--save FILE]`. Without `--weights` the
//! weights are learnt from the records, without their labels; `--save` keeps what was learnt. The
//! column `person` is used for the figures only.

mod candidates;
mod figures;
mod register;

use std::io::Write;
use std::time::Instant;

use anyhow::{Context, bail};
use serde_json::json;
use trama_matching::{Frequencies, Learner, Session, Weights};

use candidates::Candidates;
use figures::{THRESHOLDS, figures};
use register::Register;

/// Random pairs for `u`: enough for levels that two people reach once in a million.
const RANDOM_PAIRS: u32 = 4_000_000;

const SEED: u64 = 1;

/// What the program was asked.
#[derive(Default)]
struct Asked {
    name: String,
    files: Vec<String>,
    weights: Option<String>,
    save: Option<String>,
}

fn main() -> anyhow::Result<()> {
    let asked = asked()?;
    let mut registers = asked.files.iter().map(|path| Register::read(path));
    let left = registers.next().context("name a register: linkage NAME LEFT.tsv")??;
    let right = registers.next().transpose()?;
    let line = run(&asked, &left, right.as_ref())?;
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn asked() -> anyhow::Result<Asked> {
    let mut asked = Asked::default();
    let mut words = std::env::args().skip(1);
    asked.name = words.next().context("linkage NAME LEFT.tsv [RIGHT.tsv]")?;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--weights" => asked.weights = words.next(),
            "--save" => asked.save = words.next(),
            _ if word.starts_with("--") => bail!("{word} is not known: --weights or --save"),
            _ => asked.files.push(word),
        }
    }
    Ok(asked)
}

fn run(
    asked: &Asked,
    left: &Register,
    right: Option<&Register>,
) -> anyhow::Result<serde_json::Value> {
    let started = Instant::now();
    let weights = weights(asked, left, right)?;
    let learnt = started.elapsed();
    let started = Instant::now();
    let (lefts, rights) = (left.prepared(&weights), right.map(|right| right.prepared(&weights)));
    let records = lefts.len() + rights.as_ref().map_or(0, Vec::len);
    let prepared = started.elapsed();
    let candidates = Candidates::find(left, right);
    let started = Instant::now();
    let others = rights.as_ref().unwrap_or(&lefts);
    let scored: Vec<_> = candidates
        .pairs
        .iter()
        .map(|(a, b)| (weights.score(&lefts[*a], &others[*b]).weight_bits, *a, *b))
        .collect();
    let took = started.elapsed();
    let same = |a: usize, b: usize| left.people[a] == right.unwrap_or(left).people[b];
    let truth = left.true_pairs(right);
    let found = candidates.pairs.iter().filter(|(a, b)| same(*a, *b)).count();
    let judged: Vec<_> =
        scored.iter().map(|(bits, a, b)| (1.0 / (1.0 + (-bits).exp2()), same(*a, *b))).collect();
    Ok(json!({
        "data": asked.name,
        "records": records,
        "true_pairs": truth,
        "pairs": candidates.pairs.len(),
        "pairs_found": figures::share(found, truth),
        "candidates_per_record": candidates.pairs.len() / left.people.len().max(1),
        "in_first_ten": figures::in_first_ten(&scored, right.is_none(), same),
        "learn_seconds": figures::rounded(learnt.as_secs_f64()),
        "prepare_ns": prepared.as_nanos() / u128::try_from(records.max(1))?,
        "score_ns": took.as_nanos() / u128::try_from(scored.len().max(1))?,
        "weights": weights.learnt(),
        "thresholds": THRESHOLDS.map(|threshold| figures(threshold, &judged, truth)),
    }))
}

fn weights(asked: &Asked, left: &Register, right: Option<&Register>) -> anyhow::Result<Weights> {
    let everybody = || left.records.iter().chain(right.into_iter().flat_map(|r| &r.records));
    let names = Frequencies::count(everybody());
    if let Some(path) = &asked.weights {
        let read = Weights::read(&std::fs::read_to_string(path)?)?;
        return Ok(read.with_frequencies(names));
    }
    let plain = Weights::untaught().with_frequencies(names.clone());
    let (lefts, rights) = (left.prepared(&plain), right.map(|right| right.prepared(&plain)));
    let learner =
        Learner { left: &lefts, right: rights.as_deref(), random_pairs: RANDOM_PAIRS, seed: SEED };
    let sessions = [Session::Birth, Session::Names, Session::Codes, Session::Contacts];
    let learnt = learner.learn(&sessions, &asked.name);
    if let Some(path) = &asked.save {
        std::fs::write(path, learnt.write()? + "\n")?;
    }
    Ok(learnt.with_frequencies(names))
}
