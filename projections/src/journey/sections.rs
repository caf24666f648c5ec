//! Which class of a person's data each fact of a journey is (domain §6), and what of it a reader
//! sees. What she may not see is not there: no entry, no span, no count.

use std::collections::{HashMap, HashSet};

use trama_events::Context;
use trama_events::codes::{Section, ServiceType};
use trama_events::envelope::event_id;
use trama_events::ids::{OrganisationId, ServiceId};
use trama_platform::permit::{Sections, Wrote};
use uuid::Uuid;

use super::view::{Names, Told};

/// Every class that a journey may be asked for.
pub const SECTIONS: [Section; 19] = [
    Section::Identity,
    Section::Alias,
    Section::Language,
    Section::Requests,
    Section::Path,
    Section::Needs,
    Section::Safety,
    Section::Housing,
    Section::Food,
    Section::Labour,
    Section::Project,
    Section::Means,
    Section::Diary,
    Section::Health,
    Section::CarePlan,
    Section::Csm,
    Section::Minors,
    Section::Court,
    Section::Status,
];

/// Fields of a detail that are of another class than their fact.
const FIELDS: [(&str, Section); 8] = [
    ("need", Section::Needs),
    ("needs", Section::Needs),
    ("need_met", Section::Needs),
    ("lawful_stay", Section::Status),
    ("language", Section::Language),
    ("non_self_sufficient", Section::Health),
    ("reason", Section::Needs),
    // That she agrees to what a mental-health centre may tell says that she is there.
    ("scope", Section::Health),
];

/// The facts that a reader sees, each without what she does not see of it.
pub(super) fn permitted(told: Vec<Told>, names: &Names, open: &Sections) -> Vec<Told> {
    let types = referral_types(&told);
    let sealed = sealed(&told, names);
    let obscured = obscured(&told, open);
    let own = own_work(&told, &obscured, open);
    let childhood = childhood(&told, names, open);
    let seen = told.into_iter().filter_map(|fact| {
        let confidential = sealed.contains(&fact.aggregate) || fact.is_confidential(names);
        let wrote = wrote(&fact, obscured.contains(&fact.id()));
        let kept = !confidential || open.is_inside(wrote.organisation);
        let is_own = own.contains(&fact.aggregate);
        let sender = sender(&fact).map(|from| Wrote { service: Some(from), ..wrote });
        let hides = |section| {
            open.hides(section, &wrote)
                || sender.as_ref().is_some_and(|sender| open.hides(section, sender))
        };
        let shows = |section| (is_own || !hides(section)) && open.reaches(section, &wrote);
        let class = class(&fact, &types);
        let of_childhood = childhood.contains(&fact.id()) && !stays(&fact, class, open);
        if kept && shows(if of_childhood { Section::Minors } else { class }) {
            return Some(without(fact, shows));
        }
        let registered = is_registration(&fact) && open.reads(Section::Path);
        registered.then(|| anywhere(without(fact, |section| open.reads(section))))
    });
    seen.collect()
}

/// The service that wrote a referral, which stands there under the one to which it goes.
fn sender(fact: &Told) -> Option<ServiceId> {
    let from = fact.code("from").filter(|_| fact.kind == "referral_created");
    from.and_then(|from| from.parse().ok())
}

fn wrote(fact: &Told, obscured: bool) -> Wrote {
    Wrote {
        organisation: OrganisationId(fact.organisation.unwrap_or_default()),
        service: fact.service.map(ServiceId),
        obscured,
    }
}

/// Facts of the entries that the person obscured, each with what was built on it: an entry is named
/// by its own event, by the first one of its aggregate, or by the one that it corrects. A person's
/// record is no entry: her registration names nothing that others wrote since.
fn obscured(told: &[Told], open: &Sections) -> HashSet<String> {
    let corrected: HashMap<(Uuid, i64), i64> = told
        .iter()
        .filter_map(|fact| Some(((fact.aggregate, fact.sequence), fact.corrects?)))
        .collect();
    let named = |fact: &Told, sequence| {
        open.is_obscured(&event_id(fact.context, &fact.aggregate_type, fact.aggregate, sequence))
    };
    let is_obscured = |fact: &&Told| {
        let mut sequence = fact.sequence;
        while !named(fact, sequence) {
            match corrected.get(&(fact.aggregate, sequence)).filter(|before| **before < sequence) {
                Some(before) => sequence = *before,
                None => return fact.aggregate_type != "person" && named(fact, 1),
            }
        }
        true
    };
    told.iter().filter(is_obscured).map(Told::id).collect()
}

/// Referrals that the reader's services sent or received, and cases that they hold, with all that
/// followed: she goes on with her own work, whatever was obscured of it. What was obscured as an
/// entry is there for the whole body that wrote it.
fn own_work(told: &[Told], obscured: &HashSet<String>, open: &Sections) -> HashSet<Uuid> {
    let begins = told
        .iter()
        .filter(|fact| ["referral_created", "case_opened"].contains(&fact.kind.as_str()));
    let is_own = |fact: &&Told| {
        let named = ["from", "to"].iter().filter_map(|end| fact.code(end)?.parse().ok());
        let party = named.chain(fact.service).any(|service| open.acts_for(ServiceId(service)));
        let wrote = wrote(fact, false);
        let body = open.is_inside(wrote.organisation) && !open.hides(Section::Path, &wrote);
        party || (body && obscured.contains(&fact.id()))
    };
    begins.filter(is_own).map(|fact| fact.aggregate).collect()
}

