//! The journey against a real `PostgreSQL`: both clocks, links, corrections, what stays hidden.

#![cfg(test)]

mod harness;

use harness::{History, World, id};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use time::macros::{date, datetime};
use trama_events::casework::{
    AssessmentDomain, CaseCloseReason, CaseEvent, ChargePlace, EligibilityFact, Marginality, ReadTo,
};
use trama_events::codes::{
    Channel, DeclineReason, DeclinedBy, Destination, Gender, IdentifierKind, IdentityStatus, Need,
    NeedCode, NeedLevel, NeedMet, NextStep, OrganisationKind, Purpose, Recipient, Role,
    ServiceType, Urgency,
};
use trama_events::directory::{OrganisationEvent, ServiceEvent};
use trama_events::housing::{AdmissionRoute, NightEvent, ProjectSeen, StayEvent};
use trama_events::ids::{
    Ats, CaseId, ConsentId, DeliveryId, EmergencyId, GoalId, LinkId, NightLedgerId, OrganisationId,
    PersonId, PlaceId, ReferralId, ServiceId, StaffId, StayId, UnitId,
};
use trama_events::intake::{
    DeliveryEvent, EmergencyEvent, LinkEvent, LinkReason, PersonEvent, UnlinkReason,
};
use trama_events::referrals::{ConsentEvent, ConsentScope, ExternalState, ReferralEvent};
use trama_events::short_code::ShortCode;
use trama_platform::gate::Opened;
use trama_platform::permit::{
    Asking, Circumstances, Part, Past, Policies, Relation, Sections, Subject, Worker,
};
use trama_projections::journey::{Asked, Journey, JourneyView, journey, persons_by_code};

fn person(word: &str) -> PersonId {
    PersonId(id(word))
}

fn service(word: &str) -> ServiceId {
    ServiceId(id(word))
}

fn registered(history: &mut History, who: &str) {
    let event = PersonEvent::PersonRegistered {
        person: person(who),
        code: ShortCode::candidate(id(who), 0),
        status: IdentityStatus::Declared,
        service: service("desk"),
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
    };
    history.record(id(who), Some(person(who)), &event);
}

fn housed(history: &mut History, who: &str, ethos: &str) {
    let event = PersonEvent::HousingSituationRecorded { ethos: ethos.parse().unwrap() };
    history.record(id(who), Some(person(who)), &event);
}

fn corrected(history: &mut History, who: &str, corrects: u32, ethos: &str) {
    let event = PersonEvent::HousingSituationCorrected { corrects, ethos: ethos.parse().unwrap() };
    history.record(id(who), Some(person(who)), &event);
}

fn linked(history: &mut History, canonical: &str, other: &str) {
    let event = LinkEvent::PersonsLinked {
        link: LinkId(id("link")),
        canonical: person(canonical),
        other: person(other),
        reasons: vec![LinkReason::Recognised],
    };
    history.record(id("link"), Some(person(canonical)), &event);
}

fn unlinked(history: &mut History, canonical: &str, other: &str) {
    let event = LinkEvent::PersonsUnlinked {
        link: LinkId(id("link")),
        canonical: person(canonical),
        other: person(other),
        reason: UnlinkReason::TwoPeople,
    };
    history.record(id("link"), Some(person(canonical)), &event);
}

/// The directory: a desk and a shelter of the municipality, a `SerD` of the health authority.
fn directory(history: &mut History) {
    for (organisation, services) in [
        ("comune", &[("desk", ServiceType::InfoDesk), ("flats", ServiceType::Temporary)][..]),
        ("asl", &[("serd", ServiceType::Serd), ("csm", ServiceType::Csm)][..]),
        ("refuge", &[("house", ServiceType::SecretShelter)][..]),
    ] {
        let registered = OrganisationEvent::OrganisationRegistered {
            organisation: OrganisationId(id(organisation)),
            name: format!("Organisation {organisation}"),
            kind: OrganisationKind::OtherPublic,
            ats: Ats::try_new("bari").unwrap(),
        };
        history.record(id(organisation), None, &registered);
        for (word, service_type) in services {
            let registered = ServiceEvent::ServiceRegistered {
                service: service(word),
                organisation: OrganisationId(id(organisation)),
                name: format!("Service {word}"),
                service_type: *service_type,
                ats: Ats::try_new("bari").unwrap(),
                municipality: None,
                low_threshold: true,
            };
            history.record(id(word), None, &registered);
        }
    }
    history.by(OrganisationId(id("comune")));
}

fn stay_started(
    history: &mut History,
    facility: &str,
    kind: ServiceType,
    day: time::Date,
    members: &[&str],
) {
    let event = StayEvent::StayStarted {
        stay: StayId(id("stay")),
        person: person("ana"),
        members: members.iter().map(|member| person(member)).collect(),
        facility: service(facility),
        kind,
        unit: UnitId(id("unit")),
        places: vec![PlaceId(id("place"))],
        started_on: day,
        cap_on: Some(date!(2027 - 02 - 01)),
        route: AdmissionRoute::Ordinary,
        project: ProjectSeen::default(),
    };
    history.record(id("stay"), Some(person("ana")), &event);
}

