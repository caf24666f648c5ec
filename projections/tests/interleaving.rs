//! A6: the rows of every model are the same for every interleaving of the contexts' logs.
//!
//! A model reads several logs, each in its order, in any order among them. Small logs are made at
//! random around a few people, places and services, so that the contexts speak of the same things;
//! they are woven at random, and given in batches of one context, as a follower gives them.

#![cfg(test)]

mod harness;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use time::macros::{date, datetime};
use time::{Date, Duration, OffsetDateTime};
use trama_events::casework::{
    CaseCloseReason, CaseEvent, ChargePlace, Marginality, ReadTo, Signatory,
};
use trama_events::codes::{
    Channel, Contract, DeclineReason, DeclinedBy, Destination, Gender, IdentityStatus, NeedCode,
    NeedMet, NextStep, OrganisationKind, Profession, Purpose, Recipient, Role, Section,
    ServiceType, Urgency,
};
use trama_events::directory::{
    AccessSuspensionReason, AgreementEvent, OrganisationEvent, ServiceEvent, StaffEvent,
};
use trama_events::envelope::Recorded;
use trama_events::food::{CardEvent, MealEvent, ParcelEvent};
use trama_events::housing::{
    AdmissionRoute, BlockReason, CapacityReason, FacilityEvent, HouseRules, NightEvent,
    ProjectSeen, StayEvent, StepDirection, StepReason, WaitingEndReason, WaitingEvent,
};
use trama_events::ids::{
    AgreementId, Ats, CardId, CaseId, ConsentId, ContactId, DeliveryId, EmergencyId, EncounterId,
    HouseholdId, LinkId, MealId, MembershipId, NightLedgerId, OrganisationId, ParcelId, PersonId,
    PlaceId, ReferralId, ServiceId, SiteId, StaffId, StayId, UnitId, WaitingId,
};
use trama_events::intake::{
    ContactEvent, DeliveryEvent, EmergencyEvent, EmergencyOutcome, EntryEvent, LinkEvent,
    LinkReason, OutreachEvent, PersonEvent, ReattributionReason, TriageOutcome, UnlinkReason,
};
use trama_events::referrals::{
    ConsentEvent, ConsentScope, ExternalState, ReferralEvent, WithdrawalReason,
};
use trama_events::short_code::ShortCode;
use trama_events::{Context, Event};
use trama_platform::follow::{Applied, Model, Read};
use trama_projections::models;

use harness::{History, Rows, World, id};
use sqlx::PgConnection;

const START: OffsetDateTime = datetime!(2025-01-08 20:00 UTC);
const DAY: Date = date!(2025 - 01 - 08);
const CASES: u32 = 4;
const PEOPLE: [&str; 4] = ["ana", "ana-again", "ben", "carla"];
const SERVICES: [(&str, ServiceType); 5] = [
    ("hub", ServiceType::Hub),
    ("shelter", ServiceType::NightShelter),
    ("csm", ServiceType::Csm),
    ("serd", ServiceType::Serd),
    ("refuge", ServiceType::SecretShelter),
];

/// One thing that happens: what, to whom, with whom else, how.
#[derive(Debug, Clone, Copy)]
struct Step {
    what: u8,
    who: usize,
    other: usize,
    how: u8,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u8..17, 0..PEOPLE.len(), 0..SERVICES.len(), 0_u8..6);
    vec(step.prop_map(|(what, who, other, how)| Step { what, who, other, how }), 4..14)
}

/// Whose turn it is among the logs, for some events in a row.
fn turns() -> impl Strategy<Value = Vec<usize>> {
    let turn = (0_usize..6, 3_usize..20).prop_map(|(log, times)| vec![log; times]);
    vec(turn, 24).prop_map(|turns| turns.concat())
}

/// A step as it is told to a history.
struct Telling<'a> {
    history: &'a mut History,
    step: Step,
    number: usize,
}

fn person(who: usize) -> PersonId {
    PersonId(id(PEOPLE[who % PEOPLE.len()]))
}

fn service(which: usize) -> ServiceId {
    ServiceId(id(SERVICES[which % SERVICES.len()].0))
}

fn place(number: usize) -> PlaceId {
    PlaceId(id(&format!("place {}", number % 3)))
}

fn night(number: usize) -> Date {
    DAY + Duration::days(i64::try_from(number).unwrap())
}

