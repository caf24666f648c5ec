use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::{Ethos, Gender, IdentifierKind, IdentityStatus, Section};
use trama_events::ids::{OrganisationId, PersonId, ServiceId};
use trama_events::intake::EngagementStage;
use trama_events::rome;
use trama_events::short_code::ShortCode;
use trama_platform::Problem;
use trama_platform::caller::Caller;
use trama_platform::doors::Order;
use trama_platform::gate::{Known, Reader};
use trama_platform::log::Done;
use trama_platform::permit::{Sections, Wrote};
use utoipa::ToSchema;

use super::{id_of, shown};
use crate::person::{AddIdentifier, Person, PersonCommand, Register, Registration, Rejection};
use crate::{Intake, policy};

/// A person to register: only the service is needed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterPersonForm {
    /// Your own id for her record; without one it follows from the Idempotency-Key.
    person: Option<PersonId>,
    /// Service that registers her: one of yours.
    service: ServiceId,
    /// How much is known of who she is; `anonymous` when nothing is said.
    status: Option<IdentityStatus>,
    /// Year of birth, when said: 1900 to this year.
    birth_year: Option<u16>,
    /// Gender, as stated; `unknown` when nothing is said.
    gender: Option<Gender>,
    /// Language spoken, ISO 639-1, e.g. `ar`.
    language: Option<String>,
    /// The alias by which this service knows her, when it gives her one at once, as the door of
    /// aliases takes it. Where it is taken, nobody is registered.
    alias_code: Option<String>,
}

/// Registers a person; her short code is in her record.
#[utoipa::path(post, path = "/api/intake/persons", tag = "intake",
    request_body = RegisterPersonForm, responses((status = 200, body = Done)))]
pub(super) async fn register(
    State(intake): State<Intake>,
    reader: Reader,
    order: Order<RegisterPersonForm>,
) -> Result<Done, Problem> {
    let form = order.body;
    order.caller.must_act_for::<Rejection>(form.service)?;
    let person = id_of(form.person, &order.asked, PersonId::derived);
    // Of one who is registered the log alone answers, as without an alias.
    let is_new = intake.known::<Rejection>(person, &order.caller).await?.is_none();
    if form.alias_code.is_some() && is_new {
        reader.gate().may(&reader.caller, &policy::ACCOMPANY).await?;
        let own = Known { own_record: true, sealed_by: None };
        reader.writes(person, Some(own), &BTreeSet::from([Section::Alias])).await?;
    }
    let who = Registration {
        person,
        code: ShortCode::candidate(person.0, 0),
        status: form.status.unwrap_or(IdentityStatus::Anonymous),
        service: form.service,
        birth_year: form.birth_year,
        gender: form.gender.unwrap_or(Gender::Unknown),
        language: form.language,
    };
    let today = rome::day_of(order.now);
    let register = Register { who, alias_code: form.alias_code, today };
    Ok(intake.register(&order.asked, register).await?)
}

/// A person's record, without anything that names her.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct PersonView {
    /// The record.
    person: PersonId,
    /// The code by which people speak of her.
    code: ShortCode,
    /// How much is known of who she is, for whoever may know who she is.
    status: Option<IdentityStatus>,
    /// Whether her stay is lawful, as last told; nothing when nobody asked.
    lawful_stay: Option<bool>,
    /// Year of birth, when said.
    birth_year: Option<u16>,
    /// Gender, as stated.
    gender: Gender,
    /// Language spoken.
    language: Option<String>,
    /// Aliases in your own services.
    aliases: Vec<AliasView>,
    /// Active identifiers; their values are in the vault.
    identifiers: Vec<IdentifierView>,
    /// Languages in which the privacy notice was given.
    notices: Vec<String>,
    /// Where she sleeps, the oldest entry first.
    housing: Vec<HousingView>,
    /// How far trust has grown, where somebody speaks of it.
    engagement: Option<EngagementStage>,
    /// Whether she is not to be found: tell nobody that you know her.
    not_to_be_found: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct AliasView {
    /// The unit.
    service: ServiceId,
    /// Its opaque code for her.
    alias_code: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct IdentifierView {
    /// Which kind.
    kind: IdentifierKind,
    /// Last day on which it is valid, when it ends.
    valid_to: Option<Date>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
struct HousingView {
    /// Number of the entry, by which it is corrected.
    entry: u32,
    /// What it says.
    ethos: Ethos,
    /// What was true instead, when it was wrong.
    corrected_to: Option<Ethos>,
}

/// One person's record, as its own events tell it.
#[utoipa::path(get, path = "/api/intake/persons/{person}", tag = "intake",
    params(("person" = PersonId, Path)), responses((status = 200, body = PersonView)))]
