//! Reading an inbox: the rows that concern a service or a worker, joined across contexts here and
//! nowhere else.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool, Row};
use time::OffsetDateTime;
use trama_events::Context;
use trama_events::codes::ServiceType;
use trama_events::ids::{Ats, PersonId, ServiceId, StaffId};
use trama_events::rome;
use trama_platform::caller::Caller;
use utoipa::ToSchema;
use uuid::Uuid;

use super::drafts::{self, Emergency, Goal, Handover, Identifier, Referral, Stay, Wait};
use super::forced;
use super::items::{self, Draft, Item, List, Order};
use crate::fence::Sight;
use crate::journey::Place;

/// Whose inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// A service's.
    Service(ServiceId),
    /// A worker's, for the people whom she has in charge.
    Staff(StaffId),
    /// A data protection officer's.
    Auditor(StaffId),
    /// A worker's in the plan office of an ATS.
    PlanOffice(StaffId, &'a Ats),
}

/// How many items each list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Counts {
    /// It is your turn.
    pub to_do: usize,
    /// It is somebody else's turn.
    pub waiting: usize,
    /// Nothing is to be done.
    pub information: usize,
}

/// A page of an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contents {
    /// The moment against which deadlines were held.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The whole lists.
    pub counts: Counts,
    /// Items of the list that was asked for.
    pub items: Vec<Item>,
    /// The id of every item with its list, so that nobody who puts inboxes together counts one twice.
    #[serde(skip)]
    pub ids: Vec<(List, String)>,
    /// What to give as `after` for the next page; none on the last.
    pub next: Option<String>,
    /// How far each context's log was read.
    #[schema(value_type = Object)]
    pub positions: BTreeMap<Context, i64>,
}

impl Contents {
    /// Everybody whom an item names, each as often as she is named.
    pub fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.items.iter().filter_map(|item| item.person)
    }
}

/// Which page of which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<'a> {
    /// The list.
    pub list: List,
    /// Cursor of the last item seen.
    pub after: Option<&'a str>,
    /// Items at most.
    pub limit: usize,
}

/// A cursor that is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCursor;

/// Open cases of the inbox, with every record of each person: links are resolved here, so that an
/// unlink takes back what only a link brought.
const IN_CHARGE: &str = "
    with recursive mine as (
        select c.case_id, c.person, c.service from inbox.cases c
        where c.is_open and (c.service = $1 or c.manager = $2)
    ), one (case_id, person) as (
        select case_id, person from mine
        union
        select o.case_id, case when l.canonical = o.person then l.other else l.canonical end
        from one o join inbox.links l on l.linked and (l.canonical = o.person or l.other = o.person)
    )
    select o.case_id, o.person, m.service from one o join mine m using (case_id)";

/// `$1` the service, `$2` people in charge, `$3` services that have them in charge, `$4` since
/// when what is over is still told.
const REFERRALS: &str = "
    select r.*, exists (
        select from inbox.referrals n where n.sender = r.sender and n.need = r.need
            and n.created_position > r.changed_position
            and (n.person = r.person or exists (select from inbox.links l where l.linked
                and (l.canonical, l.other) in ((n.person, r.person), (r.person, n.person))))
    ) as followed
    from inbox.referrals r
    where (r.sender = $1 or r.receiver = $1
           or (r.person, r.sender) in (select * from unnest($2::uuid[], $3::uuid[])))
      and (r.stage in ('sent', 'information_requested', 'accepted')
           or (r.stage in ('declined', 'expired') and (r.sender = $1 or $1 is null))
           or r.changed_at >= $4)";

