//! What the bench writes into the installation, through the doors and once: the same run again finds
//! it there.

use anyhow::Context as _;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use time::macros::{date, time};
use time::{Date, Duration, Time};
use trama_events::ids::PersonId;
use trama_events::rome;

use crate::client::{Actor, Client};

/// A long journey begins on this day, and its last facts are of [`LONG_DAYS`] later.
const LONG_SINCE: Date = date!(2024 - 01 - 08);
const LONG_DAYS: usize = 700;
/// When the desk is open.
const OPEN_AT: Time = time!(10:00);
/// Facts of one day of it.
const OF_A_DAY: usize = 20;
/// Commands under way at one time.
const IN_FLIGHT: usize = 8;

/// A person whom one desk sent to another.
pub(super) struct Sent {
    pub(super) person: PersonId,
    pub(super) referral: String,
}

/// The first worker receives somebody and sends her to the second.
pub(super) async fn sent(client: &Client, from: &Actor, to: &Actor) -> anyhow::Result<Sent> {
    let key = format!("bench-pages-{}-{}", from.staff, to.staff);
    let (here, there) = (first_service(from)?, first_service(to)?);
    let body = json!({ "service": here, "status": "declared", "birth_year": 1970 });
    let person = once(client, from, "/api/intake/persons", &format!("{key}-person"), &body).await?;
    client.settle().await?;
    let body = json!({ "person": person, "from": here, "to": there, "need": "economic",
        "urgency": "ordinary", "dataset": ["needs"] });
    let path = "/api/referrals/referrals";
    let referral = once(client, from, path, &format!("{key}-referral"), &body).await?;
    client.settle().await?;
    Ok(Sent { person: person.parse()?, referral })
}

/// A person and how many facts of her are written down.
pub(super) struct Long {
    pub(super) person: PersonId,
    pub(super) facts: usize,
}

/// A person of whom this worker wrote down at least so many facts, over two years.
pub(super) async fn long(client: &Client, who: &Actor, facts: usize) -> anyhow::Result<Long> {
    let person = PersonId::derived(&["bench", "pages", "long", &who.staff.to_string()]);
    let there = entries(client, who, person).await?;
    if there >= facts {
        return Ok(Long { person, facts: there });
    }
    let written = write(client, who, person, facts).await;
    client.set_clock(None).await?;
    written?;
    client.settle().await?;
    let there = entries(client, who, person).await?;
    anyhow::ensure!(there >= facts, "{there} of {facts} facts are in her journey");
    Ok(Long { person, facts: there })
}

/// How many entries her journey has, for this worker.
async fn entries(client: &Client, who: &Actor, person: PersonId) -> anyhow::Result<usize> {
    let answer = client.get(who, &format!("/api/projections/journeys/{person}?limit=1")).await?;
    if answer.status == 404 {
        return Ok(0);
    }
    anyhow::ensure!(answer.is_done(), "a journey of her own is closed: {}", answer.words());
    let total = answer.body["entries_total"].as_u64().context("a journey counts its entries")?;
    Ok(usize::try_from(total)?)
}

/// Her registration is the first fact, contacts are the others.
async fn write(client: &Client, who: &Actor, person: PersonId, facts: usize) -> anyhow::Result<()> {
    let service = first_service(who)?;
    client.set_clock(Some(rome::at(LONG_SINCE, OPEN_AT))).await?;
    let body = json!({ "person": person, "service": service, "status": "declared" });
    once(client, who, "/api/intake/persons", &format!("bench-pages-{person}"), &body).await?;
    client.settle().await?;
    let body = json!({ "service": service, "channel": "desk", "person": person });
    for from in (1..facts).step_by(OF_A_DAY) {
        let days = Duration::days(i64::try_from(LONG_DAYS * from / facts)?);
        client.set_clock(Some(rome::at(LONG_SINCE + days, OPEN_AT))).await?;
        let keys = (from..facts.min(from + OF_A_DAY)).map(|number| {
            let (key, body) = (format!("bench-pages-{person}-{number}"), &body);
            async move { once(client, who, "/api/intake/contacts", &key, body).await }
        });
        stream::iter(keys).buffer_unordered(IN_FLIGHT).try_collect::<Vec<_>>().await?;
    }
    Ok(())
}

fn first_service(who: &Actor) -> anyhow::Result<Value> {
    let service = who.services.first().context("name a worker of a service")?;
    Ok(json!(service))
}

/// Asks under a key of its own, and tells what was made then or now.
async fn once(
    client: &Client,
    who: &Actor,
    path: &str,
    key: &str,
    body: &Value,
) -> anyhow::Result<String> {
    let answer = client.post(who, path, key, body).await?;
    anyhow::ensure!(answer.is_done(), "{path}: {}", answer.words());
    Ok(answer.body["id"].as_str().context("what was made has an id")?.to_owned())
}
