//! The shred list: what was erased, kept outside the database and its backups, so that what a
//! restore brings back is erased again before anybody reads it (trust.md, threat 10).

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use trama_events::codes::Segment;
use trama_events::ids::{ErasureId, PersonId};

/// One erasure, as a line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shredded {
    /// Which.
    pub erasure: ErasureId,
    /// Whose record.
    pub person: PersonId,
    /// Which segments.
    pub segments: Vec<Segment>,
    /// SHA-256 of the certificate, in hexadecimal.
    pub certificate: String,
}

/// Why the vault stays closed.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// The list and the log know of erasures that this database does not.
    #[error(
        "{missing} erasures are not carried out here: this is an older backup, or an erasure was \
         cut short; replay the shred list before the vault opens"
    )]
    Behind {
        /// How many.
        missing: usize,
    },
    /// The list does not know what the log or the database does.
    #[error(
        "the shred list {file} lacks {missing} erasures that the log knows: restore the list, \
         then replay it"
    )]
    ListBehind {
        /// Where the list is.
        file: PathBuf,
        /// How many.
        missing: usize,
    },
    /// There is no list.
    #[error("there is no shred list at {0}: restore it; only a new installation makes a new one")]
    NoList(PathBuf),
    /// A line cannot be read.
    #[error("line {line} of the shred list {file} cannot be read")]
    Damaged {
        /// Where the list is.
        file: PathBuf,
        /// Which line, from 1.
        line: usize,
    },
    /// The list cannot be read or written.
    #[error("the shred list {0} cannot be used")]
    Io(PathBuf, #[source] io::Error),
    /// The database cannot say what was erased.
    #[error("the database cannot say what was erased")]
    Sql(#[from] sqlx::Error),
}

/// The list, a line of JSON for each erasure. It belongs on another disk than the database.
#[derive(Debug, Clone)]
pub struct ShredList {
    file: PathBuf,
}

impl ShredList {
    /// The list in a file, whether it is there or not.
    pub fn at(file: impl Into<PathBuf>) -> Self {
        Self { file: file.into() }
    }

    /// Where it is.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Makes an empty list for a new installation. One that is there is left alone.
    ///
    /// # Errors
    ///
    /// [`Closed::Io`].
    pub fn create(&self) -> Result<(), Closed> {
        if let Some(dir) = self.file.parent() {
            let mut make = fs::DirBuilder::new();
            make.recursive(true).mode(0o700).create(dir).map_err(|e| self.io(e))?;
        }
        let mut new = fs::OpenOptions::new();
        let made = new.append(true).create(true).mode(0o600).open(&self.file);
        made.and_then(|file| file.sync_all()).map_err(|e| self.io(e))
    }

    /// Every erasure on the list. A last line that was cut short by a crash is not one yet: its
    /// erasure was not carried out either.
    ///
    /// # Errors
    ///
    /// [`Closed`] when there is no list, or a line of it cannot be read.
    pub fn read(&self) -> Result<Vec<Shredded>, Closed> {
        let text = match fs::read_to_string(&self.file) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                return Err(Closed::NoList(self.file.clone()));
            }
            text => text.map_err(|e| self.io(e))?,
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let lines = whole.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = |(at, line)| {
            let damaged = |_| Closed::Damaged { file: self.file.clone(), line: at + 1 };
            serde_json::from_str(line).map_err(damaged)
        };
        lines.map(read).collect()
    }

    /// Adds an erasure, on the disk before it answers; one that is on the list is not added again.
    ///
    /// # Errors
    ///
    /// [`Closed`].
    pub fn add(&self, shredded: &Shredded) -> Result<(), Closed> {
        let mut open = fs::OpenOptions::new();
        let mut file = open.append(true).open(&self.file).map_err(|e| self.io(e))?;
        // Two processes that write at once take turns.
        file.lock().map_err(|e| self.io(e))?;
        if self.read()?.iter().any(|before| before.erasure == shredded.erasure) {
            return Ok(());
        }
        let line = serde_json::to_string(shredded).map_err(|e| self.io(e.into()))?;
        let torn = !self.ends_whole().map_err(|e| self.io(e))?;
        let line = if torn { format!("\n{line}\n") } else { format!("{line}\n") };
        let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|e| self.io(e))
    }

    fn ends_whole(&self) -> io::Result<bool> {
        let text = fs::read(&self.file)?;
        Ok(text.last().is_none_or(|last| *last == b'\n'))
    }

    fn io(&self, error: io::Error) -> Closed {
        Closed::Io(self.file.clone(), error)
    }
}