impl Telling<'_> {
    fn new_id(&self, kind: &str) -> uuid::Uuid {
        id(&format!("{kind} {}", self.number))
    }

    fn who(&self) -> PersonId {
        person(self.step.who)
    }

    fn tell(&mut self) {
        match self.step.what {
            0 => self.contact(),
            1 => self.delivery(),
            2 => self.encounter(),
            3 => self.emergency(),
            4 => self.link(),
            5 => self.situation(),
            6 => self.night(),
            7 => self.stay(),
            8 => self.wait(),
            9 => self.referral(),
            10 => self.food(),
            11 => self.case(),
            12 => self.capacity(),
            13 => self.directory(),
            14 => self.consent(),
            15 => self.team(),
            _ => self.entry(),
        }
    }

    fn contact(&mut self) {
        let (contact, person) =
            (self.new_id("contact"), Some(self.who()).filter(|_| self.step.how > 1));
        let event = ContactEvent::ContactRecorded {
            contact: ContactId(contact),
            service: service(self.step.other),
            channel: Channel::Desk,
            person,
            needs: vec![],
        };
        let triaged =
            ContactEvent::ContactTriaged { outcome: TriageOutcome::ServedAtOnce, needs: vec![] };
        self.history.record(contact, person, &event).record(contact, person, &triaged);
    }

    fn delivery(&mut self) {
        let delivery = self.new_id("delivery");
        let recipient =
            if self.step.how > 1 { Recipient::Person(self.who()) } else { Recipient::Anonymous(7) };
        let event = DeliveryEvent::ServiceDelivered {
            delivery: DeliveryId(delivery),
            service: service(self.step.other),
            service_type: SERVICES[self.step.other].1,
            recipient,
            minutes: None,
            outcome: None,
        };
        self.history.record(delivery, recipient.person(), &event);
    }

    fn encounter(&mut self) {
        let (encounter, person) =
            (self.new_id("encounter"), Some(self.who()).filter(|_| self.step.how > 1));
        let event = OutreachEvent::OutreachEncounterRecorded {
            encounter: EncounterId(encounter),
            service: service(self.step.other),
            person,
            ethos: "1.1".parse().unwrap(),
            quarter: None,
        };
        self.history.record(encounter, person, &event);
    }

    fn emergency(&mut self) {
        let (emergency, person) =
            (self.new_id("emergency"), Some(self.who()).filter(|_| self.step.how > 1));
        let reported = EmergencyEvent::EmergencyReported {
            emergency: EmergencyId(emergency),
            service: service(0),
            channel: Channel::PisLine,
            person,
            shelter_requested: self.step.how > 2,
            lone_child: false,
        };
        let closed = EmergencyEvent::EmergencyClosed {
            outcome: if self.step.how > 3 {
                EmergencyOutcome::Sheltered
            } else {
                EmergencyOutcome::HandedOver
            },
            handover: Some(service(self.step.other)),
            reason: None,
        };
        self.history.record(emergency, person, &reported).record(emergency, person, &closed);
    }

    fn link(&mut self) {
        let (canonical, other) =
            (self.step.who, (self.step.who + 1 + self.step.other % 3) % PEOPLE.len());
        let (one, two) = (canonical.min(other), canonical.max(other));
        let link = LinkId(id(&format!("link {one} {two}")));
        let (canonical, other) = (person(canonical), person(other));
        let reasons = vec![LinkReason::PersonSaysSo];
        self.history.record(
            link.0,
            None,
            &LinkEvent::PersonsLinked { link, canonical, other, reasons },
        );
        if self.step.how > 2 {
            let reason = UnlinkReason::TwoPeople;
            self.history.record(
                link.0,
                None,
                &LinkEvent::PersonsUnlinked { link, canonical, other, reason },
            );
        }
    }

    fn situation(&mut self) {
        let who = self.who();
        let recorded = PersonEvent::HousingSituationRecorded { ethos: "2.1".parse().unwrap() };
        self.history.record(who.0, Some(who), &recorded);
        let sequence = self.history.events.last().map_or(0, |event| event.sequence);
        if self.step.how > 3 {
            let corrects = u32::try_from(sequence).unwrap();
            let event =
                PersonEvent::HousingSituationCorrected { corrects, ethos: "9.1".parse().unwrap() };
            self.history.record(who.0, Some(who), &event);
        }
    }

    fn night(&mut self) {
        let (who, night, place) = (self.who(), night(self.number), place(self.number));
        let facility = service(1);
        let ledger = NightLedgerId::derived(&[&facility.to_string(), &who.to_string()]);
        let event = NightEvent::NightReserved {
            ledger,
            facility,
            person: who,
            place,
            night,
            no_show_at: START,
        };
        self.history.record(ledger.0, Some(who), &event);
        let then = match self.step.how {
            0 => return,
            1 => NightEvent::NightNoShow { night, place },
            2 => NightEvent::NightReleased { night, place },
            _ => NightEvent::NightCheckedIn { night, place },
        };
        self.history.record(ledger.0, Some(who), &then);
    }

    fn stay(&mut self) {
        let (stay, who) = (self.new_id("stay"), self.who());
        let (unit, from) = (UnitId(id("unit")), night(self.number));
        let kind =
            if self.step.other == 4 { ServiceType::SecretShelter } else { ServiceType::Temporary };
        let started = StayEvent::StayStarted {
            stay: StayId(stay),
            person: who,
            members: vec![person(self.step.who + 1)],
            facility: service(if self.step.other == 4 { 4 } else { 1 }),
            kind,
            unit,
            places: vec![place(0), place(1)],
            started_on: from,
            cap_on: None,
            route: AdmissionRoute::Ordinary,
            project: ProjectSeen::default(),
        };
        self.history.record(stay, Some(who), &started);
        if self.step.how > 1 {
            let moved = StayEvent::StepMoved {
                facility: service(1),
                kind: ServiceType::Threshold2,
                unit,
                places: vec![place(1), place(2)],
                moved_on: from + Duration::days(2),
                direction: StepDirection::Up,
                reason: StepReason::MoreAutonomy,
            };
            self.history.record(stay, Some(who), &moved);
        }
        if self.step.how > 3 {
            let ended_on = from + Duration::days(5);
            let event = StayEvent::StayEnded { ended_on, destination: Destination::Street };
            self.history.record(stay, Some(who), &event);
        }
    }

    fn wait(&mut self) {
        let (wait, who) = (self.new_id("wait"), self.who());
        let requested = WaitingEvent::PlaceRequested {
            waiting: WaitingId(wait),
            person: who,
            facility: service(1),
            referral: None,
            places: 1,
        };
        self.history.record(wait, Some(who), &requested).record(
            wait,
            Some(who),
            &WaitingEvent::WaitingListed {},
        );
        if self.step.how > 3 {
            let event = WaitingEvent::WaitingEnded { reason: WaitingEndReason::Placed };
            self.history.record(wait, Some(who), &event);
        }
    }

    fn referral(&mut self) {
        let (referral, who) = (self.new_id("referral"), self.who());
        let to = 1 + self.step.other % 4;
        let created = ReferralEvent::ReferralCreated {
            referral: ReferralId(referral),
            person: who,
            from: service(0),
            from_type: SERVICES[0].1,
            to: service(to),
            service_type: SERVICES[to].1,
            need: NeedCode::Housing,
            urgency: Urgency::Ordinary,
            dataset: vec![],
            directory_read_to: 0,
        };
        let sent = ReferralEvent::ReferralSent { answer_by: START + Duration::days(3) };
        let declined = ReferralEvent::ReferralDeclined {
            reason: DeclineReason::NoCapacity,
            next_step: NextStep::RetryLater,
            by: DeclinedBy::Service,
            elsewhere: None,
        };
        let met = ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Partly };
        let then = match self.step.how {
            0 => vec![],
            1 => vec![declined],
            2 => vec![ReferralEvent::ReferralExpired {}],
            3 => vec![ReferralEvent::ReferralWithdrawn { reason: WithdrawalReason::Mistake }],
            _ => vec![
                ReferralEvent::ReferralSeen {},
                ReferralEvent::ReferralAccepted {},
                ReferralEvent::FirstVisitScheduled { visit_at: START + Duration::days(4) },
                ReferralEvent::FirstVisitHeld {},
                met,
            ],
        };
        for event in [created, sent].iter().chain(&then) {
            self.history.record(referral, Some(who), event);
        }
    }

    fn food(&mut self) {
        let who = self.who();
        let (meal, card, parcel) =
            (self.new_id("meal"), self.new_id("card"), self.new_id("parcel"));
        let recipient = Recipient::Person(who);
        let served = MealEvent::MealServed { meal: MealId(meal), service: service(0), recipient };
        self.history.record(meal, Some(who), &served);
        let issued = CardEvent::CardIssued {
            card: CardId(card),
            household: HouseholdId(card),
            person: who,
            service: service(0),
            ats: Ats::try_new("bari").unwrap(),
            household_size: 2,
            points: 180,
            valid_to: night(90),
        };
        let spent =
            CardEvent::PointsSpent { points: 10, balance: 170, overdraft: 0, service: service(0) };
        self.history.record(card, Some(who), &issued).record(card, Some(who), &spent);
        let assigned = ParcelEvent::ParcelAssigned {
            parcel: ParcelId(parcel),
            household: HouseholdId(card),
            person: who,
            service: service(0),
            double: false,
        };
        self.history.record(parcel, Some(who), &assigned);
        self.history.record(parcel, Some(who), &ParcelEvent::ParcelDelivered {});
    }

    fn case(&mut self) {
        let (case, who) = (self.new_id("case"), self.who());
        let opened = CaseEvent::CaseOpened {
            case: CaseId(case),
            person: who,
            service: service(self.step.other),
        };
        let manager = StaffId(id("worker"));
        let charge = CaseEvent::TakenInCharge {
            marginality: Marginality::Severe,
            non_self_sufficient: false,
            place: ChargePlace::Street,
        };
        let signed = CaseEvent::ProjectSigned { signed_by: Signatory::Person, manager };
        let closed = CaseEvent::CaseClosed {
            reason: CaseCloseReason::GoalsReached,
            destination: Some(Destination::OwnRent),
            handover: None,
            read_to: ReadTo::default(),
        };
        let all = [opened, CaseEvent::CaseManagerAssigned { manager }, charge, signed, closed];
        for event in all.iter().take(2 + usize::from(self.step.how)) {
            self.history.record(case, Some(who), event);
        }
    }

    fn capacity(&mut self) {
        let changed = FacilityEvent::CapacityChanged {
            unit: UnitId(id("unit")),
            added: vec![PlaceId(self.new_id("more"))],
            removed: vec![place(self.step.who)],
            valid_from: night(self.number),
            valid_to: None,
            reason: CapacityReason::Cold,
            pis_only: self.step.how > 3,
        };
        let blocked = FacilityEvent::PlaceBlocked {
            place: place(0),
            from: night(self.number),
            to: None,
            reason: BlockReason::Hygiene,
        };
        let season =
            FacilityEvent::SeasonSet { from: night(self.number), to: night(self.number + 3) };
        let facility = service(1).0;
        self.history.record(facility, None, &changed).record(facility, None, &blocked);
        self.history.record(facility, None, &FacilityEvent::PlaceReleased { place: place(0) });
        self.history.record(facility, None, &season);
    }

    fn directory(&mut self) {
        let (of, on) = (service(self.step.other).0, night(self.number));
        let site = SiteId(self.new_id("site"));
        let opened = ServiceEvent::SiteOpened { site, municipality: "072006".into(), on };
        let state = if self.step.how > 2 {
            ServiceEvent::ServiceActivated { on }
        } else {
            ServiceEvent::ServiceSuspended { on }
        };
        self.history.record(of, None, &opened).record(of, None, &state);
        self.history.record(of, None, &ServiceEvent::SiteClosed { site, on });
        let hired = StaffEvent::StaffHired {
            staff: StaffId(self.new_id("worker")),
            organisation: OrganisationId(id("comune")),
            profession: Profession::SocialWorker,
            fte_hundredths: 80,
            contract: Contract::Permanent,
            ats: Ats::try_new("bari").unwrap(),
            on,
        };
        let staff = self.new_id("worker");
        self.history.record(staff, None, &hired);
        self.access(staff, on);
        self.history.record(staff, None, &StaffEvent::StaffEnded { on });
        let renamed =
            OrganisationEvent::OrganisationRenamed { name: format!("Comune {}", self.number) };
        self.history.record(id("comune"), None, &renamed);
    }
}

