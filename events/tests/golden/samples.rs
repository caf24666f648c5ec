//! One sample of every event, with every option and list filled.

use serde::Serialize;
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime};
use trama_events::casework::{
    AssessmentDomain, CaseCloseReason, CaseEvent, ChargePlace, EligibilityFact, GoalOutcome,
    InterruptionReason, Marginality, ReadTo, Signatory,
};
use trama_events::codes::{
    Channel, Contract, DatasetSection, DeclineReason, DeclinedBy, Destination, Ethos, FactSource,
    Gender, IdentifierKind, IdentityField, IdentityStatus, Need, NeedCode, NeedLevel, NeedMet,
    NextStep, OrganisationKind, Profession, Purpose, Recipient, Role, Section, Segment,
    ServiceType, Urgency,
};
use trama_events::directory::{
    AccessSuspensionReason, AgreementEvent, MunicipalityEvent, OpeningHours, OrganisationEvent,
    ServiceEvent, StaffEvent,
};
use trama_events::envelope::{Recorded, Why};
use trama_events::food::{CardCloseReason, CardEvent, MealEvent, ParcelEvent, SuspensionReason};
use trama_events::housing::{
    AdmissionRoute, BlockReason, CapacityReason, ExtensionReason, FacilityEvent, HouseRules,
    NightEvent, ProjectSeen, StayEvent, StepDirection, StepReason, UnitMode, WaitingEndReason,
    WaitingEvent,
};
use trama_events::identity::{
    ErasureReason, ForcedAccessEvent, ForcedReason, IdentityEvent, ReviewFinding,
};
use trama_events::ids::{
    AgreementId, Ats, CardId, CaseId, ConsentId, ContactId, CountId, DeliveryId, EmergencyId,
    EncounterId, ErasureId, FactId, ForcedAccessId, GoalId, HoldId, HouseholdId, LinkId, MealId,
    MembershipId, NightLedgerId, OrganisationId, ParcelId, PersonId, PlaceId, ReferralId,
    ServiceId, SiteId, StaffId, StayId, UnitId, WaitingId, WishId,
};
use trama_events::intake::{
    ClosingReason, ContactEvent, CountEvent, CountSource, DeliveryEvent, DeliveryOutcome,
    EmergencyEvent, EmergencyLevel, EmergencyOutcome, EngagementStage, EntryEvent, Extent,
    HouseholdEvent, HouseholdKind, LinkEvent, LinkReason, OutreachEvent, PersonEvent,
    ReattributionReason, TriageOutcome, UnlinkReason, Viewer, WishEvent, WishForm,
};
use trama_events::referrals::{
    ConsentEvent, ConsentScope, ExternalState, ReferralEvent, WithdrawalReason,
};
use trama_events::short_code::ShortCode;
use trama_events::{Event, Fact};
use uuid::Uuid;

/// An event in its type, and as the log holds it.
pub(crate) struct Sample {
    pub(crate) event: Event,
    pub(crate) recorded: Recorded,
}

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number)
}

const THING: Uuid = id(1);
const ANA: PersonId = PersonId(id(2));
const BEN: PersonId = PersonId(id(3));
const HUB: ServiceId = ServiceId(id(4));
const SHELTER: ServiceId = ServiceId(id(5));
const COMUNE: OrganisationId = OrganisationId(id(6));
const WORKER: StaffId = StaffId(id(7));
const SECOND: StaffId = StaffId(id(15));
const UNIT: UnitId = UnitId(id(8));
const PLACE: PlaceId = PlaceId(id(9));
const OTHER_PLACE: PlaceId = PlaceId(id(10));
const GOAL: GoalId = GoalId(id(11));
const HOUSEHOLD: HouseholdId = HouseholdId(id(12));
const SITE: SiteId = SiteId(id(13));
const REFERRAL: ReferralId = ReferralId(id(14));
const DAY: Date = date!(2025 - 01 - 20);
const LATER: Date = date!(2025 - 07 - 27);
const MOMENT: OffsetDateTime = datetime!(2025-01-20 09:00 UTC);

