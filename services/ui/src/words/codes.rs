//! Italian words for every code that several contexts share.

use trama_events::codes::{
    Channel, Contract, DatasetSection, DeclineReason, DeclinedBy, Destination, FactSource, Gender,
    IdentifierKind, IdentityField, IdentityStatus, NeedCode, NeedMet, NextStep, OrganisationKind,
    Profession, Purpose, Role, Section, Sensitivity, ServiceType, Urgency,
};

use super::words;

words! {
    ServiceType {
        InfoDesk => "segretariato sociale",
        ProfessionalSocialService => "servizio sociale professionale",
        Pua => "punto unico d’accesso",
        Pis => "pronto intervento sociale",
        Outreach => "unità di strada",
        FrontOffice => "sportello d’accoglienza",
        Hub => "centro servizi",
        NightShelter => "dormitorio",
        MobileShelter => "unità mobile con posti letto",
        HubBeds => "posti letto del centro servizi",
        FirstReception => "centro di prima accoglienza",
        EmergencyFlat => "appartamento d’emergenza",
        Temporary => "housing temporaneo",
        Threshold1 => "alloggio di prima soglia",
        Threshold2 => "alloggio di seconda soglia",
        SecretShelter => "casa rifugio",
        HousingFirst => "Housing First",
        HousingLed => "Housing Led",
        VirtualResidence => "residenza fittizia",
        Mail => "fermo posta",
        AdultDayCentre => "centro diurno per adulti",
        ShowerLaundry => "docce e lavanderia",
        Clothing => "vestiario",
        Luggage => "deposito bagagli",
        Store => "emporio solidale",
        Canteen => "mensa",
        Parcel => "pacchi viveri",
        AdministrativeHelp => "disbrigo pratiche",
        Legal => "consulenza legale",
        Mediation => "mediazione culturale",
        FinancialEducation => "educazione finanziaria",
        Psychology => "sostegno psicologico",
        HealthDesk => "sportello salute",
        Csm => "centro di salute mentale",
        Serd => "servizio per le dipendenze",
        JobCentre => "centro per l’impiego",
        Training => "formazione professionale",
        Uvm => "unità di valutazione multidimensionale",
        HomeCare => "assistenza domiciliare",
        ProtectedDischarge => "dimissioni protette",
        AntiViolenceCentre => "centro antiviolenza",
        HomeEducation => "assistenza domiciliare educativa",
        FamilyCentre => "centro per le famiglie",
        Foster => "affido familiare",
        SupportFamily => "famiglia d’appoggio",
        OpenCentre => "centro aperto polivalente",
        MinorsDayCentre => "centro diurno per minori",
        Nursery => "nido",
        SpringSection => "sezione primavera",
        PlaySpace => "spazio gioco",
        Pippi => "programma P.I.P.P.I.",
        CareLeavers => "care leavers",
        ResidentialCommunity => "comunità educativa",
        Supervision => "supervisione degli assistenti sociali",
        HealthGp => "medico di base e iscrizione al SSN",
        Hospital => "servizio sociale ospedaliero",
        RegistryOffice => "anagrafe",
        Guardianship => "ufficio tutele",
        MinorsService => "servizio sociale minori",
        JuvenileCourt => "tribunale per i minorenni",
    }

    NeedCode {
        Health => "salute",
        MentalHealth => "salute mentale",
        Addiction => "dipendenze",
        Economic => "reddito",
        Debt => "debiti",
        Work => "lavoro",
        Training => "formazione",
        Housing => "casa o posto letto",
        MaterialFood => "cibo e aiuti materiali",
        Relational => "relazioni",
        FamilyParenting => "famiglia e genitorialità",
        LegalDocuments => "documenti e tutela legale",
        ResidenceMail => "residenza e posta",
        Language => "lingua",
        ViolenceSafety => "protezione dalla violenza",
        DisabilityAutonomy => "disabilità e autonomia",
        EducationMinor => "istruzione di un minore",
    }

    Channel {
        Desk => "allo sportello",
        Phone => "per telefono",
        PisLine => "dal numero del pronto intervento",
        Street => "in strada",
        Hub => "al centro servizi",
        Email => "per e-mail",
        Web => "dal modulo in rete",
        Referral => "con un invio",
        Police => "dalle forze dell’ordine",
        Hospital => "dall’ospedale",
        School => "dalla scuola",
        ThirdSector => "da un ente del terzo settore",
        Court => "dal tribunale",
        Family => "dalla famiglia",
    }

    IdentityStatus {
        Anonymous => "anonima",
        Declared => "identità dichiarata",
        Identified => "identificata",
    }

    Gender {
        Female => "donna",
        Male => "uomo",
        Other => "altra risposta",
        Unknown => "non detto",
    }

    IdentifierKind {
        Cf => "codice fiscale",
        ProvisionalCf => "codice fiscale provvisorio",
        Stp => "codice STP",
        Eni => "codice ENI",
        Doc => "documento",
    }

    Sensitivity {
        Normal => "ordinario",
        Special => "dati particolari",
        Judicial => "atti giudiziari",
        Sealed => "riservato al servizio",
    }

    DeclinedBy {
        Service => "dal servizio",
        Person => "dalla persona",
    }

    DeclineReason {
        NoCapacity => "nessun posto",
        OutsideArea => "fuori zona",
        OutsideTarget => "fuori dai destinatari",
        MissingInformation => "mancano informazioni",
        AlreadyKnown => "già in carico",
        PersonRefused => "la persona non vuole",
        Unreachable => "persona irreperibile",
        WrongService => "servizio non adatto",
        Safety => "ragioni di sicurezza",
        Duplicate => "invio doppio",
        NoConsent => "manca l’accordo della persona",
        Other => "altro motivo",
    }

    NextStep {
        ReferElsewhere => "chiedere a un altro servizio",
        SendInformation => "completare e rimandare",
        RetryLater => "riprovare più avanti",
        TalkToPerson => "parlarne con la persona",
        DiscussAtMeeting => "portarlo in riunione",
        NoneNeeded => "nessun passo necessario",
    }

    NeedMet {
        Yes => "bisogno risolto",
        Partly => "bisogno risolto in parte",
        No => "bisogno non risolto",
    }

    Urgency {
        Immediate => "oggi stesso",
        Urgent => "urgente",
        Ordinary => "ordinario",
    }

    DatasetSection {
        Identity => "identità",
        Contacts => "contatti",
        Housing => "situazione abitativa",
        Needs => "bisogni",
        Project => "obiettivi del progetto",
        Household => "nucleo familiare",
        Health => "salute",
        Labour => "lavoro e formazione",
    }

    Destination {
        OwnRent => "casa in affitto",
        SocialHousing => "casa popolare",
        HfPermanent => "casa stabile con Housing First",
        BackToFamily => "rientro in famiglia",
        Hosted => "ospite di qualcuno",
        StepUp => "soglia di maggiore autonomia",
        StepDown => "soglia di maggiore sostegno",
        ResidentialHealth => "struttura sanitaria",
        TherapeuticCommunity => "comunità terapeutica",
        Prison => "carcere",
        OtherCity => "altra città",
        Repatriation => "rientro nel paese d’origine",
        Street => "strada",
        Unknown => "non conosciuta",
        Deceased => "decesso",
    }

    Profession {
        SocialWorker => "assistente sociale",
        Educator => "educatore professionale",
        Psychologist => "psicologo",
        Tutor => "tutor",
        SocialHealthOperator => "operatore socio-sanitario",
        Mediator => "mediatore interculturale",
        Lawyer => "avvocato",
        FinancialEducator => "educatore finanziario",
        Clerk => "amministrativo",
        Physician => "medico",
        Nurse => "infermiere",
        Volunteer => "volontario",
        Other => "altra professione",
    }

    Contract {
        Permanent => "tempo indeterminato",
        FixedTerm => "tempo determinato",
        External => "collaborazione o appalto",
        Voluntary => "volontariato",
    }

    Role {
        InfoDesk => "Segretariato sociale",
        OutreachWorker => "Unità di strada",
        EmergencyWorker => "Pronto intervento sociale",
        CaseManager => "Case manager",
        FacilityOperator => "Struttura d’accoglienza",
        Volunteer => "Banco alimentare",
        CsmOperator => "Centro di salute mentale",
        SerdOperator => "Servizio per le dipendenze",
        LabourOperator => "Servizi per il lavoro",
        MinorsWorker => "Servizio sociale minori",
        HubProfessional => "Professionista del centro servizi",
        RegistryClerk => "Anagrafe",
        PlanOffice => "Ufficio di piano",
        SteeringBoard => "Cabina di regia",
        Auditor => "Protezione dei dati",
        Administrator => "Amministrazione del sistema",
        ExternalSystem => "Sistema esterno",
        HealthDistrictOperator => "Distretto socio-sanitario",
        MailOperator => "Fermo posta",
        Guardian => "Tutore",
        CourtOperator => "Tribunale per i minorenni",
    }

    Section {
        Identity => "identità",
        Contact => "recapiti",
        Address => "indirizzo",
        SecretAddress => "indirizzo segreto",
        Alias => "soprannome",
        Language => "lingua",
        Requests => "richieste aperte",
        Path => "percorso",
        Needs => "bisogni",
        Safety => "avvisi di sicurezza",
        Housing => "alloggio",
        Mail => "residenza e posta",
        Food => "tessera e pacchi",
        Labour => "lavoro",
        Project => "progetto personale",
        Means => "situazione economica",
        Diary => "diario sociale",
        PrivateNotes => "note riservate",
        Health => "salute",
        CarePlan => "piano di assistenza",
        Csm => "salute mentale",
        Addiction => "dipendenze",
        Minors => "minori",
        Court => "atti del tribunale",
        Status => "soggiorno",
        Reporter => "chi ha segnalato",
    }

    IdentityField {
        FamilyName => "cognome",
        GivenName => "nome",
        Alias => "soprannome",
        BirthDate => "data di nascita",
        BirthPlace => "luogo di nascita",
        Sex => "sesso all’anagrafe",
        TaxCode => "codice fiscale",
        ProvisionalTaxCode => "codice fiscale provvisorio",
        Stp => "codice STP",
        Eni => "codice ENI",
        Document => "documento",
        Phone => "telefono",
        Email => "posta elettronica",
        Address => "indirizzo",
        ProtectedAddress => "indirizzo protetto",
        Status => "soggiorno",
        Note => "nota",
        PrivateNote => "nota riservata",
    }

    FactSource {
        Declared => "dichiarato",
        Document => "da documento",
        Registry => "dall’anagrafe",
        Service => "da un altro servizio",
        Observed => "osservato",
    }

    Purpose {
        Care => "aiuto alla persona",
        Emergency => "emergenza",
        Planning => "programmazione",
        Audit => "controllo",
        Administration => "gestione della piattaforma",
    }

    OrganisationKind {
        Municipality => "Comune",
        Ats => "ambito territoriale sociale",
        MetroCity => "Città metropolitana",
        ThirdSector => "ente del terzo settore",
        HealthAuthority => "azienda sanitaria",
        Labour => "servizi per il lavoro",
        OtherPublic => "altro ente pubblico",
    }
}

