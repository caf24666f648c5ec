//! `/invii/{id}`: a referral for its two ends: how far it is, what happened, and what may be done with
//! it now. It is answered without opening any record. Opening it is told to its sender.

mod elsewhere;
pub(crate) mod moves;
mod orders;
mod rungs;
pub(crate) mod thread;

use askama::Template;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use trama_events::ids::{ReferralId, ServiceId};
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::clock::random_id;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use trama_projections::beds::{BedsAsked, tonight};
use trama_projections::live::of_inbox;
use trama_projections::network::listed_services;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::frame::{Crumb, Frame, News, Place};
use trama_ui::language::Words;

use crate::api::Api;
use crate::compose::COMPOSE;
use crate::gate::{Fields, INBOX, JOURNEY, Sent, Visitor};
use crate::inbox::{self, SERVICES};
use crate::told::Wrong;
use crate::{Console, answer, live, refusals};
use moves::Move;
use orders::{Order, Unclear};
use thread::{Beside, Named, Service, Thread, Told};

/// Opening and answering a referral.
pub(crate) const ANSWER: Action = Action {
    name: "page.answer_referral",
    roles: INBOX.roles,
    why: "workers of the sending and of the receiving service see how it goes and go on with it, \
          without opening any record",
    second_factor: false,
};

/// How the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// What was done just before: a word.
    esito: Option<String>,
}

/// Houses of one kind among which a service's own is looked for.
const HOUSES: i64 = 200;
/// The word for what somebody else had done before.
const NOTHING: &str = "nulla";

/// Where a referral stands.
pub(crate) fn href(referral: &impl std::fmt::Display) -> String {
    format!("/invii/{referral}")
}

/// What was done just before, in words.
pub(crate) fn outcome(word: &str, words: &Words) -> Option<(String, String)> {
    match word {
        "mandato" => Some((words.referral_done_sent(), words.referral_done_sent_next())),
        NOTHING => Some((words.referral_done_nothing(), words.referral_done_nothing_next())),
        done => Move::of_word(done)?.done(words),
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "answer.html")]
struct Page {
    frame: Frame,
    invio: Thread,
    outcome: Option<(String, String)>,
    at: String,
    back: &'static str,
}

impl Page {
    fn csrf(&self) -> &str {
        self.frame.viewer.as_ref().map_or("", |viewer| viewer.csrf.as_str())
    }
}

/// Who looks at a referral.
#[derive(Clone, Copy)]
pub(crate) struct Looking<'a> {
    pub(crate) console: &'a Console,
    pub(crate) visitor: &'a Visitor,
}

