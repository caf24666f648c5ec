//! `GET /rete`: the network and its flows as tables.

mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime};
use trama_events::codes::Role;
use trama_events::ids::Ats;
use trama_platform::gate::Reader;
use trama_projections::indicators::{Period, Scope, may_see, sees_persons};
use trama_projections::live::OF_NETWORK;
use trama_projections::network::graph;
use trama_ui::dates;
use trama_ui::frame::{News, Place};

use crate::gate::Visitor;
use crate::{Console, answer, live};
use view::{Page, view};

/// Edges on the page, the strongest first.
const EDGES: i64 = 200;

/// Which part of the network.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    dal: Option<String>,
    al: Option<String>,
    ats: Option<String>,
}

/// `GET /rete`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let now = console.models.clock.now();
    let scope = wanted.ok().and_then(|Query(wanted)| scope(&wanted, now, visitor.caller.role));
    let Some(scope) = scope else {
        let text = "I giorni si scrivono come 2026-01-31, il primo non dopo l’ultimo, per al massimo \
                    venti anni; un ambito si scrive come gioia-del-colle. Chi non segue le persone \
                    chiede mesi interi: dal primo giorno di un mese all’ultimo di un mese, o a oggi.";
        return answer::not_understood(&console, &visitor, text);
    };
    if may_see(&reader, &scope).await.is_err() {
        return answer::not_found(&console, Some(&visitor));
    }
    let topics = vec![OF_NETWORK.to_owned()];
    let listens = live::of_page(&console, &reader, topics, News::Figures).await;
    match graph(&console.models.pool, &scope, 1, EDGES).await {
        Ok(graph) => {
            let label = Place::Network.label();
            let mut frame = console.frame(Some(&visitor), label, Some(Place::Network));
            frame.live = listens;
            let view = view(&graph, &scope, &visitor.caller.ats);
            let page = Page { frame, view, at: dates::time_of(now) };
            answer::open_page(&page.frame, &page)
        }
        Err(error) => answer::unread(&console, Some(&visitor), error),
    }
}

fn scope(wanted: &Wanted, now: OffsetDateTime, role: Role) -> Option<Scope> {
    let day = |text: Option<&String>| {
        given(text).map(|text| Date::parse(text, &Iso8601::DATE)).transpose().ok()
    };
    let (from, to) = (day(wanted.dal.as_ref())?, day(wanted.al.as_ref())?);
    let ats = given(wanted.ats.as_ref()).map(Ats::try_new).transpose().ok()?;
    let period = Period::asked(from, to, now, role).ok()?;
    Some(Scope { period, ats, protected: !sees_persons(role) })
}

/// An empty field asks for nothing.
fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}
