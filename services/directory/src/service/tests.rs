use cqrs_es::test::{AggregateTestExecutor, TestFramework};
use time::macros::date;
use trama_events::Fact;
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_platform::log::Refusal;
use uuid::Uuid;

use super::*;

const HUB: ServiceId = ServiceId(Uuid::from_u128(1));
const CARITAS: OrganisationId = OrganisationId(Uuid::from_u128(2));
const DOOR: SiteId = SiteId(Uuid::from_u128(3));
const SECOND_DOOR: SiteId = SiteId(Uuid::from_u128(4));
const THIRD_DOOR: SiteId = SiteId(Uuid::from_u128(5));
const BARI: &str = "072006";
const CORATO: &str = "072020";
const JANUARY: Date = date!(2024 - 01 - 10);
const MARCH: Date = date!(2024 - 03 - 01);
const JUNE: Date = date!(2024 - 06 - 01);
const TODAY: Date = date!(2024 - 12 - 31);
const TOMORROW: Date = date!(2025 - 01 - 01);

fn given(events: Vec<ServiceEvent>) -> AggregateTestExecutor<Service> {
    TestFramework::with(()).given(events)
}

fn hub() -> Registration {
    Registration {
        service: HUB,
        organisation: CARITAS,
        name: "Centro servizi".to_owned(),
        service_type: ServiceType::Hub,
        ats: Ats::try_new("bari").unwrap(),
        municipality: Some(BARI.to_owned()),
        low_threshold: true,
    }
}

fn written(registration: Registration) -> ServiceEvent {
    let Registration {
        service,
        organisation,
        name,
        service_type,
        ats,
        municipality,
        low_threshold,
    } = registration;
    ServiceEvent::ServiceRegistered {
        service,
        organisation,
        name,
        service_type,
        ats,
        municipality,
        low_threshold,
    }
}

fn registered() -> Vec<ServiceEvent> {
    vec![written(hub())]
}

fn secret() -> Registration {
    let (ats, service_type) = (Ats::metro(), ServiceType::SecretShelter);
    Registration { service_type, ats, municipality: None, ..hub() }
}

fn and(events: &[ServiceEvent]) -> Vec<ServiceEvent> {
    [registered(), events.to_vec()].concat()
}

fn active(on: Date) -> ServiceEvent {
    ServiceEvent::ServiceActivated { on }
}

fn suspended(on: Date) -> ServiceEvent {
    ServiceEvent::ServiceSuspended { on }
}

fn closed(on: Date) -> ServiceEvent {
    ServiceEvent::ServiceClosed { on }
}

fn verified(on: Date) -> ServiceEvent {
    ServiceEvent::ServiceVerified { on }
}

fn places_set(places: u32, on: Date) -> ServiceEvent {
    ServiceEvent::ServicePlacesSet { places, on }
}

fn site_planned(planned_on: Option<Date>) -> ServiceEvent {
    ServiceEvent::SitePlanned { site: DOOR, municipality: BARI.to_owned(), planned_on }
}

fn site_opened(site: SiteId, on: Date) -> ServiceEvent {
    ServiceEvent::SiteOpened { site, municipality: BARI.to_owned(), on }
}

fn site_closed(site: SiteId, on: Date) -> ServiceEvent {
    ServiceEvent::SiteClosed { site, on }
}

fn register(registration: Registration) -> ServiceCommand {
    ServiceCommand::Register { registration, organisation_known: true }
}

fn activate(on: Date) -> ServiceCommand {
    ServiceCommand::Activate { on, today: TODAY }
}

fn suspend(on: Date) -> ServiceCommand {
    ServiceCommand::Suspend { on, today: TODAY }
}

fn close(on: Date) -> ServiceCommand {
    ServiceCommand::Close { on, today: TODAY }
}

fn verify(on: Date) -> ServiceCommand {
    ServiceCommand::Verify { on, today: TODAY }
}

fn set_places(places: u32, on: Date) -> ServiceCommand {
    ServiceCommand::SetPlaces { places, on, today: TODAY }
}

