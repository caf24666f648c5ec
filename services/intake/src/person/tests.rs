use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::{date, datetime};
use trama_events::Fact;
use trama_events::codes::Gender;
use trama_events::short_code::ShortCode;
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;

const ANA: PersonId = PersonId(Uuid::from_u128(1));
const BEN: PersonId = PersonId(Uuid::from_u128(2));
const STREET_UNIT: ServiceId = ServiceId(Uuid::from_u128(3));
const HUB: ServiceId = ServiceId(Uuid::from_u128(4));
const TODAY: Date = date!(2025 - 01 - 27);
const STP_ENDS: Date = date!(2025 - 07 - 27);
const AFTER_STP: Date = date!(2025 - 07 - 28);

fn ana() -> Registration {
    Registration {
        person: ANA,
        code: ShortCode::candidate(ANA.0, 0),
        status: IdentityStatus::Declared,
        service: HUB,
        birth_year: Some(1980),
        gender: Gender::Male,
        language: Some("ar".into()),
    }
}

fn nobody_asked() -> Registration {
    Registration {
        status: IdentityStatus::Anonymous,
        birth_year: None,
        gender: Gender::Unknown,
        language: None,
        ..ana()
    }
}

fn register(who: Registration) -> PersonCommand {
    PersonCommand::Register(Box::new(Register { who, alias_code: None, today: TODAY }))
}

fn register_as(alias_code: &str) -> PersonCommand {
    let alias_code = Some(alias_code.to_owned());
    PersonCommand::Register(Box::new(Register { who: ana(), alias_code, today: TODAY }))
}

fn registered_as(who: Registration) -> PersonEvent {
    let Registration { person, code, status, service, birth_year, gender, language } = who;
    PersonEvent::PersonRegistered { person, code, status, service, birth_year, gender, language }
}

fn given(events: Vec<PersonEvent>) -> AggregateTestExecutor<Person> {
    TestFramework::with(()).given(events)
}

fn registered_and(more: &[PersonEvent]) -> Vec<PersonEvent> {
    [vec![registered_as(ana())], more.to_vec()].concat()
}

fn registered() -> Vec<PersonEvent> {
    registered_and(&[])
}

fn replay(events: Vec<PersonEvent>) -> Person {
    let mut person = Person::default();
    for event in events {
        person.apply(event);
    }
    person
}

fn ethos(text: &str) -> Ethos {
    text.parse().unwrap()
}

fn alias(alias_code: &str) -> PersonCommand {
    PersonCommand::RecordAlias { service: STREET_UNIT, alias_code: alias_code.into() }
}

fn alias_recorded(alias_code: &str) -> PersonEvent {
    PersonEvent::AliasRecorded { service: STREET_UNIT, alias_code: alias_code.into() }
}

fn adding(kind: IdentifierKind, valid_to: Option<Date>) -> AddIdentifier {
    AddIdentifier { kind, valid_to, elsewhere: None, today: TODAY }
}

fn add(kind: IdentifierKind, valid_to: Option<Date>) -> PersonCommand {
    PersonCommand::AddIdentifier(adding(kind, valid_to))
}

fn added(kind: IdentifierKind, valid_to: Option<Date>) -> PersonEvent {
    PersonEvent::IdentifierAdded { kind, valid_to }
}

fn stp_added() -> PersonEvent {
    added(IdentifierKind::Stp, Some(STP_ENDS))
}

fn superseded(kind: IdentifierKind) -> PersonEvent {
    PersonEvent::IdentifierSuperseded { kind }
}

fn identified(lawful_stay: Option<bool>) -> PersonEvent {
    PersonEvent::PersonIdentified { lawful_stay }
}

fn slept(text: &str) -> PersonEvent {
    PersonEvent::HousingSituationRecorded { ethos: ethos(text) }
}

fn corrected(corrects: u32, text: &str) -> PersonEvent {
    PersonEvent::HousingSituationCorrected { corrects, ethos: ethos(text) }
}

fn correct(corrects: u32, text: &str) -> PersonCommand {
    PersonCommand::CorrectHousing { corrects, ethos: ethos(text) }
}

