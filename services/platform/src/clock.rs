//! The domain clock. Tokens, leases and `inserted_at` never use it: they keep the real time.

use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The domain's time: the real one, or one that a story sets.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's time.
    #[default]
    Real,
    /// A time kept in a file of the data directory, shared by every process of it.
    Virtual(VirtualClock),
}

/// A time that stands still until somebody sets it. Without a setting it is the real time.
#[derive(Debug, Clone)]
pub struct VirtualClock {
    file: PathBuf,
    last: Arc<RwLock<Option<Glance>>>,
}

#[derive(Debug, Clone, Copy)]
struct Glance {
    at: Option<OffsetDateTime>,
    looked: Instant,
}

/// How long a process may go on with the time that it read last.
const GLANCE_MAX: Duration = Duration::from_millis(100);

impl Clock {
    /// A clock that reads its time from `file`.
    pub fn in_file(file: PathBuf) -> Self {
        Self::Virtual(VirtualClock { file, last: Arc::default() })
    }

    /// Now, for the domain.
    pub fn now(&self) -> OffsetDateTime {
        match self {
            Self::Real => real_now(),
            Self::Virtual(clock) => clock.now(),
        }
    }
}

impl VirtualClock {
    fn now(&self) -> OffsetDateTime {
        let glance = self.last.read().ok().and_then(|last| *last);
        let fresh = glance.filter(|glance| glance.looked.elapsed() < GLANCE_MAX);
        fresh.unwrap_or_else(|| self.look()).at.unwrap_or_else(real_now)
    }

    fn look(&self) -> Glance {
        let text = std::fs::read_to_string(&self.file).ok();
        let at = text.and_then(|text| OffsetDateTime::parse(text.trim(), &Rfc3339).ok());
        self.remember(at)
    }

    fn remember(&self, at: Option<OffsetDateTime>) -> Glance {
        let glance = Glance { at, looked: Instant::now() };
        if let Ok(mut last) = self.last.write() {
            *last = Some(glance);
        }
        glance
    }

    /// Sets the time, or gives it back to the real clock. Seen at once in this process and within
    /// [`GLANCE_MAX`] in the others.
    ///
    /// # Errors
    ///
    /// When the file cannot be written.
    pub fn set(&self, at: Option<OffsetDateTime>) -> std::io::Result<()> {
        let text = at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default();
        let aside = self.file.with_extension("new");
        std::fs::write(&aside, text)?;
        std::fs::rename(&aside, &self.file)?;
        self.remember(at);
        Ok(())
    }
}

/// The machine's time, to the microsecond that `PostgreSQL` keeps.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
pub fn real_now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(now.nanosecond() / 1_000 * 1_000).unwrap_or(now)
}

/// A bounded pause between two looks at something that cannot wake us.
#[expect(clippy::disallowed_methods, reason = "the one place that sleeps")]
pub async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
}

/// A random id, for requests and sessions. Domain ids come from the client or are derived.
#[expect(clippy::disallowed_methods, reason = "the one place that draws a random id")]
pub fn random_id() -> uuid::Uuid {
    uuid::Uuid::new_v4()
}

/// The machine gave no random bytes: nothing may be encrypted then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the machine gives no random bytes")]
pub struct NoRandomness;

/// Random bytes for keys, nonces and salts.
///
/// # Errors
///
/// [`NoRandomness`]: never a weaker source instead.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
