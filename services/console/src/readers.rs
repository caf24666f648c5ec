//! `/accessi` and `/persone/{id}/accessi`: who looked at a person, for the data protection officer,
//! and the copy that the person gets; also from the desk, or from who has her in charge. Reading it
//! is written down as well.

mod view;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::{Joined, codes_of, links_of, persons_by_code};
use trama_ui::frame::{Frame, Place};

use crate::api::Api;
use crate::gate::{Visitor, encode};
use crate::people::{purpose_of, short_code};
use crate::{Console, answer};
use view::Page;

/// Bodies whose names are looked up for one page.
const BODIES_MAX: usize = 40;
/// Links that were undone, for which the readers are listed on one page.
const UNDONE_MAX: usize = 5;

#[derive(Template)]
#[template(path = "readers_search.html")]
struct Asking<'a> {
    frame: Frame,
    code: &'a str,
    wrong: Option<&'a str>,
}

/// Of whom the log is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfWhom {
    #[serde(default)]
    codice: String,
}

/// `GET /accessi`
pub(crate) async fn ask(
    State(console): State<Console>,
    visitor: Visitor,
    asked: Result<Query<OfWhom>, QueryRejection>,
) -> Response {
    let typed = asked.map(|Query(asked)| asked.codice).unwrap_or_default();
    let typed = typed.trim();
    let again = |wrong: Option<&str>| {
        let frame = console.frame(Some(&visitor), "Chi ha visto", Some(Place::Accesses));
        let status =
            if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        answer::page(status, &Asking { frame, code: typed, wrong })
    };
    if typed.is_empty() {
        return again(None);
    }
    let code = match short_code(typed) {
        Ok(code) => code,
        Err(why) => return again(Some(why)),
    };
    match persons_by_code(&console.models.pool, &code).await {
        Ok(found) => match found.first() {
            Some((person, _)) => {
                Redirect::to(&format!("/persone/{person}/accessi")).into_response()
            }
            None => again(Some("Nessuna persona con questo codice.")),
        },
        Err(error) => answer::unread(&console, Some(&visitor), error),
    }
}

/// Which part, for whom, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// What the part before named as the next.
    dopo: Option<i64>,
    /// `persona` for the copy that the person gets.
    copia: Option<String>,
    /// For which purpose whoever is no auditor asks.
    scopo: Option<String>,
}

/// One look, as the door tells it.
#[derive(Debug, Deserialize)]
struct Look {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    organisation: OrganisationId,
    role: String,
    sections: Vec<String>,
    purpose: String,
    emergency_access: bool,
    staff: Option<StaffId>,
    decision: String,
}

#[derive(Debug, Deserialize)]
struct Looks {
    items: Vec<Look>,
    next: Option<i64>,
}

/// Somebody who read a joined file, as the door tells it.
#[derive(Debug, Deserialize)]
struct ReadBy {
    staff: StaffId,
    organisation: OrganisationId,
    role: String,
    sections: Vec<String>,
    times: i64,
    #[serde(with = "time::serde::rfc3339")]
    first_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    last_at: OffsetDateTime,
}

#[derive(Debug, Deserialize)]
struct JoinedReaders {
    readers: Vec<ReadBy>,
}

#[derive(Deserialize)]
struct Body {
    name: String,
}

/// Everything that the page shows.
#[derive(Debug)]
struct Known {
    person: PersonId,
    for_person: bool,
    /// For which purpose it is asked by whoever tells her; none for the auditor.
    told_for: Option<Purpose>,
    looks: Looks,
    undone: Vec<(Joined, Vec<ReadBy>)>,
    codes: BTreeMap<PersonId, String>,
    bodies: BTreeMap<OrganisationId, String>,
}

/// `GET /persone/{id}/accessi`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    person: Result<Path<PersonId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let (Ok(Path(person)), Ok(Query(wanted))) = (person, wanted) else {
        return answer::not_found(&console, Some(&visitor));
    };
    match known(&console, &visitor, person, &wanted).await {
        Ok(known) => {
            let today = trama_events::rome::day_of(trama_platform::clock::real_now());
            answer::page(StatusCode::OK, &Page::new(&console, &visitor, &known, today))
        }
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

async fn known(
    console: &Console,
    visitor: &Visitor,
    person: PersonId,
    wanted: &Wanted,
) -> Result<Known, Problem> {
    let audits = visitor.caller.role == Role::Auditor;
    let told_for = wanted.scopo.as_deref().and_then(purpose_of).filter(|_| !audits);
    let api = Api::new(console, visitor, if audits { Some(Purpose::Audit) } else { told_for });
    let for_person = !audits || wanted.copia.as_deref() == Some("persona");
    let after = wanted.dopo.map(|after| format!("&after={after}")).unwrap_or_default();
    let path = format!("/api/access/persons/{person}?for_person={for_person}{after}");
    let looks: Looks = api.get(&path).await?;
    let undone = if for_person { Vec::new() } else { undone(console, &api, person).await? };
    let pool = &console.models.pool;
    let mut people = vec![person];
    people.extend(undone.iter().flat_map(|(joined, _)| [joined.canonical, joined.other]));
    let codes = codes_of(pool, &people).await.map_err(Failure::<Never>::from)?;
    let bodies = bodies(&api, &looks, &undone).await?;
    Ok(Known { person, for_person, told_for, looks, undone, codes, bodies })
}

/// Links that were undone, each with those who read the file while it was joined.
async fn undone(
    console: &Console,
    api: &Api<'_>,
    person: PersonId,
) -> Result<Vec<(Joined, Vec<ReadBy>)>, Problem> {
    let links = links_of(&console.models.pool, person).await.map_err(Failure::<Never>::from)?;
    let mut undone = Vec::new();
    for joined in links.into_iter().filter(|joined| joined.unlinked_at.is_some()).take(UNDONE_MAX) {
        let moment = |at: OffsetDateTime| at.format(&Rfc3339).unwrap_or_default();
        let path = format!(
            "/api/access/links/{}/readers?person={}&other={}&from={}&to={}",
            joined.link,
            joined.canonical,
            joined.other,
            encode(&moment(joined.linked_at)),
            encode(&joined.unlinked_at.map(moment).unwrap_or_default()),
        );
        let found: JoinedReaders = api.get(&path).await?;
        undone.push((joined, found.readers));
    }
    Ok(undone)
}

/// The public names of the bodies that looked.
async fn bodies(
    api: &Api<'_>,
    looks: &Looks,
    undone: &[(Joined, Vec<ReadBy>)],
) -> Result<BTreeMap<OrganisationId, String>, Problem> {
    let looked = looks.items.iter().map(|look| look.organisation);
    let read = undone.iter().flat_map(|(_, readers)| readers).map(|reader| reader.organisation);
    let mut names = BTreeMap::new();
    for body in looked.chain(read) {
        if names.contains_key(&body) || names.len() >= BODIES_MAX {
            continue;
        }
        let path = format!("/api/directory/organisations/{body}");
        let name = match api.get::<Body>(&path).await {
            Ok(known) => known.name,
            Err(problem) if problem.status == 404 => "ente non più in elenco".to_owned(),
            Err(problem) => return Err(problem),
        };
        names.insert(body, name);
    }
    Ok(names)
}
