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
use trama_events::short_code::ShortCode;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::{Joined, codes_of, links_of, persons_by_code};
use trama_ui::frame::{Frame, Place};

use crate::api::Api;
use crate::gate::{Visitor, encode};
use crate::people::{not_a_code, purpose_of};
use crate::{Console, answer, names};
use view::Page;

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
    let (typed, words) = (typed.trim(), visitor.words());
    let again = |wrong: Option<&str>| {
        let frame = console.frame(Some(&visitor), &words.readers_title(), Some(Place::Accesses));
        let status =
            if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        answer::page(status, &Asking { frame, code: typed, wrong })
    };
    if typed.is_empty() {
        return again(None);
    }
    let code: ShortCode = match typed.parse() {
        Ok(code) => code,
        Err(not) => return again(Some(&not_a_code(&not, words))),
    };
    match persons_by_code(&console.models.pool, &code).await {
        Ok(found) => match found.first() {
            Some((person, _)) => {
                Redirect::to(&format!("/persone/{person}/accessi")).into_response()
            }
            None => again(Some(&words.audit_wrong_nobody())),
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
    names::bodies(api, looked.chain(read)).await
}