impl Looking<'_> {
    fn api(&self) -> Api<'_> {
        Api::new(self.console, self.visitor, None)
    }

    /// The referral as its door tells it, and the services as the directory names them.
    ///
    /// # Errors
    ///
    /// As the doors answer; 404 for who is at neither end.
    async fn told(&self, referral: ReferralId) -> Result<(Told, Named), Problem> {
        let told: Told = self.api().get(&door(referral, "")).await?;
        let from = match told.from {
            Some(from) => Some(self.service(from).await?),
            None => None,
        };
        let to = self.service(told.to).await?;
        let elsewhere = match told.elsewhere() {
            Some(other) => match self.service(other).await {
                Ok(known) => Some(known),
                // The directory shows it to her no more; the referral is hers all the same.
                Err(problem) if problem.status == StatusCode::NOT_FOUND.as_u16() => None,
                Err(problem) => return Err(problem),
            },
            None => None,
        };
        Ok((told, Named { from, to: Some(to), elsewhere }))
    }

    pub(crate) async fn service(&self, service: ServiceId) -> Result<Service, Problem> {
        self.api().get(&format!("/api/directory/services/{service}")).await
    }

    /// The same once its receiver has opened it, which its sender is told. Nobody opens it by a page
    /// that asks again for itself.
    ///
    /// # Errors
    ///
    /// As [`Self::told`].
    async fn opened(
        &self,
        referral: ReferralId,
        headers: &HeaderMap,
    ) -> Result<(Told, Named), Problem> {
        let (told, named) = self.told(referral).await?;
        if live::is_by_itself(headers) || !told.moves.contains(&Move::See) {
            return Ok((told, named));
        }
        let key = format!("visto-{referral}");
        let _: Value = self.api().post(&door(referral, "/see"), &key, &json!({})).await?;
        let told: Told = self.api().get(&door(referral, "")).await?;
        Ok((told, named))
    }

    /// A referral as it stands on a page.
    ///
    /// # Errors
    ///
    /// As [`Self::told`].
    pub(crate) async fn thread(
        &self,
        referral: ReferralId,
        headers: &HeaderMap,
        code: Option<&str>,
    ) -> Result<Thread, Problem> {
        let (told, named) = self.opened(referral, headers).await?;
        let places = self.places(&told, &named).await;
        let mut thread = self.shown(&told, &named, code, (&Fields::default(), Vec::new()));
        thread.places = places;
        Ok(thread)
    }

    /// How many places her house has free tonight, for who is to answer. It is a note beside the
    /// answer: where it cannot be read, the rest is shown without it.
    async fn places(&self, told: &Told, named: &Named) -> Option<String> {
        let kind = named.to.as_ref().map(|to| to.service_type)?;
        if !told.moves.contains(&Move::Accept) || Family::from(kind) != Family::Housing {
            return None;
        }
        let models = &self.console.models;
        let asked = BedsAsked {
            ats: None,
            night: rome::day_of(models.clock.now()),
            kind: Some(kind),
            own: vec![told.to],
            limit: HOUSES,
            after: None,
        };
        let tonight = tonight(&models.pool, &self.visitor.caller, &asked).await.ok()?;
        let house = tonight.facilities.into_iter().find(|house| house.facility == told.to)?;
        thread::places(house.counts.open, house.counts.free, house.waiting, self.visitor.words())
    }

    fn shown(
        &self,
        told: &Told,
        named: &Named,
        code: Option<&str>,
        (fields, wrong): (&Fields, Vec<Wrong>),
    ) -> Thread {
        let journeys = JOURNEY.roles.contains(&self.visitor.caller.role);
        let sends = COMPOSE.roles.contains(&self.visitor.caller.role);
        let now = self.console.models.clock.now();
        let key = random_id().to_string();
        let language = self.visitor.preferences.language;
        Thread::new(
            told,
            named,
            Beside { code, journeys, sends, key, fields, wrong, now, language },
        )
    }
}

fn door(referral: ReferralId, rest: &str) -> String {
    format!("/api/referrals/referrals/{referral}{rest}")
}

