//! What each event says, and which of its fields are told in which words.

use std::str::FromStr;

use trama_events::Event;
use trama_events::casework::{
    AssessmentDomain, CaseCloseReason, CaseEvent, ChargePlace, EligibilityFact, GoalOutcome,
    InterruptionReason, Marginality, Signatory,
};
use trama_events::codes::{
    Channel, DatasetSection, DeclineReason, DeclinedBy, Destination, FactSource, IdentifierKind,
    IdentityField, IdentityStatus, NeedCode, NeedMet, NextStep, OrganisationKind, Purpose, Role,
    Section, ServiceType, Urgency,
};
use trama_events::directory::{
    AccessSuspensionReason, AgreementEvent, MunicipalityEvent, OrganisationEvent, ServiceEvent,
    StaffEvent,
};
use trama_events::food::{CardCloseReason, CardEvent, MealEvent, ParcelEvent, SuspensionReason};
use trama_events::housing::{
    AdmissionRoute, BlockReason, CapacityReason, ExtensionReason, FacilityEvent, NightEvent,
    StayEvent, StepDirection, StepReason, UnitMode, WaitingEndReason, WaitingEvent,
};
use trama_events::identity::{
    ErasureReason, ForcedAccessEvent, ForcedReason, IdentityEvent, ReviewFinding,
};
use trama_events::intake::{
    ClosingReason, ContactEvent, CountEvent, CountSource, DeliveryEvent, DeliveryOutcome,
    EmergencyEvent, EmergencyLevel, EmergencyOutcome, EngagementStage, EntryEvent, HouseholdEvent,
    HouseholdKind, LinkEvent, LinkReason, OutreachEvent, PersonEvent, ReattributionReason,
    TriageOutcome, UnlinkReason, WishEvent, WishForm,
};
use trama_events::referrals::{
    ConsentEvent, ConsentScope, ExternalState, ReferralEvent, WithdrawalReason,
};

use super::{InWords, Phrase, codes, say};

/// What a badge says beside its word: the colour is never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Done, accepted, met.
    Done,
    /// Waiting or late.
    Waiting,
    /// Refused, urgent, missed.
    Refused,
    /// None of these.
    Neutral,
}

/// How a field of an event is told.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// Not told: an id, or said elsewhere on the page.
    Hidden,
    /// A code or a list of codes, in words.
    Code(fn(&str) -> Option<Phrase>),
    /// A day, after these words.
    Day(Phrase),
    /// A moment, after these words.
    Moment(Phrase),
    /// A number, between these words.
    Number(Phrase, Phrase),
    /// These words when it is true.
    Flag(Phrase),
    /// Needs with their levels.
    Needs,
    /// A service, after these words.
    Service(Phrase),
    /// Plain public text, after these words.
    Text(Phrase),
}

/// The words of an event type.
#[derive(Debug)]
pub struct Telling {
    /// What happened.
    pub title: Phrase,
    /// The badge, where the event decides something.
    pub state: Option<(State, Phrase)>,
    /// How its fields are told, in this order.
    pub parts: &'static [(&'static str, Part)],
}

fn code<T: FromStr + InWords>(code: &str) -> Option<Phrase> {
    code.parse::<T>().ok().map(T::phrase)
}

/// `Variant "event_type" "Titolo" / "Title" [State "segno" / "badge"] { field: Part, }`, whole: no
/// field is forgotten.
macro_rules! tellings {
    ($($wrapper:ident($event:ident) { $(
        $variant:ident $name:literal $title:literal / $english:literal
        $([$state:ident $badge:literal / $said:literal])?
        { $($field:ident: $part:expr),* $(,)? }
    )+ })+) => {
        /// The words of an event.
        pub fn telling(event: &Event) -> &'static Telling {
            match event { $($(
                Event::$wrapper($event::$variant { $($field: _),* }) => &const { Telling {
                    title: say($title, $english),
                    state: tellings!(@state $($state $badge $said)?),
                    parts: &[$((stringify!($field), $part)),*],
                } },
            )+)+ }
        }

        /// The words of an event type by its name; `None` for what is not one.
        pub fn telling_of(event_type: &str) -> Option<&'static Telling> {
            match event_type { $($(
                $name => Some(&const { Telling {
                    title: say($title, $english),
                    state: tellings!(@state $($state $badge $said)?),
                    parts: &[$((stringify!($field), $part)),*],
                } }),
            )+)+ _ => None }
        }
    };
    (@state) => { None };
    (@state $state:ident $badge:literal $said:literal) => {
        Some((State::$state, say($badge, $said)))
    };
}

