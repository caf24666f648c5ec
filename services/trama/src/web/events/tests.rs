use serde_json::json;
use time::macros::{date, datetime};
use trama_events::codes::Sensitivity;
use trama_events::envelope::Why;
use trama_events::event_types;
use trama_events::ids::StaffId;

use super::*;

const OWN: OrganisationId = OrganisationId(Uuid::from_u128(1));
const ANOTHER: OrganisationId = OrganisationId(Uuid::from_u128(2));
const ANA: PersonId = PersonId(Uuid::from_u128(3));
const BEN: PersonId = PersonId(Uuid::from_u128(4));
const STAY: Uuid = Uuid::from_u128(5);

fn event(by: OrganisationId, context: Context, aggregate: &str, kind: &str) -> Recorded {
    Recorded {
        context,
        position: 7,
        aggregate_type: aggregate.into(),
        aggregate_id: STAY,
        sequence: 2,
        event_type: kind.into(),
        version: "1".into(),
        why: Why {
            occurred_at: datetime!(2025-01-27 10:00 UTC),
            recorded_at: datetime!(2025-01-27 10:00 UTC),
            ats: Ats::try_new("bari").unwrap(),
            organisation: by,
            actor: StaffId(Uuid::from_u128(6)),
            role: "case_manager".into(),
            purpose: "care".into(),
            legal_basis: "gdpr-6-1-e".into(),
            sensitivity: Sensitivity::Normal,
            person: Some(ANA),
            command_id: "command".into(),
            correlation: "correlation".into(),
            causation: "causation".into(),
        },
        payload: json!({ "event": kind, "destination": "own_rent" }),
    }
}

fn stay_ended(by: OrganisationId) -> Recorded {
    event(by, Context::Housing, "stay", "stay_ended")
}

fn system() -> System {
    System { body: OWN, ats: Ats::try_new("bari").unwrap(), purpose: Purpose::Care }
}

fn known(ties: Ties) -> Known {
    Known { people: [(ANA, ties.clone()), (BEN, ties)].into(), ..Known::default() }
}

fn agreed(section: Section) -> Ties {
    let sections = [section].into();
    let agreement = Agreement { holder: ANOTHER, sections, purpose: Purpose::Care };
    Ties { agreements: vec![agreement], ..Ties::default() }
}

#[test]
fn what_the_own_body_did_is_told_whole_and_in_the_own_ats_alone() {
    let known = known(Ties::default());
    assert_eq!(system().told(&stay_ended(OWN), &known), Told::Whole);
    let elsewhere = System { ats: Ats::try_new("corato").unwrap(), ..system() };
    assert_eq!(elsewhere.told(&stay_ended(OWN), &known), Told::Nothing);
}

#[test]
fn another_body_shows_what_an_agreement_opens_for_the_purpose_and_no_other_class() {
    let told = |ties: Ties| system().told(&stay_ended(ANOTHER), &known(ties));
    assert_eq!(told(Ties::default()), Told::Nothing, "nothing without an agreement");
    assert_eq!(told(agreed(Section::Housing)), Told::Shared);
    assert_eq!(told(agreed(Section::Food)), Told::Nothing);
    let planning = System { purpose: Purpose::Planning, ..system() };
    let known = known(agreed(Section::Housing));
    assert_eq!(planning.told(&stay_ended(ANOTHER), &known), Told::Nothing);
    let third = stay_ended(OrganisationId(Uuid::from_u128(9)));
    assert_eq!(system().told(&third, &known), Told::Nothing, "the agreement is with another");
    let contact = event(ANOTHER, Context::Intake, "contact", "contact_recorded");
    assert_eq!(system().told(&contact, &known), Told::Nothing, "no class of this type is known");
}

