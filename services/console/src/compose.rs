//! `/invii/nuovo?persona=`: a person is sent to another service. First to which one, with what the
//! network knows of it; then why, how soon, what it will see, and what she agrees to. What sending
//! would mean is the domain's to say.

mod around;
mod draft;
mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use trama_events::codes::{DatasetSection, Purpose, Role, ServiceType, Urgency};
use trama_events::directory::OpeningHours;
use trama_events::ids::{OrganisationId, PersonId, ReferralId, ServiceId};
use trama_events::referrals::ConsentScope;
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::clock::random_id;
use trama_platform::doors::Action;
use trama_platform::gate::Reader;
use trama_projections::beds::{BedsAsked, tonight};
use trama_projections::journey::{Asked as AsOf, JourneyView as Journey, SECTIONS, journey};
use trama_projections::network::{listed_services, service_names};
use trama_ui::frame::Place;
use trama_ui::language::Words;

use crate::api::Api;
use crate::gate::{Sent, Visitor};
use crate::people::purpose_of;
use crate::referral::thread::HandedOver;
use crate::told::Wrong;
use crate::{Console, answer, forced, referral, refusals};
use around::{Around, Hers};
use draft::Draft;
use view::{Choose, Compose, Seek};

/// Sending somebody on, as the doors of referrals name those who may; nobody of a service that sends
/// by slips alone.
pub(crate) const COMPOSE: Action = Action {
    name: "page.refer",
    roles: &[
        Role::InfoDesk,
        Role::OutreachWorker,
        Role::EmergencyWorker,
        Role::CaseManager,
        Role::FacilityOperator,
        Role::CsmOperator,
        Role::LabourOperator,
        Role::MinorsWorker,
        Role::HubProfessional,
        Role::HealthDistrictOperator,
    ],
    why: "workers who meet people send them on, each for a service of her own",
    second_factor: false,
};

/// Where it is.
pub(crate) const PATH: &str = "/invii/nuovo";
/// Houses whose free places are told beside their names.
const HOUSES: i64 = 200;

/// How the page is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    persona: Option<PersonId>,
    /// To which service.
    a: Option<ServiceId>,
    /// A word of a service's name.
    cerca: Option<String>,
    /// Whether services of other territories are listed too.
    fuori: Option<String>,
    /// For which purpose the person is looked at.
    scopo: Option<String>,
}

/// What sending would mean, as its door tells it.
#[derive(Debug, Deserialize)]
struct Terms {
    service_type: ServiceType,
    active: bool,
    by_slip: bool,
    no_direct_access: bool,
    answers: Vec<DueAnswer>,
    sections: Vec<HandedOver>,
    smallest: Vec<DatasetSection>,
    agreement: Option<ConsentScope>,
}

#[derive(Debug, Deserialize)]
struct DueAnswer {
    urgency: Urgency,
    #[serde(with = "time::serde::rfc3339")]
    answer_by: OffsetDateTime,
}

/// A service as the directory tells it.
#[derive(Debug, Deserialize)]
struct Known {
    name: String,
    organisation: OrganisationId,
    ats: String,
    places: Option<u32>,
    stale: bool,
    hours: Vec<OpeningHours>,
}

/// Somebody who is to be sent, and who looks.
struct Sending<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    reader: &'a Reader,
    person: PersonId,
}

impl Sending<'_> {
    fn api(&self) -> Api<'_> {
        Api::new(self.console, self.visitor, self.reader.caller.stated)
    }

    fn now(&self) -> OffsetDateTime {
        self.console.models.clock.now()
    }

    /// Her record as the sender sees it, opened and written down.
    async fn opened(&self) -> Result<Journey, Response> {
        let opened = self.reader.open(self.person, &SECTIONS).await;
        let opened = opened
            .map_err(|problem| forced::closed(self.console, self.visitor, self.person, &problem))?;
        let asked = AsOf { recorded_by: None, occurred_by: None };
        match journey(&self.console.models.pool, self.person, asked, &opened).await {
            Ok(Ok(journey)) => Ok(journey),
            Ok(Err(_)) => {
                let nobody = Problem::not_found();
                Err(forced::closed(self.console, self.visitor, self.person, &nobody))
            }
            Err(error) => Err(self.unread(error)),
        }
    }

    /// What both pages say of it.
    fn around(&self, journey: &Journey) -> Around<'_> {
        let title = self.visitor.words().compose_title();
        Around {
            frame: self.console.frame(Some(self.visitor), &title, Some(Place::People)),
            caller: &self.visitor.caller,
            person: self.person,
            purpose: self.reader.caller.stated.map_or("", Purpose::code),
            hers: Hers::of(journey),
            now: self.now(),
        }
    }

    fn unread(&self, error: sqlx::Error) -> Response {
        answer::unread(self.console, Some(self.visitor), error)
    }
}

