//! Who is asked about: people whom one worker may not find, each kind for its own reason.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use trama_events::codes::{Role, ServiceType};
use trama_events::ids::{OrganisationId, PersonId, ServiceId};

use crate::cli::Target;
use crate::client::{Actor, Client};
use crate::commands::bench::place::{SETTLED_ON, done, opens_as, organisation, worker};
use crate::commands::load;

/// People of each kind, and ids that nobody has.
const PEOPLE: u32 = 64;
/// Longest wait for an answer.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// Why somebody is not found.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::Display, strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Hidden {
    /// An adult of another body.
    Closed,
    /// A child: sealed by default.
    Child,
    /// A guest of a secret shelter.
    Guest,
    /// Somebody under the pseudonym of an addiction service.
    Pseudonym,
}

/// The body with a log of its own.
pub(super) fn confidential() -> OrganisationId {
    OrganisationId::derived(&["bench", "serd"])
}

/// Who asks, and whom about.
pub(super) struct Scene {
    pub(super) client: Client,
    pub(super) http: reqwest::Client,
    /// A social worker of another body: her role may ask, and nobody told her of anyone.
    pub(super) stranger: Actor,
    pub(super) there: BTreeMap<Hidden, Vec<PersonId>>,
    pub(super) nobody: Vec<PersonId>,
}

/// Whoever knows of those who are hidden.
struct Entitled {
    clerk: Actor,
    minors: Actor,
    /// Works in a secret house.
    house: Actor,
    operator: Actor,
}

impl Scene {
    pub(super) async fn prepare(dir: &Path, seed: u64) -> anyhow::Result<Self> {
        let client = Client::open(&Target { dir: Some(dir.to_owned()), config: None })?;
        let theirs = ServiceId::derived(&["timing", "theirs"]);
        let stranger = worker("stranger", Role::CaseManager, "other", &[theirs])?;
        let entitled = Entitled::settle_in(&client, &stranger).await?;
        let mut there = BTreeMap::new();
        for number in 0..PEOPLE {
            let met = is_met(&client, &entitled.clerk, 1970, number).await?;
            there.entry(Hidden::Closed).or_insert_with(Vec::new).push(met);
            let child = is_met(&client, &entitled.minors, 2015, number).await?;
            there.entry(Hidden::Child).or_insert_with(Vec::new).push(child);
            let guest = entitled.shelters(&client).await?;
            there.entry(Hidden::Guest).or_insert_with(Vec::new).push(guest);
            entitled.takes_a_slip(&client).await?;
        }
        there.insert(Hidden::Pseudonym, entitled.pseudonyms(&client).await?);
        client.settle().await?;
        let mut dice = SmallRng::seed_from_u64(seed);
        let drawn = |_| PersonId(uuid::Builder::from_random_bytes(dice.random()).into_uuid());
        let nobody = (0..PEOPLE).map(drawn).collect();
        let http = reqwest::Client::builder().timeout(ANSWER_MAX).build()?;
        Ok(Self { client, http, stranger, there, nobody })
    }
}