fn stay_ended(history: &mut History, day: time::Date, destination: Destination) {
    let event = StayEvent::StayEnded { ended_on: day, destination };
    history.record(id("stay"), Some(person("ana")), &event);
}

fn referred(history: &mut History, to: &str, service_type: ServiceType, need: NeedCode) {
    referred_by(history, ("desk", ServiceType::InfoDesk), (to, service_type), need);
}

fn referred_by(
    history: &mut History,
    (from, from_type): (&str, ServiceType),
    (to, service_type): (&str, ServiceType),
    need: NeedCode,
) {
    let created = ReferralEvent::ReferralCreated {
        referral: ReferralId(id("referral")),
        person: person("ana"),
        from: service(from),
        from_type,
        to: service(to),
        service_type,
        need,
        urgency: Urgency::Urgent,
        dataset: vec![],
        directory_read_to: 1,
    };
    let sent = ReferralEvent::ReferralSent { answer_by: datetime!(2025-02-20 12:00 UTC) };
    history.record(id("referral"), Some(person("ana")), &created);
    history.record(id("referral"), Some(person("ana")), &sent);
}

fn accepted(history: &mut History) {
    history.record(id("referral"), Some(person("ana")), &ReferralEvent::ReferralAccepted {});
}

/// A winter of one woman: registered, in the street, two nights, a flat with her child, a referral.
fn winter() -> History {
    let mut history = History::starting(datetime!(2025-01-08 22:10 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    housed(&mut history, "ana", "1.1");
    let night = date!(2025 - 01 - 14);
    let (ledger, place) = (NightLedgerId(id("ledger")), PlaceId(id("bed")));
    let ana = Some(person("ana"));
    let facility = service("flats");
    let no_show_at = datetime!(2025-01-14 22:00 UTC);
    let reserved = NightEvent::NightReserved {
        ledger,
        facility,
        person: person("ana"),
        place,
        night,
        no_show_at,
    };
    history.at(datetime!(2025-01-14 18:00 UTC)).record(id("ledger"), ana, &reserved);
    history.record(id("ledger"), ana, &NightEvent::NightCheckedIn { night, place });
    history.at(datetime!(2025-02-01 9:00 UTC));
    stay_started(&mut history, "flats", ServiceType::Temporary, date!(2025 - 02 - 01), &["child"]);
    history.at(datetime!(2025-02-10 9:00 UTC));
    referred(&mut history, "csm", ServiceType::Csm, NeedCode::MentalHealth);
    history.at(datetime!(2025-02-12 9:00 UTC));
    accepted(&mut history);
    history.at(datetime!(2025-02-15 9:00 UTC));
    registered(&mut history, "twin");
    linked(&mut history, "ana", "twin");
    history.at(datetime!(2025-03-01 9:00 UTC));
    stay_ended(&mut history, date!(2025 - 03 - 01), Destination::Hosted);
    history
}

async fn read(world: &World, who: &str, asked: Asked) -> JourneyView {
    read_as(world, who, asked, &open(Role::CaseManager, &[Relation::CaseManager])).await
}

async fn read_as(world: &World, who: &str, asked: Asked, open: &Sections) -> JourneyView {
    read_by(world, who, asked, (open, false)).await
}

/// As somebody to whom this is open, and who has her in charge or not.
async fn read_by(
    world: &World,
    who: &str,
    asked: Asked,
    (open, in_charge): (&Sections, bool),
) -> JourneyView {
    let records = ["ana", "bea", "twin", "cara", who].map(person).into();
    let opened = Opened { records, sections: open.clone(), in_charge, not_to_be_found: false };
    journey(&world.reads.pool, person(who), asked, &opened).await.unwrap().expect("a journey")
}

/// What the policies open to somebody of the comune's social service, by her relations.
fn open(role: Role, relations: &[Relation]) -> Sections {
    opened_with(role, relations, Past::default())
}

/// The same of somebody who decided this about her past.
fn opened_with(role: Role, relations: &[Relation], past: Past) -> Sections {
    let worker = Worker {
        staff: StaffId(id("carla")),
        organisation: OrganisationId(id("comune")),
        role,
        part: Part::of(role, None),
        services: [service("desk")].into(),
        suspended: false,
        second_factor: true,
    };
    let circumstances = Circumstances {
        purpose: Some(Purpose::Care),
        relations: relations.iter().copied().collect(),
        past,
        ..Circumstances::default()
    };
    let subject = Subject::new(person("ana"));
    Policies::load().unwrap().sections(&Asking { worker, subject, circumstances })
}

async fn now(world: &World, who: &str) -> JourneyView {
    read(world, who, Asked::default()).await
}

fn kinds(journey: &JourneyView) -> Vec<&str> {
    journey.entries.iter().map(|entry| entry.kind.as_str()).collect()
}

fn ethos(journey: &JourneyView) -> Vec<Option<&str>> {
    journey.situations.iter().map(|situation| situation.ethos.as_deref()).collect()
}

/// A journey as text, but for the positions of the logs and the record asked for.
fn told(journey: &JourneyView) -> Value {
    let mut all = serde_json::to_value(journey).unwrap();
    all["positions"] = Value::Null;
    all
}

#[tokio::test]
async fn a_journey_shows_stays_waits_and_the_housing_situation_as_it_changed_r88_i10() {
    let world = World::start().await;
    world.fold(&Journey, &winter().events).await;
    let ana = now(&world, "ana").await;
    assert_eq!(ethos(&ana), [Some("1.1"), Some("2.1"), Some("3.2"), Some("8.1")]);
    let spans: Vec<_> = ana.spans.iter().map(|span| (span.kind, span.from, span.to)).collect();
    assert_eq!(
        spans,
        [
            ("stay", date!(2025 - 02 - 01), Some(date!(2025 - 03 - 01))),
            ("referral_wait", date!(2025 - 02 - 10), Some(date!(2025 - 02 - 12))),
        ]
    );
    let csm = ana.entries.iter().find(|entry| entry.kind == "referral_accepted").unwrap();
    assert_eq!(csm.lane, "csm");
    assert_eq!(ana.incomplete_since, None);
    let child = now(&world, "child").await;
    assert_eq!(
        kinds(&child),
        ["stay_started", "stay_ended"],
        "who moved in with her has the stay too"
    );
}

#[tokio::test]
async fn what_we_knew_then_and_what_had_happened_by_then_are_exact() {
    let world = World::start().await;
    let mut history = winter();
    // Told on 10 March: since 20 January she slept in a car park, and not in the street.
    history.late(datetime!(2025-01-20 20:00 UTC), datetime!(2025-03-10 9:00 UTC));
    housed(&mut history, "ana", "11.2");
    world.fold(&Journey, &history.events).await;
    let known = |at| Asked { recorded_by: Some(at), occurred_by: None };
    let happened = |day| Asked { recorded_by: None, occurred_by: Some(day) };

    let before = read(&world, "ana", known(datetime!(2025-03-09 9:00 UTC))).await;
    assert_eq!(ethos(&before), [Some("1.1"), Some("2.1"), Some("3.2"), Some("8.1")]);
    let after = now(&world, "ana").await;
    assert_eq!(ethos(&after), [Some("1.1"), Some("2.1"), Some("11.2"), Some("3.2"), Some("8.1")]);
    let by_then = read(&world, "ana", happened(date!(2025 - 02 - 11))).await;
    assert_eq!(ethos(&by_then), [Some("1.1"), Some("2.1"), Some("11.2"), Some("3.2")]);
    assert!(by_then.spans.iter().all(|span| span.to.is_none()), "nothing had ended by then");

    // Every moment: the same as if nothing after it had ever been recorded.
    for cut in 1..=history.events.len() {
        let (past, last) = (&history.events[..cut], &history.events[cut - 1]);
        let later = history.events.get(cut).map(|event| event.why.recorded_at);
        if last.why.person.is_none() || later == Some(last.why.recorded_at) {
            continue;
        }
        world.forget(&Journey).await;
        world.fold(&Journey, &history.events).await;
        let as_of = read(&world, "ana", known(last.why.recorded_at)).await;
        world.forget(&Journey).await;
        world.fold(&Journey, past).await;
        let mut then = now(&world, "ana").await;
        then.recorded_by = Some(last.why.recorded_at);
        // The codes of linked records and the names of services are those of today.
        assert_eq!(told(&as_of), told(&then), "after {}", last.id());
    }
}

#[tokio::test]
async fn an_unlink_restores_both_journeys_exactly() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    for (who, ethos) in [("ana", "1.1"), ("bea", "9.1")] {
        registered(&mut history, who);
        housed(&mut history, who, ethos);
    }
    world.fold(&Journey, &history.events).await;
    let apart = [now(&world, "ana").await, now(&world, "bea").await];

    let before = history.events.len();
    history.at(datetime!(2025-02-01 9:00 UTC));
    linked(&mut history, "ana", "bea");
    world.fold(&Journey, &history.events[before..]).await;
    let one = now(&world, "bea").await;
    assert_eq!(one.canonical, person("ana"));
    let codes: Vec<_> = one.records.iter().map(|r| (r.person, r.code.clone().unwrap())).collect();
    let code = |who| ShortCode::candidate(id(who), 0);
    let written = |who| (person(who), code(who).as_str().to_owned());
    assert_eq!(codes, [written("ana"), written("bea")]);
    assert_eq!(ethos(&one), [Some("1.1"), Some("9.1")]);
    let found = persons_by_code(&world.reads.pool, &code("bea")).await.unwrap();
    assert_eq!(found, [(person("bea"), person("ana"))]);

    let before = history.events.len();
    history.at(datetime!(2025-03-01 9:00 UTC));
    unlinked(&mut history, "ana", "bea");
    world.fold(&Journey, &history.events[before..]).await;
    for (who, was) in ["ana", "bea"].into_iter().zip(apart) {
        let mut is = now(&world, who).await;
        let links = is.entries.iter().filter(|entry| entry.kind.starts_with("persons_"));
        let links = serde_json::to_string(&links.collect::<Vec<_>>()).unwrap();
        for word in ["ana", "bea", "link"] {
            assert!(!links.contains(&id(word).to_string()), "{who}: {links}");
        }
        is.entries.retain(|entry| !entry.kind.starts_with("persons_"));
        assert_eq!(told(&is), told(&was), "{who}");
    }
    let asked = Asked { recorded_by: Some(datetime!(2025-02-15 9:00 UTC)), occurred_by: None };
    assert_eq!(
        read(&world, "bea", asked).await.canonical,
        person("ana"),
        "what we knew then stays"
    );
}

#[tokio::test]
async fn what_was_corrected_stays_visible_beside_what_corrects_it() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    housed(&mut history, "ana", "1.1");
    history.at(datetime!(2025-02-01 9:00 UTC));
    corrected(&mut history, "ana", 2, "8.1");
    world.fold(&Journey, &history.events).await;

    let happened_by = Asked { recorded_by: None, occurred_by: Some(date!(2025 - 01 - 08)) };
    let known_by = Asked { recorded_by: Some(datetime!(2025-01-31 9:00 UTC)), occurred_by: None };
    for asked in [Asked::default(), happened_by] {
        let ana = read(&world, "ana", asked).await;
        assert_eq!(ethos(&ana), [Some("8.1")]);
        let wrong = &ana.situations[0].corrected[0];
        assert_eq!((wrong.ethos.as_deref(), wrong.entry.as_str()), (Some("1.1"), "intake/2"));
        let entries = ana.entries.iter();
        let marks: Vec<_> =
            entries.map(|e| (e.corrects.as_deref(), e.corrected_by.as_deref())).collect();
        assert_eq!(marks, [(None, None), (None, Some("intake/3")), (Some("intake/2"), None)]);
    }
    assert_eq!(ethos(&read(&world, "ana", known_by).await), [Some("1.1")]);
}

