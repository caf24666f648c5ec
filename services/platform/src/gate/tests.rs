use std::collections::BTreeSet;
use std::path::PathBuf;

use jsonwebtoken::jwk::JwkSet;
use time::Duration;
use trama_events::codes::{Role, Section};
use trama_events::ids::{Ats, MembershipId, OrganisationId, ServiceId, StaffId};
use trama_permit::{Figure, Guard, Relation};

use super::*;
use crate::access::{AccessReader, Between as Time, Decision, Page, Row, Rule};
use crate::clock::random_id;
use crate::private::PrivateServers;
use crate::ties::{Bodies, Finding};

mod taking;

const DOOR: Action =
    Action { name: "test.door", roles: &[Role::InfoDesk], why: "a test", second_factor: false };
const SURE: Action = Action { second_factor: true, ..DOOR };

/// A gate on servers of its own that are gone when it is dropped.
struct House {
    private: Option<PrivateServers>,
    dir: PathBuf,
    gate: Gate,
    log: AccessReader,
}

/// The same between everybody.
struct Told(Ties);

impl Acquaintance for Told {
    fn between<'a>(&'a self, _: Between<'a>) -> Finding<'a> {
        Box::pin(async { Ok(self.0.clone()) })
    }

    fn confidential_bodies(&self) -> Bodies<'_> {
        Box::pin(async { Ok(BTreeSet::new()) })
    }
}

impl House {
    async fn open(ties: Ties) -> Self {
        Self::asking(Arc::new(Told(ties))).await
    }

    async fn asking(ties: Arc<dyn Acquaintance>) -> Self {
        let dir = std::env::temp_dir().join(format!("trama-gate-{}", random_id().simple()));
        crate::cluster::lay_out(&dir).await;
        let private = PrivateServers::start(&dir).await.unwrap();
        let servers = private.servers();
        let gate = Gate::new(Guards {
            keys: Keys::try_new("urn:test", "trama", &JwkSet { keys: Vec::new() }).unwrap(),
            clock: Clock::Real,
            staff: Staff::fixed(vec![doras_desk()]),
            policies: Arc::new(Policies::load().unwrap()),
            ties,
            access: AccessLog::open(&servers),
        });
        Self { private: Some(private), dir, gate, log: AccessReader::open(&servers) }
    }

    fn reader(&self, caller: Caller) -> Reader {
        Reader::new(self.gate.clone(), caller, DOOR)
    }

    /// What is recorded of everybody here, the newest first.
    async fn recorded(&self) -> Vec<Row> {
        let (from, to) = (real_now() - Duration::HOUR, real_now() + Duration::HOUR);
        let page = Page { after: None, limit: 100 };
        self.log.by_staff(dora().staff, Time { from, to }, page).await.unwrap().items
    }
}

