//! The flows as a sheet of cells, to be reckoned with elsewhere; and as CSV.

use strum::VariantArray as _;
use trama_events::codes::DeclineReason;
use trama_projections::network::{Edge, Graph};
use trama_ui::language::{Language, Words};
use trama_ui::words::InWords as _;

use super::asked::Asked;
use super::flows::{Flow, Flows};
use super::view::about;
use super::words::Figures;

/// What stands in one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Words(String),
    Number(f64),
    /// There is no such number.
    Empty,
}

/// A table with its header row, and what its columns mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sheet {
    pub(super) language: Language,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Of what, of when, and what each column counts.
    pub(super) meaning: Vec<(String, String)>,
}

/// A column: its name, what it counts, and its cell of a flow.
type Column = (fn(&Words) -> String, fn(&Words) -> String, fn(&Edge, Figures) -> Cell);

const COLUMNS: [Column; 15] = [
    (Words::network_sheet_sent, Words::network_sheet_sent_means, |edge, figures| {
        count(edge.sent, figures)
    }),
    (Words::network_sheet_seen, Words::network_sheet_seen_means, |edge, figures| {
        count(edge.seen, figures)
    }),
    (Words::network_sheet_accepted, Words::network_sheet_accepted_means, |edge, figures| {
        count(edge.accepted, figures)
    }),
    (Words::network_sheet_share, Words::network_sheet_share_means, |edge, _| {
        number(edge.acceptance_percent)
    }),
    (Words::network_sheet_declined, Words::network_sheet_declined_means, |edge, figures| {
        count(edge.declined, figures)
    }),
    (Words::network_sheet_expired, Words::network_sheet_expired_means, |edge, figures| {
        count(edge.expired, figures)
    }),
    (Words::network_sheet_withdrawn, Words::network_sheet_withdrawn_means, |edge, figures| {
        count(edge.withdrawn, figures)
    }),
    (Words::network_sheet_open, Words::network_sheet_open_means, |edge, figures| {
        count(edge.open, figures)
    }),
    (Words::network_sheet_visit, Words::network_sheet_visit_means, |edge, figures| {
        count(edge.first_visit_held, figures)
    }),
    (Words::network_sheet_met, Words::network_sheet_met_means, |edge, figures| {
        count(edge.need_met.yes, figures)
    }),
    (Words::network_sheet_partly, Words::network_sheet_partly_means, |edge, figures| {
        count(edge.need_met.partly, figures)
    }),
    (Words::network_sheet_unmet, Words::network_sheet_unmet_means, |edge, figures| {
        count(edge.need_met.no, figures)
    }),
    (Words::network_sheet_median, Words::network_sheet_median_means, |edge, _| {
        number(edge.median_days)
    }),
    (Words::network_sheet_ninety, Words::network_sheet_ninety_means, |edge, _| {
        number(edge.p90_days)
    }),
    (Words::network_sheet_hides, Words::network_sheet_hides_means, |edge, figures| {
        if edge.suppressed { Cell::Words(figures.words().network_sheet_yes()) } else { Cell::Empty }
    }),
];

fn count(count: Option<i64>, figures: Figures) -> Cell {
    match count.map(i32::try_from) {
        Some(Ok(count)) => Cell::Number(f64::from(count)),
        Some(Err(_)) => Cell::Empty,
        None => Cell::Words(figures.hidden()),
    }
}

fn number(number: Option<f64>) -> Cell {
    number.map_or(Cell::Empty, Cell::Number)
}

pub(super) fn sheet(graph: &Graph, other: Option<&Graph>, asked: &Asked) -> Sheet {
    let flows = Flows::of(graph, other, asked);
    let (compares, language) = (asked.comparison.is_some(), asked.language);
    let words = language.words();
    let mut header = vec![words.network_column_from(), words.network_column_to()];
    header.extend(COLUMNS.iter().map(|(name, ..)| name(words)));
    header.extend(
        DeclineReason::VARIANTS
            .iter()
            .map(|reason| words.network_sheet_declined_by(reason.words_in(language))),
    );
    if compares {
        header.push(words.network_sheet_before());
    }
    let rows = flows.shown.iter().map(|flow| row(flow, &flows, asked)).collect();
    Sheet { language, header, rows, meaning: meaning(graph, asked, flows.min) }
}

fn row(flow: &Flow, flows: &Flows, asked: &Asked) -> Vec<Cell> {
    let (edge, figures) = (&flow.now, asked.figures());
    let name = |id: &str| Cell::Words(flows.name(id).to_owned());
    let declined = |reason: &DeclineReason| {
        count(edge.declined_by.get(reason.code()).copied().unwrap_or(Some(0)), figures)
    };
    let mut cells = vec![name(&edge.from), name(&edge.to)];
    cells.extend(COLUMNS.iter().map(|(_, _, cell)| cell(edge, figures)));
    cells.extend(DeclineReason::VARIANTS.iter().map(declined));
    if asked.comparison.is_some() {
        let before = flow.before.as_ref();
        cells.push(before.map_or(Cell::Empty, |before| count(before.sent, figures)));
    }
    cells
}

fn meaning(graph: &Graph, asked: &Asked, min: i64) -> Vec<(String, String)> {
    let (period, figures) = (asked.scope.period, asked.figures());
    let words = figures.words();
    let mut said = vec![
        (words.network_sheet_content(), about(graph, asked)),
        (words.network_from(), period.from.to_string()),
        (words.network_to(), period.to.to_string()),
        (words.network_least(), figures.referrals(min)),
    ];
    if let Some((_, other)) = asked.comparison {
        said.push((words.network_sheet_compared(), format!("{} – {}", other.from, other.to)));
    }
    let positions = graph.positions.iter().map(|(context, at)| format!("{context} {at}"));
    said.push((words.network_sheet_read(), positions.collect::<Vec<_>>().join(", ")));
    said.push((figures.hidden(), words.network_sheet_hidden()));
    said.extend(COLUMNS.iter().map(|(name, means, _)| (name(words), means(words))));
    said
}

impl Sheet {
    /// As CSV for where a comma is in numbers: fields divided by semicolons, lines by CR LF, marked
    /// as UTF-8. Source: RFC 4180, but for the semicolon.
    pub(super) fn csv(&self) -> String {
        let header = self.header.iter().map(|name| Cell::Words(name.clone())).collect();
        let lines = std::iter::once(&header)
            .chain(&self.rows)
            .map(|row: &Vec<Cell>| row.iter().map(field).collect::<Vec<_>>().join(";") + "\r\n");
        "\u{feff}".to_owned() + &lines.collect::<String>()
    }
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(number) => number.to_string().replace('.', ","),
        Cell::Words(words) => quoted(words),
    }
}

/// A name that begins like a formula stays a name: spreadsheets would reckon it. Source: OWASP, CSV
/// injection.
fn quoted(words: &str) -> String {
    let is_formula = words.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let words = if is_formula { format!("'{words}") } else { words.to_owned() };
    if words.contains([';', '"', '\n', '\r']) {
        format!("\"{}\"", words.replace('"', "\"\""))
    } else {
        words
    }
}

#[cfg(test)]
mod tests;
