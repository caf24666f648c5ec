use time::macros::date;
use time::{Date, Time};
use trama_events::Fact;
use trama_events::casework::{CaseCloseReason, CaseEvent, ReadTo};
use trama_events::codes::{FactSource, Gender, IdentityField, IdentityStatus, Recipient};
use trama_events::envelope::{Recorded, Why};
use trama_events::food::MealEvent;
use trama_events::identity::IdentityEvent;
use trama_events::ids::{
    Ats, CaseId, ErasureId, FactId, HoldId, LinkId, MealId, OrganisationId, ServiceId, StaffId,
};
use trama_events::intake::{LinkEvent, LinkReason, PersonEvent, UnlinkReason};
use trama_events::short_code::ShortCode;
use uuid::Uuid;

use super::*;

const ANA: PersonId = PersonId(Uuid::from_u128(1));
const BEN: PersonId = PersonId(Uuid::from_u128(2));
const CASE: CaseId = CaseId(Uuid::from_u128(3));
const LINK: LinkId = LinkId(Uuid::from_u128(4));
const HOLD: HoldId = HoldId(Uuid::from_u128(5));
const SERVICE: ServiceId = ServiceId(Uuid::from_u128(6));

fn months(months: u16, from: Since) -> Period {
    let source = "domain §6".to_owned();
    let after_contact = (from == Since::LastCaseClosed).then_some(24);
    Period { months: Some(months), from: Some(from), after_contact, permanent: false, source }
}

fn permanent() -> Period {
    Period { months: None, from: None, permanent: true, ..months(1, Since::Recorded) }
}

fn periods() -> BTreeMap<Segment, Period> {
    let mut all: BTreeMap<_, _> = Segment::VARIANTS.iter().map(|s| (*s, permanent())).collect();
    all.insert(Segment::Identity, months(120, Since::LastCaseClosed));
    all.insert(Segment::Address, months(24, Since::LastContact));
    all.insert(Segment::Food, months(24, Since::LastDelivery));
    all.insert(Segment::Minors, months(336, Since::Born));
    all.insert(Segment::Status, months(12, Since::Recorded));
    all
}

fn event<F: Fact>(id: Uuid, person: Option<PersonId>, event: &F, on: Date) -> Recorded {
    let at = on.with_time(Time::MIDNIGHT).assume_utc();
    Recorded {
        context: F::CONTEXT,
        position: 1,
        aggregate_type: F::AGGREGATE.into(),
        aggregate_id: id,
        sequence: 1,
        event_type: event.event_type(),
        version: event.event_version(),
        why: Why {
            occurred_at: at,
            recorded_at: at,
            ats: Ats::try_new("bari").unwrap(),
            organisation: OrganisationId(Uuid::nil()),
            actor: StaffId(Uuid::nil()),
            role: "info_desk".into(),
            purpose: "care".into(),
            legal_basis: "gdpr-6-1-e".into(),
            sensitivity: event.sensitivity(),
            person,
            command_id: "command".into(),
            correlation: "correlation".into(),
            causation: "causation".into(),
        },
        payload: serde_json::to_value(event).unwrap(),
    }
}

fn said(person: PersonId, segment: Segment, on: Date) -> Recorded {
    let recorded = IdentityEvent::IdentityFactRecorded {
        fact: FactId::derived(&[&person.to_string(), segment.code()]),
        person,
        field: IdentityField::Note,
        segment,
        source: FactSource::Declared,
        replaces: None,
        digest: String::new(),
    };
    event(person.0, Some(person), &recorded, on)
}

fn of_record(person: PersonId, told: &IdentityEvent, on: Date) -> Recorded {
    event(person.0, Some(person), told, on)
}

fn born(person: PersonId, birth_year: Option<u16>, on: Date) -> Recorded {
    let registered = PersonEvent::PersonRegistered {
        person,
        code: ShortCode::candidate(person.0, 0),
        status: IdentityStatus::Declared,
        service: SERVICE,
        birth_year,
        gender: Gender::Female,
        language: None,
    };
    event(person.0, Some(person), &registered, on)
}

fn opened(person: PersonId, on: Date) -> Recorded {
    let opened = CaseEvent::CaseOpened { case: CASE, person, service: SERVICE };
    event(CASE.0, Some(person), &opened, on)
}

fn closed(person: PersonId, on: Date) -> Recorded {
    let closed = CaseEvent::CaseClosed {
        reason: CaseCloseReason::GoalsReached,
        destination: None,
        handover: None,
        read_to: ReadTo::default(),
    };
    event(CASE.0, Some(person), &closed, on)
}

fn ate(person: PersonId, on: Date) -> Recorded {
    let (meal, recipient) = (MealId(Uuid::nil()), Recipient::Person(person));
    let served = MealEvent::MealServed { meal, service: SERVICE, recipient };
    event(Uuid::nil(), Some(person), &served, on)
}

