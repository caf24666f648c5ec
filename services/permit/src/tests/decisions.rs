use std::collections::BTreeSet;
use std::sync::LazyLock;

use cedar_policy::{Context, Entities, Request, Schema};
use proptest::prelude::*;
use time::macros::date;
use trama_events::codes::{DatasetSection, Purpose, Section};
use trama_events::ids::StaffId;

use super::worlds::{askings, organisation, records, rosa, service, worker};
use crate::asking::{Agreement, Asking, Circumstances, Deed, Figure, Record, Relation, Use};
use crate::part::Part;
use crate::policies::Policies;
use crate::sections::{Wrote, handed_over};
use crate::sources::SCHEMA;

static POLICIES: LazyLock<Policies> = LazyLock::new(|| Policies::load().unwrap());

fn policies() -> &'static Policies {
    &POLICIES
}

fn asking(part: Part, relations: &[Relation]) -> Asking {
    let circumstances = Circumstances {
        purpose: Some(Purpose::Care),
        relations: relations.iter().copied().collect(),
        ..Circumstances::default()
    };
    Asking { worker: worker(part), subject: rosa(), circumstances }
}

fn by_another(section: Section) -> Record {
    Record { section, organisation: organisation(1), service: Some(service(1, 0)), obscured: false }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// Classes are decided instead of rows: the answer for a row must be the one it would get.
    #[test]
    fn what_is_decided_for_a_class_is_what_would_be_decided_for_each_row(
        asking in askings(),
        records in prop::collection::vec(records(), 40),
    ) {
        let policies = policies();
        let sections = policies.sections(&asking);
        for record in records {
            let Record { section, organisation, service, obscured } = record;
            let wrote = Wrote { organisation, service, obscured };
            let obscured = obscured || asking.circumstances.past.obscures(section, &wrote);
            let alone = policies.may(&asking, Use::Read, &Record { obscured, ..record });
            prop_assert_eq!(sections.shows(section, &wrote), alone.allowed, "{:?}", record);
        }
    }

    /// Entities are built without a check against the schema; here they are checked.
    #[test]
    fn what_is_built_from_plain_values_conforms_to_the_schema(
        asking in askings(), record in records(),
    ) {
        let policies = policies();
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).unwrap();
        let kinds = &policies.kinds;
        let (resource, entity) =
            kinds.record("asked", &record, &asking.circumstances).ok().unwrap();
        let [principal, person] = policies.people_of(&asking).ok().unwrap();
        let (figure, figure_entity) = kinds
            .figure(&Figure { worker: Some(asking.worker.staff), small_cells_hidden: true })
            .ok()
            .unwrap();
        let (who, whom) = (principal.uid(), person.uid());
        let entities = [principal, person, entity, figure_entity];
        prop_assert!(Entities::from_entities(entities, Some(&schema)).is_ok());
        let context = || kinds.context(&asking).ok().unwrap();
        for (action, resource, context) in [
            ("read", resource, context()),
            ("list", whom, context()),
            ("figure", figure, Context::empty()),
            ("audit", kinds.access_log(), Context::empty()),
        ] {
            let action = kinds.action(action);
            let request = Request::new(who.clone(), action, resource, context, Some(&schema));
            prop_assert!(request.is_ok(), "{:?}", request.err());
        }
    }
}

#[test]
fn a_decision_names_the_rules_that_made_it() {
    let policies = policies();
    let desk = asking(Part::SocialDesk, &[]);
    let seen = policies.may(&desk, Use::Read, &by_another(Section::Identity));
    assert_eq!((seen.allowed, seen.policies), (true, vec!["intake.desk".to_owned()]));
    let refused = policies.may(&desk, Use::Read, &by_another(Section::Diary));
    assert_eq!((refused.allowed, refused.policies), (false, vec!["intake.desk_never".to_owned()]));
    assert!(policies.may(&desk, Use::Read, &by_another(Section::Project)).policies.is_empty());
}

