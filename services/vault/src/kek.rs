//! The key-encryption key: what wraps the keys of the vault, and never lies in the database
//! (trust.md D3).

mod file;
mod transit;

use std::future::Future;
use std::pin::Pin;

pub use file::{FileKek, KeyFileError};
pub use transit::{Transit, TransitError, TransitKek};
use zeroize::Zeroizing;

/// Most keys that are wrapped or unwrapped in one go.
pub const BATCH_MAX: usize = 500;

/// The future of a [`Kek`].
pub type Wraps<'a, T> = Pin<Box<dyn Future<Output = Result<T, KekError>> + Send + 'a>>;

/// Something wrapped, with the id of the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// Id of the key-encryption key, e.g. `file:2025-01` or `transit:trama:v3`.
    pub kek: String,
    /// What only that key opens.
    pub bytes: Vec<u8>,
}

/// Something as it was before it was wrapped.
pub type Bare = Zeroizing<Vec<u8>>;

/// Why nothing was wrapped or unwrapped.
#[derive(Debug, thiserror::Error)]
pub enum KekError {
    /// It cannot be reached now: nothing happened.
    #[error("the key-encryption key cannot be reached now: {0}")]
    Unreachable(String),
    /// It refuses us: token, policy or name are wrong.
    #[error("the key-encryption key is refused to us: {0}")]
    Refused(String),
    /// What was to be unwrapped lies under a key that is not here.
    #[error("there is no key-encryption key {0}: put its file back, or restore the engine's key")]
    Unknown(String),
    /// What was to be unwrapped is damaged, or lies under another key.
    #[error("a wrapped key does not open under {0}")]
    DoesNotOpen(String),
    /// Nothing could be wrapped.
    #[error("a key could not be wrapped")]
    CannotWrap,
}

/// Wraps and unwraps, at most [`BATCH_MAX`] at once. What is wrapped never leaves in the clear.
pub trait Kek: Send + Sync + 'static {
    /// The id of the key under which new keys are wrapped.
    fn current(&self) -> Wraps<'_, String>;

    /// Wraps under the current key.
    fn wrap<'a>(&'a self, bare: &'a [Bare]) -> Wraps<'a, Vec<Wrapped>>;

    /// Unwraps, whichever of its keys wrapped it.
    fn unwrap<'a>(&'a self, wrapped: &'a [Wrapped]) -> Wraps<'a, Vec<Bare>>;

    /// Wraps anew under the current key.
    fn rewrap<'a>(&'a self, wrapped: &'a [Wrapped]) -> Wraps<'a, Vec<Wrapped>>;
}