impl Telling<'_> {
    /// What somebody on the staff may do, and an agreement between bodies.
    fn access(&mut self, staff: uuid::Uuid, on: Date) {
        let membership = MembershipId(self.new_id("membership"));
        let granted = StaffEvent::MembershipGranted {
            membership,
            role: Role::CaseManager,
            ats: Ats::try_new("bari").unwrap(),
            services: vec![service(self.step.other)],
            on,
        };
        let leave = StaffEvent::LeaveStarted {
            from: on,
            to: night(self.number + 9),
            cover: Some(StaffId(id("colleague"))),
        };
        let reason = AccessSuspensionReason::LostCredential;
        for event in [
            StaffEvent::AccountBound { account: "ab".repeat(32) },
            granted,
            leave,
            StaffEvent::LeaveEnded { on: night(self.number + 3) },
            StaffEvent::AccessSuspended { reason },
            StaffEvent::AccessRestored {},
            StaffEvent::MembershipEnded { membership, on },
        ] {
            self.history.record(staff, None, &event);
        }
        let agreement = AgreementId(self.new_id("agreement"));
        let signed = AgreementEvent::AgreementSigned {
            agreement,
            holder: OrganisationId(id("comune")),
            readers: vec![OrganisationId(id("organisation"))],
            sections: vec![Section::Housing, Section::Project],
            purpose: Purpose::Care,
            from: on,
            until: None,
        };
        self.history.record(agreement.0, None, &signed);
        if self.step.how > 3 {
            self.history.record(agreement.0, None, &AgreementEvent::AgreementEnded { on });
        }
    }

    fn consent(&mut self) {
        let (consent, person) = (ConsentId(self.new_id("consent")), self.who());
        let given = ConsentEvent::ConsentGiven {
            consent,
            person,
            scope: ConsentScope::ExternalPath,
            to: Some(OrganisationId(id("organisation"))).filter(|_| self.step.how > 2),
        };
        let shared = ConsentEvent::ExternalPathShared { state: ExternalState::InPath };
        self.history.record(consent.0, Some(person), &given);
        self.history.record(consent.0, Some(person), &shared);
        if self.step.how > 3 {
            self.history.record(consent.0, Some(person), &ConsentEvent::ConsentWithdrawn {});
        }
        let agreement = AgreementId(id("standing agreement"));
        for agreed in [true, self.step.how > 1] {
            let told = ConsentEvent::HealthAgreementRecorded { person, agreement, agreed };
            self.history.record(self.new_id("health agreement"), Some(person), &told);
        }
    }

    fn team(&mut self) {
        let (case, person) = (CaseId(self.new_id("team case")), self.who());
        let opened = CaseEvent::CaseOpened { case, person, service: service(self.step.other) };
        let staff = |name: &str| StaffId(id(name));
        for event in [
            opened,
            CaseEvent::CaseManagerAssigned { manager: staff("manager") },
            CaseEvent::TeamMemberAdded { staff: staff("colleague") },
            CaseEvent::CaseManagerAssigned { manager: staff("another manager") },
            CaseEvent::TeamMemberRemoved { staff: staff("colleague") },
        ] {
            self.history.record(case.0, Some(person), &event);
        }
    }

    /// An entry of whatever context is taken back, or moved to another person.
    fn entry(&mut self) {
        let chosen = self.step.other * 7 + usize::from(self.step.how);
        let on_somebody = self.history.events.iter().filter(|event| event.why.person.is_some());
        let entries: Vec<&Recorded> = on_somebody.collect();
        let entry = entries[chosen % entries.len()];
        let (entry, from) = (entry.id(), entry.why.person.unwrap());
        let event = if self.step.how > 2 {
            EntryEvent::EntryUndone { entry, person: Some(from) }
        } else {
            let reason = ReattributionReason::WrongRecord;
            EntryEvent::EntryReattributed { entry, from, to: self.who(), reason }
        };
        self.history.record(self.new_id("entry"), Some(from), &event);
    }
}