/// Of those that are open, or were closed lately: the others are many. That condition alone is one with
/// which the database may begin, before it asks whose rows they are; and a range with two ends is one of
/// which it thinks that few are in it, where it does not know the beginning.
const EMERGENCIES: &str = "
    with alerted as (
        select s.service, s.ats from inbox.services s where s.service_type = 'minors_service' and s.active
    )
    select e.*, e.lone_child and case
            when exists (select from alerted a where a.ats in (e.ats, 'metro'))
            then exists (select from alerted a where a.service = $1 and a.ats in (e.ats, 'metro'))
            else e.service = $1 end as alerts,
        exists (select from inbox.contacts t where t.service = $1 and t.person = e.person
                and t.at >= e.closed_at)
        or exists (select from inbox.cases c where c.service = $1 and c.person = e.person and c.is_open)
            as taken_up
    from inbox.emergencies e
    where (e.handover = $1 or e.lone_child
           or (e.closed_at is null and (e.service = $1 or e.units @> array[$1])))
      and (e.closed_at is null or e.closed_at between $2 and 'infinity')";

/// Cases handed over to the service, until it has met the person, opened a case or given her a place.
const HANDOVERS: &str = "
    select h.case_id, h.person, h.service, h.handover, h.closed_at from inbox.cases h
    where h.handover = $1
      and not exists (select from inbox.contacts t where t.service = $1 and t.person = h.person
          and t.at >= h.closed_at)
      and not exists (select from inbox.cases c where c.service = $1 and c.person = h.person
          and c.case_id <> h.case_id and (c.is_open or c.opened_at >= h.closed_at))
      and not exists (select from inbox.stays s where s.facility = $1 and s.people @> array[h.person]
          and (s.ended_at is null or s.ended_at >= h.closed_at))";

/// Stays of the facility that come near their cap, and everything of people in charge.
const STAYS: &str = "
    select s.*, s.ended_on is not null and exists (
        select from inbox.stays n where n.people && s.people and n.started_on >= s.ended_on
            and n.stay <> s.stay and n.ended_on is null) as housed_since
    from inbox.stays s
    where (s.facility = $1 and s.ended_on is null and s.cap_on <= $3)
       or (s.people && $2 and not s.sealed
           and (s.ended_at >= $4 or (s.ended_on is null and s.cap_on <= $3)))";

const GOALS: &str = "
    select g.goal, c.person, c.service, g.review_on from inbox.cases c join inbox.goals g using (case_id)
    where c.is_open and not c.project_over and (c.service = $1 or c.manager = $2) and g.review_on <= $3";

const IDENTIFIERS: &str = "
    select i.person, i.kind, i.valid_to, c.service from inbox.codes c join inbox.identifiers i using (person)
    where c.service = $1 and i.valid_to <= $2";

const WAITS: &str = "select * from inbox.waits where facility = $1 and stage <> 'over'";

/// An inbox as it is at a moment. Of somebody else's, nothing is there for the caller.
///
/// # Errors
///
/// When the database cannot be read.
pub async fn inbox(
    pool: &PgPool,
    caller: &Caller,
    owner: Owner<'_>,
    now: OffsetDateTime,
    page: Page<'_>,
) -> sqlx::Result<Result<Contents, BadCursor>> {
    let after = match page.after.map(Order::from_cursor) {
        Some(None) => return Ok(Err(BadCursor)),
        Some(order) => order,
        None => None,
    };
    let mut rows = Sight::of(caller).begin(pool).await?;
    let mut drafts = all(&mut rows, owner, now).await?;
    drafts.retain(|draft| items::in_sight(draft, now));
    let drafts = items::ordered(drafts);
    let ids = drafts.iter().map(|draft| (draft.list, draft.id())).collect();
    let of = |list| drafts.iter().filter(|draft| draft.list == list).count();
    let counts = Counts {
        to_do: of(List::ToDo),
        waiting: of(List::Waiting),
        information: of(List::Information),
    };
    let listed = drafts.iter().filter(|draft| draft.list == page.list);
    let mut left = listed.filter(|draft| after.as_ref().is_none_or(|after| draft.order() > *after));
    let shown: Vec<Draft> = left.by_ref().take(page.limit).cloned().collect();
    let next = left.next().and(shown.last()).map(|last| last.order().to_cursor());
    let items = dressed(&mut rows, owner, &shown, now).await?;
    let positions = positions(&mut rows).await?;
    Ok(Ok(Contents { at: now, counts, items, ids, next, positions }))
}

