//! A service and its sites: registered, active, verified, with places, hours and doors (R15).

mod commands;
mod refusals;
mod responsible;
pub mod rules;
mod sites;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::codes::ServiceType;
use trama_events::directory::{OpeningHours, ServiceEvent};
use trama_events::ids::{Ats, PersonId, SiteId, StaffId};
use trama_platform::log::{Logged, Taken};

pub use commands::{Registration, ServiceCommand};
pub use refusals::Rejection;
use responsible::Responsible;
use sites::{Site, SiteStage};
pub use standing::{SiteStanding, Standing};

use crate::rules::{is_istat_code, public_name};

/// One service as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Service {
    registered: Option<Registration>,
    stage: Stage,
    verified_on: Option<Date>,
    places: Option<(u32, Date)>,
    responsible: Responsible,
    hours: Vec<OpeningHours>,
    sites: BTreeMap<SiteId, Site>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
enum Stage {
    #[default]
    OnPaper,
    Active(Date),
    Suspended(Date),
    Closed(Date),
}

impl Aggregate for Service {
    const TYPE: &'static str = "service";
    type Command = ServiceCommand;
    type Event = ServiceEvent;
    type Error = Rejection;
    type Services = ();

    async fn handle(
        &mut self,
        command: ServiceCommand,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Rejection> {
        let events = match command {
            ServiceCommand::Register { registration, organisation_known } => {
                self.register(registration, organisation_known)?
            }
            ServiceCommand::Activate { on, today } => self.activate(on, today)?,
            ServiceCommand::Suspend { on, today } => self.suspend(on, today)?,
            ServiceCommand::Close { on, today } => self.close(on, today)?,
            ServiceCommand::Verify { on, today } => self.verify(on, today)?,
            ServiceCommand::SetPlaces { places, on, today } => {
                self.set_places(places, on, today)?
            }
            ServiceCommand::NameResponsible { staff, fits, on, today } => {
                self.name_responsible((staff, fits), on, today)?
            }
            ServiceCommand::EndResponsible { on, today } => self.end_responsible(on, today)?,
            ServiceCommand::ChangeHours { hours } => self.change_hours(hours)?,
            ServiceCommand::PlanSite { site, municipality, planned_on } => {
                self.plan_site(site, municipality, planned_on)?
            }
            ServiceCommand::OpenSite { site, municipality, on, today } => {
                self.open_site(site, municipality, on, today)?
            }
            ServiceCommand::CloseSite { site, on, today } => self.close_site(site, on, today)?,
        };
        for event in events {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ServiceEvent) {
        match event {
            ServiceEvent::ServiceRegistered {
                service,
                organisation,
                name,
                service_type,
                ats,
                municipality,
                low_threshold,
            } => {
                self.registered = Some(Registration {
                    service,
                    organisation,
                    name,
                    service_type,
                    ats,
                    municipality,
                    low_threshold,
                });
            }
            ServiceEvent::ServiceActivated { on } => self.stage = Stage::Active(on),
            ServiceEvent::ServiceSuspended { on } => self.stage = Stage::Suspended(on),
            ServiceEvent::ServiceClosed { on } => self.stage = Stage::Closed(on),
            ServiceEvent::ServiceVerified { on } => self.verified_on = Some(on),
            ServiceEvent::ServicePlacesSet { places, on } => self.places = Some((places, on)),
            ServiceEvent::ServiceResponsibleNamed { staff, on } => {
                self.responsible = Responsible::Named { staff, on };
            }
            ServiceEvent::ServiceResponsibleEnded { on } => {
                self.responsible = Responsible::Nobody { since: Some(on) };
            }
            ServiceEvent::OpeningHoursChanged { hours } => self.hours = hours,
            ServiceEvent::SitePlanned { site, municipality, planned_on } => {
                self.place(site, municipality, SiteStage::Planned(planned_on));
            }
            ServiceEvent::SiteOpened { site, municipality, on } => {
                self.place(site, municipality, SiteStage::Open(on));
            }
            ServiceEvent::SiteClosed { site, on } => self.shut(site, on),
        }
    }
}

impl Logged for Service {
    fn person(&self) -> Option<PersonId> {
        None
    }

    /// A service claims nothing; only its id can be taken.
    fn taken(&self, _: &Taken) -> Rejection {
        Rejection::RegisteredOtherwise
    }
}

type Decision = Result<Vec<ServiceEvent>, Rejection>;

impl Service {
    /// What was registered, once it was.
    pub fn registered(&self) -> Option<&Registration> {
        self.registered.as_ref()
    }

    /// Who answers for it, when somebody does.
    pub fn responsible(&self) -> Option<StaffId> {
        self.responsible.who()
    }

    fn register(&self, registration: Registration, organisation_known: bool) -> Decision {
        let name = public_name(&registration.name).ok_or(Rejection::Name)?;
        let wanted = Registration { name, ..registration };
        match &self.registered {
            None => {}
            Some(before) if *before == wanted => return Ok(vec![]),
            Some(_) => return Err(Rejection::RegisteredOtherwise),
        }
        if !organisation_known {
            return Err(Rejection::UnknownOrganisation);
        }
        if let Some(municipality) = &wanted.municipality {
            shown(wanted.service_type, municipality)?;
        }
        if wanted.service_type == ServiceType::SecretShelter && wanted.ats != Ats::metro() {
            return Err(Rejection::SecretAts);
        }
        let Registration {
            service,
            organisation,
            name,
            service_type,
            ats,
            municipality,
            low_threshold,
        } = wanted;
        Ok(vec![ServiceEvent::ServiceRegistered {
            service,
            organisation,
            name,
            service_type,
            ats,
            municipality,
            low_threshold,
        }])
    }

    fn activate(&self, on: Date, today: Date) -> Decision {
        self.alive()?;
        match self.stage {
            Stage::Active(since) if since == on => return Ok(vec![]),
            Stage::Active(since) => return Err(Rejection::AlreadyActive { since }),
            Stage::OnPaper | Stage::Suspended(_) | Stage::Closed(_) => {}
        }
        self.in_order(on, today)?;
        Ok(vec![ServiceEvent::ServiceActivated { on }])
    }

    fn suspend(&self, on: Date, today: Date) -> Decision {
        self.alive()?;
        match self.stage {
            Stage::Suspended(since) if since == on => return Ok(vec![]),
            Stage::Suspended(since) => return Err(Rejection::AlreadySuspended { since }),
            Stage::OnPaper | Stage::Closed(_) => return Err(Rejection::NotActive),
            Stage::Active(_) => self.in_order(on, today)?,
        }
        Ok(vec![ServiceEvent::ServiceSuspended { on }])
    }

    /// Its open doors close with it, so that no site outlives its service (I1).
    fn close(&self, on: Date, today: Date) -> Decision {
        if self.stage == Stage::Closed(on) {
            return Ok(vec![]);
        }
        self.alive()?;
        self.in_order(on, today)?;
        let mut events = self.close_all_sites(on)?;
        events.push(ServiceEvent::ServiceClosed { on });
        Ok(events)
    }

    fn verify(&self, on: Date, today: Date) -> Decision {
        self.alive()?;
        rules::happened(on, today)?;
        match self.verified_on {
            Some(last) if last == on => Ok(vec![]),
            Some(last) if last > on => Err(Rejection::VerifiedSince { last }),
            Some(_) | None => Ok(vec![ServiceEvent::ServiceVerified { on }]),
        }
    }

    fn set_places(&self, places: u32, on: Date, today: Date) -> Decision {
        self.alive()?;
        if places > rules::PLACES_MAX {
            return Err(Rejection::TooManyPlaces);
        }
        rules::happened(on, today)?;
        match self.places {
            Some((before, last)) if last <= on && before == places => Ok(vec![]),
            Some((_, last)) if last > on => Err(Rejection::OutOfOrder { last }),
            Some(_) | None => Ok(vec![ServiceEvent::ServicePlacesSet { places, on }]),
        }
    }

    fn change_hours(&self, hours: Vec<OpeningHours>) -> Decision {
        self.alive()?;
        let hours = rules::week(hours)?;
        let same = hours == self.hours;
        Ok(if same { vec![] } else { vec![ServiceEvent::OpeningHoursChanged { hours }] })
    }

    /// Registered and not closed.
    fn alive(&self) -> Result<&Registration, Rejection> {
        match self.stage {
            Stage::Closed(on) => Err(Rejection::Closed { on }),
            Stage::OnPaper | Stage::Active(_) | Stage::Suspended(_) => {
                self.registered.as_ref().ok_or(Rejection::NoSuchService)
            }
        }
    }

    /// Not in the future, and not before the last change of its stage.
    fn in_order(&self, on: Date, today: Date) -> Result<(), Rejection> {
        rules::happened(on, today)?;
        match self.stage {
            Stage::Active(last) | Stage::Suspended(last) | Stage::Closed(last) if on < last => {
                Err(Rejection::OutOfOrder { last })
            }
            Stage::OnPaper | Stage::Active(_) | Stage::Suspended(_) | Stage::Closed(_) => Ok(()),
        }
    }
}

/// A municipality has a code, and a secret shelter has no municipality.
fn shown(service_type: ServiceType, municipality: &str) -> Result<(), Rejection> {
    if service_type == ServiceType::SecretShelter {
        Err(Rejection::Secret)
    } else if is_istat_code(municipality) {
        Ok(())
    } else {
        Err(Rejection::IstatCode)
    }
}
