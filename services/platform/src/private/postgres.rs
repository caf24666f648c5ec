use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io};

use rustix::process::Signal;
use sqlx::{Connection, PgConnection};

use super::account;
use super::process::Process;
use super::{PrivateError, at};
use crate::clock::pause;
use crate::servers::{PgRole, Servers};

/// Longest wait for a start, recovery after a crash included.
const START_MAX: Duration = Duration::from_mins(1);
/// How often a start is tried while the backends of one that crashed are still there.
const TRY_EVERY: Duration = Duration::from_millis(200);

pub(super) async fn start(
    dir: &Path,
    servers: &Servers,
    port: u16,
) -> Result<Process, PrivateError> {
    let home = dir.join("postgres");
    let data = home.join("data");
    account::own_dir(&home).map_err(|e| at(&home, e))?;
    if !data.join("PG_VERSION").exists() {
        init(&home, &data, servers)?;
    }
    // Backends outlive a killed postmaster for a moment, and as long as one does, PostgreSQL refuses
    // to start on its memory. Only a server that crashed leaves its lock file.
    let crashed = data.join("postmaster.pid").exists();
    let patience = Instant::now();
    loop {
        match try_start(dir, &data, servers, port).await {
            Err(PrivateError::NotStarted(..)) if crashed && patience.elapsed() < START_MAX => {
                pause(TRY_EVERY).await;
            }
            tried => return tried,
        }
    }
}

async fn try_start(
    dir: &Path,
    data: &Path,
    servers: &Servers,
    port: u16,
) -> Result<Process, PrivateError> {
    let mut command = account::command(&program("postgres")?);
    command.arg("-D").arg(data);
    for setting in [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".into(),
        "unix_socket_directories=".into(),
        "max_connections=500".into(),
        "shared_buffers=128MB".into(),
        "logging_collector=off".into(),
    ] {
        command.arg("-c").arg(setting);
    }
    let log = dir.join("postgres.log");
    let mut process = Process::spawn(command, &log, dir.join("postgres.pid"), Signal::INT)
        .map_err(|e| PrivateError::Io("PostgreSQL could not be started".into(), e))?;
    until_it_answers(&mut process, servers, &log).await?;
    Ok(process)
}

/// Makes the cluster aside and moves it into place, so that a start cut short leaves none behind.
fn init(home: &Path, data: &Path, servers: &Servers) -> Result<(), PrivateError> {
    let aside = home.join("data.new");
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(|e| at(&aside, e))?;
    }
    let secret = home.join("owner.password");
    let password = servers.passwords.get("trama_owner").map(String::as_bytes).unwrap_or_default();
    let written =
        account::write_secret(&secret, password).and_then(|()| account::hand_over(&secret));
    written.map_err(|e| at(&secret, e))?;
    let mut command = account::command(&program("initdb")?);
    command.arg("-D").arg(&aside).args([
        "--auth=scram-sha-256",
        "--username=trama_owner",
        "--encoding=UTF8",
    ]);
    command
        .args(["--locale=C.UTF-8", "--data-checksums"])
        .arg(format!("--pwfile={}", secret.display()));
    let done =
        command.output().map_err(|e| PrivateError::Io("initdb could not be run".into(), e))?;
    let removed = fs::remove_file(&secret);
    if !done.status.success() {
        let why = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        return Err(PrivateError::NotStarted("initdb", why));
    }
    removed.and_then(|()| fs::rename(&aside, data)).map_err(|e| at(data, e))
}

async fn until_it_answers(
    process: &mut Process,
    servers: &Servers,
    log: &Path,
) -> Result<(), PrivateError> {
    let options = servers.options(PgRole::Owner);
    let maintenance = options.clone().database("postgres");
    let patience = Instant::now();
    loop {
        if let Ok(mut connection) = PgConnection::connect_with(&maintenance).await {
            let exists: bool =
                sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
                    .bind(&servers.database)
                    .fetch_one(&mut connection)
                    .await?;
            if !exists {
                let create = format!("create database {}", servers.database);
                sqlx::query(&create).execute(&mut connection).await?;
            }
            return Ok(());
        }
        if !process.runs() || patience.elapsed() > START_MAX {
            return Err(PrivateError::NotStarted("PostgreSQL", format!("see {}", log.display())));
        }
        pause(Duration::from_millis(20)).await;
    }
}

/// Where a program of `PostgreSQL` is. Debian keeps them away from the path, one directory a
/// version: the newest counts.
///
/// # Errors
///
/// [`PrivateError::Missing`].
pub fn program(name: &'static str) -> Result<PathBuf, PrivateError> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map(|entries| {
            entries.into_iter().map(|entry| entry.path().join("bin").join(name)).collect()
        })
        .unwrap_or_default();
    versions.sort();
    let others =
        ["/usr/local/pgsql/bin", "/usr/bin", "/usr/local/bin", "/usr/sbin", "/opt/homebrew/bin"];
    let others = others.iter().map(|dir| Path::new(dir).join(name));
    let found = versions.into_iter().rev().chain(others).find(|path| path.is_file());
    found.ok_or(PrivateError::Missing(name, "postgresql"))
}
