use std::collections::BTreeMap;

use time::macros::{date, datetime};
use trama_events::codes::Role;
use trama_projections::indicators::{Level, Period};
use trama_projections::network::{Edge, EdgeMonth, NeedMetCounts, Node};
use trama_ui::frame::{Crumb, Place, Viewer};
use trama_ui::language::Language;

use super::*;
use crate::inbox::view::tests::{in_both, said};

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
        period: Period { from: date!(2026 - 01 - 01), to: date!(2026 - 11 - 22) },
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

/// What an address asks for on a day, by somebody who sees no persons.
fn asked(query: &str) -> Asked {
    asked_in(Language::Italian, query)
}

fn asked_in(language: Language, query: &str) -> Asked {
    let wanted =
        serde_json::from_value(query.split('&').filter_map(|pair| pair.split_once('=')).collect());
    let now = datetime!(2026-11-22 09:00 UTC);
    Asked::of(&wanted.unwrap(), now, Role::PlanOffice, language).unwrap()
}

fn year() -> Asked {
    asked("dal=2026-01-01")
}

fn html(graph: &Graph, other: Option<&Graph>, asked: &Asked) -> String {
    let frame = Frame {
        title: asked.language.words().place_network(),
        language: asked.language,
        accessibility: None,
        assets: "/assets/digest".into(),
        demo: true,
        viewer: Some(Viewer {
            name: "L. Rinaldi".into(),
            role: "Ufficio di piano".into(),
            ats: "Bari".into(),
            csrf: "csrf".into(),
            may_choose: false,
            has_keys: true,
            session_left: 870,
        }),
        places: vec![Place::Inbox, Place::Network],
        current: Some(Place::Network),
        crumbs: vec![
            Crumb::to(&asked.language.words().frame_start(), "/"),
            Crumb::here(&asked.language.words().place_network()),
        ],
        outside: &[],
        live: None,
    };
    Page { frame, view: seen(graph, other, asked, None), at: "09:41".into() }.render().unwrap()
}

fn seen(graph: &Graph, other: Option<&Graph>, asked: &Asked, last_year: Option<i32>) -> View {
    let (graph, other) = (graph.clone(), other.cloned());
    let now = datetime!(2026-11-22 09:00 UTC);
    let found = Found { asked: asked.clone(), now, graph, other, last_year };
    view(&found, &Ats::try_new("bari").unwrap())
}

fn shown(graph: &Graph, asked: &Asked) -> View {
    seen(graph, None, asked, None)
}

#[test]
fn the_network_is_a_page_of_flows_services_and_months() {
    insta::assert_snapshot!(html(&graph(), None, &year()));
}

/// The page with a comparison and something chosen.
fn whole(language: Language, query: &str) -> String {
    let mut graph = named_graph();
    graph.edges[2].expired = None;
    let asked = asked_in(language, &format!("dal=2026-01-01&confronta=anno{query}"));
    said(&html(&graph, Some(&graph), &asked))
}

#[test]
fn the_network_is_told_in_the_language_of_whoever_reads_it() {
    let id = "0000000000000000000000000000000";
    for query in ["", &format!("&da={id}1&a={id}2&misura=tempo"), &format!("&servizio={id}1")] {
        let [italian, english] = Language::ALL.map(|language| whole(language, query));
        let names: Vec<String> = graph()
            .nodes
            .into_iter()
            .flat_map(|node| [node.name, node.organisation_name])
            .flatten()
            .collect();
        let both = in_both(&italian, &english);
        // A name may be broken into lines, two of them are the title of a flow, an hour is an h.
        let only_names = |line: &String| {
            line == "14 h"
                || line.split(" → ").all(|part| names.iter().any(|name| name.contains(part)))
        };
        assert!(both.iter().all(only_names), "{query}: {both:?}");
        if query.contains("misura") {
            insta::assert_snapshot!("network_en", english);
        }
    }
}

