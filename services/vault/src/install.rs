use sqlx::{Connection, PgConnection, PgPool};
use trama_platform::log;
use trama_platform::servers::{PgRole, Servers};

use crate::error::VaultError;

/// Makes the vault's schemas and functions, facts and keys in one database. Running it again changes
/// nothing. The roles are there already (`trama_platform::log::install`).
///
/// `admin` is a pool of the role that owns them.
///
/// # Errors
///
/// When `PostgreSQL` refuses.
pub async fn install(admin: &PgPool) -> sqlx::Result<()> {
    let mut connection = admin.acquire().await?;
    run(&mut connection, include_str!("schema.sql")).await?;
    run(&mut connection, include_str!("keys.sql")).await
}

/// The same with the keys in a database of their own, on the same server or another one: neither a
/// dump nor a disk of the one opens anything. The role of the keys is made there.
///
/// # Errors
///
/// [`VaultError::KeysLeftBehind`] while keys lie beside the facts: new ones would be made for people
/// who have some. Else when a server refuses.
pub async fn install_apart(admin: &PgPool, keys: &Servers) -> Result<(), VaultError> {
    let mut facts = admin.acquire().await?;
    must_hold_no_keys(&mut facts).await?;
    run(&mut facts, include_str!("schema.sql")).await?;
    let mut apart = PgConnection::connect_with(&keys.options(PgRole::Owner)).await?;
    log::refuse_unsafe(&mut apart).await?;
    make_role(&mut apart, keys).await?;
    run(&mut apart, include_str!("keys.sql")).await?;
    Ok(apart.close().await?)
}

async fn must_hold_no_keys(facts: &mut PgConnection) -> Result<(), VaultError> {
    let schema = "select to_regclass('vault_keys.data_keys') is not null";
    let there: bool = sqlx::query_scalar(schema).fetch_one(&mut *facts).await?;
    if !there {
        return Ok(());
    }
    let keys = "select exists (select from vault_keys.data_keys)";
    let keys: bool = sqlx::query_scalar(keys).fetch_one(facts).await?;
    if keys { Err(VaultError::KeysLeftBehind) } else { Ok(()) }
}

async fn make_role(apart: &mut PgConnection, keys: &Servers) -> sqlx::Result<()> {
    let name = PgRole::VaultKeys.name();
    let there = "select exists (select from pg_roles where rolname = $1)";
    let there: bool = sqlx::query_scalar(there).bind(&name).fetch_one(&mut *apart).await?;
    if !there {
        sqlx::raw_sql(&format!("create role {name} login")).execute(&mut *apart).await?;
    }
    if let Some(password) = keys.passwords.get(&name) {
        let quoted = password.replace('\'', "''");
        let set = format!("alter role {name} password '{quoted}'");
        sqlx::raw_sql(&set).execute(apart).await?;
    }
    Ok(())
}

async fn run(connection: &mut PgConnection, statements: &str) -> sqlx::Result<()> {
    let mut transaction = connection.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext('trama install'))")
        .execute(&mut *transaction)
        .await?;
    sqlx::raw_sql(statements).execute(&mut *transaction).await?;
    transaction.commit().await
}