pub(super) async fn read(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
) -> Result<impl IntoResponse, Problem> {
    let opened = reader.open(id, &SECTIONS).await?;
    let open = opened.sections;
    let (person, version) = intake.record_of(id, &open).await?;
    let mut view = view(person, &reader.caller, &open).ok_or_else(Problem::not_found)?;
    view.not_to_be_found |= opened.not_to_be_found;
    Ok(shown(view, version))
}

/// Classes of data of which a record holds something; of her childhood, when she is of age now.
const SECTIONS: [Section; 6] = [
    Section::Path,
    Section::Identity,
    Section::Language,
    Section::Status,
    Section::Housing,
    Section::Minors,
];

fn view(person: Person, caller: &Caller, open: &Sections) -> Option<PersonView> {
    let who = person.registration?;
    let acts = caller.acts_for(who.service);
    let organisation = if acts { caller.organisation } else { NOBODY };
    let registered = Wrote { organisation, service: Some(who.service), obscured: false };
    // What others wrote since is not hidden with the service that registered her.
    let since = Wrote { service: Some(who.service).filter(|_| acts), ..registered };
    let as_registered = |section| open.shows(section, &registered);
    let shows = |section| open.shows(section, &since);
    let identified = person.identified.then_some(IdentityStatus::Identified);
    let own = person.aliases.into_iter().filter(|(service, _)| caller.acts_for(*service));
    let identifiers = person.identifiers.into_iter().filter(|_| shows(Section::Identity));
    let housing = person.housing.into_iter().filter(|_| shows(Section::Housing));
    Some(PersonView {
        person: who.person,
        code: who.code,
        status: identified.or(Some(who.status)).filter(|_| as_registered(Section::Identity)),
        lawful_stay: person.lawful_stay.filter(|_| shows(Section::Status)),
        birth_year: who.birth_year.filter(|_| as_registered(Section::Identity)),
        gender: if as_registered(Section::Identity) { who.gender } else { Gender::Unknown },
        language: who.language.filter(|_| as_registered(Section::Language)),
        aliases: own.map(|(service, alias_code)| AliasView { service, alias_code }).collect(),
        identifiers: identifiers
            .map(|(kind, valid_to)| IdentifierView { kind, valid_to })
            .collect(),
        notices: person.notices.into_iter().filter(|_| shows(Section::Language)).collect(),
        housing: housing
            .map(|(entry, said)| HousingView {
                entry,
                ethos: said.ethos,
                corrected_to: said.corrected_to,
            })
            .collect(),
        engagement: person.engagement.filter(|_| shows(Section::Path)),
        not_to_be_found: !person.hidden_by.is_empty(),
    })
}

/// Of a service that is not the caller's, the organisation does not matter here.
const NOBODY: OrganisationId = OrganisationId(uuid::Uuid::nil());

impl Intake {
    /// Asks a person's record, which belongs to the network and not to one service, where the
    /// worker may write in these classes of it.
    async fn of_person<T: Sync>(
        &self,
        (reader, id): (&Reader, PersonId),
        order: &Order<T>,
        sections: impl IntoIterator<Item = Section>,
        command: PersonCommand,
    ) -> Result<Done, Problem> {
        let known = self.known::<Rejection>(id, &reader.caller).await?;
        reader.writes(id, known, &sections.into_iter().collect()).await?;
        Ok(self.log.ask::<Person>(&order.asked, id.0, command).await?)
    }
}

/// An alias of a unit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AliasForm {
    /// The unit: one of your services.
    service: ServiceId,
    /// Opaque code, 1 to 40 letters of ASCII, digits and dashes; never a name.
    alias_code: String,
}

/// A unit gives her an alias.
#[utoipa::path(post, path = "/api/intake/persons/{person}/aliases", tag = "intake",
    request_body = AliasForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn record_alias(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<AliasForm>,
) -> Result<Done, Problem> {
    order.caller.must_act_for::<Rejection>(order.body.service)?;
    let AliasForm { service, alias_code } = order.body.clone();
    let alias = PersonCommand::RecordAlias { service, alias_code };
    intake.of_person((&reader, id), &order, [Section::Alias], alias).await
}

