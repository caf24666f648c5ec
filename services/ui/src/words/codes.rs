//! Words for every code that several contexts share.

use trama_events::codes::{
    Channel, Contract, DatasetSection, DeclineReason, DeclinedBy, Destination, FactSource, Gender,
    IdentifierKind, IdentityField, IdentityStatus, NeedCode, NeedMet, NextStep, OrganisationKind,
    Profession, Purpose, Role, Section, Sensitivity, ServiceType, Urgency,
};

use super::{Phrase, say, words};
use crate::language::Language;

words! {
    ServiceType {
        InfoDesk => "segretariato sociale" / "information desk",
        ProfessionalSocialService => "servizio sociale professionale" / "professional social service",
        Pua => "punto unico d’accesso" / "single access point",
        Pis => "pronto intervento sociale" / "social emergency service",
        Outreach => "unità di strada" / "street outreach unit",
        FrontOffice => "sportello d’accoglienza" / "reception desk",
        Hub => "centro servizi" / "service hub",
        NightShelter => "dormitorio" / "night shelter",
        MobileShelter => "unità mobile con posti letto" / "mobile unit with beds",
        HubBeds => "posti letto del centro servizi" / "beds of the service hub",
        FirstReception => "centro di prima accoglienza" / "first reception centre",
        EmergencyFlat => "appartamento d’emergenza" / "emergency flat",
        Temporary => "housing temporaneo" / "temporary housing",
        Threshold1 => "alloggio di prima soglia" / "first-threshold housing",
        Threshold2 => "alloggio di seconda soglia" / "second-threshold housing",
        SecretShelter => "casa rifugio" / "refuge",
        HousingFirst => "Housing First" / "Housing First",
        HousingLed => "Housing Led" / "Housing Led",
        VirtualResidence => "residenza fittizia" / "virtual residence",
        Mail => "fermo posta" / "mail holding",
        AdultDayCentre => "centro diurno per adulti" / "day centre for adults",
        ShowerLaundry => "docce e lavanderia" / "showers and laundry",
        Clothing => "vestiario" / "clothing",
        Luggage => "deposito bagagli" / "luggage storage",
        Store => "emporio solidale" / "solidarity store",
        Canteen => "mensa" / "canteen",
        Parcel => "pacchi viveri" / "food parcels",
        AdministrativeHelp => "disbrigo pratiche" / "help with paperwork",
        Legal => "consulenza legale" / "legal advice",
        Mediation => "mediazione culturale" / "cultural mediation",
        FinancialEducation => "educazione finanziaria" / "financial education",
        Psychology => "sostegno psicologico" / "psychological support",
        HealthDesk => "sportello salute" / "health desk",
        Csm => "centro di salute mentale" / "mental health centre",
        Serd => "servizio per le dipendenze" / "addiction service",
        JobCentre => "centro per l’impiego" / "job centre",
        Training => "formazione professionale" / "vocational training",
        Uvm => "unità di valutazione multidimensionale" / "multidimensional assessment unit",
        HomeCare => "assistenza domiciliare" / "home care",
        ProtectedDischarge => "dimissioni protette" / "protected discharge",
        AntiViolenceCentre => "centro antiviolenza" / "anti-violence centre",
        HomeEducation => "assistenza domiciliare educativa" / "educational home support",
        FamilyCentre => "centro per le famiglie" / "family centre",
        Foster => "affido familiare" / "foster care",
        SupportFamily => "famiglia d’appoggio" / "support family",
        OpenCentre => "centro aperto polivalente" / "open centre",
        MinorsDayCentre => "centro diurno per minori" / "day centre for minors",
        Nursery => "nido" / "nursery",
        SpringSection => "sezione primavera" / "spring section",
        PlaySpace => "spazio gioco" / "play space",
        Pippi => "programma P.I.P.P.I." / "P.I.P.P.I. programme",
        CareLeavers => "care leavers" / "care leavers",
        ResidentialCommunity => "comunità educativa" / "residential community for minors",
        Supervision => "supervisione degli assistenti sociali" / "supervision of social workers",
        HealthGp => "medico di base e iscrizione al SSN" / "family doctor and health registration",
        Hospital => "servizio sociale ospedaliero" / "hospital social service",
        RegistryOffice => "anagrafe" / "registry office",
        Guardianship => "ufficio tutele" / "guardianship office",
        MinorsService => "servizio sociale minori" / "social service for minors",
        JuvenileCourt => "tribunale per i minorenni" / "juvenile court",
    }

    NeedCode {
        Health => "salute" / "health",
        MentalHealth => "salute mentale" / "mental health",
        Addiction => "dipendenze" / "addiction",
        Economic => "reddito" / "income",
        Debt => "debiti" / "debts",
        Work => "lavoro" / "work",
        Training => "formazione" / "training",
        Housing => "casa o posto letto" / "home or bed",
        MaterialFood => "cibo e aiuti materiali" / "food and material help",
        Relational => "relazioni" / "relationships",
        FamilyParenting => "famiglia e genitorialità" / "family and parenting",
        LegalDocuments => "documenti e tutela legale" / "documents and legal protection",
        ResidenceMail => "residenza e posta" / "residence and mail",
        Language => "lingua" / "language",
        ViolenceSafety => "protezione dalla violenza" / "protection from violence",
        DisabilityAutonomy => "disabilità e autonomia" / "disability and autonomy",
        EducationMinor => "istruzione di un minore" / "education of a minor",
    }

    Channel {
        Desk => "allo sportello" / "at the desk",
        Phone => "per telefono" / "by telephone",
        PisLine => "dal numero del pronto intervento" / "by the emergency number",
        Street => "in strada" / "in the street",
        Hub => "al centro servizi" / "at the service hub",
        Email => "per e-mail" / "by e-mail",
        Web => "dal modulo in rete" / "by the form on the web",
        Referral => "con un invio" / "by a referral",
        Police => "dalle forze dell’ordine" / "from the police",
        Hospital => "dall’ospedale" / "from the hospital",
        School => "dalla scuola" / "from the school",
        ThirdSector => "da un ente del terzo settore" / "from a third-sector body",
        Court => "dal tribunale" / "from the court",
        Family => "dalla famiglia" / "from the family",
    }

    IdentityStatus {
        Anonymous => "anonima" / "anonymous",
        Declared => "identità dichiarata" / "declared identity",
        Identified => "identificata" / "identified",
    }

    Gender {
        Female => "donna" / "woman",
        Male => "uomo" / "man",
        Other => "altra risposta" / "other answer",
        Unknown => "non detto" / "not said",
    }

    IdentifierKind {
        Cf => "codice fiscale" / "tax code",
        ProvisionalCf => "codice fiscale provvisorio" / "provisional tax code",
        Stp => "codice STP" / "STP code",
        Eni => "codice ENI" / "ENI code",
        Doc => "documento" / "document",
    }

    Sensitivity {
        Normal => "ordinario" / "ordinary",
        Special => "dati particolari" / "special categories of data",
        Judicial => "atti giudiziari" / "judicial records",
        Sealed => "riservato al servizio" / "sealed to the service",
    }

    DeclinedBy {
        Service => "dal servizio" / "by the service",
        Person => "dalla persona" / "by the person",
    }

    DeclineReason {
        NoCapacity => "nessun posto" / "no capacity",
        OutsideArea => "fuori zona" / "outside the area",
        OutsideTarget => "fuori dai destinatari" / "outside the target group",
        MissingInformation => "mancano informazioni" / "information is missing",
        AlreadyKnown => "già in carico" / "already in charge",
        PersonRefused => "la persona non vuole" / "the person does not want it",
        Unreachable => "persona irreperibile" / "the person cannot be reached",
        WrongService => "servizio non adatto" / "wrong service",
        Safety => "ragioni di sicurezza" / "reasons of safety",
        Duplicate => "invio doppio" / "duplicate referral",
        NoConsent => "manca l’accordo della persona" / "the person’s agreement is missing",
        Other => "altro motivo" / "other reason",
    }

    NextStep {
        ReferElsewhere => "chiedere a un altro servizio" / "ask another service",
        SendInformation => "completare e rimandare" / "complete and send again",
        RetryLater => "riprovare più avanti" / "try again later",
        TalkToPerson => "parlarne con la persona" / "talk to the person",
        DiscussAtMeeting => "portarlo in riunione" / "discuss at a meeting",
        NoneNeeded => "nessun passo necessario" / "no step needed",
    }

    NeedMet {
        Yes => "bisogno risolto" / "need met",
        Partly => "bisogno risolto in parte" / "need met in part",
        No => "bisogno non risolto" / "need not met",
    }

    Urgency {
        Immediate => "oggi stesso" / "today",
        Urgent => "urgente" / "urgent",
        Ordinary => "ordinario" / "ordinary",
    }

    DatasetSection {
        Identity => "identità" / "identity",
        Contacts => "contatti" / "contacts",
        Housing => "situazione abitativa" / "housing situation",
        Needs => "bisogni" / "needs",
        Project => "obiettivi del progetto" / "goals of the project",
        Household => "nucleo familiare" / "household",
        Health => "salute" / "health",
        Labour => "lavoro e formazione" / "work and training",
    }

    Destination {
        OwnRent => "casa in affitto" / "rented home",
        SocialHousing => "casa popolare" / "social housing",
        HfPermanent => "casa stabile con Housing First" / "permanent home with Housing First",
        BackToFamily => "rientro in famiglia" / "back to the family",
        Hosted => "ospite di qualcuno" / "hosted by somebody",
        StepUp => "soglia di maggiore autonomia" / "step up to more autonomy",
        StepDown => "soglia di maggiore sostegno" / "step down to more support",
        ResidentialHealth => "struttura sanitaria" / "residential health care",
        TherapeuticCommunity => "comunità terapeutica" / "therapeutic community",
        Prison => "carcere" / "prison",
        OtherCity => "altra città" / "other city",
        Repatriation => "rientro nel paese d’origine" / "return to the country of origin",
        Street => "strada" / "street",
        Unknown => "non conosciuta" / "not known",
        Deceased => "decesso" / "deceased",
    }

    Profession {
        SocialWorker => "assistente sociale" / "social worker",
        Educator => "educatore professionale" / "educator",
        Psychologist => "psicologo" / "psychologist",
        Tutor => "tutor" / "tutor",
        SocialHealthOperator => "operatore socio-sanitario" / "social health worker",
        Mediator => "mediatore interculturale" / "intercultural mediator",
        Lawyer => "avvocato" / "lawyer",
        FinancialEducator => "educatore finanziario" / "financial educator",
        Clerk => "amministrativo" / "clerk",
        Physician => "medico" / "physician",
        Nurse => "infermiere" / "nurse",
        Volunteer => "volontario" / "volunteer",
        Other => "altra professione" / "other profession",
    }

    Contract {
        Permanent => "tempo indeterminato" / "permanent",
        FixedTerm => "tempo determinato" / "fixed term",
        External => "collaborazione o appalto" / "external contract",
        Voluntary => "volontariato" / "voluntary",
    }

    Role {
        InfoDesk => "Segretariato sociale" / "Information desk",
        OutreachWorker => "Unità di strada" / "Street outreach",
        EmergencyWorker => "Pronto intervento sociale" / "Social emergency service",
        CaseManager => "Case manager" / "Case manager",
        FacilityOperator => "Struttura d’accoglienza" / "Reception facility",
        Volunteer => "Banco alimentare" / "Food desk",
        CsmOperator => "Centro di salute mentale" / "Mental health centre",
        SerdOperator => "Servizio per le dipendenze" / "Addiction service",
        LabourOperator => "Servizi per il lavoro" / "Labour services",
        MinorsWorker => "Servizio sociale minori" / "Social service for minors",
        HubProfessional => "Professionista del centro servizi" / "Professional of the hub",
        RegistryClerk => "Anagrafe" / "Registry office",
        PlanOffice => "Ufficio di piano" / "Plan office",
        SteeringBoard => "Cabina di regia" / "Steering board",
        Auditor => "Protezione dei dati" / "Data protection",
        Administrator => "Amministrazione del sistema" / "System administration",
        ExternalSystem => "Sistema esterno" / "External system",
        HealthDistrictOperator => "Distretto socio-sanitario" / "Health district",
        MailOperator => "Fermo posta" / "Mail holding",
        Guardian => "Tutore" / "Guardian",
        CourtOperator => "Tribunale per i minorenni" / "Juvenile court",
    }

    Section {
        Identity => "identità" / "identity",
        Contact => "recapiti" / "contact details",
        Address => "indirizzo" / "address",
        SecretAddress => "indirizzo segreto" / "secret address",
        Alias => "soprannome" / "alias",
        Language => "lingua" / "language",
        Requests => "richieste aperte" / "open requests",
        Path => "percorso" / "path",
        Needs => "bisogni" / "needs",
        Safety => "avvisi di sicurezza" / "safety notices",
        Housing => "alloggio" / "housing",
        Mail => "residenza e posta" / "residence and mail",
        Food => "tessera e pacchi" / "card and parcels",
        Labour => "lavoro" / "work",
        Project => "progetto personale" / "personal project",
        Means => "situazione economica" / "means",
        Diary => "diario sociale" / "social diary",
        PrivateNotes => "note riservate" / "private notes",
        Health => "salute" / "health",
        CarePlan => "piano di assistenza" / "care plan",
        Csm => "salute mentale" / "mental health",
        Addiction => "dipendenze" / "addiction",
        Minors => "minori" / "minors",
        Court => "atti del tribunale" / "court records",
        Status => "soggiorno" / "residence status",
        Reporter => "chi ha segnalato" / "who reported",
    }

    IdentityField {
        FamilyName => "cognome" / "family name",
        GivenName => "nome" / "given name",
        Alias => "soprannome" / "alias",
        BirthDate => "data di nascita" / "date of birth",
        BirthPlace => "luogo di nascita" / "place of birth",
        Sex => "sesso all’anagrafe" / "sex as registered",
        TaxCode => "codice fiscale" / "tax code",
        ProvisionalTaxCode => "codice fiscale provvisorio" / "provisional tax code",
        Stp => "codice STP" / "STP code",
        Eni => "codice ENI" / "ENI code",
        Document => "documento" / "document",
        Phone => "telefono" / "telephone",
        Email => "posta elettronica" / "e-mail",
        Address => "indirizzo" / "address",
        ProtectedAddress => "indirizzo protetto" / "protected address",
        Status => "soggiorno" / "residence status",
        Note => "nota" / "note",
        PrivateNote => "nota riservata" / "private note",
    }

    FactSource {
        Declared => "dichiarato" / "declared",
        Document => "da documento" / "from a document",
        Registry => "dall’anagrafe" / "from the registry",
        Service => "da un altro servizio" / "from another service",
        Observed => "osservato" / "observed",
    }

    Purpose {
        Care => "aiuto alla persona" / "care",
        Emergency => "emergenza" / "emergency",
        Planning => "programmazione" / "planning",
        Audit => "controllo" / "audit",
        Administration => "gestione della piattaforma" / "administration of the platform",
    }

    OrganisationKind {
        Municipality => "Comune" / "municipality",
        Ats => "ambito territoriale sociale" / "territorial social area",
        MetroCity => "Città metropolitana" / "metropolitan city",
        ThirdSector => "ente del terzo settore" / "third-sector body",
        HealthAuthority => "azienda sanitaria" / "health authority",
        Labour => "servizi per il lavoro" / "labour services",
        OtherPublic => "altro ente pubblico" / "other public body",
    }
}

