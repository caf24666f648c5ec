//! Whose turn it is to read the feed: so many at one time, so that nobody else waits for the database
//! because of them. Of a body's systems one, since each may look for seconds; and however many they
//! are, those who control always find room beside them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use trama_events::ids::OrganisationId;

/// Pages that are read at one time, by all readers together.
const READING_MAX: usize = 4;
/// Of these, pages of systems.
const SYSTEMS_MAX: usize = 3;
/// Of these, pages of one body's systems.
const BODY_MAX: usize = 1;

#[derive(Debug, Clone)]
pub(super) struct Turns {
    all: Arc<Semaphore>,
    systems: Arc<Semaphore>,
    /// Those whose systems read or wait.
    bodies: Arc<Mutex<BTreeMap<OrganisationId, Arc<Semaphore>>>>,
}

/// A page that is being read; another one may be when this is dropped.
pub(super) type Turn = Vec<OwnedSemaphorePermit>;

/// Why it is nobody's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTurn {
    /// Others read.
    Busy,
    /// Systems of her own body read.
    OwnBody,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(READING_MAX)),
            systems: Arc::new(Semaphore::new(SYSTEMS_MAX)),
            bodies: Arc::default(),
        }
    }
}

impl Turns {
    /// The turn of who controls.
    ///
    /// # Errors
    ///
    /// [`NoTurn::Busy`] when there is none `until` then.
    pub(super) async fn controller(&self, until: Instant) -> Result<Turn, NoTurn> {
        Ok(vec![get(&self.all, until).await.ok_or(NoTurn::Busy)?])
    }

    /// The turn of a system of this body.
    ///
    /// # Errors
    ///
    /// [`NoTurn`] when there is none `until` then.
    pub(super) async fn system(
        &self,
        body: OrganisationId,
        until: Instant,
    ) -> Result<Turn, NoTurn> {
        // In this order: who waits for her own body keeps nobody else waiting.
        let own = get(&self.of(body), until).await.ok_or(NoTurn::OwnBody)?;
        let systems = get(&self.systems, until).await.ok_or(NoTurn::Busy)?;
        let all = get(&self.all, until).await.ok_or(NoTurn::Busy)?;
        Ok(vec![all, systems, own])
    }

    fn of(&self, body: OrganisationId) -> Arc<Semaphore> {
        let mut bodies = self.bodies.lock().unwrap_or_else(PoisonError::into_inner);
        // Permits and who waits for one hold it too.
        bodies.retain(|_, turns| Arc::strong_count(turns) > 1);
        Arc::clone(bodies.entry(body).or_insert_with(|| Arc::new(Semaphore::new(BODY_MAX))))
    }
}

async fn get(turns: &Arc<Semaphore>, until: Instant) -> Option<OwnedSemaphorePermit> {
    timeout_at(until, Arc::clone(turns).acquire_owned()).await.ok()?.ok()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn body(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    /// A turn that is free now.
    async fn now(turns: &Turns, number: u128) -> Result<Turn, NoTurn> {
        turns.system(body(number), Instant::now()).await
    }

    #[tokio::test]
    async fn a_body_that_reads_without_a_pause_keeps_no_other_body_and_no_auditor_waiting_t20() {
        let turns = Turns::default();
        let first = now(&turns, 1).await.unwrap();
        for _ in 0..8 {
            assert_eq!(now(&turns, 1).await.unwrap_err(), NoTurn::OwnBody);
        }
        let others = [now(&turns, 2).await.unwrap(), now(&turns, 3).await.unwrap()];
        assert_eq!(now(&turns, 4).await.unwrap_err(), NoTurn::Busy, "systems have three");
        let auditor = turns.controller(Instant::now()).await.unwrap();
        assert_eq!(turns.controller(Instant::now()).await.unwrap_err(), NoTurn::Busy);
        drop(auditor);
        turns.controller(Instant::now()).await.unwrap();
        drop(first);
        drop(now(&turns, 1).await.unwrap());
        drop(others);
        drop(now(&turns, 4).await.unwrap());
        assert_eq!(turns.bodies.lock().unwrap().len(), 1, "who reads no more is forgotten");
    }
}
