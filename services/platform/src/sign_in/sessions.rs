//! Sessions and sign-ins under way, as rows. Time is an argument.

use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgPool, Row};
use time::{Duration, OffsetDateTime};
use trama_events::ids::{MembershipId, StaffId};
use uuid::Uuid;

use super::cookie::Secret;
use super::{ATTEMPT_MAX, CONNECTIONS_MAX};
use crate::caller::{Account, Presented, Vouched};
use crate::doors::hex;
use crate::servers::{PgRole, Servers};
use crate::surnames::Surname;

/// A session that nobody uses ends after this (trust §4 D5).
pub const IDLE_MAX: Duration = Duration::minutes(15);
/// A session ends after this, used or not (trust §4 D5).
pub const ABSOLUTE_MAX: Duration = Duration::hours(8);
/// How often a use is written down. The last one written is the one that counts, so that a session
/// may idle out this much too early and never too late.
const SEEN_EVERY: Duration = Duration::seconds(30);
/// Sessions of one account at once; the oldest one beyond them ends (ADR 18).
const SESSIONS_MAX: i64 = 10;
/// Sign-ins under way, of everybody.
const ATTEMPTS_MAX: i64 = 10_000;

/// An opaque name of a session: 32 hexadecimal digits, not what opens it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionId(Vec<u8>);

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex(self.0.get(..16).unwrap_or_default()))
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its name.
    pub id: SessionId,
    /// Who, and in which membership.
    pub presented: Presented,
    /// When she signed in.
    pub signed_in_at: OffsetDateTime,
    pub(super) csrf: Secret,
    seen_at: OffsetDateTime,
}

impl Session {
    /// For how long it holds from now when nobody uses it; nothing when it does not any more.
    pub fn left(&self, now: OffsetDateTime) -> Duration {
        let until = (self.seen_at + IDLE_MAX).min(self.signed_in_at + ABSOLUTE_MAX);
        (until - now).max(Duration::ZERO)
    }
}

/// A session as its owner sees it in the list of hers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub id: SessionId,
    /// When she signed in.
    pub signed_in_at: OffsetDateTime,
    /// When it was used last, give or take half a minute.
    pub seen_at: OffsetDateTime,
    /// Whether she showed a second factor.
    pub second_factor: bool,
}

/// Whose sessions are ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Of everybody who signs in with this account.
    Account(&'a Account),
    /// Of a member of the staff, where the issuer is our own.
    Staff(StaffId),
}

/// What a sign-in begins with.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) state: Secret,
    pub(super) nonce: Secret,
    pub(super) verifier: Secret,
    pub(super) then: String,
    pub(super) second_factor: bool,
    pub(super) at: OffsetDateTime,
}

/// What is left of it when the browser comes back.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) nonce: Secret,
    pub(super) verifier: Secret,
    pub(super) then: String,
    pub(super) second_factor: bool,
    pub(super) at: OffsetDateTime,
}

/// What a provider proved.
#[derive(Debug)]
pub(super) struct Proven {
    pub(super) account: Account,
    pub(super) staff: Option<StaffId>,
    pub(super) vouched: Option<Vouched>,
    pub(super) second_factor: bool,
    pub(super) authenticated_at: Option<OffsetDateTime>,
    pub(super) surname: Option<Surname>,
}

/// The sessions of an installation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sessions {
    pool: PgPool,
}

impl Sessions {
    /// Opens the sessions of an installation.
    pub fn open(servers: &Servers) -> Self {
        Self { pool: servers.pool(PgRole::SignIn, CONNECTIONS_MAX) }
    }

