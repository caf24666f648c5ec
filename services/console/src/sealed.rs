//! `/riservato`: the desk of a sealed service. A slip is handed in, an answer given, a path gone on
//! with, all under pseudonyms: no record of the shared network is opened, and none is written.

mod rows;
mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};
use trama_events::codes::{NeedLevel, Role, Urgency};
use trama_events::ids::ServiceId;
use trama_events::referrals::ExternalState;
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::doors::Action;
use trama_ui::frame::{Crumb, Frame, Place};
use trama_ui::language::Words;
use uuid::Uuid;

use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor};
use crate::told::Wrong;
use crate::{Console, answer, refusals};
use rows::{AT_PATH, Tried};
use view::{Draft, Page};

/// The desk of a sealed service.
pub(crate) const DESK: Action = Action {
    name: "page.sealed_desk",
    roles: &[Role::SerdOperator, Role::CourtOperator],
    why: "workers of the sealed service answer and go on with the people of their own service",
    second_factor: true,
};

/// Paths on one page.
const PATHS: usize = 50;
/// Services of one worker among which she chooses.
const SERVICES_MAX: usize = 12;

/// How the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// What the page before named as the next.
    dopo: Option<i64>,
    /// What was done just before: a word.
    esito: Option<String>,
}

/// A path, as the door tells it.
#[derive(Debug, Deserialize)]
struct Told {
    path: Uuid,
    for_your_service: bool,
    stage: String,
    urgency: Option<Urgency>,
    need_level: Option<NeedLevel>,
    #[serde(with = "time::serde::rfc3339::option")]
    answer_by: Option<OffsetDateTime>,
    overdue: bool,
    #[serde(with = "time::serde::rfc3339::option")]
    come_at: Option<OffsetDateTime>,
    network_sees: NetworkSees,
}

#[derive(Debug, Deserialize)]
struct NetworkSees {
    with_her_agreement: ExternalState,
}

#[derive(Debug, Deserialize)]
struct Paths {
    items: Vec<Told>,
    next: Option<i64>,
}

#[derive(Deserialize)]
struct Service {
    name: String,
}

#[derive(Deserialize)]
struct Printed {
    slip: String,
}

/// What stands on the page beside the paths.
#[derive(Debug, Default)]
struct Around {
    draft: Draft,
    /// What was tried with a path and refused.
    tried: Option<Tried>,
    wrong: Vec<Wrong>,
    outcome: Option<(String, String)>,
    /// A slip that was printed just now, shown once.
    slip: Option<String>,
    after: Option<i64>,
}

/// `GET /riservato`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Ok(Query(wanted)) = wanted else { return answer::not_found(&console, Some(&visitor)) };
    let outcome = wanted.esito.as_deref().and_then(|word| view::outcome(word, visitor.words()));
    let around = Around { outcome, after: wanted.dopo, ..Around::default() };
    page(&console, &visitor, around).await
}

/// `POST /riservato`: whichever of the page's forms it is.
pub(crate) async fn obey(
    State(console): State<Console>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let desk = Desk { api: Api::new(&console, &visitor, None), visitor: &visitor };
    let around = Around::of(&fields);
    let done = match fields.text("passo") {
        "stampa" => match desk.print(&fields).await {
            Ok(slip) => {
                let draft = Draft { slip: slip.clone(), ..around.draft };
                let around = Around { draft, slip: Some(slip), ..around };
                return page(&console, &visitor, around).await;
            }
            Err(problem) => Err(vec![Wrong::new("biglietto", &desk.why(&problem))]),
        },
        "biglietto" => desk.hand_in(&around.draft, &fields).await,
        step => desk.go_on(step, &fields).await,
    };
    match done {
        Ok(()) => Redirect::to(&around.then(fields.text("passo"))).into_response(),
        Err(wrong) => page(&console, &visitor, Around { wrong, ..around }).await,
    }
}

impl Around {
    /// What was filled in, to be shown again where it is refused.
    fn of(fields: &Fields) -> Self {
        Self {
            draft: Draft::of(fields),
            tried: Tried::of(fields),
            after: fields.text("dopo").parse().ok(),
            ..Self::default()
        }
    }

    /// Where it leads once it is done: the same part of the list.
    fn then(&self, step: &str) -> String {
        let after = self.after.map(|after| format!("&dopo={after}")).unwrap_or_default();
        format!("/riservato?esito={step}{after}")
    }
}

/// The door and the body of what is done with a path.
fn on_path(step: &str, fields: &Fields, words: &Words) -> Result<(&'static str, Value), Wrong> {
    let wrong = |why: String| Wrong::new(AT_PATH, &why);
    let at = || moment(fields.text("quando"), words);
    let reason = || Some(fields.text("motivo")).filter(|reason| !reason.is_empty());
    match step {
        "si" => Ok(("answer", json!({ "answer": "yes", "come_at": at()? }))),
        "no" => {
            let reason = reason().ok_or_else(|| wrong(words.sealed_wrong_no()))?;
            Ok(("answer", json!({ "answer": "no", "reason": reason })))
        }
        "appuntamento" => {
            let at = at()?.ok_or_else(|| wrong(words.sealed_wrong_day()))?;
            Ok(("appointment", json!({ "come_at": at })))
        }
        "venuta" => Ok(("came", json!({}))),
        "non-venuta" => Ok(("did-not-come", json!({}))),
        "entra" => Ok(("enter", json!({}))),
        "chiudi" => {
            let reason = reason().ok_or_else(|| wrong(words.sealed_wrong_close()))?;
            Ok(("close", json!({ "reason": reason })))
        }
        _ => Err(wrong(words.sealed_wrong_step())),
    }
}

