//! The network as the page shows it. Pure.

use askama::Template;
use time::Date;
use trama_events::ids::Ats;
use trama_projections::network::{Graph, Month};
use trama_ui::figure::svg::Element;
use trama_ui::frame::Frame;
use trama_ui::language::Words;

use super::Found;
use super::asked::{Asked, Comparison, Measure};
use super::flows::{Flows, MINIMA};
use super::map::{self, Key};
use super::panel::{Panel, panel};
use super::tables::{MonthRow, Row, ServiceRow, months, rows, services};
use super::words::{Figures, percent, share};
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
    title: String,
    edges: Vec<Row>,
    count: String,
    /// Whether nothing was sent in the period: no table would hold anything.
    nothing: bool,
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
    label: String,
    href: String,
    current: bool,
}

pub(super) fn view(found: &Found, own: &Ats) -> View {
    let Found { asked, graph, other, last_year, .. } = found;
    let flows = Flows::of(graph, other.as_ref(), asked);
    let edges = rows(&flows, asked);
    View {
        about: about(graph, asked),
        from: asked.scope.period.from,
        to: asked.scope.period.to,
        carried: asked.carried(),
        choices: choices(asked, own),
        minima: minima(asked.min, flows.min, asked.figures()),
        comparisons: comparisons(asked),
        compared: asked.comparison.map(|(_, other)| asked.figures().between(other.from, other.to)),
        measures: Measure::ALL.map(|measure| way(measure, asked)).into(),
        svg: map::draw(&flows, asked),
        keys: map::keys(asked),
        panel: panel(graph, &flows, asked),
        title: title(asked.measure, asked.language.words()),
        count: counted(&flows, asked.figures()),
        nothing: flows.shown.is_empty() && flows.left_out == 0,
        empty: edges.is_empty().then(|| empty(&flows, asked, *last_year)),
        edges,
        nodes: services(&flows, asked),
        months: months(graph, asked.figures()),
        suppressed: graph.suppressed,
        csv: asked.address(super::CSV_PATH),
        ods: asked.address(super::ODS_PATH),
        again: asked.address(super::asked::PATH),
    }
}

pub(super) fn about(graph: &Graph, asked: &Asked) -> String {
    let (figures, period) = (asked.figures(), asked.scope.period);
    let words = figures.words();
    let whose = asked.scope.ats.as_ref().map_or_else(
        || words.network_about_whole(),
        |ats| words.network_about_ats(in_words(ats.as_str())),
    );
    let sum =
        |count: fn(&Month) -> Option<i64>| graph.months.iter().map(count).sum::<Option<i64>>();
    let mut told = format!("{whose} · {}", figures.between(period.from, period.to));
    if let Some(sent) = sum(|month| month.sent).filter(|sent| *sent > 0) {
        told = format!("{told} · {}", figures.referrals(sent));
        if let Some(share) = share(sum(|month| month.accepted), Some(sent)) {
            told = format!("{told}, {}", words.network_about_accepted(percent(share)));
        }
    }
    told
}

fn choices(asked: &Asked, own: &Ats) -> Vec<Choice> {
    let (chosen, words) = (asked.scope.ats.as_ref(), asked.language.words());
    let whole =
        Choice { value: String::new(), label: words.network_whole(), chosen: chosen.is_none() };
    let mut slugs: Vec<&Ats> = vec![own];
    slugs.extend(chosen.filter(|chosen| *chosen != own));
    let ats = slugs.into_iter().filter(|ats| ats.as_str() != "metro").map(|ats| Choice {
        value: ats.to_string(),
        label: words.network_ats(in_words(ats.as_str())),
        chosen: chosen == Some(ats),
    });
    std::iter::once(whole).chain(ats).collect()
}

/// Without a choice, what was chosen by how many there are.
fn minima(chosen: Option<i64>, found: i64, figures: Figures) -> Vec<Choice> {
    let words = figures.words();
    let itself = if found <= 1 { words.network_least_all() } else { figures.referrals(found) };
    let own = Choice {
        value: String::new(),
        label: words.network_least_itself(itself),
        chosen: chosen.is_none(),
    };
    let label =
        |min: i64| if min == 1 { words.network_least_one() } else { figures.referrals(min) };
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
    let words = asked.language.words();
    let chosen = asked.comparison.map(|(comparison, _)| comparison);
    let none = Choice {
        value: String::new(),
        label: words.network_compare_nothing(),
        chosen: chosen.is_none(),
    };
    let label = |comparison| match comparison {
        Comparison::Before => words.network_compare_before(),
        Comparison::YearBefore => words.network_compare_year(),
    };
    let each = Comparison::ALL.map(|one| Choice {
        value: one.code().into(),
        label: label(one),
        chosen: chosen == Some(one),
    });
    std::iter::once(none).chain(each).collect()
}

fn way(measure: Measure, asked: &Asked) -> Way {
    let words = asked.language.words();
    let label = match measure {
        Measure::Volume => words.network_volume(),
        Measure::Accepted => words.network_accepted(),
        Measure::Outcome => words.network_outcome(),
        Measure::Time => words.network_time(),
    };
    let current = measure == asked.measure;
    Way { words: String::new(), label, href: asked.measuring(measure), current }
}

fn title(measure: Measure, words: &Words) -> String {
    match measure {
        Measure::Volume => words.network_by_volume(),
        Measure::Accepted => words.network_by_accepted(),
        Measure::Outcome => words.network_by_outcome(),
        Measure::Time => words.network_by_time(),
    }
}

fn counted(flows: &Flows, figures: Figures) -> String {
    let words = figures.words();
    let mut told = words.network_flows(flows.shown.len());
    if flows.min > 1 {
        told = words.network_flows_least(told, figures.referrals(flows.min));
    }
    if flows.left_out > 0 {
        told = format!("{told} · {}", words.network_weaker(flows.left_out));
    }
    told
}

fn empty(flows: &Flows, asked: &Asked, last_year: Option<i32>) -> Way {
    let say = asked.language.words();
    if flows.left_out > 0 {
        let words = say.network_empty_least(asked.figures().referrals(flows.min));
        let href = asked.with_at_least(Some(1));
        return Way { words, label: say.network_empty_all(), href, current: false };
    }
    let (words, label, href) = match last_year {
        Some(year) => {
            let named = year.to_string();
            let words = say.network_empty_but(named.as_str());
            (words, say.network_empty_year(named), asked.of_year(year))
        }
        None => (say.network_empty(), say.network_empty_back(), super::asked::PATH.into()),
    };
    Way { words, label, href, current: false }
}

#[cfg(test)]
mod tests;
