//! What a row says in a word: how urgent, by when, why. Pure.

use time::OffsetDateTime;
use trama_events::codes::{DeclineReason, Destination, IdentifierKind, NextStep, Urgency};
use trama_events::identity::ForcedReason;
use trama_events::rome;
use trama_projections::inbox::{Item, Kind, List};
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::glyph::Glyph;
use trama_ui::words::{InWords as _, State};

pub(super) fn badges(item: &Item, today: time::Date, now: OffsetDateTime) -> Vec<Badge> {
    let mut badges: Vec<Badge> = Vec::new();
    match item.urgency {
        Urgency::Immediate | Urgency::Urgent => {
            badges.push(Badge::new(State::Refused, item.urgency.words()).with(Glyph::Triangle));
        }
        Urgency::Ordinary => {}
    }
    let is_answer = matches!(item.kind, Kind::ReferralReceived | Kind::ReferralSent);
    badges.extend(item.due.map(|due| match (is_answer, item.overdue || due < now) {
        (true, false) => answer_by(due, now),
        _ => deadline(due, item.overdue, today, now),
    }));
    badges.extend(coded(item.reason.as_deref()));
    badges.extend(coded(item.next_step.as_deref()));
    if item.escalated {
        badges.push(Badge::new(State::Waiting, "senza risposta, tornato indietro"));
    }
    if item.list == List::Waiting && item.seen {
        badges.push(Badge::new(State::Neutral, "visto").with(Glyph::Eye));
    }
    let stands_still = matches!(item.list, List::ToDo | List::Waiting) && item.due.is_none();
    if stands_still && item.days_waiting > 1 {
        let words = format!("fermo da {}", dates::days(item.days_waiting));
        badges.push(Badge::new(State::Waiting, words));
    }
    badges
}

/// By when an answer is due: an hour today, a day later.
pub(crate) fn answer_by(due: OffsetDateTime, now: OffsetDateTime) -> Badge {
    let (day, today) = (rome::day_of(due), rome::day_of(now));
    if due < now {
        return deadline(due, true, today, now);
    }
    if day == today {
        let time = dates::time_of(due);
        let hour = time.strip_suffix(":00").unwrap_or(&time);
        return Badge::new(State::Refused, format!("rispondere entro le {hour}"))
            .with(Glyph::Triangle);
    }
    Badge::new(State::Waiting, dates::after("rispondere entro il ", day, &dates::short(day, today)))
}

fn deadline(due: OffsetDateTime, overdue: bool, today: time::Date, now: OffsetDateTime) -> Badge {
    let day = rome::day_of(due);
    if overdue || due < now {
        let words = dates::after("scaduto il ", day, &dates::short(day, today));
        return Badge::new(State::Refused, words).with(Glyph::Triangle);
    }
    if day == today {
        return Badge::new(State::Waiting, format!("entro le {}", dates::time_of(due)));
    }
    Badge::new(State::Waiting, dates::after("entro il ", day, &dates::short(day, today)))
}

/// A reason or a next step, of whichever list it is; what has no words is not shown.
fn coded(code: Option<&str>) -> Option<Badge> {
    let code = code?;
    let words = None
        .or_else(|| code.parse().ok().map(DeclineReason::words))
        .or_else(|| code.parse().ok().map(NextStep::words))
        .or_else(|| code.parse().ok().map(Destination::words))
        .or_else(|| code.parse().ok().map(IdentifierKind::words))
        .or_else(|| code.parse().ok().map(ForcedReason::words));
    words.map(|words| Badge::new(State::Neutral, words))
}