impl Drop for House {
    fn drop(&mut self) {
        drop(self.private.take());
        // A directory that stays behind is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

fn dora() -> Caller {
    Caller {
        staff: StaffId::derived(&["dora"]),
        membership: MembershipId::derived(&["dora"]),
        organisation: OrganisationId::derived(&["comune"]),
        ats: Ats::try_new("bari").unwrap(),
        role: Role::InfoDesk,
        services: vec![desk()],
        purpose: Purpose::Care,
        stated: None,
        second_factor: true,
        session: "session".into(),
        request_id: "request".into(),
        let_in_until: OffsetDateTime::UNIX_EPOCH,
        surname: None,
    }
}

/// The one membership that the directory knows.
fn doras_desk() -> Membership {
    let Caller { staff, membership, organisation, ats, role, services, .. } = dora();
    Membership { membership, staff, organisation, ats, role, services }
}

fn desk() -> ServiceId {
    ServiceId::derived(&["desk"])
}

fn ana() -> PersonId {
    PersonId::derived(&["ana"])
}

const BY_OTHERS: Known = Known { own_record: false, sealed_by: None };
const BY_US: Known = Known { own_record: true, sealed_by: None };

async fn writes(reader: &Reader, known: Option<Known>, section: Section) -> u16 {
    let answer = reader.writes(ana(), known, &BTreeSet::from([section])).await;
    answer.map_or_else(|problem| problem.status, |()| 200)
}

#[tokio::test]
async fn what_needs_a_second_factor_is_refused_without_and_the_refusal_is_written_down_c8() {
    let house = House::open(Ties::default()).await;
    let unsure = Caller { second_factor: false, ..dora() };
    let refused = house.gate.may(&unsure, &SURE).await.unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (403, "second_factor_needed"));
    assert!(house.gate.may(&unsure, &DOOR).await.is_ok());
    assert!(house.gate.may(&dora(), &SURE).await.is_ok());
    let recorded = house.recorded().await;
    let recorded: Vec<_> = recorded.iter().map(|row| (row.door.as_str(), row.decision)).collect();
    assert_eq!(recorded, [("test.door", Decision::Denied)]);
}

#[tokio::test]
async fn who_may_not_write_gets_the_answer_of_who_does_not_exist_and_it_is_written_down_v16() {
    let house = House::open(Ties::default()).await;
    let reader = house.reader(dora());
    let both = BTreeSet::from([Section::Identity, Section::Diary]);
    let refused = reader.writes(ana(), Some(BY_OTHERS), &both).await.unwrap_err();
    let nobody = reader.writes(ana(), None, &BTreeSet::from([Section::Identity])).await;
    assert_eq!(refused, nobody.unwrap_err());
    assert_eq!(refused.status, 404);
    assert_eq!(writes(&reader, Some(BY_OTHERS), Section::Identity).await, 200);
    let recorded = house.recorded().await;
    let sections: Vec<_> = recorded.iter().map(|row| row.sections.join(" ")).collect();
    assert_eq!(sections, ["write identity", "write identity diary"]);
    assert_eq!(recorded[1].policies, ["intake.desk_never"]);
}

#[tokio::test]
async fn who_registered_a_person_writes_before_a_read_model_knows_of_it() {
    let house = House::open(Ties { minor: true, ..Ties::default() }).await;
    let reader = house.reader(dora());
    assert_eq!(writes(&reader, Some(BY_OTHERS), Section::Identity).await, 404, "a child is sealed");
    assert_eq!(writes(&reader, Some(BY_US), Section::Identity).await, 200);
    assert_eq!(writes(&reader, Some(BY_US), Section::Means).await, 404, "not what is hers later");
    assert!(reader.open(ana(), &[Section::Identity]).await.is_err(), "and reads nothing by it");
}

#[tokio::test]
async fn a_pseudonym_is_written_by_its_own_service_and_by_nobody_else_c2() {
    let house = House::open(Ties::default()).await;
    let reader = house.reader(dora());
    let of = |service| Some(Known { own_record: true, sealed_by: Some(service) });
    let another = ServiceId::derived(&["shelter"]);
    assert_eq!(writes(&reader, of(another), Section::Alias).await, 404);
    assert_eq!(writes(&reader, of(desk()), Section::Alias).await, 200);
    for section in [Section::Identity, Section::Contact, Section::Address, Section::Status] {
        assert_eq!(writes(&reader, of(desk()), section).await, 404, "{section:?} would join");
    }
}

#[tokio::test]
async fn by_break_glass_or_for_planning_nobody_writes_c9() {
    let forced = Ties { forced: vec![Section::Safety], ..Ties::default() };
    let house = House::open(Ties { guard: guest(), ..forced }).await;
    let reader = house.reader(dora());
    assert_eq!(writes(&reader, Some(BY_OTHERS), Section::Safety).await, 404);
    let in_charge = Ties { relations: vec![Relation::CaseManager], ..Ties::default() };
    let house = House::open(in_charge).await;
    let planning = Caller { purpose: Purpose::Planning, role: Role::CaseManager, ..dora() };
    assert_eq!(writes(&house.reader(planning), Some(BY_US), Section::Needs).await, 404);
}

fn guest() -> trama_permit::Guard {
    trama_permit::Guard::Guarded { keeper: None }
}

#[tokio::test]
async fn small_cells_and_other_workers_figures_are_refused_and_that_is_written_down() {
    let house = House::open(Ties::default()).await;
    let of = |worker, small_cells_hidden| Figure { worker, small_cells_hidden };
    let plans = house.reader(Caller { role: Role::PlanOffice, ..dora() });
    assert!(plans.may_see(&of(None, true)).await.is_ok());
    let refused = plans.may_see(&of(None, false)).await.unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (403, "figure_may_not"));
    let desk = house.reader(dora());
    assert!(desk.may_see(&of(Some(dora().staff), false)).await.is_ok());
    assert!(desk.may_see(&of(Some(StaffId::derived(&["ben"])), true)).await.is_err());
    let recorded = house.recorded().await;
    let recorded: Vec<_> = recorded.iter().map(|row| row.policies.join(" ")).collect();
    assert_eq!(recorded, ["projections.no_worker_is_measured", "projections.small_cells"]);
}

