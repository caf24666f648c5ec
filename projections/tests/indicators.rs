//! Given events of any context, then the figures of a period.

#![cfg(test)]

mod harness;

use std::collections::BTreeMap;

use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};
use trama_events::casework::{CaseEvent, ChargePlace, Marginality};
use trama_events::codes::{
    Channel, Contract, Destination, Ethos, Gender, IdentityStatus, Profession, Recipient,
    ServiceType,
};
use trama_events::directory::{ServiceEvent, StaffEvent};
use trama_events::food::MealEvent;
use trama_events::housing::{
    AdmissionRoute, CapacityReason, FacilityEvent, HouseRules, NightEvent, ProjectSeen, StayEvent,
};
use trama_events::ids::{
    Ats, CaseId, ContactId, CountId, DeliveryId, EmergencyId, EncounterId, LinkId, MealId,
    NightLedgerId, OrganisationId, PersonId, PlaceId, ServiceId, SiteId, StaffId, StayId, UnitId,
};
use trama_events::intake::{
    ContactEvent, CountEvent, CountSource, DeliveryEvent, EmergencyEvent, EmergencyOutcome,
    LinkEvent, LinkReason, OutreachEvent, PersonEvent, UnlinkReason,
};
use trama_events::short_code::ShortCode;
use trama_projections::indicators::{
    Amount, Behind, Cursor, Figure, Indicator, Indicators, Period, Scope, activity, events, report,
};

use harness::{History, World, id};

const START: OffsetDateTime = datetime!(2025-01-10 09:00 UTC);
const JANUARY: Period = Period { from: date!(2025 - 01 - 01), to: date!(2025 - 01 - 31) };
const HUB: &str = "hub";

fn person(word: &str) -> PersonId {
    PersonId(id(word))
}

fn service(word: &str) -> ServiceId {
    ServiceId(id(word))
}

fn ethos(situation: &str) -> Ethos {
    situation.parse().unwrap()
}

fn scope(period: Period) -> Scope {
    Scope { period, ats: None, protected: false }
}

fn in_ats(period: Period, ats: &str) -> Scope {
    Scope { ats: Some(Ats::try_new(ats).unwrap()), ..scope(period) }
}

fn until(to: Date) -> Scope {
    scope(Period { from: date!(2025 - 01 - 01), to })
}

fn registered(history: &mut History, who: &str, birth_year: Option<u16>, gender: Gender) {
    let event = PersonEvent::PersonRegistered {
        person: person(who),
        code: ShortCode::candidate(id(who), 0),
        status: IdentityStatus::Declared,
        service: service(HUB),
        birth_year,
        gender,
        language: None,
    };
    history.record(id(who), Some(person(who)), &event);
}

fn sleeps(history: &mut History, who: &str, situation: &str) {
    let event = PersonEvent::HousingSituationRecorded { ethos: ethos(situation) };
    history.record(id(who), Some(person(who)), &event);
}

fn shower(history: &mut History, name: &str, recipient: Recipient) {
    let event = DeliveryEvent::ServiceDelivered {
        delivery: DeliveryId(id(name)),
        service: service(HUB),
        service_type: ServiceType::ShowerLaundry,
        recipient,
        minutes: None,
        outcome: None,
    };
    history.record(id(name), recipient.person(), &event);
}

fn meal(history: &mut History, name: &str, recipient: Recipient) {
    let event =
        MealEvent::MealServed { meal: MealId(id(name)), service: service("canteen"), recipient };
    history.record(id(name), recipient.person(), &event);
}

fn linked(history: &mut History, canonical: &str, other: &str) {
    let event = LinkEvent::PersonsLinked {
        link: LinkId(id("link")),
        canonical: person(canonical),
        other: person(other),
        reasons: vec![LinkReason::PersonSaysSo],
    };
    history.record(id("link"), None, &event);
}

fn unlinked(history: &mut History, canonical: &str, other: &str) {
    let event = LinkEvent::PersonsUnlinked {
        link: LinkId(id("link")),
        canonical: person(canonical),
        other: person(other),
        reason: UnlinkReason::TwoPeople,
    };
    history.record(id("link"), None, &event);
}

