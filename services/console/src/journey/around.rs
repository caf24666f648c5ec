//! `GET /persone/{person}/rete`: the services around a person and the referrals between them, as a
//! small map with its tables. For who has her in charge; of the entries that are open to her, and of
//! nothing else.

mod map;
mod view;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use trama_events::codes::Role;
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use trama_projections::journey::{Asked, SECTIONS, journey};
use trama_projections::live::of_journey;
use trama_ui::dates;
use trama_ui::frame::{Live, News};

use super::view::Seen;
use crate::gate::Visitor;
use crate::people::purpose_of;
use crate::{Console, answer, live};
use view::{Hers, Page};

/// Opening it.
pub(crate) const AROUND: Action = Action {
    name: "page.services_around",
    roles: &[Role::CaseManager],
    why: "who has a person in charge sees which services are around her and who sent her where",
    second_factor: false,
};

/// The last part of its address.
pub(crate) const PAGE: &str = "rete";

/// For which purpose.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    scopo: Option<String>,
}

/// `GET /persone/{person}/rete`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    mut reader: Reader,
    person: Result<Path<PersonId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let (Ok(Path(person)), Ok(Query(wanted))) = (person, wanted) else {
        return answer::not_found(&console, Some(&visitor));
    };
    reader.caller.stated = wanted.scopo.as_deref().and_then(purpose_of);
    let listens = live::of_page(&console, &reader, vec![of_journey(person)], News::Figures).await;
    let opened = match reader.open(person, &SECTIONS).await {
        Ok(opened) => opened,
        Err(problem) => return answer::closed(&console, &visitor, &problem),
    };
    if !opened.in_charge {
        return answer::closed(&console, &visitor, &Problem::not_found());
    }
    let asked = Asked { recorded_by: None, occurred_by: None };
    match journey(&console.models.pool, person, asked, &opened).await {
        Ok(Ok(journey)) => {
            let now = console.models.clock.now();
            let language = visitor.preferences.language;
            let today = rome::day_of(now);
            let seen = Seen { language, now: today, known_by: None, happened_by: None };
            let hers = Hers { person, stated: reader.caller.stated, at: dates::time_of(now) };
            let listens = listens.map(|live| Live { sight: live::sight(&opened), ..live });
            let page = Page::new(&console, &visitor, hers, &journey, &seen);
            answer::page(StatusCode::OK, &page.listening(listens))
        }
        Ok(Err(_)) => answer::closed(&console, &visitor, &Problem::not_found()),
        Err(error) => answer::unread(&console, Some(&visitor), error),
    }
}
