//! `GET` and `POST /persone/nuova`: the first of four short steps, who she is. Nothing is asked but
//! the service; whoever may be known already is shown while somebody types, with what speaks for
//! and against it, and what is said of each is written down with the registration.

mod missing;
mod steps;
mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use strum::VariantArray as _;
use trama_events::codes::{Gender, IdentityStatus, Purpose, ServiceType};
use trama_events::ids::{PersonId, ServiceId};
use trama_events::rome;
use trama_platform::Problem;
use trama_platform::clock::random_id;
use trama_projections::journey::codes_of;

use crate::api::Api;
use crate::gate::{Fields, LINKS, Sent, Visitor};
use crate::matches::{Candidate, Judged, candidates, field_of};
use crate::people::{purpose_of, wants_a_part};
use crate::told::{Told, Wrong};
use crate::{Console, answer, refusals};
use steps::Step;
use view::{Draft, Register, Registered};

pub(crate) use missing::{Missing, missing};
pub(crate) use steps::{STEP_PATH, save, show as show_step, usual};
pub(crate) use view::languages;

/// Whoever registers a person does it to help her, unless she says that it is an emergency.
pub(crate) const PURPOSE: Purpose = Purpose::Care;
/// Services of one worker among which she chooses.
const SERVICES_MAX: usize = 64;

/// A service of hers, as the directory tells it.
#[derive(Debug, Clone, Deserialize)]
#[expect(clippy::struct_field_names, reason = "as the directory's door names them")]
pub(crate) struct Service {
    pub(crate) service: ServiceId,
    pub(crate) name: String,
    pub(crate) service_type: ServiceType,
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

/// `POST /persone/nuova`: from a search, with what was typed there; the form itself; or, while
/// somebody types, the part of it that says who is known already.
pub(crate) async fn register(
    State(console): State<Console>,
    headers: HeaderMap,
    Sent { visitor, fields }: Sent,
) -> Response {
    let mut draft = Draft::of(&fields);
    let purpose = draft.purpose.unwrap_or(PURPOSE);
    let api = Api::new(&console, &visitor, Some(purpose));
    // Sent twice, the form does not find the record that it made the first time.
    let person = draft.person(&visitor);
    let is_typing = wants_a_part(&headers);
    let told = if is_typing { draft.told.as_typed() } else { draft.told.clone() };
    let (found, mut wrong) = match likely(&console, &api, &told, (purpose, person)).await {
        Ok(found) => (found, Vec::new()),
        // Nobody is turned away because we cannot look: it is said once, then she is registered.
        Err(_) if draft.unsearched => (Vec::new(), Vec::new()),
        Err(problem) => {
            draft.unsearched = true;
            (
                Vec::new(),
                vec![Wrong::new("cognome", &refusals::words_in(&problem, visitor.words()))],
            )
        }
    };
    draft.judge(&fields, &found);
    if is_typing {
        draft.show(&found);
        return Register::new(&console, &visitor, draft, &[], found, Vec::new()).part();
    }
    let is_new = |found: &&Candidate| !draft.told.is_little() && !draft.is_known(found);
    let new = found.iter().filter(is_new).count();
    let only_looks = !fields.text("cerca").is_empty();
    if only_looks || fields.text("passo") != "registra" {
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
        Ok(left) => {
            let unsaid = judged(&visitor, &api, &draft, (person, &found)).await;
            go_on(&console, &visitor, &draft, (person, purpose), unsaid, left).await
        }
        Err(problem) => {
            let field = if problem.code.starts_with("alias") { "sigla" } else { "cognome" };
            let wrong = vec![Wrong::new(field, &refusals::words_in(&problem, visitor.words()))];
            page(&console, &visitor, draft, found, wrong).await
        }
    }
}

/// Whoever may be the same person, where anything was told by which to look.
async fn likely(
    console: &Console,
    api: &Api<'_>,
    told: &Told,
    (purpose, person): (Purpose, PersonId),
) -> Result<Vec<Candidate>, Problem> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    candidates(console, api, purpose, &told.question(), &[person]).await
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

/// Writes down what was said of each candidate, and tells whether of any of them nothing was said
/// or could be written. That is no reason to lose the registration: it is asked again.
async fn judged(
    visitor: &Visitor,
    api: &Api<'_>,
    draft: &Draft,
    (person, found): (PersonId, &[Candidate]),
) -> bool {
    if !LINKS.roles.contains(&visitor.caller.role) {
        return false;
    }
    let mut unsaid = false;
    for candidate in found {
        let Some(judged) = candidate.judged(&draft.judged) else {
            unsaid = true;
            continue;
        };
        let key = format!("{}-{}", draft.key, candidate.person);
        let two = json!({ "one": person, "another": candidate.person });
        unsaid |= api.post::<Value>(judged.door(), &key, &two).await.is_err();
    }
    unsaid
}

/// To the page of both, where nothing was said of somebody who may be known already, by a page that
/// waits where the read models do not know her yet; else to the next step.
async fn go_on(
    console: &Console,
    visitor: &Visitor,
    draft: &Draft,
    (person, purpose): (PersonId, Purpose),
    unsaid: bool,
    left: Left,
) -> Response {
    let notice = match left {
        Left::Nothing => "registrata",
        Left::Number => "senza-numero",
        Left::Facts => "senza-dati",
    };
    let links = LINKS.roles.contains(&visitor.caller.role) && (unsaid || left != Left::Nothing);
    let known = codes_of(&console.models.pool, &[person]).await;
    let is_behind = known.is_ok_and(|codes| codes.is_empty());
    let to = if links && is_behind && left == Left::Nothing {
        format!("/persone/nuova?fatta={person}")
    } else if links {
        format!("/persone/{person}/collegamenti?scopo={}&esito={notice}", purpose.code())
    } else {
        let step = steps::by_form(&Step::Needs.href(person, purpose, draft.service), &draft.key);
        format!("{step}&esito={notice}")
    };
    Redirect::to(&to).into_response()
}

/// Her own services with their public names.
///
/// # Errors
///
/// As the directory's door answers.
pub(crate) async fn services(
    console: &Console,
    visitor: &Visitor,
) -> Result<Vec<Service>, Problem> {
    let api = Api::new(console, visitor, None);
    let mut services = Vec::new();
    for service in visitor.caller.services.iter().take(SERVICES_MAX) {
        services.push(api.get::<Service>(&format!("/api/directory/services/{service}")).await?);
    }
    Ok(services)
}

async fn page(
    console: &Console,
    visitor: &Visitor,
    mut draft: Draft,
    found: Vec<Candidate>,
    wrong: Vec<Wrong>,
) -> Response {
    let services = match services(console, visitor).await {
        Ok(services) => services,
        Err(problem) => return answer::closed(console, visitor, &problem),
    };
    if let [only] = services.as_slice() {
        draft.service = Some(only.service);
    }
    let page = Register::new(console, visitor, draft, &services, found, wrong);
    answer::page(page.status(), &page)
}

fn chosen<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// The record's id, as a form of this worker's own makes it; nobody else's form makes the same.
fn made_by(visitor: &Visitor, key: &str) -> PersonId {
    PersonId::derived(&[&visitor.caller.staff.to_string(), key])
}

/// The key that a form brought, where it is well made; else a new one.
pub(crate) fn key_of(fields: &Fields) -> String {
    let given = fields.text("chiave");
    let fits = (8..=64).contains(&given.len()) && given.bytes().all(|b| b.is_ascii_graphic());
    if fits { given.to_owned() } else { random_id().to_string() }
}

impl Draft {
    fn of(fields: &Fields) -> Self {
        let told = Told::of(fields);
        Self {
            key: key_of(fields),
            purpose: purpose_of(fields.text("scopo")),
            service: chosen(fields.text("servizio")),
            status: chosen(fields.text("stato")).unwrap_or(IdentityStatus::Anonymous),
            gender: chosen(fields.text("genere")).unwrap_or(Gender::Unknown),
            language: fields.text("lingua").to_owned(),
            alias_code: fields.text("sigla").to_ascii_uppercase(),
            seen: fields.text("visti").split(',').filter_map(chosen).collect(),
            judged: Vec::new(),
            unsearched: !fields.text("non_cercata").is_empty(),
            number_seen: !told.number.is_empty() && fields.text("numero_visto") == told.number,
            told,
        }
    }

