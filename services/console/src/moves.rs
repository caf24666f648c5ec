//! `/persone/{id}/sposta`: an entry that was made on the wrong person goes to the right one, or is
//! taken back in its first 30 seconds. Who may is the door's to say.

mod view;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use trama_events::codes::{Purpose, Role};
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_events::short_code::ShortCode;
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::clock::random_id;
use trama_platform::doors::Action;
use trama_platform::gate::{Answering, Reader};
use trama_projections::journey::{
    Asked, Entry, JourneyView, SECTIONS, journey, listable, persons_by_code,
};
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Words;

use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor};
use crate::matches::{Candidate, candidates};
use crate::people::{not_a_code, purpose_of};
use crate::told::{Told, Wrong};
use crate::{Console, answer, refusals};
use view::{Looked, Page};

/// Moving an entry, or taking it back.
pub(crate) const MOVE: Action = Action {
    name: "page.move_entry",
    roles: &[Role::InfoDesk, Role::OutreachWorker, Role::EmergencyWorker, Role::CaseManager],
    why: "whoever made an entry, or answers for it, sets right that it stands on the wrong person",
    second_factor: false,
};

/// For how long an entry may be taken back. Source: `intake::entry::UNDO_WITHIN`.
const UNDO_WITHIN: Duration = Duration::seconds(30);
/// Event types that are entries by themselves; all others have a way of their own.
const MOVABLE: [&str; 16] = [
    "contact_recorded",
    "contact_triaged",
    "service_delivered",
    "outreach_encounter_recorded",
    "emergency_reported",
    "emergency_assessed",
    "emergency_closed",
    "housing_situation_recorded",
    "housing_situation_corrected",
    "privacy_notice_given",
    "engagement_progressed",
    "assessment_recorded",
    "eligibility_fact_recorded",
    "meal_served",
    "parcel_assigned",
    "parcel_delivered",
];

/// How the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// The entry, as the journey names it.
    voce: String,
    /// For which purpose the person is looked at.
    scopo: Option<String>,
}

/// What is offered beside an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Where it is moved.
    pub(crate) href: String,
    /// Its id, while it may still be taken back.
    pub(crate) undo: Option<Undo>,
}

/// A taking back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Undo {
    pub(crate) entry: String,
    pub(crate) key: String,
}

/// What a caller is offered beside an entry: for which she answers, the gate says to this page as
/// to the door. Who wrote an entry the journey does not tell, so it is also offered for those of
/// her own services, which may be hers.
pub(crate) fn offer(
    (caller, answers): (&Caller, &Answering),
    (person, stated): (PersonId, Option<Purpose>),
    entry: &Entry,
    now: OffsetDateTime,
) -> Option<Offer> {
    let place = entry.service.as_ref().map(|place| place.service);
    let perhaps_hers = entry.organisation == Some(caller.organisation)
        && place.is_none_or(|service| caller.acts_for(service));
    let responsible = entry.organisation.is_some_and(|body| answers.includes(body, place));
    if !(perhaps_hers || responsible) || !MOVABLE.contains(&entry.kind.as_str()) {
        return None;
    }
    let scopo = stated.map(|purpose| format!("&scopo={}", purpose.code())).unwrap_or_default();
    let is_fresh = now - entry.recorded_at <= UNDO_WITHIN;
    Some(Offer {
        href: format!("/persone/{person}/sposta?voce={}{scopo}", entry.id),
        undo: is_fresh.then(|| Undo { entry: entry.id.clone(), key: random_id().to_string() }),
    })
}

/// Whose entry is looked at.
struct Looking<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    reader: &'a Reader,
    person: PersonId,
}

impl Looking<'_> {
    fn api(&self) -> Api<'_> {
        Api::new(self.console, self.visitor, Some(self.purpose()))
    }

    fn purpose(&self) -> Purpose {
        self.reader.caller.stated.unwrap_or(Purpose::Care)
    }

    fn words(&self) -> &'static Words {
        self.visitor.words()
    }

    /// A refusal of the door, at a field.
    fn refused(&self, field: &'static str, problem: &Problem) -> Wrong {
        Wrong::new(field, &refusals::words_in(problem, self.words()))
    }

    /// Where she came from: the journey of the person.
    fn back(&self) -> String {
        let scopo = self.reader.caller.stated.map(|purpose| format!("?scopo={}", purpose.code()));
        format!("/persone/{}{}", self.person, scopo.unwrap_or_default())
    }

    /// The frame of the page of a person with this code.
    fn frame(&self, code: &str) -> Frame {
        let words = self.words();
        let title = words.move_title();
        let frame = self.console.frame(Some(self.visitor), &title, Some(Place::People));
        let crumbs = vec![
            Crumb::to(&words.place_people(), Place::People.href()),
            Crumb::to(&words.journey_person(code), &self.back()),
            Crumb::here(&title),
        ];
        Frame { crumbs, ..frame }
    }
}

/// What was filled in besides the search.
#[derive(Debug, Default)]
struct Step {
    /// Whom the search found; `None` before it.
    found: Option<Vec<Candidate>>,
    /// What was chosen as the reason.
    reason: String,
    wrong: Vec<Wrong>,
}

/// `GET /persone/{id}/sposta?voce=`
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
    page(&looking, &wanted.voce, &Fields::default(), Step::default()).await
}

