//! What is known of a person's links, gathered from the read models and asked of the doors.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;
use trama_events::codes::Purpose;
use trama_events::ids::{LinkId, PersonId};
use trama_events::intake::{LinkReason, UnlinkReason};
use trama_platform::gate::Opened;
use trama_platform::{Failure, Never, Problem};
use trama_projections::journey::{Asked, Joined, JourneyView, journey, links_of};
use trama_ui::language::Words;

use super::Looking;
use super::view::Outcome;
use crate::gate::encode;
use crate::matches::{Candidate, candidates};

/// Records of one person whose links are looked at.
const RECORDS_MAX: usize = 20;

/// What somebody judged of a pair, as the door tells it.
#[derive(Debug, Deserialize)]
pub(super) struct Judged {
    judgement: Judgement,
    reasons: Vec<LinkReason>,
    unlinked_because: Option<UnlinkReason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Judgement {
    Open,
    Different,
    Linked,
    Unlinked,
}

#[derive(Deserialize)]
struct JoinedReaders {
    workers: usize,
}

/// A link that holds.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) joined: Joined,
    pub(super) reasons: Vec<LinkReason>,
}

/// Somebody whom it may be.
#[derive(Debug)]
pub(super) struct Likely {
    pub(super) candidate: Candidate,
    /// Somebody looked before and could not say.
    pub(super) left_open: bool,
}

/// Everything that the page shows.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) journey: JourneyView,
    /// Her name and year of birth, as far as the reader sees them.
    pub(super) whom: Option<String>,
    pub(super) held: Vec<Held>,
    pub(super) likely: Vec<Likely>,
}

impl Known {
    /// The short code of one of her records.
    pub(super) fn code_of(&self, person: PersonId, words: &Words) -> String {
        let record = self.journey.records.iter().find(|record| record.person == person);
        let code = record.and_then(|record| record.code.clone());
        code.unwrap_or_else(|| words.journey_no_code())
    }
}

/// Gathers it, for a reader to whom it is open.
///
/// # Errors
///
/// 404 when nobody is known; as the doors answer.
pub(super) async fn known(looking: &Looking<'_>, opened: &Opened) -> Result<Known, Problem> {
    let pool = &looking.console.models.pool;
    let journey = journey(pool, looking.person, Asked::default(), opened).await;
    let journey = journey.map_err(unread)?.map_err(|_| Problem::not_found())?;
    let records: Vec<PersonId> = journey.records.iter().map(|record| record.person).collect();
    let held = held(looking, &records).await?;
    let question = own_facts(looking, &journey).await?;
    let likely = likely(looking, &question, &records).await?;
    Ok(Known { journey, whom: label(&question), held, likely })
}

fn unread(error: sqlx::Error) -> Problem {
    Failure::<Never>::from(error).into()
}

/// Links between the records, as the log itself tells them now.
async fn held(looking: &Looking<'_>, records: &[PersonId]) -> Result<Vec<Held>, Problem> {
    let mut held: Vec<Held> = Vec::new();
    for record in records.iter().take(RECORDS_MAX) {
        let links = links_of(&looking.console.models.pool, *record).await.map_err(unread)?;
        for joined in links {
            if held.iter().any(|known| known.joined.link == joined.link) {
                continue;
            }
            let judged = judged(looking, joined.link).await?;
            let linked = judged.filter(|judged| judged.judgement == Judgement::Linked);
            held.extend(linked.map(|judged| Held { joined, reasons: judged.reasons }));
        }
    }
    Ok(held)
}

