//! Counts, shares and days as people write them.

use time::Date;
use trama_ui::dates;

/// What a hidden count reads.
pub(super) const HIDDEN: &str = "meno di 5";
/// What is not there to be shown.
pub(super) const NOTHING: &str = "–";

pub(super) fn count(count: Option<i64>) -> String {
    count.map_or_else(|| HIDDEN.into(), thousands)
}

/// `1.064`
pub(super) fn thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// `1 invio`, `1.064 invii`.
pub(super) fn referrals(number: i64) -> String {
    if number == 1 { "1 invio".into() } else { format!("{} invii", thousands(number)) }
}

/// A part of a whole, in percent; none where there is nothing, or where one of them is hidden.
pub(super) fn share(part: Option<i64>, whole: Option<i64>) -> Option<f64> {
    let number = |count: i64| i32::try_from(count).map(f64::from).ok();
    let (part, whole) = (number(part?)?, number(whole?)?);
    (whole > 0.0).then(|| part * 100.0 / whole)
}

/// `58%`
pub(super) fn percent(percent: f64) -> String {
    format!("{percent:.0}%")
}

/// `12 giorni`
pub(super) fn days(days: Option<f64>) -> String {
    match days {
        None => NOTHING.into(),
        Some(days) if days * 24.0 < 1.0 => "meno di un’ora".into(),
        Some(days) if days < 0.95 => {
            format!("{:.0} ore", (days * 24.0).floor()).replace("1 ore", "1 ora")
        }
        Some(days) if (days - 1.0).abs() < 0.05 => "1 giorno".into(),
        Some(days) if days < 10.0 && (days - days.round()).abs() >= 0.05 => {
            format!("{days:.1} giorni").replace('.', ",")
        }
        Some(days) => format!("{days:.0} giorni"),
    }
}

/// The same where there is little room: `12 g`.
pub(super) fn brief_days(days: f64) -> String {
    if days * 24.0 < 1.0 {
        "< 1 h".into()
    } else if days < 0.95 {
        format!("{:.0} h", (days * 24.0).floor())
    } else {
        format!("{days:.0} g")
    }
}

/// `1 gennaio – 22 novembre 2026`.
pub(super) fn between(from: Date, to: Date) -> String {
    if from.year() == to.year() {
        format!("{} {} – {}", from.day(), dates::month(from), dates::long(to))
    } else {
        format!("{} – {}", dates::long(from), dates::long(to))
    }
}
