//! What the figure says.

use time::Date;
use trama_events::rome;
use trama_projections::journey::Span;
use trama_ui::dates;
use trama_ui::figure::journey::{Answer, Words};
use trama_ui::figure::scale::Step;

use super::super::view::Seen;
use super::between;

pub(super) fn words(seen: Seen) -> Words {
    let not_yet = if seen.known_by.is_some() { "Non ancora noto" } else { "Dopo quel giorno" };
    Words { tick, several, not_yet: not_yet.into() }
}

/// Name of the whole drawing.
pub(super) fn name(first: Date, last: Date) -> String {
    format!("Percorso {}. Le stesse cose sono nell’elenco qui sotto.", between(first, last))
}

fn tick(day: Date, step: Step) -> (String, String) {
    let month = dates::month(day);
    let brief = |day: Date| dates::month(day).chars().take(3).collect::<String>();
    match step {
        Step::Week => (format!("{} {}", day.day(), brief(day)), day.day().to_string()),
        Step::Month => (month.into(), brief(day)),
        Step::Quarter => {
            (format!("{}–{}", brief(day), brief(rome::months_after(day, 2))), brief(day))
        }
        Step::Year => (day.year().to_string(), format!("’{:02}", day.year() % 100)),
    }
}

fn several(count: usize, from: Date, to: Date) -> String {
    format!("{count} eventi, {}", between(from, to))
}

/// How long it lasted, as it is heard behind a label.
pub(super) fn lasting(span: &Span) -> String {
    match span.to {
        Some(to) => between(span.from, to),
        None => format!("{}, in corso", dates::after("dal ", span.from, &dates::long(span.from))),
    }
}

/// How a wait ended and after how long, by the latest step.
pub(super) fn outcome(span: &Span, known_to: Date) -> (Answer, String) {
    let days = |to: Date| match (to - span.from).whole_days() {
        ..=0 => "in giornata".to_owned(),
        days => format!("{days} g"),
    };
    let Some(to) = span.to else {
        let since = match (known_to - span.from).whole_days() {
            ..=0 => "da oggi".to_owned(),
            days => format!("da {days} g"),
        };
        let words = if span.kind == "waiting_list" { "in lista" } else { "in attesa" };
        return (Answer::Waiting, format!("{words} {since}"));
    };
    let (answer, words) = match span.state.as_str() {
        "referral_accepted" => (Answer::Accepted, "accolto"),
        "place_assigned" => (Answer::Accepted, "assegnato"),
        "referral_declined" => (Answer::Refused, "respinto"),
        "referral_expired" => (Answer::Refused, "senza risposta"),
        "referral_withdrawn" => (Answer::Withdrawn, "ritirato"),
        "waiting_ended" => (Answer::Withdrawn, "attesa finita"),
        // A referral that was accepted goes on: visits and the outcome come later.
        _ if span.kind == "referral_wait" => (Answer::Accepted, "accolto"),
        _ => (Answer::Withdrawn, "chiuso"),
    };
    (answer, format!("{words} · {}", days(to)))
}