fn shown(journey: &JourneyView) -> String {
    let all = json!({"e": journey.entries, "s": journey.spans, "h": journey.situations});
    serde_json::to_string(&all).unwrap()
}

#[tokio::test]
async fn what_a_confidential_service_did_is_not_there_at_all_a4_v16() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    world.fold(&Journey, &history.events).await;
    let without = told(&now(&world, "ana").await);

    let known = history.events.len();
    let (serd, csm) = (("serd", ServiceType::Serd), ("csm", ServiceType::Csm));
    referred_by(&mut history, serd, csm, NeedCode::Addiction);
    history.by(OrganisationId(id("asl")));
    accepted(&mut history);
    history.by(OrganisationId(id("refuge")));
    stay_started(&mut history, "house", ServiceType::SecretShelter, date!(2025 - 01 - 09), &[]);
    world.fold(&Journey, &history.events[known..]).await;
    assert_eq!(told(&now(&world, "ana").await), without);
    let rows = serde_json::to_string(&world.rows(&Journey).await["facts"]).unwrap();
    for id in ["serd", "csm", "asl", "house", "refuge"].map(|word| id(word).to_string()) {
        assert!(!rows.contains(&id), "nothing in the rows leads to it: {rows}");
    }
}

#[tokio::test]
async fn who_wrote_an_entry_is_told_to_her_own_organisation_and_to_whoever_is_in_charge_a4() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    history.by(OrganisationId(id("asl")));
    housed(&mut history, "ana", "1.1");
    history.by(OrganisationId(id("refuge")));
    housed(&mut history, "ana", "2.1");
    world.fold(&Journey, &history.events).await;

    let open = open(Role::CaseManager, &[Relation::CaseManager]);
    let authors = async |in_charge| {
        let seen = read_by(&world, "ana", Asked::default(), (&open, in_charge)).await;
        let author = |entry: &trama_projections::journey::Entry| {
            entry.author.map(|author| (author.staff, author.role))
        };
        seen.entries.iter().map(author).collect::<Vec<_>>()
    };
    let wrote = Some((StaffId(id("staff")), Role::CaseManager));
    // By the comune, which the reader is of; by the health authority; by a refuge without a name.
    assert_eq!(authors(false).await, [wrote, None, None]);
    assert_eq!(authors(true).await, [wrote, wrote, None]);
}

