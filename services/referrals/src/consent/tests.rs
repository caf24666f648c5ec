use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use trama_events::Fact;
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;

const CONSENT: ConsentId = ConsentId(Uuid::from_u128(1));
const ANA: PersonId = PersonId(Uuid::from_u128(2));
const COMUNE: OrganisationId = OrganisationId(Uuid::from_u128(3));
const AGREEMENT: AgreementId = AgreementId(Uuid::from_u128(4));
const WITHDRAWN: ConsentEvent = ConsentEvent::ConsentWithdrawn {};
const IN_PATH: ConsentEvent = ConsentEvent::ExternalPathShared { state: ExternalState::InPath };
const SHARE: ConsentCommand =
    ConsentCommand::ShareExternalPath { state: Some(ExternalState::InPath) };

fn given(events: Vec<ConsentEvent>) -> AggregateTestExecutor<Consent> {
    TestFramework::with(()).given(events)
}

fn terms() -> Terms {
    Terms { consent: CONSENT, person: ANA, scope: ConsentScope::ExternalPath, to: None }
}

fn give(terms: Terms) -> ConsentCommand {
    ConsentCommand::Give { terms, person_known: true, body_known: true }
}

fn agreed(terms: Terms) -> ConsentEvent {
    let Terms { consent, person, scope, to } = terms;
    ConsentEvent::ConsentGiven { consent, person, scope, to }
}

fn record(agreed: bool) -> ConsentCommand {
    ConsentCommand::RecordHealthAgreement {
        person: ANA,
        person_known: true,
        agreement: AGREEMENT,
        is_party: true,
        agreed,
    }
}

fn recorded(agreed: bool) -> ConsentEvent {
    ConsentEvent::HealthAgreementRecorded { person: ANA, agreement: AGREEMENT, agreed }
}

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(Consent::TYPE, ConsentEvent::AGGREGATE);
}

#[test]
fn she_agrees_to_one_thing_towards_one_body_or_the_whole_network() {
    given(vec![]).when(give(terms())).then_expect_events(vec![agreed(terms())]);
    given(vec![agreed(terms())]).when(give(terms())).then_expect_events(vec![]);
    let other = Terms { to: Some(COMUNE), ..terms() };
    given(vec![]).when(give(other)).then_expect_events(vec![agreed(other)]);
    given(vec![agreed(terms())]).when(give(other)).then_expect_error(Rejection::IdInUse);
    given(vec![recorded(true)]).when(give(other)).then_expect_error(Rejection::IdInUse);
}

#[test]
fn nothing_is_recorded_of_who_or_towards_whom_nobody_knows() {
    let unknown = |person_known, body_known| ConsentCommand::Give {
        terms: terms(),
        person_known,
        body_known,
    };
    given(vec![]).when(unknown(false, true)).then_expect_error(Rejection::UnknownPerson);
    given(vec![]).when(unknown(true, false)).then_expect_error(Rejection::UnknownBody);
}

#[test]
fn a_withdrawn_consent_shows_nothing_new_and_stays_a_fact() {
    given(vec![agreed(terms())]).when(ConsentCommand::Withdraw).then_expect_events(vec![WITHDRAWN]);
    let withdrawn = vec![agreed(terms()), IN_PATH, WITHDRAWN];
    given(withdrawn.clone()).when(ConsentCommand::Withdraw).then_expect_events(vec![]);
    given(withdrawn.clone()).when(SHARE).then_expect_error(Rejection::Withdrawn);
    given(withdrawn).when(give(terms())).then_expect_error(Rejection::IdInUse);
    for events in [vec![], vec![recorded(true)]] {
        given(events).when(ConsentCommand::Withdraw).then_expect_error(Rejection::NoSuchConsent);
    }
}

#[test]
fn an_external_path_is_shared_by_a_consent_to_it_alone_c2() {
    given(vec![agreed(terms())]).when(SHARE).then_expect_events(vec![IN_PATH]);
    given(vec![agreed(terms()), IN_PATH]).when(SHARE).then_expect_events(vec![]);
    let closed = ConsentCommand::ShareExternalPath { state: Some(ExternalState::Closed) };
    given(vec![agreed(terms()), IN_PATH]).when(closed).then_expect_events(vec![
        ConsentEvent::ExternalPathShared { state: ExternalState::Closed },
    ]);
    let no_slip = ConsentCommand::ShareExternalPath { state: None };
    given(vec![agreed(terms())]).when(no_slip).then_expect_error(Rejection::NotASlip);
    for scope in [ConsentScope::Csm, ConsentScope::Labour, ConsentScope::Volunteers] {
        given(vec![agreed(Terms { scope, ..terms() })])
            .when(SHARE)
            .then_expect_error(Rejection::OtherScope);
    }
    for events in [vec![], vec![recorded(true)]] {
        given(events).when(SHARE).then_expect_error(Rejection::NoSuchConsent);
    }
}

#[test]
fn a_health_service_agrees_or_not_on_a_standing_agreement_and_its_last_word_counts_r80() {
    given(vec![]).when(record(false)).then_expect_events(vec![recorded(false)]);
    given(vec![recorded(false)]).when(record(true)).then_expect_events(vec![recorded(true)]);
    given(vec![recorded(true)]).when(record(true)).then_expect_events(vec![]);
    given(vec![agreed(terms())]).when(record(true)).then_expect_error(Rejection::IdInUse);
    let with = |person_known, is_party| ConsentCommand::RecordHealthAgreement {
        person: ANA,
        person_known,
        agreement: AGREEMENT,
        is_party,
        agreed: true,
    };
    given(vec![]).when(with(false, true)).then_expect_error(Rejection::UnknownPerson);
    given(vec![]).when(with(true, false)).then_expect_error(Rejection::NoStandingAgreement);
}

#[test]
fn one_consent_of_a_kind_is_given_at_a_time() {
    let consent = Consent::default();
    let claimed = |towards: &str| {
        let key = format!("{ANA}/external_path/{towards}");
        vec![Keep::Claim { guard: GIVEN, key, during: During::ALWAYS }]
    };
    assert_eq!(consent.keeps(&agreed(terms())), claimed("network"));
    let other = Terms { to: Some(COMUNE), ..terms() };
    assert_eq!(consent.keeps(&agreed(other)), claimed(&COMUNE.to_string()));
    let given_up = Keep::Release { guard: GIVEN, key: None, during: None };
    assert_eq!(consent.keeps(&WITHDRAWN), [given_up]);
    assert_eq!(consent.keeps(&IN_PATH), []);
    assert_eq!(consent.keeps(&recorded(true)), []);
    let taken = Taken { guard: GIVEN.into(), key: String::new(), holder: CONSENT.0 };
    assert_eq!(consent.taken(&taken), Rejection::GivenAlready { consent: CONSENT });
}

#[test]
fn what_she_agreed_to_concerns_her() {
    let person = |events: &[ConsentEvent]| {
        let mut consent = Consent::default();
        events.iter().cloned().for_each(|event| consent.apply(event));
        consent.person()
    };
    assert_eq!(person(&[]), None);
    assert_eq!(person(&[agreed(terms()), WITHDRAWN]), Some(ANA));
    assert_eq!(person(&[recorded(true)]), Some(ANA));
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchConsent,
        Rejection::UnknownPerson,
        Rejection::UnknownBody,
        Rejection::IdInUse,
        Rejection::GivenAlready { consent: CONSENT },
        Rejection::Withdrawn,
        Rejection::OtherScope,
        Rejection::NotASlip,
        Rejection::NoStandingAgreement,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
