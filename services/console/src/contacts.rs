//! `/contatti/nuovo`: somebody came, was met or was given something, and nobody asks for a name. At
//! most three things are asked and none is needed: the alias by which one's own unit knows her, the
//! place or the way, what was given (R1, R9, R43).

mod view;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use trama_events::codes::{Channel, Ethos, IdentityStatus, Purpose, Role, ServiceType};
use trama_events::ids::{PersonId, ServiceId};
use trama_platform::Problem;
use trama_platform::clock::random_id;

use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor};
use crate::people::is_alias;
use crate::register::{key_of, services, usual};
use crate::told::Wrong;
use crate::{Console, answer, refusals};
use view::{Draft, Page};

/// Where it is.
pub(crate) const PATH: &str = "/contatti/nuovo";
const PURPOSE: Purpose = Purpose::Care;
const NOT_FOUND: u16 = 404;
/// The word for a contact that stands on no record, since its alias is somebody else's.
const UNNAMED: &str = "senza-nome";
/// Those who go out and write down where they met somebody; the others write by which way she came.
const GO_OUT: [Role; 2] = [Role::OutreachWorker, Role::EmergencyWorker];
/// Where people sleep who are met in the street, unless somebody says otherwise.
const IN_THE_STREET: &str = "1.1";
/// The longest code of a quarter, in symbols, and the most words of it. Source: intake, `outreach`.
const QUARTER_LEN_MAX: usize = 40;
const QUARTER_PARTS_MAX: usize = 4;

/// How the form is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    servizio: Option<ServiceId>,
    /// What was done just before: `si`, [`UNNAMED`], or the record on which it stands.
    fatto: Option<String>,
}

#[derive(Deserialize)]
struct Known {
    person: PersonId,
}

/// `GET /contatti/nuovo`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Wanted { servizio, fatto } = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let draft =
        Draft { key: random_id().to_string(), service: servizio, done: fatto, ..Draft::default() };
    page(&console, &visitor, draft, Vec::new()).await
}

/// `POST /contatti/nuovo`
pub(crate) async fn record(
    State(console): State<Console>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let draft = Draft::of(&fields);
    let wrong = draft.wrong(&visitor);
    if !wrong.is_empty() {
        return page(&console, &visitor, draft, wrong).await;
    }
    let api = Api::new(&console, &visitor, Some(PURPOSE));
    let meeting = Meeting { api, visitor: &visitor, draft: &draft };
    match meeting.is_recorded().await {
        Ok(whom) => {
            let service = draft.service.map(|service| format!("&servizio={service}"));
            let done = whom.word();
            Redirect::to(&format!("{PATH}?fatto={done}{}", service.unwrap_or_default()))
                .into_response()
        }
        Err((field, problem)) => {
            let why = match problem.code.as_str() {
                "quarter" => visitor.words().contact_wrong_quarter(),
                _ => refusals::words_in(&problem, visitor.words()),
            };
            let wrong = vec![Wrong::new(field, &why)];
            page(&console, &visitor, draft, wrong).await
        }
    }
}

async fn page(
    console: &Console,
    visitor: &Visitor,
    mut draft: Draft,
    wrong: Vec<Wrong>,
) -> Response {
    let mine = match services(console, visitor).await {
        Ok(mine) => mine,
        Err(problem) => return answer::closed(console, visitor, &problem),
    };
    let by = mine.iter().find(|one| draft.service == Some(one.service));
    let by = by.or_else(|| mine.iter().find(|one| gives_anything(one.service_type)));
    let by = by.or_else(|| mine.first()).cloned();
    draft.service = by.as_ref().map(|by| by.service);
    if draft.channel.is_none() {
        draft.channel = Some(usual(visitor.caller.role));
    }
    let page = Page::new(console, visitor, draft, &mine, by.as_ref(), wrong);
    answer::page(page.status(), &page)
}