/// Every event type once.
pub(crate) fn samples() -> Vec<Sample> {
    [intake(), beside_intake(), casework(), housing(), food(), referrals(), directory(), identity()]
        .into_iter()
        .flatten()
        .collect()
}

/// Samples of one aggregate, all with the same metadata.
fn of<E: Fact + Serialize>(
    wrap: fn(E) -> Event,
    person: Option<PersonId>,
    events: impl IntoIterator<Item = E>,
) -> Vec<Sample> {
    events
        .into_iter()
        .map(|event| {
            let recorded = recorded(&event, person);
            Sample { event: wrap(event), recorded }
        })
        .collect()
}

fn recorded<E: Fact + Serialize>(event: &E, person: Option<PersonId>) -> Recorded {
    Recorded {
        context: E::CONTEXT,
        position: 1205,
        aggregate_type: E::AGGREGATE.into(),
        aggregate_id: THING,
        sequence: 3,
        event_type: event.event_type(),
        version: event.event_version(),
        why: Why {
            occurred_at: datetime!(2025-01-20 09:00:15.25 UTC),
            recorded_at: datetime!(2025-01-20 09:02:31.125 UTC),
            ats: Ats::try_new("gioia-del-colle").unwrap(),
            organisation: COMUNE,
            actor: WORKER,
            role: "case_manager".into(),
            purpose: "care".into(),
            legal_basis: "gdpr-6-1-e".into(),
            sensitivity: event.sensitivity(),
            person,
            command_id: id(20).to_string(),
            correlation: id(21).to_string(),
            causation: id(20).to_string(),
        },
        payload: serde_json::to_value(event).unwrap(),
    }
}

fn ethos(situation: &str) -> Ethos {
    situation.parse().unwrap()
}

fn needs() -> Vec<Need> {
    let need = |code, level| Need { code, level: NeedLevel::try_from(level).unwrap() };
    vec![need(NeedCode::Housing, 3), need(NeedCode::Health, 1)]
}

fn intake() -> Vec<Sample> {
    let links = [
        LinkEvent::PersonsLinked {
            link: LinkId(THING),
            canonical: ANA,
            other: BEN,
            reasons: vec![LinkReason::SameTaxCode, LinkReason::Recognised],
        },
        LinkEvent::PersonsUnlinked {
            link: LinkId(THING),
            canonical: ANA,
            other: BEN,
            reason: UnlinkReason::TwoPeople,
        },
        LinkEvent::PersonsDeclaredDifferent { link: LinkId(THING), canonical: ANA, other: BEN },
        LinkEvent::MatchLeftOpen { link: LinkId(THING), canonical: ANA, other: BEN },
    ];
    let delivery = DeliveryEvent::ServiceDelivered {
        delivery: DeliveryId(THING),
        service: HUB,
        service_type: ServiceType::ShowerLaundry,
        recipient: Recipient::Person(ANA),
        minutes: Some(30),
        outcome: Some(DeliveryOutcome::Done),
    };
    let encounter = OutreachEvent::OutreachEncounterRecorded {
        encounter: EncounterId(THING),
        service: HUB,
        person: Some(ANA),
        ethos: ethos("1.1"),
        quarter: Some("liberta".into()),
    };
    let count = CountEvent::HomelessCountRecorded {
        count: CountId(THING),
        counted_on: DAY,
        source: CountSource::StreetCount,
        people: 212,
    };
    let mut all = person_events();
    all.extend(of(Event::Link, Some(ANA), links));
    all.extend(of(Event::Contact, Some(ANA), contact_events()));
    all.extend(of(Event::Delivery, Some(ANA), [delivery]));
    all.extend(of(Event::Outreach, Some(ANA), [encounter]));
    all.extend(of(Event::Emergency, Some(ANA), emergency_events()));
    all.extend(of(Event::Count, None, [count]));
    all
}

