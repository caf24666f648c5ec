//! From days and amounts to places on a drawing.

use time::{Date, Month};
use trama_events::rome;

/// A scale over amounts that begins at `from` and ends at `to`, both in units of the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linear {
    /// The smallest amount.
    pub least: f64,
    /// The largest amount.
    pub most: f64,
    /// Where the smallest is.
    pub from: f64,
    /// Where the largest is.
    pub to: f64,
}

impl Linear {
    /// Where an amount is; one outside is put at the nearer end.
    pub fn at(self, amount: f64) -> f64 {
        let room = self.most - self.least;
        let share = if room > 0.0 { ((amount - self.least) / room).clamp(0.0, 1.0) } else { 0.0 };
        self.from + share * (self.to - self.from)
    }
}

/// Days in Rome on a horizontal axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Days {
    /// The first day, at its beginning.
    pub first: Date,
    /// The last day, at its end.
    pub last: Date,
    /// Where the first begins, in units of the drawing.
    pub left: f64,
    /// Where the last ends.
    pub right: f64,
}

/// A place on the axis that has a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tick {
    /// The first day of what is named.
    pub from: Date,
    /// Where it begins, in units of the drawing.
    pub left: f64,
    /// Where it ends.
    pub right: f64,
}

/// What each stretch between two ticks is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Seven days from a Monday.
    Week,
    /// A month.
    Month,
    /// Three months of the year.
    Quarter,
    /// A year.
    Year,
}

/// Least distance of two ticks, in units of the drawing: room for `settembre` and for `15 ott`.
const STEP_MIN: f64 = 62.0;

impl Days {
    /// How many days it shows, one at least.
    pub fn count(self) -> i32 {
        days(self.first, self.last).max(0) + 1
    }

    /// Where a day begins; one outside is put at the nearer end.
    pub fn at(self, day: Date) -> f64 {
        let share = f64::from(days(self.first, day)) / f64::from(self.count());
        self.left + share.clamp(0.0, 1.0) * (self.right - self.left)
    }

    /// Where a day has its middle.
    pub fn middle(self, day: Date) -> f64 {
        let half = (self.right - self.left) / f64::from(self.count()) / 2.0;
        (self.at(day) + half).min(self.right)
    }

    /// Whether a day is on the axis.
    pub fn shows(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }

    /// The shortest step whose names have room.
    pub fn step(self) -> Step {
        let of_a_day = (self.right - self.left) / f64::from(self.count());
        let steps = [(Step::Week, 7.0), (Step::Month, 30.0), (Step::Quarter, 91.0)];
        let fits = |(_, length): &(Step, f64)| of_a_day * length >= STEP_MIN;
        // Weeks are for weeks: names of months say more from a season on.
        let brief = |(step, _): &(Step, f64)| *step != Step::Week || self.count() <= 70;
        steps.into_iter().filter(brief).find(fits).map_or(Step::Year, |(step, _)| step)
    }

    /// The stretches of the axis, the first and the last as far as they are on it.
    pub fn ticks(self, step: Step) -> Vec<Tick> {
        let mut ticks: Vec<Tick> = Vec::new();
        let mut from = beginning(self.first, step);
        while from <= self.last {
            let next = after(from, step);
            ticks.push(Tick { from, left: self.at(from), right: self.at(next) });
            if next <= from {
                break;
            }
            from = next;
        }
        ticks
    }
}

fn days(from: Date, to: Date) -> i32 {
    i32::try_from((to - from).whole_days()).unwrap_or(i32::MAX)
}

fn beginning(day: Date, step: Step) -> Date {
    let first_of = |month: Month| Date::from_calendar_date(day.year(), month, 1).unwrap_or(day);
    match step {
        Step::Week => day
            .checked_sub(time::Duration::days(day.weekday().number_days_from_monday().into()))
            .unwrap_or(day),
        Step::Month => first_of(day.month()),
        Step::Quarter => {
            let quarter = (u8::from(day.month()) - 1) / 3 * 3 + 1;
            first_of(Month::try_from(quarter).unwrap_or(day.month()))
        }
        Step::Year => first_of(Month::January),
    }
}

fn after(day: Date, step: Step) -> Date {
    match step {
        Step::Week => rome::days_after(day, 7),
        Step::Month => rome::months_after(day, 1),
        Step::Quarter => rome::months_after(day, 3),
        Step::Year => rome::months_after(day, 12),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn over(first: Date, last: Date) -> Days {
        Days { first, last, left: 100.0, right: 1100.0 }
    }

    #[test]
    fn the_step_follows_from_the_length() {
        let from = date!(2026 - 01 - 01);
        let step = |last| over(from, last).step();
        assert_eq!(step(date!(2026 - 01 - 21)), Step::Week);
        assert_eq!(step(date!(2026 - 03 - 31)), Step::Month);
        assert_eq!(step(date!(2026 - 12 - 31)), Step::Month);
        assert_eq!(step(date!(2028 - 12 - 31)), Step::Quarter);
        assert_eq!(step(date!(2038 - 03 - 31)), Step::Year);
    }

    #[test]
    fn ticks_cover_the_axis_without_gap_and_keep_their_distance() {
        let axis = over(date!(2014 - 05 - 17), date!(2026 - 11 - 22));
        for days in [axis, Days { first: date!(2026 - 03 - 02), ..axis }] {
            let ticks = days.ticks(days.step());
            assert!((ticks[0].left - 100.0).abs() < 0.01);
            assert!((ticks.last().unwrap().right - 1100.0).abs() < 0.01);
            for pair in ticks.windows(2) {
                assert!((pair[0].right - pair[1].left).abs() < 0.01);
            }
        }
    }

    #[test]
    fn a_day_is_where_it_is_and_never_off_the_axis() {
        let days = over(date!(2026 - 01 - 01), date!(2026 - 01 - 10));
        assert!((days.at(date!(2026 - 01 - 02)) - 200.0).abs() < 0.01);
        assert!((days.middle(date!(2026 - 01 - 10)) - 1050.0).abs() < 0.01);
        assert!((days.at(date!(2025 - 01 - 02)) - 100.0).abs() < 0.01);
        assert!((days.at(date!(2027 - 01 - 02)) - 1100.0).abs() < 0.01);
    }

    #[test]
    fn an_amount_outside_is_put_at_the_nearer_end() {
        let scale = Linear { least: 0.0, most: 40.0, from: 2.5, to: 15.0 };
        for (amount, place) in [(0.0, 2.5), (20.0, 8.75), (90.0, 15.0)] {
            assert!((scale.at(amount) - place).abs() < 0.01, "{amount}");
        }
        assert!((Linear { most: 0.0, ..scale }.at(3.0) - 2.5).abs() < 0.01);
    }
}
