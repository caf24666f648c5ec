//! The journey of an invented person.

use time::Month;
use time::macros::date;

use super::super::*;

pub(super) fn day(month: u8, day: u8) -> Date {
    Date::from_calendar_date(2026, Month::try_from(month).unwrap(), day).unwrap()
}

pub(super) fn words() -> Words {
    Words {
        language: Language::Italian,
        tick: |_, day, step| match step {
            Step::Week => (day.day().to_string(), day.day().to_string()),
            Step::Month => (crate::dates::month(day).into(), crate::dates::month(day)[..3].into()),
            Step::Quarter => {
                let brief = &crate::dates::month(day)[..3];
                (format!("da {brief}"), brief.into())
            }
            Step::Year => {
                (day.year().to_string(), String::from("’") + &day.year().to_string()[2..])
            }
        },
        several: |_, count, from, to| format!("{count} eventi, {from} – {to}"),
        not_yet: "Non ancora noto".into(),
    }
}

pub(super) fn nothing(first: Date, last: Date) -> Journey {
    Journey { name: "Percorso".into(), first, last, as_of: None, lanes: Vec::new() }
}

pub(super) fn lane(family: Family) -> Lane {
    Lane {
        family,
        name: family.label().into(),
        spans: Vec::new(),
        events: Vec::new(),
        often: None,
        gaps: Vec::new(),
        waits: Vec::new(),
    }
}

pub(super) fn event(on: Date, name: &str, is_late: bool) -> Event {
    Event { on, name: name.into(), href: "#voce-1".into(), is_late, is_meeting: false }
}

pub(super) fn span(from: Date, to: Option<Date>, label: &str) -> Span {
    let name = format!("{label}, dal {from}");
    Span { from, to, label: label.into(), name, href: "#periodo-1".into(), is_sealed: false }
}

pub(super) fn wait(from: Date, days: i64, receiver: &str, state: Answer) -> Wait {
    let outcome = match state {
        Answer::Accepted => format!("accolto · {days} g"),
        Answer::Refused => "respinto".into(),
        Answer::Withdrawn => "ritirato".into(),
        Answer::Waiting => "in attesa da 6 g".into(),
    };
    Wait {
        from,
        to: (state != Answer::Waiting).then(|| from + time::Duration::days(days)),
        receiver: receiver.into(),
        name: format!("{receiver} {outcome}"),
        outcome,
        state,
        href: "#periodo-2".into(),
        into: Some(Family::Csm).filter(|_| state == Answer::Accepted),
    }
}

fn access() -> Lane {
    Lane {
        spans: vec![span(day(1, 19), None, "Presa in carico · A.S. Rinaldi")],
        events: vec![
            event(day(1, 11), "Scheda aperta", false),
            event(day(1, 14), "Contatto", false),
            event(day(7, 8), "Valutazione", false),
            event(day(10, 1), "Progetto personale firmato", false),
        ],
        ..lane(Family::Access)
    }
}

fn referrals() -> Lane {
    let into = |wait: Wait, family| Wait { into: Some(family), ..wait };
    Lane {
        waits: vec![
            into(wait(day(3, 25), 39, "Housing Japigia", Answer::Accepted), Family::Housing),
            wait(day(5, 19), 8, "CSM Ovest", Answer::Refused),
            into(wait(day(6, 2), 7, "CSM Est", Answer::Accepted), Family::Csm),
            into(wait(day(9, 1), 14, "ARPAL", Answer::Accepted), Family::Labour),
            wait(day(11, 16), 6, "Sportello legale", Answer::Waiting),
        ],
        ..lane(Family::Referrals)
    }
}

fn housing() -> Lane {
    Lane {
        spans: vec![
            span(day(1, 20), Some(day(4, 18)), "Stazione di Posta · letto 12"),
            span(day(5, 4), None, "Housing temporaneo · alloggio 4"),
        ],
        events: vec![event(day(4, 18), "Uscita", true)],
        gaps: vec![Gap {
            from: day(4, 18),
            to: day(5, 4),
            label: "16 g senza posto".into(),
            brief: "16 g".into(),
            name: "16 g senza posto, dal 18 aprile al 4 maggio".into(),
        }],
        ..lane(Family::Housing)
    }
}

fn food() -> Lane {
    let on = (0..30).map(|week| day(2, 2) + time::Duration::days(9 * week)).collect();
    let often = Often { on, name: "30 ritiri".into(), href: "#eventi".into() };
    Lane {
        spans: vec![span(day(2, 2), None, "Tessera Emporio · 60 punti al mese")],
        often: Some(often),
        ..lane(Family::Food)
    }
}

fn others() -> [Lane; 3] {
    let sealed = span(day(6, 1), None, "In percorso · dettaglio riservato");
    [
        Lane { events: vec![event(day(6, 9), "Invio accolto", false)], ..lane(Family::Csm) },
        Lane { events: vec![event(day(9, 15), "Invio accolto", false)], ..lane(Family::Labour) },
        Lane { spans: vec![Span { is_sealed: true, ..sealed }], ..lane(Family::External) },
    ]
}

pub(super) fn antonio() -> Journey {
    let mut lanes = vec![access(), referrals(), housing(), food()];
    lanes.extend(others());
    Journey { lanes, ..nothing(date!(2026 - 01 - 01), date!(2026 - 11 - 22)) }
}
