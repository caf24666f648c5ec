//! Given referrals and the directory, then the graph of a period.

#![cfg(test)]

mod harness;

use time::macros::{date, datetime};
use time::{Duration, OffsetDateTime};
use trama_events::codes::{
    DeclineReason, DeclinedBy, NeedCode, NeedMet, NextStep, OrganisationKind, ServiceType, Urgency,
};
use trama_events::directory::{OrganisationEvent, ServiceEvent};
use trama_events::ids::{Ats, OrganisationId, PersonId, ReferralId, ServiceId};
use trama_events::referrals::{ReferralEvent, WithdrawalReason};
use trama_projections::indicators::{Level, Period, Scope};
use trama_projections::network::{Edge, Graph, Network, graph, last_year, listed_services};

use harness::{History, World, id};

const SENT_AT: OffsetDateTime = datetime!(2025-01-10 09:00 UTC);
const WINTER: Period = Period { from: date!(2025 - 01 - 01), to: date!(2025 - 02 - 28) };
const SEEN: ReferralEvent = ReferralEvent::ReferralSeen {};
const ACCEPTED: ReferralEvent = ReferralEvent::ReferralAccepted {};
const VISITED: ReferralEvent = ReferralEvent::FirstVisitHeld {};
const EXPIRED: ReferralEvent = ReferralEvent::ReferralExpired {};
const MET: ReferralEvent = ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Yes };
const PARTLY: ReferralEvent = ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Partly };
const WITHDRAWN: ReferralEvent =
    ReferralEvent::ReferralWithdrawn { reason: WithdrawalReason::Mistake };
const FULL: ReferralEvent = ReferralEvent::ReferralDeclined {
    reason: DeclineReason::NoCapacity,
    next_step: NextStep::RetryLater,
    by: DeclinedBy::Service,
    elsewhere: None,
};

fn scope() -> Scope {
    Scope { period: WINTER, ats: None, protected: false }
}

fn network() -> History {
    let mut history = History::starting(SENT_AT - Duration::days(100));
    let registered = OrganisationEvent::OrganisationRegistered {
        organisation: OrganisationId(id("comune")),
        name: "Comune".into(),
        kind: OrganisationKind::Municipality,
        ats: Ats::try_new("bari").unwrap(),
    };
    history.record(id("comune"), None, &registered);
    let services = [
        ("hub", ServiceType::Hub, "bari"),
        ("csm", ServiceType::Csm, "bari"),
        ("cpi", ServiceType::JobCentre, "corato"),
        ("serd", ServiceType::Serd, "bari"),
        ("refuge", ServiceType::SecretShelter, "corato"),
    ];
    for (name, service_type, ats) in services {
        let event = ServiceEvent::ServiceRegistered {
            service: ServiceId(id(name)),
            organisation: OrganisationId(id("comune")),
            name: format!("Servizio {name}"),
            service_type,
            ats: Ats::try_new(ats).unwrap(),
            municipality: None,
            low_threshold: false,
        };
        history.record(id(name), None, &event);
    }
    history
}

/// A referral sent at a moment, then each event a day after the one before.
fn referral(
    history: &mut History,
    from: (&str, ServiceType),
    to: (&str, ServiceType),
    sent_at: OffsetDateTime,
    then: &[ReferralEvent],
) {
    let number = history.events.len();
    let referral = id(&format!("referral {number}"));
    let person = PersonId(id(&format!("person {number}")));
    let created = ReferralEvent::ReferralCreated {
        referral: ReferralId(referral),
        person,
        from: ServiceId(id(from.0)),
        from_type: from.1,
        to: ServiceId(id(to.0)),
        service_type: to.1,
        need: NeedCode::Housing,
        urgency: Urgency::Ordinary,
        dataset: vec![],
        directory_read_to: 0,
    };
    let sent = ReferralEvent::ReferralSent { answer_by: sent_at + Duration::days(5) };
    history.at(sent_at).record(referral, Some(person), &created).record(
        referral,
        Some(person),
        &sent,
    );
    let mut at = sent_at;
    for event in then {
        at += Duration::days(1);
        history.at(at).record(referral, Some(person), event);
    }
}

fn edge<'a>(graph: &'a Graph, from: &str, to: &str) -> &'a Edge {
    let node = |name: &str| if name == "external" { name.to_owned() } else { id(name).to_string() };
    let (from, to) = (node(from), node(to));
    graph.edges.iter().find(|edge| edge.from == from && edge.to == to).unwrap()
}

const HUB: (&str, ServiceType) = ("hub", ServiceType::Hub);
const REFUGE: (&str, ServiceType) = ("refuge", ServiceType::SecretShelter);
const CSM: (&str, ServiceType) = ("csm", ServiceType::Csm);
const CPI: (&str, ServiceType) = ("cpi", ServiceType::JobCentre);
const SERD: (&str, ServiceType) = ("serd", ServiceType::Serd);

