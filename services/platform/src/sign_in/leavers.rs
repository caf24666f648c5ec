//! Whoever may act no more has no session any more: her rows go as soon as the directory's events
//! are heard, so that nothing of them is there when she is let in again (ASVS 5.0 V7.4.2).

use tokio::time::{Duration, Instant, timeout_at};
use trama_events::ids::StaffId;

use super::told::Happened;
use super::{Sessions, Whose};
use crate::caller::Account;
use crate::staff::{Staff, Standing, Wanted, Who};

/// How often they are looked through when nothing changed: whoever is suspended may still sign in
/// at the provider, and the database may not have answered.
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Sessions {
    /// Ends the sessions of whoever is suspended or has left, whenever the directory says so; never
    /// returns. Several processes may do it at once. While nobody can tell who may act, nothing is
    /// ended: the gate lets nobody in.
    pub async fn shut_out_leavers(self, staff: Staff) {
        let mut changes = staff.changes();
        loop {
            changes.mark_unchanged();
            if let Err(error) = self.shut_out_now(&staff).await {
                tracing::error!(%error, "the sessions of leavers cannot be ended now");
            }
            // Whatever ends the wait, everything is looked through.
            let _ = timeout_at(Instant::now() + LOOK_EVERY, changes.changed()).await;
        }
    }

    /// The same once. How many sessions are over.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be reached.
    pub async fn shut_out_now(&self, staff: &Staff) -> sqlx::Result<u64> {
        let mut ended = 0;
        for (account, id) in self.holders().await? {
            match staff.membership(who(&account, id), &Wanted::default()) {
                Standing::Suspended | Standing::Ended => {
                    let number = self.revoke_all(Whose::Account(&account)).await?;
                    // Where several processes look, one of them finds something.
                    if number > 0 {
                        let staff = staff.id_of(who(&account, id));
                        Happened::Shut { staff, number }.tell();
                    }
                    ended += number;
                }
                Standing::Active(_)
                | Standing::NoSuchMembership
                | Standing::Unknown
                | Standing::Unsure => {}
            }
        }
        Ok(ended)
    }

    /// Ends every session of a member of the staff, whatever she signs in with. How many are over.
    ///
    /// # Errors
    ///
    /// When the sessions cannot be reached.
    pub async fn revoke_staff(&self, staff: &Staff, whose: StaffId) -> sqlx::Result<u64> {
        let mut ended = 0;
        for (account, id) in self.holders().await? {
            if staff.id_of(who(&account, id)) == Some(whose) {
                ended += self.revoke_all(Whose::Account(&account)).await?;
            }
        }
        Ok(ended)
    }
}

fn who(account: &Account, staff: Option<StaffId>) -> Who<'_> {
    staff.map_or(Who::Account(account.as_str()), Who::Staff)
}