/// The same with ids that an address can name.
fn named_graph() -> Graph {
    let mut graph = graph();
    let id = "0000000000000000000000000000000";
    for node in &mut graph.nodes {
        node.id = if node.external { node.id.clone() } else { format!("{id}{}", node.id) };
    }
    for edge in &mut graph.edges {
        edge.from = format!("{id}{}", edge.from);
        edge.to = if edge.to == "external" { edge.to.clone() } else { format!("{id}{}", edge.to) };
    }
    let refused = [("outside_area", Some(9)), ("no_capacity", Some(8)), ("other", Some(5))];
    graph.edges[2].declined_by = refused.map(|(code, count)| (code.to_owned(), count)).into();
    graph
}

#[test]
fn a_chosen_flow_is_told_from_sent_to_the_need_met_i25() {
    let (graph, id) = (named_graph(), "0000000000000000000000000000000");
    let view = shown(&graph, &asked(&format!("dal=2026-01-01&da={id}1&a={id}2")));
    let told: Vec<(&str, &str)> =
        view.panel.facts.iter().map(|fact| (fact.words.as_str(), fact.count.as_str())).collect();
    assert_eq!(view.panel.title, "Servizio sociale Libertà → CSM Est");
    assert_eq!(
        told,
        [
            ("Invii", "52"),
            ("Accolti", "30 (58%)"),
            ("Primo incontro svolto", "24 (46%)"),
            ("Bisogno risolto", "15 (29%)"),
            ("Risposta mediana", "12 giorni"),
            ("9 su 10 entro", "27 giorni"),
        ]
    );
    let reasons: Vec<&str> = view.panel.reasons.iter().map(|fact| fact.words.as_str()).collect();
    assert_eq!(reasons, ["Fuori zona", "Nessun posto", "Altro motivo"]);
    assert_eq!(view.panel.reasons_title, "Motivi dei 22 respinti");
    assert_eq!(view.panel.finding.as_deref(), Some("9 respinti su 22: «fuori zona»."));
    let drawn = view.svg.unwrap().to_string();
    assert_eq!(drawn.matches("aria-current").count(), 1, "{drawn}");
}

#[test]
fn another_period_is_a_ghost_and_a_column() {
    let mut other = graph();
    other.edges.remove(1);
    other.edges[1].sent = Some(104);
    other.edges.push(edge("3", "2", 40, 30, 3.0));
    let asked = asked("dal=2026-01-01&confronta=anno");
    let page = html(&graph(), Some(&other), &asked);
    assert!(page.contains("1 gennaio – 30 novembre 2025"), "{page}");
    let view = seen(&graph(), Some(&other), &asked, None);
    let row = |from: &str, to: &str| {
        let row = view.edges.iter().find(|row| row.from.name == from && row.to.name == to).unwrap();
        (row.sent.clone(), row.before.clone().unwrap())
    };
    let told = |sent: &str, before: &str| (sent.to_owned(), before.to_owned());
    assert_eq!(row("Servizio sociale Libertà", "CSM Est"), told("52", "104"));
    assert_eq!(row("Servizio sociale Libertà", "Emporio solidale San Paolo"), told("158", "0"));
    assert_eq!(row("Emporio solidale San Paolo", "CSM Est"), told("0", "40"), "it is no more");
    assert!(view.svg.unwrap().to_string().contains("class=\"ghost\""));
}

#[test]
fn the_table_begins_with_what_is_most_worth_looking_at() {
    let first = |measure: &str| {
        let view = shown(&graph(), &asked(&format!("dal=2026-01-01&misura={measure}")));
        let hidden = view.edges.last().unwrap().sent.clone();
        assert_eq!(hidden, "meno di 5", "what is hidden has no place that would tell of it");
        (view.edges[0].from.name.clone(), view.edges[0].sent.clone())
    };
    assert_eq!(first("volume"), ("Unità di strada Notturna".into(), "1.064".into()));
    assert_eq!(first("accolti"), ("Dormitorio Stazione".into(), "26".into()));
    assert_eq!(first("esito").1, "26");
    assert_eq!(first("tempo"), ("Dormitorio Stazione".into(), "26".into()));
}

