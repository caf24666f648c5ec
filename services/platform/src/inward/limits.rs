//! How many requests a worker and a body may make (trust.md D5, threat 20). They pass once it is
//! known who asks, and before anything is decided, written down or read.

use time::{Duration, OffsetDateTime};
use trama_events::ids::{OrganisationId, StaffId};

use super::throttle::{Throttle, TooMany};

/// A worker: pages ask a few dozen questions at once, programs a few a second.
const WORKER_AT_ONCE: u32 = 600;
const WORKER_EVERY: Duration = Duration::milliseconds(50);
/// A body: ten of its workers without a pause, or hundreds as people work.
const BODY_AT_ONCE: u32 = 6_000;
const BODY_EVERY: Duration = Duration::milliseconds(5);
/// By how much a private installation lets more through: a script of one worker fills a city there.
const PRIVATE: u32 = 500;

/// A limit for each worker and one for each body, in the memory of this process.
#[derive(Debug)]
pub struct Limits {
    worker: Throttle<StaffId>,
    body: Throttle<OrganisationId>,
}

impl Default for Limits {
    /// Of an installation that people use: 600 requests at any time and 20 a second for a worker,
    /// 6,000 and 200 a second for a body.
    fn default() -> Self {
        Self {
            worker: Throttle::new(WORKER_AT_ONCE, WORKER_EVERY),
            body: Throttle::new(BODY_AT_ONCE, BODY_EVERY),
        }
    }
}

impl Limits {
    /// Of a private installation on loopback, which has scripts for users.
    pub fn private() -> Self {
        Self {
            worker: Throttle::new(WORKER_AT_ONCE * PRIVATE, WORKER_EVERY / PRIVATE),
            body: Throttle::new(BODY_AT_ONCE * PRIVATE, BODY_EVERY / PRIVATE),
        }
    }

    /// Counts a request of a worker of a body.
    ///
    /// # Errors
    ///
    /// [`TooMany`] for her or for her body; then it is not counted for her body.
    pub fn take(
        &self,
        staff: StaffId,
        body: OrganisationId,
        now: OffsetDateTime,
    ) -> Result<(), TooMany> {
        self.worker.take(staff, now)?;
        self.body.take(body, now)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-03-02 12:00 UTC);

    fn take(limits: &Limits, worker: u32, body: u128, now: OffsetDateTime) -> Result<(), TooMany> {
        let worker = StaffId(Uuid::from_u128(worker.into()));
        limits.take(worker, OrganisationId(Uuid::from_u128(body)), now)
    }

    #[test]
    fn a_worker_and_a_body_have_each_a_limit_and_others_are_not_concerned_t20() {
        let limits = Limits::default();
        for _ in 0..WORKER_AT_ONCE {
            assert_eq!(take(&limits, 0, 1, NOON), Ok(()));
        }
        assert!(take(&limits, 0, 1, NOON).is_err());
        for colleague in 1..=BODY_AT_ONCE - WORKER_AT_ONCE {
            assert_eq!(take(&limits, colleague, 1, NOON), Ok(()), "{colleague}");
        }
        assert!(take(&limits, 99_999, 1, NOON).is_err(), "the body has used up its own");
        assert_eq!(take(&limits, 99_998, 2, NOON), Ok(()), "another body");
        assert_eq!(take(&limits, 99_999, 1, NOON + BODY_EVERY), Ok(()));
    }

    #[test]
    fn scripts_of_a_private_installation_meet_no_limit_of_people() {
        let limits = Limits::private();
        assert!((0..20_000).all(|_| take(&limits, 0, 1, NOON).is_ok()));
    }
}
