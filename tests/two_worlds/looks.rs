//! Everything that everybody is told of a subject: each door that shows something, for each worker,
//! for each purpose.

#![allow(dead_code, clippy::allow_attributes, reason = "each test binary uses another part")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use futures::{StreamExt, stream};
use serde_json::{Value, json};
use trama::client::{Actor, Client};
use trama_events::codes::Role;
use trama_events::ids::{PersonId, derive_uuid};
use trama_events::short_code::ShortCode;

use crate::support::key;

/// Longest wait for an answer.
pub(super) const ANSWER_MAX: Duration = Duration::from_secs(20);
/// Questions under way at one time.
pub(super) const AT_ONCE: usize = 12;
/// What may be stated; planning and administration are no purposes for a person's record.
const PURPOSES: [&str; 3] = ["care", "emergency", "audit"];
/// The log of readings tells who looked. Looking is what this test does, so it is never the same.
const OF_READINGS: &str = "/api/access/";
/// The feed has every event of the shared logs for who controls, and for systems of bodies what they
/// may be told. What it never has, the sealed logs, `tests/sealed.rs` holds.
const FEED: &str = "/events";
/// How far each log was read, and where in it an order was written.
const POSITIONS: &str = "\"positions\":";
/// How full the shared logs are, how far each was read, and how many readings were written down, for
/// who runs the machine: every event and every look of this test moves it, and it names nobody.
const STATE: &str = "/api/system/state";
/// A stream is heard, not asked.
const LIVE: &str = "/api/live";
/// Looking for somebody is a question too, though its words go in a body.
pub(super) const MATCH: &str = "/api/intake/persons/match";
/// Who finds a record at every door (R31), when she says for what purpose.
const FINDERS: [Role; 7] = [
    Role::HealthDistrictOperator,
    Role::InfoDesk,
    Role::OutreachWorker,
    Role::EmergencyWorker,
    Role::CaseManager,
    Role::FacilityOperator,
    Role::MinorsWorker,
];

/// What is asked for: ids by the name that they have in paths, and words to look for her.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    ids: BTreeMap<&'static str, String>,
    words: Option<String>,
}

impl Subject {
    pub(super) fn of(person: PersonId) -> Self {
        Self::default()
            .also("person", &person)
            .also("code", &ShortCode::candidate(person.0, 0).as_str())
    }

    pub(super) fn also(mut self, name: &'static str, id: &dyn fmt::Display) -> Self {
        self.ids.insert(name, id.to_string());
        self
    }

    /// With what somebody else has, too.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.ids.extend(other.ids);
        self
    }

    pub(super) fn named(mut self, words: &str) -> Self {
        self.words = Some(words.to_owned());
        self
    }

    /// The id that she, or what is hers, has under a name.
    pub(super) fn id(&self, name: &str) -> Option<&str> {
        self.ids.get(name).map(String::as_str)
    }

    /// Whether a text names her or something of hers.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        self.ids.values().any(|id| text.contains(id))
    }

    /// Somebody who is not there: an id that nobody has for each of hers.
    pub(super) fn nobody(&self) -> Self {
        let nobodys = |(name, id): (&&'static str, &String)| {
            (*name, derive_uuid("nobody", &[name, id]).to_string())
        };
        Self { ids: self.ids.iter().map(nobodys).collect(), words: None }
    }

    /// A path with her ids; with ids that nobody has where she has none.
    pub(super) fn fill(&self, path: &str, who: &Actor) -> String {
        let nobody = uuid::Uuid::from_u128(99).to_string();
        let part = |part: &str| {
            let name = part.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
            let Some(name) = name else { return part.to_owned() };
            let own = match name {
                "organisation" => Some(who.organisation.to_string()),
                "service" | "facility" => who.services.first().map(ToString::to_string),
                "staff" => Some(who.staff.to_string()),
                "code" => Some(ShortCode::candidate(uuid::Uuid::from_u128(99), 0).as_str().into()),
                "id" => Some("I1".to_owned()),
                _ => None,
            };
            self.ids.get(name).cloned().or(own).unwrap_or_else(|| nobody.clone())
        };
        path.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}

/// One question: who asked what at which door.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ask {
    pub(super) who: String,
    pub(super) purpose: Option<&'static str>,
    pub(super) door: String,
    pub(super) query: String,
    /// Whether her role finds records at every door.
    pub(super) may_find: bool,
}

impl Ask {
    /// Whether her role finds records at every door, beside what is asked.
    pub(super) fn of(who: (&str, &Actor), purpose: Option<&'static str>, door: &str) -> Self {
        let may_find = FINDERS.contains(&who.1.role);
        let (query, door) = (String::new(), door.to_owned());
        Self { who: who.0.to_owned(), purpose, door, query, may_find }
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { who, purpose, door, query, .. } = self;
        write!(f, "{who} for {} at {door}{query}", purpose.unwrap_or("nothing stated"))
    }
}

/// An answer: status, headers and body.
pub(super) type Told = (u16, Vec<(String, String)>, String);

/// What everybody was told.
pub(super) type Answers = BTreeMap<Ask, Told>;

struct Door {
    path: String,
    roles: BTreeSet<String>,
}

pub(super) struct Looks {
    base: String,
    http: reqwest::Client,
    workers: Vec<(String, Actor)>,
    bearers: BTreeMap<String, String>,
    doors: Vec<Door>,
}