/// As a case manager of the comune's desk reads it.
async fn in_charge(world: &World, past: Past) -> JourneyView {
    let open = opened_with(Role::CaseManager, &[Relation::CaseManager], past);
    read_as(world, "ana", Asked::default(), &open).await
}

#[tokio::test]
async fn what_she_obscured_is_not_there_for_others_with_all_that_was_built_on_it_v16_threat_4() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    world.fold(&Journey, &history.events).await;
    let without = told(&now(&world, "ana").await);
    let known = history.events.len();
    history.by(OrganisationId(id("asl")));
    housed(&mut history, "ana", "1.1");
    corrected(&mut history, "ana", 2, "2.1");
    given(&mut history, "csm");
    world.fold(&Journey, &history.events[known..]).await;
    let whole = now(&world, "ana").await;
    assert_eq!(whole.entries.len(), 4);

    let entries =
        [format!("intake/person-{}/2", id("ana")), format!("intake/delivery-{}/1", id("delivery"))];
    let asl = OrganisationId(id("asl"));
    let by_entry =
        Past { obscured_entries: entries.map(|entry| (entry, asl)).into(), ..Past::default() };
    assert_eq!(told(&in_charge(&world, by_entry).await), without);
    let of_service = Past { obscured_services: [(service("csm"), asl)].into(), ..Past::default() };
    assert_eq!(
        told(&in_charge(&world, of_service).await),
        without,
        "and of its body, where no \
        service is named"
    );
    let of_another = Past {
        obscured_services: [(service("desk"), OrganisationId(id("comune")))].into(),
        ..Past::default()
    };
    let hers = in_charge(&world, of_another).await;
    assert_eq!(told(&hers), told(&whole), "who wrote it sees it as before");
}

