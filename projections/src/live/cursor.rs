//! Where a stream has come to, as its reader keeps it: sealed, so that it tells nobody how much
//! changed for others (trust.md D5).

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use trama_events::ids::StaffId;
use trama_platform::clock::{NoRandomness, random_bytes};

use super::topics::MODELS;

/// Length of a nonce, in bytes: long enough to be drawn by chance for every event.
const NONCE_LEN: usize = 24;
/// What a seal adds to a text beside the nonce, in bytes.
const TAG_LEN: usize = 16;
/// Longest cursor that is read, in symbols.
const TEXT_LEN_MAX: usize = 1_024;

/// Count of each model up to which a stream has been told everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cursor(BTreeMap<String, i64>);

impl Cursor {
    /// The count of a model; 0, which is before everything, for one that was not followed.
    pub(super) fn of(&self, model: &str) -> i64 {
        self.0.get(model).copied().unwrap_or(0)
    }

    /// Everything of a model was told up to here.
    pub(super) fn set(&mut self, model: &str, count: i64) {
        self.0.insert(model.to_owned(), count);
    }

    /// What both have been told: a browser's pages were made at different moments.
    fn and(self, other: &Self) -> Self {
        let both = self.0.into_iter().filter_map(|(model, count)| {
            let earlier = count.min(*other.0.get(&model)?);
            Some((model, earlier))
        });
        Self(both.collect())
    }
}

/// What somebody gave as her cursor is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoCursor;

/// What closes and opens cursors: drawn when the process starts, and known to nobody else.
#[derive(Clone)]
pub(super) struct Seal(Arc<XChaCha20Poly1305>);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    pub(super) fn draw() -> Result<Self, NoRandomness> {
        Ok(Self(Arc::new(XChaCha20Poly1305::new(&random_bytes::<32>()?.into()))))
    }

    /// A cursor for one reader. Nothing where the machine gives no random bytes: she is told
    /// everything again when she resumes.
    pub(super) fn close(&self, cursor: &Cursor, staff: StaffId) -> Option<String> {
        let nonce = random_bytes::<NONCE_LEN>().ok()?;
        let msg = serde_json::to_vec(&cursor.0).ok()?;
        let payload = Payload { msg: &msg, aad: staff.0.as_bytes() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// What all of these cursors, separated by commas, have been told. Nothing when one of them is
    /// of another process, of another reader, or from before a restart.
    pub(super) fn open(&self, text: &str, staff: StaffId) -> Result<Option<Cursor>, NoCursor> {
        let mut all: Option<Cursor> = None;
        if text.len() > TEXT_LEN_MAX {
            return Err(NoCursor);
        }
        for one in text.split(',') {
            let Some(cursor) = self.open_one(one, staff)? else { return Ok(None) };
            all = Some(match all {
                Some(others) => cursor.and(&others),
                None => cursor,
            });
        }
        Ok(all)
    }

    fn open_one(&self, text: &str, staff: StaffId) -> Result<Option<Cursor>, NoCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NoCursor)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(NoCursor)?;
        if sealed.len() <= TAG_LEN {
            return Err(NoCursor);
        }
        let payload = Payload { msg: sealed, aad: staff.0.as_bytes() };
        let Ok(counts) = self.0.decrypt(&XNonce::from(*nonce), payload) else { return Ok(None) };
        let counts: BTreeMap<String, i64> =
            serde_json::from_slice(&counts).map_err(|_| NoCursor)?;
        let known = counts.keys().all(|model| MODELS.contains(&model.as_str()));
        if known { Ok(Some(Cursor(counts))) } else { Err(NoCursor) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(counts: &[(&str, i64)]) -> Cursor {
        Cursor(counts.iter().map(|(model, count)| ((*model).to_owned(), *count)).collect())
    }

    fn staff(name: &str) -> StaffId {
        StaffId::derived(&[name])
    }

    #[test]
    fn a_cursor_tells_its_reader_nothing_and_opens_for_her_alone() {
        let (seal, anna) = (Seal::draw().unwrap(), staff("anna"));
        let cursor = at(&[("inbox", 41), ("journey", 7)]);
        let text = seal.close(&cursor, anna).unwrap();
        let plain = URL_SAFE_NO_PAD.decode(&text).unwrap();
        assert!(!String::from_utf8_lossy(&plain).contains("inbox"));
        assert_ne!(Some(&text), seal.close(&cursor, anna).as_ref(), "the same place, other words");
        assert_eq!(seal.open(&text, anna), Ok(Some(cursor)));
        assert_eq!(seal.open(&text, staff("sara")), Ok(None), "another reader's");
        assert_eq!(Seal::draw().unwrap().open(&text, anna), Ok(None), "another process's");
    }

    #[test]
    fn of_several_cursors_what_all_have_been_told_counts() {
        let (seal, anna) = (Seal::draw().unwrap(), staff("anna"));
        let close = |counts: &[(&str, i64)]| seal.close(&at(counts), anna).unwrap();
        let texts = [close(&[("inbox", 9), ("journey", 4)]), close(&[("inbox", 12)])];
        let both = seal.open(&texts.join(","), anna).unwrap().unwrap();
        assert_eq!((both.of("inbox"), both.of("journey"), both.of("network")), (9, 0, 0));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        let (seal, anna) = (Seal::draw().unwrap(), staff("anna"));
        for odd in ["", "nonsense", "a+b", &"A".repeat(53), &"A".repeat(TEXT_LEN_MAX + 1)] {
            assert_eq!(seal.open(odd, anna), Err(NoCursor), "{odd}");
        }
    }
}
