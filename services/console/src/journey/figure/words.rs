//! What the figure says.

use time::Date;
use trama_events::rome;
use trama_projections::journey::Span;
use trama_ui::figure::journey::{Answer, Words};
use trama_ui::figure::scale::Step;
use trama_ui::language::Language;

use super::super::dated;
use super::super::view::Seen;
use super::between;

pub(super) fn words(seen: Seen) -> Words {
    let words = seen.language.words();
    let not_yet = match seen.known_by {
        Some(_) => words.journey_not_known_yet(),
        None => words.journey_after_that_day(),
    };
    Words { language: seen.language, tick, several, not_yet }
}

/// Name of the whole drawing.
pub(super) fn name(first: Date, last: Date, language: Language) -> String {
    language.words().journey_figure_name(between(first, last, language))
}

fn tick(language: Language, day: Date, step: Step) -> (String, String) {
    let brief = |day: Date| language.month(day).chars().take(3).collect::<String>();
    match step {
        Step::Week => (format!("{} {}", day.day(), brief(day)), day.day().to_string()),
        Step::Month => (language.month(day).into(), brief(day)),
        Step::Quarter => {
            (format!("{}–{}", brief(day), brief(rome::months_after(day, 2))), brief(day))
        }
        Step::Year => (day.year().to_string(), format!("’{:02}", day.year() % 100)),
    }
}

fn several(language: Language, count: usize, from: Date, to: Date) -> String {
    language.words().journey_several(count, between(from, to, language))
}

/// How long it lasted, as it is heard behind a label.
pub(super) fn lasting(span: &Span, language: Language) -> String {
    if let Some(to) = span.to {
        return between(span.from, to, language);
    }
    let words = language.words();
    let since = dated(language, &words.journey_since(), span.from);
    format!("{since}, {}", words.journey_ongoing())
}

/// How a wait ended and after how long, by the latest step.
pub(in crate::journey) fn outcome(
    span: &Span,
    known_to: Date,
    language: Language,
) -> (Answer, String) {
    let words = language.words();
    let after = |to: Date| match (to - span.from).whole_days() {
        ..=0 => words.journey_same_day(),
        days => words.journey_days(days),
    };
    let Some(to) = span.to else {
        let since = match (known_to - span.from).whole_days() {
            ..=0 => words.journey_from_today(),
            days => words.journey_for(words.journey_days(days)),
        };
        let is_list = span.kind == "waiting_list";
        let waits = if is_list { words.journey_in_list() } else { words.journey_in_wait() };
        return (Answer::Waiting, format!("{waits} {since}"));
    };
    let (answer, said) = match span.state.as_str() {
        "referral_accepted" => (Answer::Accepted, words.journey_was_accepted()),
        "place_assigned" => (Answer::Accepted, words.journey_was_assigned()),
        "referral_declined" => (Answer::Refused, words.journey_was_declined()),
        "referral_expired" => (Answer::Refused, words.journey_was_unanswered()),
        "referral_withdrawn" => (Answer::Withdrawn, words.journey_was_withdrawn()),
        "waiting_ended" => (Answer::Withdrawn, words.journey_was_ended()),
        // A referral that was accepted goes on: visits and the outcome come later.
        _ if span.kind == "referral_wait" => (Answer::Accepted, words.journey_was_accepted()),
        _ => (Answer::Withdrawn, words.journey_was_closed()),
    };
    (answer, format!("{said} · {}", after(to)))
}
