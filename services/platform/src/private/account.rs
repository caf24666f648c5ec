//! `PostgreSQL` refuses to run as root: as root, servers run under an account without rights.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// Accounts tried in turn when we are root.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// User and group under which servers run; `None` when it is ourselves.
fn server_account() -> Option<(u32, u32)> {
    let root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !root {
        return None;
    }
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    ACCOUNTS.iter().find_map(|name| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// Lets the servers' account into a directory of ours.
pub(super) fn open_to_servers(dir: &Path) -> io::Result<()> {
    if server_account().is_some() {
        fs::set_permissions(dir, fs::Permissions::from_mode(0o711))?;
    }
    Ok(())
}

/// Makes a directory that belongs to the servers' account alone.
pub(super) fn own_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    hand_over(dir)
}

/// Makes a directory of ours into which nobody else looks.
pub(super) fn private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
}

/// Gives a file or directory to the servers' account.
pub(super) fn hand_over(path: &Path) -> io::Result<()> {
    match server_account() {
        Some((user, group)) => chown(path, Some(user), Some(group)),
        None => Ok(()),
    }
}

/// Writes a file that only its owner can read.
pub(super) fn write_secret(file: &Path, content: &[u8]) -> io::Result<()> {
    let aside = file.with_extension("new");
    let mut open = fs::OpenOptions::new();
    open.write(true).create(true).truncate(true).mode(0o600).open(&aside)?.write_all(content)?;
    fs::rename(&aside, file)
}

/// A command that runs under the servers' account, in a process group of its own, so that a
/// Ctrl-C in the terminal reaches us first.
pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .process_group(0)
        .current_dir("/")
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8");
    if let Some((user, group)) = server_account() {
        command.uid(user).gid(group);
    }
    command
}
