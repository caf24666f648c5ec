//! Private servers: a `PostgreSQL` and a NATS of our own in one directory, on loopback, stopped by
//! pid. For `trama up`, the demo and the tests; a real installation names its own servers.

mod account;
mod accounts;
mod nats;
mod postgres;
mod process;
mod secrets;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use strum::VariantArray;
use trama_events::Context;
use trama_events::ids::OrganisationId;

use crate::clock::random_id;
use crate::log::{self, LogName};
use crate::sealing::Sealing;
use crate::servers::{PgRole, Servers};

pub use postgres::program as postgres_program;
pub use process::Process;

/// Why private servers did not start.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    /// A program is not installed.
    #[error(
        "{0} was not found: install it (Debian, Ubuntu: apt-get install {1}) or run deploy/install"
    )]
    Missing(&'static str, &'static str),
    /// A program ended or did not answer in time.
    #[error("{0} did not start: {1}")]
    NotStarted(&'static str, String),
    /// A file or a process could not be handled.
    #[error("{0}")]
    Io(String, #[source] io::Error),
    /// The database refused what was asked of it.
    #[error("the private database refused")]
    Sql(#[from] sqlx::Error),
    /// The server may lose what it has acknowledged.
    #[error(transparent)]
    Unsafe(#[from] log::Unsafe),
}

/// A `PostgreSQL` and a NATS of our own.
#[derive(Debug)]
pub struct PrivateServers {
    dir: PathBuf,
    kept: Kept,
    servers: Servers,
    /// The database.
    pub postgres: Process,
    /// The broker.
    pub nats: Process,
}

/// What a data directory remembers between starts. Readable by its owner only.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    postgres_port: u16,
    nats_port: u16,
    passwords: BTreeMap<String, String>,
    /// Organisations with a log of their own.
    #[serde(default)]
    sealed: Vec<OrganisationId>,
}

const KEPT: &str = "servers.json";
const DATABASE: &str = "trama";

impl PrivateServers {
    /// Starts both in `dir`, which is made where it is missing, and brings the logs up to date.
    /// Servers that an earlier process left behind in this directory are stopped first.
    ///
    /// # Errors
    ///
    /// [`PrivateError`], saying what is missing or what went wrong.
    pub async fn start(dir: &Path) -> Result<Self, PrivateError> {
        Self::start_sealing(dir, &[]).await
    }

    /// The same, with a log of their own for these organisations, beside those that the directory
    /// has already.
    ///
    /// # Errors
    ///
    /// As [`PrivateServers::start`].
    pub async fn start_sealing(
        dir: &Path,
        organisations: &[OrganisationId],
    ) -> Result<Self, PrivateError> {
        let dir = prepare(dir)?;
        let mut kept = remembered(&dir)?;
        kept.sealed.extend(organisations);
        kept.sealed.sort_unstable();
        kept.sealed.dedup();
        let sealing = make_secrets(&dir, &mut kept)?;
        process::stop_left_behind(&dir, "postgres.pid", "postgres").await;
        process::stop_left_behind(&dir, "nats.pid", "nats-server").await;
        kept.postgres_port = free_port(kept.postgres_port)?;
        kept.nats_port = free_port(kept.nats_port)?;
        write_kept(&dir, &kept)?;
        let servers = servers(&dir, &kept, sealing)?;
        let (postgres, nats) = tokio::join!(
            postgres::start(&dir, &servers, kept.postgres_port),
            nats::start(&dir, &servers, kept.nats_port),
        );
        let started = Self { dir, kept, servers, postgres: postgres?, nats: nats? };
        started.install().await?;
        Ok(started)
    }

    /// Addresses and accounts of the servers in `dir`, whether they run or not.
    ///
    /// # Errors
    ///
    /// When the directory holds none.
    pub fn remembered(dir: &Path) -> Result<Servers, PrivateError> {
        let text = std::fs::read(dir.join(KEPT)).map_err(|e| at(&dir.join(KEPT), e))?;
        let kept: Kept =
            serde_json::from_slice(&text).map_err(|e| at(&dir.join(KEPT), e.into()))?;
        let sealing = Sealing::new(secrets::sealing(dir)?, &kept.sealed);
        servers(dir, &kept, sealing)
    }

    /// Addresses and accounts.
    pub fn servers(&self) -> Servers {
        self.servers.clone()
    }

    /// The data directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Starts `PostgreSQL` again, on the same port, after it died.
    ///
    /// # Errors
    ///
    /// As [`PrivateServers::start`].
    pub async fn restart_postgres(&mut self) -> Result<(), PrivateError> {
        self.postgres =
            postgres::start(&self.dir, &self.servers(), self.kept.postgres_port).await?;
        Ok(())
    }

    /// Starts NATS again, on the same port, after it died.
    ///
    /// # Errors
    ///
    /// As [`PrivateServers::start`].
    pub async fn restart_nats(&mut self) -> Result<(), PrivateError> {
        self.nats = nats::start(&self.dir, &self.servers(), self.kept.nats_port).await?;
        Ok(())
    }

    /// Where `JetStream` keeps its streams: may be deleted while NATS is down, nothing is lost.
    pub fn jetstream_dir(&self) -> PathBuf {
        self.dir.join("nats").join("jetstream")
    }

    /// Stops both, cleanly.
    pub async fn stop(mut self) {
        self.nats.stop().await;
        self.postgres.stop().await;
    }

    async fn install(&self) -> Result<(), PrivateError> {
        let servers = self.servers();
        let owner = servers.pool(PgRole::Owner, 2);
        let mut connection = owner.acquire().await?;
        log::refuse_unsafe(&mut connection).await?;
        drop(connection);
        log::install(&owner, &servers).await?;
        owner.close().await;
        Ok(())
    }
}

fn prepare(dir: &Path) -> Result<PathBuf, PrivateError> {
    std::fs::create_dir_all(dir).map_err(|e| at(dir, e))?;
    let dir = dir.canonicalize().map_err(|e| at(dir, e))?;
    account::open_to_servers(&dir).map_err(|e| at(&dir, e))?;
    Ok(dir)
}

fn remembered(dir: &Path) -> Result<Kept, PrivateError> {
    let mut kept = match std::fs::read(dir.join(KEPT)) {
        Ok(text) => serde_json::from_slice(&text).map_err(|e| at(&dir.join(KEPT), e.into()))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Kept { postgres_port: 0, nats_port: 0, passwords: BTreeMap::new(), sealed: Vec::new() }
        }
        Err(error) => return Err(at(&dir.join(KEPT), error)),
    };
    // A release may bring a role that the directory's first one did not have.
    for role in roles() {
        kept.passwords.entry(role).or_insert_with(|| random_id().simple().to_string());
    }
    Ok(kept)
}

fn roles() -> impl Iterator<Item = String> {
    let fixed = [PgRole::Owner, PgRole::Projections, PgRole::Reader, PgRole::Gate];
    let fixed = fixed.into_iter().chain([PgRole::Vault, PgRole::VaultKeys]).map(PgRole::name);
    let logs = Context::VARIANTS.iter().flat_map(|c| [PgRole::Writer(*c), PgRole::Feed(*c)]);
    let access = [PgRole::Access, PgRole::AccessReader, PgRole::SignIn].map(PgRole::name);
    fixed.chain(logs.map(PgRole::name)).chain(access)
}

fn write_kept(dir: &Path, kept: &Kept) -> Result<(), PrivateError> {
    let file = dir.join(KEPT);
    let text = serde_json::to_vec_pretty(kept).map_err(|e| at(&file, e.into()))?;
    account::write_secret(&file, &text).map_err(|e| at(&file, e))
}

/// Makes what is missing beside the servers: the broker's seeds, the secret of sealed logs, and
/// the passwords of their roles.
fn make_secrets(dir: &Path, kept: &mut Kept) -> Result<Sealing, PrivateError> {
    secrets::make(dir, &[])?;
    let sealing = Sealing::new(secrets::sealing(dir)?, &kept.sealed);
    secrets::make(dir, &users(&sealing))?;
    for role in sealing.keys().flat_map(|key| [key.writer(), key.reader()]) {
        let drawn = || random_id().simple().to_string();
        kept.passwords.entry(role.name()).or_insert_with(drawn);
    }
    Ok(sealing)
}

/// Every user of the broker.
fn users(sealing: &Sealing) -> Vec<String> {
    let users = accounts::accounts(sealing.keys()).into_iter().flat_map(|account| account.users);
    users.map(|user| user.name).collect()
}

fn servers(dir: &Path, kept: &Kept, sealing: Sealing) -> Result<Servers, PrivateError> {
    Ok(Servers {
        postgres_host: "127.0.0.1".into(),
        postgres_port: kept.postgres_port,
        database: DATABASE.into(),
        passwords: kept.passwords.clone(),
        nats_url: format!("nats://127.0.0.1:{}", kept.nats_port),
        nkeys: secrets::seeds(dir, &users(&sealing))?,
        seals: crate::servers::Seals::default(),
        sealing,
    })
}

/// Ports of our own: below those that Linux hands to outgoing connections, so that none of them
/// takes a port between our look and our use.
const PORTS: std::ops::Range<u16> = 20_000..32_000;
/// How many ports are tried.
const PORT_TRIES_MAX: usize = 500;

/// The wished port when it is free, else one that is; 0 wishes for none. No other process of Trama on
/// this machine is given it as long as this one lives.
///
/// # Errors
///
/// When none of many is free.
pub fn free_port(wished: u16) -> Result<u16, PrivateError> {
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let span = u128::from(PORTS.end - PORTS.start);
    let drawn = std::iter::repeat_with(|| {
        PORTS.start + u16::try_from(random_id().as_u128() % span).unwrap_or(0)
    });
    let wished = Some(wished).filter(|port| *port != 0 && free(port));
    let wished = wished.filter(|port| claim(*port) != Claim::Another);
    let fresh = |port: &u16| free(port) && claim(*port) == Claim::Fresh;
    wished.or_else(|| drawn.take(PORT_TRIES_MAX).find(fresh)).ok_or_else(|| {
        let none = io::Error::from(io::ErrorKind::AddrInUse);
        PrivateError::Io("no free port on loopback".into(), none)
    })
}

/// Whose a port is among the processes of Trama on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// Ours from now on.
    Fresh,
    /// Ours since before.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "nobody claims anything there")
    )]
    Before,
    /// Another process has it.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "nobody claims anything there")
    )]
    Another,
}

/// Claims a port by a name that ends with the process: whoever asks for a port draws it for a server
/// that begins to listen a little later, and two that ask meanwhile must not draw the same.
#[cfg(target_os = "linux")]
fn claim(port: u16) -> Claim {
    use std::collections::btree_map::Entry;
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixListener};
    use std::sync::{Mutex, PoisonError};

    static OURS: Mutex<BTreeMap<u16, UnixListener>> = Mutex::new(BTreeMap::new());
    let mut ours = OURS.lock().unwrap_or_else(PoisonError::into_inner);
    let Entry::Vacant(entry) = ours.entry(port) else { return Claim::Before };
    let name = SocketAddr::from_abstract_name(format!("trama-port-{port}"));
    let Ok(listener) = name.and_then(|name| UnixListener::bind_addr(&name)) else {
        return Claim::Another;
    };
    entry.insert(listener);
    Claim::Fresh
}

#[cfg(not(target_os = "linux"))]
fn claim(_: u16) -> Claim {
    Claim::Fresh
}

fn at(path: &Path, error: io::Error) -> PrivateError {
    PrivateError::Io(format!("{} cannot be used", path.display()), error)
}