fn person_events() -> Vec<Sample> {
    let events = [
        PersonEvent::PersonRegistered {
            person: ANA,
            code: ShortCode::candidate(ANA.0, 0),
            status: IdentityStatus::Declared,
            service: HUB,
            birth_year: Some(1984),
            gender: Gender::Female,
            language: Some("ro".into()),
        },
        PersonEvent::AliasRecorded { service: HUB, alias_code: "q7".into() },
        PersonEvent::IdentifierAdded { kind: IdentifierKind::Stp, valid_to: Some(LATER) },
        PersonEvent::IdentifierExpired { kind: IdentifierKind::Stp },
        PersonEvent::IdentifierSuperseded { kind: IdentifierKind::Stp },
        PersonEvent::PersonIdentified { lawful_stay: Some(true) },
        PersonEvent::PrivacyNoticeGiven { language: "ro".into() },
        PersonEvent::HousingSituationRecorded { ethos: ethos("9.1") },
        PersonEvent::HousingSituationCorrected { corrects: 2, ethos: ethos("8.1") },
        PersonEvent::EngagementProgressed { stage: EngagementStage::AcceptsHelp },
        PersonEvent::NotToBeFoundDeclared { said_by: StaffId(id(7)) },
        PersonEvent::NotToBeFoundLifted { said_by: StaffId(id(7)) },
    ];
    of(Event::Person, Some(ANA), events)
}

fn contact_events() -> [ContactEvent; 3] {
    [
        ContactEvent::ContactRecorded {
            contact: ContactId(THING),
            service: HUB,
            channel: Channel::Desk,
            person: Some(ANA),
            needs: needs(),
        },
        ContactEvent::ContactTriaged { outcome: TriageOutcome::ToSocialService, needs: needs() },
        ContactEvent::ContactClosed {},
    ]
}

fn emergency_events() -> [EmergencyEvent; 4] {
    [
        EmergencyEvent::EmergencyReported {
            emergency: EmergencyId(THING),
            service: HUB,
            channel: Channel::Police,
            person: Some(ANA),
            shelter_requested: true,
            lone_child: false,
        },
        EmergencyEvent::EmergencyAssessed { level: EmergencyLevel::High, person: Some(ANA) },
        EmergencyEvent::UnitDispatched { unit: HUB },
        EmergencyEvent::EmergencyClosed {
            outcome: EmergencyOutcome::HandedOver,
            handover: Some(SHELTER),
            reason: Some(ClosingReason::SolvedOnSpot),
        },
    ]
}

fn casework() -> Vec<Sample> {
    let events = [
        CaseEvent::CaseOpened { case: CaseId(THING), person: ANA, service: HUB },
        CaseEvent::CaseManagerAssigned { manager: WORKER },
        CaseEvent::TeamMemberAdded { staff: WORKER },
        CaseEvent::TeamMemberRemoved { staff: WORKER },
        CaseEvent::AssessmentRecorded { domains: vec![AssessmentDomain::Health], needs: needs() },
        CaseEvent::EligibilityFactRecorded {
            fact: EligibilityFact::WorkCasual,
            valid_to: Some(LATER),
        },
        CaseEvent::UvmConvened { on: DAY, social: vec![WORKER], health: vec![SECOND] },
        CaseEvent::UvmCancelled {},
        CaseEvent::CarePlanApproved {
            on: DAY,
            social: WORKER,
            health: SECOND,
            goals: vec![NeedCode::Health, NeedCode::DisabilityAutonomy],
            months: 12,
        },
        CaseEvent::GuardianAppointed { guardian: SECOND },
        CaseEvent::GuardianshipEnded {},
        CaseEvent::TakenInCharge {
            marginality: Marginality::Severe,
            non_self_sufficient: false,
            place: ChargePlace::Street,
        },
        CaseEvent::ProjectDrafted { template_version: 2 },
        CaseEvent::GoalSet { goal: GOAL, need: NeedCode::Housing, review_on: DAY },
        CaseEvent::ProjectSigned { signed_by: Signatory::Person, manager: WORKER },
        CaseEvent::GoalReviewed {
            goal: GOAL,
            outcome: GoalOutcome::Partly,
            review_on: Some(LATER),
        },
        CaseEvent::ProjectCompleted {},
        CaseEvent::ProjectInterrupted { reason: InterruptionReason::MovedAway },
        CaseEvent::CaseClosed {
            reason: CaseCloseReason::HandedOver,
            destination: Some(Destination::OwnRent),
            handover: Some(SHELTER),
            read_to: ReadTo { housing: 88, referrals: 41 },
        },
    ];
    of(Event::Case, Some(ANA), events)
}

