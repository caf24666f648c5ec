//! What goes wrong inside the vault. None of it says anything about a person.

use trama_platform::Failure;
use trama_platform::clock::NoRandomness;
use trama_platform::log::Unsafe;

use crate::cipher::{CannotSeal, DoesNotOpen};
use crate::kek::KekError;
use crate::shred::Closed;

/// Why the vault did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The database.
    #[error("the vault's database did not do what was asked")]
    Sql(#[from] sqlx::Error),
    /// The key-encryption key.
    #[error(transparent)]
    Kek(#[from] KekError),
    /// A row does not open.
    #[error(transparent)]
    DoesNotOpen(#[from] DoesNotOpen),
    /// A row cannot be sealed.
    #[error(transparent)]
    CannotSeal(#[from] CannotSeal),
    /// A key that was unwrapped is another one than it should be.
    #[error("a key of the vault is not the one that it should be: its table was changed")]
    KeySwapped,
    /// A row holds what no release of ours wrote.
    #[error("a row of the vault cannot be read: {0}")]
    Odd(&'static str),
    /// Keys are to lie in a database of their own, and some lie beside the facts.
    #[error(
        "keys of the vault lie in the database of the facts: move them to their own first \
         (docs/operations/keys.md), then drop the schema vault_keys there"
    )]
    KeysLeftBehind,
    /// The server of the keys may lose what it has acknowledged.
    #[error(transparent)]
    Unsafe(#[from] Unsafe),
    /// The key that is asked for was destroyed.
    #[error("this was erased, and nothing can be added to it")]
    Erased,
    /// The vault does not open.
    #[error(transparent)]
    Closed(#[from] Closed),
}

impl From<NoRandomness> for VaultError {
    fn from(none: NoRandomness) -> Self {
        Self::CannotSeal(none.into())
    }
}

impl VaultError {
    /// As a failure of a door.
    pub fn into_failure<R>(self) -> Failure<R> {
        match self {
            Self::Sql(error) | Self::Closed(Closed::Sql(error)) => Failure::from_sqlx(error),
            Self::Kek(KekError::Unreachable(why)) => {
                tracing::warn!(why, "the key-encryption key cannot be reached");
                Failure::Unavailable
            }
            // Nothing mends itself here, but nothing is lost: with a good token it goes on.
            Self::Kek(KekError::Refused(why)) => {
                tracing::error!(
                    why,
                    "the key-encryption key is refused to us: renew the token \
                     (docs/operations/keys.md); until then the vault opens nothing"
                );
                Failure::Unavailable
            }
            Self::Closed(closed) => {
                tracing::error!(%closed, "the vault stays closed");
                Failure::Unavailable
            }
            Self::Kek(KekError::Unknown(_) | KekError::DoesNotOpen(_) | KekError::CannotWrap)
            | Self::DoesNotOpen(_)
            | Self::CannotSeal(_)
            | Self::KeySwapped
            | Self::KeysLeftBehind
            | Self::Unsafe(_)
            | Self::Odd(_)
            | Self::Erased => Failure::fault(self),
        }
    }
}
