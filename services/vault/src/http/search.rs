use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{IdentityField, Section};
use trama_events::ids::PersonId;
use trama_matching::{Field, Language, Reason};
use trama_platform::Problem;
use trama_platform::access::{Entry, SEARCH_LIMIT};
use trama_platform::clock::real_now;
use trama_platform::doors::Order;
use trama_platform::failure::Never;
use trama_platform::gate::Reader;
use utoipa::ToSchema;

use crate::Vault;
use crate::search::{CANDIDATES_MAX, Candidate, Search, SearchError};
use crate::store::Value;

/// Longest value of a search, in bytes.
const LENGTH_MAX: usize = 200;
/// Candidates about whom the gate is asked at once.
const ASKED_AT_ONCE: usize = 2 * CANDIDATES_MAX;

/// Whatever is typed so far: one line, or fields.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MatchForm {
    /// Names in any order, a date or year of birth, a code: the last word may be half written.
    #[schema(value_type = Option<String>)]
    text: Option<Value>,
    /// Family name, as far as it is typed.
    #[schema(value_type = Option<String>)]
    family: Option<Value>,
    /// Given name, as far as it is typed.
    #[schema(value_type = Option<String>)]
    given: Option<Value>,
    /// Date of birth.
    birth_date: Option<Date>,
    /// Year of birth, when the day is not known.
    birth_year: Option<i32>,
    /// Sex as registered: f or m.
    #[schema(value_type = Option<String>)]
    sex: Option<Value>,
    /// Place of birth: cadastral code or name.
    #[schema(value_type = Option<String>)]
    birth_place: Option<Value>,
    /// Codice fiscale.
    #[schema(value_type = Option<String>)]
    tax_code: Option<Value>,
    /// Provisional codice fiscale.
    #[schema(value_type = Option<String>)]
    provisional_tax_code: Option<Value>,
    /// STP code.
    #[schema(value_type = Option<String>)]
    stp: Option<Value>,
    /// ENI code.
    #[schema(value_type = Option<String>)]
    eni: Option<Value>,
    /// A document.
    #[schema(value_type = Option<String>)]
    document: Option<Value>,
    /// The name by which she is called.
    #[schema(value_type = Option<String>)]
    alias: Option<Value>,
}

/// Who she may be.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct MatchView {
    /// Best first, at most 10.
    candidates: Vec<CandidateView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct CandidateView {
    /// The record; of linked records the one in front.
    person: PersonId,
    /// Name and year of birth, when you may see them.
    label: Option<String>,
    /// 0 to 1, that it is the same person. She is never linked by this alone.
    probability: f64,
    /// What speaks for and against it, the strongest first.
    reasons: Vec<ReasonView>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct ReasonView {
    /// What was compared.
    #[schema(value_type = String)]
    field: Field,
    /// How it compares, as a code.
    level: &'static str,
    /// Whether it speaks for one person.
    speaks_for: bool,
    /// In Italian.
    it: &'static str,
    /// In English.
    en: &'static str,
}

/// Looks for a person while somebody types.
#[utoipa::path(post, path = "/api/intake/persons/match", tag = "intake",
    request_body = MatchForm, responses((status = 200, body = MatchView)))]
pub(super) async fn find(
    State(vault): State<Vault>,
    reader: Reader,
    order: Order<MatchForm>,
) -> Result<impl IntoResponse, Problem> {
    let search = order.body.search()?;
    let found = match vault.find(order.caller.staff, &search).await {
        Err(error @ SearchError::TooMany(_)) => {
            reached_limit(&reader).await?;
            return Err(problem(error));
        }
        found => found.map_err(problem)?,
    };
    let candidates = known(&reader, &found).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(MatchView { candidates })))
}

/// The best of those who may be known, each written down as far as somebody was looked at. So many
/// are asked about at once that a few whom nobody shows here do not make the answer later.
async fn known(reader: &Reader, found: &[Candidate]) -> Result<Vec<CandidateView>, Problem> {
    let (mut shown, mut rest) = (Vec::new(), found);
    loop {
        let (some, later) = rest.split_at(rest.len().min(ASKED_AT_ONCE));
        let people: Vec<PersonId> = some.iter().map(|candidate| candidate.person).collect();
        let wanted = CANDIDATES_MAX - shown.len();
        let seen = reader.first_found(&people, Section::Identity, wanted).await?;
        let listed = some.iter().zip(seen).filter(|(_, seen)| seen.listed);
        shown.extend(listed.map(|(candidate, seen)| view(candidate, seen.shown)));
        if later.is_empty() || shown.len() >= CANDIDATES_MAX {
            return Ok(shown);
        }
        rest = later;
    }
}

/// Whoever controls who looks at whom finds it among what is unusual (trust.md, threat 12).
async fn reached_limit(reader: &Reader) -> Result<(), Problem> {
    let (caller, door) = (&reader.caller, reader.action.name);
    let by = Entry::by(caller, &caller.session, door, real_now());
    let entry = Entry { sections: vec![SEARCH_LIMIT.to_owned()], ..by };
    reader.gate().access().write(entry).await?;
    Ok(())
}

fn problem(error: SearchError) -> Problem {
    match error {
        SearchError::TooMany(many) => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_searches", many.to_string())
        }
        SearchError::Vault(error) => error.into_failure::<Never>().into(),
    }
}

fn view(candidate: &Candidate, shown: bool) -> CandidateView {
    CandidateView {
        person: candidate.person,
        label: shown.then(|| label(candidate)),
        probability: candidate.found.probability,
        reasons: candidate.found.reasons().into_iter().map(reason).collect(),
    }
}

fn label(candidate: &Candidate) -> String {
    let known = &candidate.described;
    let year = known.birth_date.map(Date::year).or(known.birth_year).map(|year| year.to_string());
    let name = [&known.family, &known.given, &year];
    name.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn reason(reason: Reason) -> ReasonView {
    ReasonView {
        field: reason.field,
        level: reason.level(),
        speaks_for: reason.speaks_for(),
        it: reason.words(Language::Italian),
        en: reason.words(Language::English),
    }
}

impl MatchForm {
    fn search(self) -> Result<Search, Problem> {
        let birth_date = self.birth_date.map(|day| Value::new(&day.to_string()));
        let fields = [
            (IdentityField::FamilyName, self.family),
            (IdentityField::GivenName, self.given),
            (IdentityField::BirthDate, birth_date),
            (IdentityField::Sex, self.sex),
            (IdentityField::BirthPlace, self.birth_place),
            (IdentityField::TaxCode, self.tax_code),
            (IdentityField::ProvisionalTaxCode, self.provisional_tax_code),
            (IdentityField::Stp, self.stp),
            (IdentityField::Eni, self.eni),
            (IdentityField::Document, self.document),
            (IdentityField::Alias, self.alias),
        ];
        let told = |(field, value): (IdentityField, Option<Value>)| Some((field, value?));
        let fields: Vec<_> = fields.into_iter().filter_map(told).collect();
        let all = fields.iter().map(|(_, value)| value).chain(&self.text);
        if all.clone().any(|value| value.expose().len() > LENGTH_MAX) {
            let detail = format!("each value of a search has at most {LENGTH_MAX} bytes");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Problem::new(status, "search_length", detail));
        }
        let filled = |(_, value): &(IdentityField, Value)| !value.expose().trim().is_empty();
        let fields = fields.into_iter().filter(filled).collect();
        Ok(Search { text: self.text, fields, birth_year: self.birth_year })
    }
}
