//! `GET /registro/ricostruisci`: how a person stood at the end of a day, as a numbered account: what
//! was on record, who could open it, who did, and what they recorded. What entries say is not here.

mod view;

use std::collections::BTreeMap;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, Duration, OffsetDateTime};
use trama_events::codes::Purpose;
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_events::rome;
use trama_platform::clock::real_now;
use trama_platform::gate::Reader;
use trama_platform::ties::Stood;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::{Framed, codes_of, reconstruct};

use super::{Leaf, NoPerson, Wrong, end_of, frame, person_of, tabs};
use crate::api::Api;
use crate::gate::{Visitor, encode};
use crate::{Console, answer, names};
use view::{Account, Page};

/// Rows of the access log that are read for one account.
const LOOKS: usize = 500;
/// How far back accesses are looked for: as long as rows are kept at least.
const BACK: Duration = Duration::days(731);

/// Of whom, and as of which day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    #[serde(default)]
    codice: String,
    #[serde(default)]
    al: String,
}

/// One row of the access log, as the door tells it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Look {
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) at: OffsetDateTime,
    pub(crate) staff: StaffId,
    pub(crate) organisation: OrganisationId,
    pub(crate) sections: Vec<String>,
    pub(crate) purpose: String,
    pub(crate) decision: String,
    pub(crate) listed: bool,
}

/// Rows of the access log on one person.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Looks {
    pub(crate) items: Vec<Look>,
    pub(crate) next: Option<i64>,
}

/// Everything that an account is made of.
#[derive(Debug)]
struct Known {
    person: PersonId,
    code: Option<String>,
    day: Date,
    frames: Vec<Framed>,
    stood: Vec<Stood>,
    looks: Looks,
    bodies: BTreeMap<OrganisationId, String>,
}

/// `GET /registro/ricostruisci`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    mut reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    reader.caller.stated = Some(Purpose::Audit);
    reader.caller.purpose = Purpose::Audit;
    let words = visitor.preferences.language.words();
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let with = |wrong: Option<Wrong>, account: Option<Account>| {
        let (frame, tabs) = (frame(&console, &visitor, Leaf::Account), tabs(words, Leaf::Account));
        let status = Wrong::status(wrong.as_ref());
        let today = rome::day_of(real_now()).to_string();
        let al = if wanted.al.is_empty() { today } else { wanted.al.clone() };
        let page = Page { frame, tabs, code: wanted.codice.clone(), al, wrong, account };
        answer::page(status, &page)
    };
    if wanted.codice.trim().is_empty() {
        return with(None, None);
    }
    let Some(day) = day_of(&wanted.al) else {
        return with(Some(Wrong { field: "al", why: words.audit_wrong_days() }), None);
    };
    let person = match person_of(&console, wanted.codice.trim()).await {
        Ok(person) => person,
        Err(NoPerson::Unread(error)) => return answer::unread(&console, Some(&visitor), error),
        Err(NoPerson::NotACode) => {
            return with(Some(Wrong { field: "codice", why: words.audit_wrong_code() }), None);
        }
        Err(NoPerson::Nobody) => {
            return with(Some(Wrong { field: "codice", why: words.audit_wrong_nobody() }), None);
        }
    };
    match known(&console, &visitor, &reader, person, day).await {
        Ok(known) => {
            let language = visitor.preferences.language;
            with(None, Some(Account::of(&known, language, rome::day_of(real_now()))))
        }
        Err(problem) if problem.status == StatusCode::NOT_FOUND.as_u16() => {
            with(Some(Wrong { field: "al", why: words.audit_account_nothing() }), None)
        }
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

/// A day; today, without.
fn day_of(text: &str) -> Option<Date> {
    if text.is_empty() {
        return Some(rome::day_of(real_now()));
    }
    let day = Date::parse(text, &Iso8601::DATE).ok()?;
    (1990..2100).contains(&day.year()).then_some(day)
}

async fn known(
    console: &Console,
    visitor: &Visitor,
    reader: &Reader,
    person: PersonId,
    day: Date,
) -> Result<Known, Problem> {
    let pool = &console.models.pool;
    let found = reconstruct(pool, reader, person, end_of(day)).await?;
    let stood = reader.gate().standings(&found.records, end_of(day)).await?;
    let api = Api::new(console, visitor, Some(Purpose::Audit));
    let looks = looks(&api, person, day).await?;
    let code = codes_of(pool, &[person]).await.map_err(Failure::<Never>::from)?.remove(&person);
    let looking = looks.items.iter().map(|look| look.organisation);
    let standing = stood.iter().filter_map(|one| one.organisation);
    let bodies = names::bodies(&api, standing.chain(looking)).await?;
    Ok(Known { person, code, day, frames: found.frames, stood, looks, bodies })
}

/// Who looked at a person until the end of a day, the newest first: for the auditor.
///
/// # Errors
///
/// As the access log's door answers.
pub(crate) async fn looks(api: &Api<'_>, person: PersonId, day: Date) -> Result<Looks, Problem> {
    let until = end_of(day) + Duration::MICROSECOND;
    let moment = |at: OffsetDateTime| encode(&at.format(&Rfc3339).unwrap_or_default());
    let (from, to) = (moment(until - BACK), moment(until));
    api.get(&format!("/api/access/rows?person={person}&from={from}&to={to}&limit={LOOKS}")).await
}
