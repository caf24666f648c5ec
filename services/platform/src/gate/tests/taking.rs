use std::collections::BTreeMap;

use trama_events::codes::Role;
use trama_events::ids::{PersonId, StaffId};

use super::*;
use crate::ties::{FindingGround, Ground};

/// How she has to do with each person, and on what else she may bring one in.
#[derive(Default)]
struct Network {
    ties: BTreeMap<PersonId, Ties>,
    ground: Ground,
}

impl Acquaintance for Network {
    fn between<'a>(&'a self, asked: Between<'a>) -> Finding<'a> {
        let told = self.ties.get(&asked.person).cloned().unwrap_or_default();
        let ties = match told.records.as_slice() {
            [] => Ties { records: vec![asked.person], ..told },
            [_, ..] => told,
        };
        Box::pin(async { Ok(ties) })
    }

    fn ground<'a>(&'a self, _: Between<'a>, _: &'a [PersonId]) -> FindingGround<'a> {
        Box::pin(async { Ok(self.ground.clone()) })
    }

    fn confidential_bodies(&self) -> Bodies<'_> {
        Box::pin(async { Ok(BTreeSet::new()) })
    }
}

fn mother() -> PersonId {
    PersonId::derived(&["mother"])
}

fn child() -> Ties {
    Ties { minor: true, registered: true, ..Ties::default() }
}

fn related(relation: Relation) -> Ties {
    Ties { relations: vec![relation], ..Ties::default() }
}

/// A gate that knows these two, and that the child lives with her mother, with whom somebody else
/// gave the worker to do.
async fn family(child: Ties, mothers: Ties) -> House {
    family_given(child, mothers, [mother()].into()).await
}

async fn family_given(child: Ties, mothers: Ties, given: BTreeSet<PersonId>) -> House {
    let ties = [(ana(), child), (mother(), mothers)].into();
    let ground = Ground { fellows: vec![mother()], given, ..Ground::default() };
    House::asking(Arc::new(Network { ties, ground })).await
}

fn as_a(role: Role) -> Caller {
    Caller { role, ..dora() }
}

async fn takes_on(house: &House, role: Role) -> bool {
    house.reader(as_a(role)).may_take_on(ana(), true).await.unwrap()
}

#[tokio::test]
async fn nobody_gets_a_relation_to_a_hidden_person_by_taking_her_on_threat_2() {
    let guest = Ties { guard: Guard::Guarded { keeper: None }, ..Ties::default() };
    let pseudonym = Ties { sealed_by: Some(ServiceId::derived(&["serd"])), ..Ties::default() };
    for hidden in [guest.clone(), pseudonym] {
        let house = House::open(hidden).await;
        assert!(!takes_on(&house, Role::InfoDesk).await);
        assert_eq!(house.recorded().await.len(), 1, "the refusal is written down");
    }
    let in_charge = Ties { relations: vec![Relation::CaseTeam], ..guest };
    for open in [Ties::default(), in_charge] {
        assert!(takes_on(&House::open(open).await, Role::InfoDesk).await);
    }
}

#[tokio::test]
async fn nobody_makes_herself_a_relation_of_a_child_c5() {
    for ties in [child(), Ties { relations: vec![Relation::OwnRecord], ..child() }] {
        let house = House::open(ties).await;
        for role in [Role::CaseManager, Role::InfoDesk, Role::FacilityOperator] {
            assert!(!takes_on(&house, role).await, "{role}: having written of her once is none");
        }
        assert_eq!(house.recorded().await.len(), 3, "each refusal is written down");
    }
}

