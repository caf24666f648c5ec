use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use trama_platform::doors::hex;
use zeroize::Zeroizing;

use super::{Bare, Kek, KekError, Wrapped, Wraps};
use crate::cipher::{self, KEY_LEN, NONCE_LEN, Sealed, Secret};

/// What a key file's name ends with.
const SUFFIX: &str = "kek";

/// Keys in files of one directory: for development and for small installations.
///
/// `<id>.kek` holds 64 hexadecimal digits. The last id in the order of the alphabet is the current
/// one, the others only unwrap: so a new file is the first step of a rotation, e.g. `2025-01.kek`.
pub struct FileKek {
    keys: BTreeMap<String, Secret>,
    current: String,
}

impl fmt::Debug for FileKek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileKek").field("ids", &self.keys.keys()).finish_non_exhaustive()
    }
}

/// Why key files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Others than its owner may read it.
    #[error("{0} can be read by others: chmod 600 it, and rotate the key if anybody may have")]
    Open(PathBuf),
    /// Others than its owner may put files there.
    #[error("{0} can be written by others: chmod 700 it")]
    OpenDirectory(PathBuf),
    /// It holds something else.
    #[error("{0} is no key: it must hold 64 hexadecimal digits")]
    NoKey(PathBuf),
    /// The directory holds none.
    #[error("{0} holds no key file: restore it; without it the vault opens nothing")]
    None(PathBuf),
    /// An id has another form.
    #[error("a key's id is 1 to 40 of a-z, 0-9 and '-'")]
    BadId,
    /// It cannot be read or written.
    #[error("{0} cannot be used")]
    Io(PathBuf, #[source] io::Error),
    /// No key could be drawn.
    #[error(transparent)]
    NoRandomness(#[from] trama_platform::clock::NoRandomness),
}

impl FileKek {
    /// Reads every key of a directory.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`]: also when others may read a key.
    pub fn open(dir: &Path) -> Result<Self, KeyFileError> {
        let at = |error| KeyFileError::Io(dir.to_owned(), error);
        if mode(dir)? & 0o022 != 0 {
            return Err(KeyFileError::OpenDirectory(dir.to_owned()));
        }
        let mut keys = BTreeMap::new();
        for entry in fs::read_dir(dir).map_err(at)? {
            let path = entry.map_err(at)?.path();
            if path.extension().is_some_and(|kind| kind == SUFFIX) {
                keys.insert(id_of(&path)?, read(&path)?);
            }
        }
        let current = keys.keys().next_back().cloned();
        let current = current.ok_or_else(|| KeyFileError::None(dir.to_owned()))?;
        Ok(Self { keys, current })
    }

    /// Writes a new key that only its owner can read. One that is there is never overwritten.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`]: also when a key of this id exists.
    pub fn create(dir: &Path, id: &str) -> Result<(), KeyFileError> {
        let file = dir.join(format!("{id}.{SUFFIX}"));
        id_of(&file)?;
        let mut new_dir = fs::DirBuilder::new();
        let made = new_dir.recursive(true).mode(0o700).create(dir);
        made.map_err(|e| KeyFileError::Io(dir.to_owned(), e))?;
        let key = cipher::draw_key()?;
        let text = Zeroizing::new(hex(secrecy::ExposeSecret::expose_secret(&key)));
        let mut new = fs::OpenOptions::new();
        let opened = new.write(true).create_new(true).mode(0o600).open(&file);
        let written = opened.and_then(|mut open| {
            open.write_all(text.as_bytes())?;
            open.sync_all()
        });
        written.map_err(|e| KeyFileError::Io(file, e))
    }

    fn wrap_one(&self, bare: &Bare) -> Result<Wrapped, KekError> {
        let kek = format!("file:{}", self.current);
        let key = self.keys.get(&self.current).ok_or(KekError::CannotWrap)?;
        let sealed = cipher::seal_bytes(key, kek.as_bytes(), bare);
        let sealed = sealed.map_err(|_| KekError::CannotWrap)?;
        Ok(Wrapped { kek, bytes: [&sealed.nonce[..], &sealed.ciphertext].concat() })
    }

    fn unwrap_one(&self, wrapped: &Wrapped) -> Result<Bare, KekError> {
        let Wrapped { kek, bytes } = wrapped;
        let key = kek.strip_prefix("file:").and_then(|id| self.keys.get(id));
        let key = key.ok_or_else(|| KekError::Unknown(kek.clone()))?;
        let broken = || KekError::DoesNotOpen(kek.clone());
        let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
        let sealed = Sealed { nonce: *nonce, ciphertext: ciphertext.to_vec() };
        cipher::open_bytes(key, kek.as_bytes(), &sealed).map_err(|_| broken())
    }
}

impl Kek for FileKek {
    fn current(&self) -> Wraps<'_, String> {
        Box::pin(async move { Ok(format!("file:{}", self.current)) })
    }

    fn wrap<'a>(&'a self, bare: &'a [Bare]) -> Wraps<'a, Vec<Wrapped>> {
        Box::pin(async move { bare.iter().map(|bare| self.wrap_one(bare)).collect() })
    }

    fn unwrap<'a>(&'a self, wrapped: &'a [Wrapped]) -> Wraps<'a, Vec<Bare>> {
        Box::pin(async move { wrapped.iter().map(|wrapped| self.unwrap_one(wrapped)).collect() })
    }

    fn rewrap<'a>(&'a self, wrapped: &'a [Wrapped]) -> Wraps<'a, Vec<Wrapped>> {
        Box::pin(async move {
            wrapped.iter().map(|wrapped| self.wrap_one(&self.unwrap_one(wrapped)?)).collect()
        })
    }
}