/// What is proposed of a segment on a day.
fn of(segment: Segment, events: &[Recorded], on: Date) -> Proposal {
    let mut book = Book::default();
    for event in events {
        book.take(event).unwrap();
    }
    let table = Table::try_new(periods()).unwrap();
    let all = book.proposals(&table, on, 10);
    all.into_iter().find(|proposal| proposal.segment == segment).unwrap()
}

fn past(person: PersonId, kept_until: Date) -> Vec<Past> {
    vec![Past { kept_until, person }]
}

#[test]
fn a_table_says_something_valid_of_every_segment() {
    assert!(Table::try_new(periods()).is_ok());
    let mut without = periods();
    without.remove(&Segment::Csm);
    assert_eq!(Table::try_new(without), Err(BadTable::Missing(Segment::Csm)));
    let (recorded, case) = (months(12, Since::Recorded), months(120, Since::LastCaseClosed));
    let of = Segment::Status;
    for (bad, why) in [
        (Period { months: Some(0), ..recorded.clone() }, BadTable::Months(of)),
        (Period { months: Some(1_201), ..recorded.clone() }, BadTable::Months(of)),
        (Period { after_contact: Some(0), ..case.clone() }, BadTable::Months(of)),
        (Period { after_contact: None, ..case }, BadTable::AfterContact(of)),
        (Period { after_contact: Some(3), ..recorded.clone() }, BadTable::AfterContact(of)),
        (Period { permanent: true, ..recorded.clone() }, BadTable::MonthsOrPermanent(of)),
        (Period { permanent: false, ..permanent() }, BadTable::MonthsOrPermanent(of)),
        (Period { from: None, ..recorded.clone() }, BadTable::MonthsOrPermanent(of)),
        (Period { source: " ".into(), ..recorded }, BadTable::NoSource(of)),
    ] {
        let mut table = periods();
        table.insert(of, bad);
        assert_eq!(Table::try_new(table), Err(why));
    }
}

#[test]
fn a_segment_is_kept_through_the_last_day_of_its_months() {
    let told = [said(ANA, Segment::Status, date!(2024 - 01 - 31))];
    assert_eq!(of(Segment::Status, &told, date!(2025 - 01 - 31)).past, 0);
    let over = of(Segment::Status, &told, date!(2025 - 02 - 01));
    assert_eq!((over.past, over.records), (1, past(ANA, date!(2025 - 01 - 31))));
    let again = [told[0].clone(), said(ANA, Segment::Status, date!(2024 - 06 - 01))];
    assert_eq!(of(Segment::Status, &again, date!(2025 - 02 - 01)).past, 0);
}

#[test]
fn what_is_kept_for_ever_is_never_proposed() {
    let told = [said(ANA, Segment::Base, date!(1990 - 01 - 01))];
    assert_eq!(of(Segment::Base, &told, date!(2090 - 01 - 01)).past, 0);
}

#[test]
fn months_count_from_the_last_case_and_nothing_is_proposed_while_one_is_open() {
    let mut told = vec![
        said(ANA, Segment::Identity, date!(2000 - 01 - 01)),
        opened(ANA, date!(2000 - 02 - 01)),
    ];
    let open = of(Segment::Identity, &told, date!(2040 - 01 - 01));
    assert_eq!((open.past, open.open), (0, 1));
    told.push(closed(ANA, date!(2005 - 03 - 01)));
    assert_eq!(of(Segment::Identity, &told, date!(2015 - 03 - 01)).past, 0);
    let over = of(Segment::Identity, &told, date!(2015 - 03 - 02));
    assert_eq!(over.records, past(ANA, date!(2015 - 03 - 01)));
}

#[test]
fn who_never_had_a_case_or_came_again_is_kept_two_years_after_the_last_contact() {
    let told = [said(ANA, Segment::Identity, date!(2020 - 01 - 01))];
    let over = of(Segment::Identity, &told, date!(2022 - 01 - 02));
    assert_eq!(over.records, past(ANA, date!(2022 - 01 - 01)));
    let told = [
        said(ANA, Segment::Identity, date!(2000 - 01 - 01)),
        opened(ANA, date!(2000 - 02 - 01)),
        closed(ANA, date!(2001 - 01 - 01)),
        ate(ANA, date!(2020 - 01 - 01)),
    ];
    let over = of(Segment::Identity, &told, date!(2030 - 01 - 01));
    assert_eq!(over.records, past(ANA, date!(2022 - 01 - 01)));
}

#[test]
fn notes_on_food_count_from_the_last_delivery() {
    let told = [said(ANA, Segment::Food, date!(2020 - 01 - 01)), ate(ANA, date!(2021 - 06 - 01))];
    assert_eq!(of(Segment::Food, &told, date!(2023 - 06 - 01)).past, 0);
    assert_eq!(of(Segment::Food, &told, date!(2023 - 06 - 02)).past, 1);
}

