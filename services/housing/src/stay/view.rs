use serde::Serialize;
use time::Date;
use trama_events::codes::Destination;
use trama_events::housing::AdmissionRoute;
use trama_events::ids::{PersonId, StayId};
use utoipa::ToSchema;

use super::{Lodging, Stay};

/// A stay as the workers of its facility see it: people and dates, nothing of the project (domain
/// §6).
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StayView {
    /// The stay.
    pub stay: StayId,
    /// Who holds it.
    pub person: PersonId,
    /// Who moved in with her.
    pub members: Vec<PersonId>,
    /// First night.
    pub started_on: Date,
    /// How she was admitted.
    pub route: AdmissionRoute,
    /// The day by which it must end or be extended; none without a cap.
    pub cap_on: Option<Date>,
    /// Where they stay, the first lodging first.
    pub lodgings: Vec<Lodging>,
    /// First night elsewhere, once it ended.
    pub ended_on: Option<Date>,
    /// Where to.
    pub destination: Option<Destination>,
}

impl Stay {
    /// What is known of it; nothing before it began.
    pub fn view(&self) -> Option<StayView> {
        let start = self.start.as_ref()?;
        Some(StayView {
            stay: start.stay,
            person: start.person,
            members: start.members.clone(),
            started_on: start.started_on,
            route: start.route,
            cap_on: self.cap_on,
            lodgings: self.lodgings.clone(),
            ended_on: self.end.map(|end| end.ended_on),
            destination: self.end.map(|end| end.destination),
        })
    }
}
