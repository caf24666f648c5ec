//! What lasts: stays, charges, cards, waits, with how long.

use time::Date;
use trama_projections::journey::{JourneyView, Span};
use trama_ui::badge::Badge;
use trama_ui::dates;
use trama_ui::family::Family;
use trama_ui::glyph::Glyph;
use trama_ui::words::State;

use super::cards::name;
use super::figure::anchor_of_period;
use super::view::{Period, state_of};

/// The newest first.
pub(super) fn periods(journey: &JourneyView, today: Date) -> Vec<Period> {
    let newest_first = journey.spans.iter().enumerate().rev();
    newest_first.map(|(index, span)| period(index, span, today)).collect()
}

fn period(index: usize, span: &Span, today: Date) -> Period {
    let (family, what) = match span.kind {
        "stay" => (Family::Housing, "Permanenza"),
        "charge" => (Family::Access, "Presa in carico"),
        "card" => (Family::Food, "Tessera punti"),
        "referral_wait" => (Family::Referrals, "Attesa di risposta"),
        "waiting_list" => (Family::Housing, "Lista d’attesa"),
        _ => (Family::External, "Servizio esterno"),
    };
    let length = dates::duration(span.from, span.to.unwrap_or(today));
    Period {
        anchor: anchor_of_period(index),
        family,
        what,
        place: if family == Family::External {
            "dettaglio riservato".into()
        } else {
            name(span.service.as_ref())
        },
        from: dates::short(span.from, today),
        to: span.to.map_or_else(|| "in corso".into(), |day| dates::short(day, today)),
        duration: if span.to.is_none() { format!("da {length}") } else { length },
        due: span.due_on.map_or_else(|| "–".into(), |day| dates::short(day, today)),
        badges: badges(span, today),
    }
}

fn badges(span: &Span, today: Date) -> Vec<Badge> {
    if span.kind == "external_path" {
        return vec![Badge::new(State::Neutral, "per accordo della persona").with(Glyph::Lock)];
    }
    let late = span.to.is_none() && span.due_on.is_some_and(|day| day < today);
    let mut badges: Vec<Badge> = Vec::new();
    if late {
        badges.push(Badge::new(State::Refused, "oltre il termine").with(Glyph::Triangle));
    }
    // What opened a span says nothing more once it is over; how it ended does.
    match span.kind {
        "referral_wait" | "waiting_list" => badges.extend(state_of(&span.state)),
        "card" if state_of(&span.state).is_some() => badges.extend(state_of(&span.state)),
        _ if span.to.is_none() => badges.push(Badge::new(State::Neutral, "in corso")),
        _ => {}
    }
    badges
}
