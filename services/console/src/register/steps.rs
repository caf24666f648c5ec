//! `/persone/{id}/accoglienza/{passo}`: what she needs, where she sleeps, that she was told what is
//! written of her. Each is a form of its own that saves by the door that there is for it; whoever
//! stops after one has lost nothing, and her page says what is missing. To whom her record is closed
//! there are no steps, as there are none of nobody.

mod view;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use strum::VariantArray as _;
use trama_events::codes::{Channel, Ethos, NeedCode, Purpose, Role};
use trama_events::ids::{PersonId, ServiceId};
use trama_platform::Problem;
use trama_platform::clock::random_id;
use trama_platform::gate::Reader;
use trama_projections::journey::{Asked, SECTIONS, journey};
use trama_ui::language::Words;

use super::{PURPOSE, key_of, made_by, missing, services};
use crate::api::Api;
use crate::gate::{Fields, Sent, Visitor, encode};
use crate::people::purpose_of;
use crate::told::Wrong;
use crate::{Console, answer, refusals};
use view::{Draft, Page, SAVED};

pub(super) use view::{Rung, first_rungs};

/// Levels of a need. Source: domain §5.
const LEVELS: std::ops::RangeInclusive<u8> = 1..=3;

/// The address of the steps after the registration.
pub(crate) const STEP_PATH: &str = "/persone/{person}/accoglienza/{passo}";

/// A step after the registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// What she needs.
    Needs,
    /// Where she sleeps.
    Housing,
    /// What she was told of what is written.
    Notice,
}

impl Step {
    /// All, in their order.
    pub(crate) const ALL: [Self; 3] = [Self::Needs, Self::Housing, Self::Notice];

    /// Its name.
    pub(crate) fn label(self, words: &Words) -> String {
        match self {
            Self::Needs => words.step_needs(),
            Self::Housing => words.step_housing(),
            Self::Notice => words.step_notice(),
        }
    }

    /// The last part of its address.
    fn word(self) -> &'static str {
        match self {
            Self::Needs => "bisogno",
            Self::Housing => "abitare",
            Self::Notice => "informativa",
        }
    }

    fn before(self) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.next() == Some(self))
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::Needs => Some(Self::Housing),
            Self::Housing => Some(Self::Notice),
            Self::Notice => None,
        }
    }

    fn path(self, person: PersonId) -> String {
        format!("/persone/{person}/accoglienza/{}", self.word())
    }

    /// Where it is, with the purpose and, where it is known, the service that receives her.
    pub(crate) fn href(
        self,
        person: PersonId,
        purpose: Purpose,
        service: Option<ServiceId>,
    ) -> String {
        let service = service.map(|service| format!("&servizio={service}")).unwrap_or_default();
        format!("{}?scopo={}{service}", self.path(person), purpose.code())
    }
}

/// How a step is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    scopo: Option<String>,
    servizio: Option<ServiceId>,
    /// What was done just before: a word.
    esito: Option<String>,
    /// The key of the form by which she was registered.
    modulo: Option<String>,
}

/// An address of a step that names the form by which she was registered, where there was one.
pub(super) fn by_form(href: &str, form: &str) -> String {
    if form.is_empty() { href.to_owned() } else { format!("{href}&modulo={}", encode(form)) }
}

/// Who receives whom, and at which step.
struct Receiving<'a> {
    console: &'a Console,
    visitor: &'a Visitor,
    person: PersonId,
    purpose: Purpose,
    step: Step,
    /// The key of the form by which she was registered, where it was named.
    form: String,
}

/// The person and the step that an address names.
fn asked(path: Result<Path<(PersonId, String)>, PathRejection>) -> Option<(PersonId, Step)> {
    let Path((person, word)) = path.ok()?;
    let step = Step::ALL.into_iter().find(|step| step.word() == word)?;
    Some((person, step))
}

