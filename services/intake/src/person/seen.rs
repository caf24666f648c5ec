//! What of a person's record a reader sees. What was moved away from it is not there for anybody;
//! what she obscured, and what minors' workers wrote of her childhood, is there for few. The record
//! is told again without it, so that nothing that was built on it shows.

use std::collections::BTreeSet;

use cqrs_es::Aggregate;
use time::Date;
use trama_events::Context;
use trama_events::codes::{Role, Section};
use trama_events::envelope::event_id;
use trama_events::ids::{OrganisationId, PersonId};
use trama_events::intake::PersonEvent;
use trama_platform::permit::{Sections, Wrote};

use super::Person;

/// One event of a person's record and who wrote it.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// Its number in the record, from 1.
    pub number: u32,
    /// What it says.
    pub event: PersonEvent,
    /// The body that wrote it.
    pub organisation: OrganisationId,
    /// In which role; `None` for one that this release does not know.
    pub role: Option<Role>,
    /// The day on which it happened, in Rome.
    pub on: Date,
}

impl Person {
    /// The record of `id` without the entries that are `gone` from it, each with its corrections,
    /// and without what is hidden from a reader to whom this is `open`.
    pub(crate) fn seen(
        id: PersonId,
        said: Vec<Said>,
        gone: &BTreeSet<u32>,
        open: &Sections,
    ) -> Self {
        let gone = with_corrections(&said, |number| gone.contains(&number));
        let obscured = with_corrections(&said, |number| {
            let sequence = i64::from(number);
            open.is_obscured(&event_id(Context::Intake, Self::TYPE, id.0, sequence))
        });
        let mut record = Self::default();
        for said in said {
            let number = said.number;
            let obscured = obscured.contains(&number);
            let wrote = Wrote { organisation: said.organisation, service: None, obscured };
            let kept = if gone.contains(&number) { None } else { said.shown(&wrote, open) };
            // Numbers stay as they are: by them an entry is corrected.
            record.sequence = number - 1;
            match kept {
                Some(event) => record.apply(event),
                None => record.sequence = number,
            }
        }
        record
    }
}

/// The named entries, each with what corrects it, and with what corrects that.
fn with_corrections(said: &[Said], is_named: impl Fn(u32) -> bool) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for Said { number, event, .. } in said {
        let built_on = if let PersonEvent::HousingSituationCorrected { corrects, .. } = event {
            found.contains(corrects)
        } else {
            false
        };
        if built_on || is_named(*number) {
            found.insert(*number);
        }
    }
    found
}

impl Said {
    fn shown(self, wrote: &Wrote, open: &Sections) -> Option<PersonEvent> {
        let Some(section) = section(&self.event) else { return Some(self.event) };
        let sealed = self.is_sealed(wrote, open);
        // By who she is the others go on helping her.
        let hides =
            |section| open.hides(section, wrote) || (sealed && section != Section::Identity);
        if hides(section) {
            return None;
        }
        let is_identified = matches!(self.event, PersonEvent::PersonIdentified { .. });
        if is_identified && hides(Section::Status) {
            return Some(PersonEvent::PersonIdentified { lawful_stay: None });
        }
        Some(self.event)
    }

    /// Whether somebody of a minors' service wrote it of her childhood, which is open to the reader
    /// neither by the person's decision nor because it is of the same service's body.
    fn is_sealed(&self, wrote: &Wrote, open: &Sections) -> bool {
        let of_minors = self.role == Some(Role::MinorsWorker) && open.is_childhood(self.on);
        of_minors
            && !open.shows(Section::Minors, wrote)
            && !(open.is_inside(wrote.organisation) && reads_own(open))
    }
}

fn reads_own(open: &Sections) -> bool {
    open.open().get(&Section::Minors).is_some_and(|reach| reach.own)
}

