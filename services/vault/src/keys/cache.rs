use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use trama_events::codes::Segment;
use trama_events::ids::PersonId;
use trama_platform::clock::pause;

use super::{DataKey, Owner};

/// How long an unwrapped key is kept: an erasure holds everywhere after this (trust.md §3).
pub const KEPT_MAX: Duration = Duration::from_mins(1);
/// How many are kept at most: some megabytes.
pub const KEYS_MAX: usize = 20_000;
/// How often those whose time is over are overwritten, also when nobody asks.
const SWEEP_EVERY: Duration = Duration::from_secs(2);
/// Taken off, so that the sweep itself is not late.
const KEPT: Duration = Duration::from_secs(55);

/// Unwrapped keys, for a short while.
#[derive(Default)]
pub(super) struct Cache {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    keys: HashMap<Owner, (Arc<DataKey>, Instant)>,
    /// In the order in which they came, which is the order in which they go.
    order: VecDeque<(Owner, Instant)>,
}

impl Cache {
    /// A cache that is swept as long as somebody has it.
    pub(super) fn start() -> Arc<Self> {
        let cache = Arc::new(Self::default());
        let weak = Arc::downgrade(&cache);
        tokio::spawn(async move {
            loop {
                pause(SWEEP_EVERY).await;
                match weak.upgrade() {
                    Some(cache) => cache.kept().sweep(Instant::now()),
                    None => return,
                }
            }
        });
        cache
    }

    pub(super) fn find(&self, wanted: &[Owner], now: Instant) -> HashMap<Owner, Arc<DataKey>> {
        let mut kept = self.kept();
        kept.sweep(now);
        let one = |owner: &Owner| kept.keys.get(owner).map(|(key, _)| (*owner, key.clone()));
        wanted.iter().filter_map(one).collect()
    }

    /// Keeps a key that was read from its table at `looked`.
    pub(super) fn keep(&self, owner: Owner, key: &Arc<DataKey>, looked: Instant) {
        let mut kept = self.kept();
        kept.keys.insert(owner, (key.clone(), looked));
        kept.order.push_back((owner, looked));
        while kept.order.len() > KEYS_MAX {
            kept.drop_first();
        }
    }

    pub(super) fn forget(&self, person: PersonId, segments: &[Segment]) {
        let mut kept = self.kept();
        for segment in segments {
            kept.keys.remove(&Owner::Person(person, *segment));
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Lets go of what is too old; the bytes are overwritten when the last holder does.
    fn sweep(&mut self, now: Instant) {
        while self.order.front().is_some_and(|(_, at)| now.duration_since(*at) >= KEPT) {
            self.drop_first();
        }
    }

    /// The oldest entry; its key stays when it was kept anew meanwhile.
    fn drop_first(&mut self) {
        if let Some((owner, at)) = self.order.pop_front()
            && self.keys.get(&owner).is_some_and(|(_, kept)| *kept == at)
        {
            self.keys.remove(&owner);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::cipher::draw_key;

    fn owner(number: u128) -> Owner {
        Owner::Person(PersonId(Uuid::from_u128(number)), Segment::Identity)
    }

    fn key() -> Arc<DataKey> {
        Arc::new(DataKey { id: Uuid::nil(), secret: draw_key().unwrap() })
    }

    #[test]
    fn a_key_is_kept_for_less_than_a_minute_and_let_go() {
        let (cache, key, start) = (Cache::default(), key(), Instant::now());
        cache.keep(owner(1), &key, start);
        assert_eq!(cache.find(&[owner(1)], start + Duration::from_secs(54)).len(), 1);
        cache.kept().sweep(start + KEPT + SWEEP_EVERY);
        assert!(KEPT + SWEEP_EVERY < KEPT_MAX);
        assert_eq!(Arc::strong_count(&key), 1);
        assert!(cache.find(&[owner(1)], start).is_empty());
    }

    #[test]
    fn a_key_that_was_read_anew_is_kept_anew() {
        let (cache, key, start) = (Cache::default(), key(), Instant::now());
        cache.keep(owner(1), &key, start);
        cache.keep(owner(1), &key, start + Duration::from_secs(40));
        assert_eq!(cache.find(&[owner(1)], start + Duration::from_mins(1)).len(), 1);
        assert!(cache.find(&[owner(1)], start + Duration::from_secs(95)).is_empty());
    }

    #[test]
    fn so_many_keys_are_kept_and_no_more() {
        let (cache, key, start) = (Cache::default(), key(), Instant::now());
        for number in 0..=KEYS_MAX as u128 {
            cache.keep(owner(number), &key, start);
        }
        assert_eq!(Arc::strong_count(&key), KEYS_MAX + 1);
        assert!(cache.find(&[owner(0)], start).is_empty());
        assert_eq!(cache.find(&[owner(1)], start).len(), 1);
    }

    #[test]
    fn what_was_erased_is_forgotten_at_once() {
        let (cache, key, start) = (Cache::default(), key(), Instant::now());
        cache.keep(owner(1), &key, start);
        cache.forget(PersonId(Uuid::from_u128(1)), &[Segment::Identity]);
        assert!(cache.find(&[owner(1)], start).is_empty());
        assert_eq!(Arc::strong_count(&key), 1);
    }
}