#[tokio::test]
async fn a_child_is_taken_on_by_who_has_to_do_with_her_or_works_with_children() {
    for relation in [Relation::CaseTeam, Relation::ReferralReceived, Relation::Stay] {
        let house = House::open(Ties { relations: vec![relation], ..child() }).await;
        assert!(takes_on(&house, Role::CaseManager).await, "{relation:?}");
    }
    let house = House::open(child()).await;
    for role in [Role::MinorsWorker, Role::EmergencyWorker] {
        assert!(takes_on(&house, role).await, "{role}");
    }
    let ground = Ground { here: true, ..Ground::default() };
    let registered = House::asking(Arc::new(Network { ties: [(ana(), child())].into(), ground }));
    assert!(
        takes_on(&registered.await, Role::FacilityOperator).await,
        "her service registered her"
    );
}

#[tokio::test]
async fn the_case_manager_of_a_mother_takes_on_the_child_who_others_wrote_lives_with_her() {
    let house = family(child(), related(Relation::CaseManager)).await;
    assert!(takes_on(&house, Role::CaseManager).await);
    for mothers in [Ties::default(), related(Relation::OwnRecord)] {
        let house = family(child(), mothers).await;
        assert!(!takes_on(&house, Role::CaseManager).await);
    }
}

#[tokio::test]
async fn a_case_of_the_mother_that_she_opened_herself_is_no_way_to_the_child_c5_threat_2() {
    for relation in [Relation::CaseManager, Relation::ReferralSent, Relation::Stay] {
        let house = family_given(child(), related(relation), BTreeSet::new()).await;
        assert!(!takes_on(&house, Role::CaseManager).await, "{relation:?}");
        assert_eq!(house.recorded().await.len(), 1, "the refusal is written down");
    }
}

#[tokio::test]
async fn a_child_comes_with_the_mother_whom_the_writer_of_the_household_has_in_care_c5() {
    let mothers = || [mother()].into();
    for (given, cared, may) in [
        (mothers(), BTreeSet::new(), true),
        (BTreeSet::new(), mothers(), true),
        (BTreeSet::new(), BTreeSet::new(), false),
    ] {
        let ties = [(ana(), child())].into();
        let ground = Ground { fellows: vec![mother()], given, cared, ..Ground::default() };
        let house = House::asking(Arc::new(Network { ties, ground })).await;
        let reader = house.reader(as_a(Role::FacilityOperator));
        assert_eq!(reader.may_take_on_with(ana(), true, Some(mother())).await.unwrap(), may);
        let stranger = PersonId::derived(&["stranger"]);
        assert!(!reader.may_take_on_with(ana(), true, Some(stranger)).await.unwrap());
    }
}

#[tokio::test]
async fn who_has_the_father_in_charge_does_not_reach_a_child_in_hiding_threat_2() {
    let guarded = |ties| Ties { guard: Guard::Guarded { keeper: None }, ..ties };
    let house = family(guarded(child()), related(Relation::CaseManager)).await;
    assert!(!takes_on(&house, Role::CaseManager).await, "the parent is not in hiding");
    let by = |worker: &str, ties: Ties| {
        let said_by = [StaffId::derived(&[worker])].into();
        Ties { hidden_by: [(ana(), said_by)].into(), ..guarded(ties) }
    };
    let hides_him = by("of the father", related(Relation::CaseManager));
    let house = family(by("of the mother", child()), hides_him).await;
    assert!(!takes_on(&house, Role::CaseManager).await, "hiding the father is no way to the child");
    let both = |ties| {
        let said_by = ["one", "of the father"].map(|worker| StaffId::derived(&[worker])).into();
        Ties { hidden_by: [(ana(), said_by)].into(), ..guarded(ties) }
    };
    let house = family(both(child()), by("of the father", related(Relation::CaseManager))).await;
    assert!(!takes_on(&house, Role::CaseManager).await, "nor hiding the child too");
    let house = family(by("one", child()), both(related(Relation::CaseManager))).await;
    assert!(takes_on(&house, Role::CaseManager).await, "a colleague hides the mother too");
    let house = family(by("one", child()), by("one", related(Relation::CaseManager))).await;
    assert!(takes_on(&house, Role::CaseManager).await, "the two are hidden together");
    let kept = |by: &str, ties| {
        let keeper = Some(OrganisationId::derived(&[by]));
        Ties { guard: Guard::Guarded { keeper }, ..ties }
    };
    for (by, may) in [("house", true), ("another house", false)] {
        let received = kept(by, related(Relation::ReferralReceived));
        let house = family(kept("house", child()), received).await;
        let takes_on = takes_on(&house, Role::FacilityOperator).await;
        assert_eq!(takes_on, may, "who receives the mother in {by}");
    }
    let received = guarded(related(Relation::ReferralReceived));
    let house = family(guarded(child()), received).await;
    assert!(!takes_on(&house, Role::FacilityOperator).await, "nobody knows which house");
    let ground = Ground { here: true, ..Ground::default() };
    let ties = [(ana(), guarded(child()))].into();
    let house = House::asking(Arc::new(Network { ties, ground })).await;
    assert!(!takes_on(&house, Role::FacilityOperator).await, "who registered her before");
}

