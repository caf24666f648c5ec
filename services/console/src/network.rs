//! `GET /rete`: the network and its flows, as a map, as tables and as files.

mod archive;
mod asked;
mod flows;
mod map;
mod ods;
mod panel;
mod sheet;
mod stage;
mod tables;
mod view;
mod words;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use time::OffsetDateTime;
use trama_events::rome;
use trama_platform::gate::Reader;
use trama_projections::indicators::may_see;
use trama_projections::live::OF_NETWORK;
use trama_projections::network::{Graph, graph, last_year};
use trama_ui::dates;
use trama_ui::frame::{News, Place};

use crate::gate::Visitor;
use crate::{Console, answer, live};
use asked::{Asked, Wanted};
use view::{Page, view};

pub(crate) use stage::column;

/// The flows as CSV.
pub(crate) const CSV_PATH: &str = "/rete/flussi.csv";
/// The flows as an ODF spreadsheet.
pub(crate) const ODS_PATH: &str = "/rete/flussi.ods";

/// Flows that are read, the strongest first.
const FLOWS: i64 = 500;

/// What somebody asked for, and may see.
struct Found {
    asked: Asked,
    now: OffsetDateTime,
    graph: Graph,
    /// The graph of the period of comparison.
    other: Option<Graph>,
    /// Where the period is empty: the last year that is not.
    last_year: Option<i32>,
}

/// `GET /rete`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    // Asked before the page is read, so that nothing falls between.
    let topics = vec![OF_NETWORK.to_owned()];
    let listens = live::of_page(&console, &reader, topics, News::Figures).await;
    match find(&console, &visitor, &reader, wanted).await {
        Ok(found) => {
            let label = Place::Network.label(visitor.preferences.language.words());
            let mut frame = console.frame(Some(&visitor), &label, Some(Place::Network));
            frame.live = listens;
            let view = view(&found, &visitor.caller.ats);
            let page = Page { frame, view, at: dates::time_of(found.now) };
            answer::page(StatusCode::OK, &page)
        }
        Err(answer) => *answer,
    }
}

/// `GET /rete/flussi.csv`
pub(crate) async fn csv(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    match find(&console, &visitor, &reader, wanted).await {
        Ok(found) => {
            let text = sheet::sheet(&found.graph, found.other.as_ref(), &found.asked).csv();
            answer::file("text/csv; charset=utf-8", &found.name("csv"), text.into_bytes())
        }
        Err(answer) => *answer,
    }
}

/// `GET /rete/flussi.ods`
pub(crate) async fn ods(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    match find(&console, &visitor, &reader, wanted).await {
        Ok(found) => {
            let sheet = sheet::sheet(&found.graph, found.other.as_ref(), &found.asked);
            answer::file(ods::MEDIA_TYPE, &found.name("ods"), ods::ods(&sheet))
        }
        Err(answer) => *answer,
    }
}

impl Found {
    /// `flussi_2026-01-01_2026-11-22.csv`
    fn name(&self, kind: &str) -> String {
        let period = self.asked.scope.period;
        format!("flussi_{}_{}.{kind}", period.from, period.to)
    }
}

/// The graphs that were asked for, or the page that says why not.
async fn find(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Found, Box<Response>> {
    let now = console.models.clock.now();
    let (role, language) = (visitor.caller.role, visitor.preferences.language);
    let asked = wanted.ok().and_then(|Query(wanted)| Asked::of(&wanted, now, role, language));
    let Some(asked) = asked else {
        let how = visitor.words().network_how_to_ask(rome::day_of(now).to_string());
        return Err(Box::new(answer::not_understood_in(console, visitor, how)));
    };
    if may_see(reader, &asked.scope).await.is_err() {
        return Err(Box::new(answer::not_found(console, Some(visitor))));
    }
    let unread = |error| Box::new(answer::unread(console, Some(visitor), error));
    let found = graph(&console.models.pool, &asked.scope, 1, FLOWS).await.map_err(unread)?;
    let other = match asked.other() {
        Some(scope) => Some(graph(&console.models.pool, &scope, 1, FLOWS).await.map_err(unread)?),
        None => None,
    };
    let last_year = if found.edges.is_empty() {
        last_year(&console.models.pool, &asked.scope, rome::day_of(now)).await.map_err(unread)?
    } else {
        None
    };
    Ok(Found { asked, now, graph: found, other, last_year })
}