/// Rows as documents, read by the types that they become.
pub(super) fn as_json(query: &str) -> String {
    format!("select to_jsonb(found) from ({query}) as found")
}

/// People in charge, each record beside the service that holds the case.
#[derive(Debug, Default)]
struct InCharge {
    people: Vec<Uuid>,
    services: Vec<Uuid>,
}

async fn all(
    rows: &mut PgConnection,
    owner: Owner<'_>,
    now: OffsetDateTime,
) -> sqlx::Result<Vec<Draft>> {
    let (service, staff) = match owner {
        Owner::Service(service) => (Some(service.0), None),
        Owner::Staff(staff) => (None, Some(staff.0)),
        Owner::Auditor(staff) => return forced::of_auditor(rows, staff, now).await,
        Owner::PlanOffice(staff, ats) => return forced::of_plan_office(rows, staff, ats).await,
    };
    let mut charge = InCharge::default();
    for row in sqlx::query(IN_CHARGE).bind(service).bind(staff).fetch_all(&mut *rows).await? {
        charge.people.push(row.try_get("person")?);
        charge.services.push(row.try_get("service")?);
    }
    let mut drafts = referrals(rows, service, &charge, now).await?;
    drafts.extend(stays(rows, service, &charge, now).await?);
    let today = rome::day_of(now);
    let by = rome::days_after(today, drafts::REVIEW_DAYS);
    let query = as_json(GOALS);
    let goals =
        sqlx::query_scalar(&query).bind(service).bind(staff).bind(by).fetch_all(&mut *rows).await?;
    drafts.extend(goals.iter().filter_map(|Json(goal): &Json<Goal>| goal.review(today)));
    if let Some(staff) = staff {
        drafts.extend(forced::in_charge(rows, staff, &charge.people).await?);
    }
    if let Some(service) = service {
        drafts.extend(of_service_alone(rows, service, now).await?);
    }
    Ok(drafts)
}

async fn referrals(
    rows: &mut PgConnection,
    service: Option<Uuid>,
    charge: &InCharge,
    now: OffsetDateTime,
) -> sqlx::Result<Vec<Draft>> {
    // A service sees what it sent anyway; a worker, what her services sent for her people.
    let (people, services) = if service.is_some() {
        (&[][..], &[][..])
    } else {
        (&charge.people[..], &charge.services[..])
    };
    let query = as_json(REFERRALS);
    let found: Vec<Json<Referral>> = sqlx::query_scalar(&query)
        .bind(service)
        .bind(people)
        .bind(services)
        .bind(now - items::TOLD)
        .fetch_all(rows)
        .await?;
    let draft = |Json(referral): &Json<Referral>| match service {
        Some(service) if referral.receiver == service => referral.of_receiver(),
        Some(_) | None => referral.of_sender(),
    };
    Ok(found.iter().filter_map(draft).collect())
}

async fn stays(
    rows: &mut PgConnection,
    service: Option<Uuid>,
    charge: &InCharge,
    now: OffsetDateTime,
) -> sqlx::Result<Vec<Draft>> {
    let today = rome::day_of(now);
    let query = as_json(STAYS);
    let found: Vec<Json<Stay>> = sqlx::query_scalar(&query)
        .bind(service)
        .bind(&charge.people)
        .bind(rome::days_after(today, drafts::CAP_DAYS))
        .bind(now - items::TOLD)
        .fetch_all(rows)
        .await?;
    Ok(found.iter().filter_map(|stay| stay.cap(today).or_else(|| stay.ended())).collect())
}

