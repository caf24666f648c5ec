use trama_events::ids::Ats;

use super::super::{Founder, Lag, Staff, account};
use super::*;

const ANA: StaffId = StaffId(Uuid::from_u128(1));
const BEN: StaffId = StaffId(Uuid::from_u128(2));

fn member(staff: StaffId, number: u128, role: Role, ats: &str) -> Membership {
    Membership {
        membership: MembershipId(Uuid::from_u128(number)),
        staff,
        organisation: OrganisationId(Uuid::from_u128(9)),
        ats: Ats::try_new(ats).unwrap(),
        role,
        services: vec![ServiceId(Uuid::from_u128(number + 100))],
    }
}

fn two_roles() -> Staff {
    Staff::fixed(vec![
        member(ANA, 11, Role::InfoDesk, "bari"),
        member(ANA, 12, Role::CaseManager, "corato"),
    ])
}

fn standing(staff: &Staff, who: StaffId, wanted: &Wanted) -> Standing {
    staff.membership(Who::Staff(who), wanted)
}

#[test]
fn an_account_is_one_issuers_subject_and_cannot_be_read_back() {
    let ana = account("urn:a", "ana");
    assert_eq!(ana.len(), 64);
    assert_eq!(ana, account("urn:a", "ana"));
    for other in [account("urn:a", "ben"), account("urn:b", "ana"), account("urn:aa", "na")] {
        assert_ne!(ana, other);
    }
}

#[test]
fn somebody_acts_in_the_role_that_she_wants_else_in_her_first() {
    let staff = two_roles();
    let first = member(ANA, 11, Role::InfoDesk, "bari");
    let second = member(ANA, 12, Role::CaseManager, "corato");
    let active = |membership: &Membership| Standing::Active(membership.clone());
    assert_eq!(standing(&staff, ANA, &Wanted::default()), active(&first));
    for wanted in [
        Wanted { membership: Some(second.membership), ..Wanted::default() },
        Wanted { role: Some(Role::CaseManager), ..Wanted::default() },
        Wanted { ats: Some(second.ats.clone()), ..Wanted::default() },
    ] {
        assert_eq!(standing(&staff, ANA, &wanted), active(&second), "{wanted:?}");
    }
    let none = Wanted { role: Some(Role::Auditor), ..Wanted::default() };
    assert_eq!(standing(&staff, ANA, &none), Standing::NoSuchMembership);
    assert_eq!(staff.memberships(Who::Staff(ANA)), [first, second]);
}

#[test]
fn nobody_acts_who_is_not_known_or_has_left_c1() {
    let staff = two_roles();
    let any = Wanted::default();
    assert_eq!(standing(&staff, BEN, &any), Standing::Unknown);
    let by_account = Who::Account("nobody's");
    assert_eq!(staff.membership(by_account, &any), Standing::Unknown);
    staff.end(ANA);
    assert_eq!(standing(&staff, ANA, &any), Standing::Ended);
    assert_eq!(staff.memberships(Who::Staff(ANA)), []);
}

#[test]
fn whoever_listens_hears_each_change() {
    let staff = two_roles();
    let mut changes = staff.changes();
    assert!(!changes.has_changed().unwrap());
    staff.end(ANA);
    assert!(changes.has_changed().unwrap());
    changes.mark_unchanged();
    staff.clone().add(member(BEN, 13, Role::Volunteer, "bari"));
    assert!(changes.has_changed().unwrap());
    assert!(matches!(standing(&staff, BEN, &Wanted::default()), Standing::Active(_)));
}

#[test]
fn a_founder_acts_as_administrator_while_there_is_none() {
    let founder = Founder::try_new("urn:a", &BEN.to_string()).unwrap();
    let staff = Staff::holding(Some(founder.clone()), true, Lag::none());
    let any = Wanted::default();
    let acts = |who| matches!(staff.membership(who, &any), Standing::Active(m) if m.role == Role::Administrator);
    assert!(acts(Who::Staff(BEN)) && acts(Who::Account(&founder.account)));
    assert!(!acts(Who::Staff(ANA)), "nobody else does");
    let elsewhere = Founder::try_new("urn:a", "her name there").unwrap();
    assert_ne!(elsewhere.staff, BEN);
    staff.add(member(ANA, 11, Role::InfoDesk, "bari"));
    assert!(acts(Who::Staff(BEN)), "no administrator yet");
    staff.add(member(ANA, 12, Role::Administrator, "metro"));
    assert_eq!(standing(&staff, BEN, &any), Standing::Unknown);
    staff.end(ANA);
    assert!(acts(Who::Staff(BEN)), "else nobody could ever name another one");
}

#[test]
fn who_answers_for_a_service_was_named_may_act_and_acts_for_it() {
    let staff = two_roles();
    let (hers, others) = (ServiceId(Uuid::from_u128(112)), ServiceId(Uuid::from_u128(200)));
    let answers_for = || staff.answers_for(ANA, &[hers, others]);
    assert_eq!(answers_for(), BTreeSet::new());
    staff.name_responsible(hers, ANA);
    staff.name_responsible(others, ANA);
    assert_eq!(answers_for(), BTreeSet::from([hers]));
    let elsewhere = ServiceId(Uuid::from_u128(111));
    assert_eq!(staff.answers_for(ANA, &[elsewhere]), BTreeSet::new(), "by another membership");
    staff.name_responsible(hers, BEN);
    assert_eq!(answers_for(), BTreeSet::new(), "one at a time");
    staff.name_responsible(hers, ANA);
    staff.end(ANA);
    assert_eq!(answers_for(), BTreeSet::new());
}