/// Whether whoever acts in this role writes down where, and not by which way.
fn goes_out(role: Role) -> bool {
    GO_OUT.contains(&role)
}

/// Whether anything is given there that is not confidential. Source: intake, `delivery`.
fn gives_anything(service_type: ServiceType) -> bool {
    matches!(
        service_type,
        ServiceType::Hub
            | ServiceType::Outreach
            | ServiceType::FrontOffice
            | ServiceType::AdultDayCentre
            | ServiceType::Pis
    )
}

/// What is asked of intake, in the name of one service.
struct Meeting<'a> {
    api: Api<'a>,
    visitor: &'a Visitor,
    draft: &'a Draft,
}

/// Of whom a contact is.
#[derive(Debug, Clone, Copy)]
enum Whom {
    /// Nobody in particular: no alias was typed.
    Nobody,
    /// Nobody in particular: the unit uses the alias for somebody whose record is not shown here.
    Unnamed,
    /// Whoever has the record.
    Person(PersonId),
}

impl Whom {
    fn person(self) -> Option<PersonId> {
        match self {
            Self::Nobody | Self::Unnamed => None,
            Self::Person(person) => Some(person),
        }
    }

    /// How the next form is told of it.
    fn word(self) -> String {
        match self {
            Self::Nobody => "si".to_owned(),
            Self::Unnamed => UNNAMED.to_owned(),
            Self::Person(person) => person.to_string(),
        }
    }
}

/// A field, and why what stands there was not done.
type Refused = (&'static str, Problem);

impl Meeting<'_> {
    /// Each command has a key of its own that follows from the form's: sent twice, the form is one
    /// contact. Told is on whose record it stands, where there is one.
    async fn is_recorded(&self) -> Result<Whom, Refused> {
        let whom = self.whom().await.map_err(|problem| ("sigla", problem))?;
        let person = whom.person();
        let (path, body) = self.met(person);
        let place = if goes_out(self.visitor.caller.role) { "dove" } else { "canale" };
        self.asks(path, "incontro", &body).await.map_err(|problem| (place, problem))?;
        if let Some(given) = self.draft.given {
            let recipient = person
                .map_or_else(|| json!({ "anonymous": 1 }), |person| json!({ "person": person }));
            let body = json!({
                "service": self.draft.service, "service_type": given, "recipient": recipient,
            });
            let done = self.asks("/api/intake/deliveries", "dato", &body).await;
            done.map_err(|problem| ("dato", problem))?;
        }
        Ok(whom)
    }

    async fn asks(&self, path: &str, part: &str, body: &Value) -> Result<(), Problem> {
        let key = format!("{}-{part}", self.draft.key);
        self.api.post::<Value>(path, &key, body).await.map(drop)
    }

    /// An encounter where one goes out, a contact at a desk.
    fn met(&self, person: Option<PersonId>) -> (&'static str, Value) {
        let Draft { service, channel, ethos, place, .. } = self.draft;
        if goes_out(self.visitor.caller.role) {
            let quarter = quarter_of(place);
            let slept = ethos.map_or_else(|| IN_THE_STREET.to_owned(), |ethos| ethos.to_string());
            let body =
                json!({ "service": service, "person": person, "ethos": slept, "quarter": quarter });
            ("/api/intake/encounters", body)
        } else {
            let channel = channel.unwrap_or(Channel::Desk);
            (
                "/api/intake/contacts",
                json!({ "service": service, "channel": channel, "person": person }),
            )
        }
    }

    /// Whom this unit knows under the alias; whoever has it for the first time is registered with it
    /// and nothing else, in one command: an alias that is in use leaves no record. Without an alias it
    /// is nobody.
    async fn whom(&self) -> Result<Whom, Problem> {
        let Draft { service: Some(service), alias, key, .. } = self.draft else {
            return Ok(Whom::Nobody);
        };
        if alias.is_empty() {
            return Ok(Whom::Nobody);
        }
        let path = format!("/api/intake/services/{service}/aliases/{alias}");
        match self.api.get::<Known>(&path).await {
            Ok(Known { person }) => return Ok(Whom::Person(person)),
            Err(problem) if problem.status == NOT_FOUND => {}
            Err(problem) => return Err(problem),
        }
        let person = PersonId::derived(&[&self.visitor.caller.staff.to_string(), key]);
        let status = IdentityStatus::Anonymous;
        let body = json!({
            "person": person, "service": service, "status": status, "alias_code": alias,
        });
        match self.asks("/api/intake/persons", "persona", &body).await {
            Ok(()) => Ok(Whom::Person(person)),
            Err(problem) if problem.code == "alias_taken" => Ok(Whom::Unnamed),
            Err(problem) => Err(problem),
        }
    }
}