#[test]
fn what_is_confidential_hidden_or_taken_away_leaves_for_no_system_threat_4() {
    let own = stay_ended(OWN);
    let ties = Ties::default();
    let open = known(ties.clone());
    let sealed = [(Context::Housing, STAY)].into();
    assert_eq!(system().told(&own, &Known { sealed, ..known(ties.clone()) }), Told::Nothing);
    for moved in [own.id(), event_id(Context::Housing, "stay", STAY, 1)] {
        let moved = Known { moved: [moved].into(), ..known(ties.clone()) };
        assert_eq!(system().told(&own, &moved), Told::Nothing);
    }
    let guarded = Ties { guard: Guard::Guarded { keeper: Some(OWN) }, ..ties.clone() };
    for hidden in [Ties { minor: true, ..ties }, guarded] {
        assert_eq!(system().told(&own, &known(hidden.clone())), Told::Nothing);
        let mut with_ben = stay_ended(OWN);
        with_ben.payload = json!({ "members": [BEN] });
        let of_ben =
            Known { people: [(ANA, Ties::default()), (BEN, hidden)].into(), ..Known::default() };
        assert_eq!(system().told(&with_ben, &of_ben), Told::Nothing, "who moved in with her");
    }
    assert_eq!(system().told(&own, &Known::default()), Told::Nothing, "nobody asked about her");
    for (context, aggregate, kind) in [
        (Context::Identity, "identity", "identity_fact_recorded"),
        (Context::Intake, "entry", "entry_reattributed"),
        (Context::Referrals, "consent", "external_path_shared"),
    ] {
        assert_eq!(system().told(&event(OWN, context, aggregate, kind), &open), Told::Nothing);
    }
}

const CANTEEN: ServiceId = ServiceId(Uuid::from_u128(10));

/// An event of this body, with what it says beside its type.
fn saying(kind: (Context, &str, &str), sequence: i64, says: Value) -> Recorded {
    let (context, aggregate, kind) = kind;
    Recorded { sequence, payload: says, ..event(OWN, context, aggregate, kind) }
}

const MEAL: (Context, &str, &str) = (Context::Food, "meal", "meal_served");
const NIGHT: (Context, &str, &str) = (Context::Housing, "night_ledger", "night_checked_in");
const MOVED_IN: (Context, &str, &str) = (Context::Housing, "stay", "stay_started");
const CORRECTED: (Context, &str, &str) = (Context::Intake, "person", "housing_situation_corrected");

#[test]
fn what_she_obscured_of_a_service_leaves_for_no_system_its_own_included_threat_4() {
    let obscured_services = [(CANTEEN, OWN)].into();
    let past = Past { obscured_services, ..Past::default() };
    let obscured = Ties { past, ..Ties::default() };
    let canteen = CANTEEN.to_string();
    for hidden in [
        saying(MEAL, 1, json!({ "service": canteen, "recipient": { "person": ANA } })),
        saying(NIGHT, 2, json!({ "night": "2025-01-27" })),
        saying(MOVED_IN, 1, json!({ "facility": canteen, "person": ANA, "members": [] })),
        stay_ended(OWN),
    ] {
        assert_eq!(system().told(&hidden, &known(Ties::default())), Told::Whole);
        assert_eq!(system().told(&hidden, &known(obscured.clone())), Told::Nothing, "{hidden:?}");
    }
    let of_ben = [(ANA, Ties::default()), (BEN, obscured.clone())].into();
    let of_ben = Known { people: of_ben, ..Known::default() };
    let together = json!({ "facility": canteen, "person": ANA, "members": [BEN] });
    assert_eq!(system().told(&saying(MOVED_IN, 1, together), &of_ben), Told::Nothing);
    let elsewhere = json!({ "service": Uuid::from_u128(11), "recipient": { "person": ANA } });
    let elsewhere = saying(MEAL, 1, elsewhere);
    assert_eq!(system().told(&elsewhere, &known(obscured.clone())), Told::Whole, "another service");

    let shared = Ties { past: obscured.past.clone(), ..agreed(Section::Housing) };
    let of_another = stay_ended(ANOTHER);
    assert_eq!(system().told(&of_another, &known(shared.clone())), Told::Shared, "another body");
    let past = Past { obscured_services: [(CANTEEN, ANOTHER)].into(), ..Past::default() };
    assert_eq!(system().told(&of_another, &known(Ties { past, ..shared })), Told::Nothing);
}

