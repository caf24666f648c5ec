use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use strum::VariantArray as _;
use trama_events::Context;

use super::process::Process;
use super::{PrivateError, account, accounts, at, secrets};
use crate::clock::pause;
use crate::servers::Servers;

/// Longest wait for a start.
const START_MAX: Duration = Duration::from_secs(30);

pub(super) async fn start(
    dir: &Path,
    servers: &Servers,
    port: u16,
) -> Result<Process, PrivateError> {
    let home = dir.join("nats");
    account::own_dir(&home).map_err(|e| at(&home, e))?;
    let settings = home.join("nats.conf");
    let text = configuration(&home, servers, port);
    let written = account::write_secret(&settings, text.as_bytes());
    written.and_then(|()| account::hand_over(&settings)).map_err(|e| at(&settings, e))?;
    let mut command = account::command(&program()?);
    command.arg("-c").arg(&settings);
    let log = dir.join("nats.log");
    let mut process = Process::spawn(command, &log, dir.join("nats.pid"), Signal::TERM)
        .map_err(|e| PrivateError::Io("nats-server could not be started".into(), e))?;
    let patience = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if !process.runs() || patience.elapsed() > START_MAX {
            return Err(PrivateError::NotStarted("nats-server", format!("see {}", log.display())));
        }
        pause(Duration::from_millis(20)).await;
    }
    Ok(process)
}

fn configuration(home: &Path, servers: &Servers, port: u16) -> String {
    let key_of = |user: &str| {
        servers.nkeys.get(user).and_then(|seed| secrets::public_key(seed)).unwrap_or_default()
    };
    let accounts = accounts::accounts(servers.sealing.keys());
    // Each stream may take a gigabyte (`relay`), and the broker refuses one that might not fit.
    let gigabytes = Context::VARIANTS.len() + servers.sealing.keys().count() + 1;
    format!(
        "listen: 127.0.0.1:{port}\nserver_name: trama\nmax_payload: 1MB\n\
         jetstream {{ store_dir: \"{}\", max_file_store: {gigabytes}GB }}\n{}",
        home.join("jetstream").display(),
        accounts::block(&accounts, key_of)
    )
}

fn program() -> Result<PathBuf, PrivateError> {
    let places =
        ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];
    let mut found = places.iter().map(|dir| Path::new(dir).join("nats-server"));
    found.find(|path| path.is_file()).ok_or(PrivateError::Missing("nats-server", "nats-server"))
}
