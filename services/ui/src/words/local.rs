//! Words for the codes of one context each.

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
        Seen => "vista, non parla" / "seen, does not talk",
        Talking => "parla con l’unità" / "talks with the unit",
        AcceptsHelp => "accetta piccoli aiuti" / "accepts small help",
        AcceptsReferral => "accetta un invio" / "accepts a referral",
    }

    LinkReason {
        SameTaxCode => "stesso codice fiscale" / "same tax code",
        SameDocument => "stesso documento" / "same document",
        SameBirthAndName => "stessa data di nascita, nome simile" / "same date of birth, similar name",
        PersonSaysSo => "lo dice la persona" / "the person says so",
        Recognised => "riconosciuta da un operatore" / "recognised by a worker",
    }

    HouseholdKind {
        Registry => "famiglia anagrafica" / "registered family",
        Isee => "nucleo ISEE" / "ISEE household",
        Cohabiting => "convivono" / "cohabiting",
        HousedTogether => "ospitati insieme" / "housed together",
    }

    WishForm {
        Signed => "firmato" / "signed",
        Said => "detto a voce" / "said aloud",
        Interpreted => "detto con un mediatore" / "said with a mediator",
    }

    ReattributionReason {
        WrongRecord => "era aperta la scheda sbagliata" / "the wrong record was open",
        LikeName => "nome simile" / "similar name",
        AnotherPersonsCard => "nome o tessera di un’altra persona" / "another person’s name or card",
    }

    AccessSuspensionReason {
        LostCredential => "credenziale o dispositivo smarrito" / "lost credential or device",
        Inquiry => "verifica sugli accessi" / "inquiry into accesses",
        OrganisationAsked => "richiesta dell’ente" / "the body asked for it",
    }

    ErasureReason {
        RetentionEnded => "finito il tempo di conservazione" / "retention has ended",
        PersonAsked => "lo chiede la persona" / "the person asks for it",
        Unlawful => "senza base giuridica" / "without a legal basis",
        Mistake => "registrato per errore" / "recorded by mistake",
    }

    ForcedReason {
        LifeAtRisk => "vita o salute a rischio" / "life or health at risk",
        ChildAtRisk => "minore a rischio" / "child at risk",
        PersonPresent => "lo chiede la persona presente" / "the person present asks for it",
        CourtOrder => "ordine del giudice" / "order of a judge",
    }

    ReviewFinding {
        Justified => "giustificato" / "justified",
        NotJustified => "non giustificato" / "not justified",
    }

    ConsentScope {
        ExternalPath => "servizio esterno, in percorso" / "external service, in path",
        Csm => "notizie dal centro di salute mentale" / "news from the mental health centre",
        Labour => "progetto ai servizi per il lavoro" / "project to the labour services",
        Volunteers => "ai volontari" / "to the volunteers",
    }

    ExternalState {
        Expected => "atteso" / "expected",
        InPath => "in percorso" / "in path",
        Closed => "chiuso" / "closed",
    }

    UnlinkReason {
        TwoPeople => "sono due persone" / "they are two people",
        Mistake => "errore di registrazione" / "recording mistake",
        PersonAsked => "lo chiede la persona" / "the person asks for it",
    }

    TriageOutcome {
        InformationGiven => "basta l’informazione" / "information is enough",
        ToSocialService => "al servizio sociale" / "to the social service",
        ToSpecialistService => "a un servizio specialistico" / "to a specialist service",
        ToEmergency => "al pronto intervento" / "to the emergency service",
        ServedAtOnce => "servita subito" / "served at once",
        LeftBeforeTriage => "andata via prima" / "left before",
    }

    DeliveryOutcome {
        Done => "dato" / "given",
        Partial => "dato in parte" / "given in part",
        NotDone => "non dato" / "not given",
    }

    EmergencyOutcome {
        Sheltered => "ha un posto letto" / "has a bed",
        HandedOver => "passata a un altro servizio" / "handed over to another service",
        Unfounded => "nessuna emergenza" / "no emergency",
    }

    ClosingReason {
        PersonRefused => "la persona non vuole aiuto" / "the person wants no help",
        NotFound => "persona non trovata" / "person not found",
        SolvedOnSpot => "risolta sul posto" / "solved on the spot",
        FalseReport => "segnalazione infondata" / "unfounded report",
        PublicRescue => "intervenuto il soccorso pubblico" / "public rescue stepped in",
    }

    EmergencyLevel {
        Low => "può attendere il mattino" / "can wait until morning",
        High => "da risolvere stanotte" / "to be solved tonight",
        Critical => "vita o sicurezza a rischio" / "life or safety at risk",
    }

    CountSource {
        Registry => "anagrafe" / "registry office",
        StreetCount => "conta in strada" / "street count",
        Istat => "Istat" / "Istat",
    }

    AssessmentDomain {
        Health => "salute" / "health",
        Economic => "reddito" / "income",
        Family => "famiglia" / "family",
        Work => "lavoro" / "work",
    }

    EligibilityFact {
        MeansReduced => "mezzi ridotti" / "reduced means",
        MeansMedium => "mezzi medi" / "medium means",
        WorkCasual => "lavoro saltuario" / "casual work",
        WorkStable => "lavoro stabile" / "stable work",
        CareGap => "grave carenza di assistenza" / "serious lack of care",
        Disadvantage => "svantaggio" / "disadvantage",
        SocialHardship => "disagio sociale" / "social hardship",
        ExclusionRisk => "rischio di esclusione" / "risk of exclusion",
        RelativePoverty => "povertà relativa" / "relative poverty",
        HousingVulnerability => "fragilità abitativa" / "housing vulnerability",
    }

    Marginality {
        None => "nessuna marginalità" / "no marginality",
        Moderate => "marginalità moderata" / "moderate marginality",
        Severe => "grave marginalità" / "severe marginality",
    }

    ChargePlace {
        Office => "al servizio" / "at the service",
        Home => "a domicilio" / "at home",
        Street => "in strada" / "in the street",
        Facility => "in struttura" / "in a facility",
        Hospital => "in ospedale" / "in hospital",
    }

    Signatory {
        Person => "dalla persona" / "by the person",
        Guardian => "dal tutore" / "by the guardian",
    }

    GoalOutcome {
        No => "non raggiunto" / "not reached",
        Partly => "raggiunto in parte" / "reached in part",
        Yes => "raggiunto" / "reached",
    }

    InterruptionReason {
        PersonWithdrew => "la persona si è ritirata" / "the person withdrew",
        ContactLost => "contatto perso" / "contact lost",
        MovedAway => "trasferita" / "moved away",
        Died => "decesso" / "deceased",
        Other => "altro motivo" / "other reason",
    }

    CaseCloseReason {
        GoalsReached => "obiettivi raggiunti" / "goals reached",
        HandedOver => "prosegue un altro servizio" / "another service goes on",
        PersonWithdrew => "la persona si è ritirata" / "the person withdrew",
        ContactLost => "contatto perso" / "contact lost",
        MovedAway => "trasferita" / "moved away",
        Died => "decesso" / "deceased",
    }

    UnitMode {
        Single => "posti singoli" / "single places",
        Group => "piccolo gruppo" / "small group",
        Family => "nucleo familiare" / "household",
    }

    CapacityReason {
        Opening => "apertura" / "opening",
        Structural => "cambio stabile" / "lasting change",
        Cold => "piano freddo" / "cold plan",
        Heat => "piano caldo" / "heat plan",
        Epidemic => "epidemia" / "epidemic",
        Flood => "alluvione" / "flood",
        MassArrival => "arrivo di molte persone" / "arrival of many people",
    }

    BlockReason {
        Maintenance => "manutenzione" / "maintenance",
        Hygiene => "igiene" / "hygiene",
        HealthIsolation => "isolamento sanitario" / "health isolation",
        Kept => "tenuto per una persona attesa" / "kept for an expected person",
        Other => "altro motivo" / "other reason",
    }

    AdmissionRoute {
        Ordinary => "ammissione ordinaria" / "ordinary admission",
        Dsm => "d’intesa con il dipartimento di salute mentale" / "agreed with the department of mental health",
    }

    ExtensionReason {
        HomePromised => "casa promessa per più avanti" / "home promised for later",
        GoalsNearlyReached => "obiettivi quasi raggiunti" / "goals nearly reached",
        Health => "salute" / "health",
        MinorsAtSchool => "minori a scuola" / "minors at school",
        NoSolutionYet => "ancora nessuna soluzione" / "no solution yet",
    }

    StepDirection {
        Up => "verso più autonomia" / "towards more autonomy",
        Down => "verso più sostegno" / "towards more support",
    }

    StepReason {
        MoreAutonomy => "più mezzi o lavoro" / "more means or work",
        LessAutonomy => "meno mezzi o lavoro" / "less means or work",
        MoreCare => "serve più cura" / "needs more care",
        PersonAsked => "lo chiede la persona" / "the person asks for it",
        PlaceUnfit => "posto non adatto" / "unfit place",
    }

    WaitingEndReason {
        Placed => "è entrata" / "moved in",
        PersonRefused => "non vuole più" / "no longer wants it",
        PlacedElsewhere => "ha trovato altro posto" / "found another place",
        Unreachable => "irreperibile" / "cannot be reached",
    }

    SuspensionReason {
        Lost => "persa o rubata" / "lost or stolen",
        Misused => "usata da altri" / "used by others",
        CheckDue => "verifica dei requisiti in corso" / "eligibility check under way",
    }

    CardCloseReason {
        RanOut => "scaduta" / "expired",
        NotNeeded => "non serve più" / "no longer needed",
        Replaced => "sostituita" / "replaced",
        MovedAway => "trasferita" / "moved away",
    }

    WithdrawalReason {
        Mistake => "inviato per errore" / "sent by mistake",
        PersonAsked => "la persona ha cambiato idea" / "the person changed her mind",
        NeedMet => "bisogno già risolto" / "need already met",
        SentElsewhere => "chiesto a un altro servizio" / "asked of another service",
    }
}
