use sqlx::PgConnection;
use trama_events::intake::{
    ContactEvent, DeliveryEvent, EmergencyEvent, EntryEvent, LinkEvent, PersonEvent,
};
use trama_platform::follow::Read;
use uuid::Uuid;

/// Short codes, who registered whom, and identifiers that end.
pub(in crate::inbox) async fn person(
    rows: &mut PgConnection,
    read: &Read,
    event: &PersonEvent,
) -> sqlx::Result<()> {
    let person = read.recorded.aggregate_id;
    let gone = "delete from identifiers where person = $1 and kind = $2";
    let change = match event {
        PersonEvent::PersonRegistered { code, service, .. } => {
            sqlx::query("insert into codes values ($1, $2, $3)").bind(person).bind(code.as_str()).bind(service.0)
        }
        PersonEvent::IdentifierAdded { kind, valid_to: Some(valid_to) } => sqlx::query(
            "insert into identifiers values ($1, $2, $3, $4) on conflict (person, kind) do update set \
             valid_to = excluded.valid_to, added_at = excluded.added_at",
        )
        .bind(person)
        .bind(kind.code())
        .bind(*valid_to)
        .bind(read.recorded.why.occurred_at),
        // One that does not end takes the place of one that did.
        PersonEvent::IdentifierAdded { kind, valid_to: None } | PersonEvent::IdentifierSuperseded { kind } => {
            sqlx::query(gone).bind(person).bind(kind.code())
        }
        // It ran out: that is what the item says from its last day on.
        PersonEvent::IdentifierExpired { .. }
        | PersonEvent::AliasRecorded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::HousingSituationRecorded { .. }
        | PersonEvent::HousingSituationCorrected { .. }
        | PersonEvent::EngagementProgressed { .. }
        | PersonEvent::NotToBeFoundDeclared { .. }
        | PersonEvent::NotToBeFoundLifted { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

/// Which pairs are one person now.
pub(in crate::inbox) async fn link(rows: &mut PgConnection, event: &LinkEvent) -> sqlx::Result<()> {
    let (link, canonical, other, linked) = match event {
        LinkEvent::PersonsLinked { link, canonical, other, .. } => (link, canonical, other, true),
        LinkEvent::PersonsUnlinked { link, canonical, other, .. } => {
            (link, canonical, other, false)
        }
        LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => {
            return Ok(());
        }
    };
    sqlx::query(
        "insert into links values ($1, $2, $3, $4) on conflict (link) do update set \
         canonical = excluded.canonical, other = excluded.other, linked = excluded.linked",
    )
    .bind(link.0)
    .bind(canonical.0)
    .bind(other.0)
    .bind(linked)
    .execute(rows)
    .await
    .map(drop)
}

pub(in crate::inbox) async fn contact(
    rows: &mut PgConnection,
    read: &Read,
    event: &ContactEvent,
) -> sqlx::Result<()> {
    match event {
        ContactEvent::ContactRecorded { service, person: Some(person), .. } => {
            met(rows, read, service.0, person.0).await
        }
        ContactEvent::ContactRecorded { person: None, .. }
        | ContactEvent::ContactTriaged { .. }
        | ContactEvent::ContactClosed {} => Ok(()),
    }
}

pub(in crate::inbox) async fn delivery(
    rows: &mut PgConnection,
    read: &Read,
    event: &DeliveryEvent,
) -> sqlx::Result<()> {
    match event {
        DeliveryEvent::ServiceDelivered { service, recipient, .. } => match recipient.person() {
            Some(person) => met(rows, read, service.0, person.0).await,
            None => Ok(()),
        },
    }
}

/// When a service met a person: whoever took over an emergency has then begun.
async fn met(
    rows: &mut PgConnection,
    read: &Read,
    service: Uuid,
    person: Uuid,
) -> sqlx::Result<()> {
    sqlx::query("insert into contacts values ($1, $2, $3, $4, $5)")
        .bind(read.recorded.aggregate_id)
        .bind(&read.recorded.aggregate_type)
        .bind(service)
        .bind(person)
        .bind(read.recorded.why.occurred_at)
        .execute(rows)
        .await
        .map(drop)
}

/// On whom a contact, something given or an emergency stands now. All of them are of the log that
/// tells the move too, and were told before it.
pub(in crate::inbox) async fn entry(
    rows: &mut PgConnection,
    event: &EntryEvent,
) -> sqlx::Result<()> {
    let (entry, person) = match event {
        EntryEvent::EntryReattributed { entry, to, .. } => (entry, Some(to.0)),
        EntryEvent::EntryUndone { entry, .. } => (entry, None),
    };
    let Some((kind, aggregate)) = of_intake(entry) else { return Ok(()) };
    let change = if kind == "emergency" {
        sqlx::query("update emergencies set person = $2, moved = true where emergency = $1")
    } else {
        sqlx::query("update contacts set person = $2 where aggregate = $1 and kind = $3")
    };
    let change = change.bind(aggregate).bind(person);
    if kind == "emergency" { change } else { change.bind(kind) }.execute(rows).await.map(drop)
}

/// Kind and id of the aggregate that an entry of intake's log is; `None` for a part of one, or an
/// entry of another log.
pub(in crate::inbox) fn of_intake(entry: &str) -> Option<(&str, Uuid)> {
    let (kind, aggregate) = entry.strip_prefix("intake/")?.strip_suffix("/1")?.split_once('-')?;
    Some((kind, aggregate.parse().ok()?))
}

/// Emergencies; whom a lone child alerts is found when somebody looks.
pub(in crate::inbox) async fn emergency(
    rows: &mut PgConnection,
    read: &Read,
    event: &EmergencyEvent,
) -> sqlx::Result<()> {
    let (emergency, why) = (read.recorded.aggregate_id, &read.recorded.why);
    let change = match event {
        EmergencyEvent::EmergencyReported { service, person, lone_child, .. } => sqlx::query(
            "insert into emergencies (emergency, service, person, ats, reported_at, lone_child) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(emergency)
        .bind(service.0)
        .bind(person.map(|person| person.0))
        .bind(why.ats.as_str())
        .bind(why.occurred_at)
        .bind(lone_child),
        EmergencyEvent::EmergencyAssessed { person: Some(person), .. } => {
            sqlx::query("update emergencies set person = $2 where emergency = $1 and not moved")
                .bind(emergency)
                .bind(person.0)
        }
        EmergencyEvent::EmergencyClosed { handover, .. } => {
            sqlx::query("update emergencies set handover = $2, closed_at = $3 where emergency = $1")
                .bind(emergency)
                .bind(handover.map(|service| service.0))
                .bind(why.occurred_at)
        }
        EmergencyEvent::UnitDispatched { unit } => {
            sqlx::query("update emergencies set units = units || $2 where emergency = $1")
                .bind(emergency)
                .bind(unit.0)
        }
        EmergencyEvent::EmergencyAssessed { person: None, .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}