fn housing() -> Vec<Sample> {
    let mut all = of(Event::Facility, None, facility_events());
    all.extend(of(Event::Night, Some(ANA), night_events()));
    all.extend(of(Event::Stay, Some(ANA), stay_events()));
    all.extend(of(Event::Waiting, Some(ANA), waiting_events()));
    all
}

fn facility_events() -> [FacilityEvent; 7] {
    [
        FacilityEvent::FacilityOpened {
            facility: SHELTER,
            kind: ServiceType::Temporary,
            opened_on: DAY,
            rules: HouseRules {
                nights_in_a_row_max: Some(15),
                no_show_hour: Some(23),
                stay_months_max: Some(24),
                needs_project: true,
            },
        },
        FacilityEvent::UnitAdded { unit: UNIT, mode: UnitMode::Family },
        FacilityEvent::CapacityChanged {
            unit: UNIT,
            added: vec![PLACE],
            removed: vec![OTHER_PLACE],
            valid_from: DAY,
            valid_to: Some(LATER),
            reason: CapacityReason::Cold,
            pis_only: true,
        },
        FacilityEvent::SeasonSet { from: DAY, to: LATER },
        FacilityEvent::PlaceBlocked {
            place: PLACE,
            from: DAY,
            to: Some(LATER),
            reason: BlockReason::Maintenance,
        },
        FacilityEvent::PlaceReleased { place: PLACE },
        FacilityEvent::FacilityClosed { closed_on: LATER },
    ]
}

fn night_events() -> [NightEvent; 4] {
    [
        NightEvent::NightReserved {
            ledger: NightLedgerId(THING),
            facility: SHELTER,
            person: ANA,
            place: PLACE,
            night: DAY,
            no_show_at: datetime!(2025-01-20 22:00 UTC),
        },
        NightEvent::NightCheckedIn { night: DAY, place: PLACE },
        NightEvent::NightNoShow { night: DAY, place: PLACE },
        NightEvent::NightReleased { night: DAY, place: PLACE },
    ]
}

fn stay_events() -> [StayEvent; 5] {
    [
        StayEvent::StayStarted {
            stay: StayId(THING),
            person: ANA,
            members: vec![BEN],
            facility: SHELTER,
            kind: ServiceType::Temporary,
            unit: UNIT,
            places: vec![PLACE, OTHER_PLACE],
            started_on: DAY,
            cap_on: Some(LATER),
            route: AdmissionRoute::Ordinary,
            project: ProjectSeen { active: true, due_on: Some(LATER), read_to: 19 },
        },
        StayEvent::StayExtended {
            until: LATER,
            decided_on: DAY,
            reason: ExtensionReason::HomePromised,
        },
        StayEvent::PlaceMoved { unit: UNIT, places: vec![OTHER_PLACE], moved_on: DAY },
        StayEvent::StepMoved {
            facility: HUB,
            kind: ServiceType::Threshold2,
            unit: UNIT,
            places: vec![PLACE],
            moved_on: DAY,
            direction: StepDirection::Up,
            reason: StepReason::MoreAutonomy,
        },
        StayEvent::StayEnded { ended_on: LATER, destination: Destination::OwnRent },
    ]
}

