//! Italian words for the codes of one context each.

use trama_events::casework::{
    AssessmentDomain, CaseCloseReason, ChargePlace, EligibilityFact, GoalOutcome,
    InterruptionReason, Marginality, Signatory,
};
use trama_events::directory::AccessSuspensionReason;
use trama_events::food::{CardCloseReason, SuspensionReason};
use trama_events::housing::{
    AdmissionRoute, BlockReason, CapacityReason, ExtensionReason, StepDirection, StepReason,
    UnitMode, WaitingEndReason,
};
use trama_events::identity::{ErasureReason, ForcedReason, ReviewFinding};
use trama_events::intake::{
    ClosingReason, CountSource, DeliveryOutcome, EmergencyLevel, EmergencyOutcome, EngagementStage,
    HouseholdKind, LinkReason, ReattributionReason, TriageOutcome, UnlinkReason, WishForm,
};
use trama_events::referrals::{ConsentScope, ExternalState, WithdrawalReason};

use super::words;

words! {
    EngagementStage {
        Seen => "vista, non parla",
        Talking => "parla con l’unità",
        AcceptsHelp => "accetta piccoli aiuti",
        AcceptsReferral => "accetta un invio",
    }

    LinkReason {
        SameTaxCode => "stesso codice fiscale",
        SameDocument => "stesso documento",
        SameBirthAndName => "stessa data di nascita, nome simile",
        PersonSaysSo => "lo dice la persona",
        Recognised => "riconosciuta da un operatore",
    }

    HouseholdKind {
        Registry => "famiglia anagrafica",
        Isee => "nucleo ISEE",
        Cohabiting => "convivono",
        HousedTogether => "ospitati insieme",
    }

    WishForm {
        Signed => "firmato",
        Said => "detto a voce",
        Interpreted => "detto con un mediatore",
    }

    ReattributionReason {
        WrongRecord => "era aperta la scheda sbagliata",
        LikeName => "nome simile",
        AnotherPersonsCard => "nome o tessera di un’altra persona",
    }

    AccessSuspensionReason {
        LostCredential => "credenziale o dispositivo smarrito",
        Inquiry => "verifica sugli accessi",
        OrganisationAsked => "richiesta dell’ente",
    }

    ErasureReason {
        RetentionEnded => "finito il tempo di conservazione",
        PersonAsked => "lo chiede la persona",
        Unlawful => "senza base giuridica",
        Mistake => "registrato per errore",
    }

    ForcedReason {
        LifeAtRisk => "vita o salute a rischio",
        ChildAtRisk => "minore a rischio",
        PersonPresent => "lo chiede la persona presente",
        CourtOrder => "ordine del giudice",
    }

    ReviewFinding {
        Justified => "giustificato",
        NotJustified => "non giustificato",
    }

    ConsentScope {
        ExternalPath => "servizio esterno, in percorso",
        Csm => "notizie dal centro di salute mentale",
        Labour => "progetto ai servizi per il lavoro",
        Volunteers => "ai volontari",
    }

    ExternalState {
        Expected => "atteso",
        InPath => "in percorso",
        Closed => "chiuso",
    }

    UnlinkReason {
        TwoPeople => "sono due persone",
        Mistake => "errore di registrazione",
        PersonAsked => "lo chiede la persona",
    }

    TriageOutcome {
        InformationGiven => "basta l’informazione",
        ToSocialService => "al servizio sociale",
        ToSpecialistService => "a un servizio specialistico",
        ToEmergency => "al pronto intervento",
        ServedAtOnce => "servita subito",
        LeftBeforeTriage => "andata via prima",
    }

    DeliveryOutcome {
        Done => "dato",
        Partial => "dato in parte",
        NotDone => "non dato",
    }

    EmergencyOutcome {
        Sheltered => "ha un posto letto",
        HandedOver => "passata a un altro servizio",
        Unfounded => "nessuna emergenza",
    }

    ClosingReason {
        PersonRefused => "la persona non vuole aiuto",
        NotFound => "persona non trovata",
        SolvedOnSpot => "risolta sul posto",
        FalseReport => "segnalazione infondata",
        PublicRescue => "intervenuto il soccorso pubblico",
    }

    EmergencyLevel {
        Low => "può attendere il mattino",
        High => "da risolvere stanotte",
        Critical => "vita o sicurezza a rischio",
    }

    CountSource {
        Registry => "anagrafe",
        StreetCount => "conta in strada",
        Istat => "Istat",
    }

    AssessmentDomain {
        Health => "salute",
        Economic => "reddito",
        Family => "famiglia",
        Work => "lavoro",
    }

    EligibilityFact {
        MeansReduced => "mezzi ridotti",
        MeansMedium => "mezzi medi",
        WorkCasual => "lavoro saltuario",
        WorkStable => "lavoro stabile",
        CareGap => "grave carenza di assistenza",
        Disadvantage => "svantaggio",
        SocialHardship => "disagio sociale",
        ExclusionRisk => "rischio di esclusione",
        RelativePoverty => "povertà relativa",
        HousingVulnerability => "fragilità abitativa",
    }

    Marginality {
        None => "nessuna marginalità",
        Moderate => "marginalità moderata",
        Severe => "grave marginalità",
    }

    ChargePlace {
        Office => "al servizio",
        Home => "a domicilio",
        Street => "in strada",
        Facility => "in struttura",
        Hospital => "in ospedale",
    }

    Signatory {
        Person => "dalla persona",
        Guardian => "dal tutore",
    }

    GoalOutcome {
        No => "non raggiunto",
        Partly => "raggiunto in parte",
        Yes => "raggiunto",
    }

    InterruptionReason {
        PersonWithdrew => "la persona si è ritirata",
        ContactLost => "contatto perso",
        MovedAway => "trasferita",
        Died => "decesso",
        Other => "altro motivo",
    }

    CaseCloseReason {
        GoalsReached => "obiettivi raggiunti",
        HandedOver => "prosegue un altro servizio",
        PersonWithdrew => "la persona si è ritirata",
        ContactLost => "contatto perso",
        MovedAway => "trasferita",
        Died => "decesso",
    }

    UnitMode {
        Single => "posti singoli",
        Group => "piccolo gruppo",
        Family => "nucleo familiare",
    }

    CapacityReason {
        Opening => "apertura",
        Structural => "cambio stabile",
        Cold => "piano freddo",
        Heat => "piano caldo",
        Epidemic => "epidemia",
        Flood => "alluvione",
        MassArrival => "arrivo di molte persone",
    }

    BlockReason {
        Maintenance => "manutenzione",
        Hygiene => "igiene",
        HealthIsolation => "isolamento sanitario",
        Kept => "tenuto per una persona attesa",
        Other => "altro motivo",
    }

    AdmissionRoute {
        Ordinary => "ammissione ordinaria",
        Dsm => "d’intesa con il dipartimento di salute mentale",
    }

    ExtensionReason {
        HomePromised => "casa promessa per più avanti",
        GoalsNearlyReached => "obiettivi quasi raggiunti",
        Health => "salute",
        MinorsAtSchool => "minori a scuola",
        NoSolutionYet => "ancora nessuna soluzione",
    }

    StepDirection {
        Up => "verso più autonomia",
        Down => "verso più sostegno",
    }

    StepReason {
        MoreAutonomy => "più mezzi o lavoro",
        LessAutonomy => "meno mezzi o lavoro",
        MoreCare => "serve più cura",
        PersonAsked => "lo chiede la persona",
        PlaceUnfit => "posto non adatto",
    }

    WaitingEndReason {
        Placed => "è entrata",
        PersonRefused => "non vuole più",
        PlacedElsewhere => "ha trovato altro posto",
        Unreachable => "irreperibile",
    }

    SuspensionReason {
        Lost => "persa o rubata",
        Misused => "usata da altri",
        CheckDue => "verifica dei requisiti in corso",
    }

    CardCloseReason {
        RanOut => "scaduta",
        NotNeeded => "non serve più",
        Replaced => "sostituita",
        MovedAway => "trasferita",
    }

    WithdrawalReason {
        Mistake => "inviato per errore",
        PersonAsked => "la persona ha cambiato idea",
        NeedMet => "bisogno già risolto",
        SentElsewhere => "chiesto a un altro servizio",
    }
}