fn plan(municipality: &str, planned_on: Option<Date>) -> ServiceCommand {
    ServiceCommand::PlanSite { site: DOOR, municipality: municipality.to_owned(), planned_on }
}

fn open_in(municipality: &str, on: Date) -> ServiceCommand {
    ServiceCommand::OpenSite { site: DOOR, municipality: municipality.to_owned(), on, today: TODAY }
}

fn close_site(on: Date) -> ServiceCommand {
    ServiceCommand::CloseSite { site: DOOR, on, today: TODAY }
}

fn opening(weekday: u8, from_minute: u16, to_minute: u16) -> OpeningHours {
    OpeningHours { weekday, from_minute, to_minute }
}

fn open_at(hours: Vec<OpeningHours>) -> ServiceCommand {
    ServiceCommand::ChangeHours { hours }
}

#[test]
fn the_aggregate_is_named_as_its_events_say() {
    assert_eq!(Service::TYPE, ServiceEvent::AGGREGATE);
}

#[test]
fn a_service_is_registered_and_says_whether_its_threshold_is_low_r1() {
    given(vec![]).when(register(hub())).then_expect_events(registered());
}

#[test]
fn registering_again_is_nothing_new_and_with_other_facts_is_refused() {
    let spaced = Registration { name: " Centro servizi ".to_owned(), ..hub() };
    for same in [hub(), spaced] {
        given(registered()).when(register(same)).then_expect_events(vec![]);
    }
    for other in [
        Registration { name: "Stazione di posta".to_owned(), ..hub() },
        Registration { municipality: None, ..hub() },
        Registration { low_threshold: false, ..hub() },
    ] {
        given(registered()).when(register(other)).then_expect_error(Rejection::RegisteredOtherwise);
    }
}

#[test]
fn a_service_has_a_name_and_its_municipality_a_code() {
    let nameless = Registration { name: " ".to_owned(), ..hub() };
    given(vec![]).when(register(nameless)).then_expect_error(Rejection::Name);
    let wrong = Registration { municipality: Some("Bari".to_owned()), ..hub() };
    given(vec![]).when(register(wrong)).then_expect_error(Rejection::IstatCode);
    given(registered()).when(plan("Bari", None)).then_expect_error(Rejection::IstatCode);
}

#[test]
fn a_secret_shelter_has_no_ats_no_municipality_and_no_site() {
    given(vec![]).when(register(secret())).then_expect_events(vec![written(secret())]);
    let of_an_ats = Registration { ats: hub().ats, ..secret() };
    given(vec![]).when(register(of_an_ats)).then_expect_error(Rejection::SecretAts);
    let told = Registration { municipality: Some(BARI.to_owned()), ..secret() };
    given(vec![]).when(register(told)).then_expect_error(Rejection::Secret);
    for command in [plan(BARI, None), open_in(BARI, MARCH)] {
        given(vec![written(secret())]).when(command).then_expect_error(Rejection::Secret);
    }
}

#[test]
fn a_service_works_pauses_works_again_and_ends() {
    given(registered()).when(activate(JANUARY)).then_expect_events(vec![active(JANUARY)]);
    given(and(&[active(JANUARY)])).when(suspend(MARCH)).then_expect_events(vec![suspended(MARCH)]);
    let paused = || and(&[active(JANUARY), suspended(MARCH)]);
    given(paused()).when(activate(JUNE)).then_expect_events(vec![active(JUNE)]);
    given(paused()).when(close(JUNE)).then_expect_events(vec![closed(JUNE)]);
}

#[test]
fn each_step_counts_once_and_its_day_stays() {
    given(and(&[active(MARCH)])).when(activate(MARCH)).then_expect_events(vec![]);
    given(and(&[active(MARCH)]))
        .when(activate(JUNE))
        .then_expect_error(Rejection::AlreadyActive { since: MARCH });
    let paused = || and(&[active(JANUARY), suspended(MARCH)]);
    given(paused()).when(suspend(MARCH)).then_expect_events(vec![]);
    given(paused())
        .when(suspend(JUNE))
        .then_expect_error(Rejection::AlreadySuspended { since: MARCH });
    given(and(&[closed(MARCH)])).when(close(MARCH)).then_expect_events(vec![]);
    given(and(&[closed(MARCH)]))
        .when(close(JUNE))
        .then_expect_error(Rejection::Closed { on: MARCH });
}

