use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use trama_events::Fact;
use uuid::Uuid;

use super::*;

const CARITAS: OrganisationId = OrganisationId(Uuid::from_u128(1));

fn given(events: Vec<OrganisationEvent>) -> AggregateTestExecutor<Organisation> {
    TestFramework::with(()).given(events)
}

fn caritas(name: &str) -> Registration {
    Registration {
        organisation: CARITAS,
        name: name.to_owned(),
        kind: OrganisationKind::ThirdSector,
        ats: Ats::try_new("bari").unwrap(),
    }
}

fn registered() -> OrganisationEvent {
    registered_as(OrganisationKind::ThirdSector)
}

fn registered_as(kind: OrganisationKind) -> OrganisationEvent {
    let Registration { organisation, name, ats, .. } = caritas("Caritas");
    OrganisationEvent::OrganisationRegistered { organisation, name, kind, ats }
}

fn renamed() -> OrganisationEvent {
    OrganisationEvent::OrganisationRenamed { name: "Caritas Bari".to_owned() }
}

fn register(name: &str) -> OrganisationCommand {
    OrganisationCommand::Register(caritas(name))
}

fn rename(name: &str) -> OrganisationCommand {
    OrganisationCommand::Rename { name: name.to_owned() }
}

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(Organisation::TYPE, OrganisationEvent::AGGREGATE);
}

#[test]
fn public_bodies_and_the_third_sector_join_alike_r3() {
    for kind in [OrganisationKind::ThirdSector, OrganisationKind::Municipality] {
        let registration = Registration { kind, ..caritas(" Caritas ") };
        given(vec![])
            .when(OrganisationCommand::Register(registration))
            .then_expect_events(vec![registered_as(kind)]);
    }
}

#[test]
fn registering_again_is_nothing_new_even_after_a_new_name() {
    given(vec![registered()]).when(register("Caritas")).then_expect_events(vec![]);
    for name in ["Caritas", "Caritas Bari"] {
        given(vec![registered(), renamed()]).when(register(name)).then_expect_events(vec![]);
    }
}

#[test]
fn registering_again_with_other_facts_is_refused() {
    for other in [
        caritas("Croce Rossa"),
        Registration { kind: OrganisationKind::Labour, ..caritas("Caritas") },
        Registration { ats: Ats::try_new("corato").unwrap(), ..caritas("Caritas") },
    ] {
        given(vec![registered()])
            .when(OrganisationCommand::Register(other))
            .then_expect_error(Rejection::RegisteredOtherwise);
    }
}

#[test]
fn an_organisation_gets_another_name_once() {
    given(vec![registered()]).when(rename("Caritas Bari")).then_expect_events(vec![renamed()]);
    given(vec![registered(), renamed()]).when(rename("Caritas Bari")).then_expect_events(vec![]);
    given(vec![]).when(rename("Caritas")).then_expect_error(Rejection::NoSuchOrganisation);
}

#[test]
fn a_name_has_one_to_two_hundred_characters() {
    given(vec![]).when(register(" ")).then_expect_error(Rejection::Name);
    given(vec![registered()]).when(rename(&"a".repeat(201))).then_expect_error(Rejection::Name);
}

#[test]
fn no_person_is_concerned_and_nothing_is_claimed() {
    let mut organisation = Organisation::default();
    assert_eq!(organisation.keeps(&registered()), []);
    organisation.apply(registered());
    assert_eq!(organisation.person(), None);
    let taken = Taken { guard: String::new(), key: String::new(), holder: CARITAS.0 };
    assert_eq!(organisation.taken(&taken), Rejection::RegisteredOtherwise);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [Rejection::NoSuchOrganisation, Rejection::RegisteredOtherwise, Rejection::Name];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