/// `GET /invii/nuovo`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    mut reader: Reader,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Ok(Query(wanted)) = wanted else { return answer::not_found(&console, Some(&visitor)) };
    let Some(person) = wanted.persona else {
        // Nobody was named: she is looked for first.
        return Redirect::to("/persone").into_response();
    };
    reader.caller.stated = wanted.scopo.as_deref().and_then(purpose_of);
    let sending = Sending { console: &console, visitor: &visitor, reader: &reader, person };
    let journey = match sending.opened().await {
        Ok(journey) => journey,
        Err(answer) => return answer,
    };
    let Some(to) = wanted.a else {
        return services(&sending, &journey, &wanted, false).await;
    };
    match terms(&sending, to).await {
        Ok((terms, _)) if terms.by_slip || terms.no_direct_access => {
            services(&sending, &journey, &wanted, true).await
        }
        Ok((terms, known)) => {
            let draft = Draft { key: random_id().to_string(), to: Some(to), ..Draft::default() };
            let draft = Draft { sections: terms.smallest.clone(), ..draft };
            form(&sending, &journey, (&terms, &known), draft, Vec::new()).await
        }
        Err(problem) => answer::closed(&console, &visitor, &problem),
    }
}

/// The services among which one is chosen; `slip` where the one that was asked for has another way.
async fn services(
    sending: &Sending<'_>,
    journey: &Journey,
    wanted: &Wanted,
    slip: bool,
) -> Response {
    let pool = &sending.console.models.pool;
    let listed = match listed_services(pool).await {
        Ok(listed) => listed,
        Err(error) => return sending.unread(error),
    };
    let asked = BedsAsked {
        ats: None,
        night: rome::day_of(sending.now()),
        kind: None,
        own: Vec::new(),
        limit: HOUSES,
        after: None,
    };
    let beds = match tonight(pool, &sending.visitor.caller, &asked).await {
        Ok(beds) => beds.facilities,
        Err(error) => return sending.unread(error),
    };
    let seek = Seek {
        words: wanted.cerca.clone().unwrap_or_default(),
        everywhere: wanted.fuori.is_some(),
        slip,
    };
    let page = Choose::new(&sending.around(journey), &listed, &beds, seek);
    answer::page(StatusCode::OK, &page)
}

async fn terms(sending: &Sending<'_>, to: ServiceId) -> Result<(Terms, Known), Problem> {
    let api = sending.api();
    let terms = api.get(&format!("/api/referrals/terms/{to}")).await?;
    let known = api.get(&format!("/api/directory/services/{to}")).await?;
    Ok((terms, known))
}

async fn form(
    sending: &Sending<'_>,
    journey: &Journey,
    (terms, known): (&Terms, &Known),
    draft: Draft,
    wrong: Vec<Wrong>,
) -> Response {
    let own = &sending.visitor.caller.services;
    let names = match service_names(&sending.console.models.pool, own).await {
        Ok(names) => names,
        Err(error) => return sending.unread(error),
    };
    let right = wrong.is_empty();
    let status = if right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let around = sending.around(journey);
    answer::page(status, &Compose::new(&around, (terms, known), &names, (draft, wrong)))
}

/// What a command answers.
#[derive(Debug, Deserialize)]
struct Done {
    id: ReferralId,
}