/// `GET /persone/{id}/accoglienza/{passo}`
pub(crate) async fn show(
    State(console): State<Console>,
    visitor: Visitor,
    reader: Reader,
    path: Result<Path<(PersonId, String)>, PathRejection>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let (Some((person, step)), Ok(Query(wanted))) = (asked(path), wanted) else {
        return answer::not_found(&console, Some(&visitor));
    };
    let purpose = wanted.scopo.as_deref().and_then(purpose_of).unwrap_or(PURPOSE);
    let form = wanted.modulo.unwrap_or_default();
    let receiving = Receiving { console: &console, visitor: &visitor, person, purpose, step, form };
    let draft = Draft {
        key: random_id().to_string(),
        service: wanted.servizio,
        esito: wanted.esito.unwrap_or_default(),
        ..Draft::default()
    };
    page(&receiving, &reader, draft, Vec::new()).await
}

/// `POST /persone/{id}/accoglienza/{passo}`
pub(crate) async fn save(
    State(console): State<Console>,
    reader: Reader,
    path: Result<Path<(PersonId, String)>, PathRejection>,
    Sent { visitor, fields }: Sent,
) -> Response {
    let Some((person, step)) = asked(path) else {
        return answer::not_found(&console, Some(&visitor));
    };
    let purpose = purpose_of(fields.text("scopo")).unwrap_or(PURPOSE);
    let form = fields.text("modulo").to_owned();
    let receiving = Receiving { console: &console, visitor: &visitor, person, purpose, step, form };
    let draft = Draft::of(&fields);
    let wrong = draft.wrong(step, &visitor);
    if !wrong.is_empty() {
        return page(&receiving, &reader, draft, wrong).await;
    }
    match receiving.saved(&draft).await {
        Ok(()) => receiving.goes_on(&draft),
        Err(problem) => {
            let wrong =
                vec![Wrong::new(step.field(), &refusals::words_in(&problem, visitor.words()))];
            page(&receiving, &reader, draft, wrong).await
        }
    }
}

impl Step {
    /// The field to which a refusal of its door leads.
    fn field(self) -> &'static str {
        match self {
            Self::Needs => "bisogni",
            Self::Housing => "ethos",
            Self::Notice => "lingua",
        }
    }
}

impl Receiving<'_> {
    /// By the door that there is for it. Sent twice with one key it is done once.
    async fn saved(&self, draft: &Draft) -> Result<(), Problem> {
        let api = Api::new(self.console, self.visitor, Some(self.purpose));
        let of_her = |part: &str| format!("/api/intake/persons/{}/{part}", self.person);
        let (path, body) = match self.step {
            Step::Needs => ("/api/intake/contacts".to_owned(), draft.contact(self.person)),
            Step::Housing => (of_her("housing"), json!({ "ethos": draft.ethos })),
            Step::Notice => (of_her("privacy-notices"), json!({ "language": draft.language })),
        };
        api.post::<Value>(&path, &draft.key, &body).await.map(drop)
    }

    /// Whether the record's id is made of a form of this worker's own. That tells of nobody whether
    /// she is there, and so the steps are open to her before the read models know whom she registered.
    fn is_own(&self) -> bool {
        made_by(self.visitor, &self.form) == self.person
    }

    fn href(&self, step: Step, service: Option<ServiceId>) -> String {
        by_form(&step.href(self.person, self.purpose, service), &self.form)
    }

    fn goes_on(&self, draft: &Draft) -> Response {
        let to = match self.step.next() {
            Some(next) => format!("{}&esito={SAVED}", self.href(next, draft.service)),
            None => format!("/persone/{}?scopo={}", self.person, self.purpose.code()),
        };
        Redirect::to(&to).into_response()
    }
}