#[test]
fn only_an_active_service_pauses() {
    given(registered()).when(suspend(MARCH)).then_expect_error(Rejection::NotActive);
}

#[test]
fn steps_are_recorded_in_order() {
    let refusal = || Rejection::OutOfOrder { last: MARCH };
    given(and(&[active(MARCH)])).when(suspend(JANUARY)).then_expect_error(refusal());
    given(and(&[active(MARCH)])).when(close(JANUARY)).then_expect_error(refusal());
    given(and(&[active(JANUARY), suspended(MARCH)]))
        .when(activate(JANUARY))
        .then_expect_error(refusal());
}

#[test]
fn nothing_happens_in_the_future() {
    for command in [
        activate(TOMORROW),
        close(TOMORROW),
        verify(TOMORROW),
        set_places(10, TOMORROW),
        open_in(BARI, TOMORROW),
    ] {
        given(registered()).when(command).then_expect_error(Rejection::InFuture);
    }
    given(and(&[active(MARCH), site_opened(DOOR, MARCH)]))
        .when(close_site(TOMORROW))
        .then_expect_error(Rejection::InFuture);
    given(and(&[active(MARCH)])).when(suspend(TOMORROW)).then_expect_error(Rejection::InFuture);
}

#[test]
fn what_is_written_is_verified_on_a_day_and_the_last_one_counts_r15() {
    given(registered()).when(verify(MARCH)).then_expect_events(vec![verified(MARCH)]);
    given(and(&[verified(MARCH)])).when(verify(JUNE)).then_expect_events(vec![verified(JUNE)]);
    given(and(&[verified(MARCH)])).when(verify(MARCH)).then_expect_events(vec![]);
    given(and(&[verified(MARCH)]))
        .when(verify(JANUARY))
        .then_expect_error(Rejection::VerifiedSince { last: MARCH });
    let mut service = Service::default();
    for event in and(&[verified(MARCH)]) {
        service.apply(event);
    }
    assert_eq!(service.standing(TODAY).verified_on, Some(MARCH));
}

#[test]
fn places_are_a_dated_series_r23() {
    let ten = || and(&[places_set(10, MARCH)]);
    given(registered()).when(set_places(10, MARCH)).then_expect_events(vec![places_set(10, MARCH)]);
    given(ten()).when(set_places(25, JUNE)).then_expect_events(vec![places_set(25, JUNE)]);
    given(ten()).when(set_places(12, MARCH)).then_expect_events(vec![places_set(12, MARCH)]);
    for on in [MARCH, JUNE] {
        given(ten()).when(set_places(10, on)).then_expect_events(vec![]);
    }
    given(ten())
        .when(set_places(10, JANUARY))
        .then_expect_error(Rejection::OutOfOrder { last: MARCH });
    given(ten())
        .when(set_places(rules::PLACES_MAX + 1, JUNE))
        .then_expect_error(Rejection::TooManyPlaces);
}

#[test]
fn opening_hours_are_kept_in_the_order_of_the_week_r41() {
    let [morning, evening, friday] =
        [opening(1, 480, 720), opening(1, 720, 1_440), opening(5, 0, 1)];
    let changed = ServiceEvent::OpeningHoursChanged { hours: vec![morning, evening, friday] };
    given(registered())
        .when(open_at(vec![friday, evening, morning]))
        .then_expect_events(vec![changed.clone()]);
    given(and(std::slice::from_ref(&changed)))
        .when(open_at(vec![evening, morning, friday]))
        .then_expect_events(vec![]);
    given(and(&[changed]))
        .when(open_at(vec![]))
        .then_expect_events(vec![ServiceEvent::OpeningHoursChanged { hours: vec![] }]);
}