#[tokio::test]
async fn who_sent_or_received_a_referral_goes_on_with_it_whatever_she_obscured_of_it_threat_4() {
    let (desk, csm) = (("desk", ServiceType::InfoDesk), ("csm", ServiceType::Csm));
    let flats = ("flats", ServiceType::Temporary);
    let (comune, asl) = (OrganisationId(id("comune")), OrganisationId(id("asl")));
    // Between whom; who wrote the first event; whether the desk, which reads, takes part.
    for (from, to, by, is_own) in
        [(desk, csm, comune, true), (csm, desk, asl, true), (csm, flats, asl, false)]
    {
        let world = World::start().await;
        let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
        directory(&mut history);
        registered(&mut history, "ana");
        world.fold(&Journey, &history.events).await;
        let without = kinds(&now(&world, "ana").await).len();
        let known = history.events.len();
        history.by(by);
        referred_by(&mut history, from, to, NeedCode::Housing);
        history.by(if by == asl { comune } else { asl });
        accepted(&mut history);
        world.fold(&Journey, &history.events[known..]).await;
        let whole = told(&now(&world, "ana").await);
        let first = format!("referrals/referral-{}/1", id("referral"));
        let sender = if from == csm { asl } else { comune };
        let receiver = if to == csm { asl } else { comune };
        for past in [
            Past { obscured_entries: [(first, by)].into(), ..Past::default() },
            Past { obscured_services: [(service(from.0), sender)].into(), ..Past::default() },
            Past { obscured_services: [(service(to.0), receiver)].into(), ..Past::default() },
        ] {
            let seen = in_charge(&world, past.clone()).await;
            assert_eq!(told(&seen) == whole, is_own, "{from:?} {to:?} {past:?}");
            let left = kinds(&seen).iter().filter(|kind| **kind == "referral_created").count();
            assert_eq!(left, usize::from(is_own), "{from:?} {to:?} {past:?}");
            let by_entry = !past.obscured_entries.is_empty();
            assert!(is_own || !by_entry || kinds(&seen).len() == without, "nothing of it is left");
        }
    }
}

/// Something that a service gave her.
fn given(history: &mut History, by: &str) {
    let event = DeliveryEvent::ServiceDelivered {
        delivery: DeliveryId(id("delivery")),
        service: service(by),
        service_type: ServiceType::InfoDesk,
        recipient: Recipient::Person(person("ana")),
        minutes: None,
        outcome: None,
    };
    history.record(id("delivery"), Some(person("ana")), &event);
}

#[tokio::test]
async fn what_minors_services_did_for_her_as_a_child_is_there_by_her_decision_alone_c5() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    let minors = ServiceEvent::ServiceRegistered {
        service: service("minors"),
        organisation: OrganisationId(id("asl")),
        name: "Service minors".into(),
        service_type: ServiceType::MinorsService,
        ats: Ats::try_new("bari").unwrap(),
        municipality: None,
        low_threshold: false,
    };
    history.record(id("minors"), None, &minors);
    registered(&mut history, "ana");
    history.by(OrganisationId(id("asl")));
    given(&mut history, "minors");
    world.fold(&Journey, &history.events).await;
    let seen = async |past| kinds(&in_charge(&world, past).await).len();
    let born = |of_age_on, childhood_open| Past {
        of_age_on: Some(of_age_on),
        childhood_open,
        ..Past::default()
    };
    let after = date!(2025 - 01 - 09);
    assert_eq!(seen(born(after, false)).await, 1, "she was a child on that day");
    assert_eq!(seen(born(after, true)).await, 2, "she decided so");
    assert_eq!(seen(born(date!(2025 - 01 - 08), false)).await, 2, "of age, as anybody else");
    assert_eq!(seen(Past::default()).await, 2, "nobody knows when she was born");
}

#[tokio::test]
async fn by_her_agreement_alone_it_is_told_that_an_external_service_has_her_in_path() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    for event in [
        ConsentEvent::ConsentGiven {
            consent: ConsentId(id("consent")),
            person: person("ana"),
            scope: ConsentScope::ExternalPath,
            to: None,
        },
        ConsentEvent::ExternalPathShared { state: ExternalState::InPath },
        ConsentEvent::ExternalPathShared { state: ExternalState::Closed },
    ] {
        history.record(id("consent"), Some(person("ana")), &event);
    }
    world.fold(&Journey, &history.events).await;
    let ana = now(&world, "ana").await;
    let lanes: Vec<_> = ana.entries.iter().map(|entry| entry.lane).collect();
    assert_eq!(lanes, ["external", "external", "access", "external"], "its day has no hour");
    let spans: Vec<_> = ana.spans.iter().map(|span| (span.kind, span.to.is_some())).collect();
    assert_eq!(spans, [("external_path", true)]);
    let shared = ana.entries.iter().filter(|entry| entry.kind == "external_path_shared");
    let midnight = datetime!(2025-01-07 23:00 UTC);
    for entry in shared {
        assert_eq!((entry.occurred_at, entry.recorded_at), (midnight, midnight), "its day alone");
    }
}

