use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row};
use time::OffsetDateTime;
use trama_events::codes::Section;
use trama_events::ids::{AgreementId, OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::rome;
use trama_platform::clock::Clock;
use trama_platform::follow::Lag;
use trama_platform::log::SYSTEM;
use trama_platform::majority::Birthdays;
use trama_platform::permit::{self, Agreement};
use trama_platform::servers::{PgRole, Servers};
use uuid::Uuid;

use super::found::{ConsentFound, HealthAgreement, Relation, RelationKind, RelationsFound};
use super::majority::OfAge;
use super::{CONTEXTS, rules};

/// From this lag on nothing is decided. Source: trust.md D4.
const LAG_MAX: Duration = Duration::from_secs(30);
/// Connections for questions, apart from those of pages.
const QUESTIONS_MAX: u32 = 8;

/// Asks what somebody has to do with a person. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Relations {
    pool: PgPool,
    lag: Lag,
    of_age: OfAge,
}

/// Who asks, as her membership says.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// The worker.
    pub staff: StaffId,
    /// The organisation for which she acts.
    pub organisation: OrganisationId,
    /// The services for which she acts.
    pub services: &'a [ServiceId],
}

/// Why nothing can be said: nobody may be let in then.
#[derive(Debug, thiserror::Error)]
pub enum Unsure {
    /// The rows are older than a decision may rest on, or nobody can say how old they are.
    #[error("who has to do with whom is not up to date: nothing is decided on it")]
    Late,
    /// The rows cannot be read.
    #[error("who has to do with whom cannot be read now")]
    Unavailable(#[from] sqlx::Error),
}

impl Relations {
    /// Opens the read model, and begins to watch how late it is.
    pub fn open(servers: &Servers) -> Self {
        let lag = Lag::watch(servers, "relations", CONTEXTS);
        Self::over(servers.pool(PgRole::Gate, QUESTIONS_MAX), lag)
    }

    /// Over a pool and a lag that somebody else keeps.
    pub fn over(pool: PgPool, lag: Lag) -> Self {
        Self { pool, lag, of_age: OfAge::default() }
    }

    /// The same, asking whoever keeps the days on which people were born about those who come of age
    /// this year.
    #[must_use]
    pub fn asking(self, birthdays: Arc<dyn Birthdays>, clock: Clock) -> Self {
        let of_age = OfAge::watch(self.pool.clone(), clock, birthdays);
        Self { of_age, ..self }
    }

