use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

/// The database as it tells of itself. How much room is left on its disk it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Store {
    /// Version of the server.
    pub version: String,
    /// Size of the whole database, in bytes.
    pub bytes: i64,
    /// Rows of the access log, ever written.
    pub access_rows: i64,
}

/// What the database tells of itself.
///
/// # Errors
///
/// When it cannot be read.
pub(super) async fn store(
    rows: &mut PgConnection,
    access: &mut PgConnection,
) -> sqlx::Result<Store> {
    let about = "select current_setting('server_version'), pg_database_size(current_database())";
    let (version, bytes) = sqlx::query_as(about).fetch_one(rows).await?;
    let access_rows = sqlx::query_scalar("select last from access.head").fetch_one(access).await?;
    Ok(Store { version, bytes, access_rows })
}