/// Casework, a mental-health centre that declines, a desk that declines.
fn casework() -> History {
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    let case = |history: &mut History, event: &CaseEvent| {
        history.record(id("case"), Some(person("ana")), event);
    };
    let needs = vec![Need { code: NeedCode::Health, level: NeedLevel::try_from(3).unwrap() }];
    for event in [
        CaseEvent::CaseOpened {
            case: CaseId(id("case")),
            person: person("ana"),
            service: service("desk"),
        },
        CaseEvent::CaseManagerAssigned { manager: StaffId(id("carla")) },
        CaseEvent::AssessmentRecorded { domains: vec![AssessmentDomain::Family], needs },
        CaseEvent::EligibilityFactRecorded { fact: EligibilityFact::CareGap, valid_to: None },
        CaseEvent::TakenInCharge {
            marginality: Marginality::Severe,
            non_self_sufficient: true,
            place: ChargePlace::Street,
        },
        CaseEvent::GoalSet {
            goal: GoalId(id("goal")),
            need: NeedCode::Housing,
            review_on: date!(2025 - 03 - 01),
        },
        CaseEvent::CaseClosed {
            reason: CaseCloseReason::HandedOver,
            destination: None,
            handover: Some(service("serd")),
            read_to: ReadTo::default(),
        },
    ] {
        case(&mut history, &event);
    }
    declining(&mut history);
    history
}

/// Referrals that are declined.
fn declining(history: &mut History) {
    for (to, kind, need) in [
        ("csm", ServiceType::Csm, NeedCode::MentalHealth),
        ("flats", ServiceType::Temporary, NeedCode::Housing),
    ] {
        let about = |event| (id(to), event);
        for (referral, event) in [
            about(ReferralEvent::ReferralCreated {
                referral: ReferralId(id(to)),
                person: person("ana"),
                from: service("desk"),
                from_type: ServiceType::InfoDesk,
                to: service(to),
                service_type: kind,
                need,
                urgency: Urgency::Ordinary,
                dataset: vec![],
                directory_read_to: 1,
            }),
            about(ReferralEvent::ReferralSent { answer_by: datetime!(2025-02-20 12:00 UTC) }),
            about(ReferralEvent::ReferralDeclined {
                reason: DeclineReason::OutsideArea,
                next_step: NextStep::TalkToPerson,
                by: DeclinedBy::Service,
                elsewhere: None,
            }),
        ] {
            history.record(referral, Some(person("ana")), &event);
        }
    }
}

#[tokio::test]
async fn who_has_no_case_of_hers_sees_neither_casework_nor_reasons_nor_mental_health() {
    const WORDS: [&str; 10] = [
        "family",
        "care_gap",
        "severe",
        "review_on",
        "health",
        "handed_over",
        "outside_area",
        "mental",
        "csm",
        "need",
    ];
    let world = World::start().await;
    world.fold(&Journey, &casework().events).await;
    let whole = now(&world, "ana").await;
    for word in WORDS {
        assert!(shown(&whole).contains(word), "{word}");
    }
    assert!(!shown(&whole).contains("handover\""), "not to a confidential service");
    for role in [Role::InfoDesk, Role::OutreachWorker, Role::EmergencyWorker] {
        let brief = read_as(&world, "ana", Asked::default(), &open(role, &[])).await;
        let text = shown(&brief);
        for word in WORDS.iter().filter(|word| **word != "handed_over") {
            assert!(!text.contains(word), "{word} to {role:?}: {text}");
        }
        for id in [id("csm"), id("goal")].map(|id| id.to_string()) {
            assert!(!text.contains(&id), "{id} to {role:?}");
        }
    }
    let worker = open(Role::FacilityOperator, &[]);
    assert!(worker.is_empty(), "a house sees its own guests alone");
}

#[tokio::test]
async fn a_person_is_not_where_she_was_registered() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    housed(&mut history, "ana", "1.1");
    world.fold(&Journey, &history.events).await;
    let ana = now(&world, "ana").await;
    let places: Vec<_> = ana.entries.iter().map(|entry| entry.service.is_some()).collect();
    assert_eq!(places, [true, false]);
}

#[tokio::test]
async fn what_a_journey_does_not_show_is_not_hinted_at() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    referred(&mut history, "serd", ServiceType::Serd, NeedCode::Addiction);
    world.fold(&Journey, &history.events).await;
    let visit_at = datetime!(2025-01-15 9:00 UTC);
    let met = NeedMet::Yes;
    for (event, hinted) in [
        (ReferralEvent::ReferralSeen {}, false),
        (ReferralEvent::ReferralInfoRequested { sections: vec![] }, false),
        (ReferralEvent::ReferralAccepted {}, false),
        (ReferralEvent::FirstVisitScheduled { visit_at }, false),
        (ReferralEvent::FirstVisitMissed {}, false),
        (ReferralEvent::FirstVisitHeld {}, false),
        (ReferralEvent::ReferralOutcomeReported { need_met: met }, false),
    ] {
        let entries = now(&world, "ana").await.entries.len();
        let before = history.events.len();
        history.record(id("referral"), Some(person("ana")), &event);
        world.fold(&Journey, &history.events[before..]).await;
        let touched = world.touched(&Journey, &history.events[before..]).await;
        assert_eq!(!touched.is_empty(), hinted, "{event:?}");
        let shown = now(&world, "ana").await.entries.len();
        assert_eq!(shown > entries, hinted, "{event:?}");
    }
    let before = history.events.len();
    let delivered = DeliveryEvent::ServiceDelivered {
        delivery: DeliveryId(id("delivery")),
        service: service("serd"),
        service_type: ServiceType::Serd,
        recipient: Recipient::Person(person("ana")),
        minutes: None,
        outcome: None,
    };
    history.record(id("delivery"), Some(person("ana")), &delivered);
    world.fold(&Journey, &history.events[before..]).await;
    assert!(world.touched(&Journey, &history.events[before..]).await.is_empty());
}

