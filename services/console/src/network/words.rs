//! Counts, shares and days as people write them.

use time::Date;
use trama_ui::language::{Language, Words};

/// What is not there to be shown.
pub(super) const NOTHING: &str = "–";

/// How those who read a language write what is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figures(pub(super) Language);

impl Figures {
    pub(super) fn words(self) -> &'static Words {
        self.0.words()
    }

    /// What a hidden count reads.
    pub(super) fn hidden(self) -> String {
        self.words().network_hidden()
    }

    pub(super) fn count(self, count: Option<i64>) -> String {
        count.map_or_else(|| self.hidden(), |count| self.thousands(count))
    }

    /// `1.064`, `1,064`
    pub(super) fn thousands(self, number: i64) -> String {
        let mark = match self.0 {
            Language::Italian => '.',
            Language::English => ',',
        };
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }

    /// `1 invio`, `1.064 invii`.
    pub(super) fn referrals(self, number: i64) -> String {
        match number {
            1 => self.words().network_referral(),
            _ => self.words().network_referrals(self.thousands(number)),
        }
    }

    /// `12 giorni`
    pub(super) fn days(self, days: Option<f64>) -> String {
        let words = self.words();
        match days {
            None => NOTHING.into(),
            Some(days) if days * 24.0 < 1.0 => words.network_under_an_hour(),
            Some(days) if days < 0.95 => words.network_hours((days * 24.0).floor()),
            Some(days) if (days - 1.0).abs() < 0.05 => self.0.days(1),
            Some(days) if days < 10.0 && (days - days.round()).abs() >= 0.05 => {
                words.network_days(self.decimal(days))
            }
            Some(days) => words.network_days(format!("{days:.0}")),
        }
    }

    fn decimal(self, number: f64) -> String {
        let text = format!("{number:.1}");
        match self.0 {
            Language::Italian => text.replace('.', ","),
            Language::English => text,
        }
    }

    /// The same where there is little room: `12 g`.
    pub(super) fn brief_days(self, days: f64) -> String {
        if days * 24.0 < 1.0 {
            "< 1 h".into()
        } else if days < 0.95 {
            format!("{:.0} h", (days * 24.0).floor())
        } else {
            self.words().network_days_brief(format!("{days:.0}"))
        }
    }

    /// `1 gennaio – 22 novembre 2026`.
    pub(super) fn between(self, from: Date, to: Date) -> String {
        let language = self.0;
        if from.year() == to.year() {
            format!("{} {} – {}", from.day(), language.month(from), language.long(to))
        } else {
            format!("{} – {}", language.long(from), language.long(to))
        }
    }
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