#[test]
fn without_a_word_of_how_many_a_map_shows_what_there_is_room_for() {
    let mut graph = graph();
    assert_eq!(shown(&graph, &year()).edges.len(), 7);
    for from in 0..60 {
        graph.edges.push(edge(&format!("10{from}"), "2", 12, 10, 2.0));
    }
    let view = shown(&graph, &year());
    assert_eq!(
        (view.edges.len(), view.count.as_str()),
        (6, "6 flussi con almeno 20 invii · altri 61 più deboli")
    );
    assert_eq!(shown(&graph, &asked("dal=2026-01-01&min=1")).edges.len(), 67);
}

#[test]
fn too_few_referrals_are_an_empty_map_with_a_way_on() {
    let page = html(&graph(), None, &asked("dal=2026-01-01&min=2000"));
    assert!(page.contains("Meno di 2.000 invii nel periodo"), "{page}");
    assert!(page.contains("href=\"/rete?dal=2026-01-01&#38;min=1\""), "{page}");
}

#[test]
fn an_empty_period_is_a_sentence_and_a_way_to_the_last_year_that_is_not() {
    let nothing = Graph { edges: Vec::new(), nodes: Vec::new(), ..graph() };
    let page = html(&nothing, None, &year());
    assert!(page.contains("Nessun invio nel periodo."), "{page}");
    assert!(!page.contains("<table>") && !page.contains("id=\"mesi\""), "{page}");
    let asked = asked("ats=bari&min=20&misura=tempo");
    let way = |year| seen(&nothing, None, &asked, Some(year)).empty.unwrap();
    assert_eq!(way(2024).words, "Nessun invio nel periodo. Gli ultimi sono del 2024.");
    assert_eq!(way(2024).href, "/rete?dal=2024-01-01&al=2024-12-31&ats=bari&misura=tempo");
    assert_eq!(way(2026).href, "/rete?dal=2026-01-01&ats=bari&misura=tempo", "it ends today");
}

#[test]
fn a_hidden_count_reads_less_than_five_and_gives_no_sum_away() {
    let view = shown(&graph(), &year());
    let hidden = view.edges.last().unwrap();
    assert_eq!((hidden.sent.as_str(), hidden.accepted.as_str()), ("meno di 5", "–"));
    let shelter = view.nodes.iter().find(|node| node.named.name == "Dormitorio Stazione").unwrap();
    assert_eq!((shelter.sent.as_str(), shelter.received.as_str()), ("almeno 26", "1.064"));
    assert!(!view.about.contains("accolti"), "a total with a hidden month would tell it");
    assert_eq!(view.panel.facts[0].count, "–");
}

#[test]
fn an_external_service_has_no_name_and_no_type() {
    let html = html(&graph(), None, &year());
    assert!(html.contains("Servizi esterni") && html.contains("dettaglio riservato"));
}

#[test]
fn a_hostile_public_name_is_text_and_nothing_else() {
    let mut graph = graph();
    for node in &mut graph.nodes {
        node.name = Some("<script>alert(1)</script>".into());
        node.organisation_name = Some("\"><img src=x>".into());
    }
    let html = html(&graph, None, &year());
    assert!(!html.contains("<script>") && !html.contains("<img"));
}

#[test]
fn days_and_numbers_are_written_as_people_write_them() {
    let [figures, english] = Language::ALL.map(Figures);
    let told = [0.01, 0.3, 0.99, 1.0, 7.5, 12.0, 34.4].map(|n| figures.days(Some(n)));
    assert_eq!(
        told,
        ["meno di un’ora", "7 ore", "1 giorno", "1 giorno", "7,5 giorni", "12 giorni", "34 giorni"]
    );
    let brief = [0.01, 0.3, 1.0, 12.4].map(|n| figures.brief_days(n));
    assert_eq!(brief, ["< 1 h", "7 h", "1 g", "12 g"]);
    let thousands = [5, 999, 1064, 1_234_567].map(|n| figures.thousands(n));
    assert_eq!(thousands, ["5", "999", "1.064", "1.234.567"]);
    assert_eq!([0.05, 0.9].map(|n| figures.days(Some(n))), ["1 ora", "21 ore"]);
    assert_eq!(
        [0.01, 0.05, 0.3, 1.0, 7.5].map(|n| english.days(Some(n))),
        ["less than an hour", "1 hour", "7 hours", "1 day", "7.5 days"]
    );
    assert_eq!(english.thousands(1_234_567), "1,234,567");
}
