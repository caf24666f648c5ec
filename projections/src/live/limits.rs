//! How many streams a worker has open.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use trama_events::ids::StaffId;
use trama_platform::Problem;

/// Most streams of one worker at a time: a browser of hers needs one, whatever she has open there.
pub(super) const STREAMS_MAX: usize = 5;

/// The streams of everybody. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Open(Arc<Mutex<HashMap<StaffId, usize>>>);

/// A stream of a worker, counted until it ends.
#[derive(Debug)]
pub(super) struct Counted {
    staff: StaffId,
    open: Open,
}

impl Open {
    /// Counts a stream more, unless she has as many as she may.
    pub(super) fn count(&self, staff: StaffId) -> Result<Counted, Problem> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(staff).or_default();
        if *count >= STREAMS_MAX {
            let detail = format!("at most {STREAMS_MAX} streams at a time: close a page first");
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", detail));
        }
        *count += 1;
        drop(open);
        Ok(Counted { staff, open: self.clone() })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.open.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.staff) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.staff);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_has_at_most_five_streams_and_one_that_ends_makes_room() {
        let (open, anna) = (Open::default(), StaffId::derived(&["anna"]));
        let mut hers: Vec<Counted> = (0..STREAMS_MAX).map(|_| open.count(anna).unwrap()).collect();
        assert_eq!(open.count(anna).unwrap_err().code, "too_many_streams");
        assert!(open.count(StaffId::derived(&["sara"])).is_ok(), "others have their own");
        hers.pop();
        assert!(open.count(anna).is_ok());
    }
}