#[tokio::test]
async fn who_may_not_be_taken_on_and_who_does_not_exist_are_written_down_alike_v16() {
    let house = family(child(), Ties::default()).await;
    let reader = house.reader(as_a(Role::CaseManager));
    assert!(!reader.may_take_on(ana(), true).await.unwrap());
    let nobody = PersonId::derived(&["nobody"]);
    assert!(!reader.may_take_on(nobody, false).await.unwrap());
    let recorded = house.recorded().await;
    let told: Vec<_> = recorded.iter().map(|row| (row.person, row.sections.join(" "))).collect();
    assert_eq!(told, [(Some(nobody), "write".to_owned()), (Some(ana()), "write".to_owned())]);
}

const OPEN: Option<Known> = Some(Known { own_record: false, sealed_by: None });

#[tokio::test]
async fn who_names_somebody_in_a_household_has_to_do_with_her_or_with_another_of_it() {
    let house = family(child(), related(Relation::CaseManager)).await;
    let reader = house.reader(as_a(Role::CaseManager));
    assert!(reader.may_name(ana(), OPEN, &[mother()]).await.unwrap());
    assert!(reader.may_name(mother(), OPEN, &[]).await.unwrap());
    assert!(!reader.may_name(ana(), OPEN, &[]).await.unwrap());
    assert!(!reader.may_name(ana(), None, &[mother()]).await.unwrap(), "nobody registered her");
    assert!(reader.may_name(ana(), Some(BY_US), &[]).await.unwrap(), "registered this moment");
    assert_eq!(house.recorded().await.len(), 2, "the refusals are written down");
    assert!(!takes_on(&family(child(), Ties::default()).await, Role::CaseManager).await);
}

#[tokio::test]
async fn a_person_in_hiding_is_named_in_no_household_by_who_has_to_do_with_another_threat_2() {
    let guarded = Ties { guard: Guard::Guarded { keeper: None }, ..Ties::default() };
    let pseudonym = Ties { sealed_by: Some(ServiceId::derived(&["serd"])), ..Ties::default() };
    for hidden in [guarded, pseudonym] {
        let house = family(hidden, related(Relation::CaseManager)).await;
        let reader = house.reader(as_a(Role::CaseManager));
        assert!(!reader.may_name(ana(), OPEN, &[mother()]).await.unwrap());
    }
}

