//! `GET` and `POST /persone/nuova`: registers a person. Nothing is asked but the service; whoever may
//! be known already is shown before.

mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use strum::VariantArray as _;
use trama_events::codes::{Gender, IdentityStatus, Purpose};
use trama_events::ids::PersonId;
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::clock::random_id;
use trama_projections::journey::codes_of;

use crate::api::Api;
use crate::gate::{Fields, LINKS, Sent, Visitor};
use crate::matches::{Candidate, candidates};
use crate::people::purpose_of;
use crate::told::{Told, Wrong};
use crate::{Console, answer, refusals};
use view::{Draft, Register, Registered};

/// Whoever registers a person does it to help her, unless she says that it is an emergency.
const PURPOSE: Purpose = Purpose::Care;
/// Services of one worker among which she chooses.
const SERVICES_MAX: usize = 64;

/// A service of hers.
#[derive(Debug, Deserialize)]
struct Service {
    name: String,
}

/// What was not kept, though the person was registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    Nothing,
    Number,
    Facts,
}

/// Who was registered just now.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    fatta: Option<PersonId>,
}

/// `GET /persone/nuova`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    if let Some(person) = wanted.ok().and_then(|Query(wanted)| wanted.fatta) {
        return answer::page(StatusCode::OK, &Registered::new(&console, &visitor, person));
    }
    let draft = Draft { key: random_id().to_string(), ..Draft::default() };
    page(&console, &visitor, draft, Vec::new(), Vec::new()).await
}

/// `POST /persone/nuova`: from a search, with what was typed there; or the form itself.
pub(crate) async fn register(
    State(console): State<Console>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let mut draft = Draft::of(&fields);
    let purpose = draft.purpose.unwrap_or(PURPOSE);
    let api = Api::new(&console, &visitor, Some(purpose));
    // Sent twice, the form does not find the record that it made the first time.
    let person = draft.person(&visitor);
    let (found, mut wrong) = match likely(&console, &api, &draft, (purpose, person)).await {
        Ok(found) => (found, Vec::new()),
        // Nobody is turned away because we cannot look: it is said once, then she is registered.
        Err(_) if draft.unsearched => (Vec::new(), Vec::new()),
        Err(problem) => {
            draft.unsearched = true;
            (Vec::new(), vec![Wrong::new("cognome", refusals::words(&problem))])
        }
    };
    let new = found.iter().filter(|found| !draft.seen.contains(&found.person)).count();
    if fields.text("passo") != "registra" {
        draft.show(&found);
        return page(&console, &visitor, draft, found, Vec::new()).await;
    }
    wrong.extend(draft.wrong(&visitor, rome::day_of(console.models.clock.now())));
    let odd = draft.told.is_almost_a_tax_code() && !draft.number_seen;
    if !wrong.is_empty() || new > 0 || odd {
        draft.show(&found);
        return page(&console, &visitor, draft, found, wrong).await;
    }
    match registered(&api, &draft, person).await {
        Ok(left) => go_on(&console, &visitor, (person, purpose), !found.is_empty(), left).await,
        Err(problem) => {
            let field = if problem.code.starts_with("alias") { "sigla" } else { "cognome" };
            let wrong = vec![Wrong::new(field, refusals::words(&problem))];
            page(&console, &visitor, draft, found, wrong).await
        }
    }
}

/// Whoever may be the same person, where anything was told by which to look.
async fn likely(
    console: &Console,
    api: &Api<'_>,
    draft: &Draft,
    (purpose, person): (Purpose, PersonId),
) -> Result<Vec<Candidate>, Problem> {
    if draft.told.is_empty() {
        return Ok(Vec::new());
    }
    candidates(console, api, purpose, &draft.told.question(), &[person]).await
}

/// The record first, since everything else stands on it. Each command has a key of its own that
/// follows from the form's: sent twice, the form is one registration.
async fn registered(api: &Api<'_>, draft: &Draft, person: PersonId) -> Result<Left, Problem> {
    let body = draft.registration(person);
    let _: Value = api.post("/api/intake/persons", &draft.key, &body).await?;
    if !draft.alias_code.is_empty() {
        let body = json!({ "service": draft.service, "alias_code": draft.alias_code });
        let path = format!("/api/intake/persons/{person}/aliases");
        let _: Value = api.post(&path, &format!("{}-sigla", draft.key), &body).await?;
    }
    told(api, draft, person).await
}