/// An identifier that was seen or told.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentifierForm {
    /// Which kind. Its value goes to the vault, never here.
    kind: IdentifierKind,
    /// Last day on which it is valid, when it ends; an STP code always does.
    valid_to: Option<Date>,
}

/// Adds or renews an identifier. Until there is a vault, nothing tells whether its value stands
/// under another record too.
#[utoipa::path(post, path = "/api/intake/persons/{person}/identifiers", tag = "intake",
    request_body = IdentifierForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn add_identifier(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<IdentifierForm>,
) -> Result<Done, Problem> {
    let IdentifierForm { kind, valid_to } = order.body;
    let today = rome::day_of(order.now);
    let add = AddIdentifier { kind, valid_to, elsewhere: None, today };
    let add = PersonCommand::AddIdentifier(add);
    intake.of_person((&reader, id), &order, [Section::Identity], add).await
}

/// A document that was seen.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentifyForm {
    /// Whether her stay is lawful; nothing when nobody asked.
    lawful_stay: Option<bool>,
}

/// Somebody saw a document: she is identified.
#[utoipa::path(post, path = "/api/intake/persons/{person}/identify", tag = "intake",
    request_body = IdentifyForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn identify(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<IdentifyForm>,
) -> Result<Done, Problem> {
    let lawful_stay = order.body.lawful_stay;
    let status = lawful_stay.map(|_| Section::Status);
    let sections = [Section::Identity].into_iter().chain(status);
    let identify = PersonCommand::Identify { lawful_stay };
    intake.of_person((&reader, id), &order, sections, identify).await
}

/// A privacy notice that was given.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoticeForm {
    /// In which language, ISO 639-1.
    language: String,
}

/// The privacy notice was given and explained.
#[utoipa::path(post, path = "/api/intake/persons/{person}/privacy-notices", tag = "intake",
    request_body = NoticeForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn give_notice(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<NoticeForm>,
) -> Result<Done, Problem> {
    let language = order.body.language.clone();
    let anew = !intake.gone_from::<Rejection>(id).await?.is_empty();
    let give = PersonCommand::GivePrivacyNotice { language, anew };
    intake.of_person((&reader, id), &order, [Section::Path], give).await
}

/// Where a person sleeps.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HousingForm {
    /// ETHOS situation.
    ethos: Ethos,
}

/// Where she sleeps now, or on the day of `occurred_at`.
#[utoipa::path(post, path = "/api/intake/persons/{person}/housing", tag = "intake",
    request_body = HousingForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn record_housing(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<HousingForm>,
) -> Result<Done, Problem> {
    let ethos = order.body.ethos;
    let record = PersonCommand::RecordHousing { ethos };
    intake.of_person((&reader, id), &order, [Section::Housing], record).await
}

/// What is right instead of an earlier entry.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HousingCorrectionForm {
    /// Number of the entry that was wrong, as the record shows it.
    corrects: u32,
    /// ETHOS situation as it was in truth.
    ethos: Ethos,
}

/// An earlier entry on where she sleeps was wrong; both stay visible.
#[utoipa::path(post, path = "/api/intake/persons/{person}/housing/corrections", tag = "intake",
    request_body = HousingCorrectionForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn correct_housing(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<HousingCorrectionForm>,
) -> Result<Done, Problem> {
    let HousingCorrectionForm { corrects, ethos } = order.body;
    let correct = PersonCommand::CorrectHousing { corrects, ethos };
    intake.of_person((&reader, id), &order, [Section::Housing], correct).await
}

/// How far trust has grown.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EngagementForm {
    /// The phase reached; it may be an earlier one.
    stage: EngagementStage,
}

/// Trust grew or fell.
#[utoipa::path(post, path = "/api/intake/persons/{person}/engagement", tag = "intake",
    request_body = EngagementForm, params(("person" = PersonId, Path)),
    responses((status = 200, body = Done)))]
pub(super) async fn progress(
    State(intake): State<Intake>,
    reader: Reader,
    Path(id): Path<PersonId>,
    order: Order<EngagementForm>,
) -> Result<Done, Problem> {
    let stage = order.body.stage;
    let anew = !intake.gone_from::<Rejection>(id).await?.is_empty();
    let progress = PersonCommand::ProgressEngagement { stage, anew };
    intake.of_person((&reader, id), &order, [Section::Path], progress).await
}
