//! `docs/privacy/asvs.md` and `docs/privacy/threats.md`: each security requirement and each threat
//! with the test that shows it, or with what is missing.
//!
//! Both pages are generated from the TOML file of the same name. A row that is missing, a test that
//! is not there any more and a file that was renamed make this fail. Write the pages anew with
//! `GOLDEN=write cargo nextest run -p trama --test asvs`.

#![cfg(test)]

#[path = "asvs/written.rs"]
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Requirements of level 1, all chapters. Source: OWASP ASVS 5.0.0.
const LEVEL_1: &str = "\
    1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2 3.3.1 \
    3.4.1 3.4.2 3.5.1 3.5.2 3.5.3 4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1 6.2.2 6.2.3 \
    6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2 7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 \
    8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2 10.4.3 10.4.4 10.4.5 11.3.1 \
    11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1 15.1.1 15.2.1 15.3.1";
/// Requirements of level 2 in the chapters that are held to it: 4, 6 to 10, 14, 16.
const LEVEL_2: &str = "\
    4.1.2 4.1.3 4.2.1 4.3.1 4.3.2 4.4.2 4.4.3 4.4.4 6.1.2 6.1.3 6.2.9 6.2.10 6.2.11 6.2.12 6.3.3 \
    6.3.4 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2 6.6.3 6.8.1 6.8.2 6.8.3 6.8.4 \
    7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2 8.1.2 8.2.3 8.4.1 \
    9.2.2 9.2.3 9.2.4 10.1.1 10.1.2 10.2.1 10.2.2 10.3.1 10.3.2 10.3.3 10.3.4 10.4.6 10.4.7 \
    10.4.8 10.4.9 10.4.10 10.4.11 10.5.1 10.5.2 10.5.3 10.5.4 10.5.5 10.6.1 10.6.2 10.7.1 10.7.2 \
    10.7.3 14.1.1 14.1.2 14.2.2 14.2.3 14.2.4 14.3.2 14.3.3 16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 \
    16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3";
/// Threats, numbered from 1. Source: the threat model, trust.md section 2.
const THREATS: u32 = 20;

/// How a requirement stands: one of four, in few words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    must: String,
    #[serde(default)]
    shown_by: Vec<String>,
    holds_by: Option<String>,
    not_applicable: Option<String>,
    open: Option<String>,
    /// What the tests leave out, or where else it is written.
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    chapters: BTreeMap<String, String>,
    row: Vec<Row>,
}

/// What stands against a threat, what shows it, and what is missing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Threat {
    number: u32,
    what: String,
    control: String,
    #[serde(default)]
    shown_by: Vec<String>,
    missing: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Threats {
    threat: Vec<Threat>,
}

/// Titles of tests, each with the files that hold one of that name.
type Titles = BTreeMap<String, BTreeSet<String>>;

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

fn titles() -> Titles {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    let mut titles = Titles::new();
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
                let title = rest.split('(').next().unwrap().to_owned();
                titles.entry(title).or_default().insert(place.clone());
            }
        }
    }
    titles
}

