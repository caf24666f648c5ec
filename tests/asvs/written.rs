//! `docs/security`: what is written down is what is built.

use std::collections::{BTreeMap, BTreeSet};

use strum::VariantArray;
use trama_events::codes::{Section, Segment};

use super::{must_say, read, root};

fn page(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// The rows of the tables under a title: their cells.
fn rows(page: &str, title: &str) -> Vec<Vec<String>> {
    let (_, part) = page.split_once(&format!("\n## {title}")).unwrap();
    let part = part.split("\n## ").next().unwrap();
    let lines = part.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---"));
    let cells = |line: &str| {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    };
    lines.skip(1).map(cells).collect()
}

fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Bounds by "file, constant, value"; those that differ from the code.
fn wrong_bounds(page: &str) -> (usize, Vec<String>) {
    let (mut bounds, mut wrong) = (0, Vec::new());
    for row in page.lines().filter(|line| line.starts_with('|') && line.contains("` = `")) {
        let words = quoted(row);
        let [.., file, name, value] = words[..] else { panic!("{row}") };
        let source = std::fs::read_to_string(root().join(file)).unwrap_or_default();
        let said = format!("const {name}: ");
        let built = source.lines().find_map(|line| line.split_once(&said)?.1.split_once(" = "));
        bounds += 1;
        if built.map(|(_, built)| built.trim_end_matches(';')) != Some(value) {
            wrong.push(format!("{file} {name}: written {value}, built {built:?}"));
        }
    }
    (bounds, wrong)
}

#[test]
fn every_bound_that_is_written_down_is_the_one_in_the_code() {
    let text = page("docs/security/input.md");
    let (bounds, wrong) = wrong_bounds(&text);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(bounds > 25, "only {bounds} bounds are held to the code");
    let (_, wrong) = wrong_bounds(&text.replace("`NAME_MAX` = `120`", "`NAME_MAX` = `121`"));
    assert_eq!(wrong.len(), 1, "a bound that differs is noticed");
}

/// Which parts are shown a class in some situation of the golden file.
fn shown() -> BTreeMap<String, BTreeSet<&'static str>> {
    let (mut shown, mut part) = (BTreeMap::<String, BTreeSet<&'static str>>::new(), String::new());
    for line in page("tests/golden/permission.txt").lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut part);
            shown.entry(part.clone()).or_default();
        } else if let Some(read) = line.strip_prefix("    read ") {
            let read = read.split(" |").next().unwrap();
            let named: BTreeSet<&str> =
                read.split(' ').map(|word| word.trim_end_matches(['*', '#', '+'])).collect();
            let all = read.starts_with("all");
            let codes = Section::VARIANTS.iter().map(|section| section.code());
            let open = codes.filter(|code| named.contains(code) != all);
            shown.get_mut(&part).unwrap().extend(open);
        }
    }
    shown
}

/// Parts as a cell names them, the shorter way.
fn walls(class: &str, shown: &BTreeMap<String, BTreeSet<&'static str>>) -> String {
    let names = |open: bool| {
        let of = shown
            .iter()
            .filter(|(_, classes)| !classes.is_empty() && classes.contains(class) == open);
        of.map(|(part, _)| format!("`{part}`")).collect::<Vec<_>>()
    };
    let (may, never) = (names(true), names(false));
    if may.len() < 5 {
        format!("all but {}", may.join(", "))
    } else if never.is_empty() {
        "-".to_owned()
    } else {
        never.join(", ")
    }
}

/// The page with its walls as the policies have them.
fn with_walls(text: &str) -> String {
    let shown = shown();
    let nobody = shown.iter().filter(|(_, classes)| classes.is_empty());
    let nobody: Vec<String> = nobody.map(|(part, _)| format!("`{part}`")).collect();
    let (before, table) = text.split_once("| class | level | lies | never to |").unwrap();
    let (before, _) = before.split_once("class of anybody:").unwrap();
    let row = |line: &str| match line.trim_matches('|').split('|').collect::<Vec<_>>()[..] {
        [class, level, lies, _] if !line.starts_with("|---") => {
            format!("|{class}|{level}|{lies}| {} |\n", walls(class.trim(), &shown))
        }
        _ => format!("{line}\n"),
    };
    let table: String = table.trim_start_matches('\n').lines().map(row).collect();
    format!(
        "{before}class of anybody:\n{}. To the others some situation does, by relation, consent or \
         agreement.\n\n| class | level | lies | never to |\n{table}",
        nobody.join(", ")
    )
}

#[test]
fn each_class_of_data_has_its_protection_written_down_and_its_walls_are_those_of_the_policies() {
    let text = page("docs/security/classes.md");
    must_say("docs/security/classes.md", &with_walls(&text));
    let mut written = BTreeSet::new();
    for row in rows(&text, "Classes\n") {
        let [class, level, lies, _] = &row[..] else { panic!("{row:?}") };
        assert!(["normal", "special", "judicial", "sealed"].contains(&level.as_str()), "{class}");
        assert!(!lies.is_empty() && written.insert(class.clone()), "{class}");
    }
    let classes: BTreeSet<String> = Section::VARIANTS.iter().map(|s| s.code().into()).collect();
    assert_eq!(written, classes);

    let kept: BTreeMap<String, toml::Value> = read("docs/privacy/retention.toml");
    let segments = rows(&text, "Segments");
    for segment in Segment::VARIANTS {
        let row = segments.iter().find(|row| row[0] == segment.code()).unwrap();
        let (of, from) = (&kept[segment.code()], row[2].split_once(", ").unwrap());
        assert_eq!(from.0, of["months"].to_string(), "{segment}");
        assert_eq!(from.1.replace(' ', "_"), of["from"].as_str().unwrap(), "{segment}");
    }
    assert_eq!(segments.len(), Segment::VARIANTS.len());
}
