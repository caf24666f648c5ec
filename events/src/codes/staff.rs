//! Who acts, employed how, in which role and for which purpose.

super::codes! {
    /// Professions of staff.
    Profession {
        /// Assistente sociale.
        SocialWorker,
        /// Educatore professionale.
        Educator,
        /// Psicologo.
        Psychologist,
        /// Tutor.
        Tutor,
        /// Operatore socio-sanitario.
        SocialHealthOperator,
        /// Mediatore interculturale.
        Mediator,
        /// Avvocato.
        Lawyer,
        /// Educatore finanziario.
        FinancialEducator,
        /// Amministrativo.
        Clerk,
        /// Medico.
        Physician,
        /// Infermiere.
        Nurse,
        /// Volontario.
        Volunteer,
        /// Another profession.
        Other,
    }

    /// How staff are employed. Only permanent staff count for the essential level.
    Contract {
        /// A tempo indeterminato.
        Permanent,
        /// A tempo determinato.
        FixedTerm,
        /// Collaboration or service contract.
        External,
        /// Unpaid.
        Voluntary,
    }

    /// In which role somebody acts (domain §6).
    Role {
        /// Segretariato sociale, front office, PUA desk.
        InfoDesk,
        /// Outreach unit.
        OutreachWorker,
        /// Emergency service.
        EmergencyWorker,
        /// Case manager or member of a case team.
        CaseManager,
        /// Operator of a housing facility.
        FacilityOperator,
        /// Volunteer of a store or canteen.
        Volunteer,
        /// Operator of a mental-health centre.
        CsmOperator,
        /// Operator of an addiction service.
        SerdOperator,
        /// Operator of the labour services.
        LabourOperator,
        /// Social service for minors.
        MinorsWorker,
        /// Hub lawyer, mediator, psychologist: sessions and referral dataset.
        HubProfessional,
        /// Registry office.
        RegistryClerk,
        /// Plan office.
        PlanOffice,
        /// Steering board, task force, region: aggregates only.
        SteeringBoard,
        /// Data protection officer or auditor.
        Auditor,
        /// Keeps the directory and the machine; no person's data.
        Administrator,
        /// Another system of an entitled body, reading the event feed.
        ExternalSystem,
        /// Health district: its desk of the PUA, its members of the UVM.
        HealthDistrictOperator,
        /// Mail desk of a hub.
        MailOperator,
        /// Guardian whom a court appointed: sees her own wards.
        Guardian,
        /// Juvenile court: the desk of its sealed log.
        CourtOperator,
    }

    /// For which purpose somebody acts or looks.
    Purpose {
        /// Help for this person.
        Care,
        /// An emergency.
        Emergency,
        /// Planning and monitoring.
        Planning,
        /// Control and audit.
        Audit,
        /// Running the platform.
        Administration,
    }
}
