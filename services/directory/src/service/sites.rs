//! Sites of a service: planned, open, closed (R58).

use serde::{Deserialize, Serialize};
use time::Date;
use trama_events::directory::ServiceEvent;
use trama_events::ids::SiteId;

use super::{Decision, Rejection, Service, rules, shown};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Site {
    pub(super) municipality: String,
    pub(super) stage: SiteStage,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) enum SiteStage {
    Planned(Option<Date>),
    Open(Date),
    Closed(Date),
}

impl Service {
    /// Planning again moves the day.
    pub(super) fn plan_site(
        &self,
        site: SiteId,
        municipality: String,
        planned_on: Option<Date>,
    ) -> Decision {
        match self.site_in(site, &municipality)? {
            Some(SiteStage::Planned(before)) if before == planned_on => return Ok(vec![]),
            Some(SiteStage::Open(since)) => return Err(Rejection::SiteIsOpen { since }),
            Some(SiteStage::Closed(on)) => return Err(Rejection::SiteIsClosed { on }),
            Some(SiteStage::Planned(_)) | None => {}
        }
        Ok(vec![ServiceEvent::SitePlanned { site, municipality, planned_on }])
    }

    /// A site needs no plan to open, and may open again after it closed.
    pub(super) fn open_site(
        &self,
        site: SiteId,
        municipality: String,
        on: Date,
        today: Date,
    ) -> Decision {
        let before = self.site_in(site, &municipality)?;
        rules::happened(on, today)?;
        match before {
            Some(SiteStage::Open(since)) if since == on => return Ok(vec![]),
            Some(SiteStage::Open(since)) => return Err(Rejection::SiteIsOpen { since }),
            Some(SiteStage::Closed(last)) if on < last => {
                return Err(Rejection::OutOfOrder { last });
            }
            Some(SiteStage::Planned(_) | SiteStage::Closed(_)) | None => {}
        }
        Ok(vec![ServiceEvent::SiteOpened { site, municipality, on }])
    }

    pub(super) fn close_site(&self, site: SiteId, on: Date, today: Date) -> Decision {
        let stage = self.sites.get(&site).map(|site| site.stage);
        if stage == Some(SiteStage::Closed(on)) {
            return Ok(vec![]);
        }
        self.alive()?;
        rules::happened(on, today)?;
        match stage {
            None => Err(Rejection::NoSuchSite),
            Some(SiteStage::Planned(_)) => Err(Rejection::SiteNotOpen),
            Some(SiteStage::Closed(on)) => Err(Rejection::SiteIsClosed { on }),
            Some(SiteStage::Open(since)) => shutting(site, since, on).map(|closed| vec![closed]),
        }
    }

    pub(super) fn close_all_sites(&self, on: Date) -> Decision {
        let close = |(id, site): (&SiteId, &Site)| match site.stage {
            SiteStage::Open(since) => Some(shutting(*id, since, on)),
            SiteStage::Planned(_) | SiteStage::Closed(_) => None,
        };
        self.sites.iter().filter_map(close).collect()
    }

    pub(super) fn place(&mut self, site: SiteId, municipality: String, stage: SiteStage) {
        self.sites.insert(site, Site { municipality, stage });
    }

    pub(super) fn shut(&mut self, site: SiteId, on: Date) {
        if let Some(site) = self.sites.get_mut(&site) {
            site.stage = SiteStage::Closed(on);
        }
    }

    /// How the site stands, if this service may have one there.
    fn site_in(&self, site: SiteId, municipality: &str) -> Result<Option<SiteStage>, Rejection> {
        shown(self.alive()?.service_type, municipality)?;
        match self.sites.get(&site) {
            None => Ok(None),
            Some(known) if known.municipality == municipality => Ok(Some(known.stage)),
            Some(_) => Err(Rejection::SiteElsewhere),
        }
    }
}

/// A site closes on the day it opened or later.
fn shutting(site: SiteId, since: Date, on: Date) -> Result<ServiceEvent, Rejection> {
    if on < since {
        Err(Rejection::OutOfOrder { last: since })
    } else {
        Ok(ServiceEvent::SiteClosed { site, on })
    }
}
