//! Who may bring a person into her service's care, and who may name her in a household. What is
//! done here gives a relation or prepares one; so nobody makes herself a relation of who is hidden,
//! nor of a child with whom neither she nor anybody before her had to do.

use std::collections::{BTreeMap, BTreeSet};

use trama_events::codes::Role;
use trama_events::ids::{PersonId, StaffId};
use trama_events::rome;
use trama_permit::{Deed, Guard, Relation, Use};

use super::reading::{Reader, explains};
use super::writing::Known;
use crate::failure::Problem;
use crate::ties::{Ground, Ties};

/// Whoever is there for children: the minors' services with their educators and tutors, and the
/// emergency service, which shelters a child whom nobody knows.
const WITH_CHILDREN: [Role; 2] = [Role::MinorsWorker, Role::EmergencyWorker];

impl Reader {
    /// Whether she may bring a person into her own service's care: a case, a wait, a night, a stay,
    /// a referral. What she does would give her a relation to the person, and with it sight. `known`
    /// is whether the door's own copy has the person.
    ///
    /// Anybody may be helped by whoever meets her, with two exceptions. Of the guest of a secret
    /// shelter and of a pseudonym nobody makes herself a relation who may not know that she is
    /// there. And a child, who is sealed by default, is brought in only by whoever
    ///
    /// - has to do with her already: in charge, a referral, a stay, a meeting;
    /// - works with children ([`WITH_CHILDREN`]);
    /// - acts for the service that registered her or holds a case of hers;
    /// - has to do with somebody of her household, where others wrote who belongs to it, and
    ///   others gave her that to do: a case of the mother that she opened herself is no ground.
    ///
    /// Having written something of her once is none: everybody may write down that somebody came.
    /// The doors answer a refusal as they answer an unknown person, and as much is asked and written
    /// down of one.
    ///
    /// # Errors
    ///
    /// 503 when nobody can say, or when a refusal cannot be written down.
    pub async fn may_take_on(&self, person: PersonId, known: bool) -> Result<bool, Problem> {
        self.may_take_on_with(person, known, None).await
    }

