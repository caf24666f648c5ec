//! What a row says in a word: how urgent, by when, why. Pure.

use time::{Date, OffsetDateTime};
use trama_events::codes::{DeclineReason, Destination, IdentifierKind, NextStep, Urgency};
use trama_events::identity::ForcedReason;
use trama_events::rome;
use trama_projections::inbox::{Item, Kind, List};
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::glyph::Glyph;
use trama_ui::language::Language;
use trama_ui::words::{InWords, State};

pub(super) fn badges(item: &Item, now: OffsetDateTime, language: Language) -> Vec<Badge> {
    let words = language.words();
    let mut badges: Vec<Badge> = Vec::new();
    match item.urgency {
        Urgency::Immediate | Urgency::Urgent => {
            let urgent = Badge::new(State::Refused, item.urgency.words_in(language));
            badges.push(urgent.with(Glyph::Triangle));
        }
        Urgency::Ordinary => {}
    }
    let is_answer = matches!(item.kind, Kind::ReferralReceived | Kind::ReferralSent);
    badges.extend(item.due.map(|due| match (is_answer, item.overdue || due < now) {
        (true, false) => answer_by(due, now, language),
        (_, is_over) => deadline(due, is_over, now, language),
    }));
    badges.extend(coded(item.reason.as_deref(), language));
    badges.extend(coded(item.next_step.as_deref(), language));
    if item.escalated {
        badges.push(Badge::new(State::Waiting, words.inbox_escalated()));
    }
    if item.list == List::Waiting && item.seen {
        badges.push(Badge::new(State::Neutral, words.inbox_seen()).with(Glyph::Eye));
    }
    let stands_still = matches!(item.list, List::ToDo | List::Waiting) && item.due.is_none();
    if stands_still && item.days_waiting > 1 {
        let days = language.days(item.days_waiting);
        badges.push(Badge::new(State::Waiting, words.inbox_still(days)));
    }
    badges
}

/// By when an answer is due: an hour today, a day later.
pub(crate) fn answer_by(due: OffsetDateTime, now: OffsetDateTime, language: Language) -> Badge {
    let words = language.words();
    let (day, today) = (rome::day_of(due), rome::day_of(now));
    if due < now {
        return deadline(due, true, now, language);
    }
    if day == today {
        let time = dates::time_of(due);
        let whole = time.strip_suffix(":00").filter(|_| language == Language::Italian);
        let by = words.inbox_answer_by_hour(whole.unwrap_or(&time));
        return Badge::new(State::Refused, by).with(Glyph::Triangle);
    }
    Badge::new(State::Waiting, dated(&words.inbox_answer_by_day(), day, today, language))
}

fn deadline(due: OffsetDateTime, is_over: bool, now: OffsetDateTime, language: Language) -> Badge {
    let words = language.words();
    let (day, today) = (rome::day_of(due), rome::day_of(now));
    if is_over {
        let since = dated(&words.inbox_overdue(), day, today, language);
        return Badge::new(State::Refused, since).with(Glyph::Triangle);
    }
    if day == today {
        return Badge::new(State::Waiting, words.inbox_by_hour(dates::time_of(due)));
    }
    Badge::new(State::Waiting, dated(&words.inbox_by_day(), day, today, language))
}

/// A day after words, with the year where it is another.
pub(crate) fn dated(words: &str, day: Date, today: Date, language: Language) -> String {
    language.after(&format!("{words} "), day, &language.short(day, today))
}

/// A reason or a next step, of whichever list it is; what has no words is not shown.
fn coded(code: Option<&str>, language: Language) -> Option<Badge> {
    fn said<T: InWords + std::str::FromStr>(
        code: &str,
        language: Language,
    ) -> Option<&'static str> {
        code.parse::<T>().ok().map(|code| code.words_in(language))
    }
    let code = code?;
    let words = said::<DeclineReason>(code, language)
        .or_else(|| said::<NextStep>(code, language))
        .or_else(|| said::<Destination>(code, language))
        .or_else(|| said::<IdentifierKind>(code, language))
        .or_else(|| said::<ForcedReason>(code, language));
    words.map(|words| Badge::new(State::Neutral, words))
}
