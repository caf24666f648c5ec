//! Indicators as they are shown: value, dimensions, formula, event types, positions.

use std::collections::BTreeMap;

use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use strum::VariantArray;
use utoipa::ToSchema;

use super::asked::{Level, Period, Positions, Scope, positions};
use super::cells::{Sum, hidden, shown};
use super::formulas::Indicator;
use super::stock::Stock;
use super::{homeless, people, stock};
use crate::fence::Sight;

/// The indicators of a period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// Which days.
    pub period: Period,
    /// `ats` or `metropolitan`.
    pub level: Level,
    /// The ATS, at that level.
    pub ats: Option<String>,
    /// The indicators, by number.
    pub indicators: Vec<Figure>,
}

/// An indicator with its value and everything that explains it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Figure {
    /// Its number.
    pub id: Indicator,
    /// Its name.
    pub name: &'static str,
    /// In what it is counted.
    pub unit: &'static str,
    /// The value; `null` when it is hidden.
    pub value: Option<Amount>,
    /// Other values of the same formula, by name.
    #[schema(value_type = Object)]
    pub values: BTreeMap<String, Option<Amount>>,
    /// The value by dimension.
    pub by: BTreeMap<String, Vec<Cell>>,
    /// Anonymous people and contacts, apart.
    #[schema(value_type = Object)]
    pub anonymous: BTreeMap<String, Option<i64>>,
    /// Figures of other origin, to be held against it.
    #[schema(value_type = Object)]
    pub beside: BTreeMap<String, Option<i64>>,
    /// What is counted.
    pub formula: &'static str,
    /// Events that are counted.
    pub event_types: Vec<&'static str>,
    /// How far the logs behind it were read.
    #[schema(value_type = Object)]
    pub positions: Positions,
    /// Whether something is hidden because it counts fewer than five people.
    pub suppressed: bool,
}

/// A number of something.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Amount {
    /// Counted.
    Whole(i64),
    /// Measured, e.g. full-time equivalents.
    Part(f64),
}

/// A cell of a dimension.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Cell {
    /// Code of the cell, e.g. `female`, `18-24`, `hub`.
    pub code: String,
    /// Its value; `null` when it is hidden.
    pub value: Option<Amount>,
}

/// Every indicator of a scope.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn report(pool: &PgPool, scope: &Scope) -> sqlx::Result<Report> {
    let mut rows = Sight::counting().begin(pool).await?;
    let positions = positions(&mut rows, "indicators").await?;
    let mut indicators = Vec::with_capacity(Indicator::VARIANTS.len());
    for indicator in Indicator::VARIANTS {
        let figure = Figure::empty(*indicator, &positions);
        indicators.push(figure.filled(&mut rows, scope).await?);
    }
    Ok(Report {
        period: scope.period,
        level: Level::of(scope.ats.as_ref()),
        ats: scope.ats.as_ref().map(ToString::to_string),
        indicators,
    })
}

impl Figure {
    fn empty(id: Indicator, positions: &Positions) -> Self {
        let formula = id.formula();
        let behind = positions.iter().filter(|(context, _)| formula.contexts.contains(context));
        Self {
            id,
            name: formula.name,
            unit: formula.unit,
            value: None,
            values: BTreeMap::new(),
            by: BTreeMap::new(),
            anonymous: BTreeMap::new(),
            beside: BTreeMap::new(),
            formula: formula.counts,
            event_types: formula.event_types.to_vec(),
            positions: behind.map(|(context, position)| (*context, *position)).collect(),
            suppressed: false,
        }
    }

    async fn filled(self, rows: &mut PgConnection, scope: &Scope) -> sqlx::Result<Self> {
        Ok(match self.id {
            Indicator::I1 => self.centres(&stock::centres(rows, scope).await?),
            Indicator::I2 => self.places(&stock::places(rows, scope).await?),
            Indicator::I3 => self.beneficiaries(rows, scope).await?,
            Indicator::I4 => self.whole("type", &stock::services(rows, scope).await?),
            Indicator::I5 => self.social_workers(&stock::social_workers(rows, scope).await?),
            Indicator::I10 => self.homeless(rows, scope).await?,
        })
    }

    fn whole(mut self, dimension: &str, stock: &Stock) -> Self {
        self.value = Some(Amount::Whole(stock.values().map(|(now, _)| now).sum()));
        let cell = |(code, (now, _)): (&String, &(i64, i64))| Cell {
            code: code.clone(),
            value: Some(Amount::Whole(*now)),
        };
        self.by.insert(dimension.into(), stock.iter().map(cell).collect());
        self
    }

    fn centres(self, stock: &Stock) -> Self {
        let mut figure = self.whole("type", stock);
        let new = stock.values().map(|(_, new)| new).sum();
        figure.values.insert("new".into(), Some(Amount::Whole(new)));
        figure
    }

    fn places(self, stock: &Stock) -> Self {
        let mut figure = self.whole("kind", stock);
        let start: i64 = stock.values().map(|(_, start)| start).sum();
        let end: i64 = stock.values().map(|(end, _)| end).sum();
        figure.values.insert("at_start".into(), Some(Amount::Whole(start)));
        figure.values.insert("net".into(), Some(Amount::Whole(end - start)));
        let net = |(code, (end, start)): (&String, &(i64, i64))| Cell {
            code: code.clone(),
            value: Some(Amount::Whole(end - start)),
        };
        figure.by.insert("kind_net".into(), stock.iter().map(net).collect());
        figure
    }