#[tokio::test]
async fn an_emergency_is_hers_from_when_she_was_named_and_not_before() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    history.at(datetime!(2025-01-14 21:00 UTC));
    let reported = EmergencyEvent::EmergencyReported {
        emergency: EmergencyId(id("emergency")),
        service: service("desk"),
        channel: Channel::Police,
        person: None,
        shelter_requested: true,
        lone_child: false,
    };
    history.record(id("emergency"), None, &reported);
    history.at(datetime!(2025-01-14 22:00 UTC));
    let level = trama_events::intake::EmergencyLevel::High;
    let assessed = EmergencyEvent::EmergencyAssessed { level, person: Some(person("ana")) };
    history.record(id("emergency"), None, &assessed);
    world.fold(&Journey, &history.events).await;
    assert_eq!(kinds(&now(&world, "ana").await)[1..], ["emergency_reported", "emergency_assessed"]);
    let before = Asked { recorded_by: Some(datetime!(2025-01-14 21:30 UTC)), occurred_by: None };
    assert_eq!(kinds(&read(&world, "ana", before).await), ["person_registered"]);
}

type Change = fn(&mut History);

#[tokio::test]
async fn whoever_lived_there_or_is_one_person_with_her_hears_that_a_journey_changed() {
    let world = World::start().await;
    let mut history = winter();
    world.fold(&Journey, &history.events).await;
    let changes: [(Change, &[&str]); 6] = [
        (|history| housed(history, "ana", "2.1"), &["ana", "twin"]),
        (
            |history| stay_ended(history, date!(2025 - 03 - 02), Destination::Street),
            &["ana", "child", "twin"],
        ),
        (|history| unlinked(history, "ana", "twin"), &["ana", "twin"]),
        (|history| housed(history, "twin", "1.1"), &["twin"]),
        (|history| linked(history, "twin", "ana"), &["ana", "twin"]),
        (accepted, &["ana", "twin"]),
    ];
    for (number, (change, people)) in changes.into_iter().enumerate() {
        let before = history.events.len();
        change(&mut history);
        let told = &history.events[before..];
        world.fold(&Journey, told).await;
        let expected =
            people.iter().map(|word| (format!("journey/{}", id(word)), told[0].position));
        assert_eq!(world.touched(&Journey, told).await, expected.collect(), "change {number}");
    }
}

#[tokio::test]
async fn a_journey_says_since_when_it_is_incomplete() {
    let world = World::start().await;
    let history = winter();
    world.fold(&Journey, &history.events).await;
    let parked = history.events.iter().find(|event| event.event_type == "stay_ended").unwrap();
    let mut rows = world.owner_of_models().await;
    sqlx::query(
        "insert into journey.parked (context, position, subject, event, reason) values ('housing', 99, $1, $2, 'x')",
    )
    .bind(parked.subject_key())
    .bind(serde_json::to_value(parked.to_cloud_event()).unwrap())
    .execute(&mut rows)
    .await
    .unwrap();
    let since = Some(datetime!(2025-03-01 9:00 UTC));
    assert_eq!(now(&world, "ana").await.incomplete_since, since);
    assert_eq!(now(&world, "twin").await.incomplete_since, since, "linked records are one person");
    let before = Asked { recorded_by: Some(datetime!(2025-02-20 9:00 UTC)), occurred_by: None };
    assert_eq!(read(&world, "ana", before).await.incomplete_since, None);
}

#[tokio::test]
async fn every_interleaving_and_every_batching_gives_the_same_rows_a6() {
    let world = World::start().await;
    let mut history = winter();
    referred(&mut history, "serd", ServiceType::Serd, NeedCode::Addiction);
    let expected = world.rows_after(&Journey, &history.events).await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..12 {
        let (picks, size) =
            (vec(0_usize..6, 40), 1_usize..9).new_tree(&mut runner).unwrap().current();
        world.forget(&Journey).await;
        for batch in history.woven(&picks).chunks(size) {
            world.fold(&Journey, batch).await;
        }
        assert_eq!(world.rows(&Journey).await, expected, "{picks:?} by {size}");
    }
}

