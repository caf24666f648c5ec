//! What may be heard, and by whom: judged as the page behind it.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use trama_events::codes::Role;
use trama_events::ids::PersonId;
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::gate::{Opened, Reader};

use crate::inbox::Owner;
use crate::{inbox, journey};

/// Most topics of one stream.
const TOPICS_MAX: usize = 50;
/// The models that can be heard, each by the first word of its topics.
pub(super) const MODELS: [&str; 5] = ["inbox", "journey", "beds", "network", "indicators"];

/// The topics of a list, each once.
pub(super) fn read(list: &str) -> Result<Vec<String>, Problem> {
    let mut topics: Vec<String> = list.split(',').map(|topic| topic.trim().to_owned()).collect();
    topics.sort_unstable();
    topics.dedup();
    if topics.len() > TOPICS_MAX {
        let detail = format!("a stream has at most {TOPICS_MAX} topics");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail));
    }
    Ok(topics)
}

/// Whom a stream on these topics listens to, and what of them is open. Refuses a topic of which the reader may not know that
/// it changed. A person's record is opened for it, and that is written down, as for the page behind
/// it.
pub(super) async fn must_hear(
    reader: &Reader,
    topics: &[String],
) -> Result<BTreeMap<PersonId, Opened>, Problem> {
    let mut people = BTreeMap::new();
    for topic in topics {
        let Some(person) = person_of(topic) else {
            if may_hear(&reader.caller, topic) {
                continue;
            }
            return Err(Problem::not_found());
        };
        if !journey::may_read(&reader.caller) {
            return Err(Problem::not_found());
        }
        let person = person?;
        people.insert(person, reader.open(person, &journey::SECTIONS).await?);
    }
    Ok(people)
}

/// The topic of an inbox.
pub fn of_inbox(owner: Owner<'_>) -> String {
    match owner {
        Owner::Service(service) => format!("inbox/{service}"),
        Owner::Staff(staff) => format!("inbox/staff/{staff}"),
        Owner::Auditor(_) => inbox::OF_AUDITORS.to_owned(),
        Owner::PlanOffice(_, ats) => inbox::of_plan_office(ats.as_str()),
    }
}

/// The topic of a person's journey.
pub fn of_journey(person: PersonId) -> String {
    format!("journey/{person}")
}

/// The topic of the network and its flows.
pub const OF_NETWORK: &str = "network";

/// The person of a topic `journey/<person>`.
pub(super) fn person_of(topic: &str) -> Option<Result<PersonId, Problem>> {
    let person = topic.strip_prefix("journey/")?;
    Some(person.parse().map_err(|_| Problem::not_found()))
}

/// Whether the caller may know that a topic without a person changed.
fn may_hear(caller: &Caller, topic: &str) -> bool {
    let (kind, about) = topic.split_once('/').unwrap_or((topic, ""));
    match kind {
        "inbox" if topic == inbox::OF_AUDITORS => caller.role == Role::Auditor,
        "inbox" if about.starts_with("plan-office/") => {
            caller.role == Role::PlanOffice && topic == inbox::of_plan_office(caller.ats.as_str())
        }
        "inbox" => match about.strip_prefix("staff/") {
            Some(staff) => staff == caller.staff.to_string(),
            None => caller.services.iter().any(|service| service.to_string() == about),
        },
        "beds" | "network" | "indicators" => true,
        _ => false,
    }
}

/// The models behind topics, each once.
pub(super) fn models_of(topics: &[String]) -> Vec<&'static str> {
    let first = |topic: &String| topic.split('/').next().unwrap_or_default().to_owned();
    let heard: Vec<String> = topics.iter().map(first).collect();
    MODELS.into_iter().filter(|model| heard.iter().any(|kind| kind == model)).collect()
}