    /// [`Self::may_take_on`] of somebody who comes together with another one whom she may bring in:
    /// a child comes with her mother, when others wrote that they are one household, and the body
    /// that did has the mother in care, or somebody else gave the mother to this worker. That nobody
    /// sent the mother does not count here: a house receives a family at its door, together or not
    /// at all, and gives it places that are then nobody else's.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn may_take_on_with(
        &self,
        person: PersonId,
        known: bool,
        other: Option<PersonId>,
    ) -> Result<bool, Problem> {
        let ties = self.ties(person).await?;
        let asking = self.asking_to_write(person, &ties, None);
        let decided = self.gate().policies().may_with_person(&asking, Deed::List);
        let is_met = if is_hidden(&ties) {
            decided.allowed
        } else {
            !ties.minor || explains(&ties.relations) || WITH_CHILDREN.contains(&self.caller.role)
        };
        if known && is_met {
            return Ok(true);
        }
        let ground = self.gate().ground(&self.caller, &ties.records).await?;
        let by_family = self.has_to_do_with_one(&ties, &ground, other).await?;
        let is_hers = ground.here && !is_hidden(&ties);
        if known && ties.minor && ties.sealed_by.is_none() && (is_hers || by_family) {
            return Ok(true);
        }
        let entry = self.deciding(person, Use::Write.code(), &ties, refused(decided.policies));
        self.gate().access().write(entry).await?;
        Ok(false)
    }

    /// Whether she has to do with somebody of the household, or brings her in too. That the child
    /// is hidden is known only to who has to do with somebody who is hidden with her, by the same
    /// worker: not to who has her father in charge and hides him. Of a child who lives with nobody
    /// as much is asked.
    async fn has_to_do_with_one(
        &self,
        child: &Ties,
        ground: &Ground,
        other: Option<PersonId>,
    ) -> Result<bool, Problem> {
        let nobody = child.records.as_slice();
        let fellows = if ground.fellows.is_empty() { nobody } else { &ground.fellows };
        let told = self.gate().ties_with(&self.caller, fellows).await?;
        let met = fellows.iter().zip(&told).any(|(fellow, told)| {
            let Some(ties) = told else { return false };
            let is_with = other.is_some_and(|other| ties.records.contains(&other))
                && (ground.cared.contains(fellow) || ground.given.contains(fellow));
            let is_given = ground.given.contains(fellow) && explains(&ties.relations);
            let is_known = is_with || (is_given && self.lists(*fellow, ties));
            is_known && may_lead(ties, child)
        });
        Ok(met && !ground.fellows.is_empty())
    }

    /// Whether she may write down that a person belongs to a household, or does not any more: she
    /// has to do with the person or with another one who belongs to it. Of a child whom she names
    /// by her mother she learns nothing, and it is no ground on which she takes the child on. A
    /// hidden person is as little there as one whom nobody registered, and as much is asked and
    /// written down.
    ///
    /// `known` is what intake's own log tells of the person, none where nobody registered her.
    ///
    /// # Errors
    ///
    /// 503 when nobody can say, or when a refusal cannot be written down.
    pub async fn may_name(
        &self,
        person: PersonId,
        known: Option<Known>,
        others: &[PersonId],
    ) -> Result<bool, Problem> {
        let ties = self.ties(person).await?;
        let asking = self.asking_to_write(person, &ties, known);
        let decided = self.gate().policies().may_with_person(&asking, Deed::List);
        let own = std::slice::from_ref(&person);
        let told =
            self.gate().ties_with(&self.caller, if others.is_empty() { own } else { others });
        let by_another = told.await?.iter().flatten().any(|ties| !ties.relations.is_empty());
        let is_related = !asking.circumstances.relations.is_empty() || by_another;
        let is_hidden = is_hidden(&ties) || asking.subject.sealed_by.is_some();
        if known.is_some() && if is_hidden { decided.allowed } else { is_related } {
            return Ok(true);
        }
        let entry = self.deciding(person, Use::Write.code(), &ties, refused(decided.policies));
        self.gate().access().write(entry).await?;
        Ok(false)
    }

    /// Whether she may say that a person is not to be found: she accompanies her, or another one of her
    /// household, `others`. Having met her once is no ground, nor is having sent her on: then nobody might
    /// be left who finds her. An adult is hidden by another one only where others wrote that they are one
    /// household. It opens nothing to anybody.
    ///
    /// `known` is what intake's own log tells of the person, none where nobody registered her. Answered
    /// are the records to hide, all that are she; none where she may not.
    ///
    /// # Errors
    ///
    /// 503 when nobody can say, or when a refusal cannot be written down.
    pub async fn may_hide(
        &self,
        person: PersonId,
        known: Option<Known>,
        others: &[PersonId],
    ) -> Result<Option<Vec<PersonId>>, Problem> {
        let ties = self.ties(person).await?;
        let met = !is_hidden(&ties) && accompanies(&ties.relations);
        let goes_on = accompanies(&ties.relations) && self.lists(person, &ties);
        let ground = self.gate().ground(&self.caller, &ties.records).await?;
        let mut others = others.to_vec();
        others.retain(|other| ties.minor || ground.fellows.contains(other));
        let by_another = self.leads_by(&ties, &others).await?;
        if known.is_some() && (met || goes_on || by_another) {
            return Ok(Some(ties.records));
        }
        self.writes_down(person, &ties).await?;
        Ok(None)
    }

    /// What she may lift of that a person is not to be found; none where she may lift nothing.
    ///
    /// Everybody lifts what she said herself. What others said is lifted by who accompanies the person
    /// on a case that somebody else gave her, of the record of that case. Who made himself a relation
    /// before, and whom she flees, lifts nothing of it: not when he hides her too, nor by a record that he
    /// links with hers, nor by another one of a household.
    ///
    /// # Errors
    ///
    /// As [`Self::may_hide`].
    pub async fn may_reveal(
        &self,
        person: PersonId,
        known: Option<Known>,
    ) -> Result<Option<Lifts>, Problem> {
        let ties = self.ties(person).await?;
        let lifts = self.lifts(person, &ties);
        if known.is_some() && !lifts.is_empty() {
            return Ok(Some(lifts));
        }
        self.writes_down(person, &ties).await?;
        Ok(None)
    }

    /// Whether she may part the records that are one person. What somebody said of one of them hides the
    /// others only as long as they are linked, so that of who is hidden only who may lift it parts them.
    ///
    /// # Errors
    ///
    /// As [`Self::may_hide`].
    pub async fn may_part(&self, person: PersonId) -> Result<bool, Problem> {
        let ties = self.ties(person).await?;
        let said_of_each = ties.records.iter().map(|record| ties.hidden_by.get(record));
        let hiders = ties.hiders();
        let mut bared = BTreeSet::new();
        for said in said_of_each {
            bared.extend(hiders.iter().filter(|by| said.is_none_or(|said| !said.contains(by))));
        }
        let lifted: BTreeSet<StaffId> = self.lifts(person, &ties).into_values().flatten().collect();
        if bared.is_subset(&lifted) {
            return Ok(true);
        }
        self.writes_down(person, &ties).await?;
        Ok(false)
    }

    /// Whether she may write down when a child was born whom another service registered: she
    /// accompanies her. Having met her once is no ground, and no way to make her of age.
    ///
    /// # Errors
    ///
    /// 503 while nobody can say.
    pub async fn may_date(&self, person: PersonId) -> Result<bool, Problem> {
        let ties = self.ties(person).await?;
        let today = rome::day_of(self.gate().clock().now());
        let is_adult = !ties.minor && ties.past.of_age_on.is_none_or(|day| day <= today);
        if is_adult || explains(&ties.relations) {
            return Ok(true);
        }
        self.writes_down(person, &ties).await?;
        Ok(false)
    }

    /// Whether she accompanies another one of the person's household, who leads to her. Of one who lives
    /// with nobody as much is asked.
    async fn leads_by(&self, ties: &Ties, others: &[PersonId]) -> Result<bool, Problem> {
        let own = ties.records.get(..1).unwrap_or_default();
        let told =
            self.gate().ties_with(&self.caller, if others.is_empty() { own } else { others });
        Ok(others.iter().zip(told.await?).any(|(other, told)| {
            told.is_some_and(|told| {
                may_lead(&told, ties) && accompanies(&told.relations) && self.lists(*other, &told)
            })
        }))
    }

    /// A refusal.
    async fn writes_down(&self, person: PersonId, ties: &Ties) -> Result<(), Problem> {
        let asking = self.asking_to_write(person, ties, None);
        let decided = self.gate().policies().may_with_person(&asking, Deed::List);
        let entry = self.deciding(person, Use::Write.code(), ties, refused(decided.policies));
        self.gate().access().write(entry).await?;
        Ok(())
    }

    fn lifts(&self, person: PersonId, ties: &Ties) -> Lifts {
        let goes_on = accompanies(&ties.relations) && self.lists(person, ties);
        let of_record = |(record, said): (&PersonId, &BTreeSet<StaffId>)| {
            let all = goes_on && ties.given.contains(record);
            let mut lifted = said.clone();
            lifted.retain(|by| all || *by == self.caller.staff);
            (!lifted.is_empty()).then_some((*record, lifted))
        };
        ties.hidden_by.iter().filter_map(of_record).collect()
    }

    fn lists(&self, person: PersonId, ties: &Ties) -> bool {
        let asking = self.asking_to_write(person, ties, None);
        self.gate().policies().may_with_person(&asking, Deed::List).allowed
    }
}

