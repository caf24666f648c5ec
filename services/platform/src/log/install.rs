use sqlx::{PgConnection, PgPool};
use strum::VariantArray;
use trama_events::Context;

use crate::servers::{PgRole, Servers};

/// Why Trama does not start on a `PostgreSQL`: an answered command might be lost there.
#[derive(Debug, thiserror::Error)]
pub enum Unsafe {
    /// A setting that loses acknowledged commits is off.
    #[error(
        "PostgreSQL runs with {0} = {1}: an acknowledged command could be lost. Set it to on and restart PostgreSQL"
    )]
    Setting(&'static str, String),
    /// It could not be asked.
    #[error("PostgreSQL could not be asked for its settings")]
    Sql(#[from] sqlx::Error),
}

/// Refuses a server that may lose what it has acknowledged.
///
/// # Errors
///
/// [`Unsafe`], naming the setting.
pub async fn refuse_unsafe(connection: &mut PgConnection) -> Result<(), Unsafe> {
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let value: String = sqlx::query_scalar("select current_setting($1)")
            .bind(setting)
            .fetch_one(&mut *connection)
            .await?;
        if value == "off" {
            return Err(Unsafe::Setting(setting, value));
        }
    }
    Ok(())
}

/// Makes the roles, the logs and what they need. Running it again changes nothing.
///
/// `admin` is a connection pool of a role that may create roles, in Trama's database.
///
/// # Errors
///
/// When `PostgreSQL` refuses, e.g. because the role may not create roles.
pub async fn install(admin: &PgPool, servers: &Servers) -> sqlx::Result<()> {
    let mut transaction = admin.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext('trama install'))")
        .execute(&mut *transaction)
        .await?;
    let extension = "create extension if not exists btree_gist";
    sqlx::query(extension).execute(&mut *transaction).await?;
    for role in roles() {
        create_role(&mut transaction, servers, role).await?;
    }
    for context in Context::VARIANTS {
        let schema = include_str!("schema.sql").replace("{context}", context.name());
        sqlx::raw_sql(&schema).execute(&mut *transaction).await?;
    }
    let models = "do $$ begin \
        execute format('grant create on database %I to projections', current_database()); end $$";
    sqlx::raw_sql(models).execute(&mut *transaction).await?;
    transaction.commit().await
}

fn roles() -> Vec<PgRole> {
    let mut roles = vec![PgRole::Projections, PgRole::Reader];
    for context in Context::VARIANTS {
        roles.extend([PgRole::Writer(*context), PgRole::Feed(*context)]);
    }
    roles
}

async fn create_role(
    connection: &mut PgConnection,
    servers: &Servers,
    role: PgRole,
) -> sqlx::Result<()> {
    let name = role.name();
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
            .bind(&name)
            .fetch_one(&mut *connection)
            .await?;
    if !exists {
        sqlx::query(&format!("create role {name} login")).execute(&mut *connection).await?;
    }
    if let Some(password) = servers.passwords.get(&name) {
        let quoted = password.replace('\'', "''");
        let statement = format!("alter role {name} password '{quoted}'");
        sqlx::query(&statement).execute(connection).await?;
    }
    Ok(())
}