#[test]
fn what_concerns_a_minor_counts_from_the_end_of_her_birth_year_when_it_is_known() {
    let note = said(ANA, Segment::Minors, date!(2010 - 01 - 01));
    let told = [born(ANA, Some(2000), date!(2010 - 01 - 01)), note.clone()];
    assert_eq!(of(Segment::Minors, &told, date!(2028 - 12 - 31)).past, 0);
    assert_eq!(of(Segment::Minors, &told, date!(2029 - 01 - 01)).past, 1);
    let told = [born(ANA, None, date!(2010 - 01 - 01)), note];
    let unknown = of(Segment::Minors, &told, date!(2090 - 01 - 01));
    assert_eq!((unknown.past, unknown.undated), (0, 1));
}

#[test]
fn a_legal_hold_excludes_through_its_last_day_or_until_it_is_lifted() {
    let place = |until| {
        let placed = IdentityEvent::LegalHoldPlaced { hold: HOLD, person: ANA, until };
        of_record(ANA, &placed, date!(2024 - 01 - 01))
    };
    let note = said(ANA, Segment::Status, date!(2020 - 01 - 01));
    let until = [note.clone(), place(Some(date!(2025 - 01 - 31)))];
    let held = of(Segment::Status, &until, date!(2025 - 01 - 31));
    assert_eq!((held.past, held.held), (0, 1));
    assert_eq!(of(Segment::Status, &until, date!(2025 - 02 - 01)).past, 1);
    let lift = IdentityEvent::LegalHoldLifted { hold: HOLD };
    let mut open = vec![note, place(None)];
    assert_eq!(of(Segment::Status, &open, date!(2050 - 01 - 01)).held, 1);
    open.push(of_record(ANA, &lift, date!(2026 - 01 - 01)));
    assert_eq!(of(Segment::Status, &open, date!(2050 - 01 - 01)).past, 1);
}

#[test]
fn what_was_erased_is_not_proposed_again() {
    let erased = IdentityEvent::PersonErased {
        erasure: ErasureId(Uuid::nil()),
        person: ANA,
        segments: vec![Segment::Status],
        certificate: String::new(),
    };
    let told = [
        said(ANA, Segment::Status, date!(2020 - 01 - 01)),
        said(ANA, Segment::Address, date!(2020 - 01 - 01)),
        of_record(ANA, &erased, date!(2021 - 06 - 01)),
    ];
    assert_eq!(of(Segment::Status, &told, date!(2050 - 01 - 01)).past, 0);
    assert_eq!(of(Segment::Address, &told, date!(2050 - 01 - 01)).past, 1);
}

#[test]
fn linked_records_are_one_person_until_they_are_parted() {
    let joined = LinkEvent::PersonsLinked {
        link: LINK,
        canonical: BEN,
        other: ANA,
        reasons: vec![LinkReason::Recognised],
    };
    let mut told = vec![
        said(ANA, Segment::Address, date!(2020 - 01 - 01)),
        ate(BEN, date!(2024 - 01 - 01)),
        event(LINK.0, None, &joined, date!(2024 - 02 - 01)),
    ];
    assert_eq!(of(Segment::Address, &told, date!(2025 - 01 - 01)).past, 0);
    let (link, reason) = (LINK, UnlinkReason::TwoPeople);
    let parted = LinkEvent::PersonsUnlinked { link, canonical: BEN, other: ANA, reason };
    told.push(event(LINK.0, None, &parted, date!(2024 - 03 - 01)));
    let over = of(Segment::Address, &told, date!(2025 - 01 - 01));
    assert_eq!(over.records, past(ANA, date!(2022 - 01 - 01)));
}

#[test]
fn as_many_are_listed_as_were_asked_for_and_all_are_counted() {
    let mut book = Book::default();
    for number in 1..=30 {
        let person = PersonId(Uuid::from_u128(number));
        let on = date!(2020 - 02 - 01).replace_day(u8::try_from(31 - number).unwrap().min(28));
        book.take(&said(person, Segment::Status, on.unwrap())).unwrap();
    }
    let table = Table::try_new(periods()).unwrap();
    let all = book.proposals(&table, date!(2025 - 01 - 01), 3);
    let status = all.iter().find(|one| one.segment == Segment::Status).unwrap();
    let listed: Vec<u128> = status.records.iter().map(|one| one.person.0.as_u128()).collect();
    assert_eq!((status.past, listed), (30, vec![30, 29, 28]));
}

#[test]
fn an_event_of_a_newer_release_stops_it() {
    let mut newer = said(ANA, Segment::Status, date!(2020 - 01 - 01));
    newer.version = "99".into();
    let stopped = Book::default().take(&newer).unwrap_err().to_string();
    assert!(stopped.starts_with("event 1 of the log identity cannot be read"), "{stopped}");
}