#[tokio::test]
async fn who_accompanies_her_hides_her_and_everybody_lifts_what_she_said_herself_threat_2() {
    let other = StaffId::derived(&["another"]);
    let hers = PersonId::derived(&["her other record"]);
    let (own, both) = ([dora().staff], [dora().staff, other]);
    let by = |workers: &[StaffId], ties| Ties {
        guard: Guard::Guarded { keeper: None },
        hidden_by: [(ana(), workers.iter().copied().collect())].into(),
        ..ties
    };
    let given = |ties| Ties { given: [ana()].into(), ..ties };
    let team = || related(Relation::CaseTeam);
    for (ties, mothers, hides, lifts) in [
        (Ties::default(), None, false, &[][..]),
        (related(Relation::OwnRecord), None, false, &[]),
        (related(Relation::ReferralSent), None, false, &[]),
        (team(), None, true, &[]),
        (by(&[other], related(Relation::OwnRecord)), None, false, &[]),
        (by(&[other], team()), None, true, &[]),
        // Whoever hides her again lifts what he says himself, and she stays hidden.
        (by(&both, team()), None, true, &own),
        (by(&both, Ties::default()), None, false, &own),
        (given(by(&both, team())), None, true, &both),
        (given(by(&both, Ties::default())), None, false, &own),
        (child(), Some(related(Relation::CaseManager)), true, &[]),
        // By the mother a child is hidden too; what others said of it she lifts by the mother never.
        (by(&[other], child()), Some(by(&both, given(related(Relation::CaseManager)))), true, &[]),
        (by(&both, child()), Some(by(&own, given(related(Relation::CaseManager)))), false, &own),
        (by(&[other], child()), Some(related(Relation::CaseManager)), false, &[]),
    ] {
        let others = if mothers.is_some() { vec![mother()] } else { vec![] };
        let house = family(ties.clone(), mothers.unwrap_or_default()).await;
        let reader = house.reader(as_a(Role::CaseManager));
        let may_hide = reader.may_hide(ana(), OPEN, &others).await.unwrap();
        assert_eq!(may_hide.is_some(), hides, "{ties:?}");
        let lifted = reader.may_reveal(ana(), OPEN).await.unwrap();
        let expected: Option<BTreeSet<StaffId>> =
            (!lifts.is_empty()).then(|| lifts.iter().copied().collect());
        assert_eq!(lifted.and_then(|mut lifted| lifted.remove(&ana())), expected, "{ties:?}");
        let refused = usize::from(!hides) + usize::from(lifts.is_empty());
        assert_eq!(house.recorded().await.len(), refused, "{ties:?}");
    }
    // A record that is linked with hers, and was given to him, lifts nothing of hers.
    for (of_given, of_hers, lifted) in [(&own[..], &both[..], &own[..]), (&both, &[other], &[])] {
        let words = |workers: &[StaffId]| workers.iter().copied().collect::<BTreeSet<StaffId>>();
        let ties = Ties {
            hidden_by: [(hers, words(of_given)), (ana(), words(of_hers))].into(),
            given: [hers].into(),
            ..by(&both, team())
        };
        let house = family(ties, Ties::default()).await;
        let reader = house.reader(as_a(Role::CaseManager));
        let lifts = reader.may_reveal(ana(), OPEN).await.unwrap().unwrap();
        let lifted = (!lifted.is_empty()).then(|| words(lifted));
        assert_eq!(lifts.get(&ana()), lifted.as_ref());
    }
    let house = family(child(), related(Relation::OwnRecord)).await;
    let reader = house.reader(as_a(Role::CaseManager));
    assert_eq!(reader.may_hide(ana(), OPEN, &[mother()]).await.unwrap(), None, "met her once");
    assert_eq!(reader.may_hide(ana(), None, &[]).await.unwrap(), None, "nobody registered her");
}

#[tokio::test]
async fn an_adult_is_hidden_by_her_household_only_where_others_wrote_it_threat_2() {
    for (fellows, may) in [(vec![mother()], true), (vec![], false)] {
        let known = [(ana(), Ties::default()), (mother(), related(Relation::CaseManager))];
        let ground = Ground { fellows, ..Ground::default() };
        let house = House::asking(Arc::new(Network { ties: known.into(), ground })).await;
        let reader = house.reader(as_a(Role::CaseManager));
        let hides = reader.may_hide(ana(), OPEN, &[mother()]).await.unwrap().is_some();
        assert_eq!(hides, may);
        assert_eq!(house.recorded().await.len(), usize::from(!may));
    }
}