/// Words for an ETHOS situation as it stands in events (`1.1`); `None` for what is not one.
pub fn ethos(situation: &str) -> Option<&'static str> {
    let words = match situation {
        "1.1" => "in strada o in sistemazioni di fortuna",
        "2.1" => "in dormitorio",
        "3.1" => "in un centro per persone senza dimora",
        "3.2" => "in un alloggio temporaneo",
        "3.3" => "in un alloggio di transizione con sostegno",
        "4.1" => "in accoglienza protetta",
        "5.1" => "in un centro d’accoglienza per migranti",
        "5.2" => "in un alloggio per lavoratori migranti",
        "6.1" => "in uscita dal carcere",
        "6.2" => "in uscita da una struttura di cura",
        "6.3" => "in uscita da una comunità per minori",
        "7.1" => "in residenza per anziani senza dimora",
        "7.2" => "in casa con accompagnamento",
        "8.1" => "ospite di familiari o amici",
        "8.2" => "in casa senza contratto",
        "8.3" => "in un’occupazione senza titolo",
        "9.1" => "sotto sfratto",
        "9.2" => "in una casa pignorata",
        "10.1" => "in casa sotto minaccia di violenza",
        "11.1" => "in roulotte o camper",
        "11.2" => "in un edificio non abitabile",
        "11.3" => "in una struttura provvisoria",
        "12.1" => "in una casa inabitabile",
        "13.1" => "in una casa sovraffollata",
        _ => return None,
    };
    Some(words)
}
