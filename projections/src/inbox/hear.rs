//! Whose inbox a batch changes. Most events do not name the services and the workers that they
//! concern: the rows do, and they are asked once for all of a batch, after it was taken.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row};
use trama_events::Event;
use trama_events::casework::CaseEvent;
use trama_events::directory::ServiceEvent;
use trama_events::housing::StayEvent;
use trama_events::ids::{PersonId, ServiceId};
use trama_events::intake::{
    ContactEvent, DeliveryEvent, EmergencyEvent, EntryEvent, LinkEvent, PersonEvent,
};
use trama_platform::follow::Read;
use uuid::Uuid;

/// What an event says of whose inbox it changes.
enum Concerns {
    Nobody,
    /// A service that the event names.
    Service(ServiceId),
    /// Those whom the row of its aggregate names.
    Row(&'static str),
    /// Those whom a row of another aggregate names.
    Other(&'static str, Uuid),
    /// Those who have one of the two in charge.
    People(PersonId, PersonId),
    /// Who controls, and those who have in charge whom the row names.
    Control,
}

/// Services and workers whom rows name. A lone child is also the matter of the minors' services
/// around, and such a service that opens or closes is one of the emergency service.
const NAMED: &str = "
    with heard (position, kind, id) as (
        select * from unnest($1::bigint[], $2::text[], $3::uuid[])
    )
    select h.position, p.service, null::uuid as staff
    from heard h join referrals r on h.kind = 'referral' and r.referral = h.id,
         lateral (values (r.sender), (r.receiver)) p (service)
    union
    select h.position, s.facility, null from heard h join stays s on h.kind = 'stay' and s.stay = h.id
    union
    select h.position, w.facility, null
    from heard h join waits w on h.kind = 'wait' and w.waiting = h.id
    union
    select h.position, p.service, p.staff
    from heard h join cases c on h.kind = 'case' and c.case_id = h.id,
         lateral (values (c.service, c.manager), (c.handover, null)) p (service, staff)
    union
    select h.position, c.service, null
    from heard h join codes c on h.kind = 'person' and c.person = h.id
    union
    select h.position, p.service, null
    from heard h join emergencies e on h.kind = 'emergency' and e.emergency = h.id
         left join services s on e.lone_child and s.service_type = 'minors_service'
             and s.ats in (e.ats, 'metro'),
         lateral unnest(array[e.service, e.handover, s.service] || e.units) p (service)
    union
    select h.position, c.service, null
    from heard h join contacts c on h.kind = c.kind and c.aggregate = h.id
    union
    select h.position, p.service, null
    from heard h join services s on h.kind = 'service' and s.service = h.id
             and s.service_type = 'minors_service'
         left join emergencies e on e.lone_child and e.closed_at is null
             and s.ats in (e.ats, 'metro'),
         lateral (values (s.service), (e.service)) p (service)";

/// Services and workers who have the person in charge, or a record that is linked to hers. What
/// happens in a secret shelter, or to a referral with a confidential service at either end, is not
/// even hinted at to those outside; nor what she obscured, but to who wrote it.
const IN_CHARGE: &str = "
    with recursive heard (position, kind, id) as (
        select * from unnest($1::bigint[], $2::text[], $3::uuid[])
    ), people (position, person, writer, kept_back) as (
        select h.position, r.person, r.sender,
            kept_back('referrals/referral-' || r.referral || '/', r.sender, array[r.person])
        from heard h join referrals r on h.kind = 'referral' and r.referral = h.id
        where not r.confidential
        union
        select h.position, unnest(s.people), s.facility,
            kept_back('housing/stay-' || s.stay || '/', s.facility, s.people)
        from heard h join stays s on h.kind = 'stay' and s.stay = h.id where not s.sealed
        union
        select h.position, h.id, null, false from heard h where h.kind = 'linked'
        union
        select h.position, f.person, null, false
        from heard h join forced f on h.kind = 'forced' and f.access = h.id
    ), one (position, person, writer, kept_back) as (
        select * from people
        union
        select o.position, case when l.canonical = o.person then l.other else l.canonical end,
            o.writer, o.kept_back
        from one o join links l on l.linked and (l.canonical = o.person or l.other = o.person)
    )
    select o.position, c.service, c.manager as staff
    from one o join cases c on c.person = o.person
    where c.is_open and (not o.kept_back or c.service = o.writer)";

/// Plan offices of the ATS on whose behalf something was forced, also when another one looked at it.
const OFFICES: &str = "
    select h.position, f.ats
    from unnest($1::bigint[], $2::text[], $3::uuid[]) as h (position, kind, id)
         join forced f on h.kind = 'forced' and f.access = h.id";

/// What is asked of the rows: position, kind and id of each thing heard of.
#[derive(Debug, Default)]
struct Heard {
    positions: Vec<i64>,
    kinds: Vec<&'static str>,
    ids: Vec<Uuid>,
}

impl Heard {
    fn of(&mut self, read: &Read, kind: &'static str, id: Uuid) {
        self.positions.push(read.recorded.position);
        self.kinds.push(kind);
        self.ids.push(id);
    }

    fn any(&self, kinds: &[&str]) -> bool {
        self.kinds.iter().any(|kind| kinds.contains(kind))
    }
}

/// Topics that a batch touched, each with the last position that did.
pub(super) async fn touched(
    rows: &mut PgConnection,
    batch: &[Read],
) -> sqlx::Result<BTreeMap<String, i64>> {
    let (mut topics, mut heard) = (BTreeMap::new(), Heard::default());
    for read in batch {
        let aggregate = read.recorded.aggregate_id;
        match concerns(&read.event) {
            Concerns::Nobody => {}
            Concerns::Service(service) => {
                topics.insert(of_service(service.0), read.recorded.position);
            }
            Concerns::Row(kind) => heard.of(read, kind, aggregate),
            Concerns::Other(kind, id) => heard.of(read, kind, id),
            Concerns::Control => {
                topics.insert(OF_AUDITORS.to_owned(), read.recorded.position);
                heard.of(read, "forced", aggregate);
            }
            Concerns::People(one, another) => {
                heard.of(read, "linked", one.0);
                heard.of(read, "linked", another.0);
            }
        }
    }
    let named = [
        "referral",
        "stay",
        "wait",
        "case",
        "person",
        "emergency",
        "service",
        "contact",
        "delivery",
    ];
    for (query, kinds) in
        [(NAMED, &named[..]), (IN_CHARGE, &["referral", "stay", "linked", "forced"])]
    {
        if heard.any(kinds) {
            ask(&mut *rows, query, &heard, &mut topics).await?;
        }
    }
    if heard.any(&["forced"]) {
        offices(rows, &heard, &mut topics).await?;
    }
    Ok(topics)
}

async fn offices(
    rows: &mut PgConnection,
    heard: &Heard,
    topics: &mut BTreeMap<String, i64>,
) -> sqlx::Result<()> {
    let asked = sqlx::query_as::<_, (i64, String)>(OFFICES);
    let asked = asked.bind(&heard.positions).bind(&heard.kinds).bind(&heard.ids);
    for (position, ats) in asked.fetch_all(rows).await? {
        let last = topics.entry(of_plan_office(&ats)).or_default();
        *last = position.max(*last);
    }
    Ok(())
}

async fn ask(
    rows: &mut PgConnection,
    query: &str,
    heard: &Heard,
    topics: &mut BTreeMap<String, i64>,
) -> sqlx::Result<()> {
    let asked = sqlx::query(query).bind(&heard.positions).bind(&heard.kinds).bind(&heard.ids);
    for row in asked.fetch_all(rows).await? {
        let position: i64 = row.try_get("position")?;
        let service: Option<Uuid> = row.try_get("service")?;
        let staff: Option<Uuid> = row.try_get("staff")?;
        let found = [service.map(of_service), staff.map(|staff| format!("inbox/staff/{staff}"))];
        for topic in found.into_iter().flatten() {
            let last = topics.entry(topic).or_default();
            *last = position.max(*last);
        }
    }
    Ok(())
}

/// What waits for data protection officers.
pub(crate) const OF_AUDITORS: &str = "inbox/auditors";

/// What waits for the plan office of an ATS.
pub(crate) fn of_plan_office(ats: &str) -> String {
    format!("inbox/plan-office/{ats}")
}

fn of_service(service: Uuid) -> String {
    format!("inbox/{service}")
}

fn concerns(event: &Event) -> Concerns {
    match event {
        Event::Person(event) => of_person(event),
        Event::Link(
            LinkEvent::PersonsLinked { canonical, other, .. }
            | LinkEvent::PersonsUnlinked { canonical, other, .. },
        ) => Concerns::People(*canonical, *other),
        Event::Contact(event) => of_contact(event),
        Event::Entry(event) => of_entry(event),
        Event::Delivery(DeliveryEvent::ServiceDelivered { service, recipient, .. }) => {
            recipient.person().map_or(Concerns::Nobody, |_| Concerns::Service(*service))
        }
        Event::Emergency(event) => of_emergency(event),
        Event::Case(event) => of_case(event),
        Event::Stay(event) => of_stay(event),
        Event::Waiting(_) => Concerns::Row("wait"),
        Event::ForcedAccess(_) => Concerns::Control,
        Event::Referral(_) => Concerns::Row("referral"),
        Event::Service(event) => of_directory(event),
        Event::Link(
            LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. },
        )
        | Event::Outreach(_)
        | Event::Count(_)
        | Event::Facility(_)
        | Event::Night(_)
        | Event::Card(_)
        | Event::Meal(_)
        | Event::Parcel(_)
        | Event::Organisation(_)
        | Event::Staff(_)
        | Event::Household(_)
        | Event::Wish(_)
        | Event::Consent(_)
        | Event::Agreement(_)
        | Event::Identity(_)
        | Event::Municipality(_) => Concerns::Nobody,
    }
}

/// A move changes what its entry made an item of.
fn of_entry(event: &EntryEvent) -> Concerns {
    let (EntryEvent::EntryReattributed { entry, .. } | EntryEvent::EntryUndone { entry, .. }) =
        event;
    let kind = |kind| match kind {
        "contact" => Some("contact"),
        "delivery" => Some("delivery"),
        "emergency" => Some("emergency"),
        _ => None,
    };
    let found = super::rows::intake::of_intake(entry);
    let found = found.and_then(|(name, id)| Some((kind(name)?, id)));
    found.map_or(Concerns::Nobody, |(kind, id)| Concerns::Other(kind, id))
}

fn of_person(event: &PersonEvent) -> Concerns {
    match event {
        PersonEvent::PersonRegistered { .. }
        | PersonEvent::IdentifierAdded { .. }
        | PersonEvent::IdentifierSuperseded { .. } => Concerns::Row("person"),
        PersonEvent::IdentifierExpired { .. }
        | PersonEvent::AliasRecorded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::HousingSituationRecorded { .. }
        | PersonEvent::HousingSituationCorrected { .. }
        | PersonEvent::EngagementProgressed { .. }
        | PersonEvent::NotToBeFoundDeclared { .. }
        | PersonEvent::NotToBeFoundLifted { .. } => Concerns::Nobody,
    }
}

fn of_contact(event: &ContactEvent) -> Concerns {
    match event {
        ContactEvent::ContactRecorded { service, person: Some(_), .. } => {
            Concerns::Service(*service)
        }
        ContactEvent::ContactRecorded { person: None, .. }
        | ContactEvent::ContactTriaged { .. }
        | ContactEvent::ContactClosed {} => Concerns::Nobody,
    }
}

fn of_emergency(event: &EmergencyEvent) -> Concerns {
    match event {
        EmergencyEvent::EmergencyReported { .. }
        | EmergencyEvent::EmergencyAssessed { person: Some(_), .. }
        | EmergencyEvent::UnitDispatched { .. }
        | EmergencyEvent::EmergencyClosed { .. } => Concerns::Row("emergency"),
        EmergencyEvent::EmergencyAssessed { person: None, .. } => Concerns::Nobody,
    }
}

fn of_case(event: &CaseEvent) -> Concerns {
    match event {
        CaseEvent::CaseOpened { .. }
        | CaseEvent::CaseManagerAssigned { .. }
        | CaseEvent::ProjectDrafted { .. }
        | CaseEvent::GoalSet { .. }
        | CaseEvent::GoalReviewed { .. }
        | CaseEvent::ProjectCompleted {}
        | CaseEvent::ProjectInterrupted { .. }
        | CaseEvent::CaseClosed { .. } => Concerns::Row("case"),
        CaseEvent::TeamMemberAdded { .. }
        | CaseEvent::TeamMemberRemoved { .. }
        | CaseEvent::AssessmentRecorded { .. }
        | CaseEvent::EligibilityFactRecorded { .. }
        | CaseEvent::UvmConvened { .. }
        | CaseEvent::UvmCancelled {}
        | CaseEvent::CarePlanApproved { .. }
        | CaseEvent::GuardianAppointed { .. }
        | CaseEvent::GuardianshipEnded {}
        | CaseEvent::TakenInCharge { .. }
        | CaseEvent::ProjectSigned { .. } => Concerns::Nobody,
    }
}

fn of_stay(event: &StayEvent) -> Concerns {
    match event {
        StayEvent::StayStarted { .. }
        | StayEvent::StayExtended { .. }
        | StayEvent::StepMoved { .. }
        | StayEvent::StayEnded { .. } => Concerns::Row("stay"),
        StayEvent::PlaceMoved { .. } => Concerns::Nobody,
    }
}

fn of_directory(event: &ServiceEvent) -> Concerns {
    match event {
        ServiceEvent::ServiceActivated { .. }
        | ServiceEvent::ServiceSuspended { .. }
        | ServiceEvent::ServiceClosed { .. } => Concerns::Row("service"),
        ServiceEvent::ServiceRegistered { .. }
        | ServiceEvent::ServiceVerified { .. }
        | ServiceEvent::ServicePlacesSet { .. }
        | ServiceEvent::ServiceResponsibleNamed { .. }
        | ServiceEvent::ServiceResponsibleEnded { .. }
        | ServiceEvent::OpeningHoursChanged { .. }
        | ServiceEvent::SitePlanned { .. }
        | ServiceEvent::SiteOpened { .. }
        | ServiceEvent::SiteClosed { .. } => Concerns::Nobody,
    }
}