#[tokio::test]
async fn records_of_who_is_hidden_are_parted_by_who_may_lift_what_hides_them_threat_2() {
    let another = StaffId::derived(&["another"]);
    let hers = PersonId::derived(&["her other record"]);
    let words = |workers: &[StaffId]| workers.iter().copied().collect::<BTreeSet<StaffId>>();
    let own = dora().staff;
    for (of_ana, of_hers, given, may) in [
        (&[][..], &[][..], false, true),
        (&[another], &[another], false, true),
        (&[another], &[], false, false),
        (&[], &[another], false, false),
        (&[own], &[], false, true),
        (&[own, another], &[own], false, false),
        (&[another], &[], true, true),
    ] {
        let said = [(ana(), words(of_ana)), (hers, words(of_hers))];
        let ties = Ties {
            records: vec![ana(), hers],
            guard: Guard::Guarded { keeper: None },
            hidden_by: said.into_iter().filter(|(_, said)| !said.is_empty()).collect(),
            given: if given { [ana()].into() } else { BTreeSet::new() },
            ..related(Relation::CaseTeam)
        };
        let house = family(ties, Ties::default()).await;
        let reader = house.reader(as_a(Role::CaseManager));
        assert_eq!(reader.may_part(ana()).await.unwrap(), may, "{of_ana:?} {of_hers:?} {given}");
        assert_eq!(house.recorded().await.len(), usize::from(!may));
    }
}

#[tokio::test]
async fn a_case_or_a_referral_counts_on_the_record_on_which_it_was_given_c5() {
    let hers = PersonId::derived(&["her other record"]);
    for (record, counts) in [(ana(), true), (hers, false)] {
        let ties = Ties { given: [record].into(), ..Ties::default() };
        let house = family(ties, Ties::default()).await;
        let reader = house.reader(as_a(Role::CaseManager));
        assert_eq!(reader.is_given(ana()).await.unwrap(), counts);
        let ties = Ties { sent_here: [record].into(), ..Ties::default() };
        let house = family(ties, Ties::default()).await;
        let reader = house.reader(as_a(Role::CaseManager));
        assert_eq!(reader.is_sent(ana()).await.unwrap(), counts);
        assert!(!reader.is_given(ana()).await.unwrap(), "to be sent is not to be given a case");
    }
}

#[tokio::test]
async fn who_answers_for_an_entry_is_the_services_responsible_or_the_case_manager_of_that_body() {
    let house = House::open(Ties::default()).await;
    let (other, comune) = (ServiceId::derived(&["other"]), dora().organisation);
    let answers = || async { house.reader(dora()).answers(ana()).await.unwrap() };
    assert!(!answers().await.includes(comune, Some(desk())), "nobody named her");
    house.gate.staff().name_responsible(desk(), dora().staff);
    house.gate.staff().name_responsible(other, dora().staff);
    let responsible = answers().await;
    assert!(responsible.includes(comune, Some(desk())));
    assert!(responsible.includes(comune, None), "made in the name of the body");
    assert!(!responsible.includes(comune, Some(other)), "she does not act for it");
    let elsewhere = OrganisationId::derived(&["elsewhere"]);
    assert!(!responsible.includes(elsewhere, Some(desk())));
    let there = Caller { organisation: elsewhere, services: vec![other], ..dora() };
    let there = house.reader(there).answers(ana()).await.unwrap();
    assert!(!there.includes(elsewhere, None), "nor in another body, by what she is here");
    house.gate.staff().end(dora().staff);
    assert!(!answers().await.includes(comune, Some(desk())), "who left answers for nothing");
    let team = House::open(related(Relation::CaseTeam)).await;
    assert!(!team.reader(dora()).answers(ana()).await.unwrap().includes(comune, Some(other)));
    let manager = House::open(related(Relation::CaseManager)).await;
    assert!(!manager.reader(dora()).answers(ana()).await.unwrap().in_charge, "at the desk");
    let manager = manager.reader(as_a(Role::CaseManager)).answers(ana()).await.unwrap();
    assert!(manager.includes(comune, Some(other)) && !manager.includes(elsewhere, Some(other)));
}