/// The code of a quarter as it is typed: Libertà is `liberta`, San Paolo `san-paolo`; `None` where
/// nothing was typed.
fn quarter_of(typed: &str) -> Option<String> {
    let plain = |symbol: char| match symbol {
        'à' | 'á' | 'â' => 'a',
        'è' | 'é' | 'ê' => 'e',
        'ì' | 'í' | 'î' => 'i',
        'ò' | 'ó' | 'ô' => 'o',
        'ù' | 'ú' | 'û' => 'u',
        '\'' | '’' | ' ' => '-',
        other => other,
    };
    let typed: String = typed.to_lowercase().chars().map(plain).collect();
    let words: Vec<&str> = typed.split('-').filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join("-"))
}

/// Whether the code of a quarter has the form that intake takes; it looks more closely.
fn is_quarter(code: &str) -> bool {
    code.len() <= QUARTER_LEN_MAX
        && code.split('-').count() <= QUARTER_PARTS_MAX
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

impl Draft {
    fn of(fields: &Fields) -> Self {
        Self {
            key: key_of(fields),
            service: fields.text("servizio").parse().ok(),
            alias: fields.text("sigla").to_ascii_uppercase(),
            place: fields.text("dove").to_owned(),
            channel: fields.text("canale").parse().ok(),
            given: fields.text("dato").parse().ok(),
            ethos: fields.text("ethos").parse::<Ethos>().ok(),
            done: None,
        }
    }

    fn wrong(&self, visitor: &Visitor) -> Vec<Wrong> {
        let (mut wrong, words) = (Vec::new(), visitor.words());
        if !self.service.is_some_and(|service| visitor.caller.acts_for(service)) {
            wrong.push(Wrong::new("servizio", &words.contact_wrong_service()));
        }
        if !self.alias.is_empty() && !is_alias(&self.alias) {
            wrong.push(Wrong::new("sigla", &words.contact_wrong_code()));
        }
        if quarter_of(&self.place).is_some_and(|quarter| !is_quarter(&quarter)) {
            wrong.push(Wrong::new("dove", &words.contact_wrong_quarter()));
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_typed_as_it_is_said_and_kept_as_a_code_r43() {
        for (typed, code) in [
            ("Libertà", Some("liberta")),
            ("  San  Paolo ", Some("san-paolo")),
            ("Sant’Elia", Some("sant-elia")),
            ("", None),
            (" - ", None),
        ] {
            assert_eq!(quarter_of(typed).as_deref(), code, "{typed}");
        }
        assert!(is_quarter("san-paolo"));
        for no_quarter in ["via 4", "a-b-c-d-e", "l’aquila", &"a".repeat(41)] {
            assert!(!is_quarter(no_quarter), "{no_quarter}");
        }
    }

    #[test]
    fn whoever_is_met_outside_is_written_down_with_a_place_and_whoever_comes_with_a_way() {
        assert!(goes_out(Role::OutreachWorker) && goes_out(Role::EmergencyWorker));
        assert!(!goes_out(Role::InfoDesk) && !goes_out(Role::FacilityOperator));
    }
}