/// The class of an event of the record; `None` where nothing hides it: that she has a record is no
/// secret, and aliases are shown to their own units alone.
fn section(event: &PersonEvent) -> Option<Section> {
    match event {
        // Whoever sees that there is a record must know too that others are not to find it.
        PersonEvent::PersonRegistered { .. }
        | PersonEvent::AliasRecorded { .. }
        | PersonEvent::NotToBeFoundDeclared { .. }
        | PersonEvent::NotToBeFoundLifted { .. } => None,
        PersonEvent::IdentifierAdded { .. }
        | PersonEvent::IdentifierExpired { .. }
        | PersonEvent::IdentifierSuperseded { .. }
        | PersonEvent::PersonIdentified { .. } => Some(Section::Identity),
        PersonEvent::PrivacyNoticeGiven { .. } | PersonEvent::EngagementProgressed { .. } => {
            Some(Section::Path)
        }
        PersonEvent::HousingSituationRecorded { .. }
        | PersonEvent::HousingSituationCorrected { .. } => Some(Section::Housing),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;
    use trama_events::codes::{Ethos, Gender, IdentityStatus, Purpose};
    use trama_events::ids::{ServiceId, StaffId};
    use trama_events::intake::EngagementStage;
    use trama_events::short_code::ShortCode;
    use trama_platform::permit::{
        Asking, Circumstances, Part, Past, Policies, Relation, Subject, Worker,
    };
    use uuid::Uuid;

    use super::*;

    const ANA: PersonId = PersonId(Uuid::from_u128(1));
    const DESK: ServiceId = ServiceId(Uuid::from_u128(2));
    /// The reader's own body.
    const OWN: OrganisationId = OrganisationId(Uuid::from_u128(3));
    const OTHER: OrganisationId = OrganisationId(Uuid::from_u128(4));
    const THIRD: OrganisationId = OrganisationId(Uuid::from_u128(5));
    const DAY: Date = date!(2025 - 01 - 08);
    const STAGE: EngagementStage = EngagementStage::Talking;

    fn open(role: Role, past: Past) -> Sections {
        let worker = Worker {
            staff: StaffId(Uuid::from_u128(6)),
            organisation: OWN,
            role,
            part: Part::of(role, None),
            services: [DESK].into(),
            suspended: false,
            second_factor: true,
        };
        let circumstances = Circumstances {
            purpose: Some(Purpose::Care),
            relations: [Relation::CaseManager].into(),
            past,
            ..Circumstances::default()
        };
        let subject = Subject::new(ANA);
        Policies::load().unwrap().sections(&Asking { worker, subject, circumstances })
    }

    fn obscured(entries: &[(u32, OrganisationId)]) -> Past {
        let id = |number: u32| event_id(Context::Intake, "person", ANA.0, i64::from(number));
        let obscured_entries = entries.iter().map(|(number, by)| (id(*number), *by)).collect();
        Past { obscured_entries, ..Past::default() }
    }

    fn ethos(code: &str) -> Ethos {
        code.parse().unwrap()
    }

    fn slept(code: &str) -> PersonEvent {
        PersonEvent::HousingSituationRecorded { ethos: ethos(code) }
    }

    fn corrected(corrects: u32, code: &str) -> PersonEvent {
        PersonEvent::HousingSituationCorrected { corrects, ethos: ethos(code) }
    }

    fn notice() -> PersonEvent {
        PersonEvent::PrivacyNoticeGiven { language: "it".into() }
    }

    fn engaged() -> PersonEvent {
        PersonEvent::EngagementProgressed { stage: STAGE }
    }

    fn registered() -> PersonEvent {
        PersonEvent::PersonRegistered {
            person: ANA,
            code: ShortCode::candidate(ANA.0, 0),
            status: IdentityStatus::Declared,
            service: DESK,
            birth_year: None,
            gender: Gender::Unknown,
            language: None,
        }
    }

    /// A record that the other body registered, and what was written in it then.
    fn record(more: &[(OrganisationId, PersonEvent)]) -> Vec<Said> {
        let first = [(OTHER, registered())];
        let numbered = (1..).zip(first.into_iter().chain(more.iter().cloned()));
        let role = Some(Role::InfoDesk);
        numbered
            .map(|(number, (organisation, event))| Said {
                number,
                event,
                organisation,
                role,
                on: DAY,
            })
            .collect()
    }

    fn housing(person: &Person) -> Vec<(u32, Ethos)> {
        person.housing.iter().map(|(number, said)| (*number, said.ethos)).collect()
    }

    #[test]
    fn what_was_moved_away_is_not_there_and_the_other_entries_keep_their_numbers() {
        let said = record(&[
            (OWN, slept("1.1")),
            (OWN, corrected(2, "2.1")),
            (OTHER, corrected(3, "3.1")),
            (OWN, engaged()),
            (OWN, slept("9.1")),
        ]);
        let all = open(Role::CaseManager, Past::default());
        let seen = Person::seen(ANA, said, &[2, 5].into(), &all);
        assert_eq!(housing(&seen), [(6, ethos("9.1"))], "with its corrections");
        assert_eq!((seen.engagement, seen.sequence), (None, 6));
    }

    #[test]
    fn an_obscured_housing_situation_goes_with_the_corrections_of_it_threat_4() {
        let said = record(&[
            (OTHER, slept("1.1")),
            (OTHER, corrected(2, "2.1")),
            (OTHER, corrected(3, "3.1")),
            (OTHER, slept("9.1")),
        ]);
        let open = open(Role::CaseManager, obscured(&[(2, OTHER)]));
        let seen = Person::seen(ANA, said, &BTreeSet::new(), &open);
        assert_eq!(housing(&seen), [(5, ethos("9.1"))]);
    }

    #[test]
    fn an_obscured_step_or_notice_leaves_what_was_true_before_it_threat_4() {
        let before = PersonEvent::EngagementProgressed { stage: EngagementStage::Seen };
        let said = || record(&[(THIRD, before.clone()), (OTHER, engaged()), (OTHER, notice())]);
        let nothing = BTreeSet::new();
        let open = |past| open(Role::CaseManager, past);
        let hidden = open(obscured(&[(3, OTHER), (4, OTHER)]));
        let seen = Person::seen(ANA, said(), &nothing, &hidden);
        assert_eq!((seen.engagement, seen.notices.len()), (Some(EngagementStage::Seen), 0));
        let seen = Person::seen(ANA, said(), &nothing, &open(Past::default()));
        assert_eq!((seen.engagement, seen.notices.len()), (Some(STAGE), 1));
    }

    #[test]
    fn who_wrote_what_she_obscured_sees_it_as_before() {
        let said = record(&[(OWN, slept("1.1")), (OWN, engaged()), (OTHER, corrected(2, "2.1"))]);
        let open = open(Role::CaseManager, obscured(&[(2, OWN), (3, OWN)]));
        let seen = Person::seen(ANA, said, &BTreeSet::new(), &open);
        assert_eq!(housing(&seen), [(2, ethos("1.1"))], "what another built on it is the other's");
        assert_eq!(seen.engagement, Some(STAGE));
    }

    #[test]
    fn all_that_an_obscured_service_wrote_is_gone_and_nothing_of_another_body() {
        let lawful = PersonEvent::PersonIdentified { lawful_stay: Some(true) };
        let said = record(&[
            (OTHER, lawful),
            (OTHER, engaged()),
            (OTHER, slept("1.1")),
            (THIRD, slept("2.1")),
            (THIRD, notice()),
        ]);
        let service = ServiceId(Uuid::from_u128(9));
        let past = Past { obscured_services: [(service, OTHER)].into(), ..Past::default() };
        let open = open(Role::CaseManager, past);
        let seen = Person::seen(ANA, said, &BTreeSet::new(), &open);
        assert_eq!((seen.engagement, seen.lawful_stay, seen.identified), (None, None, true));
        assert_eq!((housing(&seen), seen.notices.len()), (vec![(5, ethos("2.1"))], 1));
    }

    #[test]
    fn an_obscured_registration_takes_nothing_else_with_it() {
        let said = record(&[(THIRD, slept("1.1")), (OTHER, engaged())]);
        let open = open(Role::CaseManager, obscured(&[(1, OTHER)]));
        let seen = Person::seen(ANA, said, &BTreeSet::new(), &open);
        assert!(seen.registration.is_some());
        assert_eq!((seen.housing.len(), seen.engagement), (1, Some(STAGE)));
    }

    #[test]
    fn what_minors_workers_wrote_of_her_childhood_is_there_by_her_decision_alone_c5() {
        let said = |by| {
            let mut said = record(&[
                (by, slept("1.1")),
                (by, engaged()),
                (by, PersonEvent::PersonIdentified { lawful_stay: Some(true) }),
            ]);
            for written in &mut said[1..] {
                written.role = Some(Role::MinorsWorker);
            }
            said.push(Said { number: 5, event: slept("9.1"), ..said[0].clone() });
            said
        };
        let born = |of_age_on, childhood_open| Past {
            of_age_on: Some(of_age_on),
            childhood_open,
            ..Past::default()
        };
        let seen = |by, role, past| {
            let seen = Person::seen(ANA, said(by), &BTreeSet::new(), &open(role, past));
            (seen.housing.len(), seen.engagement, seen.lawful_stay, seen.identified)
        };
        let (after, nothing) = (date!(2025 - 01 - 09), (1, None, None, true));
        let all = (2, Some(STAGE), Some(true), true);
        let manager = Role::CaseManager;
        assert_eq!(seen(OTHER, manager, born(after, false)), nothing, "an adult service's stays");
        assert_eq!(seen(OWN, manager, born(after, false)), nothing, "of the same body, too");
        assert_eq!(seen(OTHER, manager, born(after, true)), all, "she decided so");
        assert_eq!(seen(OTHER, manager, born(DAY, false)), all, "of age, as anybody else");
        assert_eq!(seen(OWN, Role::MinorsWorker, born(after, false)), all, "who wrote it");
    }
}