#[tokio::test]
async fn an_edge_tells_accepted_from_visited_from_met_and_how_long_answers_took_i25() {
    let world = World::start().await;
    let mut history = network();
    referral(&mut history, HUB, CSM, SENT_AT, &[SEEN, ACCEPTED, VISITED, MET]);
    referral(&mut history, HUB, CSM, SENT_AT, &[ACCEPTED, VISITED, PARTLY]);
    referral(&mut history, HUB, CSM, SENT_AT, &[SEEN, SEEN, FULL]);
    referral(&mut history, HUB, CSM, SENT_AT, &[EXPIRED]);
    referral(&mut history, HUB, CSM, datetime!(2025-01-31 23:30 UTC), &[WITHDRAWN]);
    referral(&mut history, HUB, CSM, datetime!(2025-02-28 23:30 UTC), &[ACCEPTED]);
    referral(&mut history, CPI, CSM, SENT_AT, &[]);
    world.fold(&Network, &history.events).await;

    let found = graph(&world.reads.pool, &scope(), 1, 500).await.unwrap();
    let to_csm = edge(&found, "hub", "csm");
    assert_eq!((to_csm.sent, to_csm.seen, to_csm.accepted), (Some(5), Some(2), Some(2)));
    assert_eq!((to_csm.declined, to_csm.declined_by["no_capacity"]), (Some(1), Some(1)));
    assert_eq!((to_csm.expired, to_csm.withdrawn, to_csm.open), (Some(1), Some(1), Some(0)));
    assert_eq!(
        (to_csm.first_visit_held, to_csm.need_met.yes, to_csm.need_met.partly),
        (Some(2), Some(1), Some(1))
    );
    assert_eq!(
        (to_csm.median_days, to_csm.p90_days),
        (Some(2.0), Some(2.8)),
        "answers after 2, 1 and 3 days"
    );
    assert_eq!(to_csm.acceptance_percent, Some(40.0));
    let months: Vec<_> =
        found.months.iter().map(|month| (month.month.as_str(), month.sent)).collect();
    assert_eq!(
        months,
        [("2025-01", Some(5)), ("2025-02", Some(1))],
        "a month begins at midnight in Rome"
    );
    assert_eq!((found.nodes.len(), found.level, found.suppressed), (3, Level::Metropolitan, false));
    assert_eq!(found.positions.len(), 2);
    let hub = found.nodes.iter().find(|node| node.id == id("hub").to_string()).unwrap();
    assert_eq!(
        (hub.name.as_deref(), hub.organisation_name.as_deref()),
        (Some("Servizio hub"), Some("Comune"))
    );

    let strong = graph(&world.reads.pool, &scope(), 2, 500).await.unwrap();
    assert_eq!((strong.edges.len(), strong.edges_left_out), (1, 1));
}

#[tokio::test]
async fn the_level_of_an_ats_holds_what_its_services_sent_r18() {
    let world = World::start().await;
    let mut history = network();
    referral(&mut history, HUB, CPI, SENT_AT, &[]);
    referral(&mut history, CPI, CSM, SENT_AT, &[]);
    world.fold(&Network, &history.events).await;
    let corato = Scope { ats: Some(Ats::try_new("corato").unwrap()), ..scope() };
    let found = graph(&world.reads.pool, &corato, 1, 500).await.unwrap();
    assert_eq!(found.edges.len(), 1);
    assert_eq!(edge(&found, "cpi", "csm").sent, Some(1));
}

#[tokio::test]
async fn a_confidential_service_is_never_a_node_and_its_small_counts_are_hidden_from_everybody() {
    let world = World::start().await;
    let mut history = network();
    for _ in 0..3 {
        referral(&mut history, HUB, SERD, SENT_AT, &[ACCEPTED]);
    }
    referral(&mut history, REFUGE, CSM, SENT_AT, &[]);
    referral(&mut history, HUB, ("not-in-the-directory-yet", ServiceType::Legal), SENT_AT, &[]);
    world.fold(&Network, &history.events).await;
    let found = graph(&world.reads.pool, &scope(), 1, 500).await.unwrap();
    let text = serde_json::to_string(&found).unwrap();
    for secret in
        ["serd", "refuge", "secret_shelter", &id("serd").to_string(), &id("refuge").to_string()]
    {
        assert!(!text.contains(secret), "{secret}");
    }
    assert_eq!(edge(&found, "hub", "external").sent, None);
    assert_eq!(edge(&found, "external", "csm").sent, None);
    assert_eq!(edge(&found, "hub", "external").months, None);
    assert!(
        found.months.iter().all(|month| month.sent == Some(0)),
        "months leave external services out"
    );
    let node = found.nodes.iter().find(|node| node.external).unwrap();
    assert_eq!((node.id.as_str(), &node.name, &node.service_type), ("external", &None, &None));
    let corato = Scope { ats: Some(Ats::try_new("corato").unwrap()), ..scope() };
    let found = graph(&world.reads.pool, &corato, 1, 500).await.unwrap();
    assert!(found.edges.is_empty(), "what a confidential service sends belongs to no ATS");
}