#[test]
fn the_log_and_the_aggregate_agree_on_the_type() {
    assert_eq!(Person::TYPE, PersonEvent::AGGREGATE);
}

#[test]
fn a_person_is_registered_with_what_she_says() {
    given(vec![]).when(register(ana())).then_expect_events(registered());
    assert_eq!(replay(registered()).person(), Some(ANA));
}

#[test]
fn identity_is_never_a_precondition_r1_r30() {
    let events = vec![registered_as(nobody_asked())];
    given(vec![]).when(register(nobody_asked())).then_expect_events(events);
}

#[test]
fn registering_again_is_nothing_also_with_the_next_candidate_code() {
    let next = ShortCode::candidate(ANA.0, 1);
    given(registered()).when(register(ana())).then_expect_events(vec![]);
    given(registered())
        .when(register(Registration { code: next, ..ana() }))
        .then_expect_events(vec![]);
}

#[test]
fn a_record_is_not_registered_again_as_somebody_else() {
    given(registered())
        .when(register(Registration { birth_year: Some(1981), ..ana() }))
        .then_expect_error(Rejection::AlreadyRegistered);
}

#[test]
fn a_short_code_means_one_record_for_ever_r31() {
    let code = ana().code.to_string();
    let kept = Person::default().keeps(&registered_as(ana()));
    assert_eq!(kept, [claim("short_code", code.clone())]);
    let taken = Taken { guard: "short_code".into(), key: code, holder: BEN.0 };
    assert_eq!(Person::default().taken(&taken), Rejection::CodeTaken);
}

#[test]
fn a_year_of_birth_is_1900_to_this_year() {
    for (year, fits) in [(1899, false), (1900, true), (2025, true), (2026, false)] {
        let who = Registration { birth_year: Some(year), ..ana() };
        let asked = given(vec![]).when(register(who.clone()));
        if fits {
            asked.then_expect_events(vec![registered_as(who)]);
        } else {
            asked.then_expect_error(Rejection::BirthYear);
        }
    }
}

#[test]
fn a_language_is_two_small_letters() {
    for wrong in ["", "i", "ita", "IT", "i1", "é"] {
        let who = Registration { language: Some(wrong.into()), ..ana() };
        given(vec![]).when(register(who)).then_expect_error(Rejection::Language);
        given(registered())
            .when(PersonCommand::GivePrivacyNotice { language: wrong.into(), anew: false })
            .then_expect_error(Rejection::Language);
    }
}

#[test]
fn a_record_that_nobody_opened_takes_no_command() {
    for command in [
        alias("UDS-1"),
        add(IdentifierKind::Doc, None),
        PersonCommand::ExpireIdentifier { kind: IdentifierKind::Stp, today: TODAY },
        PersonCommand::Identify { lawful_stay: None },
        PersonCommand::GivePrivacyNotice { language: "it".into(), anew: false },
        PersonCommand::RecordHousing { ethos: ethos("1.1") },
        correct(1, "1.1"),
        PersonCommand::ProgressEngagement { stage: EngagementStage::Seen, anew: false },
    ] {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchPerson);
    }
}

#[test]
fn a_unit_knows_a_person_under_an_alias_r1() {
    given(registered()).when(alias("UDS-1")).then_expect_events(vec![alias_recorded("UDS-1")]);
    given(registered_and(&[alias_recorded("UDS-1")]))
        .when(alias("UDS-1"))
        .then_expect_events(vec![]);
}

#[test]
fn an_alias_is_the_code_of_a_unit_and_a_number() {
    for fits in ["UDS-0142", "uds0142", "AB-1", "ABCD-123456"] {
        given(registered()).when(alias(fits)).then_expect_events(vec![alias_recorded(fits)]);
    }
    for wrong in
        ["", "UDS", "UDS-", "-1", "1", "A-1", "ABCDE-1", "UDS-1234567", "UDS--1", "UDS-1a", "ÀB-1"]
    {
        given(registered()).when(alias(wrong)).then_expect_error(Rejection::AliasCode);
    }
}

