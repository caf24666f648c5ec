//! Days, moments and durations in each language: what [`crate::dates`] writes in Italian, also in
//! English.

use time::{Date, OffsetDateTime};
use trama_events::rome;

use crate::dates;
use crate::language::Language;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Language {
    /// `ottobre`, `October`.
    pub fn month(self, day: Date) -> &'static str {
        match self {
            Self::Italian => dates::month(day),
            Self::English => MONTHS[usize::from(u8::from(day.month())) - 1],
        }
    }

    /// `15 ottobre 2026`, `15 October 2026`.
    pub fn long(self, day: Date) -> String {
        format!("{} {} {}", day.day(), self.month(day), day.year())
    }

    /// `15 ott`, `15 Oct`; with the year when it is not the year of `today`.
    pub fn short(self, day: Date, today: Date) -> String {
        let brief = &self.month(day)[..3];
        if day.year() == today.year() {
            format!("{} {brief}", day.day())
        } else {
            format!("{} {brief} {}", day.day(), day.year())
        }
    }

    /// `ottobre 2026`, `October 2026`.
    pub fn month_and_year(self, day: Date) -> String {
        format!("{} {}", self.month(day), day.year())
    }

    /// `15 ott 12:40`; with the year when it is not the year of `today`.
    pub fn short_with_time(self, moment: OffsetDateTime, today: Date) -> String {
        format!("{} {}", self.short(rome::day_of(moment), today), dates::time_of(moment))
    }

    /// `15 ottobre 2026 alle 12:40`, `15 October 2026 at 12:40`.
    pub fn long_with_time(self, moment: OffsetDateTime) -> String {
        let at = match self {
            Self::Italian => "alle",
            Self::English => "at",
        };
        format!("{} {at} {}", self.long(rome::day_of(moment)), dates::time_of(moment))
    }

    /// `6 giorni`, `6 days`.
    pub fn days(self, count: i64) -> String {
        match self {
            Self::Italian => dates::days(count),
            Self::English => plural(count, "day", "days"),
        }
    }

    /// How long from one day to another: `2 anni e 1 mese`, `2 years and 1 month`.
    pub fn duration(self, from: Date, to: Date) -> String {
        if self == Self::Italian {
            return dates::duration(from, to);
        }
        let mut months: u32 = 0;
        while rome::months_after(from, months + 1) <= to {
            months += 1;
        }
        let (years, months) = (i64::from(months / 12), i64::from(months % 12));
        match (years, months) {
            (0, 0 | 1) => self.days((to - from).whole_days().max(0)),
            (0, months) => plural(months, "month", "months"),
            (years, 0) => plural(years, "year", "years"),
            (years, months) => {
                format!(
                    "{} and {}",
                    plural(years, "year", "years"),
                    plural(months, "month", "months")
                )
            }
        }
    }

    /// A date after words: in Italian those that end in an article elide before 8 and 11.
    pub fn after(self, words: &str, day: Date, date: &str) -> String {
        match self {
            Self::Italian => dates::after(words, day, date),
            Self::English => format!("{words}{date}"),
        }
    }

    /// How late something was recorded, in words; `None` when it was within a day.
    pub fn recorded_late(self, happened_on: Date, recorded_at: OffsetDateTime) -> Option<String> {
        match self {
            Self::Italian => dates::recorded_late(happened_on, recorded_at),
            Self::English => {
                let late = (rome::day_of(recorded_at) - happened_on).whole_days();
                (late >= 2).then(|| format!("recorded {} later", self.days(late)))
            }
        }
    }

    /// The age band of somebody born in `year`; a single year would tell too much.
    pub fn age_band(self, year: i32, today: Date) -> &'static str {
        match self {
            Self::Italian => dates::age_band(year, today),
            Self::English => match today.year() - year {
                ..18 => "under 18",
                18..25 => "18–24 years",
                25..35 => "25–34 years",
                35..45 => "35–44 years",
                45..55 => "45–54 years",
                55..65 => "55–64 years",
                65.. => "65 years or more",
            },
        }
    }
}

fn plural(count: i64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 22);

    #[test]
    fn a_day_is_said_in_the_language_of_who_reads_it() {
        let moment = datetime!(2026-10-15 10:40 UTC);
        assert_eq!(Language::English.short_with_time(moment, TODAY), "15 Oct 12:40");
        assert_eq!(Language::Italian.short_with_time(moment, TODAY), "15 ott 12:40");
        assert_eq!(Language::English.long_with_time(moment), "15 October 2026 at 12:40");
        assert_eq!(Language::English.duration(date!(2024 - 10 - 04), TODAY), "2 years and 1 month");
        assert_eq!(Language::English.duration(date!(2026 - 11 - 21), TODAY), "1 day");
        let eight = date!(2026 - 01 - 08);
        assert_eq!(Language::English.after("until ", eight, "8 January"), "until 8 January");
    }
}
