use std::collections::BTreeMap;

use time::macros::date;
use trama_projections::indicators::{Level, Period};
use trama_projections::network::{EdgeMonth, NeedMetCounts};
use trama_ui::frame::{Crumb, Place, Viewer};

use super::*;

fn node(id: &str, name: &str, kind: &str) -> Node {
    Node {
        id: id.into(),
        external: false,
        name: Some(name.into()),
        service_type: Some(kind.into()),
        ats: Some("bari".into()),
        organisation: None,
        organisation_name: Some("Comune di Bari".into()),
    }
}

fn edge(from: &str, to: &str, sent: i64, accepted: i64, median: f64) -> Edge {
    let percent = i32::try_from(accepted * 1000 / sent).map(f64::from).unwrap() / 10.0;
    Edge {
        from: from.into(),
        to: to.into(),
        sent: Some(sent),
        seen: Some(sent),
        accepted: Some(accepted),
        declined: Some(sent - accepted),
        declined_by: BTreeMap::new(),
        expired: Some(0),
        withdrawn: Some(0),
        open: Some(0),
        first_visit_held: Some(accepted * 4 / 5),
        need_met: NeedMetCounts { yes: Some(accepted / 2), partly: Some(0), no: Some(0) },
        acceptance_percent: Some(percent),
        median_days: Some(median),
        p90_days: Some(median * 2.25),
        months: Some(vec![EdgeMonth { month: "2026-01".into(), sent, accepted }]),
        suppressed: false,
    }
}

fn hidden(from: &str, to: &str) -> Edge {
    let none = NeedMetCounts { yes: None, partly: None, no: None };
    let edge = edge(from, to, 5, 5, 1.0);
    Edge {
        sent: None,
        accepted: None,
        first_visit_held: None,
        need_met: none,
        acceptance_percent: None,
        median_days: None,
        p90_days: None,
        suppressed: true,
        ..edge
    }
}

fn month(month: &str, sent: Option<i64>, accepted: Option<i64>) -> Month {
    Month {
        month: month.into(),
        sent,
        accepted,
        declined: Some(12),
        expired: Some(6),
        withdrawn: None,
    }
}

fn graph() -> Graph {
    Graph {
        period: scope().period,
        level: Level::Metropolitan,
        ats: None,
        positions: BTreeMap::new(),
        nodes: vec![
            node("1", "Servizio sociale Libertà", "professional_social_service"),
            node("2", "CSM Est", "csm"),
            node("3", "Emporio solidale San Paolo", "store"),
            node("4", "Housing temporaneo Japigia", "temporary"),
            node("5", "Dormitorio Stazione", "night_shelter"),
            node("6", "Unità di strada Notturna", "outreach"),
            Node {
                external: true,
                name: None,
                service_type: None,
                ats: None,
                organisation_name: None,
                ..node("external", "", "")
            },
        ],
        edges: vec![
            edge("6", "5", 1064, 905, 0.6),
            edge("1", "3", 158, 141, 2.0),
            edge("1", "2", 52, 30, 12.0),
            edge("1", "4", 47, 24, 34.0),
            edge("5", "4", 26, 12, 41.0),
            edge("1", "external", 22, 16, 7.5),
            hidden("5", "2"),
        ],
        edges_left_out: 0,
        months: vec![
            month("2026-09", Some(120), Some(98)),
            month("2026-10", Some(131), Some(104)),
            month("2026-11", None, None),
        ],
        suppressed: true,
    }
}

fn scope() -> Scope {
    Scope {
        period: Period { from: date!(2026 - 01 - 01), to: date!(2026 - 11 - 22) },
        ats: None,
        protected: true,
    }
}

fn html(graph: &Graph) -> String {
    let frame = Frame {
        title: "Rete e flussi".into(),
        assets: "/assets/digest".into(),
        demo: true,
        viewer: Some(Viewer {
            name: "L. Rinaldi".into(),
            role: "Ufficio di piano".into(),
            ats: "Bari".into(),
            csrf: "csrf".into(),
        }),
        places: vec![Place::Inbox, Place::Network],
        current: Some(Place::Network),
        crumbs: vec![Crumb::to("Inizio", "/"), Crumb::here("Rete e flussi")],
        outside: &[],
        live: None,
    };
    let own = Ats::try_new("bari").unwrap();
    Page { frame, view: view(graph, &scope(), &own), at: "09:41".into() }.render().unwrap()
}

#[test]
fn the_network_is_a_page_of_flows_services_and_months() {
    insta::assert_snapshot!(html(&graph()));
}

#[test]
fn a_hidden_count_reads_less_than_five_and_gives_no_sum_away() {
    let view = view(&graph(), &scope(), &Ats::try_new("bari").unwrap());
    let hidden = view.edges.last().unwrap();
    assert_eq!((hidden.sent.as_str(), hidden.accepted.as_str()), ("meno di 5", "–"));
    let shelter = view.nodes.iter().find(|node| node.named.name == "Dormitorio Stazione").unwrap();
    assert_eq!((shelter.sent.as_str(), shelter.received.as_str()), ("–", "1.064"));
    assert!(!view.about.contains("accolti"), "a total with a hidden month would tell it");
}

#[test]
fn an_external_service_has_no_name_and_no_type() {
    let html = html(&graph());
    assert!(html.contains("Servizi esterni") && html.contains("dettaglio riservato"));
}

#[test]
fn a_hostile_public_name_is_text_and_nothing_else() {
    let mut graph = graph();
    for node in &mut graph.nodes {
        node.name = Some("<script>alert(1)</script>".into());
        node.organisation_name = Some("\"><img src=x>".into());
    }
    let html = html(&graph);
    assert!(!html.contains("<script") && !html.contains("<img"));
}

#[test]
fn days_and_numbers_are_written_as_people_write_them() {
    let told = [0.01, 0.3, 0.99, 1.0, 7.5, 12.0, 34.4].map(|n| days(Some(n)));
    assert_eq!(
        told,
        ["meno di un’ora", "7 ore", "1 giorno", "1 giorno", "7,5 giorni", "12 giorni", "34 giorni"]
    );
    assert_eq!([5, 999, 1064, 1_234_567].map(thousands), ["5", "999", "1.064", "1.234.567"]);
}