/// `GET /invii/{id}`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    headers: HeaderMap,
    referral: Result<Path<ReferralId>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let (Ok(Path(referral)), Ok(Query(wanted))) = (referral, wanted) else {
        return answer::not_found(&console, Some(&visitor));
    };
    let services = visitor.caller.services.iter().take(SERVICES);
    let topics = services.map(|it| of_inbox(inbox::of_service(it))).collect();
    let live = live::of_page(&console, &reader, topics, News::Journey).await;
    let looking = Looking { console: &console, visitor: &visitor };
    let code = inbox::code_of(&console, &visitor, referral).await;
    let code = match code {
        Ok(code) => code,
        Err(error) => return answer::unread(&console, Some(&visitor), error),
    };
    match looking.thread(referral, &headers, code.as_deref()).await {
        Ok(invio) => {
            let mut page = page(looking, invio);
            page.frame.live = live;
            page.outcome = wanted.esito.as_deref().and_then(|word| outcome(word, visitor.words()));
            answer::page(StatusCode::OK, &page)
        }
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

fn page(Looking { console, visitor }: Looking<'_>, invio: Thread) -> Page {
    let words = visitor.words();
    let title = words.referral_title();
    let mut frame = console.frame(Some(visitor), &title, Some(Place::Inbox));
    frame.crumbs = vec![Crumb::to(&words.inbox_title(), "/"), Crumb::here(&title)];
    let at = dates::time_of(console.models.clock.now());
    Page { frame, invio, outcome: None, at, back: "invio" }
}

/// What a command answers.
#[derive(Debug, Deserialize)]
struct Done {
    positions: Option<(i64, i64)>,
}

/// `POST /invii/{id}`: whichever of its forms it is.
pub(crate) async fn answer(
    State(console): State<Console>,
    referral: Result<Path<ReferralId>, PathRejection>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Ok(Path(referral)) = referral else { return answer::not_found(&console, Some(&visitor)) };
    let looking = Looking { console: &console, visitor: &visitor };
    let order = orders::order(&fields, visitor.words());
    let mut order = match order {
        Ok(order) => order,
        Err(Unclear::NoForm) => return answer::not_found(&console, Some(&visitor)),
        Err(Unclear::Fields(wrong)) => return again(looking, referral, &fields, wrong).await,
    };
    if let Some(typed) = orders::elsewhere(&fields) {
        let listed = match listed_services(&console.models.pool).await {
            Ok(listed) => listed,
            Err(error) => return answer::unread(&console, Some(&visitor), error),
        };
        match elsewhere::meant(typed, &listed, visitor.preferences.language) {
            Ok(service) => order.body["elsewhere"] = json!(service),
            Err(why) => {
                let wrong = vec![Wrong { field: orders::ELSEWHERE, why }];
                return again(looking, referral, &fields, wrong).await;
            }
        }
    }
    let key = format!("{}-{}", fields.text("chiave"), order.word);
    match looking.api().post::<Done>(&door(referral, order.door), &key, &order.body).await {
        Ok(done) => Redirect::to(&then(referral, &fields, &order, &done)).into_response(),
        Err(problem) if problem.status == StatusCode::NOT_FOUND.as_u16() => {
            answer::closed(&console, &visitor, &problem)
        }
        Err(problem) => refused(looking, referral, (&fields, &order), &problem).await,
    }
}

/// Back to where she answered, with what came of it.
fn then(referral: ReferralId, fields: &Fields, order: &Order, done: &Done) -> String {
    let word = if done.positions.is_some() { order.word } else { NOTHING };
    if fields.text("torna") == "posta" {
        format!("/?invio={referral}&esito={word}")
    } else {
        format!("{}?esito={word}", href(&referral))
    }
}

/// Somebody was first, or something of the form cannot be: what is true now stands beside it.
async fn refused(
    looking: Looking<'_>,
    referral: ReferralId,
    (fields, order): (&Fields, &Order),
    problem: &Problem,
) -> Response {
    let told = match looking.told(referral).await {
        Ok(told) => told,
        Err(problem) => return answer::closed(looking.console, looking.visitor, &problem),
    };
    let now = looking.console.models.clock.now();
    let language = looking.visitor.preferences.language;
    let late = matches!(problem.code.as_str(), "already_answered" | "ended" | "not_accepted");
    let meanwhile = late.then(|| thread::meanwhile(&told.0, &told.1, now, language)).flatten();
    let words = meanwhile.unwrap_or_else(|| refusals::words_in(problem, looking.visitor.words()));
    let wrong = vec![Wrong { field: order.field, why: words }];
    wrongly(looking, &told, fields, wrong)
}

async fn again(
    looking: Looking<'_>,
    referral: ReferralId,
    fields: &Fields,
    wrong: Vec<Wrong>,
) -> Response {
    match looking.told(referral).await {
        Ok(told) => wrongly(looking, &told, fields, wrong),
        Err(problem) => answer::closed(looking.console, looking.visitor, &problem),
    }
}

fn wrongly(
    looking: Looking<'_>,
    (told, named): &(Told, Named),
    fields: &Fields,
    wrong: Vec<Wrong>,
) -> Response {
    let page = page(looking, looking.shown(told, named, None, (fields, wrong)));
    answer::page(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

#[cfg(test)]
mod tests;
