//! The network as the page shows it. Pure.

use askama::Template;
use time::Date;
use trama_events::ids::Ats;
use trama_projections::network::{Graph, Month};
use trama_ui::figure::svg::Element;
use trama_ui::frame::Frame;

use super::asked::{Asked, Comparison, Measure};
use super::flows::{Flows, MINIMA};
use super::map::{self, Key};
use super::panel::{Panel, panel};
use super::tables::{MonthRow, Row, ServiceRow, months, rows, services};
use super::words;
use crate::in_words;

/// The page.
#[derive(Debug, Template)]
#[template(path = "network.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) view: View,
    /// At which time it was read.
    pub(super) at: String,
}

/// What the page shows.
#[derive(Debug)]
pub(super) struct View {
    about: String,
    from: Date,
    to: Date,
    /// What the form carries on unseen.
    carried: Vec<(&'static str, String)>,
    choices: Vec<Choice>,
    minima: Vec<Choice>,
    comparisons: Vec<Choice>,
    /// Days of the period of comparison.
    compared: Option<String>,
    measures: Vec<Way>,
    svg: Option<Element>,
    keys: Vec<Key>,
    panel: Panel,
    title: &'static str,
    edges: Vec<Row>,
    count: String,
    /// Where there is nothing to show: why, and what to do.
    empty: Option<Way>,
    nodes: Vec<ServiceRow>,
    months: Vec<MonthRow>,
    suppressed: bool,
    csv: String,
    ods: String,
    again: String,
}

/// Something to choose in a form.
#[derive(Debug)]
struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// A link.
#[derive(Debug)]
struct Way {
    words: String,
    label: &'static str,
    href: String,
    current: bool,
}

pub(super) fn view(graph: &Graph, other: Option<&Graph>, asked: &Asked, own: &Ats) -> View {
    let flows = Flows::of(graph, other, asked);
    let edges = rows(&flows, asked);
    View {
        about: about(graph, asked),
        from: asked.scope.period.from,
        to: asked.scope.period.to,
        carried: asked.carried(),
        choices: choices(asked.scope.ats.as_ref(), own),
        minima: minima(asked.min, flows.min),
        comparisons: comparisons(asked),
        compared: asked.comparison.map(|(_, other)| words::between(other.from, other.to)),
        measures: Measure::ALL.map(|measure| way(measure, asked)).into(),
        svg: map::draw(&flows, asked),
        keys: map::keys(asked),
        panel: panel(graph, &flows, asked),
        title: title(asked.measure),
        count: counted(&flows),
        empty: edges.is_empty().then(|| empty(&flows, asked)),
        edges,
        nodes: services(&flows, asked),
        months: months(graph),
        suppressed: graph.suppressed,
        csv: asked.address(super::CSV_PATH),
        ods: asked.address(super::ODS_PATH),
        again: asked.address(super::asked::PATH),
    }
}

pub(super) fn about(graph: &Graph, asked: &Asked) -> String {
    let whose = asked.scope.ats.as_ref().map_or_else(
        || "Invii tra i servizi della rete metropolitana".to_owned(),
        |ats| format!("Invii dei servizi dell’ambito {}", in_words(ats.as_str())),
    );
    let period = words::between(asked.scope.period.from, asked.scope.period.to);
    let sum =
        |count: fn(&Month) -> Option<i64>| graph.months.iter().map(count).sum::<Option<i64>>();
    let totals = sum(|month| month.sent).filter(|sent| *sent > 0).map(|sent| {
        let accepted = sum(|month| month.accepted)
            .map(|accepted| format!(", {}% accolti", accepted * 100 / sent));
        format!(" · {}{}", words::referrals(sent), accepted.unwrap_or_default())
    });
    format!("{whose} · {period}{}", totals.unwrap_or_default())
}

fn choices(chosen: Option<&Ats>, own: &Ats) -> Vec<Choice> {
    let whole =
        Choice { value: String::new(), label: "Tutta la rete".into(), chosen: chosen.is_none() };
    let mut slugs: Vec<&Ats> = vec![own];
    slugs.extend(chosen.filter(|chosen| *chosen != own));
    let ats = slugs.into_iter().filter(|ats| ats.as_str() != "metro").map(|ats| Choice {
        value: ats.to_string(),
        label: format!("Ambito {}", in_words(ats.as_str())),
        chosen: chosen == Some(ats),
    });
    std::iter::once(whole).chain(ats).collect()
}

/// Without a choice, what was chosen by how many there are.
fn minima(chosen: Option<i64>, found: i64) -> Vec<Choice> {
    let itself = if found <= 1 { "tutti".into() } else { words::referrals(found) };
    let own = Choice {
        value: String::new(),
        label: format!("quanto basta: {itself}"),
        chosen: chosen.is_none(),
    };
    let label = |min: i64| if min == 1 { "1 invio: tutti".into() } else { words::referrals(min) };
    let mut all = MINIMA.to_vec();
    all.extend(chosen.filter(|chosen| !MINIMA.contains(chosen)));
    all.sort_unstable();
    let each = all.into_iter().map(|min| Choice {
        value: min.to_string(),
        label: label(min),
        chosen: chosen == Some(min),
    });
    std::iter::once(own).chain(each).collect()
}

fn comparisons(asked: &Asked) -> Vec<Choice> {
    let chosen = asked.comparison.map(|(comparison, _)| comparison);
    let none = Choice { value: String::new(), label: "niente".into(), chosen: chosen.is_none() };
    let label = |comparison| match comparison {
        Comparison::Before => "il periodo prima",
        Comparison::YearBefore => "un anno prima",
    };
    let each = Comparison::ALL.map(|one| Choice {
        value: one.code().into(),
        label: label(one).into(),
        chosen: chosen == Some(one),
    });
    std::iter::once(none).chain(each).collect()
}

fn way(measure: Measure, asked: &Asked) -> Way {
    let label = match measure {
        Measure::Volume => "Volume",
        Measure::Accepted => "Accolti",
        Measure::Outcome => "Esito",
        Measure::Time => "Tempo",
    };
    let current = measure == asked.measure;
    Way { words: String::new(), label, href: asked.measuring(measure), current }
}

fn title(measure: Measure) -> &'static str {
    match measure {
        Measure::Volume => "Flussi, dal più forte",
        Measure::Accepted => "Flussi, da chi accoglie meno",
        Measure::Outcome => "Flussi, da dove si risolve meno",
        Measure::Time => "Flussi, dalla risposta più lenta",
    }
}

fn counted(flows: &Flows) -> String {
    let all = |count: usize| if count == 1 { "1 flusso".into() } else { format!("{count} flussi") };
    let least = if flows.min > 1 {
        format!(" con almeno {}", words::referrals(flows.min))
    } else {
        String::new()
    };
    let more = match flows.left_out {
        0 => String::new(),
        1 => " · un altro più debole".into(),
        count => format!(" · altri {count} più deboli"),
    };
    format!("{}{least}{more}", all(flows.shown.len()))
}

fn empty(flows: &Flows, asked: &Asked) -> Way {
    if flows.left_out > 0 {
        let words = format!("Meno di {} nel periodo su ogni flusso.", words::referrals(flows.min));
        let href = asked.with_at_least(Some(1));
        return Way { words, label: "Mostra tutti i flussi", href, current: false };
    }
    let words = "Nessun invio nel periodo. Prova un periodo più lungo.".into();
    Way { words, label: "Torna all’ultimo anno", href: super::asked::PATH.into(), current: false }
}

#[cfg(test)]
mod tests;
