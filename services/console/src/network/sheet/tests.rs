use std::collections::BTreeMap;

use time::macros::datetime;
use trama_events::codes::Role;
use trama_projections::indicators::Level;
use trama_projections::network::{NeedMetCounts, Node};

use super::super::ods;
use super::*;

fn node(id: &str, name: &str) -> Node {
    Node {
        id: id.into(),
        external: false,
        name: Some(name.into()),
        service_type: Some("csm".into()),
        ats: Some("bari".into()),
        organisation: None,
        organisation_name: None,
    }
}

fn edge(from: &str, to: &str, sent: Option<i64>) -> Edge {
    Edge {
        from: from.into(),
        to: to.into(),
        sent,
        seen: sent,
        accepted: sent,
        declined: Some(0),
        declined_by: BTreeMap::from([("no_capacity".to_owned(), None)]),
        expired: Some(0),
        withdrawn: Some(0),
        open: Some(0),
        first_visit_held: sent,
        need_met: NeedMetCounts { yes: sent, partly: Some(0), no: Some(0) },
        acceptance_percent: sent.map(|_| 57.7),
        median_days: sent.map(|_| 12.5),
        p90_days: None,
        months: None,
        suppressed: sent.is_none(),
    }
}

fn made_in(language: Language) -> Sheet {
    let wanted = serde_json::from_str("{\"dal\": \"2026-01-01\"}").unwrap();
    let asked =
        Asked::of(&wanted, datetime!(2026-11-22 09:00 UTC), Role::PlanOffice, language).unwrap();
    let graph = Graph {
        period: asked.scope.period,
        level: Level::Metropolitan,
        ats: None,
        positions: BTreeMap::new(),
        nodes: vec![node("1", "=SOMMA(A1:A9)"), node("2", "CSM «Est»; <sede & altro>")],
        edges: vec![edge("1", "2", Some(1052)), edge("2", "1", None)],
        edges_left_out: 0,
        months: Vec::new(),
        suppressed: true,
    };
    sheet(&graph, None, &asked)
}

fn made() -> Sheet {
    made_in(Language::Italian)
}

#[test]
fn what_is_downloaded_is_headed_and_explained_in_the_language_of_who_asked() {
    let [italian, english] = Language::ALL.map(made_in);
    assert!(english.csv().contains("From;To;Referrals;Opened;Accepted;Accepted %"));
    assert_eq!(english.rows[1][2], Cell::Words("fewer than 5".into()));
    assert!(english.header.iter().all(|name| !italian.header.contains(name)));
    let (said, meant): (Vec<_>, Vec<_>) = italian.meaning.into_iter().unzip();
    let days = ["2026-01-01", "2026-11-22", ""];
    for (name, means) in &english.meaning {
        assert!(!said.contains(name), "{name}");
        assert!(!meant.contains(means) || days.contains(&means.as_str()), "{means}");
    }
    let bytes = ods::ods(&english);
    let text = String::from_utf8_lossy(&bytes);
    for part in ["table:name=\"Flows\"", "table:name=\"Meaning\"", "<text:p>Item</text:p>"] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn every_row_has_a_cell_for_every_column() {
    let sheet = made();
    assert!(sheet.rows.iter().all(|row| row.len() == sheet.header.len()));
    assert_eq!(sheet.rows[0][2], Cell::Number(1052.0));
    assert_eq!(sheet.rows[1][2], Cell::Words("meno di 5".into()));
    for name in &sheet.header[2..2 + COLUMNS.len()] {
        assert!(sheet.meaning.iter().any(|(said, _)| said == name), "{name} means nothing");
    }
}

#[test]
fn a_public_name_is_no_formula_and_breaks_no_line() {
    let csv = made().csv();
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').split("\r\n").collect();
    assert!(lines[0].starts_with("Da;A;Invii;Aperti;Accolti;Accolti %"), "{csv}");
    assert!(
        lines[1].starts_with("'=SOMMA(A1:A9);\"CSM «Est»; <sede & altro>\";1052;1052;1052;57,7;"),
        "{csv}"
    );
    assert_eq!(lines.len(), 4, "{csv}");
}

#[test]
fn a_spreadsheet_holds_numbers_as_numbers_and_says_what_they_mean() {
    let bytes = ods::ods(&made());
    assert_eq!(&bytes[30..38], b"mimetype");
    assert_eq!(&bytes[38..38 + ods::MEDIA_TYPE.len()], ods::MEDIA_TYPE.as_bytes());
    let text = String::from_utf8_lossy(&bytes);
    for part in [
        "table:name=\"Flussi\"",
        "table:name=\"Significato\"",
        "office:value-type=\"float\" office:value=\"1052\"",
        "office:value-type=\"float\" office:value=\"57.7\"",
        "<text:p>CSM «Est»; &lt;sede &amp; altro&gt;</text:p>",
        "<text:p>meno di 5</text:p>",
        "<text:p>2026-01-01</text:p>",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("<sede"));
}

#[test]
fn a_spreadsheet_opens_where_others_read_it() {
    let path = std::env::temp_dir().join(format!("trama-sheet-{}.ods", std::process::id()));
    std::fs::write(&path, ods::ods(&made())).unwrap();
    let script = "import sys, zipfile, xml.etree.ElementTree as tree\n\
        file = zipfile.ZipFile(sys.argv[1])\n\
        assert file.testzip() is None\n\
        names = [file.namelist()[0], file.read('mimetype').decode()]\n\
        tree.fromstring(file.read('META-INF/manifest.xml'))\n\
        root = tree.fromstring(file.read('content.xml'))\n\
        table = '{urn:oasis:names:tc:opendocument:xmlns:table:1.0}'\n\
        rows = [len(one.findall('.//' + table + 'table-row')) for one in root.iter(table + 'table')]\n\
        print(names, rows[0], len(rows))";
    let read =
        std::process::Command::new("python3").args(["-c", script]).arg(&path).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    let said = String::from_utf8_lossy(&read.stdout);
    let wanted = format!("['mimetype', '{}'] 3 2", ods::MEDIA_TYPE);
    assert_eq!(said.trim(), wanted, "{}", String::from_utf8_lossy(&read.stderr));
}
