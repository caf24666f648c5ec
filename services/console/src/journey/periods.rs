//! What lasts: stays, charges, cards, waits, with how long.

use time::Date;
use trama_projections::journey::{JourneyView, Span};
use trama_ui::badge::Badge;
use trama_ui::family::Family;
use trama_ui::glyph::Glyph;
use trama_ui::language::Language;
use trama_ui::words::State;

use super::cards::name;
use super::figure::anchor_of_period;
use super::view::{Period, Seen, state_of};

/// The newest first.
pub(super) fn periods(journey: &JourneyView, seen: &Seen) -> Vec<Period> {
    let newest_first = journey.spans.iter().enumerate().rev();
    newest_first.map(|(index, span)| period(index, span, seen)).collect()
}

fn period(index: usize, span: &Span, seen: &Seen) -> Period {
    let (today, language) = (seen.today(), seen.language);
    let words = language.words();
    let (family, what) = match span.kind {
        "stay" => (Family::Housing, words.journey_stay()),
        "charge" => (Family::Access, words.journey_charge()),
        "card" => (Family::Food, words.journey_points_card()),
        "referral_wait" => (Family::Referrals, words.journey_answer_wait()),
        "waiting_list" => (Family::Housing, words.journey_list_wait()),
        _ => (Family::External, Family::External.label_in(language).into()),
    };
    let length = language.duration(span.from, span.to.unwrap_or(today));
    Period {
        anchor: anchor_of_period(index),
        family,
        what,
        place: if family == Family::External {
            words.journey_reserved()
        } else {
            name(span.service.as_ref())
        },
        from: language.short(span.from, today),
        to: span.to.map_or_else(|| words.journey_ongoing(), |day| language.short(day, today)),
        duration: if span.to.is_none() { words.journey_lasting(length) } else { length },
        due: span.due_on.map_or_else(|| "–".into(), |day| language.short(day, today)),
        badges: badges(span, today, language),
    }
}

fn badges(span: &Span, today: Date, language: Language) -> Vec<Badge> {
    let words = language.words();
    if span.kind == "external_path" {
        return vec![Badge::new(State::Neutral, words.journey_by_agreement()).with(Glyph::Lock)];
    }
    let late = span.to.is_none() && span.due_on.is_some_and(|day| day < today);
    let mut badges: Vec<Badge> = Vec::new();
    if late {
        badges.push(Badge::new(State::Refused, words.journey_late()).with(Glyph::Triangle));
    }
    // What opened a span says nothing more once it is over; how it ended does.
    match span.kind {
        "referral_wait" | "waiting_list" => badges.extend(state_of(&span.state, language)),
        "card" if state_of(&span.state, language).is_some() => {
            badges.extend(state_of(&span.state, language));
        }
        _ if span.to.is_none() => badges.push(Badge::new(State::Neutral, words.journey_ongoing())),
        _ => {}
    }
    badges
}
