//! Which organisations keep a log of their own, and the installation's secret from which the names
//! of these logs, veiled ids and slips are made. Knows no event and no person.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretBox};
use trama_events::ids::OrganisationId;
use trama_events::sealed::SealedKey;

/// Bytes of the installation's secret.
pub const SECRET_LEN: usize = 32;

/// Sealed organisations with the keys of their logs, and the secret behind everything that may not
/// be guessed. Losing the secret loses the way to the logs: it is kept and backed up apart from the
/// database (ADR 19).
#[derive(Clone)]
pub struct Sealing {
    secret: Arc<SecretBox<[u8; SECRET_LEN]>>,
    keys: BTreeMap<OrganisationId, SealedKey>,
}

impl fmt::Debug for Sealing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealing").field("organisations", &self.keys.len()).finish_non_exhaustive()
    }
}

impl Default for Sealing {
    /// No organisation is sealed here.
    fn default() -> Self {
        Self::new([0; SECRET_LEN], &[])
    }
}

impl Sealing {
    /// These organisations, under the installation's secret.
    pub fn new(secret: [u8; SECRET_LEN], organisations: &[OrganisationId]) -> Self {
        let secret = Arc::new(SecretBox::new(Box::new(secret)));
        let mut sealing = Self { secret, keys: BTreeMap::new() };
        for organisation in organisations {
            let mac = sealing.mac("log", &[organisation.0.as_bytes()]);
            let bits = mac.iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            sealing.keys.insert(*organisation, SealedKey::from_bits(bits));
        }
        sealing
    }

    /// The key of an organisation's log; `None` where it has none here, whether it exists or not.
    pub fn key_of(&self, organisation: OrganisationId) -> Option<SealedKey> {
        self.keys.get(&organisation).copied()
    }

    /// Every sealed log of this installation.
    pub fn keys(&self) -> impl Iterator<Item = SealedKey> + '_ {
        self.keys.values().copied()
    }

    /// The sealed organisations.
    pub fn organisations(&self) -> impl Iterator<Item = OrganisationId> + '_ {
        self.keys.keys().copied()
    }

    /// A message authentication code (HMAC-SHA256) under the installation's secret. `purpose` keeps
    /// different uses apart; each part is preceded by its length.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.expose_secret());
        let mut context = hmac::Context::with_key(&key);
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut code = [0; 32];
        code.copy_from_slice(context.sign().as_ref());
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERD: OrganisationId = OrganisationId(uuid::Uuid::from_u128(7));

    #[test]
    fn the_key_of_a_log_follows_from_secret_and_organisation_and_tells_neither() {
        let here = Sealing::new([1; SECRET_LEN], &[SERD]);
        assert_eq!(here.key_of(SERD), Sealing::new([1; SECRET_LEN], &[SERD]).key_of(SERD));
        assert_ne!(here.key_of(SERD), Sealing::new([2; SECRET_LEN], &[SERD]).key_of(SERD));
        assert_eq!(here.key_of(OrganisationId(uuid::Uuid::from_u128(8))), None);
        let said = format!("{here:?}");
        assert_eq!(said, "Sealing { organisations: 1, .. }");
    }

    #[test]
    fn parts_that_are_cut_elsewhere_give_another_code() {
        let here = Sealing::default();
        assert_ne!(here.mac("a", &[b"bc", b"d"]), here.mac("a", &[b"b", b"cd"]));
        assert_ne!(here.mac("ab", &[b"c"]), here.mac("a", &[b"bc"]));
    }
}
