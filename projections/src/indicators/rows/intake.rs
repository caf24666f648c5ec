//! Rows from intake's log.

use sqlx::PgConnection;
use trama_events::codes::Ethos;
use trama_events::envelope::event_id;
use trama_events::ids::PersonId;
use trama_events::intake::{
    ContactEvent, CountEvent, DeliveryEvent, EmergencyEvent, EmergencyOutcome, EntryEvent,
    LinkEvent, OutreachEvent, PersonEvent,
};
use trama_events::{Context, rome};
use trama_platform::follow::Read;

use super::facts::{EMERGENCY_SHELTERED, Facts, SHELTER_REQUESTED};
use super::housing::{Situation, situation};
use super::seal;

pub(super) async fn person(
    rows: &mut PgConnection,
    read: &Read,
    event: &PersonEvent,
) -> sqlx::Result<()> {
    match event {
        PersonEvent::PersonRegistered { person, birth_year, gender, .. } => {
            sqlx::query("insert into people values ($1, $2, $3)")
                .bind(person.0)
                .bind(birth_year.map(i32::from))
                .bind(gender.code())
                .execute(rows)
                .await
                .map(drop)
        }
        PersonEvent::HousingSituationRecorded { ethos } => {
            let person = PersonId(read.recorded.aggregate_id);
            situation(rows, read, &spoken(Some(person), *ethos, read)).await
        }
        PersonEvent::HousingSituationCorrected { corrects, ethos } => {
            let recorded = &read.recorded;
            let wrong = event_id(
                Context::Intake,
                &recorded.aggregate_type,
                recorded.aggregate_id,
                (*corrects).into(),
            );
            let root: String = sqlx::query_scalar(
                "insert into corrections select $1, coalesce( \
                    (select root from corrections where event = $2), $2) returning root",
            )
            .bind(recorded.id())
            .bind(wrong)
            .fetch_one(&mut *rows)
            .await?;
            sqlx::query("update situations set ethos = $2 where event = $1")
                .bind(root)
                .bind(ethos.to_string())
                .execute(rows)
                .await
                .map(drop)
        }
        PersonEvent::AliasRecorded { .. }
        | PersonEvent::IdentifierAdded { .. }
        | PersonEvent::IdentifierExpired { .. }
        | PersonEvent::IdentifierSuperseded { .. }
        | PersonEvent::PersonIdentified { .. }
        | PersonEvent::PrivacyNoticeGiven { .. }
        | PersonEvent::EngagementProgressed { .. }
        | PersonEvent::NotToBeFoundDeclared { .. }
        | PersonEvent::NotToBeFoundLifted { .. } => Ok(()),
    }
}

fn spoken(person: Option<PersonId>, ethos: Ethos, read: &Read) -> Situation {
    Situation {
        person,
        ethos: Some(ethos.to_string()),
        day: rome::day_of(read.recorded.why.occurred_at),
    }
}

pub(super) async fn link(rows: &mut PgConnection, event: &LinkEvent) -> sqlx::Result<()> {
    let (link, canonical, other, active) = match event {
        LinkEvent::PersonsLinked { link, canonical, other, .. } => (link, canonical, other, true),
        LinkEvent::PersonsUnlinked { link, canonical, other, .. } => {
            (link, canonical, other, false)
        }
        LinkEvent::PersonsDeclaredDifferent { .. } | LinkEvent::MatchLeftOpen { .. } => {
            return Ok(());
        }
    };
    sqlx::query(
        "insert into links values ($1, $2, $3, $4) on conflict (link) do update \
         set canonical = excluded.canonical, other = excluded.other, active = excluded.active",
    )
    .bind(link.0)
    .bind(canonical.0)
    .bind(other.0)
    .bind(active)
    .execute(rows)
    .await
    .map(drop)
}

/// On whom an entry stands now: it may be of another log, and so is joined when somebody reads.
pub(super) async fn entry(rows: &mut PgConnection, event: &EntryEvent) -> sqlx::Result<()> {
    let (entry, person) = match event {
        EntryEvent::EntryReattributed { entry, to, .. } => (entry, Some(to.0)),
        EntryEvent::EntryUndone { entry, .. } => (entry, None),
    };
    let stands = "insert into moved values ($1, right(split_part($1, '/', 2), 36)::uuid, \
            case when split_part($1, '/', 3) = '1' then left($1, -1) end, $2) \
         on conflict (entry) do update set person = excluded.person";
    sqlx::query(stands).bind(entry).bind(person).execute(rows).await.map(drop)
}

pub(super) fn contact(facts: &mut Facts, read: &Read, event: &ContactEvent) {
    match event {
        ContactEvent::ContactRecorded { person, .. } => facts.about(read, *person, 1),
        ContactEvent::ContactTriaged { .. } | ContactEvent::ContactClosed {} => {}
    }
}

pub(super) async fn delivery(
    rows: &mut PgConnection,
    facts: &mut Facts,
    read: &Read,
    event: &DeliveryEvent,
) -> sqlx::Result<()> {
    let DeliveryEvent::ServiceDelivered { service_type, recipient, .. } = event;
    facts.about(read, recipient.person(), i64::from(recipient.count()));
    if service_type.is_confidential() {
        seal(rows, read.recorded.aggregate_id).await
    } else {
        Ok(())
    }
}

pub(super) async fn outreach(
    rows: &mut PgConnection,
    facts: &mut Facts,
    read: &Read,
    event: &OutreachEvent,
) -> sqlx::Result<()> {
    let OutreachEvent::OutreachEncounterRecorded { person, ethos, .. } = event;
    facts.about(read, *person, 1);
    situation(rows, read, &spoken(*person, *ethos, read)).await
}

pub(super) fn emergency(facts: &mut Facts, read: &Read, event: &EmergencyEvent) {
    let day = rome::day_of(read.recorded.why.occurred_at);
    match event {
        EmergencyEvent::EmergencyReported { person, shelter_requested, .. } => {
            facts.about(read, *person, 1);
            if *shelter_requested {
                facts.named(read, SHELTER_REQUESTED, day, *person, 1);
            }
        }
        EmergencyEvent::EmergencyClosed { outcome: EmergencyOutcome::Sheltered, .. } => {
            facts.named(read, EMERGENCY_SHELTERED, day, read.recorded.why.person, 1);
        }
        EmergencyEvent::EmergencyClosed {
            outcome: EmergencyOutcome::HandedOver | EmergencyOutcome::Unfounded,
            ..
        }
        | EmergencyEvent::EmergencyAssessed { .. }
        | EmergencyEvent::UnitDispatched { .. } => {}
    }
}

pub(super) async fn count(
    rows: &mut PgConnection,
    read: &Read,
    event: &CountEvent,
) -> sqlx::Result<()> {
    let CountEvent::HomelessCountRecorded { counted_on, source, people, .. } = event;
    sqlx::query("insert into counts values ($1, $2, $3, $4, $5)")
        .bind(read.recorded.id())
        .bind(*counted_on)
        .bind(source.to_string())
        .bind(i64::from(*people))
        .bind(read.recorded.why.ats.as_str())
        .execute(rows)
        .await
        .map(drop)
}