#[test]
fn no_tax_code_or_name_fits_an_alias() {
    for wrong in [
        "RSSMRA80A01A662X",
        "rssmra80a01a662x",
        "STP1234567890123",
        "12345678901",
        "Mario",
        "Rossi",
        "Mario Rossi",
        "mario-rossi",
        "mario-1980",
        "Rossi80",
        "3331234567",
    ] {
        given(registered()).when(alias(wrong)).then_expect_error(Rejection::AliasCode);
    }
}

#[test]
fn an_alias_is_unique_only_inside_one_unit() {
    let kept = Person::default().keeps(&alias_recorded("UDS-1"));
    let key = format!("{STREET_UNIT}/UDS-1");
    assert_eq!(kept, [claim("alias", key.clone())]);
    let taken = Taken { guard: "alias".into(), key, holder: BEN.0 };
    let refusal = Person::default().taken(&taken);
    assert_eq!(refusal, Rejection::AliasTaken);
    assert!(!refusal.to_string().contains(&BEN.to_string()), "whoever holds it may be hidden");
}

#[test]
fn a_service_registers_her_with_an_alias_or_not_at_all() {
    let alias = |alias_code: &str| PersonEvent::AliasRecorded {
        service: ana().service,
        alias_code: alias_code.into(),
    };
    let both = registered_and(&[alias("UDS-1")]);
    given(vec![]).when(register_as("UDS-1")).then_expect_events(both.clone());
    given(vec![]).when(register_as("mario")).then_expect_error(Rejection::AliasCode);
    given(both.clone()).when(register_as("UDS-1")).then_expect_events(vec![]);
    given(both.clone()).when(register(ana())).then_expect_events(vec![]);
    given(both).when(register_as("UDS-2")).then_expect_error(Rejection::AlreadyRegistered);
}

#[test]
fn an_identifier_is_added_once_and_renewed_by_a_new_end() {
    let renewed = date!(2025 - 07 - 20);
    given(registered())
        .when(add(IdentifierKind::Stp, Some(STP_ENDS)))
        .then_expect_events(vec![stp_added()]);
    given(registered_and(&[stp_added()]))
        .when(add(IdentifierKind::Stp, Some(STP_ENDS)))
        .then_expect_events(vec![]);
    given(registered_and(&[stp_added()]))
        .when(add(IdentifierKind::Stp, Some(renewed)))
        .then_expect_events(vec![added(IdentifierKind::Stp, Some(renewed))]);
}

#[test]
fn an_identifier_that_ran_out_is_not_added() {
    let yesterday = date!(2025 - 01 - 26);
    given(registered())
        .when(add(IdentifierKind::Doc, Some(yesterday)))
        .then_expect_error(Rejection::RanOut { valid_to: yesterday });
    given(registered())
        .when(add(IdentifierKind::Doc, Some(TODAY)))
        .then_expect_events(vec![added(IdentifierKind::Doc, Some(TODAY))]);
}

#[test]
fn an_stp_code_ends_within_six_months() {
    for valid_to in [None, Some(AFTER_STP)] {
        given(registered())
            .when(add(IdentifierKind::Stp, valid_to))
            .then_expect_error(Rejection::StpEnds);
        given(registered())
            .when(add(IdentifierKind::Eni, valid_to))
            .then_expect_events(vec![added(IdentifierKind::Eni, valid_to)]);
    }
}

#[test]
fn the_end_of_an_identifier_is_watched_from_midnight_in_rome_after_its_last_day() {
    let due_at = datetime!(2025-07-27 22:00 UTC);
    let kept = Person::default().keeps(&stp_added());
    assert_eq!(kept, [Keep::SetTimer { name: "stp_ends", due_at }]);
    let endless = Person::default().keeps(&added(IdentifierKind::Doc, None));
    assert_eq!(endless, [Keep::ClearTimer { name: "doc_ends" }]);
}

#[test]
fn every_kind_of_identifier_has_a_timer_of_its_own() {
    let kinds = [
        IdentifierKind::Cf,
        IdentifierKind::ProvisionalCf,
        IdentifierKind::Stp,
        IdentifierKind::Eni,
        IdentifierKind::Doc,
    ];
    for kind in kinds {
        assert_eq!(rules::kind_of(rules::timer(kind)), Some(kind));
    }
    assert_eq!(rules::kind_of("answer_by"), None);
}