fn service_of(history: &mut History, name: &str, service_type: ServiceType, ats: &str) {
    let event = ServiceEvent::ServiceRegistered {
        service: service(name),
        organisation: OrganisationId(id("comune")),
        name: format!("Servizio {name}"),
        service_type,
        ats: Ats::try_new(ats).unwrap(),
        municipality: None,
        low_threshold: true,
    };
    history.record(id(name), None, &event);
}

fn stay_started(history: &mut History, name: &str, who: &str, kind: ServiceType, started_on: Date) {
    let event = StayEvent::StayStarted {
        stay: StayId(id(name)),
        person: person(who),
        members: vec![],
        facility: service("house"),
        kind,
        unit: UnitId(id("flat")),
        places: vec![PlaceId(id("bed"))],
        started_on,
        cap_on: None,
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen::default(),
    };
    history.record(id(name), Some(person(who)), &event);
}

async fn figure(world: &World, scope: &Scope, indicator: Indicator) -> Figure {
    let report = report(&world.reads.pool, scope).await.unwrap();
    report.indicators.into_iter().find(|figure| figure.id == indicator).unwrap()
}

fn whole(amount: Option<Amount>) -> Option<i64> {
    match amount {
        Some(Amount::Whole(count)) => Some(count),
        Some(Amount::Part(part)) => panic!("{part} is no count"),
        None => None,
    }
}

fn cells(figure: &Figure, dimension: &str) -> BTreeMap<String, Option<i64>> {
    let cells = figure.by[dimension].iter();
    cells
        .map(|cell| (cell.code.clone(), whole(cell.value)))
        .filter(|(_, n)| *n != Some(0))
        .collect()
}

fn counts<const N: usize>(of: [(&str, i64); N]) -> BTreeMap<String, Option<i64>> {
    of.into_iter().map(|(code, count)| (code.to_owned(), Some(count))).collect()
}

#[tokio::test]
async fn centres_with_an_open_site_count_and_never_their_facility_too_i1() {
    let world = World::start().await;
    let mut history = History::starting(START);
    let site = |name: &str, on| ServiceEvent::SiteOpened {
        site: SiteId(id(name)),
        municipality: "072006".into(),
        on,
    };
    service_of(&mut history, "hub", ServiceType::Hub, "bari");
    history.record(id("hub"), None, &site("hub-1", date!(2024 - 11 - 01)));
    history.record(id("hub"), None, &site("hub-2", date!(2025 - 01 - 20)));
    service_of(&mut history, "cpa", ServiceType::FirstReception, "corato");
    history.record(id("cpa"), None, &site("cpa-1", date!(2025 - 01 - 15)));
    let opened = FacilityEvent::FacilityOpened {
        facility: service("cpa"),
        kind: ServiceType::FirstReception,
        opened_on: date!(2025 - 01 - 15),
        rules: HouseRules::default(),
    };
    history.record(id("cpa"), None, &opened);
    service_of(&mut history, "flat", ServiceType::EmergencyFlat, "bari");
    history.record(id("flat"), None, &site("flat-1", date!(2025 - 01 - 15)));
    service_of(&mut history, "day", ServiceType::AdultDayCentre, "bari");
    history.record(id("day"), None, &site("day-1", date!(2025 - 01 - 02)));
    let closed = ServiceEvent::SiteClosed { site: SiteId(id("day-1")), on: date!(2025 - 01 - 31) };
    history.record(id("day"), None, &closed);
    world.fold(&Indicators, &history.events).await;

    let i1 = figure(&world, &scope(JANUARY), Indicator::I1).await;
    assert_eq!(whole(i1.value), Some(2));
    assert_eq!(cells(&i1, "type"), counts([("hub", 1), ("first_reception", 1)]));
    assert_eq!(
        whole(i1.values["new"]),
        Some(2),
        "the reception and the day centre opened in the month"
    );
    let i1 = figure(&world, &in_ats(JANUARY, "bari"), Indicator::I1).await;
    assert_eq!(cells(&i1, "type"), counts([("hub", 1)]));
}

