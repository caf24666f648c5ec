use std::collections::BTreeSet;
use std::sync::LazyLock;

use cedar_policy::{Context, Entities, Request, Schema};
use proptest::prelude::*;
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
            let alone = policies.may(&asking, Use::Read, &record);
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
