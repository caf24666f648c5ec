use sqlx::{PgConnection, PgPool};
use strum::VariantArray;
use trama_events::Context;

use super::name::LogName;
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
    for role in roles(servers) {
        create_role(&mut transaction, servers, role).await?;
    }
    for context in Context::VARIANTS {
        sqlx::raw_sql(&schema_of(*context)).execute(&mut *transaction).await?;
    }
    for key in servers.sealing.keys() {
        let beside = include_str!("sealed.sql").replace("{context}", &key.schema());
        sqlx::raw_sql(&(schema_of(key) + &beside)).execute(&mut *transaction).await?;
    }
    sqlx::raw_sql(crate::access::SCHEMA).execute(&mut *transaction).await?;
    sqlx::raw_sql(crate::sign_in::SCHEMA).execute(&mut *transaction).await?;
    let models = "do $$ begin \
        execute format('grant create on database %I to projections', current_database()); end $$";
    sqlx::raw_sql(models).execute(&mut *transaction).await?;
    transaction.commit().await
}

/// The statements that make a log's schema.
fn schema_of(log: impl LogName) -> String {
    let schema = log.schema();
    let announce = if log.is_announced() {
        format!("perform pg_notify('trama_log', '{schema}');")
    } else {
        String::new()
    };
    let text = include_str!("schema.sql");
    text.replace("{context}", &schema).replace("{announce}", &announce)
}

fn roles(servers: &Servers) -> Vec<PgRole> {
    let mut roles = vec![PgRole::Projections, PgRole::Reader, PgRole::Gate];
    roles.extend([
        PgRole::Vault,
        PgRole::VaultKeys,
        PgRole::Access,
        PgRole::AccessReader,
        PgRole::SignIn,
    ]);
    for context in Context::VARIANTS {
        roles.extend([context.writer(), context.reader()]);
    }
    roles.extend(servers.sealing.keys().flat_map(|key| [key.writer(), key.reader()]));
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