    /// What the form says of those who were found.
    fn judge(&mut self, fields: &Fields, found: &[Candidate]) {
        let said = |candidate: &Candidate| {
            let code = fields.text(&field_of(candidate.person));
            let judged = Judged::ALL.into_iter().find(|judged| judged.code() == code)?;
            Some((candidate.person, judged))
        };
        self.judged = found.iter().filter_map(said).collect();
    }

    /// Whether she was shown before, or something was said of her.
    fn is_known(&self, found: &Candidate) -> bool {
        self.seen.contains(&found.person) || found.judged(&self.judged).is_some()
    }

    /// From now on these were shown to her; of a letter or two nobody is.
    fn show(&mut self, found: &[Candidate]) {
        let shown = if self.told.is_little() { &[] } else { found };
        self.seen = shown.iter().map(|found| found.person).collect();
    }

    fn wrong(&self, visitor: &Visitor, today: time::Date) -> Vec<Wrong> {
        let mut wrong = self.told.wrong(today, visitor.words());
        if !self.service.is_some_and(|service| visitor.caller.acts_for(service)) {
            wrong.insert(0, Wrong::new("servizio", &visitor.words().who_wrong_service()));
        }
        wrong
    }

    fn person(&self, visitor: &Visitor) -> PersonId {
        made_by(visitor, &self.key)
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