/// The form, with what is done already where the read models tell it.
async fn page(
    receiving: &Receiving<'_>,
    reader: &Reader,
    mut draft: Draft,
    wrong: Vec<Wrong>,
) -> Response {
    let (console, visitor) = (receiving.console, receiving.visitor);
    let mine = match services(console, visitor).await {
        Ok(mine) => mine,
        Err(problem) => return answer::closed(console, visitor, &problem),
    };
    if !draft.service.is_some_and(|service| visitor.caller.acts_for(service)) {
        draft.service = mine.first().filter(|_| mine.len() == 1).map(|only| only.service);
    }
    if draft.channel.is_none() {
        draft.channel = Some(usual(visitor.caller.role));
    }
    let known = match known(receiving, reader).await {
        Ok(known) => known,
        Err(closed) => return closed,
    };
    let page = Page::new(receiving, draft, &mine, known, wrong);
    answer::page(page.status(), &page)
}

/// Her code and which steps are done.
struct Known {
    code: Option<String>,
    done: Vec<Step>,
}

/// Nothing where the read models cannot be asked, or do not know yet whom this worker registered.
///
/// # Errors
///
/// The page for whoever may not see her and for whoever is not there.
async fn known(receiving: &Receiving<'_>, reader: &Reader) -> Result<Option<Known>, Response> {
    let Receiving { console, visitor, person, .. } = *receiving;
    let mut reader = reader.clone();
    reader.caller.stated = Some(receiving.purpose);
    let opened = match reader.open(person, &SECTIONS).await {
        Ok(opened) => opened,
        Err(_) if receiving.is_own() => return Ok(None),
        Err(problem) => return Err(answer::closed(console, visitor, &problem)),
    };
    let told = match journey(&console.models.pool, person, Asked::default(), &opened).await {
        Ok(Ok(told)) => told,
        Ok(Err(_)) if !receiving.is_own() => return Err(answer::not_found(console, Some(visitor))),
        Ok(Err(_)) | Err(_) => return Ok(None),
    };
    let code = told.records.iter().find(|record| record.person == person);
    let code = code.or(told.records.first()).and_then(|record| record.code.clone());
    Ok(Some(Known { code, done: missing::done(&told) }))
}

/// By which way people come to whoever has this role, as a rule.
pub(crate) fn usual(role: Role) -> Channel {
    if role == Role::OutreachWorker {
        Channel::Street
    } else if role == Role::EmergencyWorker {
        Channel::PisLine
    } else {
        Channel::Desk
    }
}

impl Draft {
    fn of(fields: &Fields) -> Self {
        let level = |need: &NeedCode| {
            let level = fields.text(&view::field_of(*need)).parse().ok();
            let level = level.filter(|level: &u8| LEVELS.contains(level))?;
            Some((*need, level))
        };
        Self {
            key: key_of(fields),
            service: fields.text("servizio").parse().ok(),
            channel: fields.text("canale").parse().ok(),
            needs: NeedCode::VARIANTS.iter().filter_map(level).collect(),
            ethos: fields.text("ethos").parse::<Ethos>().ok(),
            language: fields.text("lingua").to_owned(),
            esito: String::new(),
        }
    }

    fn wrong(&self, step: Step, visitor: &Visitor) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let words = visitor.words();
        let mut needed = |holds: bool, field, why: String| {
            if !holds {
                wrong.push(Wrong::new(field, &why));
            }
        };
        match step {
            Step::Needs => {
                let acts = self.service.is_some_and(|service| visitor.caller.acts_for(service));
                needed(acts, "servizio", words.needs_wrong_service());
                needed(!self.needs.is_empty(), "bisogni", words.needs_wrong());
            }
            Step::Housing => {
                needed(self.ethos.is_some(), "ethos", words.housing_wrong());
            }
            Step::Notice => {
                needed(!self.language.is_empty(), "lingua", words.notice_wrong());
            }
        }
        wrong
    }

    fn contact(&self, person: PersonId) -> Value {
        let need = |(code, level): &(NeedCode, u8)| json!({ "code": code, "level": level });
        let needs: Vec<Value> = self.needs.iter().map(need).collect();
        json!({
            "service": self.service, "channel": self.channel.unwrap_or(Channel::Desk),
            "person": person, "needs": needs,
        })
    }
}