fn waiting_events() -> [WaitingEvent; 6] {
    [
        WaitingEvent::PlaceRequested {
            waiting: WaitingId(THING),
            person: ANA,
            facility: SHELTER,
            referral: Some(REFERRAL),
            places: 2,
        },
        WaitingEvent::WaitingListed {},
        WaitingEvent::PlaceOffered { place: PLACE, held_until: MOMENT },
        WaitingEvent::PlaceDeclined { place: PLACE },
        WaitingEvent::PlaceAssigned { place: PLACE },
        WaitingEvent::WaitingEnded { reason: WaitingEndReason::Placed },
    ]
}

fn food() -> Vec<Sample> {
    let cards = [
        CardEvent::CardIssued {
            card: CardId(THING),
            household: HOUSEHOLD,
            person: ANA,
            service: HUB,
            ats: Ats::try_new("bari").unwrap(),
            household_size: 4,
            points: 180,
            valid_to: LATER,
        },
        CardEvent::PointsCredited { points: 180, balance: 184 },
        CardEvent::PointsSpent { points: 6, balance: 0, overdraft: 2, service: HUB },
        CardEvent::PointsExpired { points: 4 },
        CardEvent::CardRenewed { valid_to: LATER },
        CardEvent::CardSuspended { reason: SuspensionReason::Lost },
        CardEvent::CardResumed {},
        CardEvent::CardClosed { reason: CardCloseReason::Replaced },
    ];
    let meal = MealEvent::MealServed {
        meal: MealId(THING),
        service: HUB,
        recipient: Recipient::Anonymous(42),
    };
    let parcels = [
        ParcelEvent::ParcelAssigned {
            parcel: ParcelId(THING),
            household: HOUSEHOLD,
            person: ANA,
            service: HUB,
            double: true,
        },
        ParcelEvent::ParcelDelivered {},
    ];
    let mut all = of(Event::Card, Some(ANA), cards);
    all.extend(of(Event::Meal, None, [meal]));
    all.extend(of(Event::Parcel, Some(ANA), parcels));
    all
}

fn referrals() -> Vec<Sample> {
    let events = [
        ReferralEvent::ReferralCreated {
            referral: ReferralId(THING),
            person: ANA,
            from: HUB,
            from_type: ServiceType::Hub,
            to: SHELTER,
            service_type: ServiceType::Csm,
            need: NeedCode::MentalHealth,
            urgency: Urgency::Ordinary,
            dataset: vec![DatasetSection::Contacts, DatasetSection::Needs],
            directory_read_to: 7,
        },
        ReferralEvent::ReferralSent { answer_by: MOMENT },
        ReferralEvent::ReferralSeen {},
        ReferralEvent::ReferralInfoRequested { sections: vec![DatasetSection::Household] },
        ReferralEvent::ReferralInfoGiven { sections: vec![DatasetSection::Household] },
        ReferralEvent::ReferralAccepted {},
        ReferralEvent::ReferralDeclined {
            reason: DeclineReason::OutsideArea,
            next_step: NextStep::ReferElsewhere,
            by: DeclinedBy::Service,
            elsewhere: Some(HUB),
        },
        ReferralEvent::FirstVisitScheduled { visit_at: MOMENT },
        ReferralEvent::FirstVisitHeld {},
        ReferralEvent::FirstVisitMissed {},
        ReferralEvent::ReferralOutcomeReported { need_met: NeedMet::Partly },
        ReferralEvent::ReferralWithdrawn { reason: WithdrawalReason::PersonAsked },
        ReferralEvent::ReferralExpired {},
    ];
    let consents = [
        ConsentEvent::ConsentGiven {
            consent: ConsentId(THING),
            person: ANA,
            scope: ConsentScope::ExternalPath,
            to: Some(COMUNE),
        },
        ConsentEvent::ConsentWithdrawn {},
        ConsentEvent::ExternalPathShared { state: ExternalState::InPath },
        ConsentEvent::HealthAgreementRecorded {
            person: ANA,
            agreement: AgreementId(THING),
            agreed: true,
        },
    ];
    let mut all = of(Event::Referral, Some(ANA), events);
    all.extend(of(Event::Consent, Some(ANA), consents));
    all
}

