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
    given(vec![]).when(DeliveryCommand::Record(shower())).then_expect_events(delivered(shower()));
}

#[test]
fn people_whom_nobody_asked_for_a_name_are_counted_r1_i3() {
    for (people, fits) in [(0, false), (1, true), (10_000, true), (10_001, false)] {
        let counted = Given { recipient: Recipient::Anonymous(people), ..shower() };
        let asked = given(vec![]).when(DeliveryCommand::Record(counted));
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
        let asked = given(vec![]).when(DeliveryCommand::Record(timed));
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
        given(vec![]).when(DeliveryCommand::Record(counted)).then_expect_events(delivered(counted));
        let asked = given(vec![]).when(DeliveryCommand::Record(named));
        if confidential {
            asked.then_expect_error(Rejection::ConfidentialService);
        } else {
            asked.then_expect_events(delivered(named));
        }
    }
}

#[test]
fn minutes_and_outcome_may_be_left_out() {
    let plain = Given { minutes: None, outcome: None, ..shower() };
    given(vec![]).when(DeliveryCommand::Record(plain)).then_expect_events(delivered(plain));
}

#[test]
fn a_delivery_is_recorded_once() {
    let other = Given { minutes: None, ..shower() };
    let before = || delivered(shower());
    given(before()).when(DeliveryCommand::Record(shower())).then_expect_events(vec![]);
    given(before())
        .when(DeliveryCommand::Record(other))
        .then_expect_error(Rejection::AlreadyRecorded);
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
    let all = [people, minutes, confidential, Rejection::AlreadyRecorded, Rejection::NoSuchPerson];
    let codes = all.map(|refusal| refusal.code());
    let named = ["people", "minutes", "confidential_service", "already_recorded", "no_such_person"];
    assert_eq!(codes, named);
}