async fn judged(looking: &Looking<'_>, link: LinkId) -> Result<Option<Judged>, Problem> {
    match looking.api().get(&format!("/api/intake/links/{link}")).await {
        Ok(judged) => Ok(Some(judged)),
        Err(problem) if problem.status == 404 => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Who else she may be, by her own facts: without those of whom somebody said that they are two.
async fn likely(
    looking: &Looking<'_>,
    question: &Map<String, Value>,
    records: &[PersonId],
) -> Result<Vec<Likely>, Problem> {
    if question.is_empty() {
        return Ok(Vec::new());
    }
    let (api, purpose) = (looking.api(), looking.reader.caller.stated);
    let purpose = purpose.unwrap_or(Purpose::Care);
    let found =
        candidates(looking.console, &api, purpose, &Value::Object(question.clone()), records)
            .await?;
    let mut likely = Vec::with_capacity(found.len());
    for candidate in found {
        let link = LinkId::of_pair(looking.person, candidate.person);
        let left_open = match judged(looking, link).await?.map(|judged| judged.judgement) {
            Some(Judgement::Different | Judgement::Linked | Judgement::Unlinked) => continue,
            Some(Judgement::Open) => true,
            None => false,
        };
        likely.push(Likely { candidate, left_open });
    }
    Ok(likely)
}

#[derive(Deserialize)]
struct Facts {
    facts: Vec<Fact>,
}

#[derive(Deserialize)]
struct Fact {
    field: String,
    value: String,
}

/// The question whether somebody else is like her.
async fn own_facts(
    looking: &Looking<'_>,
    journey: &JourneyView,
) -> Result<Map<String, Value>, Problem> {
    let path = format!("/api/vault/persons/{}?sections=identity,alias", looking.person);
    let facts = match looking.api().get::<Facts>(&path).await {
        Ok(Facts { facts }) => facts,
        Err(problem) if problem.status == 404 => Vec::new(),
        Err(problem) => return Err(problem),
    };
    let mut question = Map::new();
    for Fact { field, value } in facts {
        let asked = match field.as_str() {
            "family_name" => "family",
            "given_name" => "given",
            "alias"
            | "birth_date"
            | "sex"
            | "birth_place"
            | "tax_code"
            | "provisional_tax_code"
            | "stp"
            | "eni"
            | "document" => field.as_str(),
            _ => continue,
        };
        question.entry(asked).or_insert(json!(value));
    }
    let registered = journey.entries.iter().find(|entry| entry.kind == "person_registered");
    let year = registered.and_then(|entry| entry.detail.get("birth_year"));
    if let Some(year) = year
        && year.is_i64()
        && !question.is_empty()
        && !question.contains_key("birth_date")
    {
        question.insert("birth_year".into(), year.clone());
    }
    Ok(question)
}

fn label(question: &Map<String, Value>) -> Option<String> {
    let text = |field: &str| question.get(field).and_then(Value::as_str).map(ToOwned::to_owned);
    let day = text("birth_date").and_then(|day| day.split('-').next().map(ToOwned::to_owned));
    let year = day.or_else(|| question.get("birth_year").map(ToString::to_string));
    let name: Vec<String> = [text("family"), text("given")].into_iter().flatten().collect();
    let name = if name.is_empty() { text("alias")? } else { name.join(" ") };
    Some([Some(name), year].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// What was done just before, as the log tells it: an address that somebody made up tells nothing.
pub(super) async fn outcome(looking: &Looking<'_>, word: &str) -> Option<Outcome> {
    let (words, language) = (looking.words(), looking.visitor.preferences.language);
    if let Some(outcome) = Outcome::registered(word, words) {
        return Some(outcome);
    }
    let link: LinkId = word.parse().ok()?;
    let judged = judged(looking, link).await.ok()??;
    Some(match judged.judgement {
        Judgement::Linked => Outcome::linked(words),
        Judgement::Different => Outcome::different(words),
        Judgement::Open => Outcome::open(words),
        Judgement::Unlinked => {
            Outcome::unlinked(judged.unlinked_because, readers(looking, link).await, language)
        }
    })
}

/// How many workers read the file while it was joined; nothing where nobody can say now.
async fn readers(looking: &Looking<'_>, link: LinkId) -> Option<usize> {
    let links = links_of(&looking.console.models.pool, looking.person).await.ok()?;
    let joined = links.into_iter().find(|joined| joined.link == link)?;
    let from = joined.linked_at.format(&Rfc3339).ok()?;
    let to = joined.unlinked_at.and_then(|at| at.format(&Rfc3339).ok());
    let to = to.map(|to| format!("&to={}", encode(&to))).unwrap_or_default();
    let path = format!(
        "/api/access/links/{link}/readers?person={}&other={}&from={}{to}",
        joined.canonical,
        joined.other,
        encode(&from)
    );
    let readers: JoinedReaders = looking.api().get(&path).await.ok()?;
    Some(readers.workers)
}
