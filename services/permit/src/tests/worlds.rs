//! Random but possible situations.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use strum::VariantArray;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, StaffId};
use trama_events::referrals::ConsentScope;

use crate::asking::{Agreement, Asking, Circumstances, Guard, Record, Relation, Subject, Worker};
use crate::part::Part;
use crate::past::Past;

/// Three organisations with two services each; the worker acts for the first of the first.
pub(super) fn organisation(number: u8) -> OrganisationId {
    OrganisationId::derived(&["organisation", &number.to_string()])
}

/// A service of that organisation.
pub(super) fn service(organisation: u8, number: u8) -> ServiceId {
    ServiceId::derived(&["service", &organisation.to_string(), &number.to_string()])
}

/// Somebody of the first organisation.
pub(super) fn worker(part: Part) -> Worker {
    Worker {
        staff: StaffId::derived(&["ana"]),
        organisation: organisation(0),
        role: Role::CaseManager,
        part,
        services: BTreeSet::from([service(0, 0)]),
        suspended: false,
        second_factor: true,
    }
}

/// An adult.
pub(super) fn rosa() -> Subject {
    Subject::new(PersonId::derived(&["rosa"]))
}

fn any_of<T: VariantArray + Copy + std::fmt::Debug + 'static>() -> impl Strategy<Value = T> {
    select(T::VARIANTS)
}

fn some_of<T>(at_most: usize) -> impl Strategy<Value = BTreeSet<T>>
where
    T: VariantArray + Copy + Ord + std::fmt::Debug + 'static,
{
    subsequence(T::VARIANTS, 0..=at_most).prop_map(|list| list.into_iter().collect())
}

prop_compose! {
    fn subjects()(
        minor in any::<bool>(),
        guard in prop_oneof![
            3 => Just(Guard::Open),
            1 => Just(Guard::Guarded { keeper: None }),
            1 => (0..2u8).prop_map(|n| Guard::Guarded { keeper: Some(organisation(n)) }),
        ],
        sealed_by in prop_oneof![
            4 => Just(None),
            1 => (0..2u8).prop_map(|n| Some(service(n, 0))),
        ],
    ) -> Subject {
        Subject { minor, guard, sealed_by, ..rosa() }
    }
}

prop_compose! {
    fn agreements()(
        holder in 1..3u8,
        sections in some_of::<Section>(6),
        purpose in any_of::<Purpose>(),
    ) -> Agreement {
        Agreement { holder: organisation(holder), sections, purpose }
    }
}

prop_compose! {
    fn pasts()(
        childhood_open in any::<bool>(),
        obscured in prop::collection::btree_set((0..3u8, 0..2u8), 0..3),
    ) -> Past {
        let obscured = obscured.into_iter();
        let obscured_services =
            obscured.map(|(by, number)| (service(by, number), organisation(by))).collect();
        Past { childhood_open, obscured_services, ..Past::default() }
    }
}

prop_compose! {
    fn circumstances()(
        purpose in prop_oneof![
            1 => Just(None), 3 => Just(Some(Purpose::Care)), 1 => any_of().prop_map(Some),
        ],
        relations in some_of::<Relation>(3),
        consents in some_of::<ConsentScope>(4),
        forced in prop::bool::weighted(0.2),
        agreements in prop::collection::vec(agreements(), 0..3),
        handed_over in some_of::<Section>(6),
        past in pasts(),
    ) -> Circumstances {
        Circumstances { purpose, relations, consents, forced, agreements, handed_over, past }
    }
}

prop_compose! {
    /// Any worker with any person.
    pub(super) fn askings()(
        part in any_of::<Part>(),
        second_factor in prop::bool::weighted(0.8),
        subject in subjects(),
        circumstances in circumstances(),
    ) -> Asking {
        let worker = Worker { second_factor, ..worker(part) };
        Asking { worker, subject, circumstances }
    }
}

prop_compose! {
    /// Something that one of the organisations wrote, by one of its services or by none.
    pub(super) fn records()(
        section in any_of::<Section>(),
        by in 0..3u8,
        service_number in prop::option::of(0..2u8),
        obscured in prop::bool::weighted(0.3),
    ) -> Record {
        let service = service_number.map(|number| service(by, number));
        Record { section, organisation: organisation(by), service, obscured }
    }
}
