//! A secret shelter: whoever is its guest is there for nobody else.

use serde_json::json;
use trama::client::Actor;
use trama::commands::load;
use trama_events::codes::Role;
use trama_events::ids::{
    Ats, CaseId, OrganisationId, PersonId, PlaceId, ServiceId, StaffId, UnitId, WaitingId,
};

use super::demo::{Demo, actor};

/// The shelter, and who works there.
pub(crate) struct Shelter {
    keeper: Actor,
}

impl Shelter {
    pub(crate) async fn opens(demo: &Demo) -> Self {
        let tina = actor("tina.ced");
        let shelter = ServiceId::derived(&["live", "shelter"]);
        let organisation = OrganisationId::derived(&["live", "shelter"]);
        let keeper = Actor {
            staff: StaffId::derived(&["live", "keeper"]),
            organisation,
            ats: Ats::try_new("bari").unwrap(),
            role: Role::FacilityOperator,
            services: vec![shelter],
        };
        let body = json!({ "organisation": organisation, "name": "Casa", "kind": "third_sector",
            "ats": "bari" });
        demo.does(&tina, "/api/directory/organisations", body).await;
        let body = json!({ "service": shelter, "organisation": organisation, "name": "Casa",
            "service_type": "secret_shelter", "ats": "metro" });
        demo.does(&tina, "/api/directory/services", body).await;
        let path = format!("/api/directory/services/{shelter}/activate");
        demo.does(&tina, &path, json!({ "on": "2024-01-01" })).await;
        let since = time::macros::date!(2024 - 01 - 01);
        load::enrol(&demo.client, &tina, std::slice::from_ref(&keeper), since).await.unwrap();
        demo.settled().await;
        let body =
            json!({ "facility": shelter, "kind": "secret_shelter", "opened_on": "2024-01-01" });
        demo.does(&keeper, "/api/housing/facilities", body).await;
        let unit = UnitId::derived(&["live"]);
        let at = format!("/api/housing/facilities/{shelter}");
        demo.does(&keeper, &format!("{at}/units"), json!({ "unit": unit, "mode": "single" })).await;
        let place = PlaceId::derived(&["live"]);
        let body = json!({ "unit": unit, "added": [place], "removed": [],
            "valid_from": "2024-01-01", "reason": "opening", "pis_only": false });
        demo.does(&keeper, &format!("{at}/capacity"), body).await;
        demo.settled().await;
        Self { keeper }
    }

    /// She waits there for a bed, on the project that whoever has her in charge is writing.
    pub(crate) async fn takes_in(
        &self,
        demo: &Demo,
        (manager, case): (&Actor, CaseId),
        person: PersonId,
    ) {
        let draft = format!("/api/casework/cases/{case}/project");
        demo.does(manager, &draft, json!({ "template_version": 1 })).await;
        demo.settled().await;
        let body = json!({ "waiting": WaitingId::derived(&["live"]), "person": person,
            "facility": self.keeper.services[0], "places": 1 });
        demo.does(&self.keeper, "/api/housing/waiting", body).await;
    }
}