/// Words for an ETHOS situation as it stands in events (`1.1`); `None` for what is not one.
pub fn ethos_in(language: Language, situation: &str) -> Option<&'static str> {
    ethos_phrase(situation).map(|phrase| phrase.said(language))
}

pub(super) fn ethos_phrase(situation: &str) -> Option<Phrase> {
    let words = match situation {
        "1.1" => {
            say("in strada o in sistemazioni di fortuna", "in the street or in makeshift places")
        }
        "2.1" => say("in dormitorio", "in a night shelter"),
        "3.1" => say("in un centro per persone senza dimora", "in a centre for homeless people"),
        "3.2" => say("in un alloggio temporaneo", "in temporary housing"),
        "3.3" => {
            say("in un alloggio di transizione con sostegno", "in supported transitional housing")
        }
        "4.1" => say("in accoglienza protetta", "in protected accommodation"),
        "5.1" => {
            say("in un centro d’accoglienza per migranti", "in a reception centre for migrants")
        }
        "5.2" => say("in un alloggio per lavoratori migranti", "in housing for migrant workers"),
        "6.1" => say("in uscita dal carcere", "leaving prison"),
        "6.2" => say("in uscita da una struttura di cura", "leaving a care facility"),
        "6.3" => say("in uscita da una comunità per minori", "leaving a home for minors"),
        "7.1" => {
            say("in residenza per anziani senza dimora", "in a home for older homeless people")
        }
        "7.2" => say("in casa con accompagnamento", "housed with support"),
        "8.1" => say("ospite di familiari o amici", "staying with family or friends"),
        "8.2" => say("in casa senza contratto", "housed without a contract"),
        "8.3" => say("in un’occupazione senza titolo", "occupying without title"),
        "9.1" => say("sotto sfratto", "under eviction"),
        "9.2" => say("in una casa pignorata", "in a repossessed home"),
        "10.1" => say("in casa sotto minaccia di violenza", "at home under threat of violence"),
        "11.1" => say("in roulotte o camper", "in a caravan or camper"),
        "11.2" => say("in un edificio non abitabile", "in a non-residential building"),
        "11.3" => say("in una struttura provvisoria", "in a temporary structure"),
        "12.1" => say("in una casa inabitabile", "in an unfit home"),
        "13.1" => say("in una casa sovraffollata", "in an overcrowded home"),
        _ => return None,
    };
    Some(words)
}
