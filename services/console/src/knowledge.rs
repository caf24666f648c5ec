//! `GET /persone/{person}/chi-sapeva`: entry by entry, which bodies recorded it, could open it, and
//! opened it, as of a day. For who has her in charge, and for who controls.

mod matrix;
mod view;

use std::collections::BTreeMap;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, Duration, OffsetDateTime};
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::{OrganisationId, PersonId};
use trama_events::rome;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::{Asked, Framed, SECTIONS, codes_of, frames, journey, reconstruct};
use trama_ui::words::{InWords as _, sentence_in};

use crate::api::Api;
use crate::gate::{Visitor, encode};
use crate::people::purpose_of;
use crate::{Console, answer, audit, names};
use matrix::{Fact, Looked, Matrix, Since};
use view::Page;

/// Opening it.
pub(crate) const KNOWLEDGE: Action = Action {
    name: "page.knowledge",
    roles: &[Role::CaseManager, Role::Auditor],
    why: "who has a person in charge, and who controls, find out which body knew what when it decided",
    second_factor: false,
};

/// Openings that are read for one page.
const LOOKS: usize = 500;

/// As of when, for which purpose, and which part of the entries.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    al: Option<String>,
    scopo: Option<String>,
    pagina: Option<usize>,
}

/// One look, as the door tells it.
#[derive(Debug, Deserialize)]
struct Look {
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    organisation: OrganisationId,
    sections: Vec<String>,
    listed: bool,
}

#[derive(Debug, Deserialize)]
struct Looks {
    items: Vec<Look>,
    next: Option<i64>,
}

/// Everything that the page shows.
#[derive(Debug)]
struct Known {
    person: PersonId,
    code: Option<String>,
    day: Date,
    audits: bool,
    stated: Option<Purpose>,
    matrix: Matrix,
    bodies: BTreeMap<OrganisationId, String>,
    more_looks: bool,
}

/// What both kinds of readers bring.
struct Brought {
    facts: Vec<Fact>,
    looks: Vec<Looked>,
    more_looks: bool,
    since: Option<Vec<Since>>,
}

/// `GET /persone/{person}/chi-sapeva`
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
    let today = rome::day_of(console.models.clock.now());
    let (Some(day), page) = (day_of(wanted.al.as_deref(), today), wanted.pagina.unwrap_or(1))
    else {
        return answer::not_found(&console, Some(&visitor));
    };
    let audits = visitor.caller.role == Role::Auditor;
    let stated = wanted.scopo.as_deref().and_then(purpose_of).filter(|_| !audits);
    reader.caller.stated = if audits { Some(Purpose::Audit) } else { stated };
    reader.caller.purpose = reader.caller.stated.unwrap_or(reader.caller.purpose);
    let asking = Asking { console: &console, visitor: &visitor, reader: &reader, person, day };
    let brought = if audits { asking.audited().await } else { asking.in_charge().await };
    let known = match brought {
        Ok(brought) => asking.known(brought, stated).await,
        Err(problem) => Err(problem),
    };
    match known {
        Ok(known) => {
            let page = Page::new(&console, &visitor, &known, page, today);
            answer::page(StatusCode::OK, &page)
        }
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

fn day_of(text: Option<&str>, today: Date) -> Option<Date> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Some(today) };
    let day = Date::parse(text, &Iso8601::DATE).ok()?;
    (1990..2100).contains(&day.year()).then_some(day)
}

struct Asking<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    reader: &'a Reader,
    person: PersonId,
    day: Date,
}