#[test]
fn an_opening_time_lies_within_one_day_of_the_week() {
    for wrong in [
        opening(0, 480, 720),
        opening(8, 480, 720),
        opening(1, 720, 720),
        opening(1, 720, 480),
        opening(1, 1_380, 1_441),
    ] {
        given(registered())
            .when(open_at(vec![wrong]))
            .then_expect_error(Rejection::OpeningTime { weekday: wrong.weekday });
    }
}

#[test]
fn opening_times_of_a_day_do_not_overlap() {
    given(registered())
        .when(open_at(vec![opening(2, 700, 900), opening(2, 480, 701)]))
        .then_expect_error(Rejection::OpeningsOverlap { weekday: 2 });
    assert!(rules::week(vec![opening(2, 480, 900), opening(3, 480, 900)]).is_ok());
}

#[test]
fn a_week_has_at_most_forty_two_opening_times() {
    let week = |a_day: u16| -> Vec<OpeningHours> {
        let times = |day| (0..a_day).map(move |time| opening(day, time * 100, time * 100 + 50));
        (1..=7).flat_map(times).collect()
    };
    assert_eq!(rules::week(week(6)).unwrap().len(), rules::OPENINGS_MAX);
    given(registered()).when(open_at(week(7))).then_expect_error(Rejection::TooManyOpenings);
}

#[test]
fn a_hub_has_several_sites_also_planned_ones_r58() {
    given(registered())
        .when(plan(BARI, Some(JUNE)))
        .then_expect_events(vec![site_planned(Some(JUNE))]);
    let planned = || and(&[site_planned(Some(JUNE))]);
    given(planned()).when(plan(BARI, Some(JUNE))).then_expect_events(vec![]);
    given(planned()).when(plan(BARI, None)).then_expect_events(vec![site_planned(None)]);
    given(planned()).when(open_in(BARI, MARCH)).then_expect_events(vec![site_opened(DOOR, MARCH)]);
    given(and(&[site_opened(SECOND_DOOR, MARCH)]))
        .when(open_in(BARI, MARCH))
        .then_expect_events(vec![site_opened(DOOR, MARCH)]);
}

#[test]
fn a_site_stays_in_its_municipality() {
    for command in [plan(CORATO, None), open_in(CORATO, MARCH)] {
        given(and(&[site_planned(None)])).when(command).then_expect_error(Rejection::SiteElsewhere);
    }
}

#[test]
fn a_site_opens_and_closes_once_each() {
    let open = || and(&[site_opened(DOOR, MARCH)]);
    given(open()).when(open_in(BARI, MARCH)).then_expect_events(vec![]);
    for command in [open_in(BARI, JUNE), plan(BARI, None)] {
        given(open()).when(command).then_expect_error(Rejection::SiteIsOpen { since: MARCH });
    }
    given(open()).when(close_site(JUNE)).then_expect_events(vec![site_closed(DOOR, JUNE)]);
    given(open())
        .when(close_site(JANUARY))
        .then_expect_error(Rejection::OutOfOrder { last: MARCH });
}

#[test]
fn a_closed_site_stays_closed_until_it_opens_again() {
    let shut = || and(&[site_opened(DOOR, JANUARY), site_closed(DOOR, MARCH)]);
    given(shut()).when(close_site(MARCH)).then_expect_events(vec![]);
    for command in [close_site(JUNE), plan(BARI, None)] {
        given(shut()).when(command).then_expect_error(Rejection::SiteIsClosed { on: MARCH });
    }
    given(shut()).when(open_in(BARI, JUNE)).then_expect_events(vec![site_opened(DOOR, JUNE)]);
    given(shut())
        .when(open_in(BARI, JANUARY))
        .then_expect_error(Rejection::OutOfOrder { last: MARCH });
}

#[test]
fn only_an_open_site_closes() {
    given(registered()).when(close_site(JUNE)).then_expect_error(Rejection::NoSuchSite);
    given(and(&[site_planned(None)]))
        .when(close_site(JUNE))
        .then_expect_error(Rejection::SiteNotOpen);
}