#[tokio::test]
async fn a_reader_sees_no_row_of_whom_the_gate_did_not_open() {
    let world = World::start().await;
    world.fold(&Journey, &winter().events).await;
    let pool = &world.reads.pool;
    let rows = "select count(*) from journey.facts";
    assert_eq!(sqlx::query_scalar::<_, i64>(rows).fetch_one(pool).await.unwrap(), 0);
    let open = open(Role::CaseManager, &[Relation::CaseManager]);
    let opened = Opened {
        records: vec![person("bea")],
        sections: open,
        in_charge: false,
        not_to_be_found: false,
    };
    let found = journey(pool, person("ana"), Asked::default(), &opened).await.unwrap();
    assert!(found.is_err(), "decided about one person, asked about another");
}

#[tokio::test]
async fn what_an_obscured_registration_names_is_nothing_that_others_wrote_since() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    history.by(OrganisationId(id("asl")));
    registered(&mut history, "ana");
    history.by(OrganisationId(id("refuge")));
    housed(&mut history, "ana", "1.1");
    world.fold(&Journey, &history.events).await;
    let registration = format!("intake/person-{}/1", id("ana"));
    let obscured_entries = [(registration, OrganisationId(id("asl")))].into();
    let seen = in_charge(&world, Past { obscured_entries, ..Past::default() }).await;
    assert_eq!(kinds(&seen), ["person_registered", "housing_situation_recorded"]);
}

/// A service of the health authority that gave her something.
fn given_by(history: &mut History, word: &str, service_type: ServiceType) {
    let known = ServiceEvent::ServiceRegistered {
        service: service(word),
        organisation: OrganisationId(id("asl")),
        name: word.into(),
        service_type,
        ats: Ats::try_new("bari").unwrap(),
        municipality: None,
        low_threshold: false,
    };
    history.record(id(word), None, &known);
    let event = DeliveryEvent::ServiceDelivered {
        delivery: DeliveryId(id(&format!("of {word}"))),
        service: service(word),
        service_type: ServiceType::InfoDesk,
        recipient: Recipient::Person(person("ana")),
        minutes: None,
        outcome: None,
    };
    history.record(id(&format!("of {word}")), Some(person("ana")), &event);
}

#[tokio::test]
async fn childhood_is_what_any_service_for_children_and_any_minors_worker_wrote_no_adult_service_c5()
 {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    history.by(OrganisationId(id("asl")));
    for (word, service_type) in [
        ("community", ServiceType::ResidentialCommunity),
        ("educator", ServiceType::HomeEducation),
        ("nursery", ServiceType::Nursery),
        ("families", ServiceType::FamilyCentre),
        ("leavers", ServiceType::CareLeavers),
    ] {
        given_by(&mut history, word, service_type);
    }
    housed(&mut history, "ana", "2.1");
    let known = history.events.len();
    housed(&mut history, "ana", "3.1");
    let added = PersonEvent::IdentifierAdded { kind: IdentifierKind::Doc, valid_to: None };
    history.record(id("ana"), Some(person("ana")), &added);
    for event in &mut history.events[known..] {
        event.why.role = Role::MinorsWorker.code().into();
    }
    world.fold(&Journey, &history.events).await;

    let after = Past { of_age_on: Some(date!(2025 - 01 - 09)), ..Past::default() };
    let sealed = in_charge(&world, after.clone()).await;
    let places = |seen: &JourneyView| {
        let named =
            seen.entries.iter().filter_map(|entry| Some(entry.service.as_ref()?.name.clone()));
        named.collect::<Vec<_>>()
    };
    assert_eq!(places(&sealed), ["Service desk", "families", "leavers"]);
    assert_eq!(ethos(&sealed), [Some("2.1")], "of a worker with adults");
    assert!(kinds(&sealed).contains(&"identifier_added"), "by who she is others help her");
    let opened = in_charge(&world, Past { childhood_open: true, ..after }).await;
    assert_eq!((opened.entries.len(), places(&opened).len()), (9, 6), "she decided so");
}

#[tokio::test]
async fn a_case_that_began_in_her_childhood_is_a_part_of_it_to_its_end_c5() {
    let world = World::start().await;
    let mut history = History::starting(datetime!(2025-01-08 9:00 UTC));
    directory(&mut history);
    registered(&mut history, "ana");
    history.by(OrganisationId(id("asl")));
    given_by(&mut history, "community", ServiceType::ResidentialCommunity);
    let (case, her, holder) = (CaseId(id("her case")), person("ana"), service("community"));
    let opened = CaseEvent::CaseOpened { case, person: her, service: holder };
    history.record(case.0, Some(her), &opened).at(datetime!(2025-03-01 9:00 UTC));
    let (reason, read_to) = (CaseCloseReason::HandedOver, ReadTo::default());
    let handover = Some(service("leavers"));
    let closed = CaseEvent::CaseClosed { reason, destination: None, handover, read_to };
    history.record(case.0, Some(her), &closed);
    world.fold(&Journey, &history.events).await;
    let later = |seen: &JourneyView| kinds(seen).contains(&"case_closed");
    let after = Past { of_age_on: Some(date!(2025 - 02 - 01)), ..Past::default() };
    assert!(!later(&in_charge(&world, after.clone()).await));
    assert!(later(&in_charge(&world, Past { childhood_open: true, ..after.clone() }).await));
    let before = Past { of_age_on: Some(date!(2025 - 01 - 01)), ..after };
    assert!(later(&in_charge(&world, before).await), "it was hers when it began");
}