#[tokio::test]
async fn the_places_of_the_last_night_are_summed_a_secret_shelter_only_for_the_metropolis_i2() {
    let world = World::start().await;
    let mut history = History::starting(START);
    for (name, kind) in
        [("shelter", ServiceType::NightShelter), ("refuge", ServiceType::SecretShelter)]
    {
        service_of(&mut history, name, kind, "bari");
        let opened = FacilityEvent::FacilityOpened {
            facility: service(name),
            kind,
            opened_on: date!(2024 - 01 - 01),
            rules: HouseRules::default(),
        };
        history.record(id(name), None, &opened);
    }
    let places = |of: &str, added: &[&str], removed: &[&str], valid_from, valid_to| {
        FacilityEvent::CapacityChanged {
            unit: UnitId(id(of)),
            added: added.iter().map(|place| PlaceId(id(place))).collect(),
            removed: removed.iter().map(|place| PlaceId(id(place))).collect(),
            valid_from,
            valid_to,
            reason: CapacityReason::Cold,
            pis_only: false,
        }
    };
    history.record(
        id("shelter"),
        None,
        &places("s", &["1", "2"], &[], date!(2024 - 01 - 01), None),
    );
    let cold =
        places("s", &["3", "4", "5"], &[], date!(2025 - 01 - 12), Some(date!(2025 - 02 - 01)));
    history.record(id("shelter"), None, &cold);
    history.record(id("shelter"), None, &places("s", &[], &["1"], date!(2025 - 01 - 31), None));
    history.record(id("refuge"), None, &places("r", &["6"], &[], date!(2024 - 01 - 01), None));
    world.fold(&Indicators, &history.events).await;

    let i2 = figure(&world, &scope(JANUARY), Indicator::I2).await;
    assert_eq!(cells(&i2, "kind"), counts([("night_shelter", 4), ("secret_shelter", 1)]));
    assert_eq!((whole(i2.value), whole(i2.values["net"])), (Some(5), Some(2)));
    let i2 = figure(&world, &in_ats(JANUARY, "bari"), Indicator::I2).await;
    assert_eq!(cells(&i2, "kind"), counts([("night_shelter", 4)]));
    let i2 = figure(&world, &until(date!(2025 - 02 - 01)), Indicator::I2).await;
    assert_eq!(whole(i2.value), Some(2), "the cold plan is over on the first of February");
}

#[tokio::test]
async fn persons_count_once_with_links_late_events_and_anonymous_meals_apart_i3() {
    let world = World::start().await;
    let mut history = History::starting(START);
    registered(&mut history, "ana", Some(1990), Gender::Female);
    registered(&mut history, "ana-again", None, Gender::Unknown);
    registered(&mut history, "ben", Some(2008), Gender::Male);
    shower(&mut history, "s1", Recipient::Person(person("ana")));
    shower(&mut history, "s2", Recipient::Person(person("ana")));
    meal(&mut history, "m1", Recipient::Person(person("ana-again")));
    meal(&mut history, "m2", Recipient::Anonymous(31));
    let opened = CaseEvent::CaseOpened {
        case: CaseId(id("case")),
        person: person("ben"),
        service: service(HUB),
    };
    let charge = CaseEvent::TakenInCharge {
        marginality: Marginality::Severe,
        non_self_sufficient: false,
        place: ChargePlace::Street,
    };
    history.record(id("case"), Some(person("ben")), &opened);
    history.in_ats("corato").record(id("case"), Some(person("ben")), &charge).in_ats("bari");
    world.fold(&Indicators, &history.events).await;
    let i3 = figure(&world, &scope(JANUARY), Indicator::I3).await;
    assert_eq!(whole(i3.value), Some(3));
    assert_eq!(cells(&i3, "gender"), counts([("female", 1), ("male", 1), ("unknown", 1)]));
    assert_eq!(cells(&i3, "age"), counts([("14-17", 1), ("35-49", 1), ("unknown", 1)]));
    assert_eq!(i3.anonymous, counts([("meal_served", 31)]));
    assert!(!i3.suppressed);
    assert_eq!(i3.positions.len(), 5);

    let done = history.events.len();
    linked(&mut history, "ana-again", "ana");
    world.fold(&Indicators, &history.events[done..]).await;
    let i3 = figure(&world, &scope(JANUARY), Indicator::I3).await;
    assert_eq!(whole(i3.value), Some(2));
    assert_eq!(
        cells(&i3, "gender"),
        counts([("female", 1), ("male", 1)]),
        "what one record does not say, the other does"
    );
    let i3 = figure(&world, &in_ats(JANUARY, "bari"), Indicator::I3).await;
    assert_eq!(whole(i3.value), Some(1));

    let done = history.events.len();
    unlinked(&mut history, "ana-again", "ana");
    history.late(datetime!(2025-01-31 22:30 UTC), datetime!(2025-03-05 09:00 UTC));
    shower(&mut history, "s3", Recipient::Person(person("carla")));
    history.late(datetime!(2025-01-31 23:30 UTC), datetime!(2025-03-05 09:00 UTC));
    shower(&mut history, "s4", Recipient::Person(person("dino")));
    world.fold(&Indicators, &history.events[done..]).await;
    let i3 = figure(&world, &scope(JANUARY), Indicator::I3).await;
    assert_eq!(whole(i3.value), Some(4), "what came late counts on its own day in Rome");
}

