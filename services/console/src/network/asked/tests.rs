use time::macros::{date, datetime};

use super::*;

fn asked_by(query: &str, role: Role) -> Option<Asked> {
    let fields = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let wanted: Wanted = serde_json::from_value(fields).ok()?;
    Asked::of(&wanted, datetime!(2026-11-22 09:00 UTC), role, Language::Italian)
}

fn asked(query: &str) -> Asked {
    asked_by(query, Role::CaseManager).unwrap()
}

fn compared(query: &str, role: Role) -> (Date, Date) {
    let (_, period) = asked_by(query, role).unwrap().comparison.unwrap();
    (period.from, period.to)
}

#[test]
fn the_period_of_comparison_is_as_long_and_lies_before() {
    let worker = Role::CaseManager;
    assert_eq!(
        compared("dal=2026-10-01&al=2026-10-31&confronta=prima", worker),
        (date!(2026 - 09 - 01), date!(2026 - 09 - 30))
    );
    assert_eq!(
        compared("dal=2026-10-05&al=2026-10-11&confronta=prima", worker),
        (date!(2026 - 09 - 28), date!(2026 - 10 - 04))
    );
    assert_eq!(
        compared("dal=2024-02-10&al=2024-02-29&confronta=anno", worker),
        (date!(2023 - 02 - 10), date!(2023 - 02 - 28))
    );
}

#[test]
fn who_sees_no_persons_compares_whole_months() {
    assert_eq!(
        compared("dal=2026-01-01&confronta=anno", Role::PlanOffice),
        (date!(2025 - 01 - 01), date!(2025 - 11 - 30))
    );
    assert_eq!(
        compared("dal=2026-09-01&al=2026-10-31&confronta=prima", Role::PlanOffice),
        (date!(2026 - 07 - 01), date!(2026 - 08 - 31))
    );
}

#[test]
fn what_is_asked_is_an_address_again() {
    let node = "00000000-0000-0000-0000-000000000001";
    let query =
        format!("dal=2026-01-01&ats=bari&min=10&confronta=anno&da={node}&a=external&misura=tempo");
    let address = asked(&query).address(PATH);
    assert_eq!(address, format!("/rete?{query}"));
    assert_eq!(
        asked(&query).choosing(Choice::Nothing),
        "/rete?dal=2026-01-01&ats=bari&min=10&confronta=anno&misura=tempo"
    );
    assert_eq!(asked("").address("/rete/flussi.csv"), "/rete/flussi.csv");
}

#[test]
fn what_cannot_be_understood_is_refused() {
    for query in [
        "min=0",
        "min=-3",
        "min=x",
        "min=1000001",
        "misura=colore",
        "confronta=ieri",
        "da=external",
        "da=a&a=b",
        "servizio=%3Cscript%3E",
        "da=external&a=external&servizio=external",
        "colore=rosso",
    ] {
        assert!(asked_by(query, Role::CaseManager).is_none(), "{query}");
    }
}