async fn of_service_alone(
    rows: &mut PgConnection,
    service: Uuid,
    now: OffsetDateTime,
) -> sqlx::Result<Vec<Draft>> {
    let today = rome::day_of(now);
    let query = as_json(EMERGENCIES);
    let since = now - items::TOLD;
    let emergencies: Vec<Json<Emergency>> =
        sqlx::query_scalar(&query).bind(service).bind(since).fetch_all(&mut *rows).await?;
    let query = as_json(HANDOVERS);
    let handovers: Vec<Json<Handover>> =
        sqlx::query_scalar(&query).bind(service).fetch_all(&mut *rows).await?;
    let by = rome::days_after(today, drafts::IDENTIFIER_DAYS);
    let query = as_json(IDENTIFIERS);
    let identifiers: Vec<Json<Identifier>> =
        sqlx::query_scalar(&query).bind(service).bind(by).fetch_all(&mut *rows).await?;
    let query = as_json(WAITS);
    let waits: Vec<Json<Wait>> = sqlx::query_scalar(&query).bind(service).fetch_all(rows).await?;
    let emergencies = emergencies.iter().filter_map(|emergency| emergency.of(service, now));
    let identifiers = identifiers.iter().filter_map(|identifier| identifier.ends(today));
    Ok(emergencies
        .chain(handovers.iter().map(|handover| handover.to_take_up()))
        .chain(identifiers)
        .chain(waits.iter().map(|wait| wait.of_facility(now)))
        .collect())
}

/// Puts names to ids. A confidential service is named to itself alone; one that the copy of the
/// directory does not know yet is treated as if it were confidential.
async fn dressed(
    rows: &mut PgConnection,
    owner: Owner<'_>,
    drafts: &[Draft],
    now: OffsetDateTime,
) -> sqlx::Result<Vec<Item>> {
    let services: Vec<Uuid> =
        drafts.iter().flat_map(|d| [d.from, d.to, d.elsewhere]).flatten().collect();
    let people: Vec<Uuid> = drafts.iter().filter_map(|draft| draft.person).collect();
    let mut places = HashMap::new();
    let named = "select service, service_type, name from inbox.services where service = any($1)";
    for row in sqlx::query(named).bind(services).fetch_all(&mut *rows).await? {
        let id: Uuid = row.try_get("service")?;
        let code: String = row.try_get("service_type")?;
        let Ok(service_type) = code.parse::<ServiceType>() else { continue };
        if !service_type.is_confidential() || owner == Owner::Service(ServiceId(id)) {
            let place = Place { service: ServiceId(id), name: row.try_get("name")?, service_type };
            places.insert(id, place);
        }
    }
    let mut short_codes = HashMap::new();
    let coded = "select person, code from inbox.codes where person = any($1)";
    for row in sqlx::query(coded).bind(people).fetch_all(rows).await? {
        short_codes.insert(row.try_get::<Uuid, _>("person")?, row.try_get::<String, _>("code")?);
    }
    let place = |id: Option<Uuid>| id.and_then(|id| places.get(&id).cloned());
    Ok(drafts.iter().map(|draft| item(draft, &place, &short_codes, now)).collect())
}

fn item(
    draft: &Draft,
    place: &dyn Fn(Option<Uuid>) -> Option<Place>,
    codes: &HashMap<Uuid, String>,
    now: OffsetDateTime,
) -> Item {
    Item {
        id: draft.id(),
        kind: draft.kind,
        list: draft.list,
        about: draft.about,
        person: draft.person.map(PersonId),
        code: draft.person.and_then(|person| codes.get(&person).cloned()),
        from: place(draft.from),
        to: place(draft.to),
        reason: draft.reason.clone(),
        next_step: draft.next_step.clone(),
        elsewhere: place(draft.elsewhere),
        urgency: draft.urgency,
        since: draft.since,
        due: draft.due,
        days_waiting: items::days_between(draft.since, now),
        overdue: draft.due.is_some_and(|due| due < now),
        seen: draft.seen,
        escalated: draft.escalated,
    }
}

async fn positions(rows: &mut PgConnection) -> sqlx::Result<BTreeMap<Context, i64>> {
    let found =
        sqlx::query("select context, position from inbox.positions").fetch_all(rows).await?;
    found
        .into_iter()
        .map(|row| {
            let context: String = row.try_get("context")?;
            let context =
                context.parse().map_err(|_| sqlx::Error::Decode("unknown context".into()))?;
            Ok((context, row.try_get("position")?))
        })
        .collect()
}
