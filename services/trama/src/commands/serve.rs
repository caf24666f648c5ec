//! `trama serve` and `trama migrate`: roles against servers that somebody named.

use sqlx::Connection;
use strum::VariantArray;
use tokio::signal::unix::{SignalKind, signal};
use trama_events::Context;
use trama_platform::clock::Clock;
use trama_platform::log;
use trama_platform::servers::{PgRole, Servers};

use crate::cli::Ending;
use crate::config::Config;
use crate::system::{Role, System};
use crate::up;

/// The system of a configuration, narrowed to contexts and read models.
///
/// # Errors
///
/// When the configuration names something that does not exist.
pub fn system(
    config: &Config,
    contexts: &[String],
    projections: &[String],
) -> anyhow::Result<System> {
    let servers = config.servers()?;
    let sealed = contexts.is_empty();
    let contexts = match contexts {
        [] => Context::VARIANTS.to_vec(),
        named => named
            .iter()
            .map(|name| name.parse().map_err(|_| anyhow::anyhow!("there is no context {name}")))
            .collect::<Result<_, _>>()?,
    };
    let vault = config.vault()?;
    if config.vault.retention_file.is_some() {
        config.vault.retention()?;
    }
    let known =
        crate::system::model_names(&crate::system::services(&servers, &Clock::Real, &vault));
    for name in projections {
        anyhow::ensure!(
            known.contains(&name.as_str()),
            "there is no model {name}: one of {}",
            known.join(", ")
        );
    }
    Ok(System {
        servers,
        clock: Clock::Real,
        keys: config.keys()?,
        founder: config.issuer.founder()?,
        sign_in: config.sign_in()?,
        accessibility: config.accessibility()?,
        vault,
        listen: config.listen,
        private: None,
        contexts,
        sealed,
        projections: projections.to_vec(),
    })
}

/// The roles that were named; `all` for all of them.
///
/// # Errors
///
/// When there is no such role.
pub fn roles(named: &[String]) -> anyhow::Result<Vec<Role>> {
    if named.iter().any(|name| name == "all") {
        return Ok(Role::VARIANTS.to_vec());
    }
    let role = |name: &String| {
        name.parse().map_err(|_| {
            anyhow::anyhow!("there is no role {name}: web, relay, follow, notify or all")
        })
    };
    named.iter().map(role).collect()
}

/// Runs roles until asked to stop. A database that cannot be reached at start is waited for by the
/// roles; one that would lose acknowledged commands is refused.
///
/// # Errors
///
/// When the database is unsafe, or a role cannot start.
pub async fn serve(system: System, roles: &[Role]) -> anyhow::Result<Ending> {
    let options = system.servers.options(PgRole::Reader);
    let connecting = sqlx::PgConnection::connect_with(&options);
    let mut connection = tokio::time::timeout(std::time::Duration::from_secs(5), connecting)
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)
        .and_then(|connected| connected)
        .map_err(|error| {
            anyhow::Error::new(error)
                .context("PostgreSQL cannot be reached: is it running, and was trama migrate run?")
        })?;
    log::refuse_unsafe(&mut connection).await?;
    connection.close().await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        ended = system.run(roles) => ended.map(|()| Ending::Failed),
        _ = terminate.recv() => Ok(Ending::Ok),
        _ = interrupt.recv() => Ok(Ending::Ok),
    }
}

/// Makes roles, schemas and functions, as the owner of the database; the keys of the vault where they
/// lie apart.
///
/// # Errors
///
/// When PostgreSQL is unsafe, cannot be reached, or refuses.
pub async fn migrate(servers: &Servers, keys_at: Option<&Servers>) -> anyhow::Result<()> {
    let owner = servers.pool(PgRole::Owner, 2);
    let mut connection = owner.acquire().await?;
    log::refuse_unsafe(&mut connection).await?;
    drop(connection);
    log::install(&owner, servers).await?;
    owner.close().await;
    up::install_vault(servers, keys_at).await
}
