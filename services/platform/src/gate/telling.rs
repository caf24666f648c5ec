//! Who may write down that something happened to a person: that she came, was met, was given
//! something, agreed to something.

use trama_events::ids::PersonId;
use trama_permit::{Deed, Guard, Use};

use super::reading::Reader;
use crate::failure::Problem;

impl Reader {
    /// Whether she may name a person in an entry of her own service. Anybody may write down that
    /// somebody came, a child too; of the guest of a secret shelter and of a pseudonym only whoever
    /// may know that she is there. The entry would be a relation, and its answer would tell that
    /// she exists. `known` is whether the door's own copy has the person.
    ///
    /// The doors answer a refusal as they answer an unknown person, and as much is asked and written
    /// down of one.
    ///
    /// # Errors
    ///
    /// 503 when nobody can say, or when a refusal cannot be written down.
    pub async fn may_tell_of(&self, person: PersonId, known: bool) -> Result<bool, Problem> {
        let ties = self.ties(person).await?;
        let asking = self.asking_to_write(person, &ties, None);
        let decided = self.gate().policies().may_with_person(&asking, Deed::List);
        let is_hidden = ties.guard != Guard::Open || ties.sealed_by.is_some();
        if known && (!is_hidden || decided.allowed) {
            return Ok(true);
        }
        let refused = trama_permit::Decision { allowed: false, ..decided };
        let entry = self.deciding(person, Use::Write.code(), &ties, refused);
        self.gate().access().write(entry).await?;
        Ok(false)
    }
}
