//! What may be seen that is about nobody in particular: figures, and the log of readings.

use axum::http::StatusCode;
use trama_permit::{Decision as Decided, Figure};

use super::reading::{Reader, at_most, worker};
use crate::access::Entry;
use crate::failure::Problem;
use crate::ties::Ties;

impl Reader {
    /// Whether she may see a figure. A refusal is written down.
    ///
    /// # Errors
    ///
    /// 403 when she may not: that there are figures is no secret; 503 when it cannot be written
    /// down.
    pub async fn may_see(&self, figure: &Figure) -> Result<(), Problem> {
        let worker = worker(&self.caller, &Ties::default());
        let decided = self.gate().policies().may_see_figure(&worker, figure);
        if decided.allowed {
            return Ok(());
        }
        let entry = Entry {
            sections: vec!["figure".to_owned()],
            policies: at_most(decided.policies),
            ..self.entry(None)
        };
        self.gate().access().write(entry).await?;
        let detail = "you may not see this figure: it measures somebody else, or it is so small \
                      that it could be about few people";
        Err(Problem::new(StatusCode::FORBIDDEN, "figure_may_not", detail))
    }

    /// Whether she may see who read what. Whoever asks writes it down with what it was about.
    pub fn may_audit(&self) -> Decided {
        let worker = worker(&self.caller, &Ties::default());
        self.gate().policies().may_audit(&worker)
    }
}