#[test]
fn an_entry_that_she_obscured_leaves_for_no_system_by_whichever_record_of_hers_threat_4() {
    let told = |entry: String, event: &Recorded| {
        let past = Past { obscured_entries: [(entry, OWN)].into(), ..Past::default() };
        system().told(event, &known(Ties { past, ..Ties::default() }))
    };
    let id = |event: &Recorded, number| {
        event_id(event.context, &event.aggregate_type, event.aggregate_id, number)
    };
    let ended = stay_ended(OWN);
    assert_eq!(told(ended.id(), &ended), Told::Nothing);
    assert_eq!(told(id(&ended, 1), &ended), Told::Nothing, "what was built on it");
    assert_eq!(told(id(&ended, 3), &ended), Told::Whole);
    let corrected = saying(CORRECTED, 9, json!({ "corrects": 7, "ethos": "1.1" }));
    assert_eq!(told(id(&corrected, 4), &corrected), Told::Nothing, "7 may be one that corrects 4");
    assert_eq!(told(id(&ended, 4), &corrected), Told::Whole, "an entry of something else");
}

#[test]
fn what_happened_before_she_was_of_age_leaves_for_no_system_ever_threat_4_c5() {
    for childhood_open in [false, true] {
        let born = |of_age_on| {
            let past = Past { of_age_on: Some(of_age_on), childhood_open, ..Past::default() };
            known(Ties { past, ..agreed(Section::Housing) })
        };
        for (by, open) in [(OWN, Told::Whole), (ANOTHER, Told::Shared)] {
            let ended = stay_ended(by);
            assert_eq!(system().told(&ended, &born(date!(2025 - 01 - 28))), Told::Nothing);
            assert_eq!(
                system().told(&ended, &born(date!(2025 - 01 - 27))),
                open,
                "of age that day"
            );
        }
    }
    let mut on_new_year = stay_ended(OWN);
    on_new_year.why.occurred_at = datetime!(2024-12-31 23:30 UTC);
    let past = Past { of_age_on: Some(date!(2025 - 01 - 01)), ..Past::default() };
    let of_age = known(Ties { past, ..Ties::default() });
    assert_eq!(system().told(&on_new_year, &of_age), Told::Whole, "in Rome it is the new year");
    on_new_year.why.occurred_at = datetime!(2024-12-31 22:30 UTC);
    assert_eq!(system().told(&on_new_year, &of_age), Told::Nothing);
}

/// What is told of an event that came after this beginning.
fn told_after(begun: Recorded, event: &Recorded, ties: &Ties) -> Told {
    let open = known(ties.clone());
    assert_ne!(system_of(event).told(event, &open), Told::Nothing, "by itself: {event:?}");
    let known = Known { begun: [(event.id(), begun)].into(), ..open };
    system_of(event).told(event, &known)
}

/// The system of the body that wrote an event.
fn system_of(event: &Recorded) -> System {
    System { body: event.why.organisation, ..system() }
}