/// It may have been the rule that forbids.
#[test]
fn a_rule_that_cannot_be_evaluated_permits_nothing() {
    let broken = Policies::from_text(
        "@id(\"a\") permit (principal, action == Action::\"audit\", resource);
         @id(\"b\") forbid (principal, action == Action::\"audit\", resource)
         when { 9223372036854775807 + (if principal.suspended then 0 else 1) > 0 };",
    )
    .unwrap();
    assert!(!broken.may_audit(&worker(Part::Auditor)).allowed);
    assert!(policies().may_audit(&worker(Part::Auditor)).allowed);
}

#[test]
fn an_agreement_opens_its_holders_entries_for_its_purpose_and_no_others() {
    let policies = policies();
    let mut asking = asking(Part::CaseTeam, &[Relation::OwnRecord]);
    let sections = BTreeSet::from([Section::CarePlan]);
    let agreement = Agreement { holder: organisation(1), sections, purpose: Purpose::Care };
    asking.circumstances.agreements = vec![agreement];
    let shown = |asking: &Asking, holder: u8| {
        let wrote = Wrote { organisation: organisation(holder), service: None, obscured: false };
        policies.sections(asking).shows(Section::CarePlan, &wrote)
    };
    assert!(shown(&asking, 1));
    assert!(!shown(&asking, 2));
    assert!(!policies.sections(&asking).reads(Section::CarePlan));
    asking.circumstances.purpose = Some(Purpose::Emergency);
    assert!(!shown(&asking, 1));
    asking.circumstances.purpose = Some(Purpose::Care);
    asking.circumstances.relations.clear();
    assert!(!shown(&asking, 1));
}

#[test]
fn what_she_obscured_of_one_service_is_there_for_that_service_alone_c4() {
    let mut team = asking(Part::CaseTeam, &[Relation::CaseTeam]);
    let wrote = |by: u8, number: Option<u8>| Wrote {
        organisation: organisation(by),
        service: number.map(|number| service(by, number)),
        obscured: false,
    };
    let shown =
        |asking: &Asking, section, wrote| policies().sections(asking).shows(section, &wrote);
    for (by, number) in [(0, Some(1)), (1, Some(0)), (1, None)] {
        assert!(shown(&team, Section::Housing, wrote(by, number)), "before");
    }
    let past = &mut team.circumstances.past;
    past.obscured_services =
        [(service(0, 1), organisation(0)), (service(1, 0), organisation(1))].into();
    assert!(!shown(&team, Section::Housing, wrote(1, Some(0))));
    assert!(!shown(&team, Section::Housing, wrote(0, Some(1))), "a service of the same body");
    assert!(shown(&team, Section::Housing, wrote(0, Some(0))), "the reader's own");
    assert!(shown(&team, Section::Housing, wrote(1, Some(1))), "another of that body");
    assert!(!shown(&team, Section::Housing, wrote(1, None)), "of the body, nobody knows which");
    assert!(shown(&team, Section::Identity, wrote(1, None)), "her name is hers");
    team.circumstances.forced = true;
    assert!(!shown(&team, Section::Housing, wrote(1, Some(0))), "by break-glass either");
    team.worker.services = [service(0, 1)].into();
    assert!(shown(&team, Section::Housing, wrote(0, Some(1))), "who wrote it");
}

#[test]
fn an_obscured_entry_is_there_for_the_service_that_wrote_it_c4() {
    let team = asking(Part::CaseTeam, &[Relation::CaseTeam]);
    let sections = policies().sections(&team);
    let shown = |by: u8, number: Option<u8>| {
        let service = number.map(|number| service(by, number));
        sections.shows(
            Section::Needs,
            &Wrote { organisation: organisation(by), service, obscured: true },
        )
    };
    assert_eq!([shown(0, Some(0)), shown(0, None)], [true, true], "who wrote it");
    assert_eq!([shown(0, Some(1)), shown(1, Some(0)), shown(1, None)], [false, false, false]);
}

#[test]
fn her_childhood_opens_by_her_decision_alone_and_for_reading_alone_c5() {
    let hers = |childhood_open: bool, relations: &[Relation], part| {
        let mut asking = asking(part, relations);
        asking.circumstances.past.childhood_open = childhood_open;
        asking
    };
    let reads = |asking: &Asking| policies().sections(asking).reads(Section::Minors);
    for part in [Part::CaseTeam, Part::FacilityOperator, Part::LabourService] {
        assert!(!reads(&hers(false, &[Relation::CaseTeam], part)), "{part}");
        assert!(reads(&hers(true, &[Relation::CaseTeam], part)), "{part}");
        assert!(!reads(&hers(true, &[], part)), "{part}: who has nothing to do with her");
    }
    let opened = hers(true, &[Relation::CaseTeam], Part::CaseTeam);
    let written = by_another(Section::Minors);
    assert!(!policies().may(&opened, Use::Write, &written).allowed);
    assert!(!policies().may(&opened, Use::Export, &written).allowed);
    let tutor = hers(true, &[Relation::CaseTeam], Part::CareLeaverTutor);
    assert!(!reads(&tutor), "never, whatever she decides: the row of the table");
}

#[test]
fn her_childhood_ends_on_the_day_on_which_she_is_of_age_for_certain() {
    let mut team = asking(Part::CaseTeam, &[Relation::CaseTeam]);
    let childhood = |asking: &Asking, day| policies().sections(asking).is_childhood(day);
    assert!(!childhood(&team, date!(2010 - 01 - 01)), "nobody knows when she was born");
    team.circumstances.past.of_age_on = Some(date!(2024 - 01 - 01));
    assert!(childhood(&team, date!(2023 - 12 - 31)));
    assert!(!childhood(&team, date!(2024 - 01 - 01)));
    team.subject.minor = true;
    assert!(!childhood(&team, date!(2023 - 12 - 31)), "a child's record is sealed as a whole");
}

#[test]
fn only_the_declared_dataset_reaches_the_receiver_of_a_referral() {
    let mut lawyer = asking(Part::Lawyer, &[Relation::ReferralReceived]);
    let declared = [DatasetSection::Housing, DatasetSection::Health];
    lawyer.circumstances.handed_over = declared.into_iter().map(handed_over).collect();
    let sections = policies().sections(&lawyer);
    assert!(sections.reads(Section::Housing));
    assert!(!sections.reads(Section::Health), "never, whatever a sender declares");
    assert!(!sections.reads(Section::Needs));
}

#[test]
fn a_worker_without_relation_gets_nothing_and_the_rules_say_nothing_of_it() {
    let sections = policies().sections(&asking(Part::LabourService, &[]));
    assert!(sections.is_empty() && sections.open().is_empty() && sections.policies().is_empty());
    let listed = policies().may_with_person(&asking(Part::LabourService, &[]), Deed::List);
    assert!(!listed.allowed);
}

#[test]
fn no_figure_measures_a_worker_outside_her_own_page() {
    let policies = policies();
    let ana = worker(Part::CaseTeam);
    let of = |worker| Figure { worker, small_cells_hidden: false };
    assert!(policies.may_see_figure(&ana, &of(None)).allowed);
    assert!(policies.may_see_figure(&ana, &of(Some(ana.staff))).allowed);
    for part in [Part::CaseTeam, Part::PlanOffice, Part::SteeringBoard, Part::Auditor] {
        let figure = Figure { worker: Some(StaffId::derived(&["ben"])), small_cells_hidden: true };
        assert!(!policies.may_see_figure(&worker(part), &figure).allowed, "{part}");
    }
    assert!(!policies.may_see_figure(&worker(Part::SteeringBoard), &of(None)).allowed);
}
