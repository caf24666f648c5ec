//! What stood on a person at a moment, without what it says: when it was recorded, by whom, and of
//! which class it is. For who controls, and beside what a reader sees anyway.

use serde::Serialize;
use sqlx::PgPool;
use time::OffsetDateTime;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::{OrganisationId, PersonId, StaffId};
use trama_platform::Problem;
use trama_platform::access::{Decision, Entry};
use trama_platform::clock::real_now;
use trama_platform::gate::Reader;
use uuid::Uuid;

use super::{http, load, sections};
use crate::fence::Sight;

/// Roles that are told of none that wrote something: what they do for her would be told as well.
const UNTOLD: [Role; 2] = [Role::SerdOperator, Role::CourtOperator];
/// What somebody sees who reads here, as the access log names it.
const SECTION: &str = "reconstruction";

/// One entry, as a frame without a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Framed {
    /// The entry: `<context>/<position>`.
    pub entry: String,
    /// When it was recorded.
    pub recorded_at: OffsetDateTime,
    /// Which class of her data it is.
    pub section: Section,
    /// Who recorded it; none where a confidential service takes part.
    pub organisation: Option<OrganisationId>,
    /// Its public name.
    pub organisation_name: Option<String>,
    /// Which worker, by her id.
    pub staff: Option<StaffId>,
    /// In which role.
    pub role: Option<Role>,
}

/// A person as she stood in the records at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconstructed {
    /// Every record that is she now.
    pub records: Vec<PersonId>,
    /// What was recorded until then, the oldest first.
    pub frames: Vec<Framed>,
}

/// What was recorded on a person by a moment, without what it says, the oldest first. `records` are
/// all that are she, as the gate told.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn frames(
    pool: &PgPool,
    records: &[PersonId],
    recorded_by: Option<OffsetDateTime>,
) -> sqlx::Result<Vec<Framed>> {
    let Some(person) = records.first() else { return Ok(Vec::new()) };
    let mut rows = Sight::default().and_opened(records.iter().copied()).begin(pool).await?;
    let then = load::records(&mut rows, *person, recorded_by).await?;
    let ids: Vec<Uuid> = then.iter().map(|record| record.person.0).collect();
    let mut told = load::told(&mut rows, &ids, recorded_by).await?;
    let names = load::names(&mut rows, &told).await?;
    let types = sections::referral_types(&told);
    let sealed = sections::sealed(&told, &names);
    told.sort_by_key(|fact| (fact.recorded_at, fact.context, fact.position));
    let framed = told.iter().map(|fact| {
        let hidden = sealed.contains(&fact.aggregate) || fact.is_confidential(&names);
        let role = fact.role.as_deref().and_then(|role| role.parse().ok());
        let shown = !hidden && role.is_none_or(|role| !UNTOLD.contains(&role));
        let organisation = fact.organisation.filter(|_| shown);
        Framed {
            entry: fact.id(),
            recorded_at: fact.recorded_at,
            section: sections::class(fact, &types),
            organisation: organisation.map(OrganisationId),
            organisation_name: organisation.and_then(|id| names.organisations.get(&id).cloned()),
            staff: fact.actor.filter(|_| shown).map(StaffId),
            role: role.filter(|_| shown),
        }
    });
    Ok(framed.collect())
}

/// What stood on a person at a moment, for the auditor: she sees that something was there, and never
/// what (domain §6). It is written down before anything is read.
///
/// # Errors
///
/// 403 unless it is for audit and by who may; 404 for whoever is not there, or was not yet; 503 when
/// it cannot be written down or read.
pub async fn reconstruct(
    pool: &PgPool,
    reader: &Reader,
    person: PersonId,
    recorded_by: OffsetDateTime,
) -> Result<Reconstructed, Problem> {
    let decided = reader.may_audit();
    let audits = decided.allowed && reader.caller.purpose == Purpose::Audit;
    let ties = reader.gate().ties(&reader.caller, person).await?;
    let look = Entry {
        person: Some(person),
        sections: vec![SECTION.to_owned()],
        policies: vec![reader.action.name.to_owned()],
        explained: true,
        decision: if audits { Decision::Allowed } else { Decision::Denied },
        records: ties.records.clone(),
        ..Entry::by(&reader.caller, &reader.caller.session, reader.action.name, real_now())
    };
    reader.gate().access().write(look).await?;
    if !audits {
        return Err(Problem::not_found());
    }
    let mut records = vec![person];
    records.extend(ties.records.into_iter().filter(|record| *record != person));
    let frames = frames(pool, &records, Some(recorded_by)).await.map_err(http::unread)?;
    if frames.is_empty() {
        return Err(Problem::not_found());
    }
    Ok(Reconstructed { records, frames })
}
