//! Loads an invented population into a private database and measures the search while somebody
//! types: `cargo run --release -p trama-vault --example match -- <directory> <people>`. The
//! directory keeps the population for the next run. One JSON line a figure.

#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::path::PathBuf;

use sqlx::postgres::PgPoolOptions;
use trama_platform::clock::Clock;
use trama_platform::private::PrivateServers;
use trama_platform::servers::PgRole;
use trama_vault::{Settings, Vault, bench, install};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().ok_or("name a directory")?);
    let people: u64 = arguments.next().ok_or("how many people?")?.parse()?;
    let private = PrivateServers::start(&dir).await?;
    let servers = private.servers();
    let options = servers.options(PgRole::Owner).options([("statement_timeout", "0")]);
    let admin = PgPoolOptions::new().max_connections(4).connect_with(options).await?;
    install(&admin).await?;
    let vault = Vault::open(&servers, Clock::Real, Settings::in_dir(&dir.join("vault"))?);
    let there: i64 =
        sqlx::query_scalar("select count(*) from vault_keys.data_keys").fetch_one(&admin).await?;
    if there == 0 {
        bench::load(&admin, vault.keys(), people, |done| {
            if done % 50_000 == 0 {
                eprintln!("{done} of {people}");
            }
        })
        .await?;
    }
    // Once to warm the caches of the database, as it is in a running installation.
    bench::measure(&vault, people, 40, 1).await?;
    for typists in [1, 4, 8] {
        let figures = bench::measure(&vault, people, 160, typists).await?;
        println!("{}", serde_json::to_string(&figures)?);
    }
    private.stop().await;
    Ok(())
}