    /// Writes down that somebody set out. When too many are on the way the oldest are dropped:
    /// whoever fills the table drops her own first, and keeps nobody out.
    pub(super) async fn begin(&self, secret: &Secret, begun: &Begun) -> sqlx::Result<()> {
        sqlx::query(
            "with gone as (delete from sign_in.attempts where begun_at < $7 or digest in \
                 (select digest from sign_in.attempts order by begun_at desc, digest offset $9)) \
             insert into sign_in.attempts (digest, state, nonce, verifier, next, second_factor, begun_at) \
             values ($1, $2, $3, $4, $5, $6, $8)",
        )
        .bind(secret.digest())
        .bind(begun.state.digest())
        .bind(begun.nonce.bytes())
        .bind(begun.verifier.bytes())
        .bind(&begun.then)
        .bind(begun.second_factor)
        .bind(begun.at - ATTEMPT_MAX)
        .bind(begun.at)
        .bind(ATTEMPTS_MAX - 1)
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// Takes away the sign-in of this browser with this state, when it is not too old.
    pub(super) async fn take(
        &self,
        secret: &Secret,
        state: &Secret,
        now: OffsetDateTime,
    ) -> sqlx::Result<Option<Attempt>> {
        let row = sqlx::query(
            "delete from sign_in.attempts where digest = $1 and state = $2 \
             returning nonce, verifier, next, second_factor, begun_at",
        )
        .bind(secret.digest())
        .bind(state.digest())
        .fetch_optional(&self.pool)
        .await?;
        let attempt = row.as_ref().map(attempt).transpose()?;
        let in_time = |at: OffsetDateTime| at <= now && now - at <= ATTEMPT_MAX;
        Ok(attempt.filter(|attempt| in_time(attempt.at)))
    }

    /// A new session; the one that the browser had before ends, and so does what is over or too
    /// much. Who steps up in her own session keeps the membership that she chose.
    pub(super) async fn create(
        &self,
        secret: &Secret,
        csrf: &Secret,
        proven: &Proven,
        before: Option<&Secret>,
        now: OffsetDateTime,
    ) -> sqlx::Result<()> {
        let mut transaction = self.pool.begin().await?;
        let chosen: Option<Option<Uuid>> = sqlx::query_scalar(
            "delete from sign_in.sessions where digest = $1 \
             returning case when account = $2 then membership end",
        )
        .bind(before.map(Secret::digest))
        .bind(proven.account.as_str())
        .fetch_optional(&mut *transaction)
        .await?;
        sqlx::query(
            "insert into sign_in.sessions (digest, account, staff, vouched, membership, \
                 second_factor, authenticated_at, csrf, signed_in_at, seen_at, surname) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)",
        )
        .bind(secret.digest())
        .bind(proven.account.as_str())
        .bind(proven.staff.map(|staff| staff.0))
        .bind(proven.vouched.as_ref().map(Json))
        .bind(chosen.flatten())
        .bind(proven.second_factor)
        .bind(proven.authenticated_at)
        .bind(csrf.bytes())
        .bind(now)
        .bind(proven.surname.as_ref().map(Surname::bytes))
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "delete from sign_in.sessions where seen_at < $1 or signed_in_at < $2 or digest in \
                 (select digest from sign_in.sessions where account = $3 \
                  order by signed_in_at desc, digest offset $4)",
        )
        .bind(now - IDLE_MAX)
        .bind(now - ABSOLUTE_MAX)
        .bind(proven.account.as_str())
        .bind(SESSIONS_MAX)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// The session that this secret opens, when it holds now. That does not keep it from idling:
    /// see [`Self::keep`].
    pub(super) async fn find(
        &self,
        secret: &Secret,
        now: OffsetDateTime,
    ) -> sqlx::Result<Option<Session>> {
        let digest = secret.digest();
        let row = sqlx::query(
            "select account, staff, vouched, membership, second_factor, authenticated_at, csrf, \
                 signed_in_at, seen_at, surname from sign_in.sessions where digest = $1",
        )
        .bind(&digest)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (signed_in_at, seen_at) = (row.try_get("signed_in_at")?, row.try_get("seen_at")?);
        if !holds(signed_in_at, seen_at, now) {
            return Ok(None);
        }
        session(digest, &row, now).map(Some)
    }

    /// Keeps a session from idling, because it is used: for whoever the gate let in, so that nobody
    /// prolongs hers while she may not act.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be reached.
    pub async fn keep(&self, session: &mut Session, now: OffsetDateTime) -> sqlx::Result<()> {
        if now - session.seen_at < SEEN_EVERY {
            return Ok(());
        }
        session.seen_at = now;
        let update = "update sign_in.sessions set seen_at = $2 where digest = $1 and seen_at < $2";
        let update = sqlx::query(update).bind(&session.id.0).bind(now);
        update.execute(&self.pool).await.map(drop)
    }

    /// The sessions of an account that hold now, the one that was used last first; at most ten.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be read.
    pub async fn of(&self, account: &Account, now: OffsetDateTime) -> sqlx::Result<Vec<Listed>> {
        let rows = sqlx::query(
            "select digest, signed_in_at, seen_at, second_factor from sign_in.sessions \
             where account = $1 and seen_at > $2 and signed_in_at > $3 \
             order by seen_at desc, digest limit $4",
        )
        .bind(account.as_str())
        .bind(now - IDLE_MAX)
        .bind(now - ABSOLUTE_MAX)
        .bind(SESSIONS_MAX)
        .fetch_all(&self.pool)
        .await?;
        let listed = |row: &PgRow| {
            Ok(Listed {
                id: SessionId(row.try_get("digest")?),
                signed_in_at: row.try_get("signed_in_at")?,
                seen_at: row.try_get("seen_at")?,
                second_factor: row.try_get("second_factor")?,
            })
        };
        rows.iter().map(listed).collect()
    }

    /// With what those sign in who have a session, each once: as many as are at work.
    pub(super) async fn holders(&self) -> sqlx::Result<Vec<(Account, Option<StaffId>)>> {
        let rows = sqlx::query("select distinct account, staff from sign_in.sessions");
        let holder = |row: &PgRow| {
            let staff: Option<Uuid> = row.try_get("staff")?;
            Ok((Account::known(row.try_get("account")?), staff.map(StaffId)))
        };
        rows.fetch_all(&self.pool).await?.iter().map(holder).collect()
    }

    /// Whether a session still holds, without keeping it from idling: what a stream asks that
    /// stays open.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be read.
    pub async fn still_holds(&self, id: &SessionId, now: OffsetDateTime) -> sqlx::Result<bool> {
        let row =
            sqlx::query("select signed_in_at, seen_at from sign_in.sessions where digest = $1")
                .bind(&id.0)
                .fetch_optional(&self.pool)
                .await?;
        let Some(row) = row else { return Ok(false) };
        Ok(holds(row.try_get("signed_in_at")?, row.try_get("seen_at")?, now))
    }

    /// She acts in another of her memberships from now on. Whether it is hers is for the gate. Forms
    /// of pages that she opened before are obeyed no more: they would act as what they do not say.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be reached.
    pub async fn choose(&self, id: &SessionId, membership: MembershipId) -> sqlx::Result<()> {
        let update = "update sign_in.sessions set membership = $2, csrf = sha256(csrf || $3) \
             where digest = $1 and membership is distinct from $2";
        let update = sqlx::query(update).bind(&id.0).bind(membership.0);
        update.bind(membership.0.as_bytes().as_slice()).execute(&self.pool).await.map(drop)
    }

    /// Ends one session, at once and everywhere.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be reached.
    pub async fn revoke(&self, id: &SessionId) -> sqlx::Result<()> {
        let delete = sqlx::query("delete from sign_in.sessions where digest = $1").bind(&id.0);
        delete.execute(&self.pool).await.map(drop)
    }

    /// Ends sessions of an account: the one of this name, or without a name all but one. How many
    /// are over; a name that is none of hers ends none.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be reached.
    pub async fn revoke_own(&self, own: &Session, named: Option<&str>) -> sqlx::Result<u64> {
        let delete = sqlx::query(
            "delete from sign_in.sessions where account = $1 and case when $2::text is null \
                 then digest <> $3 else encode(substring(digest for 16), 'hex') = $2 end",
        );
        let delete = delete.bind(own.presented.account.as_str()).bind(named).bind(&own.id.0);
        Ok(delete.execute(&self.pool).await?.rows_affected())
    }

    /// Ends every session of somebody, and says how many they were.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be reached.
    pub async fn revoke_all(&self, whose: Whose<'_>) -> sqlx::Result<u64> {
        let delete = match whose {
            Whose::Account(account) => {
                sqlx::query("delete from sign_in.sessions where account = $1")
                    .bind(account.as_str())
            }
            Whose::Staff(staff) => {
                sqlx::query("delete from sign_in.sessions where staff = $1").bind(staff.0)
            }
        };
        Ok(delete.execute(&self.pool).await?.rows_affected())
    }
}

/// A clock that was set back ends no session and prolongs none beyond what it prolongs itself by.
fn holds(signed_in_at: OffsetDateTime, seen_at: OffsetDateTime, now: OffsetDateTime) -> bool {
    now - seen_at < IDLE_MAX && now - signed_in_at < ABSOLUTE_MAX
}

fn session(digest: Vec<u8>, row: &PgRow, now: OffsetDateTime) -> sqlx::Result<Session> {
    let id = SessionId(digest);
    let signed_in_at: OffsetDateTime = row.try_get("signed_in_at")?;
    let vouched: Option<Json<Vouched>> = row.try_get("vouched")?;
    let presented = Presented {
        account: Account::known(row.try_get("account")?),
        staff: row.try_get::<Option<Uuid>, _>("staff")?.map(StaffId),
        vouched: vouched.map(|Json(vouched)| vouched),
        membership: row.try_get::<Option<Uuid>, _>("membership")?.map(MembershipId),
        second_factor: row.try_get("second_factor")?,
        session: id.to_string(),
        authenticated_at: row.try_get("authenticated_at")?,
        until: (signed_in_at + ABSOLUTE_MAX).min(now + IDLE_MAX),
        surname: row.try_get::<Option<_>, _>("surname")?.and_then(Surname::from_bytes),
    };
    let seen_at = row.try_get("seen_at")?;
    Ok(Session { id, presented, signed_in_at, csrf: secret(row, "csrf")?, seen_at })
}

fn attempt(row: &PgRow) -> sqlx::Result<Attempt> {
    Ok(Attempt {
        nonce: secret(row, "nonce")?,
        verifier: secret(row, "verifier")?,
        then: row.try_get("next")?,
        second_factor: row.try_get("second_factor")?,
        at: row.try_get("begun_at")?,
    })
}

fn secret(row: &PgRow, column: &str) -> sqlx::Result<Secret> {
    let wrong = || sqlx::Error::Decode(format!("{column} has not 32 bytes").into());
    Secret::from_bytes(&row.try_get::<Vec<u8>, _>(column)?).ok_or_else(wrong)
}