fn beside_intake() -> Vec<Sample> {
    let households = [
        HouseholdEvent::HouseholdRecorded {
            household: HouseholdId(THING),
            kind: HouseholdKind::Registry,
            service: HUB,
        },
        HouseholdEvent::HouseholdMemberJoined { person: ANA, on: DAY },
        HouseholdEvent::HouseholdMemberLeft { person: ANA, on: LATER },
    ];
    let entry = || format!("intake/{THING}/2");
    let entries = [
        EntryEvent::EntryReattributed {
            entry: entry(),
            from: ANA,
            to: BEN,
            reason: ReattributionReason::WrongRecord,
        },
        EntryEvent::EntryUndone { entry: entry(), person: Some(ANA) },
    ];
    let mut all = of(Event::Household, None, households);
    all.extend(of(Event::Entry, None, entries));
    all.extend(of(Event::Wish, Some(ANA), wishes()));
    all
}

fn wishes() -> [WishEvent; 4] {
    let entry = Extent::Entry { entry: format!("intake/person-{THING}/2"), organisation: COMUNE };
    [
        WishEvent::ChildhoodOpened {
            wish: WishId(THING),
            person: ANA,
            to: Viewer::Service(HUB),
            from: DAY,
            until: Some(LATER),
            form: WishForm::Signed,
        },
        WishEvent::ChildhoodClosed {},
        WishEvent::RecordObscured {
            wish: WishId(THING),
            person: ANA,
            what: entry,
            form: WishForm::Said,
        },
        WishEvent::ObscuringLifted { form: WishForm::Interpreted },
    ]
}

fn identity() -> Vec<Sample> {
    let digest = || "9a".repeat(32);
    let facts = [
        IdentityEvent::IdentityFactRecorded {
            fact: FactId(THING),
            person: ANA,
            field: IdentityField::TaxCode,
            segment: Segment::Identity,
            source: FactSource::Document,
            replaces: Some(FactId(THING)),
            digest: digest(),
        },
        IdentityEvent::LegalHoldPlaced { hold: HoldId(THING), person: ANA, until: Some(LATER) },
        IdentityEvent::LegalHoldLifted { hold: HoldId(THING) },
        IdentityEvent::ErasureRequested {
            erasure: ErasureId(THING),
            person: ANA,
            segments: vec![Segment::Labour],
            reason: ErasureReason::RetentionEnded,
        },
        IdentityEvent::ErasureRefused { erasure: ErasureId(THING) },
        IdentityEvent::PersonErased {
            erasure: ErasureId(THING),
            person: ANA,
            segments: vec![Segment::Labour],
            certificate: digest(),
        },
    ];
    let forced = [
        ForcedAccessEvent::AccessForced {
            access: ForcedAccessId(THING),
            person: ANA,
            reason: ForcedReason::LifeAtRisk,
            sections: vec![Section::Contact],
            until: datetime!(2025-01-20 10:00 UTC),
        },
        ForcedAccessEvent::ForcedAccessReviewed { finding: ReviewFinding::Justified },
    ];
    let mut all = of(Event::Identity, Some(ANA), facts);
    all.extend(of(Event::ForcedAccess, Some(ANA), forced));
    all
}