#[tokio::test]
async fn services_that_are_active_at_the_end_count_and_confidential_ones_as_external_i4() {
    let world = World::start().await;
    let mut history = History::starting(START);
    let all = [
        ("pis", ServiceType::Pis, "bari"),
        ("legal", ServiceType::Legal, "bari"),
        ("pua", ServiceType::Pua, "corato"),
        ("serd", ServiceType::Serd, "bari"),
    ];
    for (name, kind, ats) in all {
        service_of(&mut history, name, kind, ats);
        history.record(
            id(name),
            None,
            &ServiceEvent::ServiceActivated { on: date!(2025 - 01 - 05) },
        );
    }
    history.record(
        id("legal"),
        None,
        &ServiceEvent::ServiceSuspended { on: date!(2025 - 01 - 20) },
    );
    history.record(id("pis"), None, &ServiceEvent::ServiceClosed { on: date!(2025 - 02 - 01) });
    world.fold(&Indicators, &history.events).await;

    let i4 = figure(&world, &scope(JANUARY), Indicator::I4).await;
    assert_eq!(cells(&i4, "type"), counts([("pis", 1), ("pua", 1), ("external", 1)]));
    let i4 = figure(&world, &in_ats(JANUARY, "bari"), Indicator::I4).await;
    assert_eq!(cells(&i4, "type"), counts([("pis", 1)]));
    let i4 = figure(&world, &until(date!(2025 - 02 - 01)), Indicator::I4).await;
    assert_eq!(cells(&i4, "type"), counts([("pua", 1), ("external", 1)]));
}

#[tokio::test]
async fn the_fte_of_social_workers_in_force_at_the_end_is_summed_by_contract_i5() {
    let world = World::start().await;
    let mut history = History::starting(START);
    let hired = |name: &str, profession, fte_hundredths, contract, on| StaffEvent::StaffHired {
        staff: StaffId(id(name)),
        organisation: OrganisationId(id("comune")),
        profession,
        fte_hundredths,
        contract,
        ats: Ats::try_new("bari").unwrap(),
        on,
    };
    let worker = Profession::SocialWorker;
    history.record(
        id("w1"),
        None,
        &hired("w1", worker, 100, Contract::Permanent, date!(2024 - 01 - 01)),
    );
    history.record(
        id("w2"),
        None,
        &hired("w2", worker, 50, Contract::Permanent, date!(2025 - 01 - 31)),
    );
    history.record(
        id("w3"),
        None,
        &hired("w3", worker, 80, Contract::FixedTerm, date!(2024 - 01 - 01)),
    );
    history.record(id("w3"), None, &StaffEvent::StaffEnded { on: date!(2025 - 02 - 01) });
    history.record(
        id("w4"),
        None,
        &hired("w4", worker, 100, Contract::External, date!(2025 - 02 - 01)),
    );
    history.record(
        id("e1"),
        None,
        &hired("e1", Profession::Educator, 100, Contract::Permanent, date!(2024 - 01 - 01)),
    );
    world.fold(&Indicators, &history.events).await;

    let i5 = figure(&world, &scope(JANUARY), Indicator::I5).await;
    assert_eq!((i5.value, i5.unit), (Some(Amount::Part(2.3)), "FTE"));
    let by: Vec<_> =
        i5.by["contract"].iter().map(|cell| (cell.code.as_str(), cell.value)).collect();
    let expected =
        [("fixed_term", Some(Amount::Part(0.8))), ("permanent", Some(Amount::Part(1.5)))];
    assert_eq!(by, expected);
    let i5 = figure(&world, &in_ats(JANUARY, "corato"), Indicator::I5).await;
    assert_eq!(i5.value, Some(Amount::Part(0.0)));
}