fn read<T: DeserializeOwned>(file: &str) -> T {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The tests as a cell of a table; each of them is there.
fn cell(of: &str, shown_by: &[String], titles: &Titles) -> String {
    let one = |title: &String| {
        let places = titles.get(title).unwrap_or_else(|| panic!("{of}: there is no test {title}"));
        format!("`{title}` ({})", places.iter().cloned().collect::<Vec<_>>().join(", "))
    };
    shown_by.iter().map(one).collect::<Vec<_>>().join("<br>")
}

/// Files and titles between backticks: each of them is there. How many files they are.
fn must_name_what_is_there(of: &str, words: &str, titles: &Titles) -> usize {
    let named = words.split('`').skip(1).step_by(2).filter(|name| !name.contains([' ', ':', '{']));
    let (files, others): (Vec<&str>, Vec<&str>) =
        named.filter(|name| !name.starts_with('/')).partition(|name| name.contains('/'));
    for file in &files {
        assert!(root().join(file).exists(), "{of}: there is no file {file}");
    }
    for title in others.iter().filter(|name| name.matches('_').count() > 3) {
        assert!(titles.contains_key(*title), "{of}: there is no test {title}");
    }
    files.len()
}

impl Row {
    /// How it stands, with what shows it or why.
    fn stands(&self, titles: &Titles) -> (&'static str, String) {
        let shown = (!self.shown_by.is_empty()).then(|| cell(&self.id, &self.shown_by, titles));
        let mut ways = vec![
            ("shown", shown),
            ("holds", self.holds_by.clone()),
            ("not applicable", self.not_applicable.clone()),
            ("open", self.open.clone()),
        ];
        ways.retain(|(_, words)| words.as_ref().is_some_and(|words| !words.trim().is_empty()));
        assert_eq!(ways.len(), 1, "{} stands in exactly one way: {ways:?}", self.id);
        let (kind, words) = ways.remove(0);
        let words = [words, self.note.clone()].into_iter().flatten().collect::<Vec<_>>();
        let words = words.join("<br>");
        let files = must_name_what_is_there(&self.id, &words, titles);
        assert!(kind != "holds" || files > 0, "{}: what holds it names its file", self.id);
        (kind, words.replace('|', "\\|"))
    }
}

fn ids(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(|id| format!("V{id}"))
}

fn asvs(titles: &Titles) -> String {
    let Rows { chapters, row: rows } = read("docs/privacy/asvs.toml");
    let level_1: BTreeSet<String> = ids(LEVEL_1).collect();
    let demanded: BTreeSet<String> = level_1.iter().cloned().chain(ids(LEVEL_2)).collect();
    let given: BTreeSet<String> = rows.iter().map(|row| row.id.clone()).collect();
    assert_eq!(given.len(), rows.len(), "a requirement has two rows");
    assert_eq!(demanded, given, "a row is missing or too much");
    let mut counts = BTreeMap::<&str, usize>::new();
    let (mut tables, mut chapter) = (String::new(), "");
    for row in &rows {
        let (kind, words) = row.stands(titles);
        *counts.entry(kind).or_default() += 1;
        let of = row.id.split('.').next().unwrap();
        if of != chapter {
            chapter = of;
            let title = chapters.get(of).unwrap_or_else(|| panic!("{of} has no title"));
            let head = "| | level | must | stands | by |\n|---|---|---|---|---|";
            writeln!(tables, "\n## {of} {title}\n\n{head}").unwrap();
        }
        let level = if level_1.contains(&row.id) { 1 } else { 2 };
        let must = row.must.replace('|', "\\|");
        writeln!(tables, "| {} | {level} | {must} | {kind} | {words} |", row.id).unwrap();
    }
    let count = |kind| counts.get(kind).copied().unwrap_or_default();
    format!(
        "# Security requirements\n\nGenerated from `asvs.toml` by `tests/asvs.rs`; do not edit.\n\n\
         The whole of level 1, and level 2 of chapters 4, 6 to 10, 14 and 16. Numbers are those of \
         the [OWASP Application Security Verification Standard](https://owasp.org/www-project-\
         application-security-verification-standard/) 5.0.0, © The OWASP Foundation, CC BY-SA 4.0; \
         the words are ours and shorter: read the standard beside them. This page is under the same \
         licence.\n\n\
         *Shown* is shown by a test. *Holds* is true by construction, without a test of its own. \
         *Open* is not true yet, or not all of it.\n\n\
         | shown | holds | not applicable | open | all |\n|---|---|---|---|---|\n\
         | {} | {} | {} | {} | {} |\n{tables}",
        count("shown"),
        count("holds"),
        count("not applicable"),
        count("open"),
        rows.len()
    )
}

fn threats(titles: &Titles) -> String {
    let Threats { threat: threats } = read("docs/privacy/threats.toml");
    let numbers: Vec<u32> = threats.iter().map(|threat| threat.number).collect();
    assert_eq!(numbers, (1..=THREATS).collect::<Vec<_>>(), "each threat has one row, in order");
    let (mut whole, mut table) = (0, String::new());
    for threat in &threats {
        let of = format!("threat {}", threat.number);
        let Threat { number, what, control, shown_by, missing } = threat;
        assert!(
            !shown_by.is_empty() || missing.is_some(),
            "{of} says neither what shows nor what is missing"
        );
        whole += usize::from(missing.is_none());
        let shown = cell(&of, shown_by, titles);
        let missing = missing.as_deref().unwrap_or_default();
        must_name_what_is_there(&of, &format!("{control} {missing}"), titles);
        let row = format!("| {number} | {what} | {control} | {shown} | {missing} |");
        writeln!(table, "{row}").unwrap();
    }
    format!(
        "# Threats\n\nGenerated from `threats.toml` by `tests/asvs.rs`; do not edit.\n\n\
         {whole} of {THREATS} have a control that is whole and shown by a test; of the others the \
         last column says what is missing.\n\n\
         | | threat | control | shown by | missing |\n|---|---|---|---|---|\n{table}"
    )
}

fn must_say(file: &str, page: &str) {
    let file = root().join(file);
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::write(&file, page).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == page, "{} is out of date: see tests/asvs.rs", file.display());
}

#[test]
fn every_security_requirement_says_what_shows_it_or_why_not() {
    must_say("docs/privacy/asvs.md", &asvs(&titles()));
}

#[test]
fn every_threat_says_what_stands_against_it_and_what_is_missing() {
    must_say("docs/privacy/threats.md", &threats(&titles()));
}
