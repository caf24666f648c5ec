use std::path::Path;

use super::*;

const COLUMNS: [&str; 4] = ["Chi segnala", "Accesso", "Presa in carico", "Servizi"];

fn node(column: Column, family: Family, label: &str, count: i64) -> Node {
    Node {
        column,
        family,
        label: label.into(),
        count: format!("{count} invii"),
        name: format!("{label}, {count} invii"),
        href: format!("/rete?servizio={count}"),
        is_chosen: false,
    }
}

fn edge(from: usize, to: usize, sent: i64, percent: f64, label: &str) -> Edge {
    Edge {
        from,
        to,
        sent: Some(sent),
        before: None,
        share: Share::of(Some(percent)),
        label: Some(label.into()),
        name: format!("Da {from} a {to}: {sent} invii, {label}"),
        href: format!("/rete?da={from}&a={to}"),
        is_chosen: false,
    }
}

fn network(nodes: Vec<Node>, mut edges: Vec<Edge>) -> Network {
    edges.sort_by_key(|edge| std::cmp::Reverse(edge.sent));
    let columns = COLUMNS.map(str::to_owned);
    Network { name: "Rete di invii".into(), columns, nodes, edges }
}

/// A town: flows forward, over a column, within one, and back.
fn town() -> Network {
    use Column as C;
    use Family as F;
    let nodes = vec![
        node(C::Reports, F::Access, "Unità di strada", 146),
        node(C::Reports, F::Access, "Pronto soccorso", 58),
        node(C::Reports, F::Access, "Parrocchie ed ETS", 103),
        node(C::Access, F::Access, "Pronto intervento", 137),
        node(C::Access, F::Access, "PUA", 84),
        node(C::Access, F::Access, "Segretariato", 86),
        node(C::Charge, F::Housing, "Stazione di Posta", 112),
        node(C::Charge, F::Access, "Servizio sociale professionale Libertà", 181),
        node(C::Serves, F::Housing, "Dormitorio", 79),
        node(C::Serves, F::Housing, "Housing", 73),
        node(C::Serves, F::Food, "Emporio", 158),
        node(C::Serves, F::Serd, "SerD", 58),
        node(C::Serves, F::Csm, "CSM", 52),
        node(C::Serves, F::Labour, "ARPAL", 44),
    ];
    let mut edges = vec![
        edge(0, 3, 92, 91.0, "1 g"),
        edge(0, 4, 36, 84.0, "3 g"),
        edge(0, 5, 18, 82.0, "2 g"),
        edge(1, 3, 35, 90.0, "1 g"),
        edge(1, 4, 23, 71.0, "4 g"),
        edge(2, 4, 25, 70.0, "5 g"),
        edge(2, 5, 68, 88.0, "2 g"),
        edge(3, 6, 85, 94.0, "1 g"),
        edge(3, 7, 38, 83.0, "4 g"),
        edge(4, 6, 27, 86.0, "2 g"),
        edge(4, 7, 84, 87.0, "4 g"),
        edge(5, 7, 59, 85.0, "4 g"),
        edge(5, 10, 27, 92.0, "2 g"),
        edge(6, 8, 79, 72.0, "1 g"),
        edge(6, 10, 62, 93.0, "1 g"),
        edge(6, 11, 22, 64.0, "8 g"),
        edge(7, 9, 47, 51.0, "34 g"),
        edge(7, 10, 69, 90.0, "2 g"),
        edge(7, 11, 36, 69.0, "7 g"),
        edge(7, 12, 52, 58.0, "12 g"),
        edge(7, 13, 44, 66.0, "14 g"),
        edge(8, 9, 26, 46.0, "41 g"),
        edge(8, 7, 12, 75.0, "6 g"),
    ];
    edges.push(Edge { sent: None, share: Share::Unknown, label: None, ..edge(12, 10, 0, 0.0, "") });
    network(nodes, edges)
}

