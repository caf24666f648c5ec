//! What was told in a data directory: a refusal asked again later would be judged anew, and a
//! check of a past day would see the present.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::script::Moment;

/// The moments that were told, kept in `stories.told`: one key a line.
pub(super) struct Told {
    file: PathBuf,
    keys: BTreeSet<String>,
}

impl Told {
    pub(super) fn of(dir: &Path) -> anyhow::Result<Self> {
        let file = dir.join("stories.told");
        let text = if file.exists() { std::fs::read_to_string(&file)? } else { String::new() };
        Ok(Self { file, keys: text.lines().map(ToOwned::to_owned).collect() })
    }

    pub(super) fn contains(&self, moment: &Moment) -> bool {
        self.keys.contains(&moment.key())
    }

    pub(super) fn add(&mut self, moment: &Moment) -> anyhow::Result<()> {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.file)?;
        writeln!(file, "{}", moment.key())?;
        self.keys.insert(moment.key());
        Ok(())
    }
}
