//! `/persone/{id}/scelte`: what a person decides about who sees her past, taken down in her presence.
//! What it means and who may take it down is the doors' to say; what another body took down is told
//! to nobody here.

mod known;
mod order;
mod view;
mod words;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use trama_events::codes::{Purpose, Role};
use trama_events::ids::{PersonId, WishId};
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Words;

use crate::api::Api;
use crate::gate::{Sent, Visitor};
use crate::people::purpose_of;
use crate::told::Wrong;
use crate::{Console, answer, refusals, tabs};
use order::{Draft, Order, Unclear};
use view::{Looked, Page};

/// Taking down what a person decides, as the doors of intake name those who may.
pub(crate) const WITNESS: Action = Action {
    name: "page.wishes",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::MinorsWorker,
    ],
    why: "what a person decides about who sees her past is taken down in her presence by whoever \
          meets people and has her in care",
    second_factor: true,
};

/// How the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// For which purpose the person is looked at.
    scopo: Option<String>,
    /// What was done just before: a word.
    esito: Option<String>,
    /// The decision that was taken down just before.
    scelta: Option<WishId>,
    /// Which page of the entries, from 1.
    pagina: Option<usize>,
}

/// Whose decisions are looked at.
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

    /// The page with what else its address says, its purpose first.
    fn href(&self, rest: &str) -> String {
        let scopo = self.reader.caller.stated.map(|purpose| format!("scopo={}&", purpose.code()));
        format!("/persone/{}/scelte?{}{rest}", self.person, scopo.unwrap_or_default())
    }

    /// The frame of the page of a person with this code.
    fn frame(&self, code: &str) -> Frame {
        let words = self.words();
        let title = words.wishes_person(code);
        let frame = self.console.frame(Some(self.visitor), &title, Some(Place::People));
        let scopo = self.reader.caller.stated.map(|purpose| format!("?scopo={}", purpose.code()));
        let journey = format!("/persone/{}{}", self.person, scopo.unwrap_or_default());
        let crumbs = vec![
            Crumb::to(&words.place_people(), Place::People.href()),
            Crumb::to(&title, &journey),
            Crumb::here(&words.wishes_here()),
        ];
        Frame { title: words.wishes_title(code), crumbs, ..frame }
    }
}

/// What stands on the page beside what is known.
#[derive(Debug, Default)]
struct Around {
    draft: Draft,
    wrong: Vec<Wrong>,
    outcome: Option<(String, String)>,
    /// Taken down just before: the list may not have it yet.
    fresh: Option<WishId>,
    /// Which page of the entries, from 1.
    part: usize,
}

/// What a command answers.
#[derive(Debug, Deserialize)]
struct Done {
    id: WishId,
}

/// `GET /persone/{id}/scelte`
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
    let around = Around {
        outcome: wanted.esito.as_deref().and_then(|word| view::outcome(word, visitor.words())),
        fresh: wanted.scelta,
        part: wanted.pagina.unwrap_or(1).max(1),
        ..Around::default()
    };
    page(&looking, around).await
}

/// `POST /persone/{id}/scelte`: whichever of the page's forms it is.
pub(crate) async fn obey(
    State(console): State<Console>,
    mut reader: Reader,
    person: Result<Path<PersonId>, PathRejection>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Ok(Path(person)) = person else { return answer::not_found(&console, Some(&visitor)) };
    reader.caller.stated = purpose_of(fields.text("scopo"));
    let looking = Looking { console: &console, visitor: &visitor, reader: &reader, person };
    let draft = Draft::of(&fields);
    let part = fields.text("pagina").parse().unwrap_or(1).max(1);
    let wrong = match order::order(person, &draft, &fields, visitor.words()) {
        Ok(order) => match taken_down(&looking, &order, fields.text("chiave")).await {
            Ok(done) => return Redirect::to(&order.then(&looking, done)).into_response(),
            Err(problem) if is_of_the_form(&problem) => {
                vec![Wrong::new(order.field, &refusals::words_in(&problem, visitor.words()))]
            }
            Err(problem) => return answer::closed(&console, &visitor, &problem),
        },
        Err(Unclear::Fields(wrong)) => wrong,
        Err(Unclear::NoForm) => return answer::not_found(&console, Some(&visitor)),
    };
    page(&looking, Around { draft, wrong, part, ..Around::default() }).await
}

async fn taken_down(
    looking: &Looking<'_>,
    order: &Order,
    key: &str,
) -> Result<Option<WishId>, Problem> {
    let api = looking.api();
    if order.is_new {
        return api.post::<Done>(&order.door, key, &order.body).await.map(|done| Some(done.id));
    }
    api.post::<Value>(&order.door, key, &order.body).await.map(|_| None)
}

/// Whether a door refused what was filled in, and not who filled it in.
fn is_of_the_form(problem: &Problem) -> bool {
    matches!(problem.status, 400 | 409 | 412 | 422)
}

/// The page, once it is known that she may take down what this person decides.
async fn page(looking: &Looking<'_>, around: Around) -> Response {
    match known::known(looking).await {
        Ok(known) => {
            let page = Page::new(looked(looking, &known), known, around);
            answer::page(page.status(), &page)
        }
        Err(problem) => answer::closed(looking.console, looking.visitor, &problem),
    }
}

/// Who looks, at whom, and when.
fn looked(looking: &Looking<'_>, known: &known::Known) -> Looked {
    let (caller, stated) = (&looking.visitor.caller, looking.reader.caller.stated);
    let language = looking.visitor.preferences.language;
    Looked {
        frame: looking.frame(&known.code(looking.words())),
        tabs: tabs::tabs(caller, looking.person, stated, "scelte", language),
        path: looking.href(""),
        purpose: stated.map_or("", Purpose::code),
        body: caller.organisation,
        today: rome::day_of(looking.console.models.clock.now()),
    }
}

/// The body of a command that says nothing but itself.
fn nothing() -> Value {
    json!({})
}