impl Asking<'_> {
    fn api(&self) -> Api<'_> {
        Api::new(self.console, self.visitor, self.reader.caller.stated)
    }

    /// Who controls: every entry by its class, every look, and who could.
    async fn audited(&self) -> Result<Brought, Problem> {
        let until = audit::end_of(self.day);
        let pool = &self.console.models.pool;
        let found = reconstruct(pool, self.reader, self.person, until).await?;
        let stood = self.reader.gate().standings(&found.records, until).await?;
        let language = self.visitor.preferences.language;
        let fact = |frame: Framed| {
            let words = frame.section.words_in(language).to_owned();
            Fact::of(frame, words)
        };
        let looks = audit::looks(&self.api(), self.person, self.day).await?;
        let allowed = looks.items.into_iter().filter(|look| look.decision == "allowed");
        let seen = allowed.filter(|look| !look.listed && is_at_her(&look.sections));
        let looked = |look: audit::Look| Looked {
            at: look.at,
            body: look.organisation,
            sections: look.sections,
        };
        let since = stood.into_iter().filter_map(|one| {
            Some(Since { body: one.organisation?, from: one.since, until: one.until })
        });
        Ok(Brought {
            facts: found.frames.into_iter().map(fact).collect(),
            looks: seen.map(looked).collect(),
            more_looks: looks.next.is_some(),
            since: Some(since.collect()),
        })
    }

    /// Who has her in charge: the entries that are open to her, and the looks that may be told.
    async fn in_charge(&self) -> Result<Brought, Problem> {
        let until = audit::end_of(self.day);
        let pool = &self.console.models.pool;
        let opened = self.reader.open(self.person, &SECTIONS).await?;
        let asked = Asked { recorded_by: Some(until), occurred_by: None };
        let unread = |error| Problem::from(Failure::<Never>::from(error));
        let journey = journey(pool, self.person, asked, &opened).await.map_err(unread)?;
        let journey = journey.map_err(|_| Problem::not_found())?;
        let mut records = vec![self.person];
        records.extend(opened.records.iter().copied().filter(|record| *record != self.person));
        let frames = frames(pool, &records, Some(until)).await.map_err(unread)?;
        let mut classes: BTreeMap<String, Section> =
            frames.into_iter().map(|frame| (frame.entry, frame.section)).collect();
        let language = self.visitor.preferences.language;
        let facts = journey.entries.into_iter().filter_map(|entry| {
            let section = classes.remove(&entry.id)?;
            Some(Fact {
                recorded_at: entry.recorded_at,
                section,
                words: sentence_in(language, &entry.kind, &entry.detail),
                body: entry.organisation,
                body_name: entry.organisation_name,
            })
        });
        let looks = self.told_looks().await?;
        let seen = looks.items.into_iter().filter(|look| !look.listed && is_at_her(&look.sections));
        let looked =
            |look: Look| Looked { at: look.at, body: look.organisation, sections: look.sections };
        let mut facts: Vec<Fact> = facts.collect();
        facts.sort_by_key(|fact| fact.recorded_at);
        let (looks, more_looks) = (seen.map(looked).collect(), looks.next.is_some());
        Ok(Brought { facts, looks, more_looks, since: None })
    }

    async fn told_looks(&self) -> Result<Looks, Problem> {
        let until = audit::end_of(self.day) + Duration::MICROSECOND;
        let moment = |at: OffsetDateTime| encode(&at.format(&Rfc3339).unwrap_or_default());
        let (from, to) = (moment(until - Duration::days(731)), moment(until));
        let path = format!(
            "/api/access/persons/{}?for_person=true&from={from}&to={to}&limit={LOOKS}",
            self.person
        );
        self.api().get(&path).await
    }

    async fn known(&self, brought: Brought, stated: Option<Purpose>) -> Result<Known, Problem> {
        let Brought { facts, looks, more_looks, since } = brought;
        let pool = &self.console.models.pool;
        let codes = codes_of(pool, &[self.person]).await.map_err(Failure::<Never>::from)?;
        let mut bodies: BTreeMap<OrganisationId, String> =
            facts.iter().filter_map(|fact| Some((fact.body?, fact.body_name.clone()?))).collect();
        let unnamed = looks.iter().map(|look| look.body);
        let unnamed = unnamed.filter(|body| !bodies.contains_key(body)).collect::<Vec<_>>();
        bodies.extend(names::bodies(&self.api(), unnamed.into_iter()).await?);
        let audits = since.is_some();
        let matrix = Matrix::new(facts, looks, since.unwrap_or_default());
        Ok(Known {
            person: self.person,
            code: codes.get(&self.person).cloned(),
            day: self.day,
            audits,
            stated,
            matrix,
            bodies,
            more_looks,
        })
    }
}

/// Whether it was a look at her data, and not at a log about her.
fn is_at_her(sections: &[String]) -> bool {
    sections.iter().any(|code| code.parse::<Section>().is_ok())
}
