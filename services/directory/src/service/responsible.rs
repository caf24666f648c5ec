//! Who answers for a service: she sets right what was written in its name on the wrong person.

use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::directory::ServiceEvent;
use trama_events::ids::StaffId;

use super::{Decision, Rejection, Service, rules};

/// Who answers for a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Responsible {
    /// Nobody; since the day on which the last one ceased to, if there was one.
    Nobody { since: Option<Date> },
    /// One at a time: who answers for all answers for nothing.
    Named { staff: StaffId, on: Date },
}

impl Default for Responsible {
    fn default() -> Self {
        Self::Nobody { since: None }
    }
}

impl Responsible {
    pub(super) fn who(self) -> Option<StaffId> {
        match self {
            Self::Nobody { .. } => None,
            Self::Named { staff, .. } => Some(staff),
        }
    }

    fn since(self) -> Option<Date> {
        match self {
            Self::Nobody { since } => since,
            Self::Named { on, .. } => Some(on),
        }
    }
}

impl Service {
    /// Somebody who acts for it now (`fits`); she replaces who answered before.
    pub(super) fn name_responsible(
        &self,
        (staff, fits): (StaffId, bool),
        on: Date,
        today: Date,
    ) -> Decision {
        self.alive()?;
        if self.responsible == (Responsible::Named { staff, on }) {
            return Ok(vec![]);
        }
        if !fits {
            return Err(Rejection::CannotAnswer);
        }
        self.not_before_the_last(on, today)?;
        Ok(vec![ServiceEvent::ServiceResponsibleNamed { staff, on }])
    }

    pub(super) fn end_responsible(&self, on: Date, today: Date) -> Decision {
        self.alive()?;
        match self.responsible {
            Responsible::Nobody { since } if since == Some(on) => Ok(vec![]),
            Responsible::Nobody { .. } => Err(Rejection::NobodyAnswers),
            Responsible::Named { .. } => {
                self.not_before_the_last(on, today)?;
                Ok(vec![ServiceEvent::ServiceResponsibleEnded { on }])
            }
        }
    }

    fn not_before_the_last(&self, on: Date, today: Date) -> Result<(), Rejection> {
        rules::happened(on, today)?;
        match self.responsible.since() {
            Some(last) if on < last => Err(Rejection::OutOfOrder { last }),
            Some(_) | None => Ok(()),
        }
    }
}
