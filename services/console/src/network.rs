//! `GET /rete`: the network and its flows as tables.

mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::Date;
use time::format_description::well_known::Iso8601;
use trama_events::codes::Role;
use trama_events::ids::Ats;
use trama_events::rome;
use trama_platform::caller::Caller;
use trama_projections::indicators::{Period, Scope};
use trama_projections::network::graph;
use trama_ui::frame::Place;

use crate::{Console, answer};
use view::{Page, view};

/// Edges on the page, the strongest first.
const EDGES: i64 = 200;
/// Days of a period that nobody named.
const DAYS: i64 = 365;
/// Longest period, in days: twenty years.
const DAYS_MAX: i64 = 7_305;

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
    caller: Caller,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let today = rome::day_of(console.models.clock.now());
    let scope = wanted.ok().and_then(|Query(wanted)| scope(&wanted, today, caller.role));
    let Some(scope) = scope else {
        let text = "I giorni si scrivono come 2026-01-31, il primo non dopo l’ultimo, per al massimo \
                    venti anni; un ambito si scrive come gioia-del-colle.";
        return answer::not_understood(&console, &caller, text);
    };
    match graph(&console.models.pool, &scope, 1, EDGES).await {
        Ok(graph) => {
            let frame = console.frame(Some(&caller), Place::Network.label(), Some(Place::Network));
            answer::page(StatusCode::OK, &Page { frame, view: view(&graph, &scope, &caller.ats) })
        }
        Err(error) => answer::unread(&console, &caller, error),
    }
}

fn scope(wanted: &Wanted, today: Date, role: Role) -> Option<Scope> {
    let day = |text: &str| Date::parse(text, &Iso8601::DATE).ok();
    let to = given(wanted.al.as_ref()).map_or(Some(today), day)?;
    let from =
        given(wanted.dal.as_ref()).map_or_else(|| Some(rome::days_after(to, 1 - DAYS)), day)?;
    let ats = given(wanted.ats.as_ref()).map(Ats::try_new).transpose().ok()?;
    let fits = from <= to && (to - from).whole_days() < DAYS_MAX;
    fits.then_some(Scope {
        period: Period { from, to },
        ats,
        protected: !trama_projections::indicators::sees_persons(role),
    })
}

/// An empty field asks for nothing.
fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}