/// A number that the vault does not take is no reason to lose the name.
async fn told(api: &Api<'_>, draft: &Draft, person: PersonId) -> Result<Left, Problem> {
    let path = format!("/api/vault/persons/{person}/facts");
    let documented = draft.status == IdentityStatus::Identified;
    let tries = [
        (draft.told.clone(), "fatti", Left::Nothing),
        (draft.told.without_number(), "fatti-senza-numero", Left::Number),
    ];
    for (told, name, left) in tries {
        let facts = told.facts(documented);
        if facts.is_empty() {
            return Ok(left);
        }
        let key = format!("{}-{name}", draft.key);
        match api.post::<Value>(&path, &key, &json!({ "facts": facts })).await {
            Ok(_) => return Ok(left),
            Err(problem) if problem.status == 422 => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Left::Facts)
}

/// To the page of both, where somebody may be known already; else to her own. Where the read models
/// do not know her yet, to a page that says so.
async fn go_on(
    console: &Console,
    visitor: &Visitor,
    (person, purpose): (PersonId, Purpose),
    alike: bool,
    left: Left,
) -> Response {
    let known = codes_of(&console.models.pool, &[person]).await;
    if known.is_ok_and(|codes| codes.is_empty()) && left == Left::Nothing {
        return Redirect::to(&format!("/persone/nuova?fatta={person}")).into_response();
    }
    let links = LINKS.roles.contains(&visitor.caller.role) && (alike || left != Left::Nothing);
    let page = if links { "/collegamenti" } else { "" };
    let notice = match left {
        Left::Nothing if links => "&esito=registrata",
        Left::Nothing => "",
        Left::Number => "&esito=senza-numero",
        Left::Facts => "&esito=senza-dati",
    };
    let notice = if links { notice } else { "" };
    Redirect::to(&format!("/persone/{person}{page}?scopo={}{notice}", purpose.code()))
        .into_response()
}

async fn page(
    console: &Console,
    visitor: &Visitor,
    mut draft: Draft,
    found: Vec<Candidate>,
    wrong: Vec<Wrong>,
) -> Response {
    let api = Api::new(console, visitor, None);
    let mut services = Vec::new();
    for service in visitor.caller.services.iter().take(SERVICES_MAX) {
        match api.get::<Service>(&format!("/api/directory/services/{service}")).await {
            Ok(known) => services.push((*service, known.name)),
            Err(problem) => return answer::closed(console, visitor, &problem),
        }
    }
    if let [(only, _)] = services.as_slice() {
        draft.service = Some(*only);
    }
    let page = Register::new(console, visitor, draft, &services, found, wrong);
    answer::page(page.status(), &page)
}

fn chosen<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

impl Draft {
    fn of(fields: &Fields) -> Self {
        let given = fields.text("chiave");
        let told = Told::of(fields);
        let well_made =
            (8..=64).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_graphic());
        Self {
            key: if well_made { given.to_owned() } else { random_id().to_string() },
            purpose: purpose_of(fields.text("scopo")),
            service: chosen(fields.text("servizio")),
            status: chosen(fields.text("stato")).unwrap_or(IdentityStatus::Anonymous),
            gender: chosen(fields.text("genere")).unwrap_or(Gender::Unknown),
            language: fields.text("lingua").to_owned(),
            alias_code: fields.text("sigla").to_owned(),
            seen: fields.text("visti").split(',').filter_map(chosen).collect(),
            unsearched: !fields.text("non_cercata").is_empty(),
            number_seen: !told.number.is_empty() && fields.text("numero_visto") == told.number,
            told,
        }
    }

    /// From now on these were shown to her.
    fn show(&mut self, found: &[Candidate]) {
        self.seen = found.iter().map(|found| found.person).collect();
    }

    fn wrong(&self, visitor: &Visitor, today: time::Date) -> Vec<Wrong> {
        let mut wrong = self.told.wrong(today);
        if !self.service.is_some_and(|service| visitor.caller.acts_for(service)) {
            wrong.insert(0, Wrong::new("servizio", "Scegli il servizio che la registra."));
        }
        wrong
    }

    /// Her record's id, as this worker's form makes it.
    fn person(&self, visitor: &Visitor) -> PersonId {
        PersonId::derived(&[&visitor.caller.staff.to_string(), &self.key])
    }

    fn registration(&self, person: PersonId) -> Value {
        let language = Some(&self.language).filter(|language| !language.is_empty());
        json!({
            "person": person, "service": self.service, "status": self.status, "gender": self.gender,
            "birth_year": self.told.year(), "language": language,
        })
    }
}

/// Every answer to the question how somebody sees herself.
fn genders() -> impl Iterator<Item = Gender> {
    Gender::VARIANTS.iter().copied()
}