#[tokio::test]
async fn homeless_people_seen_in_90_days_count_by_their_latest_situation_i10() {
    let world = World::start().await;
    let mut history = History::starting(START);
    registered(&mut history, "street", Some(1980), Gender::Male);
    sleeps(&mut history, "street", "1.1");
    let night =
        NightEvent::NightCheckedIn { night: date!(2025 - 01 - 14), place: PlaceId(id("bed")) };
    history.at(datetime!(2025-01-14 10:30 UTC));
    let reserved = NightEvent::NightReserved {
        ledger: NightLedgerId(id("ledger")),
        facility: service("shelter"),
        person: person("shelter-guest"),
        place: PlaceId(id("bed")),
        night: date!(2025 - 01 - 14),
        no_show_at: datetime!(2025-01-14 22:00 UTC),
    };
    sleeps(&mut history, "shelter-guest", "1.1");
    history.record(id("ledger"), Some(person("shelter-guest")), &reserved);
    history.at(datetime!(2025-01-15 01:30 UTC));
    history.record(id("ledger"), Some(person("shelter-guest")), &night);
    stay_started(&mut history, "st1", "in-housing", ServiceType::Temporary, date!(2024 - 06 - 01));
    stay_started(&mut history, "st2", "housed", ServiceType::NightShelter, date!(2025 - 01 - 10));
    let ended =
        StayEvent::StayEnded { ended_on: date!(2025 - 01 - 16), destination: Destination::OwnRent };
    history.record(id("st2"), Some(person("housed")), &ended);
    let encounter = |name: &str, who: Option<&str>| OutreachEvent::OutreachEncounterRecorded {
        encounter: EncounterId(id(name)),
        service: service("unit"),
        person: who.map(person),
        ethos: ethos("1.1"),
        quarter: None,
    };
    history.record(id("e1"), Some(person("met")), &encounter("e1", Some("met")));
    history.record(id("e2"), None, &encounter("e2", None));
    let counted = CountEvent::HomelessCountRecorded {
        count: CountId(id("count")),
        counted_on: date!(2024 - 12 - 31),
        source: CountSource::Registry,
        people: 212,
    };
    history.record(id("count"), None, &counted);
    world.fold(&Indicators, &history.events).await;

    let i10 = figure(&world, &scope(JANUARY), Indicator::I10).await;
    let value = |name: &str| whole(i10.values[name]);
    assert_eq!([value("ethos_1"), value("ethos_2"), value("ethos_3")], [Some(2), Some(1), Some(1)]);
    assert_eq!((whole(i10.value), value("to_reduce")), (Some(3), Some(3)));
    assert_eq!(cells(&i10, "gender"), counts([("male", 1), ("unknown", 2)]));
    assert_eq!(i10.anonymous, counts([("ethos_1", 1)]));
    assert_eq!(i10.beside, counts([("registry", 212)]));

    let i10 = figure(&world, &until(date!(2025 - 04 - 14)), Indicator::I10).await;
    assert_eq!(
        whole(i10.values["ethos_1"]),
        Some(1),
        "met on 15 January: the 90th day is 14 April"
    );
    let i10 = figure(&world, &until(date!(2025 - 04 - 15)), Indicator::I10).await;
    assert_eq!(whole(i10.value), Some(0), "nobody was seen in 90 days");
    assert_eq!(whole(i10.values["ethos_3"]), Some(1), "but who lives in a stay is there");
}