fn mode(path: &Path) -> Result<u32, KeyFileError> {
    let found = fs::metadata(path).map_err(|e| KeyFileError::Io(path.to_owned(), e))?;
    Ok(found.permissions().mode())
}

fn id_of(file: &Path) -> Result<String, KeyFileError> {
    let id = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let plain = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain && (1..=40).contains(&id.len()) { Ok(id.into()) } else { Err(KeyFileError::BadId) }
}

fn read(file: &Path) -> Result<Secret, KeyFileError> {
    if mode(file)? & 0o077 != 0 {
        return Err(KeyFileError::Open(file.to_owned()));
    }
    let text = fs::read(file).map_err(|e| KeyFileError::Io(file.to_owned(), e))?;
    let text = Zeroizing::new(text);
    let no_key = || KeyFileError::NoKey(file.to_owned());
    let digits = std::str::from_utf8(&text).map_err(|_| no_key())?.trim_ascii();
    if digits.len() != 2 * KEY_LEN || !digits.is_ascii() {
        return Err(no_key());
    }
    let mut whole = true;
    let key = Secret::init_with_mut(|key| {
        for (at, byte) in key.iter_mut().enumerate() {
            let read = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16);
            whole &= read.is_ok();
            *byte = read.unwrap_or(0);
        }
    });
    if whole { Ok(key) } else { Err(no_key()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Dir(PathBuf);

    impl Dir {
        fn new() -> Self {
            let name = format!("trama-kek-{}", trama_platform::clock::random_id().simple());
            Self(std::env::temp_dir().join(name))
        }

        fn allow(&self, file: &str, mode: u32) {
            fs::set_permissions(self.0.join(file), fs::Permissions::from_mode(mode)).unwrap();
        }
    }

    impl Drop for Dir {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn bare(text: &str) -> Vec<Bare> {
        vec![Zeroizing::new(text.as_bytes().to_vec())]
    }

    #[test]
    fn a_key_file_that_others_may_read_is_refused() {
        let dir = Dir::new();
        FileKek::create(&dir.0, "2025-01").unwrap();
        assert_eq!(mode(&dir.0.join("2025-01.kek")).unwrap() & 0o777, 0o600);
        for open in [0o640, 0o604, 0o644, 0o620] {
            dir.allow("2025-01.kek", open);
            assert!(matches!(FileKek::open(&dir.0), Err(KeyFileError::Open(_))), "{open:o}");
        }
        dir.allow("2025-01.kek", 0o600);
        assert!(FileKek::open(&dir.0).is_ok());
        dir.allow("", 0o777);
        assert!(matches!(FileKek::open(&dir.0), Err(KeyFileError::OpenDirectory(_))));
    }

    #[test]
    fn a_key_is_never_overwritten_and_a_damaged_one_is_refused() {
        let dir = Dir::new();
        assert!(matches!(FileKek::create(&dir.0, "../x y"), Err(KeyFileError::BadId)));
        FileKek::create(&dir.0, "2025-01").unwrap();
        assert!(matches!(FileKek::create(&dir.0, "2025-01"), Err(KeyFileError::Io(..))));
        fs::write(dir.0.join("2025-01.kek"), "g".repeat(64)).unwrap();
        assert!(matches!(FileKek::open(&dir.0), Err(KeyFileError::NoKey(_))));
        fs::remove_file(dir.0.join("2025-01.kek")).unwrap();
        assert!(matches!(FileKek::open(&dir.0), Err(KeyFileError::None(_))));
    }

    #[tokio::test]
    async fn a_newer_file_wraps_and_the_older_one_still_unwraps() {
        let dir = Dir::new();
        FileKek::create(&dir.0, "2025-01").unwrap();
        let before = FileKek::open(&dir.0).unwrap();
        let old = before.wrap(&bare("first")).await.unwrap();
        FileKek::create(&dir.0, "2025-02").unwrap();
        let both = FileKek::open(&dir.0).unwrap();
        assert_eq!(both.current().await.unwrap(), "file:2025-02");
        assert_eq!(both.unwrap(&old).await.unwrap(), bare("first"));
        let new = both.rewrap(&old).await.unwrap();
        assert_eq!(new[0].kek, "file:2025-02");
        assert_eq!(both.unwrap(&new).await.unwrap(), bare("first"));
        assert!(matches!(before.unwrap(&new).await, Err(KekError::Unknown(_))));
    }

    #[tokio::test]
    async fn a_wrapped_key_that_was_changed_does_not_open() {
        let dir = Dir::new();
        FileKek::create(&dir.0, "2025-01").unwrap();
        let kek = FileKek::open(&dir.0).unwrap();
        let mut wrapped = kek.wrap(&bare("key")).await.unwrap();
        wrapped[0].bytes[30] ^= 1;
        assert!(matches!(kek.unwrap(&wrapped).await, Err(KekError::DoesNotOpen(_))));
        wrapped[0].bytes.truncate(8);
        assert!(matches!(kek.unwrap(&wrapped).await, Err(KekError::DoesNotOpen(_))));
    }
}