#[test]
fn a_service_that_ends_closes_its_open_sites_i1() {
    let third = ServiceEvent::SitePlanned {
        site: THIRD_DOOR,
        municipality: BARI.to_owned(),
        planned_on: None,
    };
    let sites = [site_opened(DOOR, MARCH), site_opened(SECOND_DOOR, JANUARY), third];
    given(and(&sites)).when(close(JUNE)).then_expect_events(vec![
        site_closed(DOOR, JUNE),
        site_closed(SECOND_DOOR, JUNE),
        closed(JUNE),
    ]);
    given(and(&sites))
        .when(close(JANUARY))
        .then_expect_error(Rejection::OutOfOrder { last: MARCH });
}

fn every_later_command() -> Vec<ServiceCommand> {
    vec![
        activate(JUNE),
        suspend(JUNE),
        close(JUNE),
        verify(JUNE),
        set_places(10, JUNE),
        open_at(vec![]),
        plan(BARI, None),
        open_in(BARI, JUNE),
        close_site(JUNE),
        name(ANA, JUNE),
        ServiceCommand::EndResponsible { on: JUNE, today: TODAY },
    ]
}

const ANA: StaffId = StaffId(Uuid::from_u128(6));
const BEN: StaffId = StaffId(Uuid::from_u128(7));

fn name(staff: StaffId, on: Date) -> ServiceCommand {
    ServiceCommand::NameResponsible { staff, fits: true, on, today: TODAY }
}

fn named(staff: StaffId, on: Date) -> ServiceEvent {
    ServiceEvent::ServiceResponsibleNamed { staff, on }
}

#[test]
fn one_worker_who_acts_for_a_service_answers_for_it_until_another_is_named_or_it_ends() {
    given(registered()).when(name(ANA, MARCH)).then_expect_events(vec![named(ANA, MARCH)]);
    let with_ana = and(&[named(ANA, MARCH)]);
    given(with_ana.clone()).when(name(ANA, MARCH)).then_expect_events(vec![]);
    given(with_ana.clone()).when(name(BEN, JUNE)).then_expect_events(vec![named(BEN, JUNE)]);
    let stranger =
        ServiceCommand::NameResponsible { staff: BEN, fits: false, on: JUNE, today: TODAY };
    given(with_ana.clone()).when(stranger).then_expect_error(Rejection::CannotAnswer);
    let early = Rejection::OutOfOrder { last: MARCH };
    given(with_ana.clone()).when(name(BEN, JANUARY)).then_expect_error(early.clone());
    given(with_ana.clone()).when(name(BEN, TOMORROW)).then_expect_error(Rejection::InFuture);
    let end = |on| ServiceCommand::EndResponsible { on, today: TODAY };
    let ended = ServiceEvent::ServiceResponsibleEnded { on: JUNE };
    given(with_ana.clone()).when(end(JUNE)).then_expect_events(vec![ended.clone()]);
    given(with_ana.clone()).when(end(JANUARY)).then_expect_error(early);
    given(registered()).when(end(JUNE)).then_expect_error(Rejection::NobodyAnswers);
    let without = [with_ana, vec![ended]].concat();
    given(without.clone()).when(end(JUNE)).then_expect_events(vec![]);
    let mut service = Service::default();
    for event in without {
        service.apply(event);
    }
    assert_eq!(service.responsible(), None);
    service.apply(named(BEN, JUNE));
    assert_eq!(service.responsible(), Some(BEN));
}

#[test]
fn a_service_that_nobody_registered_is_refused() {
    for command in every_later_command() {
        given(vec![]).when(command).then_expect_error(Rejection::NoSuchService);
    }
}

#[test]
fn a_closed_service_does_not_change_any_more() {
    for command in every_later_command() {
        given(and(&[closed(MARCH)]))
            .when(command)
            .then_expect_error(Rejection::Closed { on: MARCH });
    }
}

#[test]
fn no_person_is_concerned_and_nothing_is_claimed() {
    let mut service = Service::default();
    assert_eq!(service.keeps(&written(hub())), []);
    service.apply(written(hub()));
    assert_eq!((service.person(), service.registered()), (None, Some(&hub())));
    let taken = Taken { guard: String::new(), key: String::new(), holder: HUB.0 };
    assert_eq!(service.taken(&taken), Rejection::RegisteredOtherwise);
}