    /// Whether anything can be said now: [`Unsure::Late`] is the answer to every question else.
    pub(super) fn is_in_time(&self) -> bool {
        self.lag.is_within(LAG_MAX)
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Refuses when the rows are older than a decision may rest on.
    pub(super) fn must_be_in_time(&self) -> Result<(), Unsure> {
        if self.is_in_time() { Ok(()) } else { Err(Unsure::Late) }
    }

    /// What `asker` has to do with a person at `now`, on the domain's clock. Records that are
    /// linked with hers are found here too.
    ///
    /// # Errors
    ///
    /// [`Unsure`]: then nothing may be opened.
    pub async fn of(
        &self,
        asker: Asker<'_>,
        person: PersonId,
        now: OffsetDateTime,
    ) -> Result<RelationsFound, Unsure> {
        Ok(self.of_each(asker, &[person], now).await?.pop().unwrap_or_default())
    }

    /// [`Self::of`] for each of these persons, in their order: one round trip.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn of_each(
        &self,
        asker: Asker<'_>,
        persons: &[PersonId],
        now: OffsetDateTime,
    ) -> Result<Vec<RelationsFound>, Unsure> {
        self.must_be_in_time()?;
        let people: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
        let services: Vec<Uuid> = asker.services.iter().map(|service| service.0).collect();
        let rows = sqlx::query(FIND)
            .bind(people)
            .bind(asker.staff.0)
            .bind(asker.organisation.0)
            .bind(services)
            .bind(now)
            .bind(rome::day_of(now))
            .bind(rules::days_after(now, -rules::OWN_RECORD_DAYS))
            .bind(rules::days_after(now, -rules::SHELTERED_DAYS_AFTER))
            .bind(SYSTEM.0)
            .fetch_all(&self.pool)
            .await?;
        let today = rome::day_of(now);
        let mut all = vec![RelationsFound::default(); persons.len()];
        for row in rows {
            let nth: i64 = row.try_get("nth")?;
            let place = usize::try_from(nth - 1).ok().and_then(|place| all.get_mut(place));
            take(place.ok_or(sqlx::Error::RowNotFound)?, &row, now)?;
        }
        for found in &mut all {
            if !found.set.iter().any(|kind| kind.is_care()) {
                found.agreements = Vec::new();
            }
            found.may_be_minor &= found.minor_until.is_none();
            // Of who is younger by another record, the days of the others are not asked.
            let is_open = found.minor_until.is_some_and(|day| day.year() == today.year() + 1);
            if is_open && self.of_age.says(&found.records) {
                found.minor_until = None;
            }
        }
        Ok(all)
    }
}

impl Relations {
    /// Bodies all of whose services are confidential.
    ///
    /// # Errors
    ///
    /// [`Unsure`], as [`Self::of`].
    pub async fn all_confidential(&self) -> Result<BTreeSet<OrganisationId>, Unsure> {
        self.must_be_in_time()?;
        let bodies = "select organisation from relations.services group by organisation \
             having bool_and(confidential)";
        let found: Vec<Uuid> = sqlx::query_scalar(bodies).fetch_all(&self.pool).await?;
        Ok(found.into_iter().map(OrganisationId).collect())
    }
}

/// `$1` the persons, `$2` to `$4` worker, body and services, `$5` and `$6` moment and day, `$7` and
/// `$8` from when an entry and a secret stay count, `$9` the system. A relation in which a confidential service
/// takes part is not a ground on which another body may see anything. Tables are asked by the array of
/// all her records: joined with the recursion, whose length nobody can tell beforehand, each of them
/// would be read whole.
const FIND: &str = "
select asked.nth, found.* from unnest($1::uuid[]) with ordinality asked (person, nth)
cross join lateral (
with recursive one (person) as (
    select asked.person
    union
    select case when l.canonical = o.person then l.other else l.canonical end
    from one o join relations.links l on l.linked and (l.canonical = o.person or l.other = o.person)
), them (ids) as (
    select array_agg(person) from one
), all_held as (
    select h.* from relations.held h where h.person = any((select ids from them)::uuid[])
), held as (
    select * from all_held where until is null or until > $5
), away as (
    select staff from relations.leaves where cover = $2 and $6 between from_on and to_on
), written (organisation, at) as (
    select o.organisation, o.at from relations.own o
    where o.person = any((select ids from them)::uuid[]) and o.organisation = $3 and o.at > $7
        and not exists (select from relations.moved m where m.entry = o.entry)
    union all
    select o.organisation, o.at from relations.moved m join relations.own o using (entry)
    where m.person = any((select ids from them)::uuid[]) and o.organisation = $3 and o.at > $7
), mine (kind, covering, since, until) as (
    select kind, null::uuid, since, until from held
    where kind in ('case_manager', 'case_team', 'meeting', 'guardian') and holder = $2
    union all
    select kind, holder, since, until from held
    where kind in ('case_manager', 'case_team') and holder in (select staff from away)
    union all
    select kind, null, since, until from held
    where kind not in ('case_manager', 'case_team', 'meeting', 'guardian')
        and holder = any($4::uuid[])
    union all
    select 'own_record', null, min(at), max(at) + ($5 - $7) from written having count(*) > 0
), in_care (organisation) as (
    select s.organisation from held h join relations.services s on s.service = h.holder
    where h.kind not in ('case_manager', 'case_team', 'meeting', 'guardian', 'referral_sent')
        and not h.confidential and not s.confidential
), sheltered (organisation) as (
    select s.organisation from all_held h left join relations.services s on s.service = h.holder
    where h.confidential and h.kind in ('stay', 'night', 'waiting')
        and (h.until is null or h.until > $8)
), found (what, code, other, id, since, until) as (
    select 'relation', kind, null, covering, min(since),
        case when bool_and(until is not null) then max(until) end
    from mine group by kind, covering
    union all
    select 'consent', c.scope, c.external, c.organisation, c.given_at, null
    from relations.consents c
    where c.person = any((select ids from them)::uuid[]) and c.withdrawn_at is null and (c.organisation is null or c.organisation = $3)
    union all
    select distinct 'agreement', section, a.purpose, a.holder, null::timestamptz, null::timestamptz
    from relations.agreements a, unnest(a.sections) section
    where a.readers @> array[$3::uuid] and a.from_on <= $6
        and (a.until_on is null or a.until_on >= $6) and (a.ended_on is null or a.ended_on > $6)
        and a.holder in (select organisation from in_care)
    union all
    select distinct 'handed_over', declared, null, null::uuid, null::timestamptz, null::timestamptz
    from held, unnest(dataset) declared
    where kind = 'referral_received' and holder = any($4::uuid[])
    union all
    select distinct 'forced', section, null, null::uuid, null::timestamptz, null::timestamptz
    from relations.forced f, unnest(f.sections) section
    where f.person = any((select ids from them)::uuid[]) and f.staff = $2 and f.until > $5
    union all
    select 'childhood', null, null, null, null, null where exists (
        select from relations.childhood c
        where c.person = any((select ids from them)::uuid[]) and (c.viewer = $3 or c.viewer = any($4::uuid[])) and c.from_on <= $6
            and (c.until_on is null or c.until_on >= $6))
    union all
    select distinct 'obscured_service', s.organisation::text, null, o.service, null::timestamptz,
        null::timestamptz
    from relations.obscured o join relations.services s using (service)
    where o.person = any((select ids from them)::uuid[])
    union all
    select distinct 'obscured_entry', o.entry, null, o.organisation, null::timestamptz,
        null::timestamptz
    from relations.obscured o where o.person = any((select ids from them)::uuid[]) and o.entry is not null
    union all
    select 'health', h.agreed::text, null, h.agreement, h.at, null
    from relations.health h where h.person = any((select ids from them)::uuid[])
    union all
    select 'born', max(p.birth_year)::text, null, null, null, null
    from relations.people p where p.person = any((select ids from them)::uuid[]) and p.birth_year is not null
    having count(*) > 0
    union all
    select 'child', null, null, null, null, null where exists (
        select from relations.emergencies e where e.person = any((select ids from them)::uuid[]) and e.lone_child)
        and not exists (select from relations.people p
            where p.person = any((select ids from them)::uuid[]) and p.birth_year is not null)
    union all
    select distinct 'sheltered', null, null, organisation, null::timestamptz, null::timestamptz
    from sheltered
    union all
    select distinct 'not_to_be_found', h.person::text, null, h.said_by, null::timestamptz, null::timestamptz
    from relations.not_to_be_found h where h.person = any((select ids from them)::uuid[])
    union all
    select distinct 'registered', null, null, case when s.confidential then s.service end,
        null::timestamptz, null::timestamptz
    from relations.people p
        left join relations.own o on o.entry = 'intake/person-' || p.person || '/1'
        left join relations.services s on s.service = o.service
    where p.person = any((select ids from them)::uuid[])
    union all
    select distinct 'given', null, null, h.person, null::timestamptz, null::timestamptz from held h
    where h.kind in ('case_manager', 'case_team', 'guardian') and h.holder = $2
        and h.begun_by not in ($2, $9) and h.until is null and not exists (
            select from held o where o.aggregate = h.aggregate and o.person = h.person
                and o.kind = 'case_service' and o.begun_by = $2)
    union all
    select distinct 'sent_here', null, null, h.person, null::timestamptz, null::timestamptz
    from held h join held by using (aggregate) join relations.services s on s.service = by.holder
    where h.kind = 'referral_received' and h.holder = any($4::uuid[]) and not h.confidential
        and h.begun_by not in ($2, $9) and by.kind = 'referral_sent' and s.organisation <> $3
        and not s.confidential
    union all
    select 'profession', profession, null, null, null, null from relations.posts where staff = $2
    union all
    select 'waits', null, null, null, null, null where exists (
        select from relations.parked k where k.subject = any((select ids from them)::uuid[]))
    union all
    select distinct 'record', null, null, person, null::timestamptz, null::timestamptz from one
)
select what, code, other, id, since, until from found
) found order by nth, what, code, other, id";

fn take(found: &mut RelationsFound, row: &PgRow, now: OffsetDateTime) -> sqlx::Result<()> {
    match row.try_get("what")? {
        "relation" => {
            let kind: RelationKind = code(row, "code")?;
            found.set.insert(kind);
            found.relations.push(Relation {
                kind,
                covering: row.try_get::<Option<Uuid>, _>("id")?.map(StaffId),
                since: row.try_get("since")?,
                until: row.try_get("until")?,
            });
        }
        "consent" => found.consents.push(consent(row)?),
        "agreement" => agreement(found, row)?,
        "handed_over" => found.handed_over.push(permit::handed_over(code(row, "code")?)),
        "forced" => found.forced.push(code(row, "code")?),
        "health" => found.health_agreements.push(HealthAgreement {
            agreement: AgreementId(row.try_get("id")?),
            agreed: row.try_get::<&str, _>("code")? == "true",
        }),
        "born" => {
            let of_age = rules::of_age_on(code(row, "code")?);
            found.past.of_age_on = of_age;
            found.minor_until = of_age.filter(|day| *day > rome::day_of(now));
        }
        "child" => found.may_be_minor = true,
        "childhood" => found.past.childhood_open = true,
        "obscured_service" => {
            let service = ServiceId(row.try_get("id")?);
            found.past.obscured_services.insert(service, code(row, "code")?);
        }
        "obscured_entry" => {
            let by = OrganisationId(row.try_get("id")?);
            found.past.obscured_entries.insert(row.try_get("code")?, by);
        }
        "sheltered" => {
            let keeper = row.try_get::<Option<Uuid>, _>("id")?.map(OrganisationId);
            found.keeper = keeper.filter(|_| !found.protected);
            found.protected = true;
        }
        "not_to_be_found" => {
            let record = code(row, "code")?;
            found.hidden_by.entry(record).or_default().insert(StaffId(row.try_get("id")?));
        }
        "registered" => {
            found.registered = true;
            let by = row.try_get::<Option<Uuid>, _>("id")?.map(ServiceId);
            found.sealed_by = found.sealed_by.or(by);
        }
        "given" => {
            found.given.insert(PersonId(row.try_get("id")?));
        }
        "sent_here" => {
            found.sent_here.insert(PersonId(row.try_get("id")?));
        }
        "profession" => found.profession = Some(code(row, "code")?),
        "record" => found.records.push(PersonId(row.try_get("id")?)),
        "waits" => found.incomplete = true,
        other => return Err(sqlx::Error::Decode(format!("no such row: {other}").into())),
    }
    Ok(())
}

/// One for each holder and purpose.
fn agreement(found: &mut RelationsFound, row: &PgRow) -> sqlx::Result<()> {
    let (holder, purpose) = (OrganisationId(row.try_get("id")?), code(row, "other")?);
    let section: Section = code(row, "code")?;
    let same = |known: &&mut Agreement| known.holder == holder && known.purpose == purpose;
    if let Some(known) = found.agreements.iter_mut().find(same) {
        known.sections.insert(section);
    } else {
        let sections = [section].into();
        found.agreements.push(Agreement { holder, sections, purpose });
    }
    Ok(())
}

fn consent(row: &PgRow) -> sqlx::Result<ConsentFound> {
    let external: Option<&str> = row.try_get("other")?;
    Ok(ConsentFound {
        scope: code(row, "code")?,
        to: row.try_get::<Option<Uuid>, _>("id")?.map(OrganisationId),
        external: external.map(|_| code(row, "other")).transpose()?,
    })
}

/// A code that this release does not have is no ground for anything: the whole answer fails.
fn code<T: std::str::FromStr>(row: &PgRow, column: &str) -> sqlx::Result<T> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| sqlx::Error::Decode(format!("{text} is not known here").into()))
}