/// `POST /persone/{id}/sposta`: searches, moves, or takes back.
pub(crate) async fn obey(
    State(console): State<Console>,
    mut reader: Reader,
    person: Result<Path<PersonId>, PathRejection>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Ok(Path(person)) = person else { return answer::not_found(&console, Some(&visitor)) };
    reader.caller.stated = purpose_of(fields.text("scopo"));
    let looking = Looking { console: &console, visitor: &visitor, reader: &reader, person };
    let entry = fields.text("voce").to_owned();
    let done = match fields.text("passo") {
        "cerca" => return searched(&looking, &entry, &fields, Vec::new()).await,
        "sposta" => moved(&looking, &entry, &fields).await.map(|()| "spostata"),
        "annulla" => taken_back(&looking, &entry, &fields).await.map(|()| "annullata"),
        _ => return answer::not_found(&console, Some(&visitor)),
    };
    match done {
        Ok(word) => {
            let scopo = reader.caller.stated.map(|purpose| format!("scopo={}&", purpose.code()));
            let scopo = scopo.unwrap_or_default();
            Redirect::to(&format!("/persone/{person}?{scopo}esito={word}")).into_response()
        }
        Err(wrong) => searched(&looking, &entry, &fields, vec![wrong]).await,
    }
}

async fn moved(looking: &Looking<'_>, entry: &str, fields: &Fields) -> Result<(), Wrong> {
    let words = looking.words();
    let to: Result<PersonId, _> = fields.text("a").parse();
    let to = to.map_err(|_| Wrong::new("a", &words.move_wrong_whom()))?;
    if fields.text("motivo").is_empty() {
        return Err(Wrong::new("motivo", &words.move_wrong_why()));
    }
    let from: PersonId = fields.text("da").parse().unwrap_or(looking.person);
    let body = json!({ "entry": entry, "from": from, "to": to, "reason": fields.text("motivo") });
    let api = looking.api();
    let done = api.post::<Value>("/api/intake/entries/move", fields.text("chiave"), &body).await;
    done.map(drop).map_err(|problem| looking.refused("a", &problem))
}

async fn taken_back(looking: &Looking<'_>, entry: &str, fields: &Fields) -> Result<(), Wrong> {
    let (api, body) = (looking.api(), json!({ "entry": entry }));
    let done = api.post::<Value>("/api/intake/entries/undo", fields.text("chiave"), &body).await;
    done.map(drop).map_err(|problem| looking.refused("cognome", &problem))
}

/// The page with whom the search found, where something was searched for.
async fn searched(
    looking: &Looking<'_>,
    entry: &str,
    fields: &Fields,
    mut wrong: Vec<Wrong>,
) -> Response {
    let found = match found(looking, fields).await {
        Ok(found) => found,
        Err(why) => {
            wrong.push(why);
            None
        }
    };
    if found.is_none() && wrong.is_empty() {
        wrong.push(Wrong::new("cognome", &looking.words().move_wrong_empty()));
    }
    let step = Step { found, reason: fields.text("motivo").to_owned(), wrong };
    page(looking, entry, fields, step).await
}

/// Whom a search finds; `None` where nothing was asked.
async fn found(looking: &Looking<'_>, fields: &Fields) -> Result<Option<Vec<Candidate>>, Wrong> {
    let (told, typed) = (Told::of(fields), fields.text("codice"));
    if !typed.is_empty() {
        return by_code(looking, typed).await.map(Some);
    }
    if told.is_empty() {
        return Ok(None);
    }
    let (api, purpose) = (looking.api(), looking.purpose());
    let without = [looking.person];
    let found = candidates(looking.console, &api, purpose, &told.question(), &without).await;
    found.map(Some).map_err(|problem| looking.refused("cognome", &problem))
}

/// Whom a short code names, as far as she may be listed.
async fn by_code(looking: &Looking<'_>, typed: &str) -> Result<Vec<Candidate>, Wrong> {
    let words = looking.words();
    let wrong = |why: String| Wrong::new("codice", &why);
    let code: ShortCode = typed.parse().map_err(|not| wrong(not_a_code(&not, words)))?;
    let unread = |_| wrong(words.move_wrong_unread());
    let pool = &looking.console.models.pool;
    let found = persons_by_code(pool, &code).await.map_err(unread)?;
    let listed = listable(looking.reader, found).await;
    let listed = listed.map_err(|problem| looking.refused("codice", &problem))?;
    let (person, _) = listed.first().ok_or_else(|| wrong(words.move_wrong_no_code()))?;
    Ok(vec![Candidate::by_code(*person, &code, looking.purpose(), words)])
}

/// The page, once it is known that the entry is there for this reader.
async fn page(looking: &Looking<'_>, entry: &str, fields: &Fields, step: Step) -> Response {
    let (console, visitor) = (looking.console, looking.visitor);
    let opened = match looking.reader.open(looking.person, &SECTIONS).await {
        Ok(opened) => opened,
        Err(problem) => return answer::closed(console, visitor, &problem),
    };
    let pool = &console.models.pool;
    let known: JourneyView = match journey(pool, looking.person, Asked::default(), &opened).await {
        Ok(Ok(known)) => known,
        Ok(Err(_)) => return answer::not_found(console, Some(visitor)),
        Err(error) => return answer::unread(console, Some(visitor), error),
    };
    let Some(told) = known.entries.iter().find(|told| told.id == entry) else {
        return answer::not_found(console, Some(visitor));
    };
    let page = Page::new(looked(looking, &known), told, fields, step);
    answer::page(page.status(), &page)
}

/// Who looks, at whom, and when.
fn looked(looking: &Looking<'_>, journey: &JourneyView) -> Looked {
    let code = journey.records.first().and_then(|record| record.code.clone());
    let code = code.unwrap_or_else(|| looking.words().journey_no_code());
    Looked {
        frame: looking.frame(&code),
        code,
        path: format!("/persone/{}/sposta", looking.person),
        back: looking.back(),
        person: looking.person,
        purpose: looking.reader.caller.stated.map_or("", Purpose::code),
        today: rome::day_of(looking.console.models.clock.now()),
    }
}

#[cfg(test)]
mod tests;
