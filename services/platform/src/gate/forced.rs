//! Break-glass at the gate: whether somebody may open a record by force, and what it opens.
//!
//! It opens the classes that she named and no other, for as long as the log says; when the hour is
//! over it is over, without anything having to happen. Reason, alert and review are the log's.

use axum::http::StatusCode;
use trama_events::codes::{Purpose, Section};
use trama_events::ids::{FactId, PersonId};
use trama_permit::{Asking, Circumstances, Deed, Policies, Sections, Subject};

use super::reading::{Reader, asking, at_most, codes, decision, explains};
use crate::access::Entry;
use crate::failure::Problem;
use crate::ties::Ties;

/// A record that somebody wants to open by force, as it is written down.
#[derive(Debug, Clone)]
pub struct Forcing {
    /// Whose.
    pub person: PersonId,
    /// Whether there is such a record in the shared network: a confidential service's pseudonym is
    /// none.
    pub is_there: bool,
    /// Which classes of data.
    pub sections: Vec<Section>,
    /// The code of the reason.
    pub reason: &'static str,
    /// Where the vault keeps the reason's own words, or will once this is permitted.
    pub words: FactId,
}

impl Reader {
    /// Whether she may open a record by force. It is written down with its reason, also when she
    /// may not.
    ///
    /// # Errors
    ///
    /// 404 when she may not, and for a record that is not there; 403 `purpose_needed` when she
    /// could with a purpose, also for a record that is not there; 503 when nobody can say who may,
    /// or when it cannot be written down.
    pub async fn may_force(&self, forcing: Forcing) -> Result<Ties, Problem> {
        let Forcing { person, is_there, sections, reason, words } = forcing;
        let ties = self.ties(person).await?;
        let decided = self.may_now(person, &ties, Deed::Force);
        let allowed = is_there && decided.allowed;
        let entry = Entry {
            sections: codes(&sections),
            reason: Some(reason.to_owned()),
            reason_fact: Some(words.0).filter(|_| allowed),
            decision: decision(allowed),
            policies: at_most(decided.policies),
            explained: explains(&ties.relations),
            records: ties.records.clone(),
            forced: true,
            ..self.entry(Some(person))
        };
        self.gate().access().write(entry).await?;
        if allowed { Ok(ties) } else { Err(self.not_forced(person)) }
    }

    /// The same answer for whoever may not and for whoever does not exist.
    fn not_forced(&self, person: PersonId) -> Problem {
        let mut stranger = asking(&self.caller, person, &Ties::default());
        stranger.subject = Subject::new(person);
        stranger.circumstances =
            Circumstances { purpose: Some(Purpose::Emergency), ..Circumstances::default() };
        let with_purpose = self.gate().policies().may_with_person(&stranger, Deed::Force).allowed;
        if self.caller.stated.is_none() && with_purpose {
            let detail = "a record is opened by force for care or in an emergency: send the header \
                          Purpose: care or Purpose: emergency; it is written down";
            return Problem::new(StatusCode::FORBIDDEN, "purpose_needed", detail);
        }
        Problem::not_found()
    }
}

/// What is open of these classes, and whether some of it is open by force alone.
///
/// Force adds the classes that were named when it began; it takes away nothing that a relation
/// opens.
pub(super) fn open_now(
    policies: &Policies,
    asking: &Asking,
    ties: &Ties,
    asked: &[Section],
) -> (Sections, bool) {
    let mut unforced = asking.clone();
    unforced.circumstances.forced = false;
    let without = policies.sections_of(&unforced, asked);
    let named: Vec<Section> =
        asked.iter().copied().filter(|section| ties.forced.contains(section)).collect();
    if named.is_empty() {
        return (without, false);
    }
    let with = without.clone().and(policies.sections_of(asking, &named));
    let by_force = with.open() != without.open();
    (with, by_force)
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;
    use trama_events::codes::Role;
    use trama_events::ids::{Ats, MembershipId, OrganisationId, StaffId};
    use trama_permit::{Guard, Relation};

    use super::*;
    use crate::caller::Caller;

    const ASKED: [Section; 4] =
        [Section::Identity, Section::Contact, Section::Safety, Section::SecretAddress];

    fn olga() -> Caller {
        Caller {
            staff: StaffId::derived(&["olga"]),
            membership: MembershipId::derived(&["olga"]),
            organisation: OrganisationId::derived(&["coop"]),
            ats: Ats::try_new("bari").unwrap(),
            role: Role::OutreachWorker,
            services: Vec::new(),
            purpose: Purpose::Emergency,
            stated: Some(Purpose::Emergency),
            second_factor: true,
            session: "session".into(),
            request_id: "request".into(),
            let_in_until: OffsetDateTime::UNIX_EPOCH,
            surname: None,
        }
    }

    fn open(caller: &Caller, ties: &Ties) -> (Vec<Section>, bool) {
        let asking = asking(caller, PersonId::derived(&["ana"]), ties);
        let (sections, by_force) = open_now(&Policies::load().unwrap(), &asking, ties, &ASKED);
        (sections.open().keys().copied().collect(), by_force)
    }

    fn forced(sections: &[Section]) -> Ties {
        Ties { forced: sections.to_vec(), ..Ties::default() }
    }

    #[test]
    fn force_opens_what_was_named_and_no_other_class() {
        let without = open(&olga(), &Ties::default());
        assert_eq!(without, (vec![Section::Safety], false));
        let contact = open(&olga(), &forced(&[Section::Contact]));
        assert_eq!(contact, (vec![Section::Contact, Section::Safety], true));
        let all = open(&olga(), &forced(&ASKED));
        assert_eq!(all, (vec![Section::Identity, Section::Contact, Section::Safety], true));
    }

    #[test]
    fn force_opens_nothing_to_whom_it_may_not_open_anything() {
        for role in [Role::Volunteer, Role::PlanOffice, Role::Auditor, Role::SerdOperator] {
            let caller = Caller { role, ..olga() };
            let (_, by_force) = open(&caller, &forced(&ASKED));
            assert!(!by_force, "{role}");
        }
    }

    #[test]
    fn force_takes_away_nothing_that_a_relation_opens() {
        let caller = Caller { role: Role::CaseManager, ..olga() };
        let manages = Ties { relations: vec![Relation::CaseManager], ..Ties::default() };
        let (before, _) = open(&caller, &manages);
        let both = Ties { forced: vec![Section::Safety], ..manages };
        assert_eq!(open(&caller, &both), (before, false));
    }

    #[test]
    fn a_guest_of_a_secret_shelter_is_seen_by_force_and_her_address_never() {
        let guard = Guard::Guarded { keeper: None };
        let hidden = Ties { guard, ..Ties::default() };
        assert_eq!(open(&olga(), &hidden).0, []);
        let named = Ties { guard, ..forced(&ASKED) };
        let (sections, by_force) = open(&olga(), &named);
        assert!(by_force && sections.contains(&Section::Safety));
        assert!(!sections.contains(&Section::SecretAddress));
    }
}