/// A moment on the clocks of Rome as a browser sends it; none for an empty field.
fn moment(text: &str, words: &Words) -> Result<Option<String>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Wrong::new(AT_PATH, &words.sealed_wrong_moment());
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let local = PrimitiveDateTime::parse(text, form).map_err(|_| wrong())?;
    rome::at(local.date(), local.time()).format(&Rfc3339).map(Some).map_err(|_| wrong())
}

/// The doors of her own organisation.
struct Desk<'a> {
    api: Api<'a>,
    visitor: &'a Visitor,
}

impl Desk<'_> {
    fn at(&self, rest: &str) -> String {
        format!("/api/sealed/{}/{rest}", self.visitor.caller.organisation)
    }

    async fn print(&self, fields: &Fields) -> Result<String, Problem> {
        let body = json!({ "organisation": self.visitor.caller.organisation });
        let printed: Printed =
            self.api.post("/api/sealed/slips", fields.text("chiave"), &body).await?;
        Ok(printed.slip)
    }

    /// Why a door said no, in the language of who asked.
    fn why(&self, problem: &Problem) -> String {
        refusals::words_in(problem, self.visitor.words())
    }

    async fn hand_in(&self, draft: &Draft, fields: &Fields) -> Result<(), Vec<Wrong>> {
        let wrong = draft.wrong(self.visitor);
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let body = json!({
            "slip": draft.slip, "service": draft.service, "urgency": draft.urgency,
            "need_level": draft.need_level,
        });
        let path = self.at("referrals");
        let done = self.api.post::<Value>(&path, fields.text("chiave"), &body).await;
        let wrong = |problem| vec![Wrong::new("biglietto", &self.why(&problem))];
        done.map(drop).map_err(wrong)
    }

    async fn go_on(&self, step: &str, fields: &Fields) -> Result<(), Vec<Wrong>> {
        let wrong = |problem| vec![Wrong::new(AT_PATH, &self.why(&problem))];
        let (door, body) = on_path(step, fields, self.visitor.words()).map_err(|why| vec![why])?;
        let path = fields.text("percorso").parse::<Uuid>();
        let path = path.map_err(|_| wrong(Problem::not_found()))?;
        let at = self.at(&format!("paths/{path}/{door}"));
        let done = self.api.post::<Value>(&at, fields.text("chiave"), &body).await;
        done.map(drop).map_err(wrong)
    }

    async fn paths(&self, after: Option<i64>) -> Result<Paths, Problem> {
        let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
        self.api.get(&self.at(&format!("paths?list=open&limit={PATHS}{after}"))).await
    }

    async fn services(&self) -> Result<Vec<(ServiceId, String)>, Problem> {
        let mut services = Vec::new();
        for service in self.visitor.caller.services.iter().take(SERVICES_MAX) {
            let path = format!("/api/directory/services/{service}");
            let known: Service = self.api.get(&path).await?;
            services.push((*service, known.name));
        }
        Ok(services)
    }
}

async fn page(console: &Console, visitor: &Visitor, around: Around) -> Response {
    let desk = Desk { api: Api::new(console, visitor, None), visitor };
    let paths = match desk.paths(around.after).await {
        Ok(paths) => paths,
        Err(problem) => return answer::closed(console, visitor, &problem),
    };
    match desk.services().await {
        Ok(services) => {
            let today = rome::day_of(console.models.clock.now());
            let page = Page::new(frame(console, visitor), &services, &paths, around, today);
            answer::page(page.status(), &page)
        }
        Err(problem) => answer::closed(console, visitor, &problem),
    }
}

fn frame(console: &Console, visitor: &Visitor) -> Frame {
    let title = visitor.words().place_sealed();
    let frame = console.frame(Some(visitor), &title, Some(Place::Sealed));
    Frame { crumbs: vec![Crumb::here(&title)], ..frame }
}

impl Tried {
    /// What was filled in for a path; none for a form that is for no path.
    fn of(fields: &Fields) -> Option<Self> {
        let text = |name| fields.text(name).to_owned();
        let path = fields.text("percorso").parse().ok()?;
        Some(Self { path, step: text("passo"), when: text("quando"), reason: text("motivo") })
    }
}

impl Draft {
    fn of(fields: &Fields) -> Self {
        Self {
            slip: fields.text("biglietto").to_owned(),
            service: fields.text("servizio").parse().ok(),
            urgency: fields.text("urgenza").parse().unwrap_or(Urgency::Ordinary),
            need_level: fields.text("bisogno").parse().unwrap_or(1),
        }
    }

    fn wrong(&self, visitor: &Visitor) -> Vec<Wrong> {
        let (mut wrong, words) = (Vec::new(), visitor.words());
        if self.slip.is_empty() {
            wrong.push(Wrong::new("biglietto", &words.sealed_wrong_slip()));
        }
        if !self.service.is_some_and(|service| visitor.caller.acts_for(service)) {
            wrong.push(Wrong::new("servizio", &words.sealed_wrong_desk()));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use trama_ui::language::Language;

    use super::*;

    #[test]
    fn a_moment_is_one_of_rome_and_an_empty_field_is_none() {
        let moment = |text: &str| moment(text, Language::English.words());
        assert_eq!(moment("").unwrap(), None);
        let summer = moment("2026-07-01T09:30").unwrap().unwrap();
        let moment_of = |text: &str| OffsetDateTime::parse(text, &Rfc3339).unwrap();
        assert_eq!(moment_of(&summer), moment_of("2026-07-01T07:30:00Z"));
        assert!(moment("domani").is_err());
    }
}