/// What is there before anything happens: services, a shelter, people.
fn beginning() -> History {
    let mut history = History::starting(START);
    let organisation = OrganisationId(id("comune"));
    let ats = Ats::try_new("bari").unwrap();
    let registered = OrganisationEvent::OrganisationRegistered {
        organisation,
        name: "Comune".into(),
        kind: OrganisationKind::Municipality,
        ats: ats.clone(),
    };
    history.record(organisation.0, None, &registered);
    for (name, service_type) in SERVICES {
        let event = ServiceEvent::ServiceRegistered {
            service: ServiceId(id(name)),
            organisation,
            name: format!("Servizio {name}"),
            service_type,
            ats: ats.clone(),
            municipality: None,
            low_threshold: true,
        };
        history.record(id(name), None, &event);
    }
    let hired = StaffEvent::StaffHired {
        staff: StaffId(id("manager")),
        organisation,
        profession: Profession::SocialWorker,
        fte_hundredths: 100,
        contract: Contract::Permanent,
        ats,
        on: DAY,
    };
    history.record(id("manager"), None, &hired);
    let opened = FacilityEvent::FacilityOpened {
        facility: service(1),
        kind: ServiceType::NightShelter,
        opened_on: DAY,
        rules: HouseRules::default(),
    };
    let places = FacilityEvent::CapacityChanged {
        unit: UnitId(id("unit")),
        added: (0..3).map(place).collect(),
        removed: vec![],
        valid_from: DAY,
        valid_to: None,
        reason: CapacityReason::Opening,
        pis_only: false,
    };
    history.record(service(1).0, None, &opened).record(service(1).0, None, &places);
    people(&mut history);
    history
}