/// That somebody has a record is no secret; that a confidential service made it is one.
fn is_registration(fact: &Told) -> bool {
    fact.kind == "person_registered"
}

fn anywhere(fact: Told) -> Told {
    Told { organisation: None, service: None, role: None, ..fact }
}

/// Referrals from or to a confidential service: a later event does not repeat between whom it is.
pub(super) fn sealed(told: &[Told], names: &Names) -> HashSet<Uuid> {
    let of_referral = told.iter().filter(|fact| fact.aggregate_type == "referral");
    let sealing = of_referral.filter(|fact| fact.is_confidential(names));
    sealing.map(|fact| fact.aggregate).collect()
}

fn without(mut fact: Told, shows: impl Fn(Section) -> bool) -> Told {
    let of_another = |field: &str| FIELDS.iter().find(|(name, _)| *name == field);
    fact.detail.retain(|field, _| of_another(field).is_none_or(|(_, section)| shows(*section)));
    if !shows(Section::Housing) {
        fact.ethos = None;
        fact.detail.remove("ethos");
    }
    fact
}

/// What a service for children did for somebody who is of age now: a part of her childhood, of whatever
/// class it was then. What began there, a case or a stay, is one to its end. A person's record is no work.
fn childhood(told: &[Told], names: &Names, open: &Sections) -> HashSet<String> {
    let is_then = |fact: &&Told| open.is_childhood(fact.happened_on) && names.is_for_children(fact);
    let of_work = |fact: &&Told| fact.aggregate_type != "person";
    let begun: HashSet<Uuid> =
        told.iter().filter(of_work).filter(is_then).map(|fact| fact.aggregate).collect();
    told.iter()
        .filter(|fact| begun.contains(&fact.aggregate) || is_then(fact))
        .map(Told::id)
        .collect()
}

/// What a minors' worker wrote in the name of no service is not sealed where it says who she is, by
/// which others go on helping her, nor for the minors' services of the body that wrote it.
fn stays(fact: &Told, class: Section, open: &Sections) -> bool {
    let own = open.open().get(&Section::Minors).is_some_and(|reach| reach.own);
    let inside = open.is_inside(OrganisationId(fact.organisation.unwrap_or_default()));
    fact.service.is_none() && (class == Section::Identity || (own && inside))
}

pub(super) fn class(fact: &Told, types: &HashMap<Uuid, ServiceType>) -> Section {
    match fact.context {
        Context::Intake | Context::Identity | Context::Directory => of_intake(fact),
        Context::Casework => of_casework(&fact.kind),
        Context::Housing => Section::Housing,
        Context::Food => Section::Food,
        Context::Referrals if fact.kind == "health_agreement_recorded" => Section::Health,
        Context::Referrals => {
            types.get(&fact.aggregate).map_or(Section::Path, |kind| of_referral(*kind))
        }
    }
}

fn of_intake(fact: &Told) -> Section {
    match fact.kind.as_str() {
        "identifier_added"
        | "identifier_expired"
        | "identifier_superseded"
        | "person_identified"
        | "persons_linked"
        | "persons_unlinked" => Section::Identity,
        "alias_recorded" => Section::Alias,
        "housing_situation_recorded" | "housing_situation_corrected" => Section::Housing,
        "emergency_reported" | "emergency_assessed" | "unit_dispatched" | "emergency_closed" => {
            Section::Safety
        }
        "service_delivered" => {
            let kind = fact.code("service_type").and_then(|code| code.parse().ok());
            kind.and_then(of_service).unwrap_or(Section::Path)
        }
        _ => Section::Path,
    }
}

fn of_casework(kind: &str) -> Section {
    match kind {
        "case_opened"
        | "case_manager_assigned"
        | "team_member_added"
        | "team_member_removed"
        | "case_closed" => Section::Path,
        "assessment_recorded" => Section::Diary,
        "eligibility_fact_recorded" => Section::Means,
        "uvm_convened" | "uvm_cancelled" | "care_plan_approved" => Section::CarePlan,
        "guardian_appointed" | "guardianship_ended" => Section::Court,
        _ => Section::Project,
    }
}

/// The class of a referral to a service of this type: that she was sent to a mental-health centre is
/// a fact of her health, and the centre's own data are another class.
fn of_referral(kind: ServiceType) -> Section {
    let section = of_service(kind).unwrap_or(Section::Requests);
    if section == Section::Csm { Section::Health } else { section }
}

/// The class of what a service of this type does; `None` where that it met her says no more.
fn of_service(kind: ServiceType) -> Option<Section> {
    let health = [
        ServiceType::HealthDesk,
        ServiceType::Psychology,
        ServiceType::HealthGp,
        ServiceType::Hospital,
        ServiceType::HomeCare,
        ServiceType::ProtectedDischarge,
        ServiceType::Uvm,
    ];
    if kind == ServiceType::Csm {
        Some(Section::Csm)
    } else if health.contains(&kind) {
        Some(Section::Health)
    } else if [ServiceType::JobCentre, ServiceType::Training].contains(&kind) {
        Some(Section::Labour)
    } else {
        None
    }
}

/// Types of the receivers of referrals.
pub(super) fn referral_types(told: &[Told]) -> HashMap<Uuid, ServiceType> {
    let created = told.iter().filter(|fact| fact.kind == "referral_created");
    created
        .filter_map(|fact| Some((fact.aggregate, fact.code("service_type")?.parse().ok()?)))
        .collect()
}