#[tokio::test]
async fn the_last_year_with_referrals_is_known_and_what_confidential_services_send_is_not_in_it() {
    let world = World::start().await;
    let mut history = network();
    referral(&mut history, HUB, CPI, datetime!(2023-12-31 22:30 UTC), &[]);
    referral(&mut history, CPI, HUB, datetime!(2024-06-01 09:00 UTC), &[]);
    referral(&mut history, HUB, SERD, SENT_AT, &[ACCEPTED]);
    referral(&mut history, REFUGE, CSM, SENT_AT, &[]);
    world.fold(&Network, &history.events).await;
    let pool = &world.reads.pool;
    let bari = Scope { ats: Some(Ats::try_new("bari").unwrap()), ..scope() };
    for (scope, day, year) in [
        (scope(), date!(2026 - 11 - 23), Some(2024)),
        (bari.clone(), date!(2026 - 11 - 23), Some(2023)),
        (bari.clone(), date!(2023 - 12 - 30), None),
        (bari, date!(2043 - 12 - 31), None),
    ] {
        assert_eq!(last_year(pool, &scope, day).await.unwrap(), year, "{scope:?} on {day}");
    }
}

#[tokio::test]
async fn a_referral_says_itself_which_of_its_ends_is_external() {
    let world = World::start().await;
    let mut history = network();
    // As the directory says, the mental-health centre is none of these.
    referral(&mut history, ("csm", ServiceType::Serd), CPI, SENT_AT, &[ACCEPTED]);
    referral(&mut history, HUB, ("csm", ServiceType::Serd), SENT_AT, &[ACCEPTED]);
    world.fold(&Network, &history.events).await;
    for ats in [None, Some("bari")] {
        let ats = ats.map(|ats| Ats::try_new(ats).unwrap());
        let found = graph(&world.reads.pool, &Scope { ats, ..scope() }, 1, 500).await.unwrap();
        assert!(!serde_json::to_string(&found).unwrap().contains(&id("csm").to_string()));
        assert_eq!(edge(&found, "hub", "external").sent, None);
        let sent = found.edges.iter().find(|edge| edge.from == "external");
        assert_eq!(sent.is_some(), found.ats.is_none(), "what it sends belongs to no ATS");
    }
}

#[tokio::test]
async fn cells_under_five_are_hidden_from_the_steering_board_with_a_second_one_of_the_sum() {
    let world = World::start().await;
    let mut history = network();
    for _ in 0..9 {
        referral(&mut history, HUB, CSM, SENT_AT, &[SEEN, ACCEPTED]);
    }
    for _ in 0..3 {
        referral(&mut history, HUB, CSM, SENT_AT, &[SEEN, FULL]);
    }
    for _ in 0..20 {
        referral(&mut history, CPI, CSM, SENT_AT, &[SEEN, ACCEPTED]);
    }
    referral(&mut history, CSM, CPI, SENT_AT, &[]);
    world.fold(&Network, &history.events).await;
    let protected = Scope { protected: true, ..scope() };
    let found = graph(&world.reads.pool, &protected, 1, 500).await.unwrap();
    assert!(found.suppressed);
    let small = edge(&found, "csm", "cpi");
    assert_eq!((small.sent, small.open, small.suppressed), (None, None, true));
    let declined = edge(&found, "hub", "csm");
    assert_eq!(
        (declined.declined, declined.accepted, declined.declined_by["no_capacity"]),
        (None, None, None)
    );
    assert_eq!((declined.median_days, declined.acceptance_percent), (None, None));
    let numbers = serde_json::to_value(&found.edges).unwrap().to_string();
    for small in [":1,", ":2,", ":3,", ":4,", ":1}", ":3}"] {
        assert!(!numbers.contains(small), "{small} in {numbers}");
    }
    let strong = graph(&world.reads.pool, &protected, 2, 500).await.unwrap();
    assert!(
        strong.edges.iter().all(|edge| edge.sent.is_some()),
        "a minimum does not uncover what is hidden"
    );
}

#[tokio::test]
async fn services_to_choose_stand_with_who_runs_them_and_none_is_confidential() {
    let world = World::start().await;
    world.fold(&Network, &network().events).await;
    let listed = listed_services(&world.reads.pool).await.unwrap();
    let names: Vec<_> =
        listed.iter().map(|it| (it.organisation_name.as_str(), it.name.as_str())).collect();
    let comune = |name| ("Comune", name);
    assert_eq!(names, ["Servizio cpi", "Servizio csm", "Servizio hub"].map(comune));
}
