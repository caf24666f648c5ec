//! The arrows and the walls: who may depend on whom, and what only one place may do.
//!
//! Each wall is a function from a tree to what breaks it; each has a test that breaks it once.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Crates of ours and what each may depend on (`ARCHITECTURE.md`, the map).
const ARROWS: [(&str, &[&str]); 16] = [
    ("trama-events", &[]),
    ("trama-matching", &[]),
    ("trama-permit", &["trama-events"]),
    ("trama-platform", &["trama-events", "trama-permit"]),
    ("trama-vault", &["trama-events", "trama-platform", "trama-matching"]),
    ("trama-sealed", &["trama-events", "trama-platform"]),
    ("trama-ui", &["trama-events"]),
    ("trama-intake", &["trama-events", "trama-platform"]),
    ("trama-casework", &["trama-events", "trama-platform"]),
    ("trama-housing", &["trama-events", "trama-platform"]),
    ("trama-food", &["trama-events", "trama-platform"]),
    ("trama-referrals", &["trama-events", "trama-platform"]),
    ("trama-directory", &["trama-events", "trama-platform"]),
    ("trama-projections", &["trama-events", "trama-platform"]),
    ("trama-console", &["trama-events", "trama-platform", "trama-ui", "trama-projections"]),
    (
        "trama",
        &[
            "trama-events",
            "trama-platform",
            "trama-ui",
            "trama-intake",
            "trama-casework",
            "trama-housing",
            "trama-food",
            "trama-referrals",
            "trama-directory",
            "trama-vault",
            "trama-sealed",
            "trama-projections",
            "trama-console",
        ],
    ),
];

const CONTEXTS: [&str; 7] =
    ["intake", "casework", "housing", "food", "referrals", "directory", "identity"];

/// Where a wall's own work is done.
const PLATFORM: &str = "services/platform/src/";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Path from the root to text.
type Tree = BTreeMap<String, String>;

