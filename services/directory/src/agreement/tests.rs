use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;

const HOLDER: OrganisationId = OrganisationId(Uuid::from_u128(1));
const READER: OrganisationId = OrganisationId(Uuid::from_u128(2));
const FROM: Date = date!(2025 - 01 - 15);
const BEFORE: Date = date!(2025 - 01 - 14);
const TODAY: Date = date!(2025 - 02 - 01);
const TOMORROW: Date = date!(2025 - 02 - 02);

fn given(events: Vec<AgreementEvent>) -> AggregateTestExecutor<Agreement> {
    TestFramework::with(()).given(events)
}

fn terms() -> Terms {
    Terms {
        agreement: AgreementId(Uuid::from_u128(3)),
        holder: HOLDER,
        readers: vec![READER],
        sections: vec![Section::Housing, Section::Project],
        purpose: Purpose::Care,
        from: FROM,
        until: None,
    }
}

fn sign(terms: Terms) -> AgreementCommand {
    AgreementCommand::Sign { terms, bodies_known: true, today: TODAY }
}

fn signed(terms: Terms) -> AgreementEvent {
    let Terms { agreement, holder, readers, sections, purpose, from, until } = terms;
    AgreementEvent::AgreementSigned { agreement, holder, readers, sections, purpose, from, until }
}

fn end(on: Date) -> AgreementCommand {
    AgreementCommand::End { on, today: TODAY }
}

const ENDED: AgreementEvent = AgreementEvent::AgreementEnded { on: TODAY };

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(Agreement::TYPE, AgreementEvent::AGGREGATE);
}

#[test]
fn bodies_agree_on_sections_for_a_purpose_and_the_same_again_is_nothing_new() {
    given(vec![]).when(sign(terms())).then_expect_events(vec![signed(terms())]);
    given(vec![signed(terms())]).when(sign(terms())).then_expect_events(vec![]);
    let other = Terms { purpose: Purpose::Emergency, ..terms() };
    given(vec![signed(terms())]).when(sign(other)).then_expect_error(Rejection::SignedOtherwise);
    given(vec![signed(terms()), ENDED])
        .when(sign(terms()))
        .then_expect_error(Rejection::SignedOtherwise);
}

#[test]
fn nobody_agrees_with_herself_with_nobody_or_with_a_stranger() {
    for (readers, why) in [
        (vec![HOLDER], Rejection::HolderReads),
        (vec![READER, HOLDER], Rejection::HolderReads),
        (vec![], Rejection::Readers),
        (vec![READER, READER], Rejection::Readers),
        ((2..67).map(|n| OrganisationId(Uuid::from_u128(n))).collect(), Rejection::Readers),
    ] {
        given(vec![]).when(sign(Terms { readers, ..terms() })).then_expect_error(why);
    }
    let most = (2..66).map(|n| OrganisationId(Uuid::from_u128(n))).collect();
    let most = Terms { readers: most, ..terms() };
    given(vec![]).when(sign(most.clone())).then_expect_events(vec![signed(most)]);
    let unknown = AgreementCommand::Sign { terms: terms(), bodies_known: false, today: TODAY };
    given(vec![]).when(unknown).then_expect_error(Rejection::UnknownBody);
}

#[test]
fn no_agreement_opens_what_only_its_keeper_may_c2_c3() {
    for section in rules::NEVER {
        let closed = Terms { sections: vec![Section::Housing, section], ..terms() };
        given(vec![]).when(sign(closed)).then_expect_error(Rejection::NeverOpened { section });
    }
    assert!(
        Rejection::NeverOpened { section: Section::SecretAddress }
            .to_string()
            .starts_with("no agreement between bodies opens secret_address")
    );
    for sections in [vec![], vec![Section::Housing, Section::Housing]] {
        given(vec![])
            .when(sign(Terms { sections, ..terms() }))
            .then_expect_error(Rejection::Sections);
    }
}

#[test]
fn an_agreement_that_would_be_over_is_not_signed() {
    for (from, until) in [(FROM, BEFORE), (FROM, FROM), (TOMORROW, TODAY)] {
        let over = Terms { from, until: Some(until), ..terms() };
        given(vec![]).when(sign(over)).then_expect_error(Rejection::Days);
    }
    let last_day = Terms { until: Some(TODAY), ..terms() };
    given(vec![]).when(sign(last_day.clone())).then_expect_events(vec![signed(last_day)]);
}

#[test]
fn an_agreement_ends_once_between_its_first_day_and_today() {
    given(vec![signed(terms())]).when(end(TODAY)).then_expect_events(vec![ENDED]);
    given(vec![signed(terms()), ENDED]).when(end(TODAY)).then_expect_events(vec![]);
    given(vec![signed(terms()), ENDED])
        .when(end(FROM))
        .then_expect_error(Rejection::EndedOtherwise { ended: TODAY });
    given(vec![signed(terms())])
        .when(end(BEFORE))
        .then_expect_error(Rejection::EndBeforeStart { started: FROM });
    given(vec![signed(terms())]).when(end(TOMORROW)).then_expect_error(Rejection::InFuture);
    let past = Terms { until: Some(FROM), ..terms() };
    given(vec![signed(past)]).when(end(TODAY)).then_expect_error(Rejection::Over { until: FROM });
    given(vec![]).when(end(TODAY)).then_expect_error(Rejection::NoSuchAgreement);
}

#[test]
fn an_agreement_that_did_not_begin_is_called_off() {
    let coming = Terms { from: TOMORROW, ..terms() };
    given(vec![signed(coming)]).when(end(TODAY)).then_expect_events(vec![ENDED]);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchAgreement,
        Rejection::SignedOtherwise,
        Rejection::UnknownBody,
        Rejection::Readers,
        Rejection::HolderReads,
        Rejection::Sections,
        Rejection::NeverOpened { section: Section::Reporter },
        Rejection::Days,
        Rejection::InFuture,
        Rejection::EndBeforeStart { started: FROM },
        Rejection::Over { until: FROM },
        Rejection::EndedOtherwise { ended: TODAY },
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