#[test]
fn an_identifier_runs_out_after_its_last_day_once() {
    let expire = |today| PersonCommand::ExpireIdentifier { kind: IdentifierKind::Stp, today };
    let expired = PersonEvent::IdentifierExpired { kind: IdentifierKind::Stp };
    let with_stp = || registered_and(&[stp_added()]);
    given(with_stp()).when(expire(STP_ENDS)).then_expect_events(vec![]);
    given(with_stp()).when(expire(AFTER_STP)).then_expect_events(vec![expired.clone()]);
    given(registered_and(&[stp_added(), expired.clone()]))
        .when(expire(AFTER_STP))
        .then_expect_events(vec![]);
    assert_eq!(Person::default().keeps(&expired), [Keep::ClearTimer { name: "stp_ends" }]);
}

#[test]
fn a_renewed_identifier_does_not_run_out_on_the_day_of_the_first() {
    let renewed = added(IdentifierKind::Stp, Some(date!(2026 - 01 - 27)));
    given(registered_and(&[stp_added(), renewed]))
        .when(PersonCommand::ExpireIdentifier { kind: IdentifierKind::Stp, today: AFTER_STP })
        .then_expect_events(vec![]);
}

#[test]
fn an_identifier_without_an_end_never_runs_out() {
    given(registered_and(&[added(IdentifierKind::Doc, None)]))
        .when(PersonCommand::ExpireIdentifier { kind: IdentifierKind::Doc, today: AFTER_STP })
        .then_expect_events(vec![]);
}

#[test]
fn a_tax_code_supersedes_every_temporary_identifier_that_is_active() {
    let temporary = registered_and(&[
        added(IdentifierKind::ProvisionalCf, None),
        stp_added(),
        added(IdentifierKind::Doc, None),
    ]);
    given(temporary).when(add(IdentifierKind::Cf, None)).then_expect_events(vec![
        added(IdentifierKind::Cf, None),
        superseded(IdentifierKind::ProvisionalCf),
        superseded(IdentifierKind::Stp),
    ]);
    given(registered_and(&[added(IdentifierKind::Eni, None)]))
        .when(add(IdentifierKind::Cf, None))
        .then_expect_events(vec![added(IdentifierKind::Cf, None), superseded(IdentifierKind::Eni)]);
}

#[test]
fn a_superseded_identifier_raises_no_alert_story_a() {
    let clear = Keep::ClearTimer { name: "stp_ends" };
    assert_eq!(Person::default().keeps(&superseded(IdentifierKind::Stp)), [clear]);
    given(registered_and(&[stp_added(), superseded(IdentifierKind::Stp)]))
        .when(PersonCommand::ExpireIdentifier { kind: IdentifierKind::Stp, today: AFTER_STP })
        .then_expect_events(vec![]);
}

#[test]
fn a_provisional_tax_code_is_not_added_beside_the_final_one() {
    given(registered_and(&[added(IdentifierKind::Cf, None)]))
        .when(add(IdentifierKind::ProvisionalCf, None))
        .then_expect_error(Rejection::HasTaxCode);
}

#[test]
fn one_active_tax_code_means_one_person() {
    let elsewhere = |kind| {
        let add = AddIdentifier { elsewhere: Some(BEN), ..adding(kind, None) };
        PersonCommand::AddIdentifier(add)
    };
    given(registered())
        .when(elsewhere(IdentifierKind::Cf))
        .then_expect_error(Rejection::TaxCodeElsewhere { person: BEN });
    given(registered())
        .when(elsewhere(IdentifierKind::Doc))
        .then_expect_events(vec![added(IdentifierKind::Doc, None)]);
}

#[test]
fn a_lawful_stay_supersedes_the_stp_code_story_a() {
    given(registered_and(&[stp_added()]))
        .when(PersonCommand::Identify { lawful_stay: Some(true) })
        .then_expect_events(vec![identified(Some(true)), superseded(IdentifierKind::Stp)]);
}