/// As many services and flows as a metropolitan network has, flows in every direction.
fn large(services: usize, flows: usize) -> Network {
    let columns = [Column::Reports, Column::Access, Column::Charge, Column::Serves, Column::Serves];
    let families = [Family::Access, Family::Housing, Family::Food, Family::Csm];
    let nodes = (0..services).map(|index| {
        let label = format!("Servizio numero {index} di Gioia del Colle");
        node(columns[index % 5], families[index % 4], &label, 7)
    });
    let mut edges: Vec<Edge> = Vec::new();
    let mut at = 0;
    while edges.len() < flows {
        at += 1;
        let (from, to) = (at * 7 % services, (at * 13 + at / services * 5) % services);
        if from != to && !edges.iter().any(|edge| (edge.from, edge.to) == (from, to)) {
            let sent = i64::try_from(at * 37 % 211).unwrap() + 5;
            edges.push(edge(
                from,
                to,
                sent,
                60.0 + f64::from(u8::try_from(sent % 30).unwrap()),
                "12 g",
            ));
        }
    }
    network(nodes.collect(), edges)
}

/// The drawing beside the tests; with `GOLDEN=write` it is written anew.
fn as_drawn_before(name: &str, svg: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/figure/golden").join(name);
    let lines = svg.replace("><", ">\n<") + "\n";
    if std::env::var_os("GOLDEN").is_some_and(|mode| mode == "write") {
        std::fs::write(&path, &lines).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(before, lines, "{}", path.display());
}

/// No label lies on another or on a service, no service on another, and none is off the drawing.
fn is_readable(drawn: &Drawn) {
    let sheet = Area { left: 0.0, top: 0.0, width: WIDTH, height: drawn.height };
    let all: Vec<Area> = drawn.labels.iter().chain(&drawn.nodes).copied().collect();
    for (index, one) in all.iter().enumerate() {
        assert!(one.left >= sheet.left && one.right() <= sheet.right(), "{one:?} is cut");
        assert!(one.top >= sheet.top && one.bottom() <= sheet.bottom(), "{one:?} is cut");
        let other = all[..index].iter().find(|other| other.overlaps(*one));
        assert!(other.is_none(), "{one:?} lies on {other:?}");
    }
}

#[test]
fn a_town_is_drawn_as_it_was() {
    let mut town = town();
    let index = town.edges.iter().position(|edge| (edge.from, edge.to) == (7, 12)).unwrap();
    town.edges[index].is_chosen = true;
    let drawn = town.draw();
    is_readable(&drawn);
    assert!(drawn.labels.len() >= 22, "nearly every flow of a town has room for its label");
    as_drawn_before("network.svg", &drawn.svg.to_string());
}

#[test]
fn a_compared_period_is_drawn_as_it_was() {
    let mut town = town();
    for (index, edge) in town.edges.iter_mut().enumerate() {
        edge.before = edge.sent.map(|sent| if index % 2 == 0 { sent * 2 } else { sent / 2 });
    }
    town.edges[20].sent = Some(0);
    is_readable(&town.draw());
    as_drawn_before("network_compared.svg", &town.draw().svg.to_string());
}

#[test]
fn sixty_services_and_three_hundred_flows_stay_readable_and_bounded() {
    let drawn = large(60, 300).draw();
    is_readable(&drawn);
    assert!(drawn.height < 6_000.0, "{}", drawn.height);
    assert!(drawn.labels.len() > 60, "{}", drawn.labels.len());
    assert!(drawn.svg.to_string().len() < 400_000);
}

#[test]
fn one_flow_is_drawn_small() {
    let nodes = vec![
        node(Column::Access, Family::Access, "PUA", 1),
        node(Column::Serves, Family::Csm, "CSM", 1),
    ];
    let drawn = network(nodes, vec![edge(0, 1, 1, 100.0, "1 g")]).draw();
    is_readable(&drawn);
    assert_eq!((drawn.nodes.len(), drawn.labels.len()), (2, 1));
    assert!(drawn.height < 140.0, "{}", drawn.height);
}

#[test]
fn nothing_is_an_empty_map_with_its_columns() {
    let nothing = network(Vec::new(), Vec::new());
    let svg = nothing.draw().svg.to_string();
    assert!(nothing.is_empty() && COLUMNS.iter().all(|column| svg.contains(column)), "{svg}");
}

#[test]
fn services_keep_their_order_whatever_flows() {
    let tops = |network: &Network| -> Vec<usize> {
        let drawn = network.draw();
        let mut order: Vec<usize> = (8..14).collect();
        order.sort_by(|a, b| drawn.nodes[*a].top.total_cmp(&drawn.nodes[*b].top));
        order
    };
    let mut other = town();
    for (index, edge) in other.edges.iter_mut().enumerate() {
        edge.sent = Some(i64::try_from(index * 31 % 90).unwrap() + 1);
    }
    assert_eq!(tops(&town()), tops(&other));
}

#[test]
fn a_long_flow_passes_between_services_and_not_behind_them() {
    for network in [town(), large(60, 300)] {
        let network = network.sound();
        let plan = layout::plan(&network);
        for (edge, route) in network.edges.iter().zip(&plan.routes) {
            for (x, y) in route.points() {
                let behind = plan.nodes.iter().find(|node| {
                    x > node.left + 1.0
                        && x < node.right() - 1.0
                        && y > node.top
                        && y < node.bottom()
                });
                assert!(behind.is_none(), "{edge:?} at {x} {y} is behind {behind:?}");
            }
        }
    }
}

#[test]
fn a_flow_is_as_wide_as_it_is_strong_within_bounds() {
    let plan = layout::plan(&town());
    assert!(plan.widths.iter().all(|width| (2.5..=15.0).contains(width)));
    assert!((plan.widths[0] - 15.0).abs() < 0.01, "the strongest");
    assert!((plan.widths[23] - 2.5).abs() < 0.01, "a hidden count is drawn as the weakest");
}

#[test]
fn keys_reach_services_first_and_then_flows_the_strongest_first() {
    let svg = town().draw().svg.to_string();
    let links: Vec<&str> = svg.split("<a href=\"").skip(1).collect();
    assert_eq!(links.len(), 14 + 24);
    assert!(links[..14].iter().all(|link| link.starts_with("/rete?servizio=")));
    assert!(links[14].starts_with("/rete?da=0&amp;a=3"), "{}", links[14]);
    assert!(links.iter().all(|link| link.contains("<title>")));
}

#[test]
fn little_acceptance_is_dashed_by_its_class_and_not_by_its_colour_alone() {
    assert_eq!(
        [Some(80.0), Some(79.9), Some(65.0), Some(64.9), None].map(Share::of),
        [Share::High, Share::Middle, Share::Middle, Share::Low, Share::Unknown]
    );
    assert!(town().draw().svg.to_string().contains("class=\"flow low\""));
}

#[test]
fn a_flow_to_a_service_that_is_not_there_is_left_out() {
    let mut town = town();
    town.edges.push(edge(0, 99, 5, 90.0, "1 g"));
    town.edges.push(edge(3, 3, 5, 90.0, "1 g"));
    assert_eq!(town.draw().svg.to_string().matches("class=\"flow ").count(), 24);
}

#[test]
fn a_long_name_stands_on_several_lines_and_loses_whole_words_only() {
    assert_eq!(nodes::lines("PUA"), ["PUA"]);
    assert_eq!(
        nodes::lines("Housing temporaneo Japigia"),
        ["Housing", "temporaneo Japigia"].map(String::from)
    );
    let long = nodes::lines("Servizio sociale professionale del Municipio Libertà e San Paolo");
    assert!(long.len() == 3 && long[2].ends_with('…'), "{long:?}");
}