fn people(history: &mut History) {
    for who in 0..PEOPLE.len() {
        let event = PersonEvent::PersonRegistered {
            person: person(who),
            code: ShortCode::candidate(person(who).0, 0),
            status: IdentityStatus::Declared,
            service: service(0),
            birth_year: Some(1990),
            gender: Gender::Female,
            language: None,
        };
        history.record(person(who).0, Some(person(who)), &event);
    }
}

fn history(steps: &[Step]) -> History {
    let mut history = beginning();
    for (number, step) in steps.iter().enumerate() {
        history.at(START + Duration::hours(i64::try_from(number).unwrap()));
        Telling { history: &mut history, step: *step, number }.tell();
    }
    history
}

/// Rows of a model that took the events in this order, each run of one context as a batch.
async fn rows(world: &World, model: &dyn Model, events: &[Recorded]) -> Rows {
    world.forget(model).await;
    for batch in events.chunk_by(|one, next| one.context == next.context) {
        world.fold(model, batch).await;
    }
    world.rows(model).await
}

#[test]
fn every_interleaving_of_the_logs_gives_the_same_rows_in_every_table_of_every_model_a6() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::start());
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 30,
        ..Config::default()
    });
    let weaving = (steps(), turns());
    let same = |(steps, picks): (Vec<Step>, Vec<usize>)| {
        let history = history(&steps);
        for model in models() {
            let contexts = model.contexts();
            let of_model = |events: Vec<Recorded>| -> Vec<Recorded> {
                events.into_iter().filter(|event| contexts.contains(&event.context)).collect()
            };
            let one = of_model(history.woven(&[]));
            let other = of_model(history.woven(&picks));
            let (log_by_log, woven) = runtime.block_on(async {
                (
                    rows(&world, model.as_ref(), &one).await,
                    rows(&world, model.as_ref(), &other).await,
                )
            });
            prop_assert_eq!(&log_by_log, &woven, "{}", model.name());
            prop_assert!(
                log_by_log.values().any(|rows| !rows.is_empty()),
                "{} holds nothing",
                model.name()
            );
        }
        Ok(())
    };
    runner.run(&weaving, same).unwrap_or_else(|failure| panic!("{failure}"));
}

