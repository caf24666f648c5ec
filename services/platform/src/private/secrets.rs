//! What lies beside the servers in files that only their owner can read: the seeds with which each
//! part of Trama proves to the broker who it is, and the secret of sealed logs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use nkeys::{KeyPair, KeyPairType};

use super::account::write_secret;
use super::{PrivateError, at};
use crate::clock::random_bytes;
use crate::sealing::SECRET_LEN;

const SEEDS: &str = "nkeys";
const SEALING: &str = "sealing.secret";

/// Makes the seeds and the secret that are missing.
pub(super) fn make(dir: &Path, users: &[String]) -> Result<(), PrivateError> {
    let seeds = dir.join(SEEDS);
    super::account::private_dir(&seeds).map_err(|e| at(&seeds, e))?;
    for user in users {
        let file = seeds.join(format!("{user}.nk"));
        if !file.exists() {
            let seed = seed().map_err(|e| at(&file, e))?;
            write_secret(&file, seed.as_bytes()).map_err(|e| at(&file, e))?;
        }
    }
    let file = dir.join(SEALING);
    if !file.exists() {
        let secret = random_bytes::<SECRET_LEN>().map_err(|e| at(&file, io::Error::other(e)))?;
        write_secret(&file, &secret).map_err(|e| at(&file, e))?;
    }
    Ok(())
}

/// The seeds of these users.
pub(super) fn seeds(
    dir: &Path,
    users: &[String],
) -> Result<BTreeMap<String, String>, PrivateError> {
    let seed = |user: &String| {
        let file = dir.join(SEEDS).join(format!("{user}.nk"));
        let seed = fs::read_to_string(&file).map_err(|e| at(&file, e))?;
        Ok((user.clone(), seed.trim().to_owned()))
    };
    users.iter().map(seed).collect()
}

/// The secret of sealed logs.
pub(super) fn sealing(dir: &Path) -> Result<[u8; SECRET_LEN], PrivateError> {
    let file = dir.join(SEALING);
    let bytes = fs::read(&file).map_err(|e| at(&file, e))?;
    bytes.try_into().map_err(|_| at(&file, io::Error::other("it has another length")))
}

/// The public key that belongs to a seed.
pub(super) fn public_key(seed: &str) -> Option<String> {
    KeyPair::from_seed(seed).ok().map(|pair| pair.public_key())
}

fn seed() -> io::Result<String> {
    let bytes = random_bytes::<32>().map_err(io::Error::other)?;
    let pair = KeyPair::new_from_raw(KeyPairType::User, bytes).map_err(io::Error::other)?;
    pair.seed().map_err(io::Error::other)
}