impl Looks {
    pub(super) async fn open(client: &Client, workers: Vec<(String, Actor)>) -> Self {
        let http = reqwest::Client::builder().timeout(ANSWER_MAX).build().unwrap();
        let document = http.get(format!("{}/openapi.json", client.base())).send().await.unwrap();
        let document: Value = document.json().await.unwrap();
        let doors = document["paths"].as_object().unwrap().iter().filter_map(|(path, item)| {
            let operation =
                item.get("get").or_else(|| item.get("post").filter(|_| path == MATCH))?;
            let roles = operation["x-roles"].as_array().unwrap().iter();
            let roles = roles.map(|role| role.as_str().unwrap().to_owned()).collect();
            let told = !path.starts_with(OF_READINGS) && ![LIVE, STATE].contains(&path.as_str());
            told.then(|| Door { path: path.clone(), roles })
        });
        let bearer = |(name, who): &(String, Actor)| (name.clone(), client.bearer(who).unwrap());
        Self {
            base: client.base().to_owned(),
            http,
            bearers: workers.iter().map(bearer).collect(),
            workers,
            doors: doors.collect(),
        }
    }

    /// Everything that everybody is told.
    pub(super) async fn at(&self, subject: &Subject) -> Answers {
        let asks = self.workers.iter().flat_map(|(name, who)| {
            let doors = self.doors.iter();
            doors.flat_map(move |door| asks(name, who, door).into_iter().map(move |ask| (ask, who)))
        });
        let told = stream::iter(asks.map(|(ask, who)| async move {
            let told = self.told(&ask, who, subject).await;
            (ask, told)
        }));
        told.buffer_unordered(AT_ONCE).collect().await
    }

    async fn told(&self, ask: &Ask, who: &Actor, subject: &Subject) -> Told {
        let url = format!("{}{}{}", self.base, subject.fill(&ask.door, who), ask.query);
        let request = if ask.door == MATCH {
            let words = subject.words.as_deref().unwrap_or("Quarantasei Nessuna");
            let request = self.http.post(url).header("idempotency-key", key());
            request.json(&json!({ "text": words }))
        } else {
            self.http.get(url)
        };
        let request = match ask.purpose {
            Some(purpose) => request.header("purpose", purpose),
            None => request,
        };
        told(ask, request.bearer_auth(&self.bearers[&ask.who])).await
    }
}

/// What a door answers, without what is not compared.
pub(super) async fn told(ask: &Ask, request: reqwest::RequestBuilder) -> Told {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    assert_ne!(status, 503, "{ask:?}");
    let said = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap_or_default().to_owned())
    };
    // The feed's cursor is sealed anew with each answer: `tests/outer_doors.rs` looks at it.
    let passing = ["date", "content-length", "next-after"];
    let apart = |(name, _): &(String, String)| !passing.contains(&name.as_str());
    let headers = answer.headers().iter().map(said).filter(apart).collect();
    (status, headers, without_positions(&answer.text().await.unwrap()))
}

/// How far each log was read: counts of everything that happened to anybody, which move with every
/// event and tell of nobody. All else is compared byte for byte.
pub(super) fn without_positions(body: &str) -> String {
    let mut kept = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(POSITIONS) {
        kept.push_str(before);
        kept.push_str(POSITIONS);
        rest = after.find(['}', ']']).map_or(after, |end| &after[end..]);
    }
    kept + rest
}

fn asks(name: &str, who: &Actor, door: &Door) -> Vec<Ask> {
    // A door that her role may not pass says so whoever is asked for: `tests/doors.rs` holds it.
    if !door.roles.contains(who.role.code()) || (door.path == FEED && who.role == Role::Auditor) {
        return Vec::new();
    }
    let of_somebody = ["{person}", "{code}", "{link}", "{household}", "{case}"]
        .iter()
        .any(|named| door.path.contains(named))
        || door.path == MATCH
        || door.path.ends_with("/moves");
    let purposes: &[&'static str] = if of_somebody { &PURPOSES } else { &[] };
    let mut asks = Vec::new();
    for purpose in [None].into_iter().chain(purposes.iter().copied().map(Some)) {
        for query in queries(&door.path, who) {
            asks.push(Ask { query, ..Ask::of((name, who), purpose, &door.path) });
        }
    }
    asks
}

/// What a door is asked for, where that is in the query.
fn queries(path: &str, who: &Actor) -> Vec<String> {
    match path {
        "/api/projections/inbox" => {
            let services = who.services.iter().map(|service| format!("service={service}"));
            let owners = services.chain(["staff=me".to_owned()]);
            let lists = |owner: String| {
                ["to_do", "waiting", "information"].map(|list| format!("?{owner}&list={list}"))
            };
            owners.flat_map(lists).collect()
        }
        "/api/projections/journeys/{person}" => {
            ["", "?limit=1", "?limit=500"].map(ToOwned::to_owned).to_vec()
        }
        "/api/vault/persons/{person}" => ["", "?history=true"].map(ToOwned::to_owned).to_vec(),
        FEED => vec!["?limit=500".to_owned()],
        "/api/projections/network" | "/api/projections/beds" => {
            vec![String::new(), format!("?ats={}", who.ats)]
        }
        _ => vec![String::new()],
    }
}

/// Questions with another answer in the other world.
pub(super) fn differences(one: &Answers, other: &Answers) -> Vec<Ask> {
    assert_eq!(one.len(), other.len());
    let differs = |(ask, told): (&Ask, &Told)| (other[ask] != *told).then(|| ask.clone());
    let differences: Vec<Ask> = one.iter().filter_map(differs).collect();
    for ask in differences.iter().filter(|_| std::env::var_os("LOOK").is_some()) {
        println!("{ask:?}\n  {:?}\n  {:?}", one[ask], other[ask]);
    }
    differences
}
