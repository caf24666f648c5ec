//! Which rows of a read model are there for the role under which doors read (ADR 24).

use std::borrow::Cow;
use std::fmt::Write as _;

use super::Model;
use crate::servers::PgRole;

/// What the role of the doors sees of a table. A table without a fence it may not read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence(Kind);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Public(&'static str),
    Rows(&'static str, Cow<'static, str>),
    View(&'static str),
    Beside(Cow<'static, str>),
}

impl Fence {
    /// Rows of no person and no service's own business: shown to whoever is inside the network.
    pub fn public(table: &'static str) -> Self {
        Self(Kind::Public(table))
    }

    /// Rows for which this holds, an SQL condition over the table's columns.
    pub fn rows(table: &'static str, hold: impl Into<Cow<'static, str>>) -> Self {
        Self(Kind::Rows(table, hold.into()))
    }

    /// A view: it has either the fences of its tables (`security_invoker`) or no column that tells
    /// of whom a row is.
    pub fn view(view: &'static str) -> Self {
        Self(Kind::View(view))
    }

    /// A view or a function that later fences name, as the statement that makes it. A function that
    /// reads a table for the fence of that same table must be `security definer`, and begin with
    /// the settings alone; with a body in standard SQL it goes along when the schema is renamed.
    pub fn beside(statement: impl Into<Cow<'static, str>>) -> Self {
        Self(Kind::Beside(statement.into()))
    }

    fn statement(&self) -> String {
        let reader = PgRole::Reader.name();
        let (table, name, hold) = match &self.0 {
            Kind::Public(table) => (table, "public_inside_the_network", "true"),
            Kind::Rows(table, hold) => (table, "of_the_reader", &**hold),
            Kind::View(view) => return format!("grant select on {view} to {reader}"),
            Kind::Beside(statement) => return statement.to_string(),
        };
        format!(
            "grant select on {table} to {reader}; \
             create policy {name} on {table} for select to {reader} using ({hold})"
        )
    }
}

/// Every table of a schema shows nothing to anybody but the model's own role, also tables that a
/// later release adds; `{schema}` and `{writer}` are replaced.
const CLOSED: &str = "do $$ declare t regclass; begin
    for t in select oid from pg_class
        where relnamespace = '{schema}'::regnamespace and relkind in ('r', 'p') loop
        execute format('alter table %s enable row level security, force row level security', t);
        execute format('create policy of_the_model on %s to {writer} using (true)', t);
    end loop; end $$";

/// The statements that put a model's fences up, in the order in which they run.
pub(super) fn statements(model: &dyn Model, schema: &str) -> Vec<String> {
    let reader = PgRole::Reader.name();
    if !model.readers().contains(&reader.as_str()) {
        return Vec::new();
    }
    let closed = CLOSED.replace("{schema}", schema);
    let closed = closed.replace("{writer}", &PgRole::Projections.name());
    let books = [Fence::public("positions"), Fence::public("model")];
    let fences = books.into_iter().chain(model.fences());
    std::iter::once(closed).chain(fences.map(|fence| fence.statement())).collect()
}

/// The fences of a model as one text: another release may have others.
pub(super) fn text(model: &dyn Model) -> String {
    statements(model, "").into_iter().fold(String::new(), |mut text, statement| {
        let _ = write!(text, "{statement};");
        text
    })
}
