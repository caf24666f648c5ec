//! How often one may do something: so many at once, and then one more each time that a while has
//! passed. In memory, of this process; time is an argument.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

/// Most that are remembered at once. Beyond it the one is forgotten who tried least.
const REMEMBERED_MAX: usize = 10_000;

/// Too many; it may be tried again after a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many: try again in {} seconds", .after.whole_seconds())]
pub struct TooMany {
    /// After how long.
    pub after: Duration,
}

/// A limit for each `K`.
#[derive(Debug)]
pub struct Throttle<K> {
    at_once: u32,
    every: Duration,
    /// Until when each has used up what it may.
    used: Mutex<BTreeMap<K, OffsetDateTime>>,
}

impl<K: Ord + Copy> Throttle<K> {
    /// `at_once` at any time, and one more each `every`.
    pub fn new(at_once: u32, every: Duration) -> Self {
        Self { at_once, every, used: Mutex::default() }
    }

    /// Counts one.
    ///
    /// # Errors
    ///
    /// [`TooMany`], which is not counted.
    pub fn take(&self, of: K, now: OffsetDateTime) -> Result<(), TooMany> {
        let full = self.every * self.at_once;
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back keeps nobody waiting for longer than the limit does.
        let until = used.get(&of).map_or(now, |until| (*until).clamp(now, now + full));
        let next = until + self.every;
        if next > now + full {
            return Err(TooMany { after: next - now - full });
        }
        if used.len() >= REMEMBERED_MAX && !used.contains_key(&of) {
            make_room(&mut used, now);
        }
        used.insert(of, next);
        Ok(())
    }
}

fn make_room<K: Ord + Copy>(used: &mut BTreeMap<K, OffsetDateTime>, now: OffsetDateTime) {
    used.retain(|_, until| *until > now);
    if used.len() >= REMEMBERED_MAX
        && let Some(least) = used.iter().min_by_key(|(_, until)| **until).map(|(of, _)| *of)
    {
        used.remove(&least);
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-03-02 12:00 UTC);

    #[test]
    fn so_many_at_once_and_then_one_for_each_while() {
        let throttle = Throttle::new(3, Duration::seconds(10));
        for _ in 0..3 {
            assert_eq!(throttle.take("a", NOON), Ok(()));
        }
        let later = |seconds| NOON + Duration::seconds(seconds);
        assert_eq!(throttle.take("a", later(4)), Err(TooMany { after: Duration::seconds(6) }));
        assert_eq!(throttle.take("b", later(4)), Ok(()), "another one is not concerned");
        assert_eq!(throttle.take("a", later(10)), Ok(()));
        assert!(throttle.take("a", later(10)).is_err());
        assert!((0..3).all(|_| throttle.take("a", later(60)).is_ok()), "all of it is back");
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_nobody_waiting_for_long() {
        let throttle = Throttle::new(2, Duration::seconds(10));
        assert!((0..2).all(|_| throttle.take("a", NOON).is_ok()));
        let before = NOON - Duration::hours(5);
        assert_eq!(throttle.take("a", before), Err(TooMany { after: Duration::seconds(10) }));
    }

    #[test]
    fn what_is_remembered_has_a_bound_and_who_tries_most_is_not_forgotten() {
        let throttle = Throttle::new(2, Duration::seconds(10));
        assert!((0..2).all(|_| throttle.take(0, NOON).is_ok()));
        for number in 1..REMEMBERED_MAX + 500 {
            assert_eq!(throttle.take(number, NOON), Ok(()));
        }
        assert!(throttle.used.lock().unwrap().len() <= REMEMBERED_MAX);
        assert!(throttle.take(0, NOON).is_err());
    }
}
