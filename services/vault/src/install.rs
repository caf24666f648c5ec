use sqlx::PgPool;

/// Makes the vault's schemas and functions. Running it again changes nothing. The roles are there
/// already (`trama_platform::log::install`).
///
/// `admin` is a pool of the role that owns them.
///
/// # Errors
///
/// When `PostgreSQL` refuses.
pub async fn install(admin: &PgPool) -> sqlx::Result<()> {
    let mut transaction = admin.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext('trama install'))")
        .execute(&mut *transaction)
        .await?;
    sqlx::raw_sql(include_str!("schema.sql")).execute(&mut *transaction).await?;
    transaction.commit().await
}