#[test]
fn a_service_of_an_organisation_that_is_not_registered_is_refused() {
    let command = ServiceCommand::Register { registration: hub(), organisation_known: false };
    given(vec![]).when(command.clone()).then_expect_error(Rejection::UnknownOrganisation);
    given(registered()).when(command).then_expect_events(vec![]);
}

#[test]
fn a_service_is_stale_until_it_is_verified_and_again_after_half_a_year_r15() {
    assert!(rules::is_stale(None, TODAY));
    assert!(!rules::is_stale(Some(TODAY), TODAY));
    let verified = date!(2024 - 01 - 01);
    assert!(!rules::is_stale(Some(verified), date!(2024 - 06 - 28)));
    assert!(rules::is_stale(Some(verified), date!(2024 - 06 - 29)));
}

fn standing(events: Vec<ServiceEvent>) -> Standing {
    let mut service = Service::default();
    for event in events {
        service.apply(event);
    }
    service.standing(TODAY)
}

#[test]
fn a_service_shows_how_it_stands_r19_r58() {
    let shown = standing(registered());
    assert_eq!((shown.stage, shown.since, shown.stale), ("on_paper", None, true));
    for (event, stage) in [
        (ServiceEvent::ServiceActivated { on: MARCH }, "active"),
        (ServiceEvent::ServiceSuspended { on: MARCH }, "suspended"),
        (ServiceEvent::ServiceClosed { on: MARCH }, "closed"),
    ] {
        let shown = standing(and(&[event]));
        assert_eq!((shown.stage, shown.since), (stage, Some(MARCH)));
    }
    let municipality = BARI.to_owned();
    let planned = ServiceEvent::SitePlanned { site: THIRD_DOOR, municipality, planned_on: None };
    let (opened, second) = (site_opened(DOOR, JANUARY), site_opened(SECOND_DOOR, JANUARY));
    let shown = standing(and(&[opened, second, site_closed(SECOND_DOOR, MARCH), planned]));
    let sites: Vec<_> = shown.sites.iter().map(|s| (s.site, s.stage, s.on)).collect();
    let expected = [
        (DOOR, "open", Some(JANUARY)),
        (SECOND_DOOR, "closed", Some(MARCH)),
        (THIRD_DOOR, "planned", None),
    ];
    assert_eq!(sites, expected);
    assert!(shown.sites.iter().all(|site| site.municipality == BARI));
}

#[test]
fn nobody_sees_how_many_places_a_secret_shelter_has() {
    let places = ServiceEvent::ServicePlacesSet { places: 12, on: MARCH };
    assert_eq!(standing(and(std::slice::from_ref(&places))).places, Some(12));
    assert_eq!(standing(vec![written(secret()), places]).places, None);
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let all = [
        Rejection::NoSuchService,
        Rejection::RegisteredOtherwise,
        Rejection::UnknownOrganisation,
        Rejection::Name,
        Rejection::IstatCode,
        Rejection::Secret,
        Rejection::InFuture,
        Rejection::OutOfOrder { last: MARCH },
        Rejection::AlreadyActive { since: MARCH },
        Rejection::AlreadySuspended { since: MARCH },
        Rejection::NotActive,
        Rejection::Closed { on: MARCH },
        Rejection::VerifiedSince { last: MARCH },
        Rejection::TooManyPlaces,
        Rejection::CannotAnswer,
        Rejection::NobodyAnswers,
        Rejection::HerOwn,
        Rejection::TooManyOpenings,
        Rejection::OpeningTime { weekday: 8 },
        Rejection::OpeningsOverlap { weekday: 2 },
        Rejection::NoSuchSite,
        Rejection::SiteElsewhere,
        Rejection::SiteIsOpen { since: MARCH },
        Rejection::SiteNotOpen,
        Rejection::SiteIsClosed { on: MARCH },
    ];
    let mut codes: Vec<_> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
}
