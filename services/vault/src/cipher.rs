//! One field, sealed and opened (trust.md D3).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox};
use trama_events::codes::IdentityField;
use trama_events::ids::{FactId, PersonId};
use trama_platform::clock::{NoRandomness, random_bytes};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Length of a key, in bytes.
pub const KEY_LEN: usize = 32;
/// Length of a nonce, in bytes: long enough to be drawn by chance for every field.
pub const NONCE_LEN: usize = 24;

/// The bytes of a key. They are overwritten when the last holder lets go.
pub type Secret = SecretBox<[u8; KEY_LEN]>;

/// Where a field stands. It is authenticated with the field, so that a row that is moved to
/// another person, another field or another key does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The row.
    pub fact: FactId,
    /// Whose it is.
    pub person: PersonId,
    /// What it says.
    pub field: IdentityField,
    /// The key under which it lies.
    pub key: Uuid,
}

/// A field that only its key opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Drawn by chance.
    pub nonce: [u8; NONCE_LEN],
    /// The field, and 16 bytes that show any change.
    pub ciphertext: Vec<u8>,
}

/// A field was changed, moved, or lies under another key. It says nothing more, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a row of the vault does not open with its key")]
pub struct DoesNotOpen;

/// Why nothing was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannotSeal {
    /// No nonce could be drawn.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The text is longer than the cipher takes: far beyond any field of ours.
    #[error("the text is too long to be encrypted")]
    TooLong,
}

/// A new key.
///
/// # Errors
///
/// [`NoRandomness`].
pub fn draw_key() -> Result<Secret, NoRandomness> {
    let mut bytes = random_bytes::<KEY_LEN>()?;
    let secret = Secret::init_with_mut(|secret| secret.copy_from_slice(&bytes));
    zeroize::Zeroize::zeroize(&mut bytes);
    Ok(secret)
}

/// Seals a text for its place.
///
/// # Errors
///
/// [`CannotSeal`].
pub fn seal(key: &Secret, place: &Place, text: &[u8]) -> Result<Sealed, CannotSeal> {
    seal_bytes(key, &place.bytes(), text)
}

/// Opens what was sealed for this very place.
///
/// # Errors
///
/// [`DoesNotOpen`].
pub fn open(
    key: &Secret,
    place: &Place,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    open_bytes(key, &place.bytes(), sealed)
}

pub(crate) fn seal_bytes(key: &Secret, bound: &[u8], text: &[u8]) -> Result<Sealed, CannotSeal> {
    let nonce = random_bytes::<NONCE_LEN>()?;
    let payload = Payload { msg: text, aad: bound };
    let ciphertext = cipher(key).encrypt(&XNonce::from(nonce), payload);
    Ok(Sealed { nonce, ciphertext: ciphertext.map_err(|_| CannotSeal::TooLong)? })
}

pub(crate) fn open_bytes(
    key: &Secret,
    bound: &[u8],
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
    let payload = Payload { msg: &sealed.ciphertext, aad: bound };
    let opened = cipher(key).decrypt(&XNonce::from(sealed.nonce), payload);
    opened.map(Zeroizing::new).map_err(|_| DoesNotOpen)
}

fn cipher(key: &Secret) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.expose_secret().into())
}

impl Place {
    /// Every part has its length fixed, but the last: no two places have the same bytes.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"trama vault 1".to_vec();
        bytes.extend_from_slice(self.fact.0.as_bytes());
        bytes.extend_from_slice(self.person.0.as_bytes());
        bytes.extend_from_slice(self.key.as_bytes());
        bytes.extend_from_slice(self.field.code().as_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::VariantArray;

    use super::*;

    fn place() -> impl Strategy<Value = Place> {
        let ids = (any::<u128>(), any::<u128>(), any::<u128>());
        let field = prop::sample::select(IdentityField::VARIANTS);
        (ids, field).prop_map(|((fact, person, key), field)| Place {
            fact: FactId(Uuid::from_u128(fact)),
            person: PersonId(Uuid::from_u128(person)),
            key: Uuid::from_u128(key),
            field,
        })
    }

    fn text() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..300)
    }

    fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let bit = bit % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place(place in place(), text in text()) {
            let key = draw_key().unwrap();
            let sealed = seal(&key, &place, &text).unwrap();
            prop_assert_eq!(&*open(&key, &place, &sealed).unwrap(), &text);
            prop_assert_eq!(sealed.ciphertext.len(), text.len() + 16);
        }

        #[test]
        fn a_changed_bit_does_not_open(place in place(), text in text(), bit in any::<usize>()) {
            let key = draw_key().unwrap();
            let sealed = seal(&key, &place, &text).unwrap();
            let ciphertext = flipped(&sealed.ciphertext, bit);
            let changed = Sealed { ciphertext, nonce: sealed.nonce };
            prop_assert_eq!(open(&key, &place, &changed), Err(DoesNotOpen));
            let nonce = flipped(&sealed.nonce, bit).try_into().unwrap();
            let changed = Sealed { nonce, ciphertext: sealed.ciphertext };
            prop_assert_eq!(open(&key, &place, &changed), Err(DoesNotOpen));
        }

        #[test]
        fn another_place_does_not_open_it(
            place in place(), other in place(), part in 0..4_u8, text in text()
        ) {
            let moved = match part {
                0 => Place { fact: other.fact, ..place },
                1 => Place { person: other.person, ..place },
                2 => Place { key: other.key, ..place },
                _ => Place { field: other.field, ..place },
            };
            prop_assume!(moved != place);
            let key = draw_key().unwrap();
            let sealed = seal(&key, &place, &text).unwrap();
            prop_assert_eq!(open(&key, &moved, &sealed), Err(DoesNotOpen));
        }

        #[test]
        fn another_key_does_not_open_it(place in place(), text in text()) {
            let sealed = seal(&draw_key().unwrap(), &place, &text).unwrap();
            prop_assert_eq!(open(&draw_key().unwrap(), &place, &sealed), Err(DoesNotOpen));
        }

        #[test]
        fn the_same_text_is_never_sealed_alike(place in place(), text in text()) {
            let key = draw_key().unwrap();
            prop_assert_ne!(seal(&key, &place, &text), seal(&key, &place, &text));
        }
    }

    #[test]
    fn a_key_is_not_shown() {
        assert_eq!(format!("{:?}", draw_key().unwrap()), "SecretBox<[u8; 32]>([REDACTED])");
    }
}
