//! Keys that an issuer publishes: fetched, kept for a while, fetched anew when it rotates them.
//!
//! A key that the issuer takes away stops working within [`FRESH_MAX`] and one request, as long as
//! the issuer answers; while it does not, the keys that were known hold for [`STALE_MAX`], and then
//! nobody is let in.

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use time::{Duration, OffsetDateTime};

use super::jws::Signing;
use super::key_set::KeySet;
use crate::outward::{Outward, Unreachable, Url};

/// How long keys are used without asking again.
const FRESH_MAX: Duration = Duration::minutes(1);
/// How long keys are used while their issuer does not answer.
const STALE_MAX: Duration = Duration::minutes(10);
/// Between two times that the issuer is asked: tokens with invented keys cost it nothing.
const AGAIN_AFTER: Duration = Duration::seconds(10);

/// Where keys come from, and the last ones.
#[derive(Debug)]
pub(super) struct Fetched {
    signing: Signing,
    from: Url,
    outward: Outward,
    kept: RwLock<Kept>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Clone)]
struct Kept {
    keys: Arc<KeySet>,
    at: OffsetDateTime,
    tried_at: OffsetDateTime,
}

impl Kept {
    /// A moment in the future means that the clock was set back: as good as long ago.
    fn older_than(&self, length: Duration, now: OffsetDateTime) -> bool {
        now < self.at || now - self.at > length
    }

    fn tried_within(&self, length: Duration, now: OffsetDateTime) -> bool {
        now >= self.tried_at && now - self.tried_at < length
    }
}

impl Fetched {
    /// Keys that are fetched when the first token comes.
    pub(super) fn new(signing: Signing, from: Url, outward: Outward) -> Self {
        let never = OffsetDateTime::UNIX_EPOCH;
        let kept = Kept { keys: Arc::new(KeySet::empty(signing)), at: never, tried_at: never };
        Self { signing, from, outward, kept: RwLock::new(kept), turn: tokio::sync::Mutex::new(()) }
    }

    /// The keys as they are known now, as long as they may be used.
    fn known(&self, now: OffsetDateTime) -> Arc<KeySet> {
        let kept = self.kept();
        if kept.older_than(STALE_MAX, now) {
            return Arc::new(KeySet::empty(self.signing));
        }
        kept.keys
    }

    /// The keys with which a token that names this key is checked: asked for anew when they are
    /// old, or when this one is not among them.
    pub(super) async fn for_key(&self, kid: &str, now: OffsetDateTime) -> Arc<KeySet> {
        let kept = self.kept();
        let known = kept.keys.find(kid).is_some() && !kept.older_than(STALE_MAX, now);
        if known && !kept.older_than(FRESH_MAX, now) {
            return kept.keys;
        }
        if known {
            // One asks; the others go on with what is known.
            if let Ok(_turn) = self.turn.try_lock() {
                self.ask(now).await;
            }
        } else {
            let _turn = self.turn.lock().await;
            self.ask(now).await;
        }
        self.known(now)
    }

    async fn ask(&self, now: OffsetDateTime) {
        if self.kept().tried_within(AGAIN_AFTER, now) {
            return;
        }
        let fetched = self.fetch().await;
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.tried_at = now;
        match fetched {
            Ok(keys) => (kept.keys, kept.at) = (Arc::new(keys), now),
            Err(error) => {
                tracing::warn!(from = %self.from, %error, "an issuer's keys cannot be had now");
            }
        }
    }

    async fn fetch(&self) -> Result<KeySet, Unreachable> {
        let body = self.outward.get(&self.from).await?;
        let set: Value = serde_json::from_slice(&body).map_err(Unreachable::other)?;
        KeySet::usable(self.signing, &set).map_err(Unreachable::other)
    }

    fn kept(&self) -> Kept {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
