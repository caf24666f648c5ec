//! Who may act: the first administrator, and a post, an account and a role for each colleague.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::{Value, json};
use time::Date;
use trama_events::codes::{Contract, Profession, Role};
use trama_events::ids::{MembershipId, OrganisationId, StaffId, derive_uuid};
use trama_platform::clock::pause;
use trama_platform::staff::Founder;

use super::post;
use crate::client::{Actor, Client};
use crate::issuer::ISSUER;

/// How long a new role may take to be known at the doors: five seconds are promised.
const KNOWN_MAX: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Whoever names the first administrator of a private installation.
///
/// # Errors
///
/// As [`Founder::try_new`].
pub fn founder() -> anyhow::Result<Founder> {
    Ok(Founder::try_new(ISSUER, &founder_id().to_string())?)
}

fn founder_id() -> StaffId {
    StaffId::derived(&["load", "founder"])
}

/// Makes the first administrator, unless the doors know her, in the name of [`founder`]. `body`
/// registers the organisation for which she works.
///
/// # Errors
///
/// When there is another administrator already, who can make her one, or a door refuses.
pub async fn found(client: &Client, first: &Actor, body: &Value, on: Date) -> anyhow::Result<()> {
    if is_known(client, first).await? {
        return Ok(());
    }
    let founder = founder()?;
    let who = Actor {
        staff: founder.staff,
        organisation: founder.organisation,
        ats: founder.ats,
        role: Role::Administrator,
        services: Vec::new(),
    };
    let_in(client, [&who]).await.context("nobody may name the first administrator here")?;
    let registration = ("/api/directory/organisations".to_owned(), body.clone());
    send_all(client, &who, std::iter::once(registration).chain(enrolment(first, on))).await?;
    let_in(client, [first]).await
}

async fn send_all(
    client: &Client,
    who: &Actor,
    commands: impl IntoIterator<Item = (String, Value)>,
) -> anyhow::Result<()> {
    for (path, body) in commands {
        post(client, who, &path, &body).await?;
    }
    Ok(())
}

/// A post, an account of the demo's issuer and a role, as commands. The posts count in no figure:
/// those that do are in the file of the network.
pub(super) fn enrolment(who: &Actor, on: Date) -> Vec<(String, Value)> {
    let Actor { staff, organisation, ats, role, services } = who;
    let at = format!("/api/directory/staff/{staff}");
    let role_name = role.code();
    let membership = MembershipId(derive_uuid(
        "demo membership",
        &[&staff.to_string(), role_name, ats.as_str()],
    ));
    vec![
        (
            "/api/directory/staff".into(),
            json!({
                "staff": staff, "organisation": organisation, "profession": profession(*role),
                "fte_hundredths": 100, "contract": contract(*role), "ats": ats, "on": on,
            }),
        ),
        (format!("{at}/account"), json!({ "issuer": ISSUER, "subject": staff })),
        (
            format!("{at}/memberships"),
            json!({
                "membership": membership, "role": role, "ats": ats, "services": services, "on": on,
            }),
        ),
    ]
}

/// No social worker: the ratio of a territory counts those whom the file of the network names.
fn profession(role: Role) -> Profession {
    match role {
        Role::OutreachWorker | Role::EmergencyWorker => Profession::Educator,
        Role::FacilityOperator => Profession::SocialHealthOperator,
        Role::Volunteer => Profession::Volunteer,
        Role::CsmOperator | Role::SerdOperator | Role::HealthDistrictOperator => Profession::Nurse,
        Role::CaseManager | Role::MinorsWorker | Role::HubProfessional | Role::Guardian => {
            Profession::Other
        }
        Role::InfoDesk
        | Role::LabourOperator
        | Role::RegistryClerk
        | Role::MailOperator
        | Role::CourtOperator
        | Role::PlanOffice
        | Role::SteeringBoard
        | Role::Auditor
        | Role::Administrator
        | Role::ExternalSystem => Profession::Clerk,
    }
}

fn contract(role: Role) -> Contract {
    if role == Role::Volunteer { Contract::Voluntary } else { Contract::External }
}

/// Gives colleagues of registered organisations and services a post, an account and a role, by an
/// administrator, and waits until the doors know them. Those who are known already stay as they
/// are.
///
/// # Errors
///
/// When a door refuses, or does not know them in time.
pub async fn enrol(
    client: &Client,
    keeper: &Actor,
    colleagues: &[Actor],
    on: Date,
) -> anyhow::Result<()> {
    for colleague in colleagues {
        if !is_known(client, colleague).await? {
            send_all(client, keeper, enrolment(colleague, on)).await?;
        }
    }
    let_in(client, colleagues).await
}

/// Waits until the doors know them all.
pub(super) async fn let_in<'a>(
    client: &Client,
    all: impl IntoIterator<Item = &'a Actor>,
) -> anyhow::Result<()> {
    let since = Instant::now();
    for who in all {
        while !is_known(client, who).await? {
            let (staff, role) = (who.staff, who.role);
            anyhow::ensure!(since.elapsed() < KNOWN_MAX, "{staff} may not act as {role}");
            pause(LOOK_EVERY).await;
        }
    }
    Ok(())
}

/// Whether the doors let her in: everybody may read the map.
async fn is_known(client: &Client, who: &Actor) -> anyhow::Result<bool> {
    let nobody = OrganisationId::derived(&["nobody"]);
    let answer = client.get(who, &format!("/api/directory/organisations/{nobody}")).await?;
    Ok(answer.status != 401)
}
