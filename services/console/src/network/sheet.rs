//! The flows as a sheet of cells, to be reckoned with elsewhere; and as CSV.

use strum::VariantArray as _;
use trama_events::codes::DeclineReason;
use trama_projections::network::{Edge, Graph};
use trama_ui::words::InWords as _;

use super::asked::Asked;
use super::flows::{Flow, Flows};
use super::view::about;
use super::words;

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
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Of what, of when, and what each column counts.
    pub(super) meaning: Vec<(String, String)>,
}

/// A column: its name and what it counts.
type Column = (&'static str, &'static str, fn(&Edge) -> Cell);

const COLUMNS: [Column; 15] = [
    ("Invii", "inviati nel periodo", |edge| count(edge.sent)),
    ("Aperti", "di questi, aperti da chi riceve", |edge| count(edge.seen)),
    ("Accolti", "di questi, accolti", |edge| count(edge.accepted)),
    ("Accolti %", "accolti su inviati", |edge| number(edge.acceptance_percent)),
    ("Respinti", "di questi, respinti", |edge| count(edge.declined)),
    ("Scaduti", "di questi, senza risposta nei termini", |edge| count(edge.expired)),
    ("Ritirati", "di questi, ritirati da chi inviava", |edge| count(edge.withdrawn)),
    ("In attesa", "di questi, ancora senza risposta", |edge| count(edge.open)),
    ("Primo incontro", "degli accolti, la persona è venuta al primo incontro", |edge| {
        count(edge.first_visit_held)
    }),
    ("Bisogno risolto", "degli accolti, bisogno risolto", |edge| count(edge.need_met.yes)),
    ("Risolto in parte", "degli accolti, bisogno risolto in parte", |edge| {
        count(edge.need_met.partly)
    }),
    ("Non risolto", "degli accolti, bisogno non risolto", |edge| count(edge.need_met.no)),
    ("Risposta mediana (giorni)", "giorni dall’invio alla risposta, mediana", |edge| {
        number(edge.median_days)
    }),
    ("9 su 10 entro (giorni)", "giorni entro cui arrivano nove risposte su dieci", |edge| {
        number(edge.p90_days)
    }),
    ("In parte nascosto", "sì, dove qualcosa di questo flusso è nascosto", |edge| {
        if edge.suppressed { Cell::Words("sì".into()) } else { Cell::Empty }
    }),
];

fn count(count: Option<i64>) -> Cell {
    match count.map(i32::try_from) {
        Some(Ok(count)) => Cell::Number(f64::from(count)),
        Some(Err(_)) => Cell::Empty,
        None => Cell::Words(words::HIDDEN.into()),
    }
}

fn number(number: Option<f64>) -> Cell {
    number.map_or(Cell::Empty, Cell::Number)
}

pub(super) fn sheet(graph: &Graph, other: Option<&Graph>, asked: &Asked) -> Sheet {
    let flows = Flows::of(graph, other, asked);
    let compares = asked.comparison.is_some();
    let mut header = ["Da", "A"].map(str::to_owned).to_vec();
    header.extend(COLUMNS.iter().map(|(name, ..)| (*name).to_owned()));
    header.extend(
        DeclineReason::VARIANTS.iter().map(|reason| format!("Respinti: {}", reason.words())),
    );
    if compares {
        header.push("Invii nel periodo di confronto".into());
    }
    Sheet {
        header,
        rows: flows.shown.iter().map(|flow| row(flow, &flows, compares)).collect(),
        meaning: meaning(graph, asked, flows.min),
    }
}

fn row(flow: &Flow, flows: &Flows, compares: bool) -> Vec<Cell> {
    let edge = &flow.now;
    let name = |id: &str| Cell::Words(flows.name(id).to_owned());
    let mut cells = vec![name(&edge.from), name(&edge.to)];
    cells.extend(COLUMNS.iter().map(|(_, _, cell)| cell(edge)));
    cells.extend(
        DeclineReason::VARIANTS
            .iter()
            .map(|reason| count(edge.declined_by.get(reason.code()).copied().unwrap_or(Some(0)))),
    );
    if compares {
        cells.push(flow.before.as_ref().map_or(Cell::Empty, |before| count(before.sent)));
    }
    cells
}

fn meaning(graph: &Graph, asked: &Asked, min: i64) -> Vec<(String, String)> {
    let period = asked.scope.period;
    let mut said = vec![
        ("Contenuto".to_owned(), about(graph, asked)),
        ("Dal".into(), period.from.to_string()),
        ("Al".into(), period.to.to_string()),
        ("Flussi con almeno".into(), words::referrals(min)),
    ];
    if let Some((_, other)) = asked.comparison {
        said.push(("Periodo di confronto".into(), format!("{} – {}", other.from, other.to)));
    }
    let positions = graph.positions.iter().map(|(context, at)| format!("{context} {at}"));
    said.push(("Letto fino a".into(), positions.collect::<Vec<_>>().join(", ")));
    let hidden = "il numero è nascosto perché è piccolo, o perché ne rivelerebbe uno piccolo";
    said.push((words::HIDDEN.to_owned(), hidden.to_owned()));
    said.extend(COLUMNS.iter().map(|(name, means, _)| ((*name).to_owned(), (*means).to_owned())));
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