#[test]
fn what_began_at_a_service_that_she_obscured_or_in_her_childhood_stays_closed_threat_4_c5() {
    let begun = |kind, says| saying(kind, 1, says);
    let anna = Past { obscured_services: [(CANTEEN, OWN)].into(), ..Past::default() };
    let obscured = Ties { past: anna, ..Ties::default() };
    let sent =
        begun((Context::Referrals, "referral", "referral_created"), json!({ "from": CANTEEN }));
    let accepted = event(ANOTHER, Context::Referrals, "referral", "referral_accepted");
    assert_eq!(told_after(sent.clone(), &accepted, &obscured), Told::Nothing, "her receiver's");
    assert_eq!(told_after(sent, &accepted, &Ties::default()), Told::Whole);

    let past = Past { of_age_on: Some(date!(2025 - 01 - 27)), ..Past::default() };
    let of_age = Ties { past, ..Ties::default() };
    let mut moved_in = begun(MOVED_IN, json!({ "facility": Uuid::from_u128(11), "members": [] }));
    assert_eq!(told_after(moved_in.clone(), &stay_ended(OWN), &of_age), Told::Whole);
    moved_in.why.occurred_at = datetime!(2025-01-26 10:00 UTC);
    assert_eq!(told_after(moved_in.clone(), &stay_ended(OWN), &of_age), Told::Nothing);

    moved_in.payload["members"] = json!([BEN]);
    let child = Ties { minor: true, ..Ties::default() };
    for of_ben in [vec![(BEN, child)], vec![]] {
        let people = of_ben.into_iter().chain([(ANA, Ties::default())]).collect();
        let begun = [(stay_ended(OWN).id(), moved_in.clone())].into();
        let known = Known { begun, people, ..Known::default() };
        assert_eq!(system().told(&stay_ended(OWN), &known), Told::Nothing, "who moved in with her");
    }
}

#[test]
fn each_night_of_a_ledger_begins_by_itself_and_a_persons_record_begins_nothing() {
    let night = |kind: &'static str, sequence, night: &str| {
        saying((Context::Housing, "night_ledger", kind), sequence, json!({ "night": night }))
    };
    let ledger = [
        night("night_reserved", 1, "2024-01-27"),
        night("night_reserved", 2, "2025-01-27"),
        night("night_released", 3, "2025-01-27"),
        night("night_reserved", 4, "2025-01-27"),
        night("night_checked_in", 5, "2025-01-27"),
        night("night_checked_in", 6, "2024-01-27"),
    ];
    let begun = |number: usize| beginning(&ledger[number], &ledger).map(|event| event.sequence);
    assert_eq!([2, 4, 5].map(begun), [Some(2), Some(4), Some(1)]);
    let stay = [saying(MOVED_IN, 1, json!({})), stay_ended(OWN)];
    assert_eq!(beginning(&stay[1], &stay).map(|event| event.sequence), Some(1));
    let record = [saying(CORRECTED, 1, json!({})), saying(CORRECTED, 2, json!({}))];
    assert_eq!(beginning(&record[1], &record), None);
}

#[test]
fn of_public_things_of_another_body_a_system_gets_the_envelope_and_of_people_no_actor() {
    let mut opened = event(ANOTHER, Context::Housing, "facility", "facility_opened");
    opened.why.person = None;
    assert_eq!(system().told(&opened, &Known::default()), Told::Envelope);
    let envelope = as_told(opened.to_cloud_event(), Told::Envelope).unwrap();
    let fields: BTreeSet<&str> = envelope.as_object().unwrap().keys().map(|f| &**f).collect();
    assert_eq!(fields, ENVELOPE.into());
    let shared = as_told(stay_ended(ANOTHER).to_cloud_event(), Told::Shared).unwrap();
    assert_eq!(shared["data"]["destination"], "own_rent");
    assert!(INSIDE.iter().all(|field| shared.get(field).is_none()));
    assert!(as_told(opened.to_cloud_event(), Told::Nothing).is_none());
}

#[test]
fn every_type_that_is_named_here_is_one_of_the_log() {
    let types = event_types();
    let of = |kind: &str| types.iter().any(|(_, _, known)| *known == kind);
    assert!(NEVER.iter().all(|kind| of(kind)));
    for (context, kind, _) in CLASSES {
        assert!(types.iter().any(|(c, _, known)| (*c, *known) == (context, kind)), "{kind}");
    }
    for (context, aggregate) in PUBLIC {
        assert!(types.iter().any(|(c, a, _)| (*c, *a) == (context, aggregate)), "{aggregate}");
    }
}
