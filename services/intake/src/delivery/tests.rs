use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use trama_events::Fact;
use uuid::Uuid;

use super::*;

const DELIVERY: DeliveryId = DeliveryId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const HUB: ServiceId = ServiceId(Uuid::from_u128(3));

fn shower() -> Given {
    Given {
        delivery: DELIVERY,
        service: HUB,
        service_type: ServiceType::ShowerLaundry,
        recipient: Recipient::Person(ANA),
        minutes: Some(20),
        outcome: Some(DeliveryOutcome::Done),
    }
}

/// Recorded by a hub.
fn record(given: Given) -> DeliveryCommand {
    record_by(Some(ServiceType::Hub), given)
}

fn record_by(by: Option<ServiceType>, given: Given) -> DeliveryCommand {
    DeliveryCommand::Record { given, by }
}

fn delivered(given: Given) -> Vec<DeliveryEvent> {
    let Given { delivery, service, service_type, recipient, minutes, outcome } = given;
    vec![DeliveryEvent::ServiceDelivered {
        delivery,
        service,
        service_type,
        recipient,
        minutes,
        outcome,
    }]
}

fn given(events: Vec<DeliveryEvent>) -> AggregateTestExecutor<Delivery> {
    TestFramework::with(()).given(events)
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Delivery::TYPE, DeliveryEvent::AGGREGATE);
}

#[test]
fn each_use_of_a_hub_is_something_given_r9() {
    given(vec![]).when(record(shower())).then_expect_events(delivered(shower()));
}

#[test]
fn people_whom_nobody_asked_for_a_name_are_counted_r1_i3() {
    for (people, fits) in [(0, false), (1, true), (10_000, true), (10_001, false)] {
        let counted = Given { recipient: Recipient::Anonymous(people), ..shower() };
        let asked = given(vec![]).when(record(counted));
        if fits {
            asked.then_expect_events(delivered(counted));
        } else {
            asked.then_expect_error(Rejection::People { people });
        }
    }
}

#[test]
fn minutes_of_work_are_one_to_a_whole_day() {
    for (minutes, fits) in [(0, false), (1, true), (1_440, true), (1_441, false)] {
        let timed = Given { minutes: Some(minutes), ..shower() };
        let asked = given(vec![]).when(record(timed));
        if fits {
            asked.then_expect_events(delivered(timed));
        } else {
            asked.then_expect_error(Rejection::Minutes { minutes });
        }
    }
}

#[test]
fn a_confidential_service_gives_to_people_without_a_name() {
    for (service_type, confidential) in [
        (ServiceType::Serd, true),
        (ServiceType::AntiViolenceCentre, true),
        (ServiceType::SecretShelter, true),
        (ServiceType::Csm, false),
    ] {
        let named = Given { service_type, ..shower() };
        let counted = Given { recipient: Recipient::Anonymous(3), ..named };
        let by = Some(service_type);
        given(vec![]).when(record_by(by, counted)).then_expect_events(delivered(counted));
        let asked = given(vec![]).when(record_by(by, named));
        if confidential {
            asked.then_expect_error(Rejection::ConfidentialService);
            // Nor under the name of something else.
            given(vec![])
                .when(record_by(by, shower()))
                .then_expect_error(Rejection::ConfidentialService);
        } else {
            asked.then_expect_events(delivered(named));
        }
    }
}

#[test]
fn a_service_gives_what_it_is_there_for_and_an_open_door_gives_anything() {
    use ServiceType as T;
    for (by, service_type, gives) in [
        (T::ShowerLaundry, T::ShowerLaundry, true),
        (T::Clothing, T::ShowerLaundry, false),
        (T::InfoDesk, T::ShowerLaundry, false),
        (T::Hub, T::ShowerLaundry, true),
        (T::Outreach, T::Clothing, true),
        (T::FrontOffice, T::Legal, true),
        (T::AdultDayCentre, T::Psychology, true),
        (T::Pis, T::Mediation, true),
        (T::Hub, T::Serd, false),
        (T::Serd, T::Clothing, false),
    ] {
        let recipient = Recipient::Anonymous(3);
        let counted = Given { service_type, recipient, ..shower() };
        let asked = given(vec![]).when(record_by(Some(by), counted));
        if gives {
            asked.then_expect_events(delivered(counted));
        } else {
            asked.then_expect_error(Rejection::NotGivenThere { service_type });
        }
    }
}

#[test]
fn a_service_that_gives_is_in_the_directory_and_a_repeat_is_nothing() {
    given(vec![]).when(record_by(None, shower())).then_expect_error(Rejection::UnknownService);
    given(delivered(shower())).when(record_by(None, shower())).then_expect_events(vec![]);
}

#[test]
fn minutes_and_outcome_may_be_left_out() {
    let plain = Given { minutes: None, outcome: None, ..shower() };
    given(vec![]).when(record(plain)).then_expect_events(delivered(plain));
}

#[test]
fn a_delivery_is_recorded_once() {
    let other = Given { minutes: None, ..shower() };
    let before = || delivered(shower());
    given(before()).when(record(shower())).then_expect_events(vec![]);
    given(before()).when(record(other)).then_expect_error(Rejection::AlreadyRecorded);
}

#[test]
fn a_delivery_concerns_its_person_if_there_is_one() {
    let anonymous = Given { recipient: Recipient::Anonymous(12), ..shower() };
    for (given, person) in [(shower(), Some(ANA)), (anonymous, None)] {
        let mut delivery = Delivery::default();
        for event in delivered(given) {
            delivery.apply(event);
        }
        assert_eq!(delivery.person(), person);
    }
}

#[test]
fn every_refusal_has_a_code_and_says_the_bounds() {
    let (people, minutes) = (Rejection::People { people: 0 }, Rejection::Minutes { minutes: 0 });
    assert_eq!(people.to_string(), "one record counts 1 to 10000 people: 0 is outside");
    assert!(minutes.to_string().contains("1 to 1440 minutes"));
    let confidential = Rejection::ConfidentialService;
    assert_eq!(confidential.code(), "confidential_service");
    let elsewhere = Rejection::NotGivenThere { service_type: ServiceType::Clothing };
    assert!(elsewhere.to_string().starts_with("this service does not give clothing:"));
    let all = [
        people,
        minutes,
        confidential,
        elsewhere,
        Rejection::UnknownService,
        Rejection::AlreadyRecorded,
        Rejection::NoSuchPerson,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
