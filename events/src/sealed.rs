//! The language of sealed services: an addiction service, an anti-violence centre, a juvenile court.
//! Their events are kept in a log of their own and are no variant of [`crate::Event`], so that nothing
//! that reads the shared logs can name them.
//!
//! Nothing here holds an id of the shared network: a person is a pseudonym of the service's own
//! chance, workers, desks and bodies are veiled ids that only this installation can make again.

use std::fmt;
use std::str::FromStr;

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Stored;
use crate::codes::{DeclineReason, NeedLevel, Sensitivity, Urgency, codes};

/// Symbols of a key, safe in schemas, subjects and streams.
const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const KEY_LEN: usize = 12;
const KEY_BITS: u32 = 60;

/// The name of a sealed organisation's log: twelve symbols that tell nothing. Never its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SealedKey(u64);

/// Why a text is not the key of a sealed log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key of a sealed log is twelve symbols of 0-9 and a-z without i, l, o and u")]
pub struct NotASealedKey;

impl SealedKey {
    /// The key made of the first 60 bits of a number that was drawn or derived with a secret.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits >> (u64::BITS - KEY_BITS))
    }
}

impl fmt::Display for SealedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..KEY_LEN).rev() {
            let symbol = usize::try_from(self.0 >> (5 * place) & 31).unwrap_or(0);
            write!(f, "{}", char::from(SYMBOLS[symbol]))?;
        }
        Ok(())
    }
}

impl FromStr for SealedKey {
    type Err = NotASealedKey;

    fn from_str(text: &str) -> Result<Self, NotASealedKey> {
        if text.len() != KEY_LEN {
            return Err(NotASealedKey);
        }
        let value = |byte| SYMBOLS.iter().position(|s| *s == byte).ok_or(NotASealedKey);
        text.bytes()
            .try_fold(0, |sum: u64, byte| {
                Ok(sum << 5 | u64::try_from(value(byte)?).map_err(|_| NotASealedKey)?)
            })
            .map(Self)
    }
}

impl From<SealedKey> for String {
    fn from(key: SealedKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for SealedKey {
    type Error = NotASealedKey;

    fn try_from(text: String) -> Result<Self, NotASealedKey> {
        text.parse()
    }
}

/// The subject of an event of a sealed log. There is no partition: nobody outside splits the work.
pub fn subject(key: SealedKey, event_type: &str) -> String {
    format!("trama.sealed.{key}.{event_type}")
}

/// Every subject of a sealed log, for its stream.
pub fn all_of(key: SealedKey) -> String {
    format!("trama.sealed.{key}.>")
}

/// The name of a sealed log's stream, in the broker account of its own.
pub fn stream_of(key: SealedKey) -> String {
    format!("SEALED_{}", key.to_string().to_uppercase())
}

/// A person's path at a sealed service, and her only name there.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct PathId(pub Uuid);

impl fmt::Display for PathId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

codes! {
    /// Why a path is closed.
    CloseReason {
        /// What was agreed is done.
        Completed,
        /// She does not want to go on.
        PersonLeft,
        /// Another service goes on with her.
        ContinuedElsewhere,
        /// She does not come and cannot be reached.
        NotReached,
        /// Something else.
        AnotherReason,
    }
}

/// What happens on a pseudonymous person's path.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, IntoStaticStr, VariantNames, ToSchema,
)]
#[serde(tag = "event", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SealedEvent {
    /// Somebody is known here from now on, under this pseudonym and no other.
    PathOpened {
        /// The path.
        path: PathId,
        /// The desk that she was told to come to, veiled.
        desk: Uuid,
    },
    /// She, or a worker at her side, handed in a slip.
    SlipReceived {
        /// Keyed digest of the slip, in hexadecimal: with it the slip cannot be made again.
        slip: String,
        /// How soon.
        urgency: Urgency,
        /// How strong the need is.
        need_level: NeedLevel,
        /// When an answer is due.
        #[serde(with = "time::serde::rfc3339")]
        #[schema(value_type = String, format = DateTime)]
        answer_by: OffsetDateTime,
    },
    /// Nobody answered in time. It stays in the inbox, at the top.
    AnswerOverdue {},
    /// The service takes her.
    AnsweredYes {},
    /// It does not.
    AnsweredNo {
        /// Why; nobody outside learns it.
        reason: DeclineReason,
    },
    /// She was told when to come, or another time.
    AppointmentGiven {
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        #[schema(value_type = String, format = DateTime)]
        come_at: OffsetDateTime,
    },
    /// She came.
    PersonCame {},
    /// She did not come.
    PersonDidNotCome {},
    /// She is in path.
    PathEntered {},
    /// The path is closed.
    PathClosed {
        /// Why.
        reason: CloseReason,
    },
}

impl DomainEvent for SealedEvent {
    fn event_type(&self) -> String {
        <&'static str>::from(self).to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Stored for SealedEvent {
    fn sensitivity(&self) -> Sensitivity {
        Sensitivity::Sealed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_twelve_symbols_and_reads_back() {
        for bits in [0, u64::MAX, 0x0123_4567_89ab_cdef] {
            let key = SealedKey::from_bits(bits);
            assert_eq!(key.to_string().len(), KEY_LEN);
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for wrong in ["", "0123456789a", "0123456789AB", "0123456789ai", "0123456789abc"] {
            assert_eq!(wrong.parse::<SealedKey>(), Err(NotASealedKey), "{wrong}");
        }
    }

    #[test]
    fn what_a_sealed_log_publishes_is_under_no_subject_of_the_network() {
        let key = SealedKey::from_bits(u64::MAX);
        assert_eq!(subject(key, "path_opened"), "trama.sealed.zzzzzzzzzzzz.path_opened");
        assert!(!all_of(key).starts_with("trama.ev."));
        assert_eq!(stream_of(key), "SEALED_ZZZZZZZZZZZZ");
    }
}
