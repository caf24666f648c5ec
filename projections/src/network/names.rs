use std::collections::BTreeMap;

use sqlx::{PgPool, Row};
use trama_events::codes::ServiceType;
use trama_events::ids::{OrganisationId, ServiceId};
use uuid::Uuid;

/// The public names of these services, as far as they have one: for lists of somebody's own.
///
/// # Errors
///
/// When the read model cannot be read.
pub async fn service_names(
    pool: &PgPool,
    services: &[ServiceId],
) -> sqlx::Result<BTreeMap<ServiceId, String>> {
    let ids: Vec<Uuid> = services.iter().map(|service| service.0).collect();
    let query = "select service, name from network.services \
                 where service = any($1) and name is not null";
    let rows = sqlx::query(query).bind(ids).fetch_all(pool).await?;
    rows.iter().map(|row| Ok((ServiceId(row.try_get("service")?), row.try_get("name")?))).collect()
}

/// Most services that are listed, by the names of their bodies and then their own.
const LISTED_MAX: i64 = 1_000;

/// A service with a public name, and the body that runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The service.
    pub service: ServiceId,
    /// Its public name.
    pub name: String,
    /// What it does.
    pub service_type: ServiceType,
    /// The ATS that it is of.
    pub ats: String,
    /// Who runs it.
    pub organisation: OrganisationId,
    /// The public name of that body.
    pub organisation_name: String,
}

/// The services among which somebody may choose, at most 1,000: none that is confidential.
///
/// # Errors
///
/// When the read model cannot be read.
pub async fn listed_services(pool: &PgPool) -> sqlx::Result<Vec<Listed>> {
    let query = "select s.service, s.name, s.service_type, s.ats, s.organisation, \
                    o.name as organisation_name \
                 from network.services s join network.organisations o using (organisation) \
                 where s.name is not null and not s.confidential \
                 order by o.name, s.organisation, s.name, s.service limit $1";
    let rows = sqlx::query(query).bind(LISTED_MAX).fetch_all(pool).await?;
    let listed = |row: &sqlx::postgres::PgRow| {
        let service_type: String = row.try_get("service_type")?;
        let unknown = |_| sqlx::Error::Decode("unknown service type".into());
        Ok(Listed {
            service: ServiceId(row.try_get("service")?),
            name: row.try_get("name")?,
            service_type: service_type.parse().map_err(unknown)?,
            ats: row.try_get("ats")?,
            organisation: OrganisationId(row.try_get("organisation")?),
            organisation_name: row.try_get("organisation_name")?,
        })
    };
    rows.iter().map(listed).collect()
}
