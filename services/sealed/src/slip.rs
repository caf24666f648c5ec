//! The slip: what a person takes to a sealed service instead of her name.
//!
//! 128 random bits, the last day on which it can be handed in, and a code that only this
//! installation can make: 40 symbols in eight groups, each with a check symbol. It is made from
//! nothing and kept nowhere: whoever prints it forgets it. It holds no service, no worker and no
//! person; the organisation it is for goes into the code and cannot be read from it.

use std::fmt;
use std::str::FromStr;

use time::{Date, Duration};
use trama_events::sealed::SealedKey;
use trama_events::short_code::{GROUP_BITS, NotAShortCode, group, read_group};
use trama_platform::sealing::Sealing;

/// Groups of a slip.
pub(crate) const GROUPS: usize = 8;
/// Days after its printing on which a slip can still be handed in.
pub(crate) const DAYS: i64 = 30;
/// Random bytes.
pub(crate) const NONCE_LEN: usize = 16;
const CODE_LEN: usize = 7;
/// Random bytes, two of the last day, the code: 200 bits, which are the groups' whole.
const LEN: usize = NONCE_LEN + 2 + CODE_LEN;
/// Symbols of a group with its check symbol.
const GROUP_LEN: usize = 6;

/// Days are counted from here.
const DAY_0: Date = time::macros::date!(2024 - 01 - 01);

/// A slip as it is written. Its text is a secret of the person who holds it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slip([u8; LEN]);

impl fmt::Debug for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slip(..)")
    }
}

/// Why a text is not a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASlip {
    /// Other symbols, or too few or many.
    #[error("a slip has eight groups of six symbols, digits and letters: look again")]
    Form,
    /// A group's check symbol does not fit: a typing mistake.
    #[error("group {0} of the slip is mistyped: look for a wrong or swapped symbol")]
    Group(usize),
}

impl Slip {
    /// A new slip for an organisation's log, to be handed in until [`DAYS`] after `today`.
    pub(crate) fn print(
        sealing: &Sealing,
        log: SealedKey,
        nonce: [u8; NONCE_LEN],
        today: Date,
    ) -> Self {
        let last = (today + Duration::days(DAYS) - DAY_0).whole_days().clamp(0, u16::MAX.into());
        let last = u16::try_from(last).unwrap_or(u16::MAX).to_be_bytes();
        let mut bytes = [0; LEN];
        bytes[..NONCE_LEN].copy_from_slice(&nonce);
        bytes[NONCE_LEN..NONCE_LEN + 2].copy_from_slice(&last);
        let code = code(sealing, log, &bytes);
        bytes[NONCE_LEN + 2..].copy_from_slice(&code);
        Self(bytes)
    }

    /// Whether this installation made it for this log.
    pub(crate) fn is_for(&self, sealing: &Sealing, log: SealedKey) -> bool {
        let given = &self.0[NONCE_LEN + 2..];
        // Every byte is looked at, wherever the first difference is.
        let differences =
            code(sealing, log, &self.0).iter().zip(given).fold(0, |d, (a, b)| d | (a ^ b));
        differences == 0
    }

    /// The last day on which it can be handed in.
    pub(crate) fn last_day(&self) -> Date {
        let days = u16::from_be_bytes([self.0[NONCE_LEN], self.0[NONCE_LEN + 1]]);
        DAY_0 + Duration::days(days.into())
    }

    /// What is kept of a slip that was handed in: a keyed digest in hexadecimal.
    pub(crate) fn spent(&self, sealing: &Sealing, log: SealedKey) -> String {
        let key = log.to_string();
        trama_platform::doors::hex(&sealing.mac("slip spent", &[key.as_bytes(), &self.0]))
    }
}

fn code(sealing: &Sealing, log: SealedKey, bytes: &[u8; LEN]) -> [u8; CODE_LEN] {
    let key = log.to_string();
    let mac = sealing.mac("slip", &[key.as_bytes(), &bytes[..NONCE_LEN + 2]]);
    let mut code = [0; CODE_LEN];
    code.copy_from_slice(&mac[..CODE_LEN]);
    code
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut held, mut bits, mut written) = (0_u64, 0, 0);
        for byte in self.0 {
            held = held << 8 | u64::from(byte);
            bits += 8;
            if bits >= GROUP_BITS {
                bits -= GROUP_BITS;
                let part = u32::try_from(held >> bits).unwrap_or(0);
                held &= (1 << bits) - 1;
                let dash = if written == 0 { "" } else { "-" };
                write!(f, "{dash}{}", group(part))?;
                written += 1;
            }
        }
        Ok(())
    }
}

impl FromStr for Slip {
    type Err = NotASlip;

    /// Reads a slip as people type it: with or without dashes and spaces, in capitals or not.
    fn from_str(text: &str) -> Result<Self, NotASlip> {
        let symbols: Vec<char> = text
            .chars()
            .filter(|c| *c != '-' && !c.is_whitespace())
            .take(GROUPS * GROUP_LEN + 1)
            .collect();
        if symbols.len() != GROUPS * GROUP_LEN {
            return Err(NotASlip::Form);
        }
        let (mut bytes, mut place, mut held, mut bits) = ([0; LEN], 0, 0_u64, 0);
        for (number, part) in symbols.chunks(GROUP_LEN).enumerate() {
            let part: String = part.iter().collect();
            let part = read_group(&part).map_err(|wrong| match wrong {
                NotAShortCode::Form => NotASlip::Form,
                NotAShortCode::Check => NotASlip::Group(number + 1),
            })?;
            held = held << GROUP_BITS | u64::from(part);
            bits += GROUP_BITS;
            while bits >= 8 {
                bits -= 8;
                bytes[place] = u8::try_from(held >> bits).unwrap_or(0);
                held &= (1 << bits) - 1;
                place += 1;
            }
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests;
