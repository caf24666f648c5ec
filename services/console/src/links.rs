//! `/persone/{id}/collegamenti`: which records are one person and why, who else may be she, and the
//! three answers to that. The judgement is the worker's; a link can be undone.

mod known;
mod view;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use trama_events::codes::{Purpose, Section};
use trama_events::ids::{LinkId, PersonId};
use trama_platform::Problem;
use trama_platform::gate::Reader;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Words;

use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor};
use crate::people::{self, purpose_of};
use crate::{Console, answer, forced, refusals, tabs};
use view::{Looked, Outcome, Page};

/// How the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// For which purpose.
    scopo: Option<String>,
    /// What was done just before: a link's id, or a word.
    esito: Option<String>,
}

/// What a command answers.
#[derive(Debug, Deserialize)]
struct Done {
    id: LinkId,
}

/// Who looks at whose links, and why.
struct Looking<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    reader: &'a Reader,
    person: PersonId,
}

impl Looking<'_> {
    fn api(&self) -> Api<'_> {
        Api::new(self.console, self.visitor, self.reader.caller.stated)
    }

    fn words(&self) -> &'static Words {
        self.visitor.words()
    }

    /// The frame of the page of a person with this code.
    fn frame(&self, code: &str) -> Frame {
        let words = self.words();
        let title = words.journey_person(code);
        let frame = self.console.frame(Some(self.visitor), &title, Some(Place::People));
        let scopo = self.reader.caller.stated.map(|purpose| format!("?scopo={}", purpose.code()));
        let journey = format!("/persone/{}{}", self.person, scopo.unwrap_or_default());
        let crumbs = vec![
            Crumb::to(&words.place_people(), Place::People.href()),
            Crumb::to(&title, &journey),
            Crumb::here(&words.links_here()),
        ];
        Frame { title: words.links_title(code), crumbs, ..frame }
    }
}

/// `GET /persone/{id}/collegamenti`
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
    let looking = Looking { console: &console, visitor: &visitor, reader: &reader, person };
    let outcome = match wanted.esito.as_deref() {
        None => None,
        Some(word) => known::outcome(&looking, word).await,
    };
    page(&looking, outcome).await
}

/// The page, once it is known that the reader may see who this is.
async fn page(looking: &Looking<'_>, outcome: Option<Outcome>) -> Response {
    let (console, visitor) = (looking.console, looking.visitor);
    let opened = match looking.reader.open(looking.person, &[Section::Identity]).await {
        Ok(opened) => opened,
        Err(problem) => return answer::closed(console, visitor, &problem),
    };
    let band = forced::band(console, visitor, looking.reader, &opened, looking.person).await;
    let band = match band {
        Ok(band) => band,
        Err(problem) => return answer::closed(console, visitor, &problem),
    };
    match known::known(looking, &opened).await {
        Ok(known) => {
            let page = Page::new(looked(looking, &known), known, outcome, band);
            answer::page(page.status(), &page)
        }
        Err(problem) => answer::closed(console, visitor, &problem),
    }
}

/// Who looks, at whom, and why.
fn looked(looking: &Looking<'_>, known: &known::Known) -> Looked {
    let (caller, stated) = (&looking.visitor.caller, looking.reader.caller.stated);
    let language = looking.visitor.preferences.language;
    Looked {
        frame: looking.frame(&known.code_of(known.journey.canonical, looking.words())),
        tabs: tabs::tabs(caller, looking.person, stated, "collegamenti", language),
        path: format!("/persone/{}/collegamenti", looking.person),
        purpose: stated.map_or("", Purpose::code),
    }
}

/// `POST /persone/{id}/collegamenti`
pub(crate) async fn judge(
    State(console): State<Console>,
    mut reader: Reader,
    person: Result<Path<PersonId>, PathRejection>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Ok(Path(person)) = person else { return answer::not_found(&console, Some(&visitor)) };
    let stated = purpose_of(fields.text("scopo"));
    reader.caller.stated = stated;
    let looking = Looking { console: &console, visitor: &visitor, reader: &reader, person };
    let typed = fields.text("codice");
    let other = match fields.text("altra") {
        "" if !typed.is_empty() => {
            people::named(&console, &visitor, &reader, typed).await.map(Some)
        }
        other => Ok(other.parse().ok()),
    };
    let other = match other {
        Ok(other) => other,
        Err(why) => {
            return page(&looking, Some(Outcome::unknown(why, typed, visitor.words()))).await;
        }
    };
    match judged(&looking.api(), person, other, &fields).await {
        Ok(link) => {
            let scopo = stated.map(|purpose| format!("scopo={}&", purpose.code()));
            let scopo = scopo.unwrap_or_default();
            Redirect::to(&format!("/persone/{person}/collegamenti?{scopo}esito={link}"))
                .into_response()
        }
        Err(problem) => {
            let words = visitor.words();
            let why = refusals::words_in(&problem, words);
            let outcome = match fields.text("altra") {
                "" if !typed.is_empty() => Outcome::unknown(why, typed, words),
                _ => Outcome::refused(why, other, words),
            };
            page(&looking, Some(outcome)).await
        }
    }
}

/// The command that an answer is.
async fn judged(
    api: &Api<'_>,
    person: PersonId,
    other: Option<PersonId>,
    fields: &Fields,
) -> Result<LinkId, Problem> {
    let two = |other: PersonId| json!({ "one": person, "another": other });
    let other = || other.ok_or_else(Problem::not_found);
    let (path, body): (String, Value) = match fields.text("risposta") {
        "lei" => {
            let reasons: Vec<&str> = fields.all("motivo").collect();
            let body = json!({ "one": person, "another": other()?, "reasons": reasons });
            ("/api/intake/links".into(), body)
        }
        "altra" => ("/api/intake/links/different".into(), two(other()?)),
        "incerta" => ("/api/intake/links/open".into(), two(other()?)),
        "scollega" => {
            let link: LinkId = fields.text("legame").parse().map_err(|_| Problem::not_found())?;
            let reason = fields.text("motivo");
            (format!("/api/intake/links/{link}/unlink"), json!({ "reason": reason }))
        }
        _ => return Err(Problem::not_found()),
    };
    let done: Done = api.post(&path, fields.text("chiave"), &body).await?;
    Ok(done.id)
}