/// `POST /invii/nuovo`
pub(crate) async fn send(
    State(console): State<Console>,
    mut reader: Reader,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Ok(person) = fields.text("persona").parse::<PersonId>() else {
        return answer::not_found(&console, Some(&visitor));
    };
    reader.caller.stated = purpose_of(fields.text("scopo"));
    let sending = Sending { console: &console, visitor: &visitor, reader: &reader, person };
    let mut draft = Draft::of(&fields, &visitor);
    let Some(to) = draft.to else { return answer::not_found(&console, Some(&visitor)) };
    let about = match terms(&sending, to).await {
        Ok(about) => about,
        Err(problem) => return answer::closed(&console, &visitor, &problem),
    };
    let mut wrong = draft.wrong(visitor.words());
    if wrong.is_empty() {
        match sent(&sending, &draft, &about).await {
            Ok(done) => {
                let page = format!("{}?esito=mandato", referral::href(&done.id));
                return Redirect::to(&page).into_response();
            }
            Err(Undone::Refused(problem)) => {
                draft.open = already_open(&problem);
                wrong.push(Wrong { field: "a", why: why_not(&problem, visitor.words()) });
            }
            Err(Undone::Unagreed(referral)) => {
                draft.open = Some(referral);
                wrong.push(Wrong::new("accordo", &visitor.words().compose_unagreed()));
            }
        }
    }
    match sending.opened().await {
        Ok(journey) => form(&sending, &journey, (&about.0, &about.1), draft, wrong).await,
        Err(answer) => answer,
    }
}

/// What of a form was not done.
enum Undone {
    /// Nothing was.
    Refused(Problem),
    /// The referral is sent; what she agreed to is not written down.
    Unagreed(ReferralId),
}

/// What she agreed to is written down once the referral is sent: no referral asks for it, and of one
/// that is refused nothing stays open. Sent again, the form is the same referral and the same consent.
async fn sent(
    sending: &Sending<'_>,
    draft: &Draft,
    (terms, known): &(Terms, Known),
) -> Result<Done, Undone> {
    let api = sending.api();
    let body = json!({
        "person": sending.person, "from": draft.from, "to": draft.to, "need": draft.need,
        "urgency": draft.urgency, "dataset": draft.sections,
    });
    let done: Done =
        api.post("/api/referrals/referrals", &draft.key, &body).await.map_err(Undone::Refused)?;
    if let (true, Some(scope)) = (draft.agrees, terms.agreement) {
        let towards = match scope {
            ConsentScope::Labour => known.organisation,
            ConsentScope::Csm | ConsentScope::ExternalPath | ConsentScope::Volunteers => {
                sending.visitor.caller.organisation
            }
        };
        let body = json!({ "person": sending.person, "scope": scope, "to": towards });
        let key = format!("{}-accordo", draft.key);
        match api.post::<Value>("/api/referrals/consents", &key, &body).await {
            Ok(_) => {}
            // She said it before.
            Err(problem) if problem.code == "given_already" => {}
            Err(_) => return Err(Undone::Unagreed(done.id)),
        }
    }
    Ok(done)
}

/// The referral that is open, as the refusal names it at its end.
fn already_open(problem: &Problem) -> Option<ReferralId> {
    let is_it = problem.code == "already_open";
    problem.detail.rsplit(' ').next().filter(|_| is_it)?.parse().ok()
}

/// Why it was not sent.
fn why_not(problem: &Problem, words: &Words) -> String {
    match problem.code.as_str() {
        "already_open" => words.compose_refused_open(),
        "unknown_person" => words.compose_refused_person(),
        "service_not_active" => words.compose_refused_inactive(),
        "unknown_service" | "unknown_sender" => words.compose_refused_unknown(),
        "to_itself" => words.compose_refused_itself(),
        "only_by_slip" | "no_direct_access" => words.compose_refused_slip(),
        _ => refusals::words_in(problem, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_is_stopped_with_the_one_that_is_open() {
        let open = ReferralId::derived(&["open"]);
        let detail = format!("an open referral for the same person exists: {open}");
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "already_open", &detail);
        assert_eq!(already_open(&problem), Some(open));
        let other = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "to_itself", &detail);
        assert_eq!(already_open(&other), None);
    }
}
