use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use sqlx::{PgPool, Row};
use trama_events::Context;

use crate::clock::pause;
use crate::log::Feed;
use crate::servers::{PgRole, Servers};

/// How often the model is compared with the logs.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often until it was whole once: nothing is decided on it before.
const LOOK_FIRST: Duration = Duration::from_millis(100);
/// Longest wait for one look: a server that hangs is one that does not answer.
const LOOK_MAX: Duration = Duration::from_secs(4);

/// How late a model is, looked at in the background: decisions that rest on a model ask this before
/// they trust its rows (trust.md D4). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lag {
    known: Arc<RwLock<Known>>,
}

#[derive(Debug, Clone, Copy)]
enum Known {
    /// Everything that stood in the logs at this moment is in the model.
    To(Instant),
    /// It was never whole since this process looks.
    Never,
    /// There are no logs behind it: a table that a test fills.
    Always,
}

/// What one context's log had at a moment, while the model is still behind it.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: Instant,
    last: i64,
}

impl Lag {
    /// Begins to compare a model with the logs that it reads, once a second, for as long as
    /// somebody holds it.
    pub fn watch(servers: &Servers, model: &'static str, contexts: &[Context]) -> Self {
        let known = Arc::new(RwLock::new(Known::Never));
        let lookout = Lookout {
            rows: servers.pool(PgRole::Gate, 1),
            positions: format!("select context, position from {model}.positions"),
            feeds: contexts.iter().map(|context| Feed::open(servers, *context)).collect(),
            marks: Marks::default(),
        };
        tokio::spawn(lookout.run(Arc::downgrade(&known)));
        Self { known }
    }

    /// Of something that is never late.
    pub fn none() -> Self {
        Self { known: Arc::new(RwLock::new(Known::Always)) }
    }

    /// Whether the model has everything that stood in its logs `max` ago. `false` also while this
    /// cannot be told.
    pub fn is_within(&self, max: Duration) -> bool {
        match self.known.read().map(|known| *known) {
            Ok(Known::To(moment)) => moment.elapsed() <= max,
            Ok(Known::Always) => true,
            Ok(Known::Never) | Err(_) => false,
        }
    }
}

struct Lookout {
    rows: PgPool,
    positions: String,
    feeds: Vec<Feed>,
    marks: Marks,
}

impl Lookout {
    async fn run(mut self, known: std::sync::Weak<RwLock<Known>>) {
        let mut every = LOOK_FIRST;
        loop {
            let looked = tokio::time::timeout(LOOK_MAX, self.look()).await;
            let Some(known) = known.upgrade() else { return };
            if let (Ok(Ok(Some(moment))), Ok(mut known)) = (looked, known.write()) {
                *known = Known::To(moment);
                every = LOOK_EVERY;
            }
            drop(known);
            pause(every).await;
        }
    }

    /// The moment up to which the model has every log. The ends of the logs are read before the
    /// model's positions: what comes in between makes it look later than it is, never earlier.
    async fn look(&mut self) -> sqlx::Result<Option<Instant>> {
        let mut ends = Vec::with_capacity(self.feeds.len());
        for feed in &self.feeds {
            ends.push((feed.context(), Mark { at: Instant::now(), last: feed.last().await? }));
        }
        let mut taken = BTreeMap::new();
        for row in sqlx::query(&self.positions).fetch_all(&self.rows).await? {
            let (context, position): (String, i64) =
                (row.try_get("context")?, row.try_get("position")?);
            taken.insert(context, position);
        }
        for (context, end) in ends {
            let taken = taken.get(context.name()).copied().unwrap_or(0);
            self.marks.compare(context, end, taken);
        }
        Ok(self.marks.whole(self.feeds.iter().map(Feed::context)))
    }
}

/// For each context, up to when the model has its log.
#[derive(Debug, Default)]
struct Marks {
    next: BTreeMap<Context, Mark>,
    whole_at: BTreeMap<Context, Instant>,
}

impl Marks {
    /// Up to when it has all of them.
    fn whole(&self, contexts: impl Iterator<Item = Context>) -> Option<Instant> {
        let whole = contexts.map(|context| self.whole_at.get(&context).copied());
        whole.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// A model that runs behind is measured at marks: it was whole as of the last one it passed.
    fn compare(&mut self, context: Context, end: Mark, taken: i64) {
        if taken >= end.last {
            self.whole_at.insert(context, end.at);
            self.next.remove(&context);
            return;
        }
        let mark = self.next.get(&context).copied();
        if let Some(passed) = mark.filter(|mark| taken >= mark.last) {
            self.whole_at.insert(context, passed.at);
        }
        if mark.is_none_or(|mark| taken >= mark.last) {
            self.next.insert(context, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUSING: Context = Context::Housing;

    fn at(start: Instant, seconds: u64, last: i64) -> Mark {
        Mark { at: start + Duration::from_secs(seconds), last }
    }

    #[test]
    fn a_model_is_whole_as_of_the_last_end_of_the_log_that_it_reached() {
        let (start, mut marks) = (Instant::now(), Marks::default());
        let whole = |marks: &Marks| {
            marks.whole([HOUSING].into_iter()).map(|moment| (moment - start).as_secs())
        };
        assert_eq!(whole(&marks), None);
        // Seconds, end of the log, what the model has, up to when it is whole.
        for (seconds, last, taken, expected) in [
            (1, 10, 5, None),
            (2, 12, 9, None),
            (3, 14, 10, Some(1)),
            (4, 20, 13, Some(1)),
            (5, 25, 14, Some(3)),
            (6, 25, 25, Some(6)),
            (9, 26, 25, Some(6)),
        ] {
            marks.compare(HOUSING, at(start, seconds, last), taken);
            assert_eq!(whole(&marks), expected, "after {seconds} s");
        }
    }

    #[test]
    fn one_log_that_is_behind_makes_the_whole_model_late() {
        let (start, mut marks) = (Instant::now(), Marks::default());
        marks.compare(HOUSING, at(start, 5, 7), 7);
        let both = || [HOUSING, Context::Referrals].into_iter();
        assert_eq!(marks.whole(both()), None, "the other log was not read yet");
        marks.compare(Context::Referrals, at(start, 1, 3), 3);
        marks.compare(Context::Referrals, at(start, 5, 4), 3);
        assert_eq!(marks.whole(both()), Some(start + Duration::from_secs(1)));
    }

    #[test]
    fn what_nobody_looked_at_is_within_no_time() {
        let of = |known| Lag { known: Arc::new(RwLock::new(known)) };
        assert!(!of(Known::Never).is_within(Duration::MAX));
        assert!(of(Known::To(Instant::now())).is_within(Duration::from_secs(30)));
        assert!(Lag::none().is_within(Duration::ZERO));
    }
}