#[test]
fn a_stay_that_is_not_lawful_or_not_known_leaves_the_stp_code() {
    for lawful_stay in [None, Some(false)] {
        given(registered_and(&[stp_added()]))
            .when(PersonCommand::Identify { lawful_stay })
            .then_expect_events(vec![identified(lawful_stay)]);
    }
}

#[test]
fn identifying_again_tells_only_what_is_new() {
    let known = || registered_and(&[identified(Some(false))]);
    for nothing_new in [None, Some(false)] {
        given(known())
            .when(PersonCommand::Identify { lawful_stay: nothing_new })
            .then_expect_events(vec![]);
    }
    given(known())
        .when(PersonCommand::Identify { lawful_stay: Some(true) })
        .then_expect_events(vec![identified(Some(true))]);
    given(registered_and(&[identified(Some(true)), stp_added()]))
        .when(PersonCommand::Identify { lawful_stay: Some(true) })
        .then_expect_events(vec![superseded(IdentifierKind::Stp)]);
}

#[test]
fn a_person_who_was_registered_from_a_document_is_identified() {
    let seen = Registration { status: IdentityStatus::Identified, ..ana() };
    let person = vec![registered_as(seen)];
    assert!(replay(person.clone()).identified);
    given(person.clone())
        .when(PersonCommand::Identify { lawful_stay: None })
        .then_expect_events(vec![]);
    given(person)
        .when(PersonCommand::Identify { lawful_stay: Some(true) })
        .then_expect_events(vec![identified(Some(true))]);
}

#[test]
fn what_was_told_of_the_stay_is_not_forgotten_when_nobody_asks_again() {
    let person = replay(registered_and(&[identified(Some(true)), identified(None)]));
    assert_eq!(person.lawful_stay, Some(true));
}

#[test]
fn the_privacy_notice_is_given_once_in_each_language() {
    let give = |language: &str| PersonCommand::GivePrivacyNotice {
        language: language.into(),
        anew: false,
    };
    let notice = |language: &str| PersonEvent::PrivacyNoticeGiven { language: language.to_owned() };
    given(registered()).when(give("ar")).then_expect_events(vec![notice("ar")]);
    given(registered_and(&[notice("ar")])).when(give("ar")).then_expect_events(vec![]);
    given(registered_and(&[notice("ar")])).when(give("it")).then_expect_events(vec![notice("it")]);
}

#[test]
fn where_she_sleeps_is_a_fact_each_time_she_is_seen_i10() {
    let record = PersonCommand::RecordHousing { ethos: ethos("1.1") };
    given(registered()).when(record.clone()).then_expect_events(vec![slept("1.1")]);
    given(registered_and(&[slept("1.1")])).when(record).then_expect_events(vec![slept("1.1")]);
}

#[test]
fn a_correction_names_the_entry_that_was_wrong_and_both_stay_visible_i10() {
    let recorded = registered_and(&[slept("1.1")]);
    given(recorded.clone()).when(correct(2, "8.1")).then_expect_events(vec![corrected(2, "8.1")]);
    let person = replay([recorded, vec![corrected(2, "8.1")]].concat());
    let entry = |text, corrected_to| HousingEntry { ethos: ethos(text), corrected_to };
    assert_eq!(person.housing[&2], entry("1.1", Some(ethos("8.1"))));
    assert_eq!(person.housing[&3], entry("8.1", None));
}

#[test]
fn only_an_entry_on_housing_of_this_record_is_corrected() {
    for corrects in [0, 1, 3] {
        given(registered_and(&[slept("1.1")]))
            .when(correct(corrects, "8.1"))
            .then_expect_error(Rejection::NoSuchEntry { corrects });
    }
}

#[test]
fn an_entry_is_corrected_once_and_then_the_correction_can_be() {
    let wrong_twice = || registered_and(&[slept("1.1"), corrected(2, "8.1")]);
    given(wrong_twice()).when(correct(2, "8.1")).then_expect_events(vec![]);
    given(wrong_twice())
        .when(correct(2, "9.1"))
        .then_expect_error(Rejection::CorrectedBefore { corrects: 2 });
    given(wrong_twice()).when(correct(3, "9.1")).then_expect_events(vec![corrected(3, "9.1")]);
}

