//! `docs/requirements.md`: which test shows which requirement, indicator and invariant.
//!
//! A test shows a number by naming it at the end of its title: `..._r12`, `..._i10_v4`. The page is
//! generated; this test fails when it is not what the tests say. Write it anew with
//! `GOLDEN=write cargo nextest run -p trama --test requirements`.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["target", ".git", ".trama"].contains(&name.as_str()) {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// Numbers at the end of a title: `a_rule_holds_r12_v4` names R12 and V4. Invariants of the
/// architecture (`a4`), claims about the policies (`c2`) and threats (`t13`, `threat_4`) may stand
/// between; other pages count them.
fn numbers(title: &str) -> Vec<String> {
    let mut named = Vec::new();
    for part in title.rsplit('_') {
        let (kind, digits) = part.split_at(part.len().min(1));
        let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let elsewhere = number && ["a", "c", "t"].contains(&kind)
            || part == "threat"
            || part.bytes().all(|b| b.is_ascii_digit());
        if number && ["r", "i", "v"].contains(&kind) {
            named.push(format!("{}{digits}", kind.to_uppercase()));
        } else if !elsewhere {
            break;
        }
    }
    named.reverse();
    named
}

/// Titles of tests, with the file that holds them.
fn titles() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    files.sort();
    let mut titles = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let place = file.strip_prefix(root()).unwrap().display().to_string();
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                marked = true;
            } else if let Some(rest) =
                line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "))
                && std::mem::take(&mut marked)
            {
                titles.push((rest.split('(').next().unwrap().to_owned(), place.clone()));
            }
        }
    }
    titles
}

fn page() -> String {
    let text = std::fs::read_to_string(root().join("docs/requirements.toml")).unwrap();
    let held: BTreeMap<String, BTreeMap<String, String>> = toml_lite(&text);
    let mut shown: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (title, place) in titles() {
        for number in numbers(&title) {
            assert!(
                held.contains_key(&number),
                "{place}: {title} names {number}, which does not exist"
            );
            shown.entry(number).or_default().push((title.clone(), place.clone()));
        }
    }
    let mut keys: Vec<&String> = held.keys().collect();
    keys.sort_by_key(|key| {
        (["R", "I", "V"].iter().position(|k| key.starts_with(k)), key[1..].parse::<u32>().unwrap())
    });
    let mut page = String::from(
        "# What is shown, and what is not yet\n\nGenerated from the titles of the tests by `tests/requirements.rs`; do not edit.\n\n",
    );
    let done = keys.iter().filter(|key| shown.contains_key(**key)).count();
    writeln!(
        page,
        "{done} of {} are shown by a test.\n\n| | must | shown by |\n|---|---|---|",
        keys.len()
    )
    .unwrap();
    for key in keys {
        let must = held[key]["must"].replace('|', "\\|");
        let by = shown.get(key).map_or_else(
            || "not yet".to_owned(),
            |tests| {
                tests
                    .iter()
                    .map(|(title, place)| format!("`{title}` ({place})"))
                    .collect::<Vec<_>>()
                    .join("<br>")
            },
        );
        writeln!(page, "| {key} | {must} | {by} |").unwrap();
    }
    page
}

/// The little of TOML that the list uses: tables of one-line strings.
fn toml_lite(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut tables: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[') {
            current = name.trim_end_matches(']').to_owned();
            tables.entry(current.clone()).or_default();
        } else {
            let (key, value) = line.split_once(" = ").unwrap();
            let value = serde_json::from_str(value).unwrap();
            tables.get_mut(&current).unwrap().insert(key.to_owned(), value);
        }
    }
    tables
}

#[test]
fn the_page_of_requirements_says_what_the_tests_say() {
    let file = root().join("docs/requirements.md");
    let page = page();
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::write(&file, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == page, "docs/requirements.md is out of date: see tests/requirements.rs");
}

#[test]
fn a_title_names_its_numbers_at_its_end() {
    assert_eq!(numbers("a_rule_holds_r12_v4"), ["R12", "V4"]);
    assert_eq!(numbers("a_rule_holds"), Vec::<String>::new());
    assert_eq!(numbers("r12_comes_first"), Vec::<String>::new());
}