/// What somebody may lift: of each record what these workers said.
pub(super) type Lifts = BTreeMap<PersonId, BTreeSet<StaffId>>;

/// Whether she goes on with the person: to have written something of her, or to have sent her to others,
/// is not that. As the policy that guards who is hidden (`sealed.guests_are_not_looked_up`).
fn accompanies(relations: &[Relation]) -> bool {
    relations.iter().any(|told| !matches!(told, Relation::OwnRecord | Relation::ReferralSent))
}

/// Whether one of a household may lead to another one of it who is hidden: whoever hides that one hides
/// both, or nobody does but the house that keeps the two.
fn may_lead(ties: &Ties, hidden: &Ties) -> bool {
    let (hiders, of_hidden) = (ties.hiders(), hidden.hiders());
    let is_kept = matches!(hidden.guard, Guard::Guarded { keeper: Some(_) });
    let by_house =
        of_hidden.is_empty() && hiders.is_empty() && is_kept && ties.guard == hidden.guard;
    let together = (!of_hidden.is_empty() && of_hidden.is_subset(&hiders)) || by_house;
    hidden.guard == Guard::Open || (ties.guard != Guard::Open && together)
}

fn is_hidden(ties: &Ties) -> bool {
    ties.guard != Guard::Open || ties.sealed_by.is_some()
}

fn refused(policies: Vec<String>) -> trama_permit::Decision {
    trama_permit::Decision { allowed: false, policies }
}