#[test]
fn an_entry_that_says_so_already_is_not_corrected() {
    given(registered_and(&[slept("1.1")]))
        .when(correct(2, "1.1"))
        .then_expect_error(Rejection::NothingToCorrect);
}

#[test]
fn engagement_is_optional_and_moves_both_ways_r42() {
    let stage = |stage| PersonCommand::ProgressEngagement { stage, anew: false };
    let reached = |stage| PersonEvent::EngagementProgressed { stage };
    let talking = || registered_and(&[reached(EngagementStage::Talking)]);
    given(talking()).when(stage(EngagementStage::Talking)).then_expect_events(vec![]);
    for next in [EngagementStage::Seen, EngagementStage::AcceptsReferral] {
        given(talking()).when(stage(next)).then_expect_events(vec![reached(next)]);
    }
}

#[test]
fn what_each_worker_says_of_one_who_is_not_to_be_found_stands_until_that_is_lifted() {
    let [sara, dina] = ["sara", "dina"].map(|worker| StaffId::derived(&[worker]));
    let hidden = |said_by| PersonEvent::NotToBeFoundDeclared { said_by };
    let lifted = |said_by| PersonEvent::NotToBeFoundLifted { said_by };
    let hide = |said_by| PersonCommand::Hide { said_by };
    let reveal =
        |said_by: &[StaffId]| PersonCommand::Reveal { said_by: said_by.iter().copied().collect() };
    given(vec![]).when(hide(sara)).then_expect_error(Rejection::NoSuchPerson);
    for (before, hides, reveals) in [
        (vec![], vec![hidden(sara)], vec![]),
        (vec![hidden(dina)], vec![hidden(sara)], vec![]),
        (vec![hidden(sara), hidden(dina)], vec![], vec![lifted(sara)]),
        (vec![hidden(sara), lifted(sara)], vec![hidden(sara)], vec![]),
    ] {
        given(registered_and(&before)).when(hide(sara)).then_expect_events(hides);
        given(registered_and(&before)).when(reveal(&[sara])).then_expect_events(reveals);
    }
    let mut person = Person::default();
    for event in registered_and(&[hidden(sara), hidden(dina), lifted(dina)]) {
        person.apply(event);
    }
    assert_eq!(person.hidden_by, [sara].into(), "he hid her too, and lifts what he said");
}

#[test]
fn only_codes_aliases_and_identifiers_are_kept_beside_the_facts() {
    for event in [
        identified(None),
        PersonEvent::PrivacyNoticeGiven { language: "it".into() },
        slept("1.1"),
        corrected(2, "8.1"),
        PersonEvent::EngagementProgressed { stage: EngagementStage::Seen },
        PersonEvent::NotToBeFoundDeclared { said_by: StaffId::derived(&["sara"]) },
        PersonEvent::NotToBeFoundLifted { said_by: StaffId::derived(&["sara"]) },
    ] {
        assert_eq!(Person::default().keeps(&event), []);
    }
}

#[test]
fn what_was_moved_away_is_recorded_anew() {
    let stage = EngagementStage::Talking;
    let (language, reached) = ("it".to_owned(), PersonEvent::EngagementProgressed { stage });
    let given_notice = PersonEvent::PrivacyNoticeGiven { language: language.clone() };
    given(registered_and(std::slice::from_ref(&reached)))
        .when(PersonCommand::ProgressEngagement { stage, anew: true })
        .then_expect_events(vec![reached]);
    given(registered_and(std::slice::from_ref(&given_notice)))
        .when(PersonCommand::GivePrivacyNotice { language, anew: true })
        .then_expect_events(vec![given_notice]);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchPerson,
        Rejection::AlreadyRegistered,
        Rejection::CodeTaken,
        Rejection::BirthYear,
        Rejection::Language,
        Rejection::AliasCode,
        Rejection::AliasTaken,
        Rejection::RanOut { valid_to: TODAY },
        Rejection::StpEnds,
        Rejection::HasTaxCode,
        Rejection::TaxCodeElsewhere { person: BEN },
        Rejection::NoSuchEntry { corrects: 1 },
        Rejection::CorrectedBefore { corrects: 1 },
        Rejection::NothingToCorrect,
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
