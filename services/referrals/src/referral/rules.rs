//! Rules of referrals, each a pure function with its source.

use time::{Duration, OffsetDateTime};
use trama_events::codes::{DatasetSection, NeedMet, ServiceType, Urgency};
use trama_events::referrals::ConsentScope;

/// When an answer is due for a referral sent at `now`.
///
/// Hours by type of the receiving service for an ordinary referral; a quarter of it, at least two
/// hours, when urgent; two hours when immediate, whatever the type. Source: proposed figures until
/// the steering board sets its own (domain §3.5, "SLA passed: expiry alert, never silence").
pub fn answer_by(to: ServiceType, urgency: Urgency, now: OffsetDateTime) -> OffsetDateTime {
    let ordinary_hours = answer_hours(to);
    let hours = match urgency {
        Urgency::Immediate => 2,
        Urgency::Urgent => (ordinary_hours / 4).max(2),
        Urgency::Ordinary => ordinary_hours,
    };
    now + Duration::hours(hours)
}

/// Ordinary hours to answer, by family of service.
fn answer_hours(to: ServiceType) -> i64 {
    match to.code() {
        "pis" | "outreach" => 4,
        "night_shelter" | "mobile_shelter" | "hub_beds" | "canteen" => 24,
        "first_reception" | "emergency_flat" | "parcel" | "store" | "hub" | "minors_service" => 72,
        "job_centre" | "training" | "nursery" | "threshold1" | "threshold2" | "temporary"
        | "housing_first" | "housing_led" => 14 * 24,
        _ => 7 * 24,
    }
}

/// Whether an outcome says that something was done. Source: domain §3.5, accepted is not served,
/// served is not need met.
pub(super) fn needs_a_visit(need_met: NeedMet) -> bool {
    match need_met {
        NeedMet::Yes | NeedMet::Partly => true,
        NeedMet::No => false,
    }
}

/// Whether a service meets nobody by name: its people come with a slip and leave with what they tell
/// themselves, and the shared log holds no referral from or to it. A secret shelter sends nobody by
/// name either: such a referral would say whose guest she is. Source: DPR 309/90 art. 120, domain §6,
/// ADR 19.
pub fn goes_by_slip(service_type: ServiceType) -> bool {
    service_type.is_confidential()
}

/// Whether nobody is sent there from outside, by slip or by name. Source: domain §3.3, a secret
/// shelter is reached by a project only; whoever is in danger gets a slip for the centre.
pub fn has_no_direct_access(service_type: ServiceType) -> bool {
    service_type == ServiceType::SecretShelter
}

/// Each section once, in the order of the code list.
pub(crate) fn each_once<T: Ord>(mut sections: Vec<T>) -> Vec<T> {
    sections.sort();
    sections.dedup();
    sections
}

/// The smallest set of data with which a service of this type can begin: who comes, and what that
/// service works on. The sender adds what the person wants known. Source: proposed, GDPR art. 5(1)(c);
/// the labour services never get the reason for a housing need (domain §6).
pub fn smallest_dataset(to: ServiceType) -> Vec<DatasetSection> {
    match to.code() {
        "canteen" | "parcel" | "store" | "mail" | "virtual_residence" | "luggage"
        | "shower_laundry" | "clothing" => {
            vec![DatasetSection::Identity]
        }
        "job_centre" | "training" => {
            vec![DatasetSection::Identity, DatasetSection::Contacts, DatasetSection::Labour]
        }
        "night_shelter" | "mobile_shelter" | "hub_beds" | "first_reception" | "emergency_flat"
        | "threshold1" | "threshold2" | "temporary" | "housing_first" | "housing_led" => {
            vec![DatasetSection::Identity, DatasetSection::Housing, DatasetSection::Needs]
        }
        _ => vec![DatasetSection::Identity, DatasetSection::Needs],
    }
}

/// What the person may agree to before she is sent to a service of this type, beside the sending
/// itself, which rests on no consent (domain §6).
pub fn agreement(to: ServiceType) -> Option<ConsentScope> {
    match to.code() {
        "csm" => Some(ConsentScope::Csm),
        "job_centre" | "training" => Some(ConsentScope::Labour),
        _ => None,
    }
}
