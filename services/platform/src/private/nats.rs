use std::fmt::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::account;
use super::process::Process;
use super::{PrivateError, at};
use crate::clock::pause;
use crate::servers::Servers;

/// Longest wait for a start.
const START_MAX: Duration = Duration::from_secs(30);

/// Users of the broker, one for each role.
pub(super) const USERS: [&str; 4] = ["relay", "follow", "web", "admin"];

/// What each user may publish and hear. Nobody but the relay publishes an event.
fn permissions(user: &str) -> (&'static str, &'static str) {
    match user {
        "relay" => (r#"["trama.ev.>", "$JS.API.>"]"#, r#"["_INBOX_relay.>"]"#),
        "follow" => (
            r#"["$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.NAMES", "$JS.API.CONSUMER.>", "$JS.ACK.>", "trama.hint.>"]"#,
            r#"["_INBOX_follow.>"]"#,
        ),
        "web" => {
            (r#"["$JS.API.INFO", "$JS.API.STREAM.INFO.*"]"#, r#"["trama.hint.>", "_INBOX_web.>"]"#)
        }
        _ => (r#"[">"]"#, r#"[">"]"#),
    }
}

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
    let mut text = format!(
        "listen: 127.0.0.1:{port}\nserver_name: trama\nmax_payload: 1MB\n\
         jetstream {{ store_dir: \"{}\", max_file_store: 8GB }}\n\
         authorization {{ users = [\n",
        home.join("jetstream").display()
    );
    for user in USERS {
        let password = servers.passwords.get(&format!("nats_{user}")).map_or("", String::as_str);
        let (publish, subscribe) = permissions(user);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  {{ user: {user}, password: \"{password}\", permissions: {{ publish: {publish}, subscribe: {subscribe} }} }}"
        );
    }
    text.push_str("] }\n");
    text
}

fn program() -> Result<PathBuf, PrivateError> {
    let places =
        ["/usr/local/bin", "/usr/bin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];
    let mut found = places.iter().map(|dir| Path::new(dir).join("nats-server"));
    found.find(|path| path.is_file()).ok_or(PrivateError::Missing("nats-server", "nats-server"))
}