impl Entitled {
    async fn settle_in(client: &Client, stranger: &Actor) -> anyhow::Result<Self> {
        let of = |name: &str| ServiceId::derived(&["timing", name]);
        let keeper = worker("keeper", Role::Administrator, "city", &[])?;
        let operator = worker("operator", Role::SerdOperator, "serd", &[of("serd")])?;
        let all = Self {
            clerk: worker("clerk", Role::InfoDesk, "city", &[of("desk")])?,
            minors: worker("minors", Role::MinorsWorker, "city", &[of("minors")])?,
            house: worker("house", Role::FacilityOperator, "refuge", &[of("house")])?,
            operator: Actor { organisation: confidential(), ..operator },
        };
        let city = organisation(keeper.organisation);
        load::found(client, &keeper, &city, SETTLED_ON).await?;
        for body in [&keeper, stranger, &all.house, &all.operator] {
            let body = organisation(body.organisation);
            done(client, &keeper, "/api/directory/organisations", &body).await?;
        }
        for (service, kind, of) in [
            (all.clerk.services[0], ServiceType::InfoDesk, &all.clerk),
            (all.minors.services[0], ServiceType::ProfessionalSocialService, &all.minors),
            (all.house.services[0], ServiceType::AntiViolenceCentre, &all.house),
            (all.operator.services[0], ServiceType::Serd, &all.operator),
            (stranger.services[0], ServiceType::ProfessionalSocialService, stranger),
        ] {
            opens_as(client, &keeper, (service, kind), of.organisation).await?;
        }
        let everybody = [&all.clerk, &all.minors, &all.house, &all.operator, stranger];
        load::enrol(client, &keeper, &everybody.map(Clone::clone), SETTLED_ON).await?;
        client.settle().await?;
        let body = json!({ "facility": all.house.services[0], "kind": ServiceType::SecretShelter,
            "opened_on": SETTLED_ON });
        done(client, &all.house, "/api/housing/facilities", &body).await?;
        client.settle().await?;
        Ok(all)
    }

    /// Somebody comes to the secret house and waits there for a bed.
    async fn shelters(&self, client: &Client) -> anyhow::Result<PersonId> {
        let house = self.house.services[0];
        let body = json!({ "service": house, "status": "declared", "birth_year": 1970 });
        let registered = done(client, &self.house, "/api/intake/persons", &body).await?;
        let guest = text(&registered, "id")?;
        client.settle().await?;
        let body = json!({ "person": guest, "facility": house, "places": 1 });
        done(client, &self.house, "/api/housing/waiting", &body).await?;
        Ok(guest.parse()?)
    }

    /// Somebody takes a slip and hands it in where no name is asked for.
    async fn takes_a_slip(&self, client: &Client) -> anyhow::Result<()> {
        let body = json!({ "organisation": self.operator.organisation });
        let printed = done(client, &self.clerk, "/api/sealed/slips", &body).await?;
        let body = json!({ "slip": text(&printed, "slip")?, "service": self.operator.services[0],
            "urgency": "ordinary", "need_level": 2 });
        let path = format!("/api/sealed/{}/referrals", self.operator.organisation);
        done(client, &self.clerk, &path, &body).await?;
        Ok(())
    }

    async fn pseudonyms(&self, client: &Client) -> anyhow::Result<Vec<PersonId>> {
        let path = format!("/api/sealed/{}/paths", self.operator.organisation);
        let open = client.get(&self.operator, &path).await?;
        anyhow::ensure!(open.is_done(), "{path}: {}", open.words());
        let paths = open.body["items"].as_array().context("paths are a list")?;
        paths.iter().map(|item| Ok(text(item, "path")?.parse()?)).collect()
    }
}

fn text(answer: &Value, field: &str) -> anyhow::Result<String> {
    Ok(answer[field].as_str().with_context(|| format!("{field} is missing"))?.to_owned())
}

/// A person with a name, a number and a contact.
async fn is_met(
    client: &Client,
    worker: &Actor,
    birth_year: u16,
    number: u32,
) -> anyhow::Result<PersonId> {
    let service = worker.services[0];
    let body = json!({ "service": service, "status": "declared", "birth_year": birth_year });
    let registered = done(client, worker, "/api/intake/persons", &body).await?;
    let person = text(&registered, "id")?;
    let facts = [
        ("family_name", "Prova".to_owned()),
        ("given_name", format!("Numero {number}")),
        ("birth_date", format!("{birth_year}-05-06")),
        ("stp", format!("STP{birth_year}{number:09}")),
        ("phone", format!("080{number:07}")),
    ];
    let fact = |(field, value)| json!({ "field": field, "value": value, "source": "declared" });
    let body = json!({ "facts": facts.map(fact) });
    done(client, worker, &format!("/api/vault/persons/{person}/facts"), &body).await?;
    let body = json!({ "service": service, "channel": "desk", "person": person });
    done(client, worker, "/api/intake/contacts", &body).await?;
    Ok(person.parse()?)
}
