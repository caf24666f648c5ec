//! A secret shelter: whoever is its guest is there for nobody else.

use serde_json::json;
use trama::client::Actor;
use trama::commands::load;
use trama_events::codes::Role;
use trama_events::ids::{
    Ats, OrganisationId, PersonId, PlaceId, ReferralId, ServiceId, StaffId, UnitId, WaitingId,
};

use super::demo::{Demo, actor};

/// The shelter with its centre, and who works in both.
pub(crate) struct Shelter {
    keeper: Actor,
}

impl Shelter {
    pub(crate) async fn opens(demo: &Demo) -> Self {
        let tina = actor("tina.ced");
        let [shelter, centre] =
            ["shelter", "centre"].map(|name| ServiceId::derived(&["live", name]));
        let organisation = OrganisationId::derived(&["live", "shelter"]);
        let keeper = Actor {
            staff: StaffId::derived(&["live", "keeper"]),
            organisation,
            ats: Ats::try_new("bari").unwrap(),
            role: Role::FacilityOperator,
            services: vec![shelter, centre],
        };
        let body = json!({ "organisation": organisation, "name": "Casa", "kind": "third_sector",
            "ats": "bari" });
        demo.does(&tina, "/api/directory/organisations", body).await;
        for service in [shelter, centre] {
            let body = json!({ "service": service, "organisation": organisation, "name": "Casa",
                "service_type": "anti_violence_centre", "ats": "bari" });
            demo.does(&tina, "/api/directory/services", body).await;
            let path = format!("/api/directory/services/{service}/activate");
            demo.does(&tina, &path, json!({ "on": "2024-01-01" })).await;
        }
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

    pub(crate) async fn takes_in(&self, demo: &Demo, person: PersonId) {
        let (keeper, referral) = (&self.keeper, ReferralId::derived(&["live"]));
        let body = json!({ "referral": referral, "person": person, "from": keeper.services[1],
            "to": keeper.services[0], "need": "violence_safety", "urgency": "urgent",
            "dataset": ["identity"] });
        demo.does(keeper, "/api/referrals/referrals", body).await;
        let accept = format!("/api/referrals/referrals/{referral}/accept");
        demo.does(keeper, &accept, json!({})).await;
        demo.settled().await;
        let waiting = WaitingId::derived(&["live"]);
        let body = json!({ "waiting": waiting, "person": person, "facility": keeper.services[0],
            "places": 1, "referral": referral });
        let key = waiting.to_string();
        let told = demo.client.post(keeper, "/api/housing/waiting", &key, &body).await.unwrap();
        // Acceptance alone may have put her on the list.
        assert!(told.is_done() || told.code() == Some("waits_already"), "{}", told.words());
    }
}