#[tokio::test]
async fn the_stock_falls_with_a_home_and_takes_corrections_links_and_unlinks_at_once_i10() {
    let world = World::start().await;
    let mut history = History::starting(START);
    sleeps(&mut history, "ana", "1.1");
    sleeps(&mut history, "ben", "9.1");
    let corrected = PersonEvent::HousingSituationCorrected { corrects: 1, ethos: ethos("2.1") };
    history.record(id("ben"), Some(person("ben")), &corrected);
    world.fold(&Indicators, &history.events).await;
    let i10 = figure(&world, &scope(JANUARY), Indicator::I10).await;
    assert_eq!((whole(i10.values["ethos_1"]), whole(i10.values["ethos_2"])), (Some(1), Some(1)));

    let done = history.events.len();
    history.at(datetime!(2025-01-20 09:00 UTC));
    linked(&mut history, "ana", "ben");
    stay_started(&mut history, "home", "ben", ServiceType::HousingFirst, date!(2025 - 01 - 20));
    world.fold(&Indicators, &history.events[done..]).await;
    let i10 = figure(&world, &scope(JANUARY), Indicator::I10).await;
    assert_eq!(whole(i10.value), Some(0), "one person, and she has a home");
    let i10 = figure(&world, &until(date!(2025 - 01 - 19)), Indicator::I10).await;
    assert_eq!(whole(i10.value), Some(1), "the day before she had none");

    let done = history.events.len();
    unlinked(&mut history, "ana", "ben");
    world.fold(&Indicators, &history.events[done..]).await;
    let i10 = figure(&world, &scope(JANUARY), Indicator::I10).await;
    assert_eq!(
        (whole(i10.value), whole(i10.values["ethos_1"])),
        (Some(1), Some(1)),
        "two people after all"
    );
}

#[tokio::test]
async fn a_correction_of_a_correction_counts_i10() {
    let world = World::start().await;
    let mut history = History::starting(START);
    registered(&mut history, "ana", None, Gender::Unknown);
    sleeps(&mut history, "ana", "1.1");
    for (corrects, situation) in [(2, "2.1"), (3, "8.1"), (4, "3.2")] {
        let event = PersonEvent::HousingSituationCorrected { corrects, ethos: ethos(situation) };
        history.record(id("ana"), Some(person("ana")), &event);
    }
    for (taken, category) in
        [(2, Some("ethos_1")), (3, Some("ethos_2")), (4, None), (5, Some("ethos_3"))]
    {
        world.forget(&Indicators).await;
        world.fold(&Indicators, &history.events[..taken]).await;
        let found = figure(&world, &scope(JANUARY), Indicator::I10).await;
        for name in ["ethos_1", "ethos_2", "ethos_3"] {
            let people = i64::from(Some(name) == category);
            assert_eq!(whole(found.values[name]), Some(people), "{name} after {taken} events");
        }
    }
}

#[tokio::test]
async fn cells_under_five_are_hidden_from_those_who_may_not_see_persons() {
    let world = World::start().await;
    let mut history = History::starting(START);
    let people = (0..6)
        .map(|n| (format!("f{n}"), Gender::Female))
        .chain((0..7).map(|n| (format!("m{n}"), Gender::Male)));
    for (name, gender) in people.chain([("x".to_owned(), Gender::Other)]) {
        registered(&mut history, &name, Some(1990), gender);
        shower(&mut history, &format!("to-{name}"), Recipient::Person(person(&name)));
    }
    meal(&mut history, "m1", Recipient::Anonymous(3));
    world.fold(&Indicators, &history.events).await;

    let protected = Scope { protected: true, ..scope(JANUARY) };
    let i3 = figure(&world, &protected, Indicator::I3).await;
    assert_eq!(whole(i3.value), Some(14));
    let hidden = |code: &str| (code.to_owned(), None);
    let expected = [hidden("female"), ("male".to_owned(), Some(7)), hidden("other")];
    assert_eq!(cells(&i3, "gender"), BTreeMap::from(expected));
    assert_eq!(cells(&i3, "age"), counts([("35-49", 14)]));
    assert_eq!(i3.anonymous["meal_served"], None);
    assert!(i3.suppressed);
    let done = activity(&world.reads.pool, &protected).await.unwrap();
    assert_eq!((done.total.meals, done.total.deliveries, done.suppressed), (None, Some(14), true));
}