fn read(dir: &Path, tree: &mut Tree) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", ".git", ".trama"].contains(&name.as_str()) {
                read(&path, tree);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "sql")
            || name == "Cargo.toml"
        {
            let place = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            tree.insert(place, std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn tree() -> Tree {
    let mut tree = Tree::new();
    read(&root(), &mut tree);
    tree
}

/// Sources without tests: what runs.
fn running(tree: &Tree) -> impl Iterator<Item = (&String, &String)> {
    tree.iter().filter(|(place, _)| {
        let test =
            place.split('/').any(|part| part == "tests" || part == "tests.rs" || part == "benches");
        !test && !place.ends_with("Cargo.toml")
    })
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

fn broken_arrows(tree: &Tree) -> Vec<String> {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(name, may)| (*name, may.iter().copied().collect())).collect();
    let mut broken = Vec::new();
    for (place, text) in tree.iter().filter(|(place, _)| place.ends_with("/Cargo.toml")) {
        let name = text.lines().find_map(|line| line.strip_prefix("name = \"")).unwrap_or_default();
        let name = name.trim_end_matches('"');
        let Some(may) = allowed.get(name) else {
            broken.push(format!("{place}: {name} is not on the map"));
            continue;
        };
        let own = text.split("[dev-dependencies]").next().unwrap();
        for line in own.lines().filter(|line| line.starts_with("trama")) {
            let to = line.split(['.', ' ']).next().unwrap();
            if !may.contains(to) {
                broken.push(format!("{place}: {name} -> {to}"));
            }
        }
    }
    broken
}

/// Words that only `platform` may say: clocks, randomness, the environment, the broker.
const AMBIENT: [&str; 9] = [
    "now_utc(",
    "SystemTime::now(",
    "Utc::now(",
    "Uuid::new_v4(",
    "rand::rng(",
    "rand::random",
    "thread_rng(",
    "env::var(",
    "async_nats::connect",
];

fn ambient(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (place, text) in running(tree).filter(|(place, _)| !place.starts_with(PLATFORM)) {
        for line in lines(text) {
            for word in AMBIENT.iter().filter(|word| line.contains(**word)) {
                broken.push(format!("{place}: {word}"));
            }
        }
    }
    broken
}

fn other_writers(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (place, text) in
        running(tree).filter(|(place, _)| !place.starts_with("services/platform/src/log"))
    {
        for line in lines(text).map(str::to_lowercase) {
            let writes = ["insert into", "update", "delete from", "truncate"];
            let table =
                |name: &str| writes.iter().any(|verb| line.contains(&format!("{verb} {name}")));
            let foreign = CONTEXTS.iter().any(|context| {
                table(&format!("{context}.events")) || line.contains(&format!("{context}.append("))
            });
            if foreign || table("events ") || line.ends_with("events") && table("events") {
                broken.push(format!("{place}: {line}"));
            }
        }
    }
    broken
}

/// A context names no schema but its own and its own copies.
fn foreign_schemas(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for own in CONTEXTS {
        let crate_of = if own == "identity" { "vault" } else { own };
        let home = format!("services/{crate_of}/src/");
        for (place, text) in running(tree).filter(|(place, _)| place.starts_with(&home)) {
            for other in CONTEXTS.iter().filter(|other| **other != own) {
                for table in ["events", "claims", "receipts", "timers", "head", "relay"] {
                    if lines(text).any(|line| line.contains(&format!("{other}.{table}"))) {
                        broken.push(format!("{place}: {other}.{table}"));
                    }
                }
                if lines(text).any(|line| line.contains(&format!("{other}_facts"))) {
                    broken.push(format!("{place}: {other}_facts"));
                }
            }
        }
    }
    broken
}

/// `events` does no I/O.
fn io_in_events(tree: &Tree) -> Vec<String> {
    let forbidden = ["std::fs", "std::net", "tokio", "sqlx", "reqwest", "std::process", "std::env"];
    let mut broken = Vec::new();
    for (place, text) in running(tree).filter(|(place, _)| place.starts_with("events/src/")) {
        for word in forbidden.iter().filter(|word| lines(text).any(|line| line.contains(**word))) {
            broken.push(format!("{place}: {word}"));
        }
    }
    broken
}

/// Only `permit` knows Cedar.
fn other_deciders(tree: &Tree) -> Vec<String> {
    let outside = running(tree).filter(|(place, _)| !place.starts_with("services/permit/"));
    let knows = |text: &str| lines(text).any(|line| line.contains("cedar_policy"));
    outside.filter(|(_, text)| knows(text)).map(|(place, _)| place.clone()).collect()
}

/// The published document names a form by its context and its name: of two that share both it would
/// show one.
fn forms_twice(tree: &Tree) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut broken = Vec::new();
    for (place, text) in running(tree).filter(|(place, _)| place.contains("/src/http")) {
        let part = place.split("/src/").next().unwrap_or_default();
        let words = lines(text).filter_map(|line| {
            let name = line.split("struct ").nth(1)?.split([' ', '{', '<', ';', '(']).next()?;
            (name.ends_with("Form") || name.ends_with("View")).then_some(name)
        });
        for name in words {
            if !known.insert((part.to_owned(), name.to_owned())) {
                broken.push(format!("{place}: {name}"));
            }
        }
    }
    broken
}

/// A tree with one more line in one file.
fn with(place: &str, line: &str) -> Tree {
    let mut tree = tree();
    let text = tree.entry(place.to_owned()).or_default();
    text.push('\n');
    text.push_str(line);
    tree
}

#[test]
fn no_context_depends_on_another_and_every_arrow_points_down() {
    assert_eq!(broken_arrows(&tree()), Vec::<String>::new());
}

#[test]
fn a_new_arrow_between_contexts_is_found() {
    let mut tree = tree();
    let manifest = tree.get_mut("services/food/Cargo.toml").unwrap();
    *manifest = manifest.replacen(
        "[dependencies]\n",
        "[dependencies]\ntrama-housing.workspace = true\n",
        1,
    );
    assert_eq!(broken_arrows(&tree), ["services/food/Cargo.toml: trama-food -> trama-housing"]);
}

#[test]
fn only_platform_knows_clocks_chance_and_the_environment() {
    assert_eq!(ambient(&tree()), Vec::<String>::new());
    let broken =
        ambient(&with("services/housing/src/stay.rs", "let now = OffsetDateTime::now_utc();"));
    assert_eq!(broken, ["services/housing/src/stay.rs: now_utc("]);
}

#[test]
fn only_the_log_writes_events() {
    assert_eq!(other_writers(&tree()), Vec::<String>::new());
    let broken = other_writers(&with(
        "projections/src/beds.rs",
        "sqlx::query(\"insert into events values (1)\")",
    ));
    assert_eq!(broken.len(), 1);
}

#[test]
fn no_context_reads_another_ones_schema() {
    assert_eq!(foreign_schemas(&tree()), Vec::<String>::new());
    let broken = foreign_schemas(&with(
        "services/casework/src/facts.rs",
        "\"select 1 from housing.events\"",
    ));
    assert_eq!(broken, ["services/casework/src/facts.rs: housing.events"]);
}

#[test]
fn the_published_language_does_no_io() {
    assert_eq!(io_in_events(&tree()), Vec::<String>::new());
    assert_eq!(
        io_in_events(&with("events/src/ids.rs", "use std::fs;")),
        ["events/src/ids.rs: std::fs"]
    );
}

#[test]
fn only_permit_knows_the_language_of_policies() {
    assert_eq!(other_deciders(&tree()), Vec::<String>::new());
    let broken = with("services/platform/src/gate.rs", "use cedar_policy::Policy;");
    assert_eq!(other_deciders(&broken), ["services/platform/src/gate.rs"]);
}

#[test]
fn no_two_forms_of_a_context_have_one_name_in_the_published_document() {
    assert_eq!(forms_twice(&tree()), Vec::<String>::new());
    let broken = with("services/intake/src/http/wishes.rs", "struct HidingForm {");
    assert_eq!(forms_twice(&broken), ["services/intake/src/http/wishes.rs: HidingForm"]);
}