#[tokio::test]
async fn who_is_appointed_and_acts_in_another_role_is_no_guardian() {
    let ties = Ties { minor: true, relations: vec![Relation::Guardian], ..Ties::default() };
    let house = House::open(ties).await;
    let stated = Caller { stated: Some(Purpose::Care), ..dora() };
    let refused = house.reader(stated).open(ana(), &[Section::Identity]).await.unwrap_err();
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn a_record_of_ones_own_service_is_explained_by_a_relation_that_holds_and_by_nothing_else_t1()
{
    let explained = async |ties: Ties, role| {
        let house = House::open(ties).await;
        let reader = house.reader(Caller { role, ..dora() });
        reader.own(ana(), Section::Housing).await.unwrap();
        reader.listed([ana()], Section::Requests).await.unwrap();
        let recorded = house.recorded().await;
        let told: Vec<_> =
            recorded.iter().map(|row| (row.listed, row.decision, row.explained)).collect();
        let allowed = Decision::Allowed;
        assert_eq!(
            told.iter().map(|told| (told.0, told.1)).collect::<Vec<_>>(),
            [(true, allowed), (false, allowed)]
        );
        assert_eq!(told[0].2, told[1].2, "a list as one record");
        told[0].2
    };
    for relation in
        [Relation::Stay, Relation::CaseTeam, Relation::ReferralReceived, Relation::OwnRecord]
    {
        let ties = Ties { relations: vec![relation], ..Ties::default() };
        assert!(explained(ties, Role::InfoDesk).await, "{relation:?}");
    }
    assert!(!explained(Ties::default(), Role::InfoDesk).await);
    assert!(
        explained(Ties::default(), Role::Auditor).await,
        "who controls has to do with everybody"
    );
}

#[tokio::test]
async fn no_case_fires_for_a_record_of_ones_own_service_without_a_relation_t1() {
    for (relations, found) in [(vec![], 1), (vec![Relation::Stay], 0)] {
        let house = House::open(Ties { relations, ..Ties::default() }).await;
        house.reader(dora()).own(ana(), Section::Housing).await.unwrap();
        let time = Time { from: real_now() - Duration::HOUR, to: real_now() + Duration::HOUR };
        let unusual = house.log.unusual(time, Page { after: None, limit: 100 }).await.unwrap();
        let no_case = unusual.items.iter().filter(|finding| finding.rule == Rule::NoCase);
        assert_eq!(no_case.count(), found);
    }
}

#[tokio::test]
async fn a_record_of_another_service_is_refused_as_one_that_is_not_there_and_both_are_written_down()
{
    let house = House::open(Ties::default()).await;
    let reader = house.reader(dora());
    let refused = reader.not_own(Some(ana()), Section::Housing).await;
    assert_eq!(refused, reader.not_own(None, Section::Housing).await);
    assert_eq!(refused.status, 404);
    let recorded = house.recorded().await;
    let told: Vec<_> = recorded.iter().map(|row| (row.person, row.decision)).collect();
    assert_eq!(told, [(None, Decision::Denied), (Some(ana()), Decision::Denied)]);
}

#[tokio::test]
async fn a_membership_that_ended_is_not_kept_by_another_one_like_it_c7() {
    let house = House::open(Ties::default()).await;
    assert!(house.reader(dora()).still_acts());
    let ended = Caller { membership: MembershipId::derived(&["ended"]), ..dora() };
    assert!(!house.reader(ended).still_acts(), "same role, ATS, body and services");
    let moved = Caller { services: vec![ServiceId::derived(&["shelter"])], ..dora() };
    assert!(!house.reader(moved).still_acts(), "for other services now");
}
