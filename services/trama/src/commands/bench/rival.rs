use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgPool;
use tokio::process::Command;
use trama_platform::private::postgres_program;
use trama_platform::servers::Servers;

/// The same row that the log writes, without anything around it.
const SCRIPT: &str = "insert into bench.raw (id, payload, metadata) values (gen_random_uuid(), \
    '{\"event\":\"meal_served\",\"meal\":\"0b1c3f0e-0000-4000-8000-000000000000\",\"service\":\"0b1c3f0e-0000-4000-8000-000000000000\",\"recipient\":{\"anonymous\":1}}', \
    '{\"actor\":\"0b1c3f0e-0000-4000-8000-000000000000\",\"role\":\"volunteer\",\"purpose\":\"care\"}');\n";

/// Tables for the comparisons: a bare one, and stock postgres-es's own, with jsonb.
const TABLES: &str = "create schema if not exists bench; \
    create table if not exists bench.raw (id uuid primary key, payload jsonb not null, metadata jsonb not null); \
    create table if not exists bench.events (aggregate_type text not null, aggregate_id text not null, \
        sequence bigint not null, event_type text not null, event_version text not null, \
        payload jsonb not null, metadata jsonb not null, inserted_at timestamptz not null default clock_timestamp(), \
        primary key (aggregate_type, aggregate_id, sequence)); \
    create table if not exists bench.snapshots (aggregate_type text not null, aggregate_id text not null, \
        last_sequence bigint not null, current_snapshot bigint not null, payload jsonb not null, \
        primary key (aggregate_type, aggregate_id, last_sequence))";

/// Makes the tables of the comparisons.
pub(super) async fn tables(owner: &PgPool) -> anyhow::Result<()> {
    sqlx::raw_sql(TABLES).execute(owner).await?;
    Ok(())
}

/// Removes them, where they stood beside what is somebody's.
pub(super) async fn clear(owner: &PgPool) -> anyhow::Result<()> {
    sqlx::raw_sql("drop schema if exists bench cascade").execute(owner).await?;
    Ok(())
}

/// pgbench with single inserts, prepared: transactions per second.
pub(super) async fn pgbench(
    servers: &Servers,
    dir: &Path,
    concurrency: usize,
    length: Duration,
) -> anyhow::Result<f64> {
    let script = dir.join("insert.sql");
    std::fs::write(&script, SCRIPT)?;
    let password = servers.passwords.get("trama_owner").cloned().unwrap_or_default();
    let threads = concurrency.min(2);
    let output = Command::new(postgres_program("pgbench")?)
        .args(["-n", "-M", "prepared", "-h", &servers.postgres_host, "-U", "trama_owner"])
        .args(["-p", &servers.postgres_port.to_string(), "-c", &concurrency.to_string()])
        .args(["-j", &threads.to_string(), "-T", &length.as_secs().max(1).to_string()])
        .arg("-f")
        .arg(&script)
        .arg(&servers.database)
        .env("PGPASSWORD", password)
        .stdin(Stdio::null())
        .output()
        .await
        .context("pgbench could not be run")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rate = text.lines().find_map(|line| {
        let rest = line.strip_prefix("tps = ")?;
        rest.split(' ').next()?.parse::<f64>().ok()
    });
    rate.with_context(|| {
        format!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr).trim())
    })
}
