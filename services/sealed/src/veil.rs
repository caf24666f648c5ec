//! The veil between what a request says of the shared network and what a sealed log keeps of it.
//!
//! Workers, desks and bodies become ids of this log alone; keys, digests and request ids become keyed
//! digests, so that not even a device that uses one key twice joins the two sides.

use trama_events::ids::{Ats, OrganisationId, StaffId};
use trama_events::sealed::SealedKey;
use trama_platform::doors::hex;
use trama_platform::log::Asked;
use trama_platform::sealing::Sealing;
use uuid::Uuid;

/// The veil of one sealed log.
#[derive(Debug, Clone)]
pub(crate) struct Veil {
    sealing: Sealing,
    log: SealedKey,
}

impl Veil {
    pub(crate) fn new(sealing: &Sealing, log: SealedKey) -> Self {
        Self { sealing: sealing.clone(), log }
    }

    /// An id that stands for `id` in this log and nowhere else.
    pub(crate) fn id(&self, kind: &str, id: Uuid) -> Uuid {
        let mac = self.sealing.mac(kind, &[self.log.to_string().as_bytes(), id.as_bytes()]);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&mac[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    fn text(&self, kind: &str, text: &str) -> String {
        let log = self.log.to_string();
        hex(&self.sealing.mac(kind, &[log.as_bytes(), text.as_bytes()])[..16])
    }

    /// What a worker of the service itself asks.
    pub(crate) fn of_worker(&self, asked: &Asked) -> Asked {
        let key = self.text("key", &format!("{} {}", asked.actor, asked.key));
        Asked {
            actor: StaffId(self.id("staff", asked.actor.0)),
            organisation: self.organisation(),
            ats: nowhere(asked),
            digest: self.text("digest", &asked.digest),
            correlation: key.clone(),
            causation: key.clone(),
            key,
            ..asked.clone()
        }
    }

    /// What the holder of a slip asks, through whoever types it: the one who types leaves no trace.
    /// `spent` is the slip's digest, `body` everything that was asked with it.
    pub(crate) fn of_holder(&self, asked: &Asked, spent: &str, body: &str) -> Asked {
        Asked {
            actor: StaffId(self.id("holder", Uuid::nil())),
            organisation: self.organisation(),
            ats: nowhere(asked),
            role: "holder".into(),
            occurred_at: asked.occurred_at,
            route: asked.route.clone(),
            purpose: asked.purpose.clone(),
            legal_basis: asked.legal_basis.clone(),
            key: spent.into(),
            digest: self.text("digest", body),
            correlation: spent.into(),
            causation: spent.into(),
            if_match: None,
        }
    }

    fn organisation(&self) -> OrganisationId {
        OrganisationId(self.id("organisation", Uuid::nil()))
    }
}

/// A sealed log is of no place.
fn nowhere(asked: &Asked) -> Ats {
    Ats::try_new("sealed").unwrap_or_else(|_| asked.ats.clone())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn asked(key: &str) -> Asked {
        let (ats, bari) = (Ats::try_new("bari").unwrap(), OrganisationId(Uuid::from_u128(1)));
        let mut asked =
            Asked::by_system("POST /x", key.into(), ats, bari, datetime!(2025-01-01 10:00 UTC));
        asked.correlation = "request-of-a-device".into();
        asked
    }

    fn veil() -> Veil {
        let sealing = Sealing::new([3; 32], &[OrganisationId(Uuid::from_u128(1))]);
        let log = sealing.keys().next().unwrap();
        Veil::new(&sealing, log)
    }

    /// Everything that says who, by which device and with which key.
    fn identifying(asked: &Asked) -> [String; 7] {
        [
            asked.actor.to_string(),
            asked.organisation.to_string(),
            asked.ats.to_string(),
            asked.key.clone(),
            asked.digest.clone(),
            asked.correlation.clone(),
            asked.causation.clone(),
        ]
    }

    #[test]
    fn nothing_that_a_worker_sends_along_is_kept_as_it_came_threat_3() {
        let before = asked("one-key-for-two-requests");
        let after = identifying(&veil().of_worker(&before));
        for (before, after) in identifying(&before).into_iter().zip(after) {
            assert_ne!(before, after);
        }
    }

    #[test]
    fn a_worker_is_the_same_one_in_every_request_and_another_one_in_another_log() {
        let (one, other) = (veil().of_worker(&asked("a")), veil().of_worker(&asked("b")));
        assert_eq!(one.actor, other.actor);
        assert_ne!(one.key, other.key);
        let sealing = Sealing::new([3; 32], &[OrganisationId(Uuid::from_u128(2))]);
        let elsewhere = Veil::new(&sealing, sealing.keys().next().unwrap());
        assert_ne!(elsewhere.of_worker(&asked("a")).actor, one.actor);
    }

    #[test]
    fn who_types_a_slip_for_its_holder_leaves_no_trace_threat_3() {
        let mut another = asked("b");
        another.actor = StaffId(Uuid::from_u128(9));
        another.role = "outreach_worker".into();
        let (one, other) = (
            veil().of_holder(&asked("a"), "digest", "body"),
            veil().of_holder(&another, "digest", "body"),
        );
        assert_eq!(one, other);
    }
}