/// A model as none may be: what it writes for food depends on how much of intake it has read.
struct Careless;

impl Model for Careless {
    fn name(&self) -> &'static str {
        "careless"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Intake, Context::Food]
    }

    fn tables(&self) -> &'static str {
        "create table seen (event text primary key, before bigint)"
    }

    fn apply<'a>(&'a self, rows: &'a mut PgConnection, read: &'a Read) -> Applied<'a> {
        Box::pin(async move {
            let insert = if matches!(read.event, Event::Meal(_)) {
                "insert into seen select $1, count(*) from seen"
            } else {
                "insert into seen values ($1, 0)"
            };
            sqlx::query(insert).bind(read.recorded.id()).execute(rows).await?;
            Ok(())
        })
    }
}

#[tokio::test]
async fn a_model_whose_rows_depend_on_the_interleaving_is_found_out_a6() {
    let world = World::start().await;
    let meal = Step { what: 10, who: 0, other: 0, how: 0 };
    let history = history(&[meal]);
    let of_model = |events: Vec<Recorded>| -> Vec<Recorded> {
        events.into_iter().filter(|event| Careless.contexts().contains(&event.context)).collect()
    };
    let intake_first = rows(&world, &Careless, &of_model(history.woven(&[]))).await;
    let food_first = rows(&world, &Careless, &of_model(history.woven(&[2; 40]))).await;
    assert_ne!(intake_first, food_first);
}
