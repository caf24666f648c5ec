//! An installation for a measurement, started as a user would, and who works there.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use time::Date;
use time::macros::date;
use trama_events::codes::{Role, ServiceType};
use trama_events::ids::{Ats, OrganisationId, ServiceId, StaffId};
use trama_platform::clock::{pause, random_id};
use trama_platform::private::free_port;

use crate::client::{Actor, Client};

/// Longest wait for the doors.
const OPEN_MAX: Duration = Duration::from_mins(1);
/// Since when everybody works.
pub(super) const SETTLED_ON: Date = date!(2024 - 01 - 01);

/// An installation of its own, as a user would start it.
pub(super) struct Place {
    dir: PathBuf,
    up: Child,
}

impl Place {
    /// Starts one, and waits until its doors are open.
    pub(super) async fn start(dir: &Path) -> anyhow::Result<Self> {
        Self::start_sealing(dir, &[]).await
    }

    /// The same, with a log of their own for these organisations.
    pub(super) async fn start_sealing(
        dir: &Path,
        sealed: &[OrganisationId],
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir)?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("up").arg("--dir").arg(dir).arg("--port").arg(free_port(0)?.to_string());
        command.args(sealed.iter().flat_map(|body| ["--sealed".to_owned(), body.to_string()]));
        let log = std::fs::File::create(dir.join("up.log"))?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let mut place = Self { dir: dir.to_owned(), up: command.spawn()? };
        let patience = Instant::now();
        while !dir.join("running.json").exists() {
            let ended = place.up.try_wait()?;
            let waits = ended.is_none() && patience.elapsed() < OPEN_MAX;
            anyhow::ensure!(waits, "the doors did not open: see {}", dir.join("up.log").display());
            pause(Duration::from_millis(20)).await;
        }
        Ok(place)
    }

    /// Stops it; its directory stays.
    pub(super) fn stop(&mut self) -> anyhow::Result<()> {
        let mut stop = Command::new(std::env::current_exe()?);
        stop.arg("stop").arg("--dir").arg(&self.dir).stdout(Stdio::null());
        anyhow::ensure!(stop.status()?.success(), "the installation did not stop");
        self.up.wait()?;
        Ok(())
    }
}

/// Somebody of a body, in a role.
pub(super) fn worker(
    name: &str,
    role: Role,
    body: &str,
    services: &[ServiceId],
) -> anyhow::Result<Actor> {
    Ok(Actor {
        staff: StaffId::derived(&["bench", name]),
        organisation: OrganisationId::derived(&["bench", body]),
        ats: Ats::try_new("bari")?,
        role,
        services: services.to_vec(),
    })
}

/// A body of the network.
pub(super) fn organisation(id: OrganisationId) -> Value {
    json!({ "organisation": id, "name": "Ente di prova", "kind": "third_sector", "ats": "bari" })
}

/// Has something done, or says why it was not.
pub(super) async fn done(
    client: &Client,
    who: &Actor,
    path: &str,
    body: &Value,
) -> anyhow::Result<Value> {
    let answer = client.post(who, path, &random_id().to_string(), body).await?;
    anyhow::ensure!(answer.is_done(), "{path}: {}", answer.words());
    Ok(answer.body)
}

/// Registers a service and opens it.
pub(super) async fn opens(
    client: &Client,
    keeper: &Actor,
    service: ServiceId,
    organisation: OrganisationId,
) -> anyhow::Result<()> {
    opens_as(client, keeper, (service, ServiceType::Hub), organisation).await
}

/// Registers a service of this type and opens it.
pub(super) async fn opens_as(
    client: &Client,
    keeper: &Actor,
    (service, service_type): (ServiceId, ServiceType),
    organisation: OrganisationId,
) -> anyhow::Result<()> {
    let body = json!({ "service": service, "organisation": organisation, "name": "Servizio di prova",
        "service_type": service_type, "ats": "bari", "municipality": "072006" });
    done(client, keeper, "/api/directory/services", &body).await?;
    let path = format!("/api/directory/services/{service}/activate");
    done(client, keeper, &path, &json!({ "on": SETTLED_ON })).await?;
    Ok(())
}
