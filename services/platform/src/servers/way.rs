//! The ways to the servers: sealed, or not beyond this machine (ASVS 5.0 V12.3). What goes there are
//! passwords, events, and the vault's rows and keys as they are wrapped.

use std::net::IpAddr;
use std::path::PathBuf;

use async_nats::ServerAddr;

use super::Servers;

/// How the ways to the servers are sealed. That to NATS is by its URL, `tls://`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seals {
    /// Whether `PostgreSQL` must show a certificate for its host; it is not connected to else.
    pub postgres: bool,
    /// Authority of that certificate, in PEM; the public ones without.
    pub postgres_authority: Option<PathBuf>,
    /// Authority of the certificate of NATS, in PEM, beside those of this machine.
    pub nats_authority: Option<PathBuf>,
}

/// A way to another machine that anybody between could read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InClear {
    /// To `PostgreSQL`.
    #[error(
        "PostgreSQL at {host} is on another machine and the way there is not sealed, so that \
         passwords and everything that is written would go in clear: set tls = true beside host, with \
         authority_file when its certificate is of an authority of your own, or name an address on \
         loopback"
    )]
    Postgres {
        /// Its host.
        host: String,
    },
    /// To NATS.
    #[error(
        "NATS at {host} is on another machine and the way there is not sealed, so that its users and \
         every event would go in clear: write nats.url as tls://..., with nats.authority_file when its \
         certificate is of an authority of your own, or name an address on loopback"
    )]
    Nats {
        /// Its host.
        host: String,
    },
    /// The address of NATS is none. It is not repeated: it may hold a password.
    #[error("nats.url is not an address: write it as nats://127.0.0.1:4222 or tls://<host>:4222")]
    NoAddress,
}

impl Servers {
    /// Refuses a way to another machine that is not sealed.
    ///
    /// # Errors
    ///
    /// [`InClear`], with what to do.
    pub fn must_be_sealed(&self) -> Result<(), InClear> {
        self.postgres_must_be_sealed()?;
        for url in self.nats_url.split(',') {
            let address: ServerAddr = url.trim().parse().map_err(|_| InClear::NoAddress)?;
            let host = address.host();
            if !address.tls_required() && !is_here(host) {
                return Err(InClear::Nats { host: host.to_owned() });
            }
        }
        Ok(())
    }

    /// The same of the way to `PostgreSQL` alone.
    ///
    /// # Errors
    ///
    /// [`InClear::Postgres`].
    pub fn postgres_must_be_sealed(&self) -> Result<(), InClear> {
        if self.seals.postgres || is_here(&self.postgres_host) {
            return Ok(());
        }
        Err(InClear::Postgres { host: self.postgres_host.clone() })
    }
}

/// Whether a host is this machine for certain: its loopback, or a directory with a socket. Of any other
/// name somebody else may say tomorrow where it leads.
fn is_here(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host == "localhost"
        || host.starts_with('/')
        || address.is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::sealing::Sealing;
    use crate::servers::PgRole;

    fn servers(postgres: &str, nats: &str) -> Servers {
        Servers {
            postgres_host: postgres.into(),
            postgres_port: 5432,
            database: "trama".into(),
            passwords: BTreeMap::new(),
            nats_url: nats.into(),
            nkeys: BTreeMap::new(),
            sealing: Sealing::default(),
            seals: Seals::default(),
        }
    }

    const NEAR: &str = "nats://127.0.0.1:4222";

    #[test]
    fn a_way_to_another_machine_that_is_not_sealed_is_refused_with_what_to_do() {
        for host in ["10.0.0.5", "db.example.org", "0.0.0.0", "localhost.example.org"] {
            let told = servers(host, NEAR).must_be_sealed().unwrap_err();
            assert_eq!(told, InClear::Postgres { host: host.into() });
            assert!(told.to_string().contains("tls = true"), "{told}");
            let sealed = Seals { postgres: true, ..Seals::default() };
            let sealed = Servers { seals: sealed, ..servers(host, NEAR) };
            assert_eq!(sealed.must_be_sealed(), Ok(()));
        }
        for (url, host) in [
            ("nats://relay:secret@10.0.0.6:4222", "10.0.0.6"),
            ("10.0.0.6:4222", "10.0.0.6"),
            ("nats://127.0.0.1:4222,nats://bus.example.org:4222", "bus.example.org"),
        ] {
            let told = servers("127.0.0.1", url).must_be_sealed().unwrap_err();
            assert_eq!(told, InClear::Nats { host: host.into() });
            assert!(told.to_string().contains("tls://") && !told.to_string().contains("secret"));
        }
        let sealed = servers("127.0.0.1", "tls://bus.example.org:4222,tls://10.0.0.6:4222");
        assert_eq!(sealed.must_be_sealed(), Ok(()));
        assert_eq!(servers("::1", "nats://a b").must_be_sealed(), Err(InClear::NoAddress));
    }

    #[test]
    fn what_is_on_this_machine_needs_no_seal() {
        for host in ["127.0.0.1", "127.3.2.1", "::1", "localhost", "/run/postgresql"] {
            assert_eq!(servers(host, NEAR).must_be_sealed(), Ok(()), "{host}");
        }
        for url in ["nats://localhost:4222", "nats://[::1]:4222"] {
            assert_eq!(servers("::1", url).must_be_sealed(), Ok(()), "{url}");
        }
    }

    #[test]
    fn a_sealed_way_is_one_whose_certificate_is_checked_for_the_host() {
        let sealed = Seals { postgres: true, ..Seals::default() };
        let sealed = Servers { seals: sealed, ..servers("db.example.org", NEAR) };
        for role in [PgRole::Owner, PgRole::VaultKeys, PgRole::Gate] {
            let mode = format!("{:?}", sealed.options(role).get_ssl_mode());
            assert_eq!(mode, "VerifyFull");
        }
    }
}
