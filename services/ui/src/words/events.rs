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

use super::{InWords, codes};

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
    Code(fn(&str) -> Option<&'static str>),
    /// A day, after these words.
    Day(&'static str),
    /// A moment, after these words.
    Moment(&'static str),
    /// A number, between these words.
    Number(&'static str, &'static str),
    /// These words when it is true.
    Flag(&'static str),
    /// Needs with their levels.
    Needs,
    /// A service, after these words.
    Service(&'static str),
    /// Plain public text, after these words.
    Text(&'static str),
}

/// The words of an event type.
#[derive(Debug)]
pub struct Telling {
    /// What happened.
    pub title: &'static str,
    /// The badge, where the event decides something.
    pub state: Option<(State, &'static str)>,
    /// How its fields are told, in this order.
    pub parts: &'static [(&'static str, Part)],
}

fn code<T: FromStr + InWords>(code: &str) -> Option<&'static str> {
    code.parse::<T>().ok().map(T::words)
}

/// `Variant "event_type" "Title" [State "badge"] { field: Part, }`, whole: no field is forgotten.
macro_rules! tellings {
    ($($wrapper:ident($event:ident) { $(
        $variant:ident $name:literal $title:literal $([$state:ident $badge:literal])?
        { $($field:ident: $part:expr),* $(,)? }
    )+ })+) => {
        /// The words of an event.
        pub fn telling(event: &Event) -> &'static Telling {
            match event { $($(
                Event::$wrapper($event::$variant { $($field: _),* }) => &const { Telling {
                    title: $title,
                    state: tellings!(@state $($state $badge)?),
                    parts: &[$((stringify!($field), $part)),*],
                } },
            )+)+ }
        }

        /// The words of an event type by its name; `None` for what is not one.
        pub fn telling_of(event_type: &str) -> Option<&'static Telling> {
            match event_type { $($(
                $name => Some(&const { Telling {
                    title: $title,
                    state: tellings!(@state $($state $badge)?),
                    parts: &[$((stringify!($field), $part)),*],
                } }),
            )+)+ _ => None }
        }
    };
    (@state) => { None };
    (@state $state:ident $badge:literal) => { Some((State::$state, $badge)) };
}

use Part::{Code, Day, Flag, Hidden, Moment, Needs, Number, Service, Text};

tellings! {
    Person(PersonEvent) {
        PersonRegistered "person_registered" "Scheda aperta" {
            person: Hidden, code: Hidden, status: Code(code::<IdentityStatus>), service: Hidden,
            birth_year: Hidden, gender: Hidden, language: Hidden,
        }
        AliasRecorded "alias_recorded" "Soprannome annotato" { service: Hidden, alias_code: Hidden }
        IdentifierAdded "identifier_added" "Documento registrato" {
            kind: Code(code::<IdentifierKind>), valid_to: Day("valido fino al "),
        }
        IdentifierExpired "identifier_expired" "Documento scaduto" [Waiting "scaduto"] {
            kind: Code(code::<IdentifierKind>),
        }
        IdentifierSuperseded "identifier_superseded" "Documento sostituito" {
            kind: Code(code::<IdentifierKind>),
        }
        PersonIdentified "person_identified" "Persona identificata" { lawful_stay: Hidden }
        PrivacyNoticeGiven "privacy_notice_given" "Informativa consegnata e spiegata" { language: Hidden }
        HousingSituationRecorded "housing_situation_recorded" "Situazione abitativa" {
            ethos: Code(codes::ethos),
        }
        HousingSituationCorrected "housing_situation_corrected" "Situazione abitativa, correzione" {
            corrects: Hidden, ethos: Code(codes::ethos),
        }
        EngagementProgressed "engagement_progressed" "Aggancio" { stage: Code(code::<EngagementStage>) }
    }
    Link(LinkEvent) {
        PersonsLinked "persons_linked" "Schede collegate: è la stessa persona" {
            link: Hidden, canonical: Hidden, other: Hidden, reasons: Code(code::<LinkReason>),
        }
        PersonsUnlinked "persons_unlinked" "Schede scollegate" {
            link: Hidden, canonical: Hidden, other: Hidden, reason: Code(code::<UnlinkReason>),
        }
        PersonsDeclaredDifferent "persons_declared_different" "Schede di due persone diverse" {
            link: Hidden, canonical: Hidden, other: Hidden,
        }
        MatchLeftOpen "match_left_open" "Somiglianza non decisa" { link: Hidden, canonical: Hidden, other: Hidden }
    }
    Household(HouseholdEvent) {
        HouseholdRecorded "household_recorded" "Nucleo annotato" {
            household: Hidden, kind: Code(code::<HouseholdKind>), service: Hidden,
        }
        HouseholdMemberJoined "household_member_joined" "Fa parte del nucleo" { person: Hidden, on: Day("dal ") }
        HouseholdMemberLeft "household_member_left" "Non fa più parte del nucleo" { person: Hidden, on: Day("dal ") }
    }
    Entry(EntryEvent) {
        EntryReattributed "entry_reattributed" "Annotazione spostata su un’altra scheda" {
            entry: Hidden, from: Hidden, to: Hidden, reason: Code(code::<ReattributionReason>),
        }
        EntryUndone "entry_undone" "Annotazione annullata" { entry: Hidden, person: Hidden }
    }
    Wish(WishEvent) {
        ChildhoodOpened "childhood_opened" "Ha aperto quanto scritto di lei da minore" {
            wish: Hidden, person: Hidden, to: Hidden, from: Day("dal "), until: Day("fino al "),
            form: Code(code::<WishForm>),
        }
        ChildhoodClosed "childhood_closed" "Ha chiuso quanto scritto di lei da minore" {}
        RecordObscured "record_obscured" "Oscuramento" {
            wish: Hidden, person: Hidden, what: Hidden, form: Code(code::<WishForm>),
        }
        ObscuringLifted "obscuring_lifted" "Oscuramento tolto" { form: Code(code::<WishForm>) }
    }
    Contact(ContactEvent) {
        ContactRecorded "contact_recorded" "Contatto" {
            contact: Hidden, service: Hidden, channel: Code(code::<Channel>), person: Hidden, needs: Needs,
        }
        ContactTriaged "contact_triaged" "Primo orientamento" {
            outcome: Code(code::<TriageOutcome>), needs: Needs,
        }
        ContactClosed "contact_closed" "Contatto chiuso" {}
    }
    Delivery(DeliveryEvent) {
        ServiceDelivered "service_delivered" "Prestazione" {
            delivery: Hidden, service: Hidden, service_type: Code(code::<ServiceType>), recipient: Hidden,
            minutes: Number("", " minuti"), outcome: Code(code::<DeliveryOutcome>),
        }
    }
    Outreach(OutreachEvent) {
        OutreachEncounterRecorded "outreach_encounter_recorded" "Incontro in strada" {
            encounter: Hidden, service: Hidden, person: Hidden, ethos: Code(codes::ethos), quarter: Hidden,
        }
    }
    Emergency(EmergencyEvent) {
        EmergencyReported "emergency_reported" "Emergenza segnalata" [Refused "emergenza"] {
            emergency: Hidden, service: Hidden, channel: Code(code::<Channel>), person: Hidden,
            shelter_requested: Flag("serve un posto per la notte"), lone_child: Flag("minore solo"),
        }
        EmergencyAssessed "emergency_assessed" "Emergenza valutata" {
            level: Code(code::<EmergencyLevel>), person: Hidden,
        }
        UnitDispatched "unit_dispatched" "Unità inviata sul posto" { unit: Service("") }
        EmergencyClosed "emergency_closed" "Emergenza chiusa" [Done "chiusa"] {
            outcome: Code(code::<EmergencyOutcome>), handover: Service("a "), reason: Code(code::<ClosingReason>),
        }
    }
    Count(CountEvent) {
        HomelessCountRecorded "homeless_count_recorded" "Persone senza dimora contate" {
            count: Hidden, counted_on: Day("il "), source: Code(code::<CountSource>), people: Number("", " persone"),
        }
    }
    Case(CaseEvent) {
        CaseOpened "case_opened" "Caso aperto" { case: Hidden, person: Hidden, service: Hidden }
        CaseManagerAssigned "case_manager_assigned" "Case manager assegnato" { manager: Hidden }
        TeamMemberAdded "team_member_added" "Nell’équipe del caso" { staff: Hidden }
        TeamMemberRemoved "team_member_removed" "Non più nell’équipe del caso" { staff: Hidden }
        AssessmentRecorded "assessment_recorded" "Valutazione" {
            domains: Code(code::<AssessmentDomain>), needs: Needs,
        }
        EligibilityFactRecorded "eligibility_fact_recorded" "Requisito accertato" {
            fact: Code(code::<EligibilityFact>), valid_to: Day("fino al "),
        }
        UvmConvened "uvm_convened" "Unità di valutazione convocata" {
            on: Day("per il "), social: Hidden, health: Hidden,
        }
        UvmCancelled "uvm_cancelled" "Unità di valutazione annullata" [Refused "annullata"] {}
        CarePlanApproved "care_plan_approved" "Piano assistenziale approvato" [Done "approvato"] {
            on: Day("il "), social: Hidden, health: Hidden, goals: Code(code::<NeedCode>),
            months: Number("per ", " mesi"),
        }
        GuardianAppointed "guardian_appointed" "Tutore nominato" { guardian: Hidden }
        GuardianshipEnded "guardianship_ended" "Tutela terminata" {}
        TakenInCharge "taken_in_charge" "Presa in carico" [Done "in carico"] {
            marginality: Code(code::<Marginality>), non_self_sufficient: Flag("non autosufficiente"),
            place: Code(code::<ChargePlace>),
        }
        ProjectDrafted "project_drafted" "Progetto personale in bozza" { template_version: Hidden }
        GoalSet "goal_set" "Obiettivo fissato" {
            goal: Hidden, need: Code(code::<NeedCode>), review_on: Day("verifica il "),
        }
        ProjectSigned "project_signed" "Progetto personale firmato" [Done "firmato"] {
            signed_by: Code(code::<Signatory>), manager: Hidden,
        }
        GoalReviewed "goal_reviewed" "Obiettivo verificato" {
            goal: Hidden, outcome: Code(code::<GoalOutcome>), review_on: Day("prossima verifica il "),
        }
        ProjectCompleted "project_completed" "Progetto personale concluso" [Done "concluso"] {}
        ProjectInterrupted "project_interrupted" "Progetto personale interrotto" [Refused "interrotto"] {
            reason: Code(code::<InterruptionReason>),
        }
        CaseClosed "case_closed" "Caso chiuso" {
            reason: Code(code::<CaseCloseReason>), destination: Code(code::<Destination>),
            handover: Service("prosegue "), read_to: Hidden,
        }
    }
    Facility(FacilityEvent) {
        FacilityOpened "facility_opened" "Struttura aperta" {
            facility: Hidden, kind: Code(code::<ServiceType>), opened_on: Day("dal "), rules: Hidden,
        }
        UnitAdded "unit_added" "Alloggio aggiunto" { unit: Hidden, mode: Code(code::<UnitMode>) }
        CapacityChanged "capacity_changed" "Posti cambiati" {
            unit: Hidden, added: Hidden, removed: Hidden, valid_from: Day("dal "), valid_to: Day("fino al "),
            reason: Code(code::<CapacityReason>), pis_only: Flag("solo per il pronto intervento"),
        }
        SeasonSet "season_set" "Stagione fissata" { from: Day("dal "), to: Day("al ") }
        PlaceBlocked "place_blocked" "Posto chiuso" {
            place: Hidden, from: Day("dal "), to: Day("al "), reason: Code(code::<BlockReason>),
        }
        PlaceReleased "place_released" "Posto di nuovo libero" { place: Hidden }
        FacilityClosed "facility_closed" "Struttura chiusa" { closed_on: Day("dal ") }
    }
    Night(NightEvent) {
        NightReserved "night_reserved" "Posto riservato per la notte" {
            ledger: Hidden, facility: Hidden, person: Hidden, place: Hidden, night: Day("del "), no_show_at: Hidden,
        }
        NightCheckedIn "night_checked_in" "Notte in dormitorio" { night: Hidden, place: Hidden }
        NightNoShow "night_no_show" "Non si è presentata per la notte" [Refused "assente"] {
            night: Hidden, place: Hidden,
        }
        NightReleased "night_released" "Prenotazione della notte restituita" {
            night: Day("del "), place: Hidden,
        }
    }
    Stay(StayEvent) {
        StayStarted "stay_started" "Ingresso" {
            stay: Hidden, person: Hidden, members: Hidden, facility: Hidden, kind: Code(code::<ServiceType>),
            unit: Hidden, places: Hidden, started_on: Hidden, cap_on: Day("fino al massimo al "),
            route: Code(code::<AdmissionRoute>), project: Hidden,
        }
        StayExtended "stay_extended" "Permanenza prorogata" {
            until: Day("fino al "), decided_on: Hidden, reason: Code(code::<ExtensionReason>),
        }
        PlaceMoved "place_moved" "Cambio di posto nella stessa struttura" {
            unit: Hidden, places: Hidden, moved_on: Hidden,
        }
        StepMoved "step_moved" "Passaggio" {
            facility: Hidden, kind: Code(code::<ServiceType>), unit: Hidden, places: Hidden, moved_on: Hidden,
            direction: Code(code::<StepDirection>), reason: Code(code::<StepReason>),
        }
        StayEnded "stay_ended" "Uscita" { ended_on: Hidden, destination: Code(code::<Destination>) }
    }
    Waiting(WaitingEvent) {
        PlaceRequested "place_requested" "Posto richiesto" {
            waiting: Hidden, person: Hidden, facility: Hidden, referral: Hidden, places: Hidden,
        }
        WaitingListed "waiting_listed" "In lista d’attesa" [Waiting "in attesa"] {}
        PlaceOffered "place_offered" "Posto offerto" [Waiting "da confermare"] {
            place: Hidden, held_until: Moment("tenuto fino al "),
        }
        PlaceDeclined "place_declined" "Posto rifiutato dalla persona" [Refused "rifiutato"] { place: Hidden }
        PlaceAssigned "place_assigned" "Posto assegnato" [Done "assegnato"] { place: Hidden }
        WaitingEnded "waiting_ended" "Attesa finita" { reason: Code(code::<WaitingEndReason>) }
    }
    Card(CardEvent) {
        CardIssued "card_issued" "Tessera rilasciata" {
            card: Hidden, household: Hidden, person: Hidden, service: Hidden, ats: Hidden,
            household_size: Number("nucleo di ", ""), points: Number("", " punti"), valid_to: Day("valida fino al "),
        }
        PointsCredited "points_credited" "Punti accreditati" {
            points: Number("", " punti"), balance: Number("saldo ", ""),
        }
        PointsSpent "points_spent" "Ritiro all’emporio" {
            points: Number("", " punti"), balance: Number("saldo ", ""), overdraft: Hidden, service: Hidden,
        }
        PointsExpired "points_expired" "Punti scaduti" { points: Number("", " punti") }
        CardRenewed "card_renewed" "Tessera rinnovata" { valid_to: Day("valida fino al ") }
        CardSuspended "card_suspended" "Tessera sospesa" [Waiting "sospesa"] {
            reason: Code(code::<SuspensionReason>),
        }
        CardResumed "card_resumed" "Tessera riattivata" {}
        CardClosed "card_closed" "Tessera chiusa" { reason: Code(code::<CardCloseReason>) }
    }
    Meal(MealEvent) {
        MealServed "meal_served" "Pasto" { meal: Hidden, service: Hidden, recipient: Hidden }
    }
    Parcel(ParcelEvent) {
        ParcelAssigned "parcel_assigned" "Pacco viveri assegnato" {
            parcel: Hidden, household: Hidden, person: Hidden, service: Hidden,
            double: Flag("secondo pacco in sette giorni"),
        }
        ParcelDelivered "parcel_delivered" "Pacco viveri ritirato" {}
    }
    Referral(ReferralEvent) {
        ReferralCreated "referral_created" "Invio preparato" {
            referral: Hidden, person: Hidden, from: Service("da "), from_type: Hidden, to: Hidden, service_type: Hidden,
            need: Code(code::<NeedCode>), urgency: Code(code::<Urgency>), dataset: Hidden, directory_read_to: Hidden,
        }
        ReferralSent "referral_sent" "Invio mandato" [Waiting "in attesa"] { answer_by: Moment("risposta entro il ") }
        ReferralSeen "referral_seen" "Invio visto" {}
        ReferralInfoRequested "referral_info_requested" "Chieste altre informazioni" [Waiting "da completare"] {
            sections: Code(code::<DatasetSection>),
        }
        ReferralInfoGiven "referral_info_given" "Informazioni date" { sections: Code(code::<DatasetSection>) }
        ReferralAccepted "referral_accepted" "Invio accolto" [Done "accolto"] {}
        ReferralDeclined "referral_declined" "Invio respinto" [Refused "respinto"] {
            reason: Code(code::<DeclineReason>), next_step: Code(code::<NextStep>), by: Code(code::<DeclinedBy>),
            elsewhere: Service("chiedere a "),
        }
        FirstVisitScheduled "first_visit_scheduled" "Primo incontro fissato" { visit_at: Moment("per il ") }
        FirstVisitHeld "first_visit_held" "Primo incontro svolto" [Done "svolto"] {}
        FirstVisitMissed "first_visit_missed" "Non si è presentata al primo incontro" [Refused "mancato"] {}
        ReferralOutcomeReported "referral_outcome_reported" "Esito dell’invio" {
            need_met: Code(code::<NeedMet>),
        }
        ReferralWithdrawn "referral_withdrawn" "Invio ritirato" { reason: Code(code::<WithdrawalReason>) }
        ReferralExpired "referral_expired" "Invio scaduto senza risposta" [Refused "senza risposta"] {}
    }
    Consent(ConsentEvent) {
        ConsentGiven "consent_given" "Consenso dato" {
            consent: Hidden, person: Hidden, scope: Code(code::<ConsentScope>), to: Hidden,
        }
        ConsentWithdrawn "consent_withdrawn" "Consenso ritirato" {}
        ExternalPathShared "external_path_shared" "Servizio esterno" { state: Code(code::<ExternalState>) }
        HealthAgreementRecorded "health_agreement_recorded" "Accordo del servizio sanitario" {
            person: Hidden, agreement: Hidden, agreed: Flag("favorevole"),
        }
    }
    Organisation(OrganisationEvent) {
        OrganisationRegistered "organisation_registered" "Ente nella rete" {
            organisation: Hidden, name: Text(""), kind: Code(code::<OrganisationKind>), ats: Hidden,
        }
        OrganisationRenamed "organisation_renamed" "Nome dell’ente cambiato" { name: Text("ora ") }
    }
    Service(ServiceEvent) {
        ServiceRegistered "service_registered" "Servizio nella rete" {
            service: Hidden, organisation: Hidden, name: Text(""), service_type: Code(code::<ServiceType>),
            ats: Hidden, municipality: Hidden, low_threshold: Flag("bassa soglia"),
        }
        ServiceActivated "service_activated" "Servizio attivo" { on: Day("dal ") }
        ServiceSuspended "service_suspended" "Servizio sospeso" { on: Day("dal ") }
        ServiceClosed "service_closed" "Servizio chiuso" { on: Day("dal ") }
        ServiceVerified "service_verified" "Dati del servizio confermati" { on: Day("il ") }
        ServicePlacesSet "service_places_set" "Posti del servizio" {
            places: Number("", " posti"), on: Day("dal "),
        }
        ServiceResponsibleNamed "service_responsible_named" "Responsabile nominato" {
            staff: Hidden, on: Day("dal "),
        }
        ServiceResponsibleEnded "service_responsible_ended" "Servizio senza responsabile" {
            on: Day("dal "),
        }
        OpeningHoursChanged "opening_hours_changed" "Orario cambiato" { hours: Hidden }
        SitePlanned "site_planned" "Sede prevista" {
            site: Hidden, municipality: Hidden, planned_on: Day("per il "),
        }
        SiteOpened "site_opened" "Sede aperta" { site: Hidden, municipality: Hidden, on: Day("dal ") }
        SiteClosed "site_closed" "Sede chiusa" { site: Hidden, on: Day("dal ") }
    }
    Staff(StaffEvent) {
        StaffHired "staff_hired" "Operatore in servizio" {
            staff: Hidden, organisation: Hidden, profession: Code(code::<trama_events::codes::Profession>),
            fte_hundredths: Hidden, contract: Code(code::<trama_events::codes::Contract>), ats: Hidden,
            on: Day("dal "),
        }
        StaffEnded "staff_ended" "Operatore non più in servizio" { on: Day("dal ") }
        AccountBound "account_bound" "Accesso collegato" { account: Hidden }
        MembershipGranted "membership_granted" "Ruolo assegnato" {
            membership: Hidden, role: Code(code::<Role>), ats: Hidden, services: Hidden, on: Day("dal "),
        }
        MembershipEnded "membership_ended" "Ruolo concluso" { membership: Hidden, on: Day("dal ") }
        LeaveStarted "leave_started" "Assenza" { from: Day("dal "), to: Day("al "), cover: Hidden }
        LeaveEnded "leave_ended" "Rientro" { on: Day("dal ") }
        AccessSuspended "access_suspended" "Accesso sospeso" [Refused "sospeso"] {
            reason: Code(code::<AccessSuspensionReason>),
        }
        AccessRestored "access_restored" "Accesso riattivato" {}
    }
    Agreement(AgreementEvent) {
        AgreementSigned "agreement_signed" "Accordo tra enti firmato" [Done "in vigore"] {
            agreement: Hidden, holder: Hidden, readers: Hidden, sections: Code(code::<Section>),
            purpose: Code(code::<Purpose>), from: Day("dal "), until: Day("fino al "),
        }
        AgreementEnded "agreement_ended" "Accordo tra enti concluso" { on: Day("dal ") }
    }
    Identity(IdentityEvent) {
        IdentityFactRecorded "identity_fact_recorded" "Dato anagrafico annotato" {
            fact: Hidden, person: Hidden, field: Code(code::<IdentityField>), segment: Hidden,
            source: Code(code::<FactSource>), replaces: Hidden, digest: Hidden,
        }
        LegalHoldPlaced "legal_hold_placed" "Conservazione obbligatoria" {
            hold: Hidden, person: Hidden, until: Day("fino al "),
        }
        LegalHoldLifted "legal_hold_lifted" "Fine della conservazione obbligatoria" { hold: Hidden }
        ErasureRequested "erasure_requested" "Chiesta la cancellazione" [Waiting "da approvare"] {
            erasure: Hidden, person: Hidden, segments: Hidden, reason: Code(code::<ErasureReason>),
        }
        ErasureRefused "erasure_refused" "Cancellazione non approvata" [Refused "respinta"] { erasure: Hidden }
        PersonErased "person_erased" "Dati cancellati" [Done "cancellati"] {
            erasure: Hidden, person: Hidden, segments: Hidden, certificate: Hidden,
        }
    }
    ForcedAccess(ForcedAccessEvent) {
        AccessForced "access_forced" "Accesso d’emergenza" [Refused "emergenza"] {
            access: Hidden, person: Hidden, reason: Code(code::<ForcedReason>),
            sections: Code(code::<Section>), until: Moment("fino al "),
        }
        ForcedAccessReviewed "forced_access_reviewed" "Accesso d’emergenza verificato" {
            finding: Code(code::<ReviewFinding>),
        }
    }
    Municipality(MunicipalityEvent) {
        MunicipalityAssigned "municipality_assigned" "Comune assegnato all’ambito" {
            istat_code: Hidden, name: Text(""), ats: Hidden,
        }
        PopulationUpdated "population_updated" "Popolazione aggiornata" {
            istat_code: Hidden, population: Number("", " abitanti"), on: Day("al "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_type_of_the_published_language_has_words() {
        for (_, _, name) in trama_events::event_types() {
            let told = telling_of(name);
            assert!(told.is_some_and(|t| !t.title.contains('_') && !t.title.is_empty()), "{name}");
        }
        assert!(telling_of("no_such_event").is_none());
    }
}