use Part::{Code, Day, Flag, Hidden, Moment, Needs, Number, Service, Text};

tellings! {
    Person(PersonEvent) {
        PersonRegistered "person_registered" "Scheda aperta" / "Record opened" {
            person: Hidden, code: Hidden, status: Code(code::<IdentityStatus>), service: Hidden,
            birth_year: Hidden, gender: Hidden, language: Hidden,
        }
        AliasRecorded "alias_recorded" "Soprannome annotato" / "Alias recorded" { service: Hidden, alias_code: Hidden }
        IdentifierAdded "identifier_added" "Documento registrato" / "Document recorded" {
            kind: Code(code::<IdentifierKind>), valid_to: Day(say("valido fino al ", "valid until ")),
        }
        IdentifierExpired "identifier_expired" "Documento scaduto" / "Document expired" [Waiting "scaduto" / "expired"] {
            kind: Code(code::<IdentifierKind>),
        }
        IdentifierSuperseded "identifier_superseded" "Documento sostituito" / "Document superseded" {
            kind: Code(code::<IdentifierKind>),
        }
        PersonIdentified "person_identified" "Persona identificata" / "Person identified" { lawful_stay: Hidden }
        PrivacyNoticeGiven "privacy_notice_given" "Informativa consegnata e spiegata" / "Privacy notice given and explained" { language: Hidden }
        HousingSituationRecorded "housing_situation_recorded" "Situazione abitativa" / "Housing situation" {
            ethos: Code(codes::ethos_phrase),
        }
        HousingSituationCorrected "housing_situation_corrected" "Situazione abitativa, correzione" / "Housing situation, correction" {
            corrects: Hidden, ethos: Code(codes::ethos_phrase),
        }
        EngagementProgressed "engagement_progressed" "Aggancio" / "Engagement" { stage: Code(code::<EngagementStage>) }
        NotToBeFoundDeclared "not_to_be_found_declared" "Da non rintracciare" / "Not to be found" { said_by: Hidden }
        NotToBeFoundLifted "not_to_be_found_lifted" "Di nuovo rintracciabile" / "May be found again" { said_by: Hidden }
    }
    Link(LinkEvent) {
        PersonsLinked "persons_linked" "Schede collegate: è la stessa persona" / "Records linked: the same person" {
            link: Hidden, canonical: Hidden, other: Hidden, reasons: Code(code::<LinkReason>),
        }
        PersonsUnlinked "persons_unlinked" "Schede scollegate" / "Records unlinked" {
            link: Hidden, canonical: Hidden, other: Hidden, reason: Code(code::<UnlinkReason>),
        }
        PersonsDeclaredDifferent "persons_declared_different" "Schede di due persone diverse" / "Records of two different people" {
            link: Hidden, canonical: Hidden, other: Hidden,
        }
        MatchLeftOpen "match_left_open" "Somiglianza non decisa" / "Likeness left open" { link: Hidden, canonical: Hidden, other: Hidden }
    }
    Household(HouseholdEvent) {
        HouseholdRecorded "household_recorded" "Nucleo annotato" / "Household recorded" {
            household: Hidden, kind: Code(code::<HouseholdKind>), service: Hidden,
        }
        HouseholdMemberJoined "household_member_joined" "Fa parte del nucleo" / "Belongs to the household" { person: Hidden, on: Day(say("dal ", "from ")) }
        HouseholdMemberLeft "household_member_left" "Non fa più parte del nucleo" / "No longer belongs to the household" { person: Hidden, on: Day(say("dal ", "from ")) }
    }
    Entry(EntryEvent) {
        EntryReattributed "entry_reattributed" "Annotazione spostata su un’altra scheda" / "Entry moved to another record" {
            entry: Hidden, from: Hidden, to: Hidden, reason: Code(code::<ReattributionReason>),
        }
        EntryUndone "entry_undone" "Annotazione annullata" / "Entry undone" { entry: Hidden, person: Hidden }
    }
    Wish(WishEvent) {
        ChildhoodOpened "childhood_opened" "Ha aperto quanto scritto di lei da minore" / "Opened what was written of her as a minor" {
            wish: Hidden, person: Hidden, to: Hidden, from: Day(say("dal ", "from ")), until: Day(say("fino al ", "until ")),
            form: Code(code::<WishForm>),
        }
        ChildhoodClosed "childhood_closed" "Ha chiuso quanto scritto di lei da minore" / "Closed what was written of her as a minor" {}
        RecordObscured "record_obscured" "Oscuramento" / "Obscuring" {
            wish: Hidden, person: Hidden, what: Hidden, form: Code(code::<WishForm>),
        }
        ObscuringLifted "obscuring_lifted" "Oscuramento tolto" / "Obscuring lifted" { form: Code(code::<WishForm>) }
    }
    Contact(ContactEvent) {
        ContactRecorded "contact_recorded" "Contatto" / "Contact" {
            contact: Hidden, service: Hidden, channel: Code(code::<Channel>), person: Hidden, needs: Needs,
        }
        ContactTriaged "contact_triaged" "Primo orientamento" / "Triage" {
            outcome: Code(code::<TriageOutcome>), needs: Needs,
        }
        ContactClosed "contact_closed" "Contatto chiuso" / "Contact closed" {}
    }
    Delivery(DeliveryEvent) {
        ServiceDelivered "service_delivered" "Prestazione" / "Service delivered" {
            delivery: Hidden, service: Hidden, service_type: Code(code::<ServiceType>), recipient: Hidden,
            minutes: Number(say("", ""), say(" minuti", " minutes")), outcome: Code(code::<DeliveryOutcome>),
        }
    }
    Outreach(OutreachEvent) {
        OutreachEncounterRecorded "outreach_encounter_recorded" "Incontro in strada" / "Street encounter" {
            encounter: Hidden, service: Hidden, person: Hidden, ethos: Code(codes::ethos_phrase), quarter: Hidden,
        }
    }
    Emergency(EmergencyEvent) {
        EmergencyReported "emergency_reported" "Emergenza segnalata" / "Emergency reported" [Refused "emergenza" / "emergency"] {
            emergency: Hidden, service: Hidden, channel: Code(code::<Channel>), person: Hidden,
            shelter_requested: Flag(say("serve un posto per la notte", "a place for the night is needed")), lone_child: Flag(say("minore solo", "lone child")),
        }
        EmergencyAssessed "emergency_assessed" "Emergenza valutata" / "Emergency assessed" {
            level: Code(code::<EmergencyLevel>), person: Hidden,
        }
        UnitDispatched "unit_dispatched" "Unità inviata sul posto" / "Unit dispatched" { unit: Service(say("", "")) }
        EmergencyClosed "emergency_closed" "Emergenza chiusa" / "Emergency closed" [Done "chiusa" / "closed"] {
            outcome: Code(code::<EmergencyOutcome>), handover: Service(say("a ", "to ")), reason: Code(code::<ClosingReason>),
        }
    }
    Count(CountEvent) {
        HomelessCountRecorded "homeless_count_recorded" "Persone senza dimora contate" / "Homeless people counted" {
            count: Hidden, counted_on: Day(say("il ", "on ")), source: Code(code::<CountSource>), people: Number(say("", ""), say(" persone", " people")),
        }
    }
    Case(CaseEvent) {
        CaseOpened "case_opened" "Caso aperto" / "Case opened" { case: Hidden, person: Hidden, service: Hidden }
        CaseManagerAssigned "case_manager_assigned" "Case manager assegnato" / "Case manager assigned" { manager: Hidden }
        TeamMemberAdded "team_member_added" "Nell’équipe del caso" / "In the case team" { staff: Hidden }
        TeamMemberRemoved "team_member_removed" "Non più nell’équipe del caso" / "No longer in the case team" { staff: Hidden }
        AssessmentRecorded "assessment_recorded" "Valutazione" / "Assessment" {
            domains: Code(code::<AssessmentDomain>), needs: Needs,
        }
        EligibilityFactRecorded "eligibility_fact_recorded" "Requisito accertato" / "Eligibility established" {
            fact: Code(code::<EligibilityFact>), valid_to: Day(say("fino al ", "until ")),
        }
        UvmConvened "uvm_convened" "Unità di valutazione convocata" / "Assessment unit convened" {
            on: Day(say("per il ", "for ")), social: Hidden, health: Hidden,
        }
        UvmCancelled "uvm_cancelled" "Unità di valutazione annullata" / "Assessment unit cancelled" [Refused "annullata" / "cancelled"] {}
        CarePlanApproved "care_plan_approved" "Piano assistenziale approvato" / "Care plan approved" [Done "approvato" / "approved"] {
            on: Day(say("il ", "on ")), social: Hidden, health: Hidden, goals: Code(code::<NeedCode>),
            months: Number(say("per ", "for "), say(" mesi", " months")),
        }
        GuardianAppointed "guardian_appointed" "Tutore nominato" / "Guardian appointed" { guardian: Hidden }
        GuardianshipEnded "guardianship_ended" "Tutela terminata" / "Guardianship ended" {}
        TakenInCharge "taken_in_charge" "Presa in carico" / "Taken in charge" [Done "in carico" / "in charge"] {
            marginality: Code(code::<Marginality>), non_self_sufficient: Flag(say("non autosufficiente", "not self-sufficient")),
            place: Code(code::<ChargePlace>),
        }
        ProjectDrafted "project_drafted" "Progetto personale in bozza" / "Personal project drafted" { template_version: Hidden }
        GoalSet "goal_set" "Obiettivo fissato" / "Goal set" {
            goal: Hidden, need: Code(code::<NeedCode>), review_on: Day(say("verifica il ", "review on ")),
        }
        ProjectSigned "project_signed" "Progetto personale firmato" / "Personal project signed" [Done "firmato" / "signed"] {
            signed_by: Code(code::<Signatory>), manager: Hidden,
        }
        GoalReviewed "goal_reviewed" "Obiettivo verificato" / "Goal reviewed" {
            goal: Hidden, outcome: Code(code::<GoalOutcome>), review_on: Day(say("prossima verifica il ", "next review on ")),
        }
        ProjectCompleted "project_completed" "Progetto personale concluso" / "Personal project completed" [Done "concluso" / "completed"] {}
        ProjectInterrupted "project_interrupted" "Progetto personale interrotto" / "Personal project interrupted" [Refused "interrotto" / "interrupted"] {
            reason: Code(code::<InterruptionReason>),
        }
        CaseClosed "case_closed" "Caso chiuso" / "Case closed" {
            reason: Code(code::<CaseCloseReason>), destination: Code(code::<Destination>),
            handover: Service(say("prosegue ", "continued by ")), read_to: Hidden,
        }
    }
    Facility(FacilityEvent) {
        FacilityOpened "facility_opened" "Struttura aperta" / "Facility opened" {
            facility: Hidden, kind: Code(code::<ServiceType>), opened_on: Day(say("dal ", "from ")), rules: Hidden,
        }
        UnitAdded "unit_added" "Alloggio aggiunto" / "Unit added" { unit: Hidden, mode: Code(code::<UnitMode>) }
        CapacityChanged "capacity_changed" "Posti cambiati" / "Places changed" {
            unit: Hidden, added: Hidden, removed: Hidden, valid_from: Day(say("dal ", "from ")), valid_to: Day(say("fino al ", "until ")),
            reason: Code(code::<CapacityReason>), pis_only: Flag(say("solo per il pronto intervento", "for the emergency service only")),
        }
        SeasonSet "season_set" "Stagione fissata" / "Season set" { from: Day(say("dal ", "from ")), to: Day(say("al ", "to ")) }
        PlaceBlocked "place_blocked" "Posto chiuso" / "Place blocked" {
            place: Hidden, from: Day(say("dal ", "from ")), to: Day(say("al ", "to ")), reason: Code(code::<BlockReason>),
        }
        PlaceReleased "place_released" "Posto di nuovo libero" / "Place free again" { place: Hidden }
        FacilityClosed "facility_closed" "Struttura chiusa" / "Facility closed" { closed_on: Day(say("dal ", "from ")) }
    }
    Night(NightEvent) {
        NightReserved "night_reserved" "Posto riservato per la notte" / "Place reserved for the night" {
            ledger: Hidden, facility: Hidden, person: Hidden, place: Hidden, night: Day(say("del ", "of ")), no_show_at: Hidden,
        }
        NightCheckedIn "night_checked_in" "Notte in dormitorio" / "Night in the shelter" { night: Hidden, place: Hidden }
        NightNoShow "night_no_show" "Non si è presentata per la notte" / "Did not come for the night" [Refused "assente" / "absent"] {
            night: Hidden, place: Hidden,
        }
        NightReleased "night_released" "Prenotazione della notte restituita" / "Reservation of the night given back" {
            night: Day(say("del ", "of ")), place: Hidden,
        }
    }
    Stay(StayEvent) {
        StayStarted "stay_started" "Ingresso" / "Moved in" {
            stay: Hidden, person: Hidden, members: Hidden, facility: Hidden, kind: Code(code::<ServiceType>),
            unit: Hidden, places: Hidden, started_on: Hidden, cap_on: Day(say("fino al massimo al ", "at most until ")),
            route: Code(code::<AdmissionRoute>), project: Hidden,
        }
        StayExtended "stay_extended" "Permanenza prorogata" / "Stay extended" {
            until: Day(say("fino al ", "until ")), decided_on: Hidden, reason: Code(code::<ExtensionReason>),
        }
        PlaceMoved "place_moved" "Cambio di posto nella stessa struttura" / "Moved to another place in the same facility" {
            unit: Hidden, places: Hidden, moved_on: Hidden,
        }
        StepMoved "step_moved" "Passaggio" / "Step" {
            facility: Hidden, kind: Code(code::<ServiceType>), unit: Hidden, places: Hidden, moved_on: Hidden,
            direction: Code(code::<StepDirection>), reason: Code(code::<StepReason>),
        }
        StayEnded "stay_ended" "Uscita" / "Moved out" { ended_on: Hidden, destination: Code(code::<Destination>) }
    }
    Waiting(WaitingEvent) {
        PlaceRequested "place_requested" "Posto richiesto" / "Place requested" {
            waiting: Hidden, person: Hidden, facility: Hidden, referral: Hidden, places: Hidden,
        }
        WaitingListed "waiting_listed" "In lista d’attesa" / "On the waiting list" [Waiting "in attesa" / "waiting"] {}
        PlaceOffered "place_offered" "Posto offerto" / "Place offered" [Waiting "da confermare" / "to be confirmed"] {
            place: Hidden, held_until: Moment(say("tenuto fino al ", "held until ")),
        }
        PlaceDeclined "place_declined" "Posto rifiutato dalla persona" / "Place declined by the person" [Refused "rifiutato" / "declined"] { place: Hidden }
        PlaceAssigned "place_assigned" "Posto assegnato" / "Place assigned" [Done "assegnato" / "assigned"] { place: Hidden }
        WaitingEnded "waiting_ended" "Attesa finita" / "Waiting ended" { reason: Code(code::<WaitingEndReason>) }
    }
    Card(CardEvent) {
        CardIssued "card_issued" "Tessera rilasciata" / "Card issued" {
            card: Hidden, household: Hidden, person: Hidden, service: Hidden, ats: Hidden,
            household_size: Number(say("nucleo di ", "household of "), say("", "")), points: Number(say("", ""), say(" punti", " points")), valid_to: Day(say("valida fino al ", "valid until ")),
        }
        PointsCredited "points_credited" "Punti accreditati" / "Points credited" {
            points: Number(say("", ""), say(" punti", " points")), balance: Number(say("saldo ", "balance "), say("", "")),
        }
        PointsSpent "points_spent" "Ritiro all’emporio" / "Points spent at the store" {
            points: Number(say("", ""), say(" punti", " points")), balance: Number(say("saldo ", "balance "), say("", "")), overdraft: Hidden, service: Hidden,
        }
        PointsExpired "points_expired" "Punti scaduti" / "Points expired" { points: Number(say("", ""), say(" punti", " points")) }
        CardRenewed "card_renewed" "Tessera rinnovata" / "Card renewed" { valid_to: Day(say("valida fino al ", "valid until ")) }
        CardSuspended "card_suspended" "Tessera sospesa" / "Card suspended" [Waiting "sospesa" / "suspended"] {
            reason: Code(code::<SuspensionReason>),
        }
        CardResumed "card_resumed" "Tessera riattivata" / "Card resumed" {}
        CardClosed "card_closed" "Tessera chiusa" / "Card closed" { reason: Code(code::<CardCloseReason>) }
    }
    Meal(MealEvent) {
        MealServed "meal_served" "Pasto" / "Meal" { meal: Hidden, service: Hidden, recipient: Hidden }
    }
    Parcel(ParcelEvent) {
        ParcelAssigned "parcel_assigned" "Pacco viveri assegnato" / "Food parcel assigned" {
            parcel: Hidden, household: Hidden, person: Hidden, service: Hidden,
            double: Flag(say("secondo pacco in sette giorni", "second parcel in seven days")),
        }
        ParcelDelivered "parcel_delivered" "Pacco viveri ritirato" / "Food parcel collected" {}
    }
    Referral(ReferralEvent) {
        ReferralCreated "referral_created" "Invio preparato" / "Referral prepared" {
            referral: Hidden, person: Hidden, from: Service(say("da ", "from ")), from_type: Hidden, to: Hidden, service_type: Hidden,
            need: Code(code::<NeedCode>), urgency: Code(code::<Urgency>), dataset: Hidden, directory_read_to: Hidden,
        }
        ReferralSent "referral_sent" "Invio mandato" / "Referral sent" [Waiting "in attesa" / "waiting"] { answer_by: Moment(say("risposta entro il ", "answer by ")) }
        ReferralSeen "referral_seen" "Invio visto" / "Referral seen" {}
        ReferralInfoRequested "referral_info_requested" "Chieste altre informazioni" / "More information asked for" [Waiting "da completare" / "to be completed"] {
            sections: Code(code::<DatasetSection>),
        }
        ReferralInfoGiven "referral_info_given" "Informazioni date" / "Information given" { sections: Code(code::<DatasetSection>) }
        ReferralAccepted "referral_accepted" "Invio accolto" / "Referral accepted" [Done "accolto" / "accepted"] {}
        ReferralDeclined "referral_declined" "Invio respinto" / "Referral declined" [Refused "respinto" / "declined"] {
            reason: Code(code::<DeclineReason>), next_step: Code(code::<NextStep>), by: Code(code::<DeclinedBy>),
            elsewhere: Service(say("chiedere a ", "ask ")),
        }
        FirstVisitScheduled "first_visit_scheduled" "Primo incontro fissato" / "First visit scheduled" { visit_at: Moment(say("per il ", "for ")) }
        FirstVisitHeld "first_visit_held" "Primo incontro svolto" / "First visit held" [Done "svolto" / "held"] {}
        FirstVisitMissed "first_visit_missed" "Non si è presentata al primo incontro" / "Did not come to the first visit" [Refused "mancato" / "missed"] {}
        ReferralOutcomeReported "referral_outcome_reported" "Esito dell’invio" / "Outcome of the referral" {
            need_met: Code(code::<NeedMet>),
        }
        ReferralWithdrawn "referral_withdrawn" "Invio ritirato" / "Referral withdrawn" { reason: Code(code::<WithdrawalReason>) }
        ReferralExpired "referral_expired" "Invio scaduto senza risposta" / "Referral expired without an answer" [Refused "senza risposta" / "no answer"] {}
    }
    Consent(ConsentEvent) {
        ConsentGiven "consent_given" "Consenso dato" / "Consent given" {
            consent: Hidden, person: Hidden, scope: Code(code::<ConsentScope>), to: Hidden,
        }
        ConsentWithdrawn "consent_withdrawn" "Consenso ritirato" / "Consent withdrawn" {}
        ExternalPathShared "external_path_shared" "Servizio esterno" / "External service" { state: Code(code::<ExternalState>) }
        HealthAgreementRecorded "health_agreement_recorded" "Accordo del servizio sanitario" / "Agreement of the health service" {
            person: Hidden, agreement: Hidden, agreed: Flag(say("favorevole", "in favour")),
        }
    }
    Organisation(OrganisationEvent) {
        OrganisationRegistered "organisation_registered" "Ente nella rete" / "Body in the network" {
            organisation: Hidden, name: Text(say("", "")), kind: Code(code::<OrganisationKind>), ats: Hidden,
        }
        OrganisationRenamed "organisation_renamed" "Nome dell’ente cambiato" / "Name of the body changed" { name: Text(say("ora ", "now ")) }
    }
    Service(ServiceEvent) {
        ServiceRegistered "service_registered" "Servizio nella rete" / "Service in the network" {
            service: Hidden, organisation: Hidden, name: Text(say("", "")), service_type: Code(code::<ServiceType>),
            ats: Hidden, municipality: Hidden, low_threshold: Flag(say("bassa soglia", "low threshold")),
        }
        ServiceActivated "service_activated" "Servizio attivo" / "Service active" { on: Day(say("dal ", "from ")) }
        ServiceSuspended "service_suspended" "Servizio sospeso" / "Service suspended" { on: Day(say("dal ", "from ")) }
        ServiceClosed "service_closed" "Servizio chiuso" / "Service closed" { on: Day(say("dal ", "from ")) }
        ServiceVerified "service_verified" "Dati del servizio confermati" / "Data of the service confirmed" { on: Day(say("il ", "on ")) }
        ServicePlacesSet "service_places_set" "Posti del servizio" / "Places of the service" {
            places: Number(say("", ""), say(" posti", " places")), on: Day(say("dal ", "from ")),
        }
        ServiceResponsibleNamed "service_responsible_named" "Responsabile nominato" / "Responsible named" {
            staff: Hidden, on: Day(say("dal ", "from ")),
        }
        ServiceResponsibleEnded "service_responsible_ended" "Servizio senza responsabile" / "Service without a responsible" {
            on: Day(say("dal ", "from ")),
        }
        OpeningHoursChanged "opening_hours_changed" "Orario cambiato" / "Opening hours changed" { hours: Hidden }
        SitePlanned "site_planned" "Sede prevista" / "Site planned" {
            site: Hidden, municipality: Hidden, planned_on: Day(say("per il ", "for ")),
        }
        SiteOpened "site_opened" "Sede aperta" / "Site opened" { site: Hidden, municipality: Hidden, on: Day(say("dal ", "from ")) }
        SiteClosed "site_closed" "Sede chiusa" / "Site closed" { site: Hidden, on: Day(say("dal ", "from ")) }
    }
    Staff(StaffEvent) {
        StaffHired "staff_hired" "Operatore in servizio" / "Worker in service" {
            staff: Hidden, organisation: Hidden, profession: Code(code::<trama_events::codes::Profession>),
            fte_hundredths: Hidden, contract: Code(code::<trama_events::codes::Contract>), ats: Hidden,
            on: Day(say("dal ", "from ")),
        }
        StaffEnded "staff_ended" "Operatore non più in servizio" / "Worker no longer in service" { on: Day(say("dal ", "from ")) }
        AccountBound "account_bound" "Accesso collegato" / "Account bound" { account: Hidden }
        MembershipGranted "membership_granted" "Ruolo assegnato" / "Role granted" {
            membership: Hidden, role: Code(code::<Role>), ats: Hidden, services: Hidden, on: Day(say("dal ", "from ")),
        }
        MembershipEnded "membership_ended" "Ruolo concluso" / "Role ended" { membership: Hidden, on: Day(say("dal ", "from ")) }
        LeaveStarted "leave_started" "Assenza" / "Leave" { from: Day(say("dal ", "from ")), to: Day(say("al ", "to ")), cover: Hidden }
        LeaveEnded "leave_ended" "Rientro" / "Back from leave" { on: Day(say("dal ", "from ")) }
        AccessSuspended "access_suspended" "Accesso sospeso" / "Access suspended" [Refused "sospeso" / "suspended"] {
            reason: Code(code::<AccessSuspensionReason>),
        }
        AccessRestored "access_restored" "Accesso riattivato" / "Access restored" {}
    }
    Agreement(AgreementEvent) {
        AgreementSigned "agreement_signed" "Accordo tra enti firmato" / "Agreement between bodies signed" [Done "in vigore" / "in force"] {
            agreement: Hidden, holder: Hidden, readers: Hidden, sections: Code(code::<Section>),
            purpose: Code(code::<Purpose>), from: Day(say("dal ", "from ")), until: Day(say("fino al ", "until ")),
        }
        AgreementEnded "agreement_ended" "Accordo tra enti concluso" / "Agreement between bodies ended" { on: Day(say("dal ", "from ")) }
    }
    Identity(IdentityEvent) {
        IdentityFactRecorded "identity_fact_recorded" "Dato anagrafico annotato" / "Identity fact recorded" {
            fact: Hidden, person: Hidden, field: Code(code::<IdentityField>), segment: Hidden,
            source: Code(code::<FactSource>), replaces: Hidden, digest: Hidden,
        }
        LegalHoldPlaced "legal_hold_placed" "Conservazione obbligatoria" / "Legal hold" {
            hold: Hidden, person: Hidden, until: Day(say("fino al ", "until ")),
        }
        LegalHoldLifted "legal_hold_lifted" "Fine della conservazione obbligatoria" / "End of the legal hold" { hold: Hidden }
        ErasureRequested "erasure_requested" "Chiesta la cancellazione" / "Erasure requested" [Waiting "da approvare" / "to be approved"] {
            erasure: Hidden, person: Hidden, segments: Hidden, reason: Code(code::<ErasureReason>),
        }
        ErasureRefused "erasure_refused" "Cancellazione non approvata" / "Erasure not approved" [Refused "respinta" / "refused"] { erasure: Hidden }
        PersonErased "person_erased" "Dati cancellati" / "Data erased" [Done "cancellati" / "erased"] {
            erasure: Hidden, person: Hidden, segments: Hidden, certificate: Hidden,
        }
    }
    ForcedAccess(ForcedAccessEvent) {
        AccessForced "access_forced" "Accesso d’emergenza" / "Emergency access" [Refused "emergenza" / "emergency"] {
            access: Hidden, person: Hidden, reason: Code(code::<ForcedReason>),
            sections: Code(code::<Section>), until: Moment(say("fino al ", "until ")),
        }
        ForcedAccessReviewed "forced_access_reviewed" "Accesso d’emergenza verificato" / "Emergency access reviewed" {
            finding: Code(code::<ReviewFinding>),
        }
    }
    Municipality(MunicipalityEvent) {
        MunicipalityAssigned "municipality_assigned" "Comune assegnato all’ambito" / "Municipality assigned to the area" {
            istat_code: Hidden, name: Text(say("", "")), ats: Hidden,
        }
        PopulationUpdated "population_updated" "Popolazione aggiornata" / "Population updated" {
            istat_code: Hidden, population: Number(say("", ""), say(" abitanti", " inhabitants")), on: Day(say("al ", "to ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_event_type_of_the_published_language_has_words() {
        for (_, _, name) in trama_events::event_types() {
            let told = telling_of(name);
            for language in Language::ALL {
                let title = told.map(|told| told.title.said(language)).unwrap_or_default();
                assert!(!title.contains('_') && !title.is_empty(), "{name}");
            }
        }
        assert!(telling_of("no_such_event").is_none());
    }
}
