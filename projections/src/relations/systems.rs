use std::collections::BTreeSet;

use trama_events::ids::{OrganisationId, ServiceId};
use uuid::Uuid;

use super::find::{Relations, Unsure};

/// What must be known of the network before another body's system is told of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    /// The services that the system's own body runs: it acts for all of them.
    pub services: Vec<ServiceId>,
    /// Every confidential service and facility.
    pub confidential: BTreeSet<Uuid>,
}

impl Relations {
    /// What must be known before anything is told to a system of this body.
    ///
    /// # Errors
    ///
    /// [`Unsure`], as [`Self::of`].
    pub async fn outside(&self, body: OrganisationId) -> Result<Outside, Unsure> {
        self.must_be_in_time()?;
        let services = "select service from relations.services where organisation = $1";
        let services: Vec<Uuid> =
            sqlx::query_scalar(services).bind(body.0).fetch_all(self.pool()).await?;
        let confidential = "select service from relations.services where confidential \
             union select facility from relations.facilities where confidential";
        let confidential: Vec<Uuid> =
            sqlx::query_scalar(confidential).fetch_all(self.pool()).await?;
        Ok(Outside {
            services: services.into_iter().map(ServiceId).collect(),
            confidential: confidential.into_iter().collect(),
        })
    }

    /// Of these entries those that were moved or taken back, and those that a person obscured: they
    /// leave for no system, not even of the body that wrote them, since there nobody can tell for
    /// whom they are.
    ///
    /// # Errors
    ///
    /// [`Unsure`], as [`Self::of`].
    pub async fn moved_among(&self, entries: &[String]) -> Result<BTreeSet<String>, Unsure> {
        self.must_be_in_time()?;
        let moved = "select entry from relations.moved where entry = any($1) \
             union select entry from relations.obscured where entry = any($1) \
             union select o.entry from relations.own o join relations.obscured s \
                on s.person = o.person and s.service = o.service where o.entry = any($1)";
        let moved: Vec<String> =
            sqlx::query_scalar(moved).bind(entries).fetch_all(self.pool()).await?;
        Ok(moved.into_iter().collect())
    }
}
