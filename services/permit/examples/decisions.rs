//! How long decisions take, with the entities they are made of: one line of JSON, microseconds.
//!
//! `cargo run --release -p trama-permit --example decisions`

use std::collections::BTreeSet;
use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use strum::VariantArray;
use trama_events::codes::{Purpose, Role, Section};
use trama_events::ids::{OrganisationId, PersonId, ServiceId, StaffId};
use trama_permit::{
    Agreement, Asking, Circumstances, Part, Policies, Record, Relation, Subject, Use, Worker,
};

const DECISIONS: usize = 50_000;
const PAGES: usize = 2_000;

fn asking(role: Role, relations: &[Relation]) -> Asking {
    let worker = Worker {
        staff: StaffId::derived(&["ana"]),
        organisation: OrganisationId::derived(&["comune"]),
        role,
        part: Part::of(role, None),
        services: (0..4).map(|n: u8| ServiceId::derived(&[&n.to_string()])).collect(),
        suspended: false,
        second_factor: true,
    };
    let agreement = Agreement {
        holder: OrganisationId::derived(&["asl"]),
        sections: BTreeSet::from([Section::CarePlan, Section::Health]),
        purpose: Purpose::Care,
    };
    let circumstances = Circumstances {
        purpose: Some(Purpose::Care),
        relations: relations.iter().copied().collect(),
        agreements: vec![agreement],
        ..Circumstances::default()
    };
    let subject = Subject::new(PersonId::derived(&["rosa"]));
    Asking { worker, subject, circumstances }
}

fn timed(rounds: usize, mut work: impl FnMut(usize)) -> Vec<Duration> {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|round| {
            let begun = Instant::now();
            work(round);
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times
}

fn micros(times: &[Duration], percent: usize) -> u128 {
    times.get(times.len() * percent / 100).map_or(0, Duration::as_micros)
}

fn main() -> Result<(), Box<dyn Error>> {
    let policies = Policies::load()?;
    let askings = [
        asking(Role::CaseManager, &[Relation::CaseManager]),
        asking(Role::CaseManager, &[]),
        asking(Role::InfoDesk, &[Relation::OwnRecord]),
        asking(Role::FacilityOperator, &[Relation::Stay, Relation::OwnRecord]),
    ];
    let decisions = timed(DECISIONS, |round| {
        let asking = &askings[round % askings.len()];
        let record = Record {
            section: Section::VARIANTS[round % Section::VARIANTS.len()],
            organisation: OrganisationId::derived(&["asl"]),
            service: None,
            obscured: false,
        };
        black_box(policies.may(asking, Use::Read, &record));
    });
    let pages = timed(PAGES, |round| {
        black_box(policies.sections(&askings[round % askings.len()]));
    });
    writeln!(
        std::io::stdout(),
        "{{\"decision_p50_us\":{},\"decision_p99_us\":{},\"page_p50_us\":{},\"page_p99_us\":{}}}",
        micros(&decisions, 50),
        micros(&decisions, 99),
        micros(&pages, 50),
        micros(&pages, 99),
    )?;
    Ok(())
}