#[tokio::test]
async fn every_figure_leads_to_the_events_behind_it_page_by_page_but_not_to_a_confidential_service()
{
    let world = World::start().await;
    let mut history = History::starting(START);
    for name in ["s1", "s2", "s3"] {
        shower(&mut history, name, Recipient::Person(person("ana")));
    }
    stay_started(&mut history, "st1", "eva", ServiceType::SecretShelter, date!(2025 - 01 - 11));
    sleeps(&mut history, "ben", "1.1");
    service_of(&mut history, "refuge", ServiceType::SecretShelter, "bari");
    service_of(&mut history, "pis", ServiceType::Pis, "bari");
    for name in ["refuge", "pis"] {
        history.record(
            id(name),
            None,
            &ServiceEvent::ServiceActivated { on: date!(2025 - 01 - 05) },
        );
    }
    world.fold(&Indicators, &history.events).await;

    let behind = |indicator, after: Option<&str>| Behind {
        indicator,
        scope: scope(JANUARY),
        limit: 2,
        after: after.map(|after| Cursor::read(after).unwrap()),
    };
    let first = events(&world.reads.pool, &behind(Indicator::I3, None)).await.unwrap();
    let second =
        events(&world.reads.pool, &behind(Indicator::I3, first.next.as_deref())).await.unwrap();
    assert_eq!((first.events.len(), second.events.len(), second.next), (2, 1, None));
    let i3 = figure(&world, &scope(JANUARY), Indicator::I3).await;
    assert_eq!(whole(i3.value), Some(2), "the refuge's guest counts");
    for indicator in [Indicator::I1, Indicator::I2, Indicator::I5] {
        let none = events(&world.reads.pool, &behind(indicator, None)).await.unwrap();
        assert!(none.events.is_empty(), "{indicator}");
    }
    let i4 = events(&world.reads.pool, &behind(Indicator::I4, None)).await.unwrap();
    assert_eq!(i4.events[0].event, format!("directory/service-{}/2", id("pis")));
    assert_eq!(i4.events.len(), 1);
    let i10 = events(&world.reads.pool, &behind(Indicator::I10, None)).await.unwrap();
    assert_eq!(i10.events[0].event_type, "housing_situation_recorded");
}

#[tokio::test]
async fn activity_counts_a_winter_by_month_and_in_total() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2021-12-10 18:00 UTC));
    let reported = |name: &str, shelter_requested| EmergencyEvent::EmergencyReported {
        emergency: EmergencyId(id(name)),
        service: service("pis"),
        channel: Channel::PisLine,
        person: None,
        shelter_requested,
        lone_child: false,
    };
    let closed = |outcome| EmergencyEvent::EmergencyClosed {
        outcome,
        handover: Some(service("shelter")),
        reason: None,
    };
    history.record(id("e1"), None, &reported("e1", true));
    history.record(id("e1"), None, &closed(EmergencyOutcome::Sheltered));
    history.record(id("e2"), None, &reported("e2", false));
    history.record(id("e2"), None, &closed(EmergencyOutcome::HandedOver));
    meal(&mut history, "m1", Recipient::Anonymous(180));
    meal(&mut history, "m2", Recipient::Person(person("ana")));
    history.at(datetime!(2021-12-31 23:30 UTC));
    history.record(id("e3"), None, &reported("e3", true));
    meal(&mut history, "m3", Recipient::Anonymous(20));
    let contact = ContactEvent::ContactRecorded {
        contact: ContactId(id("c1")),
        service: service(HUB),
        channel: Channel::Desk,
        person: None,
        needs: vec![],
    };
    history.record(id("c1"), None, &contact);
    world.fold(&Indicators, &history.events).await;

    let winter = Period { from: date!(2021 - 12 - 10), to: date!(2022 - 03 - 15) };
    let done = activity(&world.reads.pool, &scope(winter)).await.unwrap();
    let total = done.total;
    assert_eq!((total.emergency_reports, total.shelter_requests), (Some(3), Some(2)));
    assert_eq!((total.placements, total.meals, total.contacts), (Some(1), Some(201), Some(1)));
    let reports: Vec<_> = done
        .months
        .iter()
        .map(|m| (m.month.as_str(), m.counts.emergency_reports, m.counts.meals))
        .collect();
    let expected = [
        ("2021-12", Some(2), Some(181)),
        ("2022-01", Some(1), Some(20)),
        ("2022-02", Some(0), Some(0)),
        ("2022-03", Some(0), Some(0)),
    ];
    assert_eq!(reports, expected, "a new year begins at midnight in Rome");
    let elsewhere = activity(&world.reads.pool, &in_ats(winter, "corato")).await.unwrap();
    assert_eq!(elsewhere.total.meals, Some(0));
}
