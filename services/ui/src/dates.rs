//! Days, moments and durations as people in Italy write them.

use time::{Date, OffsetDateTime, Time};
use trama_events::rome;

const MONTHS: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];

/// `ottobre`.
pub fn month(day: Date) -> &'static str {
    MONTHS[usize::from(u8::from(day.month())) - 1]
}

/// `15 ottobre 2026`.
pub fn long(day: Date) -> String {
    format!("{} {} {}", day.day(), month(day), day.year())
}

/// `15 ott`, or `15 ott 2025` when it is not the year of `today`.
pub fn short(day: Date, today: Date) -> String {
    let brief = &month(day)[..3];
    if day.year() == today.year() {
        format!("{} {brief}", day.day())
    } else {
        format!("{} {brief} {}", day.day(), day.year())
    }
}

/// `ottobre 2026`.
pub fn month_and_year(day: Date) -> String {
    format!("{} {}", month(day), day.year())
}

/// `15 ott 12:40`, with the year when it is not the year of `today`.
pub fn short_with_time(moment: OffsetDateTime, today: Date) -> String {
    format!("{} {}", short(rome::day_of(moment), today), time_of(moment))
}

/// `15 ottobre 2026 alle 12:40`.
pub fn long_with_time(moment: OffsetDateTime) -> String {
    format!("{} alle {}", long(rome::day_of(moment)), time_of(moment))
}

/// `09:41`, as the clocks in Rome show it.
pub fn time_of(moment: OffsetDateTime) -> String {
    let midnight = rome::at(rome::day_of(moment), Time::MIDNIGHT);
    let local = rome_hour(moment, midnight);
    format!("{:02}:{:02}", local / 60, local % 60)
}

/// Minutes on the clock in Rome: those since midnight, set right on the two days of the change.
fn rome_hour(moment: OffsetDateTime, midnight: OffsetDateTime) -> i64 {
    let since = (moment - midnight).whole_minutes();
    let shown = |minutes: i64| {
        let (hour, minute) = (u8::try_from(minutes / 60).ok()?, u8::try_from(minutes % 60).ok()?);
        let time = Time::from_hms(hour, minute, 0).ok()?;
        let back = (moment - rome::at(rome::day_of(moment), time)).whole_minutes();
        (back == 0).then_some(minutes)
    };
    [since, since + 60, since - 60].into_iter().filter(|m| *m >= 0).find_map(shown).unwrap_or(since)
}

/// `1 giorno`, `6 giorni`.
pub fn days(count: i64) -> String {
    if count == 1 { "1 giorno".into() } else { format!("{count} giorni") }
}

/// How long from one day to another: `6 giorni`, `5 mesi`, `2 anni e 1 mese`.
pub fn duration(from: Date, to: Date) -> String {
    let mut months: u32 = 0;
    while rome::months_after(from, months + 1) <= to {
        months += 1;
    }
    match (months / 12, months % 12) {
        (0, 0 | 1) => days((to - from).whole_days().max(0)),
        (0, months) => format!("{months} mesi"),
        (years, 0) => plural(years, "anno", "anni"),
        (years, months) => {
            format!("{} e {}", plural(years, "anno", "anni"), plural(months, "mese", "mesi"))
        }
    }
}

/// A date after words that end in `il`, `al`, `del` or `dal`: before 8 and 11 they elide.
pub fn after(words: &str, day: Date, date: &str) -> String {
    match words.strip_suffix("l ") {
        Some(words) if matches!(day.day(), 8 | 11) => match words.strip_suffix('i') {
            Some(words) => format!("{words}l’{date}"),
            None => format!("{words}ll’{date}"),
        },
        Some(_) | None => format!("{words}{date}"),
    }
}

fn plural(count: u32, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// How late something was recorded, in words; `None` when it was within a day.
pub fn recorded_late(happened_on: Date, recorded_at: OffsetDateTime) -> Option<String> {
    let late = (rome::day_of(recorded_at) - happened_on).whole_days();
    (late >= 2).then(|| format!("registrato {} dopo", days(late)))
}

/// The age band of somebody born in `year`, as of `today`; a single year would tell too much.
pub fn age_band(year: i32, today: Date) -> &'static str {
    match today.year() - year {
        ..18 => "meno di 18 anni",
        18..25 => "18–24 anni",
        25..35 => "25–34 anni",
        35..45 => "35–44 anni",
        45..55 => "45–54 anni",
        55..65 => "55–64 anni",
        65.. => "65 anni o più",
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    const TODAY: Date = date!(2026 - 11 - 22);

    #[test]
    fn days_and_times_are_those_of_rome() {
        assert_eq!(short_with_time(datetime!(2026-10-15 10:40 UTC), TODAY), "15 ott 12:40");
        assert_eq!(short_with_time(datetime!(2025-12-31 23:30 UTC), TODAY), "1 gen 00:30");
        assert_eq!(short(date!(2024 - 05 - 02), TODAY), "2 mag 2024");
        assert_eq!(time_of(datetime!(2026-03-29 09:00 UTC)), "11:00");
        assert_eq!(time_of(datetime!(2026-10-25 09:00 UTC)), "10:00");
        assert_eq!(time_of(datetime!(2026-10-25 22:30 UTC)), "23:30");
    }

    #[test]
    fn a_duration_is_told_in_the_largest_words_that_fit() {
        assert_eq!(duration(date!(2026 - 11 - 16), TODAY), "6 giorni");
        assert_eq!(duration(date!(2026 - 10 - 12), TODAY), "41 giorni");
        assert_eq!(duration(date!(2026 - 05 - 04), TODAY), "6 mesi");
        assert_eq!(duration(date!(2024 - 10 - 04), TODAY), "2 anni e 1 mese");
        assert_eq!(duration(TODAY, TODAY), "0 giorni");
    }

    #[test]
    fn the_article_elides_before_eight_and_eleven() {
        let (eight, nine) = (date!(2026 - 01 - 08), date!(2026 - 01 - 09));
        assert_eq!(after("entro il ", eight, &long(eight)), "entro l’8 gennaio 2026");
        assert_eq!(after("fino al ", eight, &long(eight)), "fino all’8 gennaio 2026");
        assert_eq!(after("dal ", nine, &long(nine)), "dal 9 gennaio 2026");
    }

    #[test]
    fn what_was_recorded_a_day_later_is_not_late() {
        assert_eq!(
            recorded_late(date!(2026 - 04 - 18), datetime!(2026-05-06 15:20 UTC)).as_deref(),
            Some("registrato 18 giorni dopo")
        );
        assert_eq!(recorded_late(date!(2026 - 04 - 18), datetime!(2026-04-19 06:00 UTC)), None);
    }
}
