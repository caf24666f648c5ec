use sqlx::{PgConnection, query};
use trama_events::intake::{EmergencyEvent, EntryEvent, HouseholdEvent, LinkEvent, PersonEvent};
use trama_platform::follow::Read;

/// Year of birth, where it was said; and who is not to be found.
pub(in crate::relations) async fn person(
    rows: &mut PgConnection,
    read: &Read,
    event: &PersonEvent,
) -> sqlx::Result<()> {
    let change = match event {
        PersonEvent::PersonRegistered { person, birth_year, .. } => {
            query("insert into people values ($1, $2)")
                .bind(person.0)
                .bind(birth_year.and_then(|year| i16::try_from(year).ok()))
        }
        PersonEvent::NotToBeFoundDeclared { said_by } => {
            query("insert into not_to_be_found values ($1, $2) on conflict do nothing")
                .bind(read.recorded.aggregate_id)
                .bind(said_by.0)
        }
        PersonEvent::NotToBeFoundLifted { said_by } => {
            query("delete from not_to_be_found where person = $1 and said_by = $2")
                .bind(read.recorded.aggregate_id)
                .bind(said_by.0)
        }
        PersonEvent::AliasRecorded { .. }
        | PersonEvent::IdentifierAdded { .. }
        | PersonEvent::IdentifierExpired { .. }
        | PersonEvent::IdentifierSuperseded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::HousingSituationRecorded { .. }
        | PersonEvent::HousingSituationCorrected { .. }
        | PersonEvent::EngagementProgressed { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

/// Which pairs are one person now.
pub(in crate::relations) async fn link(
    rows: &mut PgConnection,
    event: &LinkEvent,
) -> sqlx::Result<()> {
    let (link, canonical, other, linked) = match event {
        LinkEvent::PersonsLinked { link, canonical, other, .. } => (link, canonical, other, true),
        LinkEvent::PersonsUnlinked { link, canonical, other, .. } => {
            (link, canonical, other, false)
        }
        LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => {
            return Ok(());
        }
    };
    query(
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

/// On whom an entry is now. It is joined when somebody asks: the entry may be of another context.
pub(in crate::relations) async fn entry(
    rows: &mut PgConnection,
    event: &EntryEvent,
) -> sqlx::Result<()> {
    let (entry, person) = match event {
        EntryEvent::EntryReattributed { entry, to, .. } => (entry, Some(to.0)),
        EntryEvent::EntryUndone { entry, .. } => (entry, None),
    };
    query(
        "insert into moved values ($1, $2) on conflict (entry) do update set \
         person = excluded.person",
    )
    .bind(entry)
    .bind(person)
    .execute(rows)
    .await
    .map(drop)
}

/// Who was reported to be a child alone.
pub(in crate::relations) async fn emergency(
    rows: &mut PgConnection,
    read: &Read,
    event: &EmergencyEvent,
) -> sqlx::Result<()> {
    let emergency = read.recorded.aggregate_id;
    let change = match event {
        EmergencyEvent::EmergencyReported { person, lone_child, .. } => {
            query("insert into emergencies values ($1, $2, $3)")
                .bind(emergency)
                .bind(person.map(|person| person.0))
                .bind(lone_child)
        }
        EmergencyEvent::EmergencyAssessed { person: Some(person), .. } => {
            query("update emergencies set person = $2 where emergency = $1")
                .bind(emergency)
                .bind(person.0)
        }
        EmergencyEvent::EmergencyAssessed { person: None, .. }
        | EmergencyEvent::UnitDispatched { .. }
        | EmergencyEvent::EmergencyClosed { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}

/// Who belongs to a household, and who wrote it down.
pub(in crate::relations) async fn household(
    rows: &mut PgConnection,
    read: &Read,
    event: &HouseholdEvent,
) -> sqlx::Result<()> {
    let household = read.recorded.aggregate_id;
    let change = match event {
        HouseholdEvent::HouseholdMemberJoined { person, on } => query(
            "insert into belonging values ($1, $2, $3, null, $4, $5) \
             on conflict (household, person) do update set joined_on = excluded.joined_on, \
             left_on = null, named_by = excluded.named_by, named_for = excluded.named_for",
        )
        .bind(household)
        .bind(person.0)
        .bind(on)
        .bind(read.recorded.why.actor.0)
        .bind(read.recorded.why.organisation.0),
        HouseholdEvent::HouseholdMemberLeft { person, on } => {
            query("update belonging set left_on = $3 where household = $1 and person = $2")
                .bind(household)
                .bind(person.0)
                .bind(on)
        }
        HouseholdEvent::HouseholdRecorded { .. } => return Ok(()),
    };
    change.execute(rows).await.map(drop)
}