    fn social_workers(self, stock: &Stock) -> Self {
        let mut figure = self.whole("contract", stock);
        let hundredths: i64 = stock.values().map(|(now, _)| now).sum();
        figure.value = Some(fte(hundredths));
        let cell = |(code, (now, _)): (&String, &(i64, i64))| Cell {
            code: code.clone(),
            value: Some(fte(*now)),
        };
        figure.by.insert("contract".into(), stock.iter().map(cell).collect());
        figure
    }

    async fn beneficiaries(mut self, rows: &mut PgConnection, scope: &Scope) -> sqlx::Result<Self> {
        let heads = people::beneficiaries(&mut *rows, scope).await?;
        let total = heads.iter().map(|head| head.people).sum();
        let mut table = Table::with_total(total);
        for (dimension, cells) in people::dimensions(&heads, scope.period.to) {
            table.add_dimension(dimension, cells);
        }
        let anonymous = people::anonymous(rows, scope).await?;
        self.anonymous = self.apart(&anonymous, scope);
        Ok(self.with_people(table, scope))
    }

    async fn homeless(mut self, rows: &mut PgConnection, scope: &Scope) -> sqlx::Result<Self> {
        let stock = homeless::stock(&mut *rows, scope).await?;
        let of = |category: &str| stock.get(category).map(Vec::as_slice).unwrap_or_default();
        let people = |category: &str| of(category).iter().map(|head| head.people).sum::<i64>();
        let to_reduce = [of("1"), of("2")].concat();
        let mut table = Table::with_total(people("1") + people("2"));
        let parts = ["1", "2"].map(|category| (format!("ethos_{category}"), people(category)));
        table.add_dimension("to_reduce", parts.to_vec());
        for (dimension, cells) in people::dimensions(&to_reduce, scope.period.to) {
            table.add_dimension(dimension, cells);
        }
        table.add_alone("ethos_3", people("3"));
        let anonymous = homeless::anonymous(&mut *rows, scope).await?;
        self.anonymous = self.apart(&anonymous, scope);
        let counted = homeless::counted(rows, scope).await?;
        self.beside = self.apart(&counted, scope);
        let mut figure = self.with_people(table, scope);
        for cell in figure.by.remove("to_reduce").unwrap_or_default() {
            figure.values.insert(cell.code, cell.value);
        }
        figure.values.insert("to_reduce".into(), figure.value);
        Ok(figure)
    }

    /// Counts that stand in no sum.
    fn apart(
        &mut self,
        counts: &BTreeMap<String, i64>,
        scope: &Scope,
    ) -> BTreeMap<String, Option<i64>> {
        let cells: Vec<i64> = counts.values().copied().collect();
        let hidden = hidden(&cells, |_| !scope.protected, &[]);
        self.suppressed |= hidden.contains(&true);
        counts
            .iter()
            .zip(hidden)
            .map(|((code, count), hidden)| (code.clone(), shown(*count, hidden)))
            .collect()
    }

    fn with_people(mut self, table: Table, scope: &Scope) -> Self {
        let hidden = hidden(&table.cells, |_| !scope.protected, &table.sums);
        self.suppressed |= hidden.contains(&true);
        let cell = |index: usize| shown(table.cells[index], hidden[index]).map(Amount::Whole);
        self.value = cell(0);
        for (dimension, codes) in table.dimensions {
            let cells = codes.into_iter().map(|(code, index)| Cell { code, value: cell(index) });
            self.by.insert(dimension, cells.collect());
        }
        for (code, index) in table.alone {
            self.values.insert(code, cell(index));
        }
        self
    }
}

fn fte(hundredths: i64) -> Amount {
    Amount::Part(i32::try_from(hundredths).map_or(f64::MAX, f64::from) / 100.0)
}

/// Cells of a figure on people, with the sums in which they stand. Cell 0 is the total.
struct Table {
    cells: Vec<i64>,
    sums: Vec<Sum>,
    dimensions: Vec<(String, Vec<(String, usize)>)>,
    alone: Vec<(String, usize)>,
}

impl Table {
    fn with_total(total: i64) -> Self {
        Self { cells: vec![total], sums: Vec::new(), dimensions: Vec::new(), alone: Vec::new() }
    }

    fn push(&mut self, count: i64) -> usize {
        self.cells.push(count);
        self.cells.len() - 1
    }

    /// Cells that add up to the total.
    fn add_dimension(&mut self, name: &str, cells: Vec<(String, i64)>) {
        let codes: Vec<(String, usize)> =
            cells.into_iter().map(|(code, count)| (code, self.push(count))).collect();
        self.sums.push(codes.iter().map(|(_, index)| *index).chain([0]).collect());
        self.dimensions.push((name.to_owned(), codes));
    }

    fn add_alone(&mut self, code: &str, count: i64) {
        let index = self.push(count);
        self.alone.push((code.to_owned(), index));
    }
}