fn directory() -> Vec<Sample> {
    let ats = || Ats::try_new("bari").unwrap();
    let municipality = || "072006".to_owned();
    let organisations = [
        OrganisationEvent::OrganisationRegistered {
            organisation: COMUNE,
            name: "Comune di Bari".into(),
            kind: OrganisationKind::Municipality,
            ats: ats(),
        },
        OrganisationEvent::OrganisationRenamed { name: "Città di Bari".into() },
    ];
    let municipalities = [
        MunicipalityEvent::MunicipalityAssigned {
            istat_code: municipality(),
            name: "Bari".into(),
            ats: ats(),
        },
        MunicipalityEvent::PopulationUpdated {
            istat_code: municipality(),
            population: 316_015,
            on: DAY,
        },
    ];
    let mut all = of(Event::Organisation, None, organisations);
    all.extend(of(Event::Service, None, service_events()));
    all.extend(of(Event::Staff, None, staff_events()));
    all.extend(of(Event::Municipality, None, municipalities));
    all.extend(of(Event::Agreement, None, agreement_events()));
    all
}

fn staff_events() -> [StaffEvent; 9] {
    let ats = || Ats::try_new("bari").unwrap();
    [
        StaffEvent::StaffHired {
            staff: WORKER,
            organisation: COMUNE,
            profession: Profession::SocialWorker,
            fte_hundredths: 80,
            contract: Contract::Permanent,
            ats: ats(),
            on: DAY,
        },
        StaffEvent::StaffEnded { on: LATER },
        StaffEvent::AccountBound { account: "5f".repeat(32) },
        StaffEvent::MembershipGranted {
            membership: MembershipId(THING),
            role: Role::CaseManager,
            ats: ats(),
            services: vec![HUB],
            on: DAY,
        },
        StaffEvent::MembershipEnded { membership: MembershipId(THING), on: LATER },
        StaffEvent::LeaveStarted { from: DAY, to: LATER, cover: Some(WORKER) },
        StaffEvent::LeaveEnded { on: LATER },
        StaffEvent::AccessSuspended { reason: AccessSuspensionReason::LostCredential },
        StaffEvent::AccessRestored {},
    ]
}

fn agreement_events() -> [AgreementEvent; 2] {
    [
        AgreementEvent::AgreementSigned {
            agreement: AgreementId(THING),
            holder: COMUNE,
            readers: vec![COMUNE],
            sections: vec![Section::Project],
            purpose: Purpose::Care,
            from: DAY,
            until: Some(LATER),
        },
        AgreementEvent::AgreementEnded { on: LATER },
    ]
}

fn service_events() -> [ServiceEvent; 12] {
    let municipality = || "072006".to_owned();
    [
        ServiceEvent::ServiceRegistered {
            service: HUB,
            organisation: COMUNE,
            name: "Centro servizi Libertà".into(),
            service_type: ServiceType::Hub,
            ats: Ats::try_new("bari").unwrap(),
            municipality: Some(municipality()),
            low_threshold: true,
        },
        ServiceEvent::ServiceActivated { on: DAY },
        ServiceEvent::ServiceSuspended { on: DAY },
        ServiceEvent::ServiceClosed { on: DAY },
        ServiceEvent::ServiceVerified { on: DAY },
        ServiceEvent::ServicePlacesSet { places: 40, on: DAY },
        ServiceEvent::ServiceResponsibleNamed { staff: WORKER, on: DAY },
        ServiceEvent::ServiceResponsibleEnded { on: DAY },
        ServiceEvent::OpeningHoursChanged {
            hours: vec![OpeningHours { weekday: 1, from_minute: 480, to_minute: 780 }],
        },
        ServiceEvent::SitePlanned {
            site: SITE,
            municipality: municipality(),
            planned_on: Some(LATER),
        },
        ServiceEvent::SiteOpened { site: SITE, municipality: municipality(), on: DAY },
        ServiceEvent::SiteClosed { site: SITE, on: LATER },
    ]
}
