//! `trama up`: private servers and every role in one directory, on loopback.

mod supervise;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use strum::VariantArray;
use trama_console::{Demo, DemoUser};
use trama_events::Context;
use trama_events::ids::OrganisationId;
use trama_platform::clock::{Clock, VirtualClock};
use trama_platform::private::PrivateServers;
use trama_platform::servers::{PgRole, Servers};
use trama_vault::{install, install_apart};

use crate::commands::demo::users::{User, users};
use crate::commands::load::founder;
use crate::config::VaultKeys;
use crate::issuer::{AUDIENCE, ISSUER, Issuer, Provider};
use crate::system::{Role, System};
use crate::web::Private;

pub use supervise::{orphaned, supervise};

/// What a data directory remembers of its last start.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Running {
    /// Where the doors are.
    pub url: String,
    /// Our own process.
    pub pid: u32,
}

/// How to start.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The data directory.
    pub dir: PathBuf,
    /// Port of the doors on 127.0.0.1.
    pub port: u16,
    /// Each role in a process of its own, restarted when it dies.
    pub apart: bool,
    /// Whether pages say that the data are invented.
    pub demo: bool,
    /// Organisations that get a log of their own, beside those that the directory has.
    pub sealed: Vec<OrganisationId>,
}

impl Plan {
    /// The address of the doors.
    pub fn listen(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }
}

/// The domain's clock of a data directory.
pub fn clock(dir: &Path) -> Clock {
    Clock::in_file(dir.join("clock"))
}

/// The roles of a data directory, on the servers that run there.
///
/// # Errors
///
/// When the directory holds no servers or its key is damaged.
pub fn system(plan: &Plan) -> anyhow::Result<System> {
    let issuer = Issuer::open(&plan.dir)?;
    let provider = if plan.demo { Some(Arc::new(provider(plan)?)) } else { None };
    let clock = clock(&plan.dir);
    let settable: Option<VirtualClock> = match &clock {
        Clock::Virtual(settable) => Some(settable.clone()),
        Clock::Real => None,
    };
    let servers = PrivateServers::remembered(&plan.dir)?;
    Ok(System {
        clock,
        keys: issuer.keys()?,
        founder: Some(founder()?),
        listen: plan.listen(),
        sign_in: provider.as_ref().map(|provider| provider.settings()),
        accessibility: None,
        private: Some(Private {
            listen: plan.listen(),
            clock: settable,
            key_set: serde_json::to_value(issuer.key_set())?,
            demo: if plan.demo { Some(Arc::new(Demo { users: listed()? })) } else { None },
            provider,
        }),
        vault: VaultKeys::in_dir(&plan.dir)?.settings(&servers)?,
        servers,
        contexts: Context::VARIANTS.to_vec(),
        sealed: true,
        projections: Vec::new(),
    })
}

/// The demo's provider, with its users and the directory's issuer.
fn provider(plan: &Plan) -> anyhow::Result<Provider> {
    Provider::try_new(plan.listen(), Issuer::open(&plan.dir)?, users()?, listed()?)
}

/// Whom one may sign in as.
fn listed() -> anyhow::Result<Vec<DemoUser>> {
    let shown = |user: User| DemoUser {
        staff: user.actor().staff,
        username: user.username,
        name: user.name,
        label: user.job,
    };
    Ok(users()?.into_iter().map(shown).collect())
}

/// Starts servers and roles, and runs until asked to stop; then everything stops cleanly.
///
/// # Errors
///
/// When something does not start, saying what is missing and what to do.
pub async fn up(
    plan: &Plan,
    opened: impl AsyncFnOnce(&Running) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(&plan.dir)
        .with_context(|| format!("{} cannot be made", plan.dir.display()))?;
    let _lock = only_one(&plan.dir)?;
    let is_new = PrivateServers::remembered(&plan.dir).is_err();
    let keys = VaultKeys::in_dir(&plan.dir.canonicalize()?)?;
    keys.make(is_new)?;
    let servers = PrivateServers::start_sealing(&plan.dir, &plan.sealed).await?;
    let system = system(plan)?;
    install_vault(&system.servers, system.vault.keys_at.as_ref()).await?;
    write_serve_configuration(plan, &system, &keys)?;
    let running = Running { url: format!("http://{}", plan.listen()), pid: std::process::id() };
    supervise(plan, servers, system, running, opened).await
}

/// Makes the vault's schemas, its keys beside its facts or where they lie apart.
///
/// # Errors
///
/// When a server refuses, or keys were not moved to where they are to lie.
pub async fn install_vault(servers: &Servers, keys_at: Option<&Servers>) -> anyhow::Result<()> {
    let owner = servers.pool(PgRole::Owner, 1);
    match keys_at {
        None => install(&owner).await?,
        Some(keys) => install_apart(&owner, keys).await?,
    }
    owner.close().await;
    Ok(())
}

/// A second `up` in the same directory is refused, whoever crashed before.
fn only_one(dir: &Path) -> anyhow::Result<std::fs::File> {
    let file = dir.join("lock");
    let lock = std::fs::File::create(&file)
        .with_context(|| format!("{} cannot be written", file.display()))?;
    lock.try_lock().map_err(|_| {
        anyhow::anyhow!("Trama runs in {} already: stop it first (trama stop --dir ...), or name another directory", dir.display())
    })?;
    Ok(lock)
}

/// A configuration with which `trama serve` runs on the same servers, as an example and for tests.
fn write_serve_configuration(
    plan: &Plan,
    system: &System,
    vault: &VaultKeys,
) -> anyhow::Result<()> {
    let (servers, dir) = (&system.servers, &plan.dir.canonicalize()?);
    let jwks = dir.join("jwks.json");
    if let Some(private) = &system.private {
        std::fs::write(&jwks, serde_json::to_vec_pretty(&private.key_set)?)?;
    }
    let lines =
        servers.passwords.iter().map(|(role, password)| format!("{role} = \"{password}\"\n"));
    let passwords: String = lines.collect();
    let secrets = dir.join("passwords.toml");
    write_secret(&secrets, passwords.as_bytes())?;
    let sealed: Vec<String> =
        servers.sealing.organisations().map(|id| format!("\"{id}\"")).collect();
    let text = format!(
        "listen = \"{}\"\n\n[postgres]\nhost = \"{}\"\nport = {}\ndatabase = \"{}\"\npasswords_file = \"{}\"\n\n\
         [nats]\nurl = \"{}\"\nnkeys_dir = \"{}\"\n\n[sealed]\nsecret_file = \"{}\"\norganisations = [{}]\n\n{}\n[issuer]\nurl = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\nours = true\njwks_file = \"{}\"\n",
        plan.listen(),
        servers.postgres_host,
        servers.postgres_port,
        servers.database,
        secrets.display(),
        servers.nats_url,
        dir.join("nkeys").display(),
        dir.join("sealing.secret").display(),
        sealed.join(", "),
        toml::to_string(&BTreeMap::from([("vault", vault)]))?,
        jwks.display(),
    );
    std::fs::write(dir.join("trama.toml"), text)?;
    Ok(())
}

fn write_secret(file: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create(true).truncate(true).mode(0o600).open(file)?.write_all(content)
}

/// The roles that `up` runs.
pub const ROLES: &[Role] = Role::VARIANTS;
