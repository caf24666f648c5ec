//! `/invii/nuovo?persona=`: a person is sent to another service. First to which one, with what the
//! network knows of it; then why, how soon, what it will see, and what she agrees to. What sending
//! would mean is the domain's to say.

mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use trama_events::codes::{DatasetSection, NeedCode, Role, ServiceType, Urgency};
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

use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor};
use crate::people::purpose_of;
use crate::referral::thread::HandedOver;
use crate::told::Wrong;
use crate::{Console, answer, forced, referral, refusals};
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
    let page = Choose::new(sending, journey, &listed, &beds, seek);
    answer::page(StatusCode::OK, &page)
}

async fn terms(sending: &Sending<'_>, to: ServiceId) -> Result<(Terms, Known), Problem> {
    let api = sending.api();
    let terms = api.get(&format!("/api/referrals/terms/{to}")).await?;
    let known = api.get(&format!("/api/directory/services/{to}")).await?;
    Ok((terms, known))
}

/// What the form holds.
#[derive(Debug, Default)]
struct Draft {
    key: String,
    from: Option<ServiceId>,
    to: Option<ServiceId>,
    need: Option<NeedCode>,
    urgency: Option<Urgency>,
    sections: Vec<DatasetSection>,
    agrees: bool,
    /// The open referral that it would repeat.
    open: Option<ReferralId>,
}

impl Draft {
    fn of(fields: &Fields, visitor: &Visitor) -> Self {
        let from: Option<ServiceId> = fields.text("da").parse().ok();
        Self {
            key: fields.text("chiave").to_owned(),
            from: from.filter(|from| visitor.caller.acts_for(*from)),
            to: fields.text("a").parse().ok(),
            need: fields.text("bisogno").parse().ok(),
            urgency: fields.text("urgenza").parse().ok(),
            sections: fields.all("sezioni").filter_map(|code| code.parse().ok()).collect(),
            agrees: !fields.text("accordo").is_empty(),
            open: None,
        }
    }

    fn wrong(&self) -> Vec<Wrong> {
        let missing = [
            (self.from.is_none(), "da", "Scegli per quale tuo servizio la mandi."),
            (self.need.is_none(), "bisogno", "Scegli perché la mandi."),
            (self.urgency.is_none(), "urgenza", "Scegli quanto è urgente."),
        ];
        let missing = missing.into_iter().filter(|(is_missing, ..)| *is_missing);
        missing.map(|(_, field, why)| Wrong::new(field, why)).collect()
    }
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
    answer::page(status, &Compose::new(sending, journey, (terms, known), &names, (draft, wrong)))
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
    let mut wrong = draft.wrong();
    if wrong.is_empty() {
        match sent(&sending, &draft, &about).await {
            Ok(done) => {
                let page = format!("{}?esito=mandato", referral::href(&done.id));
                return Redirect::to(&page).into_response();
            }
            Err(problem) => {
                draft.open = already_open(&problem);
                wrong.push(Wrong::new("a", words(&problem)));
            }
        }
    }
    match sending.opened().await {
        Ok(journey) => form(&sending, &journey, (&about.0, &about.1), draft, wrong).await,
        Err(answer) => answer,
    }
}

/// What she agreed to is written down first: the service is to see it when it opens the referral.
async fn sent(
    sending: &Sending<'_>,
    draft: &Draft,
    (terms, known): &(Terms, Known),
) -> Result<Done, Problem> {
    let api = sending.api();
    if let (true, Some(scope)) = (draft.agrees, terms.agreement) {
        let towards = match scope {
            ConsentScope::Labour => known.organisation,
            ConsentScope::Csm | ConsentScope::ExternalPath | ConsentScope::Volunteers => {
                sending.visitor.caller.organisation
            }
        };
        let body = json!({ "person": sending.person, "scope": scope, "to": towards });
        let key = format!("{}-accordo", draft.key);
        let _: Value = api.post("/api/referrals/consents", &key, &body).await?;
    }
    let body = json!({
        "person": sending.person, "from": draft.from, "to": draft.to, "need": draft.need,
        "urgency": draft.urgency, "dataset": draft.sections,
    });
    api.post("/api/referrals/referrals", &draft.key, &body).await
}

/// The referral that is open, as the refusal names it at its end.
fn already_open(problem: &Problem) -> Option<ReferralId> {
    let is_it = problem.code == "already_open";
    problem.detail.rsplit(' ').next().filter(|_| is_it)?.parse().ok()
}

/// Why it was not sent.
fn words(problem: &Problem) -> &'static str {
    match problem.code.as_str() {
        "already_open" => {
            "Per questa persona, questo bisogno e questo servizio c’è già un invio aperto: un secondo \
             non parte."
        }
        "unknown_person" => {
            "La persona non si può mandare da qui: è registrata da un momento, oppure nessun caso o \
             contatto ti lega a lei. Riprova tra poco."
        }
        "service_not_active" => "Il servizio ora non lavora: scegline un altro.",
        "unknown_service" | "unknown_sender" => {
            "Uno dei due servizi qui non è ancora conosciuto: riprova tra qualche istante."
        }
        "to_itself" => "Un invio va a un altro servizio: scegline uno che non è il tuo.",
        "only_by_slip" | "no_direct_access" => {
            "A questo servizio nessuno va con un invio: la persona ci va con un biglietto, se vuole."
        }
        _ => refusals::words(problem),
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

    #[test]
    fn a_draft_without_a_need_is_asked_for_it_at_its_field() {
        let wrong = Draft::default().wrong();
        assert_eq!(
            wrong.iter().map(|it| it.field).collect::<Vec<_>>(),
            ["da", "bisogno", "urgenza"]
        );
    }
}
