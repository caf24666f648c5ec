//! Where a reader of the feed goes on (trust.md, threat 4; ADR 11).
//!
//! A position counts what happened to anybody, so that no reader gets one. She gets it encrypted,
//! authenticated and bound to her body, with every page, always of the same length and never the
//! same twice: neither the cursor nor that it changed tells whether anything was passed over.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use trama_events::Context;
use trama_events::ids::OrganisationId;
use trama_platform::clock::{NoRandomness, random_bytes};
use trama_platform::sealing::Sealing;

/// What the key is made for, and for nothing else.
const PURPOSE: &str = "trama feed cursor 1";
/// Longest name of a context, in bytes; shorter ones are filled up, so that none shows by its length.
const NAME_LEN: usize = 16;
/// Bytes of a place: the context's name and the position.
const PLACE_LEN: usize = NAME_LEN + 8;

/// How far somebody has read, in the order of the feed; `None` before the first event.
pub(super) type Place = Option<(Context, i64)>;

/// Seals places for those who read, and opens them again.
#[derive(Clone)]
pub(super) struct Cursors {
    key: Arc<LessSafeKey>,
}

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursors").finish_non_exhaustive()
    }
}

/// No cursor can be made or read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoCursor {
    /// It is not one of ours, not of this body, or it was changed.
    #[error("a cursor does not open")]
    NotOurs,
    /// It cannot be sealed.
    #[error("a cursor cannot be sealed")]
    CannotSeal,
    /// No nonce could be drawn.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Cursors {
    /// Cursors under the installation's secret. Where none is set, they are good for as long as this
    /// process runs, and in no other.
    pub(super) fn open(sealing: &Sealing) -> Result<Self, NoCursor> {
        let mut secret = sealing.mac(PURPOSE, &[]);
        if secret == Sealing::default().mac(PURPOSE, &[]) {
            tracing::warn!(
                "sealed.secret_file is not set: who reads the feed begins anew when this process ends"
            );
            secret = random_bytes()?;
        }
        let key = UnboundKey::new(&AES_256_GCM_SIV, &secret).map_err(|_| NoCursor::CannotSeal)?;
        Ok(Self { key: Arc::new(LessSafeKey::new(key)) })
    }

    /// A cursor for a body, fresh each time.
    pub(super) fn seal(&self, body: OrganisationId, place: Place) -> Result<String, NoCursor> {
        let nonce: [u8; NONCE_LEN] = random_bytes()?;
        let mut sealed = bytes(place).to_vec();
        let of = Aad::from(body.0.into_bytes());
        let done =
            self.key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), of, &mut sealed);
        done.map_err(|_| NoCursor::CannotSeal)?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// The place that a body's cursor stands for.
    pub(super) fn read(&self, body: OrganisationId, cursor: &str) -> Result<Place, NoCursor> {
        let told = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| NoCursor::NotOurs)?;
        let (nonce, sealed) = told.split_first_chunk::<NONCE_LEN>().ok_or(NoCursor::NotOurs)?;
        let (mut sealed, of) = (sealed.to_vec(), Aad::from(body.0.into_bytes()));
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, of, &mut sealed);
        place(opened.map_err(|_| NoCursor::NotOurs)?).ok_or(NoCursor::NotOurs)
    }
}

fn bytes(place: Place) -> [u8; PLACE_LEN] {
    let (name, position) = place.map_or(("", 0), |(context, at)| (context.name(), at));
    let mut bytes = [0; PLACE_LEN];
    for (to, from) in bytes.iter_mut().take(NAME_LEN).zip(name.bytes()) {
        *to = from;
    }
    bytes[NAME_LEN..].copy_from_slice(&position.to_be_bytes());
    bytes
}

/// `None` when no release of ours wrote it.
fn place(bytes: &[u8]) -> Option<Place> {
    let (name, position) = bytes.split_first_chunk::<NAME_LEN>()?;
    let name = std::str::from_utf8(name).ok()?.trim_end_matches('\0');
    let position = i64::from_be_bytes(position.try_into().ok()?);
    if name.is_empty() {
        return Some(None);
    }
    Some(Some((name.parse().ok()?, position)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::VariantArray;
    use trama_platform::sealing::SECRET_LEN;
    use uuid::Uuid;

    use super::*;

    const OWN: OrganisationId = OrganisationId(Uuid::from_u128(1));
    const ANOTHER: OrganisationId = OrganisationId(Uuid::from_u128(2));

    fn cursors(secret: u8) -> Cursors {
        Cursors::open(&Sealing::new([secret; SECRET_LEN], &[])).unwrap()
    }

    #[test]
    fn a_cursor_gives_the_place_back_to_its_body_and_to_no_other() {
        let here = cursors(1);
        for context in Context::VARIANTS {
            assert!(context.name().len() <= NAME_LEN, "{context}");
            let place = Some((*context, i64::MAX));
            let cursor = here.seal(OWN, place).unwrap();
            assert_eq!(here.read(OWN, &cursor), Ok(place));
            assert_eq!(cursors(1).read(OWN, &cursor), Ok(place), "in another process too");
            assert_eq!(here.read(ANOTHER, &cursor), Err(NoCursor::NotOurs));
            assert_eq!(cursors(2).read(OWN, &cursor), Err(NoCursor::NotOurs));
        }
        let beginning = here.seal(OWN, None).unwrap();
        assert_eq!(here.read(OWN, &beginning), Ok(None));
    }

    #[test]
    fn no_cursor_tells_by_length_or_change_how_far_it_is_threat_4() {
        let here = cursors(1);
        let places = [None, Some((Context::Food, 1)), Some((Context::Referrals, 1 << 40))];
        let seal = |place| here.seal(OWN, place).unwrap();
        let all: Vec<String> = places.into_iter().chain(places).map(seal).collect();
        assert!(all.iter().all(|cursor| cursor.len() == all[0].len()), "{all:?}");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "never the same twice");
    }

    #[test]
    fn what_was_changed_or_made_up_is_no_cursor() {
        let here = cursors(1);
        let cursor = here.seal(OWN, Some((Context::Food, 7))).unwrap();
        let whole = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        for byte in 0..whole.len() {
            let mut changed = whole.clone();
            changed[byte] ^= 1;
            let changed = URL_SAFE_NO_PAD.encode(changed);
            assert_eq!(here.read(OWN, &changed), Err(NoCursor::NotOurs), "byte {byte}");
        }
        for made_up in ["", "food/7", "referrals/referral-1/2", &cursor[1..], "AAAA"] {
            assert_eq!(here.read(OWN, made_up), Err(NoCursor::NotOurs), "{made_up}");
        }
    }

    #[test]
    fn without_a_secret_each_process_has_its_own_cursors() {
        let cursor = Cursors::open(&Sealing::default()).unwrap().seal(OWN, None).unwrap();
        let another = Cursors::open(&Sealing::default()).unwrap();
        assert_eq!(another.read(OWN, &cursor), Err(NoCursor::NotOurs));
    }
}
